// What values look like on their way in and out.

/**
 * An exact decimal number as the engine writes it: an optional minus sign, digits without a leading zero, and optionally a
 * point with digits behind it: `"12.30"`, `"-0.05"`, `"1000"`. Money never crosses as a JavaScript number. An amount always
 * has exactly the decimals of its currency, so that equal amounts are equal texts. `Intl.NumberFormat` formats it as it is,
 * without a loss.
 */
export type DecimalString = `${number}`;

/**
 * An exact decimal number in a request: a text like a {@link DecimalString}, wherever it comes from. An amount has as many
 * decimals as its currency, or fewer (`"40"` is `"40.00"`); more are an error, never rounded. `setoff/rows` makes it of
 * what a database says.
 */
export type DecimalInput = string;

/** A calendar day as `YYYY-MM-DD`, from `0001-01-01` to `9999-12-31`. The engine has no clock and no time zone. */
export type IsoDate = `${number}-${number}-${number}`;

/**
 * A moment as the engine writes it: a calendar day, or an instant as `2026-03-31T09:30:00Z`, with an offset instead of
 * the `Z` where civil days of a place count.
 */
export type IsoMoment = IsoDate | `${IsoDate}T${string}`;

/**
 * A day in a request: a text as {@link IsoDate}, or a `Temporal.PlainDate`. Of a `Temporal.ZonedDateTime`, or of a text with
 * the offset of a place (`2026-03-31T00:30:00+02:00[Europe/Berlin]`), the day that the clock there shows: the 31st. An
 * instant in UTC (`Z`, `Temporal.Instant`, `toISOString()`) is refused, because it can be another day where the business is.
 */
export type DateInput = string | TemporalDay;

/**
 * A moment in a request: a text as {@link IsoMoment}, which may name its zone behind its offset
 * (`2026-03-31T00:30:00+02:00[Europe/Berlin]` is a moment of the 31st), or a `Temporal.PlainDate`, `ZonedDateTime` or
 * `Instant`. The engine has no time zones: the offset counts, the name does not. Where time is counted in hours or less, a
 * day stands for its midnight in UTC.
 */
export type MomentInput = DateInput | TemporalInstant;

/** What a `Temporal.PlainDate` and a `Temporal.ZonedDateTime` have, also those of a polyfill. */
interface TemporalDay {
  readonly [Symbol.toStringTag]: "Temporal.PlainDate" | "Temporal.ZonedDateTime";
}

/** What a `Temporal.Instant` has. */
interface TemporalInstant {
  readonly [Symbol.toStringTag]: "Temporal.Instant";
}

/** An exact number as the engine writes it: a decimal, or a fraction in lowest terms, such as `"15/31"`. */
export type FractionString = DecimalString | `${number}/${number}`;

/** An exact number in a request: a decimal, or two with a slash between them, such as `"15/31"`. */
export type FractionInput = string;

/**
 * How an exact number is rounded. `halfUp` and `up` are away from zero, so that credits mirror
 * charges.
 */
export type Rounding = "halfUp" | "halfEven" | "halfDown" | "up" | "down" | "floor" | "ceiling";

/**
 * What the host keeps on a document or item; the engine carries its values untouched, in the order of their names. A
 * number comes back as it was given; one that takes more than 28 decimals (or 96 bits in all) is refused, and so are −0,
 * NaN and the infinities.
 */
export type CustomFields = { readonly [name: string]: string | number | boolean | null };

/** The kinds of documents. */
export type DocumentKind = "invoice" | "creditMemo" | "debitMemo" | "payment" | "refund";

/** A document's state. Only posted documents settle anything. */
export type Status = "draft" | "posted" | "canceled";

/** How a document came to be: by itself, from another one, by the billing engine, or as a counterpart. */
export type Origin = "standalone" | "document" | "billing" | "reversal" | "writeOff";

/**
 * How the amount between two documents is spread over their items and tax items.
 *
 * - `"proration"`: in proportion to what each line has open, by largest remainder.
 * - `"fifo"`: one line after another, from the front. Negative lines settle first and in full,
 *   wherever they stand: they are there to be set off against the others.
 * - `"lifo"`: the same from the back, in both orders: that of documents and that of lines, also
 *   where these are stated.
 * - `"sourceItem"`: each line with the line that it credits (`sourceItemId`), its taxes with the
 *   same taxes; over any number of documents. What finds no place stays unapplied, goes by the
 *   `fallback`, or (of a stated amount) is refused. A part of the amount is split over these pairs
 *   in proportion, negative ones with their sign.
 * - `"explicit"`: as stated line by line.
 */
export type Rule = "proration" | "fifo" | "lifo" | "sourceItem" | "explicit";

/** The rule of an application: one of {@link Rule}, or `"mirror"` where an operation made the counterpart itself. */
export type RuleUsed = Rule | "mirror";

/** One line of a document: an item, or (with `taxItemId`) one of its tax items. A payment or refund is one line without a name. */
export interface LineRef {
  readonly documentId: string;
  readonly itemId: string | null;
  readonly taxItemId: string | null;
}
