// What every rival needs beside its numbers: documents by identifier, and requests that are checked. Each rival imports
// this file under an address of its own (`ledger.js?for=…`) and so gets a module of its own: the code is the same, but
// nothing that the runtime learns from one rival's numbers slows down, or speeds up, another rival.

/** A request that is refused, with the engine's code and path. */
export class Refusal extends Error {
  constructor(code, path) {
    super(`${path}: ${code}`);
    this.code = code;
    this.path = path;
  }
}

const COMMAND_FIELDS = new Set(["type", "at", "creditMemoId", "rule", "invoices"]);
const INVOICE_FIELDS = new Set(["invoiceId", "amount"]);
const DECIMAL = /^(-)?(?:0|[1-9]\d*)(?:\.(\d+))?$/;
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;

export class Ledger {
  #documents = new Map();

  /** Adds the document of a `createInvoice` or `createCreditMemo`, with its lines as the rival keeps them. */
  add(command, lines) {
    const {
      id,
      number = id,
      accountId = "",
      currency = "USD",
      at,
      date = at,
      dueDate = date,
    } = command;
    this.#documents.set(id, {
      id,
      isInvoice: command.type === "createInvoice",
      accountId,
      currency,
      isPosted: command.autoPost === true,
      // Compares as due date, date, number, id: no identifier has a control character.
      order: `${dueDate}\0${date}\0${number}\0${id}`,
      refs: command.items.map((item) =>
        Object.freeze({ documentId: id, itemId: item.id, taxItemId: null }),
      ),
      lines,
    });
  }

  /**
   * The memo of an `applyCreditMemo` and its `{ invoice, place, amount }` in document order; `readAmount(text, place)`
   * makes the rival's number of a stated amount.
   */
  resolve(command, readAmount) {
    checkFields(command, COMMAND_FIELDS);
    const { type, at, creditMemoId, rule, invoices } = command;
    if (type !== "applyCreditMemo") throw new Refusal("invalidChoice", "type");
    checkDay(at);
    if (rule !== undefined && rule !== "proration") throw new Refusal("invalidChoice", "rule");
    // The engine takes one text there, "allOpen", which the rivals do not know.
    if (typeof invoices === "string") throw new Refusal("invalidChoice", "invoices");
    if (!Array.isArray(invoices)) throw new Refusal("invalidType", "invoices");
    if (invoices.length === 0) throw new Refusal("missingField", "invoices");
    const memo = this.#documents.get(creditMemoId);
    if (memo === undefined || memo.isInvoice) throw new Refusal("documentNotFound", "creditMemoId");
    if (!memo.isPosted) throw new Refusal("invalidStatus", "creditMemoId");
    const entries = new Array(invoices.length);
    for (let place = 0; place < invoices.length; place++) {
      const stated = invoices[place];
      checkFields(stated, INVOICE_FIELDS, place);
      const invoice = this.#documents.get(stated.invoiceId);
      if (invoice === undefined || !invoice.isInvoice)
        throw refuse("documentNotFound", place, "invoiceId");
      if (!invoice.isPosted) throw refuse("invalidStatus", place, "invoiceId");
      if (invoice.accountId !== memo.accountId) throw refuse("accountMismatch", place, "invoiceId");
      if (invoice.currency !== memo.currency) throw refuse("currencyMismatch", place, "invoiceId");
      const amount = stated.amount === undefined ? undefined : readAmount(stated.amount, place);
      entries[place] = { invoice, place, amount };
    }
    entries.sort((a, b) =>
      a.invoice.order < b.invoice.order ? -1 : Number(a.invoice.order > b.invoice.order),
    );
    for (let index = 1; index < entries.length; index++) {
      const { invoice, place } = entries[index];
      if (invoice === entries[index - 1].invoice)
        throw refuse("duplicateEntry", place, "invoiceId");
    }
    return { memo, entries };
  }
}

/** The refusal of a field of the invoice at `place` of the request. */
export function refuse(code, place, field) {
  return new Refusal(code, `invoices[${place}].${field}`);
}

/** Refuses what is not the text of an amount above zero in a currency of two decimals. */
export function checkAmount(text, place) {
  if (typeof text !== "string") throw refuse("invalidType", place, "amount");
  const match = DECIMAL.exec(text);
  if (match === null) throw refuse("invalidDecimal", place, "amount");
  const [, minus, fraction] = match;
  if (fraction !== undefined && fraction.length > 2)
    throw refuse("tooManyDecimals", place, "amount");
  if (minus !== undefined || !/[1-9]/.test(text))
    throw refuse("amountNotPositive", place, "amount");
}

function checkFields(object, known, place) {
  const path = (field) =>
    place === undefined ? field : `invoices[${place}]${field && "."}${field}`;
  if (typeof object !== "object" || object === null) throw new Refusal("invalidType", path(""));
  for (const field in object) if (!known.has(field)) throw new Refusal("unknownField", path(field));
}

function checkDay(day) {
  if (typeof day !== "string") throw new Refusal("invalidType", "at");
  const match = DAY.exec(day);
  if (match === null) throw new Refusal("invalidDate", "at");
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (year === 0 || !(date >= 1 && date <= days[month - 1])) throw new Refusal("invalidDate", "at");
}
