// How long things live: books until they are freed or forgotten, results for ever, and memory not at all.
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { suite, test } from "node:test";
import v8 from "node:v8";
import vm from "node:vm";
import * as setoff from "../../pkg/node.mjs";
import {
  APPLIED,
  APPLY,
  appliedAmounts,
  INVOICE,
  MEMO,
  ownPackage,
  someBook,
  thrownBy,
} from "./fixture.mjs";

const { Book } = setoff;

v8.setFlagsFromString("--expose-gc");
const collectGarbage = vm.runInNewContext("gc");

/** Collects everything that is forgotten, and lets the finalizers run. */
async function forget() {
  for (let round = 0; round < 3; round += 1) {
    collectGarbage();
    await setImmediate();
  }
}

suite("books", () => {
  test("can have more documents than a call can have arguments", () => {
    const COUNT = 150_000;
    const book = someBook(setoff);
    const payment = (_, index) => ({
      type: "createPayment",
      at: "2026-03-01",
      id: `P${index}`,
      amount: "1.00",
    });
    const commands = Array.from({ length: COUNT }, payment);
    book.execute({ type: "bulk", at: "2026-03-01", commands });
    const outcome = book.execute(APPLY);
    assert.deepEqual(appliedAmounts(outcome), APPLIED);
    const last = book.execute({
      type: "applyPayment",
      at: "2026-03-01",
      paymentId: `P${COUNT - 1}`,
      invoices: [{ invoiceId: APPLY.invoices[0].invoiceId, amount: "0.01" }],
    });
    // Freed before it is looked at.
    book.free();
    assert.equal(last.applications[0].sourceId, `P${COUNT - 1}`);
  });

  const USES = {
    execute: (book) => book.execute(APPLY),
    preview: (book) => book.preview(APPLY),
    query: (book) => book.query({ of: "invoice" }),
    snapshot: (book) => book.snapshot(),
    hash: (book) => book.hash(),
    version: (book) => book.version,
  };

  test("refuse every use after they were freed, and are freed as often as you like", () => {
    const book = someBook(setoff);
    const plan = book.preview(APPLY);
    const other = someBook(setoff);
    book.free();
    book.free();
    for (const [name, use] of Object.entries({ ...USES, commit: (book) => book.commit(plan) })) {
      const { code, path, details } = thrownBy(() => use(book));
      assert.deepEqual(
        [code, path, details],
        ["bookFreed", "", { sentence: "The book was freed.", reason: "freedBook", figures: {} }],
        name,
      );
    }
    book[Symbol.dispose]();
    // The engine's place of a freed book is never given to another.
    const later = someBook(setoff);
    assert.equal(thrownBy(() => book.version).code, "bookFreed");
    for (const still of [other, later])
      assert.deepEqual(appliedAmounts(still.execute(APPLY)), APPLIED);
  });

  test("are freed by `using`", () => {
    const book = someBook(setoff);
    assert.equal(Book.prototype[Symbol.dispose], Book.prototype.free);
    assert.ok(!Object.keys(book).includes("free"));
    book[Symbol.dispose]();
    assert.equal(thrownBy(() => book.version).code, "bookFreed");
  });

  test("still say what is wrong with a request after they were freed", () => {
    const book = someBook(setoff);
    book.free();
    assert.equal(thrownBy(() => book.execute({ type: "\ud800" })).code, "invalidText");
  });
});

