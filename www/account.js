// What a person sees of an account, read from the engine. Nothing here calculates: every figure is the engine's text,
// only joined with the names of the lines.

const ALL_ROWS = { size: 100_000 };

/**
 * The posted documents of a book with their lines: the demands (what is owed), the sources (what settles it), both; and
 * how much of which source is applied to which demand now. A refund is neither, nor is what went to one applied.
 */
export function readAccount(book) {
  const documents = (of) =>
    book
      .query({ of, where: { status: "posted" }, page: ALL_ROWS })
      .rows.map((document) => ({ ...document, lines: readLines(book, document) }))
      .reverse();
  const sources = [...documents("creditMemo"), ...documents("payment")];
  const demands = [...documents("invoice"), ...documents("debitMemo")];
  const byId = new Map([...sources, ...demands].map((document) => [document.id, document]));
  const parts = book
    .query({ of: "part", page: ALL_ROWS })
    .rows.filter(({ targetId }) => byId.has(targetId));
  return { sources, demands, byId, parts };
}

/**
 * The items and tax items of one document as one list, each item followed by its tax items. A payment is one line
 * without a name.
 */
function readLines(book, document) {
  const documentId = document.id;
  if (document.type === "payment") {
    const line = { documentId, itemId: null, taxItemId: null };
    const { amount, appliedAmount, unappliedAmount: openAmount } = document;
    const names = {
      id: "",
      kind: "payment",
      key: lineKey(line),
      label: "Payment",
      longLabel: "Payment",
    };
    return [{ ...line, ...names, amount, appliedAmount, openAmount }];
  }
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
        return {
          ...amounts(tax),
          ...taxLine,
          kind: "tax",
          key: lineKey(taxLine),
          label,
          longLabel,
        };
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
 * What an outcome (or plan) did, document by document, ready to be laid out: the source and each demand with all their
 * lines, each line with its open amount before and after and, on a demand, what it received from where; and the
 * demands for which nothing was left.
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
        const received =
          application?.items.filter((item) => lineKey(item.target) === line.key) ?? [];
        return {
          line,
          before: change?.before ?? line.openAmount,
          after: change?.after ?? line.openAmount,
          changed: change !== undefined && change.before !== change.after,
          received: received.map(({ source, amount }) => ({
            from: findLine(account, source),
            amount,
          })),
        };
      }),
    };
  };
  return {
    source: describe(outcome.document.id, null),
    demands: outcome.applications.map((application) => describe(application.targetId, application)),
    untouched: outcome.notices.map((notice) => account.byId.get(notice.documentId)),
  };
}
