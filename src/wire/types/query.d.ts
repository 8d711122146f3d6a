// Queries: rows of documents, lines, parts, history and accounts.

/** Figures of a document that a row has only if the `fields` of the {@link Query} ask for them. */
export interface DocumentFigures {
  /** The number of the document that this one was made from. */
  readonly referredDocumentNumber: string | null;
  /** The open amount: `balance` or `unappliedAmount`. */
  readonly remainingBalance: DecimalString;
  /**
   * The `status` in the words of Zuora v1. A posted payment or refund is `"Processed"`. A filter accepts the last four
   * words, as in Zuora, but no document of a book has them.
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
  /** The `status` in the words of Zuora Quickstart. */
  readonly quickstartStatus: "draft" | "posted" | "processed" | "canceled";
  /**
   * Whether something is now applied of it or to it by an application of this book. What was settled before it came
   * into the book (`settledBefore`) is in `appliedAmount`, but is not an application here.
   */
  readonly hasApplications: boolean;
  /**
   * Whether the status of the document allows the command. This and the other fields `canBe…` do not promise success: a
   * command can still be refused for its day, its amounts, a limit of the book, or the status of another document.
   */
  readonly canBeCanceled: boolean;
  /** See `canBeCanceled`. */
  readonly canBeDeleted: boolean;
}

/** The additional figures of all documents except refunds. */
export interface LiveFigures extends DocumentFigures {
  /** The day of the last application, even if it was taken back since. */
  readonly lastAppliedOn: IsoDate | null;
  /** See `canBeCanceled`. */
  readonly canBeVoided: boolean;
  /** Whether something of it is open. If a credit memo is settled in part, only `rest` writes it off. */
  readonly canBeWrittenOff: boolean;
}

/** The additional figures of documents with items. */
export interface BilledFigures extends LiveFigures {
  /** The amount by which exemptions reduced its taxes. */
  readonly taxExemptAmount: DecimalString;
  /** See `canBeCanceled`. */
  readonly canBePosted: boolean;
  /** See `canBeCanceled`. */
  readonly canBeUnposted: boolean;
  /** See `canBeCanceled`. */
  readonly canBeReversed: boolean;
}

/** The additional figures of invoices and debit memos. */
export interface DemandFigures extends BilledFigures {
  /** See `canBeCanceled`. */
  readonly canBePaid: boolean;
}

/** The commands that the status of a credit memo or payment allows. */
export interface SourceAbilities {
  /** See `canBeCanceled`. */
  readonly canBeApplied: boolean;
  /** See `canBeCanceled`. */
  readonly canBeUnapplied: boolean;
  /** See `canBeCanceled`. */
  readonly canBeRefunded: boolean;
}

/** The additional figures of credit memos. */
export interface CreditMemoFigures extends BilledFigures, SourceAbilities {
  /** The value of all returned goods: `amount` and the restocking fee. */
  readonly grossAmount: DecimalString;
  /** The `status` in the words of DayZero. Refunded amounts count as used. A canceled or reversed memo is `"void"`. */
  readonly dayZeroStatus: "draft" | "issued" | "partially_applied" | "fully_applied" | "void";
}

/** The additional figures of payments. */
export interface PaymentFigures extends LiveFigures, SourceAbilities {}

/** Fields of an item or tax item that a row has only if the `fields` of the {@link Query} ask for them. */
export interface LineFigures {
  /** The document of the line that it credits or debits. */
  readonly sourceDocumentId: string | null;
  /** The line (item or tax item) that it credits or debits. */
  readonly sourceLineId: string | null;
  /** The position of the line in its document, from 1. The tax items of an item follow it. */
  readonly position: number;
  /** The document of the line. */
  readonly documentId: string;
  /** The kind of the document. */
  readonly documentType: DocumentKind;
  /** The number of the document. */
  readonly documentNumber: string;
  /** The status of the document. */
  readonly documentStatus: Status;
  /** The date of the document. */
  readonly documentDate: IsoDate;
  /** The account of the document. */
  readonly accountId: string;
  /** The currency of the document. */
  readonly currency: string;
}

