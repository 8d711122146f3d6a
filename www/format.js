const MINUS = "\u2212";

/** An amount as the engine wrote it, with a true minus sign and thousands apart. Text to text, no number between. */
export function money(text) {
  const [whole, decimals] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",").replace("-", MINUS);
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

/** An amount without its sign, for where words already say the direction. */
export function unsigned(text) {
  return money(text.replace("-", ""));
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
