// From what is charged to what the change comes to. The figures are the engine's; only where a bar begins is drawn.
import { isNil, shown } from "../words/amount.js";
import { Money } from "./Money.jsx";

const HEIGHT = 150;

export function Waterfall({ answer }) {
  const { charge, credit, tax, total } = answer.preview;
  const steps = [
    { name: "New plan", amount: charge, kind: "new" },
    { name: "Old plan, credit", amount: credit, kind: "old" },
    { name: "Tax", amount: tax, kind: "tax" },
  ].filter(({ amount }) => !isNil(amount));
  let level = 0;
  const bars = steps.map((step) => {
    const begin = level;
    level += Number(step.amount);
    return { ...step, begin, end: level };
  });
  bars.push({ name: "Net change", amount: total, kind: "total", begin: 0, end: Number(total) });
  const most = Math.max(0, ...bars.flatMap(({ begin, end }) => [begin, end]));
  const least = Math.min(0, ...bars.flatMap(({ begin, end }) => [begin, end]));
  const scale = HEIGHT / Math.max(most - least, 1e-9);
  return (
    <section class="card waterfall" aria-labelledby="waterfall-heading">
      <h2 id="waterfall-heading">How the change adds up</h2>
      <ul>
        {bars.map(({ name, amount, kind, begin, end }) => (
          <li key={name}>
            <span class="well" aria-hidden="true" style={{ height: `${HEIGHT + 4}px` }}>
              <span
                class={`step ${kind}`}
                style={{
                  bottom: `${(Math.min(begin, end) - least) * scale}px`,
                  height: `${Math.max(2, Math.abs(end - begin) * scale)}px`,
                }}
              />
            </span>
            <strong>
              <Money amount={amount} />
            </strong>
            <span class="note">{name}</span>
          </li>
        ))}
      </ul>
      <table class="documents">
        <caption class="hidden">Documents</caption>
        <thead>
          <tr>
            <th scope="col">Document</th>
            <th scope="col">Amount</th>
            <th scope="col">Open before</th>
            <th scope="col">Open after</th>
          </tr>
        </thead>
        <tbody>
          {answer.documents.map((document) => (
            <tr key={document.id}>
              <th scope="row">
                {document.id}{" "}
                <span class="note">
                  {document.before !== null
                    ? "the invoice of the plan"
                    : document.type === "invoice"
                      ? "new invoice"
                      : "new credit memo"}
                </span>
              </th>
              <td data-column="Amount">
                <Money amount={document.amount} />
              </td>
              <td data-column="Open before">
                {document.before === null ? <span class="note">new</span> : shown(document.before)}
              </td>
              <td data-column="Open after">
                <Money amount={document.after} class="strong" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
