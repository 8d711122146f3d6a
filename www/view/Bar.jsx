// The bar on top: whose account, which view, and whether it is kept.
import { account, accounts, beginAnew, history, keeping } from "../state/app.js";
import { addressOf, route, VIEWS } from "../state/route.js";
import { bringing } from "./bringing.js";
import { PanelSlot } from "./Slot.jsx";
import { ShareButton, TakeSlot } from "./TakeSlot.jsx";

export function Bar() {
  const open = account.value;
  const { view } = route.value;
  return (
    <header class="bar">
      <a class="brand" href={addressOf("settle", open?.key)}>
        setoff
      </a>
      {open !== null && <AccountSlot open={open} view={view} />}
      <nav aria-label="Views">
        {Object.entries(VIEWS).map(([name, title]) => (
          <a
            key={name}
            href={addressOf(name, open?.key)}
            aria-current={name === view ? "page" : undefined}
          >
            {title}
          </a>
        ))}
      </nav>
      <span class="bar-end">
        {open !== null && keeping.value === "saved" && (
          <span class="saved">Saved on this device</span>
        )}
        {open !== null && (
          <>
            <button
              type="button"
              class="share"
              onClick={() => {
                bringing.value = {};
              }}
            >
              Import
            </button>
            <ShareButton view={view} />
            <TakeSlot view={view} />
          </>
        )}
      </span>
    </header>
  );
}

function AccountSlot({ open, view }) {
  const note = `${open.isSample ? "sample · " : ""}${open.bookOptions.currency}`;
  return (
    <PanelSlot label="Account" text={open.name} note={note} class="account">
      {(close) => (
        <div class="accounts">
          <ul>
            {accounts.value.map(({ key, name, story, currency }, place) => (
              <li key={key}>
                <a
                  href={addressOf(view, key)}
                  data-first={place === 0 ? "" : undefined}
                  aria-current={key === open.key ? "true" : undefined}
                  onClick={() => close()}
                >
                  <strong>{name}</strong> <span class="slot-note">{currency}</span>
                  <span class="option-does">{story}</span>
                </a>
              </li>
            ))}
          </ul>
          {open.isSample && (
            <button type="button" onClick={() => startOver(close)}>
              Start {open.name} again
            </button>
          )}
        </div>
      )}
    </PanelSlot>
  );
}

function startOver(close) {
  const done = history.value?.rows.length ?? 0;
  if (done > 0 && !confirm("Start again? What you did to this sample is discarded.")) return;
  close();
  beginAnew();
}
