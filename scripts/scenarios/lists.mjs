// Queries as rows, with the table of what they show.
import { refusal } from "./expected.mjs";
import { inWords, lineOf, quote } from "./words.mjs";

const rowsOf = {
  invoice: "invoices",
  creditMemo: "credit memos",
  debitMemo: "debit memos",
  payment: "payments",
  refund: "refunds",
  document: "documents",
  item: "items",
  taxItem: "tax items",
  part: "parts",
  partItem: "part items",
  application: "applications",
  account: "accounts",
};
const comparisons = {
  eq: "is",
  ne: "is not",
  in: "is one of",
  lt: "less than",
  lte: "at most",
  gt: "more than",
  gte: "at least",
  startsWith: "starts with",
  contains: "contains",
};

export function listRow({ query, expect = {}, error }) {
  const { of, where = {}, sort, page, fields, asOf, total } = query;
  const details = [
    ...Object.entries(where).flatMap(([name, condition]) => conditions(field(name), condition)),
    ...(sort === undefined ? [] : [`by ${sort.map(key).join(", ")}`]),
    ...(page?.number === undefined ? [] : [`page ${page.number}`]),
    ...(page?.size === undefined ? [] : [`${page.size} a page`]),
    ...(fields === undefined ? [] : [`fields ${fields.map(field).join(", ")}`]),
    ...(asOf === undefined ? [] : [`as of ${asOf}`]),
    ...(total && expect.total === undefined ? ["with total"] : []),
  ];
  const list = ["list", rowsOf[of], details];
  if (error !== undefined) return { cells: [...list, [refusal(error)]] };
  const { rows, total: count } = expect;
  const shown = [
    ...(count === undefined ? [] : [`total ${count}`]),
    ...(rows?.length === 0 ? ["no rows"] : []),
    ...(rows?.length && rows.every(({ taxItems }) => taxItems?.length === 0)
      ? ["no tax items"]
      : []),
  ];
  return { cells: [...list, shown], table: rows?.length ? tableOf(rows) : [] };
}

const field = (name) =>
  name.startsWith("customFields.")
    ? `custom ${name.slice(13)}`
    : name === "*"
      ? "*"
      : inWords(name);

const key = ({ by, dir, natural }) =>
  [
    field(by),
    dir && `${dir}ending`.replace("asce", "asce").replace("desce", "desce"),
    natural && "naturally",
  ]
    .filter(Boolean)
    .join(" ");

function conditions(name, condition) {
  if (condition === null || typeof condition !== "object") return [`${name} ${cell(condition)}`];
  return Object.entries(condition).map(([comparison, value]) => {
    const values = Array.isArray(value) ? value.map(cell).join(", ") : cell(value);
    return `${name} ${comparisons[comparison]} ${values}`;
  });
}

function cell(value) {
  if (value === undefined) return "";
  if (value === null) return "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object") return lineOf(value);
  return quote(String(value));
}

/** The lines of a table: the columns, then the rows, each tax item below its item with one more mark. */
function tableOf(rows) {
  const taxes = rows.flatMap(({ taxItems = [] }) => taxItems);
  const columns = [...new Set([...rows, ...taxes].flatMap(Object.keys))].filter(
    (name) => name !== "taxItems",
  );
  const line = (mark, row) => [mark, columns.map((name) => cell(row[name]))];
  return [
    [">", columns.map(field)],
    ...rows.flatMap((row) => [
      line(">", row),
      ...(row.taxItems ?? []).map((tax) => line(">>", tax)),
    ]),
  ];
}
