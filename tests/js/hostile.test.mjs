// The boundary against everything that JavaScript can be handed: each refusal has the right code and path, changes
// nothing, and harms no later call (`refused` asserts that every time).
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { suite, test } from "node:test";
import { inspect } from "node:util";
import vm from "node:vm";
import * as setoff from "../../pkg/node.mjs";
import {
  APPLIED,
  APPLY,
  appliedAmounts,
  INVOICE,
  MEMO,
  ownPackage,
  refused,
  someBook,
  thrownBy,
} from "./fixture.mjs";

const { Book } = setoff;
const commonJs = createRequire(import.meta.url)("../../pkg/node.cjs");

const refusedBy = (attempt, expected) => refused(setoff, someBook(setoff), attempt, expected);
const refusedCommand = (command, expected) => refusedBy((book) => book.execute(command), expected);

/** A proxy that is good for nothing any more. */
function revoked(target = {}) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** A class whose instances look like a command. */
class Posting {
  type = "postInvoice";
  at = "2026-03-01";
  invoiceId = "I";
}

suite("values that are not plain", () => {
  const NUMBERS = {
    NaN: NaN,
    Infinity: Infinity,
    "-Infinity": -Infinity,
    1.5: 1.5,
    "-0": -0,
    9007199254740992: 2 ** 53,
    "-9007199254740992": -(2 ** 53),
    "5e-324": Number.MIN_VALUE,
    "1.7976931348623157e+308": Number.MAX_VALUE,
  };
  const FOREIGN = [
    [1n, "a bigint"],
    [2n ** 70n, "a bigint"],
    [Symbol("type"), "a symbol"],
    [() => "postInvoice", "a function"],
    [class {}, "a function"],
    [new Date(0), "an object of class Date"],
    [new Map([["type", "postInvoice"]]), "an object of class Map"],
    [new Set(), "an object of class Set"],
    [new WeakMap(), "an object of class WeakMap"],
    [Promise.resolve(), "an object of class Promise"],
    [/x/, "an object of class RegExp"],
    [new Error("x"), "an object of class Error"],
    [new Uint8Array(4), "an object of class Uint8Array"],
    [new Float64Array(4), "an object of class Float64Array"],
    [new ArrayBuffer(4), "an object of class ArrayBuffer"],
    [new DataView(new ArrayBuffer(4)), "an object of class DataView"],
    [Object("I"), "an object of class String"],
    [Object(1), "an object of class Number"],
    [Object(true), "an object of class Boolean"],
    [Object(1n), "an object of class BigInt"],
    [Object(Symbol.iterator), "an object of class Symbol"],
    [new Posting(), "an object of class Posting"],
    [Object.create(new Posting()), "an object of class Posting"],
    [new URL("file:///"), "an object of class URL"],
  ];
  const others = [
    [null, "null"],
    [true, "true"],
    [7, "the number 7"],
    ...Object.entries(NUMBERS).map(([name, number]) => [number, `the number ${name}`]),
    ...FOREIGN,
  ];

  test("as a command, options or a query", () => {
    for (const [value, found] of [
      ...others,
      [undefined, "undefined"],
      ["text", 'the text "text"'],
      [[], "a list"],
    ]) {
      const expected = { code: "invalidType", path: "", says: `must be an object, not ${found}` };
      refusedBy((book) => book.execute(value), expected);
      refusedBy((book) => book.preview(value), expected);
      refusedBy((book) => book.query(value), expected);
      // Who leaves the options out is told what a book needs.
      const options = { ...expected, ...(value === undefined && { says: "A book needs options" }) };
      refusedBy(() => new Book(value), options);
    }
  });

  test("as a field and in lists", () => {
    for (const [value, found] of others) {
      const expected = (path) => ({ code: "invalidType", path, says: `not ${found}` });
      refusedCommand({ ...APPLY, type: value }, expected("type"));
      refusedCommand({ ...APPLY, at: value }, expected("at"));
      refusedCommand({ ...APPLY, creditMemoId: value }, expected("creditMemoId"));
      refusedCommand({ ...APPLY, invoices: value }, expected("invoices"));
      refusedCommand({ ...APPLY, invoices: [...APPLY.invoices, value] }, expected("invoices[1]"));
      // Of a number that is a decimal as it stands, the refusal says how to write it as text.
      const isDecimal = /^-?\d+(\.\d+)?$/.test(found.replace(/^the number /, ""));
      const asText = isDecimal && found !== "the number -0";
      const says = asText ? "a text, in place of the number" : `not ${found}`;
      refusedCommand(
        { ...APPLY, invoices: [{ invoiceId: "I", amount: value }] },
        { ...expected("invoices[0].amount"), says },
      );
      if (value !== true)
        refusedCommand({ ...INVOICE, id: "J", autoPost: value }, expected("autoPost"));
      refusedBy((book) => book.query({ of: "invoice", where: value }), expected("where"));
    }
  });

  test("where a whole number is needed", () => {
    for (const [name, size] of [
      ...Object.entries(NUMBERS),
      ["0", 0],
      ["-1", -1],
      ["4294967296", 2 ** 32],
    ]) {
      const expected = {
        code: "invalidNumber",
        path: "page.size",
        sentence: `This must be a whole number from 1 to 4294967295, not ${name}.`,
      };
      refusedBy((book) => book.query({ of: "invoice", page: { size } }), expected);
    }
    for (const [size, found] of FOREIGN) {
      const expected = { code: "invalidType", path: "page.size", says: `not ${found}` };
      refusedBy((book) => book.query({ of: "invoice", page: { size } }), expected);
    }
    // All numbers from 0 to 2^53 - 1 arrive as they are; the engine says which of them it takes.
    for (const size of [2 ** 30 - 1, 2 ** 30, 2 ** 31, 2 ** 32 - 1]) {
      assert.equal(someBook(setoff).query({ of: "invoice", page: { size } }).page.size, size);
    }
    for (const number of [
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
      -(2 ** 31),
      -(2 ** 30),
    ]) {
      const expected = {
        code: "invalidNumber",
        path: "page.number",
        says: `not ${number}.`,
      };
      refusedBy((book) => book.query({ of: "invoice", page: { number } }), expected);
    }
  });

  test("undefined is as good as left out, but not in a list", () => {
    refusedCommand({ ...APPLY, type: undefined }, { code: "missingField", path: "type" });
    refusedCommand(
      { ...APPLY, invoices: [undefined] },
      { code: "invalidType", path: "invoices[0]" },
    );
    const outcome = someBook(setoff).execute({ ...APPLY, rule: undefined, nonsense: undefined });
    assert.deepEqual(appliedAmounts(outcome), APPLIED);
  });
});

