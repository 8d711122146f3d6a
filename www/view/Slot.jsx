// A slot of a sentence: a button that shows what is chosen, and what opens under it.
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";

/** The slots that have a key: with Alt. */
const KEYS = { "Credit or payment": "c", "What is paid": "p", Rule: "r", Day: "d" };

const shortcutOf = (label) =>
  KEYS[label] === undefined ? undefined : `Alt+${KEYS[label].toUpperCase()}`;

/** Closes what is open when somebody goes elsewhere, and on Escape. */
function useAway(ref, isOpen, close) {
  useEffect(() => {
    if (!isOpen) return undefined;
    const away = (event) => {
      if (!ref.current?.contains(event.target)) close(false);
    };
    document.addEventListener("pointerdown", away);
    document.addEventListener("focusin", away);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("focusin", away);
    };
  }, [isOpen]);
}

/** A slot with anything in it: `children(close)`. */
export function PanelSlot({ label, text, note, children, class: className = "" }) {
  const [isOpen, setOpen] = useState(false);
  const ref = useRef(null);
  const button = useRef(null);
  const id = useId();
  const close = (goBack = true) => {
    setOpen(false);
    if (goBack) button.current?.focus();
  };
  useAway(ref, isOpen, close);
  // Before anything is painted: the next key is for what has opened.
  useLayoutEffect(() => {
    if (isOpen) ref.current.querySelector("[data-first]")?.focus();
  }, [isOpen]);
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    close();
  };
  return (
    <span class={`slot ${className}`} ref={ref} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="slot-button"
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-keyshortcuts={shortcutOf(label)}
        data-key={KEYS[label]}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <span class="hidden">{label}: </span>
        <strong>{text}</strong>
        {note && <span class="slot-note"> {note}</span>}
        <span class="caret" aria-hidden="true" />
      </button>
      {isOpen && (
        <div class="sheet" id={id} role="dialog" aria-label={label}>
          {children(close)}
        </div>
      )}
    </span>
  );
}

/** A slot with a list to choose from: `{ value, name, note, does }`. */
export function ListSlot({ label, options, value, onChange, onOpen, class: className }) {
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const ref = useRef(null);
  const button = useRef(null);
  const list = useRef(null);
  const id = useId();
  const chosen = options.find((option) => option.value === value);
  const close = (goBack = true) => {
    setOpen(false);
    if (goBack) button.current?.focus();
  };
  useAway(ref, isOpen, close);
  const open = () => {
    onOpen?.();
    setAt(Math.max(0, options.indexOf(chosen)));
    setOpen(true);
  };
  // Before anything is painted: the next key is for the list.
  useLayoutEffect(() => {
    if (isOpen) list.current.focus();
  }, [isOpen]);
  useEffect(() => {
    if (isOpen) list.current.children[at]?.scrollIntoView({ block: "nearest" });
  }, [isOpen, at]);
  const choose = (option) => {
    close();
    if (option.value !== value) onChange(option.value);
  };
  const onListKey = (event) => {
    const last = options.length - 1;
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last };
    if (event.key in moves) setAt(Math.min(last, Math.max(0, moves[event.key])));
    else if (event.key === "Enter" || event.key === " ") choose(options[at]);
    else if (event.key === "Escape") close();
    else if (event.key === "Tab") return close();
    else if (event.key.length === 1) {
      const begins = (option) => option.name.toLowerCase().startsWith(event.key.toLowerCase());
      const next = [...options.keys()].find((place) => place > at && begins(options[place]));
      const found = next ?? options.findIndex(begins);
      if (found < 0) return undefined;
      setAt(found);
    } else return undefined;
    event.preventDefault();
    event.stopPropagation();
    return undefined;
  };
  const onButtonKey = (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open();
  };
  return (
    <span class={`slot ${className ?? ""}`} ref={ref}>
      <button
        type="button"
        class="slot-button"
        ref={button}
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-keyshortcuts={shortcutOf(label)}
        data-key={KEYS[label]}
        aria-controls={isOpen ? id : undefined}
        onClick={() => (isOpen ? close() : open())}
        onKeyDown={onButtonKey}
      >
        <span class="hidden">{label}: </span>
        <strong>{chosen?.name ?? "choose"}</strong>
        {chosen?.note && <span class="slot-note"> {chosen.note}</span>}
        <span class="caret" aria-hidden="true" />
      </button>
      {isOpen && (
        <ul
          class="sheet options"
          id={id}
          role="listbox"
          aria-label={label}
          tabIndex={-1}
          ref={list}
          aria-activedescendant={`${id}-${at}`}
          onKeyDown={onListKey}
        >
          {options.map((option, place) => (
            <li
              key={option.value}
              id={`${id}-${place}`}
              role="option"
              aria-selected={option.value === value}
              class={place === at ? "at" : ""}
              onPointerMove={() => setAt(place)}
              onClick={() => choose(option)}
            >
              <span class="option-name">
                {option.name}
                {option.note && <span class="slot-note"> {option.note}</span>}
              </span>
              {option.does && <span class="option-does">{option.does}</span>}
              {option.effect && <span class="option-effect">{option.effect}</span>}
            </li>
          ))}
        </ul>
      )}
    </span>
  );
}
