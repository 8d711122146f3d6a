import { KINDS, LENGTHS } from "../change.js";
import { byId, h, replaceContent } from "../dom.js";
import { choiceGroup, errorNote, field } from "./controls.js";

/**
 * Draws the form, once. Controls write what they are told into `form` themselves, then call `on.edit()`, or
 * `on.period()` when the period is another; `on.slide(change, place)` asks for the day at a place of the period,
 * `on.add()` and `on.remove(change)` for another list of changes.
 */
export function drawChangeForm(container, form, presets, on) {
  const write = (name, done) => (event) => {
    form[name] = event.target.value;
    done();
  };
  const text = (id, name, extra = {}) =>
    h("input", {
      id,
      value: form[name],
      inputmode: "decimal",
      autocomplete: "off",
      ...extra,
      oninput: write(name, on.edit),
    });
  const select = (id, name, options, done) =>
    h(
      "select",
      { id, onchange: write(name, done) },
      options.map(([value, label]) =>
        h("option", { value, selected: value === form[name] }, label),
      ),
    );
  const checkedOf = (name) => presets.find((preset) => preset.name === name).checked;

  container.replaceChildren(
    pair(
      field({
        id: "change-from",
        label: "Period from",
        control: h("input", {
          type: "date",
          id: "change-from",
          value: form.from,
          oninput: write("from", on.period),
        }),
      }),
      field({
        id: "change-length",
        label: "Length",
        control: select(
          "change-length",
          "length",
          Object.entries(LENGTHS).map(([value, { label }]) => [value, label]),
          on.period,
        ),
      }),
    ),
    pair(
      field({
        id: "change-price",
        label: "Price of the period",
        control: text("change-price", "price"),
      }),
      field({
        id: "change-quantity",
        label: "Quantity",
        control: text("change-quantity", "quantity"),
      }),
    ),
    pair(
      field({
        id: "change-discount",
        label: "Discount",
        hint: "5.00 or 10 %; empty is none.",
        control: text("change-discount", "discount", { placeholder: "none", inputmode: "text" }),
      }),
      field({
        id: "change-tax",
        label: "Tax rate",
        hint: "In percent: 8 or 8 %; empty is none.",
        control: text("change-tax", "taxRate", { placeholder: "none", inputmode: "text" }),
      }),
    ),
    field({
      id: "change-preset",
      label: "Terms",
      hint: `Checked against: ${checkedOf(form.preset)}.`,
      control: select(
        "change-preset",
        "preset",
        presets.map(({ name }) => [name, name]),
        () => {
          byId("change-preset-hint").textContent = `Checked against: ${checkedOf(form.preset)}.`;
          on.edit();
        },
      ),
    }),
    choiceGroup({
      id: "change-invoice",
      legend: "The invoice that billed the plan",
      options: { paid: "Paid", open: "Open" },
      value: form.invoice,
      choose(invoice) {
        form.invoice = invoice;
        on.edit();
      },
    }),
    // Last, so that on a narrow screen the figures are right under them.
    h("div", { class: "changes", id: "change-list" }),
    h("button", { type: "button", id: "change-add", onclick: on.add }, "Add a change"),
  );
  drawChanges(form, on);
}

/** Draws the changes of the form, one after another. */
export function drawChanges(form, on) {
  replaceContent(
    byId("change-list"),
    form.changes.map((change, place) =>
      changeCard(change, `Change ${place + 1}`, form.changes.length > 1, on),
    ),
  );
}

function pair(...fields) {
  return h("div", { class: "pair" }, fields);
}

/** One change: its kind and value, its day to be typed or moved to, and a way to take it out. */
function changeCard(change, name, isOneOfMany, on) {
  const id = (part) => `change-${change.key}-${part}`;
  const value = h("div", { id: id("values") });
  const drawValue = () => {
    const label = KINDS[change.kind].value;
    const input = h("input", {
      id: id("value"),
      value: change.values[change.kind] ?? "",
      inputmode: change.kind === "discount" ? "text" : "decimal",
      autocomplete: "off",
      oninput: (event) => {
        change.values[change.kind] = event.target.value;
        on.edit();
      },
    });
    value.hidden = label === undefined;
    value.replaceChildren(
      ...(value.hidden ? [] : [field({ id: id("value"), label, control: input })]),
    );
  };
  drawValue();
  const kind = h(
    "select",
    {
      id: id("kind"),
      onchange: (event) => {
        change.kind = event.target.value;
        drawValue();
        on.edit();
      },
    },
    Object.entries(KINDS).map(([option, { label }]) =>
      h("option", { value: option, selected: option === change.kind }, label),
    ),
  );
  const remove = h(
    "button",
    {
      type: "button",
      class: "quiet",
      id: id("remove"),
      "aria-label": `Remove ${name}`,
      onclick: () => on.remove(change),
    },
    "Remove",
  );
  return h(
    "fieldset",
    { class: "change", id: id("card") },
    h("legend", {}, name),
    isOneOfMany && remove,
    pair(field({ id: id("kind"), label: "What changes", control: kind }), value),
    h(
      "div",
      { class: "field", id: id("day-field") },
      h("label", { for: id("day") }, "Day"),
      h(
        "div",
        { class: "day" },
        h("input", {
          type: "date",
          id: id("day"),
          value: change.day,
          "aria-describedby": id("day-error"),
          oninput: (event) => {
            change.day = event.target.value;
            on.edit();
          },
        }),
        h("p", { class: "note", id: id("place") }),
      ),
      h("input", {
        type: "range",
        id: id("slider"),
        min: "0",
        "aria-label": "Day, within the period",
        oninput: (event) => on.slide(change, event.target.valueAsNumber),
      }),
      h(
        "div",
        { class: "ends note" },
        h("span", { id: id("begin") }),
        h("span", { id: id("end") }),
      ),
      errorNote(id("day")),
    ),
  );
}

/** Shows the day of a change, and its place in the period at its slider. */
export function showDay({ key, day, place }, period) {
  const own = (part) => byId(`change-${key}-${part}`);
  const which = `day ${place + 1} of ${period.days}`;
  if (own("day").value !== day) own("day").value = day;
  own("slider").max = String(period.days - 1);
  own("slider").value = String(place);
  own("slider").setAttribute("aria-valuetext", `${day}, ${which}`);
  own("place").textContent = which;
  own("begin").textContent = period.from;
  own("end").textContent = `before ${period.to}`;
}
