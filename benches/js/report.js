// The result of a benchmark as text.

// Where the control is further off, the noise is larger than what the table would say.
const CONTROL_LIMIT = 0.05;

const NAME = 42;
const COLUMN = 11;

// What grows by more than this has a reason in the table.
const GROWTH = 1.2;

/** The lines of the report. */
export function report({ head, equality, jobs }) {
  return [
    ...headLines(head),
    "",
    ...equalityLines(equality),
    ...jobs.flatMap((job) => ["", ...jobLines(job)]),
  ];
}

function headLines({ machine, versions, cpuClock }) {
  return [
    machine,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
    "",
    "Method. All contenders in one process, interleaved, in a balanced order. A figure is a contender's time in",
    "multiples of the base's in the same round: median [quartiles] over all rounds; above 1 it is slower. The",
    `control is the base timed again and must read 1.00. Processor time (${cpuClock}) beside the`,
    "wall's. No forced garbage collection.",
    "Every rival is a module of its own with its documents loaded in its own form. It checks requests as the engine",
    "does, takes and gives plain objects with decimal texts, and has given the engine's figures on the very inputs",
    "that are timed. The engine's plan always has the memo's summary and all changes of balances; rivals make only",
    "what the job reads. The time of a call is for orientation: it changes with the machine and its load.",
  ];
}

function equalityLines(equality) {
  const lines = [
    "Cases in which a rival differs from the engine, on inputs that are built to break what is inexact:",
  ];
  for (const { name, cases, counts } of equality) {
    const differing = Object.entries(counts).flatMap(([rival, { wrong, unable }]) => [
      ...(wrong > 0 ? [`${rival} ${wrong} wrong`] : []),
      ...(unable > 0 ? [`${rival} ${unable} beyond its numbers`] : []),
    ]);
    lines.push(
      `  ${name.padEnd(26)}${String(cases).padStart(3)} cases   ${differing.join("; ") || "all equal"}`,
    );
  }
  return lines;
}

function jobLines(job) {
  return job.columns === undefined ? contenderLines(job) : tableLines(job);
}

/** Calls by row, books by column. Whatever grows by more than `GROWTH` has its reason behind it. */
function tableLines({ name, title, columns, rows }) {
  const ratio = (value) => value.toFixed(value < 10 ? 2 : 0).padStart(COLUMN);
  const line = ({ name, ms, control, ratios, why }) => {
    const figures = `${duration(ms).padStart(COLUMN)}${ratio(control)}${ratios.map(ratio).join("")}`;
    return `  ${name.padEnd(NAME)}${figures}${Math.max(...ratios) > GROWTH ? `  ${why}` : ""}`;
  };
  const heads = ["a call", "control", ...columns];
  return [
    `${name}: ${title}`,
    "  The time of a call in the smallest book, that again, and in the others in multiples of it; * in a module that has",
    `  opened and freed many books before. A reason where the time grows over ${GROWTH} times.`,
    `  ${"".padEnd(NAME)}${heads.map((head) => head.padStart(COLUMN)).join("")}`,
    ...rows.map(line),
  ];
}

function contenderLines({ name, title, rounds, sampleMs, wrong, base, rows }) {
  const off = rows.some(
    ({ isControl, ratio }) => isControl && Math.abs(ratio.cpu.median - 1) > CONTROL_LIMIT,
  );
  return [
    `${name}: ${title}`,
    `  base: ${base.name}, ${duration(base.ms.cpu.median)} a call; ${rounds} rounds of ${sampleMs === 0 ? "one call" : `${sampleMs} ms`} each`,
    `  ${"".padEnd(NAME)}${"processor".padEnd(26)}wall`,
    ...rows.map(
      ({ name, ratio }) =>
        `  ${name.padEnd(NAME)}${spread(ratio.cpu).padEnd(26)}${spread(ratio.wall)}`,
    ),
    ...(wrong.length > 0 ? [`  not timed, for other figures: ${wrong.join(", ")}`] : []),
    ...(off ? ["  The control is off: the machine was too busy to quote this table."] : []),
  ];
}

function spread({ median, q25, q75 }) {
  const digits = (value) => value.toFixed(value < 10 ? 2 : 1);
  return `${digits(median).padStart(6)} [${digits(q25)}..${digits(q75)}]`;
}

function duration(ms) {
  return ms < 1 ? `${(ms * 1000).toPrecision(3)} µs` : `${ms.toPrecision(3)} ms`;
}
