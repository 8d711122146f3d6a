// `npm run proof -- replay`: a million random commands, carried out and replayed natively, replayed in Node and in a
// browser. Every thousandth command ends a book, whose hash, snapshot and entries must be the same everywhere.
// `--commands N` is how many there are, and `--seed N` repeats a run. Takes some ten minutes where nothing else runs.
import assert from "node:assert/strict";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, packageDir } from "./build.mjs";
import { environment, main, Problem, root, run } from "./exec.mjs";
import { serve } from "./serve.mjs";
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
  let done = 0;
  for (let first = 0; first < bookCount; first += BATCH) {
    await makeBooks(seed + first, Math.min(BATCH, bookCount - first));
    done += await compareBooks(setoff, page);
    console.log(`  ${done} commands: equal hashes natively, in Node and in the browser`);
  }
  await close();
}

await main(import.meta.url, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { commands: { type: "string" }, seed: { type: "string" } },
  });
  if (positionals.join() !== "replay") throw new Problem("there is one proof: replay");
  const { commands = 1_000_000, seed = Math.floor(Date.now() / 1000) } = values;
  await replay({ commands: Number(commands), seed: Number(seed) });
});
