// A book: what it needs to know, and what it can be asked.

/** A currency that ISO 4217 does not list, or one whose rounding differs from its minor unit. */
export interface CurrencyDefinition {
  /** 3 to 8 capital letters or digits. */
  readonly code: string;
  /**
   * Decimals, 0 to 8. Left out: the minor unit of ISO 4217; needed for a code that ISO 4217 does
   * not list.
   */
  readonly scale?: number;
  /**
   * The least step between two amounts, such as `"0.05"`. Every amount is a whole number of steps.
   * Left out: one minor unit.
   */
  readonly increment?: DecimalInput;
  /**
   * How a calculated amount (a tax, a share) is rounded. Left out: `"halfUp"`, away from zero, so
   * that credits mirror charges.
   */
  readonly rounding?: Rounding;
  /**
   * The least step between two totals of invoices, such as `"0.05"` for cash: a whole number of
   * `increment`s. An invoice whose total is none gets one more item, `"rounding"`, with what is
   * missing; every change of the draft makes it anew. Left out: totals are as they come.
   */
  readonly invoiceIncrement?: DecimalInput;
  /**
   * How a total becomes a whole number of `invoiceIncrement`s, and only with that. Left out: as
   * `rounding` says.
   */
  readonly invoiceRounding?: Rounding;
}

/** Sizes that can be limited; none is by default. `"zuora"` sets all of them to Zuora's figures. */
export type LimitName =
  | "itemsPerOperation"
  | "documentsPerOperation"
  | "statedItems"
  | "prorationCells"
  | "partItems"
  | "refundItems"
  | "reverseItems"
  | "reverseInvoiceItems"
  | "writeOffItems"
  | "createItems"
  | "bulkCommands"
  | "collectItems"
  | "collectCreditMemos"
  | "collectPayments"
  | "commentLength";

/** What a new {@link Book} needs to know. */
export interface BookOptions {
  /**
   * The currency of every document that names no other: an ISO 4217 code, or one of `currencies`.
   */
  readonly currency: string;
  /** The account of every document that names no other. Left out: the empty account `""`. */
  readonly accountId?: string;
  /** Currencies beyond ISO 4217, or with a rounding increment. */
  readonly currencies?: readonly CurrencyDefinition[];
  /**
   * How much of an invoice or debit memo credit memos can credit: anything, its total, or its total
   * and each item (an item with discounts: no more than they leave of it). Left out: `"header"`.
   */
  readonly overCrediting?: "any" | "header" | "headerAndItem";
  /**
   * Whether memos of the billing engine count against what is available to credit. Left out: they
   * do.
   */
  readonly countBillingCredits?: boolean;
  /**
   * How lines come back when a document is reversed or written off in full. `"yes"`: every line,
   * discounts as discounts. `"notZeroBalance"`: without lines of nothing. `"no"`: as that, with
   * discounts as charges. Left out: `"yes"`.
   */
  readonly mirror?: "yes" | "notZeroBalance" | "no";
  /**
   * Which part of an amount with tax is rounded; the other is the difference. Left out: `"net"`.
   */
  readonly inclusiveRounding?: "net" | "tax";
  /**
   * What of the taxes that follow from a `rate` is rounded: each, or (`"group"`) the sum of each
   * tax (tax code, name, rate) over the document, which its items then share by largest remainder.
   * Amounts with tax are part of it: they stay, and what is not tax is their net. Stated taxes stay
   * as they are. A draft has the taxes of its lines, in whatever steps they came into it. Left out:
   * `"item"`.
   */
  readonly taxRounding?: "item" | "group";
  /**
   * How numbers of documents are compared, where documents settle by number and where lists are
   * ordered by it. `"text"`: byte by byte, so `INV-10` comes before `INV-2`. `"natural"`: digits
   * count by the number that they write, so `INV-2` comes before `INV-10`. Left out: `"text"`.
   */
  readonly numberOrder?: "text" | "natural";
  /**
   * Whether taxes can be 100 % and more. Left out: a `rate` of 1 or more is refused, as 19 for 19 %
   * is a slip.
   */
  readonly allowTaxRateFrom1?: boolean;
  /** How large operations can be. Left out: as large as they are. */
  readonly limits?: "zuora" | { readonly [Name in LimitName]?: number };
  /** The last day of the last closed accounting period. `closedPeriods` says what is closed. */
  readonly closedThrough?: DateInput;
  /**
   * What no day of a closed period can have. `"documents"`: memos are not dated there.
   * `"documentsAndApplications"`: nor is anything applied, taken back, refunded or written off as
   * of a day there. A payment can be received on any day. Left out: `"documents"`.
   */
  readonly closedPeriods?: "documents" | "documentsAndApplications";
  /** Whether documents dated in a closed period stay posted. Left out: they can be unposted. */
  readonly keepClosedPosted?: boolean;
  /**
   * The reason codes that there are. Left out: any. A write-off or reversal that states none has
   * `"Write-off"`, `"Invoice reversal"`, `"Debit memo reversal"` or `"Credit memo reversal"`, which
   * must be among them.
   */
  readonly reasonCodes?: readonly string[];
  /**
   * Whether the book keeps a log: {@link Book.entries} says what is in it. Left out: it keeps none.
   */
  readonly log?: boolean;
}

