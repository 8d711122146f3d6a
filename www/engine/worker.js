// The engine's side of the page. It owns the books, and answers with what fits on a screen: rows, sums, a window of
// lines.
import { init, isSetoffError } from "setoff";
import { ageingOf } from "./ageing.js";
import { difference } from "./add.js";
import { changeAnswer } from "./change.js";
import { differenceOf } from "./compare.js";
import { Documents } from "./documents.js";
import { historyOf } from "./history.js";
import { Ledger, now } from "./ledger.js";
import { movesOf, windowOf } from "./lines.js";
import { pictureOf } from "./picture.js";
import { pastReasons, Reasons } from "./reason.js";
import { effectsOf } from "./rules.js";
import { statedOf } from "./stated.js";
import { accountOf, csvOf, linesTable, movesTable } from "./take.js";
import { commandOf, missingOf } from "../scenario/settle.js";

/** What is known of the account that is looked at; made anew when its version moves. */
let held = null;
let ledger;
/** What brings accounts: its code comes when somebody first does. */
let bringer;

/** The questions that somebody no longer wants an answer to. */
const canceled = new Set();

function documentsOf(key, book) {
  if (held?.key !== key || held.documents.version !== book.version) {
    held = { key, documents: new Documents(book), moves: null, reasons: null };
  }
  return held.documents;
}

/** What is asked once for a plan, however often it is looked at. */
function once(name, fingerprint, make) {
  if (held[name]?.fingerprint !== fingerprint) held[name] = { fingerprint, value: make() };
  return held[name].value;
}

/** The command of a settlement; `null` while something of it is missing. */
function commandIf(documents, form) {
  const stated = statedOf(documents, form).form;
  return missingOf(stated) === null ? commandOf(stated) : null;
}

