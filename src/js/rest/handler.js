// The handler: standard requests in, standard answers out, over the books of a host.
import { ConflictError, Host } from "../host/index.js";
import { Directory, sha256 } from "./directory.js";
import { Driver } from "./driver.js";
import { IN_USE, Repeats } from "./repeats.js";
import { Tokens } from "./tokens.js";

/** The status of an answer without a body. */
const NO_CONTENT = 204;
/** The log of the directory in a store. No account has this name. */
const DIRECTORY = "setoff/rest";
/** The longest body, in bytes. */
const MOST_BYTES = 10 * 2 ** 20;
/** Up to this length, in bytes, an answer is not compressed. */
const SMALL = 1000;
/** For how long a PUT that comes again can be the client's own repetition, in milliseconds. */
const REPEAT_WINDOW = 60_000;
/** Codes of refusals before the application, and of requests that others were in the way of. */
const NOT_SIGNED_IN = 90000011;
const NO_ACCESS = 50000010;
const INVALID = 50000020;
const MALFORMED = 50000090;
const CONTENTION = 50000050;
const INTERNAL = 50000060;
/** Version of the interface from which on failures have a status. */
const STATUSES_SINCE = "2024-05-20";

/** What a request is refused for before it is one of the dialect. */
class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The longest key, and the form of a track id. */
const MOST_KEY = 255;
const TRACK_ID = /^[ !#-&(-9<-~]{0,64}$/;
/** A host that can stand in an address: a name or an address in brackets, and a port. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;
const SCHEMES = ["http", "https"];
/** `%PDF`. */
const PDF = [0x25, 0x50, 0x44, 0x46];

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The moment as texts of the interface have it, by the clock of the machine in UTC. */
const clockText = () => new Date().toISOString().slice(0, 19).replace("T", " ");

const randomSeed = () => crypto.randomUUID().replaceAll("-", "");

/** Makes `createHandler` of an engine, and of the module that knows the dialects. */
export const handlerMaker = ({ engine, load, step }) =>
  function createHandler(store, options = {}) {
    const handler = new Handler({ engine, load, step }, store, options);
    return (request) => handler.answer(request);
  };

class Handler {
  #load;
  #options;
  #host;
  #directory;
  #driver;
  #tokens;
  #repeats;
  #isReady = false;

  constructor({ engine, load, step }, store, options) {
    const { bookOptions, clients, keys, hostOptions, repeatWindow = REPEAT_WINDOW } = options;
    const now = options.milliseconds ?? Date.now;
    this.#load = load;
    this.#options = { clock: clockText, seed: randomSeed, maxBytes: MOST_BYTES, ...options };
    this.#directory = options.directory ?? new Directory(store, DIRECTORY);

    this.#host = new Host(engine, store, {
      ...hostOptions,
      bookOptions: (id) => this.#bookOptionsOf(id, bookOptions),
    });

    const isRefusal = engine.isSetoffError;
    this.#driver = new Driver({ step, isRefusal, host: this.#host, directory: this.#directory });
    this.#tokens = new Tokens({ clients, keys }, now);
    this.#repeats = new Repeats(this.#directory, now, repeatWindow);
  }

  /** The options of a new book. `stated` are those of the handler, or a function that returns them. */
  async #bookOptionsOf(id, stated) {
    const account = await this.#directory.account(id);
    if (typeof stated === "function") return stated(id, account);
    return { currency: account?.currency ?? "USD", accountId: id, limits: "zuora", ...stated };
  }

  async answer(request) {
    const seed = this.#options.seed();
    try {
      return await this.#answer(request, seed);
    } catch (error) {
      if (!(error instanceof Refused)) this.#options.onError?.(error, request);
      return refusalOf(refusedBy(error), request, seed);
    }
  }

  async #answer(request, seed) {
    const url = new URL(request.url);
    if (url.pathname.replace(/^\/+/, "/") === "/oauth/token") return this.#token(request);

    const user = this.#tokens.clientOf(request.headers);
    if (user === null) {
      throw new Refused(401, NOT_SIGNED_IN, "This resource is protected, please sign in first.");
    }
    if ((await this.#options.isAllowed?.(user, request)) === false)
      throw new Refused(403, NO_ACCESS, "You do not have the right to do this.");

    if (!this.#isReady) {
      await this.#load();
      this.#isReady = true;
    }
    await this.#directory.refresh();

    const { text, file } = await this.#bodyOf(request);
    return this.#once(request, url, { text, file, user, seed });
  }

  async #token(request) {
    if (request.method !== "POST")
      throw new Refused(405, MALFORMED, "A token is asked for by POST.");

    const { text } = await this.#bodyOf(request);
    const token = this.#tokens.give(new URLSearchParams(text));
    if (token === null) return answerOf(401, { message: "The client is not known." });
    return answerOf(200, token);
  }

  /** The body as text; of an upload its file. */
  async #bodyOf(request) {
    if (request.body === null) return { text: "" };

    const { maxBytes } = this.#options;
    const bytes = await unpacked(await bytesOf(request.body, maxBytes), maxBytes);

    const type = request.headers.get("content-type") ?? "";
    if (/^multipart\/form-data/i.test(type)) return { text: "", file: await fileOf(bytes, type) };

    try {
      return { text: decoder.decode(bytes) };
    } catch {
      throw new Refused(400, MALFORMED, "The request is malformed: its body is not UTF-8.");
    }
  }

  /** Carries a request out, unless it is one that was carried out before. */
  async #once(request, url, { text, file, user, seed }) {
    const { method, headers } = request;
    checkNames(headers, this.#options);

    const token = headers.get("authorization") ?? "";
    const address = url.pathname + url.search;
    const contents = file === undefined ? [text] : await identityOf(file);
    const first = { seed, moment: this.#options.clock() };
    // A request that comes again under its key has the seed and the moment of the first.
    const carryOut = (firstSeed, moment) =>
      this.#carryOut(request, url, { text, file, user, seed: firstSeed, moment });

    const key = headers.get("idempotency-key");
    if (key !== null && method !== "GET") {
      const fingerprint = await Repeats.fingerprint(method, address, ...contents);
      const named = await Repeats.fingerprint(key, token);
      const keyed = await this.#repeats.underKey(named, fingerprint, first, carryOut);
      if (keyed.reply === undefined) throw refusedKey(keyed.status);
      return this.#write(keyed.reply, request, seed);
    }

    if (method !== "PUT" || !this.#repeats.areRecognised) {
      return this.#write(await carryOut(first.seed, first.moment), request, seed);
    }

    const fingerprint = await Repeats.fingerprint(method, address, ...contents, token);
    const known = this.#repeats.unread(fingerprint);
    const reply = known ?? (await carryOut(first.seed, first.moment));
    return this.#write(reply, request, seed, this.#repeats.remember(fingerprint, reply));
  }

  async #carryOut(request, url, { text, file, user, seed, moment }) {
    const plain = {
      method: request.method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: Object.fromEntries(request.headers),
      body: text,
      ...(file && { file: { size: file.size, isPdf: await isPdf(file) } }),
      origin: this.#originOf(request, url),
      now: moment,
      seed,
      user: this.#userOf(user),
    };

    // The same request, carried out again, names its effects the same.
    const named = (effect, place) => ({ id: `${seed}-${place}`, ...effect, ...(file && { file }) });
    const plan = (effects) => this.#options.planEffects?.(effects.map(named));

    const { status, body, effects } = await this.#driver.answer(plain, plan);
    for (const effect of effects.map(named)) await this.#options.onEffect?.(effect);
    return { status, body };
  }

  /** Who is named as the author: whom the options say, else the client of the token. */
  #userOf(client) {
    const { user } = this.#options;
    return (typeof user === "function" ? user() : user) ?? client;
  }

  /** Scheme and host as the client wrote them. */
  #originOf(request, url) {
    if (this.#options.origin !== undefined) return this.#options.origin;
    if (!this.#options.trustProxy) return url.origin;

    const host = firstOf(request.headers.get("x-forwarded-host"));
    if (!HOST.test(host)) return url.origin;

    const scheme = firstOf(request.headers.get("x-forwarded-proto") ?? "https").toLowerCase();
    return SCHEMES.includes(scheme) ? `${scheme}://${host}` : `${url.protocol}//${host}`;
  }

  async #write({ status, body }, request, seed, onLost) {
    const headers = idsOf(request, seed);
    const bytes = new TextEncoder().encode(body);
    if (status === NO_CONTENT || bytes.length <= SMALL || !takesGzip(request.headers))
      return answerOf(status, bytes, headers, request.signal, onLost);

    const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
    const all = { ...headers, "Content-Encoding": "gzip", Vary: "Accept-Encoding" };
    return answerOf(status, await bytesOf(packed, Infinity), all, request.signal, onLost);
  }
}

