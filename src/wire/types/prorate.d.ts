// Parts of periods, changes of plan and schedules, without a book.

/** The length of a period. */
export type Every = { readonly months: number } | { readonly days: number };

/**
 * The time from one moment to another. The `interval` of the terms says whether the end belongs to
 * it; by default it does not.
 */
export interface PeriodInput {
  /** The start. */
  readonly from: MomentInput;
  /** The end. */
  readonly to: MomentInput;
}

/** The time from one moment to another, written as the terms say. */
export interface Period {
  /** The start. */
  readonly from: IsoMoment;
  /** The end. */
  readonly to: IsoMoment;
}

/**
 * A period: its two ends, or one end and its length. Give the length for the period of a plan (`{
 * from: "2026-01-15", every: { months: 1 } }`), or for the whole period that a stub belongs to.
 */
export type PeriodRequest =
  | PeriodInput
  | { readonly from: DateInput; readonly every: Every }
  | { readonly to: DateInput; readonly every: Every };

/** The terms of published systems, by name. {@link prorationPresets} says what each was checked against. */
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

/**
 * The terms that can differ from plan to plan: how time is counted. The defaults stated here are
 * those of the preset `"default"`. With another preset, the defaults are the values of that preset.
 */
export interface PlanTerms {
  /** The preset from which these terms differ. Default: `"default"`. */
  readonly preset?: ProrationPreset;
  /**
   * The unit in which time is counted. Default: `"day"`, which counts civil days, whatever daylight
   * saving does.
   */
  readonly unit?: "day" | "hour" | "minute" | "second" | "millisecond";
  /**
   * How days are counted. `"between"`: the days between the ends. `"bothEnds"`: one more.
   * `"started"`: every period of 24 hours of the local clock that has begun. Default: `"between"`.
   */
  readonly count?: "between" | "bothEnds" | "started";
  /**
   * Whether only whole units count. If not, a unit that has begun counts in part. Default: `false`.
   */
  readonly wholeUnits?: boolean;
  /**
   * How the period is cut into cells. `"period"`: it is one cell. `"month"`: it is cut into months
   * from grid day to grid day, and each month that is served whole counts one. Default: `"period"`.
   */
  readonly grid?: "period" | "month";
  /**
   * The day on which the months of the grid begin, 1 to 31. Default: the day on which the period
   * begins or, without a period, the service.
   */
  readonly gridDay?: number;
  /** The length of a cell. Default: `"actual"`. */
  readonly cellDays?: CellLength;
  /**
   * What a service or a period without length costs, and a service at least as long as its period.
   * `"zero"`: nothing without length; a longer service counts as it is. `"full"`: the full price.
   * `"refuse"`: without length, or with a service longer than its period, the request is refused
   * (`invalidPeriod`). Default: `"zero"`.
   */
  readonly wholeCellIsOne?: boolean;
  /**
   * Whether time matters at all. `"full"`: the full price in any case. `"none"`: never anything.
   * Default: `"prorate"`.
   */
  readonly basis?: "prorate" | "full" | "none";
  /**
   * The price of a period without length. `"zero"`: nothing. `"full"`: the full price. `"refuse"`:
   * the request is refused (`invalidPeriod`). Default: `"zero"`.
   */
  readonly degenerate?: "zero" | "full" | "refuse";
  /**
   * Whether the factor stays within 0 and 1, and changes outside the period are allowed. Without
   * it, changes outside the period are refused. The service of `prorate` and `prorateColumns` may
   * be longer than its period or outside it. All its time then counts, so two months of a monthly
   * price are twice the price. Default: `false`.
   */
  readonly clamp?: boolean;
  /**
   * The rule for a part of a period in which something starts: before the first boundary of a
   * schedule, for a service that ends with its period, and for a plan that starts. Default:
   * `"prorate"`.
   */
  readonly leading?: StubRule;
  /**
   * The rule for a part of a period in which something ends: after the last boundary of a schedule,
   * for a service that begins with its period, and for a plan that is cancelled. `"months"` bills
   * up to the end of a month of the period. Default: `"prorate"`.
   */
  readonly trailing?: StubRule | "months";
  /**
   * The number of decimals to which the factor is rounded. Default: `null`; the factor is exact.
   */
  readonly factorScale?: number | null;
  /** How the factor is rounded. Only with `factorScale`. Default: `"halfUp"`. */
  readonly factorRounding?: Rounding;
  /**
   * The number of decimals to which the price of one unit of time is rounded. Default: `null`; the
   * price is exact.
   */
  readonly rateScale?: number | null;
}

