// What a command did, read from the engine's columns (`src/wire/columns.rs`) when it is first looked at.

/** What documents and their lines are called, fetched when a new one is met. */
export class Names {
  #fetch;
  #documents = [];

  /** `fetch(from)` answers with the names of the documents from the one at `from` on. */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  document(index) {
    if (index >= this.#documents.length) this.load();
    return this.#documents[index];
  }

  load() {
    let document, itemId;
    for (const row of this.#fetch(this.#documents.length).split("\n")) {
      const id = row.slice(1);
      switch (row[0]) {
        case "D":
          document = { id, lines: [] };
          this.#documents.push(document);
          break;
        case "I":
          itemId = id;
          document.lines.push(Object.freeze({ documentId: document.id, itemId, taxItemId: null }));
          break;
        case "T":
          document.lines.push(Object.freeze({ documentId: document.id, itemId, taxItemId: id }));
      }
    }
  }
}

/** The canonical text of an amount of two 32-bit words in a currency of `scale` decimals. */
export function amountText(low, high, scale) {
  const units = (high | 0) * 2 ** 32 + low;
  if (Number.isSafeInteger(units)) {
    const absolute = Math.abs(units);
    const power = 10 ** scale;
    const fraction = absolute % power;
    // A whole multiple divided by its divisor: exact.
    const whole = `${units < 0 ? "-" : ""}${(absolute - fraction) / power}`;
    return scale === 0 ? whole : `${whole}.${String(fraction).padStart(scale, "0")}`;
  }
  const exact = BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
  const digits = String(exact < 0n ? -exact : exact).padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${exact < 0n ? "-" : ""}${digits.slice(0, point)}${scale === 0 ? "" : "."}${digits.slice(point)}`;
}

const HEAD = 6;
const LISTS = ["applications", "documents", "lines"];
const RULES = ["proration", "fifo", "explicit"];

export class Outcome {
  #columns;
  #names;
  #lists = {};

  constructor([summary, columns], names) {
    Object.assign(this, summary);
    this.#columns = columns;
    this.#names = names;
  }

  get applications() {
    return this.#list("applications", (columns, names) => {
      const [scale, source, count] = columns;
      const memo = names.document(source);
      let item = HEAD + count * 5;
      return rows(HEAD, count, 5, (at) => {
        const invoice = names.document(columns[at]);
        const items = rows(item, columns[at + 2], 4, (at) => ({
          source: memo.lines[columns[at]],
          target: invoice.lines[columns[at + 1]],
          amount: amountText(columns[at + 2], columns[at + 3], scale),
        }));
        item += items.length * 4;
        return {
          creditMemoId: memo.id,
          invoiceId: invoice.id,
          amount: amountText(columns[at + 3], columns[at + 4], scale),
          ruleUsed: RULES[columns[at + 1]],
          items,
        };
      });
    });
  }

  get documents() {
    return this.#list("documents", (columns, names) => {
      const [scale, , applications, items, count] = columns;
      return rows(HEAD + applications * 5 + items * 4, count, 5, (at) => ({
        documentId: names.document(columns[at]).id,
        before: amountText(columns[at + 1], columns[at + 2], scale),
        after: amountText(columns[at + 3], columns[at + 4], scale),
      }));
    });
  }

  get lines() {
    return this.#list("lines", (columns, names) => {
      const [scale, , applications, items, documents, count] = columns;
      return rows(HEAD + applications * 5 + items * 4 + documents * 5, count, 6, (at) => ({
        line: names.document(columns[at]).lines[columns[at + 1]],
        before: amountText(columns[at + 2], columns[at + 3], scale),
        after: amountText(columns[at + 4], columns[at + 5], scale),
      }));
    });
  }

  toJSON() {
    const data = { ...this };
    for (const name of LISTS) data[name] = this[name];
    return data;
  }

  [Symbol.for("nodejs.util.inspect.custom")]() {
    return this.toJSON();
  }

  #list(name, read) {
    return (this.#lists[name] ??= this.#columns === null ? [] : read(this.#columns, this.#names));
  }
}

/** An object for each of `count` rows of `width` words from `at` on. */
function rows(at, count, width, row) {
  const list = new Array(count);
  for (let index = 0; index < count; index++) list[index] = row(at + index * width);
  return list;
}

export class Plan extends Outcome {
  #book;
  #request;
  #columns;

  constructor(answer, names, book, request) {
    super(answer, names);
    this.#book = book;
    this.#request = request;
    this.#columns = answer[1];
    Object.defineProperty(this, "committed", { value: false });
  }

  /** What the engine needs to carry out `plan`, a plan of `book`; undefined for anything else. */
  static contents(plan, book) {
    const isPlan = typeof plan === "object" && plan !== null && #book in plan && plan.#book === book;
    return isPlan ? { request: plan.#request, columns: plan.#columns } : undefined;
  }
}
