// A book: what it needs to know, and what it can be asked.

/**
 * A currency that ISO 4217 does not list, or one whose amounts are not rounded to its minor unit.
 */
export interface CurrencyDefinition {
  /** The code: 3 to 8 capital letters or digits. */
  readonly code: string;
  /**
   * The number of decimals, 0 to 8. Required for a code that ISO 4217 does not list. Default: the
   * decimals of the minor unit in ISO 4217.
   */
  readonly scale?: number;
  /**
   * The smallest step between two amounts, such as `"0.05"`. Every amount is a whole number of
   * steps. Default: one minor unit.
   */
  readonly increment?: DecimalInput;
  /**
   * How a calculated amount, such as a tax or a share, is rounded. Default: `"halfUp"`, which
   * rounds away from zero, so that credits mirror charges.
   */
  readonly rounding?: Rounding;
  /**
   * The smallest step between two totals of invoices, such as `"0.05"` for cash. It is a whole
   * number of `increment`s. If the total of an invoice is not a whole number of steps, the engine
   * adds an item `"rounding"` with the difference, and calculates it again after every change of
   * the draft. Default: none; totals are not rounded.
   */
  readonly invoiceIncrement?: DecimalInput;
  /**
   * How a total is rounded to a whole number of `invoiceIncrement`s. Only a currency with an
   * `invoiceIncrement` has it. Default: the same as `rounding`.
   */
  readonly invoiceRounding?: Rounding;
}

/**
 * A size that a book can limit. No size is limited by default. The option `"zuora"` sets all of
 * them to the figures in parentheses, which are Zuora's. A command beyond a limit is refused
 * (`limitExceeded`).
 *
 * - `itemsPerOperation`: items and tax items of a source and all its targets in one apply or
 *   unapply, without lines of zero; of a document with stated lines, only these (15,000).
 * - `documentsPerOperation`: invoices in one apply or unapply, and debit memos likewise (1,000 of
 *   each).
 * - `statedItems`: lines stated for one document in an apply, unapply or refund, but not in a
 *   write-off (1,000).
 * - `prorationCells`: items of a memo times items of its targets. Above this, `fifo` takes the
 *   place of `proration`, with a notice and no refusal (10,000).
 * - `partItems`: part items of a memo when everything is unapplied (1,000).
 * - `refundItems`: items of a memo to refund; of stated lines, only these (15,000).
 * - `reverseItems`, `reverseInvoiceItems`: items of a credit memo (2,000) or an invoice (50,000) to
 *   reverse.
 * - `writeOffItems`: items of a document to write off (2,000).
 * - `createItems`: items of a new memo (1,000).
 * - `bulkCommands`: commands of a bulk (50).
 * - `collectItems`: items of a debit memo to collect (10).
 * - `collectCreditMemos`, `collectPayments`: credit memos, and payments, for one collection (25
 *   each).
 * - `commentLength`: characters of a comment (255).
 */
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

