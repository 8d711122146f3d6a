import { byId, h, replaceContent } from "../dom.js";
import { money } from "../format.js";
import { addLine } from "../form.js";
import { choiceGroup, errorNote, field } from "./controls.js";
import { foldedLines } from "./lines.js";

const RULES = {
  proration: "Proration",
  fifo: "First in, first out",
  explicit: "Explicit lines",
};

/**
 * Draws the form. Controls write what they are told into `form` themselves, then call `on.edit()`, or `on.reshape()`
 * when other controls come or go; `on.restart(choice)` asks for a new form.
 */
export function drawForm(container, account, form, on) {
  const chooses = form.mode === "apply" || (form.entries.size > 0 && !form.everything);
  replaceContent(
    container,
    choiceGroup({
      id: "mode",
      legend: "Operation",
      options: { apply: "Apply", unapply: "Unapply" },
      value: form.mode,
      choose: (mode) => on.restart({ mode, rule: undefined, everything: undefined }),
    }),
    memoGroup(account, form, on),
    field({
      id: "at",
      label: "Effective date",
      control: h("input", {
        type: "date",
        id: "at",
        value: form.at,
        oninput: (event) => {
          form.at = event.target.value;
          on.edit();
        },
      }),
    }),
    form.mode === "unapply" &&
      form.entries.size > 0 &&
      choiceGroup({
        id: "scope",
        legend: "How much",
        options: { everything: "Everything", chosen: "Chosen invoices" },
        value: form.everything ? "everything" : "chosen",
        choose: (scope) => {
          form.everything = scope === "everything";
          on.reshape();
        },
      }),
    chooses &&
      choiceGroup({
        id: "rule",
        legend: "Rule",
        options: RULES,
        value: form.rule,
        choose: (rule) => {
          form.rule = rule;
          for (const [invoiceId, entry] of form.entries) offerLine(account, form, invoiceId, entry);
          on.reshape();
        },
      }),
    chooses && invoiceGroup(account, form, on),
  );
}

function memoGroup(account, form, on) {
  return h(
    "fieldset",
    { id: "memo", "aria-describedby": "memo-error" },
    h("legend", {}, "Credit memo"),
    h(
      "ul",
      { class: "picks" },
      account.memos.map((memo) =>
        h(
          "li",
          {},
          h(
            "div",
            { class: "pick" },
            h(
              "label",
              { class: "pick-name" },
              h("input", {
                type: "radio",
                name: "memo",
                id: `memo:${memo.id}`,
                value: memo.id,
                checked: memo.id === form.creditMemoId,
                onchange: () => on.restart({ creditMemoId: memo.id }),
              }),
              h("span", { class: "number" }, memo.number),
            ),
            h(
              "p",
              { class: "pick-figure" },
              h("span", { class: "note" }, "unapplied "),
              h("strong", {}, money(memo.unappliedAmount)),
              h("span", { class: "note" }, ` of ${money(memo.amount)}`),
            ),
          ),
          foldedLines(memo),
        ),
      ),
    ),
    errorNote("memo"),
  );
}

function invoiceGroup(account, form, on) {
  const explicit = form.rule === "explicit";
  const hint = explicit
    ? "An amount is optional: left empty, it is the sum of the lines."
    : form.mode === "apply"
      ? "Leave an amount empty for as much as possible."
      : "Leave an amount empty to take back all of it.";
  return h(
    "fieldset",
    { id: "invoices", "aria-describedby": "invoices-hint invoices-error" },
    h("legend", {}, "Invoices"),
    h("p", { class: "note", id: "invoices-hint" }, hint),
    h(
      "ul",
      { class: "picks" },
      [...form.entries].map(([invoiceId, entry]) => invoicePick(account, form, on, invoiceId, entry)),
    ),
    errorNote("invoices"),
  );
}

