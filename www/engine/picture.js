// What a settlement would do, laid out for the page: rows of both sides, and the ribbons between. All figures are the
// engine's; only how thick a ribbon is drawn is a number of the picture.
import { isSetoffError } from "setoff";
import { commandOf, documentAt, isOfAll, lineAt, missingOf } from "../scenario/settle.js";
import { isNil } from "../words/amount.js";
import { byLineKey, daysLate, lineKey } from "./documents.js";
import { givenByAll, givenByLine, isGiver, lineRow, LINES } from "./givers.js";
import { isStated, statedOf } from "./stated.js";

/** How many documents have a row of their own. The others share one row. */
const DOCUMENTS = 11;
/** How many documents without a tick the picture offers. The list of documents has the others. */
const OFFERED = 8;

const OTHERS = "others";

/** The picture of a settlement, and the plan that it is drawn from (`null` where there is none). */
export function pictureOf(book, documents, form) {
  const sources = documents.sources();
  const source = sourceOf(book, sources, form);
  const [first = documents.demands(null)[0]] = sources;
  const currency = source?.currency ?? first?.currency ?? null;
  const { rests, refusal, ...stated } = statedOf(documents, form);
  const missing = source === null ? "noSource" : missingOf(stated.form);
  const base = { version: book.version, source, currency, missing, rests };
  const attempt = missing === null ? previewOf(book, documents, stated.form) : { refusal };
  const context = { book, documents, form, source, currency, ...attempt };
  const picture = attempt.plan === undefined ? withoutPlan(context) : withPlan(context);
  return { plan: attempt.plan ?? null, picture: { ...base, ...picture, refusal: attempt.refusal } };
}

/** The source that somebody has chosen, or all of them together; `null` without. */
function sourceOf(book, sources, form) {
  if (!isOfAll(form)) return sources.find(({ id }) => id === form.source?.id) ?? null;
  const { type, currency } = form.source;
  const all = sources.filter((source) => source.currency === currency);
  return all.length === 0 ? null : { type, currency, number: "the credits", count: all.length };
}

/** The engine's plan, or its refusal as plain data. */
function previewOf(book, documents, form) {
  const command = commandOf(form);
  try {
    return { command, plan: book.preview(command) };
  } catch (error) {
    if (!isSetoffError(error)) throw error;
    const { code, path, segments, details, message } = error;
    const facts = { code, path, segments, details, message };
    const documentId = documentAt(command, segments);
    return {
      command,
      refusal: { ...facts, documentId, ...lineOf(documents, command, facts) },
    };
  }
}

/** The line that a refusal is about, and its name; `null` where it is about no line. */
function lineOf(documents, command, { segments }) {
  const named = lineAt(command, segments);
  if (named === null) return { lineKey: null };
  const { itemId, taxItemId } = named;
  const lines = documents.lines(documents.document(documentAt(command, segments)));
  const isIt = (line) =>
    taxItemId === undefined
      ? line.itemId === itemId && line.taxItemId === null
      : line.taxItemId === taxItemId;
  const { key: lineKey = null, label: line } = lines.find(isIt) ?? {};
  return { lineKey, line };
}

/** The documents as they are, for somebody who has still to choose. */
function withoutPlan({ documents, form, source, currency }) {
  const demands = documents.demands(currency);
  const wanted = new Set(wantedIds(form, demands));
  const ticked = demands.filter(({ id }) => wanted.has(id));
  const shown = inOrder(demands, ticked.slice(0, DOCUMENTS), wanted);
  const toState = statedRows(documents, form, ticked);
  return {
    sourceLines: givers(source, documents).slice(0, LINES),
    targets: shown.map((demand) => {
      const isTicked = wanted.has(demand.id);
      return targetRow(demand, { form, isTicked, ...(isTicked && toState?.rowsOf(demand)) });
    }),
    ...counts(demands, wanted, shown),
    others: null,
    ribbons: [],
  };
}

/** Who could pay, as they are. */
function givers(source, documents) {
  if (source === null) return [];
  const isAll = source.type === "allOpen";
  const all = isAll
    ? documents.sources().filter(({ currency }) => currency === source.currency)
    : [source];
  return all.slice(0, LINES).flatMap((each) =>
    documents.lines(each).map((line, place) => ({
      ...lineRow(line, each),
      isFirst: isAll && place === 0,
    })),
  );
}