/**
 * How a part of a period is priced: a preset, and what differs from it.
 *
 * The default terms count civil days over the period as it is, with an end that does not belong to
 * it. They calculate exactly and round once, half up. A credit is the billed amount less the cost
 * of the time served, and at most what is left of the bill.
 */
export interface ProrationTerms extends PlanTerms {
  /**
   * How the end of a period is written. `"closed"`: as its last day. `"halfOpen"`: as the first day
   * after it. Default: `"halfOpen"`.
   */
  readonly interval?: "halfOpen" | "closed";
  /** The seconds by which the end of every period moves that ends with an instant. Default: 0. */
  readonly endShiftSeconds?: number;
  /**
   * The plan that pays for the day of a change: the one that begins or the one that ends. Default:
   * `"new"`.
   */
  readonly changeDay?: "new" | "old";
  /**
   * Where the first whole period of a schedule begins. `"period"`: on the billing day of the month
   * of the start, or one period later if that day is past. `"month"`: on the next billing day.
   * Default: `"period"`.
   */
  readonly firstBoundary?: "period" | "month";
  /**
   * The period that a stub is a part of. `"anchored"`: the period of the rhythm, which remembers
   * the billing day. `"shifted"`: the period from the boundary, which does not. Default:
   * `"anchored"`.
   */
  readonly stubPeriod?: "anchored" | "shifted";
  /** How amounts are rounded. Default: `"halfUp"`. */
  readonly rounding?: Rounding;
  /**
   * What is rounded. `"line"`: each line. `"invoice"`: also the sum, and an additional line has the
   * difference between the rounded sum and the sum of the rounded lines. Default: `"line"`.
   */
  readonly stage?: "line" | "invoice";
  /**
   * How a credit is calculated. `"residual"`: the billed amount less the cost of the time served.
   * `"direct"`: the cost of the time not served. Default: `"residual"`.
   */
  readonly creditFormula?: "residual" | "direct";
  /**
   * The amount of which a credit is a share. `"list"`: the plan's price over its period.
   * `"billed"`: the billed amount over the time that it was billed for. Default: `"list"`.
   */
  readonly creditBase?: "list" | "billed";
  /**
   * The day from which time is credited. `"change"`: the change. `"nextMonth"`: the next whole
   * month of the period. `"never"`: nothing is credited. Default: `"change"`.
   */
  readonly creditFrom?: "change" | "nextMonth" | "never";
  /** Whether a credit is at most the billed amount less earlier credits. Default: `true`. */
  readonly cap?: boolean;
  /**
   * What happens to a fixed discount when a plan ends early. `"prorate"`: it goes back in
   * proportion. `"keep"`: the charge for the time served keeps it. Default: `"prorate"`.
   */
  readonly discount?: "prorate" | "keep";
  /**
   * How the `lines` show a change from one plan to another. Nothing else depends on this. All
   * amounts, and the documents of a book, are those of the credit and the charge, each rounded. For
   * a difference that is rounded once, see `stage`. Default: `"gross"`.
   *
   * - `"gross"`: as a credit and a charge.
   * - `"net"`: as their sum, if both plans have the same taxes.
   * - `"quantity"`: as the units that come or go, if only the quantity changes. Any other change is
   *   shown as `"gross"`, and so is one whose difference is not the cost of these units.
   */
  readonly present?: "gross" | "net" | "quantity";
  /**
   * Where a credit goes. Default: `"settle"`.
   *
   * - `"settle"`: it settles the open amount of the bill that it credits, then the new charges. The
   *   rest stays on account.
   * - `"account"`: all of it stays on account, as in a wallet.
   * - `"refund"`: it settles the same as with `"settle"`, and the rest is paid back.
   * - `"time"`: when a plan changes, no money flows. The credit pays for days of the plan that
   *   begins, and a day that has begun counts whole. If no plan begins, this is `"settle"`.
   */
  readonly destination?: "settle" | "account" | "refund" | "time";
}

