// Commands: what a book can be told to do.

/**
 * Every command of a book. A command is plain data: you can store, send, preview and execute it.
 * Its `at` is the day of the command. It names an existing document by its `id` or its `number`; if
 * both match, the `id` counts.
 */
export type Command =
  | CreateInvoice
  | CreateCreditMemo
  | CreateDebitMemo
  | CreatePayment
  | UpdateDemand
  | UpdateCreditMemo
  | UpdateMoney
  | StepCommand
  | VoidCommand
  | ApplyCreditMemo
  | ApplyPayment
  | ApplyCredits
  | UnapplyCreditMemo
  | UnapplyPayment
  | RefundCommand
  | WriteOffCommand
  | WriteOffCreditMemo
  | WriteOffPayment
  | ReverseCommand
  | PayDocument
  | CollectCommand
  | TransferPayment
  | ChangePlan
  | Undo
  | ClosePeriods
  | Bulk;

/**
 * An amount that was settled of a line before its document came into the book, by documents that
 * the book does not have. Balances count it from the start, and balances of the past count it from
 * its day on. Once the document is posted, nothing can take it back.
 */
export interface SettledBefore {
  /** The day of the settlement, on or after the date of the document. */
  readonly at: DateInput;
  /**
   * The amount, with the sign of the line. All entries of a line together must not exceed the
   * line's amount after discounts.
   */
  readonly amount: DecimalInput;
  /**
   * What settled the line. For an invoice or debit memo: `"payment"`, or `"creditMemo"`, which also
   * reduces the amount that is available to credit. For a credit memo or payment: `"application"`
   * or `"refund"`.
   */
  readonly by: "payment" | "creditMemo" | "application" | "refund";
}

/** A tax item to create. It settles separately from its item. */
export interface NewTaxItem {
  /** The identifier, unique among the items and tax items of its document. */
  readonly id: string;
  /**
   * The tax in the currency of the document. It may be negative, as the tax of a discount is. The
   * engine takes a stated amount as it is and does not compare it with the rate, because your tax
   * calculation knows exemptions and thresholds. Default: with `sourceTaxItemId`, the same share of
   * that tax as is credited of its item; else the tax by the `rate`.
   */
  readonly amount?: DecimalInput;
  /**
   * The name of the tax, such as `"VAT"`. Name, jurisdiction, location and rate together identify a
   * tax.
   */
  readonly name?: string;
  /** The jurisdiction that levies the tax, as your tax calculation calls it. */
  readonly jurisdiction?: string;
  /** The code of the location, as your tax calculation calls it. */
  readonly locationCode?: string;
  /** The tax code, as your tax calculation calls it. */
  readonly taxCode?: string;
  /**
   * The rate as a fraction: `"0.19"` is 19 %. It must be less than 1 unless the book has the option
   * `allowTaxRateFrom1`.
   */
  readonly rate?: DecimalInput;
  /**
   * The amount by which an exemption reduced the tax. The engine stores it as stated and does not
   * compare it with the tax. Only a reversal, or a write-off of the whole tax, copies it.
   */
  readonly exemptAmount?: DecimalInput;
  /** The tax item of the source item that this tax item credits or debits. */
  readonly sourceTaxItemId?: string;
  /**
   * Amounts of this tax that were settled before. State the amounts of its item at the item itself.
   */
  readonly settledBefore?: readonly SettledBefore[];
}

