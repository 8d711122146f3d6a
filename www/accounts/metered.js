// One invoice of 15,000 metered lines: the page must answer while one types.

export const account = { id: "A-5001", name: "Meridian Cloud" };
export const bookOptions = { currency: "USD", accountId: account.id };

const LINES = 15_000;
const KINDS = ["Compute", "Storage", "Requests", "Transfer", "Backup"];

/** Amounts that differ, and whose cents do not come out even. */
function line(place) {
  const cents = 101 + ((place * 7919) % 4900);
  const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
  const kind = KINDS[place % KINDS.length];
  return { id: `u-${place + 1}`, amount, description: `${kind}, node ${place + 1}` };
}

export const commands = () => [
  {
    type: "createInvoice",
    id: "INV-9001",
    at: "2026-03-01",
    dueDate: "2026-03-31",
    autoPost: true,
    items: Array.from({ length: LINES }, (_, place) => line(place)),
  },
  {
    type: "createInvoice",
    id: "INV-9002",
    at: "2026-03-02",
    dueDate: "2026-04-01",
    autoPost: true,
    items: [{ id: "support", amount: "4800.00", description: "Enterprise support, March" }],
  },
  {
    type: "createCreditMemo",
    id: "CM-9101",
    at: "2026-03-10",
    autoPost: true,
    items: [
      { id: "sla", amount: "96000.00", description: "Service level credit" },
      { id: "commit", amount: "54000.00", description: "Committed use" },
    ],
  },
];

export const example = {
  type: "applyCreditMemo",
  at: "2026-03-15",
  creditMemoId: "CM-9101",
  rule: "proration",
  invoices: [{ invoiceId: "INV-9001" }],
};
