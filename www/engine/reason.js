// Why a line gives or gets what it does: what the engine explains, with the names of the lines.
import { isNil } from "../words/amount.js";
import { difference } from "./add.js";
import { lineKey } from "./documents.js";

/** How many lines of a ranking are shown. */
const RANKED = 6;

/** Why a line takes no part: what the engine found out about it. */
function nothingOf(book, command, documents, { documentId, key }) {
  const [, itemId, taxItemId] = JSON.parse(key);
  const { steps } = book.explain(command, { documentId, itemId, taxItemId });
  const document = documents.document(documentId);
  const { label, of } = documents.lines(document).find((line) => line.key === key);
  const sentences = steps.map(({ sentence }) => sentence);
  return { key, documentId, label, of, number: document.number, sentences };
}

/** The reasons of a plan, asked for once: of a large plan that takes a while. */
export class Reasons {
  #reasons;
  #documents;
  #plan;
  #nothing;

  constructor(book, documents, command, plan) {
    this.#reasons = book.explain(command);
    this.#nothing = (line) => nothingOf(book, command, documents, line);
    this.#documents = documents;
    this.#plan = plan;
  }

  /** Why this line of a document gets (of the source: gives) its amount, or nothing. */
  of({ documentId, key }) {
    const isSource = this.#plan.applications.some(({ sourceId }) => sourceId === documentId);
    const found = this.#reasons.filter(
      ({ sourceId, targetId }) => (isSource ? sourceId : targetId) === documentId,
    );
    const shares = found.map((reason) => ({
      reason,
      all: isSource ? reason.given : reason.received,
    }));
    const taking = shares
      .map(({ reason, all }) => ({
        reason,
        all,
        share: all.find(({ line }) => lineKey(line) === key),
      }))
      .filter(({ share }) => share !== undefined);
    if (taking.every(({ share }) => isNil(share.part))) return this.#nothing({ documentId, key });
    const { label, of } = this.#name(documentId, key);
    const document = this.#documents.document(documentId);
    return {
      ...{ key, documentId, label, of, isSource, number: document.number },
      parts: taking.map((part) => this.#part(part, isSource)),
      pairs: this.#pairs(documentId, key, isSource),
    };
  }

  #part({ reason, all, share }, isSource) {
    const { open, part, exact, first, leftover, rank, sentence } = share;
    const ranked = all.filter((each) => each.rank !== null).sort((a, b) => a.rank - b.rank);
    const got = ranked.filter((each) => !isNil(each.leftover)).length;
    const other = this.#documents.document(isSource ? reason.targetId : reason.sourceId);
    const documentId = isSource ? reason.sourceId : reason.targetId;
    return {
      ...{ open, part, exact, first, leftover, rank, sentence, got, rule: reason.ruleUsed },
      amount: reason.amount,
      other: other.number,
      documentOpen: isSource ? null : this.#openThen(reason),
      ranking: this.#nearest(ranked, share).map((each) => ({
        key: lineKey(each.line),
        label: this.#name(documentId, lineKey(each.line)).label,
        ...{ exact: each.exact, first: each.first, leftover: each.leftover, rank: each.rank },
      })),
    };
  }

  /** What a document has open when a source comes to it: the sources before it have taken their part. */
  #openThen({ sourceId, targetId }) {
    const { applications, documents } = this.#plan;
    const { before } = documents.find(({ documentId }) => documentId === targetId);
    const { currency } = this.#documents.document(targetId);
    const own = applications.filter((each) => each.targetId === targetId);
    const earlier = own.slice(
      0,
      own.findIndex((each) => each.sourceId === sourceId),
    );
    return earlier.reduce((open, { amount }) => difference(currency, open, amount), before);
  }

  /** The first of a ranking; and the line itself, wherever it stands. */
  #nearest(ranked, share) {
    const first = ranked.slice(0, RANKED);
    return share.rank === null || first.includes(share) ? first : [...first.slice(0, -1), share];
  }

  /** What the line gets from which lines of the source, or gives to which. */
  #pairs(documentId, key, isSource) {
    const applications = this.#plan.applications.filter(
      ({ targetId }) => isSource || targetId === documentId,
    );
    const own = isSource ? "source" : "target";
    const others = isSource ? "target" : "source";
    const items = applications.flatMap(({ items: all }) =>
      all.filter((item) => lineKey(item[own]) === key),
    );
    return {
      count: items.length,
      rows: items.slice(0, 8).map((item) => ({
        ...this.#name(item[others].documentId, lineKey(item[others])),
        number: this.#documents.document(item[others].documentId).number,
        amount: item.amount,
      })),
    };
  }

  #name(documentId, key) {
    const lines = this.#documents.lines(this.#documents.document(documentId));
    const { label, of } = lines.find((line) => line.key === key) ?? { label: key };
    return { key, label, of };
  }
}

/** How many lines of an earlier operation are shown. */
const TOLD = 40;

/** Why an operation that was carried out settled what it did then: the engine makes the book again as it was before. */
export function pastReasons(book, documents, applicationGroupId) {
  return book.explain({ applicationGroupId }).map(({ sourceId, targetId, amount, received }) => {
    const target = documents.document(targetId);
    const lines = documents.lines(target);
    const nameOf = (line) => lines.find(({ key }) => key === lineKey(line));
    return {
      ...{ source: documents.document(sourceId).number, target: target.number, amount },
      lines: received.slice(0, TOLD).map(({ line, part, sentence }) => {
        return { key: lineKey(line), label: nameOf(line)?.label ?? line.itemId, part, sentence };
      }),
      more: Math.max(0, received.length - TOLD),
    };
  });
}
