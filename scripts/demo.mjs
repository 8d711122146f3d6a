// A walk through one settlement, for a person to read: the sample account, what applying a credit memo would do, doing
// it, and taking it back. Every amount is the engine's own text; nothing here adds or subtracts money.
import { Book, init } from "../pkg/node.mjs";
import { account as customer, bookOptions, commands, example } from "../www/accounts/studio.js";
import { negated } from "../www/words/amount.js";
import { explain, readAccount } from "./account.mjs";
import { main } from "./exec.mjs";

const WIDTH = 100;
const FIGURE = 10;

/** Prints the walk, line by line, with `log`. */
export async function demo({ log = console.log } = {}) {
  await init();
  const book = new Book(bookOptions);
  for (const command of commands) book.execute(command);
  const print = new Printer(log);

  print.title("setoff: a credit memo settles two invoices, and lets go of them again");
  log(`Account ${customer.id}, ${customer.name}. All amounts are in ${bookOptions.currency}.`);
  print.state(book);
  const untouched = book.hash();

  print.title("1  The invoices, and the memo that is to settle some of them");
  const account = readAccount(book);
  for (const { invoiceId } of example.invoices) print.document(account.byId.get(invoiceId));
  print.document(account.byId.get(example.creditMemoId));

  const [first, second] = example.invoices;
  print.title("2  Preview: what applying the memo would do");
  log(
    `${first.amount} to ${first.invoiceId}, all that is left to ${second.invoiceId}; rule: ${example.rule}.`,
  );
  const plan = book.preview(example);
  print.outcome(explain(account, plan), { invoice: "receives", from: "from memo line" });

  print.title("3  Apply: the plan is carried out");
  const applied = book.commit(plan);
  log(`Application group ${applied.applicationGroupId} applied ${applied.amount}. Now open:`);
  const settled = readAccount(book);
  for (const { invoiceId } of example.invoices)
    log(row(`  ${invoiceId}`, [settled.byId.get(invoiceId).balance]));
  log(row(`  ${example.creditMemoId}`, [settled.byId.get(example.creditMemoId).unappliedAmount]));
  print.state(book);

  print.title(`4  Unapply a part: 5.00 of what ${second.invoiceId} received, first in first out`);
  const partly = book.execute({
    type: "unapplyCreditMemo",
    at: "2026-03-20",
    creditMemoId: example.creditMemoId,
    invoices: [{ invoiceId: second.invoiceId, amount: "5.00" }],
  });
  print.outcome(explain(settled, partly), { invoice: "new credit memo", from: "to memo line" });

  print.title("5  Unapply the rest");
  const taken = book.execute({
    type: "unapplyCreditMemo",
    at: "2026-03-21",
    creditMemoId: example.creditMemoId,
  });
  log(`Application group ${taken.applicationGroupId} took ${negated(taken.amount)} back.`);
  print.state(book);
  log(
    `Is that the state of the start? ${book.hash() === untouched ? "Yes, the hashes are equal." : "NO."}`,
  );
  book.free();

  print.title("How to read this");
  log(
    "Each item and each tax item is settled by itself. By proration each receives its share by balance,",
  );
  log(
    "in whole cents; a cent that is left over goes to the share that lost most by rounding down.",
  );
}

/** Prints the parts of the walk with `log`. */
class Printer {
  #log;

  constructor(log) {
    this.#log = log;
  }

  title(text) {
    const isBold = this.#log === console.log && process.stdout.isTTY;
    this.#log("");
    this.#log(isBold ? `\u001b[1m${text}\u001b[22m` : text);
    this.#log("─".repeat(WIDTH));
  }

  state(book) {
    this.#log(`Book version ${book.version}, state hash ${book.hash().slice(0, 16)}…`);
  }

  document({ type, number, dueDate, lines, amount, appliedAmount, balance, unappliedAmount }) {
    const isInvoice = type === "invoice";
    const words = isInvoice ? `${number}, due ${dueDate}` : `${number}, a credit memo`;
    const open = isInvoice ? balance : unappliedAmount;

    this.#log("");
    this.#log(row(words, ["amount", "discounts", "applied", isInvoice ? "balance" : "unapplied"]));
    for (const line of lines) {
      const figures = [line.amount, line.nettedAmount, line.appliedAmount, line.openAmount];
      this.#log(row(indent(line), figures));
    }
    this.#log(row("  Total", [amount, "", appliedAmount, open]));
  }

  /** What an outcome did. `verbs` say what the demands and the other lines have to do with each other. */
  outcome({ source, demands }, verbs) {
    for (const demand of demands) this.#demand(demand, verbs);

    this.#log("");
    this.#change(`${source.document.number}, unapplied amount`, "before", "", "", "after");
    for (const { line, before, after } of source.lines)
      this.#change(indent(line), before, "", "", after);
    this.#change("  Total", source.before, "", "", source.after);
  }

  #demand({ document: invoice, amount, before, after, lines }, verbs) {
    this.#log("");
    this.#change(`${invoice.number}, balance`, "before", verbs.invoice, verbs.from, "after");

    for (const { line, before, after, received } of lines) {
      const [first, ...others] = received;
      this.#change(indent(line), before, first?.amount ?? "", first?.from.longLabel ?? "", after);
      for (const part of others) this.#change("", "", part.amount, part.from.longLabel, "");
    }
    this.#change("  Total", before, amount, "", after);
  }

  #change(words, before, amount, lineWords, after) {
    const figures = before.padStart(FIGURE) + amount.padStart(FIGURE + 2);
    this.#log(row(`${words.padEnd(30)}${figures}  ${lineWords}`, [after]).trimEnd());
  }
}

/** Words on the left, figures in columns on the right. */
function row(words, figures) {
  const columns = figures.map((figure) => figure.padStart(FIGURE)).join(" ");
  return words.padEnd(WIDTH - columns.length) + columns;
}

function indent({ kind, label }) {
  return (kind === "tax" ? "    " : "  ") + label;
}

await main(import.meta.url, () => demo());
