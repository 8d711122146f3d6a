// The database: PostgreSQL embedded in a folder (PGlite), or a server. It is opened, and its tables are made, when
// something first needs it.
import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { Kysely, Migrator, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { lockFolder } from "./folder.js";
import { migrations } from "./migrations.js";

/** @typedef {import("./tables.js").Tables} Tables */
/** @typedef {Kysely<Tables>} Db */

/** How many connections there are to a server. */
export const CONNECTIONS = 10;
/** How long is waited for a connection, also for one that others use, and for a statement, in milliseconds. */
const CONNECT_TIME = 15_000;
const STATEMENT_TIME = 30_000;
/** How many statements a connection prepares. Lists have many forms; what comes behind is planned each time. */
const MOST_PREPARED = 500;
/** How long a connection that nobody uses stays open, in milliseconds: as long as a repetition is told from a new request. */
const IDLE_TIME = 90_000;

export class Database {
  /** What this process is called in the database. */
  process = `setoff ${randomUUID()}`;
  #url;
  #folder;
  #connections;
  /** @type {Promise<Db> | undefined} */
  #opened;
  #isClosed = false;
  /** @type {(error: unknown) => void} */
  #onError;

  /**
   * `url` names a server; without one, `folder` is where the embedded database is (`undefined`: in memory).
   * @param {{ url?: string, folder?: string, connections?: number, onError?: (error: unknown) => void }} options
   */
  constructor({ url, folder, connections = CONNECTIONS, onError = () => {} }) {
    this.#url = url;
    this.#folder = folder;
    this.#connections = connections;
    this.#onError = onError;
  }

  /** Whether something has needed it. */
  get isOpened() {
    return this.#opened !== undefined;
  }

  /** The database, with its tables. What fails is tried again by whoever needs it next. */
  open() {
    if (this.#isClosed) return Promise.reject(new Error("The database is closed."));
    this.#opened ??= this.#open().catch((error) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #open() {
    // Both have what the dialect calls of a pool; neither has cursors.
    /** @type {any} */
    const pool = this.#url === undefined ? await this.#embedded() : this.#server(this.#url);
    /** @type {Db} */
    const db = new Kysely({ dialect: new PostgresDialect({ pool }) });

    try {
      await migrate(db);
    } catch (error) {
      await db.destroy();
      throw error;
    }
    return db;
  }

  /** Whether several processes can be over it. Each has connections by its name; those of one that was killed end. */
  get hasProcesses() {
    return this.#url !== undefined;
  }

  async close() {
    this.#isClosed = true;
    const db = await this.#opened?.catch(() => undefined);
    this.#opened = undefined;
    await db?.destroy();
  }

  /** @param {string} connectionString */
  #server(connectionString) {
    const pool = new pg.Pool({
      connectionString,
      max: this.#connections,
      connectionTimeoutMillis: CONNECT_TIME,
      statement_timeout: STATEMENT_TIME,
      idle_in_transaction_session_timeout: STATEMENT_TIME,
      keepAlive: true,
      idleTimeoutMillis: IDLE_TIME,
      application_name: this.process,
    });
    // A connection that ends while nobody uses it is replaced.
    pool.on("error", this.#onError);
    return new PreparingPool(pool);
  }

  async #embedded() {
    const { PGlite } = await import("@electric-sql/pglite");
    if (this.#folder === undefined) return new EmbeddedPool(new PGlite());

    await mkdir(this.#folder, { recursive: true });
    const unlock = await lockFolder(this.#folder);
    const pglite = new PGlite(`${this.#folder}/postgres`);
    try {
      await pglite.waitReady;
    } catch (error) {
      await unlock();
      throw error;
    }
    return new EmbeddedPool(pglite, unlock);
  }
}

/**
 * Brings the tables up to date. Processes that start at once come one after another: Kysely's migrator locks.
 * @param {Db} db
 */
async function migrate(db) {
  const provider = { getMigrations: async () => migrations };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
}

/** Gives each statement a name, by which its connection prepares it once. */
class PreparingPool {
  #pool;
  /** @type {Map<string, string>} */
  #names = new Map();

  /** @param {pg.Pool} pool */
  constructor(pool) {
    this.#pool = pool;
  }

  async connect() {
    const client = await this.#pool.connect();
    /** @type {(text: any, values?: any) => Promise<any>} */
    const query = (text, values) => {
      const name = values === undefined ? undefined : this.#nameOf(text);
      return client.query(name === undefined ? { text, values } : { name, text, values });
    };

    return { query, release: () => client.release() };
  }

  /** @param {string} text */
  #nameOf(text) {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= MOST_PREPARED) return known;

    const name = `s${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }

  end() {
    return this.#pool.end();
  }
}

/** The embedded database as a pool of one connection: who asks for it waits until it is released. */
class EmbeddedPool {
  #pglite;
  #unlock;
  #last = Promise.resolve();

  /**
   * @param {import("@electric-sql/pglite").PGlite} pglite
   * @param {() => Promise<void>} [unlock]
   */
  constructor(pglite, unlock = async () => {}) {
    this.#pglite = pglite;
    this.#unlock = unlock;
  }

  async connect() {
    const before = this.#last;
    let release = () => {};
    this.#last = new Promise((resolve) => {
      release = resolve;
    });
    await before;

    /** @type {(text: any, values?: any) => Promise<any>} */
    const query = async (text, values) => {
      const { rows, affectedRows } = await this.#pglite.query(text, values);
      // Kysely reads how many rows were changed of the commands that change some.
      return { command: "UPDATE", rowCount: affectedRows ?? rows.length, rows };
    };

    return { query, release };
  }

  async end() {
    await this.#last;
    await this.#pglite.close();
    await this.#unlock();
  }
}

export { sql };