suite("conditions", () => {
  test("that are undefined are refused: they would let every row pass", () => {
    const wheres = [
      [{ accountId: undefined }, "where.accountId"],
      [{ status: "posted", accountId: undefined }, "where.accountId"],
      [{ amount: { gte: "1.00", lt: undefined } }, "where.amount.lt"],
      [{ amount: { in: undefined } }, "where.amount.in"],
      [{ amount: { in: ["1.00", undefined] } }, "where.amount.in[1]"],
      [{ "customFields.x": undefined }, "where.customFields.x"],
    ];
    for (const [where, path] of wheres) {
      const expected = { code: "invalidType", path, reason: "valueUndefined" };
      refusedBy((book) => book.query({ of: "invoice", where }), expected);
    }
  });

  test("go with other fields of the query that are undefined", () => {
    const absent = { sort: undefined, page: { number: undefined }, fields: undefined };
    const book = someBook(setoff);
    const rows = (query) => book.query({ of: "invoice", ...query }).rows;
    const all = rows({});
    assert.deepEqual(rows({ where: undefined, ...absent }), all);
    assert.deepEqual(rows({ where: { id: INVOICE.id }, ...absent }), all);
    // What a getter asks meanwhile has no conditions.
    const where = {
      get id() {
        rows({ ...absent, asOf: undefined });
        book.preview({ ...APPLY, rule: undefined });
        return INVOICE.id;
      },
      amount: undefined,
    };
    const expected = { code: "invalidType", path: "where.amount" };
    refusedBy((book) => book.query({ of: "invoice", where }), expected);
  });
});

