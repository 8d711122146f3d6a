// What values look like on their way in and out.

/**
 * An exact decimal number as the engine writes it: an optional minus sign, digits without a leading zero, and
 * optionally a point with more digits, as in `"12.30"`, `"-0.05"` and `"1000"`. Money never crosses as a JavaScript
 * number. An amount always has all decimals of its currency, so equal amounts are equal texts. `Intl.NumberFormat`
 * formats this text without a loss.
 */
export type DecimalString = `${number}`;

/**
 * An exact decimal number in a request: a text like a {@link DecimalString}. An amount has at most the decimals of its
 * currency (`"40"` is `"40.00"`). More decimals are an error (`tooManyDecimals`); the engine never rounds them.
 * `setoff/rows` converts the values of a database.
 */
export type DecimalInput = string;

/**
 * Bytes with a memory of their own, which `Blob` and `fetch` take: a `Uint8Array<ArrayBuffer>`. TypeScript 5.6 knows it
 * as `Uint8Array` alone.
 */
export type OwnBytes = ReturnType<typeof Uint8Array.of>;

/** A calendar day as `YYYY-MM-DD`, from `0001-01-01` to `9999-12-31`. The engine has no clock and no time zone. */
export type IsoDate = `${number}-${number}-${number}`;

/**
 * A moment as the engine writes it: a calendar day, or an instant such as `2026-03-31T09:30:00Z`. Where the civil days
 * of a place count, the instant has an offset in place of the `Z`.
 */
export type IsoMoment = IsoDate | `${IsoDate}T${string}`;

/**
 * A day in a request: a text like {@link IsoDate}, or a `Temporal.PlainDate`. You can also give a
 * `Temporal.ZonedDateTime`, or a text with the offset of a place (`2026-03-31T00:30:00+02:00[Europe/Berlin]`). These
 * stand for the day that the clock shows there: the 31st. The engine refuses an instant in UTC (`Z`,
 * `Temporal.Instant`, `toISOString()`), because it can be another day at your place of business.
 */
export type DateInput = string | TemporalDay;

/**
 * A moment in a request: a text like {@link IsoMoment}, or a `Temporal.PlainDate`, `ZonedDateTime` or `Instant`. The
 * text may name its time zone after the offset (`2026-03-31T00:30:00+02:00[Europe/Berlin]` is a moment of the 31st).
 * The engine has no time zones, so the offset counts and the name does not. If time is counted in hours or smaller
 * units, a day stands for its midnight in UTC.
 */
export type MomentInput = DateInput | TemporalInstant;

/** What the engine reads of a `Temporal.PlainDate` or `Temporal.ZonedDateTime`, including those of a polyfill. */
interface TemporalDay {
  readonly [Symbol.toStringTag]: "Temporal.PlainDate" | "Temporal.ZonedDateTime";
}

/** What the engine reads of a `Temporal.Instant`. */
interface TemporalInstant {
  readonly [Symbol.toStringTag]: "Temporal.Instant";
}

/** An exact number as the engine writes it: a decimal number, or a fraction in lowest terms, such as `"15/31"`. */
export type FractionString = DecimalString | `${number}/${number}`;

/** An exact number in a request: a decimal number, or two with a slash between them, such as `"15/31"`. */
export type FractionInput = string;

/**
 * How an exact number is rounded. `halfUp`, `halfEven` and `halfDown` round to the nearest and
 * differ in ties. `up` rounds away from zero, `down` toward zero, `floor` to the lesser and
 * `ceiling` to the greater number. In ties, `halfUp` rounds away from zero, so that credits mirror
 * charges.
 */
export type Rounding = "halfUp" | "halfEven" | "halfDown" | "up" | "down" | "floor" | "ceiling";

/**
 * Values that the host keeps on a document or item. The engine does not read them and returns them in the order of
 * their names. A number comes back as you gave it. A number that needs more than 28 decimals (or 96 bits in all) is
 * refused, and so are −0, NaN and the infinities.
 */
export type CustomFields = { readonly [name: string]: string | number | boolean | null };

/** The kinds of documents. */
export type DocumentKind = "invoice" | "creditMemo" | "debitMemo" | "payment" | "refund";

/** The status of a document. Only posted documents settle anything. */
export type Status = "draft" | "posted" | "canceled";

/**
 * How a document was created: by itself, from another document, by the billing engine, or as the counterpart of a
 * reversal or write-off.
 */
export type Origin = "standalone" | "document" | "billing" | "reversal" | "writeOff";

/**
 * How the amount between two documents is spread over their items and tax items.
 *
 * - `"proration"`: in proportion to the open amount of each line, by largest remainder.
 * - `"fifo"`: one line after another, from the first. Negative lines settle first and in full,
 *   wherever they stand, because they are meant to be set off against the others.
 * - `"lifo"`: the same from the last. This reverses the order of documents and the order of lines,
 *   even if these orders are stated.
 * - `"sourceItem"`: each line settles the line that it credits (`sourceItemId`), and its taxes
 *   settle the same taxes, over any number of documents. An amount that finds no source item stays
 *   unapplied or goes by the `fallback`. If the amount is stated, it is refused without a
 *   `fallback` (`noSourceItem`). A part of the whole amount is split over these pairs in
 *   proportion, with negative pairs by their sign.
 * - `"explicit"`: as stated, line by line.
 */
export type Rule = "proration" | "fifo" | "lifo" | "sourceItem" | "explicit";

/** The rule of an application: one of {@link Rule}, or `"mirror"` if the operation created the counterpart itself. */
export type RuleUsed = Rule | "mirror";

/**
 * One line of a document: an item, or (with `taxItemId`) one of its tax items. A payment or refund has only one line,
 * in which both are `null`.
 */
export interface LineRef {
  /** The document. */
  readonly documentId: string;
  /** The item; `null` for a payment or refund. */
  readonly itemId: string | null;
  /** The tax item; `null` if the line is not one. */
  readonly taxItemId: string | null;
}