/** What an account owes and has in one currency: the sums of its posted documents. */
export interface Account {
  /** The account; `""` is the empty account. */
  readonly accountId: string;
  /** The currency code. */
  readonly currency: string;
  /** The balance: `invoiceBalance + debitMemoBalance − unappliedCreditMemoAmount − unappliedPaymentAmount`. */
  readonly balance: DecimalString;
  /** The sum of the balances of its invoices. */
  readonly invoiceBalance: DecimalString;
  /** The sum of the balances of its debit memos. */
  readonly debitMemoBalance: DecimalString;
  /** The unapplied amount of its credit memos. */
  readonly unappliedCreditMemoAmount: DecimalString;
  /** The unapplied amount of its payments. */
  readonly unappliedPaymentAmount: DecimalString;
  /** The number of credit memos that have something unapplied. */
  readonly openCreditMemos: number;
}

/** The amount that is overdue by `from` to `to` days. The last bucket has no end, so its `to` is `null`. */
export interface AgeingBucket {
  /** The first day of the bucket, as days overdue. */
  readonly from: number;
  /** The last day of the bucket, as days overdue. */
  readonly to: number | null;
  /** The open amount of what is overdue by these days. */
  readonly amount: DecimalString;
}

/** What an account owes on a day in one currency, by days overdue: the sums of its posted documents. */
export interface AgeingAccount {
  /** The account; `""` is the empty account. */
  readonly accountId: string;
  /** The currency code. */
  readonly currency: string;
  /** The balance of the account on that day: `notDueAmount + overdueAmount − unappliedAmount`. */
  readonly balance: DecimalString;
  /**
   * The open amount of invoices and debit memos that are not overdue. A document is overdue from the day after its due
   * date.
   */
  readonly notDueAmount: DecimalString;
  /** The open amount of invoices and debit memos that are overdue: the sum of `buckets`. */
  readonly overdueAmount: DecimalString;
  /** The overdue amount by days overdue. */
  readonly buckets: readonly AgeingBucket[];
  /**
   * The unapplied amount of credit memos and payments. It is in no bucket, because it is not known what it will settle.
   */
  readonly unappliedAmount: DecimalString;
}

/** An entry in the statement of an account in one currency. */
export interface StatementEntry {
  /** The account; `""` is the empty account. */
  readonly accountId: string;
  /** The currency code. */
  readonly currency: string;
  /** The day of the entry. */
  readonly date: IsoDate;
  /**
   * - `opening`: the balance before the first day.
   * - `posted`, `unposted`, `canceled`: a document takes effect or is withdrawn. The statement shows documents as they
   *   are at the end of each day, so a document that comes and goes on one day has no entry.
   * - `settledBefore`: an amount was settled elsewhere, before its document came into the book.
   * - `application`: an amount is applied, or taken back. It changes a demand and its source alike, so the balance
   *   stays.
   * - `refund`: money is paid back, or a refund is canceled.
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
  /**
   * The kind of the document that the entry is about. For an application or refund, this document is the credit memo or
   * payment.
   */
  readonly documentType: DocumentKind | null;
  /** The `id` of that document. */
  readonly documentId: string | null;
  /** The number of that document. */
  readonly documentNumber: string | null;
  /** The kind of the document that an application or refund settles. */
  readonly targetType: DocumentKind | null;
  /** The `id` of that document. */
  readonly targetId: string | null;
  /** The number of that document. */
  readonly targetNumber: string | null;
  /** The amount of an application or refund, or an amount that was settled before. Negative: taken back. */
  readonly settledAmount: DecimalString | null;
  /** The change of the balance; `null` for `opening` and `closing`. */
  readonly amount: DecimalString | null;
  /** The balance after the entry. */
  readonly balance: DecimalString;
}

