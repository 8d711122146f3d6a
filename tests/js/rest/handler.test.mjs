// The handler: tokens, bodies in odd forms, requests that come again, several processes over one store.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { MemoryStore } from "../../../pkg/host.js";
import { newHandler, send } from "./dialect.mjs";

const VERSION = { "zuora-version": "2025-08-12" };
const ACCOUNT = { name: "Acme", currency: "USD", billToContact: {} };
const memoOf = (accountId, amount) => ({
  accountId,
  autoPost: true,
  charges: [{ productRatePlanChargeId: "c", amount }],
});
const invoiceOf = (accountId, amount) => ({
  accountId,
  invoiceDate: "2026-03-01",
  status: "Posted",
  invoiceItems: [{ amount, serviceStartDate: "2026-03-01" }],
});

/** Sends a request of a version with statuses. */
const ask = (handler, line, body, headers = {}) =>
  send(handler, line, { headers: { ...VERSION, ...headers }, body });

/** An account with an invoice of 100.00 and a credit memo of 40.00. */
async function newAccount(handler) {
  const { answer: account } = await ask(handler, "POST /v1/accounts", ACCOUNT);
  const { accountId } = account;
  const { answer: invoice } = await ask(handler, "POST /v1/invoices", invoiceOf(accountId, 100));
  const { answer: memo } = await ask(handler, "POST /v1/credit-memos", memoOf(accountId, 40));
  const body = { invoices: [{ invoiceId: invoice.id, amount: 10 }] };
  return { accountId, invoice, memo, apply: `PUT /v1/credit-memos/${memo.id}/apply`, body };
}

describe("tokens", () => {
  const id = "00000000-0000-0000-0000-000000000001";
  const form = (fields) => ({
    headers: { "content-type": "application/x-www-form-urlencoded", authorization: "Bearer old" },
    body: new URLSearchParams(fields).toString(),
  });
  const grant = { client_id: id, client_secret: "s3cret", grant_type: "client_credentials" };

  test("are given to a client that is known, and carried by its requests", async () => {
    const { handler } = newHandler({ clients: { [id]: "s3cret" } });
    const { status, answer } = await send(handler, "POST /oauth/token", form(grant));
    assert.equal(status, 200);
    assert.equal(answer.token_type, "bearer");
    assert.equal(typeof answer.expires_in, "number");
    const authorization = `Bearer ${answer.access_token}`;
    const made = await ask(handler, "POST /v1/accounts", ACCOUNT, { authorization });
    assert.equal(made.status, 200);
    const memo = memoOf(made.answer.accountId, 1);
    const { answer: shown } = await ask(handler, "POST /v1/credit-memos", memo, { authorization });
    assert.equal(shown.createdById, id);
  });

  test("are refused to others, and so are requests without one", async () => {
    const { handler } = newHandler({ clients: { [id]: "s3cret" } });
    for (const wrong of [
      { ...grant, client_secret: "other" },
      { ...grant, client_id: "short" },
      { ...grant, grant_type: "password" },
      { ...grant, client_id: "__proto__".padEnd(36, "x") },
    ])
      assert.equal((await send(handler, "POST /oauth/token", form(wrong))).status, 401);
    const { status, answer } = await ask(handler, "GET /v1/credit-memos");
    assert.equal(status, 401);
    assert.equal(answer.reasons[0].code, 90000011);
    assert.equal(typeof answer.message, "string");
  });

  test("end after an hour", async () => {
    let now = 0;
    const { handler } = newHandler({ clients: { [id]: "s3cret" }, milliseconds: () => now });
    const { answer } = await send(handler, "POST /oauth/token", form(grant));
    const headers = { authorization: `Bearer ${answer.access_token}` };
    assert.equal((await ask(handler, "GET /v1/credit-memos", undefined, headers)).status, 200);
    now += 3_600_000;
    assert.equal((await ask(handler, "GET /v1/credit-memos", undefined, headers)).status, 401);
  });
});

