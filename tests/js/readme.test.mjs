// The README's example, run as it stands: what it prints must be what the README says.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** A program of the README that imports the built package instead, as text. */
function onOwnPackage(program) {
  const source = program.replace(
    '"setoff"',
    JSON.stringify(new URL("../../pkg/node.mjs", import.meta.url).href),
  );
  assert.notEqual(source, program, "it imports the package");
  return source;
}

const run = (source) =>
  execFileSync(process.execPath, ["--input-type=module", "--eval", source], { encoding: "utf8" });

// Each is told from the others by the name of its language, of which there are enough.
const EXAMPLES = {
  js: "at the start",
  javascript: "of proration",
  ts: "of a bill run",
  typescript: "of splits",
  mjs: "of lists",
};

for (const [language, example] of Object.entries(EXAMPLES)) {
  test(`the example ${example} prints what the README says`, () => {
    const block = new RegExp("```" + language + "\\n(.*?)```\\s+```text\\n(.*?)```", "s");
    const [, program, output] = readme.match(block);
    assert.equal(run(onOwnPackage(program)), output);
  });
}

test("the further examples go on from there, to nothing left open", () => {
  const [first, ...others] = [...readme.matchAll(/```js\n(.*?)```/gs)].map(
    ([, program]) => program,
  );
  const ask = 'console.log(book.query({ of: "invoice" }).rows[0].balance);';
  const source = [onOwnPackage(first), ...others, ask].join("\n");
  assert.equal(run(source).trimEnd().split("\n").at(-1), "0.00");
});

test("every error code is in the README, in order of precedence", () => {
  const types = readFileSync(new URL("../../src/wire/types/errors.d.ts", import.meta.url), "utf8");
  const union = types.match(/export type ErrorCode =(.*?);/s)[1];
  const codes = [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code);
  const table = readme.slice(readme.indexOf("| code | when |"), readme.indexOf("</details>"));
  const listed = table
    .split("\n")
    .flatMap((row) => [...(row.split("|")[1]?.matchAll(/`(\w+)`/g) ?? [])]);
  assert.deepEqual(
    listed.map(([, code]) => code),
    codes,
  );
});