/** The options of a new {@link Book}. */
export interface BookOptions {
  /** The currency of every document that names none: an ISO 4217 code, or one of `currencies`. */
  readonly currency: string;
  /** The account of every document that names none. Default: the empty account `""`. */
  readonly accountId?: string;
  /**
   * Currencies that ISO 4217 does not list, or that have an increment of their own. Default: none.
   */
  readonly currencies?: readonly CurrencyDefinition[];
  /**
   * What credit memos of an invoice or debit memo cannot exceed. `"any"`: nothing is checked.
   * `"header"`: the total of the document. `"headerAndItem"`: the total and each item; of an item
   * with discounts, what the discounts leave. Default: `"header"`.
   */
  readonly overCrediting?: "any" | "header" | "headerAndItem";
  /** Whether memos of the billing engine reduce what is available to credit. Default: `true`. */
  readonly countBillingCredits?: boolean;
  /**
   * Which lines the counterpart has when a document is reversed or written off in full. `"yes"`:
   * all lines, with discounts as discounts. `"notZeroBalance"`: the same without lines of zero.
   * `"no"`: the same without lines of zero, and with discounts as charges. Default: `"yes"`.
   */
  readonly mirror?: "yes" | "notZeroBalance" | "no";
  /**
   * Which part of an amount with tax is rounded. The other part is the difference. Default:
   * `"net"`.
   */
  readonly inclusiveRounding?: "net" | "tax";
  /**
   * How taxes that follow from a `rate` are rounded. `"item"`: each tax is rounded by itself.
   * `"group"`: the taxes of one tax code, name and rate are summed over the document, the sum is
   * rounded, and the items share it by largest remainder. Amounts with tax take part in this. They
   * keep their amount, and their net is what is not tax. Stated taxes stay as they are. The taxes
   * of a draft depend only on its lines, not on the order in which you added them. Default:
   * `"item"`.
   */
  readonly taxRounding?: "item" | "group";
  /**
   * How the numbers of documents are compared when documents settle by number and when lists are
   * ordered by it. `"text"`: byte by byte, so `INV-10` comes before `INV-2`. `"natural"`: digits
   * count as a number, so `INV-2` comes before `INV-10`. Default: `"text"`.
   */
  readonly numberOrder?: "text" | "natural";
  /**
   * Whether a tax `rate` may be 1 (100 %) or more. Default: `false`; a rate of 1 or more is
   * refused, because a 19 for 19 % is a slip.
   */
  readonly allowTaxRateFrom1?: boolean;
  /** The limits of sizes: Zuora's, or your own. Default: none. */
  readonly limits?: "zuora" | { readonly [Name in LimitName]?: number };
  /**
   * The last day of the last closed accounting period. `closedPeriods` says what is closed.
   * Default: none; all periods are open.
   */
  readonly closedThrough?: DateInput;
  /**
   * What is forbidden in a closed period. `"documents"`: no memo can be dated there, or come into
   * force. `"documentsAndApplications"`: in addition, nothing can be applied, taken back, refunded
   * or written off with a day there. Invoices and payments can have any day. `"balances"`: in
   * addition, no balance, ageing or statement of a day there changes. In each case, a document that
   * was in force there cannot be deleted. Default: `"documents"`.
   */
  readonly closedPeriods?: "documents" | "documentsAndApplications" | "balances";
  /**
   * Whether documents dated in a closed period stay posted. Default: `false`; they can be unposted.
   */
  readonly keepClosedPosted?: boolean;
  /**
   * The reason codes that documents may have. A write-off or reversal that states none has
   * `"Write-off"`, `"Invoice reversal"`, `"Debit memo reversal"` or `"Credit memo reversal"`, so
   * list these too. Default: any.
   */
  readonly reasonCodes?: readonly string[];
  /** Whether the book keeps a log; see {@link Book.entries}. Default: `false`. */
  readonly log?: boolean;
}

/**
 * The parameter of a method whose result depends on `T`, one of `All`. TypeScript reads it as `T` and checks it as one
 * of `All`, so it rejects a field of an object literal that `All` does not have. (With a plain `T`, it would accept a
 * misspelt field as a field of `T`.)
 */
type Checked<T extends All, All> = [T] extends [All] ? All : T;

/**
 * Documents and what has been settled between them. The state is inside the WebAssembly module, and this object owns
 * it. A command that is refused changes nothing.
 *
 * ```js
 * const book = new Book({ currency: "USD" });
 * book.execute({
 *   type: "createInvoice", at: "2026-01-05", id: "INV-1", autoPost: true,
 *   items: [{ id: "seats", amount: "80.00" }],
 * });
 * book.execute({ type: "payInvoice", at: "2026-01-20", id: "PAY-1", invoiceId: "INV-1", amount: "30.00" });
 * book.query({ of: "invoice" }).rows[0].balance; // "50.00"
 * ```
 */
