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

  test("has parts that fill a month and sum to it, unless actual days are divided by 30", () => {
    const halves = (terms) =>
      [
        ["2026-02-01", "2026-02-14"],
        ["2026-02-15", "2026-02-28"],
      ].map(([from, to]) => {
        const period = { from: "2026-02-01", to: "2026-02-28" };
        const service = { from, to };
        return prorate({ currency: "USD", price: "30.00", terms, months: 1, period, service })
          .amount;
      });
    // 14 of 28 days twice; 14 of 30 days, then the other 16.
    assert.deepEqual(halves("zuoraActualMonthFirst"), ["15.00", "15.00"]);
    assert.deepEqual(halves("zuoraStrict30"), ["14.00", "16.00"]);
    // 14 of 30 days twice, so 2.00 of February are never billed.
    for (const terms of ["zuora30", "zuora30ByDay", "oracleFixed30"])
      assert.deepEqual(halves(terms), ["14.00", "14.00"]);
  });

  test("takes the length of a plan for its period, a count of days, or a factor", () => {
    const plan = prorate({ ...REQUEST, period: { from: "2026-01-01", every: { months: 1 } } });
    assert.equal(plan.amount, "48.39");
    const stub = prorate({ ...REQUEST, period: { to: "2026-02-01", every: { months: 1 } } });
    assert.equal(stub.amount, "48.39");
    assert.equal(
      prorate({ currency: "USD", price: "100", days: 15, periodDays: 31 }).amount,
      "48.39",
    );
    assert.equal(prorate({ currency: "USD", price: "100", factor: "15/31" }).amount, "48.39");
    // 4.00 a month of 30 days: 0.1333… a day, made 0.133; 17 days are 2.261 (AppXite's printed 2.26).
    const daily = prorate({
      terms: "dailyRate3",
      currency: "USD",
      price: "4.00",
      days: 17,
      periodDays: 30,
    });
    assert.deepEqual([daily.amount, daily.rate], ["2.26", "133/1000"]);
    const why =
      "17 of 30 days of 4.00, at 0.133 a day: 2.261, rounded to the nearest, halves up: 2.26.";
    assert.equal(daily.sentence, why);
  });

  test("tells whole months from parts of them", () => {
    // Zuora's documentation: 1200 a year from 14 July, actual days, month first: 100 × (5 + 18/31) = 558.06.
    const { amount, cells, sentence } = prorate({
      terms: "zuoraActualMonthFirst",
      ...{ currency: "USD", price: "1200" },
      ...{
        service: { from: "2018-07-14", to: "2018-12-31" },
        period: { from: "2018-01-01", to: "2018-12-31" },
      },
    });
    assert.deepEqual([amount, cells.length], ["558.06", 6]);
    assert.match(sentence, /^5\.580645… of 12 months \(5 whole \+ 18 of 31 days\) at 1200: /);
  });

  test("counts the civil days that instants show, and elapsed time as it passes", () => {
    // New York's March 2024 has 31 days, and 743 hours: daylight saving begins on the 10th.
    const service = { from: "2024-03-16T00:00:00-04:00", to: "2024-04-01T00:00:00-04:00" };
    const period = { from: "2024-03-01T00:00:00-05:00", to: "2024-04-01T00:00:00-04:00" };
    const factor = (unit) =>
      prorate({ terms: { unit }, currency: "USD", price: "1", service, period }).factor;
    assert.deepEqual(
      [factor("day"), factor("hour"), factor("second")],
      ["16/31", "384/743", "384/743"],
    );
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
    assert.deepEqual(refused({ terms: { unit: "week" } }), {
      code: "invalidChoice",
      path: "terms.unit",
    });
    assert.deepEqual(refused({ terms: { gridDay: 32 } }), {
      code: "invalidNumber",
      path: "terms.gridDay",
    });
    assert.deepEqual(refused({ terms: { cellDays: { fixed: 30, nominal: 30 } } }), {
      ...{ code: "unknownField", path: "terms.cellDays.nominal" },
    });
    assert.deepEqual(refused({ terms: { unit: "hour", grid: "month" } }), {
      code: "invalidTerms",
      path: "terms.unit",
    });
    assert.deepEqual(refused({ terms: { grid: "month" }, period: REST, service: REST }), {
      ...{ code: "missingField", path: "months" },
    });
    assert.deepEqual(refused({ price: "9".repeat(28), quantity: "9".repeat(28) }), {
      code: "outOfRange",
      path: "",
    });
    assert.deepEqual(
      refusal(() => prorate(null)),
      { code: "invalidType", path: "" },
    );
    assert.deepEqual(
      refusal(() =>
        prorate({
          ...REQUEST,
          get price() {
            throw new Error("mine");
          },
        }),
      ),
      {
        ...{ code: "unreadableValue", path: "price" },
      },
    );
  });
});

