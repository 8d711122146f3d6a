// A billing run: 10,000 charges of their own periods, prorated by civil days, from typed arrays into a typed array.
import Decimal from "decimal.js";
import { init, prorateColumns } from "../../../pkg/node.mjs";
import { random, whole } from "../random.js";

await init();

const CHARGES = 10_000;
/** Different columns for the calls of a sample, so that none is in the caches because of the call before. */
const SETS = 8;

/** Prices in cents; days since 1970. A period is a month or a year, the service its rest from some day on. */
function columns(next) {
  const set = Object.fromEntries(
    ["prices", "serviceFrom", "serviceTo", "periodFrom", "periodTo"].map((name) => [name, new Float64Array(CHARGES)]),
  );
  for (let index = 0; index < CHARGES; index++) {
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

export const charges = {
  name: "charges",
  title: "10,000 charges prorated by days, one call, typed arrays in and out",
  rounds: 60,
  sampleMs: 10,

  prepare() {
    const next = random(102);
    const sets = Array.from({ length: SETS }, () => columns(next));
    const rivals = { "decimal.js": decimals, BigInt: bigints, "Number, guarded": numbers };
    const all = Object.entries({ setoff: prorateColumns, ...rivals });
    const expected = sets.map((set) => String(prorateColumns(set)));
    const isRight = ([, run]) => sets.every((set, index) => String(run(set)) === expected[index]);
    return {
      contenders: all.filter(isRight).map(([name, run]) => ({ name, run: (index) => run(sets[index % SETS]) })),
      wrong: all.filter((contender) => !isRight(contender)).map(([name]) => name),
    };
  },
};
