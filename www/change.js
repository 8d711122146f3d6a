// A change of plan as the form states it: the commands that it stands for, and what the engine says of them. Amounts
// stay text; days are counted by the engine, too.
import { billingPeriod, Book, isSetoffError, previewChange, prorate } from "./pkg/setoff.js";
import { isNil, rateOf, typed } from "./format.js";
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

/** What can change, each with the name of the value that it needs, if any. */
export const KINDS = {
  price: { label: "New price", value: "New price" },
  quantity: { label: "New quantity", value: "New quantity" },
  discount: { label: "New discount", value: "New discount" },
  pause: { label: "Pause" },
  resume: { label: "Resume" },
  cancel: { label: "Cancel" },
};

/**
 * @typedef {object} PlanEvent
 * @property {number} key that it keeps, whatever stands before it
 * @property {keyof typeof KINDS} kind
 * @property {Record<string, string>} values by kind, so that none is lost when another kind is looked at
 * @property {string} day
 * @property {number} place of the day in the period: the last that was in it
 *
 * @typedef {object} ChangeForm
 * @property {string} from the first day of the period
 * @property {keyof typeof LENGTHS} length
 * @property {string} price of the plan that runs, for one unit
 * @property {string} quantity
 * @property {string} discount off the period: an amount, or a rate with `%`; empty: none
 * @property {string} taxRate in percent, with or without `%`; empty: no tax
 * @property {PlanEvent[]} changes
 * @property {string} preset
 * @property {"paid" | "open"} invoice whether the invoice that billed the plan is paid
 */

/** An upgrade in the middle of January, of a plan that is paid. */
export function startChange() {
  return {
    from: "2026-01-01",
    length: "month",
    price: "30.00",
    quantity: "1",
    discount: "",
    taxRate: "8 %",
    changes: [newEvent(1, "price", "2026-01-17", 16)],
    preset: "default",
    invoice: "paid",
  };
}

function newEvent(key, kind, day, place) {
  return { key, kind, values: { price: "50.00", quantity: "2", discount: "10 %" }, day, place };
}

/** Adds a change on the day of the last one; answers it. What is paused can only be resumed. */
export function addChange(form) {
  const { key, kind, day, place } = form.changes.at(-1);
  const added = newEvent(key + 1, kind === "pause" ? "resume" : "quantity", day, place);
  form.changes.push(added);
  return added;
}

/** The changes as they come, day by day; those of one day in the order of the form. */
const inOrder = (form) =>
  form.changes.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));

const CONTROLS = [
  ["anchor", "change-from"],
  ["every", "change-length"],
  ["items[0].amount", "change-price"],
  ["items[0].taxItems[0]", "change-tax"],
  ["changes[0].plan.price", "change-price"],
  ["changes[0].plan.quantity", "change-quantity"],
  ["changes[0].plan.discount", "change-discount"],
  ["changes[0].plan.taxes", "change-tax"],
  ["change.plan.price", "change-price"],
  ["change.plan.quantity", "change-quantity"],
  ["change.plan.discount", "change-discount"],
  ["change.plan.taxes", "change-tax"],
  ["change.months", "change-length"],
  ["change.terms", "change-preset"],
];

/** Which control of the form a field came from, by the path that an error gives. */
export function controlsOf(form) {
  const own = inOrder(form).flatMap(({ key }, place) => {
    const path = `change.changes[${place}]`;
    const value = ["price", "quantity", "discount"].map((name) => [
      `${path}.${name}`,
      `change-${key}-value`,
    ]);
    return [[path, `change-${key}-kind`], [`${path}.at`, `change-${key}-day`], ...value];
  });
  return new Map([...CONTROLS, ...own]);
}

/** The period of the form: its first day, the first day after it, and how many days it has. */
export function periodOf({ from, length }) {
  return billingPeriod({ anchor: from, every: LENGTHS[length].every, number: 0 });
}

/** The day at a place in the period; the first has the place 0. */
export function dayAt({ from }, place) {
  return billingPeriod({ anchor: from, every: { days: 1 }, number: place }).from;
}

/** The place of a day in the period. */
export function placeOf({ from }, day) {
  return billingPeriod({ anchor: from, every: { days: 1 }, containing: day }).number;
}

/**
 * What the engine says of the changes: their lines, each with how it came about; the plan of its documents (`null`
 * where it neither credits nor charges anything), the invoice that billed the plan, as it is before, and what the
 * customer owes afterwards on all invoices together. Throws what it refuses.
 */
