// What `Book.restore` makes of everything that is not a snapshot, or no longer one.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import * as setoff from "../../pkg/node.mjs";
import {
  APPLIED,
  APPLY,
  appliedAmounts,
  ownPackage,
  refused,
  someBook,
  thrownBy,
} from "./fixture.mjs";

const { Book, isSetoffError } = setoff;

/** A book in which every part of a snapshot has something in it. */
function fullBook() {
  const book = new Book({
    currency: "CHF",
    accountId: "A",
    currencies: [{ code: "CHF", increment: "0.05" }],
  });
  book.execute({
    type: "createInvoice",
    id: "I",
    at: "2026-03-01",
    autoPost: true,
    items: [
      {
        id: "1",
        amount: "60",
        quantity: "2",
        taxItems: [{ id: "1-T", amount: "6", name: "VAT", rate: "0.1" }],
      },
      { id: "2", amount: "-10", appliedToItemId: "1", description: "Discount" },
    ],
  });
  book.execute({
    type: "createCreditMemo",
    id: "C",
    at: "2026-03-01",
    items: [{ id: "1", amount: "50" }],
  });
  book.execute({ type: "postCreditMemo", at: "2026-03-01", creditMemoId: "C" });
  book.execute({
    type: "applyCreditMemo",
    at: "2026-03-02",
    creditMemoId: "C",
    invoices: [{ invoiceId: "I" }],
  });
  const invoices = [{ invoiceId: "I", amount: "7.05" }];
  book.execute({ type: "unapplyCreditMemo", at: "2026-03-03", creditMemoId: "C", invoices });
  return book;
}

test("a snapshot comes back as the same book", () => {
  const book = fullBook();
  const restored = Book.restore(book.snapshot());
  assert.deepEqual([restored.hash(), restored.version], [book.hash(), book.version]);
  assert.deepEqual(restored.snapshot(), book.snapshot());
  const again = { type: "unapplyCreditMemo", at: "2026-03-04", creditMemoId: "C" };
  assert.deepEqual(restored.execute(again), book.execute(again));
});

test("bytes may lie anywhere: in a Buffer, in the midst of a larger array, in shared memory", () => {
  const book = someBook(setoff);
  const bytes = book.snapshot();
  const larger = new Uint8Array(bytes.length + 20).fill(7);
  larger.set(bytes, 9);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  class Bytes extends Uint8Array {}
  for (const form of [
    Buffer.from(bytes),
    larger.subarray(9, 9 + bytes.length),
    shared,
    Bytes.from(bytes),
  ]) {
    assert.equal(Book.restore(form).hash(), book.hash());
  }
});

suite("what is no Uint8Array", () => {
  const restore = (value, expected) =>
    refused(setoff, someBook(setoff), () => Book.restore(value), expected);

  test("is refused by its type", () => {
    const bytes = someBook(setoff).snapshot();
    const imitation = {
      __proto__: Uint8Array.prototype,
      length: bytes.length,
      [Symbol.toStringTag]: "Uint8Array",
    };
    for (const value of [
      ...[
        undefined,
        null,
        true,
        3,
        3n,
        "SETOFF",
        Symbol("s"),
        () => bytes,
        {},
        [...bytes],
        imitation,
      ],
      ...[
        bytes.buffer,
        new DataView(bytes.buffer),
        new Uint16Array(8),
        new Int8Array(8),
        new Uint8ClampedArray(bytes),
      ],
      ...[new Proxy(bytes, {}), Object.create(bytes), someBook(setoff)],
    ]) {
      restore(value, { code: "invalidType", path: "", says: "This must be a Uint8Array, not " });
    }
  });

  test("is refused even if it is a revoked proxy", () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    restore(proxy, { code: "invalidType", path: "" });
  });
});

suite("arrays that are not what they say", () => {
  test("a detached one", async () => {
    const own = await ownPackage();
    const book = someBook(own);
    const detached = book.snapshot();
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    const error = thrownBy(() => own.Book.restore(detached));
    assert.ok(["invalidSnapshot", "unreadableValue"].includes(error.code), error.code);
    assert.deepEqual(appliedAmounts(book.execute(APPLY)), APPLIED);
  });

  test("one with a length of its own", async () => {
    for (const length of [0, 1, 2 ** 31, -1, 1.5, NaN, "7"]) {
      const own = await ownPackage();
      const book = someBook(own);
      const snapshot = Object.defineProperty(new Uint8Array(book.snapshot()), "length", {
        value: length,
      });
      assert.equal(
        own.Book.restore(snapshot).hash(),
        book.hash(),
        "the bytes count, not what is said about them",
      );
      const noise = Object.defineProperty(new Uint8Array(2 ** 20 + 2 ** 15).fill(0xff), "length", {
        value: length,
      });
      refused(own, book, () => own.Book.restore(noise), { code: "invalidSnapshot", path: "" });
    }
  });

  test("one whose own fields run code", async () => {
    const book = someBook(setoff);
    const never = { get: () => assert.fail("read") };
    const names = [
      "buffer",
      "byteLength",
      "byteOffset",
      "constructor",
      "slice",
      "subarray",
      Symbol.iterator,
    ];
    const snapshot = Object.defineProperties(
      book.snapshot(),
      Object.fromEntries(names.map((name) => [name, never])),
    );
    assert.equal(Book.restore(snapshot).hash(), book.hash());
  });
});

