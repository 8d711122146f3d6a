import { checkAccounts } from "./writes.js";

/**
 * A store in memory, for tests and for programs that keep nothing. It copies what it gets and gives, as databases do.
 */
export class MemoryStore {
  #accounts = new Map();

  async load(account) {
    const { entries, snapshot } = this.#accounts.get(account) ?? { entries: [] };
    return {
      snapshot: snapshot?.bytes.slice(),
      entries: await this.entries(account, snapshot?.version ?? -1),
      version: entries.length - 1,
    };
  }

  async entries(account, after) {
    const { entries } = this.#accounts.get(account) ?? { entries: [] };
    return entries.slice(after + 1).map((text) => JSON.parse(text));
  }

  append(account, version, entries) {
    return this.#write([{ account, version, entries }]);
  }

  async appendAll(writes) {
    checkAccounts(writes);
    return this.#write(writes);
  }

  async #write(writes) {
    const held = writes.map(({ account }) => this.#accounts.get(account) ?? { entries: [] });
    const areNext = writes.every(
      ({ version }, index) => held[index].entries.length - 1 === version,
    );
    if (!areNext) return false;

    // What cannot be copied is found before anything is written.
    const texts = writes.map(({ entries }) => entries.map((entry) => JSON.stringify(entry)));

    for (const [index, { account }] of writes.entries()) {
      const entries = [...held[index].entries, ...texts[index]];
      if (entries.length > 0) this.#accounts.set(account, { ...held[index], entries });
    }
    return true;
  }

  async saveSnapshot(account, version, bytes) {
    const held = this.#accounts.get(account);
    if (held !== undefined) held.snapshot = { version, bytes: bytes.slice() };
  }
}
