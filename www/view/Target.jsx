// A document that can be paid: its tick, its amount, and its lines.
import { useId } from "preact/hooks";
import { count } from "../words/count.js";
import { AllLines } from "./AllLines.jsx";
import { AmountField } from "./AmountField.jsx";
import { Bar, Line } from "./Line.jsx";
import { isOfAll } from "../scenario/settle.js";
import { lights, OTHERS } from "./rows.js";
import { Money, Move } from "./Money.jsx";

export function Target({ target, state, weighed, canAsk }) {
  const faultId = useId();
  const { id, number, isTicked, lines, amount } = target;
  const isUnfolded = state.unfolded.value.has(id);
  const canUnfold = isTicked && lines === null && target.lineCount > 0;
  return (
    <li class={`target ${isTicked ? "" : "offered"}`}>
      <div
        class="target-head"
        data-to={lines === null ? id : undefined}
        style={
          lines === null && isTicked
            ? { minHeight: `${Math.max(42, (weighed.got.get(id) ?? 0) + 10)}px` }
            : {}
        }
        {...(lines === null ? lights(state, id) : {})}
      >
        <span class="target-name">
          <label class="tick">
            <input
              type="checkbox"
              checked={state.isTicked(id)}
              onChange={(event) => state.tick(target, event.currentTarget.checked)}
            />
            <span class="number" title={number}>
              {number}
            </span>
          </label>
          <Late late={target.late} />
          {canUnfold && (
            <button
              type="button"
              class="unfold"
              aria-expanded={isUnfolded}
              onClick={() => state.unfold(id, !isUnfolded)}
            >
              {count(target.lineCount, "line")}
            </button>
          )}
        </span>
        {isTicked ? (
          <Move before={target.before} after={target.after} />
        ) : (
          <span class="move">
            <Money amount={target.before} />
          </span>
        )}
        {isOfAll(state.form.value) ? (
          <span class="amount sum">{isTicked && <Got amount={amount} />}</span>
        ) : (
          <AmountField target={target} state={state} faultId={faultId} />
        )}
        <span class="mini" aria-hidden="true">
          <Bar to={id} ribbons={weighed.ribbons} before={target.before} />
        </span>
      </div>
      <Fault state={state} id={faultId} documentId={id} />
      {lines !== null && isTicked && (
        <ul class="lines">
          {lines.map((line) => (
            <Line key={line.key} {...{ line, target, state, weighed, canAsk, faultId }} />
          ))}
        </ul>
      )}
      {isUnfolded && canUnfold && <AllLines {...{ target, state, canAsk, faultId }} />}
    </li>
  );
}

/** How late a document is, or when it is due. */
function Late({ late }) {
  if (late > 0) return <span class="late">{count(late, "day")} late</span>;
  return <span class="due">{late === 0 ? "due today" : `due in ${count(-late, "day")}`}</span>;
}

/** What a document gets where nobody states it. */
const Got = ({ amount }) => (amount === null ? "–" : <Money amount={amount} class="strong" />);

/** A refusal, at the document that it is about. */
function Fault({ state, id, documentId }) {
  const refusal = state.refusal.value;
  if (refusal?.documentId !== documentId) return null;
  return (
    <p class="fault" id={id}>
      {refusal.says}
    </p>
  );
}

export function Others({ others, weighed, state }) {
  const height = Math.max(42, (weighed.got.get(OTHERS) ?? 0) + 10);
  return (
    <li class="target others">
      <div
        class="target-head"
        data-to={OTHERS}
        style={{ minHeight: `${height}px` }}
        {...lights(state, OTHERS)}
      >
        <span class="target-name">
          <span class="number">{count(others.rows, "more document")}</span>
          <span class="due">{count(others.lines, "line")}</span>
        </span>
        <Move before={others.before} after={others.after} />
        <span class="amount sum">
          <Money amount={others.change} class="strong" />
        </span>
      </div>
    </li>
  );
}
