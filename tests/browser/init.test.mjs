// Loading the engine in a browser: from where, how often, and what there is before.
import { expect, test as base } from "./fixtures.mjs";

/** What an error says, in a form that can leave the page. */
const facts = `({ name, code, path, message, details, cause }) =>
  ({ name, code, path, message, details, cause: cause && String(cause) })`;

const test = base.extend({
  /** The addresses of the modules that were fetched. */
  fetched: async ({ page }, use) => {
    const fetched = [];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.endsWith(".wasm")) fetched.push(pathname);
    });
    await use(fetched);
  },

  /** Runs code in a page, with the package as `setoff`, and with `factsOf(work)` for what `work` throws. */
  inPage: async ({ page }, use) => {
    await page.goto("pkg/package.json"); // Any document of the site will do.
    await use((code) =>
      page.evaluate(`(async () => {
        const setoff = await import("/pkg/setoff.js");
        const factsOf = async (work) => {
          try { await work() } catch (error) { return setoff.isSetoffError(error) ? (${facts})(error) : String(error) }
          return "nothing was thrown";
        };
        ${code}
      })()`),
    );
  },
});

test("before init, nothing can be done, and that is said", async ({ inPage }) => {
  const [made, restored, later] = await inPage(`
    return [
      await factsOf(() => new setoff.Book({ currency: "USD" })),
      await factsOf(() => setoff.Book.restore(new Uint8Array(20))),
      await setoff.init().then(() => new setoff.Book({ currency: "USD" }).version),
    ];`);
  for (const error of [made, restored]) {
    expect([error.name, error.code, error.path]).toEqual(["SetoffError", "notInitialized", ""]);
    expect(error.details).toEqual({
      sentence: "The engine is not ready. Call `await init()` first.",
      reason: "engineNotReady",
      figures: {},
    });
  }
  expect(later).toBe(0);
});

test("an init that fails says why, and a later one may succeed", async ({ inPage, complaints }) => {
  const bad = [
    '"/missing.wasm"',
    'new URL("/missing.wasm", location)',
    "new Uint8Array(8)",
    'fetch("/missing.wasm")',
  ];
  for (const source of [...bad, 'fetch("/pkg/package.json")', '"http://127.0.0.1:1/x.wasm"']) {
    const error = await inPage(`return factsOf(() => setoff.init(${source}));`);
    expect([error.name, error.code, error.path], source).toEqual([
      "SetoffError",
      "notInitialized",
      "",
    ]);
    expect(error.details.reason).toBe("moduleNotLoaded");
    expect(error.details.figures, "what the runtime says").toEqual({ cause: error.cause });
    const made = await inPage('return factsOf(() => new setoff.Book({ currency: "USD" }));');
    expect(made.code, source).toBe("notInitialized");
  }
  complaints.length = 0; // The browser names what could not be fetched, as it should.
  expect(
    await inPage('await setoff.init(); return new setoff.Book({ currency: "USD" }).version;'),
  ).toBe(0);
});

test("init loads the engine once, however often it is called", async ({ fetched, inPage }) => {
  const same = await inPage(`
    await Promise.all([setoff.init(), setoff.init(), setoff.init("/missing.wasm")]);
    const book = new setoff.Book({ currency: "USD" });
    await setoff.init();
    await setoff.init("/missing.wasm");
    return [book.version, await setoff.init()];`);
  expect(same).toEqual([0, undefined]);
  expect(fetched).toEqual(["/pkg/setoff_bg.wasm"]);
});

test("init takes the module in every form", async ({ page, inPage }) => {
  const wasm = "/pkg/setoff_bg.wasm";
  for (const source of [
    `"${wasm}"`,
    `new URL("${wasm}", location)`,
    `fetch("${wasm}")`,
    `await fetch("${wasm}")`,
    `await (await fetch("${wasm}")).arrayBuffer()`,
    `new Uint8Array(await (await fetch("${wasm}")).arrayBuffer())`,
    `await WebAssembly.compileStreaming(fetch("${wasm}"))`,
  ]) {
    await page.reload();
    const version = await inPage(
      `await setoff.init(${source}); return new setoff.Book({ currency: "USD" }).version;`,
    );
    expect(version, source).toBe(0);
  }
});
