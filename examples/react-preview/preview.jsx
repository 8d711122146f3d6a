// What does an upgrade cost, if it begins on this day? A component that asks the engine at each change.
import { useEffect, useState } from "react";
import { init, isSetoffError, previewChange } from "setoff/proration";

const MONTH = { from: "2026-01-01", every: { months: 1 } };

/** The lines and the sum of an upgrade; or what is wrong with it, as a text for the reader. */
function upgrade(seats, at) {
  try {
    return previewChange({
      currency: "EUR",
      period: MONTH,
      plan: { price: "12.00", quantity: "5" },
      changes: [{ type: "change", at, quantity: seats }],
    });
  } catch (error) {
    if (isSetoffError(error)) return { refusal: error.details.sentence };
    throw error;
  }
}

const money = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" });

export function Upgrade() {
  const [isReady, setReady] = useState(false);
  const [seats, setSeats] = useState("8");
  const [at, setAt] = useState("2026-01-17");

  useEffect(() => {
    init().then(() => setReady(true));
  }, []);
  if (!isReady) return <p>Loading …</p>;

  const { lines = [], due, refusal } = upgrade(seats, at);
  return (
    <form>
      <label>
        Seats <input value={seats} onChange={({ target }) => setSeats(target.value)} />
      </label>
      <label>
        from <input type="date" value={at} onChange={({ target }) => setAt(target.value)} />
      </label>
      <ul>
        {lines.map(({ type, amount }) => (
          <li key={type}>
            {type} {money.format(amount)}
          </li>
        ))}
      </ul>
      <output>{refusal ?? `due today ${money.format(due)}`}</output>
    </form>
  );
}
