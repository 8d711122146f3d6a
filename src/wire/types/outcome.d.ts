// Outcomes: documents, what settled them, and what commands did.

/** The fields of every document. Optional fields are present only if the document has a value for them. */
export interface DocumentHeader {
  /** The identifier, unique in the book. */
  readonly id: string;
  /** The printed number, unique among the documents of its kind. */
  readonly number: string;
  /** The account; `""` is the empty account. */
  readonly accountId: string;
  /** The currency code. All amounts of the document are in this currency. */
  readonly currency: string;
  /** The status. */
  readonly status: Status;
  /** The date of the document. */
  readonly date: IsoDate;
  /** The total: items, discounts and taxes. For a payment or refund, its amount. */
  readonly amount: DecimalString;
  /** The part of `amount` that is tax. */
  readonly taxAmount: DecimalString;
  /** The settled amount; for a credit memo or payment, without refunds. */
  readonly appliedAmount: DecimalString;
  /** How the document was created. */
  readonly origin: Origin;
  /** Whether the document was reversed. Nothing more can happen to it then. */
  readonly reversed: boolean;
  /** The document that this one was made from. */
  readonly referredDocumentId?: string;
  /** The day on which the document was posted. */
  readonly postedOn?: IsoDate;
  /** The day on which the document was canceled. */
  readonly canceledOn?: IsoDate;
  /** The `reasonCode` of the command that voided the document. */
  readonly cancelReasonCode?: string;
  /** The `comment` of the command that voided the document. */
  readonly cancelComment?: string;
  /**
   * The day of the command that created the document. Absent if the book comes from a snapshot of format 3, which did
   * not record it.
   */
  readonly createdOn?: IsoDate;
  /**
   * The day of the command that last changed the document: its contents, its status, or what is settled of it. An undo
   * is a change, too.
   */
  readonly updatedOn?: IsoDate;
  /** The day up to which the document bills. */
  readonly targetDate?: IsoDate;
  /** The reason code with which the document was created or updated. */
  readonly reasonCode?: string;
  /** The comment, as free text. */
  readonly comment?: string;
  /** Automatic application skips the document. */
  readonly excludeFromAutoApply?: true;
  /** Values that the host keeps on the document. */
  readonly customFields?: CustomFields;
}

/** The additional fields of an invoice or debit memo. */
interface Demand extends DocumentHeader {
  /** The day on which payment is due. */
  readonly dueDate: IsoDate;
  /** The open amount: `amount − appliedAmount`. */
  readonly balance: DecimalString;
  /** `amount` less what posted credit memos have credited of the document, whether these memos are applied or not. */
  readonly availableToCreditAmount: DecimalString;
}

/** The additional fields of a credit memo or payment. */
interface Source extends DocumentHeader {
  /** The amount that was refunded. */
  readonly refundAmount: DecimalString;
  /** The open amount: `amount − appliedAmount − refundAmount`. */
  readonly unappliedAmount: DecimalString;
}

/** An invoice without its items. Query `item` to get these. */
export interface Invoice extends Demand {
  readonly type: "invoice";
}

/** A debit memo without its items. Query `item` to get these. */
export interface DebitMemo extends Demand {
  readonly type: "debitMemo";
  /** On the memo that a write-off makes: it does not count as revenue. */
  readonly excludeFromRevenue?: true;
}

/** A credit memo without its items. Query `item` to get these. */
export interface CreditMemo extends Source {
  readonly type: "creditMemo";
  /** On the memo that a write-off makes: it does not count as revenue. */
  readonly excludeFromRevenue?: true;
  /** Posting the memo applies it to the document that it credits. */
  readonly autoApply?: true;
  /** The fee that was withheld when goods were returned. */
  readonly restockingFee?: DecimalString;
}

/** A payment. */
export interface Payment extends Source {
  readonly type: "payment";
  /** Amounts that were settled of the payment before it came into the book. */
  readonly settledBefore?: readonly PastSettlement[];
  /** How the money moved, such as `"Check"`. */
  readonly method?: string;
  /** A gateway of the host moved the money. */
  readonly electronic?: true;
}

/** A refund of a credit memo or payment. Its `referredDocumentId` names that document. */
export interface Refund extends DocumentHeader {
  readonly type: "refund";
  /** How the money moved, such as `"Check"`. */
  readonly method?: string;
  /** A gateway of the host moved the money. */
  readonly electronic?: true;
}

/** A document of any kind. Its `type` says which. */
export type AnyDocument = Invoice | CreditMemo | DebitMemo | Payment | Refund;

