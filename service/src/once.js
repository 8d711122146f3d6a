// Clients repeat a PUT by themselves when a connection breaks before they have its answer, and say nothing about it.
// The repetition must not be carried out a second time; an equal PUT that is meant must be.
//
// So a PUT that writes leaves a row in the same transaction as its entries: what was asked, and the seed that its
// commands have their names from. The row goes when the answer was read. One that is still there, although its
// connection or its process is gone, is of an answer that nobody has: the PUT runs again under the same seed, so the
// book finds its commands and does nothing, and the answer is made anew. This holds for all processes of a database.
//
// Most PUTs are no repetitions. So a PUT is carried out as a new one: its entries are written only where no equal PUT
// has a row (`store.js`). Where there is one, or nothing was to be written, it is looked up, and the PUT runs again.
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { bodyOf } from "./body.js";
import { authorOf } from "./clients.js";
import { context } from "./context.js";
import { WINDOW } from "./store.js";

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./clients.js").Caller} Caller
 * @typedef {import("setoff/rest").Handler} Handler
 * @typedef {import("node:http").ServerResponse} Outgoing
 * @typedef {{ tenant: string, fingerprint: string, seed: string }} Row What a row of `puts` is known by.
 * @typedef {Naming & { process: string, broken: boolean, is_alive: boolean }} Found
 * @typedef {{ now?: Promise<unknown>, next?: Promise<Found | undefined> }} Looks
 * @typedef {{ seed: string, moment: string }} Naming What the commands of a PUT have their names from, and their time.
 */

/**
 * How long is waited for an answer that is being read elsewhere, and how long a connection can be reset after an answer
 * that was sent over it, in milliseconds.
 */
export const TIMES = { patience: 1_000, reset: 100 };
/** How often is looked whether an answer was read elsewhere, in milliseconds. */
const PAUSE = 10;
/** How long rows of answers that were read are gathered, to be taken out together, in milliseconds. */
const GATHERING = 20;
/** The longest body, in bytes: the handler refuses longer ones. */
const MOST_BYTES = 10 * 2 ** 20;
/** How many days answers under keys count. */
const DAY = 24 * 60 * 60 * 1000;

export class Once {
  #database;
  #now;
  #clock;
  #seed;
  #times;
  #onError;
  /** The PUTs that are carried out. @type {Map<string, Set<{ socket: import("node:net").Socket, done: Promise<unknown> }>>} */
  #underWay = new Map();
  /** The PUTs whose answers are on their way. @type {Set<string>} */
  #answering = new Set();
  /** The looks for equal PUTs: the one that runs, and the one after it. @type {Map<string, Looks>} */
  #looks = new Map();
  /** Connections over which an answer was sent just now. @type {Map<object, (isRead: boolean) => void>} */
  #sent = new Map();
  /** What was read, and is to be forgotten. @type {Row[]} */
  #read = [];
  /** @type {Promise<void> | undefined} */
  #forgetting;

  /**
   * @param {object} options
   * @param {Database} options.database
   * @param {() => number} options.now
   * @param {() => string} options.clock
   * @param {() => string} options.seed
   * @param {typeof TIMES} options.times
   * @param {(error: unknown) => void} options.onError
   */
  constructor({ database, now, clock, seed, times, onError }) {
    this.#database = database;
    this.#now = now;
    this.#clock = clock;
    this.#seed = seed;
    this.#times = times;
    this.#onError = onError;
  }

