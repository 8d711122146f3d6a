// Tokens: `POST /oauth/token` gives one to a client that names itself, and each request carries it.

/** How long a token is good for, in seconds. */
const LIFETIME = 3598;
const ID_LENGTH = 36;
const SECRET_LENGTH = 42;

export class Tokens {
  #clients;
  #keys;
  #now;
  /** The client and the end of each token. */
  #issued = new Map();

  /**
   * `clients` are the secrets by identifier, and `keys` the names by what a request may carry in the place of a token.
   * Where both are undefined, any client may come, and also without a token.
   */
  constructor({ clients, keys }, now) {
    const isOpen = clients === undefined && keys === undefined;
    this.#clients = isOpen ? undefined : new Map(Object.entries(clients ?? {}));
    this.#keys = new Map(Object.entries(keys ?? {}));
    this.#now = now;
  }

  /** Answers a request for a token; `null` where the client is not known. */
  give(form) {
    const id = form.get("client_id") ?? "";
    const secret = form.get("client_secret") ?? "";
    const isShaped =
      form.get("grant_type") === "client_credentials" &&
      id.length === ID_LENGTH &&
      secret.length <= SECRET_LENGTH;
    const isKnown = this.#clients === undefined || this.#clients.get(id) === secret;
    if (!isShaped || !isKnown) return null;

    const now = this.#now();
    for (const [token, { end }] of this.#issued) if (end <= now) this.#issued.delete(token);

    const token = crypto.randomUUID().replaceAll("-", "");
    this.#issued.set(token, { client: id, end: now + LIFETIME * 1000 });
    return {
      access_token: token,
      token_type: "bearer",
      expires_in: LIFETIME,
      scope: "",
      jti: crypto.randomUUID(),
    };
  }

  /** The client of a request; `null` for one that may not come. */
  clientOf(headers) {
    const [, token] = /^Bearer (.+)$/.exec(headers.get("authorization") ?? "") ?? [];

    const issued = this.#issued.get(token);
    if (issued !== undefined && issued.end > this.#now()) return issued.client;
    if (this.#keys.has(token)) return this.#keys.get(token);
    return this.#clients === undefined ? "" : null;
  }
}
