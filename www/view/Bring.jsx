// A window in which somebody brings an account: paste or drop, look, take.
import { useEffect, useMemo, useRef } from "preact/hooks";
import { DAY_ORDERS, FIELDS } from "../scenario/columns.js";
import { BringState } from "../state/bring.js";
import { addressOf } from "../state/route.js";
import { count } from "../words/count.js";
import { bringing } from "./bringing.js";

const EXAMPLE = `Kind,Number,Date,Due date,Description,Amount,Tax
invoice,INV-1,2026-03-01,2026-03-31,Plan,100.00,8.00
credit memo,CM-1,2026-03-10,,Goodwill,20.00,`;

export function Bring() {
  const wanted = bringing.value;
  const dialog = useRef(null);
  const state = useMemo(() => (wanted === null ? null : new BringState()), [wanted]);
  useEffect(() => {
    if (wanted === null) return;
    dialog.current.showModal();
    if (wanted.file === undefined) return;
    state.file.value = wanted.file;
    state.name.value = wanted.file.name.replace(/\.\w+$/, "");
    state.look();
  }, [wanted]);
  if (state === null) return null;
  const close = () => {
    bringing.value = null;
  };
  const take = async () => {
    const key = await state.take();
    if (key === null) return;
    close();
    location.hash = addressOf("settle", key);
  };
  const found = state.found.value;
  return (
    <dialog class="bring" ref={dialog} aria-labelledby="bring-heading" onClose={close}>
      <h2 id="bring-heading">Import an account</h2>
      <p class="note">
        Paste or drop JSON (setoff commands, or an account that this page has exported) or CSV with
        the names of its columns in the first row. Your data stays on this device.
      </p>
      {state.file.value === null ? (
        <textarea
          rows={7}
          aria-label="JSON or CSV"
          placeholder={EXAMPLE}
          spellcheck={false}
          value={state.text.value}
          onInput={(event) => {
            state.text.value = event.currentTarget.value;
            state.forget();
          }}
        />
      ) : (
        <p>
          <strong>{state.file.value.name}</strong>{" "}
          <button
            type="button"
            class="quiet"
            onClick={() => {
              state.file.value = null;
              state.forget();
            }}
          >
            Choose another file
          </button>
        </p>
      )}
      <div class="choices">
        <label>
          File{" "}
          <input
            type="file"
            accept=".json,.csv,.txt"
            onChange={(event) => {
              const [file] = event.currentTarget.files;
              if (file === undefined) return;
              state.file.value = file;
              state.name.value = file.name.replace(/\.\w+$/, "");
              state.forget();
              state.look();
            }}
          />
        </label>
        <label>
          Currency{" "}
          <input
            type="text"
            size={5}
            maxLength={8}
            value={state.currency.value}
            onInput={(event) => {
              state.currency.value = event.currentTarget.value;
            }}
          />
        </label>
        <label>
          Name{" "}
          <input
            type="text"
            size={20}
            value={state.name.value}
            onInput={(event) => {
              state.name.value = event.currentTarget.value;
            }}
          />
        </label>
      </div>
      {state.progress.value !== null && <Progress state={state} />}
      {state.fault.value !== null && (
        <p class="fault" role="alert">
          {state.fault.value}
        </p>
      )}
      {found !== null && <Found state={state} found={found} />}
      <div class="dialog-actions">
        <button type="button" onClick={close}>
          Close
        </button>
        <button
          type="button"
          onClick={() => state.look()}
          disabled={
            state.progress.value !== null ||
            (state.text.value.trim() === "" && state.file.value === null)
          }
        >
          Check
        </button>
        <button
          type="button"
          class="primary"
          onClick={take}
          disabled={found === null || found.right === 0 || state.progress.value !== null}
        >
          {found === null || found.right === found.documents
            ? "Add this account"
            : `Add ${count(found.right, found.kind === "csv" ? "right document" : "right command")}`}
        </button>
      </div>
    </dialog>
  );
}

function Progress({ state }) {
  const { done, of } = state.progress.value;
  return (
    <p class="progress">
      <progress max={of || undefined} value={of ? done : undefined} aria-label="Progress" />
      {of > 0 && (
        <span class="note">{`${done.toLocaleString("en-US")} of ${of.toLocaleString("en-US")}`}</span>
      )}
      <button type="button" onClick={() => state.cancel?.()}>
        Cancel
      </button>
    </p>
  );
}

function Found({ state, found }) {
  return (
    <section aria-label="What was found">
      <p role="status" class={found.faultCount === 0 ? "good" : "fault"}>
        {found.rows !== null && `${count(found.rows, "row")}, `}
        {count(found.documents, found.kind === "csv" ? "document" : "command")}
        {found.faultCount === 0 ? ": no faults." : `, ${count(found.faultCount, "fault")}.`}
      </p>
      {found.system !== null && (
        <p class="note">
          These columns are those of {found.system.name}, as in{" "}
          <a href={found.system.source} rel="noreferrer">
            a public sample
          </a>
          .
        </p>
      )}
      {found.isOrderAsked && <Order state={state} found={found} />}
      {found.headers !== undefined && <Columns state={state} found={found} />}
      {found.faults.length > 0 && (
        <div class="faults" tabIndex={0} role="group" aria-label="Faults">
          <table>
            <thead>
              <tr>
                <th scope="col">Row</th>
                <th scope="col">Column</th>
                <th scope="col">What is wrong</th>
              </tr>
            </thead>
            <tbody>
              {found.faults.map((fault, place) => (
                <tr key={place}>
                  <td>{fault.row ?? ""}</td>
                  <td>{fault.column ?? ""}</td>
                  <td>{fault.says}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {found.faultCount > found.faults.length && (
            <p class="note">and {count(found.faultCount - found.faults.length, "more fault")}</p>
          )}
        </div>
      )}
    </section>
  );
}

/** Which number of a day with slashes is the day, where no day of the table tells. */
function Order({ state, found }) {
  return (
    <div class="choices">
      <label>
        Dates{" "}
        <select
          value={found.order ?? ""}
          onChange={(event) => state.chooseOrder(event.currentTarget.value)}
        >
          {found.order === undefined && <option value="">–</option>}
          {Object.entries(DAY_ORDERS).map(([order, example]) => (
            <option key={order} value={order}>
              {example}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** Which column is which. It is remembered for tables with the same head. */
function Columns({ state, found }) {
  return (
    <details open={found.faults.some(({ row }) => row === null)}>
      <summary>Columns</summary>
      <div class="columns">
        {Object.entries(FIELDS).map(([field, { name, needed }]) => (
          <label key={field}>
            {name}
            {needed && <span class="note"> (required)</span>}
            <select
              value={found.columns[field] ?? ""}
              onChange={(event) => state.choose(field, event.currentTarget.value || undefined)}
            >
              <option value="">–</option>
              {found.headers.map((header) => (
                <option key={header} value={header}>
                  {header}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
    </details>
  );
}
