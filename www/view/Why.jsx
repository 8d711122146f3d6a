// Why a line gets its amount: to the cent, and who got the cents that were left over.
import { useEffect, useRef } from "preact/hooks";
import { isOfAll } from "../scenario/settle.js";
import { decimalsOf, isNil, shown, writtenOut } from "../words/amount.js";
import { count } from "../words/count.js";
import { RULES } from "../words/rules.js";
import { told } from "../words/sentence.js";
import { Money } from "./Money.jsx";

export function Why({ state }) {
  const asked = state.asked.value;
  const reason = state.reason.value;
  const panel = useRef(null);
  const close = () => {
    const { key } = state.asked.value;
    state.ask(null);
    const row = [...document.querySelectorAll("[data-to], [data-from]")].find(
      ({ dataset }) => dataset.to === key || dataset.from === key,
    );
    row?.closest("li")?.querySelector("button.why")?.focus();
  };
  useEffect(() => {
    if (asked === null) return undefined;
    const onKey = (event) => {
      if (event.key === "Escape") close();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [asked]);
  const { value: form } = state.form;
  if (asked === null && form.rule === "explicit") return <StateHints />;
  if (asked === null) return <Hints canType={!isOfAll(form)} />;
  return (
    <aside
      class="card why-panel open"
      ref={panel}
      aria-label="Why"
      aria-live="polite"
      aria-busy={reason === null}
    >
      <button type="button" class="close" aria-label="Close" onClick={close}>
        ×
      </button>
      {reason === null ? <p class="note">One moment…</p> : <Reason reason={reason} />}
    </aside>
  );
}

/** What to try first. */
function Hints({ canType }) {
  return (
    <aside class="card why-panel hints" aria-label="Try this">
      <h2>Try this</h2>
      <ol>
        <li>
          <strong>Click an amount</strong> to see why it is that, to the cent.
        </li>
        <li>
          <strong>Change the rule</strong> in the sentence
          {canType ? ", or type another amount." : ", or what is paid."}
        </li>
        <li>
          <strong>Apply</strong>, then <strong>undo</strong>. It is your copy: nothing leaves this
          device.
        </li>
      </ol>
      <p class="note keys">
        Keys: <kbd>Alt</kbd> <kbd>C</kbd> <kbd>P</kbd> <kbd>R</kbd> <kbd>D</kbd> open the sentence,{" "}
        <kbd>Ctrl</kbd> <kbd>Enter</kbd> applies, <kbd>Ctrl</kbd> <kbd>Z</kbd> undoes.
      </p>
    </aside>
  );
}

/** How amounts are stated. */
function StateHints() {
  return (
    <aside class="card why-panel hints" aria-label="How to state amounts">
      <h2>State amounts</h2>
      <ol>
        <li>
          <strong>Type what each line is paid.</strong> A credit memo pays items from its items and
          taxes from its taxes, line after line.
        </li>
        <li>
          <strong>The amount of an invoice</strong> is the sum of its lines. If you state it, its
          lines must come to it.
        </li>
        <li>
          <strong>Choose another rule</strong> to take it back.
        </li>
      </ol>
      <p class="note keys">
        Keys: <kbd>Enter</kbd> goes to the next field, <kbd>Esc</kbd> takes back what you typed in a
        field, and <kbd>Esc</kbd> again returns to the rule before.
      </p>
    </aside>
  );
}

/** Why a line gets nothing, in the engine's words. */
function Nothing({ reason }) {
  const name = reason.of === undefined ? reason.label : `${reason.label} on ${reason.of}`;
  return (
    <>
      <h2>Why nothing to “{name}”?</h2>
      {reason.sentences.map((sentence) => (
        <p key={sentence}>{told(sentence)}</p>
      ))}
    </>
  );
}

function Reason({ reason }) {
  if (reason.sentences !== undefined) return <Nothing reason={reason} />;
  const name = reason.of === undefined ? reason.label : `${reason.label} on ${reason.of}`;
  return (
    <>
      <h2>
        Why <Money amount={reason.total} /> {reason.isSource ? "from" : "to"} “{name}”?
      </h2>
      {reason.parts.slice(0, 3).map((part) => (
        <Part key={part.other} part={part} reason={reason} isOneOfMany={reason.parts.length > 1} />
      ))}
      {reason.parts.length > 3 && (
        <p class="note">And to {count(reason.parts.length - 3, "more document")}.</p>
      )}
      <Pairs reason={reason} />
    </>
  );
}

function Part({ part, reason, isOneOfMany }) {
  const { open, exact, first, leftover, rank, documentOpen, amount } = part;
  const decimals = decimalsOf(open);
  const isShare = part.rule === "proration" && rank !== null;
  const { head, tail } = writtenOut(exact, decimals);
  return (
    <section>
      {isOneOfMany && (
        <h3>
          {reason.isSource ? "To" : "From"} {part.other}
        </h3>
      )}
      <dl class="steps">
        <dt>Open on this line</dt>
        <dd>
          <Money amount={open} />
        </dd>
        {isShare && documentOpen !== undefined && documentOpen !== null && (
          <>
            <dt>Open on {reason.number}</dt>
            <dd>
              <Money amount={documentOpen} />
            </dd>
            <dt>Its share</dt>
            <dd>
              <Money amount={open} /> ÷ <Money amount={documentOpen} />
            </dd>
          </>
        )}
        {isShare && (
          <>
            <dt>
              Its share of <Money amount={amount} />
            </dt>
            <dd>
              <span class="exact">
                {shown(head)}
                <em>{tail}</em>
              </span>
            </dd>
            <dt>Rounded down</dt>
            <dd>
              <Money amount={first} />
            </dd>
            <dt>Left over, largest remainder first</dt>
            <dd>{isNil(leftover) ? "–" : <Money amount={leftover} withSign />}</dd>
          </>
        )}
        <dt class="sum">{reason.isSource ? "Gives" : "Is paid"}</dt>
        <dd class="sum">
          <Money amount={part.part} />
        </dd>
      </dl>
      {isShare && part.got > 0 && <Ranking part={part} asked={reason.key} decimals={decimals} />}
      <p class="says">
        {isShare
          ? "Largest remainder first; of equal ones, the earlier line."
          : told(part.sentence)}
      </p>
      {!isShare && RULES[part.rule] && <p class="says">{RULES[part.rule].does}</p>}
    </section>
  );
}

/** `2 cents`, where there are any. */
const leftOver = (got, decimals) => {
  const unit = decimals === 2 ? "cent" : "smallest unit";
  return got === 1 ? unit : count(got, unit);
};

/** Who got the cents that rounding left over: those whose remainder, behind the cents, is largest. */
function Ranking({ part, asked, decimals }) {
  return (
    <>
      <h3>Who gets the {leftOver(part.got, decimals)} left over</h3>
      <ol class="ranking">
        {part.ranking.map((each) => {
          const { head, tail } = writtenOut(each.exact, decimals);
          const got = !isNil(each.leftover);
          return (
            <li key={each.key} class={`${each.key === asked ? "asked" : ""} ${got ? "got" : ""}`}>
              <span class="name">{each.label}</span>
              <span class="exact">
                {shown(head)}
                <em>{tail}</em>
              </span>
              <span class="gained">{got ? <Money amount={each.leftover} withSign /> : ""}</span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

function Pairs({ reason }) {
  const { rows, count: all } = reason.pairs;
  if (rows.length === 0) return null;
  return (
    <>
      <h3>{reason.isSource ? "Goes to" : "Comes from"}</h3>
      <dl class="steps pairs">
        {rows.map((row) => [
          <dt key={`name ${row.key}`}>
            {row.of === undefined ? row.label : `${row.label} on ${row.of}`}
            {reason.isSource && <span class="note"> {row.number}</span>}
          </dt>,
          <dd key={`amount ${row.key}`}>
            <Money amount={row.amount} />
          </dd>,
        ])}
      </dl>
      {all > rows.length && <p class="note">and {count(all - rows.length, "more line")}</p>}
    </>
  );
}
