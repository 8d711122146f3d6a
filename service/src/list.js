// Lists across accounts: the query that each book would be asked, as one statement over the rows of all of them.
//
// What the engine refuses, it refuses here too, because an empty book is asked first. What the rows cannot answer
// (reports, days of the past, cursors, what can be done with a document) is `null`, and the books are asked.
import { sql } from "kysely";
import { Book, isSetoffError } from "setoff";
import { COLUMNS, FIELDS, KINDS } from "./fields.js";
import { mapTexts, read, written } from "./text.js";

/**
 * @typedef {import("./database.js").Db} Db
 * @typedef {import("./fields.js").Holds} Holds
 * @typedef {import("kysely").RawBuilder<unknown>} Sql
 * @typedef {{ db: Db, tenant: string, rebuild: (account: string) => Promise<unknown> }} Options
 * @typedef {{ query: any, accountIds: readonly string[] | null }} Need
 */

/** A limit of rows that stands for all of them. */
const ALL = 2 ** 31;
/** What a query may say to be answered by rows. */
const KNOWN = new Set(["of", "where", "sort", "fields", "page", "total"]);
const CUSTOM = "customFields.";

/** Says what a query is refused for, as each book would. @type {Book | undefined} */
let nobody;

/**
 * Answers a need for a list.
 * @param {Options} options
 * @param {Need} need
 * @returns {Promise<import("setoff/rest").RestListed | null>}
 */
export async function listed(options, need) {
  const { query, accountIds } = need;

  // A page of a book that refuses is its refusal.
  const refusal = refusalOf(query);
  if (refusal !== undefined)
    return { pages: [/** @type {any} */ ({ error: refusal })], numbers: {} };

  const statements = statementsOf(options.tenant, need);
  if (statements === null) return accountIds === null ? narrowed(options, query) : null;

  await makeRows(options, accountIds);
  const { rows: found } = await statements.rows.execute(options.db);
  const rows = found.map(({ row }) => shown(mapTexts(read, row), query));
  const total = query.total === true ? await countOf(options, statements.count) : null;

  const accounts = [...new Set(found.map(({ account }) => account))];
  return {
    pages: rows.length === 0 && total === null ? [] : [{ rows, total }],
    numbers: await numbersOf(options, accounts),
  };
}

/**
 * @param {Options} options
 * @param {import("kysely").RawBuilder<{ count: string | number }>} count
 */
async function countOf({ db }, count) {
  const { rows } = await count.execute(db);
  return Number(rows[0].count);
}

/**
 * Why the engine refuses a query.
 * @param {any} query
 */
function refusalOf(query) {
  nobody ??= new Book({ currency: "USD" });
  try {
    nobody.query(query);
    return undefined;
  } catch (error) {
    if (!isSetoffError(error)) throw error;
    const { code, path, details, message } = error;
    return { code, path, details, message };
  }
}

/**
 * Makes the rows of accounts that were written to without them.
 * @param {Options} options
 * @param {readonly string[] | null} accountIds
 */
async function makeRows({ db, tenant, rebuild }, accountIds) {
  for (;;) {
    const behind = await db
      .selectFrom("heads")
      .select("account")
      .where("tenant", "=", tenant)
      .whereRef("rows_version", "<>", "version")
      .$if(accountIds !== null, (heads) =>
        heads.where(sql`account = any (${(accountIds ?? []).map(written)}::text[])`.$castTo()),
      )
      .limit(100)
      .execute();
    if (behind.length === 0) return;

    for (const { account } of behind) await rebuild(read(account));
  }
}

/**
 * The statements of a query, for its page and for the number of all its rows; `null` of one that the rows cannot
 * answer.
 * @param {string} tenant
 * @param {Need} need
 */
function statementsOf(tenant, { query, accountIds }) {
  const { of, where = {}, sort = [], fields, page = {} } = query;
  const isKnown = KINDS[of] !== undefined && Object.keys(query).every((name) => KNOWN.has(name));
  if (!isKnown || fields === undefined || (page.number ?? 1) !== 1 || page.after || page.before)
    return null;
  if (!fields.every((/** @type {string} */ field) => field === "*" || isRead(field))) return null;

  const conditions = [sql`tenant = ${tenant}`, sql`kind = ${of}`];
  if (accountIds !== null) conditions.push(sql`account = any (${accountIds.map(written)}::text[])`);
  for (const [field, condition] of Object.entries(where)) {
    const expression = expressionOf(field, of);
    if (expression === null) return null;
    conditions.push(...conditionsOf(expression, condition));
  }

  const order = [];
  for (const { by, dir, natural } of sort) {
    const expression = expressionOf(by, of);
    if (expression === null || natural === true) return null;
    order.push(...expression.keys.map((key) => ({ key, isDescending: dir === "desc" })));
  }

  const limit = Math.min(page.size ?? 20, ALL);
  const keys = order.map(({ key, isDescending }) =>
    isDescending ? sql`${key} desc nulls last` : sql`${key} asc nulls first`,
  );
  const by = [...keys, sql`number desc, id, account`];
  const from = sql`from documents where ${sql.join(conditions, sql` and `)}`;
  /** @type {import("kysely").RawBuilder<{ account: string, row: any }>} */
  const rows = sql`select account, row ${from} order by ${sql.join(by)} limit ${limit}`;
  /** @type {import("kysely").RawBuilder<{ count: string | number }>} */
  const count = sql`select count(*) as count ${from}`;
  return { rows, count };
}

