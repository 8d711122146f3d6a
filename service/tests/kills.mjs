// Kills (SIGKILL) during load. Afterwards nothing is lost, nothing is there twice, and all that the database holds
// is right.
import { Database } from "../src/database.js";
import { assertApplied, endProcesses, newAccount, startProcess, Worker } from "./processes.mjs";
import { random, tokenOf, until } from "./support.mjs";
import { verify } from "./verify.mjs";

/** How many workers there are of each account. */
const WORKERS = 2;
/** The longest time that a process lives under load, in milliseconds. */
const LONGEST = 250;

/**
 * Kills processes over a database: `url` of a server, or `folder`. `count` kills, of `processes` that run at a time.
 * @returns {Promise<{ applied: number, unanswered: number, entries: number }>}
 */
export async function kill({
  url,
  folder,
  count,
  processes = 1,
  accounts = 3,
  seed = 1,
  told = () => {},
}) {
  const below = random(seed);
  const running = [];
  for (let place = 0; place < processes; place++) running.push(await startProcess({ url, folder }));
  const token = await tokenOf(running[0].address);
  const made = [];
  for (let place = 0; place < accounts; place++)
    made.push(await newAccount(running[0].address, token));
  let turn = 0;
  const where = () => running[(turn += 1) % running.length].address;
  const workers = made.flatMap((account, place) =>
    Array.from({ length: WORKERS }, (_, own) => new Worker(`w${place}-${own}`, account, where)),
  );
  const working = workers.map((worker) => worker.run());
  try {
    await killing({
      running,
      workers,
      start: () => startProcess({ url, folder }),
      count,
      below,
      told,
    });
    for (const worker of workers) worker.stop();
    await Promise.all(working);
    await Promise.all(running.map((process) => process.stop()));
  } finally {
    for (const worker of workers) worker.giveUp();
    await endProcesses();
  }

  const database = new Database({ url, folder });
  const entries = await verify(database, (book, account) =>
    assertApplied(book, account, workers),
  ).finally(() => database.close());
  const sum = (field) => workers.reduce((total, worker) => total + worker[field], 0);
  return { applied: sum("applied"), unanswered: sum("unanswered"), entries };
}

/** Kills one of the running processes after the other, and starts another one in its place. */
async function killing({ running, workers, start, count, below, told }) {
  /** The places whose processes start just now. */
  const starting = new Map();
  for (let killed = 1; killed <= count; killed++) {
    // Until it works: an embedded database takes a while to open.
    await worked(workers);
    await new Promise((resolve) => setTimeout(resolve, below(LONGEST)));
    const alive = running.map((_, place) => place).filter((place) => !starting.has(place));
    const place = alive[below(alive.length)];
    await running[place].stop("SIGKILL");
    const again = start().then((process) => {
      running[place] = process;
      starting.delete(place);
    });
    // Whoever waits for it next, is told.
    again.catch(() => {});
    starting.set(place, again);
    // Where several run, the others are asked until it is there again. One is always there.
    if (starting.size >= Math.max(1, running.length - 1)) await Promise.race(starting.values());
    told(killed);
  }
  await Promise.all(starting.values());
  await worked(workers);
}

/** Resolves when something more was applied. */
async function worked(workers) {
  const sum = () => workers.reduce((total, { applied }) => total + applied, 0);
  const before = sum();
  await until(() => sum() > before);
}
