// Commands: what a book can be told to do.

/**
 * Everything that a book can be told to do. Plain data: it can be stored, sent, previewed and
 * executed. A document that is there is named by its `id` or by its `number`; the `id` counts
 * first.
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
 * What was settled of a line before its document came into the book, by documents that the book
 * does not have. It counts in balances from the start and in those of the past from its day on, and
 * nothing takes it back once the document is posted.
 */
export interface SettledBefore {
  /** The day, which is not before the date of the document. */
  readonly at: DateInput;
  /**
   * The amount, with the sign of the line. All entries of a line together are not more than the
   * line has, after discounts.
   */
  readonly amount: DecimalInput;
  /**
   * What settled it. Of an invoice or debit memo: `"payment"`, or `"creditMemo"`, so that less is
   * available to credit. Of a credit memo or payment: `"application"`, or `"refund"`.
   */
  readonly by: "payment" | "creditMemo" | "application" | "refund";
}

/** A tax item to be created. It settles by itself, beside its item. */
export interface NewTaxItem {
  /** Unique among the items and tax items of its document. */
  readonly id: string;
  /**
   * The tax in the currency of the document; may be negative (the tax of a discount). Left out: of
   * the tax item that `sourceTaxItemId` names the share that is credited of its item, else by the
   * `rate`. A stated amount is taken as it is, whatever the rate says: who calculated it knows of
   * exemptions and thresholds.
   */
  readonly amount?: DecimalInput;
  /**
   * The name of the tax, such as `"VAT"`. Name, jurisdiction, location and rate together say which
   * tax it is.
   */
  readonly name?: string;
  readonly jurisdiction?: string;
  readonly locationCode?: string;
  readonly taxCode?: string;
  /**
   * The rate as a fraction: `"0.19"` is 19 %. Less than 1, unless the book has `allowTaxRateFrom1`.
   */
  readonly rate?: DecimalInput;
  /**
   * What an exemption took off the tax: told by who calculated it, and carried as it is, not
   * checked against the tax. Only a reversal, or a write-off of the whole tax, copies it.
   */
  readonly exemptAmount?: DecimalInput;
  /** The tax item of the source item that this credits or debits. */
  readonly sourceTaxItemId?: string;
  /** Of the tax alone: what was settled of its item is stated there. */
  readonly settledBefore?: readonly SettledBefore[];
}

/** An item to be created: a charge, or (with `appliedToItemId`) a discount. */
export interface NewItem {
  /** Unique among the items and tax items of its document. */
  readonly id: string;
  /**
   * In the currency of the document; without tax, unless `taxMode` is `"inclusive"`. A discount has
   * the opposite sign of the item that it reduces. Beside `quantity` and `unitPrice` it must be
   * their product, rounded once as the currency says; left out, it is. Else left out (with a source
   * item): all that is available to credit of that, if anything is, and of its taxes. Discounts on
   * the source item come off that, as far as no other item credits them. A discount alone has
   * nothing; beside its item it has what is left of it.
   */
  readonly amount?: DecimalInput;
  /**
   * Makes this item a discount on that item of the same document; it is netted into that item's
   * balance.
   */
  readonly appliedToItemId?: string;
  /**
   * A rounding item has no taxes, and is no source of other items. The engine makes those of
   * invoices with an `invoiceIncrement`, and of credit memos of a document that has one; none can
   * be stated there. Left out: `"charge"`, or a discount beside `appliedToItemId`, where no type
   * can be stated.
   */
  readonly processingType?: "charge" | "prepayment" | "rounding";
  /** The item of another document that this one credits or debits. */
  readonly sourceItemId?: string;
  /**
   * The document of the source item, by its `id` or by its `number`, which only one document with
   * items may have then. Left out: the one that the whole document is made from.
   */
  readonly sourceDocumentId?: string;
  readonly description?: string;
  readonly sku?: string;
  /**
   * Up to 28 digits behind the point, and 96 bits in all (28 digits, and the lesser ones of 29).
   */
  readonly quantity?: DecimalInput;
  /** As long as a quantity; with tax where the amount is. */
  readonly unitPrice?: DecimalInput;
  /** The first and the last day of service; the last is not before the first. */
  readonly serviceStart?: DateInput;
  readonly serviceEnd?: DateInput;
  /**
   * `"inclusive"`: the amount contains its taxes and is split into net and tax. Left out:
   * `"exclusive"`.
   */
  readonly taxMode?: "exclusive" | "inclusive";
  /**
   * Left out: none, or with a source item its taxes, in proportion to what is credited of it.
   * However an item is credited bit by bit, its taxes then sum exactly to those of the invoice.
   */
  readonly taxItems?: readonly NewTaxItem[];
  /**
   * What was settled of the item before, for a host that moves an account in. Its tax items have
   * their own, because they settle by themselves. A document counts from the day of its command, so
   * the command's `at` is best the document's own day.
   */
  readonly settledBefore?: readonly SettledBefore[];
  readonly customFields?: CustomFields;
}

