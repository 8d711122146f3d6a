/**
 * An exact decimal number as text: an optional minus sign, digits without a leading zero, and optionally a point
 * with digits behind it: `"12.30"`, `"-0.05"`, `"1000"`. Money never crosses as a JavaScript number.
 *
 * In: as many decimals as the currency has, or fewer (`"40"` is `"40.00"`); more are an error, never rounded.
 * Out: always exactly the currency's decimals, so that equal amounts are equal texts.
 */
export type DecimalString = `${number}`;

/** A calendar day as `YYYY-MM-DD`, from `0001-01-01` to `9999-12-31`. The engine has no clock and no time zone. */
export type IsoDate = `${number}-${number}-${number}`;

/** How the amount that one document settles is spread over its items and tax items. */
export type Rule = "proration" | "fifo" | "explicit";

/** A document's state. Only posted documents settle anything. */
export type Status = "draft" | "posted";

/** A currency that ISO 4217 does not list, or one whose rounding differs from its minor unit. */
export interface CurrencyDefinition {
  /** 3 to 8 capital letters or digits. */
  readonly code: string;
  /** Decimals, 0 to 8. Left out: the minor unit of ISO 4217; needed for a code that ISO 4217 does not list. */
  readonly scale?: number;
  /** The least step between two amounts, such as `"0.05"`. Every amount is a whole number of steps. Left out: one minor unit. */
  readonly increment?: DecimalString;
}

/** What a new {@link Book} needs to know. */
export interface BookOptions {
  /** The currency of every document that names no other: an ISO 4217 code, or one of `currencies`. */
  readonly currency: string;
  /** The account of every document that names no other. Left out: the empty account `""`. */
  readonly accountId?: string;
  /** Currencies beyond ISO 4217, or with a rounding increment. */
  readonly currencies?: readonly CurrencyDefinition[];
}

/** A tax item to be created. It settles by itself, beside its item. */
export interface NewTaxItem {
  /** Unique among the items and tax items of its document. */
  readonly id: string;
  /** The tax in the currency of the document; may be negative (the tax of a discount). */
  readonly amount: DecimalString;
  /** The name of the tax, such as `"VAT"`. */
  readonly name?: string;
  readonly jurisdiction?: string;
  readonly locationCode?: string;
  /** The rate as a fraction: `"0.19"` is 19 %. Recorded; the engine does not calculate tax from it. */
  readonly rate?: DecimalString;
}

/** An item to be created: a charge, or (with `appliedToItemId`) a discount. */
export interface NewItem {
  /** Unique among the items and tax items of its document. */
  readonly id: string;
  /** Without tax, in the currency of the document. A discount has the opposite sign of the item that it reduces. */
  readonly amount: DecimalString;
  /** Makes this item a discount on that item of the same document; it is netted into that item's balance. */
  readonly appliedToItemId?: string;
  readonly description?: string;
  /** Recorded as given, up to 28 digits. */
  readonly quantity?: DecimalString;
  /** Recorded as given, up to 28 digits. */
  readonly unitPrice?: DecimalString;
  readonly taxItems?: readonly NewTaxItem[];
}

/** What all new documents have in common. */
export interface NewDocument {
  /** Unique in the book. */
  readonly id: string;
  /** The printed number. Left out: the `id`. */
  readonly number?: string;
  /** Left out: the account of the book. */
  readonly accountId?: string;
  /** Left out: the currency of the book. */
  readonly currency?: string;
  /** The day from which the command counts; also the document's date unless `date` says otherwise. */
  readonly at: IsoDate;
  /** The date of the document. Left out: `at`. */
  readonly date?: IsoDate;
  readonly items: readonly NewItem[];
  /** Posts the document in the same step. Left out: it stays a draft. */
  readonly autoPost?: boolean;
}

/** Creates an invoice. */
export interface CreateInvoice extends NewDocument {
  readonly type: "createInvoice";
  /** Left out: the date of the document. Invoices are settled in the order due date, date, number, id. */
  readonly dueDate?: IsoDate;
}

/** Creates a credit memo. */
export interface CreateCreditMemo extends NewDocument {
  readonly type: "createCreditMemo";
}

