// Idiomatic JavaScript on BigInts: whole cents.
export const name = "BigInt (cents)";

export const load = (cents) => cents.map(BigInt);

/** Shares of `amount` in proportion to `weights`: the floors, and a cent more for the largest remainders. */
export function split(amount, weights) {
  const whole = BigInt(amount);
  const total = sum(weights);
  const shares = weights.map((weight, index) => {
    const product = whole * weight;
    const floor = product / total;
    return { index, floor, remainder: product - floor * total };
  });
  const left = whole - sum(shares.map(({ floor }) => floor));
  const byRemainder = [...shares].sort((a, b) => {
    if (a.remainder === b.remainder) return a.index - b.index;
    return a.remainder > b.remainder ? -1 : 1;
  });
  for (const share of byRemainder.slice(0, Number(left))) share.floor += 1n;
  return shares.map(({ floor }) => floor);
}

function sum(cents) {
  return cents.reduce((total, amount) => total + amount, 0n);
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
  return BigInt(whole + fraction.padEnd(2, "0"));
}

function toText(cents) {
  const digits = String(cents).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export const toNumbers = (parts) => parts.map(Number);