/** What the first of several proxies wrote into a header: each adds its own value at the end. */
const firstOf = (header) => (header ?? "").split(",")[0].trim();

/** The refusal that a client sees of an error. Of a fault it says only that there was one. */
function refusedBy(error) {
  if (error instanceof Refused) return error;
  if (error instanceof ConflictError)
    return new Refused(409, CONTENTION, "Other requests were faster. Send the request again.");
  return new Refused(500, INTERNAL, "The request could not be carried out.");
}

/** The refusal of a request that may not be carried out under its key. */
function refusedKey(status) {
  const message =
    status === IN_USE
      ? "The first request of this key is under way."
      : "Another request has this key.";
  return new Refused(status, CONTENTION, message);
}

const tooLong = () => new Refused(413, MALFORMED, "The body is too long.");

async function bytesOf(stream, most) {
  const pieces = [];
  let length = 0;
  for await (const piece of stream) {
    length += piece.length;
    if (length > most) throw tooLong();
    pieces.push(piece);
  }

  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

/**
 * Bytes without their compression, of which there may be `most`. Some clients announce one that they do not make, so
 * the bytes decide.
 */
async function unpacked(bytes, most) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return await bytesOf(stream, most);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(400, MALFORMED, "The request is malformed: its body is not gzip.");
  }
}

