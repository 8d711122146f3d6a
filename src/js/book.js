// Books: a class over the engine's plain functions.
import { fieldsOf, placeText } from "./allocate.js";
import { call, copyOf, disposable, engine, Handle } from "./engine.js";
import { classOf, describe, encode, encodeAt, isInstance } from "./encode.js";
import { refusal } from "./errors.js";
import { importOf } from "./lines.js";
import { Names, outcomeOf, planOf } from "./outcome.js";

function joined(pieces) {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let length = 0;
  for (const piece of pieces) {
    bytes.set(piece, length);
    length += piece.length;
  }
  return bytes;
}

/** What the engine needs of a plan, and what it needs to compare. */
const NEEDED = ["command", "fingerprint"];
const NEEDED_TO_COMPARE = [...NEEDED, "documents"];

/** The bytes of some fields of a plan; of anything else, all that it is, which the engine refuses. */
function encodePlan(plan, names) {
  if (typeof plan !== "object" || plan === null) return encode(plan);
  return encode(fieldsOf(plan, names));
}

/** What the constructor takes instead of options, to hold a book that the engine makes: functions that open it. */
const openers = new WeakSet();

/** What `read` reads of a caller's value at `segments`; what the value throws meanwhile is a refusal. */
function readAt(segments, read) {
  try {
    return read();
  } catch (cause) {
    throw refusal("valueUnreadable", segments, { cause: describe(cause) }, cause);
  }
}

/** The documents that a plan names, by their identifiers. */
function documentsNamed(documents) {
  const ids = readAt(["documents"], () =>
    Array.isArray(documents) ? documents.map((row) => row?.documentId) : [],
  );
  return ids.filter((id) => typeof id === "string");
}

/** The entries of a log, in a list of our own. */
function listed(entries) {
  const isList = readAt(["entries"], () => Array.isArray(entries));
  if (!isList) throw refusal("entriesMissing", ["entries"], {});

  const copy = [];
  const isWhole = readAt(["entries"], () => {
    for (const entry of entries) {
      // A list of four thousand million holes ends at the first.
      if (entry === undefined) return false;
      copy.push(entry);
    }
    return true;
  });

  if (!isWhole) throw refusal("valueUndefined", ["entries", copy.length], {});
  return copy;
}

/** What a value is that is no plain object: a word for it, or the name of its class. Nothing of a plain object. */
function otherKindOf(value) {
  if (value === null) return { actual: "null" };
  if (typeof value !== "object") return { actual: typeof value };
  if (Array.isArray(value)) return { actual: "list" };
  return isInstance(value) ? { class: classOf(value) } : {};
}

/** The fields of an object that has no others than `names`; of `undefined`, none. */
function onlyFields(object, names) {
  if (object === undefined) return {};

  const other = readAt([], () => otherKindOf(object));
  if (other.actual !== undefined) throw refusal("noObject", [], { fields: names, ...other });
  if (other.class !== undefined) throw refusal("noPlainObject", [], { fields: names, ...other });

  const fields = fieldsOf(object);
  const field = Object.keys(fields).find((name) => !names.includes(name));
  if (field !== undefined) throw refusal("noSuchField", [field], { field, fields: names });

  return fields;
}

/** A refusal as plain data. */
const factsOf = ({ code, path, segments, details, message }) => ({
  code,
  path,
  segments,
  details,
  message,
});

/** The bytes of options; kept, because the command is encoded after them. */
const encodeOptions = (options) => (options === undefined ? undefined : encode(options, true));

export class Book {
  #handle;
  #names = new Names((from) => this.#handle.call(engine.bookNames, from));
  #isNamed = false;
  /** The texts of the entries that were made or read since this object was. */
  #entries = [];
  /** The version of the first of them. */
  #firstEntry = 0;

