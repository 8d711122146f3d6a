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
  cancel = null;

  async look(columns) {
    this.fault.value = null;
    this.progress.value = { done: 0, of: 0 };
    const asked = {
      ...(this.file.value === null ? { text: this.text.value } : { file: this.file.value }),
      ...{ currency: this.currency.value.trim().toUpperCase(), columns },
    };
    try {
      const found = await client.ask("look", asked, {
        onProgress: (progress) => {
          this.progress.value = progress;
        },
        onCancel: (cancel) => {
          this.cancel = cancel;
        },
      });
      this.found.value = found.isCanceled ? null : found;
      if (found.name) this.name.value = found.name;
    } catch (fault) {
      this.fault.value = fault.message;
    }
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
