// JavaScript written for speed, with the same algorithm: all lines of a book in one column of cents, scratch columns
// that are used again, one reciprocal a split, plans as flat lists of numbers, texts from a table.
import { checkAmount, Ledger, refuse, Refusal } from "./ledger.js?for=expert";

export const name = "expert JS (typed arrays)";

export class Book {
  #ledger = new Ledger();
  #open = new Float64Array(1024);
  #count = 0;
  #left;
  #rows;
  #columns;

  constructor(commands) {
    let longest = 0;
    for (const command of commands) {
      const first = this.#count;
      let total = 0;
      for (const { amount } of command.items) total += this.#add(toCents(amount));
      if (total > Number.MAX_SAFE_INTEGER) throw new RangeError("more cents than a Number counts");
      longest = Math.max(longest, command.items.length);
      this.#ledger.add(command, { first, total });
    }
    this.#left = new Float64Array(longest);
    this.#rows = new Float64Array(longest);
    this.#columns = new Float64Array(longest);
    if (remainders.length < longest) remainders = new Float64Array(longest);
  }

  #add(cents) {
    if (Number.isNaN(cents)) throw new RangeError("more cents than a Number counts");
    if (this.#count === this.#open.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#open);
      this.#open = larger;
    }
    this.#open[this.#count++] = cents;
    return cents;
  }

  preview(command) {
    const { memo, entries } = this.#ledger.resolve(command, readAmount);
    const total = memo.lines.total;
    let unapplied = total;
    for (let index = 0; index < entries.length; index++) {
      const { amount, place } = entries[index];
      if (amount === undefined) continue;
      if (amount > unapplied) throw refuse("exceedsUnapplied", place, "amount");
      unapplied -= amount;
    }
    for (let index = 0; index < entries.length; index++) {
      const { invoice, amount, place } = entries[index];
      if (amount !== undefined && amount > invoice.lines.total)
        throw refuse("exceedsBalance", place, "amount");
    }
    const open = this.#open;
    const left = this.#left;
    const memoFirst = memo.lines.first;
    const memoCount = memo.refs.length;
    for (let index = 0; index < memoCount; index++) left[index] = open[memoFirst + index];
    const [invoices, amounts, ends, cells, notices] = [[], [], [], [], []];
    let applied = 0;
    for (let index = 0; index < entries.length; index++) {
      const { invoice, amount: stated } = entries[index];
      let amount = stated;
      if (amount === undefined) {
        amount = Math.min(unapplied, invoice.lines.total);
        unapplied -= amount;
      }
      if (amount === 0) {
        notices.push({ code: "nothingApplied", documentId: invoice.id });
        continue;
      }
      const { first, total: balance } = invoice.lines;
      split(amount, total - applied, left, 0, memoCount, this.#rows);
      split(amount, balance, open, first, invoice.refs.length, this.#columns);
      pair(this.#rows, memoCount, this.#columns, left, cells);
      applied += amount;
      invoices.push(invoice);
      amounts.push(amount);
      ends.push(cells.length);
    }
    if (invoices.length === 0) throw new Refusal("nothingToSettle", "invoices");
    return new Plan(open, memo, applied, { invoices, amounts, ends, cells }, notices);
  }
}

/** The lists are made when they are asked for, as the engine's are. */
class Plan {
  #open;
  #memo;
  #applied;
  #columns;

  constructor(open, memo, applied, columns, notices) {
    this.#open = open;
    this.#memo = memo;
    this.#applied = applied;
    this.#columns = columns;
    this.amount = toText(applied);
    this.notices = notices;
  }

  get applications() {
    const { invoices, amounts, ends, cells } = this.#columns;
    const { id: sourceId, refs } = this.#memo;
    const list = new Array(invoices.length);
    let at = 0;
    for (let index = 0; index < list.length; index++) {
      const invoice = invoices[index];
      const targets = invoice.refs;
      const items = new Array((ends[index] - at) / 3);
      for (let item = 0; item < items.length; item++, at += 3) {
        items[item] = {
          source: refs[cells[at]],
          target: targets[cells[at + 1]],
          amount: toText(cells[at + 2]),
        };
      }
      list[index] = {
        sourceType: "creditMemo",
        sourceId,
        targetType: "invoice",
        targetId: invoice.id,
        amount: toText(amounts[index]),
        ruleUsed: "proration",
        items,
      };
    }
    return list;
  }

  get documents() {
    const { invoices, amounts } = this.#columns;
    const list = new Array(invoices.length + 1);
    list[0] = documentChange(this.#memo, this.#applied);
    for (let index = 0; index < invoices.length; index++) {
      list[index + 1] = documentChange(invoices[index], amounts[index]);
    }
    return list;
  }

  get lines() {
    const { invoices, ends, cells } = this.#columns;
    const memo = this.#memo;
    const given = new Float64Array(memo.refs.length);
    for (let at = 0; at < cells.length; at += 3) given[cells[at]] += cells[at + 2];
    const list = [];
    for (let index = 0; index < given.length; index++) {
      if (given[index] > 0) list.push(lineChange(memo, index, this.#open, given[index]));
    }
    let at = 0;
    for (let index = 0; index < invoices.length; index++) {
      // Cells come in the order of their targets.
      while (at < ends[index]) {
        const target = cells[at + 1];
        let received = 0;
        for (; at < ends[index] && cells[at + 1] === target; at += 3) received += cells[at + 2];
        list.push(lineChange(invoices[index], target, this.#open, received));
      }
    }
    return list;
  }
}

function documentChange({ id, lines }, amount) {
  return { documentId: id, before: toText(lines.total), after: toText(lines.total - amount) };
}

function lineChange({ refs, lines }, index, open, amount) {
  const before = open[lines.first + index];
  return { line: refs[index], before: toText(before), after: toText(before - amount) };
}

// As many as the longest document has lines.
let remainders = new Float64Array(0);

/** Shares of `amount` in proportion to `count` weights from `first` on, whose sum is `total`. */
function split(amount, total, weights, first, count, shares) {
  let left = amount;
  if (amount * total <= Number.MAX_SAFE_INTEGER) {
    const ratio = amount / total;
    for (let index = 0; index < count; index++) {
      const weight = weights[first + index];
      // At most one off; the remainder is exact and says so.
      let share = Math.floor(weight * ratio);
      let remainder = amount * weight - share * total;
      if (remainder < 0) {
        share -= 1;
        remainder += total;
      } else if (remainder >= total) {
        share += 1;
        remainder -= total;
      }
      shares[index] = share;
      remainders[index] = remainder;
      left -= share;
    }
  } else {
    left = splitWide(amount, total, weights, first, count, shares);
  }
  if (left > 0) handOut(left, count, shares);
}

/** The same where products do not fit 53 bits. Answers what is left. */
function splitWide(amount, total, weights, first, count, shares) {
  const [wideAmount, wideTotal] = [BigInt(amount), BigInt(total)];
  let left = amount;
  for (let index = 0; index < count; index++) {
    const product = wideAmount * BigInt(weights[first + index]);
    shares[index] = Number(product / wideTotal);
    remainders[index] = Number(product % wideTotal);
    left -= shares[index];
  }
  return left;
}

/** A cent more for each of the `left` largest remainders, the earlier first among equals. */
function handOut(left, count, shares) {
  if (count > 32) {
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    order.sort((a, b) => remainders[b] - remainders[a] || a - b);
    for (let rank = 0; rank < left; rank++) shares[order[rank]] += 1;
    return;
  }
  for (; left > 0; left--) {
    let largest = 0;
    for (let index = 1; index < count; index++)
      if (remainders[index] > remainders[largest]) largest = index;
    remainders[largest] = -1;
    shares[largest] += 1;
  }
}

/** Pairs two margins off in order: appends source, target and amount of each cell, and takes it from `left`. */
function pair(rows, rowCount, columns, left, cells) {
  let target = 0;
  let needed = columns[0];
  for (let source = 0; source < rowCount; source++) {
    let row = rows[source];
    left[source] -= row;
    while (row > 0) {
      while (needed === 0) needed = columns[++target];
      const amount = row < needed ? row : needed;
      cells.push(source, target, amount);
      row -= amount;
      needed -= amount;
    }
  }
}

function readAmount(text, place) {
  const cents = typeof text === "string" ? toCents(text) : NaN;
  // What is not plainly an amount, the slower check names.
  if (!(cents > 0)) {
    checkAmount(text, place);
    throw new RangeError("more cents than a Number counts");
  }
  return cents;
}

/** The cents of a canonical amount of zero or more, with up to two decimals; NaN for anything else. */
function toCents(text) {
  const length = text.length;
  let cents = 0;
  let point = length;
  for (let index = 0; index < length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit >= 0 && digit <= 9) cents = cents * 10 + digit;
    else if (digit === -2 && point === length) point = index;
    else return NaN;
  }
  const decimals = point === length ? 0 : length - point - 1;
  const isCanonical =
    point > 0 && (point === 1 || text.charCodeAt(0) !== 48) && (point === length || decimals > 0);
  if (!isCanonical || decimals > 2) return NaN;
  if (decimals < 2) cents *= decimals === 0 ? 100 : 10;
  return cents <= Number.MAX_SAFE_INTEGER ? cents : NaN;
}

const FRACTIONS = Array.from({ length: 100 }, (_, cents) => `.${String(cents).padStart(2, "0")}`);

function toText(cents) {
  if (cents < 2 ** 31) {
    const small = cents | 0;
    const whole = (small / 100) | 0;
    return whole + FRACTIONS[small - whole * 100];
  }
  const fraction = cents % 100;
  return (cents - fraction) / 100 + FRACTIONS[fraction];
}
