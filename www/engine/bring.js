// Brings an account of JSON or CSV: reads it, tries all of it on a book that is thrown away, and says by row and column
// what is wrong. Nothing is taken before somebody says so.
import { Book, isSetoffError } from "setoff";
import { commandsOfRows, guessColumns, systemOf } from "../scenario/columns.js";
import { later } from "../words/day.js";
import { wordsOf } from "../words/refusal.js";

/** How many faults are listed. */
const TOLD = 100;
/** How many items are tried at once. After each chunk the import can be canceled. */
const CHUNK = 2_000;

const CREATES = ["createInvoice", "createCreditMemo", "createDebitMemo", "createPayment"];

/** What is brought, read and tried; kept until it is taken. */
export class Bringer {
  #ledger;
  #read = null;
  #looks = 0;

  constructor(ledger) {
    this.#ledger = ledger;
  }

  /**
   * Reads a text or a file. `columns`: which column is which field, and `order`: how days with slashes are read, where
   * somebody has said so. Of several looks at once the one that began last is kept, whichever ends last.
   */
  async look({ text, file, currency, columns, order }, control) {
    this.#looks += 1;
    const look = this.#looks;

    const content = text ?? (await file.text());
    const read = /^\s*[[{]/.test(content)
      ? readJson(content, currency)
      : await this.#readCsv(content, currency, { columns, order });
    if (read.columns !== undefined && look === this.#looks) await this.#remember(read);
    const tried = await tryAll(read, control);
    if (look === this.#looks) this.#read = { ...read, ...tried };

    const { commands } = read;
    const { isRight, faults, faultCount } = tried;
    const right = isRight.filter(Boolean).length;
    return {
      ...{ kind: read.kind, currency: read.bookOptions.currency, name: read.name ?? null },
      ...{ headers: read.headers, columns: read.columns, rows: read.rows ?? null },
      ...{ system: read.system ?? null, order: read.order, isOrderAsked: read.isOrderAsked },
      ...{ documents: commands.length, right, faults, faultCount, isCanceled: tried.isCanceled },
    };
  }

  /** CSV with a head of names. What somebody said of these columns before is said again. */
  async #readCsv(content, currency, stated) {
    const { default: Papa } = await import("papaparse");
    const { data, meta } = Papa.parse(content, { header: true, skipEmptyLines: "greedy" });
    const headers = meta.fields ?? [];
    const known = await this.#ledger.shelf.setting(settingOf(headers));
    const columns = stated.columns ?? known?.columns ?? guessColumns(headers);
    const order = stated.order ?? known?.order;
    return {
      ...{ kind: "csv", bookOptions: { currency }, rows: data.length },
      ...{ headers, columns, order, system: systemOf(headers) },
      ...commandsOfRows(data, columns, order),
    };
  }

  #remember({ headers, columns, order }) {
    return this.#ledger.shelf.set(settingOf(headers), { columns, order });
  }

  /** Makes an account of what was looked at; of the right documents alone, if somebody wants that. */
  async take({ name }) {
    const { commands, isRight, bookOptions } = this.#read;
    const right = commands.filter((_, place) => isRight[place]);
    const key = `own:${crypto.randomUUID()}`;
    const lastDay = right.reduce((last, { at }) => later(last, at), right[0]?.at ?? "2026-01-01");
    const account = { key, name, story: storyOf(right), bookOptions, lastDay };
    await this.#ledger.bring(account, bulksOf(right));
    this.#read = null;
    return { key };
  }
}

const settingOf = (headers) => `columns ${headers.join("|")}`;

const storyOf = (commands) =>
  `Imported: ${commands.length} ${commands.length === 1 ? "command" : "commands"}`;

/** A list of commands; or an account as this page writes it. */
function readJson(content, currency) {
  let data;
  try {
    data = JSON.parse(content);
  } catch (error) {
    return faulty(currency, `This is not JSON: ${error.message}`);
  }

  const { commands = data, bookOptions, name } = Array.isArray(data) ? { commands: data } : data;
  if (!Array.isArray(commands))
    return faulty(currency, "It has no list of commands, neither at the top nor as `commands`.");

  const options = bookOptions ?? { currency };
  return { kind: "json", name, bookOptions: options, commands, faults: [], placeOf: placeInJson };
}

/** What was brought and cannot be read as a whole. */
const faulty = (currency, says) => ({
  kind: "json",
  bookOptions: { currency },
  commands: [],
  faults: [{ row: null, column: null, says }],
  placeOf: placeInJson,
});

/** In JSON the row is the command, and the column its field. */
const placeInJson = (segments) => ({
  row: segments[0] + 1,
  column: segments
    .slice(1)
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, ""),
});

const itemsOf = (command) => command?.items?.length ?? command?.commands?.length ?? 1;

/** The commands in chunks of about this number of items. */
function* chunksOf(commands) {
  let [begin, items] = [0, 0];
  for (let place = 0; place < commands.length; place++) {
    items += itemsOf(commands[place]);
    if (items < CHUNK && place < commands.length - 1) continue;
    yield { begin, chunk: commands.slice(begin, place + 1) };
    [begin, items] = [place + 1, 0];
  }
}

const bulksOf = (commands) =>
  [...chunksOf(commands)].flatMap(({ chunk }) =>
    chunk.some(({ type }) => type === "bulk" || !CREATES.includes(type))
      ? chunk
      : [{ type: "bulk", at: chunk[0].at, atomic: true, commands: chunk }],
  );

/** Carries everything out on a book that is thrown away. */
async function tryAll({ bookOptions, commands, faults: known, placeOf }, control) {
  const isRight = commands.map((command) => command !== null);
  for (const { command } of known) if (command !== undefined) isRight[command] = false;

  const { book, refusal } = bookFor(bookOptions);
  if (refusal !== undefined) {
    const fault = { row: null, column: "currency", says: refusal.message };
    return { isRight: isRight.fill(false), faults: [fault], faultCount: 1 };
  }

  const faults = [...known];
  let isCanceled = false;
  try {
    for (const { begin, chunk } of chunksOf(commands)) {
      for (const [index, error] of faultsOf(book, chunk, (at) => isRight[begin + at])) {
        isRight[begin + index] = false;
        faults.push(...told(error, begin + index, placeOf));
      }
      control.progress({ done: begin + chunk.length, of: commands.length });

      // Messages come in between: one of them can be that somebody no longer wants this.
      await new Promise((resolve) => setTimeout(resolve));
      if (control.isCanceled()) {
        isCanceled = true;
        break;
      }
    }
  } finally {
    book.free();
  }

  faults.sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
  const first = faults.slice(0, TOLD).map(({ command: _, ...fault }) => fault);
  return { isRight, faults: first, faultCount: faults.length, isCanceled };
}

/** A book with these options, or why there can be none. */
function bookFor(options) {
  try {
    return { book: new Book(options) };
  } catch (error) {
    if (!isSetoffError(error)) throw error;
    return { refusal: error };
  }
}

/** All that is wrong with a command, each with its place in what was brought. */
const told = (error, index, placeOf) =>
  (error.issues ?? [error]).map((issue) => ({
    ...placeOf([index, ...issue.segments]),
    says: wordsOf(issue).says,
    detail: issue.details.sentence,
  }));

/** What the engine refuses of a chunk: the place in it, and the refusal with its path from there on. */
function faultsOf(book, chunk, isWanted) {
  const places = [...chunk.keys()].filter(isWanted);
  if (places.length === 0) return [];

  const commands = places.map((at) => chunk[at]);
  // A bulk has no bulk in it.
  if (commands.some((command) => command?.type === "bulk"))
    return faultsOneByOne(book, chunk, places);

  const at = commands.find((command) => typeof command?.at === "string")?.at ?? "2026-01-01";
  try {
    const { results } = book.execute({ type: "bulk", at, commands });
    return results.flatMap(({ success, error }, place) => {
      if (success) return [];
      const inner = (fault) => ({ ...fault, segments: fault.segments.slice(2) });
      return [[places[place], { ...inner(error), issues: (error.issues ?? [error]).map(inner) }]];
    });
  } catch (error) {
    if (!isSetoffError(error)) throw error;
    return faultsOneByOne(book, chunk, places);
  }
}

function faultsOneByOne(book, chunk, places) {
  return places.flatMap((place) => {
    try {
      book.execute(chunk[place]);
      return [];
    } catch (error) {
      if (!isSetoffError(error)) throw error;
      return [[place, error]];
    }
  });
}
