/** What is to be checked. */
export interface CheckRequest {
  /** The lines of `book.export()`. */
  readonly lines: string | Iterable<string>;
  /** The entries of its log, from the first or from a later one on, up to the last. */
  readonly entries?: Iterable<object>;
}

/** Something that is not as it should be. */
export interface CheckProblem {
  /** Where it is, such as `lines[3].lines[0].applied` or `entries[2].hash`. */
  readonly place: string;
  /** What is wrong there, in English. */
  readonly problem: string;
}

/** Figures that were added up, as exact amounts. */
export interface CheckFigures {
  readonly currency: string;
  readonly amount: string;
  readonly applied: string;
  readonly refunded: string;
  readonly open: string;
}

/** The figures of one document. */
export interface DocumentFigures extends CheckFigures {
  readonly documentType: string;
  readonly id: string;
}

/** The figures of all demands, all sources (credit memos and payments) or all refunds of one currency. */
export interface CurrencyFigures extends CheckFigures {
  readonly side: "demands" | "sources" | "refunds";
}

/** What was found. */
export interface CheckResult {
  /** Empty where all is right. */
  readonly problems: readonly CheckProblem[];
  /** The figures of each document and of each currency, added up from lines, in the order of the export. */
  readonly sums: readonly (DocumentFigures | CurrencyFigures)[];
}

/**
 * Checks a book without the engine: that an export is whole, that all its figures add up, line by line, document by document
 * and currency by currency, and that the entries of its log are a chain that ends in it.
 */
export function check(request: CheckRequest): Promise<CheckResult>;
