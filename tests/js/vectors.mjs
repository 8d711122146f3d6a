// The golden vectors as files, and the comparison of what a runtime made of them with what native Rust made of them.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../../scripts/exec.mjs";

const target = join(root, "target");
// The golden files, and the scenarios of `tests/scenarios/` as their native run has written them out.
const folders = [
  { test: "golden", cases: join(root, "tests", "golden"), transcripts: join(target, "golden") },
  { test: "scenarios", cases: join(target, "scenarios"), transcripts: join(target, "scenarios") },
];

/** All files of vectors: `{ name, cases, transcripts, test }`. */
export function vectorFiles() {
  return folders.flatMap(({ test, cases, transcripts }) => {
    assert.ok(existsSync(cases), missing(cases, test));
    const names = readdirSync(cases).filter((name) => name.endsWith(".json"));
    return names.sort().map((file) => {
      const name = basename(file, ".json");
      return {
        name: `${test}/${name}`,
        cases: JSON.parse(readFileSync(join(cases, file), "utf8")),
        transcripts: join(transcripts, name),
        test,
      };
    });
  });
}

const missing = (path, test) =>
  `there is no ${path}: run \`cargo test --locked --test ${test}\` first`;

/** Asserts that a run (`golden.mjs`) of a file met its expectations, and that its transcripts are the native ones. */
export function check({ name, cases, test, transcripts: folder }, { transcripts, failures }) {
  assert.deepEqual(failures, []);
  assert.equal(transcripts.length, cases.length);
  for (const [index, transcript] of transcripts.entries()) {
    const native = join(folder, `${index}.txt`);
    assert.ok(existsSync(native), missing(native, test));
    assert.equal(transcript, readFileSync(native, "utf8"), `${name}: ${cases[index].name}`);
  }
}
