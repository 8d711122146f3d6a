// The installed package in Deno, with its types.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { environment, run } from "../../../scripts/exec.mjs";
import { toolsDir } from "../../../scripts/smoke.mjs";
import { factsHere, printed, printing, toolProject } from "../project.mjs";

/** The program itself, from the package for this machine. */
function deno() {
  const packages = join(toolsDir, "node_modules", "@deno");
  return join(packages, readdirSync(packages)[0], "deno");
}

test("Deno", async (t) => {
  const dir = await toolProject("deno", {
    "main.mjs": printing(),
    "deno.json": '{ "nodeModulesDir": "manual" }',
    "package.json": '{ "dependencies": { "setoff": "*" } }',
    "types.ts": `
      import { Book } from "setoff";
      const version: number = new Book({ currency: "USD" }).version;
      console.log(version);`,
  });
  const env = environment({ DENO_DIR: join(toolsDir, "deno"), DENO_NO_UPDATE_CHECK: "1" });
  await t.test("runs, with the right to read files", async () => {
    const output = await run(deno(), ["run", "--allow-read", "main.mjs"], { cwd: dir, env });
    assert.deepEqual(printed(output), await factsHere());
  });
  await t.test("finds the types", () => run(deno(), ["check", "types.ts"], { cwd: dir, env }));
});
