// Queries: rows of documents, lines, parts, history and accounts.

/** The figures of a document that its row has only where {@link Query} `fields` ask for them. */
export interface DocumentFigures {
  /** The number of the document that it was made from. */
  readonly referredDocumentNumber: string | null;
  /** What is left of it: `balance` or `unappliedAmount`. */
  readonly remainingBalance: DecimalString;
  /**
   * `status` as Zuora v1 calls it. A posted payment or refund is `"Processed"`. The last four are words that a filter takes,
   * as in Zuora; no document of a book has them.
   */
  readonly zuoraStatus:
    | "Draft"
    | "Posted"
    | "Processed"
    | "Canceled"
    | "Error"
    | "PendingForTax"
    | "Generating"
    | "CancelInProgress";
  /** `state` as Zuora Quickstart calls it. */
  readonly quickstartStatus: "draft" | "posted" | "processed" | "canceled";
  /**
   * Something is applied of it or to it now, by an application of this book: what was settled before it came into the
   * book (`settledBefore`) is in `appliedAmount`, but is no application here.
   */
  readonly hasApplications: boolean;
  /**
   * That and the others: the document is in a state in which the command can be about it. A command can be refused all
   * the same, for its day, its amounts, a limit of the book or the state of another document.
   */
  readonly canBeCanceled: boolean;
  readonly canBeDeleted: boolean;
}

/** Beside those, the figures of all but refunds. */
export interface LiveFigures extends DocumentFigures {
  /** The day of the last application, also where that was taken back since. */
  readonly lastAppliedOn: IsoDate | null;
  readonly canBeVoided: boolean;
  /** Something is left of it. Of a credit memo that is partly settled, `rest` writes it off. */
  readonly canBeWrittenOff: boolean;
}

/** Beside those, the figures of what has items. */
export interface BilledFigures extends LiveFigures {
  /** What exemptions took off its taxes. */
  readonly taxExemptAmount: DecimalString;
  readonly canBePosted: boolean;
  readonly canBeUnposted: boolean;
  readonly canBeReversed: boolean;
}

/** Beside those, the figures of invoices and debit memos. */
export interface DemandFigures extends BilledFigures {
  readonly canBePaid: boolean;
}

/** What credit memos and payments can do. */
export interface SourceAbilities {
  readonly canBeApplied: boolean;
  readonly canBeUnapplied: boolean;
  readonly canBeRefunded: boolean;
}

/** Beside those, the figures of credit memos. */
export interface CreditMemoFigures extends BilledFigures, SourceAbilities {
  /** `amount` and the restocking fee: all that came back. */
  readonly grossAmount: DecimalString;
  /** `status` as DayZero calls it. What was refunded counts as used; a canceled or reversed memo is void. */
  readonly dayZeroStatus: "draft" | "issued" | "partially_applied" | "fully_applied" | "void";
}

/** Beside those, the figures of payments. */
export interface PaymentFigures extends LiveFigures, SourceAbilities {}

/** What a row of an item or tax item has only where {@link Query} `fields` ask for it. */
export interface LineFigures {
  /** The document and the line (item or tax item) that it credits or debits. */
  readonly sourceDocumentId: string | null;
  readonly sourceLineId: string | null;
  /** Its place among the lines of its document, from 1; the tax items of an item follow it. */
  readonly position: number;
  readonly documentId: string;
  readonly documentType: DocumentKind;
  readonly documentNumber: string;
  readonly documentStatus: Status;
  readonly documentDate: IsoDate;
  readonly accountId: string;
  readonly currency: string;
}

/** What an account owes and has in one currency: the sums of its posted documents. */
export interface Account {
  readonly accountId: string;
  readonly currency: string;
  /** `invoiceBalance + debitMemoBalance − unappliedCreditMemoAmount − unappliedPaymentAmount`. */
  readonly balance: DecimalString;
  readonly invoiceBalance: DecimalString;
  readonly debitMemoBalance: DecimalString;
  readonly unappliedCreditMemoAmount: DecimalString;
  readonly unappliedPaymentAmount: DecimalString;
  /** How many credit memos have something left to apply. */
  readonly openCreditMemos: number;
}

/** An amount that is overdue by `from` to `to` days; `to` is `null` for the last bucket, which has no end. */
export interface AgeingBucket {
  readonly from: number;
  readonly to: number | null;
  readonly amount: DecimalString;
}

/** What an account owes on a day in one currency, by how long it is overdue: the sums of its posted documents. */
export interface AgeingAccount {
  readonly accountId: string;
  readonly currency: string;
  /** `notDueAmount + overdueAmount − unappliedAmount`: the balance of the account on that day. */
  readonly balance: DecimalString;
  /** What invoices and debit memos have open that are not overdue. A document is overdue from the day after its due date. */
  readonly notDueAmount: DecimalString;
  /** What the others have open: the sum of `buckets`. */
  readonly overdueAmount: DecimalString;
  readonly buckets: readonly AgeingBucket[];
  /** What credit memos and payments have left. It is no part of the buckets, as nobody knows what it will settle. */
  readonly unappliedAmount: DecimalString;
}

