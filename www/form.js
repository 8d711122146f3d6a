// The state of the form, and the one command that it stands for. Amounts stay the text that was typed: whether they are
// right is for the engine to say.

/**
 * @typedef {{ id: string, kind: "item" | "tax", source: string, target: string, amount: string }} ExplicitLine
 * @typedef {{ ticked: boolean, amount: string, lines: ExplicitLine[] }} Entry
 * @typedef {object} Form
 * @property {"apply" | "unapply"} mode
 * @property {string} creditMemoId
 * @property {string} at
 * @property {"proration" | "fifo" | "explicit"} rule
 * @property {boolean} everything unapply only: take all of it back, whatever is ticked
 * @property {Map<string, Entry>} entries by invoice, in the order in which they are shown
 */

/** An untouched form. It offers every invoice (apply), or those to which the memo is applied (unapply). */
export function startForm(account, { mode, creditMemoId, at, rule = defaultRule(mode), everything = true }) {
  const invoiceIds =
    mode === "apply"
      ? account.invoices.map((invoice) => invoice.id)
      : account.parts.filter((part) => part.sourceId === creditMemoId).map((part) => part.targetId);
  const entries = new Map(invoiceIds.map((id) => [id, { ticked: false, amount: "", lines: [] }]));
  return { mode, creditMemoId, at, rule, everything, entries };
}

/** The rule that the engine takes when a command names none. */
function defaultRule(mode) {
  return mode === "apply" ? "proration" : "fifo";
}

/** A form that stands for this apply command. */
export function formOf(account, { at, creditMemoId, rule, invoices }) {
  const form = startForm(account, { mode: "apply", creditMemoId, at, rule });
  for (const { invoiceId, amount } of invoices) {
    Object.assign(form.entries.get(invoiceId), { ticked: true, amount: amount ?? "" });
  }
  return form;
}

let lineCount = 0;

/** Adds a line from the first item of the memo to the first item of the invoice, for a person to change. */
export function addLine(account, form, invoiceId) {
  const first = (documentId) => account.byId.get(documentId).lines[0].id;
  lineCount += 1;
  const line = {
    id: `line-${lineCount}`,
    kind: "item",
    source: first(form.creditMemoId),
    target: first(invoiceId),
    amount: "",
  };
  form.entries.get(invoiceId).lines.push(line);
  return line;
}

/** What is still to be chosen before there is a command to ask the engine about; `null` when nothing is. */
export function whatIsMissing(form) {
  if (form.mode === "unapply") {
    if (form.entries.size === 0) return `Nothing of ${form.creditMemoId} is applied.`;
    if (form.everything) return null;
  }
  const ticked = [...form.entries.values()].filter((entry) => entry.ticked);
  if (ticked.length === 0) return "Tick an invoice to see what would happen.";
  const typed = ticked.some((entry) => entry.lines.some((line) => line.amount.trim() !== ""));
  if (form.rule === "explicit" && !typed) return "Type an amount in a line to see what would happen.";
  return null;
}

/**
 * The command, and which control of the form each of its fields came from, by the path that an error gives.
 * Fields that were left empty are left out.
 */
export function toCommand(form) {
  const controls = new Map([
    ["creditMemoId", "memo"],
    ["at", "at"],
    ["rule", "rule"],
    ["invoices", "invoices"],
  ]);
  const command = {
    type: form.mode === "apply" ? "applyCreditMemo" : "unapplyCreditMemo",
    at: form.at,
    creditMemoId: form.creditMemoId,
  };
  if (form.mode === "unapply" && form.everything) return { command, controls };

  const ticked = [...form.entries].filter(([, entry]) => entry.ticked);
  command.rule = form.rule;
  command.invoices = ticked.map(([invoiceId, entry], index) => {
    const path = `invoices[${index}]`;
    const invoice = { invoiceId };
    const amount = entry.amount.trim();
    if (amount !== "") invoice.amount = amount;
    controls.set(path, `amount:${invoiceId}`);
    if (form.rule === "explicit") {
      const lines = entry.lines.filter((line) => line.amount.trim() !== "");
      controls.set(`${path}.items`, `lines:${invoiceId}`);
      lines.forEach((line, position) => controls.set(`${path}.items[${position}]`, `${line.id}:amount`));
      if (lines.length > 0) invoice.items = lines.map(toExplicitItem);
    }
    return invoice;
  });
  return { command, controls };
}

function toExplicitItem({ kind, source, target, amount }) {
  return kind === "item"
    ? { creditMemoItemId: source, invoiceItemId: target, amount: amount.trim() }
    : { creditTaxItemId: source, taxItemId: target, amount: amount.trim() };
}
