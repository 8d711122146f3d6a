// Proration through the package: the examples of the types, refusals, columns, and what a caller may rely on.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { suite, test } from "node:test";
import * as esm from "../../pkg/node.mjs";
import { thrownBy } from "./fixture.mjs";

const { billingPeriod, previewChange, prorate, prorateColumns, prorationPresets, schedule } = esm;
const commonJs = createRequire(import.meta.url)("../../pkg/node.cjs");

const JANUARY = { from: "2026-01-01", to: "2026-02-01" };
/** From the 17th: 15 of 31 days. */
const REST = { from: "2026-01-17", to: "2026-02-01" };
const REQUEST = { currency: "USD", price: "100.00", service: REST, period: JANUARY };

const refusal = (f) => {
  const error = thrownBy(f);
  assert.ok(esm.isSetoffError(error), String(error));
  return { code: error.code, path: error.path };
};

suite("prorate", () => {
  test("says the amount, the share, the cells, and why", () => {
    // 100 × 15/31 = 1500/31 = 48.387….
    assert.deepEqual(prorate(REQUEST), {
      amount: "48.39",
      exact: "1500/31",
      factor: "15/31",
      covered: "15",
      length: "31",
      rate: null,
      cells: [{ cell: JANUARY, served: REST, covered: "15", length: "31" }],
      sentence: "15 of 31 days of 100.00: 48.387096…, rounded to the nearest, halves up: 48.39.",
    });
    assert.deepEqual(commonJs.prorate(REQUEST), prorate(REQUEST));
  });

  test("takes the length of a plan for its period, a count of days, or a factor", () => {
    const plan = prorate({ ...REQUEST, period: { from: "2026-01-01", every: { months: 1 } } });
    assert.equal(plan.amount, "48.39");
    const stub = prorate({ ...REQUEST, period: { to: "2026-02-01", every: { months: 1 } } });
    assert.equal(stub.amount, "48.39");
    assert.equal(prorate({ currency: "USD", price: "100", days: 15, periodDays: 31 }).amount, "48.39");
    assert.equal(prorate({ currency: "USD", price: "100", factor: "15/31" }).amount, "48.39");
    // 4.00 a month of 30 days: 0.1333… a day, made 0.133; 17 days are 2.261 (AppXite's printed 2.26).
    const daily = prorate({ terms: "dailyRate3", currency: "USD", price: "4.00", days: 17, periodDays: 30 });
    assert.deepEqual([daily.amount, daily.rate], ["2.26", "133/1000"]);
    const why = "17 of 30 days of 4.00, at 0.133 a day: 2.261, rounded to the nearest, halves up: 2.26.";
    assert.equal(daily.sentence, why);
  });

  test("tells whole months from parts of them", () => {
    // Zuora's documentation: 1200 a year from 14 July, actual days, month first: 100 × (5 + 18/31) = 558.06.
    const { amount, cells, sentence } = prorate({
      terms: "zuoraActualMonthFirst",
      ...{ currency: "USD", price: "1200" },
      ...{ service: { from: "2018-07-14", to: "2018-12-31" }, period: { from: "2018-01-01", to: "2018-12-31" } },
    });
    assert.deepEqual([amount, cells.length], ["558.06", 6]);
    assert.match(sentence, /^5\.580645… of 12 months \(5 whole \+ 18 of 31 days\) at 1200: /);
  });

  test("counts the civil days that instants show, and elapsed time as it passes", () => {
    // New York's March 2024 has 31 days, and 743 hours: daylight saving begins on the 10th.
    const service = { from: "2024-03-16T00:00:00-04:00", to: "2024-04-01T00:00:00-04:00" };
    const period = { from: "2024-03-01T00:00:00-05:00", to: "2024-04-01T00:00:00-04:00" };
    const factor = (unit) => prorate({ terms: { unit }, currency: "USD", price: "1", service, period }).factor;
    assert.deepEqual([factor("day"), factor("hour"), factor("second")], ["16/31", "384/743", "384/743"]);
  });

  test("rounds to what the currency has, or to a stated step", () => {
    const amount = (money) => prorate({ price: "1000", factor: "20/29", ...money }).amount;
    // 689.655…
    const amounts = ["JPY", "USD", "KWD"].map((currency) => amount({ currency }));
    assert.deepEqual(amounts, ["690", "689.66", "689.655"]);
    assert.equal(amount({ currency: "CHF", increment: "0.05" }), "689.65");
  });

  test("refuses what it does not know, at its place", () => {
    const refused = (change) => refusal(() => prorate({ ...REQUEST, ...change }));
    assert.deepEqual(refused({ price: 100 }), { code: "invalidType", path: "price" });
    assert.deepEqual(refused({ currency: "MILES" }), { code: "unknownCurrency", path: "currency" });
    assert.deepEqual(refused({ currency: undefined }), { code: "missingField", path: "currency" });
    assert.deepEqual(refused({ increment: "0" }), { code: "outOfRange", path: "increment" });
    assert.deepEqual(refused({ colour: 1 }), { code: "unknownField", path: "colour" });
    assert.deepEqual(refused({ factor: "1" }), { code: "unknownField", path: "service" });
    assert.deepEqual(refused({ service: undefined }), { code: "missingField", path: "service" });
    assert.deepEqual(refused({ period: undefined }), { code: "missingField", path: "period" });
    assert.deepEqual(refused({ service: { from: "2026-02-30", to: "x" } }), {
      ...{ code: "invalidDate", path: "service.from" },
    });
    assert.deepEqual(refused({ service: { from: "2026-02-02", to: "2026-02-01" } }), {
      ...{ code: "invalidPeriod", path: "service" },
    });
    assert.deepEqual(refused({ terms: "zuora" }), { code: "invalidChoice", path: "terms" });
    assert.deepEqual(refused({ terms: { unit: "week" } }), { code: "invalidChoice", path: "terms.unit" });
    assert.deepEqual(refused({ terms: { gridDay: 32 } }), { code: "invalidNumber", path: "terms.gridDay" });
    assert.deepEqual(refused({ terms: { cellDays: { fixed: 30, nominal: 30 } } }), {
      ...{ code: "missingField", path: "terms.cellDays" },
    });
    assert.deepEqual(refused({ terms: { unit: "hour", grid: "month" } }), { code: "invalidTerms", path: "terms.unit" });
    assert.deepEqual(refused({ terms: { grid: "month" }, period: REST, service: REST }), {
      ...{ code: "missingField", path: "months" },
    });
    assert.deepEqual(refused({ price: "9".repeat(28), quantity: "9".repeat(28) }), { code: "outOfRange", path: "" });
    assert.deepEqual(refusal(() => prorate(null)), { code: "invalidType", path: "" });
    assert.deepEqual(refusal(() => prorate({ ...REQUEST, get price() { throw new Error("mine"); } })), {
      ...{ code: "unreadableValue", path: "price" },
    });
  });
});

