// Requests that nobody should send, and what an operator must be able to rely on.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { sign } from "hono/jwt";
import pg from "pg";
import { Clients } from "../src/clients.js";
import { Database } from "../src/database.js";
import { routeOf } from "../src/logs.js";
import { readSettings } from "../src/settings.js";
import { newAccount } from "./processes.mjs";
import {
  ask,
  CLIENT,
  newDatabaseUrl,
  startService,
  stopPostgres,
  tokenOf,
  until,
} from "./support.mjs";
import { verify } from "./verify.mjs";

after(stopPostgres);

const MEBIBYTE = 2 ** 20;

describe("the service on PostgreSQL", () => {
  let url;
  let database;
  let running;
  let token;
  let now = Date.now();
  const address = () => running.address;
  before(async () => {
    url = await newDatabaseUrl();
    database = new Database({ url });
    running = await startService(database, { now: () => now });
    token = await tokenOf(address());
  });
  after(() => running.service.close());

  const list = (bearer) => ask(address(), "GET /v1/credit-memos", { token: bearer });

  test("refuses wrong, altered and foreign tokens, in the words of each interface", async () => {
    const [head, claims, signature] = token.split(".");
    const other = Buffer.from('{"sub":"x","tenant":"other","exp":9999999999}').toString(
      "base64url",
    );
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
    const foreign = await sign(
      { sub: CLIENT.id, tenant: "default", exp: 9999999999 },
      "another key",
    );
    for (const wrong of [
      ...["nothing", "", "a.b.c", `${head}.${other}.${signature}`, `${none}.${other}.`],
      ...[`${none}.${claims}.${signature}`, foreign, `${token}x`, "dz_", `dz_${CLIENT.id}.wrong`],
    ])
      assert.equal((await list(wrong)).status, 401, wrong);
    assert.equal((await list(undefined)).answer.reasons[0].code, 90000011);
    const dayZero = await ask(address(), "GET /api/v1/credit-memos");
    assert.deepEqual([dayZero.status, typeof dayZero.answer.detail], [401, "string"]);
    const quickstart = await ask(address(), "GET /v2/credit_memos");
    assert.deepEqual([quickstart.status, quickstart.answer.type], [401, "unauthorized"]);
    assert.equal((await list(token)).status, 200);
  });

  test("gives no token to a wrong client, whatever it writes", async () => {
    for (const client of [
      { id: CLIENT.id, secret: "wrong" },
      { id: CLIENT.id, secret: "" },
      { id: "' or '1'='1", secret: "' or '1'='1" },
      { id: "x".repeat(36), secret: CLIENT.secret },
      { id: "'; drop table clients; -- ".padEnd(36), secret: "x" },
      { id: "\u0000".repeat(36), secret: "x" },
      { id: "x".repeat(100_000), secret: "x" },
    ])
      assert.equal(await tokenOf(address(), client), undefined);
  });

  test("refuses a token after an hour", async () => {
    const own = await tokenOf(address());
    now += 3_598_000;
    assert.equal((await list(own)).status, 401);
    now -= 3_598_000;
    assert.equal((await list(own)).status, 200);
  });

  test("shows nothing of another tenant", async () => {
    const clients = new Clients({ database });
    const stranger = (await clients.add("stranger")).key;
    const { accountId, invoiceId, memoId } = await newAccount(address(), token, 4321);
    const memo = (await ask(address(), `GET /v1/credit-memos/${memoId}`, { token })).answer;
    const apply = { invoices: [{ invoiceId, amount: 1 }] };
    const paths = [
      ...["", "/items", "/parts", "/files"].map((path) => `GET /v1/credit-memos/${memoId}${path}`),
      ...[`GET /v1/credit-memos/${memo.number}`, `GET /v2/credit_memos/${memoId}`],
      ...[`GET /v1/invoices/${invoiceId}`, `GET /v1/invoices/${invoiceId}/items`],
      ...[`GET /v1/accounts/${accountId}`, `GET /v1/accounts/A00000001`],
      ...[`DELETE /v1/credit-memos/${memoId}`, `PUT /v1/credit-memos/${memoId}/cancel`],
    ];
    for (const line of paths) {
      const { status, text } = await ask(address(), line, { token: stranger });
      assert.equal(status, 404, `${line}: ${text}`);
      assert.ok(!text.includes("4321") && !text.includes("Acme"), text);
    }
    const put = `PUT /v1/credit-memos/${memoId}/apply`;
    assert.equal((await ask(address(), put, { token: stranger, body: apply })).status, 404);
    for (const line of [
      ...[
        "GET /v1/credit-memos",
        "GET /v1/debit-memos",
        `GET /v1/credit-memos?accountId=${accountId}`,
      ],
      ...["GET /v2/credit_memos", `GET /v2/credit_memos?filter[]=id.EQ:${memoId}`],
    ]) {
      const { status, answer } = await ask(address(), line, { token: stranger });
      const rows = answer.creditmemos ?? answer.debitmemos ?? answer.data;
      if (status !== 404) assert.deepEqual([status, rows], [200, []], line);
    }
    // The first account of a tenant has the first number, whatever other tenants have.
    const own = await newAccount(address(), stranger, 1);
    const { answer } = await ask(address(), `GET /v1/credit-memos/${own.memoId}`, {
      token: stranger,
    });
    assert.equal(answer.number, "CM00000001");
  });

  test("takes texts of SQL for texts", async () => {
    const before = (await list(token)).answer.creditmemos.length;
    const tricks = [
      ...["' or '1'='1", "'; drop table entries; --", "\\'; select pg_sleep(10); --", "$1", "%00"],
      ...["${sql}", '" union select secret from clients --', "\u0001", "é".repeat(300), "$$"],
    ];
    for (const trick of tricks) {
      const written = encodeURIComponent(trick === "%00" ? "\u0000" : trick);
      for (const line of [
        ...[`GET /v1/credit-memos/${written}`, `GET /v1/accounts/${written}`],
        ...[`GET /v1/credit-memos?accountId=${written}`, `GET /v1/credit-memos?sort=${written}`],
        ...[`GET /v1/credit-memos?reasonCode=${written}`, `GET /v1/credit-memos?${written}=1`],
        ...[`GET /v1/credit-memos?sourceId=${written}`, `GET /v1/credit-memos?amount=${written}`],
        ...[
          `GET /v2/credit_memos?filter[]=${written}.EQ:1`,
          `GET /v2/credit_memos?cursor=${written}`,
        ],
        ...[`GET /v1/taxation-items/${written}`, `PUT /v1/credit-memos/${written}/post`],
      ]) {
        const { status, text } = await ask(address(), line, { token });
        assert.ok([200, 400, 404].includes(status), `${line}: ${status} ${text}`);
      }
      const body = {
        name: trick,
        currency: "USD",
        billToContact: {},
        accountNumber: trick,
        x__c: trick,
      };
      const { status } = await ask(address(), "POST /v1/accounts", { token, body });
      assert.ok([200, 400].includes(status), `${trick}: ${status}`);
    }
    assert.equal((await list(token)).answer.creditmemos.length, before);
    assert.deepEqual(running.errors(), []);
  });

  test("refuses bodies that are too long, with and without their length", async () => {
    const long = "x".repeat(11 * MEBIBYTE);
    const chunks = () =>
      new ReadableStream({
        pull(controller) {
          controller.enqueue(new TextEncoder().encode("x".repeat(MEBIBYTE)));
        },
      });
    for (const method of ["POST", "PUT"]) {
      for (const body of [long, chunks()]) {
        const sent = fetch(`${address()}/v1/credit-memos`, {
          ...{ method, body, duplex: "half" },
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        });
        // The connection may end before all of it is sent.
        const status = await sent.then(
          (response) => response.status,
          () => 413,
        );
        assert.equal(status, 413);
      }
    }
    const form = new FormData();
    form.set("file", new Blob([long]), "memo.pdf");
    const upload = fetch(`${address()}/v1/credit-memos/x/files`, {
      ...{ method: "POST", body: form, headers: { authorization: `Bearer ${token}` } },
    });
    const status = await upload.then(
      (response) => response.status,
      () => 400,
    );
    assert.ok(status >= 200 && status < 500, `${status}`);
    assert.equal((await ask(address(), "GET /healthz")).status, 200);
  });

  /**
   * What a connection that sends `pieces`, `pause` milliseconds apart, gets before it ends. One that is ended with
   * something unread is reset, and may get nothing.
   */
  const raw = (to, pieces, pause = 0) =>
    new Promise((resolve) => {
      let text = "";
      const socket = connect(new URL(to).port, "127.0.0.1");
      socket.setEncoding("utf8").on("data", (more) => {
        text += more;
      });
      socket.on("error", () => {}).on("close", () => resolve(text));
      const send = async () => {
        for (const piece of pieces) {
          if (socket.destroyed) return;
          socket.write(piece);
          await new Promise((next) => setTimeout(next, pause));
        }
      };
      send();
    });

  test("ends requests that take too long to arrive, and those that are none", async (t) => {
    const other = new Database({ url });
    const { service, address: to } = await startService(other, { requestTime: 1_500 });
    t.after(() => service.close());
    const lines = [`Host: 127.0.0.1`, `Authorization: Bearer ${token}`, "Content-Length: 1000"];
    const head = `POST /v1/accounts HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
    assert.match(await raw(to, [head, ..."x".repeat(50)], 200), /^HTTP\/1.1 408 |^$/);
    assert.match(
      await raw(to, ["GET / HTTP/1.1\r\n", ..."Host".split("")], 1000),
      /^HTTP\/1.1 408 |^$/,
    );
    assert.match(await raw(to, ["nonsense\r\n\r\n"]), /^HTTP\/1.1 400 /);
    assert.match(
      await raw(to, [`GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(100_000)}\r\n\r\n`]),
      /^HTTP\/1.1 431 |^$/,
    );
    assert.equal((await ask(to, "GET /healthz")).status, 200);
  });

  test("reads no more of a request for a token than a form is long, from whoever sends it", async (t) => {
    const other = new Database({ url });
    const { service, address: to } = await startService(other, { requestTime: 1_500 });
    t.after(() => service.close());
    // It announces a megabyte and sends a fiftieth of it: it is answered without the rest.
    const lines = ["POST /oauth/token HTTP/1.1", "Host: 127.0.0.1", "Content-Length: 1000000"];
    const head = `${lines.join("\r\n")}\r\n\r\n`;
    assert.match(await raw(to, [head, "x".repeat(20_000)]), /^HTTP\/1.1 401 /);
    assert.equal((await ask(to, "GET /healthz")).status, 200);
  });

  test("writes no names, numbers or amounts into its logs, and none into its metrics", async () => {
    const secret = "Very Secret Company";
    const body = { name: secret, currency: "USD", billToContact: {}, accountNumber: "SECRET-1" };
    const { answer } = await ask(address(), "POST /v1/accounts", { token, body });
    await ask(address(), `GET /v1/accounts/SECRET-1?x=SECRET-2`, { token });
    await ask(address(), `GET /SECRET-3/v1`, { token });
    const metrics = await ask(address(), "GET /metrics", { token });
    assert.equal(metrics.status, 200);
    assert.match(metrics.text, /setoff_request_seconds_count\{[^}]*route="\/v1\/accounts\/\*"/);
    const told = running.lines.join("") + metrics.text;
    for (const text of [secret, "SECRET", answer.accountId, token, CLIENT.secret])
      assert.ok(!told.includes(text), text);
    const [line] = running.lines.slice(-1);
    assert.deepEqual(Object.keys(JSON.parse(line)).includes("milliseconds"), true);
  });

  test("shows its metrics to nobody else", async () => {
    assert.equal((await ask(address(), "GET /metrics")).status, 401);
    const basic = (pair) => ({ authorization: `Basic ${Buffer.from(pair).toString("base64")}` });
    const status = async (pair) =>
      (await ask(address(), "GET /metrics", { headers: basic(pair) })).status;
    assert.equal(await status(`${CLIENT.id}:${CLIENT.secret}`), 200);
    assert.equal(await status(`${CLIENT.id}:wrong`), 401);
  });
});

test("the service answers what is under way before it stops, and nothing after", async (t) => {
  const url = await newDatabaseUrl();
  const { service, address } = await startService(new Database({ url }));
  t.after(() => service.close());
  const holder = new pg.Client(url);
  await holder.connect();
  t.after(() => holder.end());
  const token = await tokenOf(address);
  // Nothing of an account can be written until all is sent and the service was told to stop.
  await holder.query("begin; lock table names in access exclusive mode");
  const body = { name: "Acme", currency: "USD", billToContact: {} };
  // One that comes after the service was told to stop has its connection reset, so all are waited for from now on.
  const sent = Promise.allSettled(
    Array.from({ length: 20 }, () => ask(address, "POST /v1/accounts", { token, body })),
  );
  const waiting = `select count(*)::integer as count from pg_locks
    where not granted and relation = 'names'::regclass
    and database = (select oid from pg_database where datname = current_database())`;
  await until(async () => (await holder.query(waiting)).rows[0].count >= 5);
  const closed = service.close();
  await holder.query("commit");
  await closed;
  const statuses = (await sent).map(({ value }) => value?.status ?? "refused");
  const answered = statuses.filter((status) => status === 200).length;
  const refused = statuses.filter((status) => status === "refused").length;
  assert.ok(answered >= 5 && answered + refused === 20, `${statuses}`);
  // What was refused was not carried out, and what was carried out was answered.
  const { rows } = await holder.query("select from names where kind = 'account'");
  assert.equal(rows.length, answered);
  await assert.rejects(ask(address, "GET /healthz"));
});

test("a server that cannot be reached is said, and used again when it is back", async (t) => {
  const database = new Database({ url: "postgres://nobody@127.0.0.1:1/nothing" });
  const { service, address, errors } = await startService(database);
  t.after(() => service.close());
  assert.equal((await ask(address, "GET /healthz")).answer.database, "not opened yet");
  assert.equal((await ask(address, "GET /v1/credit-memos", { token: "x.y.z" })).status, 500);
  assert.match(errors()[0], /ECONNREFUSED/);
});

test("without a client of the settings, the service is for this machine alone", async (t) => {
  for (const [environment, message] of [
    [{ HOST: "0.0.0.0" }, /SETOFF_CLIENT_ID/],
    [{ HOST: "::" }, /SETOFF_CLIENT_ID/],
    [{ HOST: "10.0.0.1", SETOFF_CLIENT_ID: CLIENT.id }, /SETOFF_CLIENT_SECRET/],
    [{ SETOFF_CLIENT_ID: "short", SETOFF_CLIENT_SECRET: CLIENT.secret }, /36 characters/],
    [{ SETOFF_CLIENT_ID: CLIENT.id, SETOFF_CLIENT_SECRET: "short" }, /16 to 42/],
    [{ PORT: "x" }, /PORT/],
    [{ SETOFF_ORIGIN: "billing" }, /SETOFF_ORIGIN/],
  ])
    assert.throws(() => readSettings(environment), { message });
  assert.equal(readSettings({ HOST: "::1" }).client, undefined);

  const database = new Database({ url: await newDatabaseUrl() });
  const { service, address } = await startService(database, { settings: { client: undefined } });
  t.after(() => service.close());
  const status = async (headers) =>
    (await ask(address, "GET /v1/credit-memos", { headers })).status;
  assert.equal(await status({}), 200);
  assert.equal(await status({ origin: address }), 200);
  assert.equal(await status({ origin: "https://evil.example" }), 403);
  assert.equal(await status({ "sec-fetch-site": "cross-site" }), 403);
  const socket = connect(new URL(address).port, "127.0.0.1");
  socket.write("GET /v1/credit-memos HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  const [answer] = await once(socket.setEncoding("utf8"), "data");
  assert.match(answer, /^HTTP\/1.1 403 /);
});

test("a full disk refuses what needs it, and loses nothing", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "setoff-full-"));
  const url = await newDatabaseUrl();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=28m", "tmpfs", folder], { stdio: "pipe" });
    execFileSync("chown", ["postgres", folder], { stdio: "pipe" });
  } catch {
    rmSync(folder, { recursive: true });
    t.skip("no small file system can be mounted here");
    return;
  }
  const filler = join(folder, "filler");
  writeFileSync(filler, Buffer.alloc(8 * MEBIBYTE));
  const admin = new pg.Client(url);
  await admin.connect();
  t.after(async () => {
    await admin.query("drop database if exists small with (force)");
    await admin.query("drop tablespace if exists small");
    await admin.end();
    execFileSync("umount", [folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  // The tables alone: PostgreSQL itself stops where its log of changes has no room.
  await admin.query(`create tablespace small location '${folder}'`);
  await admin.query("create database small tablespace small");
  const small = new URL(url);
  small.pathname = "/small";

  const { service, address, errors } = await startService(new Database({ url: small.href }));
  t.after(() => service.close());
  const token = await tokenOf(address);
  const { accountId } = await newAccount(address, token, 100);
  let made = 0;
  let refused = 0;
  for (let count = 0; count < 200 && refused < 3; count++) {
    const body = largeMemo(accountId);
    const { status } = await ask(address, "POST /v1/credit-memos", { token, body });
    if (status === 200) made += 1;
    else refused += 1;
  }
  assert.ok(made > 0 && refused === 3, `${made} memos were made, ${refused} refused`);
  assert.match(errors()[0], /"53100"/);
  // With room again, it goes on.
  rmSync(filler);
  const again = await ask(address, "POST /v1/credit-memos", { token, body: largeMemo(accountId) });
  assert.equal(again.status, 200, again.text);
  made += 1;
  await service.close();
  // What was answered is there, and nothing of what was refused.
  const database = new Database({ url: small.href });
  let memos = 0;
  await verify(database, (book) => {
    memos += book.query({ of: "creditMemo", total: true }).total;
  }).finally(() => database.close());
  assert.equal(memos, made + 1);
});

/** A memo with notes that no compression makes much shorter. */
function largeMemo(accountId) {
  const note = () => Buffer.from(crypto.getRandomValues(new Uint8Array(65_536))).toString("base64");
  const notes = Object.fromEntries(
    Array.from({ length: 8 }, (_, place) => [`n${place}__c`, note()]),
  );
  const charges = [{ productRatePlanChargeId: "c", amount: 1 }];
  return { accountId, autoPost: true, ...notes, charges };
}

test("a route says the words of an interface, and nothing that was named", () => {
  assert.equal(routeOf("/v1/credit-memos/CM00000001/apply"), "/v1/credit-memos/*/apply");
  assert.equal(routeOf("/v1/accounts/Acme"), "/v1/accounts/*");
  assert.equal(routeOf("/Acme/x"), "/*");
  assert.equal(routeOf("/"), "/");
});
