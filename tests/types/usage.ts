// A program that uses everything the package has. It must compile, and say the types that a user relies on.
import { Book, init, isSetoffError, SetoffError } from "setoff";
import type {
  Command,
  CreditMemo,
  DecimalString,
  Invoice,
  Item,
  Outcome,
  Payment,
  Plan,
} from "setoff";

await init();

const book = new Book({
  currency: "CHF",
  accountId: "A-1",
  currencies: [
    { code: "CHF", increment: "0.05" },
    { code: "POINTS", scale: 0 },
  ],
});

const commands: readonly Command[] = [
  {
    type: "createInvoice",
    id: "INV-1",
    at: "2026-03-01",
    dueDate: "2026-03-31",
    autoPost: true,
    items: [
      {
        id: "1",
        amount: "100",
        quantity: "2",
        unitPrice: "50",
        taxItems: [{ id: "1-VAT", amount: "8.10", rate: "0.081" }],
      },
      { id: "2", amount: "-10", appliedToItemId: "1", description: "Discount" },
    ],
  },
  { type: "createCreditMemo", id: "CM-1", at: "2026-03-02", items: [{ id: "1", amount: "50" }] },
  { type: "postCreditMemo", at: "2026-03-02", creditMemoId: "CM-1" },
];
const outcomes: readonly Outcome[] = commands.map((command) => book.execute(command));

const plan: Plan = book.preview({
  type: "applyCreditMemo",
  at: "2026-03-03",
  creditMemoId: "CM-1",
  invoices: [
    { invoiceId: "INV-1", items: [{ creditMemoItemId: "1", invoiceItemId: "1", amount: "20.00" }] },
  ],
});
const committed: false = plan.committed;
const outcome: Outcome = book.commit(plan);
// Texts that come from elsewhere need no cast.
const stored: { amount: string; at: string } = JSON.parse('{"amount":"5.00","at":"2026-03-04"}');
const payment: Payment = book.execute({ type: "createPayment", id: "P-1", ...stored }).document;
const amount: DecimalString | null = outcome.amount;
const { lines, ...rest } = outcome;
const data: Outcome = { ...rest, lines };
// A plan that was stored, and what a commit needs at least.
const stillPlanned: Plan = { ...plan };
const again: Outcome<"applyCreditMemo"> = book.commit({
  command: { type: "applyCreditMemo", at: "2026-03-03", creditMemoId: "CM-1", invoices: "allOpen" },
  fingerprint: stillPlanned.fingerprint,
});
const repeated: Outcome = book.execute(plan.command);

// A document tells by its type what it has.
const open: DecimalString =
  outcome.document?.type === "invoice" ? outcome.document.balance : payment.unappliedAmount;

// A query's rows are what it asks for.
const memos: readonly CreditMemo[] = book.query({
  of: "creditMemo",
  where: { status: "posted" },
}).rows;
const invoices: readonly Invoice[] = book.query({
  of: "invoice",
  page: { number: 1, size: 50 },
}).rows;
const items: readonly Item[] = book.query({ of: "item", where: { documentId: "INV-1" } }).rows;
const targets: readonly string[] = book
  .query({ of: "partItem" })
  .rows.map(({ target }) => target.documentId);

const together: null = book.execute({
  type: "applyCredits",
  at: "2026-03-01",
  sources: "allOpen",
  invoices: "allOpen",
  debitMemos: ["DM-1"],
  order: ["largest"],
}).document;
const paidAll: Payment = book.execute({
  type: "createPayment",
  at: "2026-03-01",
  id: "PAY-9",
  invoices: "allOpen",
}).document;
const writtenOff: Payment = book.execute({
  type: "writeOffPayment",
  at: "2026-03-01",
  id: "DM-9",
  paymentId: paidAll.id,
}).document;

const copy: Book = Book.restore(book.snapshot());
const version: number = copy.version;
const hash: string = copy.hash();
copy[Symbol.dispose]();
book.free();

export function whyNothing(plan: Plan): string {
  const { amount, steps } = book.explain(plan, {
    documentId: "INV-1",
    itemId: "1",
    taxItemId: null,
  });
  const [first] = book.explain({ applicationGroupId: "AG-1" });
  const row = book.query({ of: "applicationItem" }).rows[0];
  const who: string = row?.actor ?? "nobody";
  const got: DecimalString = row === undefined ? amount : book.explain(plan, row.target).amount;
  const partner = steps[0]?.partners[0]?.line.itemId ?? first?.ruleUsed;
  return steps[0]?.code === "usedUp" ? `${got} of ${partner}, ${who}` : (steps[0]?.sentence ?? "");
}

export function explain(error: unknown): string {
  if (!isSetoffError(error)) return "not ours";
  const known: SetoffError & Error = error;
  const { sentence, reason, figures } = known.details;
  const marks: [readonly (string | number)[], string][] = known.issues.map((issue) => [
    issue.segments,
    issue.details.sentence,
  ]);
  if (marks.length > 1) return `${known.segments.join()} and ${marks.length - 1} more`;
  switch (error.code) {
    case "exceedsBalance":
    case "exceedsUnapplied":
      return `${error.path}: at most ${figures.most} (${reason})`;
    case "unknownCurrency":
      return sentence;
    default:
      return error.message;
  }
}

export {
  again,
  amount,
  committed,
  data,
  hash,
  invoices,
  items,
  memos,
  open,
  outcomes,
  repeated,
  targets,
  together,
  version,
  writtenOff,
};
