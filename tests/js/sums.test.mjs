// What a command would move, added up.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Book } from "../../pkg/node.mjs";
import { thrownBy } from "./fixture.mjs";

const at = "2026-03-02";
const vat = (id, amount) => [{ id, name: "VAT", amount }];

/** Two invoices of 110.00 and 55.00, and a credit memo of 165.00. */
function someBook() {
  const book = new Book({ currency: "USD" });
  const items = [
    { id: "a", amount: "60.00" },
    { id: "b", amount: "40.00", taxItems: vat("t", "10.00") },
  ];
  book.execute({ type: "createInvoice", at, id: "I", autoPost: true, items });
  const others = [{ id: "a", amount: "50.00", taxItems: vat("t", "5.00") }];
  book.execute({ type: "createInvoice", at, id: "J", autoPost: true, items: others });
  const whole = [{ id: "c", amount: "165.00" }];
  book.execute({ type: "createCreditMemo", at, id: "C", autoPost: true, items: whole });
  return book;
}

const APPLY = {
  type: "applyCreditMemo",
  at,
  creditMemoId: "C",
  invoices: [{ invoiceId: "I" }, { invoiceId: "J" }],
};

describe("the sums of a command", () => {
  test("are by document, the largest first", () => {
    const { rows, others } = someBook().sums(APPLY, { by: "document" });
    const figures = ({ documentId, lines, before, after, change }) =>
      [documentId, lines, before, after, change].join(" ");
    assert.deepEqual(rows.map(figures), [
      "C 1 165.00 0.00 165.00",
      "I 3 110.00 0.00 110.00",
      "J 2 55.00 0.00 55.00",
    ]);
    assert.deepEqual(others, []);
    assert.deepEqual(Object.keys(rows[0]), [
      ...["documentType", "documentId", "currency", "lines", "before", "after", "change"],
    ]);
  });

  test("are by line, and beyond the first few added up", () => {
    const { rows, others } = someBook().sums(APPLY, { by: "line", top: 3 });
    const figures = ({ documentId, itemId, taxItemId, lineType, change }) =>
      [documentId, itemId, taxItemId, lineType, change].join(" ");
    assert.deepEqual(rows.map(figures), ["C c  item 165.00", "I a  item 60.00", "J a  item 50.00"]);
    // 40.00 + 10.00 + 5.00.
    assert.deepEqual(others, [
      { rows: 3, currency: "USD", lines: 3, before: "55.00", after: "0.00", change: "55.00" },
    ]);
  });

  test("are by kind of line", () => {
    const { rows } = someBook().sums(APPLY, { by: "kind" });
    const figures = ({ documentType, lineType, lines, change }) =>
      [documentType, lineType, lines, change].join(" ");
    // 60.00 + 40.00 + 50.00 of items, 10.00 + 5.00 of taxes.
    assert.deepEqual(rows.map(figures), [
      "creditMemo item 1 165.00",
      "invoice item 3 150.00",
      "invoice tax 2 15.00",
    ]);
  });

  test("are below zero where something comes back, and change nothing", () => {
    const book = someBook();
    book.execute(APPLY);
    const before = book.snapshot();
    const { rows } = book.sums(
      { type: "unapplyCreditMemo", at, creditMemoId: "C", invoices: [{ invoiceId: "J" }] },
      { by: "document" },
    );
    assert.deepEqual(
      rows.map(({ documentId, change }) => [documentId, change]),
      [
        ["C", "-55.00"],
        ["J", "-55.00"],
      ],
    );
    assert.deepEqual(book.snapshot(), before);
    assert.deepEqual(book.sums({ type: "closePeriods", at, through: at }, { by: "line" }), {
      rows: [],
      others: [],
    });
  });

  test("are refused by a word or a number that there is not", () => {
    const refusal = (options) => {
      const { code, path } = thrownBy(() => someBook().sums(APPLY, options));
      return [code, path];
    };
    assert.deepEqual(refusal({ by: "account" }), ["invalidChoice", "options.by"]);
    assert.deepEqual(refusal({ by: "line", top: 0 }), ["invalidNumber", "options.top"]);
    assert.deepEqual(refusal({}), ["missingField", "options.by"]);
    assert.deepEqual(refusal(undefined), ["missingField", "options.by"]);
  });
});
