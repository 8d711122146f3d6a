// The view in which a plan changes within a period: its state, and what happens on which event.
import { isSetoffError, prorationPresets } from "./pkg/setoff.js";
import { addChange, ask, controlsOf, dayAt, periodOf, placeOf, startChange } from "./change.js";
import { byId, replaceContent } from "./dom.js";
import { bookOptions } from "./sample.js";
import { drawChangeForm, drawChanges, showDay } from "./view/change.js";
import { clearRefusals, controlFor, offerCopy, refusalCard, showRefusal } from "./view/controls.js";
import { changeTables, figures, sentence, traceCards } from "./view/trace.js";

const { currency } = bookOptions;

const form = startChange();

const on = {
  /** Another value of any field but the period. */
  edit: preview,
  /** The slider of a change was moved. */
  slide(change, place) {
    attempt(() => {
      change.day = dayAt(form, place);
    });
    preview();
  },
  /** Another period: each day keeps its place in it, or is its last. */
  period() {
    attempt(() => {
      const last = periodOf(form).days - 1;
      for (const change of form.changes) change.day = dayAt(form, Math.min(change.place, last));
    });
    preview();
  },
  add() {
    const { key } = addChange(form);
    drawChanges(form, on);
    preview();
    byId(`change-${key}-kind`).focus();
  },
  remove(change) {
    form.changes.splice(form.changes.indexOf(change), 1);
    drawChanges(form, on);
    preview();
    byId("change-add").focus();
  },
};

/** Asks the engine what the changes would do, and shows that. */
function preview() {
  clearRefusals(byId("change-fields"));
  const answer = attempt(() => {
    const period = periodOf(form);
    for (const change of form.changes) {
      // A day that is none keeps its place: what is wrong with it, the engine says below.
      const wanted = change.day === "" ? -1 : placeOf(form, change.day);
      if (wanted >= 0 && wanted < period.days) change.place = wanted;
      showDay(change, period);
    }
    return ask(form);
  });
  if (answer === null) return;
  byId("change-command").textContent = JSON.stringify(answer.command, null, 2);
  replaceContent(byId("change-figures"), figures(answer));
  replaceContent(byId("change-summary"), sentence(answer, currency));
  replaceContent(byId("change-documents"), changeTables(answer));
  replaceContent(byId("change-trace"), traceCards(answer));
}

/** What `action` returns; `null` after a refusal, which is shown where it belongs. */
function attempt(action) {
  try {
    return action();
  } catch (error) {
    if (!isSetoffError(error)) throw error;
    clearRefusals(byId("change-fields"));
    showRefusal(controlFor(controlsOf(form), error.path), error);
    for (const id of ["figures", "documents", "trace"]) replaceContent(byId(`change-${id}`));
    replaceContent(byId("change-summary"), refusalCard(error));
    byId("change-command").textContent = "";
    return null;
  }
}

/** Draws the form with its first figures, and listens. */
export function startProration() {
  drawChangeForm(byId("change-fields"), form, prorationPresets(), on);
  offerCopy(byId("change-copy"), byId("change-command"));
  byId("change-form").addEventListener("submit", (event) => event.preventDefault());
  preview();
}