/** An item to create: a charge, or (with `appliedToItemId`) a discount. */
export interface NewItem {
  /** The identifier, unique among the items and tax items of its document. */
  readonly id: string;
  /**
   * The amount in the currency of the document, without tax unless `taxMode` is `"inclusive"`. A
   * discount has the opposite sign of the item that it reduces. If `quantity` and `unitPrice` are
   * stated too, the amount must be their product, rounded once as the currency says.
   *
   * Default: the product of `quantity` and `unitPrice`. Without these, an item with a source item
   * credits all that is available to credit of that item and its taxes; if nothing is, the command
   * is refused (`nothingToSettle`). Discounts on the source item are subtracted, unless another
   * item credits them. A discount has a default amount only if its item is credited too: what is
   * left of the discount.
   */
  readonly amount?: DecimalInput;
  /**
   * The item of the same document that this item discounts. The discount is netted into the balance
   * of that item.
   */
  readonly appliedToItemId?: string;
  /**
   * The type of the item. A rounding item has no taxes and cannot be the source of another item.
   * You cannot state one on an invoice with an `invoiceIncrement`, or on a credit memo of a
   * document that has a rounding item, because the engine adds it there. An item with
   * `appliedToItemId` is a discount and has no other type. Default: `"charge"`.
   */
  readonly processingType?: "charge" | "prepayment" | "rounding";
  /** The item of another document that this item credits or debits. */
  readonly sourceItemId?: string;
  /**
   * The document of the source item, by its `id` or `number`. A number must belong to only one
   * document with items. Default: the document that the new document is made from.
   */
  readonly sourceDocumentId?: string;
  /** A description for the customer. */
  readonly description?: string;
  /** The stock keeping unit: the code of what is sold. */
  readonly sku?: string;
  /**
   * The quantity, with at most 28 decimals. All its digits without the point must be less than 2⁹⁶:
   * any 28 digits, or 29 if the number is small enough.
   */
  readonly quantity?: DecimalInput;
  /**
   * The price of one unit, with as many digits as a quantity. It includes tax if the amount does.
   */
  readonly unitPrice?: DecimalInput;
  /** The first day of service. */
  readonly serviceStart?: DateInput;
  /** The last day of service, on or after `serviceStart`. */
  readonly serviceEnd?: DateInput;
  /**
   * `"inclusive"`: the amount contains its taxes, and the engine splits it into net and tax.
   * Default: `"exclusive"`.
   */
  readonly taxMode?: "exclusive" | "inclusive";
  /**
   * The taxes of the item. Default: none; with a source item, the taxes of that item in proportion
   * to the credited amount. However many credits an item gets, these taxes sum exactly to the taxes
   * of the invoice.
   */
  readonly taxItems?: readonly NewTaxItem[];
  /**
   * Amounts that were settled of the item before its document came into the book, for a host that
   * imports an account. Tax items have this field too, because they settle separately. A document
   * counts from the day of its command, so use the document's own day as the command's `at`.
   */
  readonly settledBefore?: readonly SettledBefore[];
  /** Values that the host keeps on the item. */
  readonly customFields?: CustomFields;
}

/** The names of a document that a command creates. */
interface MadeDocument {
  /** The identifier, unique in the book: 1 to 255 characters, without control characters. */
  readonly id: string;
  /** The printed number, unique among the documents of its kind. Default: the `id`. */
  readonly number?: string;
}

/** The fields of every new document with items. */
export interface NewDocument extends MadeDocument {
  /** The account. Default: the account of the document that it is made from, else of the book. */
  readonly accountId?: string;
  /**
   * The currency code. Default: the currency of the document that it is made from, else of the
   * book.
   */
  readonly currency?: string;
  /** The date of the document. Default: `at`. */
  readonly date?: DateInput;
  /** The day up to which the document bills. */
  readonly targetDate?: DateInput;
  /**
   * Whether the billing engine of the host made the document. The book does not check the credits
   * of a document like this against what is available to credit. It may also credit a document of
   * another account, because a subscription can change its owner. Default: `false`.
   */
  readonly billing?: boolean;
  /** The reason code. If the book has `reasonCodes`, it must be one of them. */
  readonly reasonCode?: string;
  /** A comment, as free text. */
  readonly comment?: string;
  /**
   * Whether automatic application skips the document, as in a `collect` command or `"allOpen"`.
   * Default: `false`.
   */
  readonly excludeFromAutoApply?: boolean;
  /** Values that the host keeps on the document. */
  readonly customFields?: CustomFields;
  /**
   * Whether the command also posts the document. A memo below zero can only be a draft. Default:
   * `false`.
   */
  readonly autoPost?: boolean;
}

/**
 * Creates an invoice, as a draft unless `autoPost` is set.
 *
 * ```js
 * book.execute({
 *   type: "createInvoice", at: "2026-01-05", id: "INV-1", dueDate: "2026-02-04", autoPost: true,
 *   items: [{ id: "seats", amount: "80.00", taxItems: [{ id: "vat", name: "VAT", rate: "0.1" }] }],
 * }).document.balance; // "88.00"
 * ```
 */
export interface CreateInvoice extends NewDocument {
  readonly type: "createInvoice";
  /** The day of the command. */
  readonly at: DateInput;
  /**
   * The day on which payment is due. It may be before the date of the document, as for rent. Unless
   * a command states another order, documents settle in the order of due date, date, number and id.
   * Default: the date of the document.
   */
  readonly dueDate?: DateInput;
  /** The items, at least one. */
  readonly items: readonly NewItem[];
}

/** Creates a credit memo: on its own, or from an invoice or debit memo. */
export interface CreateCreditMemo extends NewDocument {
  readonly type: "createCreditMemo";
  /** The day of the command. */
  readonly at: DateInput;
  /** The invoice to credit. */
  readonly invoiceId?: string;
  /** The debit memo to credit. */
  readonly debitMemoId?: string;
  /**
   * The items of the memo. Required if the memo is not made from another document.
   *
   * Default: the memo credits exactly what is available to credit of the document. Each item then
   * has what is left of the original item and its taxes, which is below zero where more was
   * credited. An item of less than was billed has no quantity and unit price. Earlier credits that
   * named no item are subtracted in an item `"credited"`.
   *
   * If the total of the document was rounded, the credit that leaves nothing else of it also gets a
   * rounding item, whether you state its items or not.
   */
  readonly items?: readonly NewItem[];
  /**
   * Whether posting the memo applies it to the document that it credits: first item by item, then
   * in proportion. Only a memo that is made from another document has this field. Default: `false`.
   */
  readonly autoApply?: boolean;
  /**
   * The fee that you withhold and keep as income when goods are returned. If goods of 100.00 come
   * back for a fee of 20.00, the memo is 80.00. State the `items` without the fee, as what the
   * customer gets; the engine does not subtract it. The fee counts as credited of the document that
   * the memo is made from, and carries no tax.
   */
  readonly restockingFee?: DecimalInput;
}