suite("objects", () => {
  // The count of fields comes before them, in six bits to the byte: it may take more once they are known.
  test("fields that are undefined are left out, however many there are", () => {
    for (const [count, absent] of [
      [63, 0],
      [64, 0],
      [64, 1],
      [66, 3],
      [2 ** 12 - 1, 0],
      [2 ** 12, 0],
      [2 ** 12, 2 ** 12 - 1],
    ]) {
      const all = Array.from({ length: count }, (_, index) => [
        `f${index}`,
        index < absent ? undefined : `${index}`,
      ]);
      const book = someBook(setoff);
      // The first is kept at the start of a page, the second behind it.
      for (const id of ["J", "K"]) {
        const plan = book.preview({
          ...INVOICE,
          id,
          customFields: Object.fromEntries(all),
          comment: "at the end",
        });
        book.commit(plan);
        const [row] = book.query({ of: "invoice", where: { id } }).rows;
        assert.deepEqual(row.customFields, Object.fromEntries(all.slice(absent)));
        assert.equal(row.comment, "at the end");
      }
    }
  });

  // The first 63 names are told by their number when they come again in the same order.
  test("names that come again, in other orders and beside others, are the same", () => {
    const fields = (count) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`field${at}`, `${at}`]));
    const items = [
      { id: "1", amount: "1", customFields: fields(2) },
      { id: "2", amount: "2", customFields: fields(80) },
      { customFields: { field1: "b", field0: "a" }, amount: "3", id: "3" },
      { id: "4", description: "in the middle", amount: "4", customFields: {} },
      { id: "5", amount: "5", customFields: { amount: "x", id: "y", field79: "z" }, taxItems: [] },
      { id: "6", amount: "6", customFields: fields(80) },
    ];
    const book = someBook(setoff);
    book.execute({ ...INVOICE, id: "J", items, customFields: fields(3) });
    const rows = book.query({
      of: "item",
      where: { documentId: "J" },
      sort: [{ by: "position" }],
    }).rows;
    const read = ({ id, amount, customFields = {}, description = null }) => ({
      id,
      amount,
      customFields,
      description,
    });
    const written = items.map((item) => read({ ...item, amount: `${item.amount}.00` }));
    assert.deepEqual(rows.map(read), written);
  });

  test("what is inherited does not count", () => {
    Object.defineProperty(Object.prototype, "inherited", {
      value: "?",
      enumerable: true,
      configurable: true,
    });
    try {
      assert.deepEqual(appliedAmounts(someBook(setoff).execute(APPLY)), APPLIED);
    } finally {
      delete Object.prototype.inherited;
    }
  });

  test("own getters are called once, and count", () => {
    let calls = 0;
    const outcome = someBook(setoff).execute({
      ...APPLY,
      get invoices() {
        calls += 1;
        return [
          {
            get invoiceId() {
              calls += 1;
              return "I";
            },
            amount: "48",
          },
        ];
      },
    });
    assert.deepEqual(appliedAmounts(outcome), APPLIED);
    assert.equal(calls, 2);
  });

  test("what a getter throws is the cause", () => {
    const cause = new Error("not today");
    const failing = {
      get amount() {
        throw cause;
      },
    };
    const error = refusedCommand(
      { ...APPLY, invoices: [{ invoiceId: "I" }, failing] },
      { code: "unreadableValue", path: "invoices[1].amount", says: "an error: not today" },
    );
    assert.equal(error.cause, cause);
  });

  test("whatever a getter throws", () => {
    const hostileMessage = {
      get message() {
        throw new Error("no message either");
      },
    };
    for (const [thrown, says] of [
      [undefined, "an error: undefined"],
      [null, "an error: null"],
      ["a text", "an error: a text"],
      [Symbol("s"), "an error: Symbol(s)"],
      [{ message: "m".repeat(1000) }, `an error: ${"m".repeat(100)}`],
      [hostileMessage, "an error: one that cannot be read itself"],
      [Object.create(null), "an error: one that cannot be read itself"],
    ]) {
      const failing = {
        get type() {
          throw thrown;
        },
      };
      const error = refusedCommand(failing, { code: "unreadableValue", path: "type", says });
      assert.equal(error.cause, thrown);
    }
  });

  test("a getter that throws a proxy", () => {
    const failing = {
      get type() {
        throw revoked();
      },
    };
    refusedCommand(failing, { code: "unreadableValue", path: "type" });
  });

  test("a getter that lets a refusal pass", () => {
    const book = someBook(setoff);
    const failing = {
      ...APPLY,
      invoices: [
        {
          get invoiceId() {
            return book.execute({ type: "postInvoice", at: "2026-03-01" });
          },
        },
      ],
    };
    const expected = { code: "unreadableValue", path: "invoices[0].invoiceId" };
    const error = refused(setoff, book, () => book.execute(failing), expected);
    assert.equal(error.cause.code, "missingField");
  });

  test("nothing that is inherited, hidden or named by a symbol is read", () => {
    const draft = Object.create(Object.assign(Object.create(null), { autoPost: true, dueDate: 7 }));
    Object.assign(draft, { ...INVOICE, id: "J", [Symbol.iterator]: 7 });
    delete draft.autoPost;
    Object.defineProperty(draft, "number", { value: 7, enumerable: false });
    const { document } = someBook(setoff).execute(draft);
    assert.deepEqual(
      [document.status, document.number, document.dueDate],
      ["draft", "J", "2026-03-01"],
    );
  });

  test("a polluted Object.prototype is not read", () => {
    const { autoPost, ...draft } = { ...INVOICE, id: "J" };
    assert.ok(autoPost);
    const data = { value: "evil", writable: true };
    const trap = { get: () => assert.fail("read") };
    const pollution = {
      autoPost: data,
      accountId: data,
      number: data,
      currency: data,
      description: trap,
      rule: trap,
    };
    try {
      for (const [name, property] of Object.entries(pollution)) {
        Object.defineProperty(Object.prototype, name, {
          ...property,
          enumerable: true,
          configurable: true,
        });
      }
      const book = someBook(setoff);
      const { status, accountId, number, currency } = book.execute(draft).document;
      assert.deepEqual([status, accountId, number, currency], ["draft", "", "J", "USD"]);
      assert.deepEqual(appliedAmounts(book.execute(APPLY)), APPLIED);
    } finally {
      for (const name of Object.keys(pollution)) delete Object.prototype[name];
    }
  });

  test("__proto__ as a field of its own is a field like others", () => {
    const command = JSON.parse(
      '{ "__proto__": { "type": "postInvoice" }, "at": "2026-03-01", "invoiceId": "I" }',
    );
    refusedCommand(command, { code: "missingField", path: "type" });
    refusedCommand(Object.assign(command, { type: "postInvoice" }), {
      code: "unknownField",
      path: "__proto__",
    });
    assert.deepEqual(
      appliedAmounts(someBook(setoff).execute({ __proto__: null, ...APPLY })),
      APPLIED,
    );
  });

  test("nothing is converted: neither toJSON, nor valueOf, toString or Symbol.toPrimitive are called", () => {
    const never = () => assert.fail("called");
    const conversions = {
      toJSON: never,
      valueOf: never,
      toString: never,
      [Symbol.toPrimitive]: never,
    };
    const hidden = Object.defineProperties(
      {},
      Object.fromEntries(Reflect.ownKeys(conversions).map((key) => [key, { value: never }])),
    );
    class Money {}
    Object.assign(Money.prototype, conversions);
    for (const [amount, says] of [
      [conversions, "not an object."],
      [hidden, "not an object."],
      [new Money(), "not an object of class Money:"],
      [Object.assign(() => "1", conversions), "not a function."],
      [Object.assign([], conversions), "not a list."],
    ]) {
      const invoices = [{ invoiceId: "I", amount }];
      refusedCommand(
        { ...APPLY, invoices },
        { code: "invalidType", path: "invoices[0].amount", says },
      );
    }
    refusedCommand({ ...APPLY, toJSON: never }, { code: "unknownField", path: "toJSON" });
  });

  test("frozen and sealed ones will do, and none is changed", () => {
    const command = structuredClone(APPLY);
    const freeze = (value) => {
      if (typeof value === "object") Object.values(value).forEach(freeze);
      return Object.freeze(value);
    };
    const book = someBook(setoff);
    assert.deepEqual(appliedAmounts(book.preview(freeze(command))), APPLIED);
    assert.deepEqual(appliedAmounts(book.execute(Object.seal({ ...command }))), APPLIED);
    assert.deepEqual(command, APPLY);
  });

  test("those of another realm will do", () => {
    const foreign = (value) => vm.runInNewContext(`(${JSON.stringify(value)})`);
    const book = new Book(foreign({ currency: "USD" }));
    for (const command of [INVOICE, MEMO]) book.execute(foreign(command));
    assert.deepEqual(appliedAmounts(book.execute(foreign(APPLY))), APPLIED);
    assert.equal(book.query(foreign({ of: "invoice", total: true })).total, 1);
    assert.equal(
      Book.restore(vm.runInNewContext("new Uint8Array(bytes)", { bytes: book.snapshot() })).version,
      3,
    );
    const says = "not an object of class Date:";
    refusedCommand(vm.runInNewContext("new Date()"), { code: "invalidType", says });
  });
});

