// What comes of a change of plan: its figures, its documents, and how each amount came about.
import { h } from "../dom.js";
import { isNil, isWide, money, percent } from "../format.js";
import { amountCell, columnHead } from "./lines.js";

const TITLES = {
  credit: "Credit",
  charge: "Charge",
  net: "Difference",
  time: "Time",
  rounding: "Rounding",
};

/** Credit, charge, tax and their sum; and what is due today, on the invoice before and the new one. */
export function figures({ preview, owed }) {
  const figure = (name, text, kind) =>
    h("div", { class: kind }, h("dt", {}, name), h("dd", {}, text));
  return [
    figure("Credit", money(preview.credit)),
    figure("Charge", money(preview.charge)),
    figure("Tax", money(preview.tax)),
    figure("Net change", money(preview.total)),
    figure("Due today", isNil(owed) ? "nothing" : money(owed), "due-today"),
  ];
}

/** What is due, and what the credit settles, in a few sentences. */
export function sentence(answer, currency) {
  const { plan } = answer;
  const due = dueSentence(answer, currency);
  if (plan === null) return `Nothing is credited and nothing is charged. ${due}`;
  const memo = newMemo(plan);
  const settled = plan.applications.map(
    ({ sourceId, targetId, amount }) => `${sourceId} settles ${money(amount)} of ${targetId}.`,
  );
  return [
    due,
    ...settled,
    ...(memo && !isNil(memo.unappliedAmount)
      ? [`${money(memo.unappliedAmount)} stays on ${memo.number}.`]
      : []),
  ].join(" ");
}

/** What is due on all invoices together, and on which. */
function dueSentence({ plan, invoice, owed }, currency) {
  const charge = newInvoice(plan);
  const due = [
    { number: invoice.number, amount: balanceAfter(plan, invoice) },
    ...(charge ? [{ number: charge.number, amount: charge.balance }] : []),
  ].filter(({ amount }) => !isNil(amount));
  if (due.length === 0) return "Nothing is due today.";
  const sum = `Due today: ${money(owed)} ${currency}`;
  if (due.length === 1) return `${sum}, the balance of ${due[0].number}.`;
  return `${sum}: ${due.map(({ number, amount }) => `${money(amount)} of ${number}`).join(" and ")}.`;
}

/** What of the invoice that billed the plan is open after the change. */
function balanceAfter(plan, invoice) {
  const change = plan?.documents.find(({ documentId }) => documentId === invoice.id);
  return change?.after ?? invoice.balance;
}

/** The documents of a change, and the invoice before it, with what was open and is open then. */
export function changeTables({ plan, invoice }) {
  if (plan === null) return null;
  const amounts = [invoice, ...plan.created].map(({ amount }) => amount);
  const row = (document, { what, before, after }) =>
    h(
      "tr",
      { class: before !== after && "changed" },
      h("th", { scope: "row" }, document.number, h("span", { class: "note" }, ` ${what}`)),
      amountCell("Amount", document.amount),
      amountCell("Tax", document.taxAmount),
      before === null
        ? h("td", { class: "figure", "data-column": "Open before" }, "new")
        : amountCell("Open before", before),
      amountCell("Open after", after, h("strong", {}, money(after))),
    );
  return h(
    "div",
    { class: "card scroll", tabindex: "0", role: "region", "aria-label": "Documents" },
    h(
      "table",
      { class: isWide(amounts) ? "documents wide-figures" : "documents" },
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
          after: balanceAfter(plan, invoice),
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
      { class: "card trace", "aria-label": `${title}, how it is calculated` },
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
          step(`${name ?? "tax"}, ${percent(rate)}`, money(amount)),
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
  const [first, end] = [from, to].map((day) => h("span", { class: "date" }, day));
  return [first, " to ", end, " (not included)"];
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
