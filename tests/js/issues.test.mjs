// Everything that is wrong with the shape of a request, and the way to each field as a list.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as setoff from "../../pkg/node.mjs";
import { APPLY, INVOICE, someBook, thrownBy } from "./fixture.mjs";

const { allocate, Book, generateDocuments, prorate, SetoffError } = setoff;
const told = ({ issues }) =>
  issues.map(({ code, segments }) => [code, ...segments].join(" ")).sort();

suite("the issues of an error", () => {
  test("are all faults of shape, and the error is the first of them", () => {
    const book = someBook(setoff);
    const hash = book.hash();
    const [item, other] = INVOICE.items;
    const error = thrownBy(() =>
      book.execute({
        ...INVOICE,
        at: "yesterday",
        dueDate: "2026-02-30",
        autoPost: "yes",
        items: [
          { ...item, amount: 60 },
          { ...other, id: "", note: "?" },
        ],
      }),
    );
    assert.deepEqual(told(error), [
      "invalidDate at",
      "invalidDate dueDate",
      "invalidId items 1 id",
      "invalidType autoPost",
      "invalidType items 0 amount",
      "unknownField items 1 note",
    ]);
    const { code, path, segments, details, message } = error;
    assert.deepEqual(error.issues[0], { code, path, segments, details, message });
    for (const issue of error.issues) assert.ok(issue.message.endsWith(issue.details.sentence));
    assert.equal(book.hash(), hash);
  });

  test("are also the amounts, rates and identifiers that only the book can judge", () => {
    const book = someBook(setoff);
    const hash = book.hash();
    const invoice = {
      ...{ type: "createInvoice", id: "NEW", at: "2026-03-01" },
      items: [
        { id: "a", amount: "1.005", taxItems: [{ id: "a-tax", rate: "19" }] },
        { id: "a", amount: "2.0001" },
        { id: "b", amount: "3.00", taxItems: [{ id: "a-tax", rate: "7" }] },
      ],
    };
    const expected = [
      "duplicateId items 1 id",
      "duplicateId items 2 taxItems 0 id",
      "invalidDecimal items 1 amount",
      "outOfRange items 0 taxItems 0 rate",
      "outOfRange items 2 taxItems 0 rate",
      "tooManyDecimals items 0 amount",
    ];
    // Faults of the shape and of what the book knows are told together.
    invoice.items[1].amount = "2,0001";
    const told2 = (ask) => {
      const error = thrownBy(ask);
      const { code, path, segments, details, message } = error;
      assert.deepEqual(error.issues[0], { code, path, segments, details, message });
      return told(error);
    };
    assert.deepEqual(
      told2(() => book.execute(invoice)),
      expected,
    );
    assert.deepEqual(
      told2(() => book.preview(invoice)),
      expected,
    );
    assert.equal(book.hash(), hash);

    // Mended by what they say, nothing is wrong.
    const [first, second, third] = invoice.items;
    const mended = {
      ...invoice,
      items: [
        { ...first, amount: "1.00", taxItems: [{ id: "a-tax", rate: "0.19" }] },
        { ...second, id: "c", amount: "2.00" },
        { ...third, taxItems: [{ id: "b-tax", rate: "0.07" }] },
      ],
    };
    assert.equal(book.execute(mended).document.amount, "6.40");
  });

  test("of a bill run and of a change of plan are also those that the calculation finds", () => {
    const charges = ["a", "b", "a", "b"].map((id) => ({ id, amount: "1.00" }));
    charges[3].amount = "1.001";
    const run = { currency: "USD", charges };
    assert.deepEqual(told(thrownBy(() => generateDocuments(run))), [
      "duplicateId charges 2 id",
      "duplicateId charges 3 id",
      "tooManyDecimals charges 3 amount",
    ]);
    const taxes = [{ rate: "19" }, { rate: "0.07" }, { rate: "7" }];
    const change = {
      ...{ currency: "USD", period: { from: "2026-01-01", to: "2026-02-01" } },
      plan: { price: "30.00", taxes },
      changes: [{ type: "cancel", at: "2026-01-17" }],
    };
    assert.deepEqual(told(thrownBy(() => setoff.previewChange(change))), [
      "outOfRange plan taxes 0 rate",
      "outOfRange plan taxes 2 rate",
    ]);
  });

  test("are those of every request", () => {
    const faults = (attempt) => told(thrownBy(attempt));
    assert.deepEqual(
      faults(() => new Book({ currency: 5, mirror: "perhaps" })),
      ["invalidChoice mirror", "invalidType currency"],
    );
    const book = new Book({ currency: "USD" });
    const query = { of: "invoice", where: { status: 7 }, page: { size: "all" }, asOf: "now" };
    assert.ok(faults(() => book.query(query)).length >= 2);
    assert.deepEqual(
      faults(() => allocate({ amount: "x", weights: [1, "2"], keys: "a" })),
      ["invalidDecimal amount", "invalidType keys", "invalidType weights 0"],
    );
    const period = { from: "now", every: { months: 1 } };
    const service = { from: "2026-01-01", to: "2026-02-01" };
    assert.deepEqual(
      faults(() => prorate({ currency: "USD", price: 5, period, service })),
      ["invalidDate period from", "invalidType price"],
    );
    const charges = [{ id: "", amount: 5 }];
    assert.ok(faults(() => generateDocuments({ currency: "USD", charges })).length >= 2);
  });

  test("are the error alone where its shape was right, or where it cannot be read", () => {
    const book = someBook(setoff);
    const alone = (attempt) => {
      const { issues, code, path, segments, details, message } = thrownBy(attempt);
      assert.deepEqual(issues, [{ code, path, segments, details, message }]);
      return [code, ...segments];
    };
    const invoices = [{ invoiceId: "I", amount: "97" }];
    assert.deepEqual(
      alone(() => book.execute({ ...APPLY, invoices })),
      ["exceedsUnapplied", "invoices", 0, "amount"],
    );
    const unreadable = new Proxy([], { get: () => assert.fail("never") });
    const command = { ...APPLY, invoices: [{ invoiceId: unreadable }] };
    assert.deepEqual(
      alone(() => book.execute(command)),
      ["unreadableValue", "invoices", 0, "invoiceId"],
    );
    assert.deepEqual(
      alone(() => book.execute({ ...APPLY, at: "\ud800" })),
      ["invalidText", "at"],
    );
    assert.deepEqual(
      alone(() => Book.restore("bytes")),
      ["invalidType"],
    );
    assert.deepEqual(
      alone(() => new setoff.Splitter({ weights: [1] })),
      ["invalidType", "weights"],
    );
    book.free();
    assert.deepEqual(
      alone(() => book.hash()),
      ["bookFreed"],
    );
  });

  test("are the same of a book with a log, also of what no entry can hold", () => {
    const wrong = { type: "createPayment", id: "", at: new Date(0), amount: "1,00" };
    const issuesOf = (options) => {
      const error = thrownBy(() => new Book({ currency: "USD", ...options }).execute(wrong));
      return error.issues.map(({ code, path }) => [code, path]);
    };
    const expected = [
      ["invalidId", "id"],
      ["invalidType", "at"],
      ["invalidDecimal", "amount"],
    ];
    assert.deepEqual(issuesOf({}).sort(), expected.sort());
    assert.deepEqual(issuesOf({ log: true }), issuesOf({}));
  });

  test("stand with every refused row of a bulk, one for each", () => {
    const book = someBook(setoff);
    const commands = [{ ...APPLY, at: "never" }, APPLY];
    const { results } = book.execute({ type: "bulk", at: APPLY.at, atomic: false, commands });
    assert.deepEqual(results[0].error.segments, ["commands", 0, "at"]);
  });

  test("name fields that hold dots and brackets", () => {
    const error = thrownBy(() => someBook(setoff).execute({ ...APPLY, "a.b[0]": 1 }));
    assert.deepEqual(error.segments, ["a.b[0]"]);
    assert.ok(error instanceof SetoffError);
  });
});
