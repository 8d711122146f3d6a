// Books behind a store: one book for each account, loaded from its log, changed by transactions that are written as
// entries. It is given the engine, because books of two copies of the module are strangers to each other.
import { stored } from "./stored.js";

export { IndexedDbStore } from "./indexeddb.js";
export { MemoryStore } from "./memory.js";
export { storeChecks } from "./checks.js";

/** The version of an account that has no entries yet: one before that of the entry that opens its book. */
const NONE = -1;

/** Thrown when other writers were always faster. Nothing was written. */
export class ConflictError extends Error {
  constructor(accounts, attempts) {
    const names = accounts.map((account) => `"${account}"`).join(" or ");
    super(`Other writers changed the account ${names} during each of ${attempts} attempts.`);
    this.name = "ConflictError";
    this.accounts = accounts;
    this.attempts = attempts;
  }
}

/** The names of accounts, in a list of our own. Of `undefined` and the like a store would make a name, and keep it. */
function namesOf(accounts) {
  if (!Array.isArray(accounts)) throw new TypeError("The accounts must be a list of their names.");
  const names = [...accounts];
  if (names.some((name) => typeof name !== "string" || name === ""))
    throw new TypeError("The name of an account must be a text that is not empty.");
  return names;
}

/** A count of the options. `Infinity` is one, too. */
function countOf(option, count, least) {
  if ((Number.isSafeInteger(count) || count === Infinity) && count >= least) return count;
  throw new TypeError(`The option \`${option}\` must be a whole number from ${least} on.`);
}

/** What a host is made of, refused where it is missing: later it would be an error of some account. */
function checkParts(engine, store, options) {
  if (typeof engine?.Book !== "function")
    throw new TypeError(
      'The engine must be the package itself: `import * as setoff from "setoff"`.',
    );
  for (const name of ["entries", "append"])
    if (typeof store?.[name] !== "function")
      throw new TypeError(`The store must have the function \`${name}\`.`);
  if (!["object", "function"].includes(typeof (options?.bookOptions ?? undefined)))
    throw new TypeError(
      "The option `bookOptions` must be the options of new books, or a function that returns them.",
    );
}

export class Host {
  #Book;
  #store;
  #bookOptionsOf;
  #keep;
  #attempts;
  #snapshotEvery;
  /** The books of recent transactions, the last one last: `{ book, version, sinceSnapshot }` by account. */
  #recent = new Map();
  /** What the transactions of an account wait for, each for the one before. */
  #queues = new Map();

  constructor(engine, store, options) {
    checkParts(engine, store, options);
    const { bookOptions, keep = 64, attempts = 10, snapshotEvery = 200 } = options;
    this.#Book = engine.Book;
    this.#store = store;
    this.#bookOptionsOf = typeof bookOptions === "function" ? bookOptions : () => bookOptions;
    this.#keep = countOf("keep", keep, 0);
    this.#attempts = countOf("attempts", attempts, 1);
    this.#snapshotEvery = countOf("snapshotEvery", snapshotEvery, 1);
  }

  /**
   * Runs `work` on the book of an account, and writes the entries that it makes. If another writer was faster, the book
   * is loaded anew and `work` runs again. If `work` throws, nothing is written.
   *
   * A book that is in memory is taken as it is: whether it is behind, the append finds out, and only what writes
   * nothing asks. So a transaction that writes asks its store once.
   */
  transact(account, work) {
    return this.transactAll([account], ([book]) => work(book));
  }

  /** Runs `work` on the books of several accounts, and writes the entries that it makes to all of them or to none. */
  async transactAll(accounts, work) {
    const names = namesOf(accounts);
    if (new Set(names).size < names.length)
      throw new TypeError("A transaction must name each of its accounts only once.");

    if (names.length > 1 && this.#store.appendAll === undefined)
      throw new TypeError(
        "The store has no `appendAll`, so a transaction can change only one account.",
      );

    return this.#inTurn(names, () => this.#attempt(names, work));
  }

  async #attempt(accounts, work) {
    for (let attempt = 0; attempt < this.#attempts; attempt++) {
      // The first book of several can be behind when the last has been loaded.
      const areFresh = accounts.length <= 1 && !accounts.some((name) => this.#recent.has(name));
      const held = await this.#loadAll(accounts);

      let result;
      try {
        result = await work(held.map(({ book }) => book));
      } catch (error) {
        this.#forgetAll(accounts);
        // On a book of before another writer, an error says nothing of the book of now.
        if (await this.#areCurrent(accounts, held)) throw error;
        continue;
      }

      const entries = await this.#orForget(accounts, () =>
        held.map((each) => this.#newEntries(each)),
      );

      const isDone = entries.some((added) => added.length > 0)
        ? await this.#writeAll(accounts, held, entries)
        : areFresh || (await this.#areCurrent(accounts, held));
      if (isDone) return result;
      this.#forgetAll(accounts);
    }
    throw new ConflictError(accounts, this.#attempts);
  }

  /** Runs `work` on the book of an account as the store has it now. What it changes is thrown away. */
  async read(account, work) {
    return this.#inTurn(namesOf([account]), async () => {
      const { book } = await this.#loadCurrent(account);
      const before = book.version;
      return this.#orForget([account], async () => {
        const result = await work(book);
        if (book.version !== before) this.#forget(account);
        return result;
      });
    });
  }

