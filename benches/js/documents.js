// Commands as a caller writes them, from cents.

const AT = "2026-03-02";

/** The text of an amount of cents, a Number or a BigInt of zero or more. */
export function text(cents) {
  const digits = String(cents).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A posted invoice with a line for each amount. */
export const invoice = (id, cents) => document("createInvoice", id, cents);

/** A posted credit memo with a line for each amount. */
export const creditMemo = (id, cents) => document("createCreditMemo", id, cents);

function document(type, id, cents) {
  const items = cents.map((amount, index) => ({ id: `${id}-${index + 1}`, amount: text(amount) }));
  return { type, at: AT, id, items, autoPost: true };
}

/** Applies a memo to invoices: `[id, cents]`, or `[id]` for all that is possible. */
export function apply(creditMemoId, invoices) {
  const stated = invoices.map(([invoiceId, cents]) =>
    cents === undefined ? { invoiceId } : { invoiceId, amount: text(cents) },
  );
  return { type: "applyCreditMemo", at: AT, creditMemoId, invoices: stated };
}
