// Ribbons between the posts of who pays and the rows of who is paid, in the place where these stand.

/** The outline of each ribbon, for an SVG that lies between both sides. */
export function pathsOf(box, svg, ribbons) {
  const frame = svg.getBoundingClientRect();
  if (frame.width === 0) return [];
  const [left, right] = ["from", "to"].map((side) => placesOf(box, side, frame, ribbons));
  const inOrder = [...ribbons].sort(
    (a, b) => order(left, a.from, b.from) || order(right, a.to, b.to),
  );
  const starts = stack(inOrder, "from", left);
  const ends = stack(
    [...ribbons].sort((a, b) => order(right, a.to, b.to) || order(left, a.from, b.from)),
    "to",
    right,
  );
  return inOrder
    .filter((ribbon) => starts.has(ribbon) && ends.has(ribbon))
    .map((ribbon) => ({
      ...ribbon,
      d: outline(starts.get(ribbon), ends.get(ribbon), ribbon.thick, frame.width),
    }));
}

const order = (places, a, b) => (places.get(a)?.top ?? 0) - (places.get(b)?.top ?? 0);

/** Where each row stands, and where the ribbons of it begin: in its middle. */
function placesOf(box, side, frame, ribbons) {
  const thick = new Map();
  for (const ribbon of ribbons)
    thick.set(ribbon[side], (thick.get(ribbon[side]) ?? 0) + ribbon.thick);
  const places = new Map();
  for (const row of box.querySelectorAll(`[data-${side}]`)) {
    const { top, height } = row.getBoundingClientRect();
    const key = row.dataset[side];
    const begin = top - frame.top + Math.max(0, (height - (thick.get(key) ?? 0)) / 2);
    places.set(key, { top, begin });
  }
  return places;
}

/** The upper edge of each ribbon at one side, one under the other. */
function stack(ribbons, side, places) {
  const next = new Map([...places].map(([key, { begin }]) => [key, begin]));
  const edges = new Map();
  for (const ribbon of ribbons) {
    const key = ribbon[side];
    if (!next.has(key)) continue;
    edges.set(ribbon, next.get(key));
    next.set(key, next.get(key) + ribbon.thick);
  }
  return edges;
}

function outline(start, end, thick, width) {
  const middle = width / 2;
  const line = (x, y) => `${x.toFixed(1)},${y.toFixed(1)}`;
  const bend = (from, to, x, y) => `C${line(middle, from)} ${line(middle, to)} ${line(x, y)}`;
  return [
    `M${line(0, start)}`,
    bend(start, end, width, end),
    `L${line(width, end + thick)}`,
    bend(end + thick, start + thick, 0, start + thick),
    "Z",
  ].join("");
}
