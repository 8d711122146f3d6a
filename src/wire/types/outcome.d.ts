// Outcomes: documents, what settled them, and what commands did.

/** What every document shows. Optional fields are there where the document says something. */
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
  /** What is settled of it. */
  readonly appliedAmount: DecimalString;
  readonly origin: Origin;
  /** It was reversed: nothing more can happen to it. */
  readonly reversed: boolean;
  /** The document that it was made from. */
  readonly referredDocumentId?: string;
  readonly postedOn?: IsoDate;
  readonly canceledOn?: IsoDate;
  /** Why it was voided, by the `reasonCode` and the `comment` of that command. */
  readonly cancelReasonCode?: string;
  readonly cancelComment?: string;
  /** The day of the command that made it; absent where a snapshot of format 3 did not know. */
  readonly createdOn?: IsoDate;
  /**
   * The day of the command that changed it last: what it says, its status, or what is settled of it. An undo is a change
   * as well.
   */
  readonly updatedOn?: IsoDate;
  readonly targetDate?: IsoDate;
  readonly reasonCode?: string;
  readonly comment?: string;
  readonly excludeFromAutoApply?: true;
  /** Of the memo that a write-off makes. */
  readonly excludeFromRevenue?: true;
  readonly customFields?: CustomFields;
}

/** What an invoice or debit memo shows beside. */
interface Demand extends DocumentHeader {
  readonly dueDate: IsoDate;
  /** `amount − appliedAmount`. */
  readonly balance: DecimalString;
  /** `amount` less what posted credit memos have credited of it, whether they are applied or not. */
  readonly availableToCreditAmount: DecimalString;
}

/** What a credit memo or payment shows beside. */
interface Source extends DocumentHeader {
  readonly refundAmount: DecimalString;
  /** `amount − appliedAmount − refundAmount`. */
  readonly unappliedAmount: DecimalString;
}

/** An invoice without its items (query `item` for those). */
export interface Invoice extends Demand {
  readonly type: "invoice";
}

/** A debit memo without its items. */
export interface DebitMemo extends Demand {
  readonly type: "debitMemo";
}

/** A credit memo without its items. */
export interface CreditMemo extends Source {
  readonly type: "creditMemo";
  readonly autoApply?: true;
  /** What was withheld of what came back. */
  readonly restockingFee?: DecimalString;
}

/** A payment. */
export interface Payment extends Source {
  readonly type: "payment";
  /** What was settled of it before it came into the book. */
  readonly settledBefore?: readonly PastSettlement[];
  readonly method?: string;
  readonly electronic?: true;
}

/** A refund of a credit memo or payment, which is its `referredDocumentId`. */
export interface Refund extends DocumentHeader {
  readonly type: "refund";
  readonly method?: string;
  readonly electronic?: true;
}

/** A document of any kind; its `type` says which. */
export type AnyDocument = Invoice | CreditMemo | DebitMemo | Payment | Refund;

/** What was settled of a line or payment on a day before it came into the book. */
export interface PastSettlement {
  readonly at: IsoDate;
  readonly amount: DecimalString;
  readonly by: SettledBefore["by"];
}

/** What items and tax items have in common. */
export interface LineAmounts {
  readonly id: string;
  readonly amount: DecimalString;
  /** What discounts take off this item (negative), or what this discount has handed to its item (positive); else zero. */
  readonly nettedAmount: DecimalString;
  readonly appliedAmount: DecimalString;
  /** Of a credit memo's line: what was paid out of it. */
  readonly refundAmount?: DecimalString;
  /** `amount + nettedAmount − appliedAmount` (less refunds): the balance of a demand's line, the unapplied amount of a memo's. */
  readonly openAmount: DecimalString;
  /**
   * Of a demand's line: what is available to credit of it. Of an item and its taxes, that is what its discounts leave of
   * them; a discount, and a tax of it that its item has too, then have 0.00.
   */
  readonly availableToCreditAmount?: DecimalString;
  /** What was settled of it before its document came into the book. */
  readonly settledBefore?: readonly PastSettlement[];
  /** The line of another document that it credits or debits. */
  readonly source?: LineRef;
}

/** A tax item. */
export interface TaxItem extends LineAmounts {
  readonly name: string | null;
  readonly jurisdiction: string | null;
  readonly locationCode: string | null;
  readonly taxCode: string | null;
  readonly rate: DecimalString | null;
  readonly exemptAmount?: DecimalString;
}