suite("parts of a period", () => {
  const part = (rules, service, more) => {
    const request = {
      currency: "USD",
      price: "95.00",
      period: { from: "2025-11-02", to: "2025-12-02" },
    };
    return prorate({ ...request, terms: rules, service, ...more });
  };

  test("are billed from a threshold on", () => {
    // Oracle's Partial Period Billing with Thresholds: of a threshold of ten days, 7 days are not billed and 12 are; of
    // one of half a period, less than half is not and half is. What is billed is its share: its 26A release notes bill
    // 9 November to 1 December, 23 of 30 days of 95.00, with 72.83.
    const first = (from, rule) => part({ leading: rule }, { from, to: "2025-12-02" }).amount;
    const last = (to, rule) => part({ trailing: rule }, { from: "2025-11-02", to }).amount;
    const days = { fromDays: 10, then: "prorate" };
    assert.deepEqual(
      [first("2025-11-25", days), first("2025-11-20", days), first("2025-11-09", days)],
      [...["0.00", "38.00", "72.83"]],
    );
    assert.deepEqual([last("2025-11-09", days), last("2025-11-14", days)], ["0.00", "38.00"]);
    const share = { fromShare: "0.5", then: "prorate" };
    assert.deepEqual([first("2025-11-18", share), first("2025-11-17", share)], ["0.00", "47.50"]);
    assert.deepEqual([last("2025-11-16", share), last("2025-11-17", share)], ["0.00", "47.50"]);
    // In full, or not at all: 95 and 0 in the same notes.
    assert.deepEqual([first("2025-11-09", "full"), last("2025-11-09", "skip")], ["95.00", "0.00"]);
    assert.deepEqual(
      [first("2025-11-20", { fromDays: 10 }), first("2025-11-25", { fromDays: 10 })],
      ["95.00", "0.00"],
    );
    const { sentence } = part({ leading: days }, { from: "2025-11-25", to: "2025-12-02" });
    assert.equal(
      sentence,
      "7 of 30 days of 95.00, a part below 10 days, which is not billed: 0.00.",
    );
  });

  test("are whole months, and one more from a number of remaining days on", () => {
    // Certinia's four examples: 13 and 21 days of a quarter at 90, 134 and 138 days of a year at 120.
    const rule = { wholeMonths: 16 };
    const [quarter, second] = ["2017-01-01", "2017-04-01"].map((from) => ({
      from,
      every: { months: 3 },
    }));
    const [year, next] = ["2017-01-01", "2018-01-01"].map((from) => ({
      from,
      every: { months: 12 },
    }));
    const terms = { leading: rule, trailing: rule };
    const amount = (price, period, from, to) => part(terms, { from, to }, { price, period }).amount;
    assert.equal(amount("90", quarter, "2017-03-19", "2017-04-01"), "0.00");
    assert.equal(amount("90", second, "2017-04-01", "2017-04-22"), "30.00");
    assert.equal(amount("120", year, "2017-08-20", "2018-01-01"), "40.00");
    assert.equal(amount("120", next, "2018-01-01", "2018-05-19"), "50.00");
    const { sentence } = part(
      terms,
      { from: "2018-01-01", to: "2018-05-19" },
      { price: "120", period: next },
    );
    const why =
      "a part billed by whole months, where 16 remaining days count as one more: 0.416666… of the period: 50.00.";
    assert.equal(sentence, `138 of 365 days of 120, ${why}`);
    // In a schedule, too.
    const { segments } = schedule({
      ...{
        terms: { ...terms, firstBoundary: "month" },
        currency: "USD",
        price: "90",
        every: { months: 3 },
      },
      ...{ start: "2017-03-19", end: "2017-04-22", billingDay: 1 },
    });
    assert.deepEqual(
      segments.map(({ type, amount }) => `${type} ${amount}`),
      ["trailing 30.00"],
    );
  });

  test("are only those at an end of their period", () => {
    const rules = { leading: "skip", trailing: "full" };
    const amount = (from, to, terms = rules) => part(terms, { from, to }).amount;
    // The whole, one in the middle, and nothing.
    assert.deepEqual(amount("2025-11-02", "2025-12-02"), "95.00");
    assert.deepEqual(amount("2025-11-09", "2025-11-12"), "9.50");
    assert.deepEqual(amount("2025-11-02", "2025-11-02"), "0.00");
    assert.deepEqual(
      [amount("2025-11-09", "2025-12-02"), amount("2025-11-02", "2025-11-03")],
      ["0.00", "95.00"],
    );
    // Up to the end of its month: the month of a quarter that has begun.
    const quarter = { from: "2026-01-01", every: { months: 3 } };
    const service = { from: "2026-01-01", to: "2026-02-10" };
    const months = part({ grid: "month", trailing: "months" }, service, { period: quarter });
    assert.deepEqual([months.amount, months.factor, months.cells.length], ["63.33", "2/3", 2]);
    // In columns, too.
    const day = (text) => Date.parse(text) / 864e5;
    const columns = prorateColumns({
      ...{
        terms: rules,
        prices: Float64Array.of(9500, 9500),
        periodFrom: "2025-11-02",
        periodTo: "2025-12-02",
      },
      serviceFrom: Float64Array.of(day("2025-11-09"), day("2025-11-02")),
      serviceTo: Float64Array.of(day("2025-12-02"), day("2025-11-03")),
    });
    assert.deepEqual([...columns], [0, 9500]);
  });

  test("refuse rules that do not exist", () => {
    const refused = (terms) => refusal(() => part(terms, { from: "2025-11-09", to: "2025-12-02" }));
    assert.deepEqual(refused({ leading: "months" }), {
      code: "invalidTerms",
      path: "terms.leading",
    });
    assert.deepEqual(refused({ leading: "some" }), {
      code: "invalidChoice",
      path: "terms.leading",
    });
    assert.deepEqual(refused({ leading: { fromDays: 0 } }), {
      code: "invalidNumber",
      path: "terms.leading.fromDays",
    });
    assert.deepEqual(refused({ leading: { fromDays: 3, then: "skip" } }), {
      ...{ code: "invalidChoice", path: "terms.leading.then" },
    });
    assert.deepEqual(refused({ trailing: { wholeMonths: 16, then: "full" } }), {
      ...{ code: "unknownField", path: "terms.trailing.then" },
    });
    // Months of a period that has no whole number of them.
    assert.deepEqual(
      refusal(() =>
        part(
          { leading: { wholeMonths: 16 } },
          { from: "2026-01-03", to: "2026-01-09" },
          {
            period: { from: "2026-01-02", to: "2026-01-09" },
          },
        ),
      ),
      { code: "missingField", path: "months" },
    );
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
    // All of the 17.28 goes toward the 28.79.
    assert.deepEqual(sums, {
      ...{
        credit: "-14.52",
        charge: "24.19",
        net: "9.67",
        tax: "1.84",
        total: "11.51",
        due: "11.51",
      },
      credits: { billed: "0.00", charges: "17.28", refund: "0.00", account: "0.00" },
    });
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
      "Credit for 15 of 31 days, from 2026-01-17 to 2026-02-01 (not included): " +
        "of 30.00 billed, 15.48 was used: -14.52.",
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
    assert.deepEqual(
      lines.map(({ amount, service }) => [amount, service]),
      [["-9.68", { from: "2026-01-11", to: "2026-01-21" }]],
    );
    assert.deepEqual([running.billed, running.credited], ["30.00", "9.68"]);
  });

  test("a credit is at most what was billed less what was credited", () => {
    const changes = [{ type: "cancel", at: "2026-01-01" }];
    const { lines } = previewChange({ ...base, billed: "30.00", credited: "20.00", changes });
    assert.deepEqual([lines[0].amount, lines[0].cap], ["-10.00", "10"]);
    assert.match(lines[0].sentence, / At most 10\.00 was left to credit\.$/);
    // With the 20.00 credited before, the whole tax of 5.70 is back: 3.80 then, 1.90 now.
    assert.equal(lines[0].taxes[0].amount, "-1.90");
  });

  test("a difference can be one line, and a sum can be rounded once", () => {
    // 1.5 and 2 cents: −0.02 and 0.02, or 0.005 together (`proration.md#two-roundings-or-one`). One line or two, that
    // is the same money; rounded as a whole it is a cent more.
    const request = {
      ...{
        currency: "USD",
        plan: { price: "0.03" },
        changes: [{ type: "change", unused: "1/2", price: "0.04" }],
      },
    };
    const gross = previewChange({ ...request, terms: { creditFormula: "direct" } });
    assert.deepEqual([gross.credit, gross.charge, gross.net], ["-0.02", "0.02", "0.00"]);
    const net = previewChange({ ...request, terms: { creditFormula: "direct", present: "net" } });
    assert.deepEqual(
      net.lines.map(({ type, amount }) => `${type} ${amount}`),
      ["net 0.00"],
    );
    // What it nets stays to be seen, and what was charged is what can be credited.
    assert.deepEqual({ ...net, lines: gross.lines }, gross);
    assert.deepEqual(net.lines[0].sides, { credit: "-0.02", charge: "0.02" });
    assert.equal(net.running.billed, "0.02");
    const invoice = previewChange({
      ...request,
      terms: { creditFormula: "direct", stage: "invoice" },
    });
    const lines = invoice.lines.map(({ type, amount }) => `${type} ${amount}`);
    assert.deepEqual(
      [lines, invoice.net],
      [["credit -0.02", "charge 0.02", "rounding 0.01"], "0.01"],
    );
  });

  test("plans of other taxes are not netted", () => {
    // One line has one set of taxes: 15 of 31 days of 30.00 go back with 19 %, those of 50.00 are charged with 7 %.
    const { lines, tax } = previewChange({
      ...base,
      terms: "maxio",
      changes: [{ type: "change", at: "2026-01-17", price: "50.00", taxes: [{ rate: "0.07" }] }],
    });
    // 14.52 × 0.19 = 2.7588, 24.19 × 0.07 = 1.6933.
    assert.deepEqual([lines.map(({ type }) => type), tax], [["credit", "charge"], "-1.07"]);
  });

  test("units come and go by themselves", () => {
    const change = (terms, quantity, plan, stated) =>
      previewChange({
        ...stated,
        ...{
          currency: "USD",
          period: JANUARY,
          terms: { preset: "maxio", unit: "day", present: "quantity", ...terms },
        },
        plan: { price: "20.00", quantity: "20", ...plan },
        changes: [{ type: "change", at: "2026-01-17", quantity }],
      });
    const shown = ({ lines }) =>
      lines.map(({ type, quantity, amount }) => `${type} ${quantity} ${amount}`);
    // Five more for 15 of 31 days: 5 × 20.00 × 15 ÷ 31 = 48.387.
    const more = change({}, "25");
    assert.deepEqual(shown(more), ["charge 5 48.39"]);
    // 20 × 20.00 × 15 ÷ 31 go back, 25 are charged: the money is that of the pair.
    assert.deepEqual([more.credit, more.charge, more.due], ["-193.55", "241.94", "48.39"]);
    assert.deepEqual(more.lines[0].sides, { credit: "-193.55", charge: "241.94" });
    assert.equal(more.running.quantity, "25");
    assert.match(
      more.lines[0].sentence,
      /^Charge for 5 units more, for 15 of 31 days, from 2026-01-17 to /,
    );
    const fewer = change({}, "19");
    assert.deepEqual(shown(fewer), ["credit 1 -9.68"]);
    assert.match(fewer.lines[0].sentence, /^Credit for 1 unit fewer, for 15 of 31 days, /);
    // A rate of discount is that of the units; a fixed one stays what it was. Anything else changes as a pair.
    assert.deepEqual(shown(change({}, "25", { discount: { rate: "0.1" } })), ["charge 5 43.55"]);
    assert.deepEqual(shown(change({}, "25", { discount: { amount: "10" } })), ["charge 5 48.39"]);
    assert.deepEqual(shown(change({}, "20")), ["credit 20 -193.55", "charge 20 193.55"]);
    assert.deepEqual(shown(change({ present: "gross" }, "19")), [
      "credit 20 -193.55",
      "charge 19 183.87",
    ]);
    // Where 5.00 was billed, one unit is not the difference: 5.00 go back, and nineteen units are charged.
    assert.deepEqual(shown(change({ cap: true }, "19", undefined, { billed: "5.00" })), [
      ...["credit 20 -5.00", "charge 19 183.87"],
    ]);
    // A residual credit: 193.55 less than 400.00 is 206.45 (16 of 31 days, rounded); 183.87 and that are 390.32.
    assert.deepEqual(shown(change({ creditFormula: "residual" }, "19")), ["credit 1 -9.68"]);
    // Chargify's example: ten units of 10.00, five of them for half a period are 25.00.
    const half = {
      currency: "USD",
      terms: { present: "quantity" },
      plan: { price: "10.00", quantity: "10" },
    };
    const { lines } = previewChange({
      ...half,
      changes: [{ type: "change", unused: "1/2", quantity: "5" }],
    });
    assert.deepEqual(shown({ lines }), ["credit 5 -25.00"]);
    // Maxio's: from 20 to 25 units at 20.00, 49.9 % of the period: 49.90.
    const terms = { preset: "maxio", present: "quantity" };
    const maxio = { currency: "USD", terms, plan: { price: "20.00", quantity: "20" } };
    const more49 = previewChange({
      ...maxio,
      changes: [{ type: "change", unused: "0.499", quantity: "25" }],
    });
    assert.deepEqual(shown(more49), ["charge 5 49.90"]);
  });

  test("a credit settles, stays, goes back, or pays for time", () => {
    const credits = (destination, more, change = { price: "50.00" }) => {
      const changes = [{ type: "change", at: "2026-01-17", ...change }];
      const { credits, due } = previewChange({ ...base, terms: { destination }, changes, ...more });
      return [credits.billed, credits.charges, credits.refund, credits.account, due];
    };
    // 14.52 and 2.76 of tax go back; 24.19 and 4.60 are charged. With 10.00 of the bill open, that comes first.
    assert.deepEqual(credits("settle", {}), ["0.00", "17.28", "0.00", "0.00", "11.51"]);
    assert.deepEqual(credits("settle", { open: "10.00" }), [
      "10.00",
      "7.28",
      "0.00",
      "0.00",
      "21.51",
    ]);
    const downgrade = { price: "1.00" };
    assert.deepEqual(credits("settle", { open: "10.00" }, downgrade), [
      "10.00",
      "0.57",
      "0.00",
      "6.71",
      "0.00",
    ]);
    assert.deepEqual(credits("account", { open: "10.00" }), [
      "0.00",
      "0.00",
      "0.00",
      "17.28",
      "28.79",
    ]);
    // Nobody is paid back what he owes for the new plan: what exceeds that goes back.
    assert.deepEqual(credits("refund", { open: "10.00" }), [
      "10.00",
      "7.28",
      "0.00",
      "0.00",
      "21.51",
    ]);
    assert.deepEqual(credits("refund", { open: "10.00" }, downgrade), [
      "10.00",
      "0.57",
      "6.71",
      "0.00",
      "0.00",
    ]);
    assert.deepEqual(credits("refund", { open: "99.00" }), [
      "17.28",
      "0.00",
      "0.00",
      "0.00",
      "28.79",
    ]);
  });

  test("a refund is what was paid and not used", () => {
    // Lago, create_from_termination_spec (lg-cn-003 to 008): 3100 and 20 % tax for October, terminated after the 15th:
    // 1600 + 320 go back. Its item's share of what was paid of the invoice is in `paid`; 240 were credited before.
    const october = { from: "2022-10-01", to: "2022-10-31" };
    const refund = (paid, credited) => {
      const { credits } = previewChange({
        ...{ increment: "1", terms: { preset: "lago", destination: "refund" }, period: october },
        ...{ plan: { price: "3100", taxes: [{ rate: "0.2" }] }, billed: "3100", credited },
        ...{
          open: String(3720 - paid - Number(credited) * 1.2),
          changes: [{ type: "cancel", at: "2022-10-16" }],
        },
      });
      return [credits.refund, credits.billed];
    };
    assert.deepEqual(refund(3720, "0"), ["1920", "0"]);
    assert.deepEqual(refund(2790, "0"), ["990", "930"]);
    assert.deepEqual(refund(465, "0"), ["0", "1920"]);
    assert.deepEqual(refund(0, "0"), ["0", "1920"]);
  });

  test("time in place of money", () => {
    // Samsung's example: half of 30 is left, and the new plan is 60 for 30 days: 15 at 2 a day are 7.5, so 8 days.
    const september = { from: "2022-09-01", to: "2022-10-01" };
    const request = {
      ...{ currency: "USD", period: september, plan: { price: "30", taxes: [{ rate: "0.2" }] } },
      terms: { preset: "stripe", destination: "time" },
      changes: [{ type: "change", at: "2022-09-16", price: "60" }],
    };
    const { lines, running, total, credits } = previewChange(request);
    const [{ type, amount, taxes, service, covered, factor, sides, sentence }] = lines;
    assert.deepEqual(
      [lines.length, type, amount, total, taxes[0].amount],
      [1, "time", "0.00", "0.00", "0.00"],
    );
    assert.deepEqual(
      [service, covered, factor],
      [{ from: "2022-09-16", to: "2022-09-24" }, "8", "4/15"],
    );
    assert.deepEqual(sides, { credit: "-15.00", charge: "15.00" });
    const why = "15.00 left of the plan before pays for 7.5 days at 2.00 a day: 8 days";
    assert.equal(sentence, `${why}, from 2022-09-16 to 2022-09-24 (not included).`);
    assert.deepEqual([running.price, running.billed, credits.account], ["60", "15.00", "0.00"]);
    // Closed dates name the last of the eight days.
    const closed = previewChange({
      ...{ ...request, period: { from: "2022-09-01", to: "2022-09-30" } },
      terms: { preset: "lago", destination: "time" },
    });
    assert.deepEqual(closed.lines[0].service, { from: "2022-09-16", to: "2022-09-23" });
    assert.match(closed.lines[0].sentence, /: 8 days, from 2022-09-16 to 2022-09-23\.$/);
    // Nothing follows in a period whose end has moved; a plan of no price would last forever; months have no price of a
    // day.
    const refused = (more) => refusal(() => previewChange({ ...request, ...more }));
    const [change] = request.changes;
    assert.deepEqual(refused({ changes: [change, { type: "cancel", at: "2022-09-20" }] }), {
      ...{ code: "invalidStatus", path: "changes[1]" },
    });
    for (const price of ["0", "-60"]) {
      assert.deepEqual(refused({ changes: [{ ...change, price }] }), {
        code: "amountNotPositive",
        path: "changes[0]",
      });
    }
    assert.deepEqual(refused({ terms: { preset: "zuora30", destination: "time" } }), {
      ...{ code: "invalidTerms", path: "terms.destination" },
    });
    // Where no plan begins, it stays on account.
    const cancelled = previewChange({
      ...request,
      changes: [{ type: "cancel", at: "2022-09-16" }],
    });
    assert.deepEqual([cancelled.credit, cancelled.credits.account], ["-15.00", "18.00"]);
  });

  test("a start and an end can cost more or less than their share", () => {
    const lines = (terms, more, ...changes) =>
      previewChange({ currency: "USD", period: JANUARY, terms, ...more, changes }).lines;
    const start = (leading) => {
      const [{ amount, sentence }] = lines(
        { leading },
        {},
        { type: "start", at: "2026-01-22", plan: { price: "31" } },
      );
      return [amount, /a part[^:]*/.exec(sentence)?.[0]];
    };
    assert.deepEqual(start("prorate"), ["10.00", undefined]);
    assert.deepEqual(start("full"), ["31.00", "a part that is billed in full"]);
    assert.deepEqual(start({ fromDays: 11 }), [
      "0.00",
      "a part below 11 days, which is not billed",
    ]);
    assert.deepEqual(start({ fromDays: 10 }), [
      "31.00",
      "a part that is billed in full from 10 days on",
    ]);
    assert.deepEqual(start({ fromDays: 10, then: "prorate" }), [
      "10.00",
      "a part that is billed from 10 days on",
    ]);
    const cancel = (trailing, formula) => {
      const terms = {
        trailing,
        ...(formula === "billed" ? { creditBase: formula } : { creditFormula: formula }),
      };
      return lines(terms, { plan: { price: "31" } }, { type: "cancel", at: "2026-01-11" })[0]
        .amount;
    };
    for (const formula of ["residual", "direct", "billed"]) {
      // 10 days were served: all of the month is kept, or nothing.
      const found = ["prorate", "full", { fromDays: 10 }, { fromDays: 11 }].map((rule) =>
        cancel(rule, formula),
      );
      assert.deepEqual(found, ["-21.00", "0.00", "0.00", "-31.00"], formula);
    }
    // Another plan is neither a start nor an end.
    const change = { type: "change", at: "2026-01-11", price: "62" };
    const terms = { leading: "full", trailing: "skip" };
    assert.deepEqual(
      lines(terms, { plan: { price: "31" } }, change).map(({ amount }) => amount),
      ["-21.00", "42.00"],
    );
    // A plan that started on the 22nd was charged in full, and gives back what is left of that.
    const since = lines(
      terms,
      { plan: { price: "31" }, since: "2026-01-22" },
      { type: "cancel", at: "2026-01-29" },
    );
    assert.deepEqual(
      since.map(({ amount }) => amount),
      ["-24.00"],
    );
  });

  test("months are months, and a unit is a unit", () => {
    const quarter = { from: "2026-01-01", every: { months: 3 } };
    const request = {
      currency: "USD",
      terms: "zuora30",
      period: quarter,
      plan: { price: "90.00" },
    };
    const sentences = (changes, more) => {
      return previewChange({ ...request, changes, ...more }).lines.map((line) => line.sentence);
    };
    // From the 16th of January: 16 of 30 days, and two whole months.
    const [credit] = sentences([{ type: "cancel", at: "2026-01-16" }]);
    assert.equal(
      credit,
      "Credit for 2.533333… of 3 months, from 2026-01-16 to 2026-03-31: of 90.00 billed, 15.00 was used: -75.00.",
    );
    const one = { period: { from: "2026-01-01", every: { months: 1 } } };
    assert.match(
      sentences([{ type: "cancel", at: "2026-01-16" }], one)[0],
      /^Credit for 0\.533333… of 1 month, /,
    );
    // A plan's own terms say in what its time is counted.
    const own = { ...one, terms: "default", plan: { price: "90.00", terms: { unit: "hour" } } };
    assert.match(
      sentences([{ type: "cancel", at: "2026-01-16" }], own)[0],
      /^Credit for 384 of 744 hours, /,
    );
    const day = {
      currency: "USD",
      price: "8.00",
      period: { from: "2026-01-01", to: "2026-01-02" },
    };
    const { sentence } = prorate({ ...day, service: day.period });
    assert.equal(sentence, "1 of 1 day of 8.00: 8.00.");
    const rest = { from: "2026-01-16", to: "2026-01-31" };
    const month = prorate({ ...day, terms: "zuora30", period: one.period, service: rest });
    assert.match(
      month.sentence,
      /^0\.533333… of 1 month \(16 of 30 days\) at 8\.00: 4\.266666…, rounded .+: 4\.27\.$/,
    );
    // 7.00 billed for a plan of 10.00 in steps of 5 cents: amounts have the decimals of the step.
    const [stated] = sentences([{ type: "cancel", at: "2026-01-01" }], {
      ...one,
      billed: "7",
      increment: "0.05",
    });
    assert.match(stated, /of 7\.00 billed, 0\.00 was used: -7\.00\.$/);
  });

  test("each line has its cells, and a residual credit those of the time used", () => {
    const cells = (terms, at) => {
      const { lines } = previewChange({ ...base, terms, changes: [{ type: "cancel", at }] });
      return [lines[0].cells, lines[0].used?.cells];
    };
    const cell = (from, to, covered) => ({
      cell: JANUARY,
      served: { from, to },
      covered,
      length: "31",
    });
    assert.deepEqual(cells("default", "2026-01-17"), [
      [cell("2026-01-17", "2026-02-01", "15")],
      [cell("2026-01-01", "2026-01-17", "16")],
    ]);
    // Kill Bill credits an item of which all is left whole; its days are counted all the same.
    assert.deepEqual(cells("killBill", "2026-01-01"), [
      [cell("2026-01-01", "2026-02-01", "31")],
      undefined,
    ]);
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
    assert.deepEqual(refused([cancel("2026-02-02")]), {
      code: "invalidPeriod",
      path: "changes[0].at",
    });
    assert.deepEqual(refused([cancel("2025-12-31")]), {
      code: "invalidPeriod",
      path: "changes[0].at",
    });
    const pause = { type: "pause", at: "2026-01-20" };
    assert.deepEqual(refused([pause, { ...pause, at: "2026-01-21" }]), {
      code: "invalidStatus",
      path: "changes[1]",
    });
    assert.deepEqual(refused([pause, { type: "resume", at: "2026-01-19" }]), {
      ...{ code: "invalidPeriod", path: "changes[1].at" },
    });
    assert.deepEqual(refused([{ type: "resume", at: "2026-01-19" }]), {
      code: "invalidStatus",
      path: "changes[0]",
    });
    assert.deepEqual(refused([{ type: "start", at: "2026-01-19", plan }]), {
      ...{ code: "invalidStatus", path: "changes[0]" },
    });
    assert.deepEqual(refused([{ type: "cancel" }]), {
      code: "missingField",
      path: "changes[0].at",
    });
    assert.deepEqual(refused([cancel("2026-01-19")], { period: undefined }), {
      code: "missingField",
      path: "period",
    });
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
      segments.map(({ type, service, factor, amount }) => [
        type,
        service.from,
        service.to,
        factor,
        amount,
      ]),
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
      const request = {
        terms,
        start: "2024-01-20",
        end: "2024-04-10",
        every: { months: 1 },
        billingDay: 31,
      };
      return schedule(request).segments.map(
        ({ type, service, factor }) => `${type} ${service.to} ${factor}`,
      );
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
    assert.deepEqual(
      refusal(() => schedule({ start: "2024-01-20", every })),
      { code: "missingField", path: "until" },
    );
    assert.deepEqual(
      refusal(() => schedule({ start: "2024-01-20", end: "2024-01-19", every })),
      {
        ...{ code: "invalidPeriod", path: "end" },
      },
    );
    assert.deepEqual(
      refusal(() => schedule({ start: "0001-01-01", until: "9999-01-01", every })),
      {
        ...{ code: "tooLarge", path: "" },
      },
    );
    assert.deepEqual(
      refusal(() => schedule({ start: "2024-01-20", until: "2024-01-19", every, billingDay: 3 })),
      {
        ...{ code: "invalidPeriod", path: "until" },
      },
    );
    assert.deepEqual(
      refusal(() => schedule({ start: "2024-01-20", until: "2024-02-19", every, billingDay: 3 })),
      {
        ...{ code: "unknownField", path: "billingDay" },
      },
    );
  });

  test("a period by its number or a day in it", () => {
    const rhythm = { anchor: "2024-01-31", every: { months: 1 } };
    const march = { number: 1, from: "2024-02-29", to: "2024-03-31", days: 31 };
    assert.deepEqual(billingPeriod({ ...rhythm, containing: "2024-03-01" }), march);
    assert.deepEqual(billingPeriod({ ...rhythm, number: 1 }), march);
    assert.equal(billingPeriod({ ...rhythm, number: -2 }).from, "2023-11-30");
    const outside = { code: "outOfRange", path: "" };
    assert.deepEqual(
      refusal(() => billingPeriod({ ...rhythm, number: 1_000_000 })),
      outside,
    );
    assert.deepEqual(
      refusal(() => billingPeriod(rhythm)),
      { code: "missingField", path: "containing" },
    );
    const both = { ...rhythm, containing: "2024-03-01", number: 1 };
    assert.deepEqual(
      refusal(() => billingPeriod(both)),
      { code: "unknownField", path: "number" },
    );
    const twofold = { ...rhythm, every: { months: 1, days: 1 }, number: 1 };
    assert.deepEqual(refusal(() => billingPeriod(twofold)).code, "unknownField");
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
      return Number(
        prorate({ increment: "1", price: String(price), service, period: JANUARY }).amount,
      );
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
    const request = {
      terms: "stripe",
      prices,
      serviceFrom,
      serviceTo: "2024-04-01T04:00:00Z",
      ...period,
    };
    assert.deepEqual([...prorateColumns(request)], [38400]);
    const months = {
      terms: "zuoraActualMonthFirst",
      prices: Float64Array.of(120000),
      increment: 5,
    };
    const year = {
      ...{ serviceFrom: "2018-07-14", serviceTo: "2018-12-31" },
      ...{ periodFrom: "2018-01-01", periodTo: "2018-12-31" },
    };
    // 558.06 of Zuora's documentation, to steps of 0.05.
    assert.deepEqual([...prorateColumns({ ...months, ...year })], [55805]);
  });

  test("refuses with the place of the charge", () => {
    const request = {
      prices: Float64Array.of(1, 2),
      serviceFrom: Float64Array.of(20470, 20470),
      ...times,
    };
    const refused = (more) => refusal(() => prorateColumns({ ...request, ...more }));
    assert.deepEqual(refused({ prices: Float64Array.of(1, 0.5) }), {
      code: "invalidNumber",
      path: "prices[1]",
    });
    assert.deepEqual(refused({ prices: Float64Array.of(1, NaN) }), {
      code: "invalidNumber",
      path: "prices[1]",
    });
    assert.deepEqual(refused({ prices: [1, 2] }), { code: "invalidType", path: "prices" });
    assert.deepEqual(refused({ serviceFrom: Float64Array.of(1) }), {
      code: "lengthMismatch",
      path: "serviceFrom",
    });
    assert.deepEqual(refused({ serviceFrom: Float64Array.of(1, 99999) }), {
      ...{ code: "invalidPeriod", path: "serviceTo[1]" },
    });
    assert.deepEqual(refused({ serviceFrom: BigInt64Array.of(1n, 1n << 62n) }), {
      ...{ code: "outOfRange", path: "prices[1]" },
    });
    assert.deepEqual(refused({ terms: "dailyRate3" }), {
      code: "invalidTerms",
      path: "terms.rateScale",
    });
    assert.deepEqual(refused({ serviceTo: undefined }), {
      code: "missingField",
      path: "serviceTo",
    });
    assert.deepEqual(
      refusal(() => prorateColumns()),
      { code: "missingField", path: "prices" },
    );
    assert.deepEqual(
      refused({
        prices: Float64Array.of(2 ** 53, 1),
        increment: 2 ** 53 - 1,
        periodTo: "2026-01-02",
      }),
      {
        ...{ code: "outOfRange", path: "" },
      },
    );
    assert.equal(prorateColumns(request).length, 2, "and the next call is right");
  });
});