suite("previewChange", () => {
  const taxes = [{ name: 'VAT "19"', rate: "0.19" }];
  const plan = { price: "30.00", taxes };
  const base = { currency: "USD", period: JANUARY, plan };

  test("an upgrade gives back what is left of the old plan and charges the new one", () => {
    const { lines, running, ...sums } = previewChange({
      ...base,
      changes: [{ type: "change", at: "2026-01-17", price: "50.00" }],
    });
    // 16 of 31 days of 30.00 are 15.48…, so 14.52 of 30.00 go back; 15 of 31 days of 50.00 are 24.19….
    // Tax: 5.70 on 30.00, of which 14.52 ÷ 30.00 is 2.7588; 19 % of 24.19 is 4.5961.
    assert.deepEqual(sums, { credit: "-14.52", charge: "24.19", net: "9.67", tax: "1.84", total: "11.51" });
    assert.deepEqual(
      lines.map(({ type, change, service, price, amount, taxes, cost }) => [
        ...[type, change, service, price, amount, taxes, cost],
      ]),
      [
        ["credit", 0, REST, "30.00", "-14.52", [{ ...taxes[0], amount: "-2.76" }], "15.48"],
        ["charge", 0, REST, "50.00", "24.19", [{ ...taxes[0], amount: "4.60" }], null],
      ],
    );
    assert.equal(
      lines[0].sentence,
      "Credit for 15 of 31 days, from 2026-01-17 to before 2026-02-01: of 30 billed, 15.48 was used: -14.52.",
    );
    assert.deepEqual(running, {
      ...{ price: "50.00", quantity: "1", since: "2026-01-17", billed: "24.19", credited: "0.00" },
    });
  });

  test("several changes follow one another, each credit of what its own line was billed", () => {
    const changes = [
      { type: "change", at: "2026-01-11", quantity: "2" },
      { type: "pause", at: "2026-01-21" },
      { type: "resume", at: "2026-01-26" },
      { type: "cancel", at: "2026-02-01" },
    ];
    const { lines, running } = previewChange({ ...base, changes });
    // 30.00 for January; 10 of 31 days used: 9.68, back 20.32. Twice 30.00 for 21 days: 40.65; 10 days of that used:
    // 19.35, back 21.30. Six days twice: 11.61. At the end of the period all is used: nothing goes back.
    const amounts = lines.map(({ type, amount }) => `${type} ${amount}`);
    assert.deepEqual(amounts, [
      ...["credit -20.32", "charge 40.65", "credit -21.30", "charge 11.61", "credit 0.00"],
    ]);
    assert.equal(running, null);
  });

  test("a pause with a known end is one credit, and the plan runs on", () => {
    const changes = [{ type: "pause", at: "2026-01-11", until: "2026-01-21" }];
    const { lines, running } = previewChange({ ...base, terms: "stripe", changes });
    // Ten of 31 days of 30.00: 9.677….
    assert.deepEqual(lines.map(({ amount, service }) => [amount, service]), [
      ["-9.68", { from: "2026-01-11", to: "2026-01-21" }],
    ]);
    assert.deepEqual([running.billed, running.credited], ["30.00", "9.68"]);
  });

  test("a credit is at most what was billed less what was credited", () => {
    const changes = [{ type: "cancel", at: "2026-01-01" }];
    const { lines } = previewChange({ ...base, billed: "30.00", credited: "20.00", changes });
    assert.deepEqual([lines[0].amount, lines[0].cap], ["-10.00", "10"]);
    assert.match(lines[0].sentence, / No more than 10 was left to be credited\.$/);
    // With the 20.00 credited before, the whole tax of 5.70 is back: 3.80 then, 1.90 now.
    assert.equal(lines[0].taxes[0].amount, "-1.90");
  });

  test("a difference can be one line, rounded once, and so can an invoice", () => {
    // 1.5 and 2 cents: −0.02 and 0.02, or 0.005 together (`proration.md` 0.10).
    const request = {
      ...{ currency: "USD", plan: { price: "0.03" }, changes: [{ type: "change", unused: "1/2", price: "0.04" }] },
    };
    const gross = previewChange({ ...request, terms: { creditFormula: "direct" } });
    assert.deepEqual([gross.credit, gross.charge, gross.net], ["-0.02", "0.02", "0.00"]);
    const net = previewChange({ ...request, terms: { creditFormula: "direct", present: "net" } });
    assert.deepEqual(net.lines.map(({ type, amount }) => `${type} ${amount}`), ["net 0.01"]);
    const invoice = previewChange({ ...request, terms: { creditFormula: "direct", stage: "invoice" } });
    const lines = invoice.lines.map(({ type, amount }) => `${type} ${amount}`);
    assert.deepEqual([lines, invoice.net], [["credit -0.02", "charge 0.02", "rounding 0.01"], "0.01"]);
  });

  test("a discount follows its charge", () => {
    const request = (discount, terms) => ({
      ...{ currency: "USD", terms, plan: { price: "1200", discount } },
      changes: [{ type: "cancel", unused: "3/4" }],
    });
    const line = (...args) => previewChange(request(...args)).lines[0];
    // Zuora's documentation: 720 off 1200 for a year, three months kept. In proportion, 540 of it goes back; else it
    // stays as far as the 300 that are kept reach, and 420 goes back.
    const { gross, discount, amount } = line({ amount: "720" }, "default");
    assert.deepEqual([gross, discount, amount], ["-900.00", "540.00", "-360.00"]);
    const kept = line({ amount: "720" }, { discount: "keep" });
    assert.deepEqual([kept.gross, kept.discount, kept.amount], ["-900.00", "420.00", "-480.00"]);
    assert.equal(line({ rate: "0.1" }, "default").amount, "-810.00");
  });

  test("refuses changes that do not fit", () => {
    const refused = (changes, more) => refusal(() => previewChange({ ...base, ...more, changes }));
    const cancel = (at) => ({ type: "cancel", at });
    assert.deepEqual(refused([cancel("2026-02-02")]), { code: "invalidPeriod", path: "changes[0].at" });
    assert.deepEqual(refused([cancel("2025-12-31")]), { code: "invalidPeriod", path: "changes[0].at" });
    const pause = { type: "pause", at: "2026-01-20" };
    assert.deepEqual(refused([pause, cancel("2026-01-21")]), { code: "invalidStatus", path: "changes[1]" });
    assert.deepEqual(refused([pause, { type: "resume", at: "2026-01-19" }]), {
      ...{ code: "invalidPeriod", path: "changes[1].at" },
    });
    assert.deepEqual(refused([{ type: "resume", at: "2026-01-19" }]), { code: "invalidStatus", path: "changes[0]" });
    assert.deepEqual(refused([{ type: "start", at: "2026-01-19", plan }]), {
      ...{ code: "invalidStatus", path: "changes[0]" },
    });
    assert.deepEqual(refused([{ type: "cancel" }]), { code: "missingField", path: "changes[0].at" });
    assert.deepEqual(refused([cancel("2026-01-19")], { period: undefined }), { code: "missingField", path: "period" });
    assert.deepEqual(refused([{ type: "cancel", at: "2026-01-19", price: "1" }]), {
      ...{ code: "unknownField", path: "changes[0].price" },
    });
    assert.deepEqual(refused([{ type: "upgrade", at: "2026-01-19" }]), {
      ...{ code: "invalidChoice", path: "changes[0].type" },
    });
  });
});

