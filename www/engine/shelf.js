// Which accounts there are on this device, beside their logs: names, and how often a sample was begun anew.
import { openDB } from "idb";

const ACCOUNTS = "accounts";
const SETTINGS = "settings";

/** The shelf in IndexedDB; in memory, where the browser keeps nothing. */
export class Shelf {
  #database;
  #memory = { [ACCOUNTS]: new Map(), [SETTINGS]: new Map() };

  constructor(isKept) {
    this.#database = isKept
      ? openDB("setoff-shelf", 1, {
          upgrade(database) {
            database.createObjectStore(ACCOUNTS);
            database.createObjectStore(SETTINGS);
          },
        })
      : null;
  }

  async #get(store, key) {
    if (this.#database === null) return this.#memory[store].get(key);
    return (await this.#database).get(store, key);
  }

  async #put(store, key, value) {
    if (this.#database === null) this.#memory[store].set(key, value);
    else await (await this.#database).put(store, value, key);
  }

  account = (key) => this.#get(ACCOUNTS, key);
  keep = (key, account) => this.#put(ACCOUNTS, key, account);
  setting = (key) => this.#get(SETTINGS, key);
  set = (key, value) => this.#put(SETTINGS, key, value);

  async accounts() {
    if (this.#database === null) return [...this.#memory[ACCOUNTS].values()];
    return (await this.#database).getAll(ACCOUNTS);
  }
}
