// Accounts for tests, as `www/sample.js` exports one.

const AT = "2026-03-01";

/** An account of these commands, with a preview that applies the credit memo CM-1 to all of INV-1. */
export function accountOf(currency, commands, invoices = [{ invoiceId: "INV-1" }]) {
  return {
    account: { id: "A-1", name: "Test account" },
    bookOptions: { currency, accountId: "A-1" },
    commands,
    example: { type: "applyCreditMemo", at: AT, creditMemoId: "CM-1", rule: "proration", invoices },
  };
}

export const invoice = (id, items) => ({
  type: "createInvoice",
  id,
  at: AT,
  autoPost: true,
  items,
});

export const creditMemo = (id, amount) => ({
  type: "createCreditMemo",
  id,
  at: AT,
  autoPost: true,
  items: [{ id: "credit", amount, description: "Credit" }],
});

/** Items of one amount each. */
export const items = (count, amount) =>
  Array.from({ length: count }, (_, place) => ({ id: `item-${place + 1}`, amount }));
