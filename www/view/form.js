import { byId, h, replaceContent } from "../dom.js";
import { money } from "../format.js";
import { addLine, linesFor } from "../form.js";
import { choiceGroup, errorNote, field } from "./controls.js";
import { foldedLines } from "./lines.js";

const RULES = {
  proration: "Proration",
  fifo: "First in, first out",
  lifo: "Last in, first out",
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
    sourceGroup(account, form, on),
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
        options: { everything: "Everything", chosen: "Chosen documents" },
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
          for (const [demandId, entry] of form.entries) offerLine(account, form, demandId, entry);
          on.reshape();
        },
      }),
    chooses && demandGroup(account, form, on),
  );
}

function sourceGroup(account, form, on) {
  return h(
    "fieldset",
    { id: "source", "aria-describedby": "source-error" },
    h("legend", {}, "Credit memo or payment"),
    account.sources.length === 0 && h("p", { class: "note" }, "There is none."),
    h(
      "ul",
      { class: "picks" },
      account.sources.map((source) =>
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
                name: "source",
                id: `source:${source.id}`,
                value: source.id,
                checked: source.id === form.sourceId,
                onchange: () => on.restart({ sourceId: source.id }),
              }),
              h("span", { class: "number" }, source.number),
            ),
            h(
              "p",
              { class: "pick-figure" },
              h("span", { class: "note" }, "unapplied "),
              h("strong", {}, money(source.unappliedAmount)),
              h("span", { class: "note" }, ` of ${money(source.amount)}`),
            ),
          ),
          foldedLines(source),
        ),
      ),
    ),
    errorNote("source"),
  );
}

function demandGroup(account, form, on) {
  const explicit = form.rule === "explicit";
  const hint = explicit
    ? "An amount is optional: left empty, it is the sum of the lines."
    : form.mode === "apply"
      ? "Leave an amount empty for as much as possible."
      : "Leave an amount empty to take back all of it.";
  return h(
    "fieldset",
    { id: "demands", "aria-describedby": "demands-hint demands-error" },
    h("legend", {}, "Invoices and debit memos"),
    h(
      "p",
      { class: "note", id: "demands-hint" },
      form.entries.size === 0 ? "There is none." : hint,
    ),
    h(
      "ul",
      { class: "picks" },
      [...form.entries].map(([demandId, entry]) => demandPick(account, form, on, demandId, entry)),
    ),
    errorNote("demands"),
  );
}

function demandPick(account, form, on, demandId, entry) {
  const demand = account.byId.get(demandId);
  const id = `amount:${demandId}`;
  const tick = (ticked) => {
    entry.ticked = ticked;
    // Only explicit lines come and go with it; a long list need not be drawn again for a tick.
    if (form.rule !== "explicit") return on.edit();
    offerLine(account, form, demandId, entry);
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
          id: `tick:${demandId}`,
          checked: entry.ticked,
          onchange: (event) => tick(event.target.checked),
        }),
        h(
          "span",
          {},
          h("span", { class: "number" }, demand.number),
          " ",
          h("span", { class: "note due" }, `due ${demand.dueDate}`),
        ),
      ),
      openFigure(account, form, demand),
      h(
        "div",
        { class: "pick-amount" },
        h("input", {
          id,
          value: entry.amount,
          inputmode: "decimal",
          autocomplete: "off",
          placeholder:
            form.rule === "explicit"
              ? "sum of lines"
              : form.mode === "apply"
                ? "as much as possible"
                : "all of it",
          "aria-label": `Amount for ${demand.number}`,
          "aria-describedby": `demands-hint ${id}-error`,
          oninput: (event) => {
            entry.amount = event.target.value;
            if (entry.ticked) return on.edit();
            byId(`tick:${demandId}`).checked = true;
            tick(true);
          },
        }),
      ),
    ),
    errorNote(id),
    hasLines(form, entry) && explicitLines(account, form, on, demand, entry),
    foldedLines(demand),
  );
}

/** What a demand still owes (apply), or what of the source is applied to it (unapply). */
function openFigure(account, form, demand) {
  if (form.mode === "apply") {
    return h(
      "p",
      { class: "pick-figure" },
      h("span", { class: "note" }, "balance "),
      h("strong", {}, money(demand.balance)),
    );
  }
  const applied = account.parts.get(form.sourceId).get(demand.id);
  return h(
    "p",
    { class: "pick-figure" },
    h("span", { class: "note" }, "applied "),
    h("strong", {}, money(applied)),
  );
}

/** Whether a demand is settled by lines that a person pairs: there must be a source to pair its lines with. */
function hasLines(form, entry) {
  return form.rule === "explicit" && entry.ticked && form.sourceId !== null;
}

/** A demand that is settled by explicit lines starts with one line, ready to be typed into. */
function offerLine(account, form, demandId, entry) {
  if (hasLines(form, entry) && entry.lines.length === 0) addLine(account, form, demandId);
}

function explicitLines(account, form, on, demand, entry) {
  const id = `lines:${demand.id}`;
  return h(
    "div",
    { class: "explicit", id, role: "group", "aria-label": `Lines of ${demand.number}` },
    entry.lines.map((line, index) => explicitLine(account, form, on, demand, entry, line, index)),
    h(
      "button",
      {
        type: "button",
        class: "quiet",
        id: `add:${demand.id}`,
        onclick: () => {
          const line = addLine(account, form, demand.id);
          on.reshape();
          byId(`${line.id}:source`).focus();
        },
      },
      "Add a line",
    ),
    errorNote(id),
  );
}

function explicitLine(account, form, on, demand, entry, line, index) {
  const { lines: sources } = account.byId.get(form.sourceId);
  const targetsOf = (id) =>
    linesFor(
      sources.find((candidate) => candidate.id === id),
      demand,
    );
  const name = `line ${index + 1} of ${demand.number}`;
  const amountId = `${line.id}:amount`;
  return h(
    "div",
    { class: "explicit-line" },
    lineSelect({
      id: `${line.id}:source`,
      label: "From",
      context: name,
      lines: sources,
      value: line.source,
      choose: (source) => {
        // The other side offers only what this can settle.
        const targets = targetsOf(source);
        const target = targets.find(({ id }) => id === line.target) ?? targets[0];
        Object.assign(line, { source, target: target?.id ?? "" });
        on.reshape();
      },
    }),
    lineSelect({
      id: `${line.id}:target`,
      label: "To",
      context: name,
      lines: targetsOf(line.source),
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
          byId(`add:${demand.id}`).focus();
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
      lines.map((line) =>
        h("option", { value: line.id, selected: line.id === value }, line.longLabel),
      ),
    ),
  ];
}

/** A short label to look at; who only hears it also hears the line that the control belongs to. */
function controlLabel(id, label, context) {
  return h(
    "label",
    { for: id, class: "note" },
    label,
    h("span", { class: "hidden" }, `, ${context}`),
  );
}
