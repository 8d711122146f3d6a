const MINUS = "\u2212";

/** An amount as the engine wrote it, with a true minus sign and thousands apart. Text to text, no number between. */
export function money(text) {
  const [whole, decimals] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",").replace("-", MINUS);
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

/** The same amount in the other direction: what is taken back of what was applied. */
export function negated(text) {
  if (isNil(text)) return text;
  return text.startsWith("-") ? text.slice(1) : `-${text}`;
}

/** A rate as percent: `0.075` is `7.5 %`. The point moves, digit by digit; no number between. */
export function percent(rate) {
  const [, sign, whole, decimals = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(rate);
  const digits = decimals.padEnd(2, "0");
  const hundreds = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  const rest = digits.slice(2).replace(/0+$/, "");
  return `${sign.replace("-", MINUS)}${hundreds}${rest && `.${rest}`} %`;
}

/** The rate that a number of percent is: `7.5` is `0.075`. What is no number stays as it is: the engine refuses it. */
export function rateOf(number) {
  const [, sign, whole, decimals = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(number) ?? [];
  if (whole === undefined) return number;
  const digits = whole.padStart(3, "0");
  const units = digits.slice(0, -2).replace(/^0+(?=\d)/, "");
  return `${sign}${units}.${digits.slice(-2)}${decimals}`;
}

/** A number as it is typed, without what is not finished yet: `12.` is 12 on the way to 12.5, and `.5` is 0.5. */
export function typed(text) {
  return text
    .trim()
    .replace(/^(-?)(?=\.\d)/, "$10")
    .replace(/(?<=^-?\d+)\.$/, "");
}

/** How many characters a figure may have and still stand in a column beside others. */
const COLUMN = 13;

/** Whether one of these amounts needs more room than a column has. */
export function isWide(amounts) {
  return amounts.some((amount) => amount !== null && money(amount).length > COLUMN);
}

/** Whether an amount is zero, however many decimals its currency has. */
export function isNil(text) {
  return /^0(\.0+)?$/.test(text);
}

/** Enough of a state hash to tell two states apart by eye. */
export function shortHash(hash) {
  return `${hash.slice(0, 8)}…${hash.slice(-4)}`;
}

/** `1 invoice`, `3 invoices`. */
export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