/** Posts a draft invoice. */
export interface PostInvoice {
  readonly type: "postInvoice";
  /** The day of the command; the outcome repeats it. */
  readonly at: IsoDate;
  readonly invoiceId: string;
}

/** Posts a draft credit memo. */
export interface PostCreditMemo {
  readonly type: "postCreditMemo";
  /** The day of the command; the outcome repeats it. */
  readonly at: IsoDate;
  readonly creditMemoId: string;
}

/** One explicit line: charge to charge, or tax to tax. */
export type ExplicitItem =
  | { readonly creditMemoItemId: string; readonly invoiceItemId: string; readonly amount: DecimalString }
  | { readonly creditTaxItemId: string; readonly taxItemId: string; readonly amount: DecimalString };

/** What one invoice of an apply or unapply is to receive or give back. */
export interface InvoiceAmount {
  readonly invoiceId: string;
  /**
   * Left out: with `items` their sum; else all that is possible (apply: the lesser of the invoice's balance and what
   * the other invoices leave of the memo, in the order due date, date, number, id; unapply: all that is applied).
   */
  readonly amount?: DecimalString;
  /** The lines, stated one by one; their sum is the amount. The `rule` does not touch this invoice then. */
  readonly items?: readonly ExplicitItem[];
}

/** Applies a posted credit memo to posted invoices of the same account and currency: all of them, or none. */
export interface ApplyCreditMemo {
  readonly type: "applyCreditMemo";
  /** The effective date of the application. */
  readonly at: IsoDate;
  readonly creditMemoId: string;
  /** For the invoices that state no items. Left out: `"proration"`. */
  readonly rule?: Rule;
  /** At least one. Their order does not matter. */
  readonly invoices: readonly InvoiceAmount[];
}

/** Takes applications of a credit memo back: all of them, or the stated amounts. */
export interface UnapplyCreditMemo {
  readonly type: "unapplyCreditMemo";
  /** The effective date of the unapplication. */
  readonly at: IsoDate;
  readonly creditMemoId: string;
  /** For the invoices that state no items. Left out: `"fifo"`. */
  readonly rule?: Rule;
  /** Left out: everything that is applied, from every invoice. */
  readonly invoices?: readonly InvoiceAmount[];
}

/** Everything that a book can be told to do. Plain data: it can be stored, sent, previewed and executed. */
export type Command =
  | CreateInvoice
  | CreateCreditMemo
  | PostInvoice
  | PostCreditMemo
  | ApplyCreditMemo
  | UnapplyCreditMemo;

/** What every document shows. */
export interface DocumentHeader {
  readonly id: string;
  readonly number: string;
  readonly accountId: string;
  readonly currency: string;
  readonly status: Status;
  readonly date: IsoDate;
  /** The total: items, discounts and tax. */
  readonly amount: DecimalString;
  /** The part of `amount` that is tax. */
  readonly taxAmount: DecimalString;
  /** What credit memos have settled of it (invoice), or what of it has settled invoices (credit memo). */
  readonly appliedAmount: DecimalString;
}

/** An invoice without its items (query `item` for those). */
export interface Invoice extends DocumentHeader {
  readonly type: "invoice";
  readonly dueDate: IsoDate;
  /** `amount − appliedAmount`. */
  readonly balance: DecimalString;
}

/** A credit memo without its items (query `item` for those). */
export interface CreditMemo extends DocumentHeader {
  readonly type: "creditMemo";
  readonly refundAmount: DecimalString;
  /** `amount − appliedAmount − refundAmount`. */
  readonly unappliedAmount: DecimalString;
}

/** What items and tax items have in common. */
export interface LineAmounts {
  readonly id: string;
  readonly amount: DecimalString;
  /** What discounts take off this item (negative), or what this discount has handed to its item (positive); else zero. */
  readonly nettedAmount: DecimalString;
  readonly appliedAmount: DecimalString;
  /** `amount + nettedAmount − appliedAmount` (less refunds): the balance of an invoice's line, the unapplied amount of a memo's. */
  readonly openAmount: DecimalString;
}

