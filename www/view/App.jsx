import { useEffect, useState } from "preact/hooks";
import { account, failure, keeping, movedElsewhere, openAccount } from "../state/app.js";
import { addressOf, route, VIEWS } from "../state/route.js";
import { bringing } from "./bringing.js";
import { Bar } from "./Bar.jsx";
import { Change } from "./Change.jsx";
import { Compare } from "./Compare.jsx";
import { Settle } from "./Settle.jsx";
import { Toast } from "./Toast.jsx";

const SHOWN = { settle: Settle, change: Change, compare: Compare };

export function App() {
  const { view, key } = route.value;
  const open = account.value;
  useEffect(() => {
    if (open === null) return;
    document.title = `${VIEWS[view]} · ${open.name} · setoff`;
    if (key !== undefined && key !== open.key) openAccount(key);
    if (key === undefined) history.replaceState(null, "", addressOf(view, open.key));
  }, [view, key, open]);
  const View = SHOWN[view];
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Go to the result
      </a>
      <Bar />
      {failure.value !== null && (
        <p class="failure" role="alert">
          {failure.value}{" "}
          <button type="button" onClick={() => location.reload()}>
            Load again
          </button>
        </p>
      )}
      <Keeping />
      {open !== null && (
        <main id="main" tabIndex={-1}>
          {movedElsewhere.value && (
            <p class="banner" role="status">
              Another tab has changed this account. You see it as it is now.
            </p>
          )}
          <View />
        </main>
      )}
      <BringWindow />
      <Toast />
    </>
  );
}

/** The window in which somebody brings an account. Its code comes when it is first opened. */
function BringWindow() {
  const [Window, setWindow] = useState(null);
  const isOpen = bringing.value !== null;
  useEffect(() => {
    if (!isOpen || Window !== null) return;
    import("./Bring.jsx").then(
      ({ Bring }) => setWindow(() => Bring),
      (error) => {
        bringing.value = null;
        failure.value = `A part of the page could not be loaded: ${error.message}`;
      },
    );
  }, [isOpen]);
  return Window === null ? null : <Window />;
}

function skip(event) {
  event.preventDefault();
  (document.querySelector("#commit:enabled") ?? document.querySelector("main"))?.focus();
}

/** Where nothing is kept, that is said in time. */
function Keeping() {
  if (keeping.value === "saved") return null;
  const says =
    keeping.value === "full"
      ? "Not saved: the storage of this browser is full. Nothing was applied. Export the account, or free some space."
      : "This window stores nothing, as private windows do. Export what you need before you close it.";
  return (
    <p class="banner warning" role="alert">
      {says}
    </p>
  );
}
