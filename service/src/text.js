// Texts as PostgreSQL keeps them. Its texts hold all characters but U+0000, which is a character of JSON like any
// other. So U+0000 and U+0001 are written as two characters each, in their order: texts compare as they did, byte by
// byte.

const UNSAFE = /[\0\x01]/g;
const WRITTEN = /\x01([\x01\x02])/g;

/**
 * A text as it is written.
 * @param {string} text
 */
export const written = (text) =>
  text.replace(UNSAFE, (character) => (character === "\0" ? "\x01\x01" : "\x01\x02"));

/**
 * A text as it was.
 * @param {string} text
 */
export const read = (text) =>
  text.includes("\x01")
    ? text.replace(WRITTEN, (_, second) => (second === "\x01" ? "\0" : "\x01"))
    : text;

/**
 * A value of JSON with all its texts, and all its names, as `change` makes them.
 * @param {(text: string) => string} change
 * @param {unknown} value
 * @returns {unknown}
 */
export function mapTexts(change, value) {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((entry) => mapTexts(change, entry));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value);
  return Object.fromEntries(fields.map(([name, field]) => [change(name), mapTexts(change, field)]));
}
