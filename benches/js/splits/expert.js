// JavaScript written for speed, with the engine's algorithm as far as the language lets it: typed arrays that are used
// again, one reciprocal a split, a histogram of the remainders instead of a sort.
export const name = "expert JS (typed arrays)";

let remainders = new Float64Array(1024);
let shares = new Float64Array(1024);
const BUCKETS = 4096;
const histogram = new Uint32Array(BUCKETS);

export const load = (cents) => Float64Array.from(cents);

/** Shares of `amount` in proportion to `weights`, exact where no product is more than a Number counts. */
export function split(amount, weights) {
  const count = weights.length;
  if (shares.length < count) [remainders, shares] = [new Float64Array(count), new Float64Array(count)];
  let total = 0;
  for (let index = 0; index < count; index++) total += weights[index];
  if (!Number.isSafeInteger(total)) throw new RangeError("more cents than a Number counts");
  const given = isNarrow(amount, total, weights) ? divideNarrow(amount, total, weights) : divideWide(amount, total, weights);
  handOut(amount - given, total, count);
  return shares.subarray(0, count);
}

function isNarrow(amount, total, weights) {
  let most = 0;
  for (let index = 0; index < weights.length; index++) if (weights[index] > most) most = weights[index];
  return amount * most <= Number.MAX_SAFE_INTEGER;
}

function divideNarrow(amount, total, weights) {
  const ratio = amount / total;
  let given = 0;
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index];
    // At most one off; the remainder is exact and says so.
    let share = Math.floor(weight * ratio);
    let remainder = amount * weight - share * total;
    if (remainder < 0) {
      share -= 1;
      remainder += total;
    } else if (remainder >= total) {
      share += 1;
      remainder -= total;
    }
    shares[index] = share;
    remainders[index] = remainder;
    given += share;
  }
  return given;
}

/**
 * Where products do not fit 53 bits: amount and total in two halves of 26 bits, the remainder modulo 2⁵² from the parts
 * of the products that fit.
 */
function divideWide(amount, total, weights) {
  const ratio = amount / total;
  const HALF = 2 ** 26;
  const [amountLow, amountHigh] = [amount % HALF, Math.floor(amount / HALF)];
  const [totalLow, totalHigh] = [total % HALF, Math.floor(total / HALF)];
  let given = 0;
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index];
    if (weight >= HALF || total >= 2 ** 51) return divideByBigInt(amount, total, weights);
    let share = Math.floor(weight * ratio);
    if (share >= HALF) return divideByBigInt(amount, total, weights);
    // weight × amount − share × total, high halves and low halves apart: each fits.
    let remainder = (weight * amountHigh - share * totalHigh) * HALF + (weight * amountLow - share * totalLow);
    if (remainder < 0) {
      share -= 1;
      remainder += total;
    } else if (remainder >= total) {
      share += 1;
      remainder -= total;
    }
    shares[index] = share;
    remainders[index] = remainder;
    given += share;
  }
  return given;
}

function divideByBigInt(amount, total, weights) {
  const [wideAmount, wideTotal] = [BigInt(amount), BigInt(total)];
  let given = 0;
  for (let index = 0; index < weights.length; index++) {
    const product = wideAmount * BigInt(weights[index]);
    shares[index] = Number(product / wideTotal);
    remainders[index] = Number(product % wideTotal);
    given += shares[index];
  }
  return given;
}

/** A cent more for each of the `left` largest remainders, the earlier first among equals. */
function handOut(left, total, count) {
  if (left === 0) return;
  if (count <= 32) {
    for (; left > 0; left--) {
      let largest = 0;
      for (let index = 1; index < count; index++) if (remainders[index] > remainders[largest]) largest = index;
      remainders[largest] = -1;
      shares[largest] += 1;
    }
    return;
  }
  const buckets = Math.min(BUCKETS, count);
  histogram.fill(0, 0, buckets);
  const scale = buckets / total;
  const bucketOf = (remainder) => Math.min(buckets - 1, Math.floor(remainder * scale));
  for (let index = 0; index < count; index++) histogram[bucketOf(remainders[index])] += 1;
  let last = buckets - 1;
  while (histogram[last] < left) left -= histogram[last--];
  const among = [];
  for (let index = 0; index < count; index++) {
    const bucket = bucketOf(remainders[index]);
    if (bucket > last) shares[index] += 1;
    else if (bucket === last) among.push(index);
  }
  if (left < among.length) {
    let isEqual = true;
    for (let k = 1; k < among.length && isEqual; k++) isEqual = remainders[among[k]] === remainders[among[0]];
    if (!isEqual) among.sort((a, b) => remainders[b] - remainders[a] || a - b);
  }
  for (let rank = 0; rank < left; rank++) shares[among[rank]] += 1;
}

export function splitRows(amount, rows) {
  const count = rows.length;
  if (cents.length < count) cents = new Float64Array(count);
  for (let index = 0; index < count; index++) cents[index] = toCents(rows[index].balance);
  const parts = split(toCents(amount), cents.subarray(0, count));
  const answer = new Array(count);
  for (let index = 0; index < count; index++) answer[index] = { id: rows[index].id, amount: toText(parts[index]) };
  return answer;
}

let cents = new Float64Array(1024);

/** The cents of a canonical amount of zero or more, with up to two decimals. */
function toCents(text) {
  const length = text.length;
  let units = 0;
  let point = length;
  for (let index = 0; index < length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit >= 0 && digit <= 9) units = units * 10 + digit;
    else if (digit === -2 && point === length) point = index;
    else throw new RangeError(`not an amount: ${text}`);
  }
  const decimals = point === length ? 0 : length - point - 1;
  const isCanonical = point > 0 && (point === 1 || text.charCodeAt(0) !== 48) && (point === length || decimals > 0);
  if (!isCanonical || decimals > 2) throw new RangeError(`not an amount: ${text}`);
  if (decimals < 2) units *= decimals === 0 ? 100 : 10;
  if (units > Number.MAX_SAFE_INTEGER) throw new RangeError("more cents than a Number counts");
  return units;
}

const FRACTIONS = Array.from({ length: 100 }, (_, units) => `.${String(units).padStart(2, "0")}`);

function toText(units) {
  if (units < 2 ** 31) {
    const small = units | 0;
    const whole = (small / 100) | 0;
    return whole + FRACTIONS[small - whole * 100];
  }
  const fraction = units % 100;
  return (units - fraction) / 100 + FRACTIONS[fraction];
}

export const toNumbers = (parts) => Array.from(parts);
