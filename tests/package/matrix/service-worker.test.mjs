// The installed package in a service worker and in a module worker of a page that nothing has bundled.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { serve } from "../../../scripts/serve.mjs";
import { projectsDir } from "../../../scripts/smoke.mjs";
import { useSetoff } from "../program.mjs";
import { factsHere, factsOf, page, toolProject } from "../project.mjs";

const FILES = {
  "service.html": page("/service-page.js"),
  "service-page.js": `
    globalThis.facts = (async () => {
      await navigator.serviceWorker.register("/service.js", { type: "module" });
      await navigator.serviceWorker.ready;
      if (!navigator.serviceWorker.controller)
        await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
      return (await fetch("/facts")).json();
    })();`,
  "service.js": `
    import * as setoff from "/setoff/setoff.js";
    ${useSetoff}
    addEventListener("install", (event) => event.waitUntil(setoff.init().then(() => skipWaiting())));
    addEventListener("activate", (event) => event.waitUntil(clients.claim()));
    addEventListener("fetch", (event) => {
      if (new URL(event.request.url).pathname === "/facts")
        event.respondWith(useSetoff(setoff).then((facts) => Response.json(facts)));
    });`,
  "worker.html": page("/worker-page.js"),
  "worker-page.js": `
    const worker = new Worker("/worker.js", { type: "module" });
    globalThis.facts = new Promise((resolve) => worker.addEventListener("message", ({ data }) => resolve(data)));`,
  "worker.js": `
    import * as setoff from "/setoff/setoff.js";
    ${useSetoff}
    useSetoff(setoff).then(postMessage);`,
};

test("a page without a bundler", async (t) => {
  const dir = await toolProject("workers", FILES);
  const installed = join(projectsDir, "node_modules", "setoff");
  const { url, close } = await serve({ port: 0, folders: { "/": dir, "/setoff/": installed } });
  t.after(close);
  await t.test("a service worker", async (t) => {
    assert.deepEqual(await factsOf(t, new URL("service.html", url).href), await factsHere());
  });
  await t.test("a module worker", async (t) => {
    assert.deepEqual(await factsOf(t, new URL("worker.html", url).href), await factsHere());
  });
});
