// Clients repeat a PUT by themselves when a connection breaks before they have its answer, and say nothing about it.
// The repetition must not be carried out a second time; an equal PUT that is meant must be.
//
// So a PUT that writes leaves a row in the same transaction as its entries: what was asked, and the seed that its
// commands have their names from. The row goes when the answer was read. One that is still there, although its
// connection or its process is gone, is of an answer that nobody has: the PUT runs again under the same seed, so the
// book finds its commands and does nothing, and the answer is made anew. This holds for all processes of a database.
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { authorOf } from "./clients.js";
import { context } from "./context.js";

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./clients.js").Caller} Caller
 * @typedef {import("setoff/rest").Handler} Handler
 * @typedef {import("node:http").ServerResponse} Outgoing
 * @typedef {{ tenant: string, fingerprint: string, seed: string }} Put
 */

/** For how long a PUT that comes again can be the client's own repetition, in milliseconds. */
const WINDOW = 60_000;
/** How long is waited for an answer that is being read elsewhere, and how often is looked, in milliseconds. */
const PATIENCE = 1_000;
const PAUSE = 10;
/** How long a connection can be reset after an answer that was sent over it, in milliseconds. */
export const RESET_TIME = 100;
/** The longest body, in bytes: the handler refuses longer ones. */
const MOST_BYTES = 10 * 2 ** 20;
/** How many days answers under keys count. */
const DAY = 24 * 60 * 60 * 1000;

export class Once {
  #database;
  #now;
  #clock;
  #seed;
  #resetTime;
  #onError;
  /** The PUTs that are carried out. @type {Map<string, Set<{ socket: import("node:net").Socket, done: Promise<unknown> }>>} */
  #underWay = new Map();
  /** The PUTs whose answers are on their way. @type {Set<string>} */
  #answering = new Set();
  /** Connections over which an answer was sent just now. @type {Map<object, (isRead: boolean) => void>} */
  #sent = new Map();
  /** What was read, and is to be forgotten. @type {Put[]} */
  #read = [];
  /** @type {Promise<void> | undefined} */
  #forgetting;

  /**
   * @param {object} options
   * @param {Database} options.database
   * @param {() => number} options.now
   * @param {() => string} options.clock
   * @param {() => string} options.seed
   * @param {number} options.resetTime
   * @param {(error: unknown) => void} options.onError
   */
  constructor({ database, now, clock, seed, resetTime, onError }) {
    this.#database = database;
    this.#now = now;
    this.#clock = clock;
    this.#seed = seed;
    this.#resetTime = resetTime;
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
    const body = await bodyOf(request);
    const { pathname, search } = new URL(request.url);
    const asked = [request.headers.get("authorization"), pathname + search];
    const hash = createHash("sha256")
      .update(JSON.stringify(asked))
      .update(body ?? "");
    const [user, { tenant }] = [authorOf(caller), caller];
    const fingerprint = hash.digest("hex");

    await this.#endOfBroken(`${tenant} ${fingerprint}`);
    const known = await this.#unread(tenant, fingerprint);
    const { seed, moment } = known ?? { seed: this.#seed(), moment: this.#clock() };
    const key = `${tenant} ${fingerprint} ${seed}`;
    /** @type {import("./context.js").RequestContext} */
    const own = { user, seed, moment, fingerprint };
    const { method, headers, signal } = request;
    const copy = new Request(request.url, { method, headers, body, signal });
    this.#answering.add(key);
    try {
      const carriedOut = context.run(own, () => handler(copy));
      this.#carryingOut(`${tenant} ${fingerprint}`, carriedOut, outgoing);
      const response = await carriedOut;
      const bytes = await response.arrayBuffer();
      this.#whenRead(outgoing, (isRead) => {
        this.#answering.delete(key);
        const put = { tenant, fingerprint, seed };
        if (own.isWritten || known !== undefined) this.#ended(put, isRead);
      });
      const { status } = response;
      return new Response(status === 204 ? null : bytes, { status, headers: response.headers });
    } catch (error) {
      this.#answering.delete(key);
      throw error;
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
      const late = setTimeout(told, this.#resetTime, true);
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
   * The PUT whose answer nobody has read; `undefined` if there is none.
   * @param {string} tenant
   * @param {string} fingerprint
   */
  async #unread(tenant, fingerprint) {
    const db = await this.#database.open();
    /** The seed of a row whose answer was not on its way. @type {string | undefined} */
    let left;
    for (let waited = 0; ; waited += PAUSE) {
      const found = db
        .selectFrom("puts")
        .select(["seed", "moment", "process", "broken"])
        .where("tenant", "=", tenant)
        .where("fingerprint", "=", fingerprint)
        .where("at", ">", this.#now() - WINDOW);
      const row = await found.executeTakeFirst();
      if (row === undefined) return undefined;
      const isRead = this.#read.some(
        (put) => put.fingerprint === fingerprint && put.seed === row.seed,
      );
      if (isRead) return undefined;
      if (row.broken) return row;
      if (!(await this.#isAnswering(row.process, `${tenant} ${fingerprint} ${row.seed}`))) {
        // Perhaps it was read, and its row taken out, since the row was looked up: a second look tells.
        if (left === row.seed) return row;
        left = row.seed;
        continue;
      }
      // Somebody reads the answer just now. If it takes long, this is another command.
      if (waited >= PATIENCE) return undefined;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  /**
   * Whether an answer is on its way in its process, which may be another one.
   * @param {string} process
   * @param {string} key
   */
  async #isAnswering(process, key) {
    if (process === this.#database.process) return this.#answering.has(key);
    return this.#database.isAlive(process);
  }

  /**
   * @param {Put} put
   * @param {boolean} isRead
   */
  #ended(put, isRead) {
    if (!isRead) {
      this.#broken(put).catch(this.#onError);
      return;
    }
    this.#read.push(put);
    this.#forgetting ??= this.#forget()
      .catch(this.#onError)
      .finally(() => {
        this.#forgetting = undefined;
      });
  }

  /** @param {Put} put */
  async #broken({ tenant, fingerprint, seed }) {
    const db = await this.#database.open();
    const row = db.updateTable("puts").set({ broken: true }).where("tenant", "=", tenant);
    await row.where("fingerprint", "=", fingerprint).where("seed", "=", seed).execute();
  }

  /** Takes out the rows of all answers that were read since, together. */
  async #forget() {
    const db = await this.#database.open();
    while (this.#read.length > 0) {
      const puts = [...this.#read];
      await sql`delete from puts using unnest(${puts.map(({ tenant }) => tenant)}::text[],
        ${puts.map(({ fingerprint }) => fingerprint)}::text[], ${puts.map(({ seed }) => seed)}::text[])
        as given (tenant, fingerprint, seed)
        where puts.tenant = given.tenant and puts.fingerprint = given.fingerprint and puts.seed = given.seed`.execute(
        db,
      );
      // What another one of this process looks up meanwhile is read, whether its row is gone or not.
      this.#read = this.#read.filter((put) => !puts.includes(put));
    }
  }
}

/**
 * The body of a request, as far as it is read before it is too long.
 * @param {Request} request
 */
async function bodyOf(request) {
  if (request.body === null) return null;
  const pieces = [];
  let length = 0;
  for await (const piece of /** @type {AsyncIterable<Uint8Array>} */ (
    /** @type {unknown} */ (request.body)
  )) {
    pieces.push(piece);
    length += piece.length;
    if (length > MOST_BYTES) break;
  }
  return Buffer.concat(pieces);
}
