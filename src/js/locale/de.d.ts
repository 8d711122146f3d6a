/** The fields of a `SetoffError`, or of the error of a bulk result, that a wording is made of. */
export interface Refusal {
  readonly code: string;
  readonly path: string;
  readonly details: {
    readonly needed: string;
    readonly found: string;
    readonly reason: string | null;
    readonly figures: { readonly [name: string]: string | number | readonly string[] };
  };
}

/** What an error says in one language. */
export interface Wording {
  /** The whole, as the error's own `message` in English. */
  readonly message: string;
  /** What would have been right. */
  readonly needed: string;
  /** What was there instead. */
  readonly found: string;
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
 * Of a reason that this catalogue does not know, `needed` and `found` are those of the error.
 */
export function wording(error: Refusal): Wording;