/** An entry of the statement of an account in one currency. */
export interface StatementEntry {
  readonly accountId: string;
  readonly currency: string;
  readonly date: IsoDate;
  /**
   * - `opening`: the balance before the first day.
   * - `posted`, `unposted`, `canceled`: a document comes into force or is withdrawn. Documents are seen at the end of each
   *   day: one that comes and goes on one day has no entry.
   * - `settledBefore`: something was settled elsewhere, before its document came into the book.
   * - `application`: something is applied, or taken back. It moves a demand and its source, so the balance stays.
   * - `refund`: money is paid back, or that is canceled.
   * - `closing`: the balance at the end of the last day.
   */
  readonly entry:
    | "opening"
    | "posted"
    | "settledBefore"
    | "application"
    | "refund"
    | "unposted"
    | "canceled"
    | "closing";
  /** The document that it is about: of an application or refund the credit memo or payment. */
  readonly documentType: DocumentKind | null;
  readonly documentId: string | null;
  readonly documentNumber: string | null;
  /** What an application or refund settles. */
  readonly targetType: DocumentKind | null;
  readonly targetId: string | null;
  readonly targetNumber: string | null;
  /** The amount of an application or refund, or of what was settled before. Negative: it was taken back. */
  readonly settledAmount: DecimalString | null;
  /** What the balance changes by; `null` for `opening` and `closing`. */
  readonly amount: DecimalString | null;
  /** The balance after it. */
  readonly balance: DecimalString;
}

/** The kinds of rows, and what a row of each shows by itself. */
interface Rows {
  invoice: Invoice;
  creditMemo: CreditMemo;
  debitMemo: DebitMemo;
  payment: Payment;
  refund: Refund;
  /** Documents of all kinds. */
  document: AnyDocument;
  /** Items of one document (`where: { documentId }`) or of all. */
  item: Item;
  taxItem: TaxItem;
  /** How much of which credit memo or payment is applied to what now. */
  part: Part;
  /** The same, line by line. */
  partItem: ApplicationItem;
  /** The history: every application and unapplication, oldest first. */
  application: PastApplication;
  /** The same, line by line. */
  applicationItem: PastApplicationItem;
  account: Account;
  /** Accounts by age (`at`, `days`). */
  ageing: AgeingAccount;
  /** The entries of statements (`from`, `to`). */
  statement: StatementEntry;
}

/** All fields of a row, those too that have to be asked for. */
interface AllFields {
  invoice: Whole<Invoice> & DemandFigures;
  creditMemo: Whole<CreditMemo> & CreditMemoFigures;
  debitMemo: Whole<DebitMemo> & DemandFigures;
  payment: Whole<Payment> & PaymentFigures;
  refund: Whole<Refund> & DocumentFigures;
  document: Mixed<AllFields[DocumentKind]>;
  item: Whole<Item> & LineFigures;
  taxItem: Whole<TaxItem> & LineFigures & { readonly itemId: string };
  part: Part & Owner;
  partItem: ApplicationItem & BetweenLines;
  application: Whole<PastApplication> & Owner & InHistory;
  applicationItem: Whole<PastApplicationItem> & BetweenLines & InHistory;
  account: Account;
  ageing: AgeingAccount;
  statement: StatementEntry & {
    /** The place in the statement of its account and currency, from 1. */
    readonly position: number;
  };
}

/** Of what is settled between two lines. */
interface BetweenLines extends Omit<Part, "amount">, Owner {
  readonly sourceItemId: string | null;
  readonly sourceTaxItemId: string | null;
  readonly sourcePosition: number;
  readonly targetItemId: string | null;
  readonly targetTaxItemId: string | null;
  readonly targetPosition: number;
}

/** Of the history. */
interface InHistory {
  /** The place in the history of what one source settled in one operation, from 1. */
  readonly settlement: number;
  /** The place in that settlement, from 1. */
  readonly position: number;
}

/** Of both sides of what is settled. */
interface Owner {
  readonly accountId: string;
  readonly currency: string;
}

/** With `null` (flags: `false`) where the document says nothing. */
type Whole<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K>
    ? NonNullable<T[K]> extends true
      ? boolean
      : NonNullable<T[K]> | null
    : T[K];
};

/** The fields that any of several kinds has; those that a document's kind lacks are `null`. */
type Mixed<T> = {
  readonly [K in T extends unknown ? keyof T : never]: T extends unknown
    ? K extends keyof T
      ? T[K]
      : null
    : never;
};

