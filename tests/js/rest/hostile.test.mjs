// Hostile requests: malformed, oversized, deep, in odd encodings, with tricks in paths and names. Each gets a clear
// answer, and nothing of it is carried out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { newHandler, send } from "./dialect.mjs";

const VERSION = { "zuora-version": "2025-08-12" };
const ACCOUNT = { name: "Acme", currency: "USD", billToContact: {} };

/** Whole numbers below a bound that follow from a seed alone. */
function random(seed) {
  let state = BigInt(seed) * 2n + 1n;
  return (bound) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    return Number(state >> 33n) % bound;
  };
}

async function newAccount() {
  const { handler, state } = newHandler({ maxBytes: 2 ** 20 });
  const { answer } = await send(handler, "POST /v1/accounts", { headers: VERSION, body: ACCOUNT });
  const memo = {
    accountId: answer.accountId,
    autoPost: true,
    charges: [{ productRatePlanChargeId: "c", amount: 40 }],
  };
  const made = await send(handler, "POST /v1/credit-memos", { headers: VERSION, body: memo });
  const { answer: account } = { answer };
  return { handler, state, account, memo: made.answer };
}

test("bodies that are no request are refused with a reason", async () => {
  const { handler, state, account, memo } = await newAccount();
  const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
  const bodies = [
    ["", 22],
    ["null", 90],
    ["[]", 90],
    ["{", 90],
    [deep, 90],
    ['{"__proto__": {"amount": 1}}', 21],
    ['{"constructor": 1}', 21],
    ['{"charges": {}}', 22],
    [`{"accountId": "${account.accountId}", "charges": [null]}`, 20],
    [`{"accountId": "${account.accountId}", "charges": [{"amount": NaN}]}`, 90],
    [`{"accountId": "${account.accountId}", "charges": [{"chargeId": 7, "amount": 1}]}`, 20],
    [`{"accountId": "${account.accountId}", "charges": [{"chargeId": "c", "amount": "1e99"}]}`, 20],
    [`{"accountId": "${account.accountId}", "charges": [{"chargeId": "c", "amount": 1e30}]}`, 20],
    [`{"accountId": "${account.accountId}", "charges": [{"chargeId": "c", "amount": []}]}`, 20],
    [`{"accountId": "${account.accountId}", "comment": "${"x".repeat(256)}"}`, 20],
    [`{"accountId": {"$ne": null}, "charges": []}`, 22],
  ];
  for (const [body, category] of bodies) {
    const { status, answer } = await send(handler, "POST /v1/credit-memos", {
      headers: VERSION,
      body,
    });
    assert.equal(status, 400, body.slice(0, 80));
    assert.equal(answer.success, false);
    assert.equal(
      answer.reasons[0].code % 100,
      category,
      `${body.slice(0, 80)} ${answer.reasons[0].message}`,
    );
  }
  const long = `{"comment": "${"x".repeat(2 ** 20)}"}`;
  assert.equal(
    (await send(handler, "POST /v1/credit-memos", { headers: VERSION, body: long })).status,
    413,
  );
  const address = "https://rest.example/v1/credit-memos";
  const latin = new Request(address, {
    method: "POST",
    headers: VERSION,
    body: Uint8Array.of(0x7b, 0xff, 0x7d),
  });
  assert.equal((await handler(latin)).status, 400);

  const { answer } = await send(handler, "GET /v1/credit-memos", { headers: VERSION });
  assert.deepEqual(
    answer.creditmemos.map(({ id }) => id),
    [memo.id],
  );
  assert.deepEqual(state.errors, []);
});

test("addresses that lead nowhere are not found", async () => {
  const { handler, state } = await newAccount();
  const addresses = [
    "GET /",
    "GET /v1",
    "GET /v1/credit-memos/__proto__",
    "GET /v1/credit-memos/constructor/items",
    "GET /v1/credit-memos/%00",
    "GET /v1/credit-memos/%ff%fe",
    "GET /v1/credit-memos/%E2%82",
    "GET /v1/accounts/setoff%2Frest",
    `GET /v1/credit-memos/${"a".repeat(5000)}`,
    "GET /v9/credit-memos",
    "GET /v1/credit-memos/a/b/c/d/e/f/g",
  ];
  for (const line of addresses) {
    const { status, answer } = await send(handler, line, { headers: VERSION });
    assert.equal(status, 404, line);
    assert.equal(answer.success, false, line);
  }
  assert.deepEqual(state.errors, []);
});

/** How many random requests are sent. 300,000 take some minutes: `SETOFF_REST_REQUESTS=300000`. */
const REQUESTS = Number(process.env.SETOFF_REST_REQUESTS ?? 5000);

test("thousands of random requests are all answered, and no error is one of ours", async () => {
  const { handler, state, account, memo } = await newAccount();
  const below = random(7);
  const pick = (list) => list[below(list.length)];
  const values = [
    null,
    true,
    0,
    -1,
    1e308,
    0.1,
    "",
    "null",
    "2026-03-02",
    "__proto__",
    [],
    {},
    [[]],
  ];
  const names = [
    ...["invoices", "debitMemos", "items", "charges", "amount", "invoiceId", "effectiveDate"],
    ...["accountId", "type", "totalAmount", "methodType", "comment", "memos", "sourceType", "x__c"],
  ];
  const value = (depth) => {
    if (depth === 0 || below(3) === 0) return pick([...values, memo.id, account.accountId]);
    if (below(2) === 0) return Array.from({ length: below(3) }, () => value(depth - 1));
    return Object.fromEntries(
      Array.from({ length: below(5) }, () => [pick(names), value(depth - 1)]),
    );
  };
  const steps = [
    "credit-memos",
    "creditmemos",
    "debit-memos",
    "invoices",
    "payments",
    "refunds",
    "accounts",
  ];
  const verbs = [
    "",
    "/post",
    "/unpost",
    "/apply",
    "/unapply",
    "/refund",
    "/reverse",
    "/items",
    "/parts",
    "/bulk",
    "/files",
  ];
  for (let count = 0; count < REQUESTS; count++) {
    const key = pick(["", `/${memo.id}`, "/CM00000001", "/nothing", "/bulk"]);
    const query = pick([
      "",
      "?page=1",
      "?sort=-number,+amount",
      "?amount=x",
      "?status=Posted&pageSize=3",
      "?%ff=1",
    ]);
    const line = `${pick(["GET", "POST", "PUT", "DELETE"])} /v1/${pick(steps)}${key}${pick(verbs)}${query}`;
    const body = line.startsWith("GET") ? undefined : value(4);
    const { status, answer } = await send(handler, line, { headers: VERSION, body });
    assert.ok([200, 400, 404, 405].includes(status), `${line} ${status} ${JSON.stringify(body)}`);
    assert.equal(typeof answer.success, "boolean", `${line} ${JSON.stringify(answer)}`);
  }
  assert.deepEqual(state.errors, []);
});
