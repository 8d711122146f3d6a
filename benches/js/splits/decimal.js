// Idiomatic decimal.js.
import Decimal from "decimal.js";

export const name = "decimal.js";

const ZERO = new Decimal(0);

export const load = (cents) => cents.map((amount) => new Decimal(amount));

/** Shares of `amount` in proportion to `weights`: the floors, and a cent more for the largest remainders. */
export function split(amount, weights) {
  const whole = new Decimal(amount);
  const total = sum(weights);
  const shares = weights.map((weight, index) => {
    const product = whole.times(weight);
    const floor = product.divToInt(total);
    return { index, floor, remainder: product.minus(floor.times(total)) };
  });
  const left = whole.minus(sum(shares.map(({ floor }) => floor)));
  const byRemainder = [...shares].sort((a, b) => b.remainder.cmp(a.remainder) || a.index - b.index);
  for (const share of byRemainder.slice(0, Number(left))) share.floor = share.floor.plus(1);
  return shares.map(({ floor }) => floor);
}

function sum(cents) {
  return cents.reduce((total, amount) => total.plus(amount), ZERO);
}

export function splitRows(amount, rows) {
  const toCents = (text) => new Decimal(text).times(100);
  const parts = split(
    toCents(amount),
    rows.map(({ balance }) => toCents(balance)),
  );
  return rows.map(({ id }, index) => ({ id, amount: parts[index].times("0.01").toFixed(2) }));
}

export const toNumbers = (parts) => parts.map(Number);
