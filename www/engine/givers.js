// Who pays: the lines of one credit, or all credits, each by its lines or in a row of its own. All figures are the
// engine's.
import { lineKey } from "./documents.js";

/** Up to this number of lines, each is drawn by itself. */
export const LINES = 24;
/** How many credits have a row of their own. The others share one row. */
const CREDITS = 11;

/** The row in which all credits without a row of their own are together. */
export const OTHER_CREDITS = "other credits";

const keyed = (rows) =>
  new Map(rows.map((row) => [lineKey({ itemId: null, taxItemId: null, ...row }), row]));

/** Whether a sum of the engine is of a document that pays. */
export const isGiver = ({ documentType }) =>
  documentType === "creditMemo" || documentType === "payment";

/** The rows of one source with what its lines give; of very many, those that give most. */
export function givenByLine(book, documents, source, command) {
  const lines = documents.lines(source);
  const own = (rows) => rows.filter(({ documentId }) => documentId === source.id);
  let parts = keyed(own(book.sums(command, { by: "line", top: 40 }).rows));
  // The largest of both sides left some of these out.
  if (parts.size < lines.length && lines.length <= LINES)
    parts = keyed(own(book.sums(command, { by: "line" }).rows));
  const shown = lines.filter(({ key }) => lines.length <= LINES || parts.has(key)).slice(0, LINES);
  return shown.map((line) => lineRow(line, source, parts.get(line.key)));
}

/** The rows of all credits of a plan, and the row of what a line of one of them gives. */
export function givenByAll({ book, documents, command, others }, sums) {
  const lineCount = sums.reduce((sum, { lines }) => sum + lines, 0);
  const inOrder = documents.sources().flatMap(({ id }) => sums.filter((s) => s.documentId === id));
  if (lineCount <= LINES) {
    const parts = keyed(book.sums(command, { by: "line" }).rows);
    const rows = inOrder.flatMap(({ documentId }) => {
      const source = documents.document(documentId);
      const giving = documents.lines(source).filter(({ key }) => parts.has(key));
      return giving.map((line, place) => ({
        ...lineRow(line, source, parts.get(line.key)),
        isFirst: place === 0,
      }));
    });
    return { rows, rowOf: lineKey };
  }
  const own = new Set(sums.slice(0, CREDITS).map(({ documentId }) => documentId));
  const rows = inOrder
    .filter(({ documentId }) => own.has(documentId))
    .map((sum) => {
      const { number, type } = documents.document(sum.documentId);
      return creditRow({ ...sum, key: sum.documentId, label: number, type });
    });
  const rest = sums.slice(CREDITS).map(({ documentId }) => documentId);
  if (rest.length > 0) {
    const key = OTHER_CREDITS;
    rows.push(creditRow({ ...others(rest, "source"), key, type: "others", count: rest.length }));
  }
  const rowOf = ({ documentId }) => (own.has(documentId) ? documentId : OTHER_CREDITS);
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
