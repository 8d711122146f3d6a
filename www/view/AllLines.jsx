// All lines of a document of very many, in a window, with a search. Those that have an amount can be shown alone.
import { useState } from "preact/hooks";
import { WindowLine } from "./Line.jsx";
import { Windowed } from "./Windowed.jsx";

export function AllLines({ target, state, canAsk, faultId }) {
  const [search, setSearch] = useState("");
  const [isNarrow, setNarrow] = useState(false);
  const stated = state.form.value.rule === "explicit" ? state.keysTyped(target.id) : [];
  const keys = isNarrow && stated.length > 0 ? stated : undefined;
  return (
    <div class="all-lines">
      <div class="find">
        <input
          type="search"
          placeholder="Find a line"
          aria-label={`Find a line of ${target.number}`}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        {stated.length > 0 && (
          <label class="check">
            <input
              type="checkbox"
              checked={isNarrow}
              onChange={(event) => setNarrow(event.currentTarget.checked)}
            />
            Only lines with an amount
          </label>
        )}
      </div>
      <Windowed
        label={`Lines of ${target.number}`}
        search={search}
        renew={`${state.picture.value.fingerprint} ${keys?.length}`}
        ask={(window) => state.lines(target.id, { ...window, keys })}
        row={(line) => <WindowLine {...{ line, target, state, canAsk, faultId }} />}
      />
    </div>
  );
}
