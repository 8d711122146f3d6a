// Errors.

/**
 * Every code that an error can have, in order of precedence: if several things are wrong with a command, the error has
 * the first of these codes. The table of error codes in the documentation says what each code means.
 */
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

/**
 * The error that setoff throws. A command that throws has changed nothing.
 *
 * ```js
 * try {
 *   book.execute(command);
 * } catch (error) {
 *   if (isSetoffError(error) && error.code === "exceedsBalance") show(error.path, error.details.sentence);
 *   else throw error;
 * }
 * ```
 */
export class SetoffError extends Error {
  private constructor();
  /** `"SetoffError"`, in every copy of the package. */
  readonly name: "SetoffError";
  /** The kind of error. Codes are stable, so programs may rely on them. */
  readonly code: ErrorCode;
  /** The field that is wrong, such as `invoices[1].amount`. For the request as a whole, `""`. */
  readonly path: string;
  /** The same path as names and indices, such as `["invoices", 1, "amount"]`. Form libraries take it like this. */
  readonly segments: readonly (string | number)[];
  /** The facts behind the error, and its sentence. */
  readonly details: ErrorDetails;
  /**
   * The fields that a form marks: every fault of a field of the request, with this error first. These are types, words,
   * days, missing and unknown fields, and in commands, changes of plan and bill runs also amounts with too many decimals,
   * tax rates of 100 % or more, and identifiers that are there twice. Some faults show only after you mend these:
   * conflicts between two fields, and fields of an object whose kind is not clear. For any other kind of error, the list
   * has this error alone.
   */
  readonly issues: readonly ErrorFacts[];
}

/**
 * The facts behind an error. A program reads `reason` and `figures`. A form shows `sentence` next to the field that
 * `path` names. `setoff/locale/de` makes the German sentence from the same figures.
 */
export interface ErrorDetails {
  /**
   * What is wrong, as an English sentence with the figures that decided. The error's `message` is the path and this
   * sentence.
   */
  readonly sentence: string;
  /**
   * What exactly is wrong, such as `"moreThanBalance"`. Several reasons can have the same code. A new version may split
   * one reason into several, so programs should rely on codes.
   */
  readonly reason: string;
  /** The amounts, days, counts, identifiers and words that decided, by name, such as `{ most: "40.00" }`. */
  readonly figures: { readonly [name: string]: ErrorFigure };
}

/**
 * A figure of an error. An amount or another decimal number is a canonical text, a day is a text `YYYY-MM-DD`, and a
 * count is a number. An identifier, a word, or anything else from the request is a text. Several words are a list.
 */
export type ErrorFigure = string | number | readonly string[];

/**
 * Returns whether `error` is a {@link SetoffError}. It also recognizes one from another copy of the package or another
 * realm.
 */
export function isSetoffError(error: unknown): error is SetoffError;
