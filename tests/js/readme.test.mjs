// The README's examples, run as they stand: what it prints must be what the README says.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** A program of the README that imports the built package instead, as text. */
function onOwnPackage(program) {
  const address = (file) => JSON.stringify(new URL(`../../pkg/${file}`, import.meta.url).href);
  const source = program
    .replace('"setoff"', address("node.mjs"))
    .replace('"setoff/rows"', address("rows.js"));
  assert.notEqual(source, program, "it imports the package");
  return source;
}

const run = (source) =>
  execFileSync(process.execPath, ["--input-type=module", "--eval", source], { encoding: "utf8" });

/** Programs with what they print, each behind the last heading before it. */
const examples = [
  ...readme.matchAll(
    /```(?:js|mjs|javascript|ts|typescript)\n((?:(?!```).)*)```\s+```text\n(.*?)```/gs,
  ),
].map(({ 1: program, 2: output, index }) => {
  const heading = readme.slice(0, index).match(/.*^#+ (.*?)$/ms)[1];
  return { heading, program, output };
});

for (const { heading, program, output } of examples) {
  test(`an example under "${heading}" prints what the README says`, () => {
    assert.equal(run(onOwnPackage(program)), output);
  });
}

test("the README has an example of every ability that needs one", () => {
  const all = examples.map(({ program }) => program).join("");
  for (const word of [
    "preview(",
    "applyCredits",
    "allOpen",
    "undo",
    "taxItems",
    "ageing",
    "statement",
    "changePlan",
  ])
    assert.ok(all.includes(word), word);
});

test("the README has no links to files: the package holds none of them", () => {
  const links = [...readme.matchAll(/\]\(([^)]*)\)/g)].map(([, link]) => link);
  assert.deepEqual(
    links.filter((link) => !link.startsWith("https://")),
    [],
  );
});

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
