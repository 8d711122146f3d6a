// Discounts and taxes: each line is settled by itself, and a discount's tax is below zero.

/** Whose account it is. */
export const account = { id: "A-1001", name: "Harbor Street Studio" };

/** What `new Book` needs for this account. */
export const bookOptions = { currency: "USD", accountId: account.id };

const salesTax = (id, amount) => ({
  id,
  amount,
  name: "Sales tax",
  jurisdiction: "State",
  rate: "0.08",
});
const callsTax = (id, amount) => ({
  id,
  amount,
  name: "Communications tax",
  jurisdiction: "City",
  rate: "0.05",
});

/**
 * The commands that build the account, in the order of their days. Prices are without tax; sales tax is 8 % of them,
 * communications tax 5 % of the calling minutes. Balances: 97.20 + 153.20 + 150.00 + 130.60, and 12.00 of a debit memo;
 * credits: 40.00 + 76.60, and a payment of 60.00.
 */
export const commands = [
  {
    // The discount is netted into the plan: 100.00 − 10.00 leaves 90.00. Its tax is not: −0.80 stays open by itself.
    type: "createInvoice",
    id: "INV-1001",
    at: "2026-01-01",
    dueDate: "2026-01-31",
    autoPost: true,
    items: [
      {
        id: "plan",
        amount: "100.00",
        description: "Team plan, January",
        taxItems: [salesTax("plan-tax", "8.00")],
      },
      {
        id: "discount",
        amount: "-10.00",
        appliedToItemId: "plan",
        description: "Loyalty discount",
        taxItems: [salesTax("discount-tax", "-0.80")],
      },
    ],
  },
  {
    type: "createInvoice",
    id: "INV-1002",
    at: "2026-02-01",
    dueDate: "2026-02-28",
    autoPost: true,
    items: [
      {
        id: "plan",
        amount: "100.00",
        description: "Team plan, February",
        taxItems: [salesTax("plan-tax", "8.00")],
      },
      {
        id: "calls",
        amount: "40.00",
        description: "Calling minutes, January",
        quantity: "800",
        unitPrice: "0.05",
        taxItems: [salesTax("calls-tax", "3.20"), callsTax("calls-comm-tax", "2.00")],
      },
    ],
  },
  {
    // Three equal items: any amount that three does not divide leaves a cent or two to place.
    type: "createInvoice",
    id: "INV-1003",
    at: "2026-02-10",
    dueDate: "2026-03-12",
    autoPost: true,
    items: [
      { id: "session-1", amount: "50.00", description: "Training session 1" },
      { id: "session-2", amount: "50.00", description: "Training session 2" },
      { id: "session-3", amount: "50.00", description: "Training session 3" },
    ],
  },
  {
    type: "createCreditMemo",
    id: "CM-2001",
    at: "2026-02-20",
    autoPost: true,
    items: [
      {
        id: "outage",
        amount: "30.00",
        description: "Outage credit",
        taxItems: [salesTax("outage-tax", "2.40")],
      },
      { id: "goodwill", amount: "7.60", description: "Goodwill" },
    ],
  },
  {
    type: "createInvoice",
    id: "INV-1004",
    at: "2026-03-01",
    dueDate: "2026-03-31",
    autoPost: true,
    items: [
      {
        id: "plan",
        amount: "100.00",
        description: "Team plan, March",
        taxItems: [salesTax("plan-tax", "8.00")],
      },
      {
        id: "calls",
        amount: "20.00",
        description: "Calling minutes, February",
        quantity: "400",
        unitPrice: "0.05",
        taxItems: [salesTax("calls-tax", "1.60"), callsTax("calls-comm-tax", "1.00")],
      },
    ],
  },
  {
    type: "createCreditMemo",
    id: "CM-2002",
    at: "2026-03-05",
    autoPost: true,
    items: [
      {
        id: "downgrade",
        amount: "50.00",
        description: "Plan downgrade",
        taxItems: [salesTax("downgrade-tax", "4.00")],
      },
      {
        id: "calls",
        amount: "20.00",
        description: "Calls billed twice",
        taxItems: [salesTax("calls-tax", "1.60"), callsTax("calls-comm-tax", "1.00")],
      },
    ],
  },
  { type: "createPayment", id: "P-3001", at: "2026-03-08", amount: "60.00", method: "Check" },
  {
    type: "createDebitMemo",
    id: "DM-4001",
    at: "2026-03-10",
    dueDate: "2026-04-09",
    autoPost: true,
    items: [{ id: "fee", amount: "12.00", description: "Late fee" }],
  },
];

/** A first application to look at: 20.00 to the discounted invoice, the rest of the memo to the three equal items. */
export const example = {
  type: "applyCreditMemo",
  at: "2026-03-15",
  creditMemoId: "CM-2001",
  rule: "proration",
  invoices: [{ invoiceId: "INV-1001", amount: "20.00" }, { invoiceId: "INV-1003" }],
};
