/** `1 invoice`, `3 invoices`, `15,000 lines`. */
export const count = (number, noun) =>
  `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words) =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
