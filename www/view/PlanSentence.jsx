// "A plan of 30.00 a month, paid, becomes 50.00 on 17 Jan 2026, with 8 % tax, counted by the day."
import { KINDS, LENGTHS } from "../scenario/change.js";
import { percent, shown } from "../words/amount.js";
import { SYSTEMS } from "../words/systems.js";
import { DaySlot } from "./DaySlot.jsx";
import { ListSlot, PanelSlot } from "./Slot.jsx";

const INVOICES = [
  { value: "paid", name: "paid", does: "The invoice of the plan is paid." },
  { value: "open", name: "still open", does: "The invoice of the plan is not paid yet." },
];

export function PlanSentence({ state }) {
  const form = state.form.value;
  const lengths = Object.entries(LENGTHS).map(([value, { name }]) => ({ value, name }));
  const terms = Object.entries(SYSTEMS).map(([value, { system, how }]) => ({
    ...{ value, name: value === "default" ? how : system, note: value === "default" ? "" : how },
  }));
  return (
    <p class="sentence">
      A plan of{" "}
      <Field
        state={state}
        name="price"
        label="Price"
        value={form.price}
        onType={(text) =>
          state.type("price", text, ({ amount }) => state.change({ price: amount ?? "0" }))
        }
      />{" "}
      a{" "}
      <ListSlot
        label="Period"
        options={lengths}
        value={form.length}
        onChange={(length) => state.changePeriod({ length })}
      />{" "}
      from{" "}
      <DaySlot
        label="First day"
        day={form.from}
        onChange={(from) => state.changePeriod({ from })}
      />
      <More state={state} form={form} />,{" "}
      <ListSlot
        label="Invoice"
        options={INVOICES}
        value={form.invoice}
        onChange={(invoice) => state.change({ invoice })}
      />
      {form.changes.map((event, place) => (
        <Event key={event.key} event={event} place={place} state={state} />
      ))}
      , with{" "}
      <Field
        state={state}
        name="tax"
        label="Tax"
        width={7}
        text={state.typed.value.tax ?? (form.taxRate === null ? "" : percent(form.taxRate))}
        placeholder="no"
        onType={(text) => state.typePercent(text)}
      />{" "}
      tax, counted{" "}
      <ListSlot
        label="Terms"
        options={terms}
        value={form.terms}
        onChange={(value) => state.change({ terms: value })}
      />{" "}
      <button type="button" class="quiet add" onClick={() => state.addEvent()}>
        + another change
      </button>
    </p>
  );
}

function Event({ event, place, state }) {
  const { key, kind, value, day } = event;
  const kinds = Object.entries(KINDS).map(([each, { name }]) => ({ value: each, name }));
  const name = `value ${key}`;
  const set = (changed) => state.changeEvent(key, { value: changed });
  return (
    <span class="event">
      {place === 0 ? ", " : ", then "}
      <ListSlot
        label={`Change ${place + 1}`}
        options={kinds}
        value={kind}
        onChange={(chosen) => state.chooseKind(key, chosen)}
      />{" "}
      {kind === "discount" && (
        <Field
          state={state}
          name={name}
          label={KINDS[kind].value}
          width={8}
          text={state.typed.value[name] ?? discountText(value)}
          onType={(text) => state.typeDiscount(name, text, set)}
        />
      )}
      {(kind === "price" || kind === "quantity") && (
        <Field
          state={state}
          name={name}
          label={KINDS[kind].value}
          value={value}
          onType={(text) => state.type(name, text, ({ amount }) => set(amount ?? "0"))}
        />
      )}{" "}
      on{" "}
      <DaySlot
        label={`Day of change ${place + 1}`}
        day={day}
        onChange={(chosen) => state.changeEvent(key, { day: chosen })}
      />
      {state.form.value.changes.length > 1 && (
        <button
          type="button"
          class="quiet remove"
          aria-label={`Remove change ${place + 1}`}
          onClick={() => state.removeEvent(key)}
        >
          ×
        </button>
      )}
    </span>
  );
}

function discountText(discount) {
  if (discount === null || discount === undefined || discount === "") return "";
  return discount.rate === undefined ? shown(discount.amount) : percent(discount.rate);
}

function More({ state, form }) {
  const parts = [
    ...(form.quantity === "1" ? [] : [`× ${shown(form.quantity)}`]),
    ...(form.discount === null ? [] : [`less ${discountText(form.discount)}`]),
  ];
  return (
    <>
      {" "}
      <PanelSlot label="Quantity and discount" text={parts.length === 0 ? "× 1" : parts.join(", ")}>
        {(close) => (
          <form
            class="day"
            onSubmit={(submitted) => {
              submitted.preventDefault();
              close();
            }}
          >
            <label>
              Quantity
              <Field
                state={state}
                name="quantity"
                label="Quantity"
                value={form.quantity}
                isFirst
                onType={(text) =>
                  state.type("quantity", text, ({ amount }) =>
                    state.change({ quantity: amount ?? "1" }),
                  )
                }
              />
            </label>
            <label>
              Discount, as an amount or a percentage
              <Field
                state={state}
                name="discount"
                label="Discount"
                placeholder="none"
                text={state.typed.value.discount ?? discountText(form.discount)}
                onType={(text) =>
                  state.typeDiscount("discount", text, (discount) => state.change({ discount }))
                }
              />
            </label>
            <button type="submit" class="quiet">
              Done
            </button>
          </form>
        )}
      </PanelSlot>
    </>
  );
}

function Field({ state, name, label, value, text, width, placeholder, onType, isFirst }) {
  const words = text ?? state.text(name, value);
  const isWrong = state.refusal.value?.field === name;
  return (
    <input
      type="text"
      class="in-sentence"
      id={`field-${name.replace(" ", "-")}`}
      inputmode="decimal"
      autocomplete="off"
      aria-label={label}
      aria-invalid={isWrong}
      data-first={isFirst ? "" : undefined}
      placeholder={placeholder}
      size={width ?? Math.max(5, words.length)}
      value={words}
      onInput={(event) => onType(event.currentTarget.value)}
    />
  );
}