/** A tax item. */
export interface TaxItem extends LineAmounts {
  readonly name: string | null;
  readonly jurisdiction: string | null;
  readonly locationCode: string | null;
  readonly rate: DecimalString | null;
}

/** An item with its tax items. */
export interface Item extends LineAmounts {
  readonly processingType: "charge" | "discount";
  /** The item that this discount reduces. */
  readonly appliedToItemId: string | null;
  readonly description: string | null;
  readonly quantity: DecimalString | null;
  readonly unitPrice: DecimalString | null;
  readonly taxItems: readonly TaxItem[];
}

/** One line of a document: an item, or (with `taxItemId`) one of its tax items. */
export interface LineRef {
  readonly documentId: string;
  readonly itemId: string;
  readonly taxItemId: string | null;
}

/** An amount that went (unapply: came back, negative) from a line of the memo to a line of the invoice. */
export interface ApplicationItem {
  readonly source: LineRef;
  readonly target: LineRef;
  readonly amount: DecimalString;
}

/** How much of a memo is applied to an invoice now. */
export interface Part {
  readonly creditMemoId: string;
  readonly invoiceId: string;
  readonly amount: DecimalString;
}

/** What one operation did between the memo and one invoice. Negative: it took that much back. */
export interface Application extends Part {
  readonly ruleUsed: Rule;
  readonly items: readonly ApplicationItem[];
}

/** An application as the history shows it. */
export interface PastApplication extends Part {
  readonly applicationGroupId: string;
  readonly at: IsoDate;
  readonly ruleUsed: Rule;
}

/** Something that you should know about a result that is right. */
export interface Notice {
  /** The request left this invoice's amount open, and nothing was left for it (or nothing applied to it). */
  readonly code: "nothingApplied";
  readonly documentId: string;
}

/** The open amount of a document (balance or unapplied amount) before and after. */
export interface DocumentChange {
  readonly documentId: string;
  readonly before: DecimalString;
  readonly after: DecimalString;
}

/** The open amount of an item or tax item before and after. */
export interface LineChange {
  readonly line: LineRef;
  readonly before: DecimalString;
  readonly after: DecimalString;
}

/**
 * What a command did, or (as a {@link Plan}) would do. The lists are read from the engine's answer when you first touch
 * them, so a large result costs nothing until you look. Their order is fixed: the memo first, then the invoices by due
 * date, date, number, id; lines in document order, each item followed by its tax items.
 */
export interface Outcome<Type extends Command["type"] = Command["type"]> {
  readonly type: Type;
  readonly at: IsoDate;
  /** The book's version after the command; every executed command adds one. */
  readonly version: number;
  /** The document that the command is about, as it stands after the command. */
  readonly document: Subject<Type>;
  /** The sum of `applications` (negative: taken back); `null` where nothing is settled. */
  readonly amount: DecimalString | null;
  /** Names all applications of this operation together; `null` where nothing is settled. */
  readonly applicationGroupId: string | null;
  readonly notices: readonly Notice[];
  readonly applications: readonly Application[];
  readonly documents: readonly DocumentChange[];
  readonly lines: readonly LineChange[];
  /** A plain object with everything above, for `JSON.stringify`. */
  toJSON(): OutcomeData<Type>;
}

/** The kind of document that a command is about. */
export type Subject<Type extends Command["type"]> = Type extends "createInvoice" | "postInvoice" ? Invoice : CreditMemo;

/** An {@link Outcome} as plain data. */
export type OutcomeData<Type extends Command["type"] = Command["type"]> = Omit<Outcome<Type>, "toJSON">;

/**
 * What {@link Book.preview} found: the figures that {@link Book.commit} will give. `version` and `applicationGroupId`
 * are those that it would have now; they move on with every command that comes between. A plan belongs to the book
 * object that made it: to commit elsewhere or later, keep the command.
 */
export interface Plan<Type extends Command["type"] = Command["type"]> extends Outcome<Type> {
  /** Tells a plan from an outcome. */
  readonly committed: false;
}

/** Rows per page and the page's number, from 1. */
export interface PageRequest {
  /** Left out: 1. */
  readonly number?: number;
  /** Left out: 20. No upper limit. */
  readonly size?: number;
}

