// A long list of which only what is in view is there. All rows have one height.
import { useEffect, useRef, useState } from "preact/hooks";

const BEYOND = 10;

/**
 * `ask({ from, count, search })` answers `{ total, from, rows }`; `undefined`: a later question has replaced it.
 * `renew` is what a new answer is needed for.
 */
export function Windowed({ ask, row, rowHeight = 36, height = 324, label, search, renew }) {
  const [answer, setAnswer] = useState({ total: 0, from: 0, rows: [] });
  const box = useRef(null);
  const look = async () => {
    const top = box.current?.scrollTop ?? 0;
    const from = Math.max(0, Math.floor(top / rowHeight) - BEYOND);
    const count = Math.ceil(height / rowHeight) + 2 * BEYOND;
    const next = await ask({ from, count, search });
    if (next !== undefined) setAnswer(next);
  };
  useEffect(() => {
    look();
  }, [search, renew]);
  const { total, from, rows } = answer;
  const size = Math.min(height, total * rowHeight);
  return (
    <div
      class="window"
      ref={box}
      onScroll={look}
      style={{ height: `${size}px` }}
      tabIndex={0}
      role="group"
      aria-label={`${label}, ${total.toLocaleString("en-US")}`}
    >
      <ul class="window-rows" style={{ height: `${total * rowHeight}px` }}>
        {rows.map((each, place) => (
          <li
            key={each.key ?? each.id}
            aria-setsize={total}
            aria-posinset={from + place + 1}
            style={{ top: `${(from + place) * rowHeight}px`, height: `${rowHeight}px` }}
          >
            {row(each)}
          </li>
        ))}
      </ul>
    </div>
  );
}
