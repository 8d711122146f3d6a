// Books behind a store: what `setoff/host` exports.
import type { Book, BookOptions, LogEntry } from "setoff";

/** What a store keeps of an account. */
export interface Stored {
  /** The last snapshot that was saved, if any: a `Uint8Array`, such as a `Buffer` of Node. */
  readonly snapshot?: Uint8Array | null | undefined;
  /** The entries after the snapshot, in order. Without a snapshot, all entries. */
  readonly entries: readonly LogEntry[];
  /** The version of the last entry; −1 for an account that has none. */
  readonly version: number;
}

/** The entries for one of several accounts. */
export interface AccountWrite {
  /** The name of the account. */
  readonly account: string;
  /** The version that the last entry of the account must have; −1 if the account has none. */
  readonly version: number;
  /** The new entries. If the list is empty, the store compares the version and writes nothing to this account. */
  readonly entries: readonly LogEntry[];
  /** The book that made the entries, as for `append`. */
  readonly book?: Book;
}

/**
 * A place that keeps the logs of accounts. {@link storeChecks} says what a store must do, as tests.
 *
 * In SQL, a store is a table with the key (account, version). `append` inserts rows, and fails as a conflict if the key
 * exists.
 */
export interface Store {
  /**
   * Loads what is needed to make the book of an account. Only a store that keeps snapshots needs it. Default: all
   * `entries`.
   */
  load?(account: string): Promise<Stored>;
  /**
   * Loads the entries of an account after a version, in order. After −1 it loads all, including those before the
   * snapshot.
   */
  entries(account: string, after: number): Promise<readonly LogEntry[]>;
  /**
   * Writes all the entries, if the last entry of the account has the version `version`. Returns `false` if it has
   * another version; nothing is written then. After an error, nobody knows whether the entries were written. It is then
   * safe to repeat the command with the same `id`.
   *
   * `book` is the book that made the entries. A store may read it and must not keep it: a database can write rows of
   * its documents together with the entries. A {@link Host} always passes it.
   */
  append(
    account: string,
    version: number,
    entries: readonly LogEntry[],
    book?: Book,
  ): Promise<boolean>;
  /**
   * Writes all the entries to all the accounts, if the last entry of each account has the version stated for it. Returns
   * `false` if one of them has another version; nothing is written then. Rejects if an account is stated twice, and
   * writes nothing. This method is optional: without it, a {@link Host} has no transactions over several accounts.
   *
   * In SQL, it is one transaction that locks the accounts in the order of their names, so that two writers never wait
   * for each other.
   */
  appendAll?(writes: readonly AccountWrite[]): Promise<boolean>;
  /**
   * Keeps a snapshot of the book at a version, in place of earlier ones. This method is optional and may fail, because
   * a snapshot only saves the time for a replay: if it is damaged, a {@link Host} replays all `entries`.
   */
  saveSnapshot?(account: string, version: number, snapshot: Uint8Array): Promise<void>;
}

/** The options of a {@link Host}. */
export interface HostOptions {
  /**
   * The options of a new account's book, or a function that makes them and may return a promise. It is called for a book
   * that the store does not have yet. The book always keeps a log.
   */
  readonly bookOptions: BookOptions | ((account: string) => BookOptions | Promise<BookOptions>);
  /** The number of books that stay in memory between transactions, from 0 on. Default: 64. */
  readonly keep?: number;
  /** The number of times a transaction is tried while other writers are faster, from 1 on. Default: 10. */
  readonly attempts?: number;
  /** The number of entries after which a snapshot is saved, from 1 on, if the store can. Default: 200. */
  readonly snapshotEvery?: number;
}

/**
 * Keeps one book for each account, loads it from a store and writes it there.
 *
 * ```js
 * import * as setoff from "setoff";
 * import { Host, MemoryStore } from "setoff/host";
 *
 * const host = new Host(setoff, new MemoryStore(), { bookOptions: { currency: "USD" } });
 * await host.transact("A-1", (book) => book.execute(command, { id: requestId }));
 * ```
 */