/** An amount that was settled of a line or payment before it came into the book. */
export interface PastSettlement {
  /** The day of the settlement. */
  readonly at: IsoDate;
  /** The amount, with the sign of the line. */
  readonly amount: DecimalString;
  /** What settled it. */
  readonly by: SettledBefore["by"];
}

/** The amounts of an item or tax item. */
export interface LineAmounts {
  /** The identifier, unique among the lines of the document. */
  readonly id: string;
  /** The amount, before anything is settled. The amount of an item is without its taxes. */
  readonly amount: DecimalString;
  /**
   * For an item: the amount that its discounts take off it (negative). For a discount: the amount that it has passed to
   * its item (positive). Else zero.
   */
  readonly nettedAmount: DecimalString;
  /** The settled amount, without refunds. */
  readonly appliedAmount: DecimalString;
  /** For a line of a credit memo: the amount that was refunded of it. */
  readonly refundAmount?: DecimalString;
  /**
   * `amount + nettedAmount − appliedAmount`, less refunds. This is the balance of a demand's line, or the unapplied
   * amount of a credit memo's line.
   */
  readonly openAmount: DecimalString;
  /**
   * For a line of a demand: the amount that is available to credit of it. For an item and its taxes, this is what the
   * discounts leave. The discount itself has 0.00, and so has its tax if the item has the same tax.
   */
  readonly availableToCreditAmount?: DecimalString;
  /** Amounts that were settled of the line before its document came into the book. */
  readonly settledBefore?: readonly PastSettlement[];
  /** The line of another document that this line credits or debits. */
  readonly source?: LineRef;
}

/** A tax item. */
export interface TaxItem extends LineAmounts {
  /** The name of the tax, such as `"VAT"`. */
  readonly name: string | null;
  /** The jurisdiction that levies the tax. */
  readonly jurisdiction: string | null;
  /** The code of the location. */
  readonly locationCode: string | null;
  /** The tax code. */
  readonly taxCode: string | null;
  /** The rate as a fraction: `"0.19"` is 19 %. */
  readonly rate: DecimalString | null;
  /** The amount by which an exemption reduced the tax. */
  readonly exemptAmount?: DecimalString;
}

/** An item with its tax items. */
export interface Item extends LineAmounts {
  /** The type of the item. `"discount"` if it reduces another item. */
  readonly processingType: "charge" | "discount" | "prepayment" | "rounding";
  /** For a discount: the item that it reduces. */
  readonly appliedToItemId: string | null;
  /** The description for the customer. */
  readonly description: string | null;
  /** The stock keeping unit: the code of what is sold. */
  readonly sku: string | null;
  /** The quantity, as stated. */
  readonly quantity: DecimalString | null;
  /** The price of one unit, with tax if `taxMode` is `"inclusive"`. */
  readonly unitPrice: DecimalString | null;
  /** The first day of service. */
  readonly serviceStart: IsoDate | null;
  /** The last day of service. */
  readonly serviceEnd: IsoDate | null;
  /** Whether the amount was stated with (`"inclusive"`) or without its taxes. */
  readonly taxMode: "exclusive" | "inclusive";
  /** Values that the host keeps on the item. */
  readonly customFields?: CustomFields;
  /** The taxes of the item. */
  readonly taxItems: readonly TaxItem[];
}

/** An amount that moved from a line of the source to a line of the target. Negative: an unapplication took it back. */
export interface ApplicationItem {
  /** The line of the credit memo or payment. */
  readonly source: LineRef;
  /** The line of the invoice, debit memo or refund. */
  readonly target: LineRef;
  /** The amount that moved. */
  readonly amount: DecimalString;
}

/** The amount of a credit memo or payment that is now applied to an invoice or debit memo, or refunded. */
export interface Part {
  /** The kind of the source. */
  readonly sourceType: "creditMemo" | "payment";
  /** The source: the credit memo or payment. */
  readonly sourceId: string;
  /** The kind of the target. */
  readonly targetType: "invoice" | "debitMemo" | "refund";
  /** The target: the invoice, debit memo or refund. */
  readonly targetId: string;
  /** The amount. */
  readonly amount: DecimalString;
}

/** The amount that one operation moved between a source and one target. Negative: the operation took it back. */
export interface Application extends Part {
  /** The rule that divided the amount. */
  readonly ruleUsed: RuleUsed;
  /** The amount line by line; the items sum to it. */
  readonly items: readonly ApplicationItem[];
}