/** Creates a debit memo: on its own, or from an invoice or credit memo. */
export interface CreateDebitMemo extends NewDocument {
  readonly type: "createDebitMemo";
  /** The day of the command. */
  readonly at: DateInput;
  /** The invoice that the memo is made from. */
  readonly invoiceId?: string;
  /** The credit memo that the memo is made from. */
  readonly creditMemoId?: string;
  /** The day on which payment is due. Default: the date of the document. */
  readonly dueDate?: DateInput;
  /**
   * The items of the memo. Required if the memo is not made from another document. Default: all
   * items of that document.
   */
  readonly items?: readonly NewItem[];
}

/** The field that names a document: `invoiceId`, `creditMemoId` … */
type Named<Kind extends DocumentKind> = { readonly [Field in `${Kind}Id`]: string };

/** A command on a document that it names. */
type On<Verb extends string, Kind extends DocumentKind, Rest> = Kind extends unknown
  ? Verb extends unknown
    ? {
        readonly type: `${Verb}${Capitalize<Kind>}`;
        /** The day of the command. */
        readonly at: DateInput;
      } & Named<Kind> &
        Rest
    : never
  : never;

/**
 * Changes the status of a document. Throws `invalidStatus` if its status does not allow the step,
 * and `alreadySettled` if something of it is settled.
 *
 * - `post`: turns a draft into a posted document. The book checks again that a credit memo does not
 *   exceed what is available to credit.
 * - `unpost`: turns a posted document into a draft. Nothing of it may be settled.
 * - `cancel`: cancels a draft, a payment of which nothing is settled, or a refund. Canceling a
 *   refund gives back what it paid out.
 * - `delete`: deletes a canceled document. Only the history still knows it.
 */
export type StepCommand =
  | On<"post" | "unpost" | "cancel" | "delete", "invoice" | "creditMemo" | "debitMemo", unknown>
  | On<"cancel" | "delete", "payment" | "refund", unknown>;

/** The reason for voiding a document. */
interface VoidDocument {
  /**
   * The reason code. If the book has `reasonCodes`, it must be one of them. The document shows it
   * as `cancelReasonCode` and keeps the reason code with which it was created.
   */
  readonly reasonCode?: string;
  /** A comment. The document shows it as `cancelComment`. */
  readonly comment?: string;
}

/** Voids a document: unapplies, unposts and cancels it, and skips the steps that are not needed. */
export type VoidCommand = On<
  "void",
  "invoice" | "creditMemo" | "debitMemo" | "payment",
  VoidDocument
>;

/** The notes of a document, on which no figure depends. */
interface UpdateNotes {
  /** The reason code. `null` removes it. */
  readonly reasonCode?: string | null;
  /** The comment. `null` removes it. */
  readonly comment?: string | null;
  /** Whether automatic application skips the document. */
  readonly excludeFromAutoApply?: boolean;
  /** The custom fields to change. All others stay. `null` removes a field. */
  readonly customFields?: CustomFields;
}

/** The fields of a draft that can change. */
interface UpdateDraft {
  /** The printed number, unique among the documents of its kind. */
  readonly number?: string;
  /** The date of the document. */
  readonly date?: DateInput;
  /** The day up to which the document bills. `null` removes it. */
  readonly targetDate?: DateInput | null;
  /** The changes, carried out in this order. If two change the same item, the later one counts. */
  readonly items?: readonly ItemChange[];
}

/** The field of a draft invoice or debit memo that can change. */
interface UpdateDueDate {
  /** The day on which payment is due. */
  readonly dueDate?: DateInput;
}

/** The field of a draft credit memo that can change, if the memo was made from another document. */
interface UpdateAutoApply {
  /** Whether posting the memo applies it to the document that it credits. */
  readonly autoApply?: boolean;
}

/**
 * A change of the items of a draft: adds an item, deletes the item of this `id`, or changes one.
 */
export type ItemChange = { readonly add: NewItem } | { readonly delete: string } | ChangedItem;

