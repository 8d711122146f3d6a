#!/usr/bin/env node
// `node check-command.js EXPORT [ENTRIES]`: checks files of JSON Lines, an export and the entries of its log.
import { readFileSync } from "node:fs";
import { check } from "./check.js";

const [exported, log] = process.argv.slice(2);
if (exported === undefined) {
  console.error("node node_modules/setoff/check-command.js EXPORT.jsonl [ENTRIES.jsonl]");
  process.exit(2);
}
const read = (path) => readFileSync(path, "utf8");
const parsed = (text) =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const entries = log === undefined ? undefined : parsed(read(log));
const { problems, sums } = await check({ lines: read(exported), entries });

for (const { place, problem } of problems) console.log(`${place}: ${problem}`);
for (const { side, currency, amount, applied, refunded, open } of sums.filter(({ side }) => side)) {
  const figures = `${amount} less ${applied} applied and ${refunded} refunded: ${open} open`;
  console.log(`${currency} ${side}: ${figures}`);
}
const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
console.log(problems.length === 0 ? "All figures add up." : `${count}.`);
process.exitCode = problems.length === 0 ? 0 : 1;
