// A window of the lines of one document, with what a plan does to each.
import { lineKey } from "./documents.js";
import { movedLine } from "./picture.js";

/** What each line of a plan moves, asked for once. */
export function movesOf(book, command) {
  const { rows } = book.sums(command, { by: "line" });
  return new Map(rows.map((row) => [lineKey({ itemId: null, taxItemId: null, ...row }), row]));
}

/** The lines from a place on, of those whose names hold the search. */
export function windowOf(lines, moves, { from, count, search = "" }) {
  const wanted = search.trim().toLowerCase();
  const found =
    wanted === "" ? lines : lines.filter(({ label }) => label.toLowerCase().includes(wanted));
  const rows = found.slice(from, from + count).map((line) => movedLine(line, moves?.get(line.key)));
  return { total: found.length, from, rows };
}
