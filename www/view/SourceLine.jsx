// A line of who pays: its name, what it gives, and the post at which its ribbons begin.
import { shown } from "../words/amount.js";
import { lights, nameOf } from "./rows.js";
import { Money, Move } from "./Money.jsx";

export function SourceLine({ line, state, weighed }) {
  const { source } = state.picture.value;
  const height = Math.max(18, weighed.given.get(line.key) ?? 0);
  const isAsked = state.asked.value?.key === line.key;
  const [name, amount] = [nameOf(line), line.amount];
  return (
    <li class={`giver ${isAsked ? "asked" : ""}`} {...lights(state, line.key)}>
      <div class="giver-words">
        <span class="name" title={name}>
          {line.kind === "payment" ? source.number : line.label}
        </span>
        {amount === null ? (
          <Money amount={line.before} class="strong" />
        ) : (
          <button
            type="button"
            class="why strong"
            aria-label={`${shown(amount)} from ${name}: why?`}
            aria-pressed={isAsked}
            onClick={() => state.ask(isAsked ? null : { documentId: source.id, key: line.key })}
          >
            <Money amount={amount} />
          </button>
        )}
        {amount !== null && <Move before={line.before} after={line.after} />}
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
