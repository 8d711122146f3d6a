// What a person sees of an account, read from the engine. Nothing here calculates: every figure is the engine's text,
// only joined with the names of the lines.

const ALL_ROWS = { size: 100_000 };

/** The posted documents of a book with their lines, and how much of which memo is applied to which invoice now. */
export function readAccount(book) {
  const documents = (of) =>
    book
      .query({ of, where: { status: "posted" }, page: ALL_ROWS })
      .rows.map((document) => ({ ...document, lines: readLines(book, document.id) }))
      .reverse();
  const memos = documents("creditMemo");
  const invoices = documents("invoice");
  const byId = new Map([...memos, ...invoices].map((document) => [document.id, document]));
  return { memos, invoices, byId, parts: book.query({ of: "part", page: ALL_ROWS }).rows };
}

/** The items and tax items of one document as one list, each item followed by its tax items. */
function readLines(book, documentId) {
  const { rows } = book.query({ of: "item", where: { documentId }, page: ALL_ROWS });
  return rows.flatMap((item) => {
    const name = item.description ?? item.id;
    const line = { documentId, itemId: item.id, taxItemId: null };
    return [
      { ...amounts(item), ...line, kind: "item", key: lineKey(line), label: name, longLabel: name },
      ...item.taxItems.map((tax) => {
        const taxLine = { ...line, taxItemId: tax.id };
        const label = tax.name ?? tax.id;
        const longLabel = `${label} on ${name}`;
        return { ...amounts(tax), ...taxLine, kind: "tax", key: lineKey(taxLine), label, longLabel };
      }),
    ];
  });
}

function amounts({ id, amount, nettedAmount, appliedAmount, openAmount }) {
  return { id, amount, nettedAmount, appliedAmount, openAmount };
}

/** Names a line within an account, from the engine's reference to it. */
export function lineKey({ documentId, itemId, taxItemId }) {
  return JSON.stringify([documentId, itemId, taxItemId]);
}

/** The line that the engine's reference means. */
export function findLine(account, reference) {
  const key = lineKey(reference);
  return account.byId.get(reference.documentId).lines.find((line) => line.key === key);
}

/**
 * What an outcome (or plan) did, document by document, ready to be laid out: the memo and each invoice with all their
 * lines, each line with its open amount before and after and, on an invoice, what it received from where; and the
 * invoices for which nothing was left.
 */
export function explain(account, outcome) {
  const changes = new Map(outcome.lines.map((change) => [lineKey(change.line), change]));
  const documents = new Map(outcome.documents.map((change) => [change.documentId, change]));
  const describe = (id, application) => {
    const { lines, ...document } = account.byId.get(id);
    return {
      document,
      application,
      before: documents.get(id).before,
      after: documents.get(id).after,
      lines: lines.map((line) => {
        const change = changes.get(line.key);
        const received = application?.items.filter((item) => lineKey(item.target) === line.key) ?? [];
        return {
          line,
          before: change?.before ?? line.openAmount,
          after: change?.after ?? line.openAmount,
          changed: change !== undefined && change.before !== change.after,
          received: received.map(({ source, amount }) => ({ from: findLine(account, source), amount })),
        };
      }),
    };
  };
  return {
    memo: describe(outcome.document.id, null),
    invoices: outcome.applications.map((application) => describe(application.targetId, application)),
    untouched: outcome.notices.map((notice) => account.byId.get(notice.documentId)),
  };
}
