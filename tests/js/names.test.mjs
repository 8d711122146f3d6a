// What the lists of a plan call lines, whenever they are read.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Book, init, isSetoffError } from "../../pkg/node.mjs";

const at = "2026-03-02";
const update = { type: "updateInvoice", at, invoiceId: "I" };
const other = { ...update, items: [{ delete: "a" }, { add: { id: "z", amount: "99" } }] };
const post = { type: "postInvoice", at, invoiceId: "I" };
const unpost = { type: "unpostInvoice", at, invoiceId: "I" };
const apply = { type: "applyCreditMemo", at, creditMemoId: "C", invoices: [{ invoiceId: "I" }] };

before(() => init());

/** An invoice of 10 and 20, and a credit memo of 15. */
function open(autoPost) {
  const book = new Book({ currency: "USD" });
  const items = [
    { id: "a", amount: "10" },
    { id: "b", amount: "20" },
  ];
  book.execute({ type: "createInvoice", at, id: "I", autoPost, items });
  book.execute({
    type: "createCreditMemo",
    at,
    id: "C",
    autoPost: true,
    items: [{ id: "c", amount: "15" }],
  });
  return book;
}

const named = ({ lines }) =>
  lines.map(({ line, before, after }) => `${line.itemId} ${before} ${after}`);

test("a plan that changes a draft speaks of the lines that it makes", () => {
  const book = open(false);
  const plan = book.preview({ type: "bulk", at, commands: [other, post, apply] });
  // 15.00 over 20.00 and 99.00: 2.5210… and 12.4789…, the cent left over goes to the second.
  const expected = ["c 15.00 0.00", "b 20.00 17.48", "z 99.00 86.52"];
  assert.deepEqual(named(plan), expected);
  const targets = plan.applications.flatMap(({ items }) =>
    items.map(({ target }) => target.itemId),
  );
  assert.deepEqual(targets, ["b", "z"]);
  assert.deepEqual(named(book.commit(plan)), expected);
  assert.deepEqual(named(plan), expected, "read before");
});

test("a plan of a change that was not carried out changes no name", () => {
  const book = open(true);
  const plan = book.preview(apply);
  book.preview({ type: "bulk", at, commands: [unpost, other] });
  assert.deepEqual(named(plan), ["c 15.00 0.00", "a 10.00 5.00", "b 20.00 10.00"]);
});

for (const isRead of [true, false]) {
  test(`lists that are ${isRead ? "" : "not "}read before a draft changes say the same`, () => {
    const book = open(true);
    // So that the names are fetched before, or not.
    if (isRead) assert.equal(named(book.preview(apply)).length, 3);
    const plan = book.preview(apply);
    book.execute(unpost);
    book.execute(other);
    book.execute({ ...update, items: [{ delete: "b" }] });
    const between = book.preview(post);
    assert.deepEqual(named(plan), ["c 15.00 0.00", "a 10.00 5.00", "b 20.00 10.00"]);
    assert.deepEqual(named(between), []);
    book.execute(post);
    assert.deepEqual(named(book.execute(apply)), ["c 15.00 0.00", "z 99.00 84.00"]);
    book.free();
    assert.deepEqual(named(plan), ["c 15.00 0.00", "a 10.00 5.00", "b 20.00 10.00"]);
  });
}

test("a plan does not settle lines that took the place of its own", () => {
  const book = open(true);
  const plan = book.preview(apply);
  const added = [{ add: { id: "x", amount: "10" } }, { add: { id: "y", amount: "20" } }];
  book.execute(unpost);
  book.execute({ ...update, items: [{ delete: "a" }, { delete: "b" }, ...added] });
  book.execute(post);
  const hash = book.hash();
  assert.throws(
    () => book.commit(plan),
    (error) => isSetoffError(error) && error.code === "planMoved",
  );
  assert.equal(book.hash(), hash);
  assert.deepEqual(named(book.commit(book.preview(apply))), [
    "c 15.00 0.00",
    "x 10.00 5.00",
    "y 20.00 10.00",
  ]);
});