/** Fields that speak of now: a query with `asOf` does not have them. */
type NowField =
  | "reversed"
  | "availableToCreditAmount"
  | "updatedOn"
  | "hasApplications"
  | "dayZeroStatus"
  | `canBe${string}`;

/** A kind of rows. */
export type RowKind = keyof Rows;

/** The kinds that can be asked how they were on a day. */
export type PastRowKind = DocumentKind | "document" | "item" | "taxItem" | "account";

/** The row that a query for all fields of its kind returns. */
export type Row<Of extends RowKind> = Rows[Of];

/** A field that rows of a kind can have. */
export type FieldName<Of extends RowKind> = keyof AllFields[Of] & string;

/** The fields that can be compared: all but lists and objects; custom fields one by one. */
export type ComparableField<Of extends RowKind> =
  | {
      [K in FieldName<Of>]: NonNullable<AllFields[Of][K]> extends string | number | boolean
        ? K
        : never;
    }[FieldName<Of>]
  | ("customFields" extends FieldName<Of> ? `customFields.${string}` : never);

/** How a field is compared; all that is given must hold. `null` is nothing, and neither less nor more than anything. */
export interface Comparison<T> {
  /** Equal by value: `"100"` is `"100.00"`, whatever the currency's decimals. */
  readonly eq?: T | null;
  readonly ne?: T | null;
  /** Equal to one of them. */
  readonly in?: readonly (T | null)[];
  readonly lt?: T | null;
  readonly lte?: T | null;
  readonly gt?: T | null;
  readonly gte?: T | null;
}

/** How a text is compared: by its UTF-8 bytes. (Amounts and days have no beginning and contain nothing.) */
export interface TextComparison<T> extends Comparison<T> {
  readonly startsWith?: string;
  /** It occurs anywhere, whatever the case of ASCII letters: what a search by number needs. */
  readonly contains?: string;
}

/** What a field must be: a value, `null` for nothing, or comparisons. */
export type Condition<T> =
  | Asked<T>
  | null
  | ([T] extends [string] ? TextComparison<Asked<T>> : Comparison<Asked<T>>);

/** A value of a row as a request may write it. */
type Asked<T> = T extends DecimalString ? DecimalInput : T extends IsoDate ? DateInput : T;

/**
 * What rows must meet: all of it. A condition that is `undefined` is refused (`invalidType`), as is a part of one: left out
 * by mistake, it would let every row pass.
 */
export type Where<Of extends RowKind> = {
  readonly [K in ComparableField<Of>]?: K extends FieldName<Of>
    ? Condition<NonNullable<AllFields[Of][K]>>
    : Condition<string> | Condition<number> | Condition<boolean>;
};

/** A field by which rows are ordered. Nothing (`null`) comes first. */
export interface SortKey<By extends string = string> {
  readonly by: By;
  /** Left out: `"asc"`. */
  readonly dir?: "asc" | "desc";
  /**
   * Digits in a text count by the number that they write: `INV-9` comes before `INV-10`. Left out:
   * the numbers of documents come in the order of the book (`numberOrder`), other texts by their
   * UTF-8 bytes.
   */
  readonly natural?: boolean;
}

/** A page by its number. */
export interface NumberedPage {
  /** From 1. Left out: 1. */
  readonly number?: number;
  /** Rows a page. Left out: 20. No upper limit. */
  readonly size?: number;
  readonly after?: undefined;
  readonly before?: undefined;
}

/** The page after a cursor. */
export interface PageAfter {
  readonly after: string;
  readonly size?: number;
  readonly number?: undefined;
  readonly before?: undefined;
}

/** The page before a cursor. */
export interface PageBefore {
  readonly before: string;
  readonly size?: number;
  readonly number?: undefined;
  readonly after?: undefined;
}

/**
 * Which page. A cursor (`next` or `previous` of another page) names a place between rows: it stays
 * right when documents are added, changed or deleted meanwhile, while the number of a page does
 * not. It belongs to its query (`of`, `where`, `sort`, `asOf`; size, fields and total may differ);
 * any other throws `invalidCursor`.
 */
export type PageRequest = NumberedPage | PageAfter | PageBefore;

/** The fields that can be summed: money in the currency of the row, without the running balance of a statement. */
export type SummableField<Of extends RowKind> = Extract<
  Exclude<FieldName<Of>, "exemptAmount" | (Of extends "statement" ? "balance" : never)>,
  "amount" | "balance" | "buckets" | "restockingFee" | `${string}Amount` | `${string}Balance`
>;

/** The day of a report by age. */
export interface AgeingReport {
  /** The day: documents and what is settled of them as they were then. */
  readonly at: DateInput;
  /**
   * The last days of the buckets, ascending: `[30, 60]` is 1 to 30 days overdue, 31 to 60, and
   * more. Left out: `[30, 60, 90]`.
   */
  readonly days?: ReadonlyArray<number>;
}

