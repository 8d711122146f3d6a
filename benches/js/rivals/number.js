// Idiomatic JavaScript on Numbers: whole cents, and a guard where a product does not fit 53 bits.
import { checkAmount, Ledger, refuse, Refusal } from "./ledger.js?for=number";

export const name = "Number (cents, guarded)";

export class Book {
  #ledger = new Ledger();

  constructor(commands) {
    for (const command of commands) {
      const open = command.items.map(({ amount }) => toCents(amount));
      this.#ledger.add(command, { open, total: safe(sum(open)) });
    }
  }

  preview(command) {
    const { memo, entries } = this.#ledger.resolve(command, (text, place) => {
      checkAmount(text, place);
      return toCents(text);
    });
    let unapplied = memo.lines.total;
    for (const { amount = 0, place } of entries) {
      if (amount > unapplied) throw refuse("exceedsUnapplied", place, "amount");
      unapplied -= amount;
    }
    for (const { invoice, amount = 0, place } of entries) {
      if (amount > invoice.lines.total) throw refuse("exceedsBalance", place, "amount");
    }
    const left = [...memo.lines.open];
    const applications = [];
    const notices = [];
    for (const { invoice, amount: stated } of entries) {
      const amount = stated ?? Math.min(unapplied, invoice.lines.total);
      if (stated === undefined) unapplied -= amount;
      if (amount === 0) {
        notices.push({ code: "nothingApplied", documentId: invoice.id });
        continue;
      }
      const items = pair(split(amount, left), split(amount, invoice.lines.open));
      for (const item of items) left[item.source] -= item.amount;
      applications.push({ invoice, amount, items });
    }
    if (applications.length === 0) throw new Refusal("nothingToSettle", "invoices");
    return new Plan(memo, applications, notices);
  }
}

/** The lists are made when they are asked for, as the engine's are. */
class Plan {
  #memo;
  #applications;

  constructor(memo, applications, notices) {
    this.#memo = memo;
    this.#applications = applications;
    this.amount = toText(sum(applications.map(({ amount }) => amount)));
    this.notices = notices;
  }

  get applications() {
    const memo = this.#memo;
    return this.#applications.map(({ invoice, amount, items }) => ({
      sourceType: "creditMemo",
      sourceId: memo.id,
      targetType: "invoice",
      targetId: invoice.id,
      amount: toText(amount),
      ruleUsed: "proration",
      items: items.map(({ source, target, amount }) => ({
        source: memo.refs[source],
        target: invoice.refs[target],
        amount: toText(amount),
      })),
    }));
  }

  get documents() {
    const change = ({ id, lines }, amount) => ({
      documentId: id,
      before: toText(lines.total),
      after: toText(lines.total - amount),
    });
    return [
      change(this.#memo, sum(this.#applications.map(({ amount }) => amount))),
      ...this.#applications.map(({ invoice, amount }) => change(invoice, amount)),
    ];
  }

  get lines() {
    const changes = ({ refs, lines }, items, side) => {
      const moved = new Array(refs.length).fill(0);
      for (const item of items) moved[item[side]] += item.amount;
      return refs.flatMap((line, index) => {
        const before = lines.open[index];
        return moved[index] === 0
          ? []
          : { line, before: toText(before), after: toText(before - moved[index]) };
      });
    };
    const all = this.#applications.flatMap(({ items }) => items);
    return [
      ...changes(this.#memo, all, "source"),
      ...this.#applications.flatMap(({ invoice, items }) => changes(invoice, items, "target")),
    ];
  }
}

/** Shares of `amount` in proportion to `weights`: the floors, and a cent more for the largest remainders. */
function split(amount, weights) {
  const total = sum(weights);
  const shares = weights.map((weight, index) => ({ index, ...divide(amount, weight, total) }));
  const left = amount - sum(shares.map(({ floor }) => floor));
  const byRemainder = [...shares].sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const share of byRemainder.slice(0, left)) share.floor += 1;
  return shares.map(({ floor }) => floor);
}

/** `amount × weight ÷ total`. */
function divide(amount, weight, total) {
  const product = amount * weight;
  if (product <= Number.MAX_SAFE_INTEGER) {
    const remainder = product % total;
    return { floor: (product - remainder) / total, remainder };
  }
  const exact = BigInt(amount) * BigInt(weight);
  return { floor: Number(exact / BigInt(total)), remainder: Number(exact % BigInt(total)) };
}

/** Pairs two margins off in order. */
function pair(rows, columns) {
  const items = [];
  const needed = [...columns];
  let target = 0;
  rows.forEach((row, source) => {
    let left = row;
    while (left > 0) {
      while (needed[target] === 0) target += 1;
      const amount = Math.min(left, needed[target]);
      items.push({ source, target, amount });
      left -= amount;
      needed[target] -= amount;
    }
  });
  return items;
}

function sum(cents) {
  return cents.reduce((total, amount) => total + amount, 0);
}

function toCents(text) {
  const [whole, fraction = ""] = text.split(".");
  return safe(Number(whole) * 100 + Number(fraction.padEnd(2, "0")));
}

function toText(cents) {
  const fraction = cents % 100;
  return `${(cents - fraction) / 100}.${String(fraction).padStart(2, "0")}`;
}

function safe(cents) {
  if (!Number.isSafeInteger(cents)) throw new RangeError("more cents than a Number counts");
  return cents;
}
