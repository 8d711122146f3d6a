// What the forms of all views are made of, and how refusals are shown.
import { byId, h } from "../dom.js";

/** A control under its label, with the room for a refusal and, if there is a `hint`, a note. */
export function field({ id, label, hint = null, control }) {
  control.setAttribute(
    "aria-describedby",
    hint === null ? `${id}-error` : `${id}-hint ${id}-error`,
  );
  return h(
    "div",
    { class: "field", id: `${id}-field` },
    h("label", { for: id }, label),
    control,
    hint !== null && h("p", { class: "note", id: `${id}-hint` }, hint),
    errorNote(id),
  );
}

/** A group of radio buttons; `options` gives the label of each value. */
export function choiceGroup({ id, legend, options, value, choose }) {
  return h(
    "fieldset",
    { id, "aria-describedby": `${id}-error` },
    h("legend", {}, legend),
    h(
      "div",
      { class: "choices" },
      Object.entries(options).map(([option, label]) =>
        h(
          "label",
          { class: "choice" },
          h("input", {
            type: "radio",
            name: id,
            id: `${id}:${option}`,
            value: option,
            checked: option === value,
            onchange: () => choose(option),
          }),
          h("span", {}, label),
        ),
      ),
    ),
    errorNote(id),
  );
}

/** Where a refusal of this control is shown; empty, it takes no room. */
export function errorNote(id) {
  return h("p", { class: "field-error", id: `${id}-error` });
}

/** The control for an error's path: that of the field itself, or of the nearest field around it. */
export function controlFor(controls, path) {
  for (let field = path; field !== ""; field = field.replace(/(^|\.)[^.[]+$|\[\d+\]$/, "")) {
    if (controls.has(field)) return controls.get(field);
  }
  return null;
}

/** Takes the refusals off a form. */
export function clearRefusals(container) {
  for (const control of container.querySelectorAll("[aria-invalid]"))
    control.removeAttribute("aria-invalid");
  for (const note of container.querySelectorAll(".field-error")) note.textContent = "";
}

/** Shows at a control, if there is one for it, what the engine refused. */
export function showRefusal(controlId, { details: { sentence } }) {
  if (controlId === null || byId(controlId) === null) return;
  byId(controlId).setAttribute("aria-invalid", "true");
  byId(`${controlId}-error`).textContent = sentence;
}

/** A refusal as an engineer wants it: the code, the field, and what is wrong with it. */
export function refusalCard(error) {
  const row = (name, value) => [h("dt", {}, name), h("dd", {}, value)];
  return h(
    "div",
    { class: "refusal" },
    h("p", {}, h("strong", {}, "Refused"), "; the book is unchanged."),
    h(
      "dl",
      {},
      row("code", h("code", {}, error.code)),
      error.path !== "" && row("field", h("code", {}, error.path)),
      row("because", error.details.sentence),
    ),
  );
}

/** Makes a button copy the text of an element. */
export function offerCopy(button, source) {
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "Copied";
    } catch {
      // Without the permission to write to the clipboard, the text is at least selected, ready to be copied by hand.
      getSelection().selectAllChildren(source);
      button.textContent = "Selected";
    }
    setTimeout(() => {
      button.textContent = "Copy";
    }, 2000);
  });
}