  /** Runs `work` on a book that was made of all entries of an account, which can so explain any of them. */
  async audit(account, work) {
    namesOf([account]);
    const entries = await this.#store.entries(account, NONE);
    const isNew = entries.length === 0;
    const book = isNew ? await this.#newBook(account) : this.#Book.replay(entries);
    try {
      return await work(book);
    } finally {
      book.free();
    }
  }

  /** Frees all books that are kept in memory. */
  close() {
    for (const account of [...this.#recent.keys()]) this.#forget(account);
  }

  /**
   * Within a process, the transactions of an account come one after another: they have one book between them. A
   * transaction over several accounts takes its place in all of their queues at one moment, so that no two wait for
   * each other.
   */
  #inTurn(accounts, task) {
    const before = accounts.map((account) => this.#queues.get(account));
    const run = Promise.all(before).then(task);

    // The next transaction runs also after one that failed.
    const done = run.then(
      () => {},
      () => {},
    );
    for (const account of accounts) this.#queues.set(account, done);

    // Without this, a host would remember every account that it ever had.
    done.then(() => {
      for (const account of accounts)
        if (this.#queues.get(account) === done) this.#queues.delete(account);
    });
    return run;
  }

  /** Whether nobody has written since a book was loaded or written. */
  async #isCurrent(account, { version }) {
    const later = await this.#store.entries(account, version);
    return later.length === 0;
  }

  async #areCurrent(accounts, held) {
    const current = accounts.map((account, place) => this.#isCurrent(account, held[place]));
    return (await Promise.all(current)).every((isCurrent) => isCurrent);
  }

  async #loadCurrent(account) {
    const known = this.#recent.get(account);
    if (known !== undefined && !(await this.#isCurrent(account, known))) this.#forget(account);
    return this.#load(account);
  }

  async #newBook(account) {
    return new this.#Book({ ...(await this.#bookOptionsOf(account)), log: true });
  }

  async #load(account) {
    const known = this.#recent.get(account);
    if (known !== undefined) return this.#remember(account, known);

    const kept = await stored(this.#store, account);
    const { version } = kept;
    if (version === NONE) {
      const book = await this.#newBook(account);
      return this.#remember(account, { book, version, sinceSnapshot: 0 });
    }
    return this.#remember(account, await this.#open(account, kept));
  }

  /** The book of what a store has. All is in the entries, so a damaged snapshot costs a replay and no more. */
  async #open(account, { snapshot, entries, version }) {
    try {
      const book = this.#Book.open({ snapshot: snapshot ?? undefined, entries });
      return { book, version, sinceSnapshot: entries.length };
    } catch (error) {
      if (error?.code !== "invalidSnapshot") throw error;
    }

    const book = this.#Book.replay(await this.#store.entries(account, NONE));
    // The next transaction that writes saves another one.
    return { book, version: book.version, sinceSnapshot: this.#snapshotEvery };
  }

  async #loadAll(accounts) {
    const held = [];
    for (const account of accounts) held.push(await this.#load(account));
    return held;
  }

  /** The entries that a book has made since it was last written. */
  #newEntries({ book, version }) {
    // A book that nothing was done with is not opened in the store either.
    return version === NONE && book.version === 0 ? [] : book.entries({ after: version });
  }

  /** Writes the entries that books have made. False: another writer was faster. */
  async #writeAll(accounts, held, entries) {
    const isWritten = await this.#orForget(accounts, () => this.#append(accounts, held, entries));
    if (!isWritten) return false;

    for (const [place, account] of accounts.entries()) {
      const each = held[place];
      each.version += entries[place].length;
      each.sinceSnapshot += entries[place].length;
      if (each.sinceSnapshot >= this.#snapshotEvery) await this.#saveSnapshot(account, each);
    }
    return true;
  }

  #append(accounts, held, entries) {
    const writes = accounts.map((account, place) => ({
      account,
      version: held[place].version,
      entries: entries[place],
      book: held[place].book,
    }));
    if (writes.length > 1) return this.#store.appendAll(writes);

    const [{ account, version, entries: added, book }] = writes;
    return this.#store.append(account, version, added, book);
  }

  /** A snapshot spares replaying and nothing else: without it all is written, and the next transaction tries again. */
  async #saveSnapshot(account, held) {
    try {
      await this.#store.saveSnapshot?.(account, held.version, held.book.snapshot());
      held.sinceSnapshot = 0;
    } catch {
      // The entries are written.
    }
  }

  /**
   * Whether entries were written is unknown after an error, and a book may have gone further than its store, or be one
   * that `work` freed.
   */
  async #orForget(accounts, act) {
    try {
      return await act();
    } catch (error) {
      this.#forgetAll(accounts);
      throw error;
    }
  }

  #remember(account, held) {
    this.#recent.delete(account);
    this.#recent.set(account, held);

    // Those that wait for their store are in use.
    const idle = [...this.#recent.keys()].filter((other) => !this.#queues.has(other));
    for (const other of idle.slice(0, Math.max(0, this.#recent.size - this.#keep)))
      this.#forget(other);
    return held;
  }

  #forgetAll(accounts) {
    for (const account of accounts) this.#forget(account);
  }

  #forget(account) {
    this.#recent.get(account)?.book.free();
    this.#recent.delete(account);
  }
}
