// A worker that settles a million items, and says what that took.
import { Book, init, Splitter } from "/pkg/setoff.js";

const [INVOICES, LINES] = [1_000, 1_000];
const AT = "2026-03-02";
const cents = (invoice, line) => 1 + ((invoice * 7919 + line * 104_729) % 99_999);
const text = (cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;

self.onmessage = async () => {
  let memory;
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (...args) => {
    const result = await instantiateStreaming(...args);
    memory = result.instance.exports.memory;
    return result;
  };
  await init();
  const bytes = () => memory.buffer.byteLength;
  self.postMessage({ book: settle(bytes), columns: split(bytes) });
};

/** One memo over all invoices, item by item, in a book. */
function settle(bytes) {
  const book = new Book({ currency: "USD" });
  const began = performance.now();
  let total = 0;
  for (let invoice = 0; invoice < INVOICES; invoice++) {
    const items = Array.from({ length: LINES }, (_, line) => ({
      id: `${line}`,
      amount: text(cents(invoice, line)),
    }));
    for (let line = 0; line < LINES; line++) total += cents(invoice, line);
    book.execute({ type: "createInvoice", at: AT, id: `INV-${invoice}`, autoPost: true, items });
  }
  const items = [{ id: "credit", amount: text(total) }];
  book.execute({ type: "createCreditMemo", at: AT, id: "CM", autoPost: true, items });
  const loaded = performance.now();
  const invoices = Array.from({ length: INVOICES }, (_, invoice) => ({
    invoiceId: `INV-${invoice}`,
  }));
  const outcome = book.execute({ type: "applyCreditMemo", at: AT, creditMemoId: "CM", invoices });
  const settled = performance.now();
  const parts = outcome.applications.reduce((count, { items }) => count + items.length, 0);
  const { document, amount } = outcome;
  const taken = bytes();
  book.free();
  return {
    parts,
    isAll: amount === text(total),
    unappliedAmount: document.unappliedAmount,
    bytesEach: taken / (INVOICES * LINES),
    loadMs: Math.round(loaded - began),
    settleMs: Math.round(settled - loaded),
  };
}

/** One amount over a million loaded weights. */
function split(bytes) {
  const count = INVOICES * LINES;
  const weights = Float64Array.from({ length: count }, (_, place) =>
    cents(place % INVOICES, (place / INVOICES) | 0),
  );
  const total = weights.reduce((sum, weight) => sum + weight);
  const before = bytes();
  const splitter = new Splitter({ weights });
  const began = performance.now();
  const result = splitter.split(Math.floor(total / 3));
  const ms = performance.now() - began;
  const sum = result.read().reduce((sum, part) => sum + part);
  return {
    isAll: sum === Math.floor(total / 3),
    grownBy: bytes() - before,
    ms: Math.round(ms * 10) / 10,
  };
}