export class Host {
  /**
   * `engine` is `import * as setoff from "setoff"`. The host needs it because books of two copies of the module cannot
   * be mixed. Throws a `TypeError` if the engine, the two functions of the store or `bookOptions` are missing, and if a
   * count of the options is not a whole number, or is too small.
   */
  constructor(engine: { readonly Book: typeof Book }, store: Store, options: HostOptions);
  /**
   * Runs `work` on the book of an account, and writes the entries of all commands that it carried out, together. If
   * another process wrote first, the host loads the book again and runs `work` again, so `work` should have no other
   * effect than on the book. If `work` throws, nothing is written. Throws {@link ConflictError} if other writers were
   * faster every time.
   *
   * The transactions and reads of an account run one after another. So a `transact` or `read` inside the `work` of
   * another one of the same account would wait forever: use the book that `work` has. `work` must not free its book.
   *
   * Rejects with a `TypeError` if an account is not a text, or is the empty text. So do the other methods.
   *
   * The host does not compare a book in memory with the store beforehand; `append` finds out whether the book is
   * behind. So a transaction that writes makes one call to its store. If other processes often write to the same
   * account, `work` may run once in vain.
   */
  transact<T>(account: string, work: (book: Book) => T | Promise<T>): Promise<T>;
  /**
   * Runs `work` on the books of several accounts, in the order of `accounts`. It writes the entries of all commands that
   * `work` carried out to all of the accounts, or to none. Otherwise it works like {@link Host.transact}: if another
   * process wrote to one of the accounts first, the host loads the books again and runs `work` again. Rejects if an
   * account is named twice, or if there is more than one account and the store has no `appendAll`. Two transactions
   * never wait for each other, in whatever order they name their accounts.
   */
  transactAll<T>(
    accounts: readonly string[],
    work: (books: readonly Book[]) => T | Promise<T>,
  ): Promise<T>;
  /** Runs `work` on the book of an account as the store has it now. Changes that `work` makes are thrown away. */
  read<T>(account: string, work: (book: Book) => T | Promise<T>): Promise<T>;
  /**
   * Runs `work` on a book that is made from all entries of an account. It can then explain an operation of long ago
   * (`book.explain({ applicationGroupId })`). Its time grows with the whole log.
   */
  audit<T>(account: string, work: (book: Book) => T | Promise<T>): Promise<T>;
  /** Frees all books in memory. */
  close(): void;
}

/** Thrown if other writers changed an account of the transaction during every attempt. Nothing was written. */
export class ConflictError extends Error {
  readonly name: "ConflictError";
  /** The accounts of the transaction. */
  readonly accounts: readonly string[];
  /** The number of attempts. */
  readonly attempts: number;
}

/** A store in memory, for tests. */
export class MemoryStore implements Store {
  load(account: string): Promise<Stored>;
  entries(account: string, after: number): Promise<readonly LogEntry[]>;
  append(account: string, version: number, entries: readonly LogEntry[]): Promise<boolean>;
  appendAll(writes: readonly AccountWrite[]): Promise<boolean>;
  saveSnapshot(account: string, version: number, snapshot: Uint8Array): Promise<void>;
}

/** A store in a browser. */
export class IndexedDbStore implements Store {
  /** `name` is the name of the database. Default: `"setoff"`. */
  constructor(name?: string);
  load(account: string): Promise<Stored>;
  entries(account: string, after: number): Promise<readonly LogEntry[]>;
  append(account: string, version: number, entries: readonly LogEntry[]): Promise<boolean>;
  appendAll(writes: readonly AccountWrite[]): Promise<boolean>;
  saveSnapshot(account: string, version: number, snapshot: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** A check of a store. */
export interface StoreCheck {
  /** What the store must do, as a sentence. */
  readonly name: string;
  /** Runs the check on a new store. Rejects with what is wrong. */
  run(): Promise<StoreCheckResult>;
}

/** The result of a check that did not fail. */
export interface StoreCheckResult {
  /**
   * The reason why nothing was checked, if the store lacks the optional part that the check is about, such as "The store
   * has no `appendAll`." `null`: the store passed.
   */
  readonly skipped: string | null;
}

/**
 * The checks that every store must pass. `makeStore` returns an empty store, a new one each time.
 *
 * ```ts
 * import { test } from "node:test";
 *
 * for (const { name, run } of storeChecks(() => new MyStore()))
 *   test(name, async (t) => {
 *     const { skipped } = await run();
 *     if (skipped !== null) t.skip(skipped);
 *   });
 * ```
 */
export function storeChecks(makeStore: () => Store | Promise<Store>): readonly StoreCheck[];
