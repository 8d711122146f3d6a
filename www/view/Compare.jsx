// Two what-ifs side by side, and how they differ. Nothing is carried out from here.
import { useEffect, useState } from "preact/hooks";
import { account, client, settle } from "../state/app.js";
import { CompareState } from "../state/compare.js";
import { addressOf } from "../state/route.js";
import { isNegative, isNil, negated } from "../words/amount.js";
import { count, listed } from "../words/count.js";
import { changeOfAccount } from "./Change.jsx";
import { Due } from "./Due.jsx";
import { Money } from "./Money.jsx";
import { PlanSentence } from "./PlanSentence.jsx";
import { Paid, widthOf } from "./Paid.jsx";
import { Outcome } from "./Result.jsx";
import { Sentence } from "./Sentence.jsx";

export function Compare() {
  const open = account.value;
  const [state, setState] = useState(null);
  useEffect(() => {
    const made = new CompareState(
      client,
      open,
      settle.value.form.value,
      changeOfAccount(open).form.value,
    );
    setState(made);
    return () => made.dispose();
  }, [open]);
  if (state === null) return null;
  const { mode } = state;
  return (
    <>
      <h1 class="hidden">Compare</h1>
      <div class="modes" role="group" aria-label="What is compared">
        {[
          ["settle", "Two ways to settle"],
          ["change", "Two changes of a plan"],
        ].map(([name, title]) => (
          <button
            type="button"
            key={name}
            aria-pressed={mode.value === name}
            onClick={() => {
              mode.value = name;
            }}
          >
            {title}
          </button>
        ))}
        <span class="note">Nothing is applied from here.</span>
      </div>
      {mode.value === "settle" ? <Settlements state={state} /> : <Plans state={state} />}
    </>
  );
}

function Settlements({ state }) {
  const sides = [
    ["A", state.a],
    ["B", state.b],
  ];
  return (
    <>
      <div class="sides">
        {sides.map(([name, side]) => (
          <section class="card side" key={name} aria-label={`Scenario ${name}`}>
            <h2 class="letter">{name}</h2>
            {side.picture.value !== null && (
              <>
                <Sentence state={side} canState />
                <Outcome state={side} />
                <Lines name={name} state={side} />
                <a
                  href={addressOf("settle", account.value.key)}
                  onClick={() => settle.value.start(side.form.value)}
                >
                  Look at {name} in full
                </a>
              </>
            )}
          </section>
        ))}
      </div>
      <Difference difference={state.difference.value} />
    </>
  );
}

/** A row here is as high as its words: there are no ribbons. */
const WITHOUT_RIBBONS = { ribbons: [], got: new Map() };

/** Who is paid by a side, with the fields of its amounts: folded, unless somebody states them. */
function Lines({ name, state }) {
  const [isOpen, setOpen] = useState(false);
  const isShown = isOpen || state.form.value.rule === "explicit";
  return (
    <details
      class={`side-lines ${widthOf(state.picture.value)}`}
      open={isShown}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>Documents and lines of {name}</summary>
      {isShown && <Paid state={state} weighed={WITHOUT_RIBBONS} canAsk={false} />}
    </details>
  );
}

function Difference({ difference }) {
  if (difference === null)
    return <section class="card difference" aria-busy="true" aria-label="Difference" />;
  const { isSame, lines, more, closed, opened, settlesNothing } = difference;
  if (isSame) {
    return (
      <section class="card difference" aria-label="Difference">
        <p class="headline">A and B leave the account the same.</p>
        <Without sides={settlesNothing} />
      </section>
    );
  }
  return (
    <section class="card difference" aria-label="Difference">
      <p class="headline" role="status">
        {headline(lines, lines.length + more)}
        {closed.length > 0 && ` B closes ${short(closed)}.`}
        {opened.length > 0 && ` A closes ${short(opened)}.`}
      </p>
      <Without sides={settlesNothing} />
      <table>
        <caption class="hidden">Lines that differ</caption>
        <thead>
          <tr>
            <th scope="col">Open afterwards on</th>
            <th scope="col">After A</th>
            <th scope="col">After B</th>
            <th scope="col">B − A</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.key}>
              <th scope="row">
                {line.of === undefined ? line.label : `${line.label} on ${line.of}`}{" "}
                <span class="note">{line.number}</span>
              </th>
              <td>
                <Money amount={line.before} />
              </td>
              <td>
                <Money amount={line.after} />
              </td>
              <td>
                <Money amount={line.difference} withSign class="strong" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p class="note">and {count(more, "more line")}</p>}
    </section>
  );
}

