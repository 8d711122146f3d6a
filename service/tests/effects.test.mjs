// What is to be done outside of the books: written with the entries of its request or not at all, and once.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { sql } from "../src/database.js";
import { newAccount } from "./processes.mjs";
import { ask, DATABASES, startService, stopPostgres, tokenOf } from "./support.mjs";

after(stopPostgres);

/** Lets every statement fail that does `what`, as if the process ended there. Returns what ends that. */
async function failing(db, what, table) {
  await sql`create or replace function failing() returns trigger language plpgsql
    as 'begin raise exception ''the process ends''; end'`.execute(db);
  const on = sql.raw(`create trigger failing before ${what} on ${table}
    for each row execute function failing()`);
  await sql`${on}`.execute(db);
  return () => sql`drop trigger failing on ${sql.raw(table)}`.execute(db);
}

for (const [kind, newDatabase] of Object.entries(DATABASES)) {
  describe(`effects on ${kind}`, () => {
    async function newService(t) {
      const database = await newDatabase();
      const { service, address } = await startService(database);
      t.after(() => service.close());
      const token = await tokenOf(address);
      const account = await newAccount(address, token, 30);
      const db = await database.open();
      const collect = (headers) =>
        ask(address, "POST /v1/operations/invoice-collect", {
          ...{ token, headers },
          body: { accountKey: account.accountId, paymentMethodId: "pm-1" },
        });
      const countOf = async (table) =>
        Number((await sql`select count(*) from ${sql.table(table)}`.execute(db)).rows[0].count);
      return { address, token, account, db, collect, countOf };
    }

    test("are written with the entries or not at all", async (t) => {
      const { db, collect, countOf } = await newService(t);
      const before = await countOf("entries");
      const mend = await failing(db, "insert", "effects");
      assert.equal((await collect()).status, 500);
      assert.deepEqual([await countOf("entries"), await countOf("effects")], [before, 0]);
      await mend();

      const { status, answer } = await collect();
      assert.deepEqual([status, answer.amountCollected], [200, "30.00"]);
      assert.ok((await countOf("entries")) > before);
      const [effect, ...others] = await db.selectFrom("effects").selectAll().execute();
      assert.deepEqual([effect.type, effect.state, others], ["gateway", "pending", []]);
      assert.equal(effect.effect.documentId, answer.paymentId);
    });

    test("are there once when their request comes again under its key", async (t) => {
      const { db, collect, countOf } = await newService(t);
      const key = { "idempotency-key": "k-1" };
      // The answer is kept in the row that the key has already.
      const mend = await failing(db, "update", "kept");
      assert.equal((await collect(key)).status, 500);
      const entries = await countOf("entries");
      assert.equal(await countOf("effects"), 1);
      await mend();

      const { status, answer } = await collect(key);
      assert.deepEqual([status, answer.amountCollected], [200, "30.00"]);
      assert.deepEqual([await countOf("entries"), await countOf("effects")], [entries, 1]);
    });

    test("have the bytes of their file", async (t) => {
      const { address, token, account, db } = await newService(t);
      const bytes = Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 1, 2, 0xff]);
      const body = new FormData();
      body.set("file", new Blob([bytes]), "memo.pdf");
      const response = await fetch(`${address}/v1/credit-memos/${account.memoId}/files`, {
        ...{ method: "POST", body },
        headers: { authorization: `Bearer ${token}` },
      });
      const { fileId } = await response.json();
      const [effect] = await db.selectFrom("effects").selectAll().execute();
      assert.deepEqual([effect.type, effect.effect.fileId], ["file", fileId]);
      assert.deepEqual(Buffer.from(effect.file), bytes);
    });
  });
}
