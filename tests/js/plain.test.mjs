// Results are plain data: whatever looks at an object sees all that they hold.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { suite, test } from "node:test";
import { inspect } from "node:util";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { allocate, Book, prorate } from "../../pkg/node.mjs";
import { decode } from "../../src/js/decode.js";
import { encode } from "../../src/js/encode.js";
import { APPLIED, APPLY, appliedAmounts, INVOICE, MEMO, someBook, thrownBy } from "./fixture.mjs";

const setoff = { Book };

/** What a plan of {@link APPLY} has, in order. */
const PLAN_FIELDS = [
  ...["type", "at", "version", "amount", "applicationGroupId", "notices", "document", "created"],
  ...["applications", "documents", "lines", "committed", "fingerprint", "command"],
];

/** Each result, made anew: none of its fields has been looked at. */
const RESULTS = {
  plan: () => someBook(setoff).preview(APPLY),
  outcome: () => someBook(setoff).execute(APPLY),
  "plan of a document": () => new Book({ currency: "USD" }).preview(INVOICE),
  bulk: () =>
    new Book({ currency: "USD" }).execute({
      type: "bulk",
      at: "2026-03-01",
      commands: [INVOICE, MEMO],
    }),
  allocation: () => allocate({ amount: "10.00", weights: ["1", "1", "1"] }),
};

/** What is seen of a value through a message to a worker. */
function posted(value) {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(value);
  const { message } = receiveMessageOnPort(port2);
  port1.close();
  return message;
}

/** As Vue and MobX wrap an object: its getters run with the proxy as `this`, and what they give is wrapped as well. */
function wrapped(value) {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get: (target, key, receiver) => wrapped(Reflect.get(target, key, receiver)),
  });
}

for (const [name, make] of Object.entries(RESULTS)) {
  suite(`a result: ${name}`, () => {
    const text = JSON.stringify(make());
    const data = JSON.parse(text);
    const { applications: _, ...without } = data;

    for (const [how, see] of Object.entries({
      spread: (result) => ({ ...result }),
      assigned: (result) => Object.assign({}, result),
      "as entries": (result) => Object.fromEntries(Object.entries(result)),
      cloned: (result) => structuredClone(result),
      posted,
      "as JSON": (result) => JSON.parse(JSON.stringify(result)),
      frozen: (result) => Object.freeze(result),
      "as it is": (result) => result,
      "behind a proxy": (result) => JSON.parse(JSON.stringify(wrapped(result))),
      inherited: (result) =>
        Object.fromEntries(Object.keys(data).map((key) => [key, Object.create(result)[key]])),
    })) {
      test(`is all there when it is ${how}`, () => {
        assert.deepStrictEqual(see(make()), data);
        assert.equal(JSON.stringify(see(make())), text);
      });
    }

    test("leaves a rest", () => {
      const { applications: _, ...rest } = make();
      assert.deepStrictEqual(rest, without);
    });

    test("is an object like any other, whose fields are looked at once", () => {
      const result = make();
      assert.equal(Object.getPrototypeOf(result), Object.prototype);
      for (const key of Object.keys(result)) assert.equal(result[key], result[key], key);
    });

    test("shows in a console what its fields hold", () => {
      assert.equal(inspect(make(), { depth: 9 }), inspect(data, { depth: 9 }));
    });
  });
}

suite("two results", () => {
  const preview = (amount) =>
    someBook(setoff).preview({ ...APPLY, invoices: [{ invoiceId: "I", amount }] });

  test("are equal if they say the same, and only then", () => {
    assert.deepStrictEqual(preview("48"), preview("48"));
    assert.throws(
      () => assert.deepStrictEqual(preview("48.00"), preview("47.99")),
      assert.AssertionError,
    );
    const split = (amount) => allocate({ amount, weights: ["1", "2"] });
    assert.throws(
      () => assert.deepStrictEqual(split("1.00"), split("2.00")),
      assert.AssertionError,
    );
  });
});

