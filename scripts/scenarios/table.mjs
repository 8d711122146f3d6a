// Rows as lines of aligned cells, of at most 120 columns.

const width = 116;
const header = { cells: ["operation", "document", ["details"], ["expected"]] };

/** A text on as many lines as it needs, the later ones indented. */
export function wrap(text) {
  const lines = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < width)
      lines.push(`${lines.pop()} ${word}`);
    else lines.push(line === undefined ? word : `  ${word}`);
  }
  return lines;
}

export function table(rows) {
  const all = [
    header,
    ...rows.flatMap(({ commands = [], ...row }) => [row, ...commands.map(part)]),
  ];
  const widths = [0, 1].map((index) => longest(all.map(({ cells }) => cells[index])));
  const [, , details, expected] = columnsOf(all, width - widths[0] - widths[1] - 9);
  const limits = [...widths, details, expected];
  return all.flatMap((row) => [
    ...rowLines(row.cells, limits),
    ...(row.table?.length ? tableLines(row.table) : []),
  ]);
}

const part = ({ cells: [operation, ...cells] }) => ({ cells: [`+ ${operation}`, ...cells] });
const longest = (texts) => Math.max(...texts.map((text) => text.length));

/** How wide the details and the expectations are: as they need it, the expectations first, where both do not fit. */
function columnsOf(rows, room) {
  const clausesOf = (index) => rows.map(({ cells }) => cells[index]);
  const whole = (index) => longest(clausesOf(index).map((clauses) => clauses.join("; ")));
  const least = (index) => longest(clausesOf(index).flat().flatMap(pieces));
  if (whole(2) + whole(3) <= room) return [0, 0, whole(2), whole(3)];
  const expected = Math.max(least(3), room - whole(2));
  return [0, 0, Math.max(least(2), room - expected), expected];
}

/** What a clause can be broken into: its words, and each part of what stands in parentheses. */
function pieces(clause) {
  const [, words, group] = /^(.*?) \((.*)\)$/.exec(clause) ?? [];
  if (group === undefined || group.includes("(")) return [clause];
  return [words, ...group.split(/, (?=(?:[^"]|"[^"]*")*$)/).map((part) => `(${part})`)];
}

/** The lines of a row: clauses that do not fit go on in a row with two empty cells. */
function rowLines([operation, document, details, expected], [first, second, third, fourth]) {
  const [left, right] = [fill(details, third), fill(expected, fourth)];
  const count = Math.max(left.length, right.length, 1);
  return Array.from({ length: count }, (_, index) => {
    const [names, ids] = index === 0 ? [operation, document] : ["", ""];
    const cells = [names.padEnd(first), ids.padEnd(second), (left[index] ?? "").padEnd(third)];
    return `${cells.join(" | ")} | ${right[index] ?? ""}`.trimEnd();
  });
}

/** Clauses on lines of a width; parentheses that do not fit stand on a line of their own. */
function fill(clauses, limit) {
  const lines = [];
  for (const clause of clauses) {
    const line = lines.at(-1);
    if (line !== undefined && !line.endsWith(")") && line.length + clause.length + 2 <= limit) {
      lines.push(`${lines.pop()}; ${clause}`);
    } else if (clause.length > limit) {
      lines.push(...pieces(clause));
    } else {
      lines.push(clause);
    }
  }
  return lines;
}

function tableLines(rows) {
  const marks = longest(rows.map(([mark]) => mark));
  const widths = rows[0][1].map((_, index) => longest(rows.map(([, cells]) => cells[index])));
  return rows.map(([mark, cells]) => {
    const padded = cells.map((cell, index) => cell.padEnd(widths[index]));
    return `${mark.padEnd(marks)} ${padded.join(" | ")}`.trimEnd();
  });
}