/** New values for an item of a draft. Fields that you leave out stay as they are. */
export interface ChangedItem {
  /** The item to change. */
  readonly id: string;
  /** The new amount. Taxes that follow from a source item or a rate are calculated again. */
  readonly amount?: DecimalInput;
  /**
   * The new quantity. If the item then has a quantity and a unit price, its amount is their
   * product. `null` removes the quantity.
   */
  readonly quantity?: DecimalInput | null;
  /** The new unit price; see `quantity`. `null` removes it. */
  readonly unitPrice?: DecimalInput | null;
  /**
   * Whether the amount contains the taxes. This concerns the amount of this change or, without one,
   * the amount with which the item was created. Taxes that follow from a source item or a rate are
   * calculated again.
   */
  readonly taxMode?: "exclusive" | "inclusive";
  /** The new description. `null` removes it. */
  readonly description?: string | null;
  /** The new stock keeping unit. `null` removes it. */
  readonly sku?: string | null;
  /** The new first day of service. `null` removes it. */
  readonly serviceStart?: DateInput | null;
  /** The new last day of service. `null` removes it. */
  readonly serviceEnd?: DateInput | null;
  /** The custom fields to change. All others stay. `null` removes a field. */
  readonly customFields?: CustomFields;
  /** The changes of its tax items. */
  readonly taxItems?: readonly TaxChange[];
  /** The entries that replace all entries of the item. */
  readonly settledBefore?: readonly SettledBefore[];
}

/**
 * A change of the tax items of a draft: adds a tax item, deletes the one of this `id`, or replaces
 * the one that has the same `id`.
 */
export type TaxChange = { readonly add: NewTaxItem } | { readonly delete: string } | NewTaxItem;

/** Updates an invoice or debit memo. */
export type UpdateDemand = On<
  "update",
  "invoice" | "debitMemo",
  UpdateNotes & UpdateDraft & UpdateDueDate
>;

/** Updates a credit memo. */
export interface UpdateCreditMemo extends UpdateNotes, UpdateDraft, UpdateAutoApply {
  readonly type: "updateCreditMemo";
  /** The day of the command. */
  readonly at: DateInput;
  /** The document, by its `id` or `number`. */
  readonly creditMemoId: string;
}

/** Updates the notes of a payment or refund. */
export type UpdateMoney = On<"update", "payment" | "refund", UpdateNotes>;

/**
 * Updates a document. Its number, dates and items can change only while it is a draft, and only if
 * it was never settled.
 */
export type UpdateCommand = UpdateDemand | UpdateCreditMemo | UpdateMoney;

/**
 * How a command spreads an amount over documents without a stated amount, and over lines that are
 * not stated.
 */
export interface Spread {
  /**
   * The rule. A refund or write-off does not pair lines, so it has `"proration"`, `"fifo"` or
   * `"lifo"` unless it states items. Default: `"proration"`; to unapply or refund, `"fifo"`.
   */
  readonly rule?: Rule;
  /**
   * With `"sourceItem"` only: the rule for an amount that finds no source item. `"lifo"` then
   * reverses the order of lines, not of documents. Default: none; see {@link Rule}.
   */
  readonly fallback?: "proration" | "fifo" | "lifo";
  /**
   * The order of documents, most important key first. Documents that are equal by every key are in
   * the order of their `id`. `"exactMatch"` puts documents first whose open amount is exactly the
   * amount to settle. The rule `"lifo"` uses the reverse order. You may state an order even for a
   * single document, because the number of documents often comes from data. Default: due date,
   * date, number.
   */
  readonly documentOrder?: readonly (
    | "dueDate"
    | "date"
    | "number"
    | "largest"
    | "smallest"
    | "exactMatch"
  )[];
  /**
   * The order of lines, most important key first. Lines that are equal by every key are in document
   * order. The rule `"lifo"` uses the reverse order. Default: document order.
   */
  readonly itemOrder?: readonly (
    | "document"
    | "taxFirst"
    | "chargeFirst"
    | "largest"
    | "smallest"
  )[];
  /**
   * How negative lines count. `"aware"`: with their sign, so that settling a document in full
   * closes every line of it. `"skipNonPositive"`: the rule skips lines that are not positive, as
   * Zuora does. Default: `"aware"`.
   */
  readonly signs?: "aware" | "skipNonPositive";
}

/** How a command spreads an amount if it pairs lines of two documents. */
export interface SpreadOverPairs extends Spread {
  /**
   * With `"proration"` only, as the rule or the fallback: which lines are paired. Every line has
   * the same balance either way. Negative lines are set off first, as whole lines. Default:
   * `"sparse"`.
   *
   * - `"sparse"`: as few pairs as possible. An item goes to its source item first, a tax to the
   *   same tax, and lines of one kind to each other.
   * - `"dense"`: every line of one side gives a share to every line of the other. The shares are
   *   calculated row by row from what the other rows leave, so a pair can differ from its exact
   *   share by a minor unit or two.
   */
  readonly matrix?: "sparse" | "dense";
}

/**
 * An amount between two stated lines of a credit memo and a demand: item to item, or tax item to
 * tax item.
 */
export type ExplicitItem =
  | {
      readonly creditMemoItemId: string;
      readonly invoiceItemId: string;
      readonly amount: DecimalInput;
    }
  | {
      readonly creditMemoItemId: string;
      readonly debitMemoItemId: string;
      readonly amount: DecimalInput;
    }
  | { readonly creditTaxItemId: string; readonly taxItemId: string; readonly amount: DecimalInput };