describe("a request that comes again", () => {
  test("under its key has the first answer, and another one under that key is refused", async () => {
    const { handler } = newHandler();
    const { accountId } = await newAccount(handler);
    const key = { "idempotency-key": "k-1" };
    const first = await ask(handler, "POST /v1/credit-memos", memoOf(accountId, 5), key);
    const again = await ask(handler, "POST /v1/credit-memos", memoOf(accountId, 5), key);
    assert.equal(again.text, first.text);
    const other = await ask(handler, "POST /v1/credit-memos", memoOf(accountId, 6), key);
    assert.equal(other.status, 422);
    const { answer } = await ask(handler, "GET /v1/credit-memos?amount=5");
    assert.equal(answer.creditmemos.length, 1);
  });

  test("under its key with another file is refused: the first answer would hide that it was not kept", async () => {
    const { handler, state } = newHandler();
    const { memo } = await newAccount(handler);
    const address = `https://rest.example/v1/credit-memos/${memo.id}/files`;
    const headers = { ...VERSION, "idempotency-key": "k-3" };
    const upload = (contents, name) => {
      const body = new FormData();
      body.set("file", new Blob([contents]), name);
      return handler(new Request(address, { method: "POST", headers, body }));
    };

    const first = await upload("%PDF-1.4 first", "memo.pdf");
    assert.equal(first.status, 200);
    const again = await upload("%PDF-1.4 first", "memo.pdf");
    assert.equal(await again.text(), await first.text());

    assert.equal((await upload("%PDF-1.4 other", "memo.pdf")).status, 422);
    assert.equal((await upload("%PDF-1.4 first", "other.pdf")).status, 422);
    assert.equal(state.effects.length, 1);
  });

  test("after a fault between the book and the answer is not carried out a second time", async () => {
    const store = new MemoryStore();
    const { handler } = newHandler({ store });
    const { memo, apply, body } = await newAccount(handler);
    const key = { "idempotency-key": "k-2" };

    // The process ends when the book was written and before the directory has the answer.
    const append = store.append.bind(store);
    store.append = async (account, version, entries) => {
      if (entries[0].command?.data?.reply !== undefined) throw new Error("the process ends");
      return append(account, version, entries);
    };
    assert.equal((await ask(handler, apply, body, key)).status, 500);
    store.append = append;

    const { handler: next } = newHandler({ store, seed: () => "f".repeat(32) });
    const { status, answer } = await ask(next, apply, body, key);
    assert.equal(status, 200);
    assert.equal(answer.appliedAmount, 10);
    const { answer: now } = await ask(next, `GET /v1/credit-memos/${memo.id}`);
    assert.equal(now.appliedAmount, 10);
  });

  test("as a PUT whose connection closed has the first answer; one that was read is a new command", async () => {
    let now = 0;
    const { handler } = newHandler({ milliseconds: () => now });
    const { apply, body } = await newAccount(handler);
    const [method, address] = apply.split(" ");
    const request = (signal) =>
      new Request(`https://rest.example${address}`, { method, body: JSON.stringify(body), signal });
    const applied = async (signal) => (await (await handler(request(signal))).json()).appliedAmount;

    // The connection closes while the answer is under way: its body is canceled, or the request aborted.
    await (await handler(request())).body.cancel();
    assert.equal(await applied(), 10);
    assert.equal(await applied(), 20);
    const connection = new AbortController();
    await handler(request(connection.signal));
    connection.abort();
    assert.equal(await applied(), 30);

    // The client has all of the answer when the connection closes, or is still reading it.
    const later = new AbortController();
    assert.equal(await applied(later.signal), 40);
    later.abort();
    assert.equal((await (await handler(request())).json()).success, false);
  });

  test("as a PUT is a new command while the first answer is still being read, and after a minute", async () => {
    let now = 0;
    const { handler } = newHandler({ milliseconds: () => now });
    const { apply, body } = await newAccount(handler);
    const [method, address] = apply.split(" ");
    const request = () =>
      new Request(`https://rest.example${address}`, { method, body: JSON.stringify(body) });
    const first = await handler(request());
    const second = await (await handler(request())).json();
    assert.deepEqual([(await first.json()).appliedAmount, second.appliedAmount], [10, 20]);

    await (await handler(request())).body.cancel();
    now += 60_000;
    assert.equal((await (await handler(request())).json()).appliedAmount, 40);
  });
});

