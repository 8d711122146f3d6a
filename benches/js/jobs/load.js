// Filling a book: document by document, and from a snapshot of the same.
import assert from "node:assert/strict";
import { Book } from "../../../pkg/node.mjs";
import { engine } from "../contenders.js";
import { invoice } from "../documents.js";
import { random, whole } from "../random.js";

const INVOICES = 1000;
const LINES = 15;

export const load = {
  name: "load",
  title: `${INVOICES} invoices of ${LINES} lines by createInvoice, and free`,
  rounds: 20,
  sampleMs: 40,

  prepare() {
    const next = random(303);
    const lines = () => Array.from({ length: LINES }, () => whole(next, 1_00, 500_00));
    const commands = Array.from({ length: INVOICES }, (_, index) =>
      invoice(`INV-${index}`, lines()),
    );
    const book = engine.open(commands);
    const snapshot = book.snapshot();
    const size = `${Math.round(snapshot.length / 1024)} KiB`;
    const text = JSON.stringify(commands);
    const restored = Book.restore(snapshot);
    assert.equal(restored.hash(), book.hash());
    for (const done of [book, restored]) done.free();
    return {
      contenders: [
        { name: "setoff, createInvoice", run: () => engine.open(commands).free() },
        { name: `setoff, restore of ${size}`, run: () => Book.restore(snapshot).free() },
        // Not a rival, but a measure: what it costs to only read the same commands.
        { name: "JSON.parse of the same commands", run: () => JSON.parse(text) },
      ],
      wrong: [],
    };
  },
};
