// Vectors of time proration by the parameters of `proration.md#the-formula`, and by preset. What a system adds of its
// own to the formula (Lago's credit notes, Meteroid's tax details) is put together here, every figure by the package.
import { decimalText, fraction, same } from "./compare.mjs";

/** The presets of the vectors by their names in the package. */
const PRESETS = {
  zuora_actual_month_first: "zuoraActualMonthFirst",
  zuora_30: "zuora30",
  zuora_strict30: "zuoraStrict30",
  zuora_actual_by_day: "zuoraActualByDay",
  zuora_30_by_day: "zuora30ByDay",
  killbill: "killBill",
  killbill_fixed30: "killBillFixed30",
  openmeter: "openMeter",
  flexprice_day: "flexpriceDay",
  flexprice_second: "flexpriceSecond",
  oracle_actual: "oracleActual",
  oracle_fixed30: "oracleFixed30",
  daily_rate_3dp: "dailyRate3",
};

const camelCase = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const rounding = (name) => (name === "ceil" ? "ceiling" : camelCase(name));

/** A rule for a part of a period. */
const stub = (rule) => {
  if (typeof rule === "string") return rule;
  return Object.fromEntries(Object.entries(rule).map(([name, value]) => [camelCase(name), value]));
};

/** What a parameter of the vectors sets. One that is not here is refused, so that none is passed over. */
const PARAMETERS = {
  interval: (interval) => ({ interval: camelCase(interval) }),
  unit: (unit) => ({ unit: unit === "ms" ? "millisecond" : unit }),
  quantize: (rule) => ({ wholeUnits: rule === "floor" }),
  count: (count) => (count === "inclusive" ? { count: "bothEnds" } : {}),
  rule: (rule, { fixed_days }) =>
    rule === "kb_fixed" ? { cellDays: { fixedStartMonth: fixed_days } } : { count: "started" },
  end_shift_seconds: (endShiftSeconds) => ({ endShiftSeconds }),
  grid: (grid) => ({ grid }),
  grid_day: (gridDay) => ({ gridDay }),
  cell_days: (rule, { fixed_days = 30, nominal_days }) => {
    const rules = {
      fixed: { fixed: fixed_days },
      kb_fixed: { fixedStartMonth: fixed_days },
      nominal: { nominal: nominal_days },
    };
    return { cellDays: rules[rule] ?? rule };
  },
  full_cell: (rule) => ({ wholeCellIsOne: rule === "one" }),
  basis: (basis) => ({ basis }),
  degenerate: (degenerate) => ({ degenerate }),
  clamp: (clamp) => ({ clamp }),
  factor_scale: (factorScale) => ({ factorScale }),
  factor_rounding: (rule) => ({ factorRounding: rounding(rule) }),
  rate_scale: (rateScale) => ({ rateScale }),
  rounding: (rule) => ({ rounding: rounding(rule) }),
  leading: (rule) => ({ leading: stub(rule) }),
  trailing: (rule) => ({ trailing: stub(rule) }),
  // What comes as one line is rounded once.
  present: (present) => (present === "net_delta" ? { present: "net", stage: "invoice" } : {}),
  credit_formula: (creditFormula) => ({ creditFormula }),
  prorate_discount: (prorates) => ({ discount: prorates ? "prorate" : "keep" }),
  // Read where they are needed.
  ...Object.fromEntries(
    [
      ...["increment", "timezone", "fixed_days", "nominal_days", "round", "arithmetic"],
      ...["bill_partial_month", "prorate_partial_period"],
      // Of splits; a file sets them for all of its kinds.
      ...[
        "base",
        "leftover",
        "cap_total",
        "skip_zero_weight",
        "all_zero",
        "negative_weights",
        "sign",
        "tie",
      ],
    ].map((name) => [name, () => ({})]),
  ),
};

/** The terms of a vector's parameters. Where they are silent, the vectors mean other things than the package. */
function termsOf(params) {
  const terms = { creditFormula: "direct", cap: false };
  for (const [name, value] of Object.entries(params)) {
    const set = PARAMETERS[name];
    if (set === undefined) throw new Error(`unknown parameter ${name}`);
    Object.assign(terms, set(value, params));
  }

  // A month that has its own days counts one in any case.
  if (terms.grid !== "month" || (terms.cellDays ?? "actual") === "actual") {
    delete terms.wholeCellIsOne;
  }
  return terms;
}

