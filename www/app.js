// Starts the engine and shows the view that the address names.
import { init } from "./pkg/setoff.js";
import { byId } from "./dom.js";
import { startProration } from "./proration.js";
import { bookOptions } from "./sample.js";
import { startSettlement } from "./settlement.js";

/** The views and their titles. Their elements have other names, so that no address makes the browser scroll to one. */
const VIEWS = { settlement: "Settlement", proration: "Change of plan" };

/** Shows the view of the address's fragment; without one that is known, the first. */
function showView() {
  const wanted = location.hash.slice(1);
  const shown = Object.hasOwn(VIEWS, wanted) ? wanted : Object.keys(VIEWS)[0];
  for (const view of Object.keys(VIEWS)) {
    byId(`${view}-view`).hidden = view !== shown;
    if (view === shown) byId(`to-${view}`).setAttribute("aria-current", "page");
    else byId(`to-${view}`).removeAttribute("aria-current");
  }
  document.title = `${VIEWS[shown]} · setoff`;
}

/** Starts all of the page; rejects with what is to be told to the person at it. */
export async function start() {
  await init().catch((error) => {
    throw new Error(`The engine could not be started: ${error.message}`);
  });
  byId("currency").textContent = bookOptions.currency;
  startSettlement();
  startProration();
  addEventListener("hashchange", showView);
  showView();
  byId("loading").hidden = true;
  byId("app").hidden = false;
}
