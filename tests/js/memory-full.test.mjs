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

  test("is not reached by a dense matrix, nor by a large bulk or request", async () => {
    const small = await ownPackage(smallMemoryDir);
    const book = new small.Book({ currency: "USD" });
    book.execute(document("createInvoice", "I", 3000));
    book.execute(document("createCreditMemo", "C", 3000));
    const state = [book.version, book.hash()];
    const invoices = [{ invoiceId: "I", amount: "1500" }];
    const apply = { type: "applyCreditMemo", at: "2026-03-02", creditMemoId: "C", invoices };
    const bad = { type: "postInvoice", invoiceId: "none", at: "2026-03-02" };
    const commands = Array.from({ length: 300_000 }, () => bad);
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
    assert.equal(book.execute(apply).amount, "1500.00");
  });
});