suite("damaged bytes", () => {
  const invalid = (bytes) => {
    const error = thrownBy(() => Book.restore(bytes));
    assert.ok(isSetoffError(error), String(error));
    assert.deepEqual([error.code, error.path], ["invalidSnapshot", ""]);
    return error.details.reason;
  };

  test("say what is wrong with them", () => {
    const bytes = fullBook().snapshot();
    assert.equal(invalid(new Uint8Array()), "snapshotForeign");
    assert.equal(invalid(new TextEncoder().encode('{"documents":[]}')), "snapshotForeign");
    assert.equal(invalid(new TextEncoder().encode("SETOFF")), "snapshotTruncated");
    assert.equal(invalid(bytes.with(6, 1)), "snapshotFormatUnknown");
    assert.equal(invalid(bytes.with(20, bytes[20] ^ 1)), "snapshotDamaged");
    assert.equal(invalid(new Uint8Array([...bytes, 0])), "snapshotDamaged");
  });

  test("every length that is too short, and every flipped bit", () => {
    const book = fullBook();
    const bytes = book.snapshot();
    for (let length = 0; length < bytes.length; length += 1) invalid(bytes.subarray(0, length));
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const place = bit >> 3;
      invalid(bytes.with(place, bytes[place] ^ (1 << (bit & 7))));
    }
    refused(setoff, someBook(setoff), () => Book.restore(bytes.subarray(1)), {
      code: "invalidSnapshot",
    });
    assert.equal(Book.restore(bytes).hash(), book.hash());
  });
});

// Whoever can compute SHA-256 can write a checksum. A forged snapshot may be another book, but it must be one.
suite("forged bytes under a right checksum", () => {
  const CHECKSUM = 8;

  /** The bytes under the checksum that they ask for. */
  function seal(bytes) {
    const sum = createHash("sha256").update(bytes.subarray(0, -CHECKSUM)).digest();
    const sealed = bytes.slice();
    sealed.set(sum.subarray(0, CHECKSUM), bytes.length - CHECKSUM);
    return sealed;
  }

  /** Restores every snapshot that differs in one bit, and hands on what becomes a book. */
  function eachForged(use) {
    const bytes = fullBook().snapshot();
    for (let bit = 0; bit < (bytes.length - CHECKSUM) * 8; bit += 1) {
      const place = bit >> 3;
      const forged = seal(bytes.with(place, bytes[place] ^ (1 << (bit & 7))));
      try {
        use(Book.restore(forged), forged);
      } catch (error) {
        if (!isSetoffError(error)) throw error;
        assert.equal(error.code, "invalidSnapshot", `bit ${bit}: ${error.message}`);
      }
    }
  }

  test("are refused, or are a book that can be read and written", () => {
    const witness = someBook(setoff);
    let restored = 0;
    eachForged((book, forged) => {
      restored += 1;
      assert.deepEqual(book.snapshot(), forged);
      assert.match(book.hash(), /^[0-9a-f]{64}$/);
      for (const of of ["invoice", "creditMemo", "part", "partItem", "application"]) {
        const { rows, total } = book.query({ of, total: true });
        assert.equal(rows.length, total);
      }
      book.free();
    });
    assert.ok(restored > 100, "most bits are in texts and dates");
    assert.deepEqual(appliedAmounts(witness.execute(APPLY)), APPLIED);
  });

  test("are never a book that gets stuck", () => {
    eachForged((book) => {
      // A forged memo may be none any more.
      const id = book.query({ of: "creditMemo" }).rows[0]?.id ?? "C";
      const faults = [];
      for (const command of [
        { type: "unapplyCreditMemo", at: "2026-03-04", creditMemoId: id },
        {
          type: "applyCreditMemo",
          at: "2026-03-05",
          creditMemoId: id,
          invoices: [{ invoiceId: "I" }],
        },
      ]) {
        try {
          book.execute(command);
        } catch (error) {
          if (error.code === "engineFault") faults.push(error.message);
        }
      }
      assert.deepEqual(faults, []);
    });
  });

  test("are never a book with identifiers that no command can name", () => {
    eachForged((book) => {
      for (const of of ["invoice", "creditMemo"]) {
        for (const { id } of book.query({ of }).rows)
          book.query({ of: "item", where: { documentId: id } });
      }
    });
  });

  test("are never a book with a version that JavaScript cannot count", () => {
    const empty = new Book({ currency: "USD" }).snapshot();
    // The version is the third byte from the end of what an empty book has to say; here it is 2^53.
    const [before, after] = [empty.length - CHECKSUM - 4, empty.length - CHECKSUM - 3];
    const version = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10];
    const forged = seal(
      new Uint8Array([...empty.subarray(0, before), ...version, ...empty.subarray(after)]),
    );
    assert.equal(thrownBy(() => Book.restore(forged)).code, "invalidSnapshot");
  });
});