/** The amount that a payment settles of one stated line. */
export type PaidItem =
  | { readonly invoiceItemId: string; readonly amount: DecimalInput }
  | { readonly debitMemoItemId: string; readonly amount: DecimalInput }
  | { readonly taxItemId: string; readonly amount: DecimalInput };

/** The amount that one document receives (apply) or gives back (unapply). */
interface Wanted<Item> {
  /**
   * The amount. Default: the sum of the `items`. Without items, an apply takes as much as possible:
   * the balance, or what the documents before this one leave. An unapply takes back all that is
   * applied.
   */
  readonly amount?: DecimalInput;
  /**
   * The lines, stated one by one. They sum to the amount. The `rule` does not concern this document
   * then.
   */
  readonly items?: readonly Item[];
}

/** The amount that one invoice receives or gives back. */
export interface InvoiceAmount<Item = ExplicitItem> extends Wanted<Item> {
  /** The invoice, by its `id` or `number`. */
  readonly invoiceId: string;
}

/** The amount that one debit memo receives or gives back. */
export interface DebitMemoAmount<Item = ExplicitItem> extends Wanted<Item> {
  /** The debit memo, by its `id` or `number`. */
  readonly debitMemoId: string;
}

/** The documents to apply to. Their order in the request does not matter. */
export interface OpenTargets<Item = ExplicitItem> {
  /**
   * The invoices. `"allOpen"` means all that have something open in this account and currency,
   * except those that are excluded from automatic application. If there is nothing to settle,
   * `"allOpen"` leads to a notice and not to a refusal.
   */
  readonly invoices?: readonly InvoiceAmount<Item>[] | "allOpen";
  /** The debit memos; see `invoices`. */
  readonly debitMemos?: readonly DebitMemoAmount<Item>[] | "allOpen";
}

/** The documents that an operation settles. Their order in the request does not matter. */
export interface Targets<Item = ExplicitItem> {
  /**
   * The invoices. Default: none. An unapply without `invoices` and `debitMemos` takes back all
   * applications, and a refund without them takes back none.
   */
  readonly invoices?: readonly InvoiceAmount<Item>[];
  /** The debit memos; see `invoices`. */
  readonly debitMemos?: readonly DebitMemoAmount<Item>[];
}

/**
 * Applies a posted credit memo to posted invoices and debit memos of the same account and currency.
 * The command is carried out as a whole or refused.
 *
 * `at` may be before the days of earlier commands. The amount must then have been open on that day
 * and on all days since, else `dateTooEarly` names the first day that is possible. The application
 * counts from `at` or, if that is later, from the day on which all its documents are dated and
 * posted, because nothing can settle a document that is not there yet.
 *
 * ```js
 * book.execute({
 *   type: "applyCreditMemo", at: "2026-02-01", creditMemoId: "CM-1",
 *   invoices: [{ invoiceId: "INV-1", amount: "40.00" }],
 * });
 * ```
 */
export interface ApplyCreditMemo extends SpreadOverPairs, OpenTargets {
  readonly type: "applyCreditMemo";
  /** The day of the command. */
  readonly at: DateInput;
  /** The document, by its `id` or `number`. */
  readonly creditMemoId: string;
}

/**
 * Takes back applications of a credit memo: all of them, or the stated amounts. `at` cannot be
 * before the last application or refund of the memo (`dateTooEarly`).
 */
export interface UnapplyCreditMemo extends Spread, Targets {
  readonly type: "unapplyCreditMemo";
  /** The day of the command. */
  readonly at: DateInput;
  /** The document, by its `id` or `number`. */
  readonly creditMemoId: string;
}

/**
 * Applies a payment to posted invoices and debit memos of the same account and currency. The
 * command is carried out as a whole or refused. {@link ApplyCreditMemo} says what `at` can be.
 */
export interface ApplyPayment extends SpreadOverPairs, OpenTargets<PaidItem> {
  readonly type: "applyPayment";
  /** The day of the command. */
  readonly at: DateInput;
  /** The document, by its `id` or `number`. */
  readonly paymentId: string;
}

/**
 * Applies credit memos and payments to invoices and debit memos of one account and currency. The
 * sources come one after another, and each is applied to what the sources before it left open. This
 * is one operation with one application group, so one {@link Undo} takes all of it back. If there
 * is nothing to apply, the outcome has the notice `nothingApplied`, and the command is not refused.
 * The rule cannot be `"explicit"`.
 */
