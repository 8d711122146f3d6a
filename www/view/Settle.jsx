import { commit, settle } from "../state/app.js";
import { Ageing } from "./Ageing.jsx";
import { Developers } from "./Developers.jsx";
import { History } from "./History.jsx";
import { Picture } from "./Picture.jsx";
import { Result } from "./Result.jsx";
import { Sentence } from "./Sentence.jsx";
import { Why } from "./Why.jsx";

/** Who is paid by this credit: the view in which credits and payments settle what is owed. */
export function Settle() {
  const state = settle.value;
  const picture = state.picture.value;
  return (
    <>
      <h1 class="hidden">Settle</h1>
      <Sentence state={state} canState />
      <Result state={state} onCommit={commit} />
      <div class="stage">
        <Picture state={state} isBusy={state.isStale.value} />
        <Why state={state} />
      </div>
      <div class="halves">
        <Ageing ageing={state.ageing.value} />
        <History />
      </div>
      <Developers command={picture.command ?? null} version={picture.version} hash={picture.hash} />
    </>
  );
}
