import { h } from "../dom.js";
import { count, isNil, money } from "../format.js";

/** The items and tax items of one document as a table that can be unfolded. */
export function foldedLines(document) {
  const demand = "balance" in document;
  const heads = demand
    ? ["Amount", "Discounts", "Applied", "Balance"]
    : ["Amount", "Applied", "Unapplied"];
  return h(
    "details",
    { class: "lines", id: `lines-of:${document.id}` },
    h(
      "summary",
      {},
      count(document.lines.length, "line"),
      h("span", { class: "hidden" }, ` of ${document.number}`),
    ),
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columnHead("Line"),
          heads.map((head) => columnHead(head, true)),
        ),
      ),
      h(
        "tbody",
        {},
        document.lines.map((line) =>
          h(
            "tr",
            {},
            lineHead(line),
            figure(line.amount),
            demand && figure(line.nettedAmount),
            figure(line.appliedAmount),
            figure(line.openAmount),
          ),
        ),
      ),
      h(
        "tfoot",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "row" }, "Total"),
          figure(document.amount),
          demand && h("td", {}),
          figure(document.appliedAmount),
          figure(demand ? document.balance : document.unappliedAmount),
        ),
      ),
    ),
  );
}

/** The head of a column; of figures when `figures` is set. */
export function columnHead(text, figures = false) {
  return h("th", { scope: "col", class: figures && "figure" }, text);
}

/** The head of a line's row. A tax item stands indented under its item. */
export function lineHead({ kind, label }) {
  return h("th", { scope: "row", class: kind === "tax" && "tax" }, label);
}

function figure(amount) {
  return h("td", { class: isNil(amount) ? "figure nil" : "figure" }, money(amount));
}
