// The first script of the page. It imports nothing before it runs, so it can say what could not be loaded.

/** Says that the page is not to be relied on any more, and why. */
function fail(message) {
  const failure = document.getElementById("failure");
  failure.textContent = message;
  failure.hidden = false;
  document.getElementById("loading").hidden = true;
}

// What nobody expected, in an event or later: better said than left to a console that no customer looks at.
addEventListener("error", ({ message }) =>
  fail(`The page has failed; load it again. (${message})`),
);
addEventListener("unhandledrejection", ({ reason }) =>
  fail(`The page has failed; load it again. (${reason?.message ?? reason})`),
);

const app = await import("./app.js").catch((error) =>
  fail(`A part of the page could not be loaded; load it again. (${error.message})`),
);
await app?.start().catch((error) => fail(error.message));
