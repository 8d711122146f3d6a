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
    // Whoever uses the store is told; nobody has to, yet.
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

  async append(account, version, added) {
    const database = await this.#database;
    const transaction = database.transaction(ENTRIES, "readwrite", { durability: "strict" });
    const entries = transaction.objectStore(ENTRIES);
    const last = await resultOf(entries.openKeyCursor(keysOf(account), "prev"));
    // Nobody else writes as long as this transaction does.
    const isNext = versionOf(last) === version;
    const written = ended(transaction);
    if (isNext) for (const entry of added) entries.add(entry, [account, entry.version]);
    await written;
    return isNext;
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
