import { useRef } from "preact/hooks";
import { addDays, isDay, shownDay } from "../words/day.js";
import { PanelSlot } from "./Slot.jsx";

/** A slot with a day. Others offer days that mean something: `{ day, name }`. */
export function DaySlot({ label, day, onChange, others = [] }) {
  const field = useRef(null);
  const set = (wanted) => {
    if (isDay(wanted)) onChange(wanted);
  };
  return (
    <PanelSlot label={label} text={shownDay(day)}>
      {(close) => (
        <form
          class="day"
          onSubmit={(event) => {
            event.preventDefault();
            close();
          }}
        >
          <label>
            {label}
            <input
              type="date"
              data-first
              ref={field}
              value={day}
              onInput={(event) => set(event.currentTarget.value)}
            />
          </label>
          <div class="choices">
            <button type="button" onClick={() => set(addDays(day, -1))}>
              1 day earlier
            </button>
            <button type="button" onClick={() => set(addDays(day, 1))}>
              1 day later
            </button>
            {others.map((other) => (
              <button type="button" key={other.day} onClick={() => set(other.day)}>
                {other.name}
              </button>
            ))}
          </div>
          <button type="submit" class="quiet">
            Done
          </button>
        </form>
      )}
    </PanelSlot>
  );
}
