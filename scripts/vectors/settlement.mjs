// Published figures of settlement: a plain list of `{ id, input, expected, source_internally_consistent, notes }`.
//
// A source tells a case in its own words, without commands. A person says once what it means: in the scenarios and
// golden cases whose titles name the vector. They run here, and every figure that the source prints must stand in them:
// as an expectation, or in the reasoning, where a source adds up its own input. So no program guesses what a source
// means, and no figure of a source is lost or altered.
import { run } from "../../tests/js/golden.mjs";
import { vectorFiles } from "../../tests/js/vectors.mjs";
import { fraction, same } from "./compare.mjs";

/** What a case must have for words of the sources. Other words are for people: no case has them. */
const WORDS = {
  rejected: ["refused"],
  "not allowed": ["refused"],
  "blocked: 25.01 > ATC 25.00": ["refused", "25.01", "25.00"],
  Posted: ["posted"],
  Draft: ["draft"],
  Canceled: ["canceled"],
  "Write-off": ["Write-off"],
  Discount: ["discount"],
  Rounding: ["rounding"],
  "A-002": ["A-002"],
  A: ["A"],
  B: ["B"],
  "all A charges": ["A1", "A2", "A3"],
  "all B charges": ["B1", "B2", "B3"],
  "all charges of the single group (-100)": ["-2", "+2", "-3", "+3"],
  "invoice 20": ["20"],
  "OLI rejected; invoice 20 for subscription": ["refused", "20"],
  "invoice 30 for OLI; credit memo 100 for subscription": ["30", "100"],
  "invoice 30 for OLI; credit memo 10 for subscription": ["30", "10"],
  "invoice item 1": ["ii1"],
  "original invoice item 1": ["ii1"],
};

/** Fields that only the interface of the source has. */
const FOREIGN = ["objectIndex", "code"];

/** Whether a value stands for itself: a number, a day, a flag, or a name. */
const isPlain = (value) => typeof value !== "string" || !value.includes(" ");

const numbersIn = (text) => text.match(/(?<![\w.-])-?\d+(\.\d+)?(?!\w|\.\d|-\d)/g) ?? [];

/** The values within a value, each with its path. */
function leaves(value, path = "") {
  if (value === null || typeof value !== "object") return [{ path, value }];
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner, path === "" ? name : `${path}.${name}`),
  );
}

/** All that a case expects: figures, words, the numbers in its sentences, and whether something is refused. */
function expectedBy({ why, steps }) {
  const expected = steps.flatMap(({ expect, has, error }) => leaves([expect, has, error]));
  const values = expected.map(({ value }) => value).filter((value) => value !== undefined);
  const isRefused = steps.some(({ expect, error }) => error ?? expect?.refused?.length > 0);
  const sentences = values.filter((value) => typeof value === "string" && !isPlain(value));
  return [
    ...values.filter(isPlain),
    ...[why, ...sentences].flatMap(numbersIn),
    ...(isRefused ? ["refused"] : []),
  ];
}

/** What of a source is in none of its cases, and which of its words no case can have. */
function compare(expected, cases) {
  const unmatched = cases.flatMap(expectedBy);
  const [missing, unchecked] = [{}, []];

  for (const { path, value } of leaves(expected)) {
    const figures = FOREIGN.some((name) => path.endsWith(name)) ? [] : figuresFor(value);
    if (figures.length === 0) unchecked.push(path);

    for (const figure of figures) {
      const index = unmatched.findIndex((found) => same(figure, found));
      if (index === -1) missing[path] = value;
      // A figure of a case stands for one figure of its source.
      else unmatched.splice(index, 1);
    }
  }
  return { missing, unchecked };
}

/** What a case must have for a value of a source: itself, if it is a number, a day or a flag. */
function figuresFor(value) {
  if (Object.hasOwn(WORDS, value)) return WORDS[value];

  const isDay = /^\d{4}-\d\d-\d\d$/.test(value);
  const isFigure = fraction(value ?? "") !== undefined;
  return isFigure || isDay || typeof value === "boolean" ? [value] : [];
}

/** What a source prints as expected: some print the balances afterwards in their table of lines. */
function printedBy({ input, expected }) {
  if (expected.result !== undefined) return expected;

  const lines = (input.invoice_items ?? []).filter(({ balance_after }) => balance_after);
  const after = lines.map(({ name, balance_after }) => [name, balance_after]);
  return { ...expected, ...(after.length > 0 && { after: Object.fromEntries(after) }) };
}

let allCases;

/** The cases that name a vector. */
function casesOf(id) {
  allCases ??= vectorFiles().flatMap(({ cases }) => cases);
  return allCases.filter(({ name }) => name.match(/[\w-]+/g).includes(id));
}

/** Runs the cases of a vector, and looks for its figures in them. */
function settlement(vector, setoff) {
  const { id, source_internally_consistent: isConsistent, notes } = vector;
  const cases = casesOf(id);
  if (cases.length === 0) return { isUnknown: true };

  const { failures } = run(setoff, cases);
  const { missing, unchecked } = compare(printedBy(vector), cases);
  const agrees = failures.length === 0 && Object.keys(missing).length === 0;
  return {
    agrees,
    actual: failures,
    expected: missing,
    // A source that contradicts itself cannot be followed in everything.
    deviation:
      agrees || isConsistent !== false ? undefined : `the source contradicts itself: ${notes}`,
    unchecked: unchecked.length > 0 ? unchecked : undefined,
  };
}

export const kinds = { settlement };
