// decimal.js as it comes: 20 significant digits. Amounts are whole cents, so that only long products are rounded.
import Decimal from "decimal.js";
import { checkAmount, Ledger, refuse, Refusal } from "./ledger.js?for=decimal";

export const name = "decimal.js";

const ZERO = new Decimal(0);
const CENT = new Decimal("0.01");

export class Book {
  #ledger = new Ledger();

  constructor(commands) {
    for (const command of commands) {
      const open = command.items.map(({ amount }) => toCents(amount));
      this.#ledger.add(command, { open, total: sum(open) });
    }
  }

  preview(command) {
    const { memo, entries } = this.#ledger.resolve(command, (text, place) => {
      checkAmount(text, place);
      return toCents(text);
    });
    let unapplied = memo.lines.total;
    for (const { amount, place } of entries) {
      if (amount === undefined) continue;
      if (amount.gt(unapplied)) throw refuse("exceedsUnapplied", place, "amount");
      unapplied = unapplied.minus(amount);
    }
    for (const { invoice, amount, place } of entries) {
      if (amount?.gt(invoice.lines.total)) throw refuse("exceedsBalance", place, "amount");
    }
    const left = [...memo.lines.open];
    const applications = [];
    const notices = [];
    for (const { invoice, amount: stated } of entries) {
      const amount = stated ?? min(unapplied, invoice.lines.total);
      if (stated === undefined) unapplied = unapplied.minus(amount);
      if (amount.isZero()) {
        notices.push({ code: "nothingApplied", documentId: invoice.id });
        continue;
      }
      const items = pair(split(amount, left), split(amount, invoice.lines.open));
      for (const item of items) left[item.source] = left[item.source].minus(item.amount);
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
      after: toText(lines.total.minus(amount)),
    });
    return [
      change(this.#memo, sum(this.#applications.map(({ amount }) => amount))),
      ...this.#applications.map(({ invoice, amount }) => change(invoice, amount)),
    ];
  }

  get lines() {
    const changes = ({ refs, lines }, items, side) => {
      const moved = new Array(refs.length).fill(ZERO);
      for (const item of items) moved[item[side]] = moved[item[side]].plus(item.amount);
      return refs.flatMap((line, index) => {
        const before = lines.open[index];
        return moved[index].isZero()
          ? []
          : { line, before: toText(before), after: toText(before.minus(moved[index])) };
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
  const shares = weights.map((weight, index) => {
    const product = amount.times(weight);
    const floor = product.divToInt(total);
    return { index, floor, remainder: product.minus(floor.times(total)) };
  });
  const left = amount.minus(sum(shares.map(({ floor }) => floor)));
  const byRemainder = [...shares].sort((a, b) => b.remainder.cmp(a.remainder) || a.index - b.index);
  for (const share of byRemainder.slice(0, left.toNumber())) share.floor = share.floor.plus(1);
  return shares.map(({ floor }) => floor);
}

/** Pairs two margins off in order. */
function pair(rows, columns) {
  const items = [];
  const needed = [...columns];
  let target = 0;
  rows.forEach((row, source) => {
    let left = row;
    while (left.gt(ZERO)) {
      // Rounded products can give margins that do not meet.
      while (needed[target]?.isZero()) target += 1;
      if (target === needed.length) throw new RangeError("margins that do not meet");
      const amount = min(left, needed[target]);
      items.push({ source, target, amount });
      left = left.minus(amount);
      needed[target] = needed[target].minus(amount);
    }
  });
  return items;
}

function sum(cents) {
  return cents.reduce((total, amount) => total.plus(amount), ZERO);
}

function min(a, b) {
  return a.lt(b) ? a : b;
}

function toCents(text) {
  return new Decimal(text).times(100);
}

function toText(cents) {
  return cents.times(CENT).toFixed(2);
}
