// Keys that work everywhere: only Ctrl or Cmd with Enter commits; Ctrl or Cmd with Z takes back.
import { commit, undoLast } from "../state/app.js";
import { route } from "../state/route.js";

const isField = (element) => element?.matches?.("input[type=text], input:not([type]), textarea");

/** Alt with the first letter of a slot opens it: the credit, what is paid, the rule, the day. */
function openSlot(event) {
  const key = event.code.replace(/^Key/, "").toLowerCase();
  const button = document.querySelector(`.sentence [data-key="${key}"]`);
  if (button === null) return;
  event.preventDefault();
  button.focus();
  if (button.getAttribute("aria-expanded") === "false") button.click();
}

export function listenToKeys() {
  addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && !event.metaKey) openSlot(event);
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (route.value.view !== "settle") return;
    if (event.key === "Enter") {
      event.preventDefault();
      commit();
    }
    // In a field, the browser takes back what was typed there.
    if (event.key.toLowerCase() === "z" && !event.shiftKey && !isField(event.target)) {
      event.preventDefault();
      undoLast();
    }
  });
}
