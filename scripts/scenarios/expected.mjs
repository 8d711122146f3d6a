// What a step expects, as clauses.
import { fields, lineOf, quote, shortLine } from "./words.mjs";

const figures = {
  unappliedAmount: "unapplied",
  taxAmount: "tax",
  appliedAmount: "applied",
  refundAmount: "refunded",
  availableToCreditAmount: "creditable",
};
const notices = {
  nothingApplied: "nothing",
  fallbackUsed: "fallback",
  fifoInsteadOfProration: "fifo",
};

/**
 * What a step expects of its command: clauses, and a table of the pairs of lines where they take more than a few words.
 * `…` stands where a case leaves open what is settled.
 */
export function expected({ expect = {}, error }, document, openAmount) {
  if (error !== undefined) return { clauses: [refusal(error)] };
  const { applications, documents, lines, results: _, ...rest } = expect;
  const whole = applications?.length === 1 ? expect.amount : undefined;
  const full = (applications ?? []).map((application) => completed(application, whole));
  const isLong = full.some(({ items = [] }) => items.length > 2);
  const clauses = [
    ...list(applications && full, "applications", (entry) => applied(entry, document, isLong)),
    ...(openAmount === undefined ? [] : [openAmount]),
    ...top(rest),
    ...list(documents, "documents", ({ documentId, ...open }) => moved(quote(documentId), open)),
    ...list(lines, "lines", ({ line, ...open }) => moved(lineOf(line), open)),
  ];
  const isOpen = applications === undefined && openAmount === undefined;
  return { clauses: isOpen ? [...clauses, "…"] : clauses, table: isLong ? pairTable(full) : [] };
}

/** An application with both its documents and its amount, which its items have where it does not say them itself. */
function completed({ sourceId, targetId, amount, items = [], ...more }, whole) {
  const [first] = items;
  return {
    ...more,
    items,
    sourceId: sourceId ?? first?.source.documentId,
    targetId: targetId ?? first?.target.documentId,
    amount: amount ?? (items.length > 0 ? sumOf(items.map((item) => item.amount)) : whole),
  };
}

const pairTable = (applications) => [
  [">", ["source", "target", "amount"]],
  ...applications.flatMap(({ items }) =>
    items.map(({ source, target, amount }) => [">", [lineOf(source), lineOf(target), amount]]),
  ),
];

export function refusal({ code, path, sentence, says = sentence }) {
  const place = path === undefined ? "" : ` at ${quote(path)}`;
  const inner = says === undefined ? "" : ` (says "${says.replace(/[\\"]/g, "\\$&")}")`;
  return `refused ${code}${place}${inner}`;
}

/** The rows of a bulk, with what each comes to. */
export function results(commands, results) {
  return commands?.map((row, index) => {
    const { success, document, error } = results?.[index] ?? {};
    const clauses = success === false ? refused(error) : ["done", ...shown(document)];
    return { ...row, cells: [...row.cells, success === undefined ? [] : clauses] };
  });
}

const refused = (error) =>
  error === undefined ? ["refused"] : [refusal({ ...error, ...error.details })];

const list = (entries, name, write) =>
  entries?.length === 0 ? [`no ${name}`] : (entries ?? []).map(write);

function top({ amount, applicationGroupId, version, at, type, document, created, notices: said }) {
  return [
    ...(amount === undefined ? [] : [`settles ${amount ?? "nothing"}`]),
    ...(applicationGroupId === undefined ? [] : [`group ${applicationGroupId ?? "nothing"}`]),
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(at === undefined ? [] : [`day ${at}`]),
    ...(type === undefined ? [] : [`command ${type}`]),
    ...shown(document),
    ...(created ?? []).map(({ id, ...more }) => `makes ${quote(id)} (${shown(more).join(", ")})`),
    ...list(said, "notices", ({ code, documentId }) => `${notices[code]} for ${quote(documentId)}`),
  ];
}

/** Figures of a document. */
function shown(document) {
  if (document === null) return ["no document"];
  return Object.entries(document ?? {}).flatMap(([name, value]) =>
    figures[name] === undefined ? fields({ [name]: value }) : [`${figures[name]} ${value}`],
  );
}

const moved = (place, { before, after }) => {
  if (after === undefined) return `${place} changes`;
  return before === undefined ? `${place} now ${after}` : `${place} from ${before} to ${after}`;
};

/** `INV-1 40.00`, or with both documents where neither is that of the row. */
function applied({ sourceId, targetId, amount, ruleUsed, items }, document, isInTable) {
  const sides = [sourceId, targetId].filter((id) => id !== undefined && id !== document);
  const rule = ruleUsed === undefined ? "" : ` by ${ruleUsed}`;
  const pairs = isInTable ? "" : items.map(pair).join(", ");
  return `${sides.map(quote).join(" to ")} ${amount}${rule}${pairs === "" ? "" : ` (${pairs})`}`;
}

function pair({ source, target, amount }) {
  const [from, to] = [shortLine(source), shortLine(target)];
  if (from === "") return `to ${to} ${amount}`;
  return to === "" ? `${from} ${amount}` : `${from} to ${to} ${amount}`;
}

/** What a new document comes to, where its lines say so. */
export function openAmountOf({ type, items, autoApply }) {
  if (!/^create(Invoice|CreditMemo|DebitMemo)$/.test(type) || autoApply || !items?.length) return;
  const lines = items.flatMap(({ taxItems = [], ...item }) => [item, ...taxItems]);
  const isStated = lines.every(({ amount }) => /\.\d\d$/.test(amount ?? ""));
  if (!isStated || items.some(({ sourceItemId }) => sourceItemId !== undefined)) return;
  const word = type === "createCreditMemo" ? "unapplied" : "balance";
  return `${word} ${sumOf(lines.map(({ amount }) => amount))}`;
}

/** The sum of amounts with the same decimals. */
function sumOf(amounts) {
  const decimals = (amounts[0].split(".")[1] ?? "").length;
  const sum = amounts.reduce((total, amount) => total + BigInt(amount.replace(".", "")), 0n);
  const digits = String(sum < 0n ? -sum : sum).padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  const whole = decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return sum < 0n ? `-${whole}` : whole;
}
