// How two books differ, through the package. `tests/diff.rs` has the figures.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Book } from "../../pkg/node.mjs";
import { APPLY, ownPackage, someBook, thrownBy } from "./fixture.mjs";

const ON = { at: "2026-03-31" };

describe("the difference of two books", () => {
  test("is what was tried on a fork", () => {
    const book = someBook({ Book });
    const fork = book.fork();
    fork.execute(APPLY);
    const before = book.snapshot();

    const { documents, lines, sums, accounts } = book.diff(fork, ON);

    // 48.00 of the memo's 50.00 go to the invoice of 96.00: a half of 60.00, 6.00 and 30.00.
    const figures = ({ documentId, before, after }) =>
      [documentId, before.openAmount, after.openAmount].join(" ");
    assert.deepEqual(documents.map(figures), ["I 96.00 48.00", "C 50.00 2.00"]);
    assert.deepEqual(
      lines.map(({ documentId, itemId, taxItemId, difference }) =>
        [documentId, itemId, taxItemId, difference].join(" "),
      ),
      ["I 1  -30.00", "I 1 1-T -3.00", "I 2  -15.00", "C 1  -48.00"],
    );
    assert.deepEqual(
      sums.map(({ documentType, lineType, difference }) =>
        [documentType, lineType, difference].join(" "),
      ),
      ["invoice item -45.00", "invoice tax -3.00", "creditMemo item -48.00"],
    );
    assert.deepEqual(
      accounts.map(({ before, after }) => [before.unappliedAmount, after.unappliedAmount]),
      [["50.00", "2.00"]],
    );
    assert.deepEqual(book.snapshot(), before, "a diff changes nothing");
  });

  test("is none of a book and itself", () => {
    const book = someBook({ Book });
    const none = { documents: [], lines: [], sums: [], accounts: [] };
    assert.deepEqual(book.diff(book, ON), none);
    assert.deepEqual(book.diff(book.fork(), ON), none);
  });

  test("is refused for a book of another module, and for what is no book", async () => {
    const book = someBook({ Book });
    const { Book: Other } = await ownPackage();
    const other = Other.restore(book.snapshot());
    for (const given of [other, undefined, null, {}, book.snapshot()]) {
      const { code, path, details } = thrownBy(() => book.diff(given, ON));
      assert.deepEqual([code, path, details.reason], ["invalidType", "other", "foreignBook"]);
    }
  });

  test("is refused for a freed book, and without a day", () => {
    const book = someBook({ Book });
    const freed = book.fork();
    freed.free();
    assert.equal(thrownBy(() => book.diff(freed, ON)).code, "bookFreed");
    assert.equal(thrownBy(() => freed.diff(book, ON)).code, "bookFreed");
  });

  test("says what the day is for, where there is none", () => {
    const book = someBook({ Book });
    for (const options of [[], [undefined], [{}], [{ days: [30] }]]) {
      const { code, path, message, details } = thrownBy(() => book.diff(book.fork(), ...options));
      assert.deepEqual([code, path], ["missingField", "options.at"]);
      assert.equal(details.reason, "comparedDayMissing");
      assert.equal(
        message,
        '`options.at`: State the day, such as `at: "2026-03-31"`, ' +
          "on which the open amounts of the accounts are compared.",
      );
    }
  });

  test("is refused for options that are something else", () => {
    const book = someBook({ Book });
    for (const options of [null, "2026-03-31", 3]) {
      const { code, path } = thrownBy(() => book.diff(book, options));
      assert.deepEqual([code, path], ["invalidType", "options"]);
    }
    const { code, path } = thrownBy(() => book.diff(book, { day: "2026-03-31" }));
    assert.deepEqual([code, path], ["unknownField", "options.day"]);
  });
});
