// A full memory: a module linked with at most 32 MiB refuses what it has no room for (`tooLarge`), and loses nothing.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { buildSmallMemory, smallMemoryDir } from "../../scripts/build.mjs";
import * as setoff from "../../pkg/node.mjs";
import { APPLIED, APPLY, appliedAmounts, ownPackage, someBook } from "./fixture.mjs";

const document = (type, id, count) => ({
  type,
  id,
  at: "2026-03-01",
  autoPost: true,
  items: Array.from({ length: count }, (_, place) => ({ id: `${place}`, amount: "1" })),
});

const AT = "2026-03-01";
const list = (count, make) => Array.from({ length: count }, (_, place) => make(place));
const weights = (count) => list(count, (place) => `${place % 7}`);
const floats = (count, value) => new Float64Array(count).fill(value);

/** A book that is given back once `use` is done with it. */
function withBook({ Book }, use) {
  const book = new Book({ currency: "USD" });
  try {
    use(book);
  } finally {
    book.free();
  }
}

/** A book of an invoice and a credit memo, both of that many lines. */
function withPair(own, count, use) {
  withBook(own, (book) => {
    book.execute(document("createInvoice", "I", count));
    book.execute(document("createCreditMemo", "C", count));
    use(book);
  });
}

/** A book of that many invoices of one line. */
function withInvoices(own, count, use) {
  withBook(own, (book) => {
    for (let place = 0; place < count; place += 1)
      book.execute(document("createInvoice", `I${place}`, 1));
    use(book);
  });
}

const applyAll = {
  type: "applyCreditMemo",
  at: AT,
  creditMemoId: "C",
  invoices: [{ invoiceId: "I" }],
};
const bulk = (commands) => ({ type: "bulk", at: AT, commands });
const split = (own, rest) => own.allocate({ currency: "USD", amount: "100.00", ...rest });

/** Requests of any size: each either has room, or is refused. */
const OF_ANY_SIZE = {
  "a document of a book with a log": (own, count) => {
    const book = new own.Book({ currency: "USD", log: true });
    try {
      const command = document("createInvoice", "I", count);
      book.execute({ ...command, comment: "\u0001".repeat(count) }, { id: "one" });
    } finally {
      book.free();
    }
  },
  "a split": (own, count) => split(own, { weights: weights(count) }),
  "a split by signed weights": (own, count) =>
    split(own, {
      weights: list(count, (place) => `${(place % 7) - 1}`),
      method: { allowNegative: true },
    }),
  "columns of weights": (own, count) => {
    const splitter = new own.Splitter({ weights: floats(count, 2) });
    splitter.split(1000);
    splitter.free();
  },
  "columns of weights with caps": (own, count) => {
    const splitter = new own.Splitter({ weights: floats(count, 2), caps: floats(count, 20) });
    splitter.split(10);
    splitter.free();
  },
  "columns of prices": (own, count) =>
    own.prorateColumns({
      prices: floats(count, 3000),
      serviceFrom: floats(count, 20000),
      serviceTo: floats(count, 20010),
      ...{ periodFrom: "2024-10-04", periodTo: "2024-11-04" },
    }),
  "a bill run": (own, count) =>
    own.generateDocuments({
      currency: "USD",
      charges: list(count, (place) => ({ id: `${place}`, amount: "1.00" })),
    }),
  "a text": (own, count) =>
    withBook(own, (book) =>
      book.execute({ ...document("createInvoice", "I", 1), comment: "x".repeat(count * 100) }),
    ),
  "an application": (own, count) => withPair(own, count, (book) => book.execute(applyAll)),
  "a plan and its commit": (own, count) =>
    withPair(own, count, (book) => book.commit(book.preview(applyAll))),
  reasons: (own, count) => withPair(own, count, (book) => book.explain(applyAll)),
  "an operation undone": (own, count) =>
    withPair(own, count, (book) => {
      const { applicationGroupId } = book.execute(applyAll);
      book.execute({ type: "undo", at: AT, applicationGroupId });
    }),
  "a void": (own, count) =>
    withPair(own, count, (book) => {
      book.execute(applyAll);
      book.execute({ type: "voidCreditMemo", at: AT, creditMemoId: "C" });
    }),
  "a refund": (own, count) =>
    withBook(own, (book) => {
      book.execute(document("createCreditMemo", "C", count));
      book.execute({ type: "refundCreditMemo", at: AT, creditMemoId: "C", id: "R" });
    }),
  "a write-off": (own, count) =>
    withBook(own, (book) => {
      book.execute(document("createInvoice", "I", count));
      book.execute({ type: "writeOffInvoice", at: AT, invoiceId: "I", id: "W" });
    }),
  "payments in a bulk": (own, count) =>
    withBook(own, (book) =>
      book.execute(
        bulk(
          list(count, (place) => ({ type: "createPayment", at: AT, id: `P${place}`, amount: "1" })),
        ),
      ),
    ),
  "a bulk of refusals": (own, count) =>
    withBook(own, (book) =>
      book.execute(bulk(list(count, () => ({ type: "postInvoice", at: AT, invoiceId: "none" })))),
    ),
  "a page of all invoices": (own, count) =>
    withInvoices(own, count, (book) => book.query({ of: "invoice", page: { size: 4_000_000 } })),
  "a book that is restored": (own, count) => {
    let snapshot;
    withInvoices(setoff, count, (book) => {
      snapshot = book.snapshot();
    });
    own.Book.restore(snapshot).free();
  },
};