/**
 * What a method takes whose result depends on `T`, one of `All`: read as `T`, checked as one of `All`, so that an object
 * literal has no field that `All` does not know. (A plain `T` would take a misspelt one for a field of its own.)
 */
type Checked<T extends All, All> = [T] extends [All] ? All : T;

/**
 * The documents of one account and what has been settled between them. The state lives inside the WebAssembly module;
 * this object owns it. A command that is refused changes nothing.
 */
export class Book {
  /** An empty book at version 0. */
  constructor(options: BookOptions);
  /** The book that {@link Book.snapshot} wrote. Throws `invalidSnapshot` for bytes that are damaged or not a snapshot. */
  static restore(snapshot: Uint8Array): Book;
  /**
   * The book that {@link Book.export} wrote: of its text, or of texts that follow each other, wherever they were cut. It has
   * the same documents, history, receipts of a log and snapshot. Throws `invalidExport`, with the line, for what was damaged,
   * cut off or made up, and the refusal of a field (`lines[3].date`).
   */
  static import(lines: string | Iterable<string>): Book;
  /**
   * The book of a log, as its host kept it: a snapshot and the entries after it, in their order; or, without a snapshot, all
   * entries. Each is carried out again. Throws `entryMismatch`, with the version of the entry, for one that was altered,
   * left out or moved, and for one whose command now does something else than is recorded.
   */
  static open(saved: {
    readonly snapshot?: Uint8Array;
    readonly entries?: readonly LogEntry[];
  }): Book;
  /** The same of all entries, from the one that opens the book on. */
  static replay(entries: readonly LogEntry[]): Book;
  /** Carries a command out, or throws and changes nothing. */
  execute<C extends Command>(command: Checked<C, Command>): Outcome<C["type"]>;
  /**
   * The same with what you say beside the command: its `id`, its actor, the version that the book must have. A command
   * that was carried out before under the same `id` is not carried out again, and you get its {@link Receipt}.
   */
  execute<C extends Command>(
    command: Checked<C, Command>,
    options: ExecuteOptions & { readonly id?: undefined },
  ): Outcome<C["type"]>;
  execute<C extends Command>(
    command: Checked<C, Command>,
    options: ExecuteOptions | undefined,
  ): Outcome<C["type"]> | Receipt;
  /** What {@link Book.execute} would do now. Changes nothing. */
  preview<C extends Command>(command: Checked<C, Command>): Plan<C["type"]>;
  /**
   * Carries a plan out exactly as previewed: the plan itself, a copy, or what JSON made of it, on this book or on one that
   * was restored. Throws `planMoved` when the book no longer gives all that the plan shows (except its version and
   * application group), or the command's own refusal when it may not be done any more.
   */
  commit<Type extends Command["type"]>(plan: PlanToCommit<Type>): Outcome<Type>;
  /** The same with what you say beside the command; see {@link Book.execute}. */
  commit<Type extends Command["type"]>(
    plan: PlanToCommit<Type>,
    options: ExecuteOptions & { readonly id?: undefined },
  ): Outcome<Type>;
  commit<Type extends Command["type"]>(
    plan: PlanToCommit<Type>,
    options: ExecuteOptions | undefined,
  ): Outcome<Type> | Receipt;
  /**
   * The entries of the log after a version, oldest first; left out: all, from the one that opens the book on. This object
   * has the entries that were made or read since it was: those before a snapshot are with you (`entryNotFound`).
   */
  entries(range?: { readonly after?: number }): readonly LogEntry[];
  /** Another book with the same documents, history and log: to try what would come of several commands. */
  fork(): Book;
  /**
   * Whether a plan still holds that other commands came before. `"commutes"`: the book still does what the plan shows.
   * `"recomputed"`: it is allowed, with other figures. `"conflict"`: it is refused. `since` are the versions whose commands
   * settled something of the plan's documents since it was made; {@link Book.entries} has them, if the book keeps a log.
   */
  rebase<Type extends Command["type"]>(
    plan: PlanToCommit<Type> & Pick<Plan<Type>, "version"> & Partial<Pick<Plan<Type>, "documents">>,
  ): Rebased<Type>;
  /**
   * Why a command would settle what it would settle, cent by cent. Changes nothing; costs nothing unless asked.
   *
   * By `applicationGroupId`: why a command that was carried out settled what it did, however long ago. The book is made
   * again as it was before, from the entries of its log. It needs all of them (`entryNotFound`): one that was opened with
   * a snapshot has not, so make one of all entries by {@link Book.replay}.
   *
   * With `about`, what it does with one document or line, and why: what the line gets, of which lines, and by which steps;
   * or why it gets nothing. A plan can be asked about, too, as the book is now.
   */
  explain(asked: Explainable): readonly ApplicationReason[];
  explain(asked: Explainable, about: ExplainAbout): DocumentReason;
  /**
   * What a command would move, added up, the largest change of each currency first. Changes nothing. For a page of a large plan, which so needs
   * no sums of its own.
   */
  sums(command: Command, options: SumOptions): ChangeSums;
  /**
   * How another book differs from this one, such as a {@link Book.fork} on which you tried another rule: `before` is this book,
   * `after` the other. Both are of the same module. Documents and lines are compared as they are, with all that was carried out;
   * what accounts owe and have is compared on the day `at`, by age. Changes nothing.
   */
  diff(other: Book, options: AgeingReport): BookDiff;
  /** Rows of one kind, a page at a time. */
  query<const Q extends Query>(
    query: Checked<Q, Query>,
  ): Page<
    RowOf<Q>,
    Q extends { readonly total: true } ? number : number | null,
    Q extends { readonly sum: readonly string[] } ? readonly CurrencySums<Q>[] : AnySums
  >;
  /**
   * All rows of a query, to be looked through with `for … of`. They are read some hundred at a time, as the loop comes to
   * them, each time from the book as it is then: a row that moves meanwhile may be met twice or not at all, any other is met
   * once.
   */
  all<const Q extends AllQuery>(query: Checked<Q, AllQuery>): IterableIterator<RowOf<Q>>;
  /** The whole book as bytes: compact, versioned, checksummed, the same in every runtime. */
  snapshot(): Uint8Array<ArrayBuffer>;
  /**
   * The whole book as lines of JSON with exact amounts, to be looked at, moved or kept: texts that follow each other, each of
   * whole lines and some 32 KiB. `docs/formats.md` says what the lines hold.
   */
  export(): readonly string[];
  /** SHA-256 over the state (documents and what is settled between them, not the history), as 64 hexadecimal digits. */
  hash(): string;
  /** How many commands have been executed. */
  readonly version: number;
  /** Gives the memory back. Every later call throws `bookFreed`. A forgotten book is freed when it is collected. */
  free(): void;
  /** The same as {@link Book.free}, for `using`. */
  [Symbol.dispose](): void;
}

