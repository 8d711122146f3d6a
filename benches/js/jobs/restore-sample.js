// One sample of the job `restore`: `node restore-sample.js WAY COUNT` prints how long the way took, as JSON.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Book, init } from "../../../pkg/node.mjs";
import { time } from "../clock.js";
import { invoice } from "../documents.js";
import { random, whole } from "../random.js";

const [way, count] = [process.argv[2], Number(process.argv[3])];
await init();

const next = random(808);
const lines = () => Array.from({ length: 5 }, () => whole(next, 1_00, 500_00));
const commands = Array.from({ length: count }, (_, index) => ({
  ...invoice(`INV-${index}`, lines()),
  accountId: `A-${index % 1000}`,
}));
// Before anything is timed: what is small and comes first would also pay for the start of the engine.
load(commands.slice(0, 1000)).free();

const folder = fileURLToPath(new URL("../../../target/bench", import.meta.url));
const file = `${folder}/restore-${count}`;

let book;
const done = {
  save: () => {
    book = load(commands);
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, book.snapshot());
  },
  load: () => time(() => (book = load(commands))),
  restore: () => {
    const bytes = readFileSync(file);
    return time(() => (book = Book.restore(bytes)));
  },
  parse: () => {
    const text = JSON.stringify(commands);
    return time(() => (book = JSON.parse(text)));
  },
}[way]();
assert.equal(commands.length, count);
assert.ok(book);
console.log(JSON.stringify(done ?? {}));

function load(commands) {
  const book = new Book({ currency: "USD" });
  for (const command of commands) book.execute(command);
  return book;
}
