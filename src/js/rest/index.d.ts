// The interfaces of other billing systems over the books of a store: what `setoff/rest` exports.
import type { BookOptions, InitSource } from "setoff";
import type { HostOptions, Store } from "setoff/host";

/** What an operation asks of the program around it: mail, and files of documents. */
export interface RestEffect {
  /** `"email"`: send a document by mail. `"pdf"`: make its file. `"file"`: keep a file that a client uploaded. */
  readonly type: "email" | "pdf" | "file";
  readonly documentType: "invoice" | "creditMemo" | "debitMemo";
  readonly documentId: string;
  readonly accountId: string;
  /** The identifier that the file has for clients. */
  readonly fileId?: string;
  /** The row of the document, for its file. */
  readonly document?: Readonly<Record<string, unknown>>;
  /** What the client said of the mail. */
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

/** What a handler needs to know. */
export interface HandlerOptions {
  /**
   * The options of the book of a new account, or what makes them. Left out: its currency, and the limits of Zuora. Of an
   * object, its fields are added to those.
   */
  readonly bookOptions?:
    | Partial<BookOptions>
    | ((accountId: string, account: RestAccount | null) => BookOptions);
  /** How books are held between requests. */
  readonly hostOptions?: Omit<HostOptions, "bookOptions">;
  /**
   * The secrets of the clients, by their identifiers of 36 characters. A request must then carry a token of `/oauth/token`.
   * Left out: any client may come, also without a token.
   */
  readonly clients?: Readonly<Record<string, string>>;
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

/** Makes a handler of requests as clients of Zuora send them (`/v1/…`, `/oauth/token`), over the books of a store. */
export function createHandler(store: Store, options?: HandlerOptions): Handler;

/** Loads the module of the dialects from `source`, or from where it lies in the package. The first request does it, too. */
export function init(source?: InitSource): Promise<unknown>;
