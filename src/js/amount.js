// Amounts of the engine's words as text.

/** `.00` to `.99`. */
const FRACTIONS = Array.from({ length: 100 }, (_, units) => `.${String(units).padStart(2, "0")}`);

/** The canonical text of minor units, a Number or (if large) a BigInt, of a currency of `scale` decimals. */
export function amountText(units, scale) {
  // Nearly all are these.
  if (scale === 2 && units >= 0 && units < 2 ** 31) {
    const whole = (units / 100) | 0;
    return whole + FRACTIONS[units - whole * 100];
  }

  if (typeof units === "number") {
    const absolute = Math.abs(units);
    const power = 10 ** scale;
    const fraction = absolute % power;
    // A whole multiple divided by its divisor: exact.
    const whole = `${units < 0 ? "-" : ""}${(absolute - fraction) / power}`;
    return scale === 0 ? whole : `${whole}.${String(fraction).padStart(scale, "0")}`;
  }

  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${units < 0n ? "-" : ""}${digits.slice(0, point)}${scale === 0 ? "" : "."}${digits.slice(point)}`;
}

/** The units of an amount of two words. */
export function wide(words, index) {
  const [low, high] = [words[index], words[index + 1]];
  if (high === 0) return low;

  const units = (high | 0) * 2 ** 32 + low;
  return Number.isSafeInteger(units)
    ? units
    : BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
}