/** What a document that a command makes is called. */
interface MadeDocument {
  /** Unique in the book. */
  readonly id: string;
  /** The printed number. Left out: the `id`. */
  readonly number?: string;
}

/** What all new documents with items have in common. */
export interface NewDocument extends MadeDocument {
  /** Left out: the account of the document that it is made from, or of the book. */
  readonly accountId?: string;
  /** Left out: the currency of the document that it is made from, or of the book. */
  readonly currency?: string;
  /** The date of the document. Left out: `at`. */
  readonly date?: DateInput;
  /** The date up to which it bills. */
  readonly targetDate?: DateInput;
  /**
   * Made by the billing engine of the host: what it credits is not checked against what is
   * available, and may be of another account (of a subscription that changed its owner).
   */
  readonly billing?: boolean;
  readonly reasonCode?: string;
  readonly comment?: string;
  /** Collections leave it alone. */
  readonly excludeFromAutoApply?: boolean;
  readonly customFields?: CustomFields;
  /**
   * Posts the document in the same step. Left out: it stays a draft. A memo below zero can only be
   * a draft.
   */
  readonly autoPost?: boolean;
}

/** Creates an invoice. */
export interface CreateInvoice extends NewDocument {
  readonly type: "createInvoice";
  readonly at: DateInput;
  /**
   * Left out: the date of the document. It may be before that date, as of rent. Invoices are
   * settled in the order due date, date, number, id.
   */
  readonly dueDate?: DateInput;
  readonly items: readonly NewItem[];
}

/** Creates a credit memo: by itself, or from an invoice or debit memo. */
export interface CreateCreditMemo extends NewDocument {
  readonly type: "createCreditMemo";
  readonly at: DateInput;
  /** The invoice that it credits. */
  readonly invoiceId?: string;
  /** The debit memo that it credits. */
  readonly debitMemoId?: string;
  /**
   * Left out (with a document that it credits): exactly what is available to credit of that. Each
   * item comes with what is left of it and its taxes, below zero where more was credited, and
   * without quantity and unit price where that is less than was billed; what was credited without
   * naming an item comes off again in an item `"credited"`. The credit that leaves nothing else of
   * a document whose total was rounded, this one or one of stated items, has a rounding item
   * besides.
   */
  readonly items?: readonly NewItem[];
  /**
   * When it is posted, it settles the document that it credits: first item by item, then in
   * proportion. Not stated of a memo that is created by itself.
   */
  readonly autoApply?: boolean;
  /**
   * What is withheld of what comes back, and kept as income: goods of 100.00 that come back for a
   * fee of 20.00 are a memo of 80.00. It counts as credited of the document that the memo is made
   * from. The `items` are what the customer gets, without the fee: it is not taken off them, and
   * carries no tax.
   */
  readonly restockingFee?: DecimalInput;
}

/** Creates a debit memo: by itself, or from an invoice or credit memo. */
export interface CreateDebitMemo extends NewDocument {
  readonly type: "createDebitMemo";
  readonly at: DateInput;
  readonly invoiceId?: string;
  readonly creditMemoId?: string;
  /** Left out: the date of the document. */
  readonly dueDate?: DateInput;
  /** Left out (with a document that it is made from): all items of that. */
  readonly items?: readonly NewItem[];
}

/** The field that names a document: `invoiceId`, `creditMemoId` … */
type Named<Kind extends DocumentKind> = { readonly [Field in `${Kind}Id`]: string };

