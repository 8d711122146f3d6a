// The state of one change of plan that somebody looks at.
import { batch, signal } from "@preact/signals";
import { startOfChange } from "../scenario/change.js";
import { readAmount, readPercent, shown } from "../words/amount.js";
import { addDays, daysBetween } from "../words/day.js";
import { wordsOf } from "../words/refusal.js";

const PATIENCE = 600;

export class ChangeState {
  #client;
  #lane;
  #timer;

  form = signal(startOfChange());
  /** What stands in the fields, as it was typed; by name. */
  typed = signal({});
  answer = signal(null);
  /** What is refused, in plain words; `field` names where. */
  refusal = signal(null);
  isStale = signal(false);

  constructor(client, currency, lane = "A") {
    this.#client = client;
    this.currency = currency;
    this.#lane = lane;
  }

  start(form = startOfChange()) {
    batch(() => {
      this.form.value = form;
      this.typed.value = {};
    });
    return this.refresh();
  }

  change(patch) {
    this.form.value = { ...this.form.value, ...patch };
    return this.refresh();
  }

  /** The text of a field: as it was typed, or as the visitor writes it. */
  text(name, value) {
    return this.typed.value[name] ?? (value === "" ? "" : shown(value));
  }

  /** A number as it is typed; `take` puts it into the form. */
  type(name, text, take) {
    this.#read(name, text, readAmount(text), take);
  }

  typePercent(text) {
    const read = text.trim() === "" ? { state: "empty", rate: null } : readPercent(text);
    this.#read("tax", text, read, ({ rate = null }) => this.change({ taxRate: rate }));
  }

  /** A discount is an amount, or a percentage: `10 %`. */
  typeDiscount(name, text, take) {
    const isShare = text.includes("%");
    const read = isShare ? readPercent(text) : readAmount(text);
    const value = isShare ? { rate: read.rate } : { amount: read.amount };
    this.#read(name, text, read, () => take(read.state === "empty" ? null : value));
  }

  #read(name, text, read, take) {
    clearTimeout(this.#timer);
    this.typed.value = { ...this.typed.value, [name]: text };
    const isNone =
      read.state === "wrong" || (read.state === "unfinished" && read.amount === undefined);
    if (!isNone) {
      take(read);
      return;
    }
    this.isStale.value = true;
    if (read.state === "wrong") this.#timer = setTimeout(() => this.#call(name), PATIENCE);
  }

  #call(name) {
    this.refusal.value = { says: "This is not a number. Write it as 12.50 or 12,50.", field: name };
  }

  /** Changes one of the changes. */
  changeEvent(key, patch) {
    const { changes } = this.form.value;
    const changed = changes.map((event) => (event.key === key ? { ...event, ...patch } : event));
    return this.change({ changes: changed });
  }

  /** Another kind brings a value that fits it. */
  chooseKind(key, kind) {
    const values = { price: "50.00", quantity: "2", discount: { rate: "0.1" } };
    const { [`value ${key}`]: _, ...typed } = this.typed.value;
    this.typed.value = typed;
    return this.changeEvent(key, { kind, value: values[kind] ?? "" });
  }

  /** Adds a change some days after the last one: what pauses can resume, all else can pause. */
  addEvent() {
    const { changes } = this.form.value;
    const last = changes.at(-1);
    const { period } = this.answer.value ?? {};
    const end = period === undefined ? last.day : addDays(period.to, -1);
    const wanted = addDays(last.day, 5);
    const day = wanted < end ? wanted : end;
    const kind = last.kind === "pause" ? "resume" : "quantity";
    const key = Math.max(...changes.map((event) => event.key)) + 1;
    const value = kind === "quantity" ? "2" : "";
    return this.change({ changes: [...changes, { key, kind, value, day }] });
  }

  removeEvent(key) {
    return this.change({ changes: this.form.value.changes.filter((event) => event.key !== key) });
  }

  /** Another period keeps each change at its place, or at the last day. */
  changePeriod({ from = this.form.value.from, length = this.form.value.length }) {
    const { from: before, changes } = this.form.value;
    const moved = changes.map((event) => {
      return { ...event, day: addDays(from, Math.max(0, daysBetween(before, event.day))) };
    });
    return this.change({ from, length, changes: moved });
  }

  async refresh() {
    clearTimeout(this.#timer);
    const asked = { scenario: this.form.value, currency: this.currency };
    const answer = await this.#client
      .latest(`change ${this.#lane}`, "change", asked)
      .catch((fault) => {
        if (fault.kind !== "refusal") throw fault;
        return { refusal: fault };
      });
    if (answer === undefined) return;
    batch(() => {
      this.isStale.value = answer.refusal !== undefined;
      this.refusal.value = answer.refusal === undefined ? null : this.#said(answer.refusal);
      if (answer.refusal === undefined) this.answer.value = answer;
    });
  }

  /** A refusal, with the field that it is about. */
  #said(refusal) {
    const [, list, place, name] = refusal.segments;
    const ordered = [...this.form.value.changes].sort((a, b) => (a.day < b.day ? -1 : 1));
    const event = list === "changes" ? ordered[place] : undefined;
    const field =
      event === undefined ? name : name === "at" ? `day ${event.key}` : `value ${event.key}`;
    return { ...wordsOf(refusal), field };
  }
}
