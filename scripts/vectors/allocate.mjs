// Vectors of splits: `{ total, weights, caps, keys }` by the parameters of `allocation.md#splits-by-name`, and by
// preset.
import { decimalText, fraction, same } from "./compare.mjs";

const camelCase = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** The presets of the vectors by their names in the package. */
const PRESETS = {
  advised: "default",
  openmeter: "openMeter",
  moneyphp: "moneyPhp",
  rubymoney: "rubyMoney",
};

/** What a parameter of the vectors sets. One that is not here is refused, so that none is passed over. */
const PARAMETERS = {
  base: (base) => (base === "sequential_back" ? { fromBack: true } : { firstPass: rounding(base) }),
  split_rounding: (base, { base: first }) =>
    first === "sequential_back" ? { firstPass: rounding(base) } : {},
  leftover: (leftover) => ({ leftover: camelCase(leftover) }),
  sign: (sign) => ({ mirror: sign === "mirror" }),
  skip_zero_weight: (skip) => ({ zeroMayReceive: !skip }),
  all_zero: (rule) => ({ allZero: rule === "error" ? "refuse" : rule }),
  empty: (rule) => ({ allowEmpty: rule === "empty" }),
  negative_weights: (rule) => ({ allowNegative: rule !== "error" }),
  cap_total: (cap) => ({ capTotal: cap }),
  abandon_if_nothing: (abandon) => ({ abandonIfNothing: abandon }),
  increment: () => ({}),
  // Equals always go by key, then as they come.
  tie: () => ({}),
  // Of time proration; a file sets it for all of its kinds.
  rounding: () => ({}),
};

const rounding = (name) => (name === "ceil" ? "ceiling" : camelCase(name));

/** The method of a vector's parameters. Where they are silent, the vectors mean other things than the package. */
function methodOf(params) {
  const byOrder = params.leftover === "first" || params.leftover === "last";
  const method = { mirror: false, zeroMayReceive: byOrder };
  for (const [name, value] of Object.entries(params)) {
    const set = PARAMETERS[name];
    if (set === undefined) throw new Error(`unknown parameter ${name}`);
    Object.assign(method, set(value, params));
  }
  return method;
}

/** What the package makes of a vector: `{ parts, sum }`, or `{ error }`. */
function split({ inputs, params }, method, { allocate, isSetoffError }) {
  const { total, weights, caps, keys } = inputs;
  const request = {
    amount: decimalText(total),
    weights: weights.map(decimalText),
    caps: caps?.map(decimalText),
    keys,
    increment: decimalText(params.increment ?? 1),
    method,
  };

  try {
    const { parts, unallocated } = allocate(request);
    if (!same(total, sum([...parts, unallocated])))
      throw new Error(`the parts ${parts} do not add up`);
    return { parts, sum: sum(parts) };
  } catch (error) {
    if (!isSetoffError(error)) throw error;
    return { error: true, code: error.code };
  }
}

/** The sum of decimals of one scale, as a fraction. */
function sum(decimals) {
  const fractions = decimals.map(fraction);
  const numerator = fractions.reduce((sum, { numerator }) => sum + numerator, 0n);
  return `${numerator}/${fractions[0]?.denominator ?? 1n}`;
}

function check(vector, setoff, preset) {
  const { expected, params, tolerance } = vector;
  const answer = (method) => {
    const actual = split(vector, method, setoff);
    return { agrees: same(expected, actual, tolerance), actual, expected };
  };

  const isNeutral = (name) => ["increment", "rounding"].includes(name);
  // Not where a vector sets what its source leaves open.
  const stands =
    preset && Object.keys(params).every((name) => isNeutral(name) || name in preset.params);
  const name = stands ? (PRESETS[preset.name] ?? camelCase(preset.name)) : undefined;
  return { ...answer(methodOf(params)), byPreset: name && { preset: name, ...answer(name) } };
}

export const kinds = { allocate: check };