export class Book {
  /** Makes an empty book at version 0. Throws if an option is wrong, for example `unknownCurrency`. */
  constructor(options: BookOptions);
  /**
   * Makes the book that {@link Book.snapshot} wrote. Throws `invalidSnapshot` for bytes that are damaged or not a
   * snapshot.
   */
  static restore(snapshot: Uint8Array): Book;
  /**
   * Makes the book that {@link Book.export} wrote, from its text or from pieces of it, wherever the text was cut. The
   * new book has the same documents, history, receipts of the log, and snapshot. Throws `invalidExport`, with the line,
   * for lines that are damaged, cut off or made up, and the error of a field with its path (`lines[3].date`).
   */
  static import(lines: string | Iterable<string>): Book;
  /**
   * Makes the book of a log that its host kept: from a snapshot and the entries after it, or from all entries without a
   * snapshot. The entries are in order, and each is carried out again. Throws `entryMismatch`, with the version of the
   * entry, for an entry that was altered, left out or moved, and for one whose command now has another effect than
   * recorded.
   */
  static open(saved: {
    readonly snapshot?: Uint8Array;
    readonly entries?: readonly LogEntry[];
  }): Book;
  /** Makes the book of all entries, beginning with the one that opens the book; see {@link Book.open}. */
  static replay(entries: readonly LogEntry[]): Book;
  /** Carries out a command. If the command is refused, it throws a {@link SetoffError} and changes nothing. */
  execute<C extends Command>(command: Checked<C, Command>): Outcome<C["type"]>;
  /**
   * Carries out a command, with facts about it: its `id`, its actor, the version that the book must have. If a command
   * with the same `id` was carried out before, it is not carried out again, and you get its {@link Receipt}.
   */
  execute<C extends Command>(
    command: Checked<C, Command>,
    options: ExecuteOptions & { readonly id?: undefined },
  ): Outcome<C["type"]>;
  execute<C extends Command>(
    command: Checked<C, Command>,
    options: ExecuteOptions | undefined,
  ): Outcome<C["type"]> | Receipt;
  /**
   * Finds what {@link Book.execute} would do now. Changes nothing, and throws what {@link Book.execute} would throw.
   */
  preview<C extends Command>(command: Checked<C, Command>): Plan<C["type"]>;
  /**
   * Carries out a plan exactly as previewed. You can pass the plan itself, a copy, or what JSON made of it, on this
   * book or on one that was restored. Throws `planMoved` if the book no longer gives the figures of the plan (except
   * its version and application group), or the command's own error if the command is not allowed any more.
   */
  commit<Type extends Command["type"]>(plan: PlanToCommit<Type>): Outcome<Type>;
  /** Carries out a plan, with facts about its command; see {@link Book.execute}. */
  commit<Type extends Command["type"]>(
    plan: PlanToCommit<Type>,
    options: ExecuteOptions & { readonly id?: undefined },
  ): Outcome<Type>;
  commit<Type extends Command["type"]>(
    plan: PlanToCommit<Type>,
    options: ExecuteOptions | undefined,
  ): Outcome<Type> | Receipt;
  /**
   * The entries of the log after a version, oldest first. Default: all entries, beginning with the one that opens the
   * book. This object holds the entries that it read or wrote itself. It does not have the entries before a snapshot,
   * which are in your store (`entryNotFound`).
   */
  entries(range?: { readonly after?: number }): readonly LogEntry[];
  /** Makes another book with the same documents, history and log. Use it to try several commands. */
  fork(): Book;
  /**
   * Checks whether a plan still holds after other commands. `"commutes"`: the book still does what the plan shows.
   * `"recomputed"`: the command is allowed, with other figures. `"conflict"`: the command is refused. `since` has the
   * versions of the commands that have settled something of the plan's documents since the preview. If the book keeps a
   * log, {@link Book.entries} has these commands.
   */
  rebase<Type extends Command["type"]>(
    plan: PlanToCommit<Type> & Pick<Plan<Type>, "version"> & Partial<Pick<Plan<Type>, "documents">>,
  ): Rebased<Type>;
  /**
   * Explains, cent by cent, why a command would settle what it would settle. Changes nothing.
   *
   * With an `applicationGroupId`, it explains a command that was carried out, however long ago. For this, the engine
   * makes the book as it was before, from the entries of its log. It needs all entries (`entryNotFound`). A book that
   * was opened with a snapshot does not have them, so make one from all entries by {@link Book.replay}.
   *
   * With `about`, it explains what the command does with one document or line: what the line gets, from which lines and
   * by which steps, or why it gets nothing. You can also pass a plan; the explanation is for the book as it is now.
   */
  explain(asked: Explainable): readonly ApplicationReason[];
  explain(asked: Explainable, about: ExplainAbout): DocumentReason;
  /**
   * Adds up what a command would move, with the largest change of each currency first. Changes nothing. A page that
   * shows a large plan can use these sums in place of its own.
   */
  sums(command: Command, options: SumOptions): ChangeSums;
  /**
   * Compares another book with this one, such as a {@link Book.fork} on which you tried another rule. `before` is this
   * book, and `after` is the other. Both must be of the same module. Documents and lines are compared as they are now,
   * after all commands. Accounts are compared by what they owe on a day, by days overdue: `options.at` is that day, and
   * `options.days` are the buckets. Changes nothing. Throws `missingField` without a day, and `invalidType` for a book
   * of another module.
   *
   * ```js
   * const { documents, lines, accounts } = book.diff(fork, { at: "2026-03-31" });
   * ```
   */
  diff(other: Book, options: AgeingReport): BookDiff;
  /**
   * Returns rows of one kind, a page at a time.
   *
   * ```js
   * book.query({ of: "invoice", where: { balance: { gt: "0" } }, sort: [{ by: "dueDate" }] }).rows;
   * ```
   */
  query<const Q extends Query>(
    query: Checked<Q, Query>,
  ): Page<
    RowOf<Q>,
    Q extends { readonly total: true } ? number : number | null,
    Q extends { readonly sum: readonly string[] } ? readonly CurrencySums<Q>[] : AnySums
  >;
  /**
   * Returns all rows of a query, for a `for … of` loop. The loop reads some hundreds of rows at a time, or a share of
   * them if there are many, each time from the book as it is then. A row that moves meanwhile may come twice or not at
   * all; every other row comes once.
   */
  all<const Q extends AllQuery>(query: Checked<Q, AllQuery>): IterableIterator<RowOf<Q>>;
  /** Writes the whole book as bytes: compact, versioned, checksummed and the same in every runtime. */
  snapshot(): OwnBytes;
  /**
   * Writes the whole book as lines of JSON with exact amounts, so that you can read, move or keep it. The texts follow
   * each other; each has whole lines and is about 32 KiB long. `docs/formats.md` says what the lines hold.
   */
  export(): readonly string[];
  /**
   * The SHA-256 of the state, as 64 hexadecimal digits. The state is the documents and what is settled between them,
   * without the history.
   */
  hash(): string;
  /** The number of commands that the book has carried out. */
  readonly version: number;
  /**
   * Frees the memory of the book. Every later call throws `bookFreed`. A book that you forget is freed by garbage
   * collection.
   */
  free(): void;
  /** The same as {@link Book.free}, for `using`. */
  [Symbol.dispose](): void;
}

