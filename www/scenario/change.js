// A change of plan, as somebody states it; and the command that it stands for. Amounts are texts as the engine spells
// them.

/** How long a period can be. */
export const LENGTHS = {
  month: { name: "month", every: { months: 1 } },
  quarter: { name: "quarter", every: { months: 3 } },
  year: { name: "year", every: { months: 12 } },
  days: { name: "30 days", every: { days: 30 } },
};

/** What can happen to a plan. A `value` is the name of what it needs. */
export const KINDS = {
  price: { name: "becomes", value: "New price" },
  quantity: { name: "gets a quantity of", value: "New quantity" },
  discount: { name: "gets a discount of", value: "New discount" },
  pause: { name: "pauses" },
  resume: { name: "resumes" },
  cancel: { name: "is cancelled" },
};

/**
 * @typedef {object} PlanEvent
 * @property {number} key that it keeps, whatever stands before it
 * @property {keyof typeof KINDS} kind
 * @property {string} value an amount, a quantity, or a discount: an amount, or `{ rate }` as text with `%`
 * @property {string} day
 *
 * @typedef {object} PlanScenario
 * @property {string} from the first day of the period
 * @property {keyof typeof LENGTHS} length
 * @property {string} price of one unit
 * @property {string} quantity
 * @property {{ amount?: string, rate?: string } | null} discount
 * @property {string | null} taxRate as a fraction; `null`: no tax
 * @property {PlanEvent[]} changes
 * @property {string} terms a preset
 * @property {"paid" | "open"} invoice whether the invoice that billed the plan is paid
 */

/** An upgrade in the middle of January, of a plan that is paid. */
export const startOfChange = () => ({
  from: "2026-01-01",
  length: "month",
  price: "30.00",
  quantity: "1",
  discount: null,
  taxRate: "0.08",
  changes: [{ key: 1, kind: "price", value: "50.00", day: "2026-01-17" }],
  terms: "default",
  invoice: "paid",
});

export const BILLED = { invoiceId: "INV-1", itemId: "plan" };

/** The changes day by day; those of one day in the order in which they are stated. */
export const inOrder = ({ changes }) =>
  [...changes].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));

export function planOf({ price, quantity, discount, taxRate }) {
  return {
    price,
    ...(quantity !== "1" && { quantity }),
    ...(discount !== null && { discount }),
    ...(taxRate !== null && { taxes: taxesOf(taxRate) }),
  };
}

export const taxesOf = (rate) => [{ name: "Sales tax", rate }];

/** The request of the changes; `billed` is what the plan was billed, without tax. */
export function changeOf(scenario, billed, terms = scenario.terms) {
  const { from, length } = scenario;
  return {
    terms,
    period: { from, every: LENGTHS[length].every },
    plan: planOf(scenario),
    ...(billed !== undefined && { billed }),
    changes: inOrder(scenario).map(eventOf),
  };
}

function eventOf({ kind, value, day: at }) {
  return KINDS[kind].value === undefined
    ? { type: kind, at }
    : { type: "change", at, [kind]: value };
}

/** The command that carries the changes out in a book. */
export function commandOf(scenario, billed, terms) {
  return {
    type: "changePlan",
    at: inOrder(scenario).at(-1).day,
    billedBy: BILLED,
    creditMemoId: "CM-1",
    invoiceId: "INV-2",
    change: changeOf(scenario, billed, terms),
  };
}
