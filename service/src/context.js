// What a request brings along to where its entries are written.
import { AsyncLocalStorage } from "node:async_hooks";

/**
 * @typedef {object} RequestContext
 * @property {string} user The client, who is named as the author.
 * @property {Put} [put] What it is, if it can come again by itself.
 * @property {readonly import("./effects.js").Effect[]} [effects] What is to be written with its entries.
 * @property {Set<string>} [written] The names of the effects that were.
 */

/**
 * A PUT, which clients repeat by themselves (`once.js`).
 * @typedef {object} Put
 * @property {string} fingerprint Names what it asks for.
 * @property {string} seed The seed and the moment that it has: those of the PUT that it repeats, if it repeats one.
 * @property {string} moment
 * @property {number} at When it came, in milliseconds.
 * @property {() => readonly string[]} others The seeds of equal PUTs that it does not repeat.
 * @property {() => boolean} isGone Whether its connection is.
 * @property {boolean} isWritten Whether entries were written with it.
 * @property {boolean} isKnown Whether they were not, because an equal PUT was there.
 */

/** @type {AsyncLocalStorage<RequestContext>} */
export const context = new AsyncLocalStorage();
