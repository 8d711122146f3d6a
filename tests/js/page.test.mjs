// Words of the page that need no browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Book } from "../../pkg/node.mjs";

// The page takes the locale of the visitor when it is loaded.
Object.defineProperty(globalThis, "navigator", { value: { language: "en-US" } });
const { told } = await import("../../www/words/sentence.js");
const { historyOf } = await import("../../www/engine/history.js");

/** A sentence of the engine, and as it is shown in the United States. */
const SENTENCES = [
  ["30.00 of the 1234567.80 that it has open.", "30.00 of the 1,234,567.80 that it has open."],
  ["15.48 was used: -14.52.", "15.48 was used: \u221214.52."],
  ["-1452 yen.", "\u22121,452 yen."],
  ["15 of 31 days, for 1500 units.", "15 of 31 days, for 1500 units."],
  ["From 2026-01-17 to 2026-02-01.", "From Jan 17, 2026 to Feb 1, 2026."],
  ["From 2026-01-17T08:00:00Z on.", "From 2026-01-17T08:00:00Z on."],
  ["2026-02-30 is no day.", "2026-02-30 is no day."],
  ['Invoice "2026-01-17" has 10.00.', 'Invoice "2026-01-17" has 10.00.'],
  ['"A \\" 1000.5" has 1000.5 open.', '"A \\" 1000.5" has 1,000.5 open.'],
  ["INV-1001 and CM-2.5 are named.", "INV-1001 and CM-2.5 are named."],
  ["24.193548…, rounded.", "24.193548…, rounded."],
  ["The fields are: from-2, to.", "The fields are: from-2, to."],
];

for (const [sentence, shown] of SENTENCES) {
  test(`shown to a visitor: ${sentence}`, () => {
    assert.equal(told(sentence), shown);
  });
}

test("the history says which operations are taken back, also if an undo is undone, and that again", () => {
  const book = new Book({ currency: "USD", log: true });
  const [at, autoPost] = ["2026-01-01", true];
  const items = [{ id: "1", amount: "10.00" }];
  book.execute({ type: "createInvoice", id: "I", at, autoPost, items });
  book.execute({ type: "createCreditMemo", id: "C", at, autoPost, items });
  const apply = { type: "applyCreditMemo", at, creditMemoId: "C", invoices: [{ invoiceId: "I" }] };
  let { applicationGroupId } = book.execute(apply);
  const undone = () => historyOf(book, book.entries()).rows.map(({ isUndone }) => isUndone);
  assert.deepEqual(undone(), [false]);
  for (const expected of [
    [false, true],
    [false, true, false],
    [false, true, false, true],
  ]) {
    ({ applicationGroupId } = book.execute({ type: "undo", at, applicationGroupId }));
    assert.deepEqual(undone(), expected);
  }
});
