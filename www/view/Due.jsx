// What is due after a change of plan, in one sentence.
import { inOrder } from "../scenario/change.js";
import { isNegative, isNil, negated } from "../words/amount.js";
import { count } from "../words/count.js";
import { shownDay } from "../words/day.js";
import { Money } from "./Money.jsx";

export function Due({ state }) {
  const answer = state.answer.value;
  const refusal = state.refusal.value;
  return (
    <div class="result">
      <div class="result-words" role="status" aria-live="polite">
        {refusal !== null ? (
          <p class="refused">{refusal.says}</p>
        ) : answer === null ? (
          <p>One moment…</p>
        ) : (
          <Sentence answer={answer} />
        )}
      </div>
    </div>
  );
}

/** `15 days`, where days are counted and come out whole. */
export function timeOf(covered) {
  return /^\d+$/.test(covered) && Number(covered) <= 400 ? count(Number(covered), "day") : "a part";
}

const unusedOf = (covered) => {
  const time = timeOf(covered);
  return time === "a part" ? "the unused part" : time.replace(" ", " unused ");
};

function Sentence({ answer }) {
  const { due, preview, lines, documents, scenario } = answer;
  const day = shownDay(inOrder(scenario).at(-1).day, { year: false });
  const charge = lines.find(({ type }) => type === "charge");
  const credit = lines.find(({ type }) => type === "credit");
  const isOne = lines.filter(({ type }) => type === "charge" || type === "credit").length <= 2;
  const [old, ...created] = documents;
  const memo = created.find(({ type }) => type === "creditMemo");
  const open = created.find(({ type }) => type === "invoice");
  return (
    <p>
      <strong>{isNil(due) ? "Nothing" : <Money amount={due} />} is due</strong> on {day}
      {isNil(preview.charge) && isNil(preview.credit) && ": the change costs nothing"}
      {!isNil(preview.charge) && (
        <>
          : <Money amount={preview.charge} /> for{" "}
          {isOne && charge ? timeOf(charge.covered) : "the time"} of the new plan
        </>
      )}
      {!isNil(preview.credit) && (
        <>
          {isNil(preview.charge) ? ": " : ", less "}
          <Money amount={negated(preview.credit)} /> for{" "}
          {isOne && credit ? unusedOf(credit.covered) : "the unused time"} of the old
          {isNil(preview.charge) && " is credited"}
        </>
      )}
      {!isNil(preview.tax) && (
        <>
          , {isNegative(preview.tax) ? "less" : "and"}{" "}
          <Money amount={isNegative(preview.tax) ? negated(preview.tax) : preview.tax} /> tax
        </>
      )}
      .
      {!isNil(old.after) && (
        <span class="notice">
          {" "}
          Of this, <Money amount={old.after} /> is still open on the old invoice, {old.id}
          {open && !isNil(open.after) && (
            <>
              , and <Money amount={open.after} /> is new
            </>
          )}
          .
        </span>
      )}
      {memo && !isNil(memo.after) && (
        <span class="notice">
          {" "}
          <Money amount={memo.after} /> stays on account as a credit.
        </span>
      )}
    </p>
  );
}
