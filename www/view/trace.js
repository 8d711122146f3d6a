// What comes of a change of plan: its figures, its documents, and how each amount came about.
import { h } from "../dom.js";
import { isNil, money } from "../format.js";
import { columnHead } from "./lines.js";

const TITLES = {
  credit: "Credit",
  charge: "Charge",
  net: "Difference",
  time: "Time",
  rounding: "Rounding",
};

/** Credit, charge, tax and their sum; and what is due today. */
export function figures({ preview, plan }) {
  const due = newInvoice(plan);
  const figure = (name, amount, kind) =>
    h(
      "div",
      { class: kind },
      h("dt", {}, name),
      h("dd", {}, amount === undefined ? "nothing" : money(amount)),
    );
  return [
    figure("Credit", preview.credit),
    figure("Charge", preview.charge),
    figure("Tax", preview.tax),
    figure("Together", preview.total),
    figure("Due today", due?.balance, "due-today"),
  ];
}

/** What is due, and what the credit settles, in one or two sentences. */
export function sentence({ plan }, currency) {
  if (plan === null) return "Nothing is credited and nothing is charged.";
  const invoice = newInvoice(plan);
  const memo = newMemo(plan);
  const settled = plan.applications.map(
    ({ sourceId, targetId, amount }) => `${sourceId} settles ${money(amount)} of ${targetId}.`,
  );
  return [
    invoice
      ? `Due today: ${money(invoice.balance)} ${currency}, the balance of ${invoice.number}.`
      : "Nothing is due today.",
    ...settled,
    ...(memo && !isNil(memo.unappliedAmount)
      ? [`${money(memo.unappliedAmount)} stays on ${memo.number}.`]
      : []),
  ].join(" ");
}

/** The documents of a change, and the invoice before it, with what was open and is open then. */
export function changeTables({ plan, invoice }) {
  if (plan === null) return null;
  const change = plan.documents.find(({ documentId }) => documentId === invoice.id);
  const row = (document, { what, before, after }) =>
    h(
      "tr",
      { class: before !== after && "changed" },
      h("th", { scope: "row" }, document.number, h("span", { class: "note" }, ` ${what}`)),
      h("td", { class: "figure" }, money(document.amount)),
      h("td", { class: "figure" }, money(document.taxAmount)),
      h("td", { class: "figure" }, before === null ? "new" : money(before)),
      h("td", { class: "figure" }, h("strong", {}, money(after))),
    );
  return h(
    "div",
    { class: "card scroll", tabindex: "0", role: "region", "aria-label": "Documents" },
    h(
      "table",
      { class: "documents" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columnHead("Document"),
          columnHead("Amount", true),
          columnHead("Tax", true),
          columnHead("Open before", true),
          columnHead("Open after", true),
        ),
      ),
      h(
        "tbody",
        {},
        row(invoice, {
          what: "billed the plan",
          before: invoice.balance,
          after: change?.after ?? invoice.balance,
        }),
        plan.created.map((document) =>
          row(document, {
            what: document.type === "invoice" ? "charges" : "credits",
            before: null,
            after: document.balance ?? document.unappliedAmount,
          }),
        ),
      ),
    ),
  );
}

/** A card for each line: its sentence, its cells, and the steps from the price to the amount. */
export function traceCards({ traces, command }) {
  const isOneOfMany = command.change.changes.length > 1;
  return traces.map(({ line, product, used }) => {
    const day = isOneOfMany ? command.change.changes[line.change]?.at : undefined;
    const title = day === undefined ? TITLES[line.type] : `${TITLES[line.type]}, ${day}`;
    const times =
      line.used === null ? { "": line.cells } : { used: line.used.cells, left: line.cells };
    return h(
      "section",
      { class: "card trace", "aria-label": `${title}, how it came about` },
      h(
        "header",
        {},
        h("h3", {}, title),
        h("p", { class: "move" }, h("strong", {}, money(line.amount))),
      ),
      h("p", { class: "sentence" }, line.sentence),
      cellTable(title, times),
      h(
        "dl",
        { class: "steps" },
        (line.used === null ? steps(line, product) : residualSteps(line, used)).flat(),
        line.taxes.flatMap(({ name, rate, amount }) =>
          step(`${name ?? "tax"}, ${rate}`, money(amount)),
        ),
      ),
    );
  });
}

/** The cells of the grid that the times of a line cover, each under its name. */
function cellTable(title, times) {
  const cells = Object.entries(times).flatMap(([name, own]) =>
    own.map((cell) => ({ name, ...cell })),
  );
  if (cells.length === 0) return null;
  const named = cells.some(({ name }) => name !== "");
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": `Cells, ${title}` },
    h(
      "table",
      { class: "cells" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          named && columnHead("Time"),
          columnHead("Cell"),
          columnHead("Served"),
          columnHead("Units", true),
          columnHead("of", true),
        ),
      ),
      h(
        "tbody",
        {},
        cells.map(({ name, cell, served, covered, length }) =>
          h(
            "tr",
            {},
            named && h("th", { scope: "row" }, name),
            h("td", {}, cell === null ? "by its length" : halfOpen(cell)),
            h("td", {}, halfOpen(served)),
            h("td", { class: "figure" }, covered),
            h("td", { class: "figure" }, length),
          ),
        ),
      ),
    ),
  );
}

function halfOpen({ from, to }) {
  return [h("span", { class: "date" }, from), " to before ", h("span", { class: "date" }, to)];
}

function step(name, value) {
  return [h("dt", {}, name), h("dd", {}, value)];
}

/** From the price to the amount: the factor, the product, the rounding. */
function steps(line, product) {
  // A cap, a discount or a difference of two plans is not this product: then the sentence says what it is.
  return [
    ...(line.sides === null
      ? []
      : [
          step("credit in it", money(line.sides.credit)),
          step("charge in it", money(line.sides.charge)),
        ]),
    step("factor", line.factor),
    product === null
      ? step("exact", money(line.exact))
      : step("product", productText(line, line.factor, product)),
    ...(isNil(line.discount)
      ? []
      : [step("before the discount", money(line.gross)), step("discount", money(line.discount))]),
    step("rounded", h("strong", {}, money(line.amount))),
  ];
}

/** What the time used costs, and what that leaves of the bill. */
function residualSteps(line, product) {
  return [
    step("factor used", line.used.factor),
    ...(product === null ? [] : [step("product", productText(line, line.used.factor, product))]),
    step("used, rounded", money(line.cost)),
    step("credit", ["that, less what was billed: ", h("strong", {}, money(line.amount))]),
  ];
}

function productText({ price, quantity }, factor, product) {
  return `${money(price)} × ${quantity === "1" ? "" : `${quantity} × `}${factor} = ${product}`;
}

function newInvoice(plan) {
  return plan?.created.find(({ type }) => type === "invoice");
}

function newMemo(plan) {
  return plan.created.find(({ type }) => type === "creditMemo");
}
