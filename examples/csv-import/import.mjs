// Imports invoices from a CSV file: first a dry run with a report of every bad row, then the good ones.
import { readFile } from "node:fs/promises";
import Papa from "papaparse";
import { Book } from "setoff";
import { fromRow } from "setoff/rows";

/** The rows of a file, each with its line in the file. */
function rowsOf(text) {
  const { data } = Papa.parse(text, { header: true });
  let next = 2; // below the head
  const rows = data.map((row) => {
    const file = next;
    next += Object.values(row).join("").split("\n").length; // a quoted text may have line feeds
    return { ...row, due: row.due || null, file }; // a `null` leaves the field out
  });
  return rows.filter(({ file, ...cells }) => Object.values(cells).some(Boolean));
}

/** One command for each invoice, with the line in the file of each of its items. */
function invoicesOf(rows) {
  const invoices = new Map();
  for (const row of rows) {
    const made = invoices.get(row.number) ?? { lines: [], command: invoiceOf(row) };
    invoices.set(row.number, made);
    made.lines.push(row.file);
    made.command.items.push(itemOf(row));
  }
  return [...invoices.values()];
}

const invoiceOf = (row) => ({
  type: "createInvoice",
  ...fromRow(row, {
    at: { day: "date" },
    dueDate: { day: "due" },
    id: { text: "number" },
    accountId: { text: "customer" },
  }),
  autoPost: true,
  items: [],
});

/** A rate of 19 % is 19 in the file and 0.19 in a command. */
const RATES = { 19: "0.19", 7: "0.07" };

const itemOf = (row) => ({
  id: row.line,
  amount: row.net.replace(/(\.\d\d)0+$/, "$1"), // the database has four decimals
  ...(row.vat !== "" && { taxItems: [taxOf(row)] }),
});

const taxOf = ({ line, vat }) => ({ id: `${line}-vat`, name: "VAT", rate: RATES[vat] ?? vat });

/** What is wrong with an invoice: all faults of its shape, or why the book refuses it. */
function faultsOf({ error }, { lines }) {
  const faults = error.issues ?? [error];
  return faults.map(({ segments: [, , ...field], details }) => {
    const line = field[0] === "items" ? lines[field[1]] : lines[0];
    return `line ${line}, ${field.join(".")}: ${details.sentence}`;
  });
}

const invoices = invoicesOf(rowsOf(await readFile(process.argv[2], "utf8")));
const book = new Book({ currency: "EUR" });
const bulk = { type: "bulk", at: "2026-03-31", commands: invoices.map(({ command }) => command) };

const { counts, results } = book.preview(bulk);
console.log(`${counts.done} invoices can be imported, ${counts.refused} cannot:`);
for (const [place, result] of results.entries())
  if (!result.success) console.log(faultsOf(result, invoices[place]).join("\n"));

book.execute(bulk);
for (const { accountId, balance } of book.query({ of: "account" }).rows)
  console.log(accountId, "owes", balance);