/** A command on a document that it names. */
type On<Verb extends string, Kind extends DocumentKind, Rest> = Kind extends unknown
  ? Verb extends unknown
    ? { readonly type: `${Verb}${Capitalize<Kind>}`; readonly at: DateInput } & Named<Kind> & Rest
    : never
  : never;

/**
 * A step in the life of a document.
 *
 * - `post`: draft to posted. A credit memo is checked again against what is available to credit.
 * - `unpost`: posted to draft, if nothing is settled of it.
 * - `cancel`: draft to canceled; a payment that nothing is settled of; a refund, which gives back
 *   what it paid out.
 * - `delete`: canceled to gone; only the history still knows it.
 */
export type StepCommand =
  | On<"post" | "unpost" | "cancel" | "delete", "invoice" | "creditMemo" | "debitMemo", unknown>
  | On<"cancel" | "delete", "payment" | "refund", unknown>;

/** Why a document is voided. */
interface VoidDocument {
  /**
   * One of the book's, if it lists any. The document keeps the reason for which it was made, and
   * shows this one as `cancelReasonCode`.
   */
  readonly reasonCode?: string;
  /** Shown as `cancelComment`. */
  readonly comment?: string;
}

/** Unapplies, unposts and cancels a document, as far as each is to be done. */
export type VoidCommand = On<
  "void",
  "invoice" | "creditMemo" | "debitMemo" | "payment",
  VoidDocument
>;

/** What any document says beside its figures. */
interface UpdateNotes {
  /** `null` takes it away. */
  readonly reasonCode?: string | null;
  /** `null` takes it away. */
  readonly comment?: string | null;
  readonly excludeFromAutoApply?: boolean;
  /** Those that are stated change, and all others stay; `null` takes one away. */
  readonly customFields?: CustomFields;
}

/** What can change of a draft. */
interface UpdateDraft {
  /** The printed number, which no other document of the kind has. */
  readonly number?: string;
  readonly date?: DateInput;
  /** The date up to which it bills; `null` takes it away. */
  readonly targetDate?: DateInput | null;
  /** One after another: of two changes of an item, the later counts. */
  readonly items?: readonly ItemChange[];
}

/** What can change of the draft of an invoice or debit memo. */
interface UpdateDueDate {
  readonly dueDate?: DateInput;
}

/** What can change of the draft of a credit memo that was made from another document. */
interface UpdateAutoApply {
  readonly autoApply?: boolean;
}

/** A change of an item of a draft. */
export type ItemChange = { readonly add: NewItem } | { readonly delete: string } | ChangedItem;

/** New figures and words of an item of a draft: what is left out stays. */
export interface ChangedItem {
  readonly id: string;
  /** New amounts have new taxes, where these follow from a source item or a rate. */
  readonly amount?: DecimalInput;
  /** Where the item then has both, its amount is their product; `null` takes one away. */
  readonly quantity?: DecimalInput | null;
  readonly unitPrice?: DecimalInput | null;
  /**
   * Whether the amount contains the taxes: the one beside it, or else the one that the item was
   * given. Taxes that follow from a source item or a rate are made anew.
   */
  readonly taxMode?: "exclusive" | "inclusive";
  /** `null` takes it away, as the following. */
  readonly description?: string | null;
  readonly sku?: string | null;
  readonly serviceStart?: DateInput | null;
  readonly serviceEnd?: DateInput | null;
  /** Those that are stated change; `null` takes one away. */
  readonly customFields?: CustomFields;
  readonly taxItems?: readonly TaxChange[];
  /** In the place of all that it has. */
  readonly settledBefore?: readonly SettledBefore[];
}

/** A change of a tax item of a draft: one that has the identifier of another takes its place. */
export type TaxChange = { readonly add: NewTaxItem } | { readonly delete: string } | NewTaxItem;

/** Changes what an invoice or debit memo says. */
export type UpdateDemand = On<
  "update",
  "invoice" | "debitMemo",
  UpdateNotes & UpdateDraft & UpdateDueDate
>;

/** Changes what a credit memo says. */
export interface UpdateCreditMemo extends UpdateNotes, UpdateDraft, UpdateAutoApply {
  readonly type: "updateCreditMemo";
  readonly at: DateInput;
  readonly creditMemoId: string;
}

/** Changes what a payment or refund says. */
export type UpdateMoney = On<"update", "payment" | "refund", UpdateNotes>;

