// The settings, by the environment. `docs/internals/service.md` has the same table for people.
import { timingSafeEqual } from "node:crypto";
import { Problem } from "./problem.js";

/** How long identifiers and secrets of clients are: the official client checks both. */
const ID_LENGTH = 36;
const SECRET_LENGTHS = [16, 42];
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/**
 * @typedef {object} Settings
 * @property {number} port
 * @property {string} host
 * @property {string | undefined} databaseUrl
 * @property {string | undefined} folder Where the embedded database is, if there is no server. Left out: in memory.
 * @property {{ id: string, secret: string } | undefined} client The client of the settings; without one, anybody may come
 *   who is on this machine.
 * @property {string | undefined} origin Scheme and host that clients use, where it is not that of the request.
 * @property {string} logLevel
 */

/**
 * Reads the settings, or says what is wrong with them.
 * @param {Record<string, string | undefined>} environment
 * @param {{ folder?: string }} [usual]
 * @returns {Settings}
 */
export function readSettings(environment, { folder } = {}) {
  // An empty variable says nothing, as one that is missing.
  const value = (/** @type {string} */ name) => environment[name]?.trim() || undefined;
  const host = value("HOST") ?? "127.0.0.1";
  const client = clientOf(value("SETOFF_CLIENT_ID"), value("SETOFF_CLIENT_SECRET"));

  if (client === undefined && !isLoopback(host)) {
    throw new Problem(
      `HOST is ${host}, which others can reach. State who may come by SETOFF_CLIENT_ID and SETOFF_CLIENT_SECRET; ` +
        "only on the loopback does the service run without.",
    );
  }

  return {
    port: portOf(value("PORT")),
    host,
    databaseUrl: value("DATABASE_URL"),
    folder: value("SETOFF_DATA") ?? folder,
    client,
    origin: originOf(value("SETOFF_ORIGIN")),
    logLevel: value("LOG_LEVEL") ?? "info",
  };
}

/**
 * Whether an address is of this machine alone.
 * @param {string} host
 */
export const isLoopback = (host) => LOOPBACK.test(host.replace(/^\[|\]$/g, ""));

/** @param {string | undefined} text */
function portOf(text) {
  const port = Number(text ?? 8080);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Problem(`PORT is a number from 0 to 65535, not "${text}".`);
}

/**
 * @param {string | undefined} id
 * @param {string | undefined} secret
 */
function clientOf(id, secret) {
  if (id === undefined && secret === undefined) return undefined;

  const [shortest, longest] = SECRET_LENGTHS;
  if (id?.length !== ID_LENGTH)
    throw new Problem(`SETOFF_CLIENT_ID has ${ID_LENGTH} characters, as a UUID does.`);
  if (secret === undefined || secret.length < shortest || secret.length > longest)
    throw new Problem(`SETOFF_CLIENT_SECRET has ${shortest} to ${longest} characters.`);
  return { id, secret };
}

/** @param {string | undefined} text */
function originOf(text) {
  if (text === undefined) return undefined;
  try {
    const { origin, protocol } = new URL(text);
    if (/^https?:$/.test(protocol)) return origin;
  } catch {
    // What is no address is refused as other schemes are.
  }
  throw new Problem(`SETOFF_ORIGIN is an address such as https://billing.example, not "${text}".`);
}

/**
 * Compares two texts in a time that says nothing of them but their lengths.
 * @param {string} first
 * @param {string} second
 */
export function isSame(first, second) {
  const [firstBytes, secondBytes] = [Buffer.from(first), Buffer.from(second)];
  return firstBytes.length === secondBytes.length && timingSafeEqual(firstBytes, secondBytes);
}