describe("bodies", () => {
  test("come compressed, or as plain text that is announced as compressed", async () => {
    const { handler } = newHandler();
    for (const body of [gzipSync(JSON.stringify(ACCOUNT)), JSON.stringify(ACCOUNT)]) {
      const request = new Request("https://rest.example/v1/accounts", {
        method: "POST",
        headers: { "content-encoding": "gzip", "content-type": "application/json" },
        body,
      });
      assert.equal((await (await handler(request)).json()).success, true);
    }
  });

  test("with a file go to the host", async () => {
    const { handler, state } = newHandler();
    const { memo } = await newAccount(handler);
    const body = new FormData();
    body.set("file", new Blob(["%PDF"]), "memo.pdf");
    const address = `https://rest.example/v1/credit-memos/${memo.id}/files`;
    const answer = await (await handler(new Request(address, { method: "POST", body }))).json();
    const [effect] = state.effects;
    assert.equal(effect.type, "file");
    assert.equal(effect.fileId, answer.fileId);
    assert.equal(await effect.file.text(), "%PDF");
    const { answer: files } = await ask(handler, `GET /v1/credit-memos/${memo.id}/files`);
    assert.equal(files.creditMemoFiles[0].id, answer.fileId);

    body.set("file", new Blob(["GIF89a"]));
    const wrong = await handler(new Request(address, { method: "POST", headers: VERSION, body }));
    assert.equal(wrong.status, 400);
    body.set("file", new Blob(["%PDF", "x".repeat(2 ** 22)]));
    const large = await handler(new Request(address, { method: "POST", headers: VERSION, body }));
    assert.equal(large.status, 400);
    assert.equal(state.effects.length, 1);

    body.set("file", new Blob(["%PDF"]));
    for (let count = 2; count <= 50; count++)
      await handler(new Request(address, { method: "POST", headers: VERSION, body }));
    const more = await handler(new Request(address, { method: "POST", headers: VERSION, body }));
    assert.equal(more.status, 400);
    const { answer: all } = await ask(handler, `GET /v1/credit-memos/${memo.id}/files`);
    assert.equal(all.creditMemoFiles.length, 50);
  });
});

describe("a body that is too long", () => {
  test("is refused, also if it is that of a file", async () => {
    const { handler, state } = newHandler({ maxBytes: 1_000 });
    const { memo } = await newAccount(handler);
    const address = `https://rest.example/v1/credit-memos/${memo.id}/files`;
    const upload = (length) => {
      const body = new FormData();
      body.set("file", new Blob(["%PDF", "x".repeat(length)]), "memo.pdf");
      return handler(new Request(address, { method: "POST", headers: VERSION, body }));
    };

    assert.equal((await upload(1_000)).status, 413);
    assert.equal(state.effects.length, 0);
    // The parts of the form around it take some two hundred bytes.
    assert.equal((await upload(500)).status, 200);

    const long = { ...ACCOUNT, name: "x".repeat(1_000) };
    assert.equal((await ask(handler, "POST /v1/accounts", long)).status, 413);
  });

  test("is measured by the option, also where it comes compressed", async () => {
    const contents = gzipSync(JSON.stringify({ ...ACCOUNT, name: "x".repeat(11 * 2 ** 20) }));
    const statusWithin = async (maxBytes) => {
      const { handler } = newHandler({ maxBytes });
      const init = { method: "POST", headers: VERSION, body: contents };
      return (await handler(new Request("https://rest.example/v1/accounts", init))).status;
    };

    assert.equal(await statusWithin(11 * 2 ** 20), 413);
    // Read as a whole, it is a name that is too long.
    assert.notEqual(await statusWithin(12 * 2 ** 20), 413);
  });
});

