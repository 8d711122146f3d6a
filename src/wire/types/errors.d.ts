// Errors.

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
  | "commandIdReused"
  | "versionMismatch"
  | "unknownCurrency"
  | "unknownReasonCode"
  | "duplicateId"
  | "entryNotFound"
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
  | "invalidExport"
  | "entryMismatch"
  | "planMoved";

/** Everything that setoff throws. */
export class SetoffError extends Error {
  private constructor();
  readonly name: "SetoffError";
  /** Stable: programs may rely on it. */
  readonly code: ErrorCode;
  /** The field, such as `invoices[1].amount`; `""` for the request as a whole. */
  readonly path: string;
  /** The same as names and places, such as `["invoices", 1, "amount"]`: what form libraries take. */
  readonly segments: readonly (string | number)[];
  readonly details: ErrorDetails;
  /**
   * What a form marks: every fault of the shape of the request (types, words, days, missing and unknown fields), this one
   * first. There may be more that are seen only when these are mended: what two fields say together, and what a field may
   * say in an object whose kind is not clear. Of any other refusal it has this one alone.
   */
  readonly issues: readonly ErrorFacts[];
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