export function ask(form) {
  const period = periodOf(form);
  const book = new Book(bookOptions);
  try {
    const { billed, invoice } = bill(book, form, period);
    const command = toCommand(form, billed);
    const plan = unlessNothing(() => book.preview(command));
    const preview = previewChange({ currency, ...command.change });
    // This book is thrown away, so the change can be carried out in it: what is owed then, the engine sums.
    if (plan !== null) book.commit(plan);
    const owed = book.query({ of: "account" }).rows[0].invoiceBalance;
    return { command, preview, plan, traces: preview.lines.map(traceLine), invoice, owed };
  } finally {
    book.free();
  }
}

/** Bills the plan for the whole period, and has that paid if the form says so. */
function bill(book, form, period) {
  const start = { type: "start", at: period.from, plan: planOf(form) };
  const { amount } = previewChange({ currency, period: periodRequest(form), changes: [start] })
    .lines[0];
  const taxItems = taxesOf(form).map((tax) => ({ id: "tax", ...tax }));
  const item = { id: ITEM, amount, description: "Plan", taxItems };
  book.execute({
    type: "createInvoice",
    at: period.from,
    id: INVOICE,
    autoPost: true,
    items: [item],
  });
  const read = () => book.query({ of: "invoice", where: { id: INVOICE } }).rows[0];
  if (form.invoice === "paid" && !isNil(read().balance)) {
    book.execute({ type: "payInvoice", at: period.from, id: "P-1", invoiceId: INVOICE });
  }
  return { billed: amount, invoice: read() };
}

/** The command that a form stands for; `billed` is what the plan was billed, without tax. */
export function toCommand(form, billed) {
  const changes = inOrder(form);
  return {
    type: "changePlan",
    at: changes.at(-1).day,
    billedBy: { invoiceId: INVOICE, itemId: ITEM },
    creditMemoId: "CM-1",
    invoiceId: "INV-2",
    change: {
      terms: form.preset,
      period: periodRequest(form),
      plan: planOf(form),
      billed,
      changes: changes.map(toEvent),
    },
  };
}

function toEvent({ kind, values, day: at }) {
  if (KINDS[kind].value === undefined) return { type: kind, at };
  return {
    type: "change",
    at,
    [kind]: kind === "discount" ? toDiscount(values.discount) : typed(values[kind]),
  };
}

/** The plan that runs; what the form leaves empty is left out. */
function planOf(form) {
  const plan = { price: typed(form.price) };
  const quantity = typed(form.quantity);
  if (quantity !== "1") plan.quantity = quantity;
  const discount = toDiscount(form.discount);
  if (discount !== null) plan.discount = discount;
  const taxes = taxesOf(form);
  if (taxes.length > 0) plan.taxes = taxes;
  return plan;
}

/** `10 %` as a rate, `5.00` as an amount, nothing as `null`. Whether it is a number, the engine says. */
function toDiscount(text) {
  const { number, isPercent } = numberOf(text);
  if (isPercent) return { rate: rateOf(number) };
  return number === "" ? null : { amount: number };
}

/** The number in a field, and whether a percent sign follows it. */
function numberOf(text) {
  const [, number, sign] = /^\s*(.*?)\s*(%?)\s*$/.exec(text);
  return { number: typed(number), isPercent: sign === "%" };
}

function periodRequest({ from, length }) {
  return { from, every: LENGTHS[length].every };
}

/** A tax is a rate and nothing else, so `8` is 8 %, too. */
function taxesOf({ taxRate }) {
  const { number, isPercent } = numberOf(taxRate);
  return number === "" && !isPercent ? [] : [{ name: TAX, rate: rateOf(number) }];
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

/**
 * How a line came about: the product of price, quantity and factor, of its own time and (of a residual credit) of the
 * time used; `null` where the engine's figures say that it is not that: a cap, say, or a discount.
 */
function traceLine(line) {
  const { price, quantity } = line;
  const productIf = (factor, agrees) => {
    if (price === null) return null;
    const product = prorate({ currency, price, quantity, factor });
    return agrees(product) ? product.exact : null;
  };
  const sign = line.type === "credit" ? "-" : "";
  return {
    line,
    product: productIf(line.factor, ({ exact }) => line.exact === sign + exact),
    used: line.used && productIf(line.used.factor, ({ amount }) => amount === line.cost),
  };
}
