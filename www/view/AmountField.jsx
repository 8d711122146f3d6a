// The field of an amount: of a document, or of a line of it.
import { useRef } from "preact/hooks";
import { shown } from "../words/amount.js";
import { nameOf } from "./rows.js";

/** The amount of a document. What is not stated is what the engine would give, in grey. */
export function AmountField({ target, state, faultId }) {
  const { id, number, isTicked, before, amount } = target;
  const refusal = state.refusal.value;
  return (
    <Field
      state={state}
      place={id}
      label={`Amount for ${number}, ${shown(before)} open`}
      faultId={refusal?.documentId === id && refusal.lineKey === null ? faultId : undefined}
      hint={isTicked && amount !== null ? shown(amount) : "amount"}
      onType={(text) => state.type(target, text)}
      onLeave={() => state.leave(id)}
    />
  );
}

/** The amount of a line, where somebody states it. */
export function LineField({ line, target, state, faultId }) {
  const { key, before } = line;
  return (
    <Field
      state={state}
      place={key}
      label={`Amount for ${nameOf(line)}, ${target.number}, ${shown(before)} open`}
      faultId={state.refusal.value?.lineKey === key ? faultId : undefined}
      hint="–"
      onType={(text) => state.typeLine(target, key, text)}
      onLeave={() => state.leave(target.id, key)}
    />
  );
}

/**
 * Enter goes on to the next field. Escape takes back what was typed since the field was entered; again, that amounts
 * are stated line by line.
 */
function Field({ state, place, label, faultId, hint, onType, onLeave }) {
  const before = useRef("");
  const text = state.typed.value[place] ?? "";
  const onKeyDown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") nextField(event.currentTarget)?.focus();
    if (event.key !== "Escape") return;
    if (text !== before.current) onType(before.current);
    else if (state.form.value.rule === "explicit") {
      state.stopStating();
      sentenceOf(event.currentTarget)?.querySelector('[data-key="r"]')?.focus();
    } else return;
    event.stopPropagation();
  };
  return (
    <input
      type="text"
      class="amount"
      inputmode="decimal"
      autocomplete="off"
      aria-label={label}
      aria-invalid={faultId !== undefined}
      aria-describedby={faultId}
      placeholder={hint}
      size={Math.max(8, hint.length, text.length)}
      value={text}
      onFocus={() => {
        before.current = text;
      }}
      onInput={(event) => onType(event.currentTarget.value)}
      onBlur={onLeave}
      onKeyDown={onKeyDown}
    />
  );
}

function nextField(field) {
  const fields = [...field.closest(".paid").querySelectorAll("input.amount")];
  return fields[fields.indexOf(field) + 1];
}

/** The sentence that a field belongs to: where two settlements are compared, that of its own. */
const sentenceOf = (field) => (field.closest(".side") ?? document).querySelector(".sentence");
