// Books behind a store: one book for each account, loaded from its log, changed by transactions that are written as
// entries. It is given the engine, because books of two copies of the module are strangers to each other.
export { IndexedDbStore } from "./indexeddb.js";
export { MemoryStore } from "./memory.js";
export { storeChecks } from "./checks.js";

/** The version of an account that has no entries yet: one before that of the entry that opens its book. */
const NONE = -1;

/** Thrown when other writers were always faster. Nothing was written. */
export class ConflictError extends Error {
  constructor(account, attempts) {
    super(`Other writers changed the account "${account}" during each of ${attempts} attempts.`);
    this.name = "ConflictError";
    this.account = account;
    this.attempts = attempts;
  }
}

export class Host {
  #Book;
  #store;
  #options;
  #keep;
  #attempts;
  #snapshotEvery;
  /** The books of recent transactions, the last one last: `{ book, version, sinceSnapshot }` by account. */
  #recent = new Map();
  /** What the transactions of an account wait for, each for the one before. */
  #queues = new Map();

  constructor(engine, store, options) {
    const { bookOptions, keep = 64, attempts = 10, snapshotEvery = 200 } = options;
    this.#Book = engine.Book;
    this.#store = store;
    this.#options = typeof bookOptions === "function" ? bookOptions : () => bookOptions;
    this.#keep = keep;
    this.#attempts = attempts;
    this.#snapshotEvery = snapshotEvery;
  }

  /**
   * Runs `work` on the book of an account, and writes the entries that it makes. If another writer was faster, the book
   * is loaded anew and `work` runs again. If `work` throws, nothing is written.
   *
   * A book that is in memory is taken as it is: whether it is behind, the append finds out, and only what writes
   * nothing asks. So a transaction that writes asks its store once.
   */
  transact(account, work) {
    return this.#inTurn(account, async () => {
      for (let attempt = 0; attempt < this.#attempts; attempt++) {
        const isKnown = this.#recent.has(account);
        const held = await this.#load(account);
        let result;
        try {
          result = await work(held.book);
        } catch (error) {
          this.#forget(account);
          // On the book of before another writer, an error says nothing of the book of now.
          if (await this.#isCurrent(account, held)) throw error;
          continue;
        }
        const entries = this.#newEntries(held);
        const isDone =
          entries.length > 0
            ? await this.#write(account, held, entries)
            : !isKnown || (await this.#isCurrent(account, held));
        if (isDone) return result;
        this.#forget(account);
      }
      throw new ConflictError(account, this.#attempts);
    });
  }

  /** Runs `work` on the book of an account as the store has it now. What it changes is thrown away. */
  read(account, work) {
    return this.#inTurn(account, async () => {
      const { book } = await this.#loadCurrent(account);
      const before = book.version;
      const result = await this.#orForget(account, () => work(book));
      if (book.version !== before) this.#forget(account);
      return result;
    });
  }

  /** Runs `work` on a book that was made of all entries of an account, which can so explain any of them. */
  async audit(account, work) {
    const entries = await this.#store.entries(account, NONE);
    const book = entries.length === 0 ? this.#newBook(account) : this.#Book.replay(entries);
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

  /** Within a process, the transactions of an account come one after another: they have one book between them. */
  #inTurn(account, task) {
    const before = this.#queues.get(account) ?? Promise.resolve();
    const run = before.then(task, task);
    const done = run.catch(() => {});
    this.#queues.set(account, done);
    done.then(() => {
      if (this.#queues.get(account) === done) this.#queues.delete(account);
    });
    return run;
  }

  /** Whether nobody has written since a book was loaded or written. */
  async #isCurrent(account, { version }) {
    const later = await this.#store.entries(account, version);
    return later.length === 0;
  }

  async #loadCurrent(account) {
    const known = this.#recent.get(account);
    if (known !== undefined && !(await this.#isCurrent(account, known))) this.#forget(account);
    return this.#load(account);
  }

  #newBook(account) {
    return new this.#Book({ ...this.#options(account), log: true });
  }

  async #load(account) {
    const known = this.#recent.get(account);
    if (known !== undefined) return this.#remember(account, known);
    const { snapshot, entries, version } = await this.#store.load(account);
    if (version === NONE) {
      return this.#remember(account, { book: this.#newBook(account), version, sinceSnapshot: 0 });
    }
    const book = this.#Book.open({ snapshot: snapshot ?? undefined, entries });
    return this.#remember(account, { book, version, sinceSnapshot: entries.length });
  }

  /** The entries that a book has made since it was last written. */
  #newEntries({ book, version }) {
    // A book that nothing was done with is not opened in the store either.
    return version === NONE && book.version === 0 ? [] : book.entries({ after: version });
  }

  /** Writes the entries that a book has made. False: another writer was faster. */
  async #write(account, held, entries) {
    const isWritten = await this.#orForget(account, () =>
      this.#store.append(account, held.version, entries),
    );
    if (!isWritten) return false;

    held.version = entries.at(-1).version;
    held.sinceSnapshot += entries.length;
    if (held.sinceSnapshot >= this.#snapshotEvery) await this.#saveSnapshot(account, held);
    return true;
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

  /** Whether entries were written is unknown after an error, and a book may have gone further than its store. */
  async #orForget(account, act) {
    try {
      return await act();
    } catch (error) {
      this.#forget(account);
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

  #forget(account) {
    this.#recent.get(account)?.book.free();
    this.#recent.delete(account);
  }
}
