// The installed package in each version of Node that is supported.
import assert from "node:assert/strict";
import test from "node:test";
import { run } from "../../../scripts/exec.mjs";
import { nodes } from "../../../scripts/smoke.mjs";
import { factsHere, printed, printing, printingCommonJs, toolProject } from "../project.mjs";

for (const { version, program } of nodes()) {
  test(`Node ${version}, as an ES module and as CommonJS`, async () => {
    const dir = await toolProject(`node-${version}`, {
      "main.mjs": printing(),
      "main.cjs": printingCommonJs(),
    });
    for (const name of ["main.mjs", "main.cjs"])
      assert.deepEqual(printed(await run(program, [name], { cwd: dir })), await factsHere(), name);
    const { stdout } = await run(program, ["--version"]);
    assert.equal(stdout.trim(), `v${version}`);
  });
}
