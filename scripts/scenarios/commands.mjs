// Commands as rows: the operation, its document and its details.
import { fields, quote, withMore } from "./words.mjs";

const kinds = ["invoice", "creditMemo", "debitMemo", "payment", "refund"];
const spokenVerbs = { writeOff: "write off" };
const spoken = { creditMemo: "memo", debitMemo: "debit memo" };
/** The row of a command, without what is expected. */
export function commandRow({ type, at, ...rest }) {
  if (type === "bulk") {
    const { commands, ...options } = rest;
    return { cells: ["bulk", "", [at, ...fields(options)]], commands: commands.map(commandRow) };
  }
  if (type === "undo") return { cells: ["undo", rest.applicationGroupId, [at]] };
  if (type === "closePeriods") return { cells: ["close periods", "", [at, ...fields(rest)]] };
  if (type === "changePlan") return changePlan(at, rest);

  const kind = kinds.find((name) => type.endsWith(capital(name)));
  if (kind === undefined) throw new Error(`no row for ${type}`);
  const verb = type.slice(0, -kind.length);
  if (verb === "create") return createRow(kind, at, rest);
  const { [`${kind}Id`]: document, ...details } = rest;
  return { cells: [spokenVerbs[verb] ?? verb, document, [at, ...detailsOf(verb, details)]] };
}

const capital = (name) => name[0].toUpperCase() + name.slice(1);

function createRow(kind, at, { id, autoPost, ...rest }) {
  const name = spoken[kind] ?? kind;
  const isDraft = kind !== "payment" && autoPost !== true;
  const details = kind === "payment" ? detailsOf("create", rest) : newDocument(rest);
  return { cells: [isDraft ? `draft ${name}` : name, id, [at, ...details]] };
}

function newDocument({ dueDate, autoApply, items, ...rest }) {
  const of = kinds.map((kind) => `${kind}Id`).filter((field) => field in rest);
  const others = Object.fromEntries(Object.entries(rest).filter(([name]) => !of.includes(name)));
  return [
    ...(dueDate === undefined ? [] : [`due ${dueDate}`]),
    ...fields(others),
    ...of.map((field) => `of ${quote(rest[field])}`),
    ...(autoApply ? ["apply when posted"] : []),
    ...(items?.length === 0 ? ["items none"] : []),
    ...(items ?? []).flatMap(lines),
  ];
}

/** An item, followed by its tax items. */
function lines({ taxItems = [], ...item }) {
  return [itemClause(item), ...taxItems.map((tax) => taxClause(tax, item.id))];
}

function itemClause({ id, amount, appliedToItemId, sourceItemId, taxMode, ...more }) {
  const words = [quote(id)];
  if (amount !== undefined) words.push(amount);
  if (appliedToItemId !== undefined) words.push("off", quote(appliedToItemId));
  if (sourceItemId !== undefined) words.push("of", quote(sourceItemId));
  if (taxMode === "inclusive") words.push("with tax");
  return withMore(words.join(" "), more);
}

function taxClause({ id, amount, ...more }, item) {
  if (amount === undefined && more.name === id && more.rate !== undefined) {
    const { name, rate, ...others } = more;
    return withMore(`${quote(id)} at ${rate} on ${quote(item)}`, others);
  }
  const words = amount === undefined ? [quote(id)] : [quote(id), amount];
  return withMore(`${words.join(" ")} on ${quote(item)}`, more);
}

/** What a command on a document says. */
function detailsOf(verb, { rule, fallback, signs, id, amount, ...rest }) {
  const { invoices = [], debitMemos = [], items = [], accountId, ...others } = rest;
  return [
    ...(id === undefined ? [] : [`as ${quote(id)}`]),
    ...(rule === undefined ? [] : [`by ${rule}`]),
    ...(fallback === undefined ? [] : [`else ${fallback}`]),
    ...(signs === "skipNonPositive" ? ["skip non-positive"] : []),
    ...(amount === undefined ? [] : [amount]),
    ...(accountId === undefined
      ? []
      : [verb === "transfer" ? `to ${quote(accountId)}` : `account ${quote(accountId)}`]),
    ...fields(others),
    ...[...invoices, ...debitMemos].flatMap(target),
    ...items.map((item) => (verb === "update" ? change(item) : lineAmount(item))),
  ];
}

function target({ amount, items, ...document }) {
  const [id] = Object.values(document);
  if (items === undefined) return [[quote(id), amount].filter(Boolean).join(" ")];
  const head = amount === undefined ? `${quote(id)}:` : `${quote(id)} ${amount}:`;
  return items.map((item) => `${head} ${pair(item)}`);
}

/** One line to one line. */
function pair(item) {
  const tax = "taxItemId" in item ? "tax " : "";
  const source = item.creditTaxItemId ?? item.creditMemoItemId;
  const to = item.taxItemId ?? item.invoiceItemId ?? item.debitMemoItemId;
  return `${tax}${source === undefined ? "" : `${quote(source)} to `}${quote(to)} ${item.amount}`;
}

function lineAmount({ amount, ...line }) {
  const [[field, id]] = Object.entries(line);
  return `${/tax/i.test(field) ? "tax " : ""}${quote(id)} ${amount}`;
}

/** A change of a line of a draft. */
function change(entry) {
  if (entry.add !== undefined) return `add ${itemClause(entry.add)}`;
  if (entry.delete !== undefined) return `delete ${quote(entry.delete)}`;
  const { id, amount, ...more } = entry;
  return withMore(["change", quote(id), amount].filter(Boolean).join(" "), more);
}

function changePlan(at, { change: request, billedBy, invoiceId, creditMemoId, refundId, ...rest }) {
  const { changes = [], currency, ...others } = request;
  const document = billedBy?.invoiceId ?? billedBy?.debitMemoId ?? "";
  const details = [
    at,
    ...(billedBy === undefined ? [] : [`item ${quote(billedBy.itemId)}`]),
    ...(invoiceId === undefined ? [] : [`invoice ${quote(invoiceId)}`]),
    ...(creditMemoId === undefined ? [] : [`credit memo ${quote(creditMemoId)}`]),
    ...(refundId === undefined ? [] : [`refund ${quote(refundId)}`]),
    ...(currency === undefined ? [] : [`change currency ${currency}`]),
    ...fields(rest),
    ...fields(others),
    ...changes.map(({ type, at: day, ...more }) => withMore(`${type} on ${day}`, more)),
  ];
  return { cells: ["change plan", document, details] };
}