  constructor(options) {
    if (options === undefined) throw refusal("optionsMissing", [], {});
    // Nothing of a caller's object is asked here.
    const open = openers.has(options) ? options : () => call(engine.bookOpen, encode(options));
    this.#handle = new Handle(this, "book", engine.bookFree, () => {
      const [number, entry] = open();
      if (entry !== undefined) this.#entries.push(entry);
      return number;
    });
  }

  static restore(snapshot) {
    const bytes = copyOf(snapshot, [], Uint8Array);
    return Book.#openBy(() => [call(engine.bookRestore, bytes)]);
  }

  static import(lines) {
    return Book.#openBy(() => [importOf(lines)]);
  }

  static open(saved) {
    const { snapshot, entries } = onlyFields(saved, ["snapshot", "entries"]);
    if (snapshot === undefined) return Book.replay(entries);

    const later = entries === undefined ? [] : listed(entries);
    const book = Book.restore(snapshot);
    book.#replay(later, 0);
    return book;
  }

  static replay(entries) {
    const [first, ...others] = listed(entries);
    if (first === undefined) throw refusal("entriesMissing", ["entries"], {});

    const bytes = encodeAt(first, ["entries", 0]);
    const book = Book.#openBy(() => call(engine.bookReplayFirst, bytes));

    book.#replay(others, 1);
    return book;
  }

  static #openBy(open) {
    openers.add(open);
    const book = new Book(open);
    book.#firstEntry = book.version + 1 - book.#entries.length;
    return book;
  }

  /** Carries entries out again; the first of them is the one at `place` of those that were given. */
  #replay(entries, place) {
    for (const [index, entry] of entries.entries()) {
      const bytes = encodeAt(entry, ["entries", place + index]);
      this.#entries.push(this.#handle.call(engine.bookReplay, bytes, place + index));
    }
  }

  entries(range) {
    this.#handle.call(engine.bookCheckLog);

    const { after = -1 } = onlyFields(range, ["after"]);
    // Stores begin before version 0.
    if (!Number.isSafeInteger(after) || after < -1)
      throw refusal("noPlace", ["after"], { place: placeText(after) });

    const skipped = after + 1 - this.#firstEntry;
    if (skipped < 0) throw refusal("entriesNotHere", ["after"], { first: this.#firstEntry });

    return this.#entries.slice(skipped).map((text) => JSON.parse(text));
  }

  fork() {
    const fork = Book.restore(this.snapshot());
    fork.#entries = [...this.#entries];
    fork.#firstEntry = this.#firstEntry;
    return fork;
  }

  execute(command, options) {
    const optionBytes = encodeOptions(options);
    const request = encode(command);
    return this.#outcome(engine.bookExecute, request, optionBytes);
  }

  preview(command) {
    const request = encode(command, true);
    return planOf(this.#answer(engine.bookPreview, request), this.#names, request);
  }

  commit(plan, options) {
    const optionBytes = encodeOptions(options);
    try {
      return this.#outcome(engine.bookCommit, encodePlan(plan, NEEDED), optionBytes);
    } catch (error) {
      if (error.code !== "planMoved") throw error;
    }
    // Refused again, by an engine that knows what the plan showed and says which figure moved.
    return this.#outcome(engine.bookCommit, encodePlan(plan, NEEDED_TO_COMPARE), optionBytes);
  }

  rebase(plan) {
    // What is no plan is no conflict.
    this.#handle.call(engine.bookCheckPlan, encodePlan(plan, NEEDED));
    const { command, fingerprint, version, documents } = fieldsOf(plan);
    if (!Number.isSafeInteger(version)) {
      throw refusal("noPlace", ["version"], { place: typeof version });
    }

    const since = () => this.#touched(documentsNamed(documents), version);
    let now;
    try {
      now = this.preview(command);
    } catch (error) {
      // These are faults of the book, which say nothing of the plan.
      if (["engineFault", "bookFreed"].includes(error.code)) throw error;
      return { kind: "conflict", error: factsOf(error), since: since() };
    }

    if (now.fingerprint === fingerprint) return { kind: "commutes", plan: now };
    return { kind: "recomputed", plan: now, since: since() };
  }

  /** The versions from `version` on whose commands settled something of these documents. */
  #touched(ids, version) {
    const versions = ["sourceId", "targetId"].flatMap((side) => {
      const where = { applicationGroupId: { gte: `AG-${version}` }, [side]: { in: ids } };
      const groups = [...this.all({ of: "application", where, fields: ["applicationGroupId"] })];
      return groups.map(({ applicationGroupId }) => Number(applicationGroupId.slice(3)));
    });

    return [...new Set(versions)].sort((a, b) => a - b);
  }

  explain(asked, about) {
    const { type, applicationGroupId, command, fingerprint } = fieldsOf(asked);
    // Of one document or line; kept, because the command is encoded after it.
    const question = about === undefined ? undefined : encode(about, true);

    // An undo names a group, too.
    if (type === undefined && applicationGroupId !== undefined)
      return this.#explainGroup(applicationGroupId, question);

    const isPlan = command !== undefined && fingerprint !== undefined;
    return this.#explainCommand(isPlan ? command : asked, question);
  }

  #explainCommand(command, question) {
    const request = encode(command);
    const text =
      question === undefined
        ? this.#handle.call(engine.bookExplain, request)
        : this.#handle.call(engine.bookExplainAbout, request, question);
    return JSON.parse(text);
  }

  /** Splits depend on what lines had open, so the book is made again as it was before the command. */
  #explainGroup(id, question) {
    const digits = typeof id === "string" ? /^AG-([1-9]\d{0,15})$/.exec(id)?.[1] : undefined;
    const version = Number(digits ?? NaN);
    if (!(version <= this.version)) {
      const applicationGroupId = typeof id === "string" ? id : typeof id;
      throw refusal("noGroup", ["applicationGroupId"], { applicationGroupId });
    }

    this.#handle.call(engine.bookCheckLog);
    if (this.#firstEntry > 0) {
      throw refusal("entriesNeeded", ["applicationGroupId"], { first: this.#firstEntry });
    }

    const texts = this.#entries.slice(0, version + 1);
    const { command } = JSON.parse(texts.pop());
    const before = Book.replay(texts.map((text) => JSON.parse(text)));

    try {
      const reasons = before.#explainCommand(command, question);
      // What was not settled can be explained; a list of nothing is no explanation.
      if (!Array.isArray(reasons) || reasons.length > 0) return reasons;
      throw refusal("groupOfNothing", ["applicationGroupId"], { version, applicationGroupId: id });
    } finally {
      before.free();
    }
  }

  sums(command, options = {}) {
    const optionBytes = encodeOptions(options);
    return JSON.parse(this.#handle.call(engine.bookSums, encode(command), optionBytes));
  }

  diff(other, options = {}) {
    const optionBytes = encodeOptions(options);
    // Books of another module have no number here, and those of another copy of the package have none of ours.
    if (typeof other !== "object" || other === null || !(#handle in other))
      throw refusal("foreignBook", ["other"], {});

    return JSON.parse(this.#handle.call(engine.bookDiff, other.#handle.number, optionBytes));
  }

  query(query) {
    // A condition that is left out by mistake would let every row pass.
    const request = encode(query, false, "where");
    return JSON.parse(this.#handle.call(engine.bookQuery, request));
  }

  all(query) {
    // Kept: other calls come between the pages.
    return this.#rows(encode(query, true, "where"));
  }

  *#rows(request) {
    let after;
    do {
      const page = JSON.parse(this.#handle.call(engine.bookRows, request, after));
      yield* page.rows;
      after = page.next;
    } while (after !== null);
  }

  snapshot() {
    return joined(this.#handle.call(engine.bookSnapshot));
  }

  export() {
    return this.#handle.call(engine.bookExport);
  }

  hash() {
    return this.#handle.call(engine.bookHash);
  }

  get version() {
    return this.#handle.call(engine.bookVersion);
  }

  free() {
    // Outcomes outlive their book, so they get now the names that reading them takes.
    if (this.#handle.isOpen && this.#isNamed) this.#names.load();
    this.#handle.free();
  }

  #outcome(run, request, options) {
    const answer = this.#answer(run, request, options);
    if (typeof answer === "string") return JSON.parse(answer);

    if (answer.entry !== undefined) this.#entries.push(answer.entry);

    // Drafts can change their lines, unless they were ever settled. So only plans can name lines from before a change.
    if (answer.renamed !== undefined) this.#names.rename(answer.renamed);
    return outcomeOf(answer, this.#names);
  }

  #answer(run, request, options) {
    const answer = this.#handle.call(run, request, options);
    // Only settlements have names in them; a receipt is a text.
    if (answer.columns) this.#isNamed = true;
    return answer;
  }
}

disposable(Book);