/** Facts about a command. All except `ifVersion` need a book with a log. */
export interface ExecuteOptions {
  /**
   * The identifier of the command. If a command with the same identifier comes again, such as a
   * retry, the book does not carry it out again and returns the {@link Receipt} of the first time,
   * whatever `ifVersion` says.
   */
  readonly id?: string;
  /**
   * The version that the book must have. If it has another, the command is refused
   * (`versionMismatch`).
   */
  readonly ifVersion?: number;
  /** Who asks for the command. */
  readonly actor?: string;
  /** The reason, in your own words. */
  readonly note?: string;
  /** The time by your clock. The engine stores this text and does not read it. */
  readonly recordedAt?: string;
}

/**
 * One entry of a book's log. It is plain data that you store as it is. A database may change the
 * order of its fields, but it must keep every value.
 */
export interface LogEntry {
  /** The book's version after the command; 0 in the entry that opens the book. */
  readonly version: number;
  /** See {@link ExecuteOptions}. */
  readonly id: string | null;
  /** See {@link ExecuteOptions}. */
  readonly actor: string | null;
  /** See {@link ExecuteOptions}. */
  readonly note: string | null;
  /** See {@link ExecuteOptions}. */
  readonly recordedAt: string | null;
  /** The command as it was given; in the first entry, the options of the book. */
  readonly command: Command | OpenCommand;
  /**
   * The fingerprint of the command's effect, 16 hexadecimal digits. The {@link Plan} of the command
   * has the same. `null` in the first entry.
   */
  readonly effect: string | null;
  /** The `hash` of the previous entry; 64 zeros in the first entry. */
  readonly previous: string;
  /** The SHA-256 of the other fields as canonical JSON (RFC 8785), as 64 hexadecimal digits. */
  readonly hash: string;
}

/** The command of the first entry of a log. */
export interface OpenCommand {
  readonly type: "open";
  /** The options of the book. */
  readonly options: BookOptions;
}

/**
 * The result of a command that was carried out before under the same `id`. The book does not carry it out a second
 * time.
 */