/** What you say of a command beside the command. All but `ifVersion` need a book with a log. */
export interface ExecuteOptions {
  /**
   * Names the command. A command that comes again under the same name, such as a retry, is not
   * carried out again: you get the {@link Receipt} of the first time, whatever `ifVersion` says.
   */
  readonly id?: string;
  /** The version that the book must have. Another one is refused (`versionMismatch`). */
  readonly ifVersion?: number;
  /** Who asks for it. */
  readonly actor?: string;
  /** Why, in your own words. */
  readonly note?: string;
  /** When, by your clock. The engine carries this text and does not read it. */
  readonly recordedAt?: string;
}

/**
 * One entry of a book's log: plain data, to be stored as it is. A database may order its fields
 * anew, but it must keep every value.
 */
export interface LogEntry {
  /** The book's version after the command; 0 for the entry that opens the book. */
  readonly version: number;
  /** See {@link ExecuteOptions}. */
  readonly id: string | null;
  /** See {@link ExecuteOptions}. */
  readonly actor: string | null;
  /** See {@link ExecuteOptions}. */
  readonly note: string | null;
  /** See {@link ExecuteOptions}. */
  readonly recordedAt: string | null;
  /** What was asked, as it was asked; of the first entry, the options of the book. */
  readonly command: Command | OpenCommand;
  /**
   * The fingerprint of what the command did, 16 hexadecimal digits: that of a {@link Plan}. `null`
   * in the first entry.
   */
  readonly effect: string | null;
  /** The `hash` of the entry before; 64 zeros in the first. */
  readonly previous: string;
  /** SHA-256 of the rest of the entry as canonical JSON (RFC 8785), 64 hexadecimal digits. */
  readonly hash: string;
}

