// The benchmark: checks that all contenders give the same figures, then times them job by job.
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { Worker } from "node:worker_threads";
import { cpuClock } from "./clock.js";
import { compare } from "./compare.js";
import { engine, reference, rivals } from "./contenders.js";
import { grows } from "./jobs/grows.js";
import { charges, chargesKernel, chargesLarge } from "./jobs/charges.js";
import { largeApplyLazy, largeApplyRead } from "./jobs/large-apply.js";
import { lists } from "./jobs/lists.js";
import { load } from "./jobs/load.js";
import { logAccount, logOn, logReplay } from "./jobs/log.js";
import { matrix } from "./jobs/matrix.js";
import { queryPage } from "./jobs/query-page.js";
import { restore } from "./jobs/restore.js";
import { smallApply } from "./jobs/small-apply.js";
import {
  firstPage,
  kernelClusters,
  kernelPlain,
  objectsLarge,
  objectsSmall,
} from "./jobs/splits.js";

const SPLITS = [kernelPlain, kernelClusters, objectsLarge, objectsSmall, firstPage, matrix];
const JOBS = [
  ...SPLITS,
  smallApply,
  largeApplyLazy,
  largeApplyRead,
  load,
  logOn,
  logAccount,
  logReplay,
  queryPage,
  charges,
  chargesLarge,
  chargesKernel,
  ...lists,
  grows,
  restore,
];

export const jobNames = [...new Set(JOBS.map(({ name }) => name))];

/** Runs the jobs of these names, longer if `isLong`; `progress` gets a line before each. */
export async function bench(names, progress, isLong = false) {
  const head = describe();
  progress("checking that all give the same figures");
  const equality = await checkEquality();
  const doubt = equality
    .flatMap(({ examples }) => examples)
    .find(({ rival }) => rival === reference);
  if (doubt !== undefined)
    throw new Error(
      `the engine differs from ${reference}: ${JSON.stringify(doubt).slice(0, 2000)}`,
    );
  const contenders = [engine, ...rivals];
  const jobs = [];
  for (const job of JOBS.filter(({ name }) => names.includes(name))) {
    const { name, title, rounds, sampleMs } = job;
    progress(`timing ${name}`);
    if (job.table !== undefined) {
      jobs.push({ name, title, ...(await job.table({ isLong, progress })) });
      continue;
    }
    const { contenders: right, wrong } = job.prepare(contenders, { isLong });
    if (right.length === 0) continue;
    jobs.push({ name, title, rounds, sampleMs, wrong, ...compare(right, { rounds, sampleMs }) });
  }
  return { head, equality, jobs };
}

/** The machine, the versions and the method. */
function describe() {
  const version = (path) =>
    JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")).version;
  const [{ model }, ...others] = cpus();
  return {
    machine: `${others.length + 1} × ${model.trim()}, ${process.platform} ${process.arch}`,
    versions: {
      setoff: version("../../pkg/package.json"),
      node: process.versions.node,
      v8: process.versions.v8,
      "decimal.js": version("../../node_modules/decimal.js/package.json"),
      "big.js": version("../../node_modules/big.js/package.json"),
    },
    cpuClock,
  };
}

function checkEquality() {
  return new Promise((resolve, reject) => {
    new Worker(new URL("equality.js", import.meta.url))
      .once("message", resolve)
      .once("error", reject);
  });
}
