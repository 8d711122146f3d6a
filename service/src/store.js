// The logs of a tenant's accounts as rows, and beside them the rows of their documents. One statement appends both.
import { sql } from "kysely";
import { context } from "./context.js";
import { DroppedPut } from "./dropped.js";
import { insertion } from "./effects.js";
import { COLUMNS } from "./fields.js";
import { allRows, changedRows } from "./rows.js";
import { written } from "./text.js";

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./database.js").Db} Db
 * @typedef {import("setoff").Book} Book
 * @typedef {import("setoff").LogEntry} LogEntry
 * @typedef {{ account: string, version: number, entries: readonly LogEntry[], book?: Book }} AccountWrite
 * @typedef {import("./rows.js").ChangedRows} ChangedRows
 * @typedef {import("./context.js").RequestContext} RequestContext
 */

/** The version of an account without entries. */
const NONE = -1;
/** For how long a PUT that comes again can be the client's own repetition, in milliseconds. */
export const WINDOW = 60_000;

const names = COLUMNS.map(({ name }) => name);
const columnNames = sql.raw(names.join(", "));
/** The columns as a record of JSON has them, without what tables say beside the type. */
const record = sql.raw(
  COLUMNS.map(({ name, type }) => `${name} ${type.replace(/ collate.*| not null/, "")}`).join(", "),
);
/** Keeps an append from writing where an equal PUT is there. */
const UNLESS_EQUAL = sql.raw("and not exists (select from equal)");
const replaced = sql.raw(names.map((name) => `${name} = excluded.${name}`).join(", "));

/** @implements {Required<import("setoff/host").Store>} */
export class SqlStore {
  #database;
  #tenant;

  /**
   * @param {Database} database
   * @param {string} tenant
   */
  constructor(database, tenant) {
    this.#database = database;
    this.#tenant = written(tenant);
  }

