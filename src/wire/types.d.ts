/**
 * An exact decimal number as text: an optional minus sign, digits without a leading zero, and optionally a point
 * with digits behind it: `"12.30"`, `"-0.05"`, `"1000"`. Money never crosses as a JavaScript number.
 *
 * In: as many decimals as the currency has, or fewer (`"40"` is `"40.00"`); more are an error, never rounded.
 * Out: always exactly the currency's decimals, so that equal amounts are equal texts.
 */
export type DecimalString = string;

/** A calendar day as `YYYY-MM-DD`, from `0001-01-01` to `9999-12-31`. The engine has no clock and no time zone. */
export type IsoDate = string;

/**
 * How the amount between two documents is spread over their items and tax items.
 *
 * - `"proration"`: in proportion to what each line has open, by largest remainder.
 * - `"fifo"`: one line after another, from the front. Negative lines settle first and in full, wherever they stand: they
 *   are there to be set off against the others.
 * - `"lifo"`: the same from the back, in both orders: that of documents and that of lines, also where these are stated.
 * - `"sourceItem"`: each line with the line that it credits (`sourceItemId`), its taxes with the same taxes; over any
 *   number of documents. What finds no place stays unapplied, goes by the `fallback`, or (of a stated amount) is refused.
 *   A part of the amount is split over these pairs in proportion, negative ones with their sign.
 * - `"explicit"`: as stated line by line.
 */
export type Rule = "proration" | "fifo" | "lifo" | "sourceItem" | "explicit";

/** The rule of an application: one of {@link Rule}, or `"mirror"` where an operation made the counterpart itself. */
export type RuleUsed = Rule | "mirror";

/** A document's state. Only posted documents settle anything. */
export type Status = "draft" | "posted" | "canceled";

/** The kinds of documents. */
export type DocumentKind = "invoice" | "creditMemo" | "debitMemo" | "payment" | "refund";

/** How a document came to be: by itself, from another one, by the billing engine, or as a counterpart. */
export type Origin = "standalone" | "document" | "billing" | "reversal" | "writeOff";

/**
 * What the host keeps on a document or item; the engine carries it untouched. A number comes back as it was given; one that takes more than 28 decimals (or 96 bits in all) is
 * refused, and so are −0, NaN and the infinities.
 */
export type CustomFields = { readonly [name: string]: string | number | boolean | null };

/** A currency that ISO 4217 does not list, or one whose rounding differs from its minor unit. */
export interface CurrencyDefinition {
  /** 3 to 8 capital letters or digits. */
  readonly code: string;
  /** Decimals, 0 to 8. Left out: the minor unit of ISO 4217; needed for a code that ISO 4217 does not list. */
  readonly scale?: number;
  /** The least step between two amounts, such as `"0.05"`. Every amount is a whole number of steps. Left out: one minor unit. */
  readonly increment?: DecimalString;
  /** How a calculated amount (a tax, a share) is rounded. Left out: `"halfUp"`, away from zero, so that credits mirror charges. */
  readonly rounding?: "halfUp" | "halfEven" | "halfDown" | "up" | "down" | "floor" | "ceiling";
  /**
   * The least step between two totals of invoices, such as `"0.05"` for cash: a whole number of `increment`s. An invoice
   * whose total is none gets one more item, `"rounding"`, with what is missing; every change of the draft makes it anew.
   * Left out: totals are as they come.
   */
  readonly invoiceIncrement?: DecimalString;
  /** How a total becomes a whole number of `invoiceIncrement`s, and only with that. Left out: as `rounding` says. */
  readonly invoiceRounding?:
    | "halfUp"
    | "halfEven"
    | "halfDown"
    | "up"
    | "down"
    | "floor"
    | "ceiling";
}

/** Sizes that can be limited; none is by default. `"zuora"` sets all of them to Zuora's figures. */
export type LimitName =
  | "itemsPerOperation"
  | "documentsPerOperation"
  | "statedItems"
  | "prorationCells"
  | "partItems"
  | "refundItems"
  | "reverseItems"
  | "reverseInvoiceItems"
  | "writeOffItems"
  | "createItems"
  | "bulkCommands"
  | "collectItems"
  | "collectCreditMemos"
  | "collectPayments"
  | "commentLength";

/** What a new {@link Book} needs to know. */
export interface BookOptions {
  /** The currency of every document that names no other: an ISO 4217 code, or one of `currencies`. */
  readonly currency: string;
  /** The account of every document that names no other. Left out: the empty account `""`. */
  readonly accountId?: string;
  /** Currencies beyond ISO 4217, or with a rounding increment. */
  readonly currencies?: readonly CurrencyDefinition[];
  /**
   * How much of an invoice or debit memo credit memos can credit: anything, its total, or its total and each item (an item
   * with discounts: no more than they leave of it). Left out: `"header"`.
   */
  readonly overCrediting?: "any" | "header" | "headerAndItem";
  /** Whether memos of the billing engine count against what is available to credit. Left out: they do. */
  readonly countBillingCredits?: boolean;
  /**
   * How lines come back when a document is reversed or written off in full. `"yes"`: every line, discounts as
   * discounts. `"notZeroBalance"`: without lines of nothing. `"no"`: as that, with discounts as charges. Left out: `"yes"`.
   */
  readonly mirror?: "yes" | "notZeroBalance" | "no";
  /** Which part of an amount with tax is rounded; the other is the difference. Left out: `"net"`. */
  readonly inclusiveRounding?: "net" | "tax";
  /**
   * What of the taxes that follow from a `rate` is rounded: each, or (`"group"`) the sum of each tax (tax code, name,
   * rate) over the document, which its items then share by largest remainder. Amounts with tax are part of it: they stay,
   * and what is not tax is their net. Stated taxes stay as they are. A draft has the taxes of its lines, in whatever
   * steps they came into it. Left out: `"item"`.
   */
  readonly taxRounding?: "item" | "group";
  /** Whether taxes can be 100 % and more. Left out: a `rate` of 1 or more is refused, as 19 for 19 % is a slip. */
  readonly allowTaxRateFrom1?: boolean;
  readonly limits?: "zuora" | { readonly [Name in LimitName]?: number };
  /** The last day of the last closed accounting period: no memo can be dated in it. */
  readonly closedThrough?: IsoDate;
  /** Whether documents dated in a closed period stay posted. Left out: they can be unposted. */
  readonly keepClosedPosted?: boolean;
  /**
   * The reason codes that there are. Left out: any. A write-off or reversal that states none has `"Write-off"`,
   * `"Invoice reversal"`, `"Debit memo reversal"` or `"Credit memo reversal"`, which must be among them.
   */
  readonly reasonCodes?: readonly string[];
}

/** A tax item to be created. It settles by itself, beside its item. */
export interface NewTaxItem {
  /** Unique among the items and tax items of its document. */
  readonly id: string;
  /**
   * The tax in the currency of the document; may be negative (the tax of a discount). Left out: of the tax item that
   * `sourceTaxItemId` names the share that is credited of its item, else by the `rate`.
   */
  readonly amount?: DecimalString;
  /** The name of the tax, such as `"VAT"`. Name, jurisdiction, location and rate together say which tax it is. */
  readonly name?: string;
  readonly jurisdiction?: string;
  readonly locationCode?: string;
  readonly taxCode?: string;
  /** The rate as a fraction: `"0.19"` is 19 %. Less than 1, unless the book has `allowTaxRateFrom1`. */
  readonly rate?: DecimalString;
  /**
   * What an exemption took off the tax: told by who calculated it, and carried as it is, not checked against the tax. Only
   * a reversal, or a write-off of the whole tax, copies it.
   */
  readonly exemptAmount?: DecimalString;
  /** The tax item of the source item that this credits or debits. */
  readonly sourceTaxItemId?: string;
}

