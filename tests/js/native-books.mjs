// The books of `cargo test --test replay`, as files.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/exec.mjs";

const folder = join(root, "target", "replay");

/** The names of the files. */
export function bookNames() {
  const hint = `there is no ${folder}: run \`cargo test --locked --test replay\` first`;
  assert.ok(existsSync(folder), hint);
  return readdirSync(folder).sort();
}

/** `{ entries, expected }` of a file. */
export function nativeBook(name) {
  const { entries, ...native } = JSON.parse(readFileSync(join(folder, name), "utf8"));
  return { entries, expected: { ...native, isSame: true } };
}
