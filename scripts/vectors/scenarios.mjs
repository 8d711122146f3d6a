// Scenarios (`docs/internals/scenarios.md`) and golden cases: a book, and steps with what each must answer.
import { run } from "../../tests/js/golden.mjs";

/** Runs a case; what was not met is a list of sentences, none of which is expected. */
function scenario(vector, setoff) {
  const { failures } = run(setoff, [vector]);
  return { agrees: failures.length === 0, actual: failures, expected: [] };
}

export const kinds = { scenario };
