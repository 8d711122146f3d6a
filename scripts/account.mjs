// What a person sees of an account, read from the engine. Nothing here calculates: every figure is the engine's text,
// only joined with the names of the lines.
import { negated } from "../www/words/amount.js";

/** The rows of a query, page by page, since a page has an end and a book has none. */
function readAll(book, query) {
  const rows = [];
  let after = null;
  do {
    const page = { size: 10_000, ...(after !== null && { after }) };
    const answer = book.query({ ...query, page });
    for (const row of answer.rows) rows.push(row);
    after = answer.next;
  } while (after !== null);
  return rows;
}

/**
 * The posted documents of a book with their lines: the demands (what is owed), the sources (what settles it), both; and
 * how much of which source is applied to which demand now. A refund is neither, nor is what went to one applied.
 */
export function readAccount(book) {
  const documents = (of) =>
    readAll(book, { of, where: { status: "posted" } })
      .map((document) => ({ ...document, lines: readLines(book, document) }))
      .reverse();

  const sources = [...documents("creditMemo"), ...documents("payment")];
  const demands = [...documents("invoice"), ...documents("debitMemo")];

  const all = [...sources, ...demands];
  const byId = new Map(all.map((document) => [document.id, document]));
  const lines = new Map(all.flatMap((document) => document.lines.map((line) => [line.key, line])));
  return { sources, demands, byId, lines, parts: readParts(book, byId) };
}

/** What of each source is applied to which demand now: the amounts by demand, by source. */
function readParts(book, byId) {
  const parts = new Map([...byId.keys()].map((id) => [id, new Map()]));
  for (const { sourceId, targetId, amount } of readAll(book, { of: "part" })) {
    if (byId.has(targetId)) parts.get(sourceId)?.set(targetId, amount);
  }
  return parts;
}

/**
 * The items and tax items of one document as one list, each item followed by its tax items. A payment is one line
 * without a name.
 */
function readLines(book, document) {
  const documentId = document.id;
  if (document.type === "payment") return [paymentLine(document)];

  return readAll(book, { of: "item", where: { documentId } }).flatMap((item) => {
    const name = item.description ?? item.id;
    const line = { documentId, itemId: item.id, taxItemId: null };
    const words = { kind: "item", key: lineKey(line), label: name, longLabel: name };
    const taxLines = item.taxItems.map((tax) => taxLine(line, name, tax));
    return [{ ...amounts(item), ...line, ...words }, ...taxLines];
  });
}

function paymentLine({ id: documentId, amount, appliedAmount, unappliedAmount: openAmount }) {
  const line = { documentId, itemId: null, taxItemId: null };
  const words = { kind: "payment", key: lineKey(line), label: "Payment", longLabel: "Payment" };
  return { ...line, id: "", ...words, amount, appliedAmount, openAmount };
}

function taxLine(itemLine, itemName, tax) {
  const line = { ...itemLine, taxItemId: tax.id };
  const label = tax.name ?? tax.id;
  const words = { kind: "tax", key: lineKey(line), label, longLabel: `${label} on ${itemName}` };
  return { ...amounts(tax), ...line, ...words };
}

function amounts({ id, amount, nettedAmount, appliedAmount, openAmount }) {
  return { id, amount, nettedAmount, appliedAmount, openAmount };
}

/** Names a line within an account, from the engine's reference to it. */
export function lineKey({ documentId, itemId, taxItemId }) {
  return JSON.stringify([documentId, itemId, taxItemId]);
}

/** The line that the engine's reference means. */
function findLine(account, reference) {
  return account.lines.get(lineKey(reference));
}

/**
 * What an outcome (or plan) did, document by document, ready to be laid out: the source and each demand with all their
 * lines, each line with its open amount before and after and, on a demand, what it received from where (what it gives
 * back to where, if that is what the outcome does); and the demands for which nothing was left.
 */
export function explain(account, outcome) {
  const sourceId = outcome.document.id;
  return {
    source: describe(account, outcome, sourceId, null),
    demands: outcome.applications.map((application) =>
      describe(account, outcome, application.targetId, application),
    ),
    untouched: outcome.notices.map((notice) => account.byId.get(notice.documentId)),
  };
}

/** What an outcome did to one document; `application` is what it received, if it is a demand. */
function describe(account, outcome, id, application) {
  const takesBack = outcome.type.startsWith("unapply");
  const { lines, ...document } = account.byId.get(id);
  const { before, after } = outcome.documents.find(({ documentId }) => documentId === id);
  const changes = new Map(outcome.lines.map((change) => [lineKey(change.line), change]));
  const received = receivedByLine(account, application, takesBack);

  return {
    ...{ document, application, takesBack, before, after },
    amount: application && directed(application.amount, takesBack),
    lines: lines.map((line) => {
      const change = changes.get(line.key);
      return {
        line,
        before: change?.before ?? line.openAmount,
        after: change?.after ?? line.openAmount,
        changed: change !== undefined && change.before !== change.after,
        received: received.get(line.key) ?? [],
      };
    }),
  };
}

/** What each line of a demand received, from which lines. */
function receivedByLine(account, application, takesBack) {
  const received = new Map();
  for (const { source, target, amount } of application?.items ?? []) {
    const key = lineKey(target);
    const part = { from: findLine(account, source), amount: directed(amount, takesBack) };
    received.set(key, [...(received.get(key) ?? []), part]);
  }
  return received;
}

/** An amount as words say it that tell the direction: what is given back is what was received, with its sign. */
function directed(amount, takesBack) {
  return takesBack ? negated(amount) : amount;
}