/** What the first entry of a log says. */
export interface OpenCommand {
  readonly type: "open";
  /** The options of the book. */
  readonly options: BookOptions;
}

/** What you get of a command that had been carried out before: nothing was done again. */
export interface Receipt {
  /** Tells a receipt from an {@link Outcome}. */
  readonly repeated: true;
  /** The book's version after it was carried out. */
  readonly version: number;
  /** The name that it has. */
  readonly id: string;
  /** The fingerprint of what it did. */
  readonly effect: string;
  /** Names all its applications together; `null` where it settled nothing. */
  readonly applicationGroupId: string | null;
  /** The identifiers of the documents that it created. */
  readonly created: readonly string[];
}

/** What {@link Book.rebase} finds. */
export type Rebased<Type extends Command["type"] = Command["type"]> =
  | { readonly kind: "commutes"; readonly plan: Plan<Type> }
  | { readonly kind: "recomputed"; readonly plan: Plan<Type>; readonly since: readonly number[] }
  | { readonly kind: "conflict"; readonly error: ErrorFacts; readonly since: readonly number[] };

/** What {@link Book.explain} explains: a command, a plan, or what a command settled that was carried out. */
export type Explainable =
  | Command
  | Pick<Plan, "command" | "fingerprint">
  | { readonly applicationGroupId: string };

/**
 * What {@link Book.explain} is asked about: a document, or one of its items or tax items. A {@link
 * LineRef} of any result is one, too.
 */
export interface ExplainAbout {
  readonly documentId: string;
  /** An item of the document. */
  readonly itemId?: string | null;
  /** A tax item of the document. */
  readonly taxItemId?: string | null;
}

/** What a command does with one document or line, and why. */
export interface DocumentReason {
  readonly documentId: string;
  /** The line, if you asked about one. */
  readonly line: LineRef | null;
  /** What is settled of it in all; negative: taken back. */
  readonly amount: DecimalString;
  /** What the command does with it, then what it found out where it does nothing. One at least. */
  readonly steps: readonly DocumentStep[];
}

/** Something that a command does with a document or line, or why it does nothing. */
export interface DocumentStep {
  /**
   * - `settled`, `takenBack`: something is.
   * - `notAsked`: the command neither names it nor means it.
   * - `deleted`, `notPosted`, `reversed`, `excluded` (from automatic application), `otherCurrency`, `nothingOpen`: the
   *   command means all that is open, and this is not. `nothingOpen` also of what the command names, and of a line.
   * - `usedUp`: nothing was left of the other side when its turn came.
   * - `noPartner`: by `sourceItem`, no line of the other side belongs to it.
   * - `nothingApplied`: nothing is applied that could be taken back.
   * - Of a line alone: `notPositive` (`skipNonPositive`), `belowUnit` (its share is less than the smallest unit, and none of
   *   the units left over went to it), `behindOthers` (`fifo`, `lifo`: the lines before it took all), `notStated`.
   */
  readonly code:
    | "settled"
    | "takenBack"
    | "notAsked"
    | "deleted"
    | "notPosted"
    | "reversed"
    | "excluded"
    | "otherCurrency"
    | "nothingOpen"
    | "usedUp"
    | "noPartner"
    | "nothingApplied"
    | "notPositive"
    | "belowUnit"
    | "behindOthers"
    | "notStated";
  /** The document on the other side; `null` where there is none. */
  readonly otherId: string | null;
  /** What this step settles; negative: it is taken back. */
  readonly amount: DecimalString;
  /** Of a line: the lines on the other side, each with what it gives or gets. */
  readonly partners: readonly { readonly line: LineRef; readonly amount: DecimalString }[];
  /** Of a line that had something open: its share, and how it was found. */
  readonly share: ShareReason | null;
  /** All of that for people. */
  readonly sentence: string;
}

