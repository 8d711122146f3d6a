// A window of the lines of one document, with what a plan does to each.
import { byLineKey } from "./documents.js";
import { movedLine } from "./picture.js";

/** What each line of a plan moves, asked for once. */
export function movesOf(book, command) {
  return byLineKey(book.sums(command, { by: "line" }).rows);
}

/** The lines from a place on, of those whose names hold the search; with `keys`, of these lines alone. */
export function windowOf(lines, moves, { from, count, search = "", keys }) {
  const wanted = search.trim().toLowerCase();
  const chosen = keys === undefined ? lines : among(lines, new Set(keys));
  const found =
    wanted === "" ? chosen : chosen.filter(({ label }) => label.toLowerCase().includes(wanted));
  const rows = found.slice(from, from + count).map((line) => movedLine(line, moves?.get(line.key)));
  return { total: found.length, from, rows };
}

const among = (lines, keys) => lines.filter(({ key }) => keys.has(key));