/** The kinds of rows, and what a row of each kind has by default. */
interface Rows {
  invoice: Invoice;
  creditMemo: CreditMemo;
  debitMemo: DebitMemo;
  payment: Payment;
  refund: Refund;
  /** Documents of all kinds. */
  document: AnyDocument;
  /** Items of one document (`where: { documentId }`) or of all documents. */
  item: Item;
  taxItem: TaxItem;
  /** Amounts of credit memos and payments that are applied or refunded now. */
  part: Part;
  /** The same, for each pair of lines. */
  partItem: ApplicationItem;
  /** The history: every application and unapplication, oldest first. */
  application: PastApplication;
  /** The history, for each pair of lines. */
  applicationItem: PastApplicationItem;
  account: Account;
  /** Accounts by days overdue. The query needs `at`. */
  ageing: AgeingAccount;
  /** The entries of statements. The query needs `from` and `to`. */
  statement: StatementEntry;
}

/** All fields of a row, including those that a query must ask for. */
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
    /** The position in the statement of its account and currency, from 1. */
    readonly position: number;
  };
}

/** The fields of an amount that is settled between two lines. */
interface BetweenLines extends Omit<Part, "amount">, Owner {
  /** The item of the source. `null` for a payment, which has no items. */
  readonly sourceItemId: string | null;
  /** The tax item of the source. `null` for an item. */
  readonly sourceTaxItemId: string | null;
  /** The position of the line in the source, from 1. */
  readonly sourcePosition: number;
  /** The item of the target. `null` for a refund without items. */
  readonly targetItemId: string | null;
  /** The tax item of the target. `null` for an item. */
  readonly targetTaxItemId: string | null;
  /** The position of the line in the target, from 1. */
  readonly targetPosition: number;
}

/** The fields of the history. */
interface InHistory {
  /**
   * The position of the settlement in the history, from 1. A settlement is everything that one source settles in one
   * operation.
   */
  readonly settlement: number;
  /** The position within that settlement, from 1. */
  readonly position: number;
}

/** The fields that both sides of a settlement share. */
interface Owner {
  /** The account. */
  readonly accountId: string;
  /** The currency code. */
  readonly currency: string;
}

/** Every field, with `null` (or for a flag, `false`) if the document has no value. */
type Whole<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K>
    ? NonNullable<T[K]> extends true
      ? boolean
      : NonNullable<T[K]> | null
    : T[K];
};

/** The fields of all kinds together. A document has `null` in the fields that its kind lacks. */
type Mixed<T> = {
  readonly [K in T extends unknown ? keyof T : never]: T extends unknown
    ? K extends keyof T
      ? T[K]
      : null
    : never;
};

/** Fields about the present. A query with `asOf` does not have them. */
type NowField =
  | "reversed"
  | "availableToCreditAmount"
  | "updatedOn"
  | "hasApplications"
  | "dayZeroStatus"
  | `canBe${string}`;

/** A kind of row. */
export type RowKind = keyof Rows;

/** The kinds that a query can show as they were on a day. */
export type PastRowKind = DocumentKind | "document" | "item" | "taxItem" | "account";

/** The row of a query that states no `fields`. */
export type Row<Of extends RowKind> = Rows[Of];

/** A field that rows of a kind can have. */
export type FieldName<Of extends RowKind> = keyof AllFields[Of] & string;

/** The fields that can be compared: all except lists and objects. Custom fields are compared one by one. */
export type ComparableField<Of extends RowKind> =
  | {
      [K in FieldName<Of>]: NonNullable<AllFields[Of][K]> extends string | number | boolean
        ? K
        : never;
    }[FieldName<Of>]
  | ("customFields" extends FieldName<Of> ? `customFields.${string}` : never);

/**
 * How a field is compared. All comparisons must hold. `null` is the absence of a value: it is neither less nor more
 * than anything.
 */
export interface Comparison<T> {
  /** Equal by value: `"100"` equals `"100.00"`, whatever the decimals of the currency. */
  readonly eq?: T | null;
  /** Not equal by value. */
  readonly ne?: T | null;
  /** Equal to one of these values. */
  readonly in?: readonly (T | null)[];
  /** Less than. */
  readonly lt?: T | null;
  /** Less than or equal to. */
  readonly lte?: T | null;
  /** Greater than. */
  readonly gt?: T | null;
  /** Greater than or equal to. */
  readonly gte?: T | null;
}

