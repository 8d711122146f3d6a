// What values look like on their way in and out.

/**
 * An exact decimal number as text: an optional minus sign, digits without a leading zero, and optionally a point
 * with digits behind it: `"12.30"`, `"-0.05"`, `"1000"`. Money never crosses as a JavaScript number.
 *
 * In: as many decimals as the currency has, or fewer (`"40"` is `"40.00"`); more are an error, never rounded.
 * Out: always exactly the currency's decimals, so that equal amounts are equal texts.
 */
export type DecimalString = string;

/** A calendar day as `YYYY-MM-DD`, from `0001-01-01` to `9999-12-31`. The engine has no clock and no time zone. */
export type IsoDate = string;

/**
 * A moment: a calendar day, or an instant as `2026-03-31T09:30:00Z`, with an offset instead of the `Z` where civil days
 * of a place count (`2026-03-31T00:30:00+02:00` is a moment of the 31st). The engine has no time zones: the text says
 * the day. Where time is counted in hours or less, a day stands for its midnight in UTC.
 */
export type IsoMoment = IsoDate | `${IsoDate}T${string}`;

/** An exact number: a decimal, or two with a slash between them, such as `"15/31"`. Out: in lowest terms. */
export type FractionString = DecimalString | `${number}/${number}`;

/**
 * How an exact number is rounded. `halfUp` and `up` are away from zero, so that credits mirror
 * charges.
 */
export type Rounding = "halfUp" | "halfEven" | "halfDown" | "up" | "down" | "floor" | "ceiling";

/**
 * What the host keeps on a document or item; the engine carries it untouched. A number comes back as it was given; one that takes more than 28 decimals (or 96 bits in all) is
 * refused, and so are −0, NaN and the infinities.
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
