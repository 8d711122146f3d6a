// The rows of documents that a transaction changes, as the book says them after it. A row holds what a query of the
// book returns, so that the engine alone knows what the figures of a document are.
import { COLUMNS, KINDS } from "./fields.js";
import { mapTexts, written } from "./text.js";

/**
 * @typedef {import("setoff").Book} Book
 * @typedef {import("setoff").LogEntry} LogEntry
 * @typedef {Record<string, unknown> & { id: string, type: string }} DocumentRow
 * @typedef {{ account: string, document: string, id: string }} Line
 */

/**
 * @typedef {object} ChangedRows
 * @property {Record<string, unknown>[]} documents What `documents` gets.
 * @property {{ document: string, id: string }[]} lines What `lines` gets.
 * @property {string[]} gone Documents that are no more.
 * @property {boolean} isWhole Whether these are all rows of the account: there are no others.
 */

/** All rows of a query. */
const ALL = { size: 2 ** 32 - 1 };

/** Commands that settle documents, and change no line of any. */
const SETTLES = /^(apply|unapply|undo)/;
/** Commands that make a document, under the identifier that they state. */
const MAKES = /^(create|pay|refund|reverse|writeOff)/;
/** Commands that change documents. All rows of an account are made anew after others. */
const CHANGES = /^(open|bulk|post|unpost|cancel|delete|update|apply|unapply|undo|close|void)/;

/**
 * The rows of all documents that the entries concern. A command names documents by their identifiers, so all texts
 * of it that are identifiers of documents are looked up; what it does not name, it settles, and the history has it.
 * @param {Book} book
 * @param {readonly LogEntry[]} entries
 * @returns {ChangedRows}
 */
export function changedRows(book, entries) {
  const commands = entries.flatMap(({ command }) => commandsOf(command));
  if (commands.some(makesUnnamed)) return allRows(book);

  const texts = new Set(commands.flatMap(textsOf));
  const { kinds, unknown } = named(book, texts);
  for (const [id, kind] of settledSince(book, entries[0].version)) kinds.set(id, kind);

  const documents = Object.keys(KINDS).flatMap((kind) => {
    const ids = [...kinds.keys()].filter((id) => kinds.get(id) === kind);
    return documentsOf(book, kind, ids);
  });

  // What can be credited of a document is a matter of the memos that credit it.
  const credited = [...creditedBy(book, documents)].filter((id) => !kinds.has(id));
  const others = Object.keys(KINDS).flatMap((kind) => documentsOf(book, kind, credited));

  const changesLines = commands.some(({ type }) => !SETTLES.test(type));
  const deletes = commands.some(({ type }) => type.startsWith("delete"));
  return {
    documents: [...documents, ...others].map(columnsOf),
    lines: changesLines ? linesOf(book, documents) : [],
    gone: deletes ? unknown.map(written) : [],
    isWhole: false,
  };
}

/**
 * The rows of all documents of a book.
 * @param {Book} book
 * @returns {ChangedRows}
 */
export function allRows(book) {
  const documents = Object.keys(KINDS).flatMap((kind) => documentsOf(book, kind));
  return {
    documents: documents.map(columnsOf),
    lines: linesOf(book, documents),
    gone: [],
    isWhole: true,
  };
}

/**
 * A command, and those that are in it.
 * @param {any} command
 * @returns {any[]}
 */
const commandsOf = (command) => [command, ...(command.commands ?? []).flatMap(commandsOf)];

/**
 * Whether a command makes documents whose identifiers it does not state.
 * @param {any} command
 */
const makesUnnamed = ({ type, id }) => (MAKES.test(type) ? id === undefined : !CHANGES.test(type));

/**
 * All texts of a value.
 * @param {unknown} value
 * @returns {string[]}
 */
function textsOf(value) {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

/**
 * The kinds of the documents that texts name, by identifier or number, and the texts that name none.
 * @param {Book} book
 * @param {ReadonlySet<string>} texts
 */
function named(book, texts) {
  const list = [...texts];
  const found = /** @type {const} */ (["id", "number"]).map((field) => {
    /** @type {any} */
    const where = { [field]: { in: list } };
    return book.query({ of: "document", where, fields: ["id", "number", "type"], page: ALL }).rows;
  });

  const rows = found.flat();
  const known = new Set(rows.flatMap(({ id, number }) => [id, number]));
  return {
    /** @type {Map<string, string>} */
    kinds: new Map(rows.map(({ id, type }) => [id, type])),
    unknown: list.filter((text) => !known.has(text)),
  };
}

/**
 * The documents that were settled from a version on, and their kinds.
 * @param {Book} book
 * @param {number} version
 * @returns {[string, string][]}
 */
function settledSince(book, version) {
  const { rows } = book.query({
    of: "application",
    where: { applicationGroupId: { gte: `AG-${Math.max(version, 1)}` } },
    fields: ["sourceId", "sourceType", "targetId", "targetType"],
    page: ALL,
  });
  return rows.flatMap(({ sourceId, sourceType, targetId, targetType }) => [
    [sourceId, sourceType],
    [targetId, targetType],
  ]);
}

/**
 * The rows of documents of a kind: of all, where no identifiers are stated.
 * @param {Book} book
 * @param {string} kind
 * @param {readonly string[]} [ids]
 * @returns {DocumentRow[]}
 */
function documentsOf(book, kind, ids) {
  if (ids?.length === 0) return [];
  const where = ids === undefined ? {} : { id: { in: ids } };
  /** @type {any} */
  const query = { of: kind, where, fields: ["*", ...KINDS[kind]], page: ALL };
  return /** @type {any} */ (book.query(query)).rows;
}

/**
 * The documents that credit and debit memos are of.
 * @param {Book} book
 * @param {readonly DocumentRow[]} documents
 */
function creditedBy(book, documents) {
  const memos = documents.filter(({ type }) => type === "creditMemo" || type === "debitMemo");
  /** @type {Set<string>} */
  const ids = new Set();
  if (memos.length === 0) return ids;

  for (const { referredDocumentId } of memos) {
    if (typeof referredDocumentId === "string") ids.add(referredDocumentId);
  }

  const where = { documentId: { in: memos.map(({ id }) => id) }, sourceDocumentId: { ne: null } };
  const { rows } = book.query({ of: "item", where, fields: ["sourceDocumentId"], page: ALL });
  for (const { sourceDocumentId } of rows) if (sourceDocumentId !== null) ids.add(sourceDocumentId);
  return ids;
}

/**
 * The items and tax items of documents.
 * @param {Book} book
 * @param {readonly DocumentRow[]} documents
 */
function linesOf(book, documents) {
  if (documents.length === 0) return [];

  const where = { documentId: { in: documents.map(({ id }) => id) } };
  return /** @type {const} */ (["item", "taxItem"]).flatMap((of) => {
    const { rows } = book.query({ of, where, fields: ["id", "documentId"], page: ALL });
    return rows.map(({ id, documentId }) => ({ document: written(documentId), id: written(id) }));
  });
}

/**
 * A row as the columns of `documents`.
 * @param {DocumentRow} document
 */
function columnsOf(document) {
  const columns = COLUMNS.map(({ name, field }) => {
    const value = document[field];
    return [name, typeof value === "string" ? written(value) : value];
  });
  const row = JSON.stringify(mapTexts(written, document));
  return { id: written(document.id), ...Object.fromEntries(columns), row };
}
