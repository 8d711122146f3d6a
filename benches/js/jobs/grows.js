// Whether a call takes longer the more documents there are: the same commands and queries in books of 10, 10,000 and
// 200,000 documents, in a module that has done nothing else and in one that has opened and freed many books before.
import { cpSync, rmSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { time } from "../clock.js";
import { compare } from "../compare.js";
import { apply, creditMemo, invoice } from "../documents.js";
import { random, whole } from "../random.js";

const SIZES = [10, 10_000, 200_000];
/** Documents of an account: all sizes have accounts alike, only more of them. */
const OF_ACCOUNT = 10;
const AT = "2026-03-02";
/** Books that the second module has opened and freed, and how many of them are open at a time. */
const [BOOKS, OPEN] = [2_000, 40];
/** A call that changes the book is made so often in a sample: a small book must stay small. */
const MOST_CHANGES = 40;

const SEEN = "looks through kept numbers of all documents: there is no index";
const READ = "reads all documents: no numbers are kept of these rows";
// Shown by the rows of one account: a call that comes back to the same documents takes as long in any book.
const CACHE = "its documents come from memory, not from the processor's caches";
const WHOLE = "is about the whole book";

/** Rows that the smallest book has too. */
const FEW = { size: 4 };
const NUMBERS = Array.from({ length: 5_000 }, (_, index) => memoNumber(index * 10));

/** The calls: what is asked of account `k`, and why that takes longer in a larger book, where it does. */
const CALLS = {
  "preview createInvoice": {
    preview: (k) => invoice(`new-${k}`, [10_00, 20_00, 30_00]),
    why: CACHE,
  },
  "preview createCreditMemo of an invoice": {
    preview: (k) => ({
      type: "createCreditMemo",
      at: AT,
      id: "new",
      invoiceId: `${k}-I1`,
      autoPost: true,
    }),
    why: CACHE,
  },
  "preview updateInvoice": {
    preview: (k) => ({ type: "updateInvoice", at: AT, invoiceId: `${k}-I4`, comment: "Late" }),
    why: CACHE,
  },
  "preview postInvoice": {
    preview: (k) => ({ type: "postInvoice", at: AT, invoiceId: `${k}-I4` }),
    why: CACHE,
  },
  "preview cancelInvoice": {
    preview: (k) => ({ type: "cancelInvoice", at: AT, invoiceId: `${k}-I4` }),
    why: CACHE,
  },
  "preview applyCreditMemo": { preview: (k) => apply(`${k}-M1`, [[`${k}-I1`]]), why: CACHE },
  "preview applyCreditMemo, one account": { preview: () => apply("0-M1", [["0-I1"]]), why: CACHE },
  "preview unapplyCreditMemo": {
    preview: (k) => ({ type: "unapplyCreditMemo", at: AT, creditMemoId: `${k}-M0` }),
    why: CACHE,
  },
  "preview refundCreditMemo": {
    preview: (k) => ({ type: "refundCreditMemo", at: AT, id: "new", creditMemoId: `${k}-M1` }),
    why: CACHE,
  },
  "preview payInvoice": {
    preview: (k) => ({ type: "payInvoice", at: AT, id: "new", invoiceId: `${k}-I1` }),
    why: CACHE,
  },
  "preview writeOffInvoice": {
    preview: (k) => ({ type: "writeOffInvoice", at: AT, id: "new", invoiceId: `${k}-I1` }),
    why: CACHE,
  },
  "preview reverseInvoice": {
    preview: (k) => ({ type: "reverseInvoice", at: AT, id: "new", invoiceId: `${k}-I1` }),
    why: CACHE,
  },
  "preview collectInvoice": {
    preview: (k) => ({ type: "collectInvoice", at: AT, invoiceId: `${k}-I1` }),
    why: CACHE,
  },
  "preview applyCredits": {
    preview: (k) => ({
      type: "applyCredits",
      at: AT,
      accountId: `A-${k}`,
      sources: "allOpen",
      invoices: "allOpen",
    }),
    why: CACHE,
  },
  "explain applyCreditMemo": { explain: (k) => apply(`${k}-M1`, [[`${k}-I1`]]), why: CACHE },
  "preview and commit, then unapply": {
    change: (book, k) => {
      book.commit(book.preview(apply(`${k}-M1`, [[`${k}-I1`]])));
      book.execute({ type: "unapplyCreditMemo", at: AT, creditMemoId: `${k}-M1` });
    },
    why: CACHE,
  },
  "apply, then undo": {
    change: (book, k) => {
      const { applicationGroupId } = book.execute(apply(`${k}-M1`, [[`${k}-I1`]]));
      book.execute({ type: "undo", at: AT, applicationGroupId });
    },
    why: CACHE,
  },
  "create, cancel and delete": {
    change: (book, k) => {
      book.execute({
        type: "createInvoice",
        at: AT,
        id: `new-${k}`,
        items: [{ id: "1", amount: "5.00" }],
      });
      book.execute({ type: "cancelInvoice", at: AT, invoiceId: `new-${k}` });
      book.execute({ type: "deleteInvoice", at: AT, invoiceId: `new-${k}` });
    },
    why: CACHE,
  },
  "query one invoice": { query: (k) => ({ of: "invoice", where: { id: `${k}-I1` } }), why: CACHE },
  "query one invoice, one account": {
    query: () => ({ of: "invoice", where: { id: "0-I1" } }),
    why: CACHE,
  },
  "query five named invoices": {
    query: (k, accounts) => ({
      of: "invoice",
      where: { id: { in: [0, 1, 2, 3, 4].map((step) => `${(k + step) % accounts}-I${step}`) } },
    }),
    why: CACHE,
  },
  "query the items of an invoice": {
    query: (k) => ({ of: "item", where: { documentId: `${k}-I1` } }),
    why: CACHE,
  },
  "query the parts of a memo": {
    query: (k) => ({ of: "part", where: { sourceId: `${k}-M0` } }),
    why: CACHE,
  },
  "query the first of the history": {
    query: () => ({ of: "application", page: { size: 1 } }),
    why: CACHE,
  },
  "query the parts of an invoice": {
    query: (k) => ({ of: "part", where: { targetId: `${k}-I0` } }),
    why: CACHE,
  },
  "query memos, the default list": { query: () => ({ of: "creditMemo", page: FEW }), why: SEEN },
  "query memos by a field where all are level": {
    query: () => ({ of: "creditMemo", sort: [{ by: "currency" }], page: FEW }),
    why: SEEN,
  },
  "query memos by a list of 5,000 numbers": {
    query: () => ({ of: "creditMemo", where: { number: { in: NUMBERS } }, page: FEW }),
    why: SEEN,
  },
  "query memos of an account": {
    query: (k) => ({ of: "creditMemo", where: { accountId: `A-${k}` } }),
    why: CACHE,
  },
  "query an amount range, counted": {
    query: () => ({
      of: "invoice",
      where: { balance: { gte: "500", lt: "600" } },
      page: FEW,
      total: true,
    }),
    why: SEEN,
  },
  "change a document, then the default list": {
    change: (book, k) => {
      book.execute({ type: "updateInvoice", at: AT, invoiceId: `${k}-I4`, comment: "Late" });
      book.query({ of: "creditMemo", page: FEW });
    },
    why: SEEN,
  },
  "query the largest items": {
    query: () => ({ of: "item", sort: [{ by: "amount", dir: "desc" }], page: FEW }),
    why: READ,
    rounds: 3,
  },
  "query the balance of an account": {
    query: (k) => ({ of: "account", where: { accountId: `A-${k}` } }),
    why: CACHE,
  },
  "query the items of an account": {
    query: (k) => ({ of: "item", where: { accountId: `A-${k}` } }),
    why: CACHE,
  },
  "query the statement of an account": {
    query: (k) => ({
      of: "statement",
      from: "2026-01-01",
      to: "2026-12-31",
      where: { accountId: `A-${k}` },
    }),
    why: CACHE,
  },
  "read all entries of all statements": {
    ask: (book) => {
      let count = 0;
      for (const _ of book.all({ of: "statement", from: "2026-01-01", to: "2026-12-31" })) count++;
      return count;
    },
    why: WHOLE,
    rounds: 2,
  },
  "query the history of an account": {
    query: (k) => ({ of: "application", where: { accountId: `A-${k}` } }),
    why: CACHE,
  },
  "query all accounts by age": {
    query: () => ({ of: "ageing", at: "2026-12-31", page: FEW }),
    why: `${READ}, and the history after that day`,
    rounds: 3,
  },
  "query invoices, summed": {
    query: () => ({ of: "invoice", sum: ["balance"], page: FEW }),
    why: SEEN,
    rounds: 3,
  },
  "query invoices of a day": {
    query: () => ({ of: "invoice", asOf: AT, page: FEW }),
    why: `${READ}, and the history after that day`,
    rounds: 3,
  },
  hash: { ask: (book) => book.hash(), why: CACHE, rounds: 3 },
  snapshot: { ask: (book) => book.snapshot(), why: WHOLE, rounds: 2 },
};

export const grows = {
  name: "grows",
  title: `the same call in books of ${SIZES.map((size) => size.toLocaleString("en")).join(", ")} documents`,

  /** The times of each call in the larger books, in multiples of its time in the smallest. */
  table({ isLong, progress }) {
    return table(
      isLong
        ? { rounds: 31, sampleMs: 5, warmUpMs: 200 }
        : { rounds: 7, sampleMs: 2, warmUpMs: 30 },
      progress,
    );
  },
};

async function table(effort, progress) {
  progress("  filling books for grows");
  const fresh = await module("fresh");
  const aged = await module("aged");
  age(aged);
  const places = [fresh, aged].flatMap((Book) => SIZES.map((size) => place(Book, size)));
  const rows = [];
  for (const [name, call] of Object.entries(CALLS)) {
    progress(`  timing ${name}`);
    const contenders = places.map((place) => contender(place, call));
    const { base, rows: others } = compare(contenders, {
      ...effort,
      rounds: call.rounds ?? effort.rounds,
    });
    rows.push({
      name,
      ms: base.ms.cpu.median,
      control: others[0].ratio.cpu.median,
      ratios: others.slice(1).map(({ ratio }) => ratio.cpu.median),
      why: call.why,
    });
  }
  for (const { book } of places) book.free();
  const columns = SIZES.map((size) => size.toLocaleString("en"));
  return { columns: [...columns.slice(1), ...columns.map((size) => `${size} *`)], rows };
}

/** `Book` of a module of its own: a copy of the package, as a module knows its memory for as long as it lives. */
async function module(name) {
  const folder = fileURLToPath(new URL(`../../../target/bench/pkg-${name}`, import.meta.url));
  rmSync(folder, { recursive: true, force: true });
  cpSync(fileURLToPath(new URL("../../../pkg", import.meta.url)), folder, { recursive: true });
  const { Book, init } = await import(pathToFileURL(`${folder}/node.mjs`));
  await init();
  return Book;
}

/** Opens and frees many books, of many sizes, several at a time. */
function age(Book) {
  const next = random(606);
  const open = [];
  for (let count = 0; count < BOOKS; count++) {
    if (open.length === OPEN) open.splice(whole(next, 0, OPEN - 1), 1)[0].free();
    open.push(filled(Book, whole(next, 1, 30) * OF_ACCOUNT));
  }
  for (const book of open) book.free();
}

/** Numbers rise as memos are made. */
function memoNumber(place) {
  return `CM-${String(place).padStart(8, "0")}`;
}

function place(Book, size) {
  const own = { Book, size, accounts: size / OF_ACCOUNT, book: filled(Book, size) };
  // A book with so few is filled anew before each sample that changes it.
  own.anew = () => {
    if (size > SIZES[0]) return;
    own.book.free();
    own.book = filled(Book, size);
  };
  return own;
}

function filled(Book, documents) {
  const next = random(707);
  const book = new Book({ currency: "USD" });
  const cents = (count) => Array.from({ length: count }, () => whole(next, 1_00, 500_00));
  for (let k = 0; k < documents / OF_ACCOUNT; k++) {
    const own = { accountId: `A-${k}` };
    for (let index = 0; index < 5; index++) {
      const autoPost = index < 4;
      book.execute({ ...invoice(`${k}-I${index}`, cents(5)), ...own, autoPost });
    }
    for (let index = 0; index < 4; index++) {
      book.execute({
        ...creditMemo(`${k}-M${index}`, cents(3)),
        ...own,
        number: memoNumber(k * OF_ACCOUNT + index),
      });
    }
    book.execute({ type: "createPayment", at: AT, id: `${k}-P`, amount: "50.00", ...own });
    book.execute(apply(`${k}-M0`, [[`${k}-I0`, 1_00]]));
  }
  return book;
}

/** One function for all books, so that what the runtime learns of one serves all. */
function contender(place, { preview, explain, query, ask, change }) {
  const name = `${place.size}`;
  // Accounts in no order, as hosts ask for them.
  const account = (index) => (index * 7919) % place.accounts;
  if (change !== undefined) {
    const measure = (calls) => {
      place.anew();
      const most = Math.min(calls, MOST_CHANGES);
      const { cpu, wall } = time(() => {
        for (let index = 0; index < most; index++) change(place.book, account(index));
      });
      return { cpu: cpu / most, wall: wall / most };
    };
    return { name, measure };
  }
  const run = (index) => {
    const { book, accounts } = place;
    const k = account(index);
    if (preview !== undefined) return book.preview(preview(k));
    if (explain !== undefined) return book.explain(explain(k));
    if (query !== undefined) return book.query(query(k, accounts));
    return ask(book);
  };
  return { name, run };
}
