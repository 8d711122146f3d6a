// Parts of periods, changes of plan and schedules, without a book.

/** How long a period is. */
export type Every = { readonly months: number } | { readonly days: number };

/**
 * From a moment to another. Whether the end is part of it, the `interval` of the terms says (left
 * out: it is not).
 */
export interface PeriodInput {
  readonly from: MomentInput;
  readonly to: MomentInput;
}

/** From a moment to another, as the terms write it. */
export interface Period {
  readonly from: IsoMoment;
  readonly to: IsoMoment;
}

/**
 * A period as it is, or one end of it and its length: that of a plan (`{ from: "2026-01-15", every:
 * { months: 1 } }`), or the one that a stub belongs to.
 */
export type PeriodRequest =
  | PeriodInput
  | { readonly from: DateInput; readonly every: Every }
  | { readonly to: DateInput; readonly every: Every };

/** The terms of published systems. {@link prorationPresets} says what each was checked against. */
export type ProrationPreset =
  | "default"
  | "zuoraActualMonthFirst"
  | "zuora30"
  | "zuoraStrict30"
  | "zuoraActualByDay"
  | "zuora30ByDay"
  | "zuoraChargeFullPeriod"
  | "stripe"
  | "stripeNone"
  | "chargebeeMillisecond"
  | "chargebeeDay"
  | "recurly"
  | "maxio"
  | "paddle"
  | "killBill"
  | "killBillFixed30"
  | "lago"
  | "openMeter"
  | "flexpriceDay"
  | "flexpriceSecond"
  | "meteroid"
  | "polar"
  | "oracleActual"
  | "oracleFixed30"
  | "dailyRate3";

/** What terms say of one plan: how its time is counted. All else is said of the whole request. */
export interface PlanTerms {
  /** What these terms differ from. Left out: `"default"`. */
  readonly preset?: ProrationPreset;
  /** In what time is counted. Default `day`: civil days, whatever daylight saving does. */
  readonly unit?: "day" | "hour" | "minute" | "second" | "millisecond";
  /**
   * Days `between` (default), one more (`bothEnds`), or every begun 24 hours of the local clock
   * (`started`).
   */
  readonly count?: "between" | "bothEnds" | "started";
  /** Whether begun units do not count. Default: they count in part. */
  readonly wholeUnits?: boolean;
  /**
   * One cell (`period`, the default), or months from grid day to grid day, of which whole ones
   * count one.
   */
  readonly grid?: "period" | "month";
  /**
   * The day on which the months of the grid begin, 1 to 31. Left out: that of the period, else of
   * the service.
   */
  readonly gridDay?: number;
  /**
   * How long a cell is: as the calendar says (`actual`, the default); a stated number of days a
   * month (`fixed`), or a period (`nominal`); 30 days a month, with time served counted in the same
   * way (`strict30`); or a stated number of days for the month in which the service begins
   * (`fixedStartMonth`).
   */
  readonly cellDays?: CellLength;
  /**
   * Whether a month that is served whole counts one, however its days are counted. Default true.
   */
  readonly wholeCellIsOne?: boolean;
  /** Whether time matters at all. Default `prorate`. */
  readonly basis?: "prorate" | "full" | "none";
  /**
   * What comes of a period without length: nothing (`zero`, the default), the full price, or a
   * refusal.
   */
  readonly degenerate?: "zero" | "full" | "refuse";
  /**
   * Keeps the factor from 0 to 1, and allows changes outside the period. Default false: they are
   * refused. The service of `prorate` and `prorateColumns` may be longer than its period or
   * elsewhere: all its time counts, two months of a monthly price twice.
   */
  readonly clamp?: boolean;
  /**
   * What comes of the part of a period in which something starts: before the first boundary of a
   * schedule, a service that ends with its period, a plan that starts. Default `prorate`.
   */
  readonly leading?: StubRule;
  /**
   * What comes of the part in which something ends: after the last boundary of a schedule, a
   * service that begins with its period, a plan that is cancelled. `months`: up to the end of a
   * month of it. Default `prorate`.
   */
  readonly trailing?: StubRule | "months";
  /** The decimals to which the factor is rounded; `null`, the default: exact. */
  readonly factorScale?: number | null;
  readonly factorRounding?: Rounding;
  /** The decimals to which the price of a unit of time is rounded; `null`, the default: exact. */
  readonly rateScale?: number | null;
}