/**
 * The length of a cell.
 *
 * - `"actual"`: its days by the calendar.
 * - `"strict30"`: 30 days a month, and the time served is counted in the same way.
 * - `fixed`: this number of days a month.
 * - `fixedStartMonth`: this number of days for every period. If the service crosses into another
 *   month, the month in which it begins has this number of days, too.
 * - `nominal`: this number of days for every period.
 */
export type CellLength =
  | "actual"
  | "strict30"
  | { readonly fixed: number }
  | { readonly fixedStartMonth: number }
  | { readonly nominal: number };

/**
 * The rule for a part of a period at either end.
 *
 * - `"prorate"`: its share of the price.
 * - `"full"`: the full price.
 * - `"skip"`: nothing.
 * - `fromDays`, `fromShare`: from this number of days or this share of the period on, the full
 *   price or (`then`) its share; less than that, nothing. Default of `then`: `"full"`.
 * - `wholeMonths`: whole months of 30.4 days, and one more if at least this number of days remains.
 *   Certinia uses 16.
 */
export type StubRule =
  | "prorate"
  | "full"
  | "skip"
  | { readonly fromDays: number; readonly then?: "full" | "prorate" }
  | { readonly fromShare: FractionInput; readonly then?: "full" | "prorate" }
  | { readonly wholeMonths: number };

/** The name of a preset, or the differences from one. Default of `preset`: `"default"`. */
export type TermsRequest = ProrationPreset | ProrationTerms;

/** The name of a preset, or the differences in how the time of one plan is counted. */
export type PlanTermsRequest = ProrationPreset | PlanTerms;

/** The fields of every request that calculates amounts. */
export interface PricedRequest {
  /** The terms. Default: `"default"`. */
  readonly terms?: TermsRequest;
  /**
   * A code of ISO 4217. Amounts are whole minor units of this currency. Required unless you state
   * an `increment`.
   */
  readonly currency?: string;
  /**
   * The smallest step between two amounts, such as `"0.05"`. Default: the minor unit of the
   * currency.
   */
  readonly increment?: DecimalInput;
}

/** An amount to prorate, and the time: a service, a number of days, or a factor. */
export interface ProrateRequest extends PricedRequest {
  /** The price of one unit for the whole period. */
  readonly price: DecimalInput;
  /** The quantity. Default: 1. */
  readonly quantity?: DecimalInput;
  /** The time that was served. */
  readonly service?: PeriodInput;
  /** The period that the price is for. Required if the length of a cell depends on its period. */
  readonly period?: PeriodRequest;
  /**
   * The number of months that the price is for. Only terms that count months can have it: terms
   * with a grid of months, with `fixed` or `strict30` days, or with `wholeMonths`. Default: the
   * months of the period, else 1.
   */
  readonly months?: number;
  /** The number of days served, in place of a `service`. State `periodDays` too. */
  readonly days?: number;
  /** The number of days of the period; with `days`. */
  readonly periodDays?: number;
  /** The share of the price, if you know it. */
  readonly factor?: FractionInput;
}

/** The share of a period. */
export interface Share {
  /**
   * The factor of the price: `covered` ÷ `length`, rounded if the terms round it, or what their rule for a stub says.
   */
  readonly factor: FractionString;
  /** The time served, in units; with a grid of months, in months. */
  readonly covered: FractionString;
  /** The length of the period, in the same units. */
  readonly length: FractionString;
}

/** A cell of the grid, and the part of it that was served. Both are half-open. */
export interface Cell {
  /** The cell; `null` if its length does not follow from its days. */
  readonly cell: Period | null;
  /** The part of the cell that was served. */
  readonly served: Period;
  /** The units of the cell that were served. */
  readonly covered: FractionString;
  /** The units of the cell. */
  readonly length: FractionString;
}

