// What the accounts of a tenant have in common, as rows: names and numbers, and what dialects keep.
import { sql } from "kysely";
import { ConflictError } from "setoff/host";
import { listed } from "./list.js";
import { read, written } from "./text.js";

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./database.js").Db} Db
 */

/** How many digits the numbers of documents have behind their prefix. */
const DIGITS = 8;
/** Kinds of documents that stay in their account, and how many documents and accounts are known without a look. */
const STAYS = new Set(["invoice", "creditMemo", "debitMemo"]);
const MOST_KNOWN = 10_000;
/** Under which name handlers keep the answers of requests with a key, and for how long, in milliseconds. */
const KEYED = "keyedRequest";
const DAY = 24 * 60 * 60 * 1000;

/** @implements {Required<import("setoff/rest").RestDirectory>} */
export class SqlDirectory {
  #database;
  #tenant;
  #rebuild;
  #now;
  /**
   * Documents that were found, by identifier, the oldest first. Their rows in `names` never change. A document that was
   * given back is in no book, so nobody finds it there.
   * @type {Map<string, import("setoff/rest").RestDocument>}
   */
  #known = new Map();
  /** Accounts that were found, likewise. @type {Map<string, import("setoff/rest").RestAccount>} */
  #accounts = new Map();

  /**
   * @param {object} options
   * @param {Database} options.database
   * @param {string} options.tenant
   * @param {(account: string) => Promise<unknown>} options.rebuild Makes the rows of an account anew.
   * @param {() => number} [options.now]
   */
  constructor({ database, tenant, rebuild, now = Date.now }) {
    this.#database = database;
    this.#tenant = written(tenant);
    this.#rebuild = rebuild;
    this.#now = now;
  }

  /** Nothing of it is in memory. */
  refresh() {}

