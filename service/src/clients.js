// Who may come: clients with a secret, and the tokens that they get for it. A token is signed with a key that all
// processes of a database share, so any of them takes what another one gave.
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { sign, verify } from "hono/jwt";
import { isSame } from "./settings.js";

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {{ id: string, tenant: string }} Caller Who sends a request, and whose books it is about.
 */

/** How long a token is good for, in seconds. */
const LIFETIME = 3598;
const TOKEN_KEY = "tokenKey";
/** How many tokens are known without reading them again. */
const MOST_TOKENS = 10_000;
/** What a key that stands for a token begins with, as those of DayZero do. */
const KEY_PREFIX = "dz_";
/** The tenant of the client that the settings name, and of everybody where none is. */
export const USUAL_TENANT = "default";

export class Clients {
  #database;
  #settled;
  #now;
  /** @type {Promise<string> | undefined} */
  #key;
  /** Tokens whose signature was right, the oldest first. @type {Map<string, { caller: Caller, end: number }>} */
  #read = new Map();

  /**
   * `settled` is the client of the settings. Without it, anybody may come.
   * @param {object} options
   * @param {Database} options.database
   * @param {{ id: string, secret: string }} [options.settled]
   * @param {() => number} [options.now]
   */
  constructor({ database, settled, now = Date.now }) {
    this.#database = database;
    this.#settled = settled;
    this.#now = now;
  }

  /** Whether anybody may come. */
  get isOpen() {
    return this.#settled === undefined;
  }

  /**
   * Answers `POST /oauth/token`; `null` for a client that is not known.
   * @param {URLSearchParams} form
   */
  async give(form) {
    const [id, secret] = [form.get("client_id") ?? "", form.get("client_secret") ?? ""];
    if (form.get("grant_type") !== "client_credentials") return null;
    const caller = await this.#known(id, secret);
    if (caller === undefined) return null;

    const now = Math.floor(this.#now() / 1000);
    const jti = randomUUID();
    const claims = { sub: caller.id, tenant: caller.tenant, iat: now, exp: now + LIFETIME, jti };
    const token = await sign(claims, await this.#tokenKey(), "HS256");
    return { access_token: token, token_type: "bearer", expires_in: LIFETIME, scope: "", jti };
  }

  /**
   * Who sends a request; `undefined` for somebody who may not come.
   * @param {string} authorization
   * @returns {Promise<Caller | undefined>}
   */
  async callerOf(authorization) {
    const [, token] = /^Bearer (\S+)$/.exec(authorization) ?? [];
    const known = token === undefined ? undefined : await this.#bearer(token);
    if (known !== undefined) return known;
    return this.isOpen ? { id: "", tenant: USUAL_TENANT } : undefined;
  }

  /**
   * Whether a name and secret are those of a client (`Basic`).
   * @param {string} authorization
   */
  async isClient(authorization) {
    const [, pair = ""] = /^Basic ([\w+/=]+)$/.exec(authorization) ?? [];
    const [id, ...secret] = Buffer.from(pair, "base64").toString().split(":");
    return (await this.#known(id, secret.join(":"))) !== undefined;
  }

  /**
   * Makes a client of a tenant, and returns its secret, which is kept nowhere.
   * @param {string} tenant
   */
  async add(tenant) {
    const [id, secret] = [randomUUID(), randomBytes(30).toString("base64url")];
    const db = await this.#database.open();
    await db
      .insertInto("clients")
      .values({ id, tenant, secret: digest(secret) })
      .execute();

    return { id, secret, key: `${KEY_PREFIX}${id}.${secret}` };
  }

  /** @param {string} token */
  async #bearer(token) {
    if (token.startsWith(KEY_PREFIX)) {
      const [id, secret] = token.slice(KEY_PREFIX.length).split(".");
      return this.#known(id, secret ?? "");
    }

    const read = this.#read.get(token) ?? (await this.#readToken(token));
    return read !== undefined && this.#now() < read.end ? read.caller : undefined;
  }

  /**
   * Who a token was given to, and when it ends; `undefined` if it is none of ours.
   * @param {string} token
   */
  async #readToken(token) {
    try {
      const claims = await verify(token, await this.#tokenKey(), { alg: "HS256", exp: false });
      const caller = { id: String(claims.sub), tenant: String(claims.tenant) };
      const read = { caller, end: Number(claims.exp) * 1000 };

      this.#read.set(token, read);
      const [oldest] = this.#read.keys();
      if (this.#read.size > MOST_TOKENS) this.#read.delete(oldest);
      return read;
    } catch (error) {
      // No token of ours. What the database says is another matter.
      if (/** @type {Error} */ (error).name.startsWith("Jwt")) return undefined;
      throw error;
    }
  }

  /**
   * @param {string} id
   * @param {string} secret
   * @returns {Promise<Caller | undefined>}
   */
  async #known(id, secret) {
    if (this.#settled !== undefined && id === this.#settled.id)
      return isSame(secret, this.#settled.secret) ? { id, tenant: USUAL_TENANT } : undefined;

    if (/^[\x20-\x7e]{36}$/.test(id)) {
      const db = await this.#database.open();
      const found = db.selectFrom("clients").select(["tenant", "secret"]).where("id", "=", id);
      const row = await found.executeTakeFirst();
      if (row !== undefined)
        return isSame(digest(secret), row.secret) ? { id, tenant: row.tenant } : undefined;
    }

    // The official client wants a token, also where nobody asks for one.
    const isShaped = id.length === 36 && secret.length <= 42;
    return this.isOpen && isShaped ? { id, tenant: USUAL_TENANT } : undefined;
  }

  #tokenKey() {
    this.#key ??= this.#readKey().catch((error) => {
      this.#key = undefined;
      throw error;
    });
    return this.#key;
  }

  /** The key of the database: the first process makes it. */
  async #readKey() {
    const db = await this.#database.open();
    const value = randomBytes(32).toString("base64url");
    await db
      .insertInto("settings")
      .values({ name: TOKEN_KEY, value })
      .onConflict((conflict) => conflict.doNothing())
      .execute();

    const known = db.selectFrom("settings").select("value").where("name", "=", TOKEN_KEY);
    return (await known.executeTakeFirstOrThrow()).value;
  }
}

/**
 * A client as the author of what it changes: identifiers have 32 characters there.
 * @param {Caller} caller
 */
export const authorOf = ({ id }) => id.replaceAll("-", "").slice(0, 32);

/**
 * Secrets of 240 random bits need no slow hash.
 * @param {string} secret
 */
const digest = (secret) => createHash("sha256").update(secret).digest("hex");
