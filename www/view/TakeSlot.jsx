// What somebody takes along: files, paper, a link.
import { useState } from "preact/hooks";
import { account, client, settle } from "../state/app.js";
import { addressOf } from "../state/route.js";
import { MOST, packed } from "../state/share.js";
import { changeOfAccount } from "./Change.jsx";
import { PanelSlot } from "./Slot.jsx";

function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  Object.assign(link, { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const fileName = (ending) =>
  `${account.value.name.replace(/[^\w-]+/g, "-").toLowerCase()}${ending}`;

async function takeAccount() {
  const { key } = account.value;
  const taken = await client.ask("takeAccount", { key });
  download(fileName(".json"), JSON.stringify(taken, null, 1), "application/json");
}

async function takeTable(of, ending) {
  const { key } = account.value;
  const text = await client.ask("takeTable", { key, of, form: settle.value.form.value });
  download(fileName(ending), text, "text/csv");
}

/** Files and paper. */
export function TakeSlot({ view }) {
  return (
    <PanelSlot label="Export" text="Export" class="at-end">
      {(close) => {
        const then = (work) => () => {
          close();
          work();
        };
        return (
          <div class="menu">
            <button type="button" data-first onClick={then(takeAccount)}>
              Account as JSON
            </button>
            <button type="button" onClick={then(() => takeTable("lines", "-lines.csv"))}>
              All lines as CSV
            </button>
            {view === "settle" && settle.value.canCommit.value && (
              <button type="button" onClick={then(() => takeTable("moves", "-settlement.csv"))}>
                This settlement as CSV
              </button>
            )}
            <button type="button" onClick={then(() => setTimeout(() => print(), 100))}>
              Print
            </button>
          </div>
        );
      }}
    </PanelSlot>
  );
}

/** The link of what is looked at: `null` where it would be too long. */
async function linkOf(view) {
  const { key, isSample } = account.value;
  const scenario =
    view === "change"
      ? { plan: changeOfAccount(account.value).form.value }
      : { settle: settle.value.form.value };
  const own = isSample ? {} : { account: await client.ask("takeAccount", { key }) };
  const text = await packed({ ...scenario, ...own });
  if (text.length > MOST) return null;
  const path = addressOf(view === "compare" ? "settle" : view, isSample ? key : "shared");
  return `${location.href.split("#")[0]}${path}?s=${text}`;
}

export function ShareButton({ view }) {
  const [said, setSaid] = useState("Share");
  const share = async () => {
    const link = await linkOf(view);
    if (link === null) setSaid("Too large: export it");
    else {
      await navigator.clipboard.writeText(link).then(
        () => setSaid("Link copied"),
        () => prompt("The link", link),
      );
    }
    setTimeout(() => setSaid("Share"), 3000);
  };
  return (
    <button type="button" class="share" onClick={share}>
      {said}
    </button>
  );
}
