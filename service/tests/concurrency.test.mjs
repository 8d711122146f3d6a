// Many at once: in one process, in several processes, and through a connection that breaks.
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { after, describe, test } from "node:test";
import pg from "pg";
import { Database, sql } from "../src/database.js";
import { assertApplied, endProcesses, newAccount, startProcess, Worker } from "./processes.mjs";
import {
  ask,
  DATABASES,
  newDatabaseUrl,
  startService,
  stopPostgres,
  tokenOf,
  until,
} from "./support.mjs";
import { verify } from "./verify.mjs";

after(stopPostgres);

/** Applies of the whole memo at once, each an own request. */
const APPLIES = 200;

/** What an account looks like to a client: everything but who asked when. */
async function seen(address, token, { accountId, memoId, invoiceId }) {
  const lines = [
    ...[`GET /v1/credit-memos/${memoId}`, `GET /v1/invoices/${invoiceId}`],
    ...[`GET /v1/credit-memos/${memoId}/parts`, `GET /v1/accounts/${accountId}`],
  ];
  const answers = await Promise.all(lines.map((line) => ask(address, line, { token })));
  return answers.map(({ answer }) => answer);
}

async function raceOf(addresses) {
  const token = await tokenOf(addresses[0]);
  const account = await newAccount(addresses[0], token, 40);
  const other = await newAccount(addresses[0], token, 40);
  const before = await seen(addresses[0], token, other);
  const body = { invoices: [{ invoiceId: account.invoiceId, amount: 40 }] };
  const line = `PUT /v1/credit-memos/${account.memoId}/apply`;
  const sent = Array.from({ length: APPLIES }, (_, place) =>
    ask(addresses[place % addresses.length], line, { token, body }),
  );
  const statuses = (await Promise.all(sent)).map(({ status }) => status);
  const count = (wanted) => statuses.filter((status) => wanted.includes(status)).length;
  // 400: nothing is left. 409: other requests were faster. 408: a machine with too much to do read it too late.
  const refused = count([400, 408, 409]);
  assert.deepEqual([count([200]), refused], [1, APPLIES - 1], `${statuses}`);
  const [memo, invoice, { parts }] = await seen(addresses[0], token, account);
  assert.deepEqual([memo.appliedAmount, memo.unappliedAmount], [40, 0]);
  assert.deepEqual([invoice.balance, parts.length], [0, 1]);
  const now = await seen(addresses[0], token, other);
  assert.deepEqual(withoutRequests(now), withoutRequests(before));
}

/** Answers without the identifiers of their requests. */
const withoutRequests = (answers) => answers.map(({ processId, requestId, ...answer }) => answer);

for (const [kind, newDatabase] of Object.entries(DATABASES)) {
  test(`${kind}: of ${APPLIES} applies of one memo one wins, and nothing else changes`, async (t) => {
    const database = await newDatabase();
    const { service, address, errors } = await startService(database);
    t.after(() => service.close());
    await raceOf([address]);
    assert.deepEqual(errors(), []);
    // The account itself, an invoice and a memo each in two books, and one application.
    assert.equal(await verify(database), 2 * 3 + 1);
  });
}

for (const count of [2, 4]) {
  test(`${count} processes over one PostgreSQL do as one`, async (t) => {
    t.after(endProcesses);
    const url = await newDatabaseUrl();
    const starts = Array.from({ length: count }, () => startProcess({ url }));
    const processes = await Promise.all(starts);
    const addresses = processes.map(({ address }) => address);
    await raceOf(addresses);

    const token = await tokenOf(addresses[0]);
    const accounts = [await newAccount(addresses[0], token), await newAccount(addresses[1], token)];
    let turn = 0;
    const where = () => addresses[(turn += 1) % count];
    const workers = accounts.flatMap((account, place) =>
      [0, 1].map((own) => new Worker(`w${place}-${own}`, account, where)),
    );
    t.after(() => {
      for (const worker of workers) worker.giveUp();
    });
    const working = workers.map((worker) => worker.run());
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (const worker of workers) worker.stop();
    await Promise.all(working);
    const numbers = await Promise.all(
      Array.from({ length: 40 }, async (_, place) => {
        const charges = [{ productRatePlanChargeId: "c", amount: 1 }];
        const body = { accountId: accounts[place % 2].accountId, charges };
        const headers = { "idempotency-key": `n-${place}` };
        for (;;) {
          const sent = { token, body, headers };
          const { status, answer } = await ask(
            addresses[place % count],
            "POST /v1/credit-memos",
            sent,
          );
          if (status !== 409) return answer.number;
        }
      }),
    );
    assert.equal(new Set(numbers).size, 40);

    const ends = await Promise.all(processes.map((process) => process.stop()));
    assert.deepEqual(ends, Array(count).fill({ code: 0, signal: null }));
    const database = new Database({ url });
    t.after(() => database.close());
    await verify(database, (book, account) => assertApplied(book, account, workers));
  });
}

