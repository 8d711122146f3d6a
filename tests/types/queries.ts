// Filters, orders and projections: what can be asked of which kind of rows, and what comes back.
import { Book } from "setoff";
import type {
  Account,
  ComparableField,
  DecimalString,
  FieldName,
  Page,
  Query,
  Where,
} from "setoff";

declare const book: Book;

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => undefined;

const open = book.query({
  of: "creditMemo",
  where: {
    status: "posted",
    unappliedAmount: { gt: "0" },
    date: { gte: "2026-01-01", lt: "2026-04-01" },
    currency: { in: ["USD", "EUR"] },
    referredDocumentId: null,
    comment: { contains: "late", ne: null },
    canBeApplied: true,
    dayZeroStatus: { in: ["issued", "partially_applied"] },
    "customFields.Region": "EU",
    "customFields.Rank": { gte: 3 },
  },
  sort: [
    { by: "number", dir: "desc", natural: true },
    { by: "customFields.Region" },
    { by: "unappliedAmount" },
  ],
  page: { size: 50 },
  fields: ["id", "remainingBalance", "canBeApplied", "reasonCode", "autoApply"],
  total: true,
});
type Shown = {
  readonly id: string;
  readonly remainingBalance: DecimalString;
  readonly canBeApplied: boolean;
  readonly reasonCode: string | null;
  readonly autoApply: boolean;
};
const shown: Shown | undefined = open.rows[0];
const total: number = open.total;
const next: string | null = open.next;

const extended = book.query({ of: "invoice", fields: ["*", "canBePaid"] }).rows[0];
const paid: [DecimalString?, boolean?] = extended ? [extended.balance, extended.canBePaid] : [];
const owing: Page<Account> = book.query({
  of: "account",
  where: { balance: { gt: "0" } },
  asOf: "2026-03-31",
});
const then = book.query({ of: "invoice", asOf: "2026-03-31" }).rows[0]?.balance;
const taxes = book.query({
  of: "taxItem",
  where: { name: "VAT", documentType: "creditMemo" },
  fields: ["itemId", "rate"],
});
const anyKind = book.query({
  of: "document",
  where: { type: { ne: "refund" }, balance: { gt: "0" } },
}).rows[0]?.type;
if (next !== null) book.query({ of: "creditMemo", page: { after: next } });

const where: Where<"item"> = { sku: { startsWith: "A" }, serviceEnd: null, position: { lte: 3 } };
const by: ComparableField<"invoice"> = "customFields.anything";
const field: FieldName<"payment"> = "method";
const query: Query = { of: "part", where: { targetType: "refund" } };
same<FieldName<"account">, keyof Account>(true);

const summed = book.query({ of: "invoice", sum: ["balance", "taxAmount"] }).sums[0];
same<typeof summed, CurrencySumsOf | undefined>(true);
type CurrencySumsOf = { readonly currency: string } & {
  readonly balance: DecimalString;
  readonly taxAmount: DecimalString;
};
// @ts-expect-error: without being asked for, sums may be missing
const unsummed: object = book.query({ of: "invoice" }).sums;
const aged = book.query({ of: "ageing", at: "2026-03-31", days: [30, 60], sum: ["buckets"] });
const oldest: DecimalString | undefined = aged.rows[0]?.buckets.at(-1)?.amount;
const overdue: DecimalString | undefined = aged.sums[0]?.buckets[0]?.amount;
const entries = book.query({
  of: "statement",
  from: "2026-03-01",
  to: "2026-03-31",
  where: { accountId: "A", entry: { ne: "application" } },
});
const change: DecimalString | null | undefined = entries.rows[0]?.amount;
const moved = book.query({ of: "applicationItem", where: { at: { gte: "2026-03-01" } } }).rows[0]
  ?.target.itemId;
const every: DecimalString[] = [];
for (const { balance } of book.all({ of: "invoice", where: { status: "posted" } }))
  every.push(balance);
for (const row of book.all({ of: "document", fields: ["id"] }))
  same<typeof row, { readonly id: string }>(true);

// @ts-expect-error: texts are not summed
book.query({ of: "invoice", sum: ["number"] });
// @ts-expect-error: accounts have an age on a day
book.query({ of: "ageing" });
// @ts-expect-error: a running balance has the rows before it in it, and is not summed
book.query({ of: "statement", from: "2026-03-01", to: "2026-03-31", sum: ["balance"] });
// @ts-expect-error: a statement ends
book.query({ of: "statement", from: "2026-03-01" });
// @ts-expect-error: only accounts by age have days
book.query({ of: "account", days: [30] });
// @ts-expect-error: a loop over all rows has no page
book.all({ of: "invoice", page: { number: 2 } });
// @ts-expect-error: without being counted, the total may be missing
const uncounted: number = book.query({ of: "invoice" }).total;
// @ts-expect-error: a credit memo has no balance
const balance: Where<"creditMemo"> = { balance: "0" };
// @ts-expect-error: no such status
book.query({ of: "invoice", where: { status: "Processed" } });
// @ts-expect-error: an amount is text
book.query({ of: "invoice", where: { balance: { gt: 0 } } });
// @ts-expect-error: objects cannot be compared
book.query({ of: "item", sort: [{ by: "taxItems" }] });
// @ts-expect-error: no such direction
book.query({ of: "item", sort: [{ by: "amount", dir: "down" }] });
// @ts-expect-error: no such field
book.query({ of: "part", fields: ["status"] });
// @ts-expect-error: memos alone can be left out of revenue
book.query({ of: "invoice", fields: ["excludeFromRevenue"] });
book.query({ of: "creditMemo", fields: ["excludeFromRevenue"] });
// @ts-expect-error: a number or a cursor, not both
book.query({ of: "part", page: { number: 2, after: "00" } });
// @ts-expect-error: the history is not kept by day; its rows are
book.query({ of: "application", asOf: "2026-03-31" });
// @ts-expect-error: what was not asked for is not there
open.rows[0]?.number;
// @ts-expect-error: whether it can be reversed is known of now alone
book.query({ of: "invoice", asOf: "2026-03-31" }).rows[0]?.reversed;

export {
  anyKind,
  balance,
  by,
  change,
  every,
  field,
  moved,
  oldest,
  overdue,
  owing,
  paid,
  query,
  shown,
  taxes,
  then,
  total,
  uncounted,
  unsummed,
  where,
};
