// How each amount is calculated, in the engine's words.
import { inOrder } from "../scenario/change.js";
import { percent } from "../words/amount.js";
import { shownDay } from "../words/day.js";
import { told } from "../words/sentence.js";
import { Money } from "./Money.jsx";

const TITLES = {
  credit: "Credit",
  charge: "Charge",
  net: "Difference",
  time: "Time instead of money",
  rounding: "Rounding",
};

export function Steps({ answer }) {
  const events = inOrder(answer.scenario);
  return (
    <section class="card calculation" aria-labelledby="calculation-heading">
      <h2 id="calculation-heading">How each amount is calculated</h2>
      <ul>
        {answer.lines.map((line) => (
          <li key={`${line.type} ${line.change} ${line.of} ${line.amount}`}>
            <h3>
              {TITLES[line.type]}
              {line.change !== null && `, ${shownDay(events[line.change].day, { year: false })}`}:{" "}
              <Money amount={line.amount} />
            </h3>
            <p>{told(line.sentence)}</p>
            {line.taxes.map((tax) => (
              <p class="note" key={tax.name}>
                {tax.name ?? "Tax"}, {percent(tax.rate)}: <Money amount={tax.amount} />
              </p>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