/**
 * How a part of a period is priced: what differs from a preset.
 *
 * The defaults count civil days over the period as it is, with an end that is not part of it,
 * exactly, and round once, half up; a credit is what was billed less what the time served costs,
 * and at most what is left of the bill.
 */
export interface ProrationTerms extends PlanTerms {
  /** How the end of a period is written: `closed` names its last day. Default `halfOpen`. */
  readonly interval?: "halfOpen" | "closed";
  /** Moves the end of every period that ends with an instant. Default 0. */
  readonly endShiftSeconds?: number;
  /** Whom the day of a change belongs to. Default `new`: the plan that begins. */
  readonly changeDay?: "new" | "old";
  /**
   * Where the first whole period begins: a period after the billing day that is past, or on the
   * next billing day.
   */
  readonly firstBoundary?: "period" | "month";
  /** Whether the period of a stub remembers the billing day (`anchored`, the default). */
  readonly stubPeriod?: "anchored" | "shifted";
  readonly rounding?: Rounding;
  /**
   * `invoice`: a line more has the difference between the rounded sum and the sum of rounded lines.
   */
  readonly stage?: "line" | "invoice";
  /**
   * What was billed less what the time served costs (`residual`), or what the time not served
   * costs.
   */
  readonly creditFormula?: "residual" | "direct";
  /**
   * Of what a credit is a share: of the plan's price over its period (`list`), or of what was
   * billed over its time.
   */
  readonly creditBase?: "list" | "billed";
  /** From when on is credited. */
  readonly creditFrom?: "change" | "nextMonth" | "never";
  /** Whether a credit is at most what was billed less earlier credits. Default true. */
  readonly cap?: boolean;
  /**
   * Whether a fixed discount goes back in proportion, or what is kept of the charge keeps it.
   * Default `prorate`.
   */
  readonly discount?: "prorate" | "keep";
  /**
   * How the `lines` show a change from plan to plan: as credit and charge (`gross`, the default);
   * as their sum (`net`, where both have the same taxes); or, where nothing changes but the
   * quantity, as the units that come or go (`quantity`; any other change, and one whose difference
   * is not what these units cost, as `gross`). Nothing else depends on it: all amounts are those of
   * credit and charge, each rounded, and so are the documents of a book. For a difference that is
   * rounded once, see `stage`.
   */
  readonly present?: "gross" | "net" | "quantity";
  /**
   * Where a credit goes. `settle`, the default: it settles the bill that it credits as far as that
   * is open, then what is charged; the rest stays on account. `account`: all stays on account, as
   * in a wallet. `refund`: it settles the same, and the rest goes back. `time`: where a plan
   * changes, no money flows; the credit pays for days of the plan that begins, and days that have
   * begun are whole. Where none begins it is `settle`.
   */
  readonly destination?: "settle" | "account" | "refund" | "time";
}

/** How long a cell is. */
export type CellLength =
  | "actual"
  | "strict30"
  | { readonly fixed: number }
  | { readonly fixedStartMonth: number }
  | { readonly nominal: number };

/**
 * A part of a period at an end: its share, all of it, nothing; something from a number of days or a
 * share of the period on, else nothing (`then`: all of it, the default, or its share); or whole
 * months of 30.4 days, and one more if at least that number of days remains (`wholeMonths`;
 * Certinia's is 16).
 */
export type StubRule =
  | "prorate"
  | "full"
  | "skip"
  | { readonly fromDays: number; readonly then?: "full" | "prorate" }
  | { readonly fromShare: FractionInput; readonly then?: "full" | "prorate" }
  | { readonly wholeMonths: number };

/** The name of a preset, or what differs from one (left out: `"default"`). */
export type TermsRequest = ProrationPreset | ProrationTerms;

/** The name of a preset, or how the time of one plan differs from one. */
export type PlanTermsRequest = ProrationPreset | PlanTerms;

