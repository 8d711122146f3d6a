// What a request brings along to where its entries are written.
import { AsyncLocalStorage } from "node:async_hooks";

/**
 * @typedef {object} RequestContext
 * @property {string} user The client, who is named as the author.
 * @property {string} [seed] The seed and the moment that it has: those of the request that it repeats.
 * @property {string} [moment]
 * @property {string} [fingerprint] Names what it asks for, if it can come again by itself.
 * @property {boolean} [isWritten] Whether entries were written with it.
 */

/** @type {AsyncLocalStorage<RequestContext>} */
export const context = new AsyncLocalStorage();
