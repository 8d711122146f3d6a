// A row of who pays: its name, what it gives, and the post at which its ribbons begin.
import { shown } from "../words/amount.js";
import { count } from "../words/count.js";
import { lights, nameOf } from "./rows.js";
import { Money, Move } from "./Money.jsx";

export function SourceLine({ line, state, weighed }) {
  const height = Math.max(18, weighed.given.get(line.key) ?? 0);
  const isAsked = state.asked.value?.key === line.key;
  return (
    <li
      class={`giver ${isAsked ? "asked" : ""} ${line.isFirst ? "first" : ""}`}
      {...lights(state, line.key)}
    >
      <div class="giver-words">
        {line.isFirst && line.kind !== "payment" && <span class="from">{line.number}</span>}
        <span class="name" title={nameOf(line)}>
          {labelOf(line)}
        </span>
        <Given line={line} state={state} isAsked={isAsked} />
        {line.amount !== null && <Move before={line.before} after={line.after} />}
      </div>
      <span
        class={`post c${weighed.colours.get(line.key)}`}
        data-from={line.key}
        style={{ height: `${height}px` }}
        aria-hidden="true"
      />
    </li>
  );
}

function labelOf({ kind, type, label, number, count: many }) {
  if (kind === "payment") return number;
  return type === "others" ? count(many, "more credit") : label;
}

/** What a row gives. Of a line, a click says why. */
function Given({ line, state, isAsked }) {
  const { amount, before, kind, key, documentId } = line;
  if (amount === null || kind === "document")
    return <Money amount={amount ?? before} class={amount === null ? "strong" : "strong given"} />;
  return (
    <button
      type="button"
      class="why strong"
      aria-label={`${shown(amount)} from ${nameOf(line)}: why?`}
      aria-pressed={isAsked}
      onClick={() => state.ask(isAsked ? null : { documentId, key })}
    >
      <Money amount={amount} />
    </button>
  );
}