export interface ApplyCredits extends SpreadOverPairs {
  readonly type: "applyCredits";
  /** The day of the command. */
  readonly at: DateInput;
  /**
   * The account of all the documents. Default: the account of the named documents, else of the
   * book.
   */
  readonly accountId?: string;
  /**
   * The currency of all the documents. Default: the currency of the named documents, else of the
   * book.
   */
  readonly currency?: string;
  /**
   * Credit memos and payments, by `id` or `number`. `"allOpen"` means all that have something
   * unapplied, except those that are excluded from automatic application.
   */
  readonly sources: readonly string[] | "allOpen";
  /**
   * Invoices, by `id` or `number`. `"allOpen"` means all that have something open, except those
   * that are excluded from automatic application.
   */
  readonly invoices?: readonly string[] | "allOpen";
  /** Debit memos; see `invoices`. */
  readonly debitMemos?: readonly string[] | "allOpen";
  /**
   * The order of the sources, most important key first. Sources that are equal by every key are in
   * the order of their `id`. `"exactMatch"` compares a source with what all the invoices and debit
   * memos together have open. The rule does not reverse this order. Default: date, number.
   */
  readonly order?: readonly (
    | "dueDate"
    | "date"
    | "number"
    | "largest"
    | "smallest"
    | "exactMatch"
  )[];
}

/** Takes back applications of a payment: all of them, or the stated amounts. */
export interface UnapplyPayment extends Spread, Targets<PaidItem> {
  readonly type: "unapplyPayment";
  /** The day of the command. */
  readonly at: DateInput;
  /** The document, by its `id` or `number`. */
  readonly paymentId: string;
}

/** The fields of every new payment and refund. */
interface NewMoney extends MadeDocument {
  /** The date of the payment or refund. Default: `at`. */
  readonly date?: DateInput;
  /** How the money moves, such as `"Check"`. */
  readonly method?: string;
  /** Whether a gateway of the host moves the money. Default: `false`. */
  readonly electronic?: boolean;
  /** A comment, as free text. */
  readonly comment?: string;
  /** Values that the host keeps on the document. */
  readonly customFields?: CustomFields;
}

/** The fields of every new payment. */
interface NewPayment extends NewMoney {
  /** The account that pays. Default: the account of the named documents, else of the book. */
  readonly accountId?: string;
  /** The currency code. Default: the currency of the named documents, else of the book. */
  readonly currency?: string;
  /** Whether automatic application skips the payment. Default: `false`. */
  readonly excludeFromAutoApply?: boolean;
}

/**
 * Records a payment and applies it to the documents that it names. Without documents, it cannot
 * state how it would be spread.
 */
export interface CreatePayment extends NewPayment, SpreadOverPairs, OpenTargets<PaidItem> {
  readonly type: "createPayment";
  /** The day of the command. */
  readonly at: DateInput;
  /** The amount received. Default: what the named documents take. */
  readonly amount?: DecimalInput;
  /**
   * Amounts that were settled of the payment before it came into the book, for a host that imports
   * an account. The `amount` must be stated too.
   */
  readonly settledBefore?: readonly SettledBefore[];
}

/**
 * Records a payment and applies it to one document. The default of `amount` is the balance of the
 * document.
 */
export type PayDocument = On<
  "pay",
  "invoice" | "debitMemo",
  NewPayment & SpreadOverPairs & Wanted<PaidItem>
>;

/** The sources of a collection, and how it spreads them. */
interface Collect extends SpreadOverPairs {
  /**
   * The kinds of sources, in the order in which they are used. Default: credit memos, then
   * payments.
   */
  readonly sources?: readonly ("creditMemo" | "payment")[];
}

/**
 * Settles an invoice or debit memo with the unapplied credit memos and payments of its account. The
 * oldest come first; of the same date, the largest.
 */
export type CollectCommand = On<"collect", "invoice" | "debitMemo", Collect>;

/**
 * Moves a payment to another account. Nothing of the payment may be settled (`alreadySettled`). The
 * account `""` is the empty account.
 */
export interface TransferPayment {
  readonly type: "transferPayment";
  /** The day of the command. */
  readonly at: DateInput;
  /** The document, by its `id` or `number`. */
  readonly paymentId: string;
  /** The account that gets the payment. */
  readonly accountId: string;
}

/** The amount to refund of one line of a credit memo. */
export type RefundItem =
  | { readonly creditMemoItemId: string; readonly amount: DecimalInput }
  | { readonly creditTaxItemId: string; readonly amount: DecimalInput };

/** The fields of a refund. */
interface NewRefund extends NewMoney, Spread, Targets<ExplicitItem | PaidItem> {
  /**
   * The amount to pay out. Default: the sum of the `items`. Without items, all that is unapplied.
   */
  readonly amount?: DecimalInput;
  /**
   * The lines to refund. With items, but without documents or `autoUnapply`, nothing is spread, so
   * you cannot state `rule`, `itemOrder` or `signs`.
   */
  readonly items?: readonly RefundItem[];
  /**
   * Whether the refund first unapplies as much as it needs. You cannot combine this with documents,
   * which state what is unapplied. Default: `false`.
   */
  readonly autoUnapply?: boolean;
  /** The reason code. If the book has `reasonCodes`, it must be one of them. */
  readonly reasonCode?: string;
}