export interface Receipt {
  /** Distinguishes a receipt from an {@link Outcome}. */
  readonly repeated: true;
  /** The book's version after the command was carried out. */
  readonly version: number;
  /** The `id` of the command. */
  readonly id: string;
  /** The fingerprint of the command's effect. */
  readonly effect: string;
  /** The group of all its applications; `null` if it settled nothing. */
  readonly applicationGroupId: string | null;
  /** The `id`s of the documents that it created. */
  readonly created: readonly string[];
}

/** The result of {@link Book.rebase}. */
export type Rebased<Type extends Command["type"] = Command["type"]> =
  | { readonly kind: "commutes"; readonly plan: Plan<Type> }
  | { readonly kind: "recomputed"; readonly plan: Plan<Type>; readonly since: readonly number[] }
  | { readonly kind: "conflict"; readonly error: ErrorFacts; readonly since: readonly number[] };

/**
 * What {@link Book.explain} can explain: a command, a plan, or a command that was carried out and settled something.
 */
export type Explainable =
  | Command
  | Pick<Plan, "command" | "fingerprint">
  | { readonly applicationGroupId: string };

/**
 * The document, item or tax item that {@link Book.explain} is asked about. You can pass a {@link
 * LineRef} of any result.
 */
export interface ExplainAbout {
  /** The document. */
  readonly documentId: string;
  /** An item of the document. */
  readonly itemId?: string | null;
  /** A tax item of the document. */
  readonly taxItemId?: string | null;
}

/** What a command does with one document or line, and why. */
export interface DocumentReason {
  /** The document. */
  readonly documentId: string;
  /** The line, if you asked about one. */
  readonly line: LineRef | null;
  /** The amount that is settled of it in all. Negative: taken back. */
  readonly amount: DecimalString;
  /** What the command does with it, then why it does nothing elsewhere. There is at least one step. */
  readonly steps: readonly DocumentStep[];
}

/** Something that a command does with a document or line, or the reason why it does nothing. */
export interface DocumentStep {
  /**
   * - `settled`, `takenBack`: the command settles something of it, or takes something back.
   * - `notAsked`: the command neither names it nor includes it.
   * - `deleted`, `notPosted`, `reversed`, `excluded` (from automatic application), `otherCurrency`, `nothingOpen`: the
   *   command includes all that is open, and this is not. `nothingOpen` also stands for a document that the command
   *   names, and for a line.
   * - `usedUp`: nothing was left of the other side when its turn came.
   * - `noPartner`: by `sourceItem`, no line of the other side belongs to it.
   * - `nothingApplied`: nothing is applied that could be taken back.
   * - `nothingToSettle`: the other side has no document with anything open.
   * - For lines only: `notPositive` (by `skipNonPositive`), `belowUnit` (its share is less than the smallest unit, and
   *   it got no leftover unit), `behindOthers` (by `fifo` or `lifo`, the lines before it took everything), `notStated`.
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
    | "nothingToSettle"
    | "notPositive"
    | "belowUnit"
    | "behindOthers"
    | "notStated";
  /** The document on the other side; `null` if there is none. */
  readonly otherId: string | null;
  /** The amount that this step settles. Negative: taken back. */
  readonly amount: DecimalString;
  /** For a line: the lines on the other side, each with the amount that it gives or gets. */
  readonly partners: readonly { readonly line: LineRef; readonly amount: DecimalString }[];
  /** For a line that had something open: its share, and how it was found. */
  readonly share: ShareReason | null;
  /** The step as a sentence for people. */
  readonly sentence: string;
}

/** How {@link Book.sums} groups what it adds up, and how many sums it returns. */
export interface SumOptions {
  /**
   * The groups: one sum for each document, for each item and tax item, or for each kind of line of
   * each kind of document.
   */
  readonly by: "document" | "line" | "kind";
  /**
   * The number of sums to return for each currency, the largest first. The other sums are added up
   * in `others`. Default: all.
   */
  readonly top?: number;
}

/** The result of {@link Book.sums}. */
export interface ChangeSums {
  /**
   * The sums, by currency and then by the size of the change. Equal ones are in the order in which the command settles
   * them.
   */
  readonly rows: readonly ChangeSum[];
  /** The sums beyond `top`, added up by currency. */
  readonly others: readonly OtherSums[];
}