function invoicePick(account, form, on, invoiceId, entry) {
  const invoice = account.byId.get(invoiceId);
  const id = `amount:${invoiceId}`;
  const tick = (ticked) => {
    entry.ticked = ticked;
    offerLine(account, form, invoiceId, entry);
    on.reshape();
  };
  return h(
    "li",
    {},
    h(
      "div",
      { class: "pick" },
      h(
        "label",
        { class: "pick-name" },
        h("input", {
          type: "checkbox",
          id: `tick:${invoiceId}`,
          checked: entry.ticked,
          onchange: (event) => tick(event.target.checked),
        }),
        h(
          "span",
          {},
          h("span", { class: "number" }, invoice.number),
          " ",
          h("span", { class: "note due" }, `due ${invoice.dueDate}`),
        ),
      ),
      openFigure(account, form, invoice),
      h(
        "div",
        { class: "pick-amount" },
        h("input", {
          id,
          value: entry.amount,
          inputmode: "decimal",
          autocomplete: "off",
          placeholder:
            form.rule === "explicit" ? "sum of lines" : form.mode === "apply" ? "as much as possible" : "all of it",
          "aria-label": `Amount for ${invoice.number}`,
          "aria-describedby": `invoices-hint ${id}-error`,
          oninput: (event) => {
            entry.amount = event.target.value;
            if (entry.ticked) on.edit();
            else tick(true);
          },
        }),
      ),
    ),
    errorNote(id),
    form.rule === "explicit" && entry.ticked && explicitLines(account, form, on, invoice, entry),
    foldedLines(invoice),
  );
}

/** What an invoice still owes (apply), or what of the memo is applied to it (unapply). */
function openFigure(account, form, invoice) {
  if (form.mode === "apply") {
    return h(
      "p",
      { class: "pick-figure" },
      h("span", { class: "note" }, "balance "),
      h("strong", {}, money(invoice.balance)),
    );
  }
  const isPart = (part) => part.sourceId === form.creditMemoId && part.targetId === invoice.id;
  return h(
    "p",
    { class: "pick-figure" },
    h("span", { class: "note" }, "applied "),
    h("strong", {}, money(account.parts.find(isPart).amount)),
  );
}

/** An explicit invoice starts with one line, ready to be typed into. */
function offerLine(account, form, invoiceId, entry) {
  if (form.rule === "explicit" && entry.ticked && entry.lines.length === 0) addLine(account, form, invoiceId);
}

function explicitLines(account, form, on, invoice, entry) {
  const id = `lines:${invoice.id}`;
  return h(
    "div",
    { class: "explicit", id, role: "group", "aria-label": `Lines of ${invoice.number}` },
    entry.lines.map((line, index) => explicitLine(account, form, on, invoice, entry, line, index)),
    h(
      "button",
      {
        type: "button",
        class: "quiet",
        id: `add:${invoice.id}`,
        onclick: () => {
          const line = addLine(account, form, invoice.id);
          on.reshape();
          byId(`${line.id}:source`).focus();
        },
      },
      "Add a line",
    ),
    errorNote(id),
  );
}

function explicitLine(account, form, on, invoice, entry, line, index) {
  const memo = account.byId.get(form.creditMemoId);
  const ofKind = (document, kind) => document.lines.filter((candidate) => candidate.kind === kind);
  const name = `line ${index + 1} of ${invoice.number}`;
  const amountId = `${line.id}:amount`;
  return h(
    "div",
    { class: "explicit-line" },
    lineSelect({
      id: `${line.id}:source`,
      label: "From",
      context: name,
      lines: memo.lines,
      value: line.source,
      choose: (source) => {
        const { kind } = memo.lines.find((candidate) => candidate.id === source);
        // Items settle items and tax settles tax, so the other side offers that kind alone.
        const target = kind === line.kind ? line.target : (ofKind(invoice, kind)[0]?.id ?? "");
        Object.assign(line, { source, kind, target });
        on.reshape();
      },
    }),
    lineSelect({
      id: `${line.id}:target`,
      label: "To",
      context: name,
      lines: ofKind(invoice, line.kind),
      value: line.target,
      choose: (target) => {
        line.target = target;
        on.edit();
      },
    }),
    controlLabel(amountId, "Amount", name),
    h("input", {
      id: amountId,
      value: line.amount,
      inputmode: "decimal",
      autocomplete: "off",
      placeholder: "0.00",
      "aria-describedby": `${amountId}-error`,
      oninput: (event) => {
        line.amount = event.target.value;
        on.edit();
      },
    }),
    h(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-label": `Remove ${name}`,
        onclick: () => {
          entry.lines.splice(entry.lines.indexOf(line), 1);
          on.reshape();
          byId(`add:${invoice.id}`).focus();
        },
      },
      "Remove",
    ),
    errorNote(amountId),
  );
}

function lineSelect({ id, label, context, lines, value, choose }) {
  return [
    controlLabel(id, label, context),
    h(
      "select",
      { id, onchange: (event) => choose(event.target.value) },
      lines.map((line) => h("option", { value: line.id, selected: line.id === value }, line.longLabel)),
    ),
  ];
}

/** A short label to look at; who only hears it also hears the line that the control belongs to. */
function controlLabel(id, label, context) {
  return h("label", { for: id, class: "note" }, label, h("span", { class: "hidden" }, `, ${context}`));
}
