// The package's promises beside the figures: loading, classes, plans, queries.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { suite, test } from "node:test";
import { inspect } from "node:util";
import * as esm from "../../pkg/node.mjs";
import {
  APPLIED,
  APPLY,
  appliedAmounts,
  INVOICE,
  MEMO,
  refused,
  someBook,
  thrownBy,
} from "./fixture.mjs";

const { Book, init, isSetoffError, SetoffError } = esm;
const commonJs = createRequire(import.meta.url)("../../pkg/node.cjs");

suite("loading", () => {
  test("init has nothing to do in Node, however often and with whatever it is called", async () => {
    const book = someBook(esm);
    const nothing = await Promise.all([
      init(),
      init(),
      init("file:///nowhere.wasm"),
      init(new Uint8Array(3)),
    ]);
    assert.deepEqual(nothing, [undefined, undefined, undefined, undefined]);
    assert.equal(await init(), undefined);
    assert.deepEqual(appliedAmounts(book.execute(APPLY)), APPLIED);
  });

  test("both kinds export the same, and nothing of the engine beneath", () => {
    const names = Object.keys(esm).sort();
    assert.deepEqual(Object.keys(commonJs).sort(), names);
    for (const name of ["Book", "SetoffError", "init", "isSetoffError"])
      assert.ok(names.includes(name));
    assert.deepEqual(
      names.filter((name) => /^(_|book|engine|default$)/.test(name)),
      [],
    );
  });

  test("each kind has books of its own, and snapshots for both", () => {
    const [first, second] = [someBook(esm), someBook(commonJs)];
    assert.equal(first.hash(), second.hash());
    assert.ok(!(second instanceof Book));
    assert.deepEqual(Book.restore(second.snapshot()).snapshot(), first.snapshot());
  });
});

suite("errors", () => {
  const error = thrownBy(() => new Book({ currency: "MILES" }));

  test("are errors, with a name and a stack", () => {
    assert.ok(error instanceof SetoffError && error instanceof Error);
    assert.equal(error.name, "SetoffError");
    assert.equal(Object.prototype.toString.call(error), "[object Error]");
    assert.ok(!Object.hasOwn(error, "name"), "like those of the language");
    assert.match(error.stack, /^SetoffError: .*\n\s+at /);
    assert.match(error.stack, /api\.test\.mjs/, "the stack leads to the caller");
  });

  test("say where and what, with the figures", () => {
    const sentence = 'The currency "MILES" is neither in ISO 4217 nor defined by the book.';
    assert.deepEqual(
      { ...error },
      {
        code: "unknownCurrency",
        path: "currency",
        segments: ["currency"],
        details: error.details,
      },
    );
    assert.deepEqual(error.details, {
      sentence,
      reason: "currencyNotDefined",
      figures: { currency: "MILES" },
    });
    assert.equal(error.message, `\`currency\`: ${sentence}`);
    assert.match(inspect(error), /code: 'unknownCurrency'/);
  });

  test("say as much where JavaScript has found them", () => {
    const { message, path, details } = thrownBy(() => someBook(esm).execute({ type: "\ud800" }));
    const sentence = "The text is not well-formed Unicode: it has a lone surrogate.";
    assert.deepEqual([path, details], ["type", { sentence, reason: "loneSurrogate", figures: {} }]);
    assert.equal(message, `\`type\`: ${sentence}`);
  });

  test("are known across copies of the package, and nothing else is", () => {
    const other = thrownBy(() => new commonJs.Book({ currency: "MILES" }));
    assert.ok(!(other instanceof SetoffError));
    assert.ok(isSetoffError(error) && isSetoffError(other) && commonJs.isSetoffError(error));
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    for (const value of [
      undefined,
      null,
      "SetoffError",
      {},
      new Error("x"),
      { name: "SetoffError" },
      () => error,
      revoked.proxy,
      new Proxy({}, { get: () => assert.fail("read") }),
    ]) {
      assert.equal(isSetoffError(value), false);
    }
  });

  test("come in their order of precedence when a document is created", () => {
    const empty = { ...INVOICE, items: [] };
    const expected = { code: "missingField", path: "items" };
    refused(esm, someBook(esm), (book) => book.execute({ ...empty, currency: "MILES" }), expected);
    refused(esm, someBook(esm), (book) => book.execute(empty), expected);
  });
});