/** What all requests have that make amounts. */
export interface PricedRequest {
  /** Left out: `"default"`. */
  readonly terms?: TermsRequest;
  /**
   * A code of ISO 4217: amounts are whole minor units of it. Needed unless `increment` is given.
   */
  readonly currency?: string;
  /** The least step between two amounts, such as `"0.05"`. Left out: the currency's minor unit. */
  readonly increment?: DecimalInput;
}

/** An amount to be prorated, and the time: a service, a count of days, or a factor. */
export interface ProrateRequest extends PricedRequest {
  /** Of one unit, for the whole period. */
  readonly price: DecimalInput;
  /** Left out: 1. */
  readonly quantity?: DecimalInput;
  /** When something was served. */
  readonly service?: PeriodInput;
  /** The period that the price is for. Needed where a cell is as long as its period. */
  readonly period?: PeriodRequest;
  /**
   * For how many months the price is. Left out: as many as the period has, else 1. Refused where
   * the terms do not count months: with a grid of months, `fixed` or `strict30` days, or
   * `wholeMonths` they do.
   */
  readonly months?: number;
  /** The days served, instead of a service; with `periodDays`. */
  readonly days?: number;
  readonly periodDays?: number;
  /** The share of the price, where it is known. */
  readonly factor?: FractionInput;
}

/** Which share of a period something is. */
export interface Share {
  /** The factor of the price: `covered` ÷ `length`, rounded if the terms round it, or what their rule for a part says. */
  readonly factor: FractionString;
  /** The units of time served; months, with a grid of months. */
  readonly covered: FractionString;
  /** Those of the period. */
  readonly length: FractionString;
}

/** A cell of the grid, and what was served of it; both half-open. */
export interface Cell {
  /** `null` where its length does not follow from its days. */
  readonly cell: Period | null;
  readonly served: Period;
  readonly covered: FractionString;
  readonly length: FractionString;
}

/** A prorated amount, and how it came about. */
export interface Prorated extends Share {
  readonly amount: DecimalString;
  /** The same before it was rounded. */
  readonly exact: FractionString;
  /** The price of a unit of time, where the terms round it. */
  readonly rate: FractionString | null;
  /** The cells that the service covers; none where the time is not counted. */
  readonly cells: readonly Cell[];
  /** All this in English, for a customer. */
  readonly sentence: string;
}

/**
 * What a part of a period costs.
 *
 * ```js
 * const january = { from: "2026-01-01", every: { months: 1 } };
 * prorate({ currency: "USD", price: "100.00", service: { from: "2026-01-17", to: "2026-02-01" }, period: january });
 * // { amount: "48.39", exact: "1500/31", factor: "15/31", …,
 * //   sentence: "15 of 31 days of 100.00: 48.387096…, rounded to the nearest, halves up: 48.39." }
 * prorate({ terms: "zuora30", currency: "USD", price: "300.00",
 *           service: { from: "2018-01-16", to: "2018-03-31" }, period: { from: "2018-01-01", to: "2018-03-31" } }).amount;
 * // "253.33": two whole months of 100.00, and 16 of 30 days
 * ```
 *
 * Throws `invalidTerms`, `invalidPeriod` (an end before its begin), `missingField`, `outOfRange`.
 */
export function prorate(request: ProrateRequest): Prorated;

/** A tax on top of a plan's price. */
export interface PlanTax {
  readonly name?: string;
  /** As a fraction: `"0.19"` is 19 %. One of 1 or more needs `allowTaxRateFrom1`. */
  readonly rate: DecimalInput;
}

/** What comes off the price of a plan. */
export type PlanDiscount = { readonly amount: DecimalInput } | { readonly rate: DecimalInput };

/** What is subscribed to. */
export interface PricePlan {
  /** Of one unit, for the whole period. */
  readonly price: DecimalInput;
  /** Left out: 1. */
  readonly quantity?: DecimalInput;
  /**
   * Off the whole period: an amount, or a fraction (`"0.1"` is 10 %); `null`: none. An amount of
   * more than the price takes all of it: the price stops at zero, and the sentence of the line says
   * how much was taken off.
   */
  readonly discount?: PlanDiscount | null;
  readonly taxes?: readonly PlanTax[];
  /** How its time is counted. Left out: as the terms of the request say. */
  readonly terms?: PlanTermsRequest;
}

