// Books behind a store.
import * as setoff from "setoff";
import { Host, MemoryStore, storeChecks, type Store } from "setoff/host";

const store: Store = new MemoryStore();
const host = new Host(setoff, store, {
  bookOptions: (account) => ({ currency: "USD", accountId: account }),
});

const balance: Promise<string> = host.read("A", (book) =>
  book.query({ of: "account" }).rows.length.toString(),
);

const options = {
  id: "request-1",
  ifVersion: 3,
  actor: "anna",
  recordedAt: "2026-03-02T09:00:00Z",
};
const done = host.transact("A", (book) =>
  book.execute(
    { type: "postInvoice", at: "2026-03-02", invoiceId: "I" },
    options as setoff.ExecuteOptions | undefined,
  ),
);
// A command with an identifier may have been carried out before.
export const version = done.then((answer) =>
  "repeated" in answer ? answer.created.length : answer.document.balance,
);

export const skipped: Promise<(string | null)[]> = Promise.all(
  storeChecks(() => new MemoryStore()).map(async ({ run }) => (await run()).skipped),
);
export { balance };

// A store without snapshots needs no `load`.
export const plain: Store = { entries: store.entries, append: store.append };

// @ts-expect-error: a store must be able to append.
export const broken: Store = { load: store.load, entries: store.entries };