/** An item to be created: a charge, or (with `appliedToItemId`) a discount. */
export interface NewItem {
  /** Unique among the items and tax items of its document. */
  readonly id: string;
  /**
   * In the currency of the document; without tax, unless `taxMode` is `"inclusive"`. A discount has the opposite sign of
   * the item that it reduces. Beside `quantity` and `unitPrice` it must be their product, rounded once as the currency
   * says; left out, it is. Else left out (with a source item): all that is available to credit of that, if anything is,
   * and of its taxes.
   */
  readonly amount?: DecimalString;
  /** Makes this item a discount on that item of the same document; it is netted into that item's balance. */
  readonly appliedToItemId?: string;
  /**
   * A rounding item has no taxes, and is no source of other items. The engine makes those of invoices with an
   * `invoiceIncrement`, and of credit memos of a document that has one; none can be stated there. Left out: `"charge"`, or
   * a discount beside `appliedToItemId`, where no type can be stated.
   */
  readonly processingType?: "charge" | "prepayment" | "rounding";
  /** The item of another document that this one credits or debits. */
  readonly sourceItemId?: string;
  /** The document of the source item. Left out: the one that the whole document is made from. */
  readonly sourceDocumentId?: string;
  readonly description?: string;
  readonly sku?: string;
  /** Up to 28 digits behind the point, and 96 bits in all (28 digits, and the lesser ones of 29). */
  readonly quantity?: DecimalString;
  /** As long as a quantity; with tax where the amount is. */
  readonly unitPrice?: DecimalString;
  /** The first and the last day of service. */
  readonly serviceStart?: IsoDate;
  readonly serviceEnd?: IsoDate;
  /** `"inclusive"`: the amount contains its taxes and is split into net and tax. Left out: `"exclusive"`. */
  readonly taxMode?: "exclusive" | "inclusive";
  /**
   * Left out: none, or with a source item its taxes, in proportion to what is credited of it. However an item is
   * credited bit by bit, its taxes then sum exactly to those of the invoice.
   */
  readonly taxItems?: readonly NewTaxItem[];
  readonly customFields?: CustomFields;
}

/** What all new documents with items have in common. */
export interface NewDocument {
  /** Unique in the book. */
  readonly id: string;
  /** The printed number. Left out: the `id`. */
  readonly number?: string;
  /** Left out: the account of the document that it is made from, or of the book. */
  readonly accountId?: string;
  /** Left out: the currency of the document that it is made from, or of the book. */
  readonly currency?: string;
  /** The day from which the command counts; also the document's date unless `date` says otherwise. */
  readonly at: IsoDate;
  /** The date of the document. Left out: `at`. */
  readonly date?: IsoDate;
  /** The date up to which it bills. */
  readonly targetDate?: IsoDate;
  /**
   * Made by the billing engine of the host: what it credits is not checked against what is available, and may be of
   * another account (of a subscription that changed its owner).
   */
  readonly billing?: boolean;
  readonly reasonCode?: string;
  readonly comment?: string;
  /** Collections leave it alone. */
  readonly excludeFromAutoApply?: boolean;
  readonly customFields?: CustomFields;
  /** Posts the document in the same step. Left out: it stays a draft. A memo below zero can only be a draft. */
  readonly autoPost?: boolean;
}

/** Creates an invoice. */
export interface CreateInvoice extends NewDocument {
  readonly type: "createInvoice";
  /** Left out: the date of the document. Invoices are settled in the order due date, date, number, id. */
  readonly dueDate?: IsoDate;
  readonly items: readonly NewItem[];
}

/** Creates a credit memo: by itself, or from an invoice or debit memo. */
export interface CreateCreditMemo extends NewDocument {
  readonly type: "createCreditMemo";
  /** The invoice that it credits. */
  readonly invoiceId?: string;
  /** The debit memo that it credits. */
  readonly debitMemoId?: string;
  /**
   * Left out (with a document that it credits): exactly what is available to credit of that. Each item comes with what is
   * left of it and its taxes, below zero where more was credited, and without quantity and unit price where that is less
   * than was billed; what was credited without naming an item comes off again in an item `"credited"`. The credit that leaves nothing else of a document whose total was rounded, this one or one of
   * stated items, has a rounding item besides.
   */
  readonly items?: readonly NewItem[];
  /**
   * When it is posted, it settles the document that it credits: first item by item, then in proportion. Not stated of a
   * memo that is created by itself.
   */
  readonly autoApply?: boolean;
  /**
   * What is withheld of what comes back, and kept as income: goods of 100.00 that come back for a fee of 20.00 are a
   * memo of 80.00. It counts as credited of the document that the memo is made from. The `items` are what the customer
   * gets, without the fee: it is not taken off them, and carries no tax.
   */
  readonly restockingFee?: DecimalString;
}

/** Creates a debit memo: by itself, or from an invoice or credit memo. */
export interface CreateDebitMemo extends NewDocument {
  readonly type: "createDebitMemo";
  readonly invoiceId?: string;
  readonly creditMemoId?: string;
  /** Left out: the date of the document. */
  readonly dueDate?: IsoDate;
  /** Left out (with a document that it is made from): all items of that. */
  readonly items?: readonly NewItem[];
}

/** The field that names a document: `invoiceId`, `creditMemoId` … */
type Named<Kind extends DocumentKind> = { readonly [Field in `${Kind}Id`]: string };

/** A command on a document that it names. */
type On<Verb extends string, Kind extends DocumentKind, Rest> = Kind extends unknown
  ? Verb extends unknown
    ? { readonly type: `${Verb}${Capitalize<Kind>}`; readonly at: IsoDate } & Named<Kind> & Rest
    : never
  : never;

/**
 * A step in the life of a document.
 *
 * - `post`: draft to posted. A credit memo is checked again against what is available to credit.
 * - `unpost`: posted to draft, if nothing is settled of it.
 * - `cancel`: draft to canceled; a payment that nothing is settled of; a refund, which gives back what it paid out.
 * - `delete`: canceled to gone; only the history still knows it.
 * - `void`: unapplies, unposts and cancels, as far as each is to be done.
 */
export type StepCommand =
  | On<
      "post" | "unpost" | "cancel" | "delete" | "void",
      "invoice" | "creditMemo" | "debitMemo",
      unknown
    >
  | On<"cancel" | "delete" | "void", "payment", unknown>
  | On<"cancel" | "delete", "refund", unknown>;

/** One explicit line of a credit memo: charge to charge, or tax to tax. */
export type ExplicitItem =
  | {
      readonly creditMemoItemId: string;
      readonly invoiceItemId: string;
      readonly amount: DecimalString;
    }
  | {
      readonly creditMemoItemId: string;
      readonly debitMemoItemId: string;
      readonly amount: DecimalString;
    }
  | {
      readonly creditTaxItemId: string;
      readonly taxItemId: string;
      readonly amount: DecimalString;
    };