/**
 * When something changes: then, or (where the share is known) when that share of the period is
 * left. That share is used as it is: no rule of the terms for a part of a period applies to it.
 */
export type ChangeTime =
  | { readonly at: MomentInput; readonly unused?: undefined }
  | { readonly unused: FractionInput; readonly at?: undefined };

/** A plan starts. */
export interface StartPlan {
  readonly type: "start";
  readonly plan: PricePlan;
}

/**
 * The plan that runs changes: an upgrade, a downgrade, another quantity or price. What is left out
 * stays.
 */
export interface SwitchPlan extends Partial<PricePlan> {
  readonly type: "change";
}

/** The plan that runs is cancelled. */
export interface CancelPlan {
  readonly type: "cancel";
}

/** The plan that runs pauses. */
export interface PausePlan {
  readonly type: "pause";
  /** Left out: until it resumes. */
  readonly until?: MomentInput;
}

/** The plan that pauses resumes. */
export interface ResumePlan {
  readonly type: "resume";
}

/**
 * A change, and when it is.
 *
 * A plan that pauses can be changed and cancelled, too. It is billed for nothing until the pause
 * ends, so this counts from the end of the pause on. Another pause makes the pause longer, or says
 * when it ends. A plan that pauses `until` a moment goes on by itself and is not resumed.
 */
export type PlanChange = ChangeTime &
  (StartPlan | SwitchPlan | CancelPlan | PausePlan | ResumePlan);

/** Changes within one period, as a book takes them. */
export interface PlanChanges extends PricedRequest {
  /** It may be left out if every change says what is left of it. */
  readonly period?: PeriodRequest;
  /**
   * For how many months the prices are, as in {@link ProrateRequest}. Left out: as many as the
   * period has, else 1.
   */
  readonly months?: number;
  /** The plan that runs before the first change. Left out: none. */
  readonly plan?: PricePlan;
  /** Since when it runs in this period. Left out: from its begin. */
  readonly since?: MomentInput;
  /**
   * What it was billed for this period, without tax. Left out: what the terms charge. This,
   * `credited` and `open` have the sign of the price.
   */
  readonly billed?: DecimalInput;
  /** What of that was credited before. Left out: nothing. */
  readonly credited?: DecimalInput;
  /**
   * What of the item that billed it, with its taxes, is still to be paid (not the balance of its
   * invoice). Left out: nothing. Commands of a book know it.
   */
  readonly open?: DecimalInput;
  /** The earlier first. */
  readonly changes: readonly PlanChange[];
}

/** Changes within one period. */
export interface ChangeRequest extends PlanChanges {
  /**
   * Whether tax rates of 1 (100 %) and more are meant. Left out: they are refused, as 19 for 19 %
   * is a slip. In a book its option of this name decides.
   */
  readonly allowTaxRateFrom1?: boolean;
}

/** A line of a credit memo or an invoice to be. */
export interface ChangeLine extends Share {
  /**
   * What is left of a plan goes back (negative), a plan is charged, the difference of both, a plan for time that a credit
   * pays for (of no amount), or the difference of rounding. A `credit` or `charge` with `sides` is of units that go or
   * come.
   */
  readonly type: "credit" | "charge" | "net" | "time" | "rounding";
  /** The place of its change in the request; `null` for `rounding`. */
  readonly change: number | null;
  /** The place of the change that charged what this credits; `null`: what was billed before, or nothing is credited. */
  readonly of: number | null;
  /** The service period, written as the terms say. */
  readonly service: Period | null;
  readonly price: DecimalString | null;
  readonly quantity: DecimalString | null;
  /** The cells of its service; none where the time is not counted. */
  readonly cells: readonly Cell[];
  /** Before the discount: what {@link prorate} says of the price, rounded by itself. */
  readonly gross: DecimalString;
  /** The difference of `amount` and `gross`, each rounded; of the other sign, or zero. */
  readonly discount: DecimalString;
  /** `gross + discount`, without tax. */
  readonly amount: DecimalString;
  /** That before it was rounded. */
  readonly exact: FractionString;
  /**
   * Of a credit: so that all credits of a line together give back the share of its tax that they are of its amount. A
   * line that is credited whole, in however many steps, gives its whole tax back.
   */
  readonly taxes: readonly {
    readonly name: string | null;
    readonly rate: DecimalString;
    readonly amount: DecimalString;
  }[];
  /** What was left to be credited, where that was less than the share. */
  readonly cap: FractionString | null;
  /** Of a residual credit: what the time served costs, without pauses that were credited. */
  readonly cost: DecimalString | null;
  /** Of a residual credit: the time served, without those pauses. */
  readonly used: (Share & { readonly cells: readonly Cell[] }) | null;
  /** Of `net`, `time` and units that come or go: the credit and the charge in it, each rounded by itself. */
  readonly sides: { readonly credit: DecimalString; readonly charge: DecimalString } | null;
  /** How it came about, in English, for a customer. */
  readonly sentence: string;
}