/** A prorated amount, and how it was calculated. */
export interface Prorated extends Share {
  /** The amount, rounded as the terms say. */
  readonly amount: DecimalString;
  /** The amount before rounding. */
  readonly exact: FractionString;
  /** The price of one unit of time, if the terms round it. */
  readonly rate: FractionString | null;
  /** The cells that the service covers; empty if the time is not counted. */
  readonly cells: readonly Cell[];
  /** The calculation as an English sentence for a customer. */
  readonly sentence: string;
}

/**
 * Calculates what a part of a period costs.
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
 * Throws `invalidTerms`, `invalidPeriod` (an end before its start), `missingField`, `outOfRange`.
 */
export function prorate(request: ProrateRequest): Prorated;

/** A tax on the price of a plan. The price does not contain it. */
export interface PlanTax {
  /** The name of the tax, such as `"VAT"`. */
  readonly name?: string;
  /** The rate as a fraction: `"0.19"` is 19 %. A rate of 1 or more needs `allowTaxRateFrom1`. */
  readonly rate: DecimalInput;
}

/**
 * A discount on the price of a plan: an amount, or a rate as a fraction of the price (`"0.1"` is 10
 * %).
 */
export type PlanDiscount = { readonly amount: DecimalInput } | { readonly rate: DecimalInput };

/** A plan to which somebody subscribes. */
export interface PricePlan {
  /**
   * The description for the customer, such as `"Team plan"`. In a book, the items that credit or
   * charge the plan have it. `null` means none. Default: none; an item that credits a billed item
   * has the description of that item.
   */
  readonly description?: string | null;
  /** The price of one unit for the whole period. */
  readonly price: DecimalInput;
  /** The quantity. Default: 1. */
  readonly quantity?: DecimalInput;
  /**
   * The discount for the whole period: `{ rate: "0.1" }` takes 10 % off the price, and `{ amount:
   * "5.00" }` takes that amount off. `null` means none. If the amount is more than the price, the
   * price becomes zero, and the sentence of the line says how much was taken off. Default: none.
   */
  readonly discount?: PlanDiscount | null;
  /** The taxes on the price. Default: none. */
  readonly taxes?: readonly PlanTax[];
  /** How the time of this plan is counted. Default: by the terms of the request. */
  readonly terms?: PlanTermsRequest;
}

/**
 * The time of a change: a moment or, if you know it, the share of the period that is left then. The
 * engine uses this share as it is, without the rules of the terms for a stub.
 */
export type ChangeTime =
  | { readonly at: MomentInput; readonly unused?: undefined }
  | { readonly unused: FractionInput; readonly at?: undefined };

/** A plan starts. */
export interface StartPlan {
  readonly type: "start";
  /** The plan that starts. */
  readonly plan: PricePlan;
}

/**
 * The running plan changes: an upgrade, a downgrade, another quantity or price. Fields that you
 * leave out stay as they are.
 */
export interface SwitchPlan extends Partial<PricePlan> {
  readonly type: "change";
}

/** The running plan is cancelled. */
export interface CancelPlan {
  readonly type: "cancel";
}

/** The running plan pauses. */
export interface PausePlan {
  readonly type: "pause";
  /** The end of the pause. Default: none; the plan pauses until it resumes. */
  readonly until?: MomentInput;
}

/** The pausing plan resumes. */
export interface ResumePlan {
  readonly type: "resume";
}

/**
 * A change, and its time.
 *
 * You can also change or cancel a plan that pauses. Nothing is billed until the pause ends, so the
 * change counts from that moment on. Another pause makes the pause longer, or sets its end. A plan
 * that pauses `until` a moment goes on by itself, so you do not resume it.
 */
export type PlanChange = ChangeTime &
  (StartPlan | SwitchPlan | CancelPlan | PausePlan | ResumePlan);

