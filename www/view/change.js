import { LENGTHS } from "../change.js";
import { byId, h } from "../dom.js";
import { choiceGroup, errorNote, field } from "./controls.js";

/**
 * Draws the form of a change, once. Controls write what they are told into `form` themselves, then call `on.edit()`, or
 * `on.period()` when the period is another; `on.slide(place)` asks for the day at a place of the period.
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
      options.map(([value, label]) => h("option", { value, selected: value === form[name] }, label)),
    );
  const checkedOf = (name) => presets.find((preset) => preset.name === name).checked;

  container.replaceChildren(
    pair(
      field({
        id: "change-from",
        label: "Period from",
        control: h("input", { type: "date", id: "change-from", value: form.from, oninput: write("from", on.period) }),
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
      field({ id: "change-price", label: "Price of the period", control: text("change-price", "price") }),
      field({
        id: "change-tax",
        label: "Tax rate",
        hint: "0.08 is 8 %; empty is none.",
        control: text("change-tax", "taxRate", { placeholder: "none" }),
      }),
    ),
    choiceGroup({
      id: "change-type",
      legend: "Change",
      options: { price: "Upgrade or downgrade", cancel: "Cancel" },
      value: form.type,
      choose(type) {
        form.type = type;
        byId("change-new-price-field").hidden = type === "cancel";
        on.edit();
      },
    }),
    field({
      id: "change-new-price",
      label: "New price of the period",
      control: text("change-new-price", "newPrice"),
    }),
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
    // Last, so that on a narrow screen the figures are right under it.
    dayField(form, on),
  );
}

function pair(...fields) {
  return h("div", { class: "pair" }, fields);
}

/** The day of the change, to be typed or moved to. */
function dayField(form, on) {
  return h(
    "fieldset",
    { class: "field", id: "change-day-field" },
    h("legend", {}, "Day of the change"),
    h(
      "div",
      { class: "day" },
      h("input", {
        type: "date",
        id: "change-day",
        value: form.day,
        "aria-label": "Day of the change",
        "aria-describedby": "change-day-error",
        oninput: (event) => {
          form.day = event.target.value;
          on.edit();
        },
      }),
      h("p", { class: "note", id: "change-place" }),
    ),
    h("input", {
      type: "range",
      id: "change-slider",
      min: "0",
      "aria-label": "Day of the change, within the period",
      oninput: (event) => on.slide(event.target.valueAsNumber),
    }),
    h("div", { class: "ends note" }, h("span", { id: "change-begin" }), h("span", { id: "change-end" })),
    errorNote("change-day"),
  );
}

/** Shows the form's day, and its place in the period at the slider. */
export function showDay(form, period, place) {
  const which = `day ${place + 1} of ${period.days}`;
  const date = byId("change-day");
  if (date.value !== form.day) date.value = form.day;
  const slider = byId("change-slider");
  slider.max = String(period.days - 1);
  slider.value = String(place);
  slider.setAttribute("aria-valuetext", `${form.day}, ${which}`);
  byId("change-place").textContent = which;
  byId("change-begin").textContent = period.from;
  byId("change-end").textContent = `before ${period.to}`;
}