  /** @param {string} account */
  async load(account) {
    const db = await this.#database.open();
    // First the snapshot: whoever saves a later one meanwhile leaves out none of the entries after this one.
    const snapshot = await db
      .selectFrom("snapshots")
      .select(["version", "bytes"])
      .where("tenant", "=", this.#tenant)
      .where("account", "=", written(account))
      .executeTakeFirst();
    const entries = await this.entries(account, snapshot?.version ?? NONE);
    const version = entries.at(-1)?.version ?? snapshot?.version ?? NONE;
    return { snapshot: snapshot?.bytes, entries, version };
  }

  /**
   * @param {string} account
   * @param {number} after
   * @returns {Promise<LogEntry[]>}
   */
  async entries(account, after) {
    const db = await this.#database.open();
    const rows = await db
      .selectFrom("entries")
      .select("entry")
      .where("tenant", "=", this.#tenant)
      .where("account", "=", written(account))
      .where("version", ">", after)
      .orderBy("version")
      .execute();
    return rows.map(({ entry }) => /** @type {LogEntry} */ (entry));
  }

  /**
   * @param {string} account
   * @param {number} version
   * @param {readonly LogEntry[]} entries
   * @param {Book} [book] The book that made the entries. Without one, the rows of its documents are made by whoever lists
   *   them.
   */
  async append(account, version, entries, book) {
    const db = await this.#database.open();
    if (entries.length === 0) return false;

    const write = { account, version, entries, book };
    return this.#write(db, write, version === NONE ? this.#opened(write) : this.#moved(write));
  }

  /**
   * Writes entries of several accounts, all or none. Their heads are locked in the order of the names, so that two
   * transactions never wait for each other.
   * @param {readonly AccountWrite[]} writes
   */
  async appendAll(writes) {
    const sorted = [...writes].sort((first, second) => (first.account < second.account ? -1 : 1));
    if (new Set(sorted.map(({ account }) => account)).size < sorted.length)
      throw new Error("An account is written to twice at once.");

    const db = await this.#database.open();
    return db.transaction().execute(async (transaction) => {
      for (const { account, version } of sorted) {
        if ((await this.#lock(transaction, account)) !== version) return false;
      }

      for (const write of sorted) {
        if (write.entries.length > 0) await this.#write(transaction, write, this.#moved(write));
      }
      return true;
    });
  }

  /**
   * @param {string} account
   * @param {number} version
   * @param {Uint8Array} bytes
   */
  async saveSnapshot(account, version, bytes) {
    const db = await this.#database.open();
    await sql`insert into snapshots as known (tenant, account, version, bytes)
      values (${this.#tenant}, ${written(account)}, ${version}, ${bytes})
      on conflict (tenant, account) do update set version = excluded.version, bytes = excluded.bytes
      where known.version <= excluded.version`.execute(db);
  }

  /**
   * Makes the rows of an account anew from its book, if nobody has written to it since.
   * @param {string} account
   * @param {Book} book
   */
  async rebuild(account, book) {
    const db = await this.#database.open();
    const ofAccount = sql`tenant = ${this.#tenant} and account = ${written(account)}`;
    const head = sql`update heads set rows_version = version
      where ${ofAccount} and version = ${book.version} returning account`;
    const { rows } = await this.#withRows(account, head, allRows(book)).execute(db);
    return /** @type {any} */ (rows[0]).is_written;
  }

  /** The version of an account, whose head is locked until the end of the transaction.
   * @param {Db} db
   * @param {string} account
   */
  async #lock(db, account) {
    const key = { tenant: this.#tenant, account: written(account) };
    await db
      .insertInto("heads")
      .values({ ...key, version: NONE, rows_version: NONE })
      .onConflict((conflict) => conflict.doNothing())
      .execute();

    const { rows } = await sql`select version from heads
      where tenant = ${key.tenant} and account = ${key.account} for update`.execute(db);
    return /** @type {{ version: number }} */ (rows[0]).version;
  }

  /**
   * Moves the head of an account that has entries, if it is at the version.
   * @param {AccountWrite} write
   */
  #moved({ account, version, entries, book }) {
    const last = entries[entries.length - 1].version;
    // Rows that were behind stay behind, until they are made anew.
    const moved = sql`case when rows_version = version then ${last}::integer else rows_version end`;
    const rows = book === undefined ? sql`rows_version` : moved;

    return sql`update heads set version = ${last}, rows_version = ${rows}
      where tenant = ${this.#tenant} and account = ${written(account)} and version = ${version}
      ${UNLESS_EQUAL} returning account`;
  }

  /**
   * Makes the head of an account that has no entries yet.
   * @param {AccountWrite} write
   */
  #opened({ account, entries, book }) {
    const last = entries[entries.length - 1].version;
    return sql`insert into heads as known (tenant, account, version, rows_version)
      select ${this.#tenant}, ${written(account)}, ${last}::integer, ${book === undefined ? NONE : last}::integer
      where true ${UNLESS_EQUAL}
      on conflict (tenant, account) do update
      set version = excluded.version, rows_version = excluded.rows_version
      where known.version = ${NONE} returning account`;
  }

  /**
   * Writes entries, and the rows that they change, where `head` could be moved.
   * @param {Db} db
   * @param {AccountWrite} write
   * @param {import("kysely").RawBuilder<unknown>} head
   */
  async #write(db, { account, version, entries, book }, head) {
    const request = context.getStore() ?? { user: "" };
    const { put } = request;
    const changed = book === undefined ? undefined : changedRows(book, entries);
    // A client whose connection is gone may send the PUT again, so it is not carried out any more.
    if (put?.isGone() && !put.isWritten) throw new DroppedPut();

    const texts = entries.map((entry) => JSON.stringify(entry));
    const added = sql`added as (
      insert into entries (tenant, account, version, entry)
      select ${this.#tenant}, ${written(account)}, ${version}::integer + place, entry::json
      from head, unnest(${texts}::text[]) with ordinality as given (entry, place))`;
    const others = [added, ...this.#put(put), ...this.#effects(request.effects)];
    const statement = this.#withRows(account, head, changed, others, this.#equal(put));
    const [row] = (await statement.execute(db)).rows;
    const { is_written: isWritten, is_known: isKnown } = /** @type {any} */ (row);

    if (put !== undefined) {
      put.isWritten ||= isWritten;
      put.isKnown ||= isKnown;
    }
    if (isKnown) throw new DroppedPut();

    // The first account of several has the effects: the others are written without them.
    if (isWritten) {
      request.written ??= new Set(request.effects?.map(({ name }) => name));
      request.effects = undefined;
    }
    return isWritten;
  }

  /**
   * The rows of equal PUTs that one may repeat. Where there are any, nothing is written.
   * @param {import("./context.js").Put} [put]
   */
  #equal(put) {
    if (put === undefined || put.isWritten) return sql`select where false`;
    return sql`select from puts
      where tenant = ${this.#tenant} and fingerprint = ${put.fingerprint} and at > ${put.at - WINDOW}::bigint
      and seed <> all (${[put.seed, ...put.others()]}::text[])`;
  }

  /**
   * The row of a PUT that can come again by itself.
   * @param {import("./context.js").Put} [put]
   */
  #put(put) {
    if (put === undefined) return [];

    const { fingerprint, seed, moment, at } = put;
    const { process } = this.#database;
    return [
      sql`put as (
        insert into puts (tenant, fingerprint, seed, moment, process, broken, at)
        select ${this.#tenant}, ${fingerprint}, ${seed}, ${moment}, ${process}, false, ${at}::bigint from head
        on conflict (tenant, fingerprint) do update set seed = excluded.seed, moment = excluded.moment,
          process = excluded.process, broken = false, at = excluded.at)`,
    ];
  }

