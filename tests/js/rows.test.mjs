// Rows of databases as fields of requests: what drivers give, and what the engine makes of it.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Book, isSetoffError } from "../../pkg/node.mjs";
import { fromRow } from "../../pkg/rows.js";
import { thrownBy } from "./fixture.mjs";

suite("a row", () => {
  test("becomes an item, whatever its driver makes of columns", () => {
    class Row {
      line = 3;
      net = "100.0000";
      seats = "2.000";
      served_from = new Date(Date.UTC(2026, 0, 17));
      sku = null;
      changed_by = "somebody";
    }
    const item = fromRow(new Row(), {
      id: { text: "line" },
      amount: { decimal: "net" },
      quantity: { decimal: "seats" },
      serviceStart: { day: "served_from", zone: "utc" },
      sku: { text: "sku" },
    });
    assert.deepEqual(item, { id: "3", amount: "100", quantity: "2", serviceStart: "2026-01-17" });

    const book = new Book({ currency: "USD" });
    const { document } = book.execute({
      type: "createInvoice",
      at: "2026-01-31",
      id: "I",
      items: [item],
    });
    assert.equal(document.amount, "100.00");
  });

  const decimal = (value) => fromRow({ value }, { field: { decimal: "value" } }).field;

  for (const [value, expected] of [
    ["100.0000", "100"],
    ["12.3400", "12.34"],
    ["0.0000", "0"],
    ["-0.00", "0"],
    ["-0.05", "-0.05"],
    ["007.50", "7.5"],
    [".5", "0.5"],
    ["5.", "5"],
    ["1000", "1000"],
    [40, "40"],
    [-3n, "-3"],
    ["123456789012345678901234567.10", "123456789012345678901234567.1"],
  ]) {
    test(`the decimal ${typeof value} ${value} is ${expected}`, () => {
      assert.equal(decimal(value), expected);
    });
  }

  test("a day is a text, or midnight in the zone that is stated", () => {
    const local = new Date(2026, 2, 31);
    assert.equal(fromRow({ d: local }, { at: { day: "d", zone: "local" } }).at, "2026-03-31");
    assert.equal(
      fromRow({ d: new Date("0099-12-31T00:00:00Z") }, { at: { day: "d", zone: "utc" } }).at,
      "0099-12-31",
    );
    assert.equal(fromRow({ d: "2026-03-31" }, { at: { day: "d" } }).at, "2026-03-31");
  });

  test("a boolean is true or false, or 1 or 0", () => {
    const { a, b } = fromRow({ x: 1, y: false }, { a: { boolean: "x" }, b: { boolean: "y" } });
    assert.deepEqual([a, b], [true, false]);
  });

  for (const [row, column, code, reason] of [
    [{}, { text: "c" }, "missingField", "columnMissing"],
    [{ c: undefined }, { text: "c" }, "missingField", "columnMissing"],
    [{ c: 1.5 }, { text: "c" }, "invalidType", "columnNoText"],
    [{ c: 0.1 }, { decimal: "c" }, "invalidDecimal", "columnNoDecimal"],
    [{ c: 2 ** 53 }, { decimal: "c" }, "invalidDecimal", "columnNoDecimal"],
    [{ c: "" }, { decimal: "c" }, "invalidDecimal", "columnNoDecimal"],
    [{ c: "." }, { decimal: "c" }, "invalidDecimal", "columnNoDecimal"],
    [{ c: "1e3" }, { decimal: "c" }, "invalidDecimal", "columnNoDecimal"],
    [{ c: "1,5" }, { decimal: "c" }, "invalidDecimal", "columnNoDecimal"],
    [{ c: "NaN" }, { decimal: "c" }, "invalidDecimal", "columnNoDecimal"],
    [{ c: 20260331 }, { day: "c" }, "invalidDate", "columnNoDay"],
    [{ c: new Date(NaN) }, { day: "c", zone: "utc" }, "invalidDate", "columnNoDay"],
    [{ c: new Date(0) }, { day: "c" }, "invalidDate", "dayWithoutZone"],
    [{ c: new Date(1) }, { day: "c", zone: "utc" }, "invalidDate", "dayWithTime"],
    [{ c: new Date(2026, 2, 31, 12) }, { day: "c", zone: "local" }, "invalidDate", "dayWithTime"],
    [{ c: "t" }, { boolean: "c" }, "invalidType", "columnNoBoolean"],
  ]) {
    test(`with ${JSON.stringify(column)} of ${String(row.c)} is refused as ${reason}`, () => {
      const error = thrownBy(() => fromRow(row, { field: column }));
      assert.ok(isSetoffError(error));
      assert.deepEqual([error.code, error.path, error.details.reason], [code, "c", reason]);
    });
  }

  test("has no column that every object has, unless it is its own", () => {
    for (const column of ["toString", "constructor", "__proto__"]) {
      const error = thrownBy(() => fromRow({}, { field: { text: column } }));
      assert.deepEqual([error.code, error.path], ["missingField", column]);
    }
    const row = JSON.parse('{ "toString": "a", "__proto__": "b" }');
    const fields = { one: { text: "toString" }, other: { text: "__proto__" } };
    assert.deepEqual(fromRow(row, fields), { one: "a", other: "b" });
  });

  test("has the columns that its class computes", () => {
    class Row {
      get net() {
        return "5.00";
      }
    }
    assert.deepEqual(fromRow(new Row(), { amount: { decimal: "net" } }), { amount: "5" });
  });

  test("becomes a field of any name", () => {
    const object = fromRow({ c: "a" }, JSON.parse('{ "__proto__": { "text": "c" } }'));
    assert.deepEqual(Object.entries(object), [["__proto__", "a"]]);
    assert.equal(Object.getPrototypeOf(object), Object.prototype);
  });

  test("of a kind that is not known is refused", () => {
    for (const column of [{ number: "c" }, { toString: "c" }, {}, null, undefined, "c"]) {
      const error = thrownBy(() => fromRow({ c: 1 }, { field: column }));
      assert.deepEqual([error.code, error.path], ["invalidChoice", "field"]);
    }
  });

  test("is refused if it, or what says its columns, is no object", () => {
    for (const none of [undefined, null, 5, "a row"]) {
      const ofRow = thrownBy(() => fromRow(none, { id: { text: "c" } }));
      assert.deepEqual([ofRow.code, ofRow.details.reason], ["invalidType", "noRow"]);
      const ofColumns = thrownBy(() => fromRow({ c: 1 }, none));
      assert.deepEqual([ofColumns.code, ofColumns.details.reason], ["invalidType", "noColumns"]);
    }
  });

  test("with a value that cannot be written is refused like any other", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const value of [proxy, Object.create(null)]) {
      const error = thrownBy(() => fromRow({ c: value }, { field: { text: "c" } }));
      assert.deepEqual([error.code, error.path], ["invalidType", "c"]);
      assert.match(error.message, /an object$/);
    }
  });
});
