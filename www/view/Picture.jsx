// Who pays, who is paid, and the ribbons between: the table, the picture and the form are one.
import { useRef } from "preact/hooks";
import { Paid, widthOf } from "./Paid.jsx";
import { Ribbons } from "./Ribbons.jsx";
import { SourceLine } from "./SourceLine.jsx";

/** The height that the whole amount has in the picture. */
const HEIGHT = 240;

/** How thick each row's ribbons are together, and in which colours. */
function weigh(picture) {
  const { ribbons, sourceLines } = picture;
  const total = ribbons.reduce(
    (sum, { size, amount }) => sum + (amount?.startsWith("-") ? 0 : size),
    0,
  );
  const scale = total > 0 ? HEIGHT / total : 0;
  const colours = new Map(sourceLines.map(({ key }, place) => [key, place % 6]));
  const thick = ({ size }) => Math.max(2, size * scale);
  const sides = { from: new Map(), to: new Map() };
  for (const ribbon of ribbons) {
    for (const side of ["from", "to"]) {
      const key = ribbon[side];
      sides[side].set(key, (sides[side].get(key) ?? 0) + thick(ribbon));
    }
  }
  const coloured = ribbons.map((ribbon) => ({
    ...ribbon,
    thick: thick(ribbon),
    colour: ribbon.amount?.startsWith("-") ? "below" : `c${colours.get(ribbon.from) ?? 0}`,
  }));
  return { ribbons: coloured, given: sides.from, got: sides.to, colours };
}

export function Picture({ state, isBusy }) {
  const picture = state.picture.value;
  const box = useRef(null);
  const weighed = weigh(picture);
  const lit = state.lit.value ?? state.asked.value?.key ?? null;
  return (
    <section
      class={`card picture ${isBusy ? "stale" : ""} ${widthOf(picture)}`}
      ref={box}
      aria-label="Who pays, and who is paid"
      onMouseLeave={() => {
        state.lit.value = null;
      }}
    >
      <div class="pays">
        <h2>Pays</h2>
        <ul>
          {picture.sourceLines.map((line) => (
            <SourceLine key={line.key} line={line} state={state} weighed={weighed} />
          ))}
        </ul>
      </div>
      <Ribbons box={box} ribbons={weighed.ribbons} lit={lit} unfolded={state.unfolded.value} />
      <Paid state={state} weighed={weighed} />
    </section>
  );
}