/**
 * Whether rows have a field.
 * @param {string} field
 */
const isRead = (field) =>
  FIELDS.has(field) || field === "customFields" || field === "settledBefore";

/**
 * How a field is compared with a value of a query, and by what rows are ordered that it orders.
 * @typedef {object} Expression
 * @property {(operator: string, value: any) => Sql} compare
 * @property {Sql} isNothing
 * @property {readonly Sql[]} keys
 */

/**
 * @param {string} field
 * @param {string} kind
 * @returns {Expression | null}
 */
function expressionOf(field, kind) {
  if (field.startsWith(CUSTOM)) return customField(field.slice(CUSTOM.length));

  const holds = FIELDS.get(field);
  if (holds === undefined) return null;
  const value = columnOf(field, kind) ?? typed(sql`(row ->> ${sql.lit(field)})`, holds);
  return plainField(value, holds);
}

/**
 * The column of a field, if there is one. What is left of a document is the open amount of its kind.
 * @param {string} field
 * @param {string} kind
 */
function columnOf(field, kind) {
  if (field === "id") return sql`id`;

  const open = kind === "invoice" || kind === "debitMemo" ? "balance" : "unappliedAmount";
  const isOpen = field === open && kind !== "refund";
  const column = COLUMNS.find((known) => known.field === (isOpen ? "remainingBalance" : field));
  return column === undefined ? undefined : sql.ref(column.name);
}

/**
 * @param {Sql} text
 * @param {Holds} holds
 */
function typed(text, holds) {
  if (holds === "amount") return sql`${text}::numeric`;
  if (holds === "flag") return sql`${text}::boolean`;
  return sql`(${text} collate "C")`;
}

/**
 * @param {Sql} value
 * @param {Holds} holds
 * @returns {Expression}
 */
function plainField(value, holds) {
  const type = sql.raw(TYPES[holds]);
  const operandOf = (/** @type {any} */ operand) =>
    sql`${typeof operand === "string" ? written(operand) : operand}::${type}`;
  return {
    compare: (operator, operand) => compared(value, operator, operandOf(operand)),
    isNothing: sql`${value} is null`,
    keys: [value],
  };
}

/** The types of SQL, by what a field holds. @type {Readonly<Record<Holds, string>>} */
const TYPES = { amount: "numeric", flag: "boolean", text: "text", date: "text" };

/** The operators of SQL, by those of queries. */
const OPERATORS = new Map([
  ["eq", "="],
  ["lt", "<"],
  ["lte", "<="],
  ["gt", ">"],
  ["gte", ">="],
]);

/**
 * @param {Sql} value
 * @param {string} operator
 * @param {Sql} operand
 */
function compared(value, operator, operand) {
  if (operator === "startsWith") return sql`starts_with(${value}, ${operand})`;
  // In the collation "C", letters of ASCII alone have another case.
  if (operator === "contains")
    return sql`strpos(lower(${value} collate "C"), lower(${operand} collate "C")) > 0`;
  return sql`${value} ${sql.raw(OPERATORS.get(operator) ?? "")} ${operand}`;
}

/** The sorts of custom fields, by the ranks that the engine gives them (`src/query/cell.rs`). */
const [FLAG, NUMBER, TEXT] = [1, 2, 6];

/**
 * A custom field holds a flag, a number or a text. Of different sorts, flags come before numbers, and numbers before
 * texts.
 * @param {string} name
 * @returns {Expression}
 */
function customField(name) {
  const value = sql`(row -> 'customFields' -> ${sql.lit(written(name))})`;
  const text = sql`((${value} #>> '{}') collate "C")`;
  const rank = sql`(case jsonb_typeof(${value}) when 'boolean' then ${sql.lit(FLAG)}
    when 'number' then ${sql.lit(NUMBER)} when 'string' then ${sql.lit(TEXT)} end)`;
  const number = sql`(case when ${rank} = ${sql.lit(NUMBER)} then ${text}::numeric end)`;
  return {
    isNothing: sql`${rank} is null`,
    keys: [rank, number, sql`(case when ${rank} <> ${sql.lit(NUMBER)} then ${text} end)`],
    compare(operator, condition) {
      const { sort, operand } = sortedOperand(condition);
      if (operator === "startsWith" || operator === "contains") {
        if (sort !== TEXT) return sql`false`;
        return sql`(${rank} = ${sql.lit(TEXT)} and ${compared(text, operator, operand)})`;
      }

      // One comparison, which a planner knows how to estimate.
      if (operator === "eq") return sql`${value} = to_jsonb(${typedOperand(sort, operand)})`;

      // Of another sort, the rank alone decides.
      const operands = sort === NUMBER ? number : text;
      const isMet = sql`(${rank} = ${sql.lit(sort)} and ${compared(operands, operator, operand)})`;
      const others = sql.raw(operator.startsWith("l") ? "<" : ">");
      return sql`(${rank} ${others} ${sql.lit(sort)} or ${isMet})`;
    },
  };
}

