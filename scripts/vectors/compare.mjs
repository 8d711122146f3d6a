// Figures of vectors: exact numbers, whatever form they are written in.

/** A number or its text (`"12.30"`, `1e-7`, `"2/3"`) as a fraction of whole numbers; undefined for anything else. */
export function fraction(value) {
  const text = String(value);
  const ratio = /^(-?\d+)\/(\d+)$/.exec(text);
  if (ratio !== null) return { numerator: BigInt(ratio[1]), denominator: BigInt(ratio[2]) };

  const decimal = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text);
  if (decimal === null || (typeof value !== "string" && typeof value !== "number"))
    return undefined;

  const [, sign, whole, decimals = "", exponent = "0"] = decimal;
  const digits = BigInt(`${sign}${whole}${decimals}`);
  const scale = decimals.length - Number(exponent);
  if (scale > 0) return { numerator: digits, denominator: 10n ** BigInt(scale) };
  return { numerator: digits * 10n ** BigInt(-scale), denominator: 1n };
}

/** A decimal number as the package takes it: digits, never an exponent. */
export function decimalText(value) {
  const { numerator, denominator } = fraction(value);
  const scale = String(denominator).length - 1;
  if (denominator !== 10n ** BigInt(scale)) throw new Error(`${value} is no decimal number`);

  const digits = String(numerator < 0n ? -numerator : numerator).padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${numerator < 0n ? "-" : ""}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ""}`;
}

/** Whether `actual` is what a vector expects: numbers by value, within `tolerance`; everything else as it is. */
export function same(expected, actual, tolerance = 0) {
  if (Array.isArray(expected)) {
    const isAlike = Array.isArray(actual) && actual.length === expected.length;
    return isAlike && expected.every((value, index) => same(value, actual[index], tolerance));
  }

  if (expected !== null && typeof expected === "object") {
    const isObject = actual !== null && typeof actual === "object";
    return (
      isObject &&
      Object.entries(expected).every(([key, value]) => same(value, actual[key], tolerance))
    );
  }

  const [a, b, most] = [expected, actual, tolerance].map(fraction);
  if (a === undefined || b === undefined) return expected === actual;
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  const distance = difference < 0n ? -difference : difference;
  return distance * most.denominator <= most.numerator * a.denominator * b.denominator;
}
