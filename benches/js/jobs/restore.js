// Restoring a large book against loading it by its commands, which lie in memory in either case: a host that restores has
// a heap of its own, and a memory that grows in the midst of it makes the runtime look through that heap. Memory that has
// grown stays, so each sample is a process of its own.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const SAMPLE = fileURLToPath(new URL("restore-sample.js", import.meta.url));
const [SHORT, LONG] = [50_000, 200_000];

const WAYS = [
  ["restore", "setoff, restore"],
  ["load", "setoff, createInvoice"],
  // Not a rival, but a measure: what it costs to only read the same commands.
  ["parse", "JSON.parse of the same commands"],
];

export const restore = {
  name: "restore",
  title: `${SHORT} invoices of 5 lines (with --long ${LONG}): restored, and loaded by their commands, in a new process each`,
  rounds: 3,
  sampleMs: 0,

  prepare(_contenders, { isLong }) {
    const count = isLong ? LONG : SHORT;
    // By a process of its own too: who restores it must not have filled a book before.
    sample("save", count);
    const contenders = WAYS.map(([way, name]) => ({ name, measure: () => sample(way, count) }));
    return { contenders, wrong: [] };
  },
};

function sample(way, count) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [SAMPLE, way, String(count)], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`restore: ${stderr}`);
  return JSON.parse(stdout);
}
