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
