// The rows of a query are those that its `of` says, also where that is known only to the caller.
import { Book } from "setoff";
import type {
  Application,
  ApplicationItem,
  Command,
  CreditMemo,
  DocumentChange,
  Invoice,
  Item,
  LineChange,
  Outcome,
  Page,
  Part,
  PastApplication,
  Query,
  Row,
  RowOf,
} from "setoff";

declare const book: Book;

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => undefined;

const invoices = book.query({ of: "invoice", where: { status: "posted", accountId: "A" } });
const memos = book.query({ of: "creditMemo", page: { size: 5 } });
const items = book.query({ of: "item", where: { documentId: "INV-1" } });
const parts = book.query({ of: "part", where: { sourceId: "CM-1" } });
const partItems = book.query({ of: "partItem" });
const history = book.query({
  of: "application",
  where: { targetId: "INV-1" },
  page: { number: 2 },
});
same<typeof invoices, Page<Invoice>>(true);
same<typeof memos, Page<CreditMemo>>(true);
same<typeof items, Page<Item>>(true);
same<typeof parts, Page<Part>>(true);
same<typeof partItems, Page<ApplicationItem>>(true);
same<typeof history, Page<PastApplication>>(true);
same<Row<"invoice" | "part">, Invoice | Part>(true);

/** All pages of any query. */
export function all<const Q extends Query>(query: Q): RowOf<Q>[] {
  const rows: RowOf<Q>[] = [];
  for (
    let page = book.query(query);
    ;
    page = book.query({ ...query, page: { after: page.next, size: 100 } })
  ) {
    rows.push(...page.rows);
    if (page.next === null) return rows;
  }
}
/** Any command, if it settles nothing. */
export function unsettling<C extends Command>(command: C): Outcome<C["type"]> | null {
  return book.preview(command).amount === null ? book.execute(command) : null;
}
const posted: Invoice | undefined = unsettling({
  type: "postInvoice",
  at: "2026-03-01",
  invoiceId: "I",
})?.document;
const allItems: Item[] = all({ of: "item", where: { documentId: "INV-1" } });

const outcome = book.execute({ type: "unapplyCreditMemo", at: "2026-03-02", creditMemoId: "CM-1" });
same<(typeof outcome)["applications"], readonly Application[]>(true);
same<(typeof outcome)["documents"], readonly DocumentChange[]>(true);
same<(typeof outcome)["lines"], readonly LineChange[]>(true);

// @ts-expect-error: a page is not for writing
invoices.rows = [];
// @ts-expect-error: nor are its rows
invoices.rows.push(...memos.rows);
// @ts-expect-error: nor what is in them
if (invoices.rows[0]) invoices.rows[0].balance = "0.00";
// @ts-expect-error: an outcome's lists neither
outcome.lines.length = 0;
// @ts-expect-error: nor what is in those
if (outcome.applications[0]) outcome.applications[0].items = [];
// @ts-expect-error: a row may be missing
allItems[0].id;
// @ts-expect-error: an item has no balance of its own name
allItems[0]?.balance;

export { allItems, posted };
