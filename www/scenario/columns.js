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

/** Tables of other systems, known by their head, each from a sample that is public. */
const SYSTEMS = [
  {
    name: "Xero, sales invoices",
    source:
      "https://docs.milientsoftware.com/help/moment-by-topic/integrations/file-exports/" +
      "file-export-accounting-system/xero/xero-templates",
    head: ["ContactName", "InvoiceNumber", "InvoiceDate", "DueDate", "LineAmount", "TaxAmount"],
    columns: {
      kind: "Type",
      number: "InvoiceNumber",
      date: "InvoiceDate",
      dueDate: "DueDate",
      description: "Description",
      amount: "LineAmount",
      tax: "TaxAmount",
      currency: "Currency",
    },
  },
];

/** The system that writes tables with this head, if it is known: its name, and where its sample stands. */
export function systemOf(headers) {
  const known = SYSTEMS.find(({ head }) => head.every((name) => headers.includes(name)));
  return known && { name: known.name, source: known.source };
}

/** A name in lower case, as words: `InvoiceNumber` and `invoice_number` are `invoice number`. */
const plain = (text) =>
  text
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replace(/[_\-.*]+/g, " ")
    .trim();

/** Which column is which field: as the system has it that writes such tables, or by their names. */
export function guessColumns(headers) {
  const known = SYSTEMS.find(({ name }) => name === systemOf(headers)?.name);
  if (known !== undefined) {
    const stated = Object.entries(known.columns).filter(([, column]) => headers.includes(column));
    return Object.fromEntries(stated);
  }
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
  "sales invoice": "createInvoice",
  "credit memo": "createCreditMemo",
  creditmemo: "createCreditMemo",
  "credit note": "createCreditMemo",
  credit: "createCreditMemo",
  "debit memo": "createDebitMemo",
  debitmemo: "createDebitMemo",
  payment: "createPayment",
};

/** How days with slashes are read: with the day first, or with the month first. */
export const DAY_ORDERS = { dayFirst: "31/12/2026", monthFirst: "12/31/2026" };

const WITH_SLASHES = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

/** What days with slashes say of their order: one of them with a number above 12 tells. */
function orderOf(texts) {
  const days = texts.map((text) => WITH_SLASHES.exec(text)).filter((found) => found !== null);
  if (days.length === 0) return { isAsked: false };
  if (days.some(([, first]) => Number(first) > 12)) return { isAsked: false, order: "dayFirst" };
  if (days.some(([, , second]) => Number(second) > 12))
    return { isAsked: false, order: "monthFirst" };
  return { isAsked: true, example: days[0][0] };
}

/** `2026-03-15`, `15.03.2026` and `2026/03/15`; `15/03/2026` in an order that is known. */
function readDay(text, order) {
  const iso = (year, month, day) => `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const points = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  const slashes = order === undefined ? null : WITH_SLASHES.exec(text);
  const [, first, second, year] = points ?? slashes ?? [];
  let day = text.replaceAll("/", "-").slice(0, 10);
  if (points !== null || order === "dayFirst") day = year ? iso(year, second, first) : day;
  else if (slashes !== null) day = iso(year, first, second);
  return isDay(day) ? day : undefined;
}

/**
 * The commands of rows: those of one kind and number are one document. `order`: how days with slashes are read, where
 * somebody has said so. Answers what is wrong with the rows themselves, and where a field of a command comes from.
 */
export function commandsOfRows(rows, columns, order) {
  const missing = Object.entries(FIELDS).filter(([field, { needed }]) => needed && !columns[field]);
  if (missing.length > 0) {
    const faults = missing.map(([, { name }]) => {
      return { row: null, column: name, says: `Which column is the ${name.toLowerCase()}?` };
    });
    return nothing(faults);
  }
  const days = rows.flatMap((row) => [row[columns.date], row[columns.dueDate]]);
  const found = orderOf(days.map((text) => String(text ?? "").trim()));
  if (found.isAsked && order === undefined) {
    const says = `Which number of ${found.example} is the day? Choose under “Dates”.`;
    return { ...nothing([{ row: null, column: columns.date, says }]), isOrderAsked: true };
  }
  const reader = new Reader(columns, found.order ?? order);
  rows.forEach((row, place) => reader.add(row, place + 2));
  return { ...reader.result(), isOrderAsked: found.isAsked };
}

const nothing = (faults) => ({
  commands: [],
  faults,
  isOrderAsked: false,
  placeOf: () => ({ row: null, column: null }),
});

class Reader {
  #columns;
  #order;
  #documents = new Map();
  #faults = [];

  constructor(columns, order) {
    this.#columns = columns;
    this.#order = order;
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
      const read = readDay(text, this.#order);
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
