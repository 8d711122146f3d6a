// The engine's splits: columns that are loaded, and decimals as text.
import { allocate, Splitter } from "../../../pkg/node.mjs";

export const name = "setoff";

export const load = (cents) => new Splitter({ weights: Float64Array.from(cents) });

/** The parts stay in the module. */
export const split = (amount, splitter) => splitter.split(amount);

export const toNumbers = (result) => [...result.read()];

export function splitRows(amount, rows) {
  const { parts } = allocate({ amount, weights: rows.map(({ balance }) => balance) });
  return rows.map(({ id }, index) => ({ id, amount: parts[index] }));
}
