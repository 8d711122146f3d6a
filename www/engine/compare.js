// Two what-ifs side by side: each is carried out on a fork of the book, and the engine says how the forks differ.
import { isSetoffError } from "setoff";
import { commandOf, missingOf } from "../scenario/settle.js";
import { sizeOf } from "../words/amount.js";
import { lineKey } from "./documents.js";
import { statedOf } from "./stated.js";

const MOST = 40;

/** How the account is after B, compared with after A. */
export function differenceOf(book, documents, { a, b, at }) {
  const sides = [a, b].map((form) => forkOf(book, statedOf(documents, form).form));
  const forks = sides.map(({ fork }) => fork);
  try {
    const [one, other] = forks;
    const { documents: changed, lines, sums } = one.diff(other, { at });
    const sorted = [...lines].sort((x, y) => sizeOf(y.difference) - sizeOf(x.difference));
    return {
      isSame: one.hash() === other.hash(),
      lines: sorted.slice(0, MOST).map((line) => named(line, documents)),
      more: Math.max(0, sorted.length - MOST),
      closed: changed.filter(({ kind }) => kind === "closed").map(nameOf(documents)),
      opened: changed.filter(({ kind }) => kind === "opened").map(nameOf(documents)),
      settlesNothing: ["A", "B"].filter((_, place) => !sides[place].isSettled),
      documents: changed.length,
      sums: sums.map(({ documentType, lineType, difference, lines: count }) => {
        return { documentType, lineType, difference, lines: count };
      }),
    };
  } finally {
    for (const fork of forks) fork.free();
  }
}

/** The book after a settlement; as it is, where there is none that the engine allows. */
function forkOf(book, form) {
  const fork = book.fork();
  if (missingOf(form) !== null) return { fork, isSettled: false };
  try {
    fork.execute(commandOf(form));
    return { fork, isSettled: true };
  } catch (error) {
    if (!isSetoffError(error)) throw error;
    return { fork, isSettled: false };
  }
}

const nameOf =
  (documents) =>
  ({ documentId }) =>
    documents.document(documentId)?.number ?? documentId;

function named(line, documents) {
  const document = documents.document(line.documentId);
  const key = lineKey(line);
  const found = documents.lines(document).find((each) => each.key === key);
  const { label, of } = found ?? { label: document.number };
  const { before, after, difference, documentType } = line;
  return { key, label, of, number: document.number, documentType, before, after, difference };
}