/** What the plan moves, and the documents as they are before and after it. */
function withPlan(context) {
  const { documents, form, currency, command, plan } = context;
  const demands = documents.demands(currency);
  const wanted = new Set(wantedIds(form, demands));
  const { given, moved, others } = sidesOf(context);
  const sumOf = new Map(moved.map((sum) => [sum.documentId, sum]));

  const ticked = demands.filter(({ id }) => wanted.has(id));
  const toState = statedRows(documents, form, ticked);
  const lineCount = moved.reduce((sum, { lines }) => sum + lines, others?.lines ?? 0);
  const byLine = toState?.byLine ?? (others === undefined && lineCount <= LINES);
  // Line by line, or where amounts are stated, a document with a tick has a row also if it gets nothing.
  const also = byLine || toState !== undefined ? [...wanted].slice(0, LINES) : [];
  const shown = withRows(context, [...sumOf.keys(), ...also], wanted);
  const { rows, rowOf } = givenOf(context, given);
  const documentRow = ({ documentId }) => (sumOf.has(documentId) ? documentId : OTHERS);

  return {
    ...{ command, lineCount, byLine, isStated: toState !== undefined },
    ...{ fingerprint: plan.fingerprint, amount: plan.amount },
    left: plan.document?.unappliedAmount ?? null,
    leftOn: leftOn(context, given),
    paid: moved.length + (others?.rows ?? 0),
    kinds: [...new Set(plan.applications.map(({ targetType }) => targetType))],
    closed: closedOf(plan),
    unpaid: unpaidOf(context, toState === undefined ? null : wanted, sumOf).slice(0, 5),
    unpaidCount: Math.max(0, wanted.size - moved.length - (others?.rows ?? 0)),
    notices: plan.notices.filter(({ code }) => code !== "nothingApplied").map(({ code }) => code),
    sourceLines: rows,
    targets: targetsOf(context, shown, { wanted, sumOf, toState, byLine }),
    ...counts(demands, wanted, shown),
    others: others ?? null,
    ribbons: ribbonsOf(plan, rowOf, byLine ? lineKey : documentRow),
  };
}

/** The documents that have a row: these, and some that could be ticked. */
function withRows({ documents, currency }, ids, wanted) {
  const byId = documents.demandsById(currency);
  const rows = [...new Set(ids)].map((id) => byId.get(id)).filter((row) => row !== undefined);
  return inOrder(documents.demands(currency), rows, wanted);
}

/** The rows of who is paid, with their lines where these are shown. */
function targetsOf({ book, documents, form, command }, shown, { wanted, sumOf, toState, byLine }) {
  const parts = byLineKey(byLine ? book.sums(command, { by: "line" }).rows : []);
  return shown.map((demand) => {
    const isTicked = wanted.has(demand.id);
    const lines = byLine && isTicked ? linesOf(documents, demand, parts) : null;
    const rows = (isTicked && toState?.rowsOf(demand, parts)) || { lines };
    return targetRow(demand, { form, isTicked, sum: sumOf.get(demand.id), ...rows });
  });
}

/** What the plan moves by document, on both sides; and what those who are paid without a row of their own get. */
function sidesOf(context) {
  const { book, form, source, command } = context;
  if (!isOfAll(form)) {
    // None whose lines are being stated moves out of sight.
    const top = isStated(form) ? {} : { top: DOCUMENTS + 1 };
    const sums = book.sums(command, { by: "document", ...top });
    const moved = sums.rows.filter(({ documentId }) => documentId !== source.id);
    return { given: [], moved, others: sums.others[0] };
  }

  const { rows } = book.sums(command, { by: "document" });
  const paid = rows.filter((sum) => !isGiver(sum));
  const [moved, hidden] = [paid.slice(0, DOCUMENTS), paid.slice(DOCUMENTS)];
  return { given: rows.filter(isGiver), moved, others: othersOf(context, hidden) };
}

/** The documents that are paid without a row of their own, as one row. */
function othersOf(context, sums) {
  if (sums.length === 0) return undefined;
  const ids = sums.map(({ documentId }) => documentId);
  const lines = sums.reduce((total, sum) => total + sum.lines, 0);
  return { rows: sums.length, lines, ...togetherOf(context)(ids, "target") };
}