suite("proxies", () => {
  test("that pass everything on will do", () => {
    const transparent = (value) => {
      if (typeof value !== "object") return value;
      return new Proxy(value, { get: (target, key) => transparent(Reflect.get(target, key)) });
    };
    assert.deepEqual(appliedAmounts(someBook(setoff).execute(transparent(APPLY))), APPLIED);
  });

  test("whose traps throw", () => {
    for (const trap of ["getPrototypeOf", "ownKeys", "getOwnPropertyDescriptor", "get"]) {
      const cause = new Error(trap);
      const entry = new Proxy(
        { invoiceId: "I" },
        {
          [trap]() {
            throw cause;
          },
        },
      );
      const path = trap === "get" ? "invoices[0].invoiceId" : "invoices[0]";
      const error = refusedCommand(
        { ...APPLY, invoices: [entry] },
        { code: "unreadableValue", path },
      );
      assert.equal(error.cause, cause);
    }
  });

  test("whose traps lie against the rules of the language", () => {
    for (const traps of [
      { ownKeys: () => ["a", "a"] },
      { ownKeys: () => [1] },
      { getPrototypeOf: () => 1 },
    ]) {
      refusedCommand(new Proxy({}, traps), { code: "unreadableValue", path: "" });
    }
  });

  test("that are revoked", () => {
    refusedCommand(revoked(), { code: "unreadableValue", path: "" });
    refusedCommand(
      { ...APPLY, invoices: revoked([]) },
      { code: "unreadableValue", path: "invoices" },
    );
    refusedCommand(
      { ...APPLY, invoices: [revoked()] },
      { code: "unreadableValue", path: "invoices[0]" },
    );
    refusedBy(() => new Book(revoked()), { code: "unreadableValue", path: "" });
    refusedBy((book) => book.commit(revoked()), { code: "unreadableValue", path: "command" });
  });

  test("that are lists of a length that no list has", () => {
    const list = (length) =>
      new Proxy([...APPLY.invoices], {
        get: (target, key) => (key === "length" ? length : target[key]),
      });
    for (const length of [-1, 1.5, NaN, null, undefined, 1n, {}, Symbol(), () => 1, 2 ** 53]) {
      const error = thrownBy(() => someBook(setoff).execute({ ...APPLY, invoices: list(length) }));
      assert.ok(setoff.isSetoffError(error), String(error));
    }
    assert.deepEqual(
      appliedAmounts(someBook(setoff).execute({ ...APPLY, invoices: list(1) })),
      APPLIED,
    );
  });

  test("that are lists without an end", async () => {
    const own = await ownPackage();
    const endless = new Proxy([], {
      get: (target, key) => (key === "length" ? Infinity : target[key]),
    });
    const attempt = (book) =>
      vm.runInNewContext("run()", { run: () => book.execute(endless) }, { timeout: 200 });
    refused(own, someBook(own), attempt, { path: "" });
  });
});

