// A handler for each tenant: its books, its rows and nothing of another one's.
import * as engine from "setoff";
import { Host } from "setoff/host";
import { createHandler } from "setoff/rest";
import { context } from "./context.js";
import { SqlDirectory } from "./directory.js";
import { DroppedPut } from "./dropped.js";
import { keepEffect, planEffects } from "./effects.js";
import { SqlStore } from "./store.js";

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("setoff/rest").Handler} Handler
 */

/** How many tenants are kept ready, and how many books of each. */
const MOST_TENANTS = 100;
const BOOKS = 200;
/** After how many entries a snapshot spares reading them. */
const SNAPSHOT_EVERY = 200;

export class Tenants {
  #database;
  #options;
  /** The handlers of recent requests, the last one last. @type {Map<string, Handler>} */
  #recent = new Map();

  /**
   * @param {Database} database
   * @param {{ origin?: string, maxBytes?: number, onError: (error: unknown) => void, now?: () => number,
   *   clock?: () => string, seed?: () => string }} options
   */
  constructor(database, options) {
    this.#database = database;
    this.#options = options;
  }

  /** @param {string} tenant */
  handlerOf(tenant) {
    const handler = this.#recent.get(tenant) ?? this.#newHandler(tenant);
    this.#recent.delete(tenant);
    this.#recent.set(tenant, handler);

    const [oldest] = this.#recent.keys();
    if (this.#recent.size > MOST_TENANTS) this.#recent.delete(oldest);
    return handler;
  }

  /** @param {string} tenant */
  #newHandler(tenant) {
    const { origin, maxBytes, onError, now, clock = momentNow, seed = newSeed } = this.#options;
    const store = new SqlStore(this.#database, tenant);
    const directory = directoryOf(this.#database, tenant, store, now);

    return createHandler(store, {
      directory,
      hostOptions: { keep: BOOKS, snapshotEvery: SNAPSHOT_EVERY },
      user: () => context.getStore()?.user ?? "",
      seed: () => context.getStore()?.put?.seed ?? seed(),
      clock: () => context.getStore()?.put?.moment ?? clock(),
      // What comes again is recognised here, by all processes.
      repeatWindow: 0,
      planEffects,
      onEffect: (effect) => keepEffect(this.#database, tenant, effect),
      onError: (error) => error instanceof DroppedPut || onError(error),
      ...(origin !== undefined && { origin }),
      ...(maxBytes !== undefined && { maxBytes }),
    });
  }
}

/**
 * The directory of a tenant, which makes rows of a book where they are missing.
 * @param {Database} database
 * @param {string} tenant
 * @param {SqlStore} store
 * @param {() => number} [now]
 */
export function directoryOf(database, tenant, store, now) {
  const host = new Host(engine, store, { bookOptions: { currency: "USD" }, keep: 1 });
  const rebuild = (/** @type {string} */ account) =>
    host.read(account, (book) => store.rebuild(account, book));
  return new SqlDirectory({ database, tenant, rebuild, now });
}

export const newSeed = () => crypto.randomUUID().replaceAll("-", "");
export const momentNow = () => new Date().toISOString().slice(0, 19).replace("T", " ");
