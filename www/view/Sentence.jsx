// The sentence that is the form: "Apply CM-2001 to 2 invoices by proration on 15 Mar 2026".
import { useState } from "preact/hooks";
import { isOfAll } from "../scenario/settle.js";
import { shown } from "../words/amount.js";
import { count } from "../words/count.js";
import { RULES } from "../words/rules.js";
import { DaySlot } from "./DaySlot.jsx";
import { Money } from "./Money.jsx";
import { ListSlot, PanelSlot } from "./Slot.jsx";
import { Windowed } from "./Windowed.jsx";

const ORDERS = {
  dueDate: "Oldest due first",
  number: "By number",
  largest: "Largest first",
  smallest: "Smallest first",
};

/** `canState`: whether there are fields in which the amounts of lines are stated. */
export function Sentence({ state, canState = false }) {
  const picture = state.picture.value;
  const form = state.form.value;
  const sources = picture.sources.map(({ type, id, number, unappliedAmount }) => ({
    value: `${type}/${id}`,
    name: number,
    note: `${shown(unappliedAmount)} left`,
    does: type === "payment" ? "Payment" : "Credit memo",
  }));
  const chooseSource = (value) => {
    const [type, ...rest] = value.split("/");
    const name = rest.join("/");
    const isAll = type === "allOpen";
    const source = isAll ? { type, currency: name } : { type, id: name };
    const { currency } = isAll
      ? source
      : picture.sources.find((each) => each.type === type && each.id === name);
    // Ticks and amounts stay, unless they are of another currency.
    // All credits together pay as much as they can, so no amounts are stated.
    const rule = isAll && form.rule === "explicit" ? "proration" : form.rule;
    if (currency === picture.currency) state.change({ source, rule });
    else state.start({ ...form, source, rule, targets: "allOpen" });
  };
  const isOffered = (rule) =>
    rule !== "explicit" || form.rule === "explicit" || (canState && !isOfAll(form));
  const rules = Object.keys(RULES).filter(isOffered);
  const due = picture.targets.filter(({ isTicked }) => isTicked).slice(0, 3);
  return (
    <p class="sentence">
      Apply{" "}
      <ListSlot
        label="Credit or payment"
        options={[...sources, ...allCredits(picture)]}
        value={valueOf(form)}
        onChange={chooseSource}
      />{" "}
      to <TargetsSlot state={state} /> by{" "}
      <ListSlot
        label="Rule"
        options={rules.map((value) => ({
          ...{ value, ...RULES[value], effect: effectText(state.effects.value[value]) },
        }))}
        value={form.rule}
        onOpen={() => state.askRules(rules.filter((rule) => rule !== "explicit"))}
        onChange={(rule) => state.chooseRule(rule)}
      />{" "}
      on{" "}
      <DaySlot
        label="Day"
        day={form.at}
        onChange={(at) => state.change({ at })}
        others={due.map(({ number, dueDate }) => ({ day: dueDate, name: `${number} is due` }))}
      />
    </p>
  );
}

const valueOf = ({ source }) =>
  source === null ? null : `${source.type}/${source.id ?? source.currency}`;

/** All credits of a currency as one choice, where there are several. */
function allCredits({ sources, currency: own }) {
  const currencies = [...new Set(sources.map(({ currency }) => currency))];
  return currencies.flatMap((currency) => {
    const all = sources.filter((source) => source.currency === currency);
    if (all.length < 2) return [];
    const name = currency === own ? "all credits" : `all credits in ${currency}`;
    const does = `${count(all.length, "credit")}, the oldest first: each pays what is open until it is used up.`;
    return [{ value: `allOpen/${currency}`, name, does }];
  });
}

/** What a rule would change, in a few words. */
function effectText(effect) {
  if (effect === undefined) return undefined;
  if (effect === null) return "Nothing would change.";
  return effect.isRefused
    ? "This rule is not possible here."
    : `${effect.label} gets ${shown(effect.amount)}.`;
}

function textOf({ targets }, { ticked }) {
  if (targets === "allOpen") return ticked === 1 ? "1 document" : `all ${ticked} open`;
  if (ticked === 0) return "nothing yet";
  const kinds = new Set(targets.map(({ type }) => type));
  const noun = kinds.size > 1 ? "document" : kinds.has("debitMemo") ? "debit memo" : "invoice";
  return count(ticked, noun);
}

/** All documents that can be settled, with their ticks and their order. */
function TargetsSlot({ state }) {
  const picture = state.picture.value;
  const form = state.form.value;
  const [search, setSearch] = useState("");
  return (
    <PanelSlot label="What is paid" text={textOf(form, picture)}>
      {(close) => (
        <div class="targets">
          <div class="choices">
            <button type="button" data-first onClick={() => state.change({ targets: "allOpen" })}>
              All {picture.open} open
            </button>
            <button type="button" onClick={() => state.change({ targets: [] })}>
              None
            </button>
            <label>
              Order{" "}
              <select
                value={form.order ?? "dueDate"}
                onChange={(event) => {
                  const order = event.currentTarget.value;
                  state.change({ order: order === "dueDate" ? undefined : order });
                }}
              >
                {Object.entries(ORDERS).map(([value, name]) => (
                  <option key={value} value={value}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          </div>
          {picture.open > 12 && (
            <input
              type="search"
              placeholder="Find a number"
              aria-label="Find a number"
              value={search}
              onInput={(event) => setSearch(event.currentTarget.value)}
            />
          )}
          <Windowed
            label="Open documents"
            search={search}
            renew={`${picture.version} ${form.at}`}
            ask={(window) => state.demands(window)}
            row={(demand) => (
              <label class="demand">
                <input
                  type="checkbox"
                  checked={state.isTicked(demand.id)}
                  onChange={(event) => state.tick(demand, event.currentTarget.checked)}
                />
                <span class="number">{demand.number}</span>
                <Money amount={demand.balance} />
              </label>
            )}
          />
          <label class="check">
            <input
              type="checkbox"
              checked={form.signs === "skipNonPositive"}
              onChange={(event) => {
                const signs = event.currentTarget.checked ? "skipNonPositive" : undefined;
                state.change({ signs });
              }}
            />
            Skip lines below zero
          </label>
          <button type="button" class="quiet" onClick={() => close()}>
            Done
          </button>
        </div>
      )}
    </PanelSlot>
  );
}