/** The days of a statement. */
export interface StatementReport {
  /** The first day. */
  readonly from: DateInput;
  /** The last day. */
  readonly to: DateInput;
}

/** What rows are made for that a book does not keep. */
export type ReportOf<Of extends RowKind> = Of extends "ageing"
  ? AgeingReport
  : Of extends "statement"
    ? StatementReport
    : unknown;

/** A question for rows of one kind. */
export type QueryOf<Of extends RowKind> = PageQuery<Of> & ReportOf<Of>;

/** What all questions for rows of one kind have in common. */
interface RowQuery<Of extends RowKind> {
  readonly of: Of;
  /** Left out: all rows. */
  readonly where?: Where<Of>;
  /**
   * Any number of fields, the first counts most. Left out, and for rows that are level: documents
   * by number, descending, then id; items and tax items by the number of their document,
   * descending, its id, then in document order; parts by source, then target, by id; applications
   * as they happened; accounts by id, then currency; entries of statements by account, currency and
   * day.
   */
  readonly sort?: readonly SortKey<ComparableField<Of>>[];
  /**
   * The fields of a row, in this order; each is there then, `null` where there is nothing. `"*"`
   * stands for those that rows show by themselves. Left out: those, without what documents do not
   * say.
   */
  readonly fields?: readonly (FieldName<Of> | "*")[];
  /**
   * How it was on that day: documents dated on that day or before, settled by the applications with
   * an effective date up to it, posted or canceled if they were by then. The effective date of an
   * application is its `at` or, if that is later, the day from which on both of its documents are
   * there: dated and posted. What speaks of now ({@link Invoice} `reversed`,
   * `availableToCreditAmount`, what can be done) is not there then. Changes of drafts, and payments
   * given to other accounts, are not remembered.
   */
  readonly asOf?: Of extends PastRowKind ? DateInput : never;
}

/** A question for one page of rows. */
interface PageQuery<Of extends RowKind> extends RowQuery<Of> {
  /** Left out: the first. */
  readonly page?: PageRequest;
  /**
   * Counts the rows of all pages. Left out: `total` is `null`, and lists that come in the order of
   * the book (the items of one document, the history) are read no farther than the page.
   */
  readonly total?: boolean;
  /**
   * Sums these fields over the rows of all pages, currency by currency. Left out: `sums` is `null`.
   */
  readonly sum?: readonly SummableField<Of>[];
}

/** A question to a book. */
export type Query = { [Of in RowKind]: QueryOf<Of> }[RowKind];

/** A question for all rows, page after page: what counts or sums them is asked by {@link Book.query}. */
export type AllQuery = { [Of in RowKind]: RowQuery<Of> & ReportOf<Of> }[RowKind];

/** The sums of one currency: each field of the query's `sum`. */
export type CurrencySums<Q extends Query> = { readonly currency: string } & {
  readonly [K in Summed<Q>]: K extends "buckets" ? readonly AgeingBucket[] : DecimalString;
};

/** The sums of a query that may or may not ask for any. */
export type AnySums = readonly { readonly currency: string }[] | null;

type Summed<Q extends Query> = Q extends { readonly sum: readonly (infer Field)[] }
  ? Field & string
  : never;

/** The row that a query returns. */
export type RowOf<Q extends Query> = Q extends { readonly fields: readonly (infer Field)[] }
  ? Pick<
      AllFields[Q["of"]],
      FieldName<Q["of"]> & (Field | ("*" extends Field ? Exclude<Shown<Q["of"]>, Past<Q>> : never))
    >
  : Past<Q> extends never
    ? Rows[Q["of"]]
    : Omit<Rows[Q["of"]], Past<Q>>;

type Shown<Of extends RowKind> = Rows[Of] extends infer T
  ? T extends unknown
    ? keyof T
    : never
  : never;

type Past<Q extends Query> = Q extends { readonly asOf: DateInput } ? NowField : never;

/** One page of rows. */
export interface Page<T, Total extends number | null = number | null, Sums = AnySums> {
  /** At most as many as the page has: 20 unless the query says so. `next` tells that there are more. */
  readonly rows: readonly T[];
  /** How many rows the query has over all pages; `null` unless the query's `total` asks. */
  readonly total: Total;
  /** The sums over the rows of all pages, by currency; `null` unless the query's `sum` asks. */
  readonly sums: Sums;
  /** `number` is `null` for a page by cursor. */
  readonly page: { readonly number: number | null; readonly size: number };
  /** The cursor for the page after this one; `null` where there are no rows after it. */
  readonly next: string | null;
  /** The cursor for the page before this one; `null` where there are no rows before it. */
  readonly previous: string | null;
}
