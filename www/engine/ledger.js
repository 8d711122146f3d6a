// The books of this device: each behind its log in IndexedDB, by the package's own host. What is applied is written
// before anybody is told that it is.
import * as setoff from "setoff";
import { Host, IndexedDbStore, MemoryStore } from "setoff/host";
import { SAMPLES, sampleBy } from "../accounts/index.js";
import { Shelf } from "./shelf.js";

/** Tells the other tabs what has changed. */
const channel = new BroadcastChannel("setoff");

export class Ledger {
  #host;
  #store;
  #shelf;
  #options = new Map();
  #tab;

  /** Whether this browser keeps what is written. */
  isKept = true;

  /** Opens the store; where the browser keeps nothing (private mode), everything is in memory, and the page says so. */
  static async open(tab) {
    const ledger = new Ledger();
    ledger.#tab = tab;
    ledger.#store = await ledger.#openStore();
    ledger.#shelf = new Shelf(ledger.isKept);
    ledger.#host = new Host(setoff, ledger.#store, {
      bookOptions: (log) => ledger.#options.get(log),
      snapshotEvery: 100,
      keep: 4,
    });
    return ledger;
  }

  async #openStore() {
    try {
      const store = new IndexedDbStore("setoff");
      await store.entries("", -1);
      return store;
    } catch {
      this.isKept = false;
      return new MemoryStore();
    }
  }

  get shelf() {
    return this.#shelf;
  }

  /** The name of an account's log. A sample that is begun anew has another, and the old one stays. */
  async #logOf(key) {
    const generation = (await this.#shelf.setting(`generation of ${key}`)) ?? 0;
    const log = generation === 0 ? key : `${key}#${generation}`;
    if (!this.#options.has(log)) {
      const known = sampleBy(key) ?? (await this.#shelf.account(key));
      if (known === undefined) throw new Error(`There is no account "${key}" on this device.`);
      this.#options.set(log, known.bookOptions);
    }
    return log;
  }

  /** What is known of an account: its name, story and first scenario. A sample is built when it is first opened. */
  async account(key) {
    const log = await this.#logOf(key);
    const sample = sampleBy(key);
    if (sample === undefined) return this.#shelf.account(key);
    await this.#host.transact(log, (book) => {
      if (book.version > 0) return;
      for (const command of sample.commands()) book.execute(command);
    });
    const { account, story, bookOptions, example } = sample;
    return { key, name: account.name, story, bookOptions, example, isSample: true };
  }

  /** All accounts, the samples first. */
  async accounts() {
    const samples = SAMPLES.map(({ key, account, story, bookOptions }) => ({
      ...{ key, name: account.name, story, currency: bookOptions.currency, isSample: true },
    }));
    const own = await this.#shelf.accounts();
    return [
      ...samples,
      ...own.map(({ key, name, story, bookOptions }) => ({
        ...{ key, name, story, currency: bookOptions.currency, isSample: false },
      })),
    ];
  }

  /** Makes an account of commands, or adds to the one that is there. */
  async bring(account, commands) {
    this.#options.set(account.key, account.bookOptions);
    await this.#host.transact(account.key, (book) => {
      for (const command of commands) book.execute(command, { recordedAt: now() });
    });
    await this.#shelf.keep(account.key, account);
  }

  /** Puts a sample back to its beginning. */
  async beginAnew(key) {
    const name = `generation of ${key}`;
    const generation = (await this.#shelf.setting(name)) ?? 0;
    await this.#shelf.set(name, generation + 1);
  }

  /** Runs `work` on the book as the log has it now, whoever wrote last. */
  async read(key, work) {
    return this.#host.read(await this.#logOf(key), work);
  }

  /** Runs `work` on the book and writes what it has carried out; then the other tabs are told. */
  async transact(key, work) {
    const result = await this.#host.transact(await this.#logOf(key), work);
    channel.postMessage({ key, tab: this.#tab });
    return result;
  }

  /** Runs `work` on a book that was made of all entries. */
  async audit(key, work) {
    return this.#host.audit(await this.#logOf(key), work);
  }

  /** All entries of the log, from the one that opens the book. */
  async entries(key) {
    return this.#store.entries(await this.#logOf(key), -1);
  }
}

/** When something was done, by the clock of this machine: the engine carries it and does not read it. */
export const now = () => new Date().toISOString();
