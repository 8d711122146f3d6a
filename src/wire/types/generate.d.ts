// Bill runs: which document a charge lands on.

/**
 * An amount that a bill run found. It has the sign of an invoice: what the customer owes is
 * positive.
 */
export interface BillRunEntry {
  /** The identifier, unique in the bill run. */
  readonly id: string;
  /** The amount without tax. */
  readonly amount: DecimalInput;
  /** The tax on the amount. Default: zero. */
  readonly taxAmount?: DecimalInput;
}

/** A charge of a bill run. */
export interface ChargeEntry extends BillRunEntry {
  /**
   * The group of the charge. With the rule `"netNegativeByGroup"`, charges of one group stay
   * together. Default: the group `""`.
   */
  readonly group?: string;
  /**
   * The batch of the charge. Charges of different batches never share a document, and the rule
   * judges each batch by itself. Default: the batch `""`.
   */
  readonly batch?: string;
  /** Whether the charge gives something back, even if its amount is zero. Default: `false`. */
  readonly givesBack?: boolean;
  /**
   * Whether the charge may be on a credit memo. A credit memo with a charge that may not is
   * refused. Default: `true`.
   */
  readonly creditable?: boolean;
  readonly appliedToItemId?: undefined;
}

/**
 * A discount on a charge of a bill run. It goes to the document of the charge and counts with it.
 */
export interface DiscountEntry extends BillRunEntry {
  /** The `id` of the charge. */
  readonly appliedToItemId: string;
  readonly group?: undefined;
  readonly batch?: undefined;
  readonly givesBack?: undefined;
  readonly creditable?: undefined;
}

/** A charge of a bill run, or a discount on one. */
export type BillRunCharge = ChargeEntry | DiscountEntry;

/** The charges of a bill run, and how they become documents. */
export interface BillRun {
  /** The currency: a code of ISO 4217, or a definition. */
  readonly currency: string | CurrencyDefinition;
  /**
   * Which charges go on a credit memo. Default: `"netNegative"`.
   *
   * - `"netNegative"`: all charges, if their sum is negative.
   * - `"netNegativeByGroup"`: if the sum of all charges is negative, the groups whose sum is
   *   negative.
   * - `"negatives"`: each negative charge, with its discounts.
   * - `"negativesAndZeros"`: the same, and also each charge of zero that gives back.
   */
  readonly rule?: "netNegative" | "netNegativeByGroup" | "negatives" | "negativesAndZeros";
  /**
   * Which amount decides whether something is negative: the one without tax or the one with tax. If
   * the taxes would make the credit memo of a batch negative, that batch is judged with tax in any
   * case. Default: `"net"`.
   */
  readonly judgedBy?: "net" | "gross";
  /** The charges and their discounts. */
  readonly charges: readonly BillRunCharge[];
}

/** An invoice or credit memo of a bill run. Its amounts have the signs of that document. */
export interface GeneratedDocument {
  readonly type: "invoice" | "creditMemo";
  /** The batch of its charges. */
  readonly batch: string;
  /** The amount with tax. An invoice is negative only if its tax made it so. Judge by `"gross"` to avoid that. */
  readonly amount: DecimalString;
  /** The part of `amount` that is tax. */
  readonly taxAmount: DecimalString;
  /** The charges, in the order of the bill run. */
  readonly items: readonly {
    readonly id: string;
    readonly amount: DecimalString;
    readonly taxAmount: DecimalString;
    readonly appliedToItemId?: string;
  }[];
}

/** The documents of a bill run. */
export interface GeneratedDocuments {
  /**
   * The documents, batch by batch in the order of their first charges. Of each batch the invoice comes first, then the
   * credit memo.
   */
  readonly documents: readonly GeneratedDocument[];
  /** The credit memos that are not allowed, because they have a charge that is not `creditable`. */
  readonly refused: readonly GeneratedDocument[];
}

/**
 * Decides which document each charge of a bill run goes to. It creates no documents. Use the items for `createInvoice`
 * and `createCreditMemo`, and add the other fields there.
 *
 * ```js
 * const charges = [{ id: "A", amount: "-10.00" }, { id: "B", amount: "50.00" }];
 * generateDocuments({ currency: "USD", rule: "negatives", charges }).documents;
 * // [{ type: "invoice", amount: "50.00", … }, { type: "creditMemo", amount: "10.00", … }]
 * ```
 *
 * Throws `duplicateId`; `itemNotFound` and `invalidDiscount` for a discount; and the errors of an amount in its
 * currency.
 */
export function generateDocuments(run: BillRun): GeneratedDocuments;
