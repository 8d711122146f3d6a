// Who pays, who is paid, and the ribbons between: the table, the picture and the form are one.
import { useRef } from "preact/hooks";
import { count } from "../words/count.js";
import { Ribbons } from "./Ribbons.jsx";
import { SourceLine } from "./SourceLine.jsx";
import { Others, Target } from "./Target.jsx";

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

/** From this number of characters on, two figures do not fit side by side: on a phone, and on any screen. */
const [BROAD, WIDE] = [8, 11];

function widthOf({ sourceLines, targets }) {
  const rows = [...sourceLines, ...targets, ...targets.flatMap(({ lines }) => lines ?? [])];
  const longest = Math.max(
    0,
    ...rows.flatMap(({ before, after }) => [before.length, after.length]),
  );
  if (longest > WIDE) return "broad wide";
  return longest > BROAD ? "broad" : "";
}

export function Picture({ state, isBusy }) {
  const picture = state.picture.value;
  const box = useRef(null);
  const weighed = weigh(picture);
  const hidden = picture.hidden - (picture.others?.rows ?? 0);
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
      <div class="paid">
        <h2>Is paid</h2>
        <ul>
          {picture.targets.map((target) => (
            <Target key={target.id} target={target} state={state} weighed={weighed} />
          ))}
          {picture.others && <Others others={picture.others} weighed={weighed} state={state} />}
        </ul>
        {hidden > 0 && (
          <p class="note">
            {state.form.value.targets === "allOpen"
              ? `${count(hidden, "more open document")} ${hidden === 1 ? "gets" : "get"} nothing.`
              : `You can choose ${count(hidden, "more open document")} in the sentence above.`}
          </p>
        )}
      </div>
    </section>
  );
}
