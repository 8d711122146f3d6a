// What a settlement would do, laid out for the page: rows of both sides, and the ribbons between. All figures are the
// engine's; only how thick a ribbon is drawn is a number of the picture.
import { isSetoffError } from "setoff";
import { commandOf, documentAt, missingOf } from "../scenario/settle.js";
import { isNil, sizeOf } from "../words/amount.js";
import { daysLate, lineKey } from "./documents.js";

/** How many documents have a row of their own. The others share one row. */
const DOCUMENTS = 11;
/** Up to this number of lines, each is drawn by itself. */
const LINES = 24;
/** How many documents without a tick the picture offers. The list of documents has the others. */
const OFFERED = 8;

const OTHERS = "others";

/** The picture of a settlement, and the plan that it is drawn from (`null` where there is none). */
export function pictureOf(book, documents, form) {
  const sources = documents.sources();
  const source = sources.find(({ id }) => id === form.source?.id) ?? null;
  const [first = documents.demands(null)[0]] = sources;
  const currency = source?.currency ?? first?.currency ?? null;
  const missing = source === null ? "noSource" : missingOf(form);
  const base = { version: book.version, source, currency, missing };
  const attempt = missing === null ? previewOf(book, form) : {};
  const context = { book, documents, form, source, currency, ...attempt };
  const picture = attempt.plan === undefined ? withoutPlan(context) : withPlan(context);
  return { plan: attempt.plan ?? null, picture: { ...base, ...picture, refusal: attempt.refusal } };
}

/** The engine's plan, or its refusal as plain data. */
function previewOf(book, form) {
  const command = commandOf(form);
  try {
    return { command, plan: book.preview(command) };
  } catch (error) {
    if (!isSetoffError(error)) throw error;
    const { code, path, segments, details, message } = error;
    const facts = { code, path, segments, details, message };
    return { command, refusal: { ...facts, documentId: documentAt(command, segments) } };
  }
}

/** The documents as they are, for somebody who has still to choose. */
function withoutPlan({ documents, form, source, currency }) {
  const demands = documents.demands(currency);
  const wanted = new Set(wantedIds(form, demands));
  const ticked = demands.filter(({ id }) => wanted.has(id));
  const shown = inOrder(demands, ticked.slice(0, DOCUMENTS), wanted);
  return {
    sourceLines: source === null ? [] : documents.lines(source).slice(0, LINES).map(asItIs),
    targets: shown.map((demand) => targetRow(demand, { form, isTicked: wanted.has(demand.id) })),
    ...counts(demands, wanted, shown),
    others: null,
    ribbons: [],
  };
}

function withPlan({ book, documents, form, source, currency, command, plan }) {
  const demands = documents.demands(currency);
  const byId = documents.demandsById(currency);
  const sums = book.sums(command, { by: "document", top: DOCUMENTS + 1 });
  const moved = sums.rows.filter(({ documentId }) => documentId !== source.id);
  const [others] = sums.others;
  const lineCount = moved.reduce((sum, { lines }) => sum + lines, others?.lines ?? 0);
  const byLine = others === undefined && lineCount <= LINES;
  const wanted = new Set(wantedIds(form, demands));
  // With `allOpen`, those that nothing was left for are not what somebody asked for.
  const unpaid = plan.notices
    .filter(({ code }) => code === "nothingApplied")
    .map((n) => n.documentId);
  const sumOf = new Map(moved.map((sum) => [sum.documentId, sum]));
  const ticked = [...new Set([...moved.map((sum) => sum.documentId), ...(byLine ? wanted : [])])];
  const shown = inOrder(
    demands,
    ticked.map((id) => byId.get(id)).filter((demand) => demand !== undefined),
    wanted,
  );
  const parts = byLine ? partsByLine(book, command) : new Map();
  const targets = shown.map((demand) => {
    const sum = sumOf.get(demand.id);
    const lines = byLine && wanted.has(demand.id) ? linesOf(documents, demand, parts) : null;
    return targetRow(demand, { form, isTicked: wanted.has(demand.id), sum, lines });
  });
  return {
    fingerprint: plan.fingerprint,
    command,
    amount: plan.amount,
    left: plan.document.unappliedAmount,
    paid: moved.length + (others?.rows ?? 0),
    kinds: [...new Set(plan.applications.map(({ targetType }) => targetType))],
    lineCount,
    byLine,
    closed: closedOf(plan, source),
    unpaid: unpaid
      .filter((id) => id !== source.id)
      .map((id) => byId.get(id)?.number ?? id)
      .slice(0, 5),
    unpaidCount: Math.max(unpaid.length, wanted.size - moved.length - (others?.rows ?? 0)),
    notices: plan.notices.filter(({ code }) => code !== "nothingApplied").map(({ code }) => code),
    sourceLines: sourceLines(book, documents, source, command),
    targets,
    ...counts(demands, wanted, shown),
    others: others ?? null,
    ribbons: byLine ? ribbonsByLine(plan) : ribbonsByDocument(plan, sumOf),
  };
}

