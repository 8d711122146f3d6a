import type { ChangeLine, PartReason, Prorated, ShareReason } from "setoff";

/** The fields of a `SetoffError`, or of the error of a bulk result, from which a sentence is made. */
export interface Refusal {
  /** The kind of error. */
  readonly code: string;
  /** The field that is wrong. */
  readonly path: string;
  /** The reason, and the figures of its sentence. */
  readonly details: {
    readonly reason: string;
    readonly figures: { readonly [name: string]: string | number | readonly string[] };
  };
}

/** The text of an error in one language. */
export interface Wording {
  /** The path and the sentence, like the error's own `message`, which is English. */
  readonly message: string;
  /** The sentence alone, like `details.sentence`, for a form that shows it next to the field. */
  readonly sentence: string;
}

/**
 * Returns the text of an error in German.
 *
 * ```ts
 * import { wording } from "setoff/locale/de";
 *
 * try {
 *   book.execute(command);
 * } catch (error) {
 *   if (isSetoffError(error)) show(wording(error).message);
 * }
 * ```
 *
 * For a reason that this catalogue does not know, it says what the code stands for, without figures.
 */
export function wording(error: Refusal): Wording;

/**
 * Returns the reason for an amount as a German sentence: of a line of `book.explain`, a part of `explainAllocation`, the
 * result of `prorate`, or a line of `previewChange`. Its numbers are exact and have a decimal comma.
 *
 * ```ts
 * import { explanation } from "setoff/locale/de";
 *
 * const [application] = book.explain({ applicationGroupId: "AG-3" });
 * for (const reason of application.received) show(reason.line, explanation(reason));
 * ```
 */
export function explanation(reason: ShareReason | PartReason | Prorated | ChangeLine): string;
