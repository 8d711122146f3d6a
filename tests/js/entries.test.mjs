// The entries of the package: what each loads, when, and what of it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

const pkg = new URL("../../pkg/", import.meta.url);
const address = (name) => JSON.stringify(new URL(name, pkg).href);

/** What a program prints, in a process of its own. */
const run = (program, type = "module") =>
  execFileSync(process.execPath, [`--input-type=${type}`, "--eval", program], {
    encoding: "utf8",
  }).trim();

describe("setoff/proration", () => {
  test("has all but books, and gives the same figures", async () => {
    const small = await import(new URL("proration-node.mjs", pkg));
    const whole = await import(new URL("node.mjs", pkg));
    const without = Object.keys(whole).filter((name) => !(name in small));
    assert.deepEqual(without, ["Book"]);
    const split = { amount: "100.00", weights: ["1", "1", "1"] };
    assert.deepEqual(small.allocate(split), whole.allocate(split));
    assert.deepEqual(small.prorationPresets(), whole.prorationPresets());
    assert.deepEqual(small.prorationPresets().length > 10, true);
  });

  test("is less than half of the whole", () => {
    const size = (name) => readFileSync(new URL(name, pkg)).length;
    assert.ok(size("proration_bg.wasm") * 2 < size("setoff_bg.wasm"));
  });

  test("refuses as the whole does", async () => {
    const small = await import(new URL("proration-node.mjs", pkg));
    assert.throws(() => small.allocate({ amount: "x", weights: ["1"] }), {
      name: "SetoffError",
      code: "invalidDecimal",
      path: "amount",
    });
  });
});

describe("the entry for Node", () => {
  const open = 'console.log(new Book({ currency: "USD" }).version);';

  test("loads the engine at the first call, not before", () => {
    const program = `
      let loaded = 0;
      const { Instance } = WebAssembly;
      WebAssembly.Instance = class extends Instance { constructor(...all) { super(...all); loaded += 1; } };
      const { Book } = await import(${address("node.mjs")});
      const before = loaded;
      new Book({ currency: "USD" });
      console.log(before, loaded);`;
    assert.equal(run(program), "0 1");
  });

  test("loads it from where init says: bytes, a module, an address", () => {
    const from = (source) =>
      run(`import { readFileSync } from "node:fs";
        import { init, Book } from ${address("node.mjs")};
        const bytes = readFileSync(new URL(${address("setoff_bg.wasm")}));
        await init(${source});
        ${open}`);
    assert.equal(from("bytes"), "0");
    assert.equal(from("new WebAssembly.Module(bytes)"), "0");
    assert.equal(from(`new URL(${address("setoff_bg.wasm")})`), "0");
    assert.equal(from(address("setoff_bg.wasm")), "0");
    assert.equal(from("Promise.resolve(bytes)"), "0");
    assert.equal(from("new Response(bytes)"), "0");
    assert.equal(
      from(`new Response(bytes, { headers: { "Content-Type": "application/wasm" } })`),
      "0",
    );
    assert.equal(from(""), "0");
  });

  test("refuses another module at init, and can then be loaded", () => {
    const sources = {
      "the module of another entry": `readFileSync(new URL(${address("proration_bg.wasm")}))`,
      "its address": address("proration_bg.wasm"),
      "a module of its own": "new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))",
      "another build": "bytes.map((byte, place) => (place === bytes.length - 2 ? byte ^ 1 : byte))",
    };
    for (const [name, source] of Object.entries(sources)) {
      const program = `
        import { readFileSync } from "node:fs";
        import { init, Book } from ${address("node.mjs")};
        const bytes = readFileSync(new URL(${address("setoff_bg.wasm")}));
        const error = await init(${source}).catch((error) => error);
        console.log(error.code, error.details.reason, error.details.figures.needed.split(" ")[0]);
        await init(bytes);
        ${open}`;
      assert.equal(run(program), "notInitialized wrongModule setoff\n0", name);
    }
  });

  test("says that bytes are no module, and can then be loaded", () => {
    const program = `
      import { init, Book } from ${address("node.mjs")};
      const error = await init(new Uint8Array(3)).catch((error) => error);
      console.log(error.code);
      await init();
      ${open}`;
    assert.equal(run(program), "notInitialized\n0");
  });

  test("needs no global encoder", () => {
    const program = `
      delete globalThis.TextEncoder;
      delete globalThis.TextDecoder;
      const { Book } = await import(${address("node.mjs")});
      ${open}`;
    assert.equal(run(program), "0");
  });
});

describe("setoff/inline", () => {
  test("carries the engine in itself, as an ES module and in CommonJS", () => {
    const open = 'console.log(new Book({ currency: "USD" }).version);';
    assert.equal(run(`import { Book } from ${address("inline.js")}; ${open}`), "0");
    const path = JSON.stringify(new URL("inline.cjs", pkg).pathname);
    assert.equal(run(`const { Book } = require(${path}); ${open}`, "commonjs"), "0");
    assert.ok(!readFileSync(new URL("inline.js", pkg), "utf8").includes("import.meta"));
  });
});

describe("setoff/rest", () => {
  const program = (ready) => `
    import { readFileSync } from "node:fs";
    ${ready}
    const { MemoryStore } = await import(${address("host.js")});
    const { createHandler } = rest;
    const handler = createHandler(new MemoryStore());
    const body = JSON.stringify({ name: "Acme", currency: "USD", billToContact: {} });
    const request = new Request("https://rest.example/v1/accounts", { method: "POST", body });
    console.log(JSON.parse(await (await handler(request)).text()).accountNumber);`;

  test("uses the engine of the package, and loads itself at the first request", () => {
    const ready = `const rest = await import(${address("rest-node.mjs")});`;
    assert.equal(run(program(ready)), "A00000001");
  });

  test("takes its module and that of the engine from where a page has them", () => {
    const ready = `
      const setoff = await import(${address("setoff.js")});
      const rest = await import(${address("rest.js")});
      const bytes = (name) => readFileSync(new URL(name, ${address("")}));
      await setoff.init(bytes("setoff_bg.wasm"));
      await rest.init(bytes("rest_bg.wasm"));`;
    assert.equal(run(program(ready)), "A00000001");
  });

  test("refuses another module at init, as the engine does, and can then be loaded", () => {
    for (const [entry, ready] of [
      ["rest-node.mjs", ""],
      ["rest.js", "await setoff.init(bytes('setoff_bg.wasm'));"],
    ]) {
      const source = program(`
        const setoff = await import(${address(entry === "rest.js" ? "setoff.js" : "node.mjs")});
        const rest = await import(${address(entry)});
        const bytes = (name) => readFileSync(new URL(name, ${address("")}));
        const own = bytes("rest_bg.wasm");
        const sources = [
          bytes("setoff_bg.wasm"),
          own.map((byte, place) => (place === own.length - 2 ? byte ^ 1 : byte)),
          new Uint8Array(3),
        ];
        for (const source of sources) {
          const error = await rest.init(source).catch((error) => error);
          console.log(setoff.isSetoffError(error), error.code, error.details.reason);
        }
        ${ready}
        await rest.init(new Response(own));`);
      const other = "true notInitialized wrongModule\n".repeat(2);
      assert.equal(run(source), `${other}true notInitialized moduleNotLoaded\nA00000001`, entry);
    }
  });

  test("comes as CommonJS, too", () => {
    const source = `
      const { createHandler } = require(${JSON.stringify(new URL("rest-node.cjs", pkg).pathname)});
      console.log(typeof createHandler);`;
    assert.equal(run(source, "commonjs"), "function");
  });
});
