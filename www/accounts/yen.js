// Two currencies that are not of two decimals: yen have none, Kuwaiti dinars have three.

export const account = { id: "A-4001", name: "Kumo Trading" };
export const bookOptions = { currency: "JPY", accountId: account.id };

export const commands = [
  {
    type: "createInvoice",
    id: "INV-JP-1",
    at: "2026-02-01",
    dueDate: "2026-02-28",
    autoPost: true,
    items: [
      {
        id: "plan",
        amount: "270000",
        description: "Platform, February",
        taxItems: [{ id: "plan-tax", name: "Consumption tax", rate: "0.1" }],
      },
      { id: "rebate", amount: "-1000", description: "Rebate" },
    ],
  },
  {
    type: "createInvoice",
    id: "INV-JP-2",
    at: "2026-03-01",
    dueDate: "2026-03-31",
    autoPost: true,
    items: [
      { id: "seat-1", amount: "3334", description: "Seat, Osaka" },
      { id: "seat-2", amount: "3334", description: "Seat, Kyoto" },
      { id: "seat-3", amount: "3334", description: "Seat, Nara" },
    ],
  },
  {
    type: "createCreditMemo",
    id: "CM-JP-1",
    at: "2026-03-05",
    autoPost: true,
    items: [
      { id: "outage", amount: "95000", description: "Outage credit" },
      { id: "goodwill", amount: "5000", description: "Goodwill" },
    ],
  },
  {
    type: "createInvoice",
    id: "INV-KW-1",
    at: "2026-02-10",
    dueDate: "2026-03-10",
    currency: "KWD",
    autoPost: true,
    items: [
      { id: "licence", amount: "100.000", description: "Licence, Kuwait" },
      { id: "support", amount: "33.335", description: "Support, Kuwait" },
    ],
  },
  {
    type: "createPayment",
    id: "P-KW-1",
    at: "2026-03-06",
    amount: "50.005",
    currency: "KWD",
    method: "Transfer",
  },
];

export const example = {
  type: "applyCreditMemo",
  at: "2026-03-15",
  creditMemoId: "CM-JP-1",
  rule: "proration",
  invoices: [{ invoiceId: "INV-JP-1", amount: "97000" }, { invoiceId: "INV-JP-2" }],
};