/** One line that a payment settles. */
export type PaidItem =
  | { readonly invoiceItemId: string; readonly amount: DecimalString }
  | { readonly debitMemoItemId: string; readonly amount: DecimalString }
  | { readonly taxItemId: string; readonly amount: DecimalString };

/** How much a document of an apply or unapply is to receive or give back. */
interface Wanted<Item> {
  /**
   * Left out: with `items` their sum; else all that is possible (apply: the lesser of the balance and what the other
   * documents leave, in their order; unapply: all that is applied).
   */
  readonly amount?: DecimalString;
  /** The lines, stated one by one; their sum is the amount. The `rule` does not touch this document then. */
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

/** The documents that an operation settles; their order in the request does not matter. */
export interface Targets<Item = ExplicitItem> {
  readonly invoices?: readonly InvoiceAmount<Item>[];
  readonly debitMemos?: readonly DebitMemoAmount<Item>[];
}

/** How amounts are spread: over documents whose amount is left out, and over lines that are not stated. */
export interface Spread {
  /**
   * Left out: `"proration"`; to take back or refund, `"fifo"`. The lines of a refund or write-off meet no others: where no
   * items are stated, it is one of `"proration"`, `"fifo"` and `"lifo"`.
   */
  readonly rule?: Rule;
  /** For `"sourceItem"` alone: the rule for what finds no source item. `"lifo"` here turns the lines round, not the documents. */
  readonly fallback?: "proration" | "fifo" | "lifo";
  /**
   * The order of documents, most important key first; it always ends in the id. Left out: due date, date, number. The rule
   * `"lifo"` goes through it from the back. It may be stated where there is only one document, too: how many there are
   * often comes from data.
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
   * The order of lines, most important key first; it always ends in document order. The rule `"lifo"` goes through it from
   * the back.
   */
  readonly itemOrder?: readonly (
    | "document"
    | "taxFirst"
    | "chargeFirst"
    | "largest"
    | "smallest"
  )[];
  /**
   * `"aware"`: negative lines count with their sign, so that what settles a document in full closes every line of it.
   * `"skipNonPositive"`: they are passed over, as Zuora does. Left out: `"aware"`.
   */
  readonly signs?: "aware" | "skipNonPositive";
}

/** How amounts are spread where lines of both sides meet. */
export interface SpreadOverPairs extends Spread {
  /**
   * For `"proration"` alone, as the rule or the fallback. Which lines meet: as few pairs as can be, like with like first, or a share of each on each, row by row of what is left
   * of the others (so a pair can be a unit or two beside its own exact share). Every line has the same balance either
   * way. What is negative is set off first, in whole lines. Left out: `"sparse"`.
   */
  readonly matrix?: "sparse" | "dense";
}

/**
 * Applies a posted credit memo to posted invoices and debit memos of the same account and currency: all, or none. `at` may
 * be before the days of other commands, as long as every day stays possible: with what was open on that day, and on those
 * that follow (else `dateTooEarly`, which says the first day that will do).
 */
export type ApplyCreditMemo = On<"apply", "creditMemo", SpreadOverPairs & Targets>;

/**
 * Takes applications of a credit memo back: all of them, or the stated amounts. Not before the last application or refund
 * of the memo.
 */
export type UnapplyCreditMemo = On<"unapply", "creditMemo", Spread & Targets>;

/** Applies a payment to posted invoices and debit memos of the same account and currency: all, or none. */
export type ApplyPayment = On<"apply", "payment", SpreadOverPairs & Targets<PaidItem>>;

/** Takes applications of a payment back: all of them, or the stated amounts. */
export type UnapplyPayment = On<"unapply", "payment", Spread & Targets<PaidItem>>;

/** What all new payments have in common. */
interface NewPayment {
  /** Unique in the book. */
  readonly id: string;
  readonly at: IsoDate;
  readonly number?: string;
  readonly accountId?: string;
  readonly currency?: string;
  /** Left out: `at`. */
  readonly date?: IsoDate;
  /** How the money moves, such as `"Check"`. */
  readonly method?: string;
  /** It goes through a gateway, which is the host's. */
  readonly electronic?: boolean;
  readonly comment?: string;
  readonly excludeFromAutoApply?: boolean;
  readonly customFields?: CustomFields;
}

/** Records a payment, and applies it if it names documents. Without any, it says nothing of how it would be spread. */
export interface CreatePayment extends NewPayment, SpreadOverPairs, Targets<PaidItem> {
  readonly type: "createPayment";
  /** Left out (with documents): what those take. */
  readonly amount?: DecimalString;
}

/** Records a payment and applies it to one document. The `amount` left out: its balance. */
export type PayDocument = On<
  "pay",
  "invoice" | "debitMemo",
  NewPayment & SpreadOverPairs & Wanted<PaidItem>
>;

/** A line of a credit memo to be refunded. */
export type RefundItem =
  | { readonly creditMemoItemId: string; readonly amount: DecimalString }
  | { readonly creditTaxItemId: string; readonly amount: DecimalString };

/**
 * Pays something of a credit memo or payment out: of what is unapplied, or of what is unapplied first (from the
 * documents that it names, as much as it says there, or by `autoUnapply` as much as is needed, the last settled first).
 * What is unapplied beyond the refund stays unapplied. A refund counts from its date, or from the last day on which
 * something of its source was applied or taken back, if that is later; other refunds do not move it.
 */
export type RefundCommand = On<
  "refund",
  "creditMemo" | "payment",
  Omit<NewPayment, "accountId" | "currency" | "at" | "excludeFromAutoApply"> &
    Spread &
    Targets<ExplicitItem | PaidItem> & {
      /** Left out: the sum of the items, or all that is unapplied. */
      readonly amount?: DecimalString;
      /** Without documents or `autoUnapply` beside them, no `rule`, `itemOrder` or `signs`: nothing is spread. */
      readonly items?: readonly RefundItem[];
      /** Not beside documents that say what is unapplied. */
      readonly autoUnapply?: boolean;
      readonly reasonCode?: string;
    }
>;

/** What a counterpart that an operation makes is called, and what it says. */
interface NewCounterpart {
  /** The identifier of the counterpart: unique in the book. */
  readonly id: string;
  readonly number?: string;
  /** The date of the counterpart. Left out: `at`. */
  readonly date?: IsoDate;
  readonly reasonCode?: string;
  readonly comment?: string;
  readonly customFields?: CustomFields;
}

/** A line to be written off in part. */
export type WriteOffItem =
  | { readonly itemId: string; readonly amount: DecimalString }
  | { readonly taxItemId: string; readonly amount: DecimalString };

/**
 * Settles what is left of a document, or a part of that, with a counterpart that is made for it: a credit memo for an
 * invoice or debit memo, a debit memo for a credit memo (which must be fully unapplied). A document below zero is
 * refused, as its counterpart would be below zero, too.
 */
export type WriteOffCommand = On<
  "writeOff",
  "invoice" | "creditMemo" | "debitMemo",
  NewCounterpart &
    Spread & {
      /** Left out: the sum of the items, or all that is left. */
      readonly amount?: DecimalString;
      /** Beside these, or without an `amount`, no `rule`, `itemOrder` or `signs`: nothing is spread. */
      readonly items?: readonly WriteOffItem[];
      /** Marks the counterpart as none of the revenue's: it can then not be written off itself. */
      readonly excludeFromRevenue?: boolean;
    }
>;

/**
 * Settles a document that nothing was settled of with a counterpart, line by line, and closes it for good. A document
 * below zero is refused, as its counterpart would be below zero, too.
 */
export type ReverseCommand = On<"reverse", "invoice" | "creditMemo" | "debitMemo", NewCounterpart>;

/** Settles a demand with what its account has: oldest first, of equal age the largest. */
export type CollectCommand = On<
  "collect",
  "invoice" | "debitMemo",
  SpreadOverPairs & {
    /** Left out: credit memos, then payments. */
    readonly sources?: readonly ("creditMemo" | "payment")[];
  }
>;

/** A change of an item of a draft. */
export type ItemChange =
  | { readonly add: NewItem }
  | { readonly delete: string }
  | {
      readonly id: string;
      /** New amounts have new taxes, where these follow from a source item or a rate. */
      readonly amount?: DecimalString;
      /** Where the item then has both, its amount is their product; `null` takes one away. */
      readonly quantity?: DecimalString | null;
      readonly unitPrice?: DecimalString | null;
      readonly taxItems?: readonly (
        | { readonly add: NewTaxItem }
        | { readonly delete: string }
        | NewTaxItem
      )[];
    };

/** Changes what a document says. Its dates and items change in drafts alone, and only before it was ever settled. */
export type UpdateCommand =
  | On<
      "update",
      "invoice" | "debitMemo",
      UpdateNotes & UpdateDraft & { readonly dueDate?: IsoDate }
    >
  | On<"update", "creditMemo", UpdateNotes & UpdateDraft & UpdateAutoApply>
  | On<"update", "payment" | "refund", UpdateNotes>;

/** What any document says beside its figures. */
interface UpdateNotes {
  /** `null` takes it away. */
  readonly reasonCode?: string | null;
  /** `null` takes it away. */
  readonly comment?: string | null;
  readonly excludeFromAutoApply?: boolean;
  readonly customFields?: CustomFields;
}

/** What can change of the draft of a credit memo that was made from another document. */
interface UpdateAutoApply {
  readonly autoApply?: boolean;
}

/** What can change of a draft. */
interface UpdateDraft {
  readonly date?: IsoDate;
  /** One after another: of two changes of an item, the later counts. */
  readonly items?: readonly ItemChange[];
}

/** The item that a plan was billed by. */
export type BilledBy =
  | { readonly invoiceId: string; readonly itemId: string }
  | { readonly debitMemoId: string; readonly itemId: string };

/**
 * Bills a change of plan: what {@link previewChange} credits becomes a credit memo, what it charges an invoice. Both are
 * posted; the credit settles the item that was billed, as far as that is open, and then the new invoice (or as the
 * `destination` of the terms says: `account` settles nothing, `refund` pays the rest back). What takes back a charge of
 * the same change is a negative item of the invoice; an invoice that would be below zero is part of the credit memo.
 * Preview it, and the balance of the invoice is what is due today.
 *
 * Documents have credits and charges, whatever `present` shows. Their items are called by the `type` of their line and
 * its place in `lines` by `gross`, from 1: `credit-1`, `charge-2`; their tax items `charge-2/1` and so on. The item of
 * the charge is the `billedBy` of the next change.
 */
export interface ChangePlan {
  readonly type: "changePlan";
  readonly at: IsoDate;
  /** `currency` and `increment` left out: those of the book. */
  readonly change: Omit<ChangeRequest, "allowTaxRateFrom1">;
  /** The item that the plan was billed by: what is credited names it as its source, and cannot exceed it. */
  readonly billedBy?: BilledBy;
  /** The identifier of the new invoice. Needed if something is charged. */
  readonly invoiceId?: string;
  /** The identifier of the new credit memo. Needed if something is credited. */
  readonly creditMemoId?: string;
  /**
   * The identifier of the refund. Needed if something goes back, by the terms' `destination`. Like the two others, it can be
   * stated in any case: which of the documents will be made, the amounts say.
   */
  readonly refundId?: string;
  /** Left out: that of the document that billed the plan, or of the book. */
  readonly accountId?: string;
  /** Left out: that of the document that billed the plan, or of the book. */
  readonly currency?: string;
  /** Both documents stay drafts, and nothing is settled. */
  readonly draft?: boolean;
}

/** Gives a payment of which nothing is settled to another account; `""` is none. */
export type TransferPayment = On<"transfer", "payment", { readonly accountId: string }>;

/**
 * Takes back exactly what one operation applied, once. Refused (`exceedsApplied`) once anything between the same documents
 * was taken back in another way: whose it was cannot be told.
 */
export interface Undo {
  readonly type: "undo";
  readonly at: IsoDate;
  readonly applicationGroupId: string;
}

/** Closes the accounting periods up to a day; left out, opens all. */
export interface ClosePeriods {
  readonly type: "closePeriods";
  readonly at: IsoDate;
  readonly through?: IsoDate;
}

/**
 * Several commands, one after another: each by itself, or (`atomic`) all or none. What is refused for the state of the book
 * is a result of its own, with a path within its command; a request whose shape is wrong (fields, types, days, identifiers)
 * is refused as a whole, with the path from `commands` on.
 */
export interface Bulk {
  readonly type: "bulk";
  readonly at: IsoDate;
  readonly commands: readonly Exclude<Command, Bulk>[];
  readonly atomic?: boolean;
}

/** Everything that a book can be told to do. Plain data: it can be stored, sent, previewed and executed. */
export type Command =
  | CreateInvoice
  | CreateCreditMemo
  | CreateDebitMemo
  | CreatePayment
  | PayDocument
  | UpdateCommand
  | StepCommand
  | ApplyCreditMemo
  | UnapplyCreditMemo
  | ApplyPayment
  | UnapplyPayment
  | RefundCommand
  | WriteOffCommand
  | ReverseCommand
  | CollectCommand
  | TransferPayment
  | ChangePlan
  | Undo
  | ClosePeriods
  | Bulk;

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
  /** Of a demand's line: what is available to credit of it. */
  readonly availableToCreditAmount?: DecimalString;
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

/** One line of a document: an item, or (with `taxItemId`) one of its tax items. A payment or refund is one line without a name. */
export interface LineRef {
  readonly documentId: string;
  readonly itemId: string | null;
  readonly taxItemId: string | null;
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
export interface PastApplication extends Part {
  readonly applicationGroupId: string;
  readonly at: IsoDate;
  readonly ruleUsed: RuleUsed;
}

/** Something that you should know about a result that is right. */
export interface Notice {
  /**
   * - `nothingApplied`: the request left this document's amount open, and nothing was left for it (or nothing applied to it).
   * - `fifoInsteadOfProration`: above the limit `prorationCells` of the book.
   * - `fallbackUsed`: a part of the amount had no source item to go to.
   * - `roundedAnew`: as a draft, this credit memo had another rounding item, and so another amount: since then, other
   *   credits of its document were posted or taken back.
   */
  readonly code: "nothingApplied" | "fifoInsteadOfProration" | "fallbackUsed" | "roundedAnew";
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

/** What one command of a {@link Bulk} came to. */
export type BulkResult =
  | { readonly success: true; readonly document: AnyDocument | null; readonly error: null }
  | { readonly success: false; readonly document: null; readonly error: ErrorFacts };

/** A refusal as plain data. */
export interface ErrorFacts {
  readonly code: ErrorCode;
  readonly path: string;
  readonly details: ErrorDetails;
  readonly message: string;
}

/**
 * What a command did, or (as a {@link Plan}) would do. The lists are read from the engine's answer when you first touch
 * them, so a large result costs nothing until you look. Their order is fixed: of each settlement the source first, then
 * the targets in the order in which they settled; lines in document order, each item followed by its tax items.
 */
export interface Outcome<Type extends Command["type"] = Command["type"]> {
  readonly type: Type;
  readonly at: IsoDate;
  /** The book's version after the command; every executed command adds one. */
  readonly version: number;
  /** The document that the command is about, as it stands after the command. */
  readonly document: Subject<Type>;
  /** The documents that it created, as they stand after it. */
  readonly created: readonly AnyDocument[];
  /** The sum of `applications` (negative: taken back); `null` where nothing is settled, or in several currencies. */
  readonly amount: DecimalString | null;
  /** Names all applications of this operation together; `null` where nothing is settled. */
  readonly applicationGroupId: string | null;
  readonly notices: readonly Notice[];
  /** Of a {@link Bulk}: what each command came to. */
  readonly results?: readonly BulkResult[];
  readonly applications: readonly Application[];
  /** Every document that something was settled of or with; where several commands cancel out, with the same balance. */
  readonly documents: readonly DocumentChange[];
  /** The lines whose open amounts changed. */
  readonly lines: readonly LineChange[];
  /** A plain object with everything above, for `JSON.stringify`. */
  toJSON(): OutcomeData<Type>;
}

/** The kind of document that a command is about. */
export type Subject<Type extends Command["type"]> = Type extends "bulk" | "closePeriods"
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

/** An {@link Outcome} as plain data. */
export type OutcomeData<Type extends Command["type"] = Command["type"]> = Omit<
  Outcome<Type>,
  "toJSON"
>;

/**
 * What {@link Book.preview} found: the figures that {@link Book.commit} will give. `version` and `applicationGroupId`
 * are those that it would have now; they move on with every command that comes between. Its lists speak of lines as they
 * were called when it was made, whenever they are read. A plan belongs to the book object that made it: to commit
 * elsewhere or later, keep the command.
 */
export interface Plan<Type extends Command["type"] = Command["type"]> extends Outcome<Type> {
  /** Tells a plan from an outcome. */
  readonly committed: false;
}

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
   * Digits in a text count by the number that they write: `INV-9` comes before `INV-10`. Left out: texts are compared
   * by their UTF-8 bytes, and `INV-10` comes before `INV-9`; numbers padded to one length come in their order anyway.
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

/**
 * What a method takes whose result depends on `T`, one of `All`: read as `T`, checked as one of `All`, so that an object
 * literal has no field that `All` does not know. (A plain `T` would take a misspelt one for a field of its own.)
 */
type Checked<T extends All, All> = [T] extends [All] ? All : T;

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
  execute<C extends Command>(command: Checked<C, Command>): Outcome<C["type"]>;
  /** What {@link Book.execute} would do now. Changes nothing. */
  preview<C extends Command>(command: Checked<C, Command>): Plan<C["type"]>;
  /**
   * Carries a plan out exactly as previewed. Throws `planMoved` when the book no longer gives all that the plan shows
   * (except its version and application group), or the command's own refusal when it may not be done any more.
   */
  commit<Type extends Command["type"]>(plan: Plan<Type>): Outcome<Type>;
  /** Why a command would settle what it would settle, cent by cent. Changes nothing; costs nothing unless asked. */
  explain(command: Command): readonly ApplicationReason[];
  /** Rows of one kind, a page at a time. */
  query<const Q extends Query>(
    query: Checked<Q, Query>,
  ): Page<RowOf<Q>, Q extends { readonly total: true } ? number : number | null>;
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

/** The methods of published libraries and systems, by name. Each gives their published figures; see the README. */
export type AllocationPreset =
  | "default"
  | "openMeter"
  | "polarFixedDiscount"
  | "dinero"
  | "moneyPhp"
  | "rubyMoney"
  | "goMoney"
  | "rustyMoney"
  | "vendure"
  | "syliusProportional"
  | "fowler"
  | "numscript"
  | "brickFloorToFirst"
  | "brickFloorToLargestRatio"
  | "brickFloorSeparate"
  | "brickBlockSeparate";

/** Every way to split, as values of one vocabulary. */
export interface AllocationMethod {
  /** How the first pass makes each exact share whole. `floor` and `ceiling` go by the sign; `up` is away from zero. */
  readonly firstPass: "down" | "up" | "floor" | "ceiling" | "halfUp" | "halfDown" | "halfEven";
  /**
   * Whether the first pass goes from the back: each gets its share of what is left, by the weights that are left, and
   * the first gets the rest. Nothing is left over then, and there are no caps.
   */
  readonly fromBack: boolean;
  /**
   * Who gets the units that the first pass leaves over, one each: those from whom it took most, those with the largest
   * weight, the first, or the last. `separate`: nobody, they stay unallocated; `separateBlocks`: so, and the first pass
   * gives whole multiples of the weights, so that all parts are in exact proportion.
   */
  readonly leftover:
    | "largestRemainder"
    | "largestWeight"
    | "first"
    | "last"
    | "separate"
    | "separateBlocks";
  /** Whether a negative amount is split as the mirror of its positive, or by the same steps as it is. */
  readonly mirror: boolean;
  /** Whether a zero weight may receive one of the units left over. */
  readonly zeroMayReceive: boolean;
  /** When all weights are zero: refuse, give everybody nothing, or split evenly. */
  readonly allZero: "refuse" | "zeros" | "even";
  /** Whether there may be no weights at all. */
  readonly allowEmpty: boolean;
  /** Whether weights may be negative. */
  readonly allowNegative: boolean;
  /** Whether an amount larger than the weights together is reduced to them. */
  readonly capTotal: boolean;
  /** Whether what exceeds all caps together stays unallocated instead of being refused. */
  readonly allowUnallocated: boolean;
  /** Whether nobody gets anything when the first pass gives nothing. */
  readonly abandonIfNothing: boolean;
}

/** What to split, over what, and how. */
export interface AllocateRequest {
  /** Zero, positive or negative. */
  readonly amount: DecimalString;
  /** Only their proportions matter: `["1", "2"]` is `["0.5", "1.00"]`. */
  readonly weights: readonly DecimalString[];
  /** The most that each weight may get: zero or more, as many as weights. Left out: no limit. */
  readonly caps?: readonly DecimalString[];
  /** Orders those who are equal otherwise, compared as text; as many as weights. Left out: as they come. */
  readonly keys?: readonly string[];
  /** The currency of the amount, so that `"10"` of it is split into cents; it says the least step of a part. */
  readonly currency?: string | CurrencyDefinition;
  /**
   * The least step of a part, such as `"0.05"`; not beside a currency. Without either: one unit of the amount's last
   * decimal (`"5.00"`: `"0.01"`, but `"5"`: `"1"`).
   */
  readonly increment?: DecimalString;
  /**
   * The name of a preset, or what differs from one. Left out: largest remainder, ties to the earlier, a negative amount
   * as the mirror of its positive, a zero weight never receives, no weight but zeros is refused.
   */
  readonly method?:
    | AllocationPreset
    | (Partial<AllocationMethod> & { readonly preset?: AllocationPreset });
}

/** Something that you should know about a split that is right. */
export type AllocationNotice =
  /** All weights are zero; the amount was split evenly. */
  | { readonly code: "splitEvenly" }
  /** Nobody got this, as the method says: parts and this sum to the amount. */
  | {
      readonly code: "unallocated";
      readonly amount: DecimalString;
      readonly because:
        | "separate"
        | "abandoned"
        | "overWeights"
        | "overCaps"
        | "allZero"
        | "noWeights";
    };

/** A split amount. The parts are read from the engine's answer when you first touch them. */
export interface Allocation {
  /** One for each weight, in their order, with the decimals of the increment. */
  readonly parts: readonly DecimalString[];
  /** What nobody got; zero by the default method. */
  readonly unallocated: DecimalString;
  /** How it was split, in full. */
  readonly method: AllocationMethod;
  readonly notices: readonly AllocationNotice[];
  /** Why the part at `place` (from 0) is what it is. Found when asked: who does not ask does not pay. */
  why(place: number): PartReason;
  /** A plain object with the data above, for `JSON.stringify`. */
  toJSON(): Pick<Allocation, "parts" | "unallocated" | "method" | "notices">;
}

/** Why a part is what it is. */
export interface PartReason {
  readonly part: DecimalString;
  /** The exact share in increments, in lowest terms; from the back, of what is left. For a part at its cap: the cap. */
  readonly share: { readonly numerator: `${bigint}`; readonly denominator: `${bigint}` };
  /** What the first pass gave. */
  readonly firstPass: DecimalString;
  /** What came on top of that, or (negative for a positive amount) went off it. */
  readonly leftover: DecimalString;
  /** The rank for what was left over, from 1; `null` for who may not receive. */
  readonly rank: number | null;
  /** Whether the cap decided. */
  readonly capped: boolean;
  /** All this in English. */
  readonly sentence: string;
}

/**
 * Splits an amount so that the parts sum to it exactly.
 *
 * ```js
 * allocate({ amount: "100.00", weights: ["1", "1", "1"] }).parts; // ["33.34", "33.33", "33.33"]
 * allocate({ amount: "-0.05", weights: ["1", "1"], method: "dinero" }).parts; // ["-0.03", "-0.02"]
 * allocate({ amount: "90", weights: ["1", "1"], caps: ["10", "100"] }).why(0).sentence;
 * // "Its share is more than its cap, so it gets its cap of 10."
 * ```
 *
 * Throws `missingField` without weights, `lengthMismatch`, `outOfRange` (negative weights or caps; amounts of 2⁶³ units of
 * their last decimal), `offIncrement`, `allWeightsZero`, `exceedsCaps`.
 */
export function allocate(request: AllocateRequest): Allocation;

/** A column of whole numbers: exact ones within ±2⁵³, or any of 64 bits. */
export type Column = Float64Array | BigInt64Array;

/** The columns of one split, or of many, one after another. */
export interface SplitterOptions<C extends Column> {
  /** In units of your choice, such as cents. */
  readonly weights: C;
  /** The most that each weight may get. Left out: no limit. */
  readonly caps?: C;
  /** Where the weights of each split end: `[3, 5]` are weights 0 to 2, and 3 and 4. Left out: one split over all. */
  readonly ends?: Uint32Array;
  /** As of {@link allocate}. */
  readonly method?: AllocateRequest["method"];
}

/** The parts of a split in columns. They stay in the engine until you read them, or until its splitter splits again. */
export interface ColumnParts<C extends Column> {
  /** How many parts there are. */
  readonly length: number;
  /** A copy of the parts from one place up to another; left out: all. */
  read(from?: number, to?: number): C;
  /** What nobody got of each amount. */
  unallocated(): C;
  /** Why the part at `place` is what it is, in whole units. */
  why(place: number): PartReason;
}

/**
 * Weights that are loaded into the engine once, and split over as often as you like. About 20 bytes a weight.
 *
 * ```js
 * const splitter = new Splitter({ weights: Float64Array.of(5000, 5000, 5000) });
 * splitter.split(4000).read(); // Float64Array [1334, 1333, 1333]
 * splitter.free(); // or `using`, or leave it to the garbage collector
 * ```
 */
export class Splitter<C extends Column = Column> {
  /** Throws `invalidNumber` for a float that is not whole, and as {@link allocate} does. */
  constructor(options: SplitterOptions<C>);
  /** How many weights there are. */
  readonly length: number;
  /**
   * Splits an amount for each split, all or none; one alone may be a number (or bigint). The result takes the place of
   * that before it, and so does a refusal: then there is none.
   */
  split(amounts: C | (C extends Float64Array ? number : bigint)): ColumnParts<C>;
  /** Gives the memory back. Every later call throws `splitterFreed`. */
  free(): void;
  /** The same as {@link Splitter.free}, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Splits columns once: many amounts, each over weights of its own, or one over many weights.
 *
 * ```js
 * // 100 over 1, 1, 1 and -5 over 3, 7.
 * allocateColumns({
 *   amounts: BigInt64Array.of(100n, -5n),
 *   weights: BigInt64Array.of(1n, 1n, 1n, 3n, 7n),
 *   ends: Uint32Array.of(3, 5),
 * }).parts; // BigInt64Array [34n, 33n, 33n, -2n, -3n]
 * ```
 */
export function allocateColumns<C extends Column>(
  request: SplitterOptions<C> & {
    readonly amounts: C | (C extends Float64Array ? number : bigint);
  },
): { readonly parts: C; readonly unallocated: C };
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
   * How long a cell is: as the calendar says (`actual`, the default); a stated number of days a month (`fixed`), or a
   * period (`nominal`); 30 days a month, with time served counted in the same way (`strict30`); or a stated number of
   * days for the month in which the service begins (`fixedStartMonth`).
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
  /**
   * Keeps the factor from 0 to 1, and allows changes outside the period. Default false: they are refused. The service of
   * `prorate` and `prorateColumns` may be longer than its period or elsewhere: all its time counts, two months of a
   * monthly price twice.
   */
  readonly clamp: boolean;
  /**
   * What comes of the part of a period in which something starts: before the first boundary of a schedule, a service that
   * ends with its period, a plan that starts. Default `prorate`.
   */
  readonly leading: StubRule;
  /**
   * What comes of the part in which something ends: after the last boundary of a schedule, a service that begins with
   * its period, a plan that is cancelled. `months`: up to the end of a month of it. Default `prorate`.
   */
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
  /**
   * How the `lines` show a change from plan to plan: as credit and charge (`gross`, the default); as their sum (`net`,
   * where both have the same taxes); or, where nothing changes but the quantity, as the units that come or go
   * (`quantity`; any other change, and one whose difference is not what these units cost, as `gross`). Nothing else
   * depends on it: all amounts are those of credit and charge, each rounded, and so are the documents of a book. For a
   * difference that is rounded once, see `stage`.
   */
  readonly present: "gross" | "net" | "quantity";
  /**
   * Where a credit goes. `settle`, the default: it settles the bill that it credits as far as that is open, then what is
   * charged; the rest stays on account. `account`: all stays on account, as in a wallet. `refund`: it settles the same,
   * and the rest goes back. `time`: where a plan changes, no money flows; the credit pays for days of the plan that
   * begins, and days that have begun are whole. Where none begins it is `settle`.
   */
  readonly destination: "settle" | "account" | "refund" | "time";
}

/**
 * A part of a period at an end: its share, all of it, nothing; something from a number of days or a share of the period
 * on, else nothing (`then`: all of it, the default, or its share); or whole months of 30.4 days, and
 * one more if at least that number of days remains (`wholeMonths`; Certinia's is 16).
 */
export type StubRule =
  | "prorate"
  | "full"
  | "skip"
  | { readonly fromDays: number; readonly then?: "full" | "prorate" }
  | { readonly fromShare: FractionString; readonly then?: "full" | "prorate" }
  | { readonly wholeMonths: number };

/** The name of a preset, or what differs from one (left out: `"default"`). */
export type TermsRequest =
  | ProrationPreset
  | ({ readonly preset?: ProrationPreset } & Partial<ProrationTerms>);

/** What terms say of one plan: how its time is counted. All else is said of the whole request. */
export type PlanTermsRequest =
  | ProrationPreset
  | ({ readonly preset?: ProrationPreset } & Partial<
      Pick<
        ProrationTerms,
        | "unit"
        | "count"
        | "wholeUnits"
        | "grid"
        | "gridDay"
        | "cellDays"
        | "wholeCellIsOne"
        | "basis"
        | "degenerate"
        | "clamp"
        | "leading"
        | "trailing"
        | "factorScale"
        | "factorRounding"
        | "rateScale"
      >
    >);

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
  /**
   * For how many months the price is. Left out: as many as the period has, else 1. Refused where the terms do not count
   * months: with a grid of months, `fixed` or `strict30` days, or `wholeMonths` they do.
   */
  readonly months?: number;
  /** The days served, instead of a service; with `periodDays`. */
  readonly days?: number;
  readonly periodDays?: number;
  /** The share of the price, where it is known. */
  readonly factor?: FractionString;
}

/** Which share of a period something is. */
export interface Share {
  /** The factor of the price: `covered` ÷ `length`, rounded if the terms round it, or what their rule for a part says. */
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
  /** As a fraction: `"0.19"` is 19 %. One of 1 or more needs `allowTaxRateFrom1`. */
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
  /** How its time is counted. Left out: as the terms of the request say. */
  readonly terms?: PlanTermsRequest;
}

/**
 * When something changes: then, or (where the share is known) when so much of the period is left. That share is used as it
 * is: no rule of the terms for a part of a period applies to it.
 */
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
  /** For how many months the prices are, as in {@link ProrateRequest}. Left out: as many as the period has, else 1. */
  readonly months?: number;
  /** The plan that runs before the first change. Left out: none. */
  readonly plan?: PricePlan;
  /** Since when it runs in this period. Left out: from its begin. */
  readonly since?: IsoMoment;
  /**
   * What it was billed for this period, without tax. Left out: what the terms charge. This, `credited` and `open` have
   * the sign of the price.
   */
  readonly billed?: DecimalString;
  /** What of that was credited before. Left out: nothing. */
  readonly credited?: DecimalString;
  /**
   * What of the item that billed it, with its taxes, is still to be paid (not the balance of its invoice). Left out:
   * nothing. Commands of a book know it.
   */
  readonly open?: DecimalString;
  /** The earlier first. */
  readonly changes: readonly PlanChange[];
  /**
   * Whether tax rates of 1 (100 %) and more are meant. Left out: they are refused, as 19 for 19 % is a slip. In a book its
   * option of this name decides.
   */
  readonly allowTaxRateFrom1?: boolean;
}

/** A line of a credit memo or an invoice to be. */
export interface ChangeLine extends Share {
  /**
   * What is left of a plan goes back (negative), a plan is charged, the difference of both, a plan for time that a credit
   * pays for (of no amount), or the difference of rounding. A `credit` or `charge` with `sides` is of units that go or
   * come.
   */
  readonly type: "credit" | "charge" | "net" | "time" | "rounding";
  /** The place of its change in the request; `null` for `rounding`. */
  readonly change: number | null;
  /** The place of the change that charged what this credits; `null`: what was billed before, or nothing is credited. */
  readonly of: number | null;
  /** The service period, written as the terms say. */
  readonly service: Period | null;
  readonly price: DecimalString | null;
  readonly quantity: DecimalString | null;
  /** The cells of its service; none where the time is not counted. */
  readonly cells: readonly Cell[];
  /** Before the discount: what {@link prorate} says of the price, rounded by itself. */
  readonly gross: DecimalString;
  /** The difference of `amount` and `gross`, each rounded; of the other sign, or zero. */
  readonly discount: DecimalString;
  /** `gross + discount`, without tax. */
  readonly amount: DecimalString;
  /** That before it was rounded. */
  readonly exact: FractionString;
  /**
   * Of a credit: so that all credits of a line together give back the share of its tax that they are of its amount. A
   * line that is credited whole, in however many steps, gives its whole tax back.
   */
  readonly taxes: readonly {
    readonly name: string | null;
    readonly rate: DecimalString;
    readonly amount: DecimalString;
  }[];
  /** What was left to be credited, where that was less than the share. */
  readonly cap: FractionString | null;
  /** Of a residual credit: what the time served costs, without pauses that were credited. */
  readonly cost: DecimalString | null;
  /** Of a residual credit: the time served, without those pauses. */
  readonly used: (Share & { readonly cells: readonly Cell[] }) | null;
  /** Of `net`, `time` and units that come or go: the credit and the charge in it, each rounded by itself. */
  readonly sides: { readonly credit: DecimalString; readonly charge: DecimalString } | null;
  /** How it came about, in English, for a customer. */
  readonly sentence: string;
}

/** What comes of changes. */
export interface ChangePreview {
  /** The sum of the credits (negative), without tax; also of those within other lines (`sides`). */
  readonly credit: DecimalString;
  /** The sum of the charges, so too. */
  readonly charge: DecimalString;
  /** The sum of all lines, without tax: `credit + charge`, and the rounding of an `invoice` (`stage`). */
  readonly net: DecimalString;
  readonly tax: DecimalString;
  /** `net + tax`. */
  readonly total: DecimalString;
  /**
   * What is to be paid of the charges, with tax: less what is taken back of them, and the credits that settle them.
   * Never below zero: what exceeds the charges is among the `credits`.
   */
  readonly due: DecimalString;
  /** Where the credits go, with tax: to the open bill that they credit, to the charges, back, on account. */
  readonly credits: {
    readonly billed: DecimalString;
    readonly charges: DecimalString;
    readonly refund: DecimalString;
    readonly account: DecimalString;
  };
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
 * Throws as {@link prorate}; `amountNotPositive` for facts of a bill that have not the sign of its price; `invalidPeriod`
 * for changes out of order or outside the period; `invalidStatus` for a change that does not fit what runs.
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
  /** The start of the period with the number 0. */
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

/**
 * Many charges at once. Moments are days since 1970-01-01 where the terms count days, else milliseconds since then; a
 * text stands for all charges.
 */
export interface ProrateColumnsRequest<Prices extends Column> {
  readonly terms?: TermsRequest;
  /** For how many months the prices are, as in {@link ProrateRequest}. Left out: as many as each period has, else 1. */
  readonly months?: number;
  /** Whole numbers of any unit, such as cents. */
  readonly prices: Prices;
  /** The least step between two amounts, in that unit. Left out: 1. */
  readonly increment?: number;
  readonly serviceFrom: Column | IsoMoment;
  readonly serviceTo: Column | IsoMoment;
  readonly periodFrom: Column | IsoMoment;
  readonly periodTo: Column | IsoMoment;
}

/**
 * What many parts of periods cost, in the unit of the prices and in an array of their class.
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
 * Throws as {@link prorate}, with the place of the charge: `serviceTo[17]`; `invalidNumber` for what is no whole number
 * in ±2⁵³; `lengthMismatch`; `invalidTerms` for terms that round a daily rate.
 */
export function prorateColumns<Prices extends Column>(
  request: ProrateColumnsRequest<Prices>,
): Prices;

/** All presets, and what each was checked against. */
export function prorationPresets(): readonly {
  readonly name: ProrationPreset;
  readonly checked: string;
}[];

/** A charge that a bill run found, with the sign of an invoice: what the customer owes is positive. */
export type BillRunCharge = {
  /** Unique in the bill run. */
  readonly id: string;
  /** Without tax. */
  readonly amount: DecimalString;
  /** Left out: zero. */
  readonly taxAmount?: DecimalString;
} & (
  | {
      /** Charges of one group go together by `"netNegativeByGroup"`. Left out: the group `""`. */
      readonly group?: string;
      /** Charges of different batches never share a document, and are judged apart. Left out: the batch `""`. */
      readonly batch?: string;
      /** It gives back, even if it is a charge of nothing. Left out: it does not. */
      readonly givesBack?: boolean;
      /** Whether it may be on a credit memo; one with a charge that may not is refused. Left out: it may. */
      readonly creditable?: boolean;
      readonly appliedToItemId?: never;
    }
  | {
      /** Makes it a discount on that charge: it goes where that goes, and counts with it. */
      readonly appliedToItemId: string;
      readonly group?: never;
      readonly batch?: never;
      readonly givesBack?: never;
      readonly creditable?: never;
    }
);

/** What a bill run found, and how it becomes documents. */
export interface BillRun {
  /** A code of ISO 4217, or a definition. */
  readonly currency: string | CurrencyDefinition;
  /**
   * What goes onto a credit memo. `"netNegative"`: everything, if it is negative together. `"netNegativeByGroup"`: if it is,
   * the groups that are. `"negatives"`: each charge that is, with its discounts. `"negativesAndZeros"`: these, and charges
   * of nothing that give back. Left out: `"netNegative"`.
   */
  readonly rule?: "netNegative" | "netNegativeByGroup" | "negatives" | "negativesAndZeros";
  /**
   * What decides whether something is negative: the amount without tax, or with it. Left out: `"net"`. A batch whose
   * credit memo would be below zero with its taxes is judged with them in any case.
   */
  readonly judgedBy?: "net" | "gross";
  readonly charges: readonly BillRunCharge[];
}

/** An invoice or credit memo that comes of a bill run; the amounts have the signs of that document. */
export interface GeneratedDocument {
  readonly type: "invoice" | "creditMemo";
  readonly batch: string;
  /** With tax. Negative only for an invoice that its tax made so: judge by `"gross"` to avoid that. */
  readonly amount: DecimalString;
  /** The part of `amount` that is tax. */
  readonly taxAmount: DecimalString;
  /** Its charges, in the order of the bill run. */
  readonly items: readonly {
    readonly id: string;
    readonly amount: DecimalString;
    readonly taxAmount: DecimalString;
    readonly appliedToItemId?: string;
  }[];
}

/** What comes of a bill run. */
export interface GeneratedDocuments {
  /** Batch by batch in the order of their first charges; of each the invoice, then the credit memo. */
  readonly documents: readonly GeneratedDocument[];
  /** Credit memos that may not be: they have a charge that is not creditable. */
  readonly refused: readonly GeneratedDocument[];
}

/**
 * Which document each charge of a bill run lands on. It makes no documents: their items are those of `createInvoice` and
 * `createCreditMemo`, to which you add what else there is to say.
 *
 * ```js
 * const charges = [{ id: "A", amount: "-10.00" }, { id: "B", amount: "50.00" }];
 * generateDocuments({ currency: "USD", rule: "negatives", charges }).documents;
 * // [{ type: "invoice", amount: "50.00", … }, { type: "creditMemo", amount: "10.00", … }]
 * ```
 *
 * Throws `duplicateId`, `itemNotFound` and `invalidDiscount` of a discount, and what an amount of the currency throws.
 */
export function generateDocuments(run: BillRun): GeneratedDocuments;

/** Every code that an error can have, in order of precedence. The README says what each means. */
export type ErrorCode =
  | "notInitialized"
  | "engineFault"
  | "bookFreed"
  | "splitterFreed"
  | "resultReplaced"
  | "unreadableValue"
  | "invalidType"
  | "invalidNumber"
  | "invalidText"
  | "tooDeep"
  | "tooLarge"
  | "malformedRequest"
  | "unknownField"
  | "missingField"
  | "lengthMismatch"
  | "invalidChoice"
  | "invalidId"
  | "invalidDate"
  | "invalidDecimal"
  | "invalidCurrency"
  | "invalidPeriod"
  | "invalidTerms"
  | "unknownCurrency"
  | "unknownReasonCode"
  | "duplicateId"
  | "documentNotFound"
  | "groupNotFound"
  | "itemNotFound"
  | "duplicateEntry"
  | "invalidStatus"
  | "alreadySettled"
  | "accountMismatch"
  | "currencyMismatch"
  | "kindMismatch"
  | "invalidItem"
  | "periodClosed"
  | "dateTooEarly"
  | "limitExceeded"
  | "tooManyDecimals"
  | "outOfRange"
  | "offIncrement"
  | "invalidDiscount"
  | "amountNotPositive"
  | "sumMismatch"
  | "allWeightsZero"
  | "exceedsCaps"
  | "exceedsItem"
  | "exceedsUnapplied"
  | "exceedsBalance"
  | "exceedsApplied"
  | "exceedsAvailableToCredit"
  | "noSourceItem"
  | "nothingToSettle"
  | "invalidCursor"
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

/**
 * The facts behind an error. A program reads `reason` and `figures`; a form shows `sentence` beside the field that
 * `path` names. `setoff/locale/de` says the same in German, from the same figures.
 */
export interface ErrorDetails {
  /** What is wrong, in English, with the figures that decided. The error's `message` is this after the path. */
  readonly sentence: string;
  /**
   * What exactly is wrong, such as `"moreThanBalance"`: several reasons can have the same code. New versions may tell
   * reasons apart that are one now, so programs should rely on codes.
   */
  readonly reason: string;
  /** The amounts, days, counts, identifiers and words that decided, by name, such as `{ most: "40.00" }`. */
  readonly figures: { readonly [name: string]: ErrorFigure };
}

/**
 * A figure of an error: an amount or another decimal number as canonical text, a day as `YYYY-MM-DD`, a count as a
 * number; an identifier, a word or anything else that a request held as text; several words as a list.
 */
export type ErrorFigure = string | number | readonly string[];

/** Whether `error` is a {@link SetoffError}, also one from another copy of the package or another realm. */
export function isSetoffError(error: unknown): error is SetoffError;

/** What {@link init} can load the module from: an address, a response, bytes or a compiled module. */
export type InitSource =
  | string
  | ArrayBuffer
  | Uint8Array
  | Global<"URL">
  | Global<"Response">
  | (typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } }
      ? M & object
      : never);

type Global<Name extends string> = typeof globalThis extends { [N in Name]: { prototype: infer T } }
  ? T
  : never;

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
