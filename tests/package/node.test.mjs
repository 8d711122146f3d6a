// The installed package in Node.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { run } from "../../scripts/exec.mjs";
import { FACTS, useSetoff } from "./program.mjs";
import { project } from "./project.mjs";

const PROGRAMS = {
  "module.mjs": `
    import * as setoff from "setoff";
    ${useSetoff}
    console.log(JSON.stringify(await useSetoff(setoff)));`,
  "script.cjs": `
    const setoff = require("setoff");
    ${useSetoff}
    useSetoff(setoff).then((facts) => console.log(JSON.stringify(facts)));`,
  // No init: in Node the package is ready when it is imported.
  "at-once.mjs": `
    import { Book } from "setoff";
    console.log(JSON.stringify(new Book({ currency: "USD" }).version));`,
  "at-once.cjs": `
    const { Book } = require("setoff");
    console.log(JSON.stringify(new Book({ currency: "USD" }).version));`,
  // Each of the two has an engine of its own; errors are known across them, and books travel as snapshots.
  "both.cjs": `
    const commonJs = require("setoff");
    import("setoff").then((esm) => {
      const book = new commonJs.Book({ currency: "USD" });
      let error;
      try { new esm.Book({ currency: "?" }) } catch (thrown) { error = thrown }
      console.log(JSON.stringify([
        commonJs.Book === esm.Book,
        commonJs.isSetoffError(error),
        esm.Book.restore(book.snapshot()).hash() === book.hash(),
      ]));
    });`,
  // Node prints the line that threw it, whatever its length.
  "uncaught.mjs": `
    import { Book } from "setoff";
    new Book({ currency: "?" });`,
  "uncaught.cjs": `
    const { Book } = require("setoff");
    new Book({ currency: "?" });`,
  "module-file.cjs": `
    const wasm = require("node:fs").readFileSync(require.resolve("setoff/setoff_bg.wasm"));
    console.log(JSON.stringify(WebAssembly.validate(wasm)));`,
};

test("Node", async (t) => {
  const dir = await project(t, PROGRAMS);
  const answer = async (program) =>
    JSON.parse((await run(process.execPath, [program], { cwd: dir })).stdout);

  await t.test("as an ES module and as CommonJS, with the same answers", async () => {
    const facts = await answer("module.mjs");
    assert.deepEqual(facts, { ...FACTS, hash: facts.hash });
    assert.match(facts.hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(await answer("script.cjs"), facts);
  });
  await t.test("is ready when it is imported", async () => {
    assert.equal(await answer("at-once.mjs"), 0);
    assert.equal(await answer("at-once.cjs"), 0);
  });
  await t.test("both kinds in one process know each other's errors and snapshots", async () => {
    // They are one where Node can `require` ES modules.
    const isOne = process.features.require_module === true;
    assert.deepEqual(await answer("both.cjs"), [isOne, true, true]);
  });
  await t.test("an error that nobody catches is told in few words", async () => {
    for (const program of ["uncaught.mjs", "uncaught.cjs"]) {
      const { stderr, status } = spawnSync(process.execPath, [program], {
        cwd: dir,
        encoding: "utf8",
      });
      assert.equal(status, 1);
      assert.match(stderr, /SetoffError: `currency`: /);
      assert.ok(stderr.length < 3000 && stderr.includes(program), stderr.slice(0, 3000));
    }
  });
  await t.test("the module's file can be found", async () => {
    assert.equal(await answer("module-file.cjs"), true);
  });
});
