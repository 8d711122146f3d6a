// A line of who is paid. A click on its amount says why.
import { shown, sizeOf } from "../words/amount.js";
import { LineField } from "./AmountField.jsx";
import { lights, nameOf } from "./rows.js";
import { Money, Move } from "./Money.jsx";

export function Line({ line, target, state, weighed, canAsk, faultId }) {
  const isAsked = state.asked.value?.key === line.key;
  const name = nameOf(line);
  const height = Math.max(32, (weighed.got.get(line.key) ?? 0) + 8);
  return (
    <li
      class={`line ${line.kind} ${isAsked ? "asked" : ""}`}
      data-to={line.key}
      style={{ minHeight: `${height}px` }}
      {...lights(state, line.key)}
    >
      <span class="name" title={name}>
        {line.label}
      </span>
      <LineAmount {...{ line, target, state, canAsk, faultId }} />
      <Move before={line.before} after={line.after} />
      <span class="mini" aria-hidden="true">
        <Bar to={line.key} ribbons={weighed.ribbons} before={line.before} />
      </span>
    </li>
  );
}

export function WindowLine({ line, target, state, canAsk, faultId }) {
  const isAsked = state.asked.value?.key === line.key;
  return (
    <div class={`line ${line.kind} ${isAsked ? "asked" : ""}`}>
      <span class="name" title={nameOf(line)}>
        {line.label}
      </span>
      <LineAmount {...{ line, target, state, canAsk, faultId }} />
      <Move before={line.before} after={line.after} />
    </div>
  );
}

/** What a line gets: a field where somebody states it. */
function LineAmount({ line, target, state, canAsk, faultId }) {
  if (state.form.value.rule === "explicit")
    return <LineField {...{ line, target, state, faultId }} />;
  if (canAsk) return <WhyButton line={line} documentId={target.id} state={state} />;
  return <span class="why">{line.amount === null ? "–" : <Money amount={line.amount} />}</span>;
}

/** What a line gets. A click says why: also why it gets nothing. */
function WhyButton({ line, documentId, state }) {
  const isAsked = state.asked.value?.key === line.key;
  const { amount } = line;
  return (
    <button
      type="button"
      class={`why ${amount === null ? "none" : "strong"}`}
      aria-label={`${amount === null ? "nothing" : shown(amount)} to ${nameOf(line)}: why?`}
      aria-pressed={isAsked}
      disabled={state.picture.value.fingerprint === undefined}
      onClick={() => state.ask(isAsked ? null : { documentId, key: line.key })}
    >
      {amount === null ? "–" : <Money amount={amount} />}
    </button>
  );
}

/** Where there is no room for ribbons: what share of a row is paid, in the colours of who pays it. */
export function Bar({ to, ribbons, before }) {
  const whole = sizeOf(before);
  const own = ribbons.filter((ribbon) => ribbon.to === to);
  if (whole === 0 || own.length === 0) return null;
  return (
    <span class="bar-of">
      {own.map((ribbon) => (
        <span
          key={ribbon.from}
          class={ribbon.colour}
          style={{ width: `${Math.min(100, (ribbon.size / whole) * 100)}%` }}
        />
      ))}
    </span>
  );
}
