import { h } from "../dom.js";
import { count, money, unsigned } from "../format.js";
import { columnHead, lineHead } from "./lines.js";

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
  return `${outcome.document.number} ${verb} ${unsigned(outcome.amount)} ${currency} ${side} ${demands}.`;
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

function sourceCard({ document, before, after, lines }) {
  return card({
    title: document.number,
    note: "unapplied",
    before,
    after,
    head: [columnHead("Line"), columnHead("Before", true), columnHead("After", true)],
    rows: lines.map((row) =>
      h("tr", { class: row.changed && "changed" }, lineHead(row.line), ...figures(row)),
    ),
  });
}

function demandCard({ document, application, before, after, lines }) {
  const takenBack = application.amount.startsWith("-");
  return card({
    title: document.number,
    note: "balance",
    tag: `${application.ruleUsed} · ${takenBack ? "gives back" : "receives"} ${unsigned(application.amount)}`,
    before,
    after,
    head: [
      columnHead("Line"),
      columnHead(takenBack ? "Gives back, to" : "Receives, from"),
      columnHead("Before", true),
      columnHead("After", true),
    ],
    rows: lines.map((row) =>
      h(
        "tr",
        { class: row.changed && "changed" },
        lineHead(row.line),
        h("td", { class: "received" }, received(row.received)),
        ...figures(row),
      ),
    ),
  });
}

function received(items) {
  if (items.length === 0) return null;
  return h(
    "ul",
    {},
    items.map(({ from, amount }) =>
      h(
        "li",
        {},
        h("span", { class: "figure" }, unsigned(amount)),
        " ",
        h("span", {}, from.longLabel),
      ),
    ),
  );
}

function figures({ before, after, changed }) {
  return [
    h("td", { class: "figure" }, money(before)),
    h("td", { class: "figure after" }, changed ? h("strong", {}, money(after)) : money(after)),
  ];
}

function card({ title, tag, note, before, after, head, rows }) {
  return h(
    "section",
    { class: "card", "aria-label": title },
    h(
      "header",
      {},
      h("h3", {}, title),
      tag && h("span", { class: "tag" }, tag),
      h(
        "p",
        { class: "move" },
        h("span", { class: "note" }, `${note} `),
        money(before),
        h("span", { class: "arrow", "aria-label": "becomes", role: "img" }, " → "),
        h("strong", {}, money(after)),
      ),
    ),
    h("table", { class: "result" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)),
  );
}
