// Amounts as people type and read them. Text to text: no amount ever becomes a number here.

const MINUS = "\u2212";

/** The locale of the visitor, where `Intl` knows it. */
export const LOCALE = knownLocale(globalThis.navigator?.language);

function knownLocale(tag) {
  try {
    return Intl.NumberFormat(tag).resolvedOptions().locale;
  } catch {
    return "en-US";
  }
}

/** The signs between digits of a locale: `{ group: ",", decimal: "." }`. */
export function separatorsOf(locale) {
  const parts = Intl.NumberFormat(locale).formatToParts(-1234567.5);
  const sign = (type) => parts.find((part) => part.type === type)?.value;
  return { group: sign("group") ?? ",", decimal: sign("decimal") ?? "." };
}

const formats = new Map();

/** What writes numbers with this number of decimals. */
function formatOf(locale, decimals) {
  const key = `${locale} ${decimals}`;
  if (!formats.has(key)) {
    const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    formats.set(key, Intl.NumberFormat(locale, options));
  }
  return formats.get(key);
}

/** An amount of the engine, as the visitor writes numbers. `Intl` formats the text as it is, so every digit is kept. */
export function shown(amount, locale = LOCALE) {
  const decimals = amount.split(".")[1]?.length ?? 0;
  return formatOf(locale, decimals).format(amount).replace("-", MINUS);
}

/** Whether an amount is zero, however many decimals its currency has. */
export const isNil = (amount) => /^-?0(\.0+)?$/.test(amount);

export const isNegative = (amount) => amount.startsWith("-");

/** The same amount in the other direction. */
export function negated(amount) {
  if (isNil(amount)) return amount;
  return isNegative(amount) ? amount.slice(1) : `-${amount}`;
}

/** `+0.35` for a difference that is more, `−0.35` for one that is less. */
export const signed = (amount) =>
  `${isNegative(amount) || isNil(amount) ? "" : "+"}${shown(amount)}`;

/**
 * What somebody has typed into a field for an amount.
 *
 * `{ state: "empty" }`, `{ state: "ok", amount }` with the engine's spelling, `{ state: "unfinished", amount }` for
 * what is an amount once it goes on (`12.`), and `{ state: "wrong" }`. It takes `12,50`, `.5`, `20.`, `1,000.00`,
 * `1.000,00` and a sign of a currency. A single separator with three digits behind it groups, where the locale groups
 * by it.
 */
export function readAmount(text, locale = LOCALE) {
  const bare = text.replace(/[\s\u00a0\u202f'’]/g, "").replace(/\p{Sc}/gu, "");
  if (bare === "") return { state: "empty" };
  const plain = bare.replaceAll(MINUS, "-");
  if (plain === "-" || /^-?[.,]$/.test(plain)) return { state: "unfinished" };
  const found = /^(-?)([\d.,]+)$/.exec(plain);
  if (found === null) return { state: "wrong" };
  const split = splitDecimals(found[2], separatorsOf(locale));
  if (split === undefined) return { state: "wrong" };
  const [whole, decimals] = split;
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  const number = decimals === "" ? digits : `${digits}.${decimals}`;
  const isUnfinished = /[.,]$/.test(plain);
  return {
    state: isUnfinished ? "unfinished" : "ok",
    amount: isNil(number) ? number : found[1] + number,
  };
}

/** The digits before and behind the decimal separator; undefined where nobody can tell which that is. */
function splitDecimals(text, { decimal }) {
  const marks = [...text].filter((sign) => sign === "." || sign === ",");
  const last = marks.at(-1);
  if (last === undefined) return [text, ""];
  const count = marks.filter((mark) => mark === last).length;
  const hasBoth = new Set(marks).size === 2;
  const behind = text.slice(text.lastIndexOf(last) + 1);
  const groups = !hasBoth && (count > 1 || (behind.length === 3 && last !== decimal));
  if (groups) return isGrouped(text, last) ? [text.replaceAll(last, ""), ""] : undefined;
  if (count > 1) return undefined;
  const whole = text.slice(0, text.lastIndexOf(last));
  const group = last === "." ? "," : ".";
  if (whole.includes(group) && !isGrouped(whole, group)) return undefined;
  return [whole.replaceAll(group, ""), behind];
}

const isGrouped = (text, sign) =>
  text.split(sign).every((part, place) => (place === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(part));

/**
 * What somebody has typed for a share of a hundred: `8`, `8%`, `8.5 %` or `8,5` as the engine's `rate`, `0.085`.
 * The point moves two digits, and no number is between.
 */
export function readPercent(text, locale = LOCALE) {
  const read = readAmount(text.replace("%", ""), locale);
  if (read.amount === undefined) return read;
  const [whole, decimals = ""] = read.amount.replace("-", "").split(".");
  const digits = whole.padStart(3, "0");
  const units = digits.slice(0, -2).replace(/^0+(?=\d)/, "");
  const fraction = `${digits.slice(-2)}${decimals}`.replace(/0+$/, "");
  const sign = isNegative(read.amount) ? "-" : "";
  return { ...read, rate: `${sign}${units}${fraction === "" ? "" : `.${fraction}`}` };
}

/** A rate as percent: `0.075` is `7.5 %`. */
export function percent(rate) {
  const [whole, decimals = ""] = rate.replace("-", "").split(".");
  const digits = decimals.padEnd(2, "0");
  const hundreds = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  const rest = digits.slice(2).replace(/0+$/, "");
  const number = rest === "" ? hundreds : `${hundreds}.${rest}`;
  return `${shown(isNegative(rate) ? `-${number}` : number)} %`;
}

/**
 * A fraction of the engine, written out: `1500/31` with two decimals is `{ head: "48.38", tail: "7096…" }`. The tail is
 * what is behind the smallest step of the currency: who has the most of it gets a step that is left over.
 */
export function writtenOut(fraction, decimals, more = 4) {
  const [above, below = "1"] = fraction.split("/");
  const [whole, given = ""] = above.replace("-", "").split(".");
  const denominator = BigInt(below) * 10n ** BigInt(given.length);
  const scale = decimals + more;
  const scaled = BigInt(whole + given) * 10n ** BigInt(scale);
  const digits = String(scaled / denominator).padStart(scale + 1, "0");
  const sign = isNegative(above) ? "-" : "";
  const point = digits.length - scale;
  const head = `${sign}${digits.slice(0, point)}${decimals === 0 ? "" : "."}${digits.slice(point, point + decimals)}`;
  const isExact = scaled % denominator === 0n;
  const rest = digits.slice(point + decimals);
  const tail = isExact ? rest.replace(/0+$/, "") : `${rest}…`;
  return { head, tail: decimals === 0 && tail !== "" ? `.${tail}` : tail };
}

/** The decimals that an amount has. */
export const decimalsOf = (amount) => amount.split(".")[1]?.length ?? 0;

/** How thick an amount is drawn. A picture needs a number; no figure is made of it. */
export const sizeOf = (amount) => Math.abs(Number(amount));
