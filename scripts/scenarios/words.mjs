// Fields of the interface in words, as `tests/support/scenario/words.rs` reads them.

const plain = /^[^\s"|;,()#>:…][^\s"|;,()]*$/;
const taken = new Set(["nothing", "yes", "no", "not", "none", "is", "tax", "line"]);

/** A text as one word, in quotation marks where it needs them. */
export function quote(text) {
  if (plain.test(text) && !taken.has(text) && !text.endsWith(":")) return text;
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/** `dueDate` as `due date`, `accountId` as `account`. */
export function inWords(name) {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  if (["account", "document", "refund"].includes(name)) return `the ${name}`;
  return ["sourceId", "targetId"].includes(name) ? words : words.replace(/ id$/, "");
}

/** The clauses that say the fields of an object. */
export function fields(object) {
  return Object.entries(object).flatMap(([name, value]) => field(name, value));
}

function field(name, value) {
  const words = inWords(name);
  if (name === "customFields") return [`${words} (${custom(value)})`];
  if (value === true) return [words];
  if (value === false) return [`not ${words}`];
  if (value === null) return [`${words} nothing`];
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${words} none`];
    return value.map((entry) => `${words} ${entryOf(entry)}`);
  }
  if (name === "every") {
    const [[unit, count]] = Object.entries(value);
    return [`every ${count} ${count === 1 ? unit.replace(/s$/, "") : unit}`];
  }
  return [`${words} ${entryOf(value)}`];
}

const entryOf = (value) =>
  typeof value === "object" ? `(${fields(value).join(", ")})` : quote(String(value));

const custom = (values) =>
  Object.entries(values)
    .map(([name, value]) => `${quote(name)} ${literal(value)}`)
    .join(", ");

function literal(value) {
  if (value === null) return "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  return /^[\d-]/.test(value) ? `"${value}"` : quote(value);
}

/** A line: its document, item and tax item, with strokes between them. */
export function lineOf({ documentId, itemId, taxItemId }) {
  return [documentId, itemId ?? "", ...(taxItemId ? [taxItemId] : [])].join("/");
}

/** An item or tax item without its document. */
export const shortLine = ({ itemId, taxItemId }) => [itemId, taxItemId].filter(Boolean).join("/");

/** `clause (more, and more)`, or the clause alone. */
export function withMore(clause, more) {
  const clauses = fields(more);
  return clauses.length === 0 ? clause : `${clause} (${clauses.join(", ")})`;
}