  /**
   * @param {readonly string[]} kinds
   * @param {string} key
   */
  async find(kinds, key) {
    const known = this.#known.get(key);
    if (known !== undefined && kinds.includes(known.kind)) return known;

    // An identifier is before a number; of numbers, the order of the kinds decides.
    const rows = await this.#named(kinds, key);
    const rankOf = (/** @type {any} */ row) =>
      row.id === written(key) ? -1 : kinds.indexOf(row.kind);
    const [best] = rows.sort((first, second) => rankOf(first) - rankOf(second));
    if (best === undefined) return null;

    const document = documentOf(best);
    if (STAYS.has(document.kind)) remember(this.#known, document);
    return document;
  }

  /**
   * An account is changed by nobody, but it can be deleted: what is known of it counts while its book is open.
   * @param {string} key
   * @param {{ isOpen?: boolean }} [options]
   */
  async account(key, { isOpen = false } = {}) {
    const known = isOpen ? this.#accounts.get(key) : undefined;
    return known ?? this.#findAccount(key);
  }

  /** @param {string} key */
  async #findAccount(key) {
    const rows = await this.#named(["account"], key);
    const row = rows.find(({ id }) => id === written(key)) ?? rows[0];
    if (row === undefined) return null;

    const account = accountOf(row);
    remember(this.#accounts, account);
    return account;
  }

  async accounts() {
    const rows = await (await this.#names()).where("kind", "=", "account").orderBy("id").execute();
    return rows.map(accountOf);
  }

  /**
   * The rows of a query in the books of accounts, of all where none are named; or, of rows that no table has, in
   * which accounts they can be.
   * @param {{ query: any, accountIds: readonly string[] | null }} need
   */
  async list(need) {
    const db = await this.#database.open();
    const options = { db, tenant: this.#tenant, rebuild: this.#rebuild };
    return listed(options, need);
  }

  /** @param {{ kind: string, id: string, accountId?: string, number?: string | null, prefix: string,
   *   currency?: string, data?: unknown }} entry */
  async reserve(entry) {
    const db = await this.#database.open();
    const known = await this.#numberOf(db, entry.id);
    // The same request again, after a conflict or a broken connection.
    if (known !== undefined) return known;

    for (;;) {
      const isStated = entry.number !== null && entry.number !== undefined;
      const number = isStated ? String(entry.number) : await this.#next(db, entry.prefix);
      if (await this.#enter(db, entry, number)) return number;

      // Another process entered the same document, or another document under this number.
      const meanwhile = await this.#numberOf(db, entry.id);
      if (meanwhile !== undefined) return meanwhile;
      if (isStated) return null;
    }
  }

  /** @param {string} id */
  async release(id) {
    this.#known.delete(id);
    this.#accounts.delete(id);

    const db = await this.#database.open();
    await db
      .deleteFrom("names")
      .where("tenant", "=", this.#tenant)
      .where("id", "=", written(id))
      .execute();
    return true;
  }

  /**
   * A document belongs to another account from now on.
   * @param {string} id
   * @param {string} accountId
   */
  async move(id, accountId) {
    this.#known.delete(id);

    const db = await this.#database.open();
    await sql`update names set account = ${written(accountId)}, former = former || account
      where tenant = ${this.#tenant} and id = ${written(id)} and account <> ${written(accountId)}`.execute(
      db,
    );
    return true;
  }

  /**
   * @param {string} kind
   * @param {string} id
   * @param {unknown} data
   */
  async keep(kind, id, data) {
    const db = await this.#database.open();
    const now = this.#now();

    // The first of two processes that want to carry a request out decides under which names.
    const isFirst = kind === KEYED && /** @type {any} */ (data).reply === undefined;
    const replaced = isFirst ? sql`where known.at <= ${now - DAY}` : sql``;
    const { rows } = await sql`insert into kept as known (tenant, kind, id, data, at)
      values (${this.#tenant}, ${kind}, ${written(id)}, ${JSON.stringify(data)}::json, ${now})
      on conflict (tenant, kind, id) do update set data = excluded.data, at = excluded.at ${replaced}
      returning id`.execute(db);

    if (rows.length === 0) throw conflictOf(id);
    return true;
  }

  /**
   * @param {string} kind
   * @param {string} id
   */
  async kept(kind, id) {
    const db = await this.#database.open();
    const row = await db
      .selectFrom("kept")
      .select("data")
      .where("tenant", "=", this.#tenant)
      .where("kind", "=", kind)
      .where("id", "=", written(id))
      .executeTakeFirst();
    return row?.data ?? null;
  }

  async #names() {
    const db = await this.#database.open();
    return db.selectFrom("names").selectAll().where("tenant", "=", this.#tenant);
  }

  /**
   * What has a key for its identifier or number.
   * @param {readonly string[]} kinds
   * @param {string} key
   */
  async #named(kinds, key) {
    const [names, name] = [await this.#names(), written(key)];
    return names
      .where("kind", "in", [...kinds])
      .where((is) => is.or([is("id", "=", name), is("number", "=", name)]))
      .execute();
  }

  /**
   * @param {Db} db
   * @param {string} id
   */
  async #numberOf(db, id) {
    const row = await db
      .selectFrom("names")
      .select("number")
      .where("tenant", "=", this.#tenant)
      .where("id", "=", written(id))
      .executeTakeFirst();
    return row === undefined ? undefined : read(row.number);
  }

  /**
   * The next number behind a prefix.
   * @param {Db} db
   * @param {string} prefix
   */
  async #next(db, prefix) {
    const { rows } = await sql`insert into counters as known (tenant, prefix, count)
      values (${this.#tenant}, ${written(prefix)}, 1)
      on conflict (tenant, prefix) do update set count = known.count + 1
      returning count`.execute(db);

    const { count } = /** @type {{ count: number | string }} */ (rows[0]);
    return `${prefix}${String(count).padStart(DIGITS, "0")}`;
  }

  /**
   * Enters a document or account under a number; false if the number or the identifier is there.
   * @param {Db} db
   * @param {{ kind: string, id: string, accountId?: string, currency?: string, data?: unknown }} entry
   * @param {string} number
   */
  async #enter(db, { kind, id, accountId, currency, data }, number) {
    const entered = await db
      .insertInto("names")
      .values({
        tenant: this.#tenant,
        id: written(id),
        kind,
        number: written(number),
        account: written(accountId ?? id),
        currency: currency ?? null,
        data: data === undefined ? null : JSON.stringify(data),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return entered.numInsertedOrUpdatedRows === 1n;
  }
}

/**
 * Remembers what was found, and forgets the oldest of too many.
 * @template {{ readonly id: string }} T
 * @param {Map<string, T>} known
 * @param {T} found
 */
function remember(known, found) {
  known.set(found.id, found);
  const [oldest] = known.keys();
  if (known.size > MOST_KNOWN) known.delete(oldest);
}

/**
 * Another process was faster: the handler asks its client to come again.
 * @param {string} name
 */
function conflictOf(name) {
  /** @type {any} The types say nothing of how one is made. */
  const Conflict = ConflictError;
  return new Conflict([name], 1);
}

/** @param {{ kind: string, id: string, number: string, account: string, former: string[] | null }} row */
const documentOf = ({ kind, id, number, account, former }) => ({
  kind: /** @type {any} */ (kind),
  id: read(id),
  number: read(number),
  accountId: read(account),
  ...(former !== null && { formerAccountIds: former.map(read) }),
});

/** @param {{ id: string, number: string, currency: string | null, data: unknown }} row */
const accountOf = ({ id, number, currency, data }) => ({
  id: read(id),
  number: read(number),
  currency: currency ?? "",
  data: /** @type {Record<string, unknown>} */ (data ?? {}),
});
