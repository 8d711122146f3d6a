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