  /**
   * Answers a PUT, as the repetition of an earlier one if it is that.
   * @param {Request} request
   * @param {Caller} caller
   * @param {Handler} handler
   * @param {Outgoing} outgoing
   */
  async answer(request, caller, handler, outgoing) {
    const { url, method, headers } = request;
    const { tenant } = caller;
    const body = await bodyOf(request, MOST_BYTES);
    const fingerprint = fingerprintOf(request, body);

    const name = `${tenant} ${fingerprint}`;
    await this.#endOfBroken(name);

    const asked = { tenant, fingerprint, user: authorOf(caller) };
    const carriedOut = this.#carryOut(asked, outgoing, () =>
      handler(new Request(url, { method, headers, body })),
    );
    this.#carryingOut(name, carriedOut, outgoing);
    return carriedOut;
  }

  /**
   * Carries a PUT out until it is known to be a new one, or the repetition of one.
   * @param {{ tenant: string, fingerprint: string, user: string }} asked
   * @param {Outgoing} outgoing
   * @param {() => Promise<Response>} run
   */
  async #carryOut({ tenant, fingerprint, user }, outgoing, run) {
    /** Equal PUTs that this one does not repeat, by their seeds. @type {Set<string>} */
    const others = new Set();
    const at = this.#now();
    /** The equal PUT that this one repeats. @type {Naming | undefined} */
    let repeated;
    for (;;) {
      const naming = repeated ?? { seed: this.#seed(), moment: this.#clock() };
      const key = `${tenant} ${fingerprint} ${naming.seed}`;
      const put = {
        ...{ fingerprint, ...naming, at, isWritten: false, isKnown: false },
        others: () => [...others, ...this.#readOf(fingerprint)],
        isGone: () => outgoing.req.socket.destroyed,
      };

      this.#answering.add(key);
      try {
        const response = await context.run({ user, put }, run);

        if (put.isWritten || (repeated !== undefined && !put.isKnown)) {
          const row = { tenant, fingerprint, seed: naming.seed };
          this.#whenRead(outgoing, (isRead) => {
            this.#answering.delete(key);
            this.#ended(row, isRead);
          });
          return response;
        }

        this.#answering.delete(key);
        // Nobody waits for the answer any more: whoever is faster is the repetition of this one.
        if (put.isGone()) return response;

        repeated = await this.#unread(tenant, fingerprint, others);
        if (repeated === undefined && !put.isKnown) return response;
      } catch (error) {
        this.#answering.delete(key);
        throw error;
      }
    }
  }

  /**
   * Remembers a PUT for as long as it is carried out.
   * @param {string} name
   * @param {Promise<unknown>} carriedOut
   * @param {Outgoing} outgoing
   */
  #carryingOut(name, carriedOut, outgoing) {
    const put = { socket: outgoing.req.socket, done: carriedOut.catch(() => {}) };
    const all = this.#underWay.get(name) ?? new Set();
    this.#underWay.set(name, all.add(put));
    put.done.then(() => {
      all.delete(put);
      if (all.size === 0) this.#underWay.delete(name);
    });
  }

  /**
   * Waits for equal PUTs that are still carried out although their connections are gone.
   * @param {string} name
   */
  async #endOfBroken(name) {
    const broken = [...(this.#underWay.get(name) ?? [])].filter(({ socket }) => socket.destroyed);
    await Promise.all(broken.map(({ done }) => done));
  }

  /**
   * A connection carries a new request, so its client has read the answer before.
   * @param {import("node:net").Socket} socket
   */
  reused(socket) {
    this.#sent.get(socket)?.(true);
  }

  /**
   * Tells whether an answer was read. It was not, if its connection ends before all of it is sent, or is reset by
   * the other side soon after, as a connection is that ends with something unread. Otherwise it was, as far as
   * anybody can know here.
   * @param {Outgoing} outgoing
   * @param {(isRead: boolean) => void} tell
   */
  #whenRead(outgoing, tell) {
    const { socket } = outgoing.req;
    // It ended while the request was carried out.
    if (socket.destroyed) return tell(false);

    outgoing.once("close", () => {
      if (!outgoing.writableFinished || socket.destroyed) {
        tell(outgoing.writableFinished && !socket.errored);
        return;
      }

      const told = (/** @type {boolean} */ isRead) => {
        clearTimeout(late);
        socket.off("close", closed);
        this.#sent.delete(socket);
        tell(isRead);
      };
      const closed = (/** @type {boolean} */ hadError) => told(!hadError);

      const late = setTimeout(told, this.#times.reset, true);
      socket.once("close", closed);
      this.#sent.set(socket, told);
    });
  }

  /** Writes what is to be written of answers that were sent. */
  async settle() {
    for (const told of [...this.#sent.values()]) told(true);
    await this.#forgetting;
  }

  /** Takes out what is over. */
  async sweep() {
    const db = await this.#database.open();
    const now = this.#now();
    await db
      .deleteFrom("puts")
      .where("at", "<=", now - WINDOW)
      .execute();
    const keyed = db.deleteFrom("kept").where("kind", "=", "keyedRequest");
    await keyed.where("at", "<=", now - DAY).execute();
  }

  /**
   * The equal PUT whose answer nobody has read; `undefined` if there is none. One that is another command joins
   * `others`.
   * @param {string} tenant
   * @param {string} fingerprint
   * @param {Set<string>} others
   */
  async #unread(tenant, fingerprint, others) {
    /** The seed of a row whose answer was not on its way at the last look. @type {string | undefined} */
    let abandoned;
    const end = performance.now() + this.#times.patience;
    for (;;) {
      const row = await this.#look(tenant, fingerprint);
      if (row === undefined || others.has(row.seed)) return undefined;
      if (this.#readOf(fingerprint).includes(row.seed)) return undefined;
      if (row.broken) return row;

      const isHere = row.process === this.#database.process;
      const key = `${tenant} ${fingerprint} ${row.seed}`;
      const isOnItsWay = isHere ? this.#answering.has(key) : row.is_alive;
      if (!isOnItsWay) {
        // Perhaps it was read, and its row taken out, since the row was looked up: a second look tells.
        if (abandoned === row.seed) return row;
        abandoned = row.seed;
        continue;
      }

      if (performance.now() >= end) {
        // Somebody reads the answer just now, and takes long.
        others.add(row.seed);
        return undefined;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  /**
   * The seeds of equal PUTs whose answers were read, and whose rows are to be taken out.
   * @param {string} fingerprint
   */
  #readOf(fingerprint) {
    return this.#read.filter((row) => row.fingerprint === fingerprint).map(({ seed }) => seed);
  }

  /**
   * The row of a PUT, and whether its process is there. However many equal ones wait for it, they have one look at a
   * time between them: the one that begins next.
   * @param {string} tenant
   * @param {string} fingerprint
   * @returns {Promise<Found | undefined>}
   */
  #look(tenant, fingerprint) {
    const name = `${tenant} ${fingerprint}`;
    const looks = this.#looks.get(name) ?? {};
    this.#looks.set(name, looks);
    looks.next ??= this.#lookAfter(looks, tenant, fingerprint);
    return looks.next;
  }

  /**
   * Looks when the look that runs has ended. A look that began before a PUT came may not see what it asks for.
   * @param {Looks} looks
   * @param {string} tenant
   * @param {string} fingerprint
   */
  async #lookAfter(looks, tenant, fingerprint) {
    await looks.now?.catch(() => {});
    [looks.now, looks.next] = [looks.next, undefined];
    try {
      return await this.#rowOf(tenant, fingerprint);
    } finally {
      if (looks.next === undefined) this.#looks.delete(`${tenant} ${fingerprint}`);
    }
  }

  /**
   * @param {string} tenant
   * @param {string} fingerprint
   */
  async #rowOf(tenant, fingerprint) {
    const db = await this.#database.open();
    const isAlive = this.#database.hasProcesses
      ? sql`exists (select from pg_stat_activity where application_name = process)`
      : sql`false`;
    const { rows } =
      await sql`select seed, moment, process, broken, ${isAlive} as is_alive from puts
      where tenant = ${tenant} and fingerprint = ${fingerprint} and at > ${this.#now() - WINDOW}::bigint`.execute(
        db,
      );
    return /** @type {Found | undefined} */ (rows[0]);
  }

  /**
   * @param {Row} row
   * @param {boolean} isRead
   */
  #ended(row, isRead) {
    if (!isRead) {
      this.#broken(row).catch(this.#onError);
      return;
    }

    this.#read.push(row);
    this.#forgetting ??= this.#forget()
      .catch(this.#onError)
      .finally(() => {
        this.#forgetting = undefined;
      });
  }

  /** @param {Row} row */
  async #broken({ tenant, fingerprint, seed }) {
    const db = await this.#database.open();
    const row = db.updateTable("puts").set({ broken: true }).where("tenant", "=", tenant);
    await row.where("fingerprint", "=", fingerprint).where("seed", "=", seed).execute();
  }

  /** Takes out the rows of all answers that were read since, together. */
  async #forget() {
    const db = await this.#database.open();
    while (this.#read.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, GATHERING));

      const puts = [...this.#read];
      await sql`delete from puts using unnest(${puts.map(({ tenant }) => tenant)}::text[],
        ${puts.map(({ fingerprint }) => fingerprint)}::text[], ${puts.map(({ seed }) => seed)}::text[])
        as given (tenant, fingerprint, seed)
        where puts.tenant = given.tenant and puts.fingerprint = given.fingerprint and puts.seed = given.seed`.execute(
        db,
      );
      // Until then they count as read in this process, whether their rows are gone or not.
      this.#read = this.#read.filter((put) => !puts.includes(put));
    }
  }
}

/**
 * What a PUT has in common with its repetition, and with no other: who sends it, where to and what.
 * @param {Request} request
 * @param {Buffer | null} body
 */
function fingerprintOf(request, body) {
  const { pathname, search } = new URL(request.url);
  const head = JSON.stringify([request.headers.get("authorization"), pathname + search]);
  return createHash("sha256")
    .update(head)
    .update(body ?? "")
    .digest("hex");
}
