// What the account owes by age, now and after a command: the engine's report of a book and of its fork.

const DAYS = [30, 60, 90];

/** The ageing of one currency before and after a command; `after` is `null` without one. */
export function ageingOf(book, { at, currency, command }) {
  if (currency === null) return { at, before: null, after: null };
  const before = reportOf(book, at, currency);
  if (command === null || before === null) return { at, before, after: null };

  const fork = book.fork();
  try {
    fork.execute(command);
    return { at, before, after: reportOf(fork, at, currency) };
  } finally {
    fork.free();
  }
}

function reportOf(book, at, currency) {
  const [row] = book.query({ of: "ageing", at, days: DAYS, where: { currency } }).rows;
  return row === undefined ? null : columnsOf(row);
}

function columnsOf({ notDueAmount, buckets, overdueAmount, unappliedAmount, balance }) {
  const columns = [
    { label: "Not due", amount: notDueAmount },
    ...buckets.map(({ from, to, amount }) => ({
      label: to === null ? `${from - 1}+ days` : `${from}–${to} days`,
      amount,
    })),
  ];
  return { columns, overdueAmount, unappliedAmount, balance };
}
