// What a change of plan costs: a sentence, the time with a handle on it, what is due, and what others would bill.
import { account, client } from "../state/app.js";
import { ChangeState } from "../state/change.js";
import { Developers } from "./Developers.jsx";
import { Due } from "./Due.jsx";
import { Others } from "./Others.jsx";
import { PlanSentence } from "./PlanSentence.jsx";
import { Steps } from "./Steps.jsx";
import { Timeline } from "./Timeline.jsx";
import { Waterfall } from "./Waterfall.jsx";

const states = new Map();

/** The change of plan that belongs to an account: it is kept while one looks elsewhere. */
export function changeOfAccount({ key, bookOptions }) {
  if (!states.has(key)) {
    const state = new ChangeState(client, bookOptions.currency);
    states.set(key, state);
    state.start(state.form.value);
  }
  return states.get(key);
}

export function Change() {
  const state = changeOfAccount(account.value);
  return (
    <>
      <h1 class="hidden">Change a plan</h1>
      <PlanSentence state={state} />
      <Due state={state} />
      <PlanPicture state={state} />
      {state.answer.value !== null && (
        <Developers command={state.answer.value.command} version={null} hash={null} />
      )}
    </>
  );
}

/** From this number of characters on, two figures do not fit side by side. */
const WIDE = 12;

const isWide = ({ preview, documents }) =>
  [...Object.values(preview), ...documents.map(({ amount }) => amount)].some(
    ({ length }) => length > WIDE,
  );

/** The timeline and what it comes to. */
export function PlanPicture({ state }) {
  const answer = state.answer.value;
  if (answer === null) return <div class="card timeline" aria-busy="true" />;
  return (
    <div class={`${state.isStale.value ? "stale" : ""} ${isWide(answer) ? "wide-figures" : ""}`}>
      <Timeline state={state} />
      <div class="halves">
        <Waterfall answer={answer} />
        <Others answer={answer} state={state} />
      </div>
      <Steps answer={answer} />
    </div>
  );
}
