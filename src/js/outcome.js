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
  RULES,
  SETTLEMENT,
} from "./contract.js";
import { amountText, wide } from "./amount.js";
import { decode } from "./decode.js";

/** Reads documents and their lines from rows of names, as the engine writes them. */
function readNames(rows) {
  const documents = [];
  let document, itemId;
  for (const row of rows) {
    const id = row.slice(1);
    const line = (itemId, taxItemId) =>
      document.lines.push(Object.freeze({ documentId: document.id, itemId, taxItemId }));

    // A row begins with a letter: a document, an item, a tax item, or the whole amount of a payment or refund.
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

/** Reads which drafts got other lines: the number of each, and its names before and after. */
function readRenamed(text) {
  const drafts = [];
  for (const row of text.split("\n")) {
    if (row[0] === "R") drafts.push({ number: Number(row.slice(1)), rows: [] });
    else drafts.at(-1).rows.push(row);
  }

  return drafts.map(({ number, rows }) => {
    const [before, after] = readNames(rows);
    return { number, before, after };
  });
}

/** The names of documents and lines. It fetches the names of a new document when it meets one. */
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
    for (const document of readNames(this.#fetch(this.#documents.length).split("\n")))
      this.#documents.push(document);
  }

  /** Gives drafts other lines. Results from before keep the names that they have. */
  rename(text) {
    this.#turn += 1;
    for (const { number, before, after } of readRenamed(text)) {
      if (number < this.#documents.length) this.#documents[number] = after;
      const former = this.#former.get(number) ?? [];
      this.#former.set(number, [...former, { until: this.#turn, document: before }]);
    }
  }

  /** The names of today, and those that only `answer` knows. */
  of(answer) {
    return new View(this, answer);
  }

  get turn() {
    return this.#turn;
  }

  /** The document of a number, with the names that it had at a turn. */
  document(number, turn) {
    const former =
      this.#former.size > 0 && this.#former.get(number)?.find(({ until }) => until > turn);
    if (former) return former.document;

    if (number >= this.#documents.length) this.load();
    return this.#documents[number];
  }
}

/** The names at the time of an answer. Later changes do not alter them. */
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

    if (created !== undefined) this.#created = readNames(created.split("\n"));
    if (renamed === undefined) return;
    this.#renamed = new Map(readRenamed(renamed).map(({ number, after }) => [number, after]));
  }

  document(number) {
    if (number < CREATED)
      return this.#renamed?.get(number) ?? this.#names.document(number, this.#turn);

    // A document that the command creates: before a commit only the plan knows it, later the book does.
    const index = number - CREATED;
    return this.#created?.[index] ?? this.#names.document(this.#first + index, this.#turn);
  }
}

/** The units of an amount of one word. */
const narrow = (words, index) => words[index] | 0;

/** The index at which the rows of each kind begin in the columns. */
const itemWidth = (columns) => (columns[0] & NARROW_ITEMS ? NARROW_ITEM : ITEM);
const applicationsAt = (columns) => HEAD + columns[1] * SETTLEMENT;
const itemsAt = (columns) => applicationsAt(columns) + columns[2] * APPLICATION;
const documentsAt = (columns) => itemsAt(columns) + columns[3] * itemWidth(columns);
const lineWidth = (columns) => (columns[0] & NARROW_LINES ? NARROW_LINE : LINE);

function readApplications(columns, names) {
  const width = itemWidth(columns);
  const isNarrow = width === NARROW_ITEM;
  let applicationIndex = applicationsAt(columns);
  let itemIndex = itemsAt(columns);
  const all = [];

  for (let remaining = columns[1], index = HEAD; remaining > 0; remaining--, index += SETTLEMENT) {
    const source = names.document(columns[index]);
    for (let count = columns[index + 1]; count > 0; count--, applicationIndex += APPLICATION) {
      const target = names.document(columns[applicationIndex]);

      const items = new Array(columns[applicationIndex + 2]);
      for (let place = 0; place < items.length; place++) {
        const lines = columns[itemIndex];
        items[place] = {
          source: source.lines[isNarrow ? lines & 0xffff : lines],
          target: target.lines[isNarrow ? lines >>> 16 : columns[itemIndex + 1]],
          amount: amountText(
            isNarrow ? narrow(columns, itemIndex + 1) : wide(columns, itemIndex + 2),
            source.scale,
          ),
        };
        itemIndex += width;
      }

      all.push({
        sourceType: source.kind,
        sourceId: source.id,
        targetType: target.kind,
        targetId: target.id,
        amount: amountText(wide(columns, applicationIndex + 3), source.scale),
        ruleUsed: RULES[columns[applicationIndex + 1]],
        items,
      });
    }
  }
  return all;
}

function readDocuments(columns, names) {
  const width = lineWidth(columns);
  let index = documentsAt(columns);
  const all = [];

  for (
    let remaining = columns[4];
    remaining > 0;
    remaining--, index += DOCUMENT + columns[index + 1] * width
  ) {
    const { id, scale } = names.document(columns[index]);
    const [before, after] = [wide(columns, index + 2), wide(columns, index + 4)];
    all.push({
      documentId: id,
      before: amountText(before, scale),
      after: amountText(after, scale),
    });
  }
  return all;
}

function readLines(columns, names) {
  const width = lineWidth(columns);
  const read = width === NARROW_LINE ? narrow : wide;
  // A row has the line, the amount before and the amount after: an amount takes half of the words behind the line.
  const afterOffset = (width + 1) / 2;
  let index = documentsAt(columns);
  const all = [];

  for (let remaining = columns[4]; remaining > 0; remaining--) {
    const { lines, scale } = names.document(columns[index]);
    const end = index + DOCUMENT + columns[index + 1] * width;
    for (index += DOCUMENT; index < end; index += width) {
      const [before, after] = [read(columns, index + 1), read(columns, index + afterOffset)];
      all.push({
        line: lines[columns[index]],
        before: amountText(before, scale),
        after: amountText(after, scale),
      });
    }
  }
  return all;
}

/**
 * The hidden function of a result that reads its fields. It is no private field, because Vue, MobX and Immer put
 * proxies around results, and a proxy has no private fields. It has this name because Node's `console.log` calls it,
 * and then shows the values of the fields instead of getters.
 */
const READ = Symbol.for("nodejs.util.inspect.custom");

/**
 * A field that is read when a caller first looks at it. All results share one getter, because V8 turns an object with
 * getters of its own into a dictionary, which takes about a microsecond a field.
 */
const lazily = (name) => ({
  enumerable: true,
  configurable: true,
  get() {
    return this[READ](name);
  },
});
const DOCUMENT_FIELD = lazily("document");
const CREATED_FIELD = lazily("created");
const RESULTS_FIELD = lazily("results");
const APPLICATIONS_FIELD = lazily("applications");
const DOCUMENTS_FIELD = lazily("documents");
const LINES_FIELD = lazily("lines");
const COMMAND_FIELD = lazily("command");

const { defineProperty } = Object;

/** The line of a summary (`src/wire/view.rs`) that has the JSON of a field. */
const PLACES = { document: 1, created: 2, counts: 3, results: 4 };
const LISTS = { applications: readApplications, documents: readDocuments, lines: readLines };

/** Returns the function that reads the fields of one result, each once. `request` is a plan's command in bytes. */
function reader({ summary, columns }, names, request) {
  const found = {};
  const read = (name) => {
    if (name === "command") return decode(request);
    if (name in LISTS) return LISTS[name](columns, names);
    return JSON.parse(summary.split("\n")[PLACES[name]]);
  };
  return function (name) {
    // Node's `console.log` asks with a number and wants all fields.
    return typeof name === "string" ? (found[name] ??= read(name)) : { ...this };
  };
}

/** The outcome of a command as plain data: all its fields are own and enumerable. */
export function outcomeOf(answer, names) {
  const [outcome] = resultOf(answer, names.of(answer));
  return outcome;
}

/** The plan of a command: the outcome with the two things that a commit needs, the command and the fingerprint. */
export function planOf(answer, names, request) {
  const [plan, fingerprint] = resultOf(answer, names.of(answer), request);
  plan.committed = false;
  plan.fingerprint = fingerprint;
  return defineProperty(plan, "command", COMMAND_FIELD);
}

/** A result, and the fingerprint of a plan: a text that is empty for an outcome. */
function resultOf(answer, names, request) {
  const { summary, columns } = answer;
  // The first line is cut by hand: a list of its words would take twice the time.
  const [dayEnd, lineEnd] = [summary.indexOf("\t"), summary.indexOf("\n")];
  const versionEnd = summary.indexOf("\t", dayEnd + 1);
  const amountEnd = summary.indexOf("\t", versionEnd + 1);
  const groupEnd = summary.indexOf("\t", amountEnd + 1);
  const fingerprintEnd = summary.indexOf("\t", groupEnd + 1);
  const typeEnd = summary.indexOf("\t", fingerprintEnd + 1);
  const documentEnd = summary.indexOf("\n", lineEnd + 1);

  const result = {
    type: summary.slice(fingerprintEnd + 1, typeEnd),
    at: summary.slice(0, dayEnd),
    version: Number(summary.slice(dayEnd + 1, versionEnd)),
    amount: amountEnd > versionEnd + 1 ? summary.slice(versionEnd + 1, amountEnd) : null,
    applicationGroupId: groupEnd > amountEnd + 1 ? summary.slice(amountEnd + 1, groupEnd) : null,
    notices: lineEnd > typeEnd + 3 ? JSON.parse(summary.slice(typeEnd + 1, lineEnd)) : [],
  };

  defineProperty(result, READ, { value: reader(answer, names, request) });
  defineProperty(result, "document", DOCUMENT_FIELD);
  if (summary.length === documentEnd + 3) result.created = [];
  else defineProperty(result, "created", CREATED_FIELD);

  // Only a bulk has two lines more.
  if (summary.includes("\n", documentEnd + 1)) {
    result.counts = JSON.parse(summary.split("\n")[PLACES.counts]);
    defineProperty(result, "results", RESULTS_FIELD);
  }

  if (columns === null) {
    result.applications = [];
    result.documents = [];
    result.lines = [];
  } else {
    defineProperty(result, "applications", APPLICATIONS_FIELD);
    defineProperty(result, "documents", DOCUMENTS_FIELD);
    defineProperty(result, "lines", LINES_FIELD);
  }

  return [result, summary.slice(groupEnd + 1, fingerprintEnd)];
}
