// One credit memo over forty invoices of three lines each. It does not reach all of them.

export const account = { id: "A-3001", name: "Northwind Logistics" };
export const bookOptions = { currency: "USD", accountId: account.id, numberOrder: "natural" };

const SITES = ["Oslo", "Bergen", "Gdansk", "Riga", "Turku", "Aarhus", "Kiel", "Malmo"];
const INVOICES = 40;

const twoDigits = (number) => String(number).padStart(2, "0");

/** Ten invoices a month, from September on. */
function invoice(place) {
  const month = 9 + Math.floor(place / 10);
  const day = 1 + (place % 10) * 2;
  const site = SITES[place % SITES.length];
  const fee = 900 + ((place * 373) % 800);
  return {
    type: "createInvoice",
    id: `INV-${7001 + place}`,
    at: `2025-${twoDigits(month)}-${twoDigits(day)}`,
    dueDate: `2025-${twoDigits(month)}-${twoDigits(day + 9)}`,
    autoPost: true,
    items: [
      { id: "storage", amount: `${fee}.00`, description: `Storage, ${site}` },
      {
        id: "handling",
        amount: `${120 + ((place * 61) % 240)}.50`,
        description: `Handling, ${site}`,
      },
      { id: "fuel", amount: `${20 + ((place * 17) % 45)}.25`, description: "Fuel surcharge" },
    ],
  };
}

export const commands = () => [
  ...Array.from({ length: INVOICES }, (_, place) => invoice(place)),
  {
    type: "createCreditMemo",
    id: "CM-8001",
    at: "2026-01-05",
    autoPost: true,
    items: [
      { id: "service", amount: "18000.00", description: "Service credits 2025" },
      { id: "price", amount: "9000.00", description: "Price correction" },
      { id: "goodwill", amount: "3000.00", description: "Goodwill" },
    ],
  },
  { type: "createPayment", id: "P-8101", at: "2026-01-08", amount: "12500.00", method: "Transfer" },
];

export const example = {
  type: "applyCreditMemo",
  at: "2026-01-09",
  creditMemoId: "CM-8001",
  rule: "proration",
  invoices: "allOpen",
};
