// What somebody wants settled, as plain data; and the one command that it stands for.

/**
 * @typedef {object} Settlement
 * @property {{ type: "creditMemo" | "payment", id: string } | AllCredits | null} source
 * @property {"allOpen" | Target[]} targets
 * @property {"proration" | "fifo" | "lifo" | "sourceItem" | "explicit"} rule
 * @property {string} at
 * @property {"dueDate" | "date" | "number" | "largest" | "smallest"} [order] of documents; left out: the oldest first
 * @property {"skipNonPositive"} [signs] left out: negative lines count with their sign
 */

/**
 * A document that is paid. With the rule `explicit`, its `lines` are stated one by one; the engine's side adds `items`,
 * which name the lines of the credit that pay them.
 *
 * @typedef {object} Target
 * @property {"invoice" | "debitMemo"} type
 * @property {string} id
 * @property {string} [amount]
 * @property {{ itemId: string, taxItemId: string | null, amount: string }[]} [lines]
 * @property {object[]} [items]
 */

/**
 * All credit memos and payments of one currency that have something left, the oldest first.
 *
 * @typedef {{ type: "allOpen", currency: string }} AllCredits
 */

/** Whether all credits are applied, and not one of them. */
export const isOfAll = ({ source }) => source?.type === "allOpen";

/** The settlement that a sample's command stands for. */
export function settlementOf({ at, creditMemoId, paymentId, rule, invoices }) {
  const source =
    creditMemoId === undefined
      ? { type: "payment", id: paymentId }
      : { type: "creditMemo", id: creditMemoId };
  const targets =
    invoices === "allOpen"
      ? "allOpen"
      : invoices.map(({ invoiceId, amount }) => ({
          type: "invoice",
          id: invoiceId,
          ...(amount !== undefined && { amount }),
        }));
  return { source, targets, rule, at };
}

/** What is still to be chosen before there is a command; `null` when nothing is. */
export function missingOf({ source, targets, rule }) {
  if (source === null) return "noSource";
  if (targets.length === 0) return "noTargets";
  const isStated = rule !== "explicit" || (targets !== "allOpen" && targets.some(hasItems));
  return isStated ? null : "nothingStated";
}

const hasItems = ({ items = [] }) => items.length > 0;

/** The command of a settlement of which nothing is missing. */
export function commandOf(form) {
  const { targets, rule, at, order, signs } = form;
  return {
    ...from(form, at),
    rule,
    ...(rule === "sourceItem" && { fallback: "proration" }),
    ...(order !== undefined && { documentOrder: [order] }),
    ...(signs !== undefined && { signs }),
    ...targetsOf(form),
  };
}

function targetsOf(form) {
  const { targets, rule } = form;
  if (isOfAll(form)) return named(targets);
  if (rule !== "explicit") return wanted(targets);
  // The amount of a document is the sum of its lines.
  return wanted(targets.filter(hasItems).map(({ type, id, items }) => ({ type, id, items })));
}

/** What pays. */
function from({ source }, at) {
  const { type, id, currency } = source;
  if (type === "allOpen") return { type: "applyCredits", at, sources: "allOpen", currency };
  if (type === "payment") return { type: "applyPayment", at, paymentId: id };
  return { type: "applyCreditMemo", at, creditMemoId: id };
}

/** The documents without their amounts: all credits together settle as much of each as can be. */
function named(targets) {
  if (targets === "allOpen") return wanted(targets);
  const command = {};
  for (const { type, id } of targets) {
    command[`${type}s`] ??= [];
    command[`${type}s`].push(id);
  }
  return command;
}

function wanted(targets) {
  if (targets === "allOpen") return { invoices: "allOpen", debitMemos: "allOpen" };
  const command = {};
  for (const { type, id, amount, items } of targets) {
    command[`${type}s`] ??= [];
    command[`${type}s`].push({
      [`${type}Id`]: id,
      ...(amount !== undefined && { amount }),
      ...(items !== undefined && { items }),
    });
  }
  return command;
}

/** The document of a refusal's path, such as `invoices[1].amount`. */
export function documentAt(command, segments) {
  const [list, place] = segments;
  const wanted = Array.isArray(command[list]) ? command[list][place] : undefined;
  if (typeof wanted === "string") return wanted;
  return wanted?.invoiceId ?? wanted?.debitMemoId ?? null;
}

/** The line of a refusal's path, such as `invoices[1].items[0].amount`, as the command names it; `null` without. */
export function lineAt(command, [list, place, items, item]) {
  if (items !== "items") return null;
  const { invoiceItemId, debitMemoItemId, taxItemId } = command[list]?.[place]?.items?.[item] ?? {};
  return { itemId: invoiceItemId ?? debitMemoItemId, taxItemId };
}
