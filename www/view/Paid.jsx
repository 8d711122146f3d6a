// Who is paid: the documents with their ticks, amounts and lines.
import { count } from "../words/count.js";
import { Others, Target } from "./Target.jsx";

/** From this number of characters on, two figures do not fit side by side: on a phone, and on any screen. */
const [BROAD, WIDE] = [8, 11];

export function widthOf({ sourceLines, targets }) {
  const rows = [...sourceLines, ...targets, ...targets.flatMap(({ lines }) => lines ?? [])];
  const longest = Math.max(
    0,
    ...rows.flatMap(({ before, after }) => [before.length, after.length]),
  );
  if (longest > WIDE) return "broad wide";
  return longest > BROAD ? "broad" : "";
}

/** `canAsk`: whether there is room to say why a line gets its amount. */
export function Paid({ state, weighed, canAsk = true }) {
  const picture = state.picture.value;
  const hidden = picture.hidden - (picture.others?.rows ?? 0);
  return (
    <div class="paid">
      <h2>Is paid</h2>
      <ul>
        {picture.targets.map((target) => (
          <Target key={target.id} {...{ target, state, weighed, canAsk }} />
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
  );
}
