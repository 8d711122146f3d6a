// How the memory of the engine grows. Each growth can make a JavaScript engine collect its whole heap, so what counts
// is how often it grows, beside a heap that is large.
import assert from "node:assert/strict";
import { PerformanceObserver, constants } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { suite, test } from "node:test";
import { ownPackage } from "./fixture.mjs";

const MEGABYTE = 2 ** 20;

/** The largest number of growths from one size to another, if each makes the memory a fifth larger at least. */
const growths = (from, to) => Math.ceil(Math.log(to / from) / Math.log(1.2));

const invoice = (id) => ({
  type: "createInvoice",
  id,
  at: "2026-03-01",
  autoPost: true,
  items: [{ id: "1", amount: "60", taxItems: [{ id: "1-T", amount: "6" }] }],
});
const invoices = (count, prefix) =>
  Array.from({ length: count }, (_, place) => invoice(`${prefix}-${place}`));

/** Many small objects: what is collected again and again. */
const heap = () => Array.from({ length: 100_000 }, (_, place) => ({ place }));

/** How often the whole heap is collected while `work` is done. */
async function collections(work) {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list
      .getEntries()
      .filter(({ detail }) => detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR).length;
  });
  observer.observe({ entryTypes: ["gc"] });
  work();
  await setImmediate();
  await setImmediate();
  observer.disconnect();
  return count;
}

suite("memory grows in steps of its own size", () => {
  const held = heap();

  test("one command after the other", async () => {
    const { Book, memory } = await ownPackage();
    const book = new Book({ currency: "USD" });
    const first = memory();
    let [size, grown] = [first, 0];
    for (const command of invoices(60_000, "I")) {
      book.execute(command);
      if (memory() !== size) grown += 1;
      size = memory();
    }
    assert.ok(size > 32 * MEGABYTE, `only ${size} bytes`);
    assert.ok(grown <= growths(first, size), `${grown} times from ${first} to ${size} bytes`);
  });

  test("within one call: a bulk, and a book that is restored", async () => {
    const { Book, memory } = await ownPackage();
    const book = new Book({ currency: "USD" });
    const bulk = { type: "bulk", at: "2026-03-01", commands: invoices(100_000, "I") };
    const forBulk = await collections(() => book.execute(bulk));
    const snapshot = book.snapshot();

    const other = await ownPackage();
    const forRestore = await collections(() => other.Book.restore(snapshot));
    assert.ok(memory() > 64 * MEGABYTE && other.memory() > 64 * MEGABYTE);
    // By 64 KiB at a time they were more than a hundred each.
    assert.ok(forBulk <= 60 && forRestore <= 20, `${forBulk} and ${forRestore} collections`);
  });

  test("and the heap was there all along", () => assert.equal(held.length, 100_000));
});
