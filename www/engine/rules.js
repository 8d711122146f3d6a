// What another rule would change: for each, the line of who is paid that differs first.
import { isSetoffError } from "setoff";
import { commandOf } from "../scenario/settle.js";
import { byLineKey } from "./documents.js";
import { isGiver } from "./givers.js";
import { statedOf } from "./stated.js";

/** How many of the largest moves are compared. */
const TOP = 40;

/** Of each rule: the first line that gets something else than now, and what it gets; `null` where nothing differs. */
export function effectsOf(book, documents, form, rules) {
  const now = movesBy(book, statedOf(documents, form).form, form.rule) ?? new Map();
  return Object.fromEntries(
    rules
      .filter((rule) => rule !== form.rule)
      .map((rule) => [rule, effectOf(movesBy(book, form, rule), now, documents)]),
  );
}

/** What each line of who is paid gets by a rule, the largest first; `null` where the rule is refused. */
function movesBy(book, form, rule) {
  try {
    const { rows } = book.sums(commandOf({ ...form, rule }), { by: "line", top: TOP });
    return byLineKey(rows.filter((row) => !isGiver(row)));
  } catch (error) {
    if (isSetoffError(error)) return null;
    throw error;
  }
}

function effectOf(moves, now, documents) {
  if (moves === null) return { isRefused: true };
  for (const [key, { change, documentId }] of moves) {
    if (now.get(key)?.change === change) continue;
    const lines = documents.lines(documents.document(documentId));
    return { label: lines.find((line) => line.key === key)?.label ?? documentId, amount: change };
  }
  return null;
}