suite("a plan", () => {
  test("has what a commit needs, and the figures", () => {
    const plan = someBook(setoff).preview(APPLY);
    assert.deepEqual(Object.keys(plan), PLAN_FIELDS);
    assert.deepEqual([plan.committed, plan.command], [false, APPLY]);
    assert.match(plan.fingerprint, /^[0-9a-f]{16}$/);
  });

  for (const [how, copy] of Object.entries({
    itself: (plan) => plan,
    spread: (plan) => ({ ...plan }),
    cloned: (plan) => structuredClone(plan),
    "as JSON": (plan) => JSON.parse(JSON.stringify(plan)),
    "behind a proxy": wrapped,
    bare: ({ command, fingerprint }) => ({ command, fingerprint }),
  })) {
    test(`can be committed ${how}, also on a restored book`, () => {
      const book = someBook(setoff);
      const restored = Book.restore(book.snapshot());
      const plan = copy(book.preview(APPLY));
      assert.deepEqual(appliedAmounts(restored.commit(plan)), APPLIED);
      assert.deepEqual(appliedAmounts(book.commit(plan)), APPLIED);
      assert.equal(book.hash(), restored.hash());
    });
  }

  test("can be committed by another process", () => {
    const book = someBook(setoff);
    const plan = JSON.stringify(book.preview(APPLY));
    const snapshot = Buffer.from(book.snapshot()).toString("base64");
    const program = `
      import { Book } from ${JSON.stringify(new URL("../../pkg/node.mjs", import.meta.url).href)};
      const { plan, snapshot } = JSON.parse(process.argv[1]);
      const book = Book.restore(Buffer.from(snapshot, "base64"));
      const { document } = book.commit(JSON.parse(plan));
      console.log(document.unappliedAmount, book.hash());`;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", program, JSON.stringify({ plan, snapshot })],
      { encoding: "utf8" },
    );

    book.execute(APPLY);
    assert.equal(stdout, `2.00 ${book.hash()}\n`, stderr);
  });

  test("says which figure moved, also when it is a copy", () => {
    const book = someBook(setoff);
    const plan = JSON.parse(JSON.stringify(book.preview(APPLY)));
    book.execute({ ...APPLY, invoices: [{ invoiceId: "I", amount: "2" }] });
    const { code, details } = thrownBy(() => book.commit(plan));
    assert.equal(code, "planMoved");
    const { plannedBefore, plannedAfter, before, after } = details.figures;
    // 50.00 less 48.00 was planned; 2.00 is applied already.
    assert.deepEqual(
      [plannedBefore, plannedAfter, before, after],
      ["50.00", "2.00", "48.00", "0.00"],
    );
  });

  test("does not change with the command that it was made of", () => {
    const book = someBook(setoff);
    const command = structuredClone(APPLY);
    const plan = book.preview(command);
    command.invoices[0].amount = "1";
    command.creditMemoId = "D";
    assert.deepEqual(plan.command, APPLY);
    command.invoices.length = 0;
    assert.deepEqual(appliedAmounts(book.commit(plan)), APPLIED);
  });

  test("of another command is refused, although its fingerprint is right", () => {
    const book = someBook(setoff);
    const { fingerprint } = book.preview(APPLY);
    const command = { ...APPLY, invoices: [{ invoiceId: "I", amount: "47.99" }] };
    assert.equal(thrownBy(() => book.commit({ command, fingerprint })).code, "planMoved");
    assert.equal(book.version, 2);
  });
});

test("a command is read again as it was written", () => {
  const names = Array.from({ length: 200 }, (_, index) => [`name ${index}`, index]);
  for (const value of [
    null,
    true,
    false,
    ...[
      0,
      1,
      -1,
      31,
      32,
      -32,
      -33,
      2 ** 30,
      -(2 ** 30),
      2 ** 31,
      2 ** 40 + 1,
      -(2 ** 40) - 1,
    ].flatMap((n) => [n, n + 1]),
    ...[2 ** 53 - 1, 1 - 2 ** 53, 2 ** 53, 0.1, -2.5e-7, 1e300],
    "",
    "é\u0000\u{1f600}\ufeff",
    "\ufeffa",
    ...[63, 64, 65, 4096, 70_000].flatMap((length) => [
      "x".repeat(length),
      `${"x".repeat(length)}é`,
    ]),
    [],
    [[], [{}], [1, "a", null]],
    Object.fromEntries(names),
    [Object.fromEntries(names), Object.fromEntries(names.toReversed())],
    JSON.parse('{"__proto__":{"a":1},"constructor":"b","toString":[]}'),
  ]) {
    assert.deepStrictEqual(decode(encode(value)), value);
  }
});

suite("dates of Temporal", () => {
  /** An object of Temporal, as runtimes and polyfills have it. */
  const temporal = (type, text) =>
    new (class {
      get [Symbol.toStringTag]() {
        return `Temporal.${type}`;
      }
      toString(options) {
        return options?.calendarName === "never" ? text : `${text}[u-ca=hebrew]`;
      }
    })();
  const create = (at) => new Book({ currency: "USD" }).execute({ ...INVOICE, at }).document.date;

  test("stand where a day stands", () => {
    assert.equal(create(temporal("PlainDate", "2026-03-31")), "2026-03-31");
    // 22:30 of the 30th in UTC.
    const zoned = "2026-03-31T00:30:00+02:00[Europe/Berlin]";
    assert.equal(create(temporal("ZonedDateTime", zoned)), "2026-03-31");
    assert.equal(create(zoned), "2026-03-31");
    assert.equal(create("2026-03-31T00:30:00+02:00"), "2026-03-31");
  });

  test("stand where a moment stands", () => {
    const service = {
      from: temporal("Instant", "2026-01-16T23:00:00Z"),
      to: temporal("ZonedDateTime", "2026-02-01T00:00:00+01:00[Europe/Berlin]"),
    };
    const period = { from: temporal("PlainDate", "2026-01-01"), every: { months: 1 } };
    const { amount } = prorate({
      currency: "EUR",
      price: "31.00",
      period,
      service: { ...service, from: "2026-01-17" },
    });
    // 15 of 31 days.
    assert.equal(amount, "15.00");
    assert.equal(prorate({ currency: "EUR", price: "31.00", period, service }).amount, "16.00");
  });

  test("are refused where they say no day", () => {
    const refusal = (at) => {
      const { code, path, details } = thrownBy(() => create(at));
      return [code, path, details.reason];
    };
    const instant = "2026-03-30T22:30:00Z";
    assert.deepEqual(refusal(instant), ["invalidDate", "at", "noCivilDay"]);
    assert.deepEqual(refusal(temporal("Instant", instant)), ["invalidDate", "at", "noCivilDay"]);
    for (const type of ["PlainDateTime", "PlainYearMonth", "Duration"])
      assert.deepEqual(refusal(temporal(type, "2026-03-31")), [
        "invalidType",
        "at",
        "objectOfClass",
      ]);
    assert.deepEqual(refusal(new Date(0)), ["invalidType", "at", "objectOfClass"]);
    const broken = Object.assign(temporal("PlainDate", ""), { toString: () => 5 });
    assert.deepEqual(refusal(broken), ["invalidType", "at", "objectOfClass"]);
  });
});