describe("what is to be done outside", () => {
  test("is planned before its entries are written, and named the same afterwards", async () => {
    const store = new MemoryStore();
    const seen = [];
    const { handler } = newHandler({
      store,
      planEffects: (effects) => seen.push(["planned", ...effects.map(({ id }) => id)]),
      onEffect: ({ id }) => seen.push(["told", id]),
    });
    const { accountId } = await newAccount(handler);
    const append = store.append.bind(store);
    // The first time, another writer is faster.
    let isFaster = true;
    store.append = async (account, ...rest) => {
      if (account === accountId) seen.push(["written"]);
      if (account === accountId && isFaster) {
        isFaster = false;
        return false;
      }
      return append(account, ...rest);
    };
    seen.length = 0;
    const body = { accountKey: accountId, paymentMethodId: "pm-1" };
    const { status } = await ask(handler, "POST /v1/operations/invoice-collect", body);
    assert.equal(status, 200);
    const [[, id]] = seen.filter(([what]) => what === "told");
    const round = [["planned", id], ["written"]];
    assert.deepEqual(seen.slice(-5), [...round, ...round, ["told", id]]);
  });
});

describe("an answer of more than 1,000 bytes", () => {
  test("is compressed for a client that takes it, and for no other", async () => {
    const { handler } = newHandler();
    const { memo } = await newAccount(handler);
    const read = (headers) =>
      handler(new Request(`https://rest.example/v1/credit-memos/${memo.id}`, { headers }));

    const packed = await read({ "accept-encoding": "deflate, gzip;q=0.5, br" });
    assert.equal(packed.headers.get("content-encoding"), "gzip");
    const bytes = Buffer.from(await packed.arrayBuffer());
    const plain = await read({ "accept-encoding": "identity" });
    assert.equal(plain.headers.get("content-encoding"), null);
    assert.equal(gunzipSync(bytes).toString(), await plain.text());
    for (const accept of ["gzip;q=0", "gzip;q=0.0, br", "xgzip"])
      assert.equal(
        (await read({ "accept-encoding": accept })).headers.get("content-encoding"),
        null,
      );
    const refused = await ask(handler, "GET /v1/credit-memos/nothing", undefined, {
      "accept-encoding": "gzip",
    });
    assert.equal(refused.response.headers.get("content-encoding"), null);
  });
});

describe("a list", () => {
  test("names its next page by the host that the client used", async () => {
    const { handler } = newHandler({ trustProxy: true });
    const { accountId } = await newAccount(handler);
    await ask(handler, "POST /v1/credit-memos", memoOf(accountId, 1));
    const headers = { "x-forwarded-host": "billing.example", "x-forwarded-proto": "http" };
    const { answer } = await ask(handler, "GET /v1/credit-memos?pageSize=1", undefined, headers);
    assert.equal(answer.nextPage, "http://billing.example/v1/credit-memos?page=2&pageSize=1");
  });

  test("names it by the first of several proxies, and by no host that an address cannot have", async () => {
    const { handler } = newHandler({ trustProxy: true });
    const { accountId } = await newAccount(handler);
    await ask(handler, "POST /v1/credit-memos", memoOf(accountId, 1));
    for (const [host, scheme, origin] of [
      ["billing.example, inner.example", "https, http", "https://billing.example"],
      [" billing.example:8443 ", "HTTP", "http://billing.example:8443"],
      ["[2001:db8::1]:8443", "https", "https://[2001:db8::1]:8443"],
      ["billing.example", undefined, "https://billing.example"],
      ["billing.example", "javascript", "https://billing.example"],
      ["other.example/path", "http", "https://rest.example"],
      ["user@other.example", "http", "https://rest.example"],
      ["one other", "http", "https://rest.example"],
      [", other.example", "http", "https://rest.example"],
    ]) {
      const headers = {
        "x-forwarded-host": host,
        ...(scheme !== undefined && { "x-forwarded-proto": scheme }),
      };
      const { answer } = await ask(handler, "GET /v1/credit-memos?pageSize=1", undefined, headers);
      assert.equal(answer.nextPage, `${origin}/v1/credit-memos?page=2&pageSize=1`, host);
    }
  });
});

