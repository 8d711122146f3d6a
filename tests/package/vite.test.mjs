// The installed package in a page that Vite bundles, without any setting or plugin.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import test from "node:test";
import { build } from "vite";
import { filesBelow } from "../../scripts/exec.mjs";
import { serve } from "../../scripts/serve.mjs";
import { launch } from "../browser/launch.mjs";
import { FACTS, useSetoff } from "./program.mjs";
import { project } from "./project.mjs";

/** Bundles a page with that script and answers the folder, and its files without folders and hashes in their names. */
async function bundle(t, script) {
  const dir = await project(t, {
    "index.html":
      '<!doctype html><html lang="en"><title>A page</title><script type="module" src="/main.js"></script></html>',
    "main.js": script,
    "public/favicon.ico": "",
  });
  await build({ root: dir, configFile: false, logLevel: "warn" });
  const dist = join(dir, "dist");
  const files = Object.fromEntries(
    filesBelow(dist).map((file) => [
      basename(file).replace(/-.{8}(\..*)$/, "$1"),
      readFileSync(file),
    ]),
  );
  return { dist, files };
}

test("a page bundled by Vite runs, with one module file", async (t) => {
  const { dist, files } = await bundle(
    t,
    `import * as setoff from "setoff";
     ${useSetoff}
     globalThis.facts = useSetoff(setoff);`,
  );
  assert.deepEqual(Object.keys(files), ["index.js", "setoff_bg.wasm", "favicon.ico", "index.html"]);

  const server = await serve({ port: 0, folders: { "/": dist } });
  t.after(server.close);
  const browser = await launch();
  t.after(() => browser.close());
  const tab = await browser.newPage();
  const complaints = [];
  tab.on("console", (message) => complaints.push(message.text()));
  tab.on("pageerror", (error) => complaints.push(String(error)));
  await tab.goto(server.url);
  const facts = await tab.evaluate(() => globalThis.facts);
  const here = await useSetoff(await import("../../pkg/node.mjs"));
  assert.deepEqual(facts, { ...FACTS, hash: here.hash });
  assert.deepEqual(complaints, []);
});

test("a page that imports the package but does not use it has none of its code", async (t) => {
  const { files } = await bundle(t, 'import { Book } from "setoff"; document.title = "no book";');
  assert.doesNotMatch(files["index.js"].toString(), /Book|WebAssembly/);
});
