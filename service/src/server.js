// The server: the interfaces of other systems, the page, `/healthz` and `/metrics`, on one port.
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { MemoryStore } from "setoff/host";
import { createHandler } from "setoff/rest";
import { bodyOf } from "./body.js";
import { authorOf, Clients } from "./clients.js";
import { context } from "./context.js";
import { Metrics, routeOf } from "./logs.js";
import { Once, TIMES } from "./once.js";
import { servePage } from "./page.js";
import { sql } from "./database.js";
import { isLoopback } from "./settings.js";
import { Tenants, momentNow, newSeed } from "./tenants.js";

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("hono").Context<{ Bindings: import("@hono/node-server").HttpBindings }>} Context
 */

/** How long the head of a request, and all of it, may take to arrive, in milliseconds. */
const HEAD_TIME = 10_000;
const REQUEST_TIME = 30_000;
/** How long a connection that nobody uses stays open: clients use it again for a minute. */
const IDLE_TIME = 65_000;
/** How long requests that are under way get to end, when the server is told to stop. */
const STOP_TIME = 10_000;
/** The longest body, in bytes, and the most requests at a time. */
const MOST_BYTES = 10 * 2 ** 20;
const MOST_REQUESTS = 1_000;
/** The longest form that asks for a token, in bytes. */
const MOST_FORM = 10_000;
/** The largest head, in bytes. */
const MOST_HEAD = 32 * 1024;

export class Service {
  #database;
  #settings;
  #logger;
  #metrics = new Metrics();
  #clients;
  #tenants;
  #once;
  #underWay = 0;
  #isStopping = false;
  /** Answers whom nobody knows, in the words of each interface. */
  #refuse = createHandler(new MemoryStore(), { keys: {} });
  /** @type {import("node:http").Server} */
  #server;
  /** @type {NodeJS.Timeout | undefined} */
  #sweeping;

