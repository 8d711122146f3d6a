// The store and the directory, on both databases: the checks that every store and directory must pass, and what only
// rows in a database have.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { MemoryStore, storeChecks } from "setoff/host";
import { Directory } from "../../src/js/rest/directory.js";
import { SqlDirectory } from "../src/directory.js";
import { SqlStore } from "../src/store.js";
import { directoryChecks } from "./directory-checks.mjs";
import { DATABASES, stopPostgres } from "./support.mjs";

after(stopPostgres);

describe("the directory in a log", () => {
  for (const { name, run } of directoryChecks(
    () => new Directory(new MemoryStore(), "setoff/rest"),
  ))
    test(name, run);
});

for (const [kind, newDatabase] of Object.entries(DATABASES)) {
  describe(kind, () => {
    let database;
    let tenants = 0;
    before(async () => {
      database = await newDatabase();
    });
    after(() => database.close());
    const newTenant = () => `tenant ${(tenants += 1)}`;
    const newDirectory = (tenant = newTenant()) =>
      new SqlDirectory({ database, tenant, rebuild: async () => {} });

    describe("a store", () => {
      for (const { name, run } of storeChecks(() => new SqlStore(database, newTenant())))
        test(name, async (t) => {
          const { skipped } = await run();
          if (skipped !== null) t.skip(skipped);
        });
    });

    describe("a directory", () => {
      for (const { name, run } of directoryChecks(newDirectory)) test(name, run);
    });

    test("tenants do not know each other", async () => {
      const [one, other] = [newDirectory("t'1"), newDirectory("t'2")];
      const entry = { kind: "account", id: "a", prefix: "A", currency: "USD", data: {} };
      await one.reserve(entry);
      await one.keep("job", "1", { secret: true });
      assert.equal(await other.account("a"), null);
      assert.equal(await other.kept("job", "1"), null);
      assert.deepEqual(await other.accounts(), []);
      assert.equal(await other.reserve(entry), "A00000001");
    });

    test("a document that moved is found with the accounts that it was of", async () => {
      const directory = newDirectory();
      const entry = { kind: "payment", id: "p", accountId: "A", prefix: "P-" };
      await directory.reserve(entry);
      await directory.move("p", "B");
      await directory.move("p", "B");
      await directory.move("p", "C");
      const { accountId, formerAccountIds } = await directory.find(["payment"], "p");
      assert.deepEqual([accountId, formerAccountIds], ["C", ["A", "B"]]);
    });

    test("of two processes one keeps a request under its key", async () => {
      const tenant = newTenant();
      const processes = [newDirectory(tenant), newDirectory(tenant)];
      const kept = processes.map((directory) =>
        directory.keep("keyedRequest", "k", { seed: "s", at: 0 }),
      );
      const states = (await Promise.allSettled(kept)).map(({ status }) => status);
      assert.deepEqual(states.sort(), ["fulfilled", "rejected"]);
      await processes[1].keep("keyedRequest", "k", { seed: "s", at: 0, reply: {} });
      assert.deepEqual((await processes[0].kept("keyedRequest", "k")).reply, {});
    });
  });
}
