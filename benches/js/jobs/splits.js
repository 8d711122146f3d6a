// One amount over many weights: loaded before, as objects with text, and as a result of which one page is read.
import assert from "node:assert/strict";
import { checksum, column, inputs, isNative, name as native, runNative } from "../native.js";
import { random, whole } from "../random.js";
import * as engine from "../splits/engine.js";
import * as big from "../splits/big.js";
import * as bigint from "../splits/bigint.js";
import * as decimal from "../splits/decimal.js";
import * as dinero from "../splits/dinero.js";
import * as expert from "../splits/expert.js";
import * as number from "../splits/number.js";

const RIVALS = [expert, number, bigint, decimal, big, dinero];

const toText = (cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
const sum = (cents) => cents.reduce((total, amount) => total + amount);

function weights(seed, count) {
  const next = random(seed);
  return Array.from({ length: count }, () => whole(next, 1, 99_999));
}

/** Each amount is one cent more than the last: no two calls split the same. */
const amountOf = (first, index) => first + index;

/**
 * The contenders whose parts of the first and the last amount are those of BigInts, or, of one with a rule of its own,
 * sum to the amount; and who differs.
 */
function checked(contenders, expected, figures) {
  const isRight = (contender) =>
    contender.addsUp?.() ?? figures(contender).every((found, index) => found === expected[index]);
  const [right, wrong] = [
    contenders.filter(isRight),
    contenders.filter((contender) => !isRight(contender)),
  ];
  assert.ok(right.includes(contenders[0]), "the engine is not right");
  return { contenders: right, wrong: wrong.map(({ name }) => name) };
}

function kernel(name, share, text) {
  const count = 300_000;
  return {
    name,
    title: `one amount over ${count} loaded weights, ${text}; the parts stay where they are`,
    rounds: 9, // a call of the slowest takes seconds
    sampleMs: 30,
    prepare() {
      const cents = weights(101, count);
      const first = Math.floor(sum(cents) * share);
      const loaded = [engine, ...RIVALS].map(({ name, load, split, toNumbers, hasOwnRule }) => {
        const own = load(cents);
        const parts = (amount) => toNumbers(split(amount, own));
        const addsUp = hasOwnRule && (() => sum(parts(first)) === first);
        return {
          name,
          run: (index) => split(amountOf(first, index), own),
          parts,
          ...(addsUp && { addsUp }),
        };
      });
      if (isNative()) {
        const file = inputs(name, column(cents));
        const run = (amount, calls) => runNative(["kernel", file, String(amount)], calls);
        const measure = (calls, round) => run(amountOf(first, round * calls), calls);
        loaded.push({ name: native, measure, parts: (amount) => run(amount, 1).checksum });
      }
      const reference = bigint.load(cents);
      const amounts = [first, first + 12_345];
      const expected = amounts.map((amount) => checksum(bigint.split(amount, reference)));
      const figures = ({ parts }) =>
        amounts.map((amount) => {
          const found = parts(amount);
          return typeof found === "number" ? found : checksum(found);
        });
      return checked(loaded, expected, figures);
    },
  };
}

export const kernelPlain = kernel("kernel", 0.618, "61.8 % of them");
export const kernelClusters = kernel(
  "kernel-clusters",
  0.6,
  "60 % of them (remainders in few clusters)",
);

function rowsOf(count) {
  const cents = weights(102, count);
  const rows = cents.map((amount, index) => ({ id: `line-${index}`, balance: toText(amount) }));
  const first = Math.floor(sum(cents) * 0.618);
  return { rows, textOf: (index) => toText(amountOf(first, index)) };
}

function objects(name, count, rounds, sampleMs) {
  return {
    name,
    title: `one amount over ${count} objects { id, balance } with text, to objects { id, amount } with text`,
    rounds,
    sampleMs,
    prepare() {
      const { rows, textOf } = rowsOf(count);
      const toCents = ({ amount }) => Math.round(Number(amount) * 100);
      const contenders = [engine, ...RIVALS].map(({ name, splitRows, hasOwnRule }) => {
        const run = (index) => splitRows(textOf(index), rows);
        const addsUp =
          hasOwnRule && (() => sum(run(0).map(toCents)) === toCents({ amount: textOf(0) }));
        return { name, run, ...(addsUp && { addsUp }) };
      });
      const expected = [0, 12_345].map((index) =>
        JSON.stringify(bigint.splitRows(textOf(index), rows)),
      );
      return checked(contenders, expected, ({ run }) =>
        [0, 12_345].map((index) => JSON.stringify(run(index))),
      );
    },
  };
}

export const objectsLarge = objects("objects", 15_000, 21, 30);
export const objectsSmall = objects("objects-small", 10, 28, 8);

export const firstPage = {
  name: "first-page",
  title:
    "15000 weights kept in the module, 20 parts read as text; rivals make all objects with text from text",
  rounds: 21,
  sampleMs: 20,
  prepare() {
    const count = 15_000;
    const cents = weights(102, count);
    const { rows, textOf } = rowsOf(count);
    const first = Math.floor(sum(cents) * 0.618);
    const splitter = engine.load(cents);
    const page = (index) => Array.from(splitter.split(amountOf(first, index)).read(0, 20), toText);
    const contenders = [
      { name: engine.name, run: page },
      ...RIVALS.filter(({ hasOwnRule }) => !hasOwnRule).map(({ name, splitRows }) => ({
        name,
        run: (index) =>
          splitRows(textOf(index), rows)
            .slice(0, 20)
            .map(({ amount }) => amount),
      })),
    ];
    const expected = [0, 12_345].map((index) => String(contenders[2].run(index)));
    return checked(contenders, expected, ({ run }) =>
      [0, 12_345].map((index) => String(run(index))),
    );
  },
};
