// The view in which a plan changes within a period: its state, and what happens on which event.
import { isSetoffError, prorationPresets } from "./pkg/setoff.js";
import { ask, CONTROLS, dayAt, periodOf, placeOf, startChange } from "./change.js";
import { byId, replaceContent } from "./dom.js";
import { bookOptions } from "./sample.js";
import { drawChangeForm, showDay } from "./view/change.js";
import { clearRefusals, controlFor, offerCopy, refusalCard, showRefusal } from "./view/controls.js";
import { changeTables, figures, sentence, traceCards } from "./view/trace.js";

const { currency } = bookOptions;

const form = startChange();

/** The last day that was in the period, by its place: what the slider points at. */
let place = 0;

const on = {
  /** Another price, rate, type, preset or invoice. */
  edit: preview,
  /** The slider was moved. */
  slide(wanted) {
    form.day = dayAt(form, wanted);
    preview();
  },
  /** Another period: the day keeps its place in it, or is its last. */
  period() {
    attempt(() => {
      form.day = dayAt(form, Math.min(place, periodOf(form).days - 1));
    });
    preview();
  },
};

/** Asks the engine what the change would do, and shows that. */
function preview() {
  clearRefusals(byId("change-fields"));
  const answer = attempt(() => {
    const period = periodOf(form);
    const wanted = placeOf(form);
    if (wanted >= 0 && wanted < period.days) place = wanted;
    showDay(form, period, place);
    return ask(form);
  });
  if (answer === null) return;
  byId("change-command").textContent = JSON.stringify(answer.command, null, 2);
  replaceContent(byId("change-figures"), figures(answer));
  replaceContent(byId("change-summary"), sentence(answer, currency));
  replaceContent(byId("change-documents"), changeTables(answer));
  replaceContent(byId("change-trace"), traceCards(answer));
}

/** What `action` answers with; `null` after a refusal, which is shown where it belongs. */
function attempt(action) {
  try {
    return action();
  } catch (error) {
    if (!isSetoffError(error)) throw error;
    clearRefusals(byId("change-fields"));
    showRefusal(controlFor(CONTROLS, error.path), error);
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