/** What comes of changes. */
export interface ChangePreview {
  /** The sum of the credits (negative), without tax; also of those within other lines (`sides`). */
  readonly credit: DecimalString;
  /** The sum of the charges, so too. */
  readonly charge: DecimalString;
  /** The sum of all lines, without tax: `credit + charge`, and the rounding of an `invoice` (`stage`). */
  readonly net: DecimalString;
  readonly tax: DecimalString;
  /** `net + tax`. */
  readonly total: DecimalString;
  /**
   * What is to be paid of the charges, with tax: less what is taken back of them, and the credits that settle them.
   * Never below zero: what exceeds the charges is among the `credits`.
   */
  readonly due: DecimalString;
  /** Where the credits go, with tax: to the open bill that they credit, to the charges, back, on account. */
  readonly credits: {
    readonly billed: DecimalString;
    readonly charges: DecimalString;
    readonly refund: DecimalString;
    readonly account: DecimalString;
  };
  /** In the order of the changes, each credit before its charge. */
  readonly lines: readonly ChangeLine[];
  /**
   * The plan that runs then, to ask again at the next change: its price and quantity, since when it was billed in this
   * period, for how much, and what of that was credited. State its discount, taxes and terms again in `plan`. It does not
   * say which days were paused. A pause that has not ended yet: state the next change from its end on. One that has ended:
   * its days count like days served of which the cost was credited, so a later credit can be another cent than that of one
   * request with all changes, which rounds the days served as one.
   */
  readonly running: {
    readonly price: DecimalString;
    readonly quantity: DecimalString;
    readonly since: IsoMoment | null;
    readonly billed: DecimalString;
    readonly credited: DecimalString;
  } | null;
}

/**
 * What it costs to start, change, cancel, pause or resume a plan within a period. It makes lines, not documents: what a
 * book does to a total (`invoiceIncrement`, for cash) is not in it. Preview the command `changePlan` for that.
 *
 * ```js
 * previewChange({
 *   currency: "USD",
 *   period: { from: "2026-01-01", every: { months: 1 } },
 *   plan: { price: "30.00" },
 *   changes: [{ type: "change", at: "2026-01-17", price: "50.00" }],
 * });
 * // { credit: "-14.52", charge: "24.19", net: "9.67", …, lines: [
 * //   { type: "credit", amount: "-14.52", service: { from: "2026-01-17", to: "2026-02-01" }, … },
 * //   { type: "charge", amount: "24.19", … } ], running: { price: "50.00", billed: "24.19", … } }
 * ```
 *
 * Throws as {@link prorate}; `amountNotPositive` for facts of a bill that have not the sign of its price; `invalidPeriod`
 * for changes out of order or outside the period; `invalidStatus` for a change that does not fit what runs.
 */
export function previewChange(request: ChangeRequest): ChangePreview;

/** The periods of a subscription. */
export interface ScheduleRequest extends PricedRequest {
  readonly start: DateInput;
  /** Written as the `interval` of the terms says. Left out: it does not end. */
  readonly end?: DateInput;
  /** In advance: every period that has begun by that day. Left out: all, up to the end. */
  readonly until?: DateInput;
  readonly every: Every;
  /**
   * The day of the month on which periods of months begin, 1 to 31. Left out: that of the start.
   */
  readonly billingDay?: number;
  /**
   * The day of the week on which periods of days begin, 1 for Monday to 7. Left out: that of the
   * start.
   */
  readonly weekday?: number;
  /** Of a whole period. Left out: no amounts. */
  readonly price?: DecimalInput;
}

