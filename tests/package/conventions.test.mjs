// What people expect of a package with a WebAssembly module: the table of `docs/internals/conventions.md`, and the
// tests of those rows that no other file has.
import assert from "node:assert/strict";
import { copyFileSync, createReadStream, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { packageDir, sizes } from "../../scripts/build.mjs";
import { root } from "../../scripts/exec.mjs";
import { serve } from "../../scripts/serve.mjs";
import { projectsDir } from "../../scripts/smoke.mjs";
import { launch } from "../browser/launch.mjs";
import { useSetoff } from "./program.mjs";
import { factsHere, factsOfFolder, page, toolProject } from "./project.mjs";

const textOf = (path) => readFileSync(join(root, path), "utf8");
const packed = (name) => readFileSync(join(packageDir, name), "utf8");
const manifest = JSON.parse(packed("package.json"));
const TYPES = ["index.d.ts", "proration.d.ts", "rest.d.ts", "host.d.ts", "inline.d.ts"];

test("each row of the table has tests, and each of them is there", () => {
  const rows = textOf("docs/internals/conventions.md")
    .split("\n")
    .filter((line) => /^\| (?!expectation)/.test(line));
  assert.equal(rows.length, 22);
  for (const row of rows) {
    const named = [...row.matchAll(/`(tests\/[\w./-]+)` "([^"]+)"/g)];
    assert.ok(named.length > 0, row);
    for (const [, file, title] of named) {
      const text = textOf(file);
      const isThere = [title, title.replaceAll("`", "\\`")].some((title) => text.includes(title));
      assert.ok(isThere, `${file} has no test "${title}"`);
    }
  }
});

test("the manifest has each entry in the order that tools read", () => {
  const { exports, sideEffects, engines } = manifest;
  assert.equal(exports["./package.json"], "./package.json");
  for (const name of ["setoff", "proration", "rest"])
    assert.equal(exports[`./${name}_bg.wasm`].default, `./${name}_bg.wasm`);
  assert.equal(sideEffects, false);
  assert.equal(engines.node, ">=20");

  const check = (conditions, isRequired, path) => {
    if (typeof conditions === "string") return;
    const names = Object.keys(conditions);
    if (names.includes("types")) {
      assert.equal(names[0], "types", path);
      // Types of an ES module and of CommonJS are told apart by their extension.
      if (isRequired) assert.match(conditions.types, /\.d\.cts$/, path);
      else assert.match(conditions.types, /\.d\.ts$/, path);
    }
    if (names.includes("default")) assert.equal(names.at(-1), "default", path);
    for (const name of names)
      check(conditions[name], isRequired || name === "require", `${path} ${name}`);
  };
  for (const [path, conditions] of Object.entries(exports)) check(conditions, false, path);
});

test("the types have no `any`, and nothing of the glue", () => {
  for (const name of TYPES) {
    const types = packed(name).replace(/\/\*\*.*?\*\/|\/\/.*$/gms, "");
    assert.doesNotMatch(types, /\bany\b|wbg|InitOutput|InitInput|memory:/, name);
  }
});

test("the sizes in the README are those of the package", () => {
  const rows = textOf("README.md").matchAll(
    /^\| `setoff(?:\/(\w+))?` \| ([\d.]+) \| (\d+) \| (\d+) \|/gm,
  );
  const stated = new Map(
    [...rows].map(([, name = "setoff", ...cells]) => [name, cells.map(Number)]),
  );
  assert.deepEqual([...stated.keys()], ["setoff", "proration", "rest"]);
  const all = sizes(); // compresses every file, which takes seconds
  for (const [entry, cells] of stated) {
    const files = all.filter(({ name }) => [`${entry}_bg.wasm`, `${entry}.js`].includes(name));
    const sum = (field) => files.reduce((sum, file) => sum + file[field], 0);
    for (const [place, field] of ["raw", "gzip", "brotli"].entries()) {
      const actual = sum(field) / 1024;
      const isRight = Math.abs(cells[place] - actual) <= Math.max(1, actual / 100);
      assert.ok(isRight, `${entry}, ${field}: README says ${cells[place]} KiB, it is ${actual}`);
    }
  }
});

test("the stack of a refusal names the functions of the package", async () => {
  const { Book } = await import("../../pkg/node.mjs");
  const book = new Book({ currency: "USD" });
  const refused = () => book.execute({ type: "postInvoice", at: "2026-03-02", invoiceId: "I" });
  assert.throws(refused, ({ stack }) => /Book\.execute.*\n.*refused/.test(stack));
});

test("the workflow publishes with provenance and without a token", () => {
  const workflow = textOf(".github/workflows/release.yml");
  assert.match(workflow, /^permissions: \{\}$/m);
  assert.match(workflow, /^ {6}id-token: write$/m);
  assert.match(workflow, /npm publish \S+\.tgz --provenance/);
  assert.doesNotMatch(workflow, /NODE_AUTH_TOKEN|NPM_TOKEN|secrets\./);
  // What is published is the tarball of the job that tested it.
  for (const command of ["npm test", "npm run smoke", "npm run reproduce", "npm run release"])
    assert.ok(workflow.includes(`run: ${command}\n`), command);
});

test("the workflow pins each action by its commit, and says which version that is", () => {
  const workflow = textOf(".github/workflows/release.yml");
  const actions = workflow.match(/uses: .+/g);
  assert.ok(actions.length >= 4);
  for (const action of actions)
    assert.match(action, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test("the README has what a reader looks for, in this order", () => {
  const readme = textOf("README.md");
  const places = [
    /^## Install$/m,
    /^```js$/m,
    /^## Where it runs$/m,
    /docs\/guides\/runtimes\.md/,
    /KiB/,
    /^## What you can rely on$/m,
    /^## What it does not do$/m,
    /docs\/reference\//,
  ].map((pattern) => readme.search(pattern));
  assert.ok(!places.includes(-1), places.join());
  assert.deepEqual(
    [...places].sort((a, b) => a - b),
    places,
  );
  assert.match(readme, /docs\/guides\/errors\.md/);
});

test("the change log is in the package and says what changed of figures and formats", () => {
  const changelog = packed("CHANGELOG.md");
  assert.match(changelog, /Keep a Changelog/);
  const [, latest] = changelog.split(/^## /m);
  for (const heading of ["Numeric behaviour", "Formats"])
    assert.ok(latest.includes(`### ${heading}\n`), heading);
});

/** What a page says when it tries to start the engine. */
async function startOf(t, url) {
  const browser = await launch();
  t.after(() => browser.close());
  const tab = await browser.newPage();
  await tab.goto(url);
  await tab.waitForFunction(() => globalThis.started !== undefined);
  return tab.evaluate(() => globalThis.started);
}

const STARTING = `
  import { init, isSetoffError } from "/setoff/setoff.js";
  globalThis.started = init().then(
    () => "started",
    (error) => (isSetoffError(error) ? error.message : String(error)),
  );`;

describe("a page without a bundler", () => {
  const files = { "index.html": page("/main.js"), "main.js": STARTING };
  const installed = join(projectsDir, "node_modules", "setoff");

  test("a page whose policy forbids WebAssembly is told so", async (t) => {
    const dir = await toolProject("policy", files);
    const folders = { "/": dir, "/setoff/": installed };
    for (const [policy, started] of [
      ["script-src 'self' 'wasm-unsafe-eval'", /^started$/],
      ["script-src 'self'", /Content Security Policy/],
    ]) {
      const { url, close } = await serve({ port: 0, folders, policy });
      t.after(close);
      assert.match(await startOf(t, url), started, policy);
    }
  });

  test("a server that does not know the type of a module is no obstacle", async (t) => {
    const dir = await toolProject("untyped", files);
    const types = { ".html": "text/html", ".js": "text/javascript" };
    const server = createServer(({ url }, response) => {
      const path = url === "/" ? "/index.html" : url;
      const file = path.startsWith("/setoff/")
        ? join(installed, path.slice("/setoff/".length))
        : join(dir, path);
      const type = types[/\.\w+$/.exec(path)?.[0]] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": type });
      createReadStream(file).pipe(response);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    assert.equal(await startOf(t, `http://127.0.0.1:${server.address().port}/`), "started");
  });
});

test("esbuild for a page, with the address of the module", async (t) => {
  const dir = await toolProject("esbuild-page", {
    "main.js": `
      import * as setoff from "setoff";
      ${useSetoff}
      globalThis.facts = setoff.init("/engine.wasm").then(() => useSetoff(setoff));`,
    "out/index.html": page("/main.js"),
  });
  const options = {
    absWorkingDir: dir,
    entryPoints: ["main.js"],
    outfile: join(dir, "out/main.js"),
  };
  const { warnings } = await build({
    ...options,
    bundle: true,
    format: "esm",
    platform: "browser",
  });
  assert.deepEqual(warnings, []);
  const from = join(projectsDir, "node_modules", "setoff", "setoff_bg.wasm");
  copyFileSync(from, join(dir, "out", "engine.wasm"));
  assert.deepEqual(await factsOfFolder(t, join(dir, "out")), await factsHere());
});