describe("several handlers over one store", () => {
  test("give no number twice and lose no command", async () => {
    const store = new MemoryStore();
    let seeds = 0;
    const seed = () => (seeds += 1).toString(16).padStart(24, "0").padEnd(32, "0");
    const handlers = [1, 2, 3].map(() => newHandler({ store, seed }).handler);
    const { answer: account } = await ask(handlers[0], "POST /v1/accounts", ACCOUNT);
    const sent = Array.from({ length: 30 }, (_, place) =>
      ask(handlers[place % 3], "POST /v1/credit-memos", memoOf(account.accountId, 1)),
    );
    const answers = await Promise.all(sent);
    assert.ok(answers.every(({ answer }) => answer.success));
    const numbers = new Set(answers.map(({ answer }) => answer.number));
    assert.equal(numbers.size, 30);
    const { answer } = await ask(handlers[1], `GET /v1/accounts/${account.accountId}`);
    assert.equal(answer.metrics.unappliedCreditMemoAmount, 30);
  });
});

describe("a payment that goes to another account", () => {
  const paymentOf = (accountId) => ({
    ...{ accountId, amount: 10, currency: "USD" },
    ...{ type: "External", paymentMethodType: "Check" },
  });

  /** Three accounts, and a payment of the first. */
  async function newAccounts(handler) {
    const accounts = [];
    for (const name of ["A", "B", "C"]) {
      const { answer } = await ask(handler, "POST /v1/accounts", { ...ACCOUNT, name });
      accounts.push(answer.accountId);
    }
    const { answer } = await ask(handler, "POST /v1/payments", paymentOf(accounts[0]));
    return { accounts, payment: answer.id, transfer: `PUT /v1/payments/${answer.id}/transfer` };
  }

  /** The unapplied amounts of accounts. */
  async function unapplied(handler, accounts) {
    const amounts = [];
    for (const account of accounts) {
      const { answer } = await ask(handler, `GET /v1/accounts/${account}`);
      amounts.push(answer.metrics.unappliedPaymentAmount);
    }
    return amounts;
  }

  test("is found in its old book as long as the new one is not written", async () => {
    const store = new MemoryStore();
    const { handler } = newHandler({ store });
    const { accounts, payment, transfer } = await newAccounts(handler);
    const appendAll = store.appendAll.bind(store);
    for (const isWritten of [false, true]) {
      const { handler: next } = newHandler({ store });
      store.appendAll = async (writes) => {
        if (isWritten) await appendAll(writes);
        throw new Error("the process ends");
      };
      const { status } = await ask(next, transfer, { accountId: accounts[1] });
      assert.equal(status, 500);
      store.appendAll = appendAll;

      const { handler: later } = newHandler({ store });
      const { answer } = await ask(later, `GET /v1/payments/${payment}`);
      assert.equal(answer.accountId, accounts[isWritten ? 1 : 0]);
      assert.deepEqual(await unapplied(later, accounts), isWritten ? [0, 10, 0] : [10, 0, 0]);
      const { answer: list } = await ask(later, "GET /v1/payments");
      assert.deepEqual(
        list.payments.map(({ accountId }) => accountId),
        [answer.accountId],
      );
    }
    // The client asks again: the payment is there already.
    const { status, answer } = await ask(handler, transfer, { accountId: accounts[1] });
    assert.deepEqual([status, answer.accountId], [200, accounts[1]]);
    const books = await Promise.all(accounts.map((account) => store.entries(account, -1)));
    const commands = books.map((entries) => entries.slice(1).map(({ command }) => command.type));
    assert.deepEqual(commands, [
      ["createPayment", "transferPayment", "cancelPayment", "deletePayment"],
      ["createPayment"],
      [],
    ]);
    assert.equal(books[0][2].command.accountId, accounts[1]);
    const { customFields } = books[1][1].command;
    assert.equal(customFields.transferredFromAccountId, accounts[0]);
  });

  test("goes to one of them, whoever asks for another at the same time", async () => {
    const store = new MemoryStore();
    let seeds = 0;
    const seed = () => (seeds += 1).toString(16).padStart(24, "0").padEnd(32, "0");
    const handlers = [1, 2, 3].map(() => newHandler({ store, seed }).handler);
    const { accounts, payment, transfer } = await newAccounts(handlers[0]);
    for (let round = 0; round < 5; round++) {
      const asked = Array.from({ length: 9 }, (_, place) =>
        ask(handlers[place % 3], transfer, { accountId: accounts[(place + round) % 3] }),
      );
      const answers = await Promise.all(asked);
      for (const { status, answer } of answers)
        assert.ok(status === 200 || status === 404 || status === 409, JSON.stringify(answer));
      const { answer } = await ask(handlers[round % 3], `GET /v1/payments/${payment}`);
      assert.equal(answer.unappliedAmount, 10);
      const expected = accounts.map((account) => (account === answer.accountId ? 10 : 0));
      assert.deepEqual(await unapplied(handlers[0], accounts), expected);
    }
  });

  test("stays where nothing can be written to two accounts, or nobody keeps account of it", async () => {
    const memory = new MemoryStore();
    const store = {
      load: (account) => memory.load(account),
      entries: (account, after) => memory.entries(account, after),
      append: (account, version, entries) => memory.append(account, version, entries),
    };
    const { handler, state } = newHandler({ store });
    const { accounts, payment, transfer } = await newAccounts(handler);
    assert.equal((await ask(handler, transfer, { accountId: accounts[1] })).status, 500);
    assert.match(state.errors[0].message, /no `appendAll`/);
    const { answer } = await ask(handler, `GET /v1/payments/${payment}`);
    assert.equal(answer.accountId, accounts[0]);
  });
});