/** What terms say of a plan: how its time is counted. All else is said of the whole request. */
const OF_A_PLAN = [
  ...["preset", "unit", "count", "wholeUnits", "grid", "gridDay", "cellDays", "wholeCellIsOne"],
  ...["basis", "degenerate", "clamp", "leading", "trailing", "factorScale", "factorRounding"],
  "rateScale",
];

const timeOf = (terms) =>
  Object.fromEntries(Object.entries(terms).filter(([name]) => OF_A_PLAN.includes(name)));

/** For how many months a price is, some terms ask; the others refuse to be told. */
function withMonths(months, call) {
  try {
    return call({ months });
  } catch (error) {
    if (error.code !== "unknownField" || error.path !== "months") throw error;
    return call({});
  }
}

/** What a request or a tenant chooses, and no preset prescribes. */
const CHOSEN = ["gridDay", "cap", "creditFormula", "basis", "present", "stage"];

/** An instant as the clock of a place shows it: that is how the package reads it. Days are what they are. */
function local(text, zone) {
  if (!text.includes("T") || zone === undefined) return text;

  const instant = new Date(text);
  const [, hours, minutes] = /^([+-]\d\d)(\d\d)$/.exec(zone) ?? [];
  return hours === undefined ? localInZone(instant, zone) : localByOffset(instant, hours, minutes);
}

function localByOffset(instant, hours, minutes) {
  // The minutes have the sign of the hours: -0330 is three hours and thirty minutes behind.
  const offset = Number(hours) * 60 + Number(`${hours[0]}${minutes}`);
  const shown = new Date(instant.getTime() + offset * 60_000);
  return shown.toISOString().replace("Z", `${hours}:${minutes}`);
}