/** The sides that cannot be applied: with them the account stays as it is. */
function Without({ sides }) {
  if (sides.length === 0) return null;
  const [verb, them] = sides.length === 1 ? ["settles", "it"] : ["settle", "them"];
  return (
    <p class="note">
      {listed(sides)} {verb} nothing as {sides.length === 1 ? "it stands" : "they stand"}: with{" "}
      {them} the account stays as it is.
    </p>
  );
}

const short = (numbers) =>
  numbers.length > 3
    ? `${listed(numbers.slice(0, 2))} and ${count(numbers.length - 2, "more document")}`
    : listed(numbers);

/** The line that differs most, in words, and how many there are. */
function headline(lines, all) {
  const [first] = lines;
  if (first === undefined) return "The same is open on every line.";
  const name = first.of === undefined ? first.label : `${first.label} on ${first.of}`;
  const isLess = isNegative(first.difference);
  return (
    <>
      B leaves <Money amount={isLess ? negated(first.difference) : first.difference} />{" "}
      {isLess ? "less" : "more"} on {name} ({first.number}), and {count(all, "line")}{" "}
      {all === 1 ? "differs" : "differ"}.
    </>
  );
}

const FIGURES = [
  ["charge", "Charge"],
  ["credit", "Credit"],
  ["tax", "Tax"],
  ["total", "Net change, with tax"],
  ["due", "Total due"],
];

function Plans({ state }) {
  const sides = [
    ["A", state.planA],
    ["B", state.planB],
  ];
  const [a, b] = sides.map(([, side]) => side.answer.value);
  const differences = state.planDifference.value;
  const figure = (answer, name) => (name === "due" ? answer.due : answer.preview[name]);
  return (
    <>
      <div class="sides">
        {sides.map(([name, side]) => (
          <section class="card side" key={name} aria-label={`Scenario ${name}`}>
            <h2 class="letter">{name}</h2>
            <PlanSentence state={side} />
            <Due state={side} />
            <a
              href={addressOf("change", account.value.key)}
              onClick={() => changeOfAccount(account.value).start(side.form.value)}
            >
              Look at {name} in full
            </a>
          </section>
        ))}
      </div>
      {a !== null && b !== null && differences !== null && (
        <section class="card difference" aria-label="Difference">
          <p class="headline" role="status">
            {isNil(differences.due) ? (
              "The same is due with A and with B."
            ) : (
              <>
                With B,{" "}
                <Money
                  amount={isNegative(differences.due) ? negated(differences.due) : differences.due}
                />{" "}
                {isNegative(differences.due) ? "less" : "more"} is due.
              </>
            )}
          </p>
          <table>
            <caption class="hidden">Figures that differ</caption>
            <thead>
              <tr>
                <th scope="col">Figure</th>
                <th scope="col">A</th>
                <th scope="col">B</th>
                <th scope="col">B less A</th>
              </tr>
            </thead>
            <tbody>
              {FIGURES.map(([name, title]) => (
                <tr key={name}>
                  <th scope="row">{title}</th>
                  <td>
                    <Money amount={figure(a, name)} />
                  </td>
                  <td>
                    <Money amount={figure(b, name)} />
                  </td>
                  <td>
                    <Money amount={differences[name]} withSign class="strong" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
