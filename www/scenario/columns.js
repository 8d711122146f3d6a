// Rows of a table as commands: which column is which field somebody says once, and it is remembered.
import { readAmount } from "../words/amount.js";
import { isDay } from "../words/day.js";

/** The fields that a row can have, and words by which their columns are usually called. */
export const FIELDS = {
  kind: { name: "Kind", words: ["kind", "type", "document type"] },
  number: {
    name: "Number",
    words: ["number", "invoice", "invoice number", "document", "id", "no"],
    needed: true,
  },
  date: { name: "Date", words: ["date", "invoice date", "document date", "posted"], needed: true },
  dueDate: { name: "Due date", words: ["due", "due date", "duedate"] },
  line: { name: "Line", words: ["line", "line id", "item", "item id", "position"] },
  description: {
    name: "Description",
    words: ["description", "text", "product", "charge", "charge name", "name"],
  },
  amount: {
    name: "Amount",
    words: ["amount", "net", "line amount", "charge amount", "total"],
    needed: true,
  },
  tax: { name: "Tax", words: ["tax", "tax amount", "vat"] },
  currency: { name: "Currency", words: ["currency"] },
};

const plain = (text) =>
  text
    .toLowerCase()
    .replace(/[_\-.]+/g, " ")
    .trim();

/** Which column is which field, by their names. */
export function guessColumns(headers) {
  const taken = new Set();
  const columns = {};
  for (const [field, { words }] of Object.entries(FIELDS)) {
    const found = words
      .map((word) => headers.find((header) => plain(header) === word && !taken.has(header)))
      .find((header) => header !== undefined);
    if (found === undefined) continue;
    taken.add(found);
    columns[field] = found;
  }
  return columns;
}

const KINDS = {
  invoice: "createInvoice",
  "credit memo": "createCreditMemo",
  creditmemo: "createCreditMemo",
  "credit note": "createCreditMemo",
  credit: "createCreditMemo",
  "debit memo": "createDebitMemo",
  debitmemo: "createDebitMemo",
  payment: "createPayment",
};

/** `2026-03-15`, `15.03.2026` and `2026/03/15`. What can be read in two ways is not read. */
function readDay(text) {
  const [, day, month, year] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
  const iso =
    year === undefined
      ? text.replaceAll("/", "-").slice(0, 10)
      : `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return isDay(iso) ? iso : undefined;
}

/**
 * The commands of rows: those of one kind and number are one document. Answers what is wrong with the rows themselves,
 * and where a field of a command comes from.
 */
export function commandsOfRows(rows, columns) {
  const missing = Object.entries(FIELDS).filter(([field, { needed }]) => needed && !columns[field]);
  if (missing.length > 0) {
    const faults = missing.map(([, { name }]) => {
      return { row: null, column: name, says: `Which column is the ${name.toLowerCase()}?` };
    });
    return { commands: [], faults, placeOf: () => ({ row: null, column: null }) };
  }
  const reader = new Reader(columns);
  rows.forEach((row, place) => reader.add(row, place + 2));
  return reader.result();
}

class Reader {
  #columns;
  #documents = new Map();
  #faults = [];

  constructor(columns) {
    this.#columns = columns;
  }

  #text(row, field) {
    return String(row[this.#columns[field]] ?? "").trim();
  }

  add(row, number) {
    const wrong = (field, says) => {
      this.#faults.push({ row: number, column: this.#columns[field], says, document: key });
    };
    const id = this.#text(row, "number");
    const kind = plain(this.#text(row, "kind") || "invoice");
    const type = KINDS[kind];
    const key = `${type} ${id}`;
    if (id === "") return wrong("number", "There is no number.");
    if (type === undefined)
      return wrong("kind", `“${this.#text(row, "kind")}” is no kind of document.`);
    if (!this.#documents.has(key)) this.#documents.set(key, { type, id, rows: [], items: [] });
    const document = this.#documents.get(key);
    document.rows.push(number);
    const day = (field) => {
      const text = this.#text(row, field);
      const read = readDay(text);
      if (text !== "" && read === undefined)
        wrong(field, `“${text}” is not a day. Write it as 2026-03-15.`);
      return read;
    };
    const amount = (field) => {
      const text = this.#text(row, field);
      const read = readAmount(text);
      if (read.state === "wrong") wrong(field, `“${text}” is not an amount.`);
      return read.amount;
    };
    document.at ??=
      day("date") ??
      (this.#text(row, "date") === "" ? wrong("date", "There is no date.") : undefined);
    document.dueDate ??= day("dueDate");
    document.currency ??= this.#text(row, "currency") || undefined;
    const net = amount("amount");
    const tax = amount("tax");
    if (this.#text(row, "amount") === "") wrong("amount", "There is no amount.");
    const line = this.#text(row, "line") || String(document.items.length + 1);
    const description = this.#text(row, "description");
    document.items.push({
      ...{ id: line, amount: net },
      ...(description !== "" && { description }),
      ...(tax !== undefined &&
        !/^0(\.0+)?$/.test(tax) && { taxItems: [{ id: `${line}-tax`, name: "Tax", amount: tax }] }),
    });
    return undefined;
  }

  result() {
    const documents = [...this.#documents];
    const places = new Map(documents.map(([key], place) => [key, place]));
    return {
      commands: documents.map(([, document]) => commandOf(document)),
      faults: this.#faults.map(({ document, ...fault }) => ({
        ...fault,
        command: places.get(document),
      })),
      placeOf: (segments) => placeOf(segments, documents, this.#columns),
    };
  }
}

function commandOf({ type, id, at, dueDate, currency, items }) {
  const head = { type, id, at, ...(currency !== undefined && { currency }) };
  if (type === "createPayment") return { ...head, amount: items[0].amount };
  const due = dueDate !== undefined && type !== "createCreditMemo" ? { dueDate } : {};
  return { ...head, ...due, autoPost: true, items };
}

/** The row and the column of a field of a command. */
export function placeOf([command, field, item, ...rest], documents, columns) {
  const [, { rows }] = documents[command];
  if (field === "items" && typeof item === "number") {
    const [name] = rest;
    const column = { id: "line", taxItems: "tax" }[name] ?? name;
    return { row: rows[item], column: columns[column] ?? columns.amount };
  }
  const column = { id: "number", at: "date" }[field] ?? field;
  return { row: rows[0], column: columns[column] ?? columns.number };
}
