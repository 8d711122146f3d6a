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
function amountText(low, high, scale) {
  const units = (high | 0) * 2 ** 32 + low;
  const exact = Number.isSafeInteger(units) ? units : BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
  const text = String(exact);
  if (scale === 0) return text;
  const digits = (exact < 0 ? text.slice(1) : text).padStart(scale + 1, "0");
  return `${exact < 0 ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const HEAD = 6;
const LISTS = ["applications", "documents", "lines"];

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
    return this.#list("applications", ([, source, applications], names) => {
      const memo = names.document(source);
      let item = HEAD + applications * 5;
      return this.#rows(HEAD, applications, 5, (at, word, amount) => {
        const invoice = names.document(word(at));
        const count = word(at + 2);
        const items = this.#rows(item, count, 4, (at) => ({
          source: memo.lines[word(at)],
          target: invoice.lines[word(at + 1)],
          amount: amount(at + 2),
        }));
        item += count * 4;
        const ruleUsed = ["proration", "fifo", "explicit"][word(at + 1)];
        return { creditMemoId: memo.id, invoiceId: invoice.id, amount: amount(at + 3), ruleUsed, items };
      });
    });
  }

  get documents() {
    return this.#list("documents", ([, , applications, items, documents], names) =>
      this.#rows(HEAD + applications * 5 + items * 4, documents, 5, (at, word, amount) => ({
        documentId: names.document(word(at)).id,
        before: amount(at + 1),
        after: amount(at + 3),
      })),
    );
  }

  get lines() {
    return this.#list("lines", ([, , applications, items, documents, lines], names) =>
      this.#rows(HEAD + applications * 5 + items * 4 + documents * 5, lines, 6, (at, word, amount) => ({
        line: names.document(word(at)).lines[word(at + 1)],
        before: amount(at + 2),
        after: amount(at + 4),
      })),
    );
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

  #rows(at, count, width, row) {
    const columns = this.#columns;
    const scale = columns[0];
    const word = (at) => columns[at];
    const amount = (at) => amountText(columns[at], columns[at + 1], scale);
    return Array.from({ length: count }, (_, index) => row(at + index * width, word, amount));
  }
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
