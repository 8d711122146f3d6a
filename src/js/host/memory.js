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

  async append(account, version, entries) {
    const held = this.#accounts.get(account) ?? { entries: [] };
    if (held.entries.length - 1 !== version) return false;
    const texts = entries.map((entry) => JSON.stringify(entry));
    this.#accounts.set(account, { ...held, entries: [...held.entries, ...texts] });
    return true;
  }

  async saveSnapshot(account, version, bytes) {
    const held = this.#accounts.get(account);
    if (held !== undefined) held.snapshot = { version, bytes: bytes.slice() };
  }
}
