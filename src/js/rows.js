// Rows of a database as fields of requests. It is part neither of the module nor of the package's main file: you import
// it from `setoff/rows`. Nothing is guessed: which column is which field and what is in it, the caller says once.
import { refusalBy } from "./errors.js";

/** Why a row is refused: the code, and a sentence with the names of figures in braces. */
export const ROW_REASONS = {
  noRow: ["invalidType", "A row must be an object that has the columns."],
  noColumns: ["invalidType", "State the column that each field comes from, as an object."],
  noColumnKind: ["invalidChoice", "A column is `text`, `decimal`, `day` or `boolean`."],
  columnMissing: ["missingField", "The row has no column `{column}`."],
  columnNoText: ["invalidType", "The column holds neither a text nor a whole number: {value}"],
  columnNoDecimal: [
    "invalidDecimal",
    "The column does not hold an exact decimal number. Select it as text. It holds {value}",
  ],
  columnNoDay: ["invalidDate", "The column holds neither a day as text nor a `Date`: {value}"],
  dayWithoutZone: [
    "invalidDate",
    "Say by `zone` whether days of this column are midnight in UTC (`utc`) or on this machine (`local`): {value}",
  ],
  dayWithTime: [
    "invalidDate",
    "The column holds an instant that is no midnight in that zone: {value}",
  ],
  columnNoBoolean: [
    "invalidType",
    "The column holds neither `true` or `false` nor 1 or 0: {value}",
  ],
};

/** What reads a column, by the word that says what is in it. */
const READERS = { text: readText, decimal: readDecimal, day: readDay, boolean: readBoolean };

export function fromRow(row, fields) {
  if (!isObject(row)) throw refusal("noRow", [], {});
  if (!isObject(fields)) throw refusal("noColumns", [], {});

  const stated = [];
  for (const [field, from] of Object.entries(fields)) {
    const { zone, ...columns } = isObject(from) ? from : {};
    const [kind] = Object.keys(columns);
    if (!Object.hasOwn(READERS, kind)) throw refusal("noColumnKind", [field], {});

    const column = columns[kind];
    // What every object has is no column; what its class has can be one.
    const isColumn = Object.hasOwn(row, column) || !(column in Object.prototype);
    const value = isColumn ? row[column] : undefined;
    if (value === undefined) throw refusal("columnMissing", [column], { column });

    // Where the database has nothing, nothing is stated.
    if (value !== null) stated.push([field, READERS[kind](value, column, zone)]);
  }
  // Unlike an assignment, this makes a field of any name, also of `__proto__`.
  return Object.fromEntries(stated);
}

const refusal = (reason, path, figures) => refusalBy(ROW_REASONS[reason], reason, path, figures);

const isObject = (value) => typeof value === "object" && value !== null;

/** The refusal of what a column holds. */
const wrong = (reason, column, value) => refusal(reason, [column], { value: textOf(value) });

/** A value as text; of an object that has none, or throws, that it is an object. */
function textOf(value) {
  try {
    return String(value).slice(0, 40);
  } catch {
    return "an object";
  }
}

const isWhole = (value) => typeof value === "bigint" || Number.isSafeInteger(value);

/** A text, or a key that the database counts up. */
function readText(value, column) {
  if (typeof value === "string") return value;
  if (isWhole(value)) return String(value);
  throw wrong("columnNoText", column, value);
}

/** A decimal without the zeros that a column of more decimals adds: the number is the same. */
function readDecimal(value, column) {
  const text = typeof value === "string" || isWhole(value) ? String(value) : "";
  const found = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text);
  // A float may not be what the database has: whether it is, nobody can tell here.
  if (found === null || !/\d/.test(text)) throw wrong("columnNoDecimal", column, value);

  const [, sign, digits, decimals = ""] = found;
  const whole = digits.replace(/^0+(?=\d)/, "") || "0";

  let count = decimals.length;
  while (count > 0 && decimals[count - 1] === "0") count--;

  const number = count === 0 ? whole : `${whole}.${decimals.slice(0, count)}`;
  // Zero has no sign.
  return number === "0" ? number : sign + number;
}

/** A day by its text, or by the midnight that a driver makes of it. */
function readDay(value, column, zone) {
  if (typeof value === "string") return value;

  const isDate = value instanceof Date && !Number.isNaN(value.getTime());
  if (!isDate) throw wrong("columnNoDay", column, value);
  if (zone !== "utc" && zone !== "local")
    throw wrong("dayWithoutZone", column, value.toISOString());

  // The clock of this machine, as if it were that of UTC.
  const offset = zone === "utc" ? 0 : value.getTimezoneOffset();
  const [day, time] = new Date(value.getTime() - offset * 60_000).toISOString().split("T");
  // A time of day means that it is no day, or that the zone is another.
  if (time !== "00:00:00.000Z") throw wrong("dayWithTime", column, value.toISOString());
  return day;
}

/** True or false, or the 1 and 0 of a database that has neither. */
function readBoolean(value, column) {
  if (typeof value === "boolean") return value;
  if (value === 0 || value === 1) return value === 1;
  throw wrong("columnNoBoolean", column, value);
}
