// Random figures that are the same on every run.

/** A source of fractions from 0 up to 1 (mulberry32). */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `least` to `most`. */
export function whole(next, least, most) {
  return least + Math.floor(next() * (most - least + 1));
}

/** The same for BigInts of any size. */
export function wide(next, least, most) {
  let bits = 0n;
  for (let word = 0; word < 4; word++) bits = (bits << 32n) | BigInt(Math.floor(next() * 2 ** 32));
  return least + (bits % (most - least + 1n));
}
