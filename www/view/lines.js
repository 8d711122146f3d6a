import { fold, h } from "../dom.js";
import { count, isNil, isWide, money } from "../format.js";

/** The items and tax items of one document as a table that can be unfolded. */
export function foldedLines(document) {
  return fold({
    id: `lines-of:${document.id}`,
    className: "lines",
    summary: [
      count(document.lines.length, "line"),
      h("span", { class: "hidden" }, ` of ${document.number}`),
    ],
    content: () => lineTable(document),
  });
}

function lineTable(document) {
  const isDemand = "balance" in document;
  const rest = isDemand ? "Balance" : "Unapplied";
  const heads = isDemand ? ["Amount", "Discounts", "Applied", rest] : ["Amount", "Applied", rest];
  const wide = isWide(document.lines.flatMap(({ amount, openAmount }) => [amount, openAmount]));
  return h(
    "table",
    { class: wide && "wide-figures" },
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
          amountCell("Amount", line.amount),
          isDemand && amountCell("Discounts", line.nettedAmount),
          amountCell("Applied", line.appliedAmount),
          amountCell(rest, line.openAmount),
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
        amountCell("Amount", document.amount),
        isDemand && h("td", {}),
        amountCell("Applied", document.appliedAmount),
        amountCell(rest, isDemand ? document.balance : document.unappliedAmount),
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

/**
 * An amount in a table. It knows the name of its column, which stands beside it where the columns have no room and
 * the figures of a row stand one under the other.
 */
export function amountCell(name, amount, content = money(amount), className = "") {
  const classes = ["figure", isNil(amount) && "nil", className].filter(Boolean).join(" ");
  return h("td", { class: classes, "data-column": name }, content);
}