/** A question to a book. Filters that are left out do not filter. */
export type Query =
  | {
      readonly of: "invoice" | "creditMemo";
      readonly where?: { readonly id?: string; readonly accountId?: string; readonly status?: Status };
      readonly page?: PageRequest;
    }
  | {
      /** The items of one document, in document order. */
      readonly of: "item";
      readonly where: { readonly documentId: string };
      readonly page?: PageRequest;
    }
  | {
      /** The parts: how much of which memo is applied to which invoice now. */
      readonly of: "part";
      readonly where?: { readonly creditMemoId?: string; readonly invoiceId?: string };
      readonly page?: PageRequest;
    }
  | {
      /** The part items: the same, line by line. */
      readonly of: "partItem";
      readonly where?: { readonly creditMemoId?: string; readonly invoiceId?: string };
      readonly page?: PageRequest;
    }
  | {
      /** The history: every application and unapplication, oldest first. */
      readonly of: "application";
      readonly where?: { readonly creditMemoId?: string; readonly invoiceId?: string };
      readonly page?: PageRequest;
    };

/** The row that a query answers with. */
export type Row<Of extends Query["of"]> = {
  invoice: Invoice;
  creditMemo: CreditMemo;
  item: Item;
  part: Part;
  partItem: ApplicationItem;
  application: PastApplication;
}[Of];

/**
 * One page of rows. Invoices and memos come by number, descending, then id; parts by memo, then invoice. Numbers and
 * identifiers are compared as text: `INV-10` comes before `INV-9`. Pad them where that matters.
 */
export interface Page<T> {
  readonly rows: readonly T[];
  /** How many rows the query has over all pages. */
  readonly total: number;
  readonly page: { readonly number: number; readonly size: number };
}

/**
 * The documents of one account and what has been settled between them. The state lives inside the WebAssembly module;
 * this object owns it. A command that is refused changes nothing.
 */
