// What results and requests share with the platform: Intl, binary data, Temporal, rows of a database.
import { Book, billingPeriod, prorate } from "setoff";
import type { DecimalString, IsoDate } from "setoff";
import { fromRow } from "setoff/rows";

declare const book: Book;
declare const day: Temporal.PlainDate;
declare const zoned: Temporal.ZonedDateTime;
declare const instant: Temporal.Instant;

// Amounts are formatted as they are, without a float between.
const euros = new Intl.NumberFormat("de", { style: "currency", currency: "EUR" });
const [invoice] = book.query({ of: "invoice" }).rows;
export const balance: string = euros.format(invoice?.balance ?? "0");
export const year: string | undefined = invoice?.date.slice(0, 4);
const amount: DecimalString = "12.30";
const date: IsoDate = "2026-03-31";
// @ts-expect-error: an amount has digits
const words: DecimalString = "twelve";
// @ts-expect-error: a day has digits
const yesterday: IsoDate = "yesterday";

// A snapshot is bytes that every interface takes.
export const blob = new Blob([book.snapshot()]);
export const saved = fetch("/books/1", { method: "PUT", body: book.snapshot() });

// Texts from anywhere, results, and dates of Temporal are what a request takes.
declare const text: string;
book.execute({ type: "createPayment", id: "P", at: text, amount: text });
book.execute({ type: "createPayment", id: "P", at: day, amount });
book.execute({ type: "createPayment", id: "P", at: zoned, amount: "5.00" });
book.query({
  of: "invoice",
  where: { date: { gte: day, lt: date }, balance: { gt: text } },
  asOf: zoned,
});
billingPeriod({ anchor: instant, every: { months: 1 }, containing: day });
prorate({
  currency: "EUR",
  price: "30.00",
  period: { from: day, every: { months: 1 } },
  service: { from: instant, to: zoned },
});
// @ts-expect-error: an instant is no day; which it is depends on the place
book.execute({ type: "createPayment", id: "P", at: instant, amount });
// @ts-expect-error: nor is a `Date`
book.execute({ type: "createPayment", id: "P", at: new Date(), amount });
// @ts-expect-error: a day without a month
book.execute({ type: "createPayment", id: "P", at: day.toPlainMonthDay(), amount });

// A column that may be null is a field that may be absent.
declare const row: {
  readonly no: number;
  readonly net: string;
  readonly due: Date | null;
  readonly note: string;
};
const fields = fromRow(row, {
  id: { text: "no" },
  amount: { decimal: "net" },
  dueDate: { day: "due", zone: "local" },
});
export const known: { id: string; amount: string; dueDate?: string } = fields;
const { id, amount: net, ...due } = fields;
book.execute({ type: "createInvoice", at: day, id, ...due, items: [{ id: "1", amount: net }] });
// @ts-expect-error: no such column
fromRow(row, { id: { text: "number" } });
// @ts-expect-error: no such kind
fromRow(row, { id: { number: "no" } });
const untyped = fromRow(JSON.parse(text), { id: { text: "no" }, autoPost: { boolean: "posted" } });
export const certain: { id: string; autoPost: boolean } = untyped;
export { words, yesterday };