/** What the page can ask. */
const ANSWERS = {
  async accounts() {
    return { accounts: await ledger.accounts(), isKept: ledger.isKept };
  },

  async open({ key }) {
    const account = await ledger.account(key);
    if (account === undefined) throw new Error("This account is not on this device any more.");
    const facts = await ledger.read(key, (book) => {
      const documents = documentsOf(key, book);
      return { version: book.version, hash: book.hash(), sources: documents.sources() };
    });
    return { ...account, ...facts, isKept: ledger.isKept };
  },

  settle: ({ key, form }) =>
    ledger.read(key, (book) => {
      const documents = documentsOf(key, book);
      const { picture } = pictureOf(book, documents, form);
      return { ...picture, sources: documents.sources(), hash: book.hash() };
    }),

  reason: ({ key, form, line }) =>
    ledger.read(key, (book) => {
      const documents = documentsOf(key, book);
      const command = commandIf(documents, form);
      const plan = book.preview(command);
      const reasons = once("reasons", plan.fingerprint, () => {
        return new Reasons(book, documents, command, plan);
      });
      const moves = once("moves", plan.fingerprint, () => movesOf(book, command));
      return { ...reasons.of(line), total: moves.get(line.key)?.change ?? null };
    }),

  lines: ({ key, form, documentId, window }) =>
    ledger.read(key, (book) => {
      const documents = documentsOf(key, book);
      const command = commandIf(documents, form);
      const lines = documents.lines(documents.document(documentId));
      const moves = command && movesIfPossible(book, command);
      return windowOf(lines, moves, window);
    }),

  demands: ({ key, currency, at, search, from, count }) =>
    ledger.read(key, (book) => {
      const wanted = search.trim().toLowerCase();
      const all = documentsOf(key, book).demands(currency);
      const found = all.filter(({ number }) => number.toLowerCase().includes(wanted));
      return { total: found.length, from, at, rows: found.slice(from, from + count) };
    }),

  ageing: ({ key, form, currency }) =>
    ledger.read(key, (book) => {
      const command = commandIf(documentsOf(key, book), form);
      try {
        return ageingOf(book, { at: form.at, currency, command });
      } catch (error) {
        if (!isSetoffError(error)) throw error;
        return ageingOf(book, { at: form.at, currency, command: null });
      }
    }),

  async history({ key, most }) {
    const entries = await ledger.entries(key);
    return ledger.read(key, (book) => historyOf(book, entries, { most }));
  },

  rules: ({ key, form, rules }) =>
    ledger.read(key, (book) => effectsOf(book, documentsOf(key, book), form, rules)),

  /** Why an earlier operation settled what it did. This needs all entries of the log. */
  past: ({ key, group }) =>
    ledger.audit(key, (book) => pastReasons(book, new Documents(book), group)),

  /** Carries out what was shown: the plan is known by its fingerprint. It is written when this answers. */
  commit: ({ key, command, fingerprint, id }) =>
    ledger.transact(key, (book) => {
      const { amount, applicationGroupId } = book.commit(
        { command, fingerprint },
        { id, recordedAt: now() },
      );
      return { amount, group: applicationGroupId, version: book.version };
    }),

  undo: ({ key, group, at, id }) =>
    ledger.transact(key, (book) => {
      const command = { type: "undo", at, applicationGroupId: group };
      const { amount } = book.execute(command, { id, recordedAt: now() });
      return { amount, version: book.version };
    }),

  change: ({ scenario, currency }) => changeAnswer(scenario, currency),

  compare: ({ key, ...asked }) =>
    ledger.read(key, (book) => differenceOf(book, documentsOf(key, book), asked)),

  /** Amounts less others, by name. */
  differences: ({ currency, pairs }) =>
    Object.fromEntries(pairs.map(([name, one, other]) => [name, difference(currency, one, other)])),

  look: async (asked, control) => (await bringing()).look(asked, control),
  take: async (asked) => (await bringing()).take(asked),

  /** An account that came in a link. */
  async takeShared({ account: { name, bookOptions, commands } }) {
    const text = JSON.stringify({ name, bookOptions, commands });
    const { look, take } = ANSWERS;
    await look({ text }, { progress: () => {}, isCanceled: () => false });
    return take({ name });
  },

  async takeAccount({ key }) {
    const { name } = await ledger.account(key);
    return accountOf(name, await ledger.entries(key));
  },

  takeTable: ({ key, of, form }) =>
    ledger.read(key, (book) => {
      const documents = documentsOf(key, book);
      if (of === "lines") return csvOf(linesTable(documents, book));
      const command = commandIf(documents, form);
      return csvOf(movesTable(documents, book.preview(command), movesOf(book, command)));
    }),

  beginAnew: ({ key }) => ledger.beginAnew(key),
};

async function bringing() {
  const { Bringer } = await import("./bring.js");
  bringer ??= new Bringer(ledger);
  return bringer;
}

function movesIfPossible(book, command) {
  try {
    const { fingerprint } = book.preview(command);
    return once("moves", fingerprint, () => movesOf(book, command));
  } catch (error) {
    if (isSetoffError(error)) return null;
    throw error;
  }
}

/** A refusal or failure as plain data. */
function faultOf(error) {
  if (isSetoffError(error)) {
    const { code, path, segments, details, message } = error;
    return { kind: "refusal", code, path, segments, details, message };
  }
  const isStorage = error instanceof DOMException || error?.name === "QuotaExceededError";
  return {
    kind: isStorage ? "notSaved" : "failure",
    name: error?.name,
    message: String(error?.message ?? error),
  };
}

/** The compiled module comes first; meanwhile the store is opened. The worker has the name of its tab. */
const started = (async () => {
  const opening = Ledger.open(self.name);
  const { data: module } = await new Promise((resolve) => {
    self.addEventListener("message", resolve, { once: true });
  });
  await init(module);
  ledger = await opening;
})();

self.addEventListener("message", async ({ data }) => {
  const { id, kind, asked, cancel } = data;
  if (cancel !== undefined) {
    canceled.add(cancel);
    return;
  }
  if (kind === undefined) return;
  const control = {
    progress: (progress) => self.postMessage({ id, progress }),
    isCanceled: () => canceled.has(id),
  };
  try {
    await started;
    self.postMessage({ id, answer: await ANSWERS[kind](asked, control) });
  } catch (error) {
    self.postMessage({ id, fault: faultOf(error) });
  }
  canceled.delete(id);
});