/**
 * Changes what a document says. Its number, dates and items change in drafts alone, and only before
 * it was ever settled.
 */
export type UpdateCommand = UpdateDemand | UpdateCreditMemo | UpdateMoney;

/**
 * How amounts are spread: over documents whose amount is left out, and over lines that are not
 * stated.
 */
export interface Spread {
  /**
   * Left out: `"proration"`; to take back or refund, `"fifo"`. The lines of a refund or write-off
   * meet no others: where no items are stated, it is one of `"proration"`, `"fifo"` and `"lifo"`.
   */
  readonly rule?: Rule;
  /**
   * For `"sourceItem"` alone: the rule for what finds no source item. `"lifo"` here turns the lines
   * round, not the documents.
   */
  readonly fallback?: "proration" | "fifo" | "lifo";
  /**
   * The order of documents, most important key first; it always ends in the id. Left out: due date,
   * date, number. The rule `"lifo"` goes through it from the back. It may be stated where there is
   * only one document, too: how many there are often comes from data.
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
   * The order of lines, most important key first; it always ends in document order. The rule
   * `"lifo"` goes through it from the back.
   */
  readonly itemOrder?: readonly (
    | "document"
    | "taxFirst"
    | "chargeFirst"
    | "largest"
    | "smallest"
  )[];
  /**
   * `"aware"`: negative lines count with their sign, so that what settles a document in full closes
   * every line of it. `"skipNonPositive"`: they are passed over, as Zuora does. Left out:
   * `"aware"`.
   */
  readonly signs?: "aware" | "skipNonPositive";
}

/** How amounts are spread where lines of both sides meet. */
export interface SpreadOverPairs extends Spread {
  /**
   * For `"proration"` alone, as the rule or the fallback. Which lines meet: as few pairs as can be,
   * like with like first, or a share of each on each, row by row of what is left of the others (so
   * a pair can be a unit or two beside its own exact share). Every line has the same balance either
   * way. What is negative is set off first, in whole lines. Left out: `"sparse"`.
   */
  readonly matrix?: "sparse" | "dense";
}

/** One explicit line of a credit memo: charge to charge, or tax to tax. */
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

/** One line that a payment settles. */
export type PaidItem =
  | { readonly invoiceItemId: string; readonly amount: DecimalInput }
  | { readonly debitMemoItemId: string; readonly amount: DecimalInput }
  | { readonly taxItemId: string; readonly amount: DecimalInput };

/** How much a document of an apply or unapply is to receive or give back. */
interface Wanted<Item> {
  /**
   * Left out: with `items` their sum; else all that is possible (apply: the lesser of the balance
   * and what the other documents leave, in their order; unapply: all that is applied).
   */
  readonly amount?: DecimalInput;
  /**
   * The lines, stated one by one; their sum is the amount. The `rule` does not touch this document
   * then.
   */
  readonly items?: readonly Item[];
}

/** What one invoice is to receive or give back. */
export interface InvoiceAmount<Item = ExplicitItem> extends Wanted<Item> {
  readonly invoiceId: string;
}

/** What one debit memo is to receive or give back. */
export interface DebitMemoAmount<Item = ExplicitItem> extends Wanted<Item> {
  readonly debitMemoId: string;
}

/** The documents that something is applied to; their order in the request does not matter. */
export interface OpenTargets<Item = ExplicitItem> {
  /**
   * `"allOpen"`: all that have something open, of the same account and currency, without those that
   * are excluded from automatic application. Nothing to settle is a notice then, and no refusal.
   */
  readonly invoices?: readonly InvoiceAmount<Item>[] | "allOpen";
  /** As `invoices`. */
  readonly debitMemos?: readonly DebitMemoAmount<Item>[] | "allOpen";
}

/** The documents that an operation settles; their order in the request does not matter. */
export interface Targets<Item = ExplicitItem> {
  readonly invoices?: readonly InvoiceAmount<Item>[];
  readonly debitMemos?: readonly DebitMemoAmount<Item>[];
}

/**
 * Applies a posted credit memo to posted invoices and debit memos of the same account and currency:
 * all, or none. `at` may be before the days of other commands, as long as every day stays possible:
 * with what was open on that day, and on those that follow (else `dateTooEarly`, which says the
 * first day that will do). It counts from `at` or, if that is later, from the day on which all that
 * meets is dated and posted: nothing is settled of what is not there yet.
 */