/** A period, or a part of one. */
export interface ScheduleSegment {
  readonly type: "leading" | "whole" | "trailing";
  /** What is served, written as the terms say. */
  readonly service: Period;
  /** The period that it is of. */
  readonly period: Period;
  readonly factor: FractionString;
  readonly amount: DecimalString | null;
}

/** The segments of a schedule. */
export interface Schedule {
  /** Where the first whole period begins. */
  readonly firstBoundary: IsoDate;
  /** The last boundary that is reached; `null` if none is. */
  readonly lastBoundary: IsoDate | null;
  /** The first day that is not served. */
  readonly effectiveEnd: IsoDate;
  /** How many periods that is. */
  readonly factor: FractionString;
  readonly amount: DecimalString | null;
  readonly segments: readonly ScheduleSegment[];
}

/**
 * The periods from a start to an end, with the parts of periods at either end.
 *
 * ```js
 * const every = { months: 1 };
 * schedule({ currency: "USD", price: "10.00", start: "2024-01-20", end: "2024-04-10", every, billingDay: 31 });
 * // amount "26.88": 11 of 31 days, two whole months from the 31st of January to that of March, 10 of 30 days
 * ```
 *
 * Throws as {@link prorate}; `missingField` without both `end` and `until`; `tooLarge` above 100,000 periods.
 */
export function schedule(request: ScheduleRequest): Schedule;

/** Periods that follow from a first one. */
export interface Rhythm {
  /** The start of the period with the number 0. */
  readonly anchor: MomentInput;
  /** The day of the month that the rhythm keeps, 1 to 31. Left out: that of the anchor. */
  readonly billingDay?: number;
  readonly every: Every;
}

/** A rhythm of periods, and which of them: by number, or by a day in it. */
export type BillingPeriodRequest = Rhythm &
  ({ readonly number: number } | { readonly containing: MomentInput });

/**
 * One period of a rhythm, half-open. All boundaries follow from the anchor, none from the one before: a 31st that
 * February cuts to the 28th is the 31st again in March.
 *
 * ```js
 * billingPeriod({ anchor: "2024-01-31", every: { months: 1 }, containing: "2024-03-01" });
 * // { number: 1, from: "2024-02-29", to: "2024-03-31", days: 31 }
 * ```
 */
export function billingPeriod(request: BillingPeriodRequest): {
  readonly number: number;
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly days: number;
};

/**
 * Many charges at once. Moments are days since 1970-01-01 where the terms count days, else
 * milliseconds since then; a text stands for all charges.
 */
export interface ProrateColumnsRequest<Prices extends Column> {
  readonly terms?: TermsRequest;
  /**
   * For how many months the prices are, as in {@link ProrateRequest}. Left out: as many as each
   * period has, else 1.
   */
  readonly months?: number;
  /** Whole numbers of any unit, such as cents. */
  readonly prices: Prices;
  /** The least step between two amounts, in that unit. Left out: 1. */
  readonly increment?: number;
  readonly serviceFrom: Column | MomentInput;
  readonly serviceTo: Column | MomentInput;
  readonly periodFrom: Column | MomentInput;
  readonly periodTo: Column | MomentInput;
}

/**
 * What many parts of periods cost, in the unit of the prices and in an array of their class.
 *
 * ```js
 * const day = (text) => Date.parse(text) / 864e5;
 * prorateColumns({
 *   prices: Float64Array.of(10000, 378),
 *   serviceFrom: Float64Array.of(day("2026-01-17"), day("2026-01-31")),
 *   serviceTo: "2026-02-01", periodFrom: "2026-01-01", periodTo: "2026-02-01",
 * }); // Float64Array [4839, 12]
 * ```
 *
 * Throws as {@link prorate}, with the place of the charge: `serviceTo[17]`; `invalidNumber` for what is no whole number
 * in ±2⁵³; `lengthMismatch`; `invalidTerms` for terms that round a daily rate.
 */
export function prorateColumns<Prices extends Column>(
  request: ProrateColumnsRequest<Prices>,
): Prices;

/** All presets, and what each was checked against. */
export function prorationPresets(): readonly {
  readonly name: ProrationPreset;
  readonly checked: string;
}[];