test("every preset states its terms, and a request that states them is one by its name", () => {
  const period = { from: "2026-01-15", every: { months: 1 } };
  const change = {
    ...{ currency: "USD", period, plan: { price: "31.00", quantity: "3" } },
    changes: [{ type: "change", at: "2026-01-27", price: "50.00" }],
  };
  const fields = new Set();
  for (const { name, terms } of prorationPresets()) {
    for (const field of Object.keys(terms)) fields.add(field);
    assert.equal(Object.keys(terms).length, 28, name);
    const by = (terms) => {
      try {
        return previewChange({ ...change, terms });
      } catch (error) {
        return error.message;
      }
    };
    assert.deepEqual(by(terms), by(name), name);
  }
  assert.equal(fields.size, 28);
  const termsOf = (wanted) => prorationPresets().find(({ name }) => name === wanted).terms;
  assert.deepEqual(termsOf("zuora30").cellDays, { fixed: 30 });
  assert.equal(termsOf("stripe").unit, "second");
  assert.equal(termsOf("default").rateScale, null);
});

test("every preset has its name and what it was checked against, and can be used", () => {
  const presets = prorationPresets();
  assert.equal(presets.length, 25);
  for (const { name, checked } of presets) {
    assert.ok(checked.length > 10, name);
    prorate({ terms: name, currency: "USD", price: "1", days: 1, periodDays: 2 });
  }
});
