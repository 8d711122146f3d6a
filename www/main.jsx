// Starts the page: the engine in its worker, the account of the address, then the views.
import { render } from "preact";
import { account, client, failure, openAccount, refreshAccounts, toast } from "./state/app.js";
import { addressOf, route, routeOf } from "./state/route.js";
import { unpacked } from "./state/share.js";
import { App } from "./view/App.jsx";
import { listenToDrops } from "./view/bringing.js";
import { changeOfAccount } from "./view/Change.jsx";
import { listenToKeys } from "./view/keys.js";
import { listenToCopies } from "./view/copy.js";

const root = document.getElementById("app");

function fail(error) {
  failure.value = `The page has failed; load it again. What was applied is kept. (${error?.message ?? error})`;
  show();
}

function show() {
  if (root.dataset.shown === undefined) root.replaceChildren();
  root.dataset.shown = "";
  render(<App />, root);
}

async function start() {
  addEventListener("error", (event) => fail(event.error ?? event.message));
  addEventListener("unhandledrejection", (event) => fail(event.reason));
  client.failed.catch((error) => {
    failure.value = `A part of the page could not be loaded: ${error.message}`;
    show();
  });
  try {
    await client.ready;
  } catch (error) {
    failure.value = `The engine could not be started: ${error.message}`;
    show();
    return;
  }
  await openRoute();
  show();
  listenToKeys();
  listenToCopies();
  listenToDrops();
  refreshAccounts();
  if ("serviceWorker" in navigator)
    navigator.serviceWorker.register("./offline.js").catch(() => {});
}

/** Opens what the address names; of a link with a scenario, that. An account that is gone is the first sample. */
async function openRoute() {
  const { key = "sample:studio", view, scenario } = route.value;
  const shared = scenario === undefined ? null : await unpacked(scenario);
  let wanted = key;
  if (shared?.account !== undefined) wanted = (await client.ask("takeShared", shared)).key;
  try {
    await openAccount(wanted, shared?.settle);
  } catch (error) {
    if (wanted === "sample:studio") throw error;
    wanted = "sample:studio";
    await openAccount(wanted);
    toast.value = { text: "This account is not on this device.", undo: null };
  }
  if (shared?.plan !== undefined) changeOfAccount(account.value).start(shared.plan);
  if (scenario !== undefined || wanted !== key)
    history.replaceState(null, "", addressOf(view, wanted));
  route.value = routeOf(location.hash);
}

start().catch(fail);