export class Book {
  /** An empty book at version 0. */
  constructor(options: BookOptions);
  /** The book that {@link Book.snapshot} wrote. Throws `invalidSnapshot` for bytes that are damaged or not a snapshot. */
  static restore(snapshot: Uint8Array): Book;
  /** Carries a command out, or throws and changes nothing. */
  execute<C extends Command>(command: C): Outcome<C["type"]>;
  /** What {@link Book.execute} would do now. Changes nothing. */
  preview<C extends Command>(command: C): Plan<C["type"]>;
  /**
   * Carries a plan out exactly as previewed. Throws `planMoved` when the book no longer gives these figures, or the
   * command's own refusal when it may not be done any more.
   */
  commit<Type extends Command["type"]>(plan: Plan<Type>): Outcome<Type>;
  /** Rows of one kind, a page at a time. */
  query<Q extends Query>(query: Q): Page<Row<Q["of"]>>;
  /** The whole book as bytes: compact, versioned, checksummed, the same in every runtime. */
  snapshot(): Uint8Array;
  /** SHA-256 over the state (documents and what is settled between them, not the history), as 64 hexadecimal digits. */
  hash(): string;
  /** How many commands have been executed. */
  readonly version: number;
  /** Gives the memory back. Every later call throws `bookFreed`. A forgotten book is freed when it is collected. */
  free(): void;
  /** The same as {@link Book.free}, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * A moment: a calendar day, or an instant as `2026-03-31T09:30:00Z`, with an offset instead of the `Z` where civil days
 * of a place count (`2026-03-31T00:30:00+02:00` is a moment of the 31st). The engine has no time zones: the text says
 * the day. Where time is counted in hours or less, a day stands for its midnight in UTC.
 */
export type IsoMoment = IsoDate | `${IsoDate}T${string}`;

/** An exact number: a decimal, or two with a slash between them, such as `"15/31"`. Out: in lowest terms. */
export type FractionString = DecimalString | `${number}/${number}`;

/** How an exact number is rounded. `halfUp` and `up` are away from zero, so that credits mirror charges. */
export type Rounding = "halfUp" | "halfEven" | "halfDown" | "up" | "down" | "floor" | "ceiling";

/** How long a period is. */
export type Every = { readonly months: number } | { readonly days: number };

/** From a moment to another. Whether the end is part of it, the `interval` of the terms says (left out: it is not). */
export interface Period {
  readonly from: IsoMoment;
  readonly to: IsoMoment;
}

/**
 * A period as it is, or one end of it and its length: that of a plan (`{ from: "2026-01-15", every: { months: 1 } }`),
 * or the one that a stub belongs to.
 */
export type PeriodRequest =
  | Period
  | { readonly from: IsoDate; readonly every: Every }
  | { readonly to: IsoDate; readonly every: Every };

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

/**
 * How a part of a period is priced. In a request: the name of a preset, or what differs from it.
 *
 * The defaults count civil days over the period as it is, with an end that is not part of it, exactly, and round once,
 * half up; a credit is what was billed less what the time served costs, and at most what is left of the bill.
 */
export interface ProrationTerms {
  /** How the end of a period is written: `closed` names its last day. Default `halfOpen`. */
  readonly interval: "halfOpen" | "closed";
  /** In what time is counted. Default `day`: civil days, whatever daylight saving does. */
  readonly unit: "day" | "hour" | "minute" | "second" | "millisecond";
  /** Days `between` (default), one more (`bothEnds`), or every begun 24 hours of the local clock (`started`). */
  readonly count: "between" | "bothEnds" | "started";
  /** Whether begun units do not count. Default: they count in part. */
  readonly wholeUnits: boolean;
  /** Moves the end of every period that ends with an instant. Default 0. */
  readonly endShiftSeconds: number;
  /** Whom the day of a change belongs to. Default `new`: the plan that begins. */
  readonly changeDay: "new" | "old";
  /** One cell (`period`, the default), or months from grid day to grid day, of which whole ones count one. */
  readonly grid: "period" | "month";
  /** The day on which the months of the grid begin, 1 to 31. Left out: that of the period, else of the service. */
  readonly gridDay: number;
  /**
   * How long a cell is: as it is (`actual`, the default), so many days a month (`fixed`), 30 with time served counted so
   * too (`strict30`), so many where the month of the begin has as many (`fixedStartMonth`), or so many a period
   * (`nominal`).
   */
  readonly cellDays:
    | "actual"
    | "strict30"
    | { readonly fixed: number }
    | { readonly fixedStartMonth: number }
    | { readonly nominal: number };
  /** Whether a month that is served whole counts one, however its days are counted. Default true. */
  readonly wholeCellIsOne: boolean;
  /** Whether time matters at all. Default `prorate`. */
  readonly basis: "prorate" | "full" | "none";
  /** What comes of a period without length: nothing (`zero`, the default), the full price, or a refusal. */
  readonly degenerate: "zero" | "full" | "refuse";
  /** Keeps the factor from 0 to 1, and allows moments outside the period. Default false: they are refused. */
  readonly clamp: boolean;
  /** What comes of the part before the first boundary of a schedule. Default `prorate`. */
  readonly leading: StubRule;
  /** What comes of the part after its last boundary. `months`: up to the end of a month of it. Default `prorate`. */
  readonly trailing: StubRule | "months";
  /** Where the first whole period begins: a period after the billing day that is past, or on the next billing day. */
  readonly firstBoundary: "period" | "month";
  /** Whether the period of a stub remembers the billing day (`anchored`, the default). */
  readonly stubPeriod: "anchored" | "shifted";
  /** The decimals to which the factor is rounded; `null`, the default: exact. */
  readonly factorScale: number | null;
  readonly factorRounding: Rounding;
  /** The decimals to which the price of a unit of time is rounded; `null`, the default: exact. */
  readonly rateScale: number | null;
  readonly rounding: Rounding;
  /** `invoice`: a line more has the difference between the rounded sum and the sum of rounded lines. */
  readonly stage: "line" | "invoice";
  /** What was billed less what the time served costs (`residual`), or what the time not served costs. */
  readonly creditFormula: "residual" | "direct";
  /** Of what a credit is a share: of the plan's price over its period (`list`), or of what was billed over its time. */
  readonly creditBase: "list" | "billed";
  /** From when on is credited. */
  readonly creditFrom: "change" | "nextMonth" | "never";
  /** Whether a credit is at most what was billed less earlier credits. Default true. */
  readonly cap: boolean;
  /** Whether a fixed discount goes back in proportion, or what is kept of the charge keeps it. Default `prorate`. */
  readonly discount: "prorate" | "keep";
  /** A change from plan to plan as credit and charge (`gross`, the default), or as their difference, rounded once. */
  readonly present: "gross" | "net";
}

/** A part of a period at an end: its share, all of it, nothing, or all of it from so much on. */
export type StubRule =
  | "prorate"
  | "full"
  | "skip"
  | { readonly fromDays: number }
  | { readonly fromShare: FractionString };

/** The name of a preset, or what differs from one (left out: `"default"`). */
export type TermsRequest = ProrationPreset | ({ readonly preset?: ProrationPreset } & Partial<ProrationTerms>);

/** What all requests have that make amounts. */
export interface PricedRequest {
  /** Left out: `"default"`. */
  readonly terms?: TermsRequest;
  /** A code of ISO 4217: amounts are whole minor units of it. Needed unless `increment` is given. */
  readonly currency?: string;
  /** The least step between two amounts, such as `"0.05"`. Left out: the currency's minor unit. */
  readonly increment?: DecimalString;
}

/** An amount to be prorated, and the time: a service, a count of days, or a factor. */
export interface ProrateRequest extends PricedRequest {
  /** Of one unit, for the whole period. */
  readonly price: DecimalString;
  /** Left out: 1. */
  readonly quantity?: DecimalString;
  /** When something was served. */
  readonly service?: Period;
  /** The period that the price is for. Needed where a cell is as long as its period. */
  readonly period?: PeriodRequest;
  /** For how many months the price is. Left out: as many as the period has, else 1. */
  readonly months?: number;
  /** The days served, instead of a service; with `periodDays`. */
  readonly days?: number;
  readonly periodDays?: number;
  /** The share of the price, where it is known. */
  readonly factor?: FractionString;
}

/** Which share of a period something is. */
export interface Share {
  /** The factor of the price: `covered` ÷ `length`, rounded if the terms round it. */
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
  /** As a fraction: `"0.19"` is 19 %. */
  readonly rate: DecimalString;
}

/** What is subscribed to. */
export interface PricePlan {
  /** Of one unit, for the whole period. */
  readonly price: DecimalString;
  /** Left out: 1. */
  readonly quantity?: DecimalString;
  /** Off the whole period: an amount, or a fraction (`"0.1"` is 10 %); `null`: none. */
  readonly discount?: { readonly amount: DecimalString } | { readonly rate: DecimalString } | null;
  readonly taxes?: readonly PlanTax[];
  /** Left out: those of the request. */
  readonly terms?: TermsRequest;
}

/** When something changes: then, or (where the share is known) when so much of the period is left. */
export type ChangeTime =
  | { readonly at: IsoMoment; readonly unused?: undefined }
  | { readonly unused: FractionString; readonly at?: undefined };

/**
 * A change: a plan starts; the plan that runs changes (an upgrade, a downgrade, another quantity or price: what is left
 * out stays); it is cancelled; it pauses (`until` a moment, if that is known); it resumes.
 */
export type PlanChange = ChangeTime &
  (
    | { readonly type: "start"; readonly plan: PricePlan }
    | ({ readonly type: "change" } & Partial<PricePlan>)
    | { readonly type: "cancel" }
    | { readonly type: "pause"; readonly until?: IsoMoment }
    | { readonly type: "resume" }
  );

/** Changes within one period. */
export interface ChangeRequest extends PricedRequest {
  /** It may be left out if every change says what is left of it. */
  readonly period?: PeriodRequest;
  /** For how many months the prices are. Left out: as many as the period has, else 1. */
  readonly months?: number;
  /** The plan that runs before the first change. Left out: none. */
  readonly plan?: PricePlan;
  /** Since when it runs in this period. Left out: from its begin. */
  readonly since?: IsoMoment;
  /** What it was billed for this period, without tax. Left out: what the terms charge. */
  readonly billed?: DecimalString;
  /** What of that was credited before. Left out: nothing. */
  readonly credited?: DecimalString;
  /** The earlier first. */
  readonly changes: readonly PlanChange[];
}

/** A line of a credit memo or an invoice to be. */
export interface ChangeLine extends Share {
  /** What is left of a plan goes back (negative), a plan is charged, the difference of both, or of rounding. */
  readonly type: "credit" | "charge" | "net" | "rounding";
  /** The place of its change in the request; `null` for `rounding`. */
  readonly change: number | null;
  /** The service period, written as the terms say. */
  readonly service: Period | null;
  readonly price: DecimalString | null;
  readonly quantity: DecimalString | null;
  /** Before the discount. */
  readonly gross: DecimalString;
  /** Of the other sign. */
  readonly discount: DecimalString;
  /** `gross + discount`, without tax. */
  readonly amount: DecimalString;
  /** That before it was rounded. */
  readonly exact: FractionString;
  /**
   * Of a credit: so that all credits of a line together give back the share of its tax that they are of its amount. A
   * line that is credited whole, in however many steps, gives its whole tax back.
   */
  readonly taxes: readonly { readonly name: string | null; readonly rate: DecimalString; readonly amount: DecimalString }[];
  /** What was left to be credited, where that was less than the share. */
  readonly cap: FractionString | null;
  /** Of a residual credit: what the time served costs. */
  readonly cost: DecimalString | null;
  /** How it came about, in English, for a customer. */
  readonly sentence: string;
}

/** What comes of changes. */
export interface ChangePreview {
  /** The sum of the credits (negative), without tax. */
  readonly credit: DecimalString;
  /** The sum of the charges, without tax. */
  readonly charge: DecimalString;
  /** The sum of all lines, without tax. */
  readonly net: DecimalString;
  readonly tax: DecimalString;
  /** `net + tax`. */
  readonly total: DecimalString;
  /** In the order of the changes, each credit before its charge. */
  readonly lines: readonly ChangeLine[];
  /** The plan that runs then: keep it to ask again at the next change. */
  readonly running: {
    readonly price: DecimalString;
    readonly quantity: DecimalString;
    readonly since: IsoMoment | null;
    readonly billed: DecimalString;
    readonly credited: DecimalString;
  } | null;
}

/**
 * What it costs to start, change, cancel, pause or resume a plan within a period.
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
 * Throws as {@link prorate}; `invalidPeriod` for changes out of order or outside the period; `invalidStatus` for a change
 * that does not fit what runs.
 */
export function previewChange(request: ChangeRequest): ChangePreview;

/** The periods of a subscription. */
export interface ScheduleRequest extends PricedRequest {
  readonly start: IsoDate;
  /** Written as the `interval` of the terms says. Left out: it does not end. */
  readonly end?: IsoDate;
  /** In advance: every period that has begun by that day. Left out: all, up to the end. */
  readonly until?: IsoDate;
  readonly every: Every;
  /** The day of the month on which periods of months begin, 1 to 31. Left out: that of the start. */
  readonly billingDay?: number;
  /** The day of the week on which periods of days begin, 1 for Monday to 7. Left out: that of the start. */
  readonly weekday?: number;
  /** Of a whole period. Left out: no amounts. */
  readonly price?: DecimalString;
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

/** A rhythm of periods, and which of them: by number, or by a day in it. */
export type BillingPeriodRequest = {
  /** The begin of the period with the number 0. */
  readonly anchor: IsoMoment;
  /** The day of the month that the rhythm keeps, 1 to 31. Left out: that of the anchor. */
  readonly billingDay?: number;
  readonly every: Every;
} & ({ readonly number: number } | { readonly containing: IsoMoment });

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

/** A column of whole numbers. */
export type WholeColumn = Int32Array | Float64Array | BigInt64Array;

/**
 * Many charges at once. Moments are days since 1970-01-01 where the terms count days, else milliseconds since then; a
 * text stands for all charges.
 */
export interface ProrateColumnsRequest<Prices extends WholeColumn> {
  readonly terms?: TermsRequest;
  /** For how many months the prices are. Left out: as many as each period has, else 1. */
  readonly months?: number;
  /** Whole numbers of any unit, such as cents. */
  readonly prices: Prices;
  /** The least step between two amounts, in that unit. Left out: 1. */
  readonly increment?: number;
  readonly serviceFrom: WholeColumn | IsoMoment;
  readonly serviceTo: WholeColumn | IsoMoment;
  readonly periodFrom: WholeColumn | IsoMoment;
  readonly periodTo: WholeColumn | IsoMoment;
}

/**
 * What many parts of periods cost, in the unit of the prices and in an array of their class.
 *
 * ```js
 * const day = (text) => Date.parse(text) / 864e5;
 * prorateColumns({
 *   prices: Float64Array.of(10000, 378),
 *   serviceFrom: Int32Array.of(day("2026-01-17"), day("2026-01-31")),
 *   serviceTo: "2026-02-01", periodFrom: "2026-01-01", periodTo: "2026-02-01",
 * }); // Float64Array [4839, 12]
 * ```
 *
 * Throws as {@link prorate}, with the place of the charge: `serviceTo[17]`; `invalidNumber` for what is no whole number
 * in ±2⁵³; `sumMismatch` for columns of different lengths; `invalidTerms` for terms that round a daily rate.
 */
export function prorateColumns<Prices extends WholeColumn>(request: ProrateColumnsRequest<Prices>): Prices;

/** All presets, and what each was checked against. */
export function prorationPresets(): readonly { readonly name: ProrationPreset; readonly checked: string }[];

/** Every code that an error can have, in order of precedence. The README says what each means. */
export type ErrorCode =
  | "notInitialized"
  | "engineFault"
  | "bookFreed"
  | "unreadableValue"
  | "invalidType"
  | "invalidNumber"
  | "invalidText"
  | "tooDeep"
  | "tooLarge"
  | "malformedRequest"
  | "unknownField"
  | "missingField"
  | "invalidChoice"
  | "invalidId"
  | "invalidDate"
  | "invalidDecimal"
  | "invalidCurrency"
  | "invalidPeriod"
  | "invalidTerms"
  | "unknownCurrency"
  | "duplicateId"
  | "documentNotFound"
  | "itemNotFound"
  | "duplicateEntry"
  | "invalidStatus"
  | "accountMismatch"
  | "currencyMismatch"
  | "kindMismatch"
  | "tooManyDecimals"
  | "outOfRange"
  | "offIncrement"
  | "invalidDiscount"
  | "amountNotPositive"
  | "sumMismatch"
  | "exceedsItem"
  | "exceedsUnapplied"
  | "exceedsBalance"
  | "exceedsApplied"
  | "nothingToSettle"
  | "invalidSnapshot"
  | "planMoved";

/** Everything that setoff throws. */
export class SetoffError extends Error {
  private constructor();
  readonly name: "SetoffError";
  /** Stable: programs may rely on it. */
  readonly code: ErrorCode;
  /** The field, such as `invoices[1].amount`; `""` for the request as a whole. */
  readonly path: string;
  readonly details: ErrorDetails;
}

/** The facts behind an error. */
export interface ErrorDetails {
  /** What would have been right. */
  readonly needed: string;
  /** What was there instead. */
  readonly found: string;
}

/** Whether `error` is a {@link SetoffError}, also one from another copy of the package or another realm. */
export function isSetoffError(error: unknown): error is SetoffError;

/** What {@link init} can load the module from: an address, a response, bytes or a compiled module. */
export type InitSource =
  | string
  | ArrayBuffer
  | Uint8Array
  | Global<"URL">
  | Global<"Response">
  | (typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } } ? M & object : never);

type Global<Name extends string> = typeof globalThis extends { [N in Name]: { prototype: infer T } } ? T : never;

/**
 * Makes the engine ready. The same call everywhere: in Node it has nothing to do, in a browser it fetches the module
 * once. Left out: `setoff_bg.wasm` beside the package's own JavaScript.
 */
export function init(source?: InitSource | Promise<InitSource>): Promise<void>;

declare global {
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}