/** By what {@link Book.sums} adds up, and how many sums it shows. */
export interface SumOptions {
  /**
   * One sum for each document, for each item and tax item, or for each kind of line of each kind of
   * document.
   */
  readonly by: "document" | "line" | "kind";
  /**
   * How many of the largest of each currency are shown; the others are added up as `others`. Left
   * out: all.
   */
  readonly top?: number;
}

/** What {@link Book.sums} adds up. */
export interface ChangeSums {
  /** Currency by currency, each by the size of their change; of equal ones what the command settles first. */
  readonly rows: readonly ChangeSum[];
  /** What is beyond `top`, by currency. */
  readonly others: readonly OtherSums[];
}

/** The open amounts of lines, added up. */
export interface LineSum {
  readonly currency: string;
  /** How many lines change. */
  readonly lines: number;
  readonly before: DecimalString;
  readonly after: DecimalString;
  /** `before − after`: what moved. Negative: it came back. */
  readonly change: DecimalString;
}

/** A sum of a command. */
export interface ChangeSum extends LineSum {
  readonly documentType: DocumentKind;
  /** By document and by line. */
  readonly documentId?: string;
  /** By line. */
  readonly itemId?: string | null;
  /** By line. */
  readonly taxItemId?: string | null;
  /** By line and by kind. */
  readonly lineType?: "item" | "discount" | "tax" | "rounding" | "whole";
}

/** Sums that are not shown, added up. */
export interface OtherSums extends LineSum {
  /** How many sums. */
  readonly rows: number;
}

/** What {@link Book.diff} finds. Equal books have four empty lists. */
export interface BookDiff {
  /** The documents that differ, in the order of this book, then those that only the other book has. */
  readonly documents: readonly DocumentDiff[];
  /** The items and tax items whose open amounts differ, document by document. */
  readonly lines: readonly LineDiff[];
  /** The same lines, added up by kind of document, kind of line and currency. */
  readonly sums: readonly KindDiff[];
  /** The accounts that owe or have something else on the day of the report, currency by currency. */
  readonly accounts: readonly AccountDiff[];
}

/** A document that differs between two books. It is known by its kind, its identifier and its currency. */
export interface DocumentDiff {
  /**
   * - `new`, `gone`: only the other book has it; only this one has it.
   * - `opened`: in the other book it is posted and has something open, in this one it is not.
   * - `closed`: in this book it is posted and has something open, in the other one it is not.
   * - `moved`: another open amount or another status, and none of these.
   */
  readonly kind: "new" | "gone" | "opened" | "closed" | "moved";
  readonly documentType: DocumentKind;
  readonly documentId: string;
  readonly currency: string;
  /** `null` where this book does not have it. */
  readonly before: DocumentState | null;
  /** `null` where the other book does not have it. */
  readonly after: DocumentState | null;
}

/** What a document is in one book. */
export interface DocumentState {
  readonly status: Status;
  readonly openAmount: DecimalString;
}

/** Open amounts in two books. */
export interface OpenDiff {
  readonly currency: string;
  readonly before: DecimalString;
  readonly after: DecimalString;
  /** `after − before`. */
  readonly difference: DecimalString;
}

/** A line whose open amount differs between two books; where one lacks it, it has 0.00 open there. */
export interface LineDiff extends OpenDiff {
  readonly documentType: DocumentKind;
  readonly documentId: string;
  /** `null` for a payment or refund. */
  readonly itemId: string | null;
  /** `null` for what is no tax item. */
  readonly taxItemId: string | null;
  readonly lineType: "item" | "discount" | "tax" | "rounding" | "whole";
}

/** Lines that differ, added up. */
export interface KindDiff extends OpenDiff {
  readonly documentType: DocumentKind;
  readonly lineType: "item" | "discount" | "tax" | "rounding" | "whole";
  /** How many lines differ. */
  readonly lines: number;
}

/** An account that owes or has something else in the other book. */
export interface AccountDiff {
  readonly accountId: string;
  readonly currency: string;
  /** `null` where it has no posted documents on that day. */
  readonly before: AgeingAccount | null;
  readonly after: AgeingAccount | null;
}
