// What a fault of the engine costs: the books of before, and nothing else. In the build with fault injection a command
// that is the text "fault" stops the engine in the midst of the call, with the table of books borrowed.
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { before, suite, test } from "node:test";
import v8 from "node:v8";
import vm from "node:vm";
import { buildFaultInjection, faultInjectionDir } from "../../scripts/build.mjs";
import * as setoff from "../../pkg/node.mjs";
import {
  APPLIED,
  APPLY,
  appliedAmounts,
  INVOICE,
  ownPackage,
  refused,
  someBook,
  thrownBy,
} from "./fixture.mjs";

v8.setFlagsFromString("--expose-gc");
const collectGarbage = vm.runInNewContext("gc");

suite("a fault", () => {
  let faulty;

  before(async () => {
    await buildFaultInjection();
    faulty = await ownPackage(faultInjectionDir);
  });

  /** Stops the engine in a call of `book`. Answers the error. */
  const stop = (book) => thrownBy(() => book.execute("fault"));

  /** The state that {@link APPLY} leads to, in the package without faults. */
  const right = () => {
    const book = someBook(setoff);
    book.execute(APPLY);
    return book.hash();
  };

  const isLost = (use) => {
    const { code, path, details } = thrownBy(use);
    assert.deepEqual([code, path], ["engineFault", ""]);
    assert.deepEqual(details, {
      sentence: "The book was lost at the last fault of the engine.",
      reason: "bookOfFault",
      figures: {},
    });
  };

  test("is an error like others, with what the runtime says as its cause", () => {
    const error = stop(someBook(faulty));
    assert.ok(error instanceof faulty.SetoffError && faulty.isSetoffError(error));
    assert.deepEqual(
      [error.code, error.path, error.details.reason],
      ["engineFault", "", "callCutShort"],
    );
    assert.ok(error.cause instanceof WebAssembly.RuntimeError, String(error.cause));
    assert.deepEqual(error.details.figures, { cause: String(error.cause) });
  });

  test("costs all books of before, which say so and can be freed", () => {
    const [book, bystander] = [someBook(faulty), someBook(faulty)];
    const plan = bystander.preview(APPLY);
    stop(book);
    for (const lost of [book, bystander]) {
      isLost(() => lost.execute(APPLY));
      isLost(() => lost.preview(APPLY));
      isLost(() => lost.query({ of: "invoice" }));
      isLost(() => lost.snapshot());
      isLost(() => lost.hash());
      isLost(() => lost.version);
      lost.free();
      lost.free();
      lost[Symbol.dispose]();
    }
    isLost(() => bystander.commit(plan));
    // It is refused before the engine is asked, and so it can stop nothing.
    const later = someBook(faulty);
    isLost(() => book.execute("fault"));
    assert.deepEqual(appliedAmounts(later.execute(APPLY)), APPLIED);
  });

  test("leaves the next book right at once, whatever the first call is", () => {
    const snapshot = someBook(faulty).snapshot();
    const firsts = {
      "new Book": () => someBook(faulty),
      "new Book that is refused": () => {
        assert.equal(thrownBy(() => new faulty.Book({ currency: "?" })).code, "unknownCurrency");
        return someBook(faulty);
      },
      restore: () => faulty.Book.restore(snapshot),
      "restore that is refused": () => {
        assert.equal(
          thrownBy(() => faulty.Book.restore(snapshot.subarray(1))).code,
          "invalidSnapshot",
        );
        return faulty.Book.restore(snapshot);
      },
    };
    for (const [name, first] of Object.entries(firsts)) {
      stop(someBook(faulty));
      const book = first();
      assert.deepEqual(appliedAmounts(book.execute(APPLY)), APPLIED, name);
      assert.equal(book.hash(), right(), name);
    }
  });

  test("leaves what was read of earlier results", () => {
    const book = someBook(faulty);
    const [read, unread] = [book.preview(APPLY), book.execute(APPLY)];
    const { lines } = read;
    stop(book);
    assert.equal(read.lines, lines);
    assert.deepEqual(unread.lines, lines, "the names are known by now");
    assert.deepEqual([unread.amount, unread.document.unappliedAmount], ["48.00", "2.00"]);
    const other = someBook(faulty);
    const never = other.execute(APPLY);
    stop(other);
    assert.equal(never.amount, "48.00");
    isLost(() => never.applications);
  });

  test("in a preview, in the midst of another call, and of a book that was freed", () => {
    assert.equal(thrownBy(() => someBook(faulty).preview("fault")).code, "engineFault");
    const book = someBook(faulty);
    const outer = {
      ...APPLY,
      get invoices() {
        stop(someBook(faulty));
        return APPLY.invoices;
      },
    };
    isLost(() => book.execute(outer));
    const freed = someBook(faulty);
    freed.free();
    assert.equal(stop(freed).code, "bookFreed");
    assert.deepEqual(appliedAmounts(someBook(faulty).execute(APPLY)), APPLIED);
  });

  test("lets no finalizer of a book of before free one of after", async () => {
    // The second fifty have the same numbers as the first, in the engine that followed theirs.
    const fifty = () => Array.from({ length: 50 }, () => someBook(faulty));
    stop(fifty()[0]);
    const books = fifty();
    for (let round = 0; round < 5; round += 1) {
      collectGarbage();
      await setImmediate();
    }
    for (const book of books) assert.deepEqual(appliedAmounts(book.execute(APPLY)), APPLIED);
  });

  test("may come 5,000 times in a row", () => {
    const expected = right();
    for (let index = 0; index < 5000; index += 1) {
      assert.equal(stop(new faulty.Book({ currency: "USD" })).code, "engineFault");
      if (index % 100 === 0) {
        const book = someBook(faulty);
        assert.deepEqual(appliedAmounts(book.execute(APPLY)), APPLIED);
        assert.equal(book.hash(), expected);
      }
    }
    const book = someBook(faulty);
    book.execute(APPLY);
    book.execute({ ...INVOICE, id: "J" });
    assert.equal(faulty.Book.restore(book.snapshot()).hash(), book.hash());
  });
});

test("the package itself knows no such command", () => {
  const expected = {
    code: "invalidType",
    path: "",
    sentence: 'This must be an object, not the text "fault".',
  };
  refused(setoff, someBook(setoff), (book) => book.execute("fault"), expected);
});
