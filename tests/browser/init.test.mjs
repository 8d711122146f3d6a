// Loading the engine in a browser: from where, how often, and what there is before.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { packageDir } from "../../scripts/build.mjs";
import { serve } from "../../scripts/serve.mjs";
import { launch } from "./launch.mjs";

let site;
let browser;
let page;
let fetched;

before(async () => {
  site = await serve({ port: 0, folders: { "/": packageDir } });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach(async () => {
  page = await browser.newPage();
  await page.goto(`${site.url}package.json`); // Any document of the site will do.
  fetched = [];
  page.on("request", (request) => {
    if (request.url().endsWith(".wasm")) fetched.push(request.url().slice(site.url.length));
  });
});

afterEach(() => page.close());

/** What an error says, in a form that can leave the page. */
const facts = `({ name, code, path, message, details, cause }) =>
  ({ name, code, path, message, details, cause: cause && String(cause) })`;

/** Runs code in the page, with the package as `setoff`, and with `factsOf(work)` for what `work` throws. */
const inPage = (code) =>
  page.evaluate(`(async () => {
    const setoff = await import("/setoff.js");
    const factsOf = async (work) => {
      try { await work() } catch (error) { return setoff.isSetoffError(error) ? (${facts})(error) : String(error) }
      return "nothing was thrown";
    };
    ${code}
  })()`);

test("before init, nothing can be done, and that is said", async () => {
  const [made, restored, later] = await inPage(`
    return [
      await factsOf(() => new setoff.Book({ currency: "USD" })),
      await factsOf(() => setoff.Book.restore(new Uint8Array(20))),
      await setoff.init().then(() => new setoff.Book({ currency: "USD" }).version),
    ];`);
  for (const error of [made, restored]) {
    assert.deepEqual([error.name, error.code, error.path], ["SetoffError", "notInitialized", ""]);
    assert.deepEqual(error.details, {
      needed: "`await init()` before anything else",
      found: "no engine",
    });
  }
  assert.equal(later, 0);
});

test("an init that fails says why, and a later one may succeed", async () => {
  const bad = [
    '"/missing.wasm"',
    'new URL("/missing.wasm", location)',
    "new Uint8Array(8)",
    'fetch("/missing.wasm")',
  ];
  for (const source of [...bad, 'fetch("/package.json")', '"http://127.0.0.1:1/x.wasm"']) {
    const error = await inPage(`return factsOf(() => setoff.init(${source}));`);
    assert.deepEqual(
      [error.name, error.code, error.path],
      ["SetoffError", "notInitialized", ""],
      source,
    );
    assert.equal(error.details.needed, "a WebAssembly module that can be loaded");
    assert.equal(error.details.found, error.cause, "what the runtime says");
    const made = await inPage('return factsOf(() => new setoff.Book({ currency: "USD" }));');
    assert.equal(made.code, "notInitialized", source);
  }
  assert.equal(
    await inPage('await setoff.init(); return new setoff.Book({ currency: "USD" }).version;'),
    0,
  );
});

test("init loads the engine once, however often it is called", async () => {
  const same = await inPage(`
    await Promise.all([setoff.init(), setoff.init(), setoff.init("/missing.wasm")]);
    const book = new setoff.Book({ currency: "USD" });
    await setoff.init();
    await setoff.init("/missing.wasm");
    return [book.version, await setoff.init()];`);
  assert.deepEqual(same, [0, undefined]);
  assert.deepEqual(fetched, ["setoff_bg.wasm"]);
});

test("init takes the module in every form", async () => {
  const wasm = "/setoff_bg.wasm";
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
    assert.equal(version, 0, source);
  }
});
