// `npm run proof -- replay`: a million random commands, carried out and replayed natively, replayed in Node and in a
// browser. Every thousandth command ends a book, whose hash, snapshot and entries must be the same everywhere.
// `--commands N` is how many there are, and `--seed N` repeats a run. Takes some ten minutes where nothing else runs.
//
// `npm run proof -- service`: kills (SIGKILL) of the service under load, a thousand of four processes over
// PostgreSQL and fifty over the embedded database (`--kills N`, `--embedded N`). Afterwards nothing is lost, nothing
// was done twice, every log is a chain that its book replays, and the independent checker agrees with every figure.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, packageDir } from "./build.mjs";
import { environment, main, Problem, root, run } from "./exec.mjs";
import { serve } from "./serve.mjs";
import { linkPackage } from "./service.mjs";
import { setup } from "./setup.mjs";

/** The commands of a book (`tests/replay.rs`), and the books that are made before they are replayed. */
const LENGTH = 1000;
const BATCH = 50;

/** Makes books natively, and replays them there. */
async function makeBooks(seed, count) {
  const settings = { SETOFF_SEED: `${seed}`, SETOFF_BOOKS: `${count}` };
  const args = ["test", "--locked", "--quiet", "--test", "replay"];
  await run("cargo", args, { env: environment(settings) });
}

/** A page of a browser that can load the package. */
async function openPage() {
  const { launch } = await import("../tests/browser/launch.mjs");
  const folders = { "/": join(root, "www"), "/pkg/": packageDir, "/tests/": join(root, "tests") };
  const { url, close } = await serve({ port: 0, folders });
  const browser = await launch();
  const page = await browser.newPage();
  await page.goto(new URL("pkg/package.json", url).href);
  return { page, close: () => Promise.all([browser.close(), close?.()]) };
}

const inPage = async (log) => {
  const [setoff, { replayed }] = await Promise.all([
    import("/pkg/setoff.js"),
    import("/tests/js/replayed.mjs"),
  ]);
  await setoff.init();
  return replayed(setoff, log);
};

/** Replays the books of a batch, and returns how many commands they have. */
async function compareBooks(setoff, page) {
  const { bookNames, nativeBook } = await import("../tests/js/native-books.mjs");
  const { replayed } = await import("../tests/js/replayed.mjs");
  let count = 0;
  for (const name of bookNames()) {
    const { entries, expected } = nativeBook(name);
    assert.deepEqual(replayed(setoff, entries), expected, `${name} in Node`);
    assert.deepEqual(await page.evaluate(inPage, entries), expected, `${name} in the browser`);
    count += entries.length - 1;
  }
  return count;
}

async function replay({ commands, seed }) {
  await setup();
  await build();
  const setoff = await import("../pkg/node.mjs");
  const { page, close } = await openPage();
  const bookCount = Math.ceil(commands / LENGTH);
  console.log(`${bookCount} books from --seed ${seed}`);

  let commandCount = 0;
  for (let first = 0; first < bookCount; first += BATCH) {
    await makeBooks(seed + first, Math.min(BATCH, bookCount - first));
    commandCount += await compareBooks(setoff, page);
    console.log(`  ${commandCount} commands: equal hashes natively, in Node and in the browser`);
  }
  await close();
}

function reportKills(name, { applied, unanswered, entries }) {
  const requests = `${applied} applies, ${unanswered} requests without an answer`;
  console.log(`  ${name}: ${requests}, ${entries} entries: all right`);
}

/** Says how far the kills are. */
const told = (killed) => killed % 50 === 0 && console.log(`  ${killed} kills`);

async function service({ kills, embedded, seed }) {
  await setup();
  await build();
  linkPackage();
  const { kill } = await import("../service/tests/kills.mjs");
  const { startPostgres } = await import("../service/tests/support.mjs");
  console.log(`--seed ${seed}`);

  if (kills > 0) {
    const postgres = await startPostgres();
    try {
      const options = { url: postgres.url, count: kills, processes: 4, accounts: 8, seed, told };
      reportKills(`${kills} kills over PostgreSQL`, await kill(options));
    } finally {
      await postgres.stop();
    }
  }

  if (embedded > 0) {
    const folder = mkdtempSync(join(tmpdir(), "setoff-proof-"));
    try {
      reportKills(
        `${embedded} kills over PGlite`,
        await kill({ folder, count: embedded, seed, told }),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

await main(import.meta.url, async () => {
  const numbers = ["commands", "kills", "embedded", "seed"];
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: Object.fromEntries(numbers.map((name) => [name, { type: "string" }])),
  });
  const { commands = 1_000_000, kills = 1000, embedded = 50 } = values;
  const seed = Number(values.seed ?? Math.floor(Date.now() / 1000));

  const proofs = {
    replay: () => replay({ commands: Number(commands), seed }),
    service: () => service({ kills: Number(kills), embedded: Number(embedded), seed }),
  };
  const proof = proofs[positionals.join()];
  if (proof === undefined) throw new Problem("there are two proofs: replay and service");
  await proof();
});
