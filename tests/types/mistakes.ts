// Mistakes that the types must find: each line below such a comment must not compile.
import { Book, SetoffError } from "setoff";
import type { Command, ErrorCode, ExplicitItem, Outcome, PaidItem } from "setoff";

declare const book: Book;
declare const outcome: Outcome;

// @ts-expect-error: a book needs a currency
new Book({});
// @ts-expect-error: money is never a number
const invoice: Command = { type: "createInvoice", id: "I", at: "2026-03-01", items: [{ id: "1", amount: 12.3 }] };
// @ts-expect-error: no such command
book.execute({ type: "payInvoices", at: "2026-03-01", invoiceId: "I" });
// @ts-expect-error: a misspelt field
book.execute({ type: "postInvoice", at: "2026-03-01", invoiceID: "I" });
// @ts-expect-error: no such rule
book.execute({ type: "applyCreditMemo", at: "2026-03-01", creditMemoId: "C", rule: "largest", invoices: [] });
// @ts-expect-error: a field is left out, not undefined
book.execute({ type: "unapplyCreditMemo", at: "2026-03-01", creditMemoId: "C", invoices: undefined });
// @ts-expect-error: only a plan can be committed
book.commit(outcome);
// @ts-expect-error: parts have no status
book.query({ of: "part", where: { status: "posted" } });
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
// @ts-expect-error: no such code
const code: ErrorCode = "oops";

export { code, invoice, mixed, paid };
