// Bringing an account, step by step: look at it, say which column is which, take it.
import { signal } from "@preact/signals";
import { client, refreshAccounts } from "./app.js";

export class BringState {
  text = signal("");
  file = signal(null);
  currency = signal("USD");
  name = signal("My account");
  /** What was found: documents, faults by row and column. */
  found = signal(null);
  /** How far it is: `{ done, of }`, while it is looked at. */
  progress = signal(null);
  fault = signal(null);
  /** Which column somebody said is which field, since the text or file is there. */
  #columns;
  /** How somebody said days with slashes are read. */
  #order;
  /** Takes the look that is on its way back. */
  cancel = null;
  #looks = 0;

  /** Says that a column is a field: what was said of others a moment ago, and is looked at still, counts, too. */
  choose(field, header) {
    this.#columns = { ...(this.#columns ?? this.found.value.columns), [field]: header };
    return this.look();
  }

  /** Says which number of a day with slashes is the day. */
  chooseOrder(order) {
    this.#order = order;
    return this.look();
  }

  /** Another text or file: nothing is known of it yet. */
  forget() {
    this.#columns = undefined;
    this.#order = undefined;
    this.found.value = null;
  }

  /** Looks at what was given. An earlier look that is not at its end yet is given up: only the last one tells. */
  async look() {
    this.cancel?.();
    this.#looks += 1;
    const look = this.#looks;
    const isLast = () => look === this.#looks;
    this.fault.value = null;
    this.progress.value = { done: 0, of: 0 };
    const asked = {
      ...(this.file.value === null ? { text: this.text.value } : { file: this.file.value }),
      ...{ currency: this.currency.value.trim().toUpperCase(), columns: this.#columns },
      order: this.#order,
    };
    try {
      const found = await client.ask("look", asked, {
        onProgress: (progress) => {
          if (isLast()) this.progress.value = progress;
        },
        onCancel: (cancel) => {
          this.cancel = cancel;
        },
      });
      if (!isLast()) return;
      this.found.value = found.isCanceled ? null : found;
      if (found.name) this.name.value = found.name;
    } catch (fault) {
      if (!isLast()) return;
      this.fault.value = fault.message;
    }
    this.cancel = null;
    this.progress.value = null;
  }

  /** Takes what is right, and opens it. */
  async take() {
    this.progress.value = { done: 0, of: 0 };
    try {
      const { key } = await client.ask("take", { name: this.name.value.trim() || "My account" });
      await refreshAccounts();
      return key;
    } catch (fault) {
      this.fault.value = fault.message;
      return null;
    } finally {
      this.progress.value = null;
    }
  }
}
