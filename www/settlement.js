// The view in which credits settle what is owed: its state, and what happens on which event.
import { Book, isSetoffError } from "./pkg/setoff.js";
import { explain, readAccount } from "./account.js";
import { byId, replaceContent } from "./dom.js";
import { formOf, startForm, toCommand, whatIsMissing } from "./form.js";
import { shortHash } from "./format.js";
import { account as customer, bookOptions, commands, example } from "./sample.js";
import { clearRefusals, controlFor, offerCopy, refusalCard, showRefusal } from "./view/controls.js";
import { drawForm } from "./view/form.js";
import { drawHistory } from "./view/history.js";
import { resultTables, sentence } from "./view/result.js";

const { currency } = bookOptions;

const NOT_KEPT = "Start over? What was done to the account is not kept.";

let book = null;
let account = null;
let form = null;
let plan = null;
let history = [];

const on = {
  edit: preview,
  reshape() {
    drawForm(byId("fields"), account, form, on);
    preview();
  },
  restart(choice) {
    form = startForm(account, { ...form, ...choice });
    on.reshape();
  },
};

/** Loads the account again, if that is meant: what was done to it is lost then. */
function startOver() {
  if (history.length > 1 && !confirm(NOT_KEPT)) return;
  loadSample();
}

function loadSample() {
  book?.free();
  book = new Book(bookOptions);
  for (const command of commands) book.execute(command);
  account = readAccount(book);
  form = formOf(account, example);
  history = [];
  record("Loaded the sample account", null);
  on.reshape();
}

/** Asks the engine what the form's command would do, and shows that. */
function preview() {
  plan = null;
  clearRefusals(byId("fields"));
  const { command, controls } = toCommand(account, form);
  const missing = whatIsMissing(form);
  if (missing !== null) {
    show(command, { heading: "Preview", summary: missing });
    return;
  }
  attempt(command, controls, () => {
    plan = book.preview(command);
    show(command, {
      heading: "Preview",
      summary: sentence(plan, currency),
      result: explain(account, plan),
    });
  });
}

/** Carries the previewed plan out. The form is then as untouched; what was done stays in view until the next edit. */
function commit() {
  if (plan === null) return;
  const { command, controls } = toCommand(account, form);
  attempt(command, controls, () => {
    const outcome = book.commit(plan);
    const result = explain(account, outcome);
    const done = outcome.type.startsWith("apply") ? "Applied" : "Unapplied";
    account = readAccount(book);
    record(`${done} ${outcome.document.number}`, outcome);
    on.restart({ everything: false });
    show(command, { heading: done, summary: sentence(outcome, currency), result });
    byId("result-heading").focus();
  });
}

/** Runs something that the engine may refuse, and shows a refusal at the control that it is about. */
function attempt(command, controls, action) {
  try {
    action();
  } catch (error) {
    if (!isSetoffError(error)) throw error;
    plan = null;
    showRefusal(controlFor(controls, error.path), error);
    show(command, { heading: "Preview", summary: refusalCard(error) });
  }
}

function show(command, { heading, summary, result = null }) {
  byId("command").textContent = command === null ? "" : JSON.stringify(command, null, 2);
  byId("result-heading").textContent = heading;
  replaceContent(byId("summary"), summary);
  replaceContent(byId("result"), result && resultTables(result));
  const button = byId("commit");
  button.textContent = form.mode === "apply" ? "Apply" : "Unapply";
  button.disabled = plan === null;
}

function record(what, outcome) {
  const { amount = null, applicationGroupId = null } = outcome ?? {};
  const { version } = book;
  const hash = book.hash();
  history.push({ what, amount, applicationGroupId, version, hash });
  drawHistory(byId("history"), history);
  byId("version").textContent = String(version);
  byId("hash").textContent = shortHash(hash);
  byId("hash").title = hash;
}

/** Loads the sample account, and listens. */
export function startSettlement() {
  byId("customer").textContent = `${customer.name} (${customer.id})`;
  byId("load").addEventListener("click", startOver);
  offerCopy(byId("copy"), byId("command"));
  // The button alone commits: Enter in a field, which submits a form, does nothing.
  byId("commit").addEventListener("click", commit);
  byId("form").addEventListener("submit", (event) => event.preventDefault());
  loadSample();
}
