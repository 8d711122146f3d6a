// What a change of plan costs, what is due then, and what other systems would bill. Each answer is of a book of its
// own, so that the engine adds up all that is shown.
import { billingPeriod, Book, isSetoffError, previewChange, prorationPresets } from "setoff";
import { BILLED, changeOf, commandOf, LENGTHS, planOf, taxesOf } from "../scenario/change.js";
import { isNil } from "../words/amount.js";
import { difference } from "./add.js";

/** The answer to a scenario in a currency. Throws what the engine refuses. */
export function changeAnswer(scenario, currency) {
  const period = periodOf(scenario);
  const own = billedBy(scenario, currency, scenario.terms, period);
  try {
    const { book, invoice, billed } = own;
    const command = commandOf(scenario, billed);
    const plan = unlessNothing(() => book.preview(command));
    const preview = previewChange({ currency, ...command.change });

    const before = balanceOf(book);
    if (plan !== null) book.commit(plan);
    return {
      ...{ scenario, period, currency, command, billed },
      preview: figuresOf(preview),
      lines: preview.lines.map(lineOf),
      due: balanceOf(book),
      before,
      documents: documentsOf(plan, invoice),
      others: othersOf(scenario, currency, preview.total),
    };
  } finally {
    own.book.free();
  }
}

export const periodOf = ({ from, length }) =>
  billingPeriod({ anchor: from, every: LENGTHS[length].every, number: 0 });

/** A book in which the plan is billed for the whole period, and that is paid if the scenario says so. */
function billedBy(scenario, currency, terms, period) {
  const book = new Book({ currency });
  const start = { type: "start", at: period.from, plan: planOf(scenario) };
  const request = { period: { from: scenario.from, every: LENGTHS[scenario.length].every }, terms };
  const [{ amount }] = previewChange({ currency, ...request, changes: [start] }).lines;

  const { taxRate } = scenario;
  const taxItems = (taxRate === null ? [] : taxesOf(taxRate)).map((tax) => ({ id: "tax", ...tax }));
  const item = { id: BILLED.itemId, amount, description: "Plan", taxItems };
  const at = period.from;
  const { invoiceId: id } = BILLED;
  book.execute({ type: "createInvoice", at, id, autoPost: true, items: [item] });

  const read = () => book.query({ of: "invoice", where: { id } }).rows[0];
  if (scenario.invoice === "paid" && !isNil(read().balance))
    book.execute({ type: "payInvoice", at, id: "P-1", invoiceId: id });
  return { book, billed: amount, invoice: read() };
}

/** What is owed on all invoices. */
const balanceOf = (book) => book.query({ of: "account" }).rows[0].invoiceBalance;

const figuresOf = ({ credit, charge, net, tax, total }) => ({ credit, charge, net, tax, total });

const lineOf = (line) => ({
  ...{ type: line.type, change: line.change, of: line.of, service: line.service },
  ...{ amount: line.amount, exact: line.exact, sentence: line.sentence, factor: line.factor },
  ...{ covered: line.covered, length: line.length, cost: line.cost, taxes: line.taxes },
  used: line.used === null ? null : { covered: line.used.covered, length: line.used.length },
});

/** The invoice that billed the plan, and the documents of the change. */
function documentsOf(plan, invoice) {
  const changed = plan?.documents.find(({ documentId }) => documentId === invoice.id);
  const old = { before: invoice.balance, after: changed?.after ?? invoice.balance };
  const created = (plan?.created ?? []).map((document) => ({
    ...{ id: document.id, type: document.type, amount: document.amount },
    ...{ taxAmount: document.taxAmount, before: null },
    after: document.balance ?? document.unappliedAmount,
  }));
  const { id, type, amount, taxAmount } = invoice;
  return [{ id, type, amount, taxAmount, ...old }, ...created];
}

/** The same change by all presets: its figures, and how its total differs. */
function othersOf(scenario, currency, total) {
  return prorationPresets().map(({ name, checked }) => {
    try {
      const preview = previewChange({ currency, ...changeOf(scenario, undefined, name) });
      const differs = difference(currency, preview.total, total);
      return { name, checked, ...figuresOf(preview), differs };
    } catch (error) {
      if (!isSetoffError(error)) throw error;
      return { name, checked, refusal: error.details.sentence };
    }
  });
}

/** What `action` returns; `null` where there is nothing to settle. */
function unlessNothing(action) {
  try {
    return action();
  } catch (error) {
    if (isSetoffError(error) && error.code === "nothingToSettle") return null;
    throw error;
  }
}
