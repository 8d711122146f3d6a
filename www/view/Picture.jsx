// Who pays, who is paid, and the ribbons between: the table, the picture and the form are one.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { shown, sizeOf } from "../words/amount.js";
import { count } from "../words/count.js";
import { Money, Move } from "./Money.jsx";
import { pathsOf } from "./ribbons.js";
import { Windowed } from "./Windowed.jsx";

const OTHERS = "others";

/** The height that the whole amount has in the picture. */
const HEIGHT = 240;

/** How thick each row's ribbons are together, and in which colours. */
function weigh(picture) {
  const { ribbons, sourceLines } = picture;
  const total = ribbons.reduce(
    (sum, { size, amount }) => sum + (amount?.startsWith("-") ? 0 : size),
    0,
  );
  const scale = total > 0 ? HEIGHT / total : 0;
  const colours = new Map(sourceLines.map(({ key }, place) => [key, place % 6]));
  const thick = ({ size }) => Math.max(2, size * scale);
  const sides = { from: new Map(), to: new Map() };
  for (const ribbon of ribbons) {
    for (const side of ["from", "to"]) {
      const key = ribbon[side];
      sides[side].set(key, (sides[side].get(key) ?? 0) + thick(ribbon));
    }
  }
  const coloured = ribbons.map((ribbon) => ({
    ...ribbon,
    thick: thick(ribbon),
    colour: ribbon.amount?.startsWith("-") ? "below" : `c${colours.get(ribbon.from) ?? 0}`,
  }));
  return { ribbons: coloured, given: sides.from, got: sides.to, colours };
}

/** Figures of so many characters have no room beside each other: on a phone, and anywhere. */
const [BROAD, WIDE] = [8, 11];

function widthOf({ sourceLines, targets }) {
  const rows = [...sourceLines, ...targets, ...targets.flatMap(({ lines }) => lines ?? [])];
  const longest = Math.max(
    0,
    ...rows.flatMap(({ before, after }) => [before.length, after.length]),
  );
  if (longest > WIDE) return "broad wide";
  return longest > BROAD ? "broad" : "";
}

export function Picture({ state, isBusy }) {
  const picture = state.picture.value;
  const box = useRef(null);
  const weighed = weigh(picture);
  const lit = state.lit.value ?? state.asked.value?.key ?? null;
  return (
    <section
      class={`card picture ${isBusy ? "stale" : ""} ${widthOf(picture)}`}
      ref={box}
      aria-label="Who pays, and who is paid"
      onMouseLeave={() => {
        state.lit.value = null;
      }}
    >
      <div class="pays">
        <h2>Pays</h2>
        <ul>
          {picture.sourceLines.map((line) => (
            <SourceLine key={line.key} line={line} state={state} weighed={weighed} />
          ))}
        </ul>
      </div>
      <Ribbons box={box} ribbons={weighed.ribbons} lit={lit} unfolded={state.unfolded.value} />
      <div class="paid">
        <h2>Is paid</h2>
        <ul>
          {picture.targets.map((target) => (
            <Target key={target.id} target={target} state={state} weighed={weighed} />
          ))}
          {picture.others && <Others others={picture.others} weighed={weighed} state={state} />}
        </ul>
        {picture.hidden > (picture.others?.rows ?? 0) && (
          <p class="note">
            {count(picture.hidden - (picture.others?.rows ?? 0), "more open document")}
            {state.form.value.targets === "allOpen"
              ? " that nothing is left for."
              : ": choose them in the sentence above."}
          </p>
        )}
      </div>
    </section>
  );
}

/** What lights the ribbons of a row. */
const lights = (state, key) => ({
  onMouseEnter: () => {
    state.lit.value = key;
  },
  onFocusCapture: () => {
    state.lit.value = key;
  },
  onBlurCapture: () => {
    state.lit.value = null;
  },
});

function nameOf({ label, of }) {
  return of === undefined ? label : `${label} on ${of}`;
}