export interface ApplyCreditMemo extends SpreadOverPairs, OpenTargets {
  readonly type: "applyCreditMemo";
  readonly at: DateInput;
  readonly creditMemoId: string;
}

/**
 * Takes applications of a credit memo back: all of them, or the stated amounts. Not before the last
 * application or refund of the memo.
 */
export interface UnapplyCreditMemo extends Spread, Targets {
  readonly type: "unapplyCreditMemo";
  readonly at: DateInput;
  readonly creditMemoId: string;
}

/**
 * Applies a payment to posted invoices and debit memos of the same account and currency: all, or
 * none. For `at`, see {@link ApplyCreditMemo}.
 */
export interface ApplyPayment extends SpreadOverPairs, OpenTargets<PaidItem> {
  readonly type: "applyPayment";
  readonly at: DateInput;
  readonly paymentId: string;
}

/**
 * Applies credit memos and payments to invoices and debit memos of one account and currency, one
 * source after another, each to what those before it left open. All of it is one operation with one
 * application group, so one {@link Undo} takes it back. Nothing to apply is a notice
 * (`nothingApplied`), and no refusal. The rule is not `"explicit"`.
 */
export interface ApplyCredits extends SpreadOverPairs {
  readonly type: "applyCredits";
  readonly at: DateInput;
  /** Left out: that of the documents that are named, or of the book. All must have it. */
  readonly accountId?: string;
  /** Left out: that of the documents that are named, or of the book. All must have it. */
  readonly currency?: string;
  /**
   * Credit memos and payments, by identifier or number. `"allOpen"`: all of which something is
   * unapplied, without those that are excluded from automatic application.
   */
  readonly sources: readonly string[] | "allOpen";
  /**
   * Invoices, by identifier or number. `"allOpen"`: all that have something open, without those
   * that are excluded from automatic application.
   */
  readonly invoices?: readonly string[] | "allOpen";
  /** Debit memos, as invoices. */
  readonly debitMemos?: readonly string[] | "allOpen";
  /**
   * The order of the sources, most important key first; it always ends in the id. Left out: date,
   * number. The rule does not turn it round. `"exactMatch"` is what all the invoices and debit
   * memos together have open.
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

/** Takes applications of a payment back: all of them, or the stated amounts. */
export interface UnapplyPayment extends Spread, Targets<PaidItem> {
  readonly type: "unapplyPayment";
  readonly at: DateInput;
  readonly paymentId: string;
}

/** What all new payments and refunds have in common. */
interface NewMoney extends MadeDocument {
  /** Left out: `at`. */
  readonly date?: DateInput;
  /** How the money moves, such as `"Check"`. */
  readonly method?: string;
  /** It goes through a gateway, which is the host's. */
  readonly electronic?: boolean;
  readonly comment?: string;
  readonly customFields?: CustomFields;
}

/** What all new payments have in common. */
interface NewPayment extends NewMoney {
  readonly accountId?: string;
  readonly currency?: string;
  readonly excludeFromAutoApply?: boolean;
}

/**
 * Records a payment, and applies it if it names documents. Without any, it says nothing of how it
 * would be spread.
 */
export interface CreatePayment extends NewPayment, SpreadOverPairs, OpenTargets<PaidItem> {
  readonly type: "createPayment";
  readonly at: DateInput;
  /** Left out (with documents): what those take. */
  readonly amount?: DecimalInput;
  /**
   * What was settled of it before, for a host that moves an account in. The amount is stated then.
   */
  readonly settledBefore?: readonly SettledBefore[];
}

/** Records a payment and applies it to one document. The `amount` left out: its balance. */
export type PayDocument = On<
  "pay",
  "invoice" | "debitMemo",
  NewPayment & SpreadOverPairs & Wanted<PaidItem>
>;

/** Where a collection takes from, and how. */
interface Collect extends SpreadOverPairs {
  /** Left out: credit memos, then payments. */
  readonly sources?: readonly ("creditMemo" | "payment")[];
}

/** Settles a demand with what its account has: oldest first, of equal age the largest. */
export type CollectCommand = On<"collect", "invoice" | "debitMemo", Collect>;

/** Gives a payment of which nothing is settled to another account; `""` is none. */
export interface TransferPayment {
  readonly type: "transferPayment";
  readonly at: DateInput;
  readonly paymentId: string;
  readonly accountId: string;
}

/** A line of a credit memo to be refunded. */
export type RefundItem =
  | { readonly creditMemoItemId: string; readonly amount: DecimalInput }
  | { readonly creditTaxItemId: string; readonly amount: DecimalInput };

/** What a refund is, and what it pays out. */
interface NewRefund extends NewMoney, Spread, Targets<ExplicitItem | PaidItem> {
  /** Left out: the sum of the items, or all that is unapplied. */
  readonly amount?: DecimalInput;
  /**
   * Without documents or `autoUnapply` beside them, no `rule`, `itemOrder` or `signs`: nothing is
   * spread.
   */
  readonly items?: readonly RefundItem[];
  /** Not beside documents that say what is unapplied. */
  readonly autoUnapply?: boolean;
  readonly reasonCode?: string;
}

/**
 * Pays something of a credit memo or payment out: of what is unapplied, or of what is unapplied
 * first (from the documents that it names, as much as it says there, or by `autoUnapply` as much as
 * is needed, the last settled first). What is unapplied beyond the refund stays unapplied. A refund
 * counts from its date, or from the last day on which something of its source was applied or taken
 * back, if that is later; other refunds do not move it. An `electronic` refund has no `method`: its
 * gateway knows how the money moves.
 */
export type RefundCommand = On<"refund", "creditMemo" | "payment", NewRefund>;

/** What a counterpart that an operation makes is called, and what it says. */
interface NewCounterpart extends MadeDocument {
  /** The date of the counterpart. Left out: `at`. */
  readonly date?: DateInput;
  readonly reasonCode?: string;
  readonly comment?: string;
  readonly customFields?: CustomFields;
}

/** A line to be written off in part. */
export type WriteOffItem =
  | { readonly itemId: string; readonly amount: DecimalInput }
  | { readonly taxItemId: string; readonly amount: DecimalInput };

/** What the counterpart of a write-off is called, and what it says. */
interface NewWriteOff extends NewCounterpart {
  /** Marks the counterpart as none of the revenue's: it can then not be written off itself. */
  readonly excludeFromRevenue?: boolean;
}

/** What is written off of a document with items. */
interface WrittenOff extends NewWriteOff, Spread {
  /** Left out: the sum of the items, or all that is left. */
  readonly amount?: DecimalInput;
  /** Beside these, or without an `amount`, no `rule`, `itemOrder` or `signs`: nothing is spread. */
  readonly items?: readonly WriteOffItem[];
}

/**
 * Settles what is left of a document, or a part of that, with a credit memo that is made for it. A
 * document below zero is refused, as its counterpart would be below zero, too.
 */
export type WriteOffCommand = On<"writeOff", "invoice" | "debitMemo", WrittenOff>;

/**
 * Settles a credit memo, or a part of it, with a debit memo that is made for it. The credit memo
 * must be fully unapplied, unless the command says `rest`.
 */
export interface WriteOffCreditMemo extends WrittenOff {
  readonly type: "writeOffCreditMemo";
  readonly at: DateInput;
  readonly creditMemoId: string;
  /**
   * Writes off what each line has left, however much of the memo is applied or refunded. Not beside
   * an `amount` or `items`.
   */
  readonly rest?: boolean;
}

/**
 * Settles what is unapplied of a payment, however much of it is applied or refunded, with a debit
 * memo that is made for it. Its one item is `"unapplied"`.
 */
export interface WriteOffPayment extends NewWriteOff {
  readonly type: "writeOffPayment";
  readonly at: DateInput;
  readonly paymentId: string;
}

/**
 * Settles a document that nothing was settled of with a counterpart, line by line, and closes it
 * for good. A document below zero is refused, as its counterpart would be below zero, too.
 */
export type ReverseCommand = On<"reverse", "invoice" | "creditMemo" | "debitMemo", NewCounterpart>;

/** The item that a plan was billed by. */
export type BilledBy =
  | { readonly invoiceId: string; readonly itemId: string }
  | { readonly debitMemoId: string; readonly itemId: string };

/**
 * Bills a change of plan: what {@link previewChange} credits becomes a credit memo, what it charges
 * an invoice. Both are posted; the credit settles the item that was billed, as far as that is open,
 * and then the new invoice (or as the `destination` of the terms says: `account` settles nothing,
 * `refund` pays the rest back). What takes back a charge of the same change is a negative item of
 * the invoice; an invoice that would be below zero is part of the credit memo. Preview it, and the
 * balance of the invoice is what is due today.
 *
 * Documents have credits and charges, whatever `present` shows. Their items are called by the
 * `type` of their line and its place in `lines` by `gross`, from 1: `credit-1`, `charge-2`; their
 * tax items `charge-2/1` and so on. The item of the charge is the `billedBy` of the next change.
 *
 * A command states the changes that are new. Days of the item that a posted memo has credited are
 * not credited again (`exceedsAvailableToCredit`): a plan that an earlier command paused until the
 * 10th is cancelled, changed or paused for longer from the 10th on. Instants and shares of a period
 * (`unused`) name no days, so amounts alone guard them.
 */
export interface ChangePlan {
  readonly type: "changePlan";
  readonly at: DateInput;
  /** `currency` and `increment` left out: those of the book. */
  readonly change: PlanChanges;
  /**
   * The item that the plan was billed by: what is credited names it as its source, and cannot
   * exceed it.
   */
  readonly billedBy?: BilledBy;
  /** The identifier of the new invoice. Needed if something is charged. */
  readonly invoiceId?: string;
  /** The identifier of the new credit memo. Needed if something is credited. */
  readonly creditMemoId?: string;
  /**
   * The identifier of the refund. Needed if something goes back, by the terms' `destination`. Like
   * the two others, it can be stated in any case: which of the documents will be made, the amounts
   * say.
   */
  readonly refundId?: string;
  /** Left out: that of the document that billed the plan, or of the book. */
  readonly accountId?: string;
  /** Left out: that of the document that billed the plan, or of the book. */
  readonly currency?: string;
  /** Both documents stay drafts, and nothing is settled. */
  readonly draft?: boolean;
}

/** Lines of an application: a line of the source, a line of the target, or the pair of both. */
export interface UndoItem {
  readonly sourceItemId?: string;
  readonly sourceTaxItemId?: string;
  readonly targetItemId?: string;
  readonly targetTaxItemId?: string;
}

/**
 * Undoes an operation: what it applied and what still stands of that comes back, at the lines where
 * it was put; what it took back (an unapplication, an undo) is applied again. It is then as if the
 * operation had never been, in any order. What came back before stays where it is, with a notice
 * (`partlyUndone`).
 *
 * Refused where something else depends on it, with the application groups and documents: a refund,
 * which is canceled; a write-off, whose counterpart is voided (`invalidStatus`); an amount that
 * others have used since (`exceedsUnapplied`, `exceedsBalance`); an operation of which nothing is
 * left, or on which others build (`exceedsApplied`). A reversal is final.
 */
export interface Undo {
  readonly type: "undo";
  readonly at: DateInput;
  readonly applicationGroupId: string;
  /** Of the operation, what it moved of this credit memo or payment alone. */
  readonly sourceId?: string;
  /** Of the operation, what it moved to this document alone. */
  readonly targetId?: string;
  /**
   * Of one application (`sourceId` and `targetId`), what it moved between these lines. An amount is
   * not stated: to take a part of an amount back, unapply it.
   */
  readonly items?: readonly UndoItem[];
}

/** Closes the accounting periods up to a day; left out, opens all. */
export interface ClosePeriods {
  readonly type: "closePeriods";
  readonly at: DateInput;
  readonly through?: DateInput;
  /**
   * What no day of a closed period can have, from now on: see {@link BookOptions}. Left out: as
   * before.
   */
  readonly closedPeriods?: "documents" | "documentsAndApplications";
}

/**
 * Several commands, one after another: each by itself, or (`atomic`) all or none.
 *
 * Each by itself, every command has a result, also one whose shape is wrong (fields, types, days,
 * identifiers), with all its faults as `issues`: thousands of rows are one call and one report, and
 * its preview is the dry run. All or none, the first that is wrong refuses the whole. A path begins
 * with `commands` either way, as in `commands[17].items[0].amount`.
 */
export interface Bulk {
  readonly type: "bulk";
  readonly at: DateInput;
  readonly commands: readonly Exclude<Command, Bulk>[];
  readonly atomic?: boolean;
}
