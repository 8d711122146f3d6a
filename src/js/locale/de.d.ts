/** The fields of a `SetoffError`, or of the error of a bulk result, that a wording is made of. */
export interface Refusal {
  readonly code: string;
  readonly path: string;
  readonly details: {
    readonly reason: string;
    readonly figures: { readonly [name: string]: string | number | readonly string[] };
  };
}

/** What an error says in one language. */
export interface Wording {
  /** The path and the sentence, as in the error's own `message`, which is English. */
  readonly message: string;
  /** The sentence alone, as in `details.sentence`: for a form that shows it beside the field. */
  readonly sentence: string;
}

/**
 * What an error says, in German.
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
 * Of a reason that this catalogue does not know, it says what the code stands for, without the figures.
 */
export function wording(error: Refusal): Wording;