suite("books", () => {
  test("count the commands that were executed, and only those", () => {
    const book = new Book({ currency: "USD" });
    assert.equal(book.version, 0);
    assert.equal(book.execute(INVOICE).version, 1);
    assert.equal(book.execute(MEMO).version, 2);
    book.preview(APPLY);
    book.query({ of: "invoice" });
    thrownBy(() => book.execute(INVOICE));
    assert.equal(book.version, 2);
    const setVersion = () => {
      book.version = 7;
    };
    assert.ok(thrownBy(setVersion) instanceof TypeError);
  });

  test("are made with new, and show nothing of their inside", () => {
    assert.ok(thrownBy(() => Book({ currency: "USD" })) instanceof TypeError);
    assert.ok(thrownBy(() => Book.prototype.hash.call({})) instanceof TypeError);
    assert.deepEqual(Reflect.ownKeys(someBook(esm)), []);
  });

  test("are as the options say", () => {
    const currencies = [{ code: "POINTS", scale: 0 }];
    const book = new Book({ currency: "POINTS", accountId: "A", currencies });
    const items = [{ id: "1", amount: "1000" }];
    const { currency, accountId, amount } = book.execute({ ...INVOICE, items }).document;
    assert.deepEqual(
      { currency, accountId, amount },
      { currency: "POINTS", accountId: "A", amount: "1000" },
    );
  });

  test("answer every kind of query", () => {
    const book = someBook(esm);
    book.execute(APPLY);
    const between = { sourceId: "C", targetId: "I" };
    const totals = [
      [{ of: "invoice", where: { id: "I", accountId: "", status: "posted" } }, 1],
      [{ of: "invoice", where: { status: "draft" } }, 0],
      [{ of: "creditMemo" }, 1],
      [{ of: "item", where: { documentId: "I" } }, 2],
      [{ of: "part", where: between }, 1],
      [{ of: "partItem", where: between }, 3],
      [{ of: "application", where: between }, 1],
      [{ of: "application", where: { targetId: "other" } }, 0],
    ];
    for (const [query, total] of totals) {
      const page = book.query({ ...query, total: true });
      assert.deepEqual(
        [page.total, page.rows.length, page.page],
        [total, total, { number: 1, size: 20 }],
      );
    }
    const { rows, total, page } = book.query({
      of: "partItem",
      page: { number: 2, size: 2 },
      total: true,
    });
    assert.deepEqual(
      [rows.map(({ amount }) => amount), total, page],
      [["15.00"], 3, { number: 2, size: 2 }],
    );
    assert.deepEqual(book.query({ of: "partItem", page: { number: 9 } }).rows, []);
  });
});

suite("explanations", () => {
  test("every share says why, in data and in words", () => {
    const book = new Book({ currency: "USD" });
    const at = "2026-03-01";
    const items = ["a", "b", "c"].map((id) => ({ id, amount: "50.00" }));
    book.execute({ type: "createInvoice", at, id: "I", autoPost: true, items });
    book.execute({
      type: "createCreditMemo",
      at,
      id: "C",
      autoPost: true,
      items: [{ id: "m", amount: "40.00" }],
    });
    const hash = book.hash();
    const [{ given, received, ruleUsed }] = book.explain({
      type: "applyCreditMemo",
      at,
      creditMemoId: "C",
      invoices: [{ invoiceId: "I" }],
    });
    // 40.00 × 50 ÷ 150 is 13 1/3: 13.33 each, and one cent left over, for the first of three equal remainders.
    assert.equal(ruleUsed, "proration");
    assert.deepEqual(
      received.map(({ line, part, exact, first, leftover, rank }) => [
        line.itemId,
        part,
        exact,
        first,
        leftover,
        rank,
      ]),
      [
        ["a", "13.34", "40/3", "13.33", "0.01", 1],
        ["b", "13.33", "40/3", "13.33", "0.00", 2],
        ["c", "13.33", "40/3", "13.33", "0.00", 3],
      ],
    );
    const share = "Its exact share, 40.00 × 50.00 ÷ 150.00, is 13.333…; rounded down, 13.33.";
    const remainder = "(largest remainder";
    assert.equal(
      received[0].sentence,
      `${share} One unit of 0.01 was left over and went to this line ${remainder}, first of three equal ones).`,
    );
    assert.equal(
      received[2].sentence,
      `${share} One unit of 0.01 was left over and did not go to this line ${remainder}, third of three equal ones).`,
    );
    assert.equal(given[0].sentence, "Its exact share, 40.00 × 40.00 ÷ 40.00, is 40.00.");
    assert.equal(book.hash(), hash);
  });

  test("a payment that is only being made explains itself too", () => {
    const book = someBook(esm);
    const [{ targetId, received }] = book.explain({
      type: "createPayment",
      at: "2026-03-02",
      id: "P",
      amount: "10.00",
      rule: "fifo",
      invoices: [{ invoiceId: "I" }],
    });
    assert.equal(targetId, "I");
    assert.match(
      received[0].sentence,
      /^10\.00 of the [\d.]+ that it has open, in the order of lines\.$/,
    );
  });
});

