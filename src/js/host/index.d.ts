// Books behind a store: what `setoff/host` exports.
import type { Book, BookOptions, LogEntry } from "setoff";

/** What a store has of an account. */
export interface Stored {
  /** The last snapshot that was saved, if there is one: a `Uint8Array`, as a `Buffer` of Node is. */
  readonly snapshot?: Uint8Array | null | undefined;
  /** The entries after the snapshot; without one, all entries. In their order. */
  readonly entries: readonly LogEntry[];
  /** The version of the last entry; −1 of an account that has none. */
  readonly version: number;
}

/**
 * Where the logs of accounts are kept. {@link storeChecks} says what a store must do, as tests.
 *
 * In SQL it is a table with the key (account, version): `append` inserts rows, and is a conflict where the key is there.
 */
export interface Store {
  /** What it takes to have the book of an account. */
  load(account: string): Promise<Stored>;
  /** The entries of an account after a version, in their order: after −1 all, also those that a snapshot spares. */
  entries(account: string, after: number): Promise<readonly LogEntry[]>;
  /**
   * Writes entries, all or none, if the last entry of the account has the version `version`. `false`: it has another, and
   * nothing was written. An error means that nobody knows; the same command with the same `id` is then safe.
   */
  append(account: string, version: number, entries: readonly LogEntry[]): Promise<boolean>;
  /**
   * Keeps a snapshot of the book at a version, in place of earlier ones. A store need not have it, and may fail: it spares
   * replaying and nothing else.
   */
  saveSnapshot?(account: string, version: number, snapshot: Uint8Array): Promise<void>;
}

/** What a {@link Host} needs to know. */
export interface HostOptions {
  /** The options of a new account's book, or what makes them. It keeps a log in any case. */
  readonly bookOptions: BookOptions | ((account: string) => BookOptions);
  /** How many books stay in memory between transactions. Left out: 64. */
  readonly keep?: number;
  /** How often a transaction is tried while other writers are faster. Left out: 10. */
  readonly attempts?: number;
  /** After how many entries a snapshot is saved, if the store can. Left out: 200. */
  readonly snapshotEvery?: number;
}

/** One book for each account, loaded from a store and written to it. */
export class Host {
  /** `engine`: `import * as setoff from "setoff"`, because books of two copies of the module are strangers to each other. */
  constructor(engine: { readonly Book: typeof Book }, store: Store, options: HostOptions);
  /**
   * Runs `work` on the book of an account and writes the entries of all that it executed, together. If another process wrote
   * first, the book is loaded anew and `work` runs again, so it should do nothing but work on the book. If `work` throws,
   * nothing is written. Throws {@link ConflictError} if other writers were always faster. The transactions of an account
   * come one after another: one within another would wait for ever.
   *
   * A book in memory is not compared with the store before: `append` finds out whether it is behind. So a transaction that
   * writes asks its store once, and where other processes often write to the same account, `work` may run in vain first.
   */
  transact<T>(account: string, work: (book: Book) => T | Promise<T>): Promise<T>;
  /** Runs `work` on the book of an account as the store has it now. What it executes is thrown away. */
  read<T>(account: string, work: (book: Book) => T | Promise<T>): Promise<T>;
  /**
   * Runs `work` on a book that was made of all entries of an account, so that it can explain an operation of long ago
   * (`book.explain({ applicationGroupId })`). Takes time with the whole log.
   */
  audit<T>(account: string, work: (book: Book) => T | Promise<T>): Promise<T>;
  /** Frees all books in memory. */
  close(): void;
}

/** Other writers changed the account during each attempt. Nothing was written. */
export class ConflictError extends Error {
  readonly name: "ConflictError";
  readonly account: string;
  readonly attempts: number;
}

/** A store in memory, for tests. */
export class MemoryStore implements Store {
  load(account: string): Promise<Stored>;
  entries(account: string, after: number): Promise<readonly LogEntry[]>;
  append(account: string, version: number, entries: readonly LogEntry[]): Promise<boolean>;
  saveSnapshot(account: string, version: number, snapshot: Uint8Array): Promise<void>;
}

/** A store in a browser. */
export class IndexedDbStore implements Store {
  /** `name`: that of the database. Left out: `"setoff"`. */
  constructor(name?: string);
  load(account: string): Promise<Stored>;
  entries(account: string, after: number): Promise<readonly LogEntry[]>;
  append(account: string, version: number, entries: readonly LogEntry[]): Promise<boolean>;
  saveSnapshot(account: string, version: number, snapshot: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** A check of a store: it rejects with what is wrong. */
export interface StoreCheck {
  readonly name: string;
  run(): Promise<void>;
}

/** What every store must do. `makeStore` returns an empty store, a new one each time. */
export function storeChecks(makeStore: () => Store | Promise<Store>): readonly StoreCheck[];
