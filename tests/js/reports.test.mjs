// The cases of `tests/reports/` through the built package. Those that `pending.txt` names must fail.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import * as setoff from "../../pkg/node.mjs";
import { root } from "../../scripts/exec.mjs";
import { run } from "./golden.mjs";

const folder = join(root, "tests", "reports");
const natives = join(root, "target", "reports");

/** Lines are `NAME: REASON`. */
const pending = new Set(
  readFileSync(join(folder, "pending.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.slice(0, line.indexOf(": "))),
);

const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const cases = files.flatMap((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));

for (const report of cases) {
  test(`${report.name}: ${report.kind}`, () => {
    const { transcripts, failures } = run(setoff, [report]);

    if (pending.has(report.name)) {
      assert.notDeepEqual(failures, [], "it holds now: take it out of tests/reports/pending.txt");
      return;
    }

    assert.deepEqual(failures, []);
    const native = join(natives, `${report.name}.txt`);
    assert.ok(
      existsSync(native),
      `there is no ${native}: run \`cargo test --locked --test reports\` first`,
    );
    assert.equal(transcripts[0], readFileSync(native, "utf8"));
  });
}