/** An application as the history shows it. */
export interface PastApplication extends Part, EntryFacts {
  /** The operation, which all its applications share. */
  readonly applicationGroupId: string;
  /**
   * The effective date: the `at` of the command or, if later, the first day on which both documents are dated and
   * posted.
   */
  readonly at: IsoDate;
  /** The rule that divided the amount. */
  readonly ruleUsed: RuleUsed;
  /** The application group that this operation undoes. */
  readonly undoes?: string;
}

/** An item of an application as the history shows it: the amount that moved between two lines, and when. */
export interface PastApplicationItem extends ApplicationItem, EntryFacts {
  /** The operation, which all its applications share. */
  readonly applicationGroupId: string;
  /** The effective date; see {@link PastApplication}. */
  readonly at: IsoDate;
  /** The rule that divided the amount. */
  readonly ruleUsed: RuleUsed;
  /** The application group that this operation undoes. */
  readonly undoes?: string;
}

/**
 * The entry of the log, and the facts that the host gave with its command ({@link ExecuteOptions}). Only a book with a
 * log has them, and only those that the host gave. A book that was opened with a snapshot has them, too.
 */
export interface EntryFacts {
  /** The version of the entry. */
  readonly version?: number;
  /** The `id` of the command. */
  readonly commandId?: string;
  /** Who asked for the command. */
  readonly actor?: string;
  /** The reason that the host gave. */
  readonly note?: string;
  /** The time by the host's clock. */
  readonly recordedAt?: string;
}

/** Something that you should know about a result that is right. */
export interface Notice {
  /**
   * - `nothingApplied`: the command stated no amount for this document, and nothing was left for it (or nothing was
   *   applied to it). For a source: the command includes all that is open, and nothing could be settled with the
   *   source.
   * - `fifoInsteadOfProration`: the command is above the limit `prorationCells` of the book.
   * - `fallbackUsed`: a part of the amount had no source item to settle.
   * - `roundedAnew`: as a draft, this credit memo had another rounding item, and so another amount. Other credits of
   *   its document were posted or taken back since then.
   * - `countsFromPosting`: this document has amounts that were settled before (`settledBefore`), and its date is before
   *   the day on which it is posted here. Balances and statements know it from that day on. To take over an account as
   *   it was, use the document's own day as the `at` of the command.
   * - `partlyUndone`: some of what the undone operation had moved of this document had been taken back or undone
   *   before.
   * - `planWithoutTaxes`: the item of this document that billed a plan has taxes, and the plan of the change states
   *   none. So nothing of the tax is credited, and the new charge has no tax. State the taxes in the `plan`.
   */
  readonly code:
    | "nothingApplied"
    | "fifoInsteadOfProration"
    | "fallbackUsed"
    | "roundedAnew"
    | "countsFromPosting"
    | "partlyUndone"
    | "planWithoutTaxes";
  /** The document. `null` if the request names no document and nothing could be settled. */
  readonly documentId: string | null;
}

/** The open amount of a document (its balance or unapplied amount) before and after. */
export interface DocumentChange {
  /** The document. */
  readonly documentId: string;
  /** The open amount before the command. */
  readonly before: DecimalString;
  /** The open amount after the command. */
  readonly after: DecimalString;
}

/** The open amount of an item or tax item before and after. */
export interface LineChange {
  /** The line. */
  readonly line: LineRef;
  /** The open amount before the command. */
  readonly before: DecimalString;
  /** The open amount after the command. */
  readonly after: DecimalString;
}

/** The reason why a line gives or receives its amount. */
export interface ShareReason {
  /** The line. */
  readonly line: LineRef;
  /** The open amount of the line. */
  readonly open: DecimalString;
  /** The amount that the line gives or receives. */
  readonly part: DecimalString;
  /**
   * Its exact share in the split that the command makes, such as `"40/3"`. With a rule that has no shares, the same as
   * `part`.
   */
  readonly exact: FractionString;
  /** The share rounded down. */
  readonly first: DecimalString;
  /** The leftover units that the line got after rounding down. */
  readonly leftover: DecimalString;
  /** Its rank among the remainders, from 1, the largest first. `null` without shares or a remainder. */
  readonly rank: number | null;
  /** The reason as an English sentence. */
  readonly sentence: string;
}