function localInZone(instant, timeZone) {
  const format = new Intl.DateTimeFormat("en-CA-u-hc-h23", {
    ...{ timeZone, year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "longOffset" },
  });
  const part = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, value]),
  );

  const offset = part.timeZoneName.replace("GMT", "") || "Z";
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}${offset}`;
}

// Exact fractions, for what is put together here.
const exact = (value) => (typeof value === "object" ? value : fraction(value));
const make = (numerator, denominator) => ({ numerator, denominator });
const plus = (a, b) =>
  make(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
const minus = (a, b) => plus(a, make(-b.numerator, b.denominator));
const times = (a, b) => make(a.numerator * b.numerator, a.denominator * b.denominator);
const over = (a, b) =>
  b.numerator < 0n
    ? over(minus(ZERO, a), minus(ZERO, b))
    : times(a, make(b.denominator, b.numerator));
const least = (a, b) => (minus(a, b).numerator > 0n ? b : a);
const ZERO = make(0n, 1n);
const ONE = make(1n, 1n);
const textOf = ({ numerator, denominator }) => {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return a > 1n ? `${numerator / a}/${denominator / a}` : `${numerator}/${denominator}`;
};

/** One vector, to be calculated by `terms`. */
class Case {
  constructor({ inputs, params }, terms, setoff) {
    Object.assign(this, { inputs, params, terms, setoff });
    this.zone = inputs.timezone ?? params.timezone;
    this.increment = decimalText(params.increment ?? "0.01");
    this.months = inputs.period_months ?? 1;
  }

  moment = (text) => local(text, this.zone);
  period = (period) =>
    period?.from ? { from: this.moment(period.from), to: this.moment(period.to) } : undefined;

  prorate({ months, ...request }) {
    const { terms, increment } = this;
    const all = { terms, increment, quantity: "1", ...request };
    return withMonths(months, (more) => this.setoff.prorate({ ...all, ...more }));
  }

  /** `value` rounded to increments. */
  round(value, rule = "half_up", increment = "1") {
    const terms = { rounding: rounding(rule) };
    return exact(
      this.setoff.prorate({ terms, price: "1", increment, factor: textOf(value) }).amount,
    );
  }

  service(service, period) {
    return { service: this.period(service), period: this.period(period), months: this.months };
  }

  /** Changes within a period; the first plan is `plan`. */
  preview({ terms = this.terms, plan, change, period = this.inputs.period, billed, credited }) {
    const { increment, months } = this;
    const request = {
      ...{ terms, increment, plan, changes: [change], period: this.period(period) },
      ...(billed !== undefined && { billed: decimalText(billed) }),
      ...(credited !== undefined && { credited: decimalText(credited) }),
    };

    return withMonths(months, (more) => this.setoff.previewChange({ ...request, ...more }));
  }

  /** A plan; `params` are those that it has of its own, over those of the vector. */
  plan(price, discount = 0, params = undefined) {
    return {
      price: decimalText(price ?? 0),
      ...(Number(discount) !== 0 && { discount: { amount: decimalText(discount) } }),
      ...(params && {
        terms: timeOf({ ...this.terms, ...termsOf({ ...this.params, ...params }) }),
      }),
    };
  }
}

const shown = ({ from, to }) => [from, to];

function change(vector) {
  const { inputs, terms } = vector;
  const plan = vector.plan(inputs.old, inputs.old_discount, inputs.old_params);
  const next = vector.plan(inputs.new, inputs.new_discount, inputs.new_params);
  if (inputs.new_period_resets) next.terms = timeOf({ ...terms, basis: "full" });

  const discount = next.discount ?? null;
  const when =
    inputs.ratio === undefined ? { at: vector.moment(inputs.change) } : { unused: inputs.ratio };
  // A change keeps the terms of the plan unless it states some.
  const changed = { type: "change", ...when, terms: timeOf(terms), ...next, discount };

  const facts = { plan, change: changed, billed: inputs.billed, credited: inputs.prior_credits };
  const preview = (stage) =>
    vector.preview({ ...facts, terms: { ...terms, stage, cap: inputs.billed !== undefined } });
  const { credit, charge, net } = preview("line");
  const sum = terms.present === "net" ? preview("invoice").net : net;
  const withSum = (amount) => textOf(plus(exact(sum), exact(amount)));
  const { next_renewal: renewal, already_paid: paid } = inputs;

  return {
    ...{ credit, charge, net: sum },
    ...(renewal !== undefined && { next_invoice: withSum(renewal) }),
    ...(paid !== undefined && { period_total: withSum(paid) }),
  };
}

/** A change of nothing but the quantity, as the units that come or go. */
function quantity({ inputs, terms, increment, setoff }) {
  const { price, old_quantity, new_quantity, ratio } = inputs;
  const { lines } = setoff.previewChange({
    ...{
      terms: { ...terms, present: "quantity" },
      increment,
      plan: { price, quantity: old_quantity },
    },
    changes: [{ type: "change", unused: ratio, quantity: new_quantity }],
  });
  const [{ quantity, amount }, ...others] = lines;
  return others.length === 0 ? { quantity, amount } : { lines: lines.length };
}

/** A change from plan to plan whose credit pays for time. */
function extension(vector) {
  const [plan, { price }] = [vector.plan(vector.inputs.old), vector.plan(vector.inputs.new)];
  const change = { type: "change", at: vector.inputs.change, price };
  const { lines } = vector.preview({
    terms: { ...vector.terms, destination: "time" },
    plan,
    change,
  });
  return { days: lines[0].covered, value: lines[0].sides.charge };
}

function creditResidual(vector) {
  const { price, billed = price, period, cancel } = vector.inputs;
  const isResidual = vector.terms.creditFormula === "residual";
  // In closed intervals the day of the change is one of those used.
  const changeDay = isResidual && vector.terms.interval === "closed" ? "old" : "new";

  // A credit is negative here; the vectors print, and so round, its magnitude.
  const mirrored = { floor: "ceiling", ceiling: "floor" };
  const rule = isResidual
    ? vector.terms.rounding
    : (mirrored[vector.terms.rounding] ?? vector.terms.rounding);
  const terms = { ...vector.terms, changeDay, ...(rule && { rounding: rule }) };

  const facts = { plan: vector.plan(price), billed, period };
  const { credit } = vector.preview({
    ...facts,
    terms,
    change: { type: "cancel", at: vector.moment(cancel) },
  });
  return {
    credit: textOf(minus(ZERO, exact(credit))),
    charged: textOf(plus(exact(billed), exact(credit))),
  };
}

function creditCap(vector) {
  const { potential, billed, prior_credits } = vector.inputs;
  // Less than nothing would come back where more was used than billed.
  const isOverused = potential < 0;
  const terms = {
    ...vector.terms,
    cap: true,
    ...(isOverused && { creditFormula: "residual" }),
  };

  const price = isOverused ? billed - potential : potential;
  const facts = { plan: vector.plan(price), billed, credited: prior_credits };
  const change = { type: "cancel", unused: isOverused ? "0" : "1" };
  const { credit } = vector.preview({ ...facts, terms, change });
  return { amount: textOf(minus(ZERO, exact(credit))) };
}

function repair(vector) {
  const { item, repair, adjusted = 0, repaired = 0 } = vector.inputs;
  const { from, to } = vector.period(repair);
  const until = vector.terms.interval === "closed" ? nextDay(to, vector.setoff) : to;
  const terms = { ...vector.terms, cap: true, creditBase: "billed" };

  const { numerator, denominator } = plus(exact(adjusted), exact(repaired));
  const scale = String(denominator).length - 1;
  const credited = `${numerator}e-${scale}`;

  const facts = { plan: vector.plan(item.amount), billed: item.amount, credited, period: item };
  const { credit } = vector.preview({
    ...facts,
    terms,
    change: { type: "pause", at: from, until },
  });
  return { amount: credit };
}

const nextDay = (day, { billingPeriod }) =>
  billingPeriod({ anchor: day, every: { days: 1 }, number: 0 }).to;
const dayBefore = (day, { billingPeriod }) =>
  billingPeriod({ anchor: day, every: { days: 1 }, number: -1 }).from;

/** The answer of `f`, or that it was refused. */
function orError(f, { isSetoffError }) {
  try {
    return f();
  } catch (error) {
    if (!isSetoffError(error)) throw error;
    return { error: true };
  }
}

function schedule(vector) {
  const { start, end, target, period, bcd, rate } = vector.inputs;
  const fixed = vector.params.fixed_days > 0 && {
    cellDays: { fixedStartMonth: vector.params.fixed_days },
  };
  // The source does not remember the billing day where it shifts a boundary, and rounds to nine decimals.
  const terms = { factorScale: 9, ...vector.terms, stubPeriod: "shifted", ...fixed };
  const request = {
    ...{ terms, start, until: target, every: period },
    ...(end && { end }),
    ...(period.months && { billingDay: bcd }),
    ...(rate !== undefined && { price: decimalText(rate), increment: vector.increment }),
  };

  return orError(() => {
    const scheduled = vector.setoff.schedule(request);
    return {
      first: scheduled.firstBoundary,
      effective_end: scheduled.effectiveEnd,
      last: scheduled.lastBoundary,
      cycles: scheduled.factor,
      segments: scheduled.segments.map(({ service }) => shown(service)),
      amounts: scheduled.segments.map(({ amount }) => amount),
      amount: scheduled.amount,
    };
  }, vector.setoff);
}

/** The two switches of a tenant of Zuora that decide about parts of periods. */
const switchesOf = ({ params }) => ({
  billsPartialMonth: params.bill_partial_month ?? true,
  proratesPartialPeriod: params.prorate_partial_period ?? true,
});

/** How the part at the end of a term is priced. A period that is not of months has no whole months to bill. */
function trailingRule(vector) {
  const { billsPartialMonth, proratesPartialPeriod } = switchesOf(vector);
  if (billsPartialMonth) return "prorate";
  if (vector.inputs.period.months === undefined) return "skip";
  return proratesPartialPeriod ? "months" : "full";
}

function segments(vector) {
  const { start, end, period, bcd, weekday } = vector.inputs;
  const { billsPartialMonth } = switchesOf(vector);
  const leading = billsPartialMonth ? "prorate" : "skip";
  const trailing = trailingRule(vector);
  const terms = { ...vector.terms, leading, trailing, firstBoundary: "month" };

  const day = period.months === undefined ? { weekday } : { billingDay: bcd };
  const scheduled = vector.setoff.schedule({ terms, start, end, every: period, ...day });
  return { segments: scheduled.segments.map(({ service }) => shown(service)) };
}

function creditWindow(vector) {
  const terms = { ...vector.terms, creditFrom: creditStart(vector) };
  const { lines } = vector.preview({
    terms,
    plan: vector.plan(1),
    change: { type: "cancel", at: vector.inputs.cancel },
  });
  return { window: lines.length === 0 ? null : shown(lines[0].service) };
}

/** From when time that was not used is credited. */
function creditStart(vector) {
  const { billsPartialMonth, proratesPartialPeriod } = switchesOf(vector);
  if (!proratesPartialPeriod) return "never";
  return billsPartialMonth ? "change" : "nextMonth";
}

function discountCredit(vector) {
  const { regular, discount, months, kept } = vector.inputs;
  const unused = textOf(minus(ONE, over(exact(kept), exact(months))));

  const { lines } = vector.preview({
    plan: vector.plan(regular, discount),
    change: { type: "cancel", unused },
  });
  const [{ gross, discount: back, amount }] = lines;
  return { regular_credit: gross, discount_credit: back, net: amount };
}

function inclusiveTax(vector) {
  const { gross, rate } = vector.inputs;
  const isNet = vector.params.round === "net";
  const factor = over(exact(isNet ? 100 : rate), plus(exact(100), exact(rate)));

  // One of the two is rounded, and the other is what it leaves of the gross amount.
  const { amount } = vector.prorate({ price: decimalText(gross), factor: textOf(factor) });
  const difference = textOf(minus(exact(gross), exact(amount)));
  return isNet ? { net: amount, tax: difference } : { net: difference, tax: amount };
}

const MONTH = { months: 1 };

/** Operations on the calendar, by boundaries of periods. */
const CALENDAR = {
  align: ({ date, day, period }, at) =>
    period && !period.months
      ? { date }
      : { date: at({ anchor: date, billingDay: day, every: MONTH, number: 0 }).from },
  align_next: ({ date, day, period, previous }, at) => {
    const months = { anchor: date, billingDay: day, every: MONTH };
    const anchor = period.months ? months : { anchor: previous, every: period };
    const { number, from, to } = at({ ...anchor, containing: date });
    return { date: from === date && (period.months || number > 0) ? from : to };
  },
  // The source steps from date to date, without an anchor.
  advance: ({ date, n, period }, at) => {
    let stepped = date;
    for (let step = 0; step < Math.abs(n); step++) {
      stepped = at({ anchor: stepped, every: period, number: Math.sign(n) }).from;
    }
    return { date: stepped };
  },
  whole_periods: ({ from, to, period }, at) => ({
    n: at({ anchor: from, every: period, containing: to }).number,
  }),
  local_day: ({ instant, timezone }, at) => {
    const { from } = at({ anchor: local(instant, timezone), every: MONTH, number: 0 });
    return { n: Number(from.slice(-2)) };
  },
  period_containing: ({ anchor, date, months }, at, setoff) => {
    const { from, to, days } = at({ anchor, every: { months }, containing: date });
    return { start: from, last: dayBefore(to, setoff), end: to, days };
  },
  anchor_step: ({ date, base_day, n }, at) => {
    // A day at the end of its month that the base day exceeds is that day, clamped.
    const isLast = at({ anchor: date, billingDay: 31, every: MONTH, number: 0 }).from === date;
    const day = isLast && base_day > Number(date.slice(-2)) && { billingDay: base_day };
    return { date: at({ anchor: date, ...day, every: MONTH, number: n }).from };
  },
  anchor_sequence: ({ anchor, months, count }, at) => ({
    dates: Array.from(
      { length: count },
      (_, k) => at({ anchor, every: { months }, number: k + 1 }).from,
    ),
  }),
  months_rounded_up: ({ from, to }, at, setoff, { interval }) => {
    const end = interval === "closed" ? nextDay(to, setoff) : to;
    const { number, from: start } = at({ anchor: from, every: MONTH, containing: end });
    return { n: start === end ? number : number + 1 };
  },
};

function calendar(vector) {
  const { inputs, setoff, params, terms } = vector;
  if (inputs.op === "first_cycle") {
    const { first } = schedule(
      new Case({ inputs: { ...inputs, target: inputs.start }, params: {} }, {}, setoff),
    );
    return { date: first };
  }

  if (inputs.op === "time_extension") {
    const days = over(exact(inputs.unused_value), exact(inputs.new_daily_price));
    return { n: textOf(vector.round(days, params.rounding ?? "up")) };
  }

  return CALENDAR[inputs.op](inputs, setoff.billingPeriod, setoff, terms);
}

/** A total moved by one unit toward its parts, where it does not equal them. */
function reconciled(total, tax, subtotal) {
  const { numerator } = minus(total, plus(tax, subtotal));
  if (numerator === 0n) return total;
  return numerator < 0n ? plus(total, ONE) : minus(total, ONE);
}

/** The last day of a plan that was used. Days of a trial count as used, and cost nothing. */
function lastUsedDay({ inputs, setoff }, { terminated, trial }) {
  const usedTo = inputs.upgrade ? dayBefore(terminated, setoff) : terminated;
  if (!trial || trial < usedTo) return usedTo;
  return trial > inputs.period_last ? inputs.period_last : dayBefore(trial, setoff);
}

/** The days after `from` up to and with `to`. */
function daysAfter(from, to, { billingPeriod }) {
  if (from >= to) return 0;
  return billingPeriod({ anchor: from, every: { days: 1 }, containing: to }).number;
}

/** The days of a plan that cost something until it ended. */
function paidDays({ inputs, setoff }, { terminated, trial }) {
  const { period_first: first, period_last: last } = inputs;
  const usedFrom = trial && trial > first ? trial : first;
  const usedUntil = terminated < last ? terminated : last;
  return usedUntil < usedFrom ? 0 : daysAfter(usedFrom, usedUntil, setoff) + 1;
}

/**
 * Lago's credit note on termination: unused days of the plan, at most the fee, cut to five decimals; coupon and tax
 * follow; the total is reconciled (`proration.md#credit-notes-of-lago`).
 */