/** Adds up what some documents of one side have open, before and after, and what moves: by the engine, on a fork. */
const togetherOf =
  ({ book, command, plan: { applicationGroupId } }) =>
  (ids, side) => {
    const fork = book.fork();
    try {
      fork.execute(command);
      const field = side === "source" ? "unappliedAmount" : "balance";
      const page = { size: 1 };
      const open = (of) => {
        const asked = { of: "document", where: { id: { in: ids } }, sum: [field], page };
        return of.query(asked).sums[0][field];
      };
      const where = { applicationGroupId, [`${side}Id`]: { in: ids } };
      const { sums } = fork.query({ of: "application", where, sum: ["amount"], page });
      return { before: open(book), after: open(fork), change: sums[0].amount };
    } finally {
      fork.free();
    }
  };

/** The rows of who pays, and which of them a line of a source belongs to. */
function givenOf(context, given) {
  const { book, documents, form, source, command } = context;
  if (isOfAll(form)) return givenByAll({ ...context, others: togetherOf(context) }, given);
  return { rows: givenByLine(book, documents, source, command), rowOf: lineKey };
}

/** With all credits: the credits that have something left, and how much. */
function leftOn({ documents, form, source, plan }, given) {
  if (!isOfAll(form)) return null;
  const after = new Map(plan.documents.map((document) => [document.documentId, document.after]));
  const all = documents.sources().filter(({ currency }) => currency === source.currency);
  const left = all
    .map(({ id, number, unappliedAmount }) => ({
      number,
      amount: after.get(id) ?? unappliedAmount,
    }))
    .filter(({ amount }) => !isNil(amount));
  return { used: given.length, count: left.length, first: left.slice(0, 3) };
}

/**
 * The numbers of the documents that somebody names and that get nothing: where amounts are stated, of those without.
 * With `allOpen`, those that nothing was left for are not what somebody asked for.
 */
function unpaidOf({ documents, currency, plan }, stated, sumOf) {
  const byId = documents.demandsById(currency);
  const ids =
    stated === null
      ? plan.notices
          .filter(({ code }) => code === "nothingApplied")
          .map(({ documentId }) => documentId)
      : [...stated].filter((id) => !sumOf.has(id));
  return ids.filter((id) => byId.has(id)).map((id) => byId.get(id).number);
}

/** How many documents the plan settles in full. */
function closedOf({ documents, applications }) {
  const paid = new Set(applications.map(({ targetId }) => targetId));
  return documents.filter(({ documentId, after }) => paid.has(documentId) && isNil(after)).length;
}

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

/**
 * What a document shows where its lines are stated: all that are open, or how many there are to unfold. `undefined`
 * with another rule.
 */
function statedRows(documents, form, ticked) {
  if (!isStated(form)) return undefined;
  let count = 0;
  for (const demand of ticked) {
    count += documents.lines(demand).length;
    if (count > LINES) break;
  }
  const byLine = count <= LINES;
  const rowsOf = (demand, parts = new Map()) =>
    byLine
      ? { lines: linesOf(documents, demand, parts) }
      : { lineCount: documents.lines(demand).length };
  return { byLine, rowsOf };
}

/** A document that can be settled, with its tick and its amount. */
function targetRow(
  { id, type, number, dueDate, balance },
  { form, isTicked, sum, lines = null, lineCount = sum?.lines ?? 0 },
) {
  return {
    ...{ id, type, number, dueDate, late: daysLate({ dueDate }, form.at), isTicked },
    before: sum?.before ?? balance,
    after: sum?.after ?? balance,
    amount: sum?.change ?? null,
    lineCount,
    lines,
  };
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

/** A ribbon for each row of who pays and each row of who is paid; the amount of one that is of one pair alone. */
function ribbonsOf(plan, fromOf, toOf) {
  const ribbons = new Map();
  for (const { source, target, amount } of plan.applications.flatMap(({ items }) => items)) {
    const [from, to] = [fromOf(source), toOf(target)];
    const key = `${from} ${to}`;
    const known = ribbons.get(key);
    if (known === undefined) ribbons.set(key, { from, to, amount, size: Number(amount) });
    else Object.assign(known, { amount: null, size: known.size + Number(amount) });
  }
  return [...ribbons.values()].map((ribbon) => ({ ...ribbon, size: Math.abs(ribbon.size) }));
}
