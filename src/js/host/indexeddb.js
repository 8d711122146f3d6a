import { checkAccounts } from "./writes.js";

const ENTRIES = "entries";
const SNAPSHOTS = "snapshots";

/** What a request of IndexedDB comes to. */
const resultOf = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** When a transaction of IndexedDB is written, or why it is not. */
const ended = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });

/** The keys of the entries of an account, after a version. */
const keysOf = (account, after = -1) =>
  IDBKeyRange.bound([account, after], [account, Infinity], true);

/** The version of the entry at a cursor; −1 where there is none. */
const versionOf = (cursor) => (cursor === null ? -1 : cursor.key[1]);

/** A store in a browser. */
export class IndexedDbStore {
  #database;

  constructor(name = "setoff") {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(ENTRIES);
      request.result.createObjectStore(SNAPSHOTS);
    };
    this.#database = resultOf(request);
    // Each call reports the error. Without this, it would be unhandled where the store is not used yet.
    this.#database.catch(() => {});
  }

  async load(account) {
    const transaction = (await this.#database).transaction([ENTRIES, SNAPSHOTS]);
    const entries = transaction.objectStore(ENTRIES);

    const [snapshot, last] = await Promise.all([
      resultOf(transaction.objectStore(SNAPSHOTS).get(account)),
      resultOf(entries.openKeyCursor(keysOf(account), "prev")),
    ]);
    return {
      snapshot: snapshot?.bytes,
      entries: await resultOf(entries.getAll(keysOf(account, snapshot?.version))),
      version: versionOf(last),
    };
  }

  async entries(account, after) {
    const transaction = (await this.#database).transaction(ENTRIES);
    return resultOf(transaction.objectStore(ENTRIES).getAll(keysOf(account, after)));
  }

  append(account, version, entries) {
    return this.#write([{ account, version, entries }]);
  }

  async appendAll(writes) {
    checkAccounts(writes);
    return this.#write(writes);
  }

  async #write(writes) {
    if (writes.length === 0) return true;

    const database = await this.#database;
    const transaction = database.transaction(ENTRIES, "readwrite", { durability: "strict" });
    const written = ended(transaction);
    // The call reports the error. Without this, it would be unhandled where something fails before the end.
    written.catch(() => {});

    const store = transaction.objectStore(ENTRIES);
    const cursors = writes.map(({ account }) =>
      resultOf(store.openKeyCursor(keysOf(account), "prev")),
    );
    const last = await Promise.all(cursors);

    // Nobody else writes as long as this transaction does.
    const areNext = writes.every(({ version }, index) => versionOf(last[index]) === version);
    if (areNext) {
      try {
        for (const { account, entries } of writes)
          for (const entry of entries) store.add(entry, [account, entry.version]);
      } catch (error) {
        // One entry cannot be copied: those before it would be written.
        transaction.abort();
        throw error;
      }
    }

    await written;
    return areNext;
  }

  async saveSnapshot(account, version, bytes) {
    const transaction = (await this.#database).transaction(SNAPSHOTS, "readwrite");
    const written = ended(transaction);
    transaction.objectStore(SNAPSHOTS).put({ version, bytes }, account);
    await written;
  }

  async close() {
    (await this.#database).close();
  }
}
