// What somebody takes from the page: an account as JSON that the page can bring again, and tables as CSV.

/** An account as its log has it: options and commands. */
export function accountOf(name, entries) {
  const [open, ...others] = entries;
  const { log: _, ...bookOptions } = open.command.options;
  return { setoff: 1, name, bookOptions, commands: others.map(({ command }) => command) };
}

/** All documents of the account, line by line, with what is open. */
export function linesTable(documents, book) {
  const rows = [
    ["Kind", "Number", "Date", "Due date", "Line", "Description", "Amount", "Open", "Currency"],
  ];
  for (const of of ["invoice", "debitMemo", "creditMemo", "payment"]) {
    for (const document of book.all({ of, where: { status: "posted" } })) {
      for (const line of documents.lines(document)) rows.push(rowOf(document, line));
    }
  }
  return rows;
}

function rowOf(
  { type, number, date, dueDate, currency },
  { itemId, taxItemId, label, amount, open },
) {
  return [
    type,
    number,
    date,
    dueDate ?? "",
    taxItemId ?? itemId ?? "",
    label,
    amount ?? "",
    open,
    currency,
  ];
}

/** What a settlement would do, line by line. */
export function movesTable(documents, plan, moves) {
  const rows = [["Number", "Line", "Description", "Before", "Moves", "After"]];
  for (const { documentId } of plan.documents) {
    const document = documents.document(documentId);
    for (const line of documents.lines(document)) {
      const move = moves.get(line.key);
      if (move === undefined) continue;
      const id = line.taxItemId ?? line.itemId ?? "";
      rows.push([document.number, id, line.label, move.before, move.change, move.after]);
    }
  }
  return rows;
}

/** Rows as CSV. A cell that a spreadsheet would take for a formula is no formula. */
export const csvOf = (rows) => `${rows.map((row) => row.map(cellOf).join(",")).join("\r\n")}\r\n`;

function cellOf(value) {
  const text = String(value);
  const isFormula = /^[=+@\t]|^-(?![\d.])/.test(text);
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