suite("lists", () => {
  test("with holes", () => {
    const expected = (path) => ({
      code: "invalidType",
      path,
      sentence: "A value is required here, but this is `undefined`.",
    });
    refusedCommand({ ...APPLY, invoices: [, ...APPLY.invoices] }, expected("invoices[0]"));
    const holed = [...APPLY.invoices];
    holed[5] = { invoiceId: "J" };
    refusedCommand({ ...APPLY, invoices: holed }, expected("invoices[1]"));
    refusedCommand({ ...APPLY, invoices: new Array(2 ** 32 - 1) }, expected("invoices[0]"));
    refusedCommand(new Array(2 ** 32 - 1), expected("[0]"));
  });

  test("with fields of their own, and subclasses", () => {
    class List extends Array {}
    const invoices = Object.assign(List.from(APPLY.invoices), { rule: "nonsense", [-1]: 7 });
    assert.deepEqual(appliedAmounts(someBook(setoff).execute({ ...APPLY, invoices })), APPLIED);
  });

  test("of 200,000 entries", () => {
    const invoices = Array.from({ length: 200_000 }, (_, index) => ({
      invoiceId: `J${200_000 - index}`,
    }));
    const path = "invoices[199999].invoiceId"; // J1: invoices are looked up in the order of their identifiers
    refusedCommand({ ...APPLY, invoices }, { code: "documentNotFound", path, says: '"J1"' });
    const same = new Array(200_000).fill(APPLY.invoices[0]);
    refusedCommand(
      { ...APPLY, invoices: same },
      { code: "duplicateEntry", path: "invoices[1].invoiceId" },
    );
  });

  test("objects of 200,000 fields", () => {
    const fields = Object.fromEntries(
      Array.from({ length: 200_000 }, (_, index) => [`f${index}`, index]),
    );
    refusedCommand({ ...APPLY, ...fields }, { code: "unknownField", path: "f0" });
  });
});

