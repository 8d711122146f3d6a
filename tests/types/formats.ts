// Exports, the comparison of books, and the checker, as a program in TypeScript uses them.
import { type AgeingAccount, Book, type BookDiff, type DocumentDiff } from "setoff";
import { type CheckProblem, check } from "setoff/check";

const book = new Book({ currency: "USD", log: true });
const fork = book.fork();
const diff: BookDiff = book.diff(fork, { at: "2026-03-31", days: [30] });
export const closed: readonly DocumentDiff[] = diff.documents.filter(
  ({ kind }) => kind === "closed",
);
export const credit: AgeingAccount | null | undefined = diff.accounts[0]?.after;
export const cents: ReadonlyArray<`${number}`> = diff.lines.map(({ difference }) => difference);

const lines: readonly string[] = book.export();
const again: Book = Book.import(lines);
Book.import(lines.join(""));
// @ts-expect-error bytes are a snapshot
Book.import(book.snapshot());
// @ts-expect-error the day must be stated
book.diff(again, {});

const { problems, sums } = await check({ lines, entries: book.entries() });
export const found: readonly CheckProblem[] = problems;
export const open: readonly string[] = sums.map((sum) => sum.open);
