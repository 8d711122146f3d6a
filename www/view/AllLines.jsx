// All lines of a document of very many, in a window, with a search.
import { useState } from "preact/hooks";
import { WindowLine } from "./Line.jsx";
import { Windowed } from "./Windowed.jsx";

export function AllLines({ target, state }) {
  const [search, setSearch] = useState("");
  return (
    <div class="all-lines">
      <input
        type="search"
        placeholder="Find a line"
        aria-label={`Find a line of ${target.number}`}
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      <Windowed
        label={`Lines of ${target.number}`}
        search={search}
        renew={state.picture.value.fingerprint}
        ask={(window) => state.lines(target.id, window)}
        row={(line) => <WindowLine line={line} target={target} state={state} />}
      />
    </div>
  );
}