function lagoCredit(vector) {
  const { inputs, setoff, zone = "UTC" } = vector;
  const { period_first: first, period_last: last } = inputs;
  const value = (name) => exact(inputs[name] ?? 0);
  const dayOf = (text) => local(text, zone).slice(0, 10);

  const days = exact(daysAfter(first, last, setoff) + 1);
  const priceOf = (count) => over(times(value("plan"), exact(count)), days);
  const fee = value("fee");
  const ends = {
    terminated: dayOf(inputs.terminated_at),
    trial: inputs.trial_end && dayOf(inputs.trial_end),
  };
  const usedTo = lastUsedDay(vector, ends);
  const unusedPrice = least(priceOf(daysAfter(usedTo, last, setoff)), fee);
  const unused = minus(unusedPrice, value("prior_items"));
  if (usedTo >= last || unused.numerator <= 0n) return { none: true };

  const taxRate = over(value("tax_rate"), exact(100));
  const withTax = plus(ONE, taxRate);
  const feeAfterCoupon = minus(fee, value("coupon"));
  const afterCoupon = over(feeAfterCoupon, fee);
  const cut = (amount) => vector.round(amount, "down", "0.00001");
  const gross = (amount) => vector.round(times(times(cut(amount), afterCoupon), withTax));
  const item = cut(unused);
  let total = gross(unused);
  if (total.numerator === 0n) return { none: true };

  let refund = ZERO;
  if (inputs.mode === "refund" || inputs.mode === "offset") {
    const used = gross(priceOf(paidDays(vector, ends)));
    const paid = unusedPayment(value, { billed: times(feeAfterCoupon, withTax), used });
    refund = vector.round(least(paid, total));
  }

  const tax = vector.round(times(times(item, afterCoupon), taxRate));
  if (value("coupon").numerator === 0n && inputs.reconcile !== false)
    total = reconciled(total, tax, vector.round(item));

  return {
    item: textOf(vector.round(item)),
    item_precise: textOf(item),
    ...{ tax: textOf(tax), total: textOf(total), refund: textOf(refund) },
    [inputs.mode === "offset" ? "offset" : "credit"]: textOf(minus(total, refund)),
  };
}

