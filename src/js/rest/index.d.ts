// The interfaces of other billing systems over the books of a store: what `setoff/rest` exports.
import type { BookOptions, InitSource, Query } from "setoff";
import type { HostOptions, Store } from "setoff/host";

/** A task that an operation leaves to the program around it, such as sending mail or making the file of a document. */
export interface RestEffect {
  /** Names the task. A request that is carried out again, under its `Idempotency-Key` for one, names it the same. */
  readonly id: string;
  /**
   * - `"email"`: send the document by mail.
   * - `"pdf"`: make the file of the document.
   * - `"file"`: keep the file that a client uploaded.
   * - `"gateway"`: take the money of the payment.
   */
  readonly type: "email" | "pdf" | "file" | "gateway";
  /** The kind of the document. */
  readonly documentType: "invoice" | "creditMemo" | "debitMemo" | "payment";
  /** The `id` of the document. */
  readonly documentId: string;
  /** The account of the document. */
  readonly accountId: string;
  /** The identifier by which clients know the file. */
  readonly fileId?: string;
  /** The row of the document, for its file. */
  readonly document?: Readonly<Record<string, unknown>>;
  /** What the client stated about the mail or the payment. */
  readonly request?: Readonly<Record<string, unknown>>;
  /** The bytes that the client uploaded. */
  readonly file?: Blob;
}