function SourceLine({ line, state, weighed }) {
  const { source } = state.picture.value;
  const height = Math.max(18, weighed.given.get(line.key) ?? 0);
  const isAsked = state.asked.value?.key === line.key;
  const [name, amount] = [nameOf(line), line.amount];
  return (
    <li class={`giver ${isAsked ? "asked" : ""}`} {...lights(state, line.key)}>
      <div class="giver-words">
        <span class="name" title={name}>
          {line.kind === "payment" ? source.number : line.label}
        </span>
        {amount === null ? (
          <Money amount={line.before} class="strong" />
        ) : (
          <button
            type="button"
            class="why strong"
            aria-label={`${shown(amount)} from ${name}: why?`}
            aria-pressed={isAsked}
            onClick={() => state.ask(isAsked ? null : { documentId: source.id, key: line.key })}
          >
            <Money amount={amount} />
          </button>
        )}
        {amount !== null && <Move before={line.before} after={line.after} />}
      </div>
      <span
        class={`post c${weighed.colours.get(line.key)}`}
        data-from={line.key}
        style={{ height: `${height}px` }}
        aria-hidden="true"
      />
    </li>
  );
}

/** How late a document is, or when it is due. */
function Late({ late }) {
  if (late > 0) return <span class="late">{count(late, "day")} late</span>;
  return <span class="due">{late === 0 ? "due today" : `due in ${count(-late, "day")}`}</span>;
}

function Target({ target, state, weighed }) {
  const { id, number, isTicked, lines, amount } = target;
  const isUnfolded = state.unfolded.value.has(id);
  const canUnfold = isTicked && lines === null && target.lineCount > 0;
  return (
    <li class={`target ${isTicked ? "" : "offered"}`}>
      <div
        class="target-head"
        data-to={lines === null ? id : undefined}
        style={
          lines === null && isTicked
            ? { minHeight: `${Math.max(42, (weighed.got.get(id) ?? 0) + 10)}px` }
            : {}
        }
        {...(lines === null ? lights(state, id) : {})}
      >
        <span class="target-name">
          <label class="tick">
            <input
              type="checkbox"
              checked={isTicked}
              onChange={(event) => state.tick(target, event.currentTarget.checked)}
            />
            <span class="number" title={number}>
              {number}
            </span>
          </label>
          <Late late={target.late} />
          {canUnfold && (
            <button
              type="button"
              class="unfold"
              aria-expanded={isUnfolded}
              onClick={() => state.unfold(id, !isUnfolded)}
            >
              {count(target.lineCount, "line")}
            </button>
          )}
        </span>
        {isTicked ? (
          <Move before={target.before} after={target.after} />
        ) : (
          <span class="move">
            <Money amount={target.before} />
          </span>
        )}
        <AmountField target={target} state={state} computed={amount} />
        <span class="mini" aria-hidden="true">
          <Bar to={id} ribbons={weighed.ribbons} before={target.before} />
        </span>
      </div>
      <Fault state={state} id={id} />
      {lines !== null && isTicked && (
        <ul class="lines">
          {lines.map((line) => (
            <Line key={line.key} line={line} documentId={id} state={state} weighed={weighed} />
          ))}
        </ul>
      )}
      {isUnfolded && canUnfold && <AllLines target={target} state={state} />}
    </li>
  );
}

/** The field of an amount. What is not stated is what the engine would give, in grey. */
function AmountField({ target, state, computed }) {
  const { id, number, isTicked, before } = target;
  const text = state.typed.value[id] ?? "";
  const isWrong = state.refusal.value?.documentId === id;
  const hint = isTicked && computed !== null ? shown(computed) : "amount";
  return (
    <input
      type="text"
      class="amount"
      inputmode="decimal"
      autocomplete="off"
      aria-label={`Amount for ${number}, ${shown(before)} open`}
      aria-invalid={isWrong}
      aria-describedby={isWrong ? `fault-${id}` : undefined}
      placeholder={hint}
      size={Math.max(8, hint.length, text.length)}
      value={text}
      onInput={(event) => state.type(target, event.currentTarget.value)}
      onBlur={() => state.leave(id)}
    />
  );
}

/** A refusal, at the document that it is about. */
function Fault({ state, id }) {
  const refusal = state.refusal.value;
  if (refusal?.documentId !== id) return null;
  return (
    <p class="fault" id={`fault-${id}`}>
      {refusal.says}
    </p>
  );
}

