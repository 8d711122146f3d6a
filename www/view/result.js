import { fold, h } from "../dom.js";
import { count, isWide, money, negated } from "../format.js";
import { amountCell, columnHead, lineHead } from "./lines.js";

/** One sentence on what an outcome did, or a plan would do. */
export function sentence(outcome, currency) {
  const would = outcome.committed === false;
  const [verb, side] = outcome.type.startsWith("apply")
    ? [would ? "would settle" : "settled", "on"]
    : [would ? "would take back" : "took back", "from"];
  const noun = outcome.applications.every(({ targetType }) => targetType === "invoice")
    ? "invoice"
    : "document";
  const demands = count(outcome.applications.length, noun);
  const amount = money(side === "on" ? outcome.amount : negated(outcome.amount));
  return `${outcome.document.number} ${verb} ${amount} ${currency} ${side} ${demands}.`;
}

/** The source and the demands of an explained outcome, each line with its open amount before and after. */
export function resultTables({ source, demands, untouched }) {
  return [
    ...untouched.map(({ number }) =>
      h("p", { class: "notice" }, `${number} is unchanged: nothing is left for it.`),
    ),
    sourceCard(source),
    ...demands.map(demandCard),
  ];
}

/** How many lines of a document are shown at once: more are a click away. */
const AT_ONCE = 100;

function sourceCard({ document, before, after, lines }) {
  return card({
    document,
    note: "unapplied",
    before,
    after,
    lines,
    head: [["Line"], ["Before", true], ["After", true]],
    row: (row) => h("tr", { class: row.changed && "changed" }, lineHead(row.line), ...figures(row)),
  });
}

function demandCard({ document, application, takesBack, amount, before, after, lines }) {
  return card({
    document,
    note: "balance",
    tag: `${application.ruleUsed} · ${takesBack ? "gives back" : "receives"} ${money(amount)}`,
    before,
    after,
    lines,
    head: [
      ["Line"],
      [takesBack ? "Gives back, to" : "Receives, from"],
      ["Before", true],
      ["After", true],
    ],
    row: (row) =>
      h(
        "tr",
        { class: row.changed && "changed" },
        lineHead(row.line),
        h("td", { class: "received" }, received(row.received)),
        ...figures(row),
      ),
  });
}

/** With their signs, so that they add up to what the document receives. */
function received(items) {
  if (items.length === 0) return null;
  return h(
    "ul",
    {},
    items.map(({ from, amount }) =>
      h(
        "li",
        {},
        h("span", { class: "figure" }, money(amount)),
        " ",
        h("span", {}, from.longLabel),
      ),
    ),
  );
}

function figures({ before, after, changed }) {
  return [
    amountCell("Before", before),
    amountCell("After", after, changed ? h("strong", {}, money(after)) : money(after), "after"),
  ];
}

function card({ document, tag, note, before, after, lines, head, row }) {
  const ordered = changedFirst(lines);
  const wide = isWide(lines.flatMap((line) => [line.before, line.after]));
  const layout = { className: wide ? "result wide-figures" : "result", head, row };
  return h(
    "section",
    { class: "card", "aria-label": document.number },
    h(
      "header",
      {},
      h("h3", {}, document.number),
      tag && h("span", { class: "tag" }, tag),
      h(
        "p",
        { class: "move" },
        h("span", { class: "note" }, note),
        " ",
        h("span", {}, money(before)),
        " ",
        h("span", { class: "arrow", "aria-label": "becomes", role: "img" }, "→"),
        " ",
        h("strong", {}, money(after)),
      ),
    ),
    lineTable(layout, ordered.slice(0, AT_ONCE)),
    lines.length > AT_ONCE &&
      fold({
        id: `more-of:${document.id}`,
        className: "more",
        summary: count(lines.length - AT_ONCE, "more line"),
        content: () => lineTable(layout, ordered.slice(AT_ONCE)),
      }),
  );
}

/** The lines of a document in their order; where they are not all in view, those that change first. */
function changedFirst(lines) {
  return lines.length > AT_ONCE ? lines.toSorted((a, b) => b.changed - a.changed) : lines;
}

function lineTable({ className, head, row }, lines) {
  const heads = head.map(([text, isFigure]) => columnHead(text, isFigure));
  return h(
    "table",
    { class: className },
    h("thead", {}, h("tr", {}, heads)),
    h("tbody", {}, lines.map(row)),
  );
}