/** What was paid of a plan and not used: the plan's share of what was paid of the whole invoice. */
function unusedPayment(value, { billed, used }) {
  const invoice = value("invoice_total");
  if (invoice.numerator === 0n) return ZERO;

  const paid = minus(over(times(billed, value("paid")), invoice), used);
  return paid.numerator < 0n ? ZERO : paid;
}

/** Meteroid's credit of a line with tax details: `proration.md#credit-lines-of-meteroid`. */
function creditLine(vector) {
  const { subtotal, credit, taxable, tax, details = [] } = vector.inputs;
  const part = over(exact(credit), exact(subtotal));
  const share = (amount) =>
    vector.round(times(exact(amount), part), vector.params.rounding ?? "half_even").numerator;
  const size = (amount) => (amount < 0n ? -amount : amount);

  // The last of the largest shares gets what rounding leaves over, so that the shares sum to the tax.
  const shares = details.map(share);
  const leftover = shares.reduce((unshared, amount) => unshared - amount, share(tax));
  const largest = shares.reduce(
    (best, amount, index) => (size(amount) >= size(shares[best]) ? index : best),
    0,
  );
  if (shares.length > 0) shares[largest] += leftover;

  const negative = (amount) => String(-amount);
  return {
    taxable: negative(share(taxable)),
    tax: negative(share(tax)),
    details: shares.map(negative),
    subtotal: textOf(minus(ZERO, exact(credit))),
  };
}

