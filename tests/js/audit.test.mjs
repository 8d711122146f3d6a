// Questions of an auditor: who applied something, and why a document or line got what it got, or nothing.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Book } from "../../pkg/node.mjs";
import { thrownBy } from "./fixture.mjs";

const AT = "2026-03-01";

/** A book with two invoices, one of two lines and one due later, and a memo of 12.00 that is applied to both. */
function audited() {
  const book = new Book({ currency: "USD", log: true });
  const create = (type, id, items, more) =>
    book.execute({ type, at: AT, id, autoPost: true, items, ...more }, { id, actor: "anna" });
  create("createInvoice", "I", [
    { id: "x", amount: "10.00" },
    { id: "y", amount: "20.00" },
  ]);
  create("createInvoice", "J", [{ id: "z", amount: "5.00" }], { dueDate: "2026-04-01" });
  create("createCreditMemo", "C", [{ id: "m", amount: "12.00" }]);
  const command = {
    type: "applyCreditMemo",
    at: "2026-03-02",
    creditMemoId: "C",
    invoices: "allOpen",
  };
  const plan = book.preview(command);
  const { applicationGroupId } = book.commit(plan, { actor: "bert", note: "goodwill" });
  return { book, command, plan, applicationGroupId };
}

describe("a question about a line", () => {
  test("is answered long after, with what it got, from whom, and why", () => {
    const { book, applicationGroupId } = audited();
    book.execute({ type: "unapplyCreditMemo", at: "2026-03-03", creditMemoId: "C" });
    const { documentId, line, amount, steps } = book.explain(
      { applicationGroupId },
      { documentId: "I", itemId: "y" },
    );
    // 12.00 over 10.00 and 20.00: 4.00 and 8.00.
    assert.deepEqual(
      [documentId, line, amount],
      ["I", { documentId: "I", itemId: "y", taxItemId: null }, "8.00"],
    );
    const [{ code, otherId, partners, share, sentence }, ...more] = steps;
    assert.deepEqual([code, otherId, more], ["settled", "C", []]);
    assert.deepEqual(partners, [
      { line: { documentId: "C", itemId: "m", taxItemId: null }, amount: "8.00" },
    ]);
    assert.deepEqual([share.open, share.part, share.exact], ["20.00", "8.00", "8"]);
    assert.equal(sentence, share.sentence);
  });

  test("can be one of a row of the history", () => {
    const { book } = audited();
    const rows = book.query({ of: "applicationItem" }).rows;
    assert.deepEqual(
      rows.map(({ version, actor, note }) => [version, actor, note]),
      [
        [4, "bert", "goodwill"],
        [4, "bert", "goodwill"],
      ],
    );
    for (const { applicationGroupId, amount, source, target } of rows) {
      const asked = { applicationGroupId };
      const got = book.explain(asked, target);
      assert.deepEqual([got.amount, got.steps[0].partners], [amount, [{ line: source, amount }]]);
      assert.equal(book.explain(asked, source).amount, "12.00");
    }
  });
});

describe("a question about a document that got nothing", () => {
  const ofJ = { documentId: "J" };

  test("has the same answer of a command, of its plan, and long after", () => {
    const { book, command, plan, applicationGroupId } = audited();
    const then = book.explain({ applicationGroupId }, ofJ);
    assert.deepEqual(
      [then.amount, then.line, then.steps.map(({ code, otherId }) => [code, otherId])],
      ["0.00", null, [["usedUp", "C"]]],
    );
    const sentence = 'Nothing was left of "C" when the turn of "J" came, as number 2 of 2.';
    assert.equal(then.steps[0].sentence, sentence);

    // The memo is used up by now, so a plan is asked in the book of before.
    const before = Book.replay(book.entries().slice(0, 4));
    assert.deepEqual(before.explain(command, ofJ), then);
    assert.deepEqual(before.explain(plan, ofJ), then);
    assert.deepEqual(before.explain(JSON.parse(JSON.stringify(plan)), ofJ), then);
    assert.deepEqual(before.explain(plan), before.explain(command));
    assert.equal(before.version, 3);
  });

  test("can be one of an operation that settled nothing", () => {
    const { book, command } = audited();
    const { version } = book.execute({ ...command, at: "2026-03-04" });
    const asked = { applicationGroupId: `AG-${version}` };
    assert.equal(thrownBy(() => book.explain(asked)).details.reason, "groupOfNothing");
    const { steps } = book.explain(asked, ofJ);
    assert.deepEqual(
      steps.map(({ code }) => code),
      ["usedUp"],
    );
  });

  test("is refused of what there is not", () => {
    const { book, command } = audited();
    const wrong = [
      [{ documentId: "K" }, "documentNotFound", "about.documentId"],
      [{ documentId: "J", itemId: "x" }, "itemNotFound", "about.itemId"],
      [{ documentId: "J", itemId: "z", taxItemId: "t" }, "itemNotFound", "about.taxItemId"],
      [{}, "missingField", "about.documentId"],
      [{ documentId: "J", id: "z" }, "unknownField", "about.id"],
      [null, "invalidType", "about"],
      [5, "invalidType", "about"],
    ];
    for (const [about, code, path] of wrong) {
      const error = thrownBy(() => book.explain(command, about));
      assert.deepEqual([error.code, error.path], [code, path]);
    }
    assert.equal(
      thrownBy(() => book.explain({ applicationGroupId: "AG-9" }, ofJ)).code,
      "groupNotFound",
    );
  });
});
