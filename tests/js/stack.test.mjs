// Calls near the end of the JavaScript stack: refused before they begin, or carried out. None costs a book.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { packageDir } from "../../scripts/build.mjs";
import { APPLY, ownPackage, someBook } from "./fixture.mjs";

/** More frames than all that the engine needs of the stack. */
const DEPTHS = 3000;

/** Makes `attempt` at each depth near the end of the stack, the deepest first. Answers what came of each. */
function atEveryDepth(attempt) {
  const found = [];
  function descend() {
    try {
      descend();
    } catch {
      // Here the stack ends.
    }
    if (found.length === DEPTHS) return;
    try {
      attempt();
      found.push(undefined);
    } catch (error) {
      found.push(error);
    }
  }
  descend();
  return found;
}

const nested = (depth) => (depth === 0 ? "1" : [nested(depth - 1)]);
const atomic = { type: "bulk", at: "2026-03-02", atomic: true };

/** Calls of the engine, with the code of what refuses them where the stack has room. */
const CALLS = {
  preview: [(book) => book.preview(APPLY)],
  explain: [(book) => book.explain(APPLY)],
  "a bulk": [
    (book) =>
      book.preview({ ...atomic, commands: [APPLY, { ...APPLY, type: "unapplyCreditMemo" }] }),
  ],
  query: [(book) => book.query({ of: "invoice", total: true })],
  hash: [(book) => book.hash()],
  snapshot: [(book) => book.snapshot()],
  "a refusal": [(book) => book.preview({ ...APPLY, creditMemoId: "none" }), "documentNotFound"],
  "nested lists": [(book) => book.preview({ ...APPLY, invoices: nested(30) }), "invalidType"],
  allocate: [
    (_, { allocate }) => allocate({ currency: "USD", amount: "10.00", weights: ["1.5", "2"] }),
  ],
};

suite("near the end of the stack", () => {
  for (const [name, [attempt, code]] of Object.entries(CALLS)) {
    for (const isWarm of [false, true]) {
      test(`${name}, ${isWarm ? "many times before" : "for the first time"}`, async () => {
        const own = await ownPackage(packageDir);
        const book = someBook(own);
        const state = [book.version, book.hash()];
        for (let count = 0; isWarm && count < 3000; count += 1) {
          try {
            attempt(book, own);
          } catch (error) {
            assert.equal(error.code, code);
          }
        }
        const found = atEveryDepth(() => attempt(book, own));

        const faults = found.filter((error) => error?.code === "engineFault");
        assert.deepEqual(faults, []);
        assert.deepEqual([book.version, book.hash()], state);

        // The first time the host may have no room to compile even what makes the error.
        const refusals = found.filter((error) => error?.code === "tooLarge");
        if (isWarm) assert.ok(refusals.length > 10, `${refusals.length} refusals`);
        assert.equal(found.at(-1)?.code, code);
        for (const error of refusals) assert.ok(error instanceof own.SetoffError);
      });
    }
  }

  test("a command is carried out once or not at all", async () => {
    const own = await ownPackage(packageDir);
    const book = someBook(own);
    let count = 0;
    const pay = () => {
      count += 1;
      const id = `P${count}`;
      return book.execute({ type: "createPayment", at: "2026-03-02", id, amount: "1" });
    };
    const before = book.version;
    const found = atEveryDepth(pay);
    const done = found.filter((error) => error === undefined);
    assert.equal(book.version - before, done.length);
    assert.ok(done.length > 0);
  });
});