async function fileOf(bytes, type) {
  try {
    const form = await new Response(bytes, { headers: { "Content-Type": type } }).formData();
    const file = form.get("file");
    if (file instanceof Blob) return file;
  } catch {
    // What is no form has no file either.
  }
  throw new Refused(400, MALFORMED, "The request is malformed: it has no part `file`.");
}

/** What tells an upload from others: its name and what is in it. Its form is written anew each time. */
const identityOf = async (file) => [file.name, await sha256(await file.arrayBuffer())];

/** The headers by which a request names parts of a tenant, and the options that list those of a handler. */
const PARTS = [
  ["Zuora-Entity-Ids", "entities"],
  ["Zuora-Org-Ids", "organizations"],
  ["X-Business-Id", "businesses"],
];

/** Refuses names that requests carry, where they are longer or other than the interface allows. */
function checkNames(headers, options) {
  for (const [header, option] of PARTS) {
    const named = (headers.get(header) ?? "").split(",").map((id) => id.trim());
    const other = named.find((id) => id !== "" && options[option]?.includes(id) === false);
    if (other !== undefined)
      throw new Refused(403, NO_ACCESS, `'${header}' names '${other}', which is not served here.`);
  }

  const key = headers.get("idempotency-key") ?? "";
  if (key.length > MOST_KEY)
    throw new Refused(400, INVALID, "'Idempotency-Key' has more than 255 characters.");

  const track = headers.get("zuora-track-id") ?? "";
  if (!TRACK_ID.test(track))
    throw new Refused(400, INVALID, "'Zuora-Track-Id' is no id of at most 64 characters.");
}

/** Whether a file begins as a PDF does. */
async function isPdf(file) {
  const start = new Uint8Array(await file.slice(0, PDF.length).arrayBuffer());
  return PDF.every((byte, index) => start[index] === byte);
}

/** Whether a client reads compressed answers: it says so, and not with a weight of nothing. */
const takesGzip = (headers) =>
  /(^|,)\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*(,|$))[\d.]+\s*)?(,|$)/.test(
    headers.get("accept-encoding") ?? "",
  );

/** What an answer says of its request, beside the body. */
function idsOf(request, seed) {
  const track = request.headers.get("zuora-track-id") ?? "";
  const isEchoed = track !== "" && TRACK_ID.test(track);
  return { "Zuora-Request-Id": seed, ...(isEchoed && { "Zuora-Track-Id": track }) };
}

/** An answer. `onLost` is called if its connection closes before it was read to its end. */
function answerOf(status, body, headers = {}, signal = undefined, onLost = undefined) {
  if (onLost !== undefined && signal?.aborted === true) onLost();
  if (status === NO_CONTENT) return new Response(null, { status, headers });

  const all = { "Content-Type": "application/json; charset=utf-8", ...headers };
  const content = body instanceof Uint8Array ? body : JSON.stringify(body);
  const stream = onLost === undefined ? content : watchedStream(content, signal, onLost);
  return new Response(stream, { status, headers: all });
}

/** A stream of a content. It is asked for its end only when a client has read all before, so it knows what was lost. */
function watchedStream(content, signal, onLost) {
  signal?.addEventListener("abort", onLost);
  let unread = content;
  return new ReadableStream(
    {
      pull(controller) {
        if (unread !== undefined) {
          controller.enqueue(unread);
          unread = undefined;
          return;
        }
        signal?.removeEventListener("abort", onLost);
        controller.close();
      },
      cancel: onLost,
    },
    // Nothing is pulled ahead of the reader: what waits in a queue would count as read.
    { highWaterMark: 0 },
  );
}

/** A refusal before the application, in the form of the dialect that the address belongs to. */
function refusalOf(refused, request, seed) {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith("/api/v1/")) {
    const { status, message } = refused;
    return answerOf(status, { detail: message });
  }
  if (pathname.startsWith("/v2/")) return quickstartRefusal(refused, request, seed);
  return zuoraRefusal(refused, request, seed);
}

/** What Quickstart calls a status. */
const QUICKSTART_TYPES = {
  401: "unauthorized",
  403: "forbidden",
  409: "conflict",
  500: "internal_server_error",
};

function quickstartRefusal({ status, message }, request, seed) {
  const type = QUICKSTART_TYPES[status] ?? "bad_request";
  const code = status === 401 ? "authorization_token_expired" : "invalid_request";
  const body = { type, errors: [{ code, message }], retryable: status === 409 || status === 500 };
  return answerOf(status, body, idsOf(request, seed));
}

function zuoraRefusal({ status, code, message }, request, seed) {
  const version = request.headers.get("zuora-version") ?? "";
  const hasStatuses = /^\d{4}-\d\d-\d\d$/.test(version) && version >= STATUSES_SINCE;
  // Without a version that has statuses, what the application refuses comes with 200.
  const shown = hasStatuses || status === 401 || status === 413 || status === 422 ? status : 200;
  const body = {
    success: false,
    processId: seed.slice(0, 16).toUpperCase(),
    requestId: seed,
    reasons: [{ code, message }],
    ...(status === 401 && { message }),
  };
  return answerOf(shown, body, idsOf(request, seed));
}