/** The reason why one application of a command moves its amount. */
export interface ApplicationReason {
  /** The credit memo or payment. */
  readonly sourceId: string;
  /** The invoice, debit memo or refund. */
  readonly targetId: string;
  /** The amount that moves. Negative: it is taken back. */
  readonly amount: DecimalString;
  /** The rule that divides the amount. */
  readonly ruleUsed: RuleUsed;
  /** The lines of the source that take part, in document order. */
  readonly given: readonly ShareReason[];
  /** The lines of the target that take part, in document order. */
  readonly received: readonly ShareReason[];
}

/**
 * The result of one command of a {@link Bulk}. The path of an error begins with `commands` and the index of the
 * command.
 */
export type BulkResult =
  | { readonly success: true; readonly document: AnyDocument | null; readonly error: null }
  | {
      readonly success: false;
      readonly document: null;
      /**
       * `issues` has all faults in the shape of the command, this one first. It is absent if there is only one, and if the
       * book refuses the command: then this error is the first fault, and others may show after you mend it.
       */
      readonly error: ErrorFacts & { readonly issues?: readonly ErrorFacts[] };
    };

/** A refusal as plain data. */
export interface ErrorFacts {
  /** The kind of error; see {@link SetoffError}. */
  readonly code: ErrorCode;
  /** The field that is wrong; see {@link SetoffError}. */
  readonly path: string;
  /** The path as names and indices. */
  readonly segments: readonly (string | number)[];
  /** The facts behind the error, and its sentence. */
  readonly details: ErrorDetails;
  /** The path and the sentence. */
  readonly message: string;
}

/**
 * What a command did, or (as a {@link Plan}) would do. An outcome is plain data: you can copy it with `{ ...outcome }`,
 * clone it, send it to a worker, store it as JSON and compare it. Lists that can be large are read from the engine's
 * answer when you first touch them, so they cost nothing until then.
 *
 * The order of lists is fixed. For each settlement the source comes first, then the targets in the order in which they
 * settled. Lines are in document order, each item followed by its tax items.
 */
export interface Outcome<Type extends Command["type"] = Command["type"]> {
  /** The type of the command. */
  readonly type: Type;
  /** The day of the command. */
  readonly at: IsoDate;
  /** The book's version after the command. Every command that is carried out adds one. */
  readonly version: number;
  /** The sum of `applications`. Negative: taken back. `null` if nothing is settled, or if the currencies differ. */
  readonly amount: DecimalString | null;
  /** The identifier of the operation, which all its applications share. `null` if nothing is settled. */
  readonly applicationGroupId: string | null;
  /** What you should know about the outcome; usually empty. */
  readonly notices: readonly Notice[];
  /** The document that the command is about, as it is after the command. */
  readonly document: Subject<Type>;
  /** The documents that the command created, as they are after it. */
  readonly created: readonly AnyDocument[];
  /** For a {@link Bulk}: how many of its commands were carried out, and how many were refused. */
  readonly counts?: { readonly done: number; readonly refused: number };
  /** For a {@link Bulk}: the result of each command, in the order of the commands. */
  readonly results?: readonly BulkResult[];
  /** Distinguishes an outcome from a {@link Receipt}. */
  readonly repeated?: undefined;
  /** The amounts that the command moved, one entry for each source and target. */
  readonly applications: readonly Application[];
  /**
   * Every document that took part in a settlement. If several commands cancel out, its open amount is the same before
   * and after.
   */
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

/** The fields of a plan that {@link Book.commit} reads. It ignores all others. */
export interface PlanToCommit<Type extends Command["type"] = Command["type"]> {
  /** The command to carry out. */
  readonly command: Command & { readonly type: Type };
  /**
   * A hash of what the preview showed, except the version and the application group, as 16
   * hexadecimal digits.
   */
  readonly fingerprint: string;
  /**
   * The changes that the preview showed. If they are present, the error `planMoved` names the first
   * figure that moved.
   */
  readonly documents?: readonly DocumentChange[];
}

/**
 * The result of {@link Book.preview}: the figures that {@link Book.commit} will give. `version` and
 * `applicationGroupId` are those that the command would have now; every other command moves them on. The lists call
 * lines by the names that they had at the preview, whenever you read them.
 *
 * You can store a plan or send it as JSON, and commit it later, in another process, on a book with the same documents.
 * The command in the plan is a copy, so a later change of your own command does not change the plan. If a plan comes
 * back from a client, treat it as a request and not as a permission, because the client may have written any command
 * into it.
 */
export interface Plan<Type extends Command["type"] = Command["type"]>
  extends Outcome<Type>,
    Omit<PlanToCommit<Type>, "documents"> {
  /** Distinguishes a plan from an outcome. */
  readonly committed: false;
}
