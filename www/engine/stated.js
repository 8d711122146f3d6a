// What somebody states line by line. A credit memo pays items from its items and taxes from its taxes. Which of its
// lines pays which amount is for the engine: it settles the amounts in a book of their own, first in, first out.
import { Book, isSetoffError } from "setoff";
import { isOfAll } from "../scenario/settle.js";
import { isNegative, isNil, negated } from "../words/amount.js";
import { added } from "./add.js";
import { lineKey } from "./documents.js";

const DAY = "2026-01-01";

/** Whether amounts are stated line by line. */
export const isStated = (form) =>
  form.rule === "explicit" && form.targets !== "allOpen" && !isOfAll(form);

/**
 * A settlement with the pairs of lines that its stated amounts stand for; what is still to be stated of each document
 * (`rests`); and why the credit cannot pay them (`refusal`).
 */
export function statedOf(documents, form) {
  if (!isStated(form)) return { form, rests: [] };
  const source = documents.sources().find(({ id }) => id === form.source?.id);
  if (source === undefined) return { form, rests: [] };
  const lines = form.targets.flatMap((target) => linesInOrder(documents, target));
  const rests = restsOf(documents, source, form);
  const pools =
    source.type === "payment"
      ? [{ pairs: lines.map((line) => ({ line, amount: line.amount })) }]
      : ["item", "tax"].map((kind) => poolOf(kind, lines, documents.lines(source), source));
  const short = pools.find((pool) => pool.short !== undefined)?.short;
  if (short !== undefined) return { form, rests, refusal: refusalOf(short, form) };
  const pairs = Map.groupBy(
    pools.flatMap((pool) => pool.pairs),
    ({ line }) => line.documentId,
  );
  const targets = form.targets.map((target) => ({
    ...target,
    items: (pairs.get(target.id) ?? []).map((pair) => itemOf(pair, target)),
  }));
  return { form: { ...form, targets }, rests };
}

/** The stated lines of a document in its own order, so that nothing depends on who typed what first. */
function linesInOrder(documents, { id, lines = [] }) {
  if (lines.length === 0) return [];
  const stated = new Map(lines.map((line) => [lineKey({ documentId: id, ...line }), line]));
  return documents
    .lines(documents.document(id))
    .filter(({ key }) => stated.has(key))
    .map((line) => ({ ...line, amount: stated.get(line.key).amount }));
}

/** The documents of which the stated lines do not come to the stated amount, and by how much. */
function restsOf(documents, { currency }, { targets }) {
  return targets.flatMap(({ id, amount, lines = [] }) => {
    if (amount === undefined) return [];
    const { number } = documents.document(id);
    try {
      const rest = added(currency, [amount, ...lines.map((line) => negated(line.amount))]);
      return isNil(rest) ? [] : [{ number, amount: rest }];
    } catch (error) {
      // What is no amount of this currency is refused where it is carried out.
      if (isSetoffError(error)) return [];
      throw error;
    }
  });
}

/** Which items (or taxes) of the credit pay which stated amounts; `short` where it has too little of that kind. */
function poolOf(kind, lines, giving, { currency, number }) {
  const wanted = lines.filter((line) => line.kind === kind);
  if (wanted.length === 0) return { pairs: [] };
  const own = giving.filter(
    (line) => line.kind === kind && !isNil(line.open) && !isNegative(line.open),
  );
  if (own.length === 0) return { short: { kind, number } };
  const book = new Book({ currency });
  const make = (type, id, amounts) => {
    const items = amounts.map((amount, place) => ({ id: `${place}`, amount }));
    return book.execute({ type, id, at: DAY, autoPost: true, items }).document;
  };
  // As stated, so that the engine refuses it where it is carried out.
  const asStated = { pairs: wanted.map((line) => ({ line, from: own[0], amount: line.amount })) };
  try {
    const opens = own.map(({ open }) => open);
    const { amount: left } = make("createCreditMemo", "C", opens);
    const stated = wanted.map(({ amount }) => amount);
    const { amount: sum } = make("createInvoice", "I", stated);
    if (isNegative(sum) || isNil(sum)) return asStated;
    const { applications, documents } = book.preview({
      ...{ type: "applyCreditMemo", at: DAY, creditMemoId: "C", rule: "fifo" },
      invoices: [{ invoiceId: "I" }],
    });
    const { after } = documents.find(({ documentId }) => documentId === "I");
    if (!isNil(after)) return { short: { kind, number, left, stated: sum } };
    const pairs = applications.flatMap(({ items }) =>
      items.map(({ source, target, amount }) => ({
        ...{ line: wanted[target.itemId], from: own[source.itemId], amount },
      })),
    );
    return { pairs };
  } catch (error) {
    if (isSetoffError(error)) return asStated;
    throw error;
  } finally {
    book.free();
  }
}

/** A pair of lines as the command names it. */
function itemOf({ line, from, amount }, { type }) {
  const isTax = line.kind === "tax";
  return {
    ...(from !== undefined &&
      (isTax ? { creditTaxItemId: from.taxItemId } : { creditMemoItemId: from.itemId })),
    ...(isTax ? { taxItemId: line.taxItemId } : { [`${type}ItemId`]: line.itemId }),
    amount,
  };
}

/** That the credit has too little for all items, or for all taxes: at the line of that kind that was typed last. */
function refusalOf({ kind, ...figures }, { targets }) {
  const ofKind = ({ taxItemId }) => (taxItemId === null) === (kind === "item");
  const target = targets.findLast(({ lines = [] }) => lines.some(ofKind));
  const line = target.lines.findLast(ofKind);
  return {
    ...{ code: "notEnoughOfKind", segments: [], message: "", details: { figures, reason: kind } },
    ...{ documentId: target.id, lineKey: lineKey({ documentId: target.id, ...line }) },
  };
}