suite("schedule and billingPeriod", () => {
  test("the stubs are parts of their periods, and the billing day is restored", () => {
    const { segments, amount, factor, firstBoundary, lastBoundary, effectiveEnd } = schedule({
      ...{ currency: "USD", price: "10.00", start: "2024-01-20", end: "2024-04-10" },
      ...{ every: { months: 1 }, billingDay: 31 },
    });
    assert.deepEqual(
      segments.map(({ type, service, factor, amount }) => [type, service.from, service.to, factor, amount]),
      [
        ["leading", "2024-01-20", "2024-01-31", "11/31", "3.55"],
        ["whole", "2024-01-31", "2024-02-29", "1", "10.00"],
        ["whole", "2024-02-29", "2024-03-31", "1", "10.00"],
        ["trailing", "2024-03-31", "2024-04-10", "1/3", "3.33"],
      ],
    );
    assert.deepEqual([amount, firstBoundary, lastBoundary], ["26.88", "2024-01-31", "2024-03-31"]);
    // 11/31 + 2 + 1/3.
    assert.deepEqual([factor, effectiveEnd], ["250/93", "2024-04-10"]);
  });

  test("rules for the parts at the ends", () => {
    const types = (terms) => {
      const request = { terms, start: "2024-01-20", end: "2024-04-10", every: { months: 1 }, billingDay: 31 };
      return schedule(request).segments.map(({ type, service, factor }) => `${type} ${service.to} ${factor}`);
    };
    const whole = ["whole 2024-02-29 1", "whole 2024-03-31 1"];
    assert.deepEqual(types({ leading: "skip", trailing: "skip" }), whole);
    assert.deepEqual(types({ leading: "full", trailing: "full" }), [
      ...["leading 2024-01-31 1", ...whole, "trailing 2024-04-30 1"],
    ]);
    // 11 and 10 days; more and less than a third of their periods.
    assert.deepEqual(types({ leading: { fromDays: 11 }, trailing: { fromDays: 11 } }), [
      ...["leading 2024-01-31 1", ...whole],
    ]);
    assert.deepEqual(types({ leading: { fromShare: "11/31" }, trailing: { fromShare: "0.34" } }), [
      ...["leading 2024-01-31 1", ...whole],
    ]);
  });

  test("refuses what never ends, and too much", () => {
    const every = { days: 1 };
    assert.deepEqual(refusal(() => schedule({ start: "2024-01-20", every })), { code: "missingField", path: "until" });
    assert.deepEqual(refusal(() => schedule({ start: "2024-01-20", end: "2024-01-19", every })), {
      ...{ code: "invalidPeriod", path: "end" },
    });
    assert.deepEqual(refusal(() => schedule({ start: "0001-01-01", until: "9999-01-01", every })), {
      ...{ code: "tooLarge", path: "" },
    });
    assert.deepEqual(refusal(() => schedule({ start: "2024-01-20", until: "2024-01-19", every, billingDay: 3 })), {
      ...{ code: "invalidPeriod", path: "until" },
    });
    assert.deepEqual(refusal(() => schedule({ start: "2024-01-20", until: "2024-02-19", every, billingDay: 3 })), {
      ...{ code: "unknownField", path: "billingDay" },
    });
  });

  test("a period by its number or a day in it", () => {
    const rhythm = { anchor: "2024-01-31", every: { months: 1 } };
    const march = { number: 1, from: "2024-02-29", to: "2024-03-31", days: 31 };
    assert.deepEqual(billingPeriod({ ...rhythm, containing: "2024-03-01" }), march);
    assert.deepEqual(billingPeriod({ ...rhythm, number: 1 }), march);
    assert.equal(billingPeriod({ ...rhythm, number: -2 }).from, "2023-11-30");
    const outside = { code: "outOfRange", path: "" };
    assert.deepEqual(refusal(() => billingPeriod({ ...rhythm, number: 1_000_000 })), outside);
    assert.deepEqual(refusal(() => billingPeriod(rhythm)), { code: "missingField", path: "containing" });
  });
});