suite("depth", () => {
  const nested = (levels, wrap) =>
    Array.from({ length: levels }).reduce((value) => wrap(value), "core");
  const list = (value) => [value];
  const object = (a) => ({ a });

  test("of 32 levels and no more", () => {
    refusedCommand(nested(32, list), { code: "invalidType", path: "", says: "not a list." });
    refusedCommand(nested(32, object), { code: "missingField", path: "type" });
    const expected = { code: "tooDeep", says: "more than 32 levels" };
    refusedCommand(nested(33, list), { ...expected, path: "[0]".repeat(32) });
    refusedCommand(nested(33, object), { ...expected, path: Array(32).fill("a").join(".") });
    refusedCommand(nested(100_000, object), { ...expected, path: Array(32).fill("a").join(".") });
    refusedCommand(
      { ...APPLY, invoices: nested(32, list) },
      { ...expected, path: `invoices${"[0]".repeat(31)}` },
    );
  });

  test("without an end", () => {
    const ring = {};
    ring.ring = ring;
    refusedCommand(ring, { code: "tooDeep", path: Array(32).fill("ring").join(".") });
    const snake = [];
    snake.push(snake);
    refusedCommand(snake, { code: "tooDeep", path: "[0]".repeat(32) });
    const grown = () => new Proxy({ next: 1 }, { get: grown });
    refusedCommand(grown(), { code: "tooDeep", path: Array(32).fill("next").join(".") });
  });
});

suite("texts", () => {
  test("with lone surrogates, in values and names", () => {
    for (const lone of ["\ud800", "\udfff", "a\ud800b", "\udc00\ud800", "é\ud83d", "\ude00😀"]) {
      const expected = (path) => ({ code: "invalidText", path, reason: "loneSurrogate" });
      refusedCommand({ ...APPLY, creditMemoId: lone }, expected("creditMemoId"));
      refusedCommand({ ...APPLY, [lone]: 1 }, expected(lone));
      refusedCommand({ ...APPLY, invoices: [{ [lone]: 1 }] }, expected(`invoices[0].${lone}`));
      refusedCommand(lone, expected(""));
    }
  });

  test("of every kind of character arrive as they are", () => {
    const book = someBook(setoff);
    const texts = [
      "😀",
      "\u{10ffff}",
      "\uffff",
      "\ufeffBOM",
      "e\u0301",
      "é",
      "\u2028",
      "ﷺ",
      "\u200f",
      "\u007f\u0080",
      "\u0000\u0001\n\t",
    ];
    const items = texts.map((description, index) => ({
      id: String(index),
      amount: "1",
      description,
    }));
    const ids = [
      "😀",
      "é",
      "e\u0301",
      "\u2028",
      "a.b[0]",
      "__proto__",
      "constructor",
      " ",
      '"',
      "`",
    ];
    book.execute({ ...INVOICE, id: "texts", items });
    for (const id of ids) book.execute({ ...INVOICE, id });
    const { rows } = book.query({ of: "item", where: { documentId: "texts" } });
    assert.deepEqual(
      rows.map(({ description }) => description),
      texts,
    );
    for (const id of ids) assert.equal(book.query({ of: "invoice", where: { id } }).rows[0].id, id);
  });

  test("that are long", () => {
    for (const long of ["x".repeat(1_000_000), "😀".repeat(500_000)]) {
      const book = someBook(setoff);
      const item = { id: "1", amount: "1", description: long };
      book.execute({ ...INVOICE, id: "J", items: [item] });
      assert.equal(
        book.query({ of: "item", where: { documentId: "J" } }).rows[0].description,
        long,
      );
      for (const [command, code] of [
        [{ ...APPLY, creditMemoId: long }, "invalidId"],
        [{ ...APPLY, at: long }, "invalidDate"],
        [{ ...APPLY, type: long }, "invalidChoice"],
        [{ ...APPLY, invoices: [{ invoiceId: "I", amount: long }] }, "invalidDecimal"],
        [long, "invalidType"],
      ]) {
        const { message } = refusedCommand(command, { code });
        assert.ok(message.length < 400, "a long text is shown shortened");
      }
    }
    assert.equal(
      refusedCommand({ ["x".repeat(100_000)]: 1, type: "x" }, { code: "invalidChoice" }).path,
      "type",
    );
  });

  // Where a length takes another byte: seven bits in each.
  test("of one letter less and more than a byte of the length counts", () => {
    const lengths = [2 ** 7, 2 ** 8, 2 ** 14].flatMap((length) => [length - 1, length, length + 1]);
    const book = someBook(setoff);
    const texts = lengths.map((length) => "x".repeat(length));
    const items = texts.map((description, index) => ({
      id: String(index),
      amount: "1",
      description,
    }));
    book.execute({ ...INVOICE, id: "J", items });
    const { rows } = book.query({ of: "item", where: { documentId: "J" } });
    assert.deepEqual(
      rows.map(({ description }) => description),
      texts,
    );
  });

  test("that are too long for any request", () => {
    const tooLong = "x".repeat(2 ** 28);
    const expected = (path) => ({
      code: "tooLarge",
      path,
      sentence: "The request takes more than 268435456 bytes.",
    });
    refusedCommand({ ...APPLY, creditMemoId: tooLong }, expected("creditMemoId"));
    refusedCommand(tooLong, expected(""));
    refusedBy(() => new Book({ currency: "USD", accountId: tooLong }), expected("accountId"));
  });
});

