// Lists as a program uses them: cursors over a book that changes, and what a cursor of another query or book is told.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import * as esm from "../../pkg/node.mjs";
import { APPLY, refused, someBook } from "./fixture.mjs";

const { Book } = esm;

const create = (id, amount, more) => ({
  type: "createInvoice",
  id,
  at: "2026-03-01",
  autoPost: true,
  items: [{ id: "1", amount }],
  ...more,
});

/** Invoices I01 to I{count} of 1.00, 2.00 and so on, in a scattered order. */
function numbered(count) {
  const book = new Book({ currency: "USD" });
  for (let step = 1; step <= count; step++) {
    const number = ((step * 7) % count) + 1;
    book.execute(create(`I${String(number).padStart(2, "0")}`, `${number}.00`));
  }
  return book;
}

/** The pages of a query from a cursor on, as lists of identifiers. */
function walk(book, query, page, way = "next") {
  const pages = [];
  for (let cursor = page; cursor !== null; ) {
    const found = book.query({ ...query, page: cursor });
    pages.push(found.rows.map(({ id }) => id).join(" "));
    const to = found[way];
    cursor = to === null ? null : { [way === "next" ? "after" : "before"]: to, size: cursor.size };
  }
  return pages;
}

suite("pages", () => {
  test("by cursor go on where the last one ended, forwards and backwards", () => {
    const book = numbered(8);
    const query = { of: "invoice", sort: [{ by: "amount", dir: "desc" }] };
    assert.deepEqual(walk(book, query, { size: 3 }), ["I08 I07 I06", "I05 I04 I03", "I02 I01"]);
    const { previous, next } = book.query({ ...query, page: { number: 3, size: 3 } });
    assert.equal(next, null);
    assert.deepEqual(walk(book, query, { before: previous, size: 4 }, "previous"), [
      "I06 I05 I04 I03",
      "I08 I07",
    ]);
  });

  test("by cursor stay right while documents are added, settled and deleted", () => {
    const book = numbered(8);
    const query = { of: "invoice", sort: [{ by: "amount" }], page: { size: 3 } };
    const { rows, next } = book.query(query);
    assert.equal(rows.at(-1).id, "I03");
    book.execute(create("I00", "0.50"));
    book.execute(create("I03b", "3.50"));
    for (const type of ["voidInvoice", "deleteInvoice"])
      book.execute({ type, at: "2026-03-02", invoiceId: "I03" });
    // The row that the cursor was taken from is gone, one came before it and one right behind.
    assert.deepEqual(walk(book, query, { after: next, size: 3 }), ["I03b I04 I05", "I06 I07 I08"]);
    const after = book.query({ ...query, page: { after: next, size: 3 } });
    assert.deepEqual(walk(book, query, { before: after.previous, size: 9 }, "previous"), [
      "I00 I01 I02",
    ]);
    // By number, the rows have moved.
    assert.deepEqual(
      book.query({ ...query, page: { number: 2, size: 3 } }).rows.map(({ id }) => id),
      ["I03b", "I04", "I05"],
    );
  });

  test("count only when they are asked to", () => {
    const book = numbered(5);
    const page = book.query({ of: "invoice", page: { size: 2 } });
    assert.deepEqual([page.total, page.page, page.previous], [null, { number: 1, size: 2 }, null]);
    const counted = book.query({ of: "invoice", page: { after: page.next, size: 2 }, total: true });
    assert.deepEqual([counted.total, counted.page], [5, { number: null, size: 2 }]);
    const none = book.query({ of: "invoice", page: { number: 9, size: 2 }, total: true });
    assert.deepEqual([none.rows, none.total, none.next, none.previous], [[], 5, null, null]);
  });

  test("may have other sizes, fields and counts than the page of their cursor", () => {
    const book = numbered(6);
    const where = { amount: { gt: "1" }, status: "posted" };
    const { next } = book.query({ of: "invoice", where, page: { size: 2 } });
    // The order of conditions does not matter.
    const query = {
      of: "invoice",
      where: { status: "posted", amount: { gt: "1" } },
      fields: ["id"],
      total: true,
    };
    const { rows, total } = book.query({ ...query, page: { after: next, size: 9 } });
    assert.deepEqual([rows, total], [[{ id: "I04" }, { id: "I03" }, { id: "I02" }], 5]);
  });
});

