/** What {@link check} reads. */
export interface CheckRequest {
  /** The lines of `book.export()`. */
  readonly lines: string | Iterable<string>;
  /**
   * The entries of the book's log, from the first or a later one, up to the last. Default: none; only the export is
   * checked.
   */
  readonly entries?: Iterable<object>;
}

/** Something that is wrong in an export or a log. */
export interface CheckProblem {
  /** The place, such as `lines[3].lines[0].applied` or `entries[2].hash`. */
  readonly place: string;
  /** What is wrong there, as an English sentence. */
  readonly problem: string;
}

/** Sums of exact amounts. */
export interface CheckFigures {
  /** The currency code. */
  readonly currency: string;
  /** The sum of the amounts, after discounts. */
  readonly amount: string;
  /** The sum that is applied. */
  readonly applied: string;
  /** The sum that is refunded. */
  readonly refunded: string;
  /** The sum that is open: `amount − applied − refunded`. */
  readonly open: string;
}

/** The figures of one document. */
export interface DocumentFigures extends CheckFigures {
  /** The kind of the document. */
  readonly documentType: string;
  /** The `id` of the document. */
  readonly id: string;
}

/** The figures of one currency: of all demands, of all sources (credit memos and payments), or of all refunds. */
export interface CurrencyFigures extends CheckFigures {
  /** The side: demands, sources or refunds. */
  readonly side: "demands" | "sources" | "refunds";
}

/** The result of {@link check}. */
export interface CheckResult {
  /** The problems; empty if everything is right. */
  readonly problems: readonly CheckProblem[];
  /** The figures of each document and of each currency, added up from the lines, in the order of the export. */
  readonly sums: readonly (DocumentFigures | CurrencyFigures)[];
}

/**
 * Checks a book without the engine. It checks that an export is whole, and that its figures add up line by line,
 * document by document and currency by currency. It checks that the entries of the log form a chain that ends in the
 * export. Rejects with a `TypeError` if `lines` or `entries` is no list.
 *
 * ```js
 * import { check } from "setoff/check";
 *
 * const { problems, sums } = await check({ lines: book.export(), entries: book.entries() });
 * ```
 */
export function check(request: CheckRequest): Promise<CheckResult>;
