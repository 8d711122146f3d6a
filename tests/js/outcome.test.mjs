// The lists of an outcome, whatever the width of the columns that they are read from (`src/wire/columns.rs`).
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Book } from "../../pkg/node.mjs";

/** The text of an amount of cents, a BigInt. */
function text(cents) {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, "0");
  return `${cents < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** An invoice and a credit memo with one line each, `open` on both, and the request to apply `amount`. */
function prepared(open, amount) {
  const book = new Book({ currency: "USD" });
  const at = "2026-03-01";
  for (const [type, id] of [
    ["createInvoice", "I"],
    ["createCreditMemo", "C"],
  ]) {
    book.execute({ type, id, at, autoPost: true, items: [{ id: "1", amount: text(open) }] });
  }
  const invoices = [{ invoiceId: "I", amount: text(amount) }];
  return { book, apply: { type: "applyCreditMemo", at, creditMemoId: "C", invoices } };
}

suite("the lists of an outcome", () => {
  const line = (documentId) => ({ documentId, itemId: "1", taxItemId: null });

  // Around 31 and 32 bits, where columns change their width, 53 bits, where Numbers end, and 63, where amounts do.
  for (const bits of [31n, 32n, 53n, 63n]) {
    for (const open of [2n ** bits - 2n, 2n ** bits - 1n, 2n ** bits, 2n ** bits + 1n]) {
      if (open >= 2n ** 63n) continue;
      test(`${open} cents, all and one of them, and taken back`, () => {
        for (const amount of [open, open - 1n, 1n]) {
          const { book, apply } = prepared(open, amount);
          const plan = book.preview(apply);
          for (const outcome of [plan, book.commit(plan)]) {
            assert.equal(outcome.amount, text(amount));
            const [{ items, ...application }] = outcome.applications;
            assert.equal(application.amount, text(amount));
            assert.deepEqual(items, [
              { source: line("C"), target: line("I"), amount: text(amount) },
            ]);
            const change = { before: text(open), after: text(open - amount) };
            assert.deepEqual(
              outcome.documents,
              ["C", "I"].map((documentId) => ({ documentId, ...change })),
            );
            assert.deepEqual(
              outcome.lines,
              ["C", "I"].map((documentId) => ({ line: line(documentId), ...change })),
            );
          }
          const back = book.execute({
            type: "unapplyCreditMemo",
            at: "2026-03-01",
            creditMemoId: "C",
          });
          assert.equal(back.applications[0].items[0].amount, text(-amount));
          assert.deepEqual(back.lines[1], {
            line: line("I"),
            before: text(open - amount),
            after: text(open),
          });
        }
      });
    }
  }

  test("a plan of wide columns is compared as one of narrow ones", () => {
    for (const open of [100n, 2n ** 40n]) {
      const { book, apply } = prepared(open, open - 10n);
      const plan = book.preview(apply);
      book.execute({ ...apply, invoices: [{ invoiceId: "I", amount: "0.05" }] });
      assert.throws(
        () => book.commit(plan),
        ({ code, message }) => {
          assert.equal(code, "planMoved");
          for (const figure of [text(open), "0.10", text(open - 5n), "0.05"])
            assert.ok(message.includes(figure), `no ${figure}: ${message}`);
          return true;
        },
      );
    }
  });

  // Half a word each: 300 needs more than its lower byte, 2¹⁶ − 1 its upper bit.
  for (const last of [300, 2 ** 16 - 1]) {
    test(`line ${last} of both documents, in half a word`, () => {
      const book = new Book({ currency: "USD" });
      const at = "2026-03-01";
      const items = Array.from({ length: last + 1 }, (_, index) => ({
        id: `${index}`,
        amount: "0.01",
      }));
      book.execute({ type: "createInvoice", id: "I", at, autoPost: true, items });
      book.execute({ type: "createCreditMemo", id: "C", at, autoPost: true, items });
      // What is last comes first.
      const invoices = [{ invoiceId: "I", amount: "0.01" }];
      const [application] = book.execute({
        type: "applyCreditMemo",
        at,
        creditMemoId: "C",
        rule: "lifo",
        invoices,
      }).applications;
      const line = (documentId) => ({ documentId, itemId: `${last}`, taxItemId: null });
      assert.deepEqual(application.items, [
        { source: line("C"), target: line("I"), amount: "0.01" },
      ]);
    });
  }

  test("more lines than 16 bits count", () => {
    const count = 2 ** 16 + 3;
    const book = new Book({ currency: "USD" });
    const items = Array.from({ length: count }, (_, index) => ({ id: `${index}`, amount: "0.01" }));
    const at = "2026-03-01";
    book.execute({ type: "createInvoice", id: "I", at, autoPost: true, items });
    book.execute({
      type: "createCreditMemo",
      id: "C",
      at,
      autoPost: true,
      items: [{ id: "1", amount: text(BigInt(count)) }],
    });
    const outcome = book.execute({
      type: "applyCreditMemo",
      at,
      creditMemoId: "C",
      invoices: [{ invoiceId: "I" }],
    });
    const targets = outcome.applications[0].items.map(({ target }) => target.itemId);
    assert.deepEqual(
      targets,
      items.map(({ id }) => id),
    );
    assert.deepEqual(
      outcome.lines.slice(1).map(({ line }) => line.itemId),
      items.map(({ id }) => id),
    );
  });
});