/**
 * A proxy on the loopback that cuts connections as `cuts` says, and otherwise passes all bytes on: `request` in the
 * midst of a request, `answer` before a byte of the answer is read: its connection is reset when `reset` is called.
 */
async function startProxy(port, cuts) {
  const [open, unread] = [new Set(), new Set()];
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    open.add(client);
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    client.on("error", cut).on("close", () => upstream.destroy());
    upstream.on("error", cut).on("close", () => client.destroy());
    client.on("data", (bytes) => {
      if (cuts.request?.(bytes)) return cut();
      if (cuts.answer?.(bytes)) {
        upstream.pause();
        unread.add(() => {
          upstream.resetAndDestroy();
          client.destroy();
        });
      }
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => client.write(bytes));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    for (const client of open) client.destroy();
  };
  const reset = () => {
    for (const end of unread) end();
    unread.clear();
  };
  return { address: `http://127.0.0.1:${server.address().port}`, close, reset };
}

/** The row of a PUT whose answer was not read yet. */
const unreadPut = (db) => db.selectFrom("puts").select("seed").executeTakeFirst();

/** How long an answer waits until it counts as read, in milliseconds: tests of slow machines end it before. */
const SLOW = { reset: 600_000 };

/** Holds the first rows of a statement that `pattern` tells, from `begin` on, until `release` is called. */
function heldRows(pattern) {
  const looks = new WeakSet();
  const held = { isWanted: false };
  const [found, released] = ["hasFound", "release"].map(
    (name) =>
      new Promise((resolve) => {
        held[name] = resolve;
      }),
  );
  held.found = found;
  held.begin = () => {
    held.isWanted = true;
  };
  const plugin = {
    transformQuery({ node, queryId }) {
      if (held.isWanted && pattern.test(JSON.stringify(node))) looks.add(queryId);
      return node;
    },
    async transformResult({ queryId, result }) {
      if (!held.isWanted || !looks.has(queryId) || result.rows.length === 0) return result;
      held.isWanted = false;
      held.hasFound();
      await released;
      return result;
    },
  };
  held.over = (database) => {
    const open = database.open.bind(database);
    database.open = async () => (await open()).withPlugin(plugin);
    return database;
  };
  return held;
}

