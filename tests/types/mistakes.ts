// Mistakes that the types must find: each line below such a comment must not compile.
import { Book, SetoffError } from "setoff";
import type { Command, ErrorCode, ExplicitItem, Outcome, PaidItem } from "setoff";

declare const book: Book;
declare const outcome: Outcome;
const at = "2026-03-01";

// @ts-expect-error: a book needs a currency
new Book({});
const invoice: Command = {
  type: "createInvoice",
  id: "I",
  at: "2026-03-01",
  // @ts-expect-error: money is never a number
  items: [{ id: "1", amount: 12.3 }],
};
// @ts-expect-error: no such command
book.execute({ type: "payInvoices", at: "2026-03-01", invoiceId: "I" });
// @ts-expect-error: a misspelt field
book.execute({ type: "postInvoice", at: "2026-03-01", invoiceID: "I" });
book.execute({
  type: "createInvoice",
  at,
  id: "I",
  // @ts-expect-error: a misspelt field that may be left out
  autopost: true,
  items: [{ id: "1", amount: "1" }],
});
// @ts-expect-error: the same, in an item
book.execute({ type: "createInvoice", at, id: "I", items: [{ id: "1", amout: "1" }] });
book.preview({
  type: "createDebitMemo",
  at,
  id: "D",
  // @ts-expect-error: in a tax item
  items: [{ id: "1", taxItems: [{ id: "T", rat: "0.1" }] }],
});
book.explain({
  type: "applyCreditMemo",
  at,
  creditMemoId: "C",
  // @ts-expect-error: in what a document is to receive
  invoices: [{ invoiceId: "I", amout: "1" }],
});
// @ts-expect-error: in a change of plan
book.preview({ type: "changePlan", at, change: { peroid: { from: at, to: at }, changes: [] } });
book.execute({
  type: "bulk",
  at,
  // @ts-expect-error: in a command of many
  commands: [{ type: "postInvoice", at, invoiceId: "I", atomic: true }],
});
// @ts-expect-error: a field of another command
book.execute({ type: "postCreditMemo", at, creditMemoId: "C", autoApply: true });
book.execute({
  type: "applyCreditMemo",
  at: "2026-03-01",
  creditMemoId: "C",
  // @ts-expect-error: no such rule
  rule: "largest",
  invoices: [],
});
// @ts-expect-error: a field is left out, not undefined
book.execute({
  type: "unapplyCreditMemo",
  at: "2026-03-01",
  creditMemoId: "C",
  invoices: undefined,
});
// @ts-expect-error: only a plan can be committed
book.commit(outcome);
// @ts-expect-error: parts have no status
book.query({ of: "part", where: { status: "posted" } });
// @ts-expect-error: a misspelt field of a query
book.query({ of: "invoice", wher: {} });
// @ts-expect-error: of its filter
book.query({ of: "invoice", where: { balnce: "1" } });
// @ts-expect-error: of a comparison
book.query({ of: "invoice", where: { balance: { gtt: "1" } } });
// @ts-expect-error: of an order
book.query({ of: "invoice", sort: [{ by: "number", natral: true }] });
// @ts-expect-error: a filter by a field of other rows
book.query({ of: "invoice", where: { status: "posted", unappliedAmount: "1" } });
// @ts-expect-error: an invoice has no unapplied amount
book.query({ of: "invoice" }).rows[0]?.unappliedAmount;
// @ts-expect-error: results are not for writing
outcome.version = 3;
// @ts-expect-error: charge to charge, or tax to tax
const mixed: ExplicitItem = { creditMemoItemId: "1", taxItemId: "1-T", amount: "1" };
// @ts-expect-error: decimals are counted in numbers
new Book({ currency: "USD", currencies: [{ code: "POINTS", scale: "0" }] });
// @ts-expect-error: a snapshot is bytes
Book.restore("SETOFF");
// @ts-expect-error: a snapshot is a view of bytes
Book.restore(new ArrayBuffer(8));
// @ts-expect-error: a version counts by itself
book.version = 3;
// @ts-expect-error: only the package makes its errors
new SetoffError();
// @ts-expect-error: a refund has nothing to void
book.execute({ type: "voidRefund", at: "2026-03-01", refundId: "R" });
// @ts-expect-error: a payment names no line of a memo
const paid: PaidItem = { creditMemoItemId: "1", invoiceItemId: "1", amount: "1" };
// @ts-expect-error: what is taken back is named, or all of it
book.execute({ type: "unapplyCreditMemo", at, creditMemoId: "C", invoices: "allOpen" });
// @ts-expect-error: a payment is written off as a whole
book.execute({ type: "writeOffPayment", at, id: "W", paymentId: "P", amount: "1.00" });
// @ts-expect-error: only a credit memo has a rest
book.execute({ type: "writeOffInvoice", at, id: "W", invoiceId: "I", rest: true });
// @ts-expect-error: no such closing of periods
book.execute({ type: "closePeriods", at, closedPeriods: "all" });
// @ts-expect-error: no such code
const code: ErrorCode = "oops";

export { code, invoice, mixed, paid };
