// A change of plan as the form states it: the commands that it stands for, and what the engine says of them. Amounts
// stay text; days are counted by the engine, too.
import { billingPeriod, Book, isSetoffError, previewChange, prorate } from "./pkg/setoff.js";
import { isNil } from "./format.js";
import { bookOptions } from "./sample.js";

const { currency } = bookOptions;

const INVOICE = "INV-1";
const ITEM = "plan";
const TAX = "Sales tax";

/** How long a period can be. */
export const LENGTHS = {
  month: { label: "1 month", every: { months: 1 } },
  quarter: { label: "3 months", every: { months: 3 } },
  year: { label: "1 year", every: { months: 12 } },
  days: { label: "30 days", every: { days: 30 } },
};

/**
 * @typedef {object} ChangeForm
 * @property {string} from the first day of the period
 * @property {keyof typeof LENGTHS} length
 * @property {string} price of the plan that runs
 * @property {string} taxRate as a fraction; empty: no tax
 * @property {"price" | "cancel"} type
 * @property {string} newPrice of the plan that begins
 * @property {string} day of the change
 * @property {string} preset
 * @property {"paid" | "open"} invoice what became of the invoice that billed the plan
 */

/** An upgrade in the middle of January, of a plan that is paid. */
export function startChange() {
  return {
    from: "2026-01-01",
    length: "month",
    price: "30.00",
    taxRate: "0.08",
    type: "price",
    newPrice: "50.00",
    day: "2026-01-17",
    preset: "default",
    invoice: "paid",
  };
}

/** Which control of the form a field came from, by the path that an error gives. */
export const CONTROLS = new Map([
  ["anchor", "change-from"],
  ["every", "change-length"],
  ["containing", "change-day"],
  ["items[0].amount", "change-price"],
  ["items[0].taxItems[0]", "change-tax"],
  ["change.changes[0].at", "change-day"],
  ["change.changes[0].price", "change-new-price"],
  ["change.changes[0].taxes", "change-tax"],
  ["change.plan.price", "change-price"],
  ["change.plan.taxes", "change-tax"],
  ["change.months", "change-length"],
  ["change.terms", "change-preset"],
]);

/** The period of the form: its first day, the first day after it, and how many days it has. */
export function periodOf({ from, length }) {
  return billingPeriod({ anchor: from, every: LENGTHS[length].every, number: 0 });
}

/** The day at a place in the period; the first has the place 0. */
export function dayAt({ from }, place) {
  return billingPeriod({ anchor: from, every: { days: 1 }, number: place }).from;
}

/** The place of the form's day in the period. */
export function placeOf({ from, day }) {
  return billingPeriod({ anchor: from, every: { days: 1 }, containing: day }).number;
}

/**
 * What the engine says of a change: its lines, each with how it came about; the plan of its documents (`null` where it
 * neither credits nor charges anything) and the invoice that billed the plan, as it is before. Throws what it refuses.
 */
export function ask(form) {
  const period = periodOf(form);
  const book = new Book(bookOptions);
  try {
    const { billed, invoice } = bill(book, form, period);
    const command = toCommand(form, billed);
    const plan = unlessNothing(() => book.preview(command));
    const preview = previewChange({ currency, ...command.change });
    const traces = preview.lines.map((line) => traceLine(form, line));
    return { command, preview, plan, traces, billed, invoice };
  } finally {
    book.free();
  }
}

/** Bills the plan for the whole period, and has that paid if the form says so. */
function bill(book, form, period) {
  const taxItems = taxesOf(form).map((tax) => ({ id: "tax", ...tax }));
  const item = { id: ITEM, amount: form.price.trim(), description: "Plan", taxItems };
  book.execute({ type: "createInvoice", at: period.from, id: INVOICE, autoPost: true, items: [item] });
  const read = () => book.query({ of: "invoice", where: { id: INVOICE } }).rows[0];
  if (form.invoice === "paid" && !isNil(read().balance)) {
    book.execute({ type: "payInvoice", at: period.from, id: "P-1", invoiceId: INVOICE });
  }
  const [{ amount }] = book.query({ of: "item", where: { documentId: INVOICE } }).rows;
  return { billed: amount, invoice: read() };
}

/** The command that a form stands for; `billed` is what the plan was billed, without tax. */
export function toCommand(form, billed) {
  const taxes = taxesOf(form);
  const taxed = taxes.length === 0 ? {} : { taxes };
  return {
    type: "changePlan",
    at: form.day,
    billedBy: { invoiceId: INVOICE, itemId: ITEM },
    creditMemoId: "CM-1",
    invoiceId: "INV-2",
    change: {
      terms: form.preset,
      period: periodRequest(form),
      plan: { price: form.price.trim(), ...taxed },
      billed,
      changes: [
        form.type === "cancel"
          ? { type: "cancel", at: form.day }
          : { type: "change", at: form.day, price: form.newPrice.trim() },
      ],
    },
  };
}

function periodRequest({ from, length }) {
  return { from, every: LENGTHS[length].every };
}

function taxesOf({ taxRate }) {
  return taxRate.trim() === "" ? [] : [{ name: TAX, rate: taxRate.trim() }];
}

/** What `action` answers with; `null` where there is nothing to settle. */
function unlessNothing(action) {
  try {
    return action();
  } catch (error) {
    if (isSetoffError(error) && error.code === "nothingToSettle") return null;
    throw error;
  }
}

/**
 * How a line came about: `time`, the prorated amount of its service; `used`, of a residual credit, that of the time
 * before. Either is `null` where the engine's figures for the line say otherwise (a cap, say): then its sentence tells.
 */
function traceLine(form, line) {
  const common = { currency, price: line.price ?? form.price.trim(), period: periodRequest(form) };
  const explain = (agrees, request) => {
    if (request.service === null) return null;
    try {
      const prorated = prorate({ ...common, ...request });
      return agrees(prorated) ? prorated : null;
    } catch (error) {
      if (isSetoffError(error)) return null;
      throw error;
    }
  };
  const isShare = (share) => ["covered", "length", "factor"].every((name) => share[name] === line[name]);
  const time = explain(isShare, { terms: form.preset, service: line.service });
  if (line.cost === null) return { line, time, used: null };
  // Half-open, so that the time before the change ends with its day, however the preset writes ends.
  const used = explain(({ amount }) => amount === line.cost, {
    terms: { preset: form.preset, interval: "halfOpen" },
    service: { from: form.from, to: form.day },
  });
  return { line, time, used };
}
