// The interfaces of other billing systems over the books of a store: what `setoff/rest` exports.
import type { BookOptions, InitSource } from "setoff";
import type { HostOptions, Store } from "setoff/host";

/** What an operation asks of the program around it: mail, and files of documents. */
export interface RestEffect {
  /**
   * `"email"`: send a document by mail. `"pdf"`: make its file. `"file"`: keep a file that a client uploaded. `"gateway"`:
   * take the money of a payment.
   */
  readonly type: "email" | "pdf" | "file" | "gateway";
  readonly documentType: "invoice" | "creditMemo" | "debitMemo" | "payment";
  readonly documentId: string;
  readonly accountId: string;
  /** The identifier that the file has for clients. */
  readonly fileId?: string;
  /** The row of the document, for its file. */
  readonly document?: Readonly<Record<string, unknown>>;
  /** What the client said of the mail or the payment. */
  readonly request?: Readonly<Record<string, unknown>>;
  /** The bytes of an upload. */
  readonly file?: Blob;
}

/** An account that clients created. */
export interface RestAccount {
  readonly id: string;
  readonly number: string;
  readonly currency: string;
  /** All that the client said of it. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a document of an account is called. */
export interface RestDocument {
  readonly kind: "invoice" | "creditMemo" | "debitMemo" | "payment" | "refund";
  readonly id: string;
  readonly number: string;
  readonly accountId: string;
}

/**
 * What accounts have in common: to which of them a document belongs, the numbers that were given, and what is kept of jobs,
 * files and answers. A handler keeps it as a log in its store; a database has tables for it. Methods may return promises.
 */
export interface RestDirectory {
  /** Called before each request: brings the directory up to what other processes wrote. */
  refresh(): unknown;
  /** The document of an identifier or, among these kinds, of a number. */
  find(kinds: readonly string[], key: string): RestDocument | null | Promise<RestDocument | null>;
  /** The account of an identifier or number. */
  account(key: string): RestAccount | null | Promise<RestAccount | null>;
  accounts(): readonly RestAccount[] | Promise<readonly RestAccount[]>;
  /**
   * Enters a document, or (of kind `account`) an account. Returns its number: the stated one, or the next that begins with
   * the prefix; `null` if another has the stated one. What is entered with an `id` that is there keeps its number.
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
  /** Takes out the document of an `id`, which was then not made: its number is free again. */
  release(id: string): unknown;
  /** Keeps something, in place of what was kept under that name. */
  keep(kind: string, id: string, data: unknown): unknown;
  /** What was kept; `null` if nothing was. */
  kept(kind: string, id: string): unknown;
}

/** What a handler needs to know. */
export interface HandlerOptions {
  /**
   * The options of the book of a new account, or what makes them. Left out: its currency, and the limits of Zuora. Of an
   * object, its fields are added to those.
   */
  readonly bookOptions?:
    | Partial<BookOptions>
    | ((accountId: string, account: RestAccount | null) => BookOptions);
  /** What accounts have in common. Left out: a log in the store, under the name `setoff/rest`. */
  readonly directory?: RestDirectory;
  /** How books are held between requests. */
  readonly hostOptions?: Omit<HostOptions, "bookOptions">;
  /**
   * The secrets of the clients, by their identifiers of 36 characters. A request must then carry a token of `/oauth/token`.
   * Left out: any client may come, also without a token.
   */
  readonly clients?: Readonly<Record<string, string>>;
  /**
   * Keys that a request can carry in the place of a token, as those of DayZero do, and who is named as the author of what it
   * changes. Left out: there are none.
   */
  readonly keys?: Readonly<Record<string, string>>;
  /** Who is named as the author of all changes. Left out: the client of the token. */
  readonly user?: string;
  /** The moment, as `yyyy-mm-dd hh:mm:ss` where the business is. Left out: the clock of the machine, in UTC. */
  readonly clock?: () => string;
  /** 32 hexadecimal digits that are new each time. Left out: random ones. */
  readonly seed?: () => string;
  /** Milliseconds of a clock that tokens and repetitions go by. Left out: `Date.now`. */
  readonly milliseconds?: () => number;
  /** Scheme and host that `nextPage` begins with. Left out: those of the request. */
  readonly origin?: string;
  /** Whether `X-Forwarded-Host` and `X-Forwarded-Proto` say which host the client used. Left out: they are not read. */
  readonly trustProxy?: boolean;
  /** The longest body, in bytes. Left out: 10 MiB. */
  readonly maxBytes?: number;
  /**
   * For how many milliseconds an equal PUT, whose first answer its client never read to the end, gets that answer again:
   * clients repeat a PUT by themselves when a connection breaks. Left out: 60,000.
   */
  readonly repeatWindow?: number;
  /** Is told what is to be done outside of the books. */
  readonly onEffect?: (effect: RestEffect) => void | Promise<void>;
  /** Is told of errors that clients only see as a status of 500. */
  readonly onError?: (error: unknown, request: Request) => void;
}

/** Answers a request. */
export type Handler = (request: Request) => Promise<Response>;

/**
 * Makes a handler of requests as clients of Zuora (`/v1/…`, `/oauth/token`), of Zuora Quickstart (`/v2/…`) and of DayZero
 * (`/api/v1/…`) send them, over the books of a store.
 */
export function createHandler(store: Store, options?: HandlerOptions): Handler;

/** Loads the module of the dialects from `source`, or from where it lies in the package. The first request does it, too. */
export function init(source?: InitSource): Promise<unknown>;
