// What was done to an account, the last first: the log's entries, with what each moved.

/** What is said of commands that settle something, by type; the others are only counted. */
const SAYS = {
  applyCreditMemo: "Applied",
  applyPayment: "Applied",
  applyCredits: "Applied",
  unapplyCreditMemo: "Unapplied",
  unapplyPayment: "Unapplied",
  changePlan: "Changed a plan",
  undo: "Undid",
  createPayment: "Received",
  createCreditMemo: "Credited",
  writeOffInvoice: "Wrote off",
};

/** The operations that settled something, the last first, and what came before them. */
export function historyOf(book, entries, { most = 12 } = {}) {
  const undone = undoneGroups(entries);
  const operations = entries
    .filter(({ command }) => command.type in SAYS)
    .map((entry) => ({ entry, group: `AG-${entry.version}` }))
    .reverse();

  const rows = [];
  let more = 0;
  for (const { entry, group } of operations) {
    const moved = applicationsOf(book, group);
    if (moved === null) continue;
    if (rows.length === most) more += 1;
    else rows.push(rowOf(entry, group, moved, undone));
  }

  return { rows, more, opened: openingOf(entries) };
}

/** What an operation moved; `null` where it settled nothing. */
function applicationsOf(book, applicationGroupId) {
  const { rows, sums, total } = book.query({
    ...{ of: "application", where: { applicationGroupId } },
    ...{ page: { size: 3 }, total: true, sum: ["amount"] },
  });
  if (total === 0) return null;
  const sources = sourcesOf(book, applicationGroupId);
  return { rows, total, sources, amount: sums.length === 1 ? sums[0].amount : null };
}

/** The credits of an operation: as many as can be told from the first thousand applications. */
function sourcesOf(book, applicationGroupId) {
  const where = { applicationGroupId };
  const asked = { of: "application", where, fields: ["sourceId"], page: { size: 1_000 } };
  return [...new Set(book.query(asked).rows.map(({ sourceId }) => sourceId))];
}

function rowOf({ version, command, recordedAt }, group, { rows, total, sources, amount }, undone) {
  return {
    ...{ version, group, recordedAt, amount, at: command.at },
    says: SAYS[command.type],
    type: command.type,
    undoes: command.type === "undo" ? command.applicationGroupId : null,
    sources,
    targets: rows.map(({ targetId }) => targetId),
    more: total - rows.length,
    isUndone: undone.has(group),
  };
}

/** The groups that are taken back now: an undo can be undone, too. */
function undoneGroups(entries) {
  const undone = new Set();
  // From the last back: what comes later decides whether an undo still holds.
  for (const { command, version } of entries.toReversed()) {
    const holds = !undone.has(`AG-${version}`);
    if (command.type === "undo" && holds) undone.add(command.applicationGroupId);
  }
  return undone;
}

/** How the account began: how many documents of which kind. */
function openingOf(entries) {
  const kinds = { createInvoice: 0, createCreditMemo: 0, createDebitMemo: 0, createPayment: 0 };
  const count = (command) => {
    if (command.type === "bulk") command.commands.forEach(count);
    else if (command.type in kinds) kinds[command.type] += 1;
  };
  for (const { command } of entries) count(command);
  return kinds;
}
