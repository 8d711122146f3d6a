// The same change, as other systems bill it: those that differ first.
import { isNil } from "../words/amount.js";
import { listed } from "../words/count.js";
import { SYSTEMS } from "../words/systems.js";
import { Money } from "./Money.jsx";

export function Others({ answer, state }) {
  const { terms } = answer.scenario;
  const others = answer.others.filter(({ name }) => name !== terms);
  const differ = others.filter((other) => other.refusal === undefined && !isNil(other.differs));
  const same = others.filter((other) => other.refusal === undefined && isNil(other.differs));
  const refuse = others.filter((other) => other.refusal !== undefined);
  const sorted = [...differ].sort(
    (a, b) => Math.abs(Number(a.differs)) - Math.abs(Number(b.differs)),
  );
  const here = answer.others.find(({ name }) => name === terms);
  return (
    <section class="card others" aria-labelledby="others-heading">
      <h2 id="others-heading">The same change, as others bill it</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">System</th>
            <th scope="col">Credit</th>
            <th scope="col">Charge</th>
            <th scope="col">With tax</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          <Row other={here} isHere />
          {sorted.map((other) => (
            <Row key={other.name} other={other} onUse={() => state.change({ terms: other.name })} />
          ))}
        </tbody>
      </table>
      {same.length > 0 && (
        <p class="note">
          <strong>These bill the same amount:</strong> {listed(grouped(same))}.
        </p>
      )}
      {refuse.length > 0 && (
        <p class="note">
          <strong>These do not bill such a change:</strong> {listed(grouped(refuse))}.
        </p>
      )}
    </section>
  );
}

/** `Zuora (by the day, months first)`: presets by their system. */
function grouped(others) {
  const bySystem = new Map();
  for (const { name } of others) {
    const { system, how } = SYSTEMS[name];
    bySystem.set(system, [...(bySystem.get(system) ?? []), how]);
  }
  return [...bySystem].map(([system, hows]) => `${system} (${hows.join("; ")})`);
}

function Row({ other, isHere = false, onUse }) {
  const { system, how } = SYSTEMS[other.name];
  return (
    <tr class={isHere ? "here" : ""}>
      <th scope="row">
        {isHere ? (
          <>
            <strong>{system}</strong> <span class="note">{how}</span>
          </>
        ) : (
          <button type="button" class="use" onClick={onUse} title={`Count as ${system} does`}>
            <strong>{system}</strong> <span class="note">{how}</span>
          </button>
        )}
      </th>
      <td data-column="Credit">
        <Money amount={other.credit} />
      </td>
      <td data-column="Charge">
        <Money amount={other.charge} />
      </td>
      <td data-column="With tax">
        <Money amount={other.total} />
      </td>
      <td data-column="Difference">
        {isHere ? (
          <span class="note">chosen</span>
        ) : (
          <Money amount={other.differs} withSign class="strong" />
        )}
      </td>
    </tr>
  );
}