/**
 * Pays out of a credit memo or payment. A refund takes what is unapplied. It can also unapply
 * something first: the stated amounts of the documents that it names, or with `autoUnapply` as much
 * as it needs, the last settled first. What it unapplies beyond the refund stays unapplied.
 *
 * A refund counts from its date or, if that is later, from the last day on which something of its
 * source was applied or taken back. Other refunds do not change that day. An `electronic` refund
 * has no `method`, because its gateway knows how the money moves.
 */
export type RefundCommand = On<"refund", "creditMemo" | "payment", NewRefund>;

/** The names and notes of a counterpart that a command creates. */
interface NewCounterpart extends MadeDocument {
  /** The date of the counterpart. Default: `at`. */
  readonly date?: DateInput;
  /**
   * The reason code. If the book has `reasonCodes`, it must be one of them. Default: the code of
   * the operation, such as `"Write-off"`; see {@link BookOptions}.
   */
  readonly reasonCode?: string;
  /** A comment, as free text. */
  readonly comment?: string;
  /** Values that the host keeps on the counterpart. */
  readonly customFields?: CustomFields;
}

/** The amount to write off of one line. */
export type WriteOffItem =
  | { readonly itemId: string; readonly amount: DecimalInput }
  | { readonly taxItemId: string; readonly amount: DecimalInput };

/** The names and notes of the counterpart of a write-off. */
interface NewWriteOff extends NewCounterpart {
  /**
   * Whether to exclude the counterpart from revenue. It cannot be written off itself then. Default:
   * `false`.
   */
  readonly excludeFromRevenue?: boolean;
}

/** The fields of a write-off of a document with items. */
interface WrittenOff extends NewWriteOff, Spread {
  /** The amount to write off. Default: the sum of the `items`. Without items, all that is left. */
  readonly amount?: DecimalInput;
  /**
   * The lines to write off. With items or without an `amount`, nothing is spread, so you cannot
   * state `rule`, `itemOrder` or `signs`.
   */
  readonly items?: readonly WriteOffItem[];
}

/**
 * Writes off an invoice or debit memo: creates a credit memo that settles the balance or a part of
 * it. A document below zero is refused, because its counterpart would be below zero, too.
 */
export type WriteOffCommand = On<"writeOff", "invoice" | "debitMemo", WrittenOff>;

/**
 * Writes off a credit memo: creates a debit memo that settles it or a part of it. The credit memo
 * must be fully unapplied, unless the command states `rest`.
 */
export interface WriteOffCreditMemo extends WrittenOff {
  readonly type: "writeOffCreditMemo";
  /** The day of the command. */
  readonly at: DateInput;
  /** The document, by its `id` or `number`. */
  readonly creditMemoId: string;
  /**
   * Whether to write off what each line has left, however much of the memo is applied or refunded.
   * You cannot combine this with an `amount` or `items`. Default: `false`.
   */
  readonly rest?: boolean;
}

/**
 * Writes off what is unapplied of a payment: creates a debit memo that settles it. The debit memo
 * has one item, `"unapplied"`. Other amounts of the payment may be applied or refunded.
 */
export interface WriteOffPayment extends NewWriteOff {
  readonly type: "writeOffPayment";
  /** The day of the command. */
  readonly at: DateInput;
  /** The document, by its `id` or `number`. */
  readonly paymentId: string;
}

/**
 * Reverses a document: creates a counterpart that settles it line by line, and closes it for good.
 * Nothing of the document may be settled before. A document below zero is refused, because its
 * counterpart would be below zero, too.
 */
export type ReverseCommand = On<"reverse", "invoice" | "creditMemo" | "debitMemo", NewCounterpart>;

/** The item that billed a plan. */
export type BilledBy =
  | { readonly invoiceId: string; readonly itemId: string }
  | { readonly debitMemoId: string; readonly itemId: string };

/**
 * Bills a change of plan. The credits that {@link previewChange} finds become a credit memo, and
 * the charges become an invoice. Both are posted. The credit memo settles the item that billed the
 * plan, as far as that is open, and then the new invoice. The `destination` of the terms can change
 * that: `account` settles nothing, and `refund` pays back the rest. A credit that takes back a
 * charge of the same change is a negative item of the invoice. An invoice that would be below zero
 * becomes part of the credit memo. To see what is due today, preview the command and read the
 * balance of the invoice.
 *
 * The documents have credits and charges, whatever `present` shows. The `id` of an item is the
 * `type` of its line and its place among the `lines` by `gross`, from 1: `credit-1`, `charge-2`.
 * Its tax items are `charge-2/1` and so on. The item of the charge is the `billedBy` of the next
 * change.
 *
 * State only the changes that are new. Days of the item that a posted memo has credited cannot be
 * credited again (`exceedsAvailableToCredit`). If an earlier command paused a plan until the 10th,
 * you can cancel it, change it or pause it for longer from the 10th on. Instants and shares of a
 * period (`unused`) name no days, so the book can only check their amounts.
 */