suite("calls within calls", () => {
  test("a getter that uses the same book, in the midst of the reading", () => {
    const book = someBook(setoff);
    const inner = [];
    const outcome = book.execute({
      ...INVOICE,
      id: "outer",
      items: [
        {
          id: "1",
          get amount() {
            inner.push(book.execute({ ...INVOICE, id: "inner" }));
            inner.push(book.query({ of: "invoice", where: { id: "inner" }, total: true }));
            const twice = {
              ...APPLY,
              get rule() {
                return book.preview(APPLY).applications[0].ruleUsed;
              },
            };
            inner.push(book.preview(twice));
            return "12.34";
          },
          description: "after the getter",
        },
      ],
    });
    assert.deepEqual([inner[0].document.id, inner[0].version, inner[1].total], ["inner", 3, 1]);
    assert.deepEqual(appliedAmounts(inner[2]), APPLIED);
    assert.deepEqual(
      [outcome.document.id, outcome.version, outcome.document.amount],
      ["outer", 4, "12.34"],
    );
    const [item] = book.query({ of: "item", where: { documentId: "outer" } }).rows;
    assert.deepEqual([item.amount, item.description], ["12.34", "after the getter"]);
  });

  test("a trap that makes, restores and frees other books, with requests large and small", () => {
    const book = someBook(setoff);
    const description = "x".repeat(100_000);
    const busy = new Proxy(APPLY.invoices[0], {
      ownKeys(target) {
        const other = someBook(setoff);
        other.execute({ ...INVOICE, id: "large", items: [{ id: "1", amount: "1", description }] });
        Book.restore(other.snapshot()).free();
        other.free();
        return Reflect.ownKeys(target);
      },
    });
    assert.deepEqual(appliedAmounts(book.execute({ ...APPLY, invoices: [busy] })), APPLIED);
  });

  test("a refusal within a call harms neither", () => {
    const book = someBook(setoff);
    let error;
    const outcome = book.execute({
      ...APPLY,
      get invoices() {
        error = thrownBy(() => book.execute({ ...APPLY, invoices: [{ invoiceId: "\ud800" }] }));
        return APPLY.invoices;
      },
    });
    assert.deepEqual([error.code, error.path], ["invalidText", "invoices[0].invoiceId"]);
    assert.deepEqual(appliedAmounts(outcome), APPLIED);
  });

  test("a getter that frees the book", () => {
    const book = someBook(setoff);
    const freeing = {
      get type() {
        book.free();
        return "postInvoice";
      },
    };
    assert.equal(thrownBy(() => book.execute(freeing)).code, "bookFreed");
    assert.deepEqual(appliedAmounts(someBook(setoff).execute(APPLY)), APPLIED);
  });

  test("a getter that calls itself for ever", () => {
    const book = someBook(setoff);
    const endless = {
      get type() {
        return book.execute(endless);
      },
    };
    const error = thrownBy(() => book.execute(endless));
    assert.equal(error.code, "unreadableValue");
    assert.deepEqual([book.version, appliedAmounts(book.execute(APPLY))], [2, APPLIED]);
  });
});

