// The documents of an account, as a person calls them. Each list is read once for a version of the book.
import { daysBetween } from "../words/day.js";

/** The most documents of one kind that are listed: a page is no report. */
const MOST = 20_000;

/** What was read of a book at its present version. */
export class Documents {
  #book;
  #lists = new Map();

  constructor(book) {
    this.#book = book;
    this.version = book.version;
  }

  #once(name, read) {
    if (!this.#lists.has(name)) this.#lists.set(name, read());
    return this.#lists.get(name);
  }

  /** Credit memos and payments of which something is left. */
  sources() {
    const fields = ["id", "number", "type", "date", "currency", "unappliedAmount"];
    const where = { status: "posted", unappliedAmount: { gt: "0" } };
    return this.#once("sources", () =>
      ["creditMemo", "payment"].flatMap((of) =>
        this.#rows({ of, where, fields, sort: [{ by: "date" }, { by: "number" }] }),
      ),
    );
  }

  /** Invoices and debit memos that have something open, the oldest first. */
  demands(currency) {
    const fields = ["id", "number", "type", "date", "dueDate", "balance", "currency"];
    const own = currency === null ? {} : { currency };
    const where = { status: "posted", balance: { ne: "0" }, ...own };
    return this.#once(`demands ${currency}`, () => {
      const all = ["invoice", "debitMemo"].flatMap((of) => this.#rows({ of, where, fields }));
      const key = ({ dueDate, date, number }) => `${dueDate} ${date} ${number}`;
      const keyed = all.map((row) => [key(row), row]);
      const order = new Intl.Collator("en", { numeric: true });
      return keyed.sort(([a], [b]) => order.compare(a, b)).map(([, row]) => row);
    });
  }

  demandsById(currency) {
    return this.#once(`by id ${currency}`, () => {
      return new Map(this.demands(currency).map((demand) => [demand.id, demand]));
    });
  }

  /** A document by its identifier, whatever its kind. */
  document(id) {
    return this.#once(`document ${id}`, () => {
      const { rows } = this.#book.query({ of: "document", where: { id }, page: { size: 1 } });
      return rows[0];
    });
  }

  /** The items and tax items of a document in their order, each with its name. A payment is one line without a name. */
  lines({ id, type, unappliedAmount, amount }) {
    return this.#once(`lines ${id}`, () => {
      if (type === "payment") return [paymentLine(id, unappliedAmount, amount)];
      const fields = ["id", "description", "amount", "openAmount", "taxItems"];
      const items = this.#rows({ of: "item", where: { documentId: id }, fields });
      return items.flatMap((item) => linesOf(id, item));
    });
  }

  #rows(query) {
    return this.#book.query({ ...query, page: { size: MOST } }).rows;
  }
}

const paymentLine = (documentId, open, amount) => ({
  ...{ key: lineKey({ documentId, itemId: null, taxItemId: null }), itemId: null, taxItemId: null },
  ...{ documentId, label: "Payment", kind: "payment", open, amount },
});

function linesOf(documentId, { id: itemId, description, amount, openAmount, taxItems }) {
  const label = description ?? itemId;
  const item = { documentId, itemId, taxItemId: null };
  return [
    { ...item, key: lineKey(item), label, kind: "item", amount, open: openAmount },
    ...taxItems.map(({ id: taxItemId, name, amount: tax, openAmount: open }) => {
      const line = { documentId, itemId, taxItemId };
      const words = { key: lineKey(line), label: name ?? taxItemId, of: label, kind: "tax" };
      return { ...line, ...words, amount: tax, open };
    }),
  ];
}

/** Names a line within an account, from the engine's reference to it. */
export const lineKey = ({ documentId, itemId, taxItemId }) =>
  JSON.stringify([documentId, itemId, taxItemId]);

/** Rows of sums by the lines that they are about. */
export const byLineKey = (rows) =>
  new Map(rows.map((row) => [lineKey({ itemId: null, taxItemId: null, ...row }), row]));

/** How many days a document is late: negative before its due day. */
export const daysLate = ({ dueDate }, at) => daysBetween(dueDate, at);
