// What is owed by age: an outline before, filled after.
import { isNil, shown, sizeOf } from "../words/amount.js";
import { shownDay } from "../words/day.js";
import { Money, Move } from "./Money.jsx";

/** From this number of characters on, two figures do not fit side by side. */
const WIDE = 9;

export function Ageing({ ageing }) {
  if (ageing === null) return <section class="card ageing" aria-busy="true" aria-label="Ageing" />;
  const { at, before, after } = ageing;
  if (before === null) return null;
  const most = Math.max(...before.columns.map(({ amount }) => sizeOf(amount)), 1e-9);
  const width = (amount) => `${isNil(amount) ? 0 : Math.max(1, (sizeOf(amount) / most) * 100)}%`;
  const isWide = before.columns.some(({ amount }) => amount.length > WIDE);
  return (
    <section class={`card ageing ${isWide ? "wide" : ""}`} aria-labelledby="ageing-heading">
      <h2 id="ageing-heading">Ageing on {shownDay(at)}</h2>
      <table>
        <tbody>
          {before.columns.map(({ label, amount }, place) => {
            const then = after?.columns[place].amount ?? amount;
            return (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td class="figures">
                  {then === amount ? (
                    <Money amount={then} />
                  ) : (
                    <Move before={amount} after={then} />
                  )}
                </td>
                <td class="column" aria-hidden="true">
                  {!isNil(amount) && <span class="before" style={{ width: width(amount) }} />}
                  <span class="after" style={{ width: width(then) }} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="note">
        The account owes <Money amount={(after ?? before).balance} />: all that is open, less the
        credits and payments that are left ({shown(before.unappliedAmount)}
        {after !== null &&
          after.unappliedAmount !== before.unappliedAmount &&
          ` → ${shown(after.unappliedAmount)}`}
        ).
      </p>
    </section>
  );
}