/** The open amounts of lines, added up. */
export interface LineSum {
  /** The currency code. */
  readonly currency: string;
  /** The number of lines that change. */
  readonly lines: number;
  /** The open amounts before the command. */
  readonly before: DecimalString;
  /** The open amounts after the command. */
  readonly after: DecimalString;
  /** `before − after`: the amount that moved. Negative: it came back. */
  readonly change: DecimalString;
}

/** One sum of a command. */
export interface ChangeSum extends LineSum {
  /** The kind of the document. */
  readonly documentType: DocumentKind;
  /** With `by: "document"` and `by: "line"`. */
  readonly documentId?: string;
  /** With `by: "line"`. */
  readonly itemId?: string | null;
  /** With `by: "line"`. */
  readonly taxItemId?: string | null;
  /** With `by: "line"` and `by: "kind"`. */
  readonly lineType?: "item" | "discount" | "tax" | "rounding" | "whole";
}

/** The sums beyond `top` of one currency, added up. */
export interface OtherSums extends LineSum {
  /** The number of sums. */
  readonly rows: number;
}

/** The result of {@link Book.diff}. For equal books, all four lists are empty. */
export interface BookDiff {
  /** The documents that differ, in the order of this book, then those that only the other book has. */
  readonly documents: readonly DocumentDiff[];
  /** The items and tax items whose open amounts differ, document by document. */
  readonly lines: readonly LineDiff[];
  /** The same lines, added up by kind of document, kind of line and currency. */
  readonly sums: readonly KindDiff[];
  /** The accounts whose open amounts differ on the day of the report, currency by currency. */
  readonly accounts: readonly AccountDiff[];
}

/** A document that differs between two books. Its kind, identifier and currency identify it. */
export interface DocumentDiff {
  /**
   * - `new`: only the other book has it.
   * - `gone`: only this book has it.
   * - `opened`: in the other book it is posted and has something open; in this one that is not so.
   * - `closed`: in this book it is posted and has something open; in the other one that is not so.
   * - `moved`: it has another open amount or another status, and none of the above holds.
   */
  readonly kind: "new" | "gone" | "opened" | "closed" | "moved";
  /** The kind of the document. */
  readonly documentType: DocumentKind;
  /** The `id` of the document. */
  readonly documentId: string;
  /** The currency of the document. */
  readonly currency: string;
  /** `null` if this book does not have it. */
  readonly before: DocumentState | null;
  /** `null` if the other book does not have it. */
  readonly after: DocumentState | null;
}

/** The state of a document in one book. */
export interface DocumentState {
  /** The status. */
  readonly status: Status;
  /** The open amount: the balance or the unapplied amount. */
  readonly openAmount: DecimalString;
}

/** The open amounts in two books. */
export interface OpenDiff {
  /** The currency code. */
  readonly currency: string;
  /** The open amount in this book. */
  readonly before: DecimalString;
  /** The open amount in the other book. */
  readonly after: DecimalString;
  /** `after − before`. */
  readonly difference: DecimalString;
}

/**
 * A line whose open amount differs between two books. If a book does not have the line, its open amount there is zero.
 */
export interface LineDiff extends OpenDiff {
  /** The kind of the document. */
  readonly documentType: DocumentKind;
  /** The document of the line. */
  readonly documentId: string;
  /** `null` for a payment or refund. */
  readonly itemId: string | null;
  /** `null` if the line is not a tax item. */
  readonly taxItemId: string | null;
  /** The kind of the line; `"whole"` for a payment or refund. */
  readonly lineType: "item" | "discount" | "tax" | "rounding" | "whole";
}

/** The lines that differ, added up by kind. */
export interface KindDiff extends OpenDiff {
  /** The kind of the documents. */
  readonly documentType: DocumentKind;
  /** The kind of the lines; `"whole"` for payments and refunds. */
  readonly lineType: "item" | "discount" | "tax" | "rounding" | "whole";
  /** The number of lines that differ. */
  readonly lines: number;
}

/** An account whose open amounts differ in the other book. */
export interface AccountDiff {
  /** The account. */
  readonly accountId: string;
  /** The currency code. */
  readonly currency: string;
  /** The open amounts of the account in this book; `null` if it has no posted documents on that day. */
  readonly before: AgeingAccount | null;
  /** The same in the other book. */
  readonly after: AgeingAccount | null;
}