/** The sizes to try: each half as large again, then some between the last that had room and the first that had not. */
function* sizes(hasRoom) {
  let [most, first] = [0, Number.POSITIVE_INFINITY];
  for (let size = 1000; first === Number.POSITIVE_INFINITY; size = Math.ceil(size * 1.5)) {
    yield size;
    if (hasRoom()) most = size;
    else first = size;
  }
  for (let tries = 0; tries < 3; tries += 1) {
    const size = Math.floor((most + first) / 2);
    yield size;
    if (hasRoom()) most = size;
    else first = size;
  }
}

/** Executes commands until one is refused. Answers the error, and how many there were. */
function fill(book, command) {
  for (let count = 0; ; count += 1) {
    assert.ok(count < 1_000_000, "the memory never fills");
    const state = [book.version, book.hash()];
    try {
      book.execute(command(count));
    } catch (error) {
      assert.deepEqual([book.version, book.hash()], state, "a refusal changes nothing");
      return { error, count };
    }
  }
}

suite("a full memory", () => {
  before(buildSmallMemory);

  for (const lines of [1, 20, 2000]) {
    test(`refuses documents of ${lines} lines, and keeps every book`, async () => {
      const small = await ownPackage(smallMemoryDir);
      const bystander = someBook(small);
      const book = new small.Book({ currency: "USD" });
      const { error, count } = fill(book, (place) => document("createInvoice", `I${place}`, lines));
      assert.ok(error instanceof small.SetoffError, String(error));
      assert.equal(error.code, "tooLarge");
      assert.ok(count * lines > 5000, `already ${count} documents are too many`);

      // It can be saved, and goes on elsewhere.
      const restored = setoff.Book.restore(book.snapshot());
      assert.equal(restored.hash(), book.hash());
      restored.execute(document("createInvoice", "one more", lines));

      assert.equal(bystander.version, 2);
      book.free();
      assert.deepEqual(appliedAmounts(bystander.execute(APPLY)), APPLIED, "there is room again");
    });
  }

  for (const [name, attempt] of Object.entries(OF_ANY_SIZE)) {
    test(`has room for ${name}, or refuses it`, async () => {
      const small = await ownPackage(smallMemoryDir);
      const bystander = someBook(small);
      let hasRoom;
      for (const size of sizes(() => hasRoom)) {
        assert.ok(size < 10_000_000, "the memory never fills");
        try {
          attempt(small, size);
          hasRoom = true;
        } catch (error) {
          hasRoom = false;
          assert.ok(error instanceof small.SetoffError, String(error));
          assert.equal(error.code, "tooLarge", `${size}: ${error.message}`);
        }
      }
      assert.deepEqual(appliedAmounts(bystander.execute(APPLY)), APPLIED);
    });
  }

  test("is not reached by a dense matrix, nor by a large bulk or request", async () => {
    const small = await ownPackage(smallMemoryDir);
    const book = new small.Book({ currency: "USD" });
    book.execute(document("createInvoice", "I", 12_000));
    book.execute(document("createCreditMemo", "C", 12_000));
    const state = [book.version, book.hash()];
    const invoices = [{ invoiceId: "I", amount: "6000" }];
    const apply = { type: "applyCreditMemo", at: "2026-03-02", creditMemoId: "C", invoices };
    const bad = { type: "postInvoice", invoiceId: "none", at: "2026-03-02" };
    const commands = Array.from({ length: 1_000_000 }, () => bad);
    for (const command of [
      { ...apply, matrix: "dense" },
      { type: "bulk", at: "2026-03-02", commands },
      document("createInvoice", "J", 500_000),
    ]) {
      assert.throws(
        () => book.execute(command),
        (error) => error instanceof small.SetoffError && error.code === "tooLarge",
      );
      assert.deepEqual([book.version, book.hash()], state);
    }
    assert.equal(book.execute(apply).amount, "6000.00");
  });
});
