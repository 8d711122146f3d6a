// The period, with a handle for each change: what is used, what is given back, what is new.
import { useRef } from "preact/hooks";
import { inOrder, KINDS } from "../scenario/change.js";
import { shown } from "../words/amount.js";
import { addDays, daysBetween, shownDay } from "../words/day.js";
import { SYSTEMS } from "../words/systems.js";
import { timeOf } from "./Due.jsx";

const DAY = 86_400_000;

/** Where a moment is in the period, from 0 to 1. */
function shareOf(moment, { from, to }, isEnd) {
  const time =
    Date.parse(moment.includes("T") ? moment : `${moment}T00:00:00Z`) + (isEnd ? DAY : 0);
  const [begin, end] = [from, to].map((day) => Date.parse(`${day}T00:00:00Z`));
  return Math.min(1, Math.max(0, (time - begin) / (end - begin)));
}

/** The bars of a timeline, row by row: the plan that was billed, then each that is charged. */
function rowsOf({ lines, period }, { terms, changes }) {
  const { isClosed } = SYSTEMS[terms];
  const place = ({ from, to }) => {
    const left = shareOf(from, period, false);
    return { left, width: shareOf(to, period, isClosed && !to.includes("T")) - left };
  };
  const rows = [{ key: "old", bars: [] }];
  const credits = lines.filter(({ type, service }) => type === "credit" && service !== null);
  const first = credits.find(({ of }) => of === null);
  const begin = first === undefined ? 1 : place(first.service).left;
  const used = first?.used ?? null;
  rows[0].bars.push({
    ...{ left: 0, width: begin, kind: "used" },
    says: first?.cost
      ? `Old plan, ${timeOf(used?.covered ?? "")} used: ${shown(first.cost)}`
      : "Old plan",
  });
  const rowBy = new Map([[null, rows[0]]]);
  for (const line of lines) {
    if (line.service === null) continue;
    if (line.type === "charge") {
      const row = { key: `charge ${line.change}`, bars: [] };
      const name = changes.length > 1 ? `Change ${line.change + 1}` : "New plan";
      const says = `${name}, ${timeOf(line.covered)}: ${shown(line.amount)}`;
      row.bars.push({ ...place(line.service), kind: "new", says });
      rows.push(row);
      rowBy.set(line.change, row);
    }
    if (line.type === "credit") {
      const bar = {
        ...place(line.service),
        kind: "back",
        says: `Credit ${shown(line.amount)}`,
      };
      (rowBy.get(line.of) ?? rows[0]).bars.push(bar);
    }
  }
  return rows;
}

export function Timeline({ state }) {
  const answer = state.answer.value;
  const form = state.form.value;
  const { period } = answer;
  const track = useRef(null);
  const rows = rowsOf(answer, answer.scenario);
  const step = Math.max(1, Math.ceil(period.days / 7));
  const marks = Array.from({ length: Math.ceil(period.days / step) }, (_, place) => place * step)
    // The last has no room.
    .filter((place) => place / period.days < 0.93);
  return (
    <section class="card timeline" aria-label="Timeline">
      <div class="track" ref={track}>
        <div class="handles">
          {inOrder(form).map((event) => (
            <Handle key={event.key} event={event} state={state} period={period} track={track} />
          ))}
        </div>
        {rows.map((row) => (
          <div class="time-row" key={row.key}>
            {row.bars.map((bar) => (
              <div
                key={`${bar.kind} ${bar.left} ${bar.width}`}
                class={`time-bar ${bar.kind}`}
                style={{ left: `${bar.left * 100}%`, width: `${bar.width * 100}%` }}
                title={bar.says}
              >
                <span>{bar.says}</span>
              </div>
            ))}
          </div>
        ))}
        <div class="marks" aria-hidden="true">
          {marks.map((place) => (
            <span key={place} style={{ left: `${(place / period.days) * 100}%` }}>
              {shownDay(addDays(period.from, place), { year: false })}
            </span>
          ))}
        </div>
      </div>
    </section>
  );
}

/** A handle: dragged, or moved by the arrow keys a day at a time, by Page Up and Page Down a week. */
function Handle({ event, state, period, track }) {
  const place = daysBetween(period.from, event.day);
  const last = period.days - 1;
  const set = (wanted) => {
    const next = Math.min(last, Math.max(0, wanted));
    if (next !== place) state.changeEvent(event.key, { day: addDays(period.from, next) });
  };
  const onKeyDown = (pressed) => {
    const moves = {
      ...{ ArrowLeft: place - 1, ArrowDown: place - 1, ArrowRight: place + 1, ArrowUp: place + 1 },
      ...{ PageDown: place - 7, PageUp: place + 7, Home: 0, End: last },
    };
    if (!(pressed.key in moves)) return;
    pressed.preventDefault();
    set(moves[pressed.key]);
  };
  const onPointerMove = (moved) => {
    if (!moved.currentTarget.hasPointerCapture(moved.pointerId)) return;
    const { left, width } = track.current.getBoundingClientRect();
    set(Math.round(((moved.clientX - left) / width) * period.days));
  };
  const share = Math.min(1, Math.max(0, place / period.days));
  const kind = KINDS[event.kind].name;
  return (
    <div
      class="handle"
      role="slider"
      tabIndex={0}
      aria-label={`Day on which the plan ${kind}`}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={Math.min(last, Math.max(0, place))}
      aria-valuetext={shownDay(event.day)}
      style={{ left: `${share * 100}%` }}
      onKeyDown={onKeyDown}
      onPointerDown={(down) => down.currentTarget.setPointerCapture(down.pointerId)}
      onPointerMove={onPointerMove}
    >
      <span class={`handle-day ${share > 0.85 ? "to-left" : ""}`}>
        {shownDay(event.day, { year: false })}
      </span>
    </div>
  );
}