  /**
   * @param {object} options
   * @param {Database} options.database
   * @param {import("./settings.js").Settings} options.settings
   * @param {import("pino").Logger} options.logger
   * @param {string} [options.page] The folder of the page.
   * @param {() => number} [options.now]
   * @param {() => string} [options.clock] The moment, as requests have it.
   * @param {() => string} [options.seed] 32 hexadecimal digits that are new each time.
   * @param {number} [options.requestTime]
   * @param {Partial<typeof TIMES>} [options.times]
   */
  constructor(options) {
    const { database, settings, logger, page, now = Date.now } = options;
    const { clock = momentNow, seed = newSeed } = options;
    const { requestTime = REQUEST_TIME, times } = options;
    const onError = (/** @type {unknown} */ error) => this.#fault(error);

    this.#database = database;
    this.#settings = settings;
    this.#logger = logger;
    this.#clients = new Clients({ database, settled: settings.client, now });
    this.#once = new Once({ database, now, clock, seed, times: { ...TIMES, ...times }, onError });
    this.#tenants = new Tenants(database, {
      origin: settings.origin,
      maxBytes: MOST_BYTES,
      onError,
      now,
      clock,
      seed,
    });

    this.#server = /** @type {import("node:http").Server} */ (
      createAdaptorServer({
        fetch: this.#app(page).fetch,
        overrideGlobalObjects: false,
        serverOptions: {
          headersTimeout: Math.min(HEAD_TIME, requestTime),
          requestTimeout: requestTime,
          keepAliveTimeout: IDLE_TIME,
          connectionsCheckingInterval: Math.min(1000, requestTime),
          maxHeaderSize: MOST_HEAD,
        },
      })
    );
  }

  /** Listens, and returns the port. Port 0 is any free one. */
  async listen(port = this.#settings.port) {
    await new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, this.#settings.host, () => {
        this.#server.off("error", reject);
        resolve(undefined);
      });
    });

    this.#sweeping = setInterval(() => this.#sweep(), 60_000);
    this.#sweeping.unref();

    const address = /** @type {import("node:net").AddressInfo} */ (this.#server.address());
    this.#logger.info({ port: address.port }, "listening");
    return address.port;
  }

  /** Takes no more requests, lets those end that are under way, and closes the database. */
  async close() {
    this.#isStopping = true;
    clearInterval(this.#sweeping);

    const closed = new Promise((resolve) => this.#server.close(resolve));
    // Connections become idle as their requests end.
    const idle = setInterval(() => this.#server.closeIdleConnections(), 100);
    const late = setTimeout(() => this.#server.closeAllConnections(), STOP_TIME);
    await closed;
    clearInterval(idle);
    clearTimeout(late);

    await this.#once.settle();
    await this.#database.close();
    this.#logger.info("stopped");
  }

  /** @param {string | undefined} page */
  #app(page) {
    const getPath = (/** @type {Request} */ request) => pathOf(request.url);
    /** @type {Hono<{ Bindings: import("@hono/node-server").HttpBindings }>} */
    const app = new Hono({ getPath });

    app.use("*", (c, next) => this.#observed(c, next));
    app.get("/healthz", (c) => this.#health(c));
    app.get("/metrics", (c) => this.#figures(c));
    for (const path of ["/oauth/token", "/v1/*", "/v2/*", "/api/v1/*"])
      app.all(path, (c) => this.#answer(c));
    servePage(app, page);

    app.notFound((c) => c.json({ message: "There is nothing here." }, 404));
    app.onError((error, c) => {
      this.#fault(error);
      return c.json({ message: "The request could not be carried out." }, 500);
    });
    return app;
  }

  /**
   * Counts a request, and writes a line about it.
   * @param {Context} c
   * @param {() => Promise<void>} next
   */
  async #observed(c, next) {
    const began = performance.now();
    this.#once.reused(c.env.incoming.socket);
    if (this.#underWay >= MOST_REQUESTS) {
      c.res = c.json({ message: "There are too many requests at a time." }, 503, {
        "Retry-After": "1",
      });
      return;
    }

    this.#underWay += 1;
    try {
      await next();
    } finally {
      this.#underWay -= 1;
      this.#report(c, (performance.now() - began) / 1000);
      if (this.#isStopping) c.header("Connection", "close");
    }
  }

  /**
   * @param {Context} c
   * @param {number} seconds
   */
  #report(c, seconds) {
    const { method } = c.req;
    const { status, headers } = c.res;
    const route = routeOf(c.req.path);
    this.#metrics.observe(method, route, status, seconds);

    const milliseconds = Math.round(seconds * 1e4) / 10;
    const requestId = headers.get("zuora-request-id") ?? undefined;
    this.#logger.info({ method, route, status, milliseconds, requestId });
  }

  /** @param {Context} c */
  async #answer(c) {
    const request = c.req.raw;
    if (this.#clients.isOpen && !isLocal(request))
      return c.json(
        { message: "Without a client of the settings, only programs on this machine may come." },
        403,
      );

    if (c.req.path === "/oauth/token" && request.method === "POST") return this.#token(c);
    const caller = await this.#clients.callerOf(request.headers.get("authorization") ?? "");
    if (caller === undefined || c.req.path === "/oauth/token") return this.#refuse(request);

    const handler = this.#tenants.handlerOf(caller.tenant);
    if (request.method === "PUT" && !request.headers.has("idempotency-key"))
      return this.#once.answer(request, caller, handler, outgoingOf(c));
    return context.run({ user: authorOf(caller) }, () => handler(request));
  }

  /** @param {Context} c */
  async #token(c) {
    // Anybody may ask for a token, so nobody gets more than a form is long into the memory of the service.
    const body = await bodyOf(c.req.raw, MOST_FORM).catch(() => null);
    const form = new URLSearchParams((body ?? "").toString());
    const token = await this.#clients.give(form);
    return token === null ? c.json({ message: "The client is not known." }, 401) : c.json(token);
  }

  /**
   * Whether requests can be answered. A database that nothing has needed yet is not opened for this.
   * @param {Context} c
   */
  async #health(c) {
    if (this.#isStopping) return c.json({ status: "stopping" }, 503);
    if (!this.#database.isOpened) return c.json({ status: "ok", database: "not opened yet" });
    try {
      await sql`select 1`.execute(await this.#database.open());
      return c.json({ status: "ok", database: "open" });
    } catch (error) {
      this.#fault(error);
      return c.json({ status: "failed", database: "unreachable" }, 503);
    }
  }

  /** @param {Context} c */
  async #figures(c) {
    if (!(await this.#mayReadFigures(c)))
      return c.json({ message: "Who are you?" }, 401, {
        "WWW-Authenticate": 'Basic realm="metrics"',
      });

    return c.body(await this.#metrics.text(), 200, { "Content-Type": this.#metrics.type });
  }

  /**
   * Whether a request is of somebody who may come. What gathers metrics can seldom ask for tokens, so the name and the
   * secret of a client will do.
   * @param {Context} c
   */
  async #mayReadFigures(c) {
    if (this.#clients.isOpen) return isLocal(c.req.raw);

    const authorization = c.req.header("authorization") ?? "";
    if (await this.#clients.isClient(authorization)) return true;
    return (await this.#clients.callerOf(authorization)) !== undefined;
  }

  /** @param {unknown} error */
  #fault(error) {
    this.#metrics.fault(error);
    this.#logger.error({ error });
  }

  async #sweep() {
    if (!this.#database.isOpened) return;
    await this.#once.sweep().catch((error) => this.#fault(error));
  }
}

/**
 * The answer of Node, which HTTP/1.1 has here.
 * @param {Context} c
 */
const outgoingOf = (c) => /** @type {import("node:http").ServerResponse} */ (c.env.outgoing);

/**
 * The path of an address. A base address with a slash at its end gives two.
 * @param {string} url
 */
const pathOf = (url) => new URL(url).pathname.replace(/^\/+/, "/");

/**
 * Whether a request comes from a program of this machine that means this server: not from a page of another site in a
 * browser here, also not by a name that leads here.
 * @param {Request} request
 */
function isLocal(request) {
  const url = new URL(request.url);
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");

  // Browsers state the origin only of some requests, and the site of all.
  const isOfThisSite =
    origin === null ? !/^(cross-site|same-site)$/.test(site ?? "") : origin === url.origin;
  return isOfThisSite && isLoopback(url.hostname);
}
