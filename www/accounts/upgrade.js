// A plan of 30.00 becomes one of 50.00 on 17 January, while the invoice of the 30.00 is still open.

export const account = { id: "A-2001", name: "Lindgren Bikes" };
export const bookOptions = { currency: "USD", accountId: account.id };

const tax = (id) => ({ id, name: "Sales tax", jurisdiction: "State", rate: "0.08" });

export const commands = [
  {
    type: "createInvoice",
    id: "INV-501",
    at: "2026-01-01",
    dueDate: "2026-01-15",
    autoPost: true,
    items: [
      {
        id: "plan",
        amount: "30.00",
        description: "Workshop plan, January",
        taxItems: [tax("plan-tax")],
      },
      { id: "setup", amount: "12.00", description: "Workshop set-up" },
    ],
  },
  { type: "createPayment", id: "P-601", at: "2026-01-10", amount: "10.00", method: "Card" },
  {
    type: "applyPayment",
    at: "2026-01-10",
    paymentId: "P-601",
    invoices: [{ invoiceId: "INV-501" }],
  },
  {
    // 15 of 31 days: 24.19 for the new plan, 14.52 back for the old one, which is not paid yet.
    type: "changePlan",
    at: "2026-01-17",
    billedBy: { invoiceId: "INV-501", itemId: "plan" },
    creditMemoId: "CM-701",
    invoiceId: "INV-502",
    change: {
      period: { from: "2026-01-01", every: { months: 1 } },
      plan: { price: "30.00", taxes: [{ name: "Sales tax", rate: "0.08" }] },
      billed: "30.00",
      changes: [
        { type: "change", at: "2026-01-17", price: "50.00", description: "Studio plan, January" },
      ],
    },
  },
  { type: "createPayment", id: "P-602", at: "2026-01-20", amount: "30.00", method: "Card" },
];

/** A payment that is less than what is open: what is older comes first. */
export const example = {
  type: "applyPayment",
  at: "2026-01-20",
  paymentId: "P-602",
  rule: "proration",
  invoices: [{ invoiceId: "INV-501" }, { invoiceId: "INV-502" }],
};
