// What somebody wants settled, as plain data; and the one command that it stands for.

/**
 * @typedef {object} Settlement
 * @property {{ type: "creditMemo" | "payment", id: string } | AllCredits | null} source
 * @property {"allOpen" | { type: "invoice" | "debitMemo", id: string, amount?: string }[]} targets
 * @property {"proration" | "fifo" | "lifo" | "sourceItem"} rule
 * @property {string} at
 * @property {"dueDate" | "date" | "number" | "largest" | "smallest"} [order] of documents; left out: the oldest first
 * @property {"skipNonPositive"} [signs] left out: negative lines count with their sign
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
export function missingOf({ source, targets }) {
  if (source === null) return "noSource";
  return targets.length === 0 ? "noTargets" : null;
}

/** The command of a settlement of which nothing is missing. */
export function commandOf(form) {
  const { targets, rule, at, order, signs } = form;
  return {
    ...from(form, at),
    rule,
    ...(rule === "sourceItem" && { fallback: "proration" }),
    ...(order !== undefined && { documentOrder: [order] }),
    ...(signs !== undefined && { signs }),
    ...(isOfAll(form) ? named(targets) : wanted(targets)),
  };
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
  for (const { type, id, amount } of targets) {
    command[`${type}s`] ??= [];
    command[`${type}s`].push({ [`${type}Id`]: id, ...(amount !== undefined && { amount }) });
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
