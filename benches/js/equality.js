// Whether the rivals give exactly what the engine gives. Runs in a worker: what the runtime learns from inputs that no
// account has must not show in what is timed later.
import { parentPort } from "node:worker_threads";
import { engine, figures, rivals } from "./contenders.js";
import { families, refusals } from "./families.js";

/** What a contender makes of a case: its figures, or how it refuses. */
function outcome(contender, { commands, command }) {
  try {
    const book = contender.open(commands);
    const result = figures(book.preview(command));
    book.free?.();
    return result;
  } catch (error) {
    // A rival that cannot represent an amount says so itself: with an error that has no code.
    return error.code === undefined ? `unable: ${error.message}` : `${error.code} at ${error.path}`;
  }
}

/** Counts the cases in which each rival gives `wrong` figures, or says that it is `unable` to give any. */
function compare(cases) {
  const counts = Object.fromEntries(rivals.map(({ name }) => [name, { wrong: 0, unable: 0 }]));
  const examples = [];
  for (const [index, input] of cases.entries()) {
    const expected = outcome(engine, input);
    for (const rival of rivals) {
      const found = outcome(rival, input);
      if (found === expected) continue;
      const isUnable = found.startsWith("unable");
      counts[rival.name][isUnable ? "unable" : "wrong"] += 1;
      examples.push({ rival: rival.name, case: index, expected, found });
    }
  }
  return { counts, examples };
}

const all = [...families(), { name: "refusals", cases: refusals }];
parentPort.postMessage(
  all.map(({ name, cases }) => ({ name, cases: cases.length, ...compare(cases) })),
);
