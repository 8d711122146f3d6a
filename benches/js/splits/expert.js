// JavaScript written for speed, with the engine's algorithm as far as the language lets it: typed arrays that are used
// again, one ratio a split, two passes without a branch that store nothing between them, and exact remainders only for
// those near the cut. What the engine knows of loaded weights (sum and size) is known here.
export const name = "expert JS (typed arrays)";

const BUCKETS = 4096;
const histogram = new Uint32Array(BUCKETS);
let shares = new Float64Array(1024);
let candidates = new Uint32Array(1024);
let remainders = new Float64Array(1024);

/** Weights, their sum, and the largest of them. */
export const load = (cents) => measured(Float64Array.from(cents));

function measured(weights) {
  let [total, most] = [0, 0];
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index];
    total += weight;
    most = weight > most ? weight : most;
  }
  if (!Number.isSafeInteger(total)) throw new RangeError("more cents than a Number counts");
  return { weights, total, most };
}

/** Shares of `amount` in proportion to `weights`, exact as far as a Number counts. */
export function split(amount, { weights, total, most }) {
  const count = weights.length;
  if (shares.length < count) {
    [shares, candidates, remainders] = [
      new Float64Array(count),
      new Uint32Array(count),
      new Float64Array(count),
    ];
  }
  // The errors of all products together must be far less than a cent. Who then has more than its share (which lies just
  // below a whole cent) is one of those with the largest fractions, and has what is due to it.
  if (amount > 2 ** 45) return splitByBigInt(amount, total, weights);
  const ratio = amount / total;
  const buckets = count < BUCKETS ? 64 : BUCKETS;
  const bucket = tally(weights, ratio, amount, buckets);
  const margin = most * ratio * 2 ** -50;
  const up = Math.min(1, (bucket + 1) / buckets + margin);
  const down = Math.max(0, bucket / buckets - margin);
  // Rounds up from `up` on; candidates then come right below a whole cent.
  const shift = 1 - up;
  const limit = down + shift;
  const own = shares.subarray(0, count);
  const [found, rest] = round(weights, ratio, amount, shift, limit, own, candidates);
  if (rest > 0) handOut(rest, found, amount, total, weights);
  return own;
}

/** How many candidates there are, and what is left for them. */
function round(weights, ratio, amount, shift, limit, shares, candidates) {
  let [found, rest] = [0, amount];
  for (let index = 0; index < weights.length; index++) {
    const product = weights[index] * ratio + shift;
    const share = Math.floor(product);
    shares[index] = share;
    rest -= share;
    if (product - share >= limit) candidates[found++] = index;
  }
  return [found, rest];
}

/** The bucket of fractions in which the cents that the floors leave run out. */
function tally(weights, ratio, amount, buckets) {
  const counts = histogram;
  counts.fill(0, 0, buckets);
  let left = amount;
  for (let index = 0; index < weights.length; index++) {
    const product = weights[index] * ratio;
    const floor = Math.floor(product);
    left -= floor;
    counts[((product - floor) * buckets) | 0] += 1;
  }
  let bucket = buckets - 1;
  while (bucket > 0 && counts[bucket] < left) left -= counts[bucket--];
  return bucket;
}

/** A cent more for each of the `left` candidates with the largest remainders, the earlier first among equals. */
function handOut(left, found, amount, total, weights) {
  const HALF = 2 ** 26;
  const [amountLow, amountHigh] = [amount % HALF, Math.floor(amount / HALF)];
  const [totalLow, totalHigh] = [total % HALF, Math.floor(total / HALF)];
  for (let rank = 0; rank < found; rank++) {
    const place = candidates[rank];
    const [weight, share] = [weights[place], shares[place]];
    remainders[rank] =
      weight < HALF && share < HALF && total < 2 ** 51
        ? // High halves and low halves apart: each product fits.
          (weight * amountHigh - share * totalHigh) * HALF + (weight * amountLow - share * totalLow)
        : Number(BigInt(weight) * BigInt(amount) - BigInt(share) * BigInt(total));
  }
  // Many are narrowed down to one bucket of them, until few are left or all are equal.
  for (;;) {
    let [least, most] = [Infinity, -Infinity];
    for (let rank = 0; rank < found; rank++) {
      least = Math.min(least, remainders[rank]);
      most = Math.max(most, remainders[rank]);
    }
    if (found <= 64 || least === most) break;
    const scale = (BUCKETS - 1) / (most - least);
    histogram.fill(0);
    for (let rank = 0; rank < found; rank++)
      histogram[((remainders[rank] - least) * scale) | 0] += 1;
    let last = BUCKETS - 1;
    while (last > 0 && histogram[last] < left) left -= histogram[last--];
    let kept = 0;
    for (let rank = 0; rank < found; rank++) {
      const bucket = ((remainders[rank] - least) * scale) | 0;
      if (bucket > last) shares[candidates[rank]] += 1;
      if (bucket !== last) continue;
      remainders[kept] = remainders[rank];
      candidates[kept++] = candidates[rank];
    }
    found = kept;
  }
  const order = Array.from({ length: found }, (_, rank) => rank);
  if (found <= 64) order.sort((a, b) => remainders[b] - remainders[a] || a - b);
  for (let rank = 0; rank < left; rank++) shares[candidates[order[rank]]] += 1;
}

function splitByBigInt(amount, total, weights) {
  const [wideAmount, wideTotal] = [BigInt(amount), BigInt(total)];
  const count = weights.length;
  const remainders = new Float64Array(count);
  let left = amount;
  for (let index = 0; index < count; index++) {
    const product = wideAmount * BigInt(weights[index]);
    shares[index] = Number(product / wideTotal);
    remainders[index] = Number(product % wideTotal);
    left -= shares[index];
  }
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  order.sort((a, b) => remainders[b] - remainders[a] || a - b);
  for (let rank = 0; rank < left; rank++) shares[order[rank]] += 1;
  return shares.subarray(0, count);
}

export function splitRows(amount, rows) {
  const count = rows.length;
  if (cents.length < count) cents = new Float64Array(count);
  for (let index = 0; index < count; index++) cents[index] = toCents(rows[index].balance);
  const parts = split(toCents(amount), measured(cents.subarray(0, count)));
  const answer = new Array(count);
  for (let index = 0; index < count; index++)
    answer[index] = { id: rows[index].id, amount: toText(parts[index]) };
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
  const isCanonical =
    point > 0 && (point === 1 || text.charCodeAt(0) !== 48) && (point === length || decimals > 0);
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