suite("prorateColumns", () => {
  const day = (text) => Date.parse(text) / 864e5;
  const times = { serviceTo: "2026-02-01", periodFrom: "2026-01-01", periodTo: "2026-02-01" };

  test("gives what prorate gives, in the class of the prices", () => {
    const cents = [10000, 378, -10000, 0, 1];
    const from = ["2026-01-17", "2026-01-31", "2026-01-17", "2026-01-01", "2026-02-01"];
    const serviceFrom = Float64Array.from(from, day);
    const amounts = cents.map((price, place) => {
      const service = { from: from[place], to: "2026-02-01" };
      return Number(prorate({ increment: "1", price: String(price), service, period: JANUARY }).amount);
    });
    for (const Type of [Float64Array, BigInt64Array]) {
      const prices = Type === BigInt64Array ? Type.from(cents, BigInt) : Type.from(cents);
      const columns = prorateColumns({ prices, serviceFrom, ...times });
      assert.ok(columns instanceof Type);
      assert.deepEqual(Array.from(columns, Number), amounts);
    }
    assert.deepEqual(amounts, [4839, 12, -4839, 0, 0]);
  });

  test("counts milliseconds where the terms do not count days, and takes every term", () => {
    const prices = Float64Array.of(74300);
    const period = { periodFrom: "2024-03-01T05:00:00Z", periodTo: "2024-04-01T04:00:00Z" };
    const serviceFrom = Float64Array.of(Date.parse("2024-03-16T04:00:00Z"));
    const request = { terms: "stripe", prices, serviceFrom, serviceTo: "2024-04-01T04:00:00Z", ...period };
    assert.deepEqual([...prorateColumns(request)], [38400]);
    const months = { terms: "zuoraActualMonthFirst", prices: Float64Array.of(120000), increment: 5 };
    const year = {
      ...{ serviceFrom: "2018-07-14", serviceTo: "2018-12-31" },
      ...{ periodFrom: "2018-01-01", periodTo: "2018-12-31" },
    };
    // 558.06 of Zuora's documentation, to steps of 0.05.
    assert.deepEqual([...prorateColumns({ ...months, ...year })], [55805]);
  });

  test("refuses with the place of the charge", () => {
    const request = { prices: Float64Array.of(1, 2), serviceFrom: Float64Array.of(20470, 20470), ...times };
    const refused = (more) => refusal(() => prorateColumns({ ...request, ...more }));
    assert.deepEqual(refused({ prices: Float64Array.of(1, 0.5) }), { code: "invalidNumber", path: "prices[1]" });
    assert.deepEqual(refused({ prices: Float64Array.of(1, NaN) }), { code: "invalidNumber", path: "prices[1]" });
    assert.deepEqual(refused({ prices: [1, 2] }), { code: "invalidType", path: "prices" });
    assert.deepEqual(refused({ serviceFrom: Float64Array.of(1) }), { code: "lengthMismatch", path: "serviceFrom" });
    assert.deepEqual(refused({ serviceFrom: Float64Array.of(1, 99999) }), {
      ...{ code: "invalidPeriod", path: "serviceTo[1]" },
    });
    assert.deepEqual(refused({ serviceFrom: BigInt64Array.of(1n, 1n << 62n) }), {
      ...{ code: "outOfRange", path: "prices[1]" },
    });
    assert.deepEqual(refused({ terms: "dailyRate3" }), { code: "invalidTerms", path: "terms.rateScale" });
    assert.deepEqual(refused({ serviceTo: undefined }), { code: "missingField", path: "serviceTo" });
    assert.deepEqual(refusal(() => prorateColumns()), { code: "missingField", path: "prices" });
    assert.deepEqual(refused({ prices: Float64Array.of(2 ** 53, 1), increment: 2 ** 53 - 1, periodTo: "2026-01-02" }), {
      ...{ code: "outOfRange", path: "" },
    });
    assert.equal(prorateColumns(request).length, 2, "and the next call is right");
  });
});

test("every preset has its name and what it was checked against, and can be used", () => {
  const presets = prorationPresets();
  assert.equal(presets.length, 25);
  for (const { name, checked } of presets) {
    assert.ok(checked.length > 10, name);
    prorate({ terms: name, currency: "USD", price: "1", days: 1, periodDays: 2 });
  }
});
