// Bill runs: which document a charge lands on.

/** What a bill run found, with the sign of an invoice: what the customer owes is positive. */
export interface BillRunEntry {
  /** Unique in the bill run. */
  readonly id: string;
  /** Without tax. */
  readonly amount: DecimalInput;
  /** Left out: zero. */
  readonly taxAmount?: DecimalInput;
}

/** A charge of a bill run. */
export interface ChargeEntry extends BillRunEntry {
  /** Charges of one group go together by `"netNegativeByGroup"`. Left out: the group `""`. */
  readonly group?: string;
  /**
   * Charges of different batches never share a document, and are judged apart. Left out: the batch
   * `""`.
   */
  readonly batch?: string;
  /** It gives back, even if it is a charge of nothing. Left out: it does not. */
  readonly givesBack?: boolean;
  /**
   * Whether it may be on a credit memo; one with a charge that may not is refused. Left out: it
   * may.
   */
  readonly creditable?: boolean;
  readonly appliedToItemId?: undefined;
}

/** A discount on a charge of a bill run. It goes where the charge goes, and counts with it. */
export interface DiscountEntry extends BillRunEntry {
  /** The charge. */
  readonly appliedToItemId: string;
  readonly group?: undefined;
  readonly batch?: undefined;
  readonly givesBack?: undefined;
  readonly creditable?: undefined;
}

/** A charge that a bill run found, or a discount on one. */
export type BillRunCharge = ChargeEntry | DiscountEntry;

/** What a bill run found, and how it becomes documents. */
export interface BillRun {
  /** A code of ISO 4217, or a definition. */
  readonly currency: string | CurrencyDefinition;
  /**
   * What goes onto a credit memo. `"netNegative"`: everything, if it is negative together.
   * `"netNegativeByGroup"`: if it is, the groups that are. `"negatives"`: each charge that is, with
   * its discounts. `"negativesAndZeros"`: these, and charges of nothing that give back. Left out:
   * `"netNegative"`.
   */
  readonly rule?: "netNegative" | "netNegativeByGroup" | "negatives" | "negativesAndZeros";
  /**
   * What decides whether something is negative: the amount without tax, or with it. Left out:
   * `"net"`. A batch whose credit memo would be below zero with its taxes is judged with them in
   * any case.
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