/**
 * What a custom field is compared with, and the sort that it has.
 * @param {any} condition
 */
function sortedOperand(condition) {
  if (typeof condition === "number")
    return { sort: NUMBER, operand: sql`${String(condition)}::numeric` };
  const sort = typeof condition === "boolean" ? FLAG : TEXT;
  return { sort, operand: sql`${written(String(condition))}::text` };
}

/**
 * An operand of a custom field with its own type: flags are written as texts.
 * @param {number} sort
 * @param {Sql} operand
 */
const typedOperand = (sort, operand) => (sort === FLAG ? sql`${operand}::boolean` : operand);

/**
 * The conditions of SQL for those of a field: a value, nothing, or comparisons.
 * @param {Expression} expression
 * @param {any} condition
 * @returns {Sql[]}
 */
function conditionsOf(expression, condition) {
  if (typeof condition !== "object" || condition === null)
    return [isOneOf(expression, [condition])];

  return Object.entries(condition).map(([operator, value]) => {
    if (operator === "in") return isOneOf(expression, value);
    if (operator === "eq") return isOneOf(expression, [value]);
    if (operator === "ne") return sql`${isOneOf(expression, [value])} is not true`;
    // Nothing is neither less nor more than anything.
    if (value === null) return sql`false`;
    return expression.compare(operator, value);
  });
}

/**
 * @param {Expression} expression
 * @param {readonly any[]} values
 */
function isOneOf(expression, values) {
  const equal = values.map((value) =>
    value === null ? expression.isNothing : expression.compare("eq", value),
  );
  return equal.length === 0 ? sql`false` : sql`(${sql.join(equal, sql` or `)})`;
}

/**
 * A row with the fields that a query asks for.
 * @param {any} row
 * @param {any} query
 */
function shown(row, { of, fields }) {
  const asked = new Set(fields);
  const extra = new Set(KINDS[of]);
  const names = Object.keys(row).filter(
    (name) => asked.has(name) || (asked.has("*") && !extra.has(name)),
  );
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

/** Fields of rows that name documents. */
const NAMING = ["documentId", "sourceId", "targetId", "sourceDocumentId"];

/**
 * The accounts whose books can have the rows of a query that names lines or documents; `null` of another one.
 * @param {Options} options
 * @param {any} query
 */
async function narrowed(options, { of, where = {} }) {
  const isLine = of === "item" || of === "taxItem";
  const lines = isLine ? textsOf(where.id) : undefined;
  if (lines !== undefined) return accountsOf(options, "lines", lines);

  const documents = isLine ? undefined : textsOf(where.id);
  const named = NAMING.map((field) => textsOf(where[field]));
  const ids = documents ?? named.find((texts) => texts !== undefined);
  return ids === undefined ? null : accountsOf(options, "documents", ids);
}

/**
 * The texts of which a condition takes any; `undefined` of another condition.
 * @param {any} condition
 * @returns {readonly string[] | undefined}
 */
function textsOf(condition) {
  const values = condition?.in ?? [condition?.eq ?? condition];
  const areTexts = Array.isArray(values) && values.every((text) => typeof text === "string");
  return areTexts ? values : undefined;
}

/**
 * The accounts that have something with one of these identifiers.
 * @param {Options} options
 * @param {"lines" | "documents"} table
 * @param {readonly string[]} ids
 */
async function accountsOf(options, table, ids) {
  await makeRows(options, null);
  const { rows } = await sql`select distinct account from ${sql.table(table)}
    where tenant = ${options.tenant} and id = any (${ids.map(written)}::text[])`.execute(
    options.db,
  );

  const accounts = rows.map((row) => /** @type {{ account: string }} */ (row).account);
  return { accountIds: accounts.map(read), numbers: await numbersOf(options, accounts) };
}

/**
 * The numbers of accounts by identifier.
 * @param {Options} options
 * @param {readonly string[]} accounts
 */
async function numbersOf({ db, tenant }, accounts) {
  if (accounts.length === 0) return {};

  const rows = await db
    .selectFrom("names")
    .select(["id", "number"])
    .where("tenant", "=", tenant)
    .where(sql`id = any (${accounts}::text[])`.$castTo())
    .where("kind", "=", "account")
    .execute();
  return Object.fromEntries(rows.map(({ id, number }) => [read(id), read(number)]));
}