export interface ChangePlan {
  readonly type: "changePlan";
  /** The day of the command. */
  readonly at: DateInput;
  /** The changes. Default of its `currency` and `increment`: those of the book. */
  readonly change: PlanChanges;
  /**
   * The item that billed the plan. The credits have it as their source item and cannot exceed it.
   */
  readonly billedBy?: BilledBy;
  /** The identifier of the new invoice. Required if something is charged. */
  readonly invoiceId?: string;
  /** The identifier of the new credit memo. Required if something is credited. */
  readonly creditMemoId?: string;
  /**
   * The identifier of the refund. Required if the `destination` of the terms pays something back.
   * You can always state this and the other two identifiers; the amounts decide which documents the
   * command creates.
   */
  readonly refundId?: string;
  /** The account. Default: the account of the document that billed the plan, else of the book. */
  readonly accountId?: string;
  /**
   * The currency code. Default: the currency of the document that billed the plan, else of the
   * book.
   */
  readonly currency?: string;
  /** Whether both documents stay drafts, so that nothing is settled. Default: `false`. */
  readonly draft?: boolean;
}

/**
 * The lines of an application to undo: a line of the source, a line of the target, or a pair of
 * both.
 */
export interface UndoItem {
  /** The item of the credit memo or payment. Default: the tax item, else all lines. */
  readonly sourceItemId?: string;
  /** The tax item of the credit memo. Exclusive with `sourceItemId`. */
  readonly sourceTaxItemId?: string;
  /** The item of the invoice, debit memo or refund. Default: the tax item, else all lines. */
  readonly targetItemId?: string;
  /** The tax item of that document. Exclusive with `targetItemId`. */
  readonly targetTaxItemId?: string;
}

/**
 * Undoes an operation. The amounts that the operation applied, and that still stand, are taken back
 * at the lines to which they were applied. The amounts that it took back (as an unapplication or an
 * undo) are applied again. The book is then as if the operation had never happened, in whatever
 * order you undo operations. Amounts that were taken back before stay where they are, and the
 * outcome has the notice `partlyUndone`.
 *
 * The undo is refused if something else depends on the operation. The error names the application
 * groups and documents:
 *
 * - A refund (`invalidStatus`): cancel it instead.
 * - A write-off (`invalidStatus`): void its counterpart instead.
 * - An amount that other operations have used since (`exceedsUnapplied`, `exceedsBalance`).
 * - An operation of which nothing is left, or on which other operations build (`exceedsApplied`).
 *
 * A reversal is final.
 */
export interface Undo {
  readonly type: "undo";
  /** The day of the command. */
  readonly at: DateInput;
  /** The operation: the `applicationGroupId` of its outcome. */
  readonly applicationGroupId: string;
  /** Undoes only what the operation moved of this credit memo or payment. */
  readonly sourceId?: string;
  /** Undoes only what the operation moved to this document. */
  readonly targetId?: string;
  /**
   * Undoes only what one application moved between these lines. State its `sourceId` and `targetId`
   * too. You cannot state an amount: to take back a part of an amount, unapply it.
   */
  readonly items?: readonly UndoItem[];
}

/**
 * Closes the accounting periods up to a day, or opens all periods. If `closedPeriods` is
 * `"balances"`, no balance, ageing or statement of a closed day changes until you open it.
 */
export interface ClosePeriods {
  readonly type: "closePeriods";
  /** The day of the command. */
  readonly at: DateInput;
  /** The last day of the closed periods. Default: none; all periods are open. */
  readonly through?: DateInput;
  /**
   * What is forbidden in a closed period from now on; see {@link BookOptions}. Default: as before.
   */
  readonly closedPeriods?: "documents" | "documentsAndApplications" | "balances";
}

/**
 * Carries out several commands, one after another: each by itself, or (`atomic`) all or none.
 *
 * Without `atomic`, every command has its own result. A command of a wrong shape (fields, types,
 * days, identifiers) has one too, with all its faults as `issues`. So you can import thousands of
 * rows by one call, read one report, and use the preview as a dry run. What only the book knows
 * (too many decimals, a tax rate of 100 % or more, an identifier that is there twice) comes one
 * fault at a time, because each command is tried once.
 *
 * With `atomic`, the first command that is wrong refuses the whole bulk, and the error has the
 * `issues` of all commands, also those that only the book knows. The path of an error begins with
 * `commands` either way, as in `commands[17].items[0].amount`.
 */
export interface Bulk {
  readonly type: "bulk";
  /** The day of the command. */
  readonly at: DateInput;
  /** The commands, carried out in this order. A bulk cannot contain another bulk. */
  readonly commands: readonly Exclude<Command, Bulk>[];
  /** Whether one refusal refuses the whole bulk. Default: `false`. */
  readonly atomic?: boolean;
}