/** An account that a client created. */
export interface RestAccount {
  /** The identifier. */
  readonly id: string;
  /** The number, by which clients can name the account, too. */
  readonly number: string;
  /** The currency code. */
  readonly currency: string;
  /** All fields that the client gave. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The names of a document of an account. */
export interface RestDocument {
  /** The kind of the document. */
  readonly kind: "invoice" | "creditMemo" | "debitMemo" | "payment" | "refund";
  /** The identifier. */
  readonly id: string;
  /** The printed number. */
  readonly number: string;
  /** The account of the document. */
  readonly accountId: string;
  /**
   * The earlier accounts of a document that went to another account, the newest first. It is in the first of all these
   * accounts whose book has it.
   */
  readonly formerAccountIds?: readonly string[];
}

/** What a directory knows of a list. */
export interface RestListed {
  /**
   * The rows as pages of `book.query`: one page, or a page of each account, which are then merged. `total` is the number
   * of all rows, if the query asks for it. Default: the books are asked.
   */
  readonly pages?: readonly { readonly rows: readonly object[]; readonly total?: number | null }[];
  /** The accounts that can have rows. Default: the accounts of the request, or all. */
  readonly accountIds?: readonly string[] | null;
  /** The numbers of accounts by their identifiers. Default: `accounts` is asked. */
  readonly numbers?: Readonly<Record<string, string>>;
}

/**
 * What accounts share: the account of each document, the numbers that are taken, and what is kept of jobs, files and
 * answers. A handler keeps it as a log in its store. With a database, implement it by tables. All methods may return
 * promises.
 */
export interface RestDirectory {
  /** Reads what other processes have written. The handler calls it before each request. */
  refresh(): unknown;
  /** Finds a document by its identifier, or by its number among these kinds. */
  find(kinds: readonly string[], key: string): RestDocument | null | Promise<RestDocument | null>;
  /**
   * Finds an account by its identifier or number. `isOpen` says that a request works on its book just now, so that the
   * account was found before: if accounts do not change, the directory can then answer from memory.
   */
  account(
    key: string,
    options?: { readonly isOpen?: boolean },
  ): RestAccount | null | Promise<RestAccount | null>;
  /** Returns all accounts. */
  accounts(): readonly RestAccount[] | Promise<readonly RestAccount[]>;
  /**
   * Enters a document or, with the kind `account`, an account. Returns its number: the stated one, or the next number
   * that begins with the prefix. Returns `null` if the stated number is taken. If the `id` is already entered, it keeps
   * its number.
   */
  reserve(entry: {
    readonly kind: string;
    readonly id: string;
    readonly accountId?: string;
    readonly number?: string | null;
    readonly prefix: string;
    readonly currency?: string;
    readonly data?: Readonly<Record<string, unknown>>;
  }): string | null | Promise<string | null>;
  /**
   * Removes an account that was deleted, or the document of an `id` after the operation failed to create it. Its number is
   * free again.
   */
  release(id: string): unknown;
  /**
   * Notes that a document belongs to another account from now on. It is called before the books are written, which may
   * then fail, so `find` also names the earlier accounts. This method is optional: without it, payments are not
   * transferred.
   */
  move?(id: string, accountId: string): unknown;
  /**
   * Returns what the directory knows of a list over the books of accounts; `accountIds` is `null` for all accounts. This
   * method is optional: without it, every book is asked.
   */
  list?(need: {
    readonly query: Query;
    readonly accountIds: readonly string[] | null;
  }): RestListed | null | Promise<RestListed | null>;
  /** Keeps a value under a kind and an `id`, in place of the earlier value. */
  keep(kind: string, id: string, data: unknown): unknown;
  /** Returns the value that was kept; `null` if there is none. */
  kept(kind: string, id: string): unknown;
}

/** The options of a handler. */
export interface HandlerOptions {
  /**
   * The options of a new account's book, or a function that makes them. The fields of an object are added to the
   * default. Default: the currency of the account, and the limits of Zuora.
   */
  readonly bookOptions?:
    | Partial<BookOptions>
    | ((accountId: string, account: RestAccount | null) => BookOptions | Promise<BookOptions>);
  /** What accounts share. Default: a log in the store, under the name `setoff/rest`. */
  readonly directory?: RestDirectory;
  /** The options by which the host keeps books between requests. */
  readonly hostOptions?: Omit<HostOptions, "bookOptions">;
  /**
   * The secrets of the clients, by their identifiers of 36 characters. A request must then carry a token from
   * `/oauth/token`. Default, without `keys`: any client is accepted, even without a token.
   */
  readonly clients?: Readonly<Record<string, string>>;
  /**
   * Keys that a request may carry in place of a token, as requests of DayZero do. The value is the author of the
   * changes. Default: none.
   */
  readonly keys?: Readonly<Record<string, string>>;
  /**
   * The entities of a tenant that this handler serves. A request that names another one in `Zuora-Entity-Ids` is refused
   * (403). Default: the header is not read, because a store has the books of one entity.
   */
  readonly entities?: readonly string[];
  /** The organizations that this handler serves, likewise, for `Zuora-Org-Ids`. */
  readonly organizations?: readonly string[];
  /** The businesses of DayZero that this handler serves, likewise, for `X-Business-Id`. */
  readonly businesses?: readonly string[];
  /**
   * Returns whether a client has the right to do what it asks for, by the method and the address of its request. If it
   * returns `false`, the request is refused (403). `client` is the client of the token, or the value of its key.
   * Default: every client may do everything.
   */
  readonly isAllowed?: (client: string, request: Request) => boolean | Promise<boolean>;
  /** The author of changes, or a function that returns it while a request is answered. Default: the client of the token. */
  readonly user?: string | (() => string | undefined);
  /**
   * Returns the current time at the place of business, as `yyyy-mm-dd hh:mm:ss`. Default: the clock of the machine, in
   * UTC.
   */
  readonly clock?: () => string;
  /** Returns 32 hexadecimal digits that are new each time. Default: random digits. */
  readonly seed?: () => string;
  /** Returns the milliseconds of the clock for tokens and repeated requests. Default: `Date.now`. */
  readonly milliseconds?: () => number;
  /** The scheme and host at the start of `nextPage`. Default: those of the request. */
  readonly origin?: string;
  /**
   * Whether `X-Forwarded-Host` and `X-Forwarded-Proto` name the host that the client used. Of a list, the first value
   * counts. A host that cannot stand in an address is not used, nor is a scheme other than `http` and `https`; those of
   * the request stand in for them. Default: `false`; they are not read.
   */
  readonly trustProxy?: boolean;
  /** The largest body, in bytes. Default: 10 MiB. */
  readonly maxBytes?: number;
  /**
   * The time in milliseconds during which an equal PUT gets the first answer again, if the connection closed before the
   * client had read that answer: clients then repeat a PUT by themselves. The `signal` of the request tells it, or a
   * body that is canceled. Default: 60,000; with 0, no repetition is recognised.
   */
  readonly repeatWindow?: number;
  /** Called with each task outside of the books, when all that the request did is written. */
  readonly onEffect?: (effect: RestEffect) => void | Promise<void>;
  /**
   * Called with all tasks of a request at the end of its transaction, before its entries are written: a store in a
   * database can write both at once, so that a fault in between loses no task. Called again when the transaction is
   * tried again; what was told before is then void. `onEffect` follows.
   */
  readonly planEffects?: (effects: readonly RestEffect[]) => void | Promise<void>;
  /** Called with each error that clients see only as a status of 500. */
  readonly onError?: (error: unknown, request: Request) => void;
}

/** Answers one request. */
export type Handler = (request: Request) => Promise<Response>;

/**
 * Makes a handler for the requests of clients of Zuora (`/v1/…`, `/oauth/token`), Zuora Quickstart (`/v2/…`) and
 * DayZero (`/api/v1/…`). It keeps the books in a store.
 *
 * ```js
 * import { createHandler } from "setoff/rest";
 * import { MemoryStore } from "setoff/host";
 *
 * const handler = createHandler(new MemoryStore());
 * const response = await handler(new Request("http://localhost/v1/credit-memos"));
 * ```
 */
export function createHandler(store: Store, options?: HandlerOptions): Handler;

/**
 * Loads the module of the other systems' interfaces from `source`. Default: its place in the package. You need not call
 * it, because the first request does the same. Rejects like `init` of `setoff`, for example if `source` is another
 * module.
 */
export function init(source?: InitSource | Promise<InitSource>): Promise<void>;
