import { useEffect, useRef } from "preact/hooks";
import { history, toast, undo } from "../state/app.js";

/** How long something is said; never shorter than somebody is at it. */
const MILLISECONDS = 8_000;

export function Toast() {
  const said = toast.value;
  const box = useRef(null);
  useEffect(() => {
    if (said === null) return undefined;
    const timer = setInterval(() => {
      if (!box.current?.matches(":focus-within, :hover")) toast.value = null;
    }, MILLISECONDS);
    return () => clearInterval(timer);
  }, [said]);
  const takeBack = () => {
    const row = history.value.rows.find(({ group }) => group === said.undo);
    if (row !== undefined) undo(row);
  };
  return (
    <div class="toast-place" role="status" aria-live="polite">
      {said !== null && (
        <div class="toast" ref={box}>
          {said.text}
          {said.undo !== null && (
            <button type="button" onClick={takeBack}>
              Undo
            </button>
          )}
          <button
            type="button"
            class="close"
            aria-label="Close"
            onClick={() => {
              toast.value = null;
            }}
          >
            ×
          </button>
        </div>
      )}
    </div>
  );
}