function Line({ line, documentId, state, weighed }) {
  const isAsked = state.asked.value?.key === line.key;
  const name = nameOf(line);
  const height = Math.max(32, (weighed.got.get(line.key) ?? 0) + 8);
  return (
    <li
      class={`line ${line.kind} ${isAsked ? "asked" : ""}`}
      data-to={line.key}
      style={{ minHeight: `${height}px` }}
      {...lights(state, line.key)}
    >
      <span class="name" title={name}>
        {line.label}
      </span>
      <WhyButton line={line} documentId={documentId} state={state} />
      <Move before={line.before} after={line.after} />
      <span class="mini" aria-hidden="true">
        <Bar to={line.key} ribbons={weighed.ribbons} before={line.before} />
      </span>
    </li>
  );
}

/** What a line gets. A click says why: also why it gets nothing. */
function WhyButton({ line, documentId, state }) {
  const isAsked = state.asked.value?.key === line.key;
  const { amount } = line;
  return (
    <button
      type="button"
      class={`why ${amount === null ? "none" : "strong"}`}
      aria-label={`${amount === null ? "nothing" : shown(amount)} to ${nameOf(line)}: why?`}
      aria-pressed={isAsked}
      disabled={state.picture.value.fingerprint === undefined}
      onClick={() => state.ask(isAsked ? null : { documentId, key: line.key })}
    >
      {amount === null ? "–" : <Money amount={amount} />}
    </button>
  );
}

/** Where there is no room for ribbons: what share of a row is paid, in the colours of who pays it. */
function Bar({ to, ribbons, before }) {
  const whole = sizeOf(before);
  const own = ribbons.filter((ribbon) => ribbon.to === to);
  if (whole === 0 || own.length === 0) return null;
  return (
    <span class="bar-of">
      {own.map((ribbon) => (
        <span
          key={ribbon.from}
          class={ribbon.colour}
          style={{ width: `${Math.min(100, (ribbon.size / whole) * 100)}%` }}
        />
      ))}
    </span>
  );
}

function AllLines({ target, state }) {
  const [search, setSearch] = useState("");
  return (
    <div class="all-lines">
      <input
        type="search"
        placeholder="Find a line"
        aria-label={`Find a line of ${target.number}`}
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      <Windowed
        label={`Lines of ${target.number}`}
        search={search}
        renew={state.picture.value.fingerprint}
        ask={(window) => state.lines(target.id, window)}
        row={(line) => <WindowLine line={line} documentId={target.id} state={state} />}
      />
    </div>
  );
}

function WindowLine({ line, documentId, state }) {
  const isAsked = state.asked.value?.key === line.key;
  return (
    <div class={`line ${line.kind} ${isAsked ? "asked" : ""}`}>
      <span class="name" title={nameOf(line)}>
        {line.label}
      </span>
      <WhyButton line={line} documentId={documentId} state={state} />
      <Move before={line.before} after={line.after} />
    </div>
  );
}

function Others({ others, weighed, state }) {
  const height = Math.max(42, (weighed.got.get(OTHERS) ?? 0) + 10);
  return (
    <li class="target others">
      <div
        class="target-head"
        data-to={OTHERS}
        style={{ minHeight: `${height}px` }}
        {...lights(state, OTHERS)}
      >
        <span class="target-name">
          <span class="number">{count(others.rows, "more document")}</span>
          <span class="due">{count(others.lines, "line")}</span>
        </span>
        <Move before={others.before} after={others.after} />
        <span class="amount sum">
          <Money amount={others.change} class="strong" />
        </span>
      </div>
    </li>
  );
}

/** Drawn from where the rows stand; drawn again when one moves. */
function Ribbons({ box, ribbons, lit, unfolded }) {
  const svg = useRef(null);
  const [paths, setPaths] = useState([]);
  useLayoutEffect(() => {
    const draw = () => setPaths(pathsOf(box.current, svg.current, ribbons));
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [ribbons, unfolded]);
  const isLit = ({ from, to }) => from === lit || to === lit;
  const hasLit = lit !== null && paths.some(isLit);
  return (
    <svg class="ribbons" ref={svg} aria-hidden="true">
      {paths.map((path) => (
        <path
          key={`${path.from} ${path.to}`}
          class={`${path.colour} ${hasLit ? (isLit(path) ? "lit" : "dim") : ""}`}
          d={path.d}
        />
      ))}
    </svg>
  );
}