suite("results", () => {
  test("give the same list each time", () => {
    const outcome = someBook(setoff).execute(APPLY);
    for (const name of ["applications", "documents", "lines", "notices"])
      assert.equal(outcome[name], outcome[name]);
    const created = new Book({ currency: "USD" }).execute(INVOICE);
    for (const name of ["applications", "documents", "lines"]) {
      assert.deepEqual(created[name], []);
      assert.equal(created[name], created[name]);
    }
  });

  test("are read as well before their book is freed as after", () => {
    const book = someBook(setoff);
    const outcomes = [book.preview(APPLY), book.execute(APPLY)];
    const before = outcomes.map((outcome) => JSON.stringify(outcome));
    const unread = [
      book.preview({ ...APPLY, invoices: [{ invoiceId: "I" }] }),
      book.execute({ type: "unapplyCreditMemo", at: "2026-03-03", creditMemoId: "C" }),
    ];
    book.execute({ ...INVOICE, id: "J" });
    book.free();
    assert.deepEqual(
      outcomes.map((outcome) => JSON.stringify(outcome)),
      before,
    );
    assert.deepEqual([unread[0].amount, unread[0].documents[1].after], ["2.00", "46.00"]);
    assert.deepEqual(appliedAmounts(unread[1]), ["-30.00", "-3.00", "-15.00"]);
  });

  test("are read lazily, but say what was then", () => {
    const [read, unread] = [someBook(setoff), someBook(setoff)];
    const text = JSON.stringify(read.execute(APPLY));
    const outcome = unread.execute(APPLY);
    unread.execute({ type: "unapplyCreditMemo", at: "2026-03-03", creditMemoId: "C" });
    for (const id of ["J", "A"]) unread.execute({ ...INVOICE, id });
    assert.equal(JSON.stringify(outcome), text);
    assert.equal(JSON.stringify({ ...outcome }), text);
  });

  test("belong to the caller: writing on them changes neither book nor other results", () => {
    const book = someBook(setoff);
    const [hash, snapshot] = [book.hash(), book.snapshot()];
    const [row] = book.query({ of: "invoice" }).rows;
    row.balance = "0.00";
    book.snapshot().fill(0);
    const preview = book.preview(APPLY);
    preview.documents[0].after = "0.00";
    preview.applications[0].items.length = 0;
    assert.deepEqual(appliedAmounts(book.preview(APPLY)), APPLIED);
    assert.equal(book.query({ of: "invoice" }).rows[0].balance, "96.00");
    assert.deepEqual([book.hash(), book.snapshot()], [hash, snapshot]);
  });

  test("are untouched by later calls", () => {
    const book = someBook(setoff);
    const results = [
      book.query({ of: "invoice" }),
      book.snapshot(),
      book.preview(APPLY),
      book.execute(APPLY),
    ];
    const read = () => results.map((result) => JSON.stringify(result));
    const before = read();
    for (let index = 0; index < 100; index += 1) {
      book.execute({ ...INVOICE, id: `other ${index}` });
      book.snapshot();
      book.query({ of: "invoice" });
    }
    assert.deepEqual(read(), before);
  });
});

