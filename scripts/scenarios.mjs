// `node scripts/scenarios.mjs FILE...`: prints golden cases (`tests/golden/*.json`) as scenarios, the tables of
// `docs/internals/scenarios.md`. What it prints is a start: the rows are to be read, and gaps and comments to be added.
// What the tables cannot say (requests of a wrong shape) is refused with the name of the case.
import { readFileSync } from "node:fs";
import { commandRow } from "./scenarios/commands.mjs";
import { expected, openAmountOf, refusal, results } from "./scenarios/expected.mjs";
import { listRow } from "./scenarios/lists.mjs";
import { table, wrap } from "./scenarios/table.mjs";
import { fields, quote } from "./scenarios/words.mjs";

/** A scenario of a case. */
function scenario({ name, why, source, book, error, steps = [] }) {
  const plans = new Map();
  const rows = steps.map((step, index) => {
    try {
      return row(step, index, plans, steps);
    } catch (cause) {
      throw new Error(`${name}, step ${index}: ${cause.message}`, { cause });
    }
  });
  return [
    `scenario: ${name}`,
    ...wrap(`why: ${why}`),
    `source: ${source}`,
    bookLine(book, error),
    "",
    ...table(rows),
    "",
  ].join("\n");
}

function bookLine({ currency, ...options }, error) {
  const line = [`book ${quote(currency)}`, ...fields(options)].join("; ");
  return error === undefined ? line : `${line} | ${refusal(error)}`;
}

/** The lines of a step: `[operation, document, details, expected]`, and below it rows of a table or of a bulk. */
function row(step, index, plans, steps) {
  if ("restore" in step) return { cells: ["restore", "", [], []] };
  if ("hash" in step) {
    const isNew = steps.findIndex(({ hash }) => hash === step.hash) === index;
    return {
      cells: ["state", "", [step.hash.split(" ").map(quote).join(" ")], [isNew ? "new" : "same"]],
    };
  }
  if ("query" in step) return listRow(step);
  if ("commit" in step) {
    const plan = plans.get(step.commit);
    return shown(["commit", plan.name, []], step, plan.document);
  }

  const [action] = ["execute", "preview"].filter((name) => name in step);
  if (action === undefined) throw new Error("no row for this step");
  const command = commandRow(step[action]);
  const commands = results(command.commands, step.expect?.results);
  const [operation, document, details] = command.cells;
  const openAmount = openAmountOf(step[action]);
  if (action === "execute") {
    return { ...shown([operation, document, details], step, document, openAmount), commands };
  }
  const hasName = document === "" || isCommittedLater(document, index, plans, steps);
  const plan = { name: hasName ? `plan-${index}` : document, document };
  plans.set(index, plan);
  const named = hasName ? [...details, `plan ${plan.name}`] : details;
  const cells = [`preview ${operation}`, document, named];
  return { ...shown(cells, step, document, openAmount), commands };
}

/** Whether an earlier plan of the document is committed after this preview; the later one then needs a name. */
function isCommittedLater(document, index, plans, steps) {
  return steps
    .slice(index)
    .some(({ commit }) => commit < index && plans.get(commit)?.name === document);
}

/** A row with what it expects. What the document comes to is left out where the step says it itself. */
function shown(cells, step, document, openAmount) {
  const { balance, unappliedAmount } = step.expect?.document ?? {};
  const isSaid = balance !== undefined || unappliedAmount !== undefined;
  const { clauses, table: pairs } = expected(step, document, isSaid ? undefined : openAmount);
  return { cells: [...cells, clauses], table: pairs };
}

for (const file of process.argv.slice(2)) {
  const cases = JSON.parse(readFileSync(file, "utf8"));
  console.log(cases.map(scenario).join("\n"));
}
