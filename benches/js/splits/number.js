// Idiomatic JavaScript on Numbers: whole cents, guarded where a product is more than a Number counts.
export const name = "Number (cents, guarded)";

export const load = (cents) => cents;

/** Shares of `amount` in proportion to `weights`: the floors, and a cent more for the largest remainders. */
export function split(amount, weights) {
  const total = sum(weights);
  const shares = weights.map((weight, index) => ({ index, ...divide(amount, weight, total) }));
  const left = amount - sum(shares.map(({ floor }) => floor));
  const byRemainder = [...shares].sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const share of byRemainder.slice(0, left)) share.floor += 1;
  return shares.map(({ floor }) => floor);
}

function divide(amount, weight, total) {
  const product = amount * weight;
  if (product <= Number.MAX_SAFE_INTEGER) {
    const remainder = product % total;
    return { floor: (product - remainder) / total, remainder };
  }
  const exact = BigInt(amount) * BigInt(weight);
  return { floor: Number(exact / BigInt(total)), remainder: Number(exact % BigInt(total)) };
}

function sum(cents) {
  return cents.reduce((total, amount) => total + amount, 0);
}

export function splitRows(amount, rows) {
  const parts = split(
    toCents(amount),
    rows.map(({ balance }) => toCents(balance)),
  );
  return rows.map(({ id }, index) => ({ id, amount: toText(parts[index]) }));
}

function toCents(text) {
  const [whole, fraction = ""] = text.split(".");
  return safe(Number(whole) * 100 + Number(fraction.padEnd(2, "0")));
}

function toText(cents) {
  const fraction = cents % 100;
  return `${(cents - fraction) / 100}.${String(fraction).padStart(2, "0")}`;
}

function safe(cents) {
  if (!Number.isSafeInteger(cents)) throw new RangeError("more cents than a Number counts");
  return cents;
}

export const toNumbers = (parts) => parts;