// Each in an engine of its own, so that nothing else can move its memory.
suite("memory", () => {
  const REFUSALS = [
    ({ book }) => book.execute({ ...APPLY, invoices: [{ invoiceId: "I", amount: NaN }] }),
    ({ book }) => book.execute({ ...APPLY, invoices: [{ invoiceId: "I", amount: "1e2" }] }),
    ({ book }) => book.execute({ ...APPLY, invoices: [{ invoiceId: "I", amount: "1000" }] }),
    ({ book }) => book.execute({ ...APPLY, invoices: [{ invoiceId: "J" }] }),
    ({ book }) => book.execute({ ...APPLY, surprise: "x".repeat(1000) }),
    ({ book }) => book.execute({ ...APPLY, creditMemoId: "\ud800" }),
    ({ book }) =>
      book.execute({ ...INVOICE, id: "J", items: [...INVOICE.items, ...INVOICE.items] }),
    ({ book }) => book.execute(INVOICE),
    ({ book }) => book.preview(new Proxy({}, { ownKeys: () => assert.fail("trap") })),
    ({ book }) => book.query({ of: "item", where: { surprise: "J" } }),
    ({ book, stale }) => book.commit(stale),
    ({ book }) => book.commit({}),
    ({ Book }) => new Book({ currency: "?" }),
    ({ Book, damaged }) => Book.restore(damaged),
  ];

  /** Does `work` again and again, and asserts that the engine's memory does not grow, nor that of JavaScript. */
  async function assertFlat(own, count, work) {
    for (let index = 0; index < count / 20; index += 1) work(index);
    await forget();
    const used = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
    const [engine, before] = [own.memory(), used()];
    for (let index = 0; index < count; index += 1) work(index);
    await forget();
    assert.equal(own.memory(), engine, "the memory of the engine");
    const growth = used() - before;
    assert.ok(growth < 2 ** 21, `the memory of JavaScript has grown by ${growth} bytes`);
  }

  test("is flat over 100,000 refusals, and the next call is right", async () => {
    const own = await ownPackage();
    const book = someBook(own);
    const stale = book.preview(APPLY);
    book.execute({ ...APPLY, invoices: [{ invoiceId: "I", amount: "1" }] });
    book.execute({ type: "unapplyCreditMemo", at: "2026-03-03", creditMemoId: "C" });
    book.execute({ ...INVOICE, id: "J2", items: [{ id: "1", amount: "2" }] });
    book.execute({ ...APPLY, invoices: [{ invoiceId: "J2" }] });
    const damaged = book.snapshot().fill(7, 50);
    const context = { ...own, book, stale, damaged };
    const [version, hash] = [book.version, book.hash()];
    await assertFlat(own, 100_000, (index) => {
      const error = thrownBy(() => REFUSALS[index % REFUSALS.length](context));
      if (!own.isSetoffError(error) || error.code === "engineFault") throw error;
    });
    assert.deepEqual([book.version, book.hash()], [version, hash]);
    // From the day on which the memo has 48.00 again: 1.00 of it came back on the third of March.
    const later = book.execute({ ...APPLY, at: "2026-03-03" });
    assert.deepEqual(appliedAmounts(later), APPLIED);
  });

  test("is flat over 100,000 previews", async () => {
    const own = await ownPackage();
    const book = someBook(own);
    await assertFlat(own, 100_000, () => book.preview(APPLY));
    assert.deepEqual(appliedAmounts(book.preview(APPLY)), APPLIED);
  });

  test("is flat over 20,000 queries and snapshots", async () => {
    const own = await ownPackage();
    const book = someBook(own);
    await assertFlat(own, 20_000, () => {
      book.query({ of: "invoice" });
      book.snapshot();
    });
  });

  test("is flat over 20,000 books made, used, restored and freed", async () => {
    const own = await ownPackage();
    await assertFlat(own, 20_000, () => {
      const book = new own.Book({ currency: "USD" });
      book.execute(INVOICE);
      book.execute(MEMO);
      const restored = own.Book.restore(book.snapshot());
      book.free();
      restored.execute(APPLY);
      restored.free();
    });
  });

  test("is flat over books that are forgotten", async () => {
    const own = await ownPackage();
    const items = Array.from({ length: 100 }, (_, index) => ({
      id: `${index}`,
      amount: "1",
      description: "x".repeat(100),
    }));
    const round = async () => {
      for (let index = 0; index < 200; index += 1) {
        const book = new own.Book({ currency: "USD" });
        const outcome = book.execute({ ...INVOICE, items });
        assert.equal(book.preview(MEMO).version, outcome.version + 1);
      }
      await forget();
    };
    await round();
    await round();
    const before = own.memory();
    for (let index = 0; index < 8; index += 1) await round();
    // They are freed in any order, so the holes that they leave differ. A round that were kept would take 8 MB more.
    assert.ok(
      own.memory() - before < 2 ** 19,
      `the engine has grown by ${own.memory() - before} bytes`,
    );
  });

  test("keeps a book for as long as it can be reached through a result", async () => {
    const own = await ownPackage();
    const outcomes = Array.from({ length: 50 }, () => someBook(own).execute(APPLY));
    await forget();
    for (let index = 0; index < 50; index += 1) someBook(own);
    for (const outcome of outcomes) assert.deepEqual(appliedAmounts(outcome), APPLIED);
  });
});