/**
 * How a text is compared: by its UTF-8 bytes, but an `applicationGroupId` or `undoes` by its number, so `AG-9` is less
 * than `AG-10`. (Amounts and days have no `startsWith` and no `contains`.)
 */
export interface TextComparison<T> extends Comparison<T> {
  /** The text begins with this text. */
  readonly startsWith?: string;
  /** The text contains this text. ASCII letters match in either case, as a search by number needs. */
  readonly contains?: string;
}

/** What a field must be: a value, `null` for none, or comparisons. */
export type Condition<T> =
  | Asked<T>
  | null
  | ([T] extends [string] ? TextComparison<Asked<T>> : Comparison<Asked<T>>);

/** A value of a row as a request may write it. */
type Asked<T> = T extends DecimalString ? DecimalInput : T extends IsoDate ? DateInput : T;

/**
 * The conditions of rows; all of them must hold. A condition that is `undefined` is refused (`invalidType`), and so is
 * a part of a condition, because a value that is missing by mistake would let every row pass.
 */
export type Where<Of extends RowKind> = {
  readonly [K in ComparableField<Of>]?: K extends FieldName<Of>
    ? Condition<NonNullable<AllFields[Of][K]>>
    : Condition<string> | Condition<number> | Condition<boolean>;
};

/** A field that orders rows. `null` comes first. */
export interface SortKey<By extends string = string> {
  /** The field. */
  readonly by: By;
  /** The direction. Default: `"asc"`. */
  readonly dir?: "asc" | "desc";
  /**
   * Whether digits in a text count as a number, so that `INV-9` comes before `INV-10`. Default: for
   * the numbers of documents, the order of the book (`numberOrder`); for other texts, the order of
   * their UTF-8 bytes.
   */
  readonly natural?: boolean;
}

/** A page by its number. */
export interface NumberedPage {
  /** The number of the page, from 1. Default: 1. */
  readonly number?: number;
  /** The number of rows on a page. There is no upper limit. Default: 20. */
  readonly size?: number;
  readonly after?: undefined;
  readonly before?: undefined;
}

/** The page after a cursor. */
export interface PageAfter {
  /** A cursor: the `next` of another page. */
  readonly after: string;
  /** The number of rows on a page. There is no upper limit. Default: 20. */
  readonly size?: number;
  readonly number?: undefined;
  readonly before?: undefined;
}

/** The page before a cursor. */
export interface PageBefore {
  /** A cursor: the `previous` of another page. */
  readonly before: string;
  /** The number of rows on a page. There is no upper limit. Default: 20. */
  readonly size?: number;
  readonly number?: undefined;
  readonly after?: undefined;
}

/**
 * The page to return. A cursor (`next` or `previous` of another page) marks a place between two
 * rows. It stays right when documents are added, changed or deleted meanwhile, while the number of
 * a page does not. A cursor belongs to its book and its query: `of`, `where`, `sort` and `asOf`
 * must be the same, and size, fields and total may differ. With another query, with another book,
 * or at an earlier version of the book, it throws `invalidCursor`.
 */
export type PageRequest = NumberedPage | PageAfter | PageBefore;

/** The fields that can be summed: amounts in the currency of the row, except the running balance of a statement. */
export type SummableField<Of extends RowKind> = Extract<
  Exclude<FieldName<Of>, "exemptAmount" | (Of extends "statement" ? "balance" : never)>,
  "amount" | "balance" | "buckets" | "restockingFee" | `${string}Amount` | `${string}Balance`
>;

