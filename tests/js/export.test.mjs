// Exports through the package. `tests/export.rs` has what is refused line by line.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Book } from "../../pkg/node.mjs";
import { root } from "../../scripts/exec.mjs";
import { APPLY, MEMO, someBook, thrownBy } from "./fixture.mjs";

const golden = readFileSync(join(root, "tests/exports/format-1.jsonl"), "utf8");

describe("an export", () => {
  test("is the same book, its history and its snapshot", () => {
    const book = someBook({ Book });
    book.execute(APPLY);

    const again = Book.import(book.export());

    assert.equal(again.hash(), book.hash());
    assert.equal(again.version, book.version);
    assert.deepEqual(again.snapshot(), book.snapshot());
    const history = { of: "applicationItem" };
    assert.deepEqual(again.query(history).rows, book.query(history).rows);
    again.execute({ type: "undo", at: APPLY.at, applicationGroupId: "AG-3" });
    assert.equal(again.hash(), someBook({ Book }).hash());
  });

  test("has whole lines in each of its pieces", () => {
    const book = someBook({ Book });
    for (let number = 0; number < 200; number++) book.execute({ ...MEMO, id: `M${number}` });
    const pieces = book.export();
    assert.ok(pieces.length > 3, `${pieces.length} pieces`);
    for (const piece of pieces) {
      assert.ok(piece.endsWith("\n"));
      for (const line of piece.trimEnd().split("\n")) JSON.parse(line);
    }
    assert.deepEqual(Book.import(pieces).snapshot(), book.snapshot());
  });

  test("is read wherever its text was cut, and without its last line break", () => {
    const snapshot = Book.import(golden).snapshot();
    const cut = golden.match(/[^]{1,7}/g);
    assert.deepEqual(Book.import(cut).snapshot(), snapshot);
    assert.deepEqual(Book.import(golden.trimEnd()).snapshot(), snapshot);
    const lines = function* () {
      yield* cut;
    };
    assert.deepEqual(Book.import(lines()).snapshot(), snapshot);
    assert.equal(Book.import(golden).export().join(""), golden);
  });

  test("ends with the SHA-256 of all before", () => {
    const end = golden.lastIndexOf("\n", golden.length - 2) + 1;
    const { checksum } = JSON.parse(golden.slice(end));
    assert.equal(createHash("sha256").update(golden.slice(0, end)).digest("hex"), checksum);
  });

  test("goes on with the log of its book", () => {
    const book = new Book({ currency: "USD", log: true });
    book.execute(MEMO, { id: "first" });
    const again = Book.import(book.export());
    assert.equal(again.execute(MEMO, { id: "first" }).repeated, true);
    const memo = { ...MEMO, id: "C2" };
    book.execute(memo);
    again.execute(memo);
    assert.deepEqual(again.entries({ after: 1 }), book.entries({ after: 1 }));
    assert.equal(thrownBy(() => again.entries()).code, "entryNotFound");
  });

  test("is refused where it was cut off, altered or is none", () => {
    const facts = (lines) => {
      const { code, path, details } = thrownBy(() => Book.import(lines));
      return [code, path, details.reason];
    };
    const [head] = golden.split("\n");
    assert.deepEqual(facts(`${head}\n`), ["invalidExport", "lines[1]", "exportTruncated"]);
    assert.deepEqual(facts(golden.slice(0, -40)), ["invalidExport", "lines[16]", "lineNotJson"]);
    assert.deepEqual(facts(golden.replace('"5.00"', '"6.00"')), [
      "invalidExport",
      "lines[16].checksum",
      "exportDamaged",
    ]);
    assert.deepEqual(facts("\n"), ["invalidExport", "lines[0]", "lineNotJson"]);
    assert.deepEqual(facts(""), ["invalidExport", "lines[0]", "exportTruncated"]);
    for (const none of [undefined, null, 5, {}, [5], new Uint8Array(3)])
      assert.deepEqual(facts(none), ["invalidType", "lines", "noLines"]);
    assert.deepEqual(facts(golden.replace('"Card"', '"\\ud800"')), [
      "invalidText",
      "lines[3].notes.method",
      "loneSurrogate",
    ]);
  });

  test("that throws while it is read is refused, and costs nothing", () => {
    const thrown = new Error("the file is gone");
    const lines = function* () {
      yield golden.slice(0, 200);
      throw thrown;
    };
    const error = thrownBy(() => Book.import(lines()));
    assert.deepEqual([error.code, error.cause], ["unreadableValue", thrown]);
    const refusing = function* () {
      yield golden.slice(0, 200);
      Book.import("none");
    };
    assert.equal(thrownBy(() => Book.import(refusing())).code, "invalidExport");
    assert.equal(Book.import(golden).version, 6);
  });
});