/** An item with its tax items. */
export interface Item extends LineAmounts {
  readonly processingType: "charge" | "discount" | "prepayment" | "rounding";
  /** The item that this discount reduces. */
  readonly appliedToItemId: string | null;
  readonly description: string | null;
  readonly sku: string | null;
  readonly quantity: DecimalString | null;
  readonly unitPrice: DecimalString | null;
  readonly serviceStart: IsoDate | null;
  readonly serviceEnd: IsoDate | null;
  readonly taxMode: "exclusive" | "inclusive";
  readonly customFields?: CustomFields;
  readonly taxItems: readonly TaxItem[];
}

/** An amount that went (unapply: came back, negative) from a line of the source to a line of the target. */
export interface ApplicationItem {
  readonly source: LineRef;
  readonly target: LineRef;
  readonly amount: DecimalString;
}

/** How much of a credit memo or payment is applied to an invoice or debit memo, or refunded, now. */
export interface Part {
  readonly sourceType: "creditMemo" | "payment";
  readonly sourceId: string;
  readonly targetType: "invoice" | "debitMemo" | "refund";
  readonly targetId: string;
  readonly amount: DecimalString;
}

/** What one operation did between a source and one target. Negative: it took that much back. */
export interface Application extends Part {
  readonly ruleUsed: RuleUsed;
  readonly items: readonly ApplicationItem[];
}

/** An application as the history shows it. */
export interface PastApplication extends Part, EntryFacts {
  readonly applicationGroupId: string;
  /** From when on it counts: `at` of the command or, if later, the day from which on both documents are dated and posted. */
  readonly at: IsoDate;
  readonly ruleUsed: RuleUsed;
  /** The application group that this undoes. */
  readonly undoes?: string;
}

/** An item of an application as the history shows it: what was moved between two lines, and when. */
export interface PastApplicationItem extends ApplicationItem, EntryFacts {
  readonly applicationGroupId: string;
  /** As of {@link PastApplication}. */
  readonly at: IsoDate;
  readonly ruleUsed: RuleUsed;
  /** The application group that this undoes. */
  readonly undoes?: string;
}

/**
 * Which entry of the log it is of, and what the host said of its command ({@link ExecuteOptions}): only in a book with a
 * log, and only what was said. A book that was opened with a snapshot has them, too.
 */
export interface EntryFacts {
  readonly version?: number;
  /** The `id` of the command. */
  readonly commandId?: string;
  readonly actor?: string;
  readonly note?: string;
  readonly recordedAt?: string;
}