  /** @param {RequestContext["effects"]} effects */
  #effects(effects = []) {
    if (effects.length === 0) return [];
    return [sql`planned as (${insertion(this.#tenant, effects, sql`head`)})`];
  }

  /**
   * One statement: `head`, then what is written beside it if it returned a row.
   * @param {string} account
   * @param {import("kysely").RawBuilder<unknown>} head
   * @param {ChangedRows} [changed]
   * @param {readonly import("kysely").RawBuilder<unknown>[]} [others]
   * @param {import("kysely").RawBuilder<unknown>} [equal] What keeps it from being written.
   */
  #withRows(account, head, changed, others = [], equal = sql`select where false`) {
    const parts = [sql`equal as (${equal})`, sql`head as (${head})`, ...others];
    if (changed !== undefined) parts.push(...this.#rowParts(written(account), changed));
    return sql`with ${sql.join(parts)}
      select exists (select from head) as is_written, exists (select from equal) as is_known`;
  }

  /**
   * @param {string} account
   * @param {ChangedRows} changed
   */
  #rowParts(account, { documents, lines, gone, isWhole }) {
    const tenant = this.#tenant;
    const parts = [
      sql`rows as (
        insert into documents (tenant, account, id, ${columnNames}, row)
        select ${tenant}, ${account}, id, ${columnNames}, row::jsonb
        from head, json_to_recordset(${JSON.stringify(documents)}::json) as given (id text, ${record}, row text)
        on conflict (tenant, account, id) do update set ${replaced}, row = excluded.row)`,
    ];
    if (lines.length > 0)
      parts.push(sql`added_lines as (
        insert into lines (tenant, account, document, id)
        select ${tenant}, ${account}, document, id
        from head, json_to_recordset(${JSON.stringify(lines)}::json) as given (document text, id text)
        on conflict do nothing)`);

    const ofAccount = sql`tenant = ${tenant} and documents.account = ${account}`;
    if (isWhole)
      parts.push(sql`gone as (
        delete from documents using head
        where ${ofAccount} and id <> all (${documents.map(({ id }) => id)}::text[]))`);
    else if (gone.length > 0)
      parts.push(sql`gone as (
        delete from documents using head
        where ${ofAccount} and (id = any (${gone}::text[]) or number = any (${gone}::text[])))`);
    return parts;
  }
}
