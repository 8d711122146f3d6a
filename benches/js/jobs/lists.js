// Lists of many memos: filtered, ordered and paged. The rival is what one writes in JavaScript without a database: an
// array of objects, with amounts in cents, filtered, sorted and sliced.
import assert from "node:assert/strict";
import { Book } from "../../../pkg/node.mjs";
import { text } from "../documents.js";
import { random, whole } from "../random.js";

const MEMOS = 100_000;
const SIZE = 20;

const compareTexts = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** The engine's query, and what picks and orders the same rows of the array. */
const LISTS = {
  "lists-number": {
    title: "posted ones, the first page by number, descending",
    query: { where: { status: "posted" } },
    where: (memo) => memo.status === "posted",
    order: (a, b) => compareTexts(b.number, a.number) || compareTexts(a.id, b.id),
  },
  "lists-amount": {
    title: "posted ones of 1000.00 to 3000.00, the tenth page by amount, descending, then number",
    query: {
      where: { status: "posted", amount: { gte: "1000", lt: "3000" } },
      sort: [{ by: "amount", dir: "desc" }, { by: "number" }],
      page: { number: 10, size: SIZE },
    },
    page: 10,
    where: (memo) => memo.status === "posted" && memo.amount >= 1000_00 && memo.amount < 3000_00,
    order: (a, b) =>
      b.amount - a.amount || compareTexts(a.number, b.number) || compareTexts(a.id, b.id),
  },
  "lists-account": {
    title: "those of one of 50 accounts, the first page by date, descending, then number",
    query: { where: { accountId: "A-17" }, sort: [{ by: "date", dir: "desc" }, { by: "number" }] },
    where: (memo) => memo.accountId === "A-17",
    order: (a, b) =>
      compareTexts(b.date, a.date) || compareTexts(a.number, b.number) || compareTexts(a.id, b.id),
  },
};

let loaded;

/** The book and the array of the same memos, made once for all lists. */
function memos() {
  if (loaded !== undefined) return loaded;
  const next = random(505);
  const two = (number) => String(number).padStart(2, "0");
  const array = Array.from({ length: MEMOS }, (_, index) => ({
    id: `m${index}`,
    // Every number once, in no order.
    number: `CM-${String((index * 7919) % MEMOS).padStart(8, "0")}`,
    accountId: `A-${whole(next, 1, 50)}`,
    date: `2026-${two(whole(next, 1, 12))}-${two(whole(next, 1, 28))}`,
    status: whole(next, 1, 4) === 1 ? "draft" : "posted",
    amount: whole(next, 1_00, 10_000_00),
  }));
  const book = new Book({ currency: "USD" });
  for (const { id, number, accountId, date: at, status, amount } of array) {
    const items = [{ id: "1", amount: text(amount) }];
    book.execute({
      type: "createCreditMemo",
      id,
      number,
      accountId,
      at,
      autoPost: status === "posted",
      items,
    });
  }
  return (loaded = { book, array });
}

function job(name) {
  const { title, query, page = 1, where, order } = LISTS[name];
  return {
    name,
    title: `${MEMOS} memos: ${title}`,
    rounds: 30,
    sampleMs: 20,

    prepare() {
      const { book, array } = memos();
      const ask = () => book.query({ of: "creditMemo", ...query });
      const pick = () =>
        array
          .filter(where)
          .sort(order)
          .slice((page - 1) * SIZE, page * SIZE);
      // The same memos before anything is timed.
      const figures = ({ id, status, amount }) => ({ id, status, amount });
      const expected = pick().map((memo) => ({ ...figures(memo), amount: text(memo.amount) }));
      assert.equal(expected.length, SIZE);
      assert.deepEqual(ask().rows.map(figures), expected);
      return {
        contenders: [
          { name: "setoff, rows read", run: () => ask().rows },
          { name: "array of objects: filter, sort, slice", run: pick },
        ],
        wrong: [],
      };
    },
  };
}

export const lists = Object.keys(LISTS).map(job);