/** The day of a report by days overdue. */
export interface AgeingReport {
  /** The day. The report shows the documents and their settlements as they were then. */
  readonly at: DateInput;
  /**
   * The last day of each bucket, ascending. `[30, 60]` makes buckets of 1 to 30 days overdue, 31 to
   * 60, and more. Default: `[30, 60, 90]`.
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

/** The fields that a report needs. A report calculates rows that a book does not store. */
export type ReportOf<Of extends RowKind> = Of extends "ageing"
  ? AgeingReport
  : Of extends "statement"
    ? StatementReport
    : unknown;

/** A query for rows of one kind. */
export type QueryOf<Of extends RowKind> = PageQuery<Of> & ReportOf<Of>;

/** The fields of every query for rows of one kind. */
interface RowQuery<Of extends RowKind> {
  /** The kind of rows. */
  readonly of: Of;
  /** The conditions that a row must meet. Default: none; all rows. */
  readonly where?: Where<Of>;
  /**
   * The fields that order the rows, the most important first. The default order also decides
   * between rows that these fields leave equal. Default:
   *
   * - documents: by number, descending, then by id;
   * - items and tax items: by the number of their document, descending, its id, then in document
   *   order;
   * - parts: by source, then by target, by id;
   * - applications: in the order in which they happened;
   * - accounts: by id, then by currency;
   * - entries of statements: by account, currency and day.
   */
  readonly sort?: readonly SortKey<ComparableField<Of>>[];
  /**
   * The fields of a row, in this order. A row then has every one of them, with `null` if there is
   * no value. `"*"` stands for the fields that rows have by default. Default: these fields, without
   * those for which a document has no value.
   */
  readonly fields?: readonly (FieldName<Of> | "*")[];
  /**
   * A day, to show the rows as they were on it: documents dated up to that day, settled by the
   * applications with an effective date up to that day, and posted or canceled if they were so by
   * then. The effective date of an application is its `at` or, if later, the first day on which
   * both of its documents are dated and posted. Rows then lack the fields about the present ({@link
   * Invoice} `reversed`, `availableToCreditAmount`, `canBe…`). The book does not remember changes
   * of drafts, or moves of payments to other accounts. Default: none; the rows are those of now.
   */
  readonly asOf?: Of extends PastRowKind ? DateInput : never;
}

/** A query for one page of rows. */
interface PageQuery<Of extends RowKind> extends RowQuery<Of> {
  /** The page. Default: the first page, of 20 rows. */
  readonly page?: PageRequest;
  /**
   * Whether to count the rows of all pages. Without it, `total` is `null`, and lists that come in
   * the order of the book (the items of one document, the history) are read only as far as the
   * page. Default: `false`.
   */
  readonly total?: boolean;
  /**
   * The fields to sum over the rows of all pages, currency by currency. Default: none; `sums` is
   * `null`.
   */
  readonly sum?: readonly SummableField<Of>[];
}

/**
 * A query of a book.
 *
 * ```js
 * book.query({
 *   of: "invoice", where: { accountId: "A-1", balance: { gt: "0" } },
 *   sort: [{ by: "dueDate" }], page: { size: 50 }, total: true,
 * });
 * ```
 */
export type Query = { [Of in RowKind]: QueryOf<Of> }[RowKind];

/** A query for all rows, page after page. To count or sum rows, use {@link Book.query}. */
export type AllQuery = { [Of in RowKind]: RowQuery<Of> & ReportOf<Of> }[RowKind];

/** The sums of one currency: a figure for each field of the query's `sum`. */
export type CurrencySums<Q extends Query> = { readonly currency: string } & {
  readonly [K in Summed<Q>]: K extends "buckets" ? readonly AgeingBucket[] : DecimalString;
};

/** The sums of a query of which TypeScript does not know whether it asks for any. */
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
  /**
   * The rows, at most the size of the page: 20 unless the query states another. If there are more, `next` is a cursor.
   */
  readonly rows: readonly T[];
  /** The number of rows over all pages; `null` unless the query has `total`. */
  readonly total: Total;
  /** The sums over the rows of all pages, by currency; `null` unless the query has `sum`. */
  readonly sums: Sums;
  /** The number and size of the page. `number` is `null` for a page by cursor. */
  readonly page: { readonly number: number | null; readonly size: number };
  /** The cursor for the page after this one; `null` if no rows follow. */
  readonly next: string | null;
  /** The cursor for the page before this one; `null` if no rows precede. */
  readonly previous: string | null;
}