const RUN = {
  time_amount(vector) {
    const { price, quantity = 1, ratio, days, period_days, service, period } = vector.inputs;
    const time = ratio !== undefined ? { factor: ratio } : { days, periodDays: period_days };
    const when = ratio === undefined && days === undefined ? vector.service(service, period) : time;
    const { amount, exact: precise } = vector.prorate({
      ...{ price: decimalText(price), quantity: decimalText(quantity) },
      ...when,
    });
    return { amount, precise };
  },
  time_ratio(vector) {
    const { service, period } = vector.inputs;
    return { ratio: vector.prorate({ price: "1", ...vector.service(service, period) }).factor };
  },
  day_count(vector) {
    const terms = { ...vector.terms, factorScale: null };
    return {
      days: vector.prorate({ price: "1", ...vector.service(vector.inputs, vector.inputs), terms })
        .covered,
    };
  },
  change,
  credit_residual: creditResidual,
  credit_cap: creditCap,
  repair,
  split(vector) {
    const { item, part } = vector.inputs;
    return {
      amount: vector.prorate({ price: decimalText(item.amount), ...vector.service(part, item) })
        .amount,
    };
  },
  schedule,
  segments,
  credit_window: creditWindow,
  quantity,
  extension,
  discount_credit: discountCredit,
  tax_split(vector) {
    const { amount, period, slices } = vector.inputs;
    const tax = ({ rate, ...slice }) => {
      return vector.prorate({
        ...{ price: decimalText(amount), quantity: decimalText(`${rate}e-2`) },
        ...vector.service(slice, period),
      }).amount;
    };
    return { taxes: slices.map(tax) };
  },
  inclusive_tax: inclusiveTax,
  calendar,
  lago_credit: lagoCredit,
  credit_line: creditLine,
  reconcile({ inputs }) {
    return {
      total: textOf(reconciled(exact(inputs.total), exact(inputs.tax), exact(inputs.subtotal))),
    };
  },
  rate_split(vector) {
    const withTax = plus(ONE, over(exact(vector.inputs.tax_rate), exact(100)));
    const taxed = (amount) => vector.round(times(amount, withTax));
    const items = vector.inputs.items.map(exact);
    const sum = (amounts) => amounts.reduce(plus, ZERO);
    const credits = items.map(taxed);
    return {
      invoice_total: textOf(taxed(sum(items))),
      credit_totals: credits.map(textOf),
      credits_sum: textOf(sum(credits)),
    };
  },
};

function check(vector, setoff, preset) {
  const { kind, expected, params, tolerance } = vector;
  const answer = (terms) => {
    const actual = RUN[kind](new Case(vector, terms, setoff));
    return { agrees: same(expected, actual, tolerance), actual, expected };
  };

  const terms = termsOf(params);
  // The presets of a folder are of all families.
  const ours = preset && (PRESETS[preset.name] ?? preset.name);
  const name = setoff.prorationPresets().find(({ name }) => name === ours)?.name;
  const chosen = Object.fromEntries(
    CHOSEN.filter((name) => name in terms).map((name) => [name, terms[name]]),
  );
  const byPreset = name && { preset: name, ...answer({ preset: name, ...chosen }) };
  return { ...answer(terms), byPreset };
}

export const kinds = Object.fromEntries(Object.keys(RUN).map((kind) => [kind, check]));
