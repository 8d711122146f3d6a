// What was done, the last first. Each row can be undone.
import { useState } from "preact/hooks";
import { history, reasonsOf, showMoreHistory, undo, undoRefusal } from "../state/app.js";
import { count, listed } from "../words/count.js";
import { shownDay } from "../words/day.js";
import { told } from "../words/sentence.js";
import { isNegative, negated } from "../words/amount.js";
import { Money } from "./Money.jsx";

export function History() {
  const known = history.value;
  if (known === null) return <section class="card history" aria-busy="true" aria-label="History" />;
  return (
    <section class="card history" aria-labelledby="history-heading">
      <h2 id="history-heading">History</h2>
      <ol>
        {known.rows.map((row) => (
          <Row key={row.group} row={row} />
        ))}
        {known.more > 0 && (
          <li>
            <button type="button" class="quiet" onClick={showMoreHistory}>
              {count(known.more, "older operation")}
            </button>
          </li>
        )}
        <li>
          <strong>Account opened</strong>
          <span class="note">{openedWith(known.opened)}</span>
        </li>
      </ol>
    </section>
  );
}

/** Why it was that then, line by line: asked for when it is unfolded. */
function Then({ row }) {
  const [reasons, setReasons] = useState(null);
  const ask = async (event) => {
    if (!event.currentTarget.open || reasons !== null) return;
    setReasons(await reasonsOf(row.group).catch((fault) => [{ fault: fault.message }]));
  };
  return (
    <details class="then" onToggle={ask}>
      <summary>Why</summary>
      {reasons?.map((reason) => (
        <Past key={`${reason.source} ${reason.target}`} reason={reason} />
      ))}
    </details>
  );
}

function Past({ reason }) {
  if (reason.fault !== undefined) return <p class="fault">{reason.fault}</p>;
  return (
    <section>
      <h3>
        <Money amount={reason.amount} /> of {reason.source} to {reason.target}
      </h3>
      <ul>
        {reason.lines.map((line) => (
          <li key={line.key}>
            <span>
              {line.label}: <Money amount={line.part} class="strong" />
              <span class="note">{told(line.sentence)}</span>
            </span>
          </li>
        ))}
      </ul>
      {reason.more > 0 && <p class="note">and {count(reason.more, "more line")}</p>}
    </section>
  );
}

function Row({ row }) {
  const refusal = undoRefusal.value?.row === row.group ? undoRefusal.value : null;
  const targets = row.more > 0 ? [...row.targets, `${row.more} more`] : row.targets;
  const amount = row.amount !== null && isNegative(row.amount) ? negated(row.amount) : row.amount;
  return (
    <li class={row.isUndone ? "undone" : ""}>
      <span>
        <strong>
          {row.says} {sourcesOf(row)}
        </strong>
        {row.isUndone && <span class="tag">undone</span>}
        <span class="note">
          {amount !== null && <Money amount={amount} />} {row.type === "undo" ? "back from" : "to"}{" "}
          {listed([...new Set(targets)])} · {shownDay(row.at)}
        </span>
        {refusal && (
          <span class="fault" role="alert">
            {refusal.says}
          </span>
        )}
        <Then row={row} />
      </span>
      {!row.isUndone && (
        <button type="button" onClick={() => undo(row)}>
          {row.type === "undo" ? "Redo" : "Undo"}
          <span class="hidden">
            {" "}
            {row.says} {sourcesOf(row)}, {row.group}
          </span>
        </button>
      )}
    </li>
  );
}

/** The credit of an operation; of several, how many. */
const sourcesOf = ({ sources }) =>
  sources.length === 1 ? sources[0] : count(sources.length, "credit");

function openedWith({ createInvoice, createCreditMemo, createDebitMemo, createPayment }) {
  const parts = [
    [createInvoice, "invoice"],
    [createDebitMemo, "debit memo"],
    [createCreditMemo, "credit memo"],
    [createPayment, "payment"],
  ];
  return listed(
    parts.filter(([number]) => number > 0).map(([number, noun]) => count(number, noun)),
  );
}