/** How many documents the plan settles in full. */
const closedOf = ({ documents }, source) =>
  documents.filter(({ documentId, after }) => documentId !== source.id && isNil(after)).length;

const wantedIds = ({ targets }, demands) =>
  targets === "allOpen" ? demands.map(({ id }) => id) : targets.map(({ id }) => id);

/** The documents that have a row, in their own order: so none jumps when it is ticked. */
function inOrder(demands, ticked, wanted) {
  const rows = new Set(ticked);
  let offered = 0;
  for (const demand of demands) {
    if (rows.size >= DOCUMENTS + OFFERED || offered >= OFFERED) break;
    if (wanted.has(demand.id)) continue;
    rows.add(demand);
    offered += 1;
  }
  return demands.filter((demand) => rows.has(demand));
}

const counts = (demands, wanted, shown) => ({
  ticked: wanted.size,
  open: demands.length,
  hidden: demands.length - shown.length,
});

/** A document that can be settled, with its tick and its amount. */
function targetRow({ id, type, number, dueDate, balance }, { form, isTicked, sum, lines = null }) {
  return {
    ...{ id, type, number, dueDate, late: daysLate({ dueDate }, form.at), isTicked },
    before: sum?.before ?? balance,
    after: sum?.after ?? balance,
    amount: sum?.change ?? null,
    lineCount: sum?.lines ?? 0,
    lines,
  };
}

/** What each line of the plan moves. */
function partsByLine(book, command) {
  const { rows } = book.sums(command, { by: "line" });
  return new Map(rows.map((row) => [lineKey({ itemId: null, taxItemId: null, ...row }), row]));
}

function linesOf(documents, demand, parts) {
  const lines = documents.lines(demand).filter(({ key, open }) => parts.has(key) || !isNil(open));
  return lines.map((line) => movedLine(line, parts.get(line.key)));
}

/** A line with what it gets. */
export function movedLine({ key, label, of, kind, open }, part) {
  return {
    ...{ key, label, of, kind },
    before: part?.before ?? open,
    after: part?.after ?? open,
    amount: part?.change ?? null,
  };
}

/** The lines of the source with what they give; of very many, those that give most. */
function sourceLines(book, documents, source, command) {
  const lines = documents.lines(source);
  const { rows } = book.sums(command, { by: "line", top: 40 });
  const own = rows.filter(({ documentId }) => documentId === source.id);
  const parts = new Map(
    own.map((row) => [lineKey({ itemId: null, taxItemId: null, ...row }), row]),
  );
  if (parts.size < lines.length && lines.length <= LINES) {
    // The largest of both sides left some of these out.
    for (const row of book.sums(command, { by: "line" }).rows) {
      if (row.documentId === source.id)
        parts.set(lineKey({ itemId: null, taxItemId: null, ...row }), row);
    }
  }
  const many = lines.length > LINES;
  const shown = many ? lines.filter(({ key }) => parts.has(key)).slice(0, LINES) : lines;
  return shown.map((line) => sourceLine(line, parts.get(line.key) ?? {}));
}

const asItIs = (line) => sourceLine(line, {});

const sourceLine = ({ key, label, of, kind, open }, { change, before, after }) => ({
  ...{ key, label, of, kind, amount: change ?? null },
  before: before ?? open,
  after: after ?? open,
});

/** A ribbon for each pair of lines. */
function ribbonsByLine(plan) {
  return plan.applications.flatMap(({ items }) =>
    items.map(({ source, target, amount }) => ({
      ...{ from: lineKey(source), to: lineKey(target), amount, size: sizeOf(amount) },
    })),
  );
}

/** A ribbon for each line of the source and each document. */
function ribbonsByDocument(plan, sumOf) {
  const sizes = new Map();
  for (const { targetId, items } of plan.applications) {
    const to = sumOf.has(targetId) ? targetId : OTHERS;
    for (const { source, amount } of items) {
      const from = lineKey(source);
      const key = `${from} ${to}`;
      const ribbon = sizes.get(key) ?? { from, to, amount: null, size: 0 };
      ribbon.size += Number(amount);
      sizes.set(key, ribbon);
    }
  }
  return [...sizes.values()];
}
