// What the accounts of a host have in common: which account a document belongs to, the numbers that were given, and
// what is kept of jobs, files and answers. It is a log of its own in the store of the books, with entries like theirs.
const encoder = new TextEncoder();
const NONE = "0".repeat(64);

/** Canonical JSON (RFC 8785), as `docs/formats.md` says of the log of a book. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.keys(value).sort();
  return `{${fields.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)}}`;
}

/** SHA-256 of a text or of bytes, as hexadecimal digits. */
export async function sha256(contents) {
  const bytes = typeof contents === "string" ? encoder.encode(contents) : contents;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How many digits the numbers of documents have behind their prefix. */
const DIGITS = 8;

export class Directory {
  #store;
  #name;
  #version = -1;
  #last = NONE;
  /** Documents and accounts by identifier; and by kind and number. */
  #byId = new Map();
  #byNumber = new Map();
  #accounts = [];
  /** The last number that was given, by its prefix. */
  #counters = new Map();
  /** What is kept, by kind and identifier. */
  #kept = new Map();
  /** Readers and writers come one after another. */
  #queue = Promise.resolve();

  /** `name` is what the log is called in the store. */
  constructor(store, name) {
    this.#store = store;
    this.#name = name;
  }

  /** Brings the directory up to what the store has. */
  refresh() {
    return this.#inTurn(() => this.#read());
  }

  find(kinds, key) {
    const byId = this.#byId.get(key);
    if (byId !== undefined && kinds.includes(byId.kind)) return documentOf(byId);
    for (const kind of kinds) {
      const byNumber = this.#byNumber.get(`${kind} ${key}`);
      if (byNumber !== undefined) return documentOf(byNumber);
    }
    return null;
  }

  account(key) {
    const byId = this.#byId.get(key);
    const found = byId?.kind === "account" ? byId : this.#byNumber.get(`account ${key}`);
    return found === undefined ? null : accountOf(found);
  }

  accounts() {
    return this.#accounts.map(accountOf);
  }

  kept(kind, id) {
    return this.#kept.get(`${kind} ${id}`) ?? null;
  }

  /** Enters a document or account, and returns its number; `null` where the stated one is another's. */
  reserve({ number, prefix, ...entry }) {
    return this.#write(() => {
      const known = this.#byId.get(entry.id);
      // The same request again, after a conflict or a broken connection.
      if (known !== undefined) return { answer: known.number };

      const entered = number ?? this.#nextNumber(entry.kind, prefix);
      if (this.#byNumber.has(`${entry.kind} ${entered}`)) return { answer: null };

      const isCounted = number === null || number === undefined;
      const count = isCounted ? { prefix, count: Number(entered.slice(prefix.length)) } : {};
      return { answer: entered, command: { type: "enter", ...entry, number: entered, ...count } };
    });
  }

  /** Takes out an account, or what was entered for a document that was then not made. */
  release(id) {
    return this.#write(() => {
      const command = this.#byId.has(id) ? { type: "release", id } : undefined;
      return { answer: true, command };
    });
  }

  /**
   * A document belongs to another account from now on. The book of that account is written after it, so the accounts of
   * before stay known: whoever finds the document looks which of their books has it.
   */
  move(id, accountId) {
    return this.#write(() => {
      const entry = this.#byId.get(id);
      const isThere = entry === undefined || entry.accountId === accountId;
      return { answer: true, command: isThere ? undefined : { type: "move", id, accountId } };
    });
  }

  keep(kind, id, data) {
    return this.#write(() => ({ answer: true, command: { type: "keep", kind, id, data } }));
  }

  #nextNumber(kind, prefix) {
    let count = this.#counters.get(prefix) ?? 0;
    let number;
    do {
      count += 1;
      number = `${prefix}${String(count).padStart(DIGITS, "0")}`;
    } while (this.#byNumber.has(`${kind} ${number}`));
    return number;
  }

  #inTurn(task) {
    const run = this.#queue.then(task, task);
    this.#queue = run.catch(() => {});
    return run;
  }

  /** `make` says what to write, on the directory as the store has it; it is asked again after another writer. */
  #write(make) {
    return this.#inTurn(async () => {
      for (;;) {
        const { answer, command } = make();
        if (command === undefined) return answer;

        const entry = await this.#entryOf(command);
        if (await this.#store.append(this.#name, this.#version, [entry])) {
          this.#take(entry);
          return answer;
        }
        await this.#read();
      }
    });
  }

  async #entryOf(command) {
    const contents = {
      version: this.#version + 1,
      ...{ id: null, actor: null, note: null, recordedAt: null },
      ...{ command, effect: null, previous: this.#last },
    };
    return { ...contents, hash: await sha256(canonical(contents)) };
  }

  async #read() {
    for (const entry of await this.#store.entries(this.#name, this.#version)) {
      const { hash, ...contents } = entry;
      const isNext = entry.version === this.#version + 1 && entry.previous === this.#last;
      if (!isNext || (await sha256(canonical(contents))) !== hash)
        throw new Error(`Entry ${entry.version} of the directory was altered.`);
      this.#take(entry);
    }
  }

  #take({ version, hash, command }) {
    this.#version = version;
    this.#last = hash;

    const { type, ...fields } = command;
    if (type === "keep") {
      this.#kept.set(`${fields.kind} ${fields.id}`, fields.data);
      return;
    }

    if (type === "release") {
      const { kind, number } = this.#byId.get(fields.id);
      this.#byId.delete(fields.id);
      this.#byNumber.delete(`${kind} ${number}`);
      this.#accounts = this.#accounts.filter(({ id }) => id !== fields.id);
      return;
    }

    if (type === "move") {
      const { accountId, formerAccountIds = [], ...entry } = this.#byId.get(fields.id);
      const former = [accountId, ...formerAccountIds].filter((id) => id !== fields.accountId);
      this.#know({ ...entry, accountId: fields.accountId, formerAccountIds: former });
      return;
    }

    this.#know(fields);
    if (fields.kind === "account") this.#accounts.push(fields);
    if (fields.prefix !== undefined) this.#counters.set(fields.prefix, fields.count);
  }

  #know(entry) {
    this.#byId.set(entry.id, entry);
    this.#byNumber.set(`${entry.kind} ${entry.number}`, entry);
  }
}

const documentOf = ({ kind, id, number, accountId, formerAccountIds }) => ({
  ...{ kind, id, number, accountId },
  ...(formerAccountIds !== undefined && { formerAccountIds }),
});
const accountOf = ({ id, number, currency, data }) => ({ id, number, currency, data });
