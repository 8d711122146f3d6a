// What a command did, read from the engine's columns (`src/wire/columns.rs`) when it is first looked at.

import {
  APPLICATION,
  CREATED,
  DOCUMENT,
  HEAD,
  ITEM,
  KINDS,
  LINE,
  NARROW_ITEM,
  NARROW_ITEMS,
  NARROW_LINE,
  NARROW_LINES,
  PLANNED,
  RULES,
  SETTLEMENT,
} from "./contract.js";

/** The documents that rows of a text of the engine name, with their lines. */
function read(rows) {
  const documents = [];
  let document, itemId;
  for (const row of rows) {
    const id = row.slice(1);
    const line = (itemId, taxItemId) =>
      document.lines.push(Object.freeze({ documentId: document.id, itemId, taxItemId }));
    switch (row[0]) {
      case "D":
        document = { id: row.slice(3), scale: Number(row[1]), kind: KINDS[row[2]], lines: [] };
        documents.push(document);
        break;
      case "I":
        itemId = id;
        line(itemId, null);
        break;
      case "T":
        line(itemId, id);
        break;
      case "W":
        line(null, null);
    }
  }
  return documents;
}

/** Of drafts that got other lines: their numbers, and what the lines were called before and are after. */
function readRenamed(text) {
  const drafts = [];
  for (const row of text.split("\n")) {
    if (row[0] === "R") drafts.push({ number: Number(row.slice(1)), rows: [] });
    else drafts.at(-1).rows.push(row);
  }
  return drafts.map(({ number, rows }) => {
    const [before, after] = read(rows);
    return { number, before, after };
  });
}

/** What documents and their lines are called, fetched when a new one is met. */
export class Names {
  #fetch;
  #documents = [];
  /** How often drafts have got other lines. */
  #turn = 0;
  /** By number: what the lines of a draft were called, each before a turn. */
  #former = new Map();