describe("a request without the right to what it asks for", () => {
  /** What Zuora gives a right for, and what DayZero does: method and address. */
  const OPERATIONS = [
    ["POST", "/v1/credit-memos"],
    ["POST", "/v1/credit-memos/bulk"],
    ["PUT", "/v1/credit-memos/bulk"],
    ["DELETE", "/v1/credit-memos/CM1"],
    ["PUT", "/v1/credit-memos/CM1/apply"],
    ["PUT", "/v1/credit-memos/CM1/cancel"],
    ["POST", "/v1/credit-memos/CM1/files"],
    ["POST", "/v1/credit-memos/CM1/pdfs"],
    ["PUT", "/v1/credit-memos/CM1/post"],
    ["POST", "/v1/credit-memos/CM1/refund"],
    ["PUT", "/v1/credit-memos/CM1/reverse"],
    ["PUT", "/v1/credit-memos/CM1/unapply"],
    ["PUT", "/v1/credit-memos/CM1/unpost"],
    ["POST", "/v1/credit-memos/invoice/INV1"],
    ["PUT", "/v1/credit-memos/CM1/apply-async"],
    ["PUT", "/v1/credit-memos/CM1/unapply-async"],
    ["POST", "/v2/credit_memos"],
    ["POST", "/api/v1/credit-memos/CM1/void"],
  ];

  test("is refused, whatever the operation, and nothing of it is read", async () => {
    const asked = [];
    const readers = { "key-r": "reader", "key-w": "writer" };
    const { handler } = newHandler({
      keys: readers,
      isAllowed: (client, { method, url }) => {
        asked.push([client, method, new URL(url).pathname]);
        return client === "writer" || method === "GET";
      },
    });
    const as = (key) => ({ ...VERSION, authorization: `Bearer ${key}`, "x-business-id": "B-1" });
    for (const [method, address] of OPERATIONS) {
      const init = { method, headers: as("key-r"), body: "no JSON" };
      const refused = await handler(new Request(`https://rest.example${address}`, init));
      assert.equal(refused.status, 403, address);
      assert.deepEqual(asked.at(-1), ["reader", method, address]);
      await refused.body.cancel();
      const allowed = { ...init, headers: as("key-w") };
      const { status } = await handler(new Request(`https://rest.example${address}`, allowed));
      assert.ok([400, 404, 422].includes(status), `${address}: ${status}`);
    }
    const { status } = await send(handler, "GET /v1/credit-memos", { headers: as("key-r") });
    assert.equal(status, 200);
    const { answer } = await send(handler, "POST /api/v1/credit-memos", { headers: as("key-r") });
    assert.deepEqual(answer, { detail: "You do not have the right to do this." });
    // Without a key nobody is asked.
    const before = asked.length;
    assert.equal((await send(handler, "GET /v1/credit-memos", { headers: VERSION })).status, 401);
    assert.equal(asked.length, before);
  });
});

