// Queries: rows of documents, lines, parts, history and accounts.

/** The figures of a document that its row has only where {@link Query} `fields` ask for them. */
export interface DocumentFigures {
  /** The number of the document that it was made from. */
  readonly referredDocumentNumber: string | null;
  /** What is left of it: `balance` or `unappliedAmount`. */
  readonly remainingBalance: DecimalString;
  /** `status` as Zuora v1 calls it. A posted payment or refund is `"Processed"`. */
  readonly zuoraStatus: "Draft" | "Posted" | "Processed" | "Canceled";
  /** `state` as Zuora Quickstart calls it. */
  readonly quickstartStatus: "draft" | "posted" | "processed" | "canceled";
  /** Something is applied of it or to it now. */
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
}

/** Beside those, the figures of what has items. */
export interface BilledFigures extends LiveFigures {
  /** What exemptions took off its taxes. */
  readonly taxExemptAmount: DecimalString;
  readonly canBePosted: boolean;
  readonly canBeUnposted: boolean;
  readonly canBeWrittenOff: boolean;
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
  account: Account;
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
  partItem: ApplicationItem &
    Omit<Part, "amount"> &
    Owner & {
      readonly sourceItemId: string | null;
      readonly sourceTaxItemId: string | null;
      readonly sourcePosition: number;
      readonly targetItemId: string | null;
      readonly targetTaxItemId: string | null;
      readonly targetPosition: number;
    };
  application: PastApplication &
    Owner & {
      /** The place in the history of what one source settled in one operation, from 1. */
      readonly settlement: number;
      /** The place in that settlement, from 1. */
      readonly position: number;
    };
  account: Account;
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
export type Condition<T> = T | null | ([T] extends [string] ? TextComparison<T> : Comparison<T>);

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
   * Digits in a text count by the number that they write: `INV-9` comes before `INV-10`. Left out: the numbers of documents
   * come in the order of the book (`numberOrder`), other texts by their UTF-8 bytes.
   */
  readonly natural?: boolean;
}

/**
 * Which page. A cursor (`next` or `previous` of another page) names a place between rows: it stays right when documents
 * are added, changed or deleted meanwhile, while the number of a page does not. It belongs to its query (`of`, `where`,
 * `sort`, `asOf`; size, fields and total may differ); any other throws `invalidCursor`.
 */
export type PageRequest =
  | {
      /** From 1. Left out: 1. */
      readonly number?: number;
      /** Rows a page. Left out: 20. No upper limit. */
      readonly size?: number;
      readonly after?: never;
      readonly before?: never;
    }
  | {
      readonly after: string;
      readonly size?: number;
      readonly number?: never;
      readonly before?: never;
    }
  | {
      readonly before: string;
      readonly size?: number;
      readonly number?: never;
      readonly after?: never;
    };

/** A question for rows of one kind. */
export interface QueryOf<Of extends RowKind> {
  readonly of: Of;
  /** Left out: all rows. */
  readonly where?: Where<Of>;
  /**
   * Any number of fields, the first counts most. Left out, and for rows that are level: documents by number, descending,
   * then id; items and tax items by the number of their document, descending, its id, then in document order; parts by
   * source, then target, by id; applications as they happened; accounts by id, then currency.
   */
  readonly sort?: readonly SortKey<ComparableField<Of>>[];
  /** Left out: the first. */
  readonly page?: PageRequest;
  /**
   * The fields of a row, in this order; each is there then, `null` where there is nothing. `"*"` stands for those that
   * rows show by themselves. Left out: those, without what documents do not say.
   */
  readonly fields?: readonly (FieldName<Of> | "*")[];
  /**
   * Counts the rows of all pages. Left out: `total` is `null`, and lists that come in the order of the book (the items
   * of one document, the history) are read no farther than the page.
   */
  readonly total?: boolean;
  /**
   * How it was on that day: documents dated on that day or before, settled by the applications with an effective date up
   * to it, posted or canceled if they were by then. The effective date of an application is its `at` or, if that is later,
   * the day from which on both of its documents are there: dated and posted. What speaks of now ({@link Invoice}
   * `reversed`, `availableToCreditAmount`, what can be done) is not there then. Changes of drafts, and payments given to
   * other accounts, are not remembered.
   */
  readonly asOf?: Of extends PastRowKind ? IsoDate : never;
}

/** A question to a book. */
export type Query = { [Of in RowKind]: QueryOf<Of> }[RowKind];

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

type Past<Q extends Query> = Q extends { readonly asOf: string } ? NowField : never;

/** One page of rows. */
export interface Page<T, Total extends number | null = number | null> {
  readonly rows: readonly T[];
  /** How many rows the query has over all pages; `null` unless the query's `total` asks. */
  readonly total: Total;
  /** `number` is `null` for a page by cursor. */
  readonly page: { readonly number: number | null; readonly size: number };
  /** The cursor for the page after this one; `null` where there are no rows after it. */
  readonly next: string | null;
  /** The cursor for the page before this one; `null` where there are no rows before it. */
  readonly previous: string | null;
}
