// Two scenarios side by side. Nothing is carried out from here: who wants one of them goes to it.
import { effect, signal } from "@preact/signals";
import { ChangeState } from "./change.js";
import { SettleState } from "./settle.js";

export class CompareState {
  #client;
  #stop;

  /** What is compared: settlements, or changes of a plan. */
  mode = signal("settle");
  difference = signal(null);
  planDifference = signal(null);

  constructor(client, account, form, planForm) {
    this.#client = client;
    this.key = account.key;
    this.currency = account.bookOptions.currency;
    this.a = new SettleState(client, account.key, "compare A");
    this.b = new SettleState(client, account.key, "compare B");
    this.planA = new ChangeState(client, this.currency, "compare A");
    this.planB = new ChangeState(client, this.currency, "compare B");
    this.a.start(form);
    this.b.start({ ...form, rule: form.rule === "fifo" ? "proration" : "fifo" });
    this.planA.start(planForm);
    this.planB.start(atTheEnd(planForm));
    this.#stop = [effect(() => this.#compare()), effect(() => this.#comparePlans())];
  }

  dispose() {
    for (const stop of this.#stop) stop();
  }

  async #compare() {
    const [a, b] = [this.a, this.b].map(({ form }) => form.value);
    // What is carried out elsewhere moves the pictures, too.
    const isDrawn = this.a.picture.value !== null && this.b.picture.value !== null;
    if (!isDrawn) return;
    const at = a.at > b.at ? a.at : b.at;
    const answer = await this.#client.latest("compare", "compare", { key: this.key, a, b, at });
    if (answer !== undefined) this.difference.value = answer;
  }

  async #comparePlans() {
    const [a, b] = [this.planA, this.planB].map(({ answer }) => answer.value);
    if (a === null || b === null) return;
    const asked = {
      currency: this.currency,
      pairs: [
        ["due", b.due, a.due],
        ["total", b.preview.total, a.preview.total],
        ["credit", b.preview.credit, a.preview.credit],
        ["charge", b.preview.charge, a.preview.charge],
        ["tax", b.preview.tax, a.preview.tax],
      ],
    };
    const answer = await this.#client.latest("differences", "differences", asked);
    if (answer !== undefined) this.planDifference.value = answer;
  }
}

/** The same change, but on the last day of the month of the period. */
function atTheEnd(form) {
  const changes = form.changes.map((event, place) => {
    const isLast = place === form.changes.length - 1;
    return isLast
      ? { ...event, day: `${event.day.slice(0, 8)}${event.day.slice(8) > "27" ? "27" : "28"}` }
      : event;
  });
  return { ...form, changes };
}
