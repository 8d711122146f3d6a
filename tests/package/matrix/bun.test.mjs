// The installed package in Bun: run, tested and bundled.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { run } from "../../../scripts/exec.mjs";
import { toolsDir } from "../../../scripts/smoke.mjs";
import { FACTS, useSetoff } from "../program.mjs";
import { factsHere, printed, printing, printingCommonJs, toolProject } from "../project.mjs";

/** The program itself, from the package for this machine: the one in `bun` is put there by a script of its own. */
function bun() {
  const packages = join(toolsDir, "node_modules", "@oven");
  const [name] = readdirSync(packages).filter((name) => !/baseline|musl/.test(name));
  return join(packages, name, "bin", "bun");
}

test("Bun", async (t) => {
  const dir = await toolProject("bun", {
    "main.mjs": printing(),
    "main.cjs": printingCommonJs(),
    "inline.mjs": printing("setoff/inline"),
    "setoff.test.js": `
      import { expect, test } from "bun:test";
      import * as setoff from "setoff";
      ${useSetoff}
      test("setoff", async () => {
        const facts = await useSetoff(setoff);
        expect(facts).toEqual({ ...${JSON.stringify(FACTS)}, hash: facts.hash });
      });`,
  });
  const here = await factsHere();
  const ran = async (...args) => printed(await run(bun(), args, { cwd: dir }));

  await t.test("runs an ES module and CommonJS", async () => {
    assert.deepEqual(await ran("main.mjs"), here);
    assert.deepEqual(await ran("main.cjs"), here);
  });
  await t.test("tests", () => run(bun(), ["test"], { cwd: dir }));
  await t.test("bundles for itself", async () => {
    await run(bun(), ["build", "inline.mjs", "--target=bun", "--outdir=out"], { cwd: dir });
    assert.deepEqual(await ran("out/inline.js"), here);
  });
  await t.test("compiles to a program", async () => {
    await run(bun(), ["build", "inline.mjs", "--compile", "--outfile=out/main"], { cwd: dir });
    assert.deepEqual(printed(await run(join(dir, "out", "main"), [], { cwd: dir })), here);
  });
});
