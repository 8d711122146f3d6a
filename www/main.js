// Starts the engine and shows the view that the address names.
import { init } from "./pkg/setoff.js";
import { byId } from "./dom.js";
import { startProration } from "./proration.js";
import { startSettlement } from "./settlement.js";

const VIEWS = ["settlement", "proration"];

/** Shows the view of the address's fragment; without one that is known, the first. */
function showView() {
  const wanted = location.hash.slice(1);
  const shown = VIEWS.includes(wanted) ? wanted : VIEWS[0];
  for (const view of VIEWS) {
    byId(view).hidden = view !== shown;
    if (view === shown) byId(`to-${view}`).setAttribute("aria-current", "page");
    else byId(`to-${view}`).removeAttribute("aria-current");
  }
}

try {
  await init();
  startSettlement();
  startProration();
  addEventListener("hashchange", showView);
  showView();
  byId("app").hidden = false;
} catch (error) {
  byId("failure").textContent = `The engine could not be started: ${error.message}`;
  byId("failure").hidden = false;
}
