// The state of the page: which account, which view, what was said last; and what can be done with the account.
import { batch, signal } from "@preact/signals";
import { later } from "../words/day.js";
import { shown } from "../words/amount.js";
import { wordsOf } from "../words/refusal.js";
import { Client } from "./client.js";
import { SettleState } from "./settle.js";

export const client = new Client();

export const accounts = signal([]);
/** The account that is open; `null` while it is being opened. */
export const account = signal(null);
export const settle = signal(null);
export const history = signal(null);
/** What is said for a while: `{ text, undo }`. */
export const toast = signal(null);
/** What cannot go on: shown above everything. */
export const failure = signal(null);
/** What the browser says of keeping: `"saved"`, `"memory"`, `"full"`. */
export const keeping = signal("saved");
/** Whether another tab has changed the account. */
export const movedElsewhere = signal(false);

const channel = new BroadcastChannel("setoff");

/** Opens an account, with a scenario or its own. */
export async function openAccount(key, scenario) {
  const opened = await client.ask("open", { key });
  const state = new SettleState(client, key);
  await (scenario === undefined ? state.startWith(opened) : state.start(scenario));
  batch(() => {
    account.value = opened;
    settle.value = state;
    toast.value = null;
    movedElsewhere.value = false;
    history.value = null;
    if (!opened.isKept) keeping.value = "memory";
  });
  // The picture is there before it.
  refreshHistory();
}

export async function refreshAccounts() {
  const answer = await client.ask("accounts");
  accounts.value = answer.accounts;
}

/** How many rows of the history are shown. */
const most = signal(8);

export function showMoreHistory() {
  most.value += 30;
  return refreshHistory();
}

export async function refreshHistory() {
  const { key } = account.value;
  const answer = await client.latest("history", "history", { key, most: most.value });
  if (answer !== undefined) history.value = answer;
}

/** Reads anew what somebody else has written. */
async function takeOver({ data }) {
  if (data.tab === client.tab || data.key !== account.value?.key) return;
  movedElsewhere.value = true;
  await Promise.all([settle.value.refresh(), refreshHistory()]);
}

channel.addEventListener("message", takeOver);

/** Names one try of a command, so that it is carried out once even if nobody knows whether it was. */
const newId = () => crypto.randomUUID();

/** Carries out what the picture shows. It is on this device before anything is said. */
export async function commit() {
  const state = settle.value;
  await state.whenCurrent();
  if (!state.canCommit.value) return;
  const { command, fingerprint, source } = state.picture.value;
  const done = await carryOut(
    () => client.ask("commit", { key: state.key, command, fingerprint, id: newId() }),
    { source: source.number },
  );
  if (done === null) return;
  applied.set(done.group, state.form.value);
  await Promise.all([state.afterCommit(), refreshHistory()]);
  toast.value = { text: `Applied ${shown(done.amount)}`, undo: done.group };
}

/** What was wanted of what was applied here, so that an undo brings it back. */
const applied = new Map();

/** Takes an operation back; `false` where the engine refuses. */
export async function undo(row) {
  const { key } = account.value;
  const at = later(settle.value.form.value.at, row.at);
  const done = await carryOut(
    () => client.ask("undo", { key, group: row.group, at, id: newId() }),
    { row: row.group },
  );
  if (done === null) return false;
  const wanted = applied.get(row.group);
  const state = settle.value;
  await Promise.all([
    wanted === undefined ? state.refresh() : state.start(wanted),
    refreshHistory(),
  ]);
  toast.value = { text: row.type === "undo" ? "Redone" : "Undone", undo: null };
  return true;
}

/** Takes back the last operation that stands. */
export async function undoLast() {
  const row = history.value?.rows.find(({ isUndone, type }) => !isUndone && type !== "undo");
  if (row !== undefined) await undo(row);
}

/** Why an operation settled what it did then. */
export const reasonsOf = (group) => client.ask("past", { key: account.value.key, group });

/** The refusal of the last undo, at its row. */
export const undoRefusal = signal(null);

/** Runs something that is written; says what is refused or not saved. `null`: nothing was done. */
async function carryOut(work, { source, row } = {}) {
  undoRefusal.value = null;
  try {
    const done = await work();
    if (keeping.value === "full") keeping.value = "saved";
    return done;
  } catch (fault) {
    if (fault.kind === "notSaved") keeping.value = "full";
    else if (fault.kind === "refusal") {
      const words = wordsOf(fault, { source });
      if (row === undefined) settle.value.refusal.value = { ...words, documentId: null };
      // Of an undo, the engine says in plain words what stands in its way, and by whom.
      else undoRefusal.value = { ...words, says: words.detail, row };
      if (fault.code === "planMoved" || fault.code === "versionMismatch") {
        toast.value = { text: words.says, undo: null };
        await settle.value.refresh();
      }
    } else failure.value = fault.message;
    return null;
  }
}

/** Puts a sample back to its beginning. */
export async function beginAnew() {
  const { key } = account.value;
  await client.ask("beginAnew", { key });
  await openAccount(key);
}
