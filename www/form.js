// The state of the form, and the one command that it stands for. Amounts stay the text that was typed: whether they are
// right is for the engine to say.
import { typed } from "./format.js";

/**
 * @typedef {{ id: string, source: string, target: string, amount: string }} ExplicitLine
 * @typedef {{ ticked: boolean, amount: string, lines: ExplicitLine[] }} Entry
 * @typedef {object} Form
 * @property {"apply" | "unapply"} mode
 * @property {string | null} sourceId the credit memo or payment; `null` in an account that has none
 * @property {string} at
 * @property {"proration" | "fifo" | "lifo" | "explicit"} rule
 * @property {boolean} everything unapply only: take all of it back, whatever is ticked
 * @property {Map<string, Entry>} entries by demand, in the order in which they are shown
 */

/** An untouched form. It offers every demand (apply), or those to which the source is applied (unapply). */
export function startForm(
  account,
  { mode, sourceId, at, rule = defaultRule(mode), everything = true },
) {
  const demandIds =
    mode === "apply"
      ? account.demands.map((demand) => demand.id)
      : [...(account.parts.get(sourceId)?.keys() ?? [])];
  const entries = new Map(demandIds.map((id) => [id, { ticked: false, amount: "", lines: [] }]));
  return { mode, sourceId, at, rule, everything, entries };
}

/** The rule that the engine takes when a command names none. */
function defaultRule(mode) {
  return mode === "apply" ? "proration" : "fifo";
}

/** A form that stands for this apply command, as far as the account has its documents. */
export function formOf(account, { at, creditMemoId, rule, invoices }) {
  const has = account.byId.has(creditMemoId);
  const sourceId = has ? creditMemoId : (account.sources[0]?.id ?? null);
  const form = startForm(account, { mode: "apply", sourceId, at, rule });
  for (const { invoiceId, amount } of invoices.filter((each) => form.entries.has(each.invoiceId))) {
    Object.assign(form.entries.get(invoiceId), { ticked: true, amount: amount ?? "" });
  }
  return form;
}

let lineCount = 0;

/** Adds a line from the first line of the source to the first of the demand, for a person to change. */
export function addLine(account, form, demandId) {
  const first = (documentId) => account.byId.get(documentId).lines[0].id;
  lineCount += 1;
  const line = {
    id: `line-${lineCount}`,
    source: first(form.sourceId),
    target: first(demandId),
    amount: "",
  };
  form.entries.get(demandId).lines.push(line);
  return line;
}

/** What is still to be chosen before there is a command to ask the engine about; `null` when nothing is. */
export function whatIsMissing(form) {
  if (form.sourceId === null) return "This account has no credit memo and no payment to apply.";
  if (form.mode === "unapply") {
    if (form.entries.size === 0) return `Nothing of ${form.sourceId} is applied.`;
    if (form.everything) return null;
  }
  if (form.entries.size === 0) return "This account has no invoice and no debit memo to settle.";
  const ticked = [...form.entries.values()].filter((entry) => entry.ticked);
  if (ticked.length === 0) return "Tick a document to see what would happen.";
  const typed = ticked.some((entry) => entry.lines.some((line) => line.amount.trim() !== ""));
  if (form.rule === "explicit" && !typed)
    return "Type an amount in a line to see what would happen.";
  return null;
}

/**
 * The lines of a demand that a line of a source can settle: items settle items and tax settles tax, a payment both.
 */
export function linesFor(source, demand) {
  return demand.lines.filter(({ kind }) => source.kind === "payment" || kind === source.kind);
}

/**
 * The command, and which control of the form each of its fields came from, by the path that an error gives.
 * Fields that were left empty are left out. There is no command (`null`) without a source.
 */
export function toCommand(account, form) {
  const source = account.byId.get(form.sourceId);
  if (source === undefined) return { command: null, controls: new Map() };

  const controls = new Map([
    [`${source.type}Id`, "source"],
    ["at", "at"],
    ["rule", "rule"],
    ["invoices", "demands"],
    ["debitMemos", "demands"],
  ]);
  const kind = source.type === "payment" ? "Payment" : "CreditMemo";
  const command = { type: `${form.mode}${kind}`, at: form.at, [`${source.type}Id`]: source.id };
  if (form.mode === "unapply" && form.everything) return { command, controls };

  command.rule = form.rule;
  for (const [demandId, entry] of form.entries) {
    if (!entry.ticked) continue;
    const demand = account.byId.get(demandId);
    const list = `${demand.type}s`;
    command[list] ??= [];
    const path = `${list}[${command[list].length}]`;
    const wanted = { [`${demand.type}Id`]: demandId };
    const amount = typed(entry.amount);
    if (amount !== "") wanted.amount = amount;
    controls.set(path, `amount:${demandId}`);
    if (form.rule === "explicit") {
      const lines = entry.lines.filter((line) => line.amount.trim() !== "");
      controls.set(`${path}.items`, `lines:${demandId}`);
      lines.forEach((line, position) =>
        controls.set(`${path}.items[${position}]`, `${line.id}:amount`),
      );
      if (lines.length > 0)
        wanted.items = lines.map((line) => toExplicitItem(source, demand, line));
    }
    command[list].push(wanted);
  }
  return { command, controls };
}

function toExplicitItem(source, demand, { source: from, target, amount }) {
  const isTax = (document, id) =>
    document.lines.some((line) => line.id === id && line.kind === "tax");
  const targetName = (tax) => (tax ? "taxItemId" : `${demand.type}ItemId`);
  if (source.type === "payment")
    return { [targetName(isTax(demand, target))]: target, amount: typed(amount) };
  const tax = isTax(source, from);
  return {
    [tax ? "creditTaxItemId" : "creditMemoItemId"]: from,
    [targetName(tax)]: target,
    amount: typed(amount),
  };
}
