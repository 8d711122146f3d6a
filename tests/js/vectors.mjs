// The golden vectors as files, and the comparison of what a runtime made of them with what native Rust made of them.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../../scripts/exec.mjs";

const vectorsDir = join(root, "tests", "golden");
const transcriptsDir = join(root, "target", "golden");

/** All files of vectors: `{ name, cases }`. */
export function vectorFiles() {
  const names = readdirSync(vectorsDir).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => ({
    name: basename(name, ".json"),
    cases: JSON.parse(readFileSync(join(vectorsDir, name), "utf8")),
  }));
}

/** Asserts that a run (`golden.mjs`) of a file met its expectations, and that its transcripts are the native ones. */
export function check({ name, cases }, { transcripts, failures }) {
  assert.deepEqual(failures, []);
  assert.equal(transcripts.length, cases.length);
  for (const [index, transcript] of transcripts.entries()) {
    const native = join(transcriptsDir, name, `${index}.txt`);
    assert.ok(
      existsSync(native),
      `there is no ${native}: run \`cargo test --locked --test golden\` first`,
    );
    assert.equal(transcript, readFileSync(native, "utf8"), `${name}: ${cases[index].name}`);
  }
}