/** Changes within one period, as the command `changePlan` takes them. */
export interface PlanChanges extends PricedRequest {
  /** The period. You may leave it out if every change states its `unused` share. */
  readonly period?: PeriodRequest;
  /**
   * The number of months that the prices are for; see {@link ProrateRequest}. Default: the months
   * of the period, else 1.
   */
  readonly months?: number;
  /** The plan that runs before the first change. Default: none. */
  readonly plan?: PricePlan;
  /** The moment from which the plan runs in this period. Default: the start of the period. */
  readonly since?: MomentInput;
  /**
   * The amount that the plan was billed for this period, without tax. Like `credited` and `open`,
   * it has the sign of the price. Default: the amount that the terms charge; in a book the amount
   * of the billed item, if that is the same, rounded by another rule.
   */
  readonly billed?: DecimalInput;
  /** The part of `billed` that was credited before. Default: zero. */
  readonly credited?: DecimalInput;
  /**
   * The part of the billed item, with its taxes, that is still to be paid. This is not the balance
   * of its invoice. Default: zero; a book looks it up itself.
   */
  readonly open?: DecimalInput;
  /** The changes, the earliest first. */
  readonly changes: readonly PlanChange[];
}

/** Changes within one period. */
export interface ChangeRequest extends PlanChanges {
  /**
   * Whether tax rates may be 1 (100 %) or more. In a book, its option of this name decides.
   * Default: `false`; a rate of 1 or more is refused, because a 19 for 19 % is a slip.
   */
  readonly allowTaxRateFrom1?: boolean;
}

/** A line of a future credit memo or invoice. */
export interface ChangeLine extends Share {
  /**
   * The type of the line. A `credit` or `charge` with `sides` stands for units that go or come.
   *
   * - `credit`: gives back what is left of a plan. Zero or negative, or the mirror of that for a negative price.
   * - `charge`: charges a plan.
   * - `net`: the difference of a credit and a charge.
   * - `time`: a plan for the time that a credit pays for, with no amount.
   * - `rounding`: the difference of rounding.
   */
  readonly type: "credit" | "charge" | "net" | "time" | "rounding";
  /** The index of the change in the request; `null` for `rounding`. */
  readonly change: number | null;
  /** The index of the change whose charge this line credits. `null` if the line credits an earlier bill, or nothing. */
  readonly of: number | null;
  /** The service period, written as the terms say. */
  readonly service: Period | null;
  /** The price of one unit for the whole period. */
  readonly price: DecimalString | null;
  /** The quantity. */
  readonly quantity: DecimalString | null;
  /** The cells of the service; empty if the time is not counted. */
  readonly cells: readonly Cell[];
  /** The amount before the discount: what {@link prorate} calculates for the price, rounded by itself. */
  readonly gross: DecimalString;
  /**
   * The difference of `amount` and `gross`, each rounded. It is zero or has the opposite sign of `gross`. Of a line with
   * `sides`, it is the sum of their discounts.
   */
  readonly discount: DecimalString;
  /** `gross + discount`, without tax. */
  readonly amount: DecimalString;
  /** The amount before rounding. */
  readonly exact: FractionString;
  /**
   * The taxes of the line. All credits of a line together give back the same share of its tax as of its amount. A line
   * that is credited whole gives back its whole tax, in however many steps.
   */
  readonly taxes: readonly {
    readonly name: string | null;
    readonly rate: DecimalString;
    readonly amount: DecimalString;
  }[];
  /** The amount that was left to credit, if that was less than the share. */
  readonly cap: FractionString | null;
  /** For a residual credit: the cost of the time served, without pauses that were credited. */
  readonly cost: DecimalString | null;
  /** For a residual credit: the time served, without those pauses. */
  readonly used: (Share & { readonly cells: readonly Cell[] }) | null;
  /** For `net`, `time` and units that come or go: the credit and the charge of the line, each rounded by itself. */
  readonly sides: { readonly credit: DecimalString; readonly charge: DecimalString } | null;
  /** The calculation as an English sentence for a customer. */
  readonly sentence: string;
}

