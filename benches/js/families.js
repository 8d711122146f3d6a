// Inputs on which a split can go wrong, family by family. Built to break what is inexact; not what is likely.
import { apply, creditMemo, invoice } from "./documents.js";
import { random, whole, wide } from "./random.js";

const CASES = 60;

/** `{ name, cases }` of each family; a case is `{ commands, command }`: a book, and what to preview in it. */
export function families() {
  return Object.entries(MAKERS).map(([name, make], index) => {
    const next = random(index + 1);
    return { name, cases: Array.from({ length: CASES }, () => make(next)) };
  });
}

const MAKERS = {
  ordinary: (next) => {
    const invoices = list(whole(next, 1, 3), () => cents(next, whole(next, 1, 40), 1, 999_999));
    const memo = cents(next, whole(next, 1, 6), 1, 999_999);
    // A third of all amounts is left out; the others share what the memo has.
    let unapplied = sum(memo);
    const requests = invoices.map((lines, index) => {
      const most = Math.min(unapplied, sum(lines));
      if (most === 0 || next() < 1 / 3) return [`I${index}`];
      const amount = whole(next, 1, most);
      unapplied -= amount;
      return [`I${index}`, amount];
    });
    const documents = invoices.map((lines, index) => invoice(`I${index}`, lines));
    return { commands: [...documents, creditMemo("C", memo)], command: apply("C", requests) };
  },
  "equal weights": (next) => {
    const weight = whole(next, 1, 99_999);
    const lines = list(whole(next, 2, 40), () => weight);
    return one([sum(lines)], lines, whole(next, 1, sum(lines)));
  },
  // Multiples of one weight: many remainders are the same though the weights differ.
  ties: (next) => {
    const weight = whole(next, 1, 999);
    const lines = list(whole(next, 3, 30), () => weight * whole(next, 1, 4));
    return one([sum(lines)], lines, whole(next, 1, sum(lines)));
  },
  // Remainders one apart, or the same, that take all bits to tell.
  "near ties": (next) =>
    congruent(next, 2n ** 44n, 2n ** 46n, (total) => total / 3n + wide(next, 0n, 2n) - 1n),
  halves: (next) =>
    congruent(next, 2n ** 30n, 2n ** 40n, (total) => total / 2n + wide(next, 0n, 2n) - 1n),
  "2^32 edges": (next) => {
    const edge = () => 2n ** 32n + wide(next, 0n, 4n) - 2n;
    const lines = list(whole(next, 2, 6), edge);
    const amount = [edge(), edge() * 2n, sum(lines) - wide(next, 0n, 2n)][whole(next, 0, 2)];
    return one(
      list(lines.length, edge).concat(8n),
      lines,
      amount < sum(lines) ? amount : sum(lines),
    );
  },
  "large (below 2^53 cents)": (next) => anyOf(next, 2n ** 47n, 2n ** 49n),
  "huge (to 2^62 cents)": (next) => anyOf(next, 2n ** 53n, 2n ** 58n),
};

/** One memo and one invoice. */
function one(memo, lines, amount) {
  return {
    commands: [invoice("I", lines), creditMemo("C", memo)],
    command: apply("C", [["I", amount]]),
  };
}

function anyOf(next, least, most) {
  const lines = list(whole(next, 2, 8), () => wide(next, least, most));
  const amount = wide(next, 1n, sum(lines));
  // The memo has what is needed, over three lines.
  const third = sum(lines) / 3n;
  return one([third, third + 1n, third + 2n], lines, amount);
}

/**
 * Lines whose remainders `amount × line mod total` are chosen by `remainder(total)`: a line is the remainder times the
 * inverse of the amount. Only the last, which makes up the total, is what it must be.
 */
function congruent(next, least, most, remainder) {
  for (;;) {
    // Even, for exact halves; the amount then is odd.
    const total = wide(next, least, most) & ~1n;
    const amount = wide(next, total / 4n, total / 2n) | 1n;
    const inverse = inverseOf(amount, total);
    if (inverse === undefined) continue;
    const modulo = (value) => ((value % total) + total) % total;
    const lines = [];
    let left = total;
    for (let tries = 0; tries < 40 && lines.length < 6; tries++) {
      const line = modulo(remainder(total) * inverse);
      if (line > 0n && line < left) {
        lines.push(line);
        left -= line;
      }
    }
    if (lines.length >= 2) return one([total], [...lines, left], amount);
  }
}

/** The number whose product with `value` leaves 1 modulo `modulus`. */
function inverseOf(value, modulus) {
  let [a, b, x, y] = [value, modulus, 1n, 0n];
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return a === 1n ? x : undefined;
}

function cents(next, count, least, most) {
  return list(count, () => whole(next, least, most));
}

function list(length, make) {
  return Array.from({ length }, make);
}

function sum(amounts) {
  return amounts.reduce((total, amount) => total + amount);
}

const VALID = one([5_000], [3_000, 4_000], 1_000);
const BASE = {
  commands: [...VALID.commands, invoice("I2", [1]), { ...invoice("DRAFT", [1]), autoPost: false }],
  command: VALID.command,
};
const stated = (fields) => ({
  ...BASE,
  command: { ...BASE.command, invoices: [{ invoiceId: "I", ...fields }] },
});
const changed = (fields) => ({ ...BASE, command: { ...BASE.command, ...fields } });

/** Requests that must be refused, with the same code and path. */
export const refusals = [
  ...["x", "1.", ".5", "01.00", "1e3", "", "1.2.3", "-5.00", "0", "0.00", "1.005", 5, null].map(
    (amount) => stated({ amount }),
  ),
  ...["70.01", "50.01", "9007199254740993.00"].map((amount) => stated({ amount })),
  ...["DRAFT", "C", "NONE"].map((invoiceId) => stated({ invoiceId })),
  stated({ extra: 1 }),
  changed({ invoices: [{ invoiceId: "I" }, { invoiceId: "I" }] }),
  changed({
    invoices: [
      { invoiceId: "I", amount: "1.00" },
      { invoiceId: "I2", amount: "0.02" },
    ],
  }),
  changed({ invoices: [] }),
  changed({ invoices: "I" }),
  changed({ creditMemoId: "I" }),
  changed({ at: "2026-02-29" }),
  changed({ at: "2026-3-1" }),
  changed({ rule: "largest" }),
  changed({ extra: 1 }),
];