describe("a request that names parts of a tenant", () => {
  test("is refused where the handler serves others", async () => {
    const options = { entities: ["E-1", "E-2"], organizations: ["O-1"] };
    const { handler } = newHandler(options);
    const asked = (headers) => ask(handler, "GET /v1/credit-memos", undefined, headers);
    for (const headers of [
      {},
      { "zuora-entity-ids": "E-2" },
      { "zuora-entity-ids": "E-1, E-2", "zuora-org-ids": "O-1" },
      { "zuora-org-ids": "" },
    ])
      assert.equal((await asked(headers)).status, 200);
    for (const headers of [
      { "zuora-entity-ids": "E-3" },
      { "zuora-entity-ids": "E-1,E-3" },
      { "zuora-org-ids": "O-1,O-2" },
    ]) {
      const { status, answer } = await asked(headers);
      assert.deepEqual([status, answer.reasons[0].code], [403, 50000010]);
    }
    const list = (headers) => send(handler, "GET /v2/credit_memos", { headers });
    assert.equal((await list({ "zuora-entity-ids": "E-1" })).status, 200);
    const { status, answer } = await list({ "zuora-entity-ids": "E-3" });
    assert.deepEqual([status, answer.type], [403, "forbidden"]);
    const { handler: business } = newHandler({ businesses: ["B-1"] });
    const memos = (id) =>
      send(business, "GET /api/v1/credit-memos", { headers: { "x-business-id": id } });
    assert.equal((await memos("B-1")).status, 200);
    const other = await memos("B-2");
    assert.equal(other.status, 403);
    assert.match(other.answer.detail, /'B-2', which is not served here/);
    // Who does not say what a handler serves has one entity.
    const { handler: only } = newHandler();
    const headers = { "zuora-entity-ids": "E-9" };
    assert.equal((await ask(only, "GET /v1/credit-memos", undefined, headers)).status, 200);
  });
});

describe("an answer", () => {
  test("carries the track id of its request, and an id of its own", async () => {
    const { handler } = newHandler();
    const headers = { "zuora-track-id": "t-1" };
    const { response } = await ask(handler, "GET /v1/credit-memos", undefined, headers);
    assert.equal(response.headers.get("zuora-track-id"), "t-1");
    assert.match(response.headers.get("zuora-request-id"), /^[0-9a-f]{32}$/);
    for (const track of ["a:b", "a;b", "x".repeat(65), "it's"]) {
      const wrong = await ask(handler, "GET /v1/credit-memos", undefined, {
        "zuora-track-id": track,
      });
      assert.equal(wrong.status, 400, track);
      assert.equal(wrong.response.headers.get("zuora-track-id"), null);
    }
  });
});