/** The result of {@link previewChange}. */
export interface ChangePreview {
  /** The sum of the credits (negative), without tax, including those within other lines (`sides`). */
  readonly credit: DecimalString;
  /** The sum of the charges, without tax, including those within other lines. */
  readonly charge: DecimalString;
  /** The sum of all lines, without tax: `credit + charge`, and the rounding if the `stage` is `invoice`. */
  readonly net: DecimalString;
  /** The sum of the taxes of all lines. */
  readonly tax: DecimalString;
  /** `net + tax`. */
  readonly total: DecimalString;
  /**
   * The part of the charges that is still to be paid, with tax: less the charges that are taken back, and less the
   * credits that settle them. It is never below zero, because credits beyond the charges are among the `credits`.
   */
  readonly due: DecimalString;
  /**
   * The credits by where they go, with tax: to the open bill that they credit, to the new charges, back to the
   * customer, or on account.
   */
  readonly credits: {
    readonly billed: DecimalString;
    readonly charges: DecimalString;
    readonly refund: DecimalString;
    readonly account: DecimalString;
  };
  /** The lines in the order of the changes, each credit before its charge. */
  readonly lines: readonly ChangeLine[];
  /**
   * The plan that runs after the changes, as you need it for the next request: its price and quantity, the start of its
   * billing in this period, the billed amount, and the part of that which was credited. State its discount, taxes and
   * terms again in `plan`.
   *
   * It does not say which days were paused. If a pause has not ended yet, state the next change from the end of the
   * pause on. If it has ended, its days count like days served whose cost was credited. A later credit can therefore
   * differ by a cent from one request with all changes, which rounds the days served once.
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
 * Calculates what it costs to start, change, cancel, pause or resume a plan within a period. The result has lines, not
 * documents, so it does not include what a book adds to a total (`invoiceIncrement`, for cash). Preview the command
 * `changePlan` to see that.
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
 * Throws the errors of {@link prorate}; `amountNotPositive` if `billed`, `credited` or `open` does not have the sign of
 * the price; `invalidPeriod` for changes out of order or outside the period; `invalidStatus` for a change that does not
 * fit the running plan.
 */
export function previewChange(request: ChangeRequest): ChangePreview;

/** The start, the end and the rhythm of a subscription. */
export interface ScheduleRequest extends PricedRequest {
  /** The first day. */
  readonly start: DateInput;
  /**
   * The end, written as the `interval` of the terms says. Default: none; the subscription does not
   * end.
   */
  readonly end?: DateInput;
  /**
   * The day up to which periods are listed: all periods that have begun by then, as when billing in
   * advance. Default: all periods up to the end.
   */
  readonly until?: DateInput;
  /** The length of a whole period. */
  readonly every: Every;
  /**
   * The day of the month on which periods of months begin, 1 to 31. Default: the day of the start.
   */
  readonly billingDay?: number;
  /**
   * The day of the week on which periods of days begin, from 1 for Monday to 7. Default: the day of
   * the start.
   */
  readonly weekday?: number;
  /** The price of a whole period. Default: none; the result has no amounts. */
  readonly price?: DecimalInput;
}

/** A whole period of a schedule, or a part of one. */
export interface ScheduleSegment {
  /** Whether the segment is a whole period, or a part before the first or after the last boundary. */
  readonly type: "leading" | "whole" | "trailing";
  /** The time that is served, written as the terms say. */
  readonly service: Period;
  /** The whole period that the segment belongs to. */
  readonly period: Period;
  /** The factor of the price; 1 for a whole period. */
  readonly factor: FractionString;
  /** The amount; `null` if the request has no price. */
  readonly amount: DecimalString | null;
}

/** The result of {@link schedule}. */
export interface Schedule {
  /** The day on which the first whole period begins. */
  readonly firstBoundary: IsoDate;
  /** The last boundary that the schedule reaches; `null` if it reaches none. */
  readonly lastBoundary: IsoDate | null;
  /** The first day that is not served. */
  readonly effectiveEnd: IsoDate;
  /** The number of periods: the sum of the factors of all segments. */
  readonly factor: FractionString;
  /** The sum of the amounts; `null` if the request has no price. */
  readonly amount: DecimalString | null;
  /** The segments, in order of time. */
  readonly segments: readonly ScheduleSegment[];
}

/**
 * Lists the periods from a start to an end, with a part of a period at either end.
 *
 * ```js
 * const every = { months: 1 };
 * schedule({ currency: "USD", price: "10.00", start: "2024-01-20", end: "2024-04-10", every, billingDay: 31 });
 * // amount "26.88": 11 of 31 days, two whole months from the 31st of January to that of March, 10 of 30 days
 * ```
 *
 * Throws the errors of {@link prorate}; `missingField` if both `end` and `until` are missing; `tooLarge` above 100,000
 * periods.
 */
export function schedule(request: ScheduleRequest): Schedule;

/** The rhythm of the periods of a subscription. */
export interface Rhythm {
  /** The start of the period number 0. */
  readonly anchor: MomentInput;
  /** The day of the month on which periods begin, 1 to 31. Default: the day of the anchor. */
  readonly billingDay?: number;
  /** The length of a period. */
  readonly every: Every;
}

/** A rhythm of periods, and one of them: by its number, or by a day in it. */
export type BillingPeriodRequest = Rhythm &
  ({ readonly number: number } | { readonly containing: MomentInput });

/**
 * Returns one period of a rhythm, half-open. Every boundary is counted from the anchor and not from the boundary before
 * it. So a 31st becomes the 28th in February and is the 31st again in March.
 *
 * ```js
 * billingPeriod({ anchor: "2024-01-31", every: { months: 1 }, containing: "2024-03-01" });
 * // { number: 1, from: "2024-02-29", to: "2024-03-31", days: 31 }
 * ```
 */
export function billingPeriod(request: BillingPeriodRequest): {
  /** The number of the period, from 0. */
  readonly number: number;
  /** The first day. */
  readonly from: IsoDate;
  /** The first day after the period. */
  readonly to: IsoDate;
  /** The number of days. */
  readonly days: number;
};

/**
 * Many charges to prorate at once, as columns. A moment is a number of days since 1970-01-01 if the
 * terms count days, else a number of milliseconds since then. A text in place of a column stands
 * for all charges.
 */
export interface ProrateColumnsRequest<Prices extends Column> {
  /** The terms. Default: `"default"`. */
  readonly terms?: TermsRequest;
  /**
   * The number of months that the prices are for; see {@link ProrateRequest}. Default: the months
   * of each period, else 1.
   */
  readonly months?: number;
  /** The prices, as whole numbers of any unit, such as cents. */
  readonly prices: Prices;
  /** The smallest step between two amounts, in that unit. Default: 1. */
  readonly increment?: number;
  /** The start of each service. */
  readonly serviceFrom: Column | MomentInput;
  /** The end of each service. */
  readonly serviceTo: Column | MomentInput;
  /** The start of each period. */
  readonly periodFrom: Column | MomentInput;
  /** The end of each period. */
  readonly periodTo: Column | MomentInput;
}

/**
 * Calculates what many parts of periods cost. The amounts are in the unit of the prices, in an array of the same class.
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
 * Throws the errors of {@link prorate}, with the index of the charge in the path (`serviceTo[17]`); `invalidNumber` for
 * a number that is not whole and within ±2⁵³; `lengthMismatch`; `invalidTerms` for terms that round a daily rate.
 */
export function prorateColumns<Prices extends Column>(
  request: ProrateColumnsRequest<Prices>,
): Prices;

/**
 * The terms of a preset, every one stated. `trailing` and the other names are those of {@link ProrationTerms}. `gridDay` is
 * absent because it follows from the period.
 */
export type PresetTerms = Required<Omit<ProrationTerms, "preset" | "gridDay">>;

/** A preset of proration. */
export interface PresetOfProration {
  /** The name, as `terms` takes it. */
  readonly name: ProrationPreset;
  /** The published figures or documentation that the preset was checked against. */
  readonly checked: string;
  /** The terms. A request can state them, whole or with other values for some. */
  readonly terms: PresetTerms;
}

/**
 * Returns all presets: the name of each, its terms, and what it was checked against.
 *
 * ```js
 * const zuora30 = prorationPresets().find(({ name }) => name === "zuora30");
 * zuora30.terms.cellDays; // { fixed: 30 }
 * ```
 */
export function prorationPresets(): readonly PresetOfProration[];
