/** What a store has of an account: what it loads or, where it keeps no snapshots, all entries. */
export async function stored(store, account) {
  if (store.load !== undefined) return store.load(account);
  const entries = await store.entries(account, -1);
  return { entries, version: entries.length - 1 };
}