suite("previews and plans", () => {
  const outcomeFields = [
    ...["type", "at", "version", "amount", "applicationGroupId", "notices", "document", "created"],
    ...["applications", "documents", "lines"],
  ];

  test("a preview changes nothing", () => {
    const book = someBook(esm);
    const before = [book.version, book.hash(), book.snapshot()];
    const plan = book.preview(APPLY);
    assert.equal(plan.version, 3);
    assert.equal(plan.committed, false);
    assert.deepEqual([book.version, book.hash(), book.snapshot()], before);
  });

  test("a commit gives what was previewed, to the letter, as an execution does", () => {
    const book = someBook(esm);
    const twin = Book.restore(book.snapshot());
    const plan = book.preview(APPLY);
    const outcome = book.commit(plan);
    const { committed, command, fingerprint, ...shown } = plan;
    assert.deepEqual(outcome, shown);
    assert.equal(JSON.stringify(outcome), JSON.stringify(twin.execute(APPLY)));
    assert.deepEqual(book.snapshot(), twin.snapshot());
    assert.deepEqual(Object.keys(outcome), outcomeFields);
  });

  test("commands that settle nothing can be planned too", () => {
    const book = new Book({ currency: "USD" });
    const plan = book.preview(INVOICE);
    assert.deepEqual([plan.amount, plan.applicationGroupId, plan.applications], [null, null, []]);
    const { committed, command, fingerprint, ...shown } = plan;
    assert.deepEqual(book.commit(plan), shown);
    assert.equal(thrownBy(() => book.commit(plan)).code, "duplicateId");
  });

  test("a plan says what moved", () => {
    const book = someBook(esm);
    const plan = book.preview(APPLY);
    book.execute({ ...APPLY, invoices: [{ invoiceId: "I", amount: "2" }] });
    const [version, hash] = [book.version, book.hash()];
    const error = thrownBy(() => book.commit(plan));
    assert.deepEqual([error.code, error.path], ["planMoved", ""]);
    for (const figure of ['credit memo "C"', "50.00", "2.00", "48.00", "0.00"])
      assert.ok(error.message.includes(figure), `no ${figure}: ${error.message}`);
    assert.deepEqual([book.version, book.hash()], [version, hash]);
  });

  test("a plan stands while its figures do", () => {
    const book = someBook(esm);
    const plan = book.preview(APPLY);
    book.execute({ ...INVOICE, id: "J" });
    book.execute({ ...APPLY, invoices: [{ invoiceId: "J" }] });
    book.execute({ type: "unapplyCreditMemo", at: "2026-03-02", creditMemoId: "C" });
    const outcome = book.commit(plan);
    assert.deepEqual(outcome.lines, plan.lines);
    assert.deepEqual([plan.version, outcome.version], [3, 6]);
  });

  test("a plan is not carried out twice", () => {
    const book = someBook(esm);
    const plan = book.preview(APPLY);
    book.commit(plan);
    assert.equal(thrownBy(() => book.commit(plan)).code, "exceedsUnapplied");
  });

  test("outcomes show all that they have to who inspects them", () => {
    const outcome = someBook(esm).execute(APPLY);
    const shown = inspect(outcome, { depth: 5 });
    for (const name of outcomeFields) assert.ok(shown.includes(`${name}: `), name);
    assert.match(shown, /itemId: '1'/);
    assert.equal(inspect(outcome, { depth: 5 }), inspect({ ...outcome }, { depth: 5 }));
  });
});

test("custom numbers come back as JavaScript prints them; what 28 decimals do not hold is refused", () => {
  const book = new Book({ currency: "USD" });
  const invoice = (id, x) =>
    book.execute({
      type: "createInvoice",
      at: "2026-04-01",
      id,
      items: [{ id: "a", amount: "5.00" }],
      customFields: { x },
    });
  const numbers = [-2.5e-7, 1e22, 0.1 + 0.2];
  numbers.forEach((x, place) => {
    invoice(`I${place}`, x);
  });
  const { rows } = book.query({ of: "invoice", sort: [{ by: "number", dir: "asc" }] });
  assert.deepEqual(
    rows.map(({ customFields }) => customFields.x),
    numbers,
  );
  for (const x of [5e-29, 1e30]) {
    assert.throws(() => invoice("J", x), { code: "invalidType", path: "customFields.x" });
  }
});