  /** `fetch(from)` returns the names of the documents from the one at `from` on. */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  load() {
    // One by one: as arguments of a call, a hundred thousand would overflow the stack.
    for (const document of read(this.#fetch(this.#documents.length).split("\n")))
      this.#documents.push(document);
  }

  /** Drafts get other lines from now on; who speaks of those before goes on to do so. */
  rename(text) {
    this.#turn += 1;
    for (const { number, before, after } of readRenamed(text)) {
      if (number < this.#documents.length) this.#documents[number] = after;
      const former = this.#former.get(number) ?? [];
      this.#former.set(number, [...former, { until: this.#turn, document: before }]);
    }
  }

  /** The names as they are now, with those that only `answer` knows. */
  of(answer) {
    return new View(this, answer);
  }

  get turn() {
    return this.#turn;
  }

  /** A document as it was called at a turn. */
  document(number, turn) {
    const former =
      this.#former.size > 0 && this.#former.get(number)?.find(({ until }) => until > turn);
    if (former) return former.document;
    if (number >= this.#documents.length) this.load();
    return this.#documents[number];
  }
}

/** The names at the time of an answer; later changes do not reach them. */
class View {
  #names;
  #turn;
  #first;
  /** Of a plan: the documents that it creates, and those that it renames by their numbers. */
  #created;
  #renamed;

  constructor(names, { first, names: created, renamed }) {
    this.#names = names;
    this.#turn = names.turn;
    this.#first = first;
    if (created !== undefined) this.#created = read(created.split("\n"));
    if (renamed === undefined) return;
    this.#renamed = new Map(readRenamed(renamed).map(({ number, after }) => [number, after]));
  }

  document(number) {
    if (number < CREATED)
      return this.#renamed?.get(number) ?? this.#names.document(number, this.#turn);
    const place = number - CREATED;
    return this.#created?.[place] ?? this.#names.document(this.#first + place, this.#turn);
  }
}

/** `.00` to `.99`. */
const FRACTIONS = Array.from({ length: 100 }, (_, units) => `.${String(units).padStart(2, "0")}`);

/** The canonical text of minor units, a Number or (if large) a BigInt, of a currency of `scale` decimals. */
export function amountText(units, scale) {
  // Nearly all are these.
  if (scale === 2 && units >= 0 && units < 2 ** 31) {
    const whole = (units / 100) | 0;
    return whole + FRACTIONS[units - whole * 100];
  }
  if (typeof units === "number") {
    const absolute = Math.abs(units);
    const power = 10 ** scale;
    const fraction = absolute % power;
    // A whole multiple divided by its divisor: exact.
    const whole = `${units < 0 ? "-" : ""}${(absolute - fraction) / power}`;
    return scale === 0 ? whole : `${whole}.${String(fraction).padStart(scale, "0")}`;
  }
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${units < 0n ? "-" : ""}${digits.slice(0, point)}${scale === 0 ? "" : "."}${digits.slice(point)}`;
}

/** The units of an amount of two words. */
export function wide(words, at) {
  const [low, high] = [words[at], words[at + 1]];
  if (high === 0) return low;
  const units = (high | 0) * 2 ** 32 + low;
  return Number.isSafeInteger(units)
    ? units
    : BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
}

/** The units of an amount of one word. */
const narrow = (words, at) => words[at] | 0;

const SUMMARY = [
  ...[
    "type",
    "at",
    "version",
    "document",
    "created",
    "amount",
    "applicationGroupId",
    "notices",
    "counts",
    "results",
  ],
];
/** In which object of a summary (`src/wire/view.rs`) fields are that are not in the last. Each is read when needed. */
const PLACES = { type: 0, at: 0, version: 0, applicationGroupId: 0, amount: 1, notices: 1 };
const LISTS = ["applications", "documents", "lines"];

/** Where the rows of each sort begin in columns. */
const itemWidth = (columns) => (columns[0] & NARROW_ITEMS ? NARROW_ITEM : ITEM);
const applicationsAt = (columns) => HEAD + columns[1] * SETTLEMENT;
const itemsAt = (columns) => applicationsAt(columns) + columns[2] * APPLICATION;
const documentsAt = (columns) => itemsAt(columns) + columns[3] * itemWidth(columns);
const lineWidth = (columns) => (columns[0] & NARROW_LINES ? NARROW_LINE : LINE);

function readApplications(columns, names) {
  const width = itemWidth(columns);
  const isNarrow = width === NARROW_ITEM;
  let application = applicationsAt(columns);
  let item = itemsAt(columns);
  const all = [];
  for (let left = columns[1], at = HEAD; left > 0; left--, at += SETTLEMENT) {
    const source = names.document(columns[at]);
    for (let count = columns[at + 1]; count > 0; count--, application += APPLICATION) {
      const target = names.document(columns[application]);
      const items = new Array(columns[application + 2]);
      for (let index = 0; index < items.length; index++) {
        const lines = columns[item];
        items[index] = {
          source: source.lines[isNarrow ? lines & 0xffff : lines],
          target: target.lines[isNarrow ? lines >>> 16 : columns[item + 1]],
          amount: amountText(
            isNarrow ? narrow(columns, item + 1) : wide(columns, item + 2),
            source.scale,
          ),
        };
        item += width;
      }
      all.push({
        sourceType: source.kind,
        sourceId: source.id,
        targetType: target.kind,
        targetId: target.id,
        amount: amountText(wide(columns, application + 3), source.scale),
        ruleUsed: RULES[columns[application + 1]],
        items,
      });
    }
  }
  return all;
}

function readDocuments(columns, names) {
  const width = lineWidth(columns);
  let at = documentsAt(columns);
  const all = [];
  for (let left = columns[4]; left > 0; left--, at += DOCUMENT + columns[at + 1] * width) {
    const { id, scale } = names.document(columns[at]);
    const [before, after] = [wide(columns, at + 2), wide(columns, at + 4)];
    all.push({
      documentId: id,
      before: amountText(before, scale),
      after: amountText(after, scale),
    });
  }
  return all;
}

/** What a plan showed of documents, in the words that the engine takes back: number, before and after. */
function readPlanned(columns) {
  const width = lineWidth(columns);
  let at = documentsAt(columns);
  const words = new Uint32Array(columns[4] * PLANNED);
  for (let row = 0; row < words.length; row += PLANNED) {
    words[row] = columns[at];
    // The number of lines is left out.
    for (let word = 1; word < PLANNED; word++) words[row + word] = columns[at + word + 1];
    at += DOCUMENT + columns[at + 1] * width;
  }
  return words;
}

function readLines(columns, names) {
  const width = lineWidth(columns);
  const read = width === NARROW_LINE ? narrow : wide;
  const second = (width + 1) / 2;
  let at = documentsAt(columns);
  const all = [];
  for (let left = columns[4]; left > 0; left--) {
    const { lines, scale } = names.document(columns[at]);
    const end = at + DOCUMENT + columns[at + 1] * width;
    for (at += DOCUMENT; at < end; at += width) {
      const [before, after] = [read(columns, at + 1), read(columns, at + second)];
      all.push({
        line: lines[columns[at]],
        before: amountText(before, scale),
        after: amountText(after, scale),
      });
    }
  }
  return all;
}

export class Outcome {
  /** The texts of the summary, each until it is first looked at. */
  #summary;
  #columns;
  #names;
  /** The lists that were looked at. */
  #applications;
  #documents;
  #lines;

  constructor(answer, names) {
    this.#summary = answer.summary;
    this.#columns = answer.columns;
    this.#names = names.of(answer);
  }

  /** One of the objects of the summary. */
  static summary(outcome, place) {
    if (typeof outcome.#summary === "string") outcome.#summary = outcome.#summary.split("\n");
    const objects = outcome.#summary;
    if (typeof objects[place] === "string") objects[place] = JSON.parse(objects[place]);
    return objects[place];
  }

  get applications() {
    return (this.#applications ??= this.#read(readApplications));
  }

  get documents() {
    return (this.#documents ??= this.#read(readDocuments));
  }

  get lines() {
    return (this.#lines ??= this.#read(readLines));
  }

  #read(list) {
    return this.#columns === null ? [] : list(this.#columns, this.#names);
  }

  toJSON() {
    const data = {};
    for (const name of SUMMARY) if (this[name] !== undefined) data[name] = this[name];
    for (const name of LISTS) data[name] = this[name];
    return data;
  }

  [Symbol.for("nodejs.util.inspect.custom")]() {
    return this.toJSON();
  }
}

for (const name of SUMMARY) {
  const place = PLACES[name] ?? 2;
  Object.defineProperty(Outcome.prototype, name, {
    get() {
      return Outcome.summary(this, place)[name];
    },
  });
}

export class Plan extends Outcome {
  #book;
  #request;
  #fingerprint;
  #columns;

  constructor(answer, names, book, request) {
    super(answer, names);
    this.#book = book;
    this.#request = request;
    this.#fingerprint = answer.fingerprint;
    this.#columns = answer.columns;
  }

  get committed() {
    return false;
  }

  /** What the engine needs to carry out `plan`, a plan of `book`; undefined for anything else. */
  static contents(plan, book) {
    const isPlan =
      typeof plan === "object" && plan !== null && #book in plan && plan.#book === book;
    if (!isPlan) return undefined;
    const planned = plan.#columns === null ? NOTHING : readPlanned(plan.#columns);
    return { request: plan.#request, fingerprint: plan.#fingerprint, planned };
  }
}

/** Of a plan that settles nothing. */
const NOTHING = new Uint32Array(0);
