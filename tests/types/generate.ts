// Bill runs: what the types promise, and the mistakes that they find.
import { Book, generateDocuments } from "setoff";
import type { BillRun, BillRunCharge, GeneratedDocument } from "setoff";

const charges: readonly BillRunCharge[] = [
  {
    id: "A",
    amount: "-10.00",
    taxAmount: "-1.00",
    group: "1",
    batch: "monthly",
    givesBack: true,
    creditable: false,
  },
  { id: "B", amount: "50.00" },
  { id: "C", amount: "-5.00", appliedToItemId: "B" },
];
const currency = { code: "CHF", increment: "0.05" };
const run: BillRun = { currency, rule: "netNegativeByGroup", judgedBy: "gross", charges };
const { documents, refused } = generateDocuments(run);
const first: GeneratedDocument | undefined = documents[0];
const discounted: string | undefined = first?.items[0]?.appliedToItemId;

const book = new Book({
  currency: "CHF",
  currencies: [{ code: "CHF", invoiceIncrement: "0.05", invoiceRounding: "up", rounding: "up" }],
  taxRounding: "group",
});
for (const { type, items } of documents) {
  if (type !== "invoice") continue;
  const tax = (id: string, amount: string) => [{ id: `${id}-tax`, amount }];
  const stated = items.map(({ taxAmount, ...item }) => ({
    ...item,
    taxItems: tax(item.id, taxAmount),
  }));
  book.execute({ type: "createInvoice", at: "2026-01-01", id: "INV-1", items: stated });
}
export const used = [discounted, refused.length];

generateDocuments({
  currency: "USD",
  // @ts-expect-error: a discount goes where its charge goes
  charges: [{ id: "A", amount: "1", appliedToItemId: "B", batch: "b" }],
});
// @ts-expect-error: no such rule
generateDocuments({ currency: "USD", rule: "grouped", charges });
// @ts-expect-error: no such way of rounding
new Book({ currency: "USD", taxRounding: "document" });
