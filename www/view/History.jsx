// What was done, the last first. Each row can be undone.
import { history, showMoreHistory, undo, undoRefusal } from "../state/app.js";
import { count, listed } from "../words/count.js";
import { shownDay } from "../words/day.js";
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

function Row({ row }) {
  const refusal = undoRefusal.value?.row === row.group ? undoRefusal.value : null;
  const targets = row.more > 0 ? [...row.targets, `${row.more} more`] : row.targets;
  const amount = row.amount !== null && isNegative(row.amount) ? negated(row.amount) : row.amount;
  return (
    <li class={row.isUndone ? "undone" : ""}>
      <span>
        <strong>
          {row.says} {row.source}
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
      </span>
      {!row.isUndone && (
        <button type="button" onClick={() => undo(row)}>
          {row.type === "undo" ? "Redo" : "Undo"}
          <span class="hidden">
            {" "}
            {row.says} {row.source}, {row.group}
          </span>
        </button>
      )}
    </li>
  );
}

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
