// dinero.js by its own rule: what is left over goes to the first weights, not to the largest remainders.
import { allocate, dinero, toDecimal, toSnapshot, USD } from "dinero.js";

export const name = "dinero.js (leftovers to the first)";

/** Its parts are not those of the others: only what they sum to is checked. */
export const hasOwnRule = true;

export const load = (cents) => cents;

export const split = (amount, weights) => allocate(dinero({ amount, currency: USD }), weights);

const toCents = (text) => {
  const [whole, fraction] = text.split(".");
  return Number(whole + fraction);
};

export function splitRows(amount, rows) {
  const parts = split(
    toCents(amount),
    rows.map(({ balance }) => toCents(balance)),
  );
  return rows.map(({ id }, index) => ({ id, amount: toDecimal(parts[index]) }));
}

export const toNumbers = (parts) => parts.map((part) => toSnapshot(part).amount);