suite("plans", () => {
  const fingerprint = "0123456789abcdef";

  for (const [forgery, code, path] of [
    [undefined, "invalidType", ""],
    [null, "invalidType", ""],
    ["plan", "invalidType", ""],
    [[], "missingField", "command"],
    [() => APPLY, "invalidType", ""],
    [{}, "missingField", "command"],
    [{ fingerprint }, "missingField", "command"],
    [{ command: APPLY }, "missingField", "fingerprint"],
    [{ command: null, fingerprint }, "invalidType", "command"],
    [{ command: [APPLY], fingerprint }, "invalidType", "command"],
    [{ command: APPLY, fingerprint: 7 }, "invalidType", "fingerprint"],
    [{ command: APPLY, fingerprint: 7n }, "invalidType", "fingerprint"],
    [{ command: APPLY, fingerprint: "" }, "invalidId", "fingerprint"],
    [{ command: APPLY, fingerprint: `${fingerprint}0` }, "invalidId", "fingerprint"],
    [{ command: APPLY, fingerprint: "0123456789ABCDEF" }, "invalidId", "fingerprint"],
    [{ command: APPLY, fingerprint: "+123456789abcdef" }, "invalidId", "fingerprint"],
    // The command is refused as it is when it is executed.
    [{ command: { ...APPLY, at: "today" }, fingerprint }, "invalidDate", "at"],
    [{ command: { type: "applyCreditMemos" }, fingerprint }, "invalidChoice", "type"],
    [{ command: APPLY, fingerprint }, "planMoved", ""],
  ]) {
    test(`that are forged: ${inspect(forgery, { depth: 0 })} is ${code} at "${path}"`, () => {
      refusedBy((book) => book.commit(forgery), { code, path });
    });
  }

  test("whose fields cannot be read", () => {
    const never = () => {
      throw new Error("never");
    };
    const refusedAt = (path, field) =>
      refusedBy(
        (book) =>
          book.commit(
            Object.defineProperty({ command: APPLY, fingerprint }, field, { get: never }),
          ),
        {
          code: "unreadableValue",
          path,
        },
      );
    refusedAt("command", "command");
    refusedAt("fingerprint", "fingerprint");
    const command = Object.defineProperty({ ...APPLY }, "at", { get: never, enumerable: true });
    refusedBy((book) => book.commit({ command, fingerprint }), {
      code: "unreadableValue",
      path: "command.at",
    });
  });

  test("that moved are refused as moved, whatever they say that they showed", () => {
    for (const documents of [
      undefined,
      null,
      "none",
      [null],
      [{ documentId: "J", before: "1.00", after: "0.00" }],
      [{ documentId: "C", before: "1.000", after: 0 }],
      [{ documentId: "C", before: "9".repeat(40), after: "0.00" }],
      [{ documentId: 7, before: {}, after: [] }],
      [() => APPLY],
    ]) {
      const forgery = { command: APPLY, fingerprint, documents };
      const expected = { code: "planMoved", path: "", reason: "linesMoved" };
      refusedBy((book) => book.commit(forgery), expected);
    }
    const documents = [{ documentId: "C", before: "51", after: "3.00" }];
    refusedBy((book) => book.commit({ command: APPLY, fingerprint, documents }), {
      code: "planMoved",
      reason: "balanceMoved",
      says: "51.00",
    });
  });

  test("carry out what was previewed, whatever was written on them since", () => {
    const book = someBook(setoff);
    const plan = book.preview(APPLY);
    const { document } = plan;
    Object.assign(plan, { version: 99, amount: "1000.00" });
    Object.assign(document, { id: "J", unappliedAmount: "0.00" });
    plan.applications.length = 0;
    plan.documents[0].after = "0.00";
    const outcome = book.commit(plan);
    assert.deepEqual(
      [outcome.version, outcome.amount, outcome.document.unappliedAmount],
      [3, "48.00", "2.00"],
    );
    assert.deepEqual(appliedAmounts(outcome), APPLIED);
  });

  test("larger than a page are not written over by the calls between", () => {
    const book = someBook(setoff);
    const text = (letter) => letter.repeat(10_000);
    const item = (letter) => ({ id: "1", amount: "1", description: text(letter) });
    const plan = book.preview({ ...INVOICE, id: "J", items: [item("x")] });
    book.execute({ ...INVOICE, id: "K", items: [item("y")] });
    book.commit(plan);
    const { rows } = book.query({ of: "item", where: { documentId: "J" } });
    assert.deepEqual(
      rows.map(({ description }) => description),
      [text("x")],
    );
  });

  // Every byte of what follows the comment once comes last on a page of 4096.
  test("of every length up to a page", () => {
    const book = someBook(setoff);
    const customFields = { whole: 2 ** 29, negative: -(2 ** 29), flag: true };
    const lengths = Array.from({ length: 400 }, (_, index) => 3697 + index);
    for (const length of lengths) {
      // Larger than a page: the next begins one.
      book.preview({ ...INVOICE, id: "J", comment: "x".repeat(5000) });
      const { type, at, autoPost, items } = INVOICE;
      const comment = "x".repeat(length);
      book.commit(
        book.preview({ type, at, id: `${length}`, comment, customFields, autoPost, items }),
      );
    }
    const where = { comment: { ne: null } };
    const { rows } = book.query({
      of: "invoice",
      where,
      sort: [{ by: "id" }],
      page: { size: 400 },
    });
    assert.deepEqual(
      rows.map((row) => [row.id, row.comment.length, row.customFields]),
      lengths.map((length) => [`${length}`, length, customFields]),
    );
  });

  test("keep nothing of the command that they were made of", () => {
    const book = someBook(setoff);
    const command = structuredClone(APPLY);
    const plan = book.preview(command);
    command.invoices[0].amount = "1";
    book.preview({ ...APPLY, rule: "fifo" });
    assert.deepEqual(appliedAmounts(book.commit(plan)), APPLIED);
  });
});
