// A billing run: charges of their own periods, prorated by civil days, from typed arrays into a typed array.
import Decimal from "decimal.js";
import { init, prorateColumns } from "../../../pkg/node.mjs";
import { encode } from "../../../src/js/encode.js";
import { checksum, inputs, isNative, name as native, parts, runNative } from "../native.js";
import { time } from "../clock.js";
import { random, whole } from "../random.js";

await init();

/** The columns, in the order in which they cross. */
const COLUMNS = ["prices", "serviceFrom", "serviceTo", "periodFrom", "periodTo"];
/** Different columns for the calls of a sample, so that none is in the caches because of the call before. */
const SETS = 8;

/** Prices in cents; days since 1970. A period is a month or a year, the service its rest from some day on. */
function columns(next, count) {
  const set = Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(count)]));
  for (let index = 0; index < count; index++) {
    const length = [28, 29, 30, 31, 365, 366][whole(next, 0, 5)];
    const from = whole(next, 18_000, 22_000);
    set.prices[index] = whole(next, -50_000_00, 500_000_00);
    set.periodFrom[index] = from;
    set.periodTo[index] = set.serviceTo[index] = from + length;
    set.serviceFrom[index] = from + whole(next, 0, length);
  }
  return set;
}

function decimals({ prices, serviceFrom, serviceTo, periodFrom, periodTo }) {
  const amounts = new Float64Array(prices.length);
  for (let index = 0; index < prices.length; index++) {
    // Multiplied first: a factor of 20 digits would round wrong on ties.
    amounts[index] = new Decimal(prices[index])
      .times(serviceTo[index] - serviceFrom[index])
      .dividedBy(periodTo[index] - periodFrom[index])
      .toDecimalPlaces(0, Decimal.ROUND_HALF_UP)
      .toNumber();
  }
  return amounts;
}

function bigints({ prices, serviceFrom, serviceTo, periodFrom, periodTo }) {
  const amounts = new Float64Array(prices.length);
  for (let index = 0; index < prices.length; index++) {
    const length = BigInt(periodTo[index] - periodFrom[index]);
    const product = BigInt(prices[index]) * BigInt(serviceTo[index] - serviceFrom[index]);
    const twice = 2n * (product < 0n ? -product : product) + length;
    const amount = twice / (2n * length);
    amounts[index] = Number(product < 0n ? -amount : amount);
  }
  return amounts;
}

/** Exact as long as every product is: it looks. */
function numbers({ prices, serviceFrom, serviceTo, periodFrom, periodTo }) {
  const amounts = new Float64Array(prices.length);
  for (let index = 0; index < prices.length; index++) {
    const length = periodTo[index] - periodFrom[index];
    const product = Math.abs(prices[index]) * (serviceTo[index] - serviceFrom[index]);
    if (!Number.isSafeInteger(product) || length <= 0) throw new RangeError(`charge ${index}`);
    const rest = product % length;
    const amount = (product - rest) / length + (2 * rest >= length ? 1 : 0);
    amounts[index] = prices[index] < 0 ? -amount : amount;
  }
  return amounts;
}

/** The engine without WebAssembly: the same request and the bits of the same columns, and the same work on them. */
function nativeRuns(name, sets, part = "call") {
  const request = encode(Object.fromEntries(COLUMNS.map((name) => [name, "Float64Array"]))).slice();
  const columns = sets.flatMap((set) => COLUMNS.map((name) => new Uint8Array(set[name].buffer)));
  const file = inputs(name, parts([request, ...columns]));
  return (first, calls) => runNative(["prorate", part, file, String(first)], calls);
}

function job(name, count, rounds, sampleMs) {
  return {
    name,
    title: `${count} charges prorated by days, one call, typed arrays in and out`,
    rounds,
    sampleMs,

    prepare() {
      const next = random(102);
      const sets = Array.from({ length: SETS }, () => columns(next, count));
      const expected = sets.map((set) => checksum(prorateColumns(set)));
      const rivals = {
        setoff: prorateColumns,
        "decimal.js": decimals,
        BigInt: bigints,
        "Number, guarded": numbers,
      };
      const all = Object.entries(rivals).map(([name, run]) => ({
        name,
        run: (index) => run(sets[index % SETS]),
        checksum: (index) => checksum(run(sets[index])),
      }));
      if (isNative()) {
        const run = nativeRuns(name, sets);
        all.push({
          name: native,
          measure: (calls, round) => run(round * calls, calls),
          checksum: (index) => run(index, 1).checksum,
        });
      }
      const isRight = ({ checksum }) =>
        expected.every((wanted, index) => checksum(index) === wanted);
      return {
        contenders: all.filter(isRight),
        wrong: all.filter((contender) => !isRight(contender)).map(({ name }) => name),
      };
    },
  };
}

/**
 * From columns to amounts alone. The module does not do that by itself; so it is what a call takes more than one that is
 * refused when its columns have been read, less the same of a single charge. That has the way out of the amounts in it.
 */
const kernel = {
  name: "charges-kernel",
  title: "10000 charges prorated by days, from columns of whole numbers to amounts alone",
  rounds: 60,
  sampleMs: 30,

  prepare() {
    const next = random(103);
    const [set, single] = [10_000, 1].map((count) => {
      const entries = Object.entries(columns(next, count));
      return Object.fromEntries(
        entries.map(([name, column]) => [name, BigInt64Array.from(column, BigInt)]),
      );
    });
    const refused = (set) => {
      try {
        return prorateColumns({ ...set, terms: "dailyRate3" });
      } catch {
        return undefined;
      }
    };
    const timeOf = (run, set, calls) =>
      time(() => {
        for (let call = 0; call < calls; call++) run(set);
      });
    const difference = (calls) => {
      const all = [prorateColumns, refused].flatMap((run) =>
        [set, single].map((own) => timeOf(run, own, calls)),
      );
      const of = (clock) => {
        const [whole, wholeOfOne, read, readOfOne] = all.map((times) => times[clock] / calls);
        // Noise can leave nothing, or less: the number of calls of a sample follows from this.
        return Math.max(whole - wholeOfOne - (read - readOfOne), whole / 10);
      };
      return { cpu: of("cpu"), wall: of("wall") };
    };
    const contenders = [{ name: "setoff", measure: difference }];
    if (isNative()) {
      const floats = Object.fromEntries(
        Object.entries(set).map(([name, column]) => [name, Float64Array.from(column, Number)]),
      );
      const run = nativeRuns("charges-kernel", [floats], "kernel");
      contenders.push({ name: native, measure: (calls) => run(0, calls) });
    }
    return { contenders, wrong: [] };
  },
};

export { kernel as chargesKernel };
export const charges = job("charges", 10_000, 60, 10);
export const chargesLarge = job("charges-large", 300_000, 20, 60);
