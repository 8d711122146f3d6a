// What would happen, in words, and the only button that makes it happen.
import { isNegative, isNil, negated, shown } from "../words/amount.js";
import { count, listed } from "../words/count.js";
import { Money } from "./Money.jsx";

const NOUNS = { invoice: "invoice", debitMemo: "debit memo" };

export function Result({ state, onCommit, children }) {
  const picture = state.picture.value;
  const refusal = state.refusal.value;
  const canCommit = state.canCommit.value;
  return (
    <div class="result">
      <div class="result-words" role="status" aria-live="polite">
        {refusal === null ? <Words picture={picture} /> : <Refused refusal={refusal} />}
      </div>
      <div class="result-actions">
        {children}
        <button type="button" class="primary" id="commit" disabled={!canCommit} onClick={onCommit}>
          Apply{canCommit && picture.amount ? ` ${shown(picture.amount)}` : ""}
        </button>
      </div>
    </div>
  );
}

/** The same without the button: what would happen, in words. */
export function Outcome({ state }) {
  const refusal = state.refusal.value;
  return (
    <div class="result">
      <div class="result-words">
        {refusal === null ? <Words picture={state.picture.value} /> : <Refused refusal={refusal} />}
      </div>
    </div>
  );
}

function Refused({ refusal }) {
  return (
    <p class="refused">
      {refusal.says}
      {refusal.detail && refusal.detail !== refusal.says && (
        <details>
          <summary>Details</summary>
          {refusal.detail} <code>{refusal.code}</code>
        </details>
      )}
    </p>
  );
}

const USED_UP = {
  creditMemo: "the credit is used up",
  payment: "the payment is used up",
  allOpen: "the credits are used up",
};

/** What is left on which credits; of very many, on how many. */
function Left({ rows, more = rows.length }) {
  if (rows.length === 0) return "Nothing is left over.";
  if (more > rows.length) return `Something is left on ${count(more, "credit")}.`;
  return (
    <>
      {rows.map(({ number, amount }, place) => (
        <span key={number}>
          {place > 0 && (place === rows.length - 1 ? " and " : ", ")}
          <Money amount={amount} /> {place === 0 && "is left "}on {number}
        </span>
      ))}
      .
    </>
  );
}

/** What the engine notes of a result that is right. */
const NOTICES = {
  fifoInsteadOfProration:
    "There are too many lines for proration, so they are settled first in, first out.",
  fallbackUsed: "Credit that was made for none of these lines is spread by share.",
};

const MISSING = {
  noSource: "No credit memo or payment of this account has anything left.",
  noTargets: "Tick what is to be paid.",
  nothingStated: "State what each line is paid.",
};

/** The documents whose lines do not come to their amount yet. */
function Rests({ rests }) {
  return (
    <p class="waiting-for">
      {rests.slice(0, 2).map(({ number, amount }) => (
        <span key={number}>
          {isNegative(amount) ? (
            <>
              The lines of {number} have{" "}
              <strong>
                <Money amount={negated(amount)} />
              </strong>{" "}
              more than its amount.{" "}
            </>
          ) : (
            <>
              <strong>
                <Money amount={amount} />
              </strong>{" "}
              is still to be stated on the lines of {number}.{" "}
            </>
          )}
        </span>
      ))}
      {rests.length > 2 && `The same goes for ${count(rests.length - 2, "more document")}.`}
    </p>
  );
}

function Words({ picture }) {
  if (picture.rests.length > 0 && picture.missing !== "noSource")
    return <Rests rests={picture.rests} />;
  if (picture.fingerprint === undefined) {
    const says = picture.open === 0 ? "Nothing is open in this account." : MISSING[picture.missing];
    return <p class="waiting-for">{says}</p>;
  }
  const { amount, left, paid, kinds, source, unpaidCount, unpaid, closed } = picture;
  const why = picture.isStated ? "nothing is stated there" : USED_UP[source.type];
  const noun = kinds.length === 1 ? NOUNS[kinds[0]] : "document";
  if (amount === null && picture.open === 0)
    return <p class="waiting-for">Nothing is open in this account.</p>;
  if (amount === null)
    return <p class="waiting-for">The credit can pay none of these documents.</p>;
  return (
    <p>
      <strong>
        <Money amount={amount} />
      </strong>{" "}
      {source.type === "payment" ? "of the payment" : "of credit"} pays{" "}
      <strong>{count(paid, noun)}</strong>
      {closed > 0 && paid > 1 && `, ${closed === paid ? "all" : closed} in full`}
      {closed > 0 && paid === 1 && " in full"}.{" "}
      {picture.leftOn === null ? (
        <Left rows={isNil(left) ? [] : [{ number: source.number, amount: left }]} />
      ) : (
        <Left rows={picture.leftOn.first} more={picture.leftOn.count} />
      )}
      {picture.notices.map((code) => (
        <span class="notice" key={code}>
          {" "}
          {NOTICES[code]}
        </span>
      ))}
      {unpaidCount > 0 && (
        <span class="notice">
          {" "}
          {unpaidCount <= 3 && unpaid.length === unpaidCount
            ? listed(unpaid)
            : count(unpaidCount, "more document")}{" "}
          {unpaidCount === 1 ? "gets" : "get"} nothing: {why}.
        </span>
      )}
    </p>
  );
}
