// A book for published figures of settlement: documents in few words, and their figures as the sources name them.
import { decimalText, fraction } from "./compare.mjs";

/** The sum of decimals. */
export const add = (...terms) => sum(terms.map(fraction));

/** The difference of two decimals. */
export function subtract(from, what) {
  const { numerator, denominator } = fraction(what);
  return sum([fraction(from), { numerator: -numerator, denominator }]);
}

function sum(fractions) {
  const denominator = fractions.reduce(
    (most, { denominator }) => (denominator > most ? denominator : most),
    1n,
  );
  const units = fractions.map((one) => one.numerator * (denominator / one.denominator));
  const total = units.reduce((sum, unit) => sum + unit, 0n);
  return decimalText(`${total}e-${String(denominator).length - 1}`);
}

/** Below zero, zero or above. */
export function sign(decimal) {
  const { numerator } = fraction(decimal);
  return numerator < 0n ? -1 : numerator > 0n ? 1 : 0;
}

const isTax = ({ name }) => /tax|^cmt/i.test(name);
const isDiscount = ({ name, processingType, appliedTo }) =>
  /discount/i.test(processingType ?? "") || appliedTo !== undefined || /^disc/i.test(name);
const digits = (name) => /\d+$/.exec(name)?.[0];

/**
 * The items of a new document from lines of a table, `{ name, amount, processingType, appliedTo }`: a tax belongs to
 * the item with its number, or else to the one before it; a discount to the item that it names, or to the one before
 */
export function itemsOf(lines) {
  const items = [];
  for (const line of lines.filter((line) => !isTax(line))) {
    const before = items.findLast(({ appliedToItemId }) => appliedToItemId === undefined);
    const of = isDiscount(line) ? (line.appliedTo ?? before?.id) : undefined;
    items.push({
      id: line.name,
      amount: decimalText(line.amount ?? line.balance),
      appliedToItemId: of,
      quantity: line.quantity,
      unitPrice: line.unit_price,
      taxItems: [],
    });
  }
  for (const [place, line] of lines.entries()) {
    if (!isTax(line)) continue;
    const byNumber = items.find(
      ({ id }) => digits(id) !== undefined && digits(id) === digits(line.name),
    );
    const before = lines.slice(0, place).findLast((line) => !isTax(line));
    const item = byNumber ?? items.find(({ id }) => id === before?.name);
    const amount = decimalText(line.amount ?? line.balance);
    item.taxItems.push({ id: line.name, amount, name: line.name, jurisdiction: "US", rate: "0.1" });
  }
  return items;
}

/** Before all days of the sources: what is dated by none of them is of this one. */
export const DAY = "2000-01-01";

/** An account with its book. */
export class Account {
  #setoff;
  #count = 0;

  constructor(setoff, options = {}) {
    this.#setoff = setoff;
    this.book = new setoff.Book({ currency: "USD", accountId: "A-001", ...options });
  }

  free() {
    this.book.free();
  }

  /** Carries a command out; a new identifier where it makes a document and names none. Returns the outcome. */
  do(type, fields = {}) {
    const makes = /^(create|pay|refund|writeOff|reverse)/.test(type);
    const id = makes ? { id: `${type}-${(this.#count += 1)}` } : {};
    return this.book.execute({ type, at: DAY, ...id, ...fields });
  }

  /** The code of the refusal, or undefined if the command was carried out. */
  refusal(type, fields) {
    try {
      this.do(type, fields);
      return undefined;
    } catch (error) {
      if (!this.#setoff.isSetoffError(error)) throw error;
      return error.code;
    }
  }

  /** A posted invoice of a total, or of items. Returns its identifier. */
  invoice(items, fields) {
    return this.#create("createInvoice", items, fields);
  }

  /** A posted credit memo. */
  creditMemo(items, fields) {
    return this.#create("createCreditMemo", items, fields);
  }

  /** A posted debit memo. */
  debitMemo(items, fields) {
    return this.#create("createDebitMemo", items, fields);
  }

  #create(type, items, fields) {
    const list = Array.isArray(items) ? items : [{ id: "1", amount: decimalText(items) }];
    return this.do(type, { autoPost: true, items: list, ...fields }).document.id;
  }

  payment(amount, fields) {
    return this.do("createPayment", { amount: decimalText(amount), ...fields }).document.id;
  }

  /** A document as it stands. */
  document(of, id) {
    return this.book.query({ of, where: { id } }).rows[0];
  }

  /** The items of a document. */
  items(documentId) {
    return this.book.query({ of: "item", where: { documentId }, page: { size: 1000 } }).rows;
  }

  /** The lines of a document, each item followed by its tax items, by the words of the sources. */
  lines(documentId) {
    const kinds = {
      discount: "Discount",
      charge: "Charge",
      rounding: "Rounding",
      prepayment: "Prepayment",
    };
    const line = (line, processingType) => ({
      name: line.id,
      amount: line.amount,
      amount_without_tax: line.amount,
      balance: line.openAmount,
      balance_after: line.openAmount,
      balance_before: subtract(add(line.amount, line.nettedAmount), "0"),
      unapplied: line.openAmount,
      applied: line.appliedAmount,
      available_to_credit: line.availableToCreditAmount,
      quantity: line.quantity,
      unit_price: line.unitPrice,
      processingType,
      processing_type: processingType,
    });
    return this.items(documentId).flatMap((item) => [
      line(item, kinds[item.processingType]),
      ...item.taxItems.map((tax) => line(tax, "Tax")),
    ]);
  }

  parts(where) {
    return this.book.query({ of: "part", where, page: { size: 1000 } }).rows;
  }

  partItems(where) {
    return this.book.query({ of: "partItem", where, page: { size: 1000 } }).rows;
  }

  /** Settles lines of an invoice by a payment, so that each has what the source says: `{ name: amount }`. */
  pay(invoiceId, amounts, total) {
    const names = new Map(
      this.items(invoiceId).flatMap(({ id, taxItems }) => [
        [id, "invoiceItemId"],
        ...taxItems.map((tax) => [tax.id, "taxItemId"]),
      ]),
    );
    const paid = Object.entries(amounts).filter(([, amount]) => sign(amount) !== 0);
    const items = paid.map(([name, amount]) => ({
      [names.get(name)]: name,
      amount: decimalText(amount),
    }));
    const amount = total ?? add(...paid.map(([, amount]) => amount));
    return this.payment(amount, { invoices: [{ invoiceId, items }] });
  }
}
