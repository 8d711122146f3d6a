// Who pays: the lines of one credit, or all credits, each by its lines or in a row of its own. All figures are the
// engine's.
import { byLineKey, lineKey } from "./documents.js";

/** Up to this number of lines, each is drawn by itself. */
export const LINES = 24;
/** How many credits have a row of their own. The others share one row. */
const CREDITS = 11;

/** The row in which all credits without a row of their own are together. */
export const OTHER_CREDITS = "other credits";

/** Whether a sum of the engine is of a document that pays. */
export const isGiver = ({ documentType }) =>
  documentType === "creditMemo" || documentType === "payment";

/** The rows of one source with what its lines give; of very many, those that give most. */
export function givenByLine(book, documents, source, command) {
  const lines = documents.lines(source);
  const own = (rows) => rows.filter(({ documentId }) => documentId === source.id);
  let parts = byLineKey(own(book.sums(command, { by: "line", top: 40 }).rows));
  // The largest of both sides left some of these out.
  if (parts.size < lines.length && lines.length <= LINES)
    parts = byLineKey(own(book.sums(command, { by: "line" }).rows));
  const shown = lines.filter(({ key }) => lines.length <= LINES || parts.has(key)).slice(0, LINES);
  return shown.map((line) => lineRow(line, source, parts.get(line.key)));
}

/** The rows of all credits of a plan, and the row of what a line of one of them gives. */
export function givenByAll(context, sums) {
  const lineCount = sums.reduce((sum, { lines }) => sum + lines, 0);
  const sumOf = new Map(sums.map((sum) => [sum.documentId, sum]));
  const giving = context.documents.sources().filter(({ id }) => sumOf.has(id));
  return lineCount <= LINES
    ? { rows: rowsOfLines(context, giving), rowOf: lineKey }
    : rowsOfCredits(context, giving, sums, sumOf);
}

/** The lines of all credits that give something. */
function rowsOfLines({ book, documents, command }, credits) {
  const parts = byLineKey(book.sums(command, { by: "line" }).rows);
  return credits.flatMap(({ id }) => {
    const source = documents.document(id);
    const lines = documents.lines(source).filter(({ key }) => parts.has(key));
    return lines.map((line, place) => ({
      ...lineRow(line, source, parts.get(line.key)),
      isFirst: place === 0,
    }));
  });
}

/** The credits that give most, and one row for all others; `sums` begins with the largest. */
function rowsOfCredits({ documents, others }, credits, sums, sumOf) {
  const shown = new Set(sums.slice(0, CREDITS).map(({ documentId }) => documentId));
  const rows = credits
    .filter(({ id }) => shown.has(id))
    .map(({ id }) => {
      const { number, type } = documents.document(id);
      return creditRow({ ...sumOf.get(id), key: id, label: number, type });
    });

  const hidden = sums.slice(CREDITS).map(({ documentId }) => documentId);
  if (hidden.length > 0) {
    const row = { ...others(hidden, "source"), type: "others", count: hidden.length };
    rows.push(creditRow({ ...row, key: OTHER_CREDITS }));
  }
  const rowOf = ({ documentId }) => (shown.has(documentId) ? documentId : OTHER_CREDITS);
  return { rows, rowOf };
}

/** A line of a source, with what it gives. */
export const lineRow = ({ key, label, of, kind, open }, { id, number }, part) => ({
  ...{ key, label, of, kind, documentId: id, number, amount: part?.change ?? null },
  before: part?.before ?? open,
  after: part?.after ?? open,
});

const creditRow = ({ key, label, type, count, lines, change, before, after }) => ({
  ...{ key, label, type, count, lines, kind: "document", amount: change, before, after },
});
