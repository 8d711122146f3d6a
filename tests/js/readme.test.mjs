// The README's example, run as it stands: what it prints must be what the README says.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

test("the example prints what the README says", () => {
  const [, program, output] = readme.match(/```js\n(.*?)```\s+```text\n(.*?)```/s);
  const url = new URL("../../pkg/node.mjs", import.meta.url).href;
  const source = program.replace('"setoff"', JSON.stringify(url));
  assert.notEqual(source, program);
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", source], { encoding: "utf8" });
  assert.equal(printed, output);
});

test("the example of proration prints what the README says", () => {
  const [, program, output] = readme.match(/```javascript\n(.*?)```\s+```text\n(.*?)```/s);
  const url = new URL("../../pkg/node.mjs", import.meta.url).href;
  const source = program.replace('"setoff"', JSON.stringify(url));
  assert.equal(execFileSync(process.execPath, ["--input-type=module", "--eval", source], { encoding: "utf8" }), output);
});

test("the example of a bill run prints what the README says", () => {
  const [, program, output] = readme.match(/```ts\n(.*?)```\s+```text\n(.*?)```/s);
  const url = new URL("../../pkg/node.mjs", import.meta.url).href;
  const source = program.replace('"setoff"', JSON.stringify(url));
  assert.equal(execFileSync(process.execPath, ["--input-type=module", "--eval", source], { encoding: "utf8" }), output);
});

test("the example of splits prints what the README says", () => {
  const [, program, output] = readme.match(/```typescript\n(.*?)```\s+```text\n(.*?)```/s);
  const url = new URL("../../pkg/node.mjs", import.meta.url).href;
  const source = program.replace('"setoff"', JSON.stringify(url));
  assert.equal(execFileSync(process.execPath, ["--input-type=module", "--eval", source], { encoding: "utf8" }), output);
});

test("the example of lists prints what the README says", () => {
  const [, program, output] = readme.match(/```mjs\n(.*?)```\s+```text\n(.*?)```/s);
  const url = new URL("../../pkg/node.mjs", import.meta.url).href;
  const source = program.replace('"setoff"', JSON.stringify(url));
  assert.equal(execFileSync(process.execPath, ["--input-type=module", "--eval", source], { encoding: "utf8" }), output);
});

test("the further examples go on from there, to nothing left open", () => {
  const [first, ...others] = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, program]) => program);
  const url = new URL("../../pkg/node.mjs", import.meta.url).href;
  const ask = 'console.log(book.query({ of: "invoice" }).rows[0].balance);';
  const source = [first.replace('"setoff"', JSON.stringify(url)), ...others, ask].join("\n");
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", source], { encoding: "utf8" });
  assert.equal(printed.trimEnd().split("\n").at(-1), "0.00");
});

test("every error code is in the README, in order of precedence", () => {
  const types = readFileSync(new URL("../../src/wire/types.d.ts", import.meta.url), "utf8");
  const union = types.match(/export type ErrorCode =(.*?);/s)[1];
  const codes = [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code);
  const table = readme.slice(readme.indexOf("| code | when |"), readme.indexOf("</details>"));
  const listed = table.split("\n").flatMap((row) => [...row.split("|")[1]?.matchAll(/`(\w+)`/g) ?? []]);
  assert.deepEqual(listed.map(([, code]) => code), codes);
});