suite("a cursor is refused", () => {
  const query = { of: "invoice", where: { status: "posted" }, sort: [{ by: "amount" }] };
  const book = () => {
    const book = someBook(esm);
    for (const id of ["I1", "I2", "I3"]) book.execute(create(id, "1.00"));
    return book;
  };
  const cursor = (book) => book.query({ ...query, page: { size: 1 } }).next;
  const foreign = { code: "invalidCursor", path: "page.after" };

  test("by a query of another kind, filter, order or day", () => {
    const own = book();
    const page = { after: cursor(own) };
    for (const change of [
      { of: "creditMemo" },
      { where: {} },
      { where: { status: "draft" } },
      { where: { status: { ne: "posted" } } },
      { sort: [{ by: "amount", dir: "desc" }] },
      { sort: [{ by: "amount" }, { by: "date" }] },
      { sort: [{ by: "amount", natural: true }] },
      { asOf: "2026-03-05" },
    ]) {
      refused(esm, own, (book) => book.query({ ...query, ...change, page }), foreign);
    }
    assert.equal(own.query({ ...query, page }).rows.length, 3);
  });

  test("by a book that is not as far as the one it is of", () => {
    const own = book();
    const early = Book.restore(own.snapshot());
    own.execute(create("I4", "1.00"));
    const after = cursor(own);
    refused(esm, early, (book) => book.query({ ...query, page: { after } }), foreign);
    assert.equal(Book.restore(own.snapshot()).query({ ...query, page: { after } }).rows.length, 4);
  });

  test("by another book, also by a copy of its own that went another way", () => {
    const own = book();
    const copy = Book.restore(own.snapshot());
    own.execute(create("I4", "1.00"));
    copy.execute(create("I5", "1.00"));
    const page = { after: cursor(own) };
    const imported = Book.import(own.export());
    assert.equal(imported.query({ ...query, page }).rows.length, 4);
    refused(esm, copy, (book) => book.query({ ...query, page }), {
      ...foreign,
      reason: "cursorOfOtherBook",
    });
  });

  test("when it was changed, in every place", () => {
    const own = book();
    const after = cursor(own);
    for (let place = 0; place < after.length; place++) {
      for (const digit of ["0", "f", "g"]) {
        const changed = after.slice(0, place) + digit + after.slice(place + 1);
        // The position is data: another one is another place, and answers rows like any.
        try {
          assert.ok(Array.isArray(own.query({ ...query, page: { after: changed } }).rows));
        } catch (error) {
          assert.equal(error.code, "invalidCursor");
        }
      }
    }
    for (const text of [
      "",
      "0",
      "é",
      after.slice(2),
      after.slice(0, -2),
      `${after}00`,
      after.toUpperCase(),
    ]) {
      if (text !== after)
        refused(esm, own, (book) => book.query({ ...query, page: { after: text } }), foreign);
    }
  });
});

test("lists follow the documents, whatever was asked before", () => {
  const book = someBook(esm);
  const where = { unappliedAmount: { gt: "0" }, canBeApplied: true };
  const open = { of: "creditMemo", where, fields: ["unappliedAmount"] };
  const left = () => book.query(open).rows.map(({ unappliedAmount }) => unappliedAmount);
  assert.deepEqual(left(), ["50.00"]);
  book.preview({ ...APPLY, invoices: [{ invoiceId: "I", amount: "50" }] });
  assert.deepEqual(left(), ["50.00"]);
  book.execute(APPLY);
  assert.deepEqual(left(), ["2.00"]);
  book.execute({ ...APPLY, invoices: [{ invoiceId: "I", amount: "2" }] });
  assert.deepEqual(left(), []);
  book.execute({ type: "unapplyCreditMemo", at: "2026-03-03", creditMemoId: "C" });
  assert.deepEqual(left(), ["50.00"]);
});

suite("all rows", () => {
  test("come in their order, whatever the size of a page", () => {
    const book = new Book({ currency: "USD" });
    const commands = [];
    for (let number = 1; number <= 1203; number++) commands.push(create(`I${number}`, "1.00"));
    book.execute({ type: "bulk", at: "2026-03-01", commands });

    const query = { of: "invoice", sort: [{ by: "number", natural: true }] };
    const ids = Array.from(book.all({ ...query, fields: ["id"] }), ({ id }) => id);

    assert.equal(ids.length, 1203);
    assert.deepEqual(
      ids,
      commands.map(({ id }) => id),
    );
    // A query for one page says by its cursor that there are more than it shows.
    const { rows, next } = book.query(query);
    assert.equal(rows.length, 20);
    assert.notEqual(next, null);
  });

  test("are read when the loop comes to them", () => {
    const book = numbered(3);
    const rows = book.all({ of: "invoice", sort: [{ by: "id" }] });
    book.execute(create("I00", "5.00"));
    assert.equal(rows.next().value.id, "I00");
    book.free();
    assert.equal(rows.next().value.id, "I01");

    const freed = new Book({ currency: "USD" }).all({ of: "invoice" });
    assert.deepEqual([...freed], []);
  });

  test("of a book that is freed, or of a query that is none, are refused", () => {
    const book = numbered(3);
    const query = { of: "invoice" };
    const wrong = [
      [{ ...query, where: { id: undefined } }, "invalidType"],
      [{ ...query, page: { size: 5 } }, "unknownField"],
      [{ ...query, sum: ["balance"] }, "unknownField"],
      [{ of: "invoices" }, "invalidChoice"],
    ];
    for (const [query, code] of wrong) assert.throws(() => book.all(query).next(), { code });

    const rows = book.all(query);
    book.free();
    assert.throws(() => rows.next(), { code: "bookFreed" });
  });
});

suite("the page of queries", () => {
  const page = readFileSync(new URL("../../docs/reference/queries.md", import.meta.url), "utf8");
  const days = {
    ageing: { at: "2026-03-31", days: [30] },
    statement: { from: "2026-03-01", to: "2026-03-31" },
  };

  for (const section of page.split("\n## ").slice(1)) {
    const [of] = section.split("\n");
    test(`names no field of ${of} that a query does not know`, () => {
      const fields = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
      assert.ok(fields.length > 0);
      new Book({ currency: "USD" }).query({ of, ...days[of], fields });
    });
  }
});