describe("a connection that breaks", () => {
  for (const [kind, newDatabase] of Object.entries(DATABASES)) {
    test(`${kind}: a PUT whose answer was lost is carried out once; one that was read and comes again, twice`, async (t) => {
      const database = await newDatabase();
      const { service, address } = await startService(database, { times: SLOW });
      const cuts = {};
      const proxy = await startProxy(new URL(address).port, cuts);
      t.after(async () => {
        proxy.close();
        await service.close();
      });
      const token = await tokenOf(address);
      const account = await newAccount(address, token, 100);
      const body = { invoices: [{ invoiceId: account.invoiceId, amount: 10 }] };
      const apply = (where) =>
        ask(where, `PUT /v1/credit-memos/${account.memoId}/apply`, { token, body });
      const applied = async () => (await seen(address, token, account))[0].appliedAmount;

      cuts.answer = (bytes) => bytes.includes("/apply");
      const lost = assert.rejects(apply(proxy.address));
      const db = await database.open();
      await until(() => unreadPut(db));
      proxy.reset();
      await lost;
      cuts.answer = undefined;
      assert.equal((await apply(proxy.address)).answer.appliedAmount, 10);
      assert.equal(await applied(), 10);

      // Read to its end, so the next one is meant.
      assert.equal((await apply(proxy.address)).answer.appliedAmount, 20);
      assert.equal((await apply(address)).answer.appliedAmount, 30);

      // Cut in the midst of the request: nothing of it is carried out.
      cuts.request = (bytes) => bytes.includes("/apply");
      await assert.rejects(apply(proxy.address));
      assert.equal(await applied(), 30);
    });
  }

  test("an equal PUT that looks while the answer of another one is read is carried out too", async (t) => {
    // What it finds of the other one is held until that one's row is gone.
    const held = heldRows(/as is_alive from puts/);
    const database = held.over(new Database({ url: await newDatabaseUrl() }));
    const { service, address } = await startService(database, { times: SLOW });
    t.after(() => service.close());
    const proxy = await startProxy(new URL(address).port, {});
    t.after(proxy.close);
    const token = await tokenOf(address);
    const account = await newAccount(address, token, 100);
    const body = { invoices: [{ invoiceId: account.invoiceId, amount: 10 }] };
    const apply = (where) =>
      ask(where, `PUT /v1/credit-memos/${account.memoId}/apply`, { token, body });

    assert.equal((await apply(address)).answer.appliedAmount, 10);
    held.begin();
    const second = apply(proxy.address);
    await Promise.race([held.found, second]);
    // The connection of the first one carries another request, so its answer was read.
    await ask(address, "GET /healthz");
    const db = await database.open();
    await until(async () => (await unreadPut(db)) === undefined);
    held.release();
    assert.equal((await second).answer.appliedAmount, 20);
  });

  for (const isFirst of [true, false]) {
    const title = isFirst ? "before it" : "while it is held up";
    test(`a PUT that another process carries out ${title} is carried out once`, async (t) => {
      const url = await newDatabaseUrl();
      const held = heldRows(/"names"/);
      // Who finds the other one's row waits until it says that its answer was not read.
      const times = { ...SLOW, patience: 600_000 };
      const one = await startService(held.over(new Database({ url })), { times });
      t.after(() => one.service.close());
      const database = new Database({ url });
      const two = await startService(database, { times });
      t.after(() => two.service.close());
      const proxy = await startProxy(new URL(one.address).port, { answer: () => true });
      t.after(proxy.close);
      const token = await tokenOf(two.address);
      const account = await newAccount(two.address, token, 100);
      const body = { invoices: [{ invoiceId: account.invoiceId, amount: 10 }] };
      const line = `PUT /v1/credit-memos/${account.memoId}/apply`;

      // Its connection breaks while it is carried out, and it comes again to another process.
      const holder = new pg.Client(url);
      await holder.connect();
      t.after(() => holder.end());
      if (isFirst) await holder.query("begin; select from heads for update");
      else held.begin();
      const lost = assert.rejects(ask(proxy.address, line, { token, body }));
      const db = await database.open();
      const waiting = sql`select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
      const isWaiting = async () => (await waiting.execute(db)).rows.length > 0;
      await (isFirst ? until(isWaiting) : held.found);
      proxy.reset();
      await lost;
      await ask(one.address, "GET /healthz");
      const again = ask(two.address, line, { token, body });
      if (isFirst) await holder.query("commit");
      assert.equal((await again).answer.appliedAmount, 10);
      // Its answer was read, so its row is gone: nothing but its own broken connection holds the first one back.
      await ask(two.address, "GET /healthz");
      await until(async () => (await unreadPut(db)) === undefined);
      held.release();
      await until(() => one.lines.some((line) => line.includes("/apply")));
      const [memo] = await seen(two.address, token, account);
      assert.equal(memo.appliedAmount, 10);
    });
  }

  test("a PUT whose process was killed after it had written is carried out once, by another process", async (t) => {
    t.after(endProcesses);
    const url = await newDatabaseUrl();
    const [one, other] = [await startProcess({ url }), await startProcess({ url })];
    const cuts = {};
    const proxy = await startProxy(new URL(one.address).port, cuts);
    t.after(proxy.close);
    const token = await tokenOf(one.address);
    const account = await newAccount(one.address, token, 100);
    const body = { invoices: [{ invoiceId: account.invoiceId, amount: 10 }] };
    const apply = (where) =>
      ask(where, `PUT /v1/credit-memos/${account.memoId}/apply`, { token, body });
    // The answer is never read, and the process is killed as soon as it has written. Where this process comes too late
    // for that, the row is there all the same.
    const database = new Database({ url });
    t.after(() => database.close());
    const db = await database.open();
    await sql`create function kept() returns trigger language plpgsql as 'begin return null; end'`.execute(
      db,
    );
    await sql`create trigger kept before delete on puts for each row execute function kept()`.execute(
      db,
    );
    cuts.answer = (bytes) => bytes.includes("/apply");
    const broken = assert.rejects(apply(proxy.address));
    await until(() => unreadPut(db));
    await one.stop("SIGKILL");
    proxy.reset();
    await broken;
    await sql`drop trigger kept on puts`.execute(db);
    assert.equal((await apply(other.address)).answer.appliedAmount, 10);
    assert.equal((await apply(other.address)).answer.appliedAmount, 20);
  });
});