/** Something that you should know about a result that is right. */
export interface Notice {
  /**
   * - `nothingApplied`: the request left this document's amount open, and nothing was left for it (or nothing applied to it).
   *   Of a source: the request means all that is open, and nothing could be settled with it.
   * - `fifoInsteadOfProration`: above the limit `prorationCells` of the book.
   * - `fallbackUsed`: a part of the amount had no source item to go to.
   * - `roundedAnew`: as a draft, this credit memo had another rounding item, and so another amount: since then, other
   *   credits of its document were posted or taken back.
   * - `countsFromPosting`: this document has a past (`settledBefore`) and a date before the day on which it is posted
   *   here. Balances and statements know it from that day on. To take an account over as it was, give the command the
   *   document's own day as `at`.
   * - `partlyUndone`: some of what the undone operation had moved of this document had come back or been undone before.
   */
  readonly code:
    | "nothingApplied"
    | "fifoInsteadOfProration"
    | "fallbackUsed"
    | "roundedAnew"
    | "countsFromPosting"
    | "partlyUndone";
  /** `null` where a request names no document, and nothing could be settled. */
  readonly documentId: string | null;
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

/** Why a line gives or receives what it does. */
export interface ShareReason {
  readonly line: LineRef;
  /** What it had open. */
  readonly open: DecimalString;
  /** What it gives or receives. */
  readonly part: DecimalString;
  /** Its exact share in the split that the command makes, such as `"40/3"`; the part itself where the rule knows no shares. */
  readonly exact: FractionString;
  /** The share rounded down. */
  readonly first: DecimalString;
  /** What it got of the units that rounding left over. */
  readonly leftover: DecimalString;
  /** Its place among the remainders, from 1, the largest first; `null` without shares or remainder. */
  readonly rank: number | null;
  /** All of that in English. */
  readonly sentence: string;
}

/** Why one application of a command moves what it moves. */
export interface ApplicationReason {
  readonly sourceId: string;
  readonly targetId: string;
  readonly amount: DecimalString;
  readonly ruleUsed: RuleUsed;
  /** Each line of the source that takes part, in document order. */
  readonly given: readonly ShareReason[];
  /** Each line of the target that takes part, in document order. */
  readonly received: readonly ShareReason[];
}

/** What one command of a {@link Bulk} came to. The path of an error begins with `commands` and its place there. */
export type BulkResult =
  | { readonly success: true; readonly document: AnyDocument | null; readonly error: null }
  | {
      readonly success: false;
      readonly document: null;
      /** `issues` are all faults of its shape, this one first; left out where there is one alone. */
      readonly error: ErrorFacts & { readonly issues?: readonly ErrorFacts[] };
    };

/** A refusal as plain data. */
export interface ErrorFacts {
  readonly code: ErrorCode;
  readonly path: string;
  readonly segments: readonly (string | number)[];
  readonly details: ErrorDetails;
  readonly message: string;
}

/**
 * What a command did, or (as a {@link Plan}) would do. Plain data: you can copy it with `{ ...outcome }`, clone it, send it
 * to a worker, store it as JSON and compare it. What can be large is read from the engine's answer when you first touch it,
 * so it costs nothing until you look. The order of lists is fixed: of each settlement the source first, then the targets in
 * the order in which they settled; lines in document order, each item followed by its tax items.
 */
export interface Outcome<Type extends Command["type"] = Command["type"]> {
  readonly type: Type;
  readonly at: IsoDate;
  /** The book's version after the command; every executed command adds one. */
  readonly version: number;
  /** The sum of `applications` (negative: taken back); `null` where nothing is settled, or in several currencies. */
  readonly amount: DecimalString | null;
  /** Names all applications of this operation together; `null` where nothing is settled. */
  readonly applicationGroupId: string | null;
  readonly notices: readonly Notice[];
  /** The document that the command is about, as it stands after the command. */
  readonly document: Subject<Type>;
  /** The documents that it created, as they stand after it. */
  readonly created: readonly AnyDocument[];
  /** Of a {@link Bulk}: how many of its commands were carried out, and how many were refused. */
  readonly counts?: { readonly done: number; readonly refused: number };
  /** Of a {@link Bulk}: what each command came to, in their order. */
  readonly results?: readonly BulkResult[];
  /** Tells an outcome from a {@link Receipt}. */
  readonly repeated?: undefined;
  readonly applications: readonly Application[];
  /** Every document that something was settled of or with; where several commands cancel out, with the same balance. */
  readonly documents: readonly DocumentChange[];
  /** The lines whose open amounts changed. */
  readonly lines: readonly LineChange[];
}

/** The kind of document that a command is about. */
export type Subject<Type extends Command["type"]> = Type extends
  | "applyCredits"
  | "bulk"
  | "closePeriods"
  ? null
  : Type extends "undo" | "changePlan"
    ? Type extends "undo"
      ? CreditMemo | Payment
      : Invoice | CreditMemo
    : Type extends `refund${string}` | `${string}Refund`
      ? Refund
      : Type extends `pay${string}` | `${string}Payment`
        ? Payment
        : Type extends `${string}CreditMemo`
          ? CreditMemo
          : Type extends `${string}DebitMemo`
            ? DebitMemo
            : Invoice;

/** What {@link Book.commit} reads of a plan. It does not look at other fields. */
export interface PlanToCommit<Type extends Command["type"] = Command["type"]> {
  /** What to do. */
  readonly command: Command & { readonly type: Type };
  /**
   * What the preview showed, as 16 hexadecimal digits: all but the version and the application
   * group.
   */
  readonly fingerprint: string;
  /** If they are there, a refusal by `planMoved` names the first of their figures that moved. */
  readonly documents?: readonly DocumentChange[];
}

/**
 * What {@link Book.preview} found: the figures that {@link Book.commit} will give. `version` and `applicationGroupId`
 * are those that it would have now; they move on with every command that comes between. Its lists speak of lines as they
 * were called when it was made, whenever they are read.
 *
 * Like any plain data a plan can be stored or sent as JSON, and be committed later, by another process, on a book with
 * the same documents. The command in it is a copy: what you do to yours after the preview changes nothing. A plan that
 * comes back from a client is a request, not a permission: whoever sends it may have written any command into it.
 */
export interface Plan<Type extends Command["type"] = Command["type"]>
  extends Outcome<Type>,
    Omit<PlanToCommit<Type>, "documents"> {
  /** Tells a plan from an outcome. */
  readonly committed: false;
}
