// The entry `setoff/rest` of a page: clients of other systems are answered in the browser, over its own store.
import { expect, test } from "./fixtures.mjs";

/** Opens a document of the site, and sends a request from it to a handler over a store of that name. */
async function send(page, line, body) {
  return page.evaluate(
    async ([line, body]) => {
      const { createHandler } = await import("/pkg/rest.js");
      const { IndexedDbStore } = await import("/pkg/host.js");
      globalThis.handler ??= createHandler(new IndexedDbStore("rest"));
      const [method, address] = line.split(" ");
      const init = { method, headers: { "zuora-version": "2025-08-12" } };
      if (body !== undefined) init.body = JSON.stringify(body);
      const request = new Request(`https://rest.example${address}`, init);
      const response = await globalThis.handler(request);
      return { status: response.status, answer: await response.json() };
    },
    [line, body],
  );
}

test.beforeEach(async ({ page }) => {
  await page.goto("pkg/package.json"); // Any document of the site will do.
});

test("the life of a memo, over the store of the browser, also after the page is loaded anew", async ({
  page,
}) => {
  const account = { name: "Acme", currency: "USD", billToContact: {} };
  const { answer: made } = await send(page, "POST /v1/accounts", account);
  expect(made).toMatchObject({ success: true, accountNumber: "A00000001" });
  const { accountId } = made;
  const invoice = {
    ...{ accountId, invoiceDate: "2026-03-01", status: "Posted" },
    invoiceItems: [{ amount: "100.00", serviceStartDate: "2026-03-01" }],
  };
  const { answer: billed } = await send(page, "POST /v1/invoices", invoice);
  const charges = [{ productRatePlanChargeId: "c", amount: 40 }];
  const memo = { accountId, autoPost: true, charges };
  const { answer: credit } = await send(page, "POST /v1/credit-memos", memo);
  expect(credit).toMatchObject({ success: true, number: "CM00000001", unappliedAmount: 40 });

  await page.reload();
  const apply = { invoices: [{ invoiceId: billed.id, amount: 15.5 }] };
  const applied = await send(page, "PUT /v1/credit-memos/CM00000001/apply", apply);
  expect(applied.answer).toMatchObject({ appliedAmount: 15.5, unappliedAmount: 24.5 });
  const { answer: left } = await send(page, `GET /v1/invoices/${billed.id}`);
  expect(left.balance).toBe(84.5);
  const { status, answer: refused } = await send(page, "PUT /v1/credit-memos/CM9/apply", apply);
  expect([status, refused.success]).toEqual([404, false]);
});

test("a payment goes from one account to another, in one transaction of the store", async ({
  page,
}) => {
  const account = { name: "Acme", currency: "USD", billToContact: {} };
  const { answer: from } = await send(page, "POST /v1/accounts", account);
  const { answer: to } = await send(page, "POST /v1/accounts", account);
  const money = { amount: 7, currency: "USD", type: "External", paymentMethodType: "Cash" };
  const payment = { accountId: from.accountId, ...money };
  const { answer: made } = await send(page, "POST /v1/payments", payment);
  const target = { accountId: to.accountId };
  const moved = await send(page, `PUT /v1/payments/${made.id}/transfer`, target);
  expect(moved.answer).toMatchObject({ success: true, id: made.id, accountId: to.accountId });

  await page.reload();
  const { answer: list } = await send(page, "GET /v1/payments");
  expect(list.payments.map(({ accountId }) => accountId)).toEqual([to.accountId]);
});

test("init refuses another module, and takes its own from where the page says", async ({
  page,
}) => {
  const seen = await page.evaluate(async () => {
    const { isSetoffError } = await import("/pkg/setoff.js");
    const { init } = await import("/pkg/rest.js");
    const error = await init("/pkg/setoff_bg.wasm").catch((error) => error);
    await init(fetch("/pkg/rest_bg.wasm"));
    return [isSetoffError(error), error.code, error.details.reason];
  });
  expect(seen).toEqual([true, "notInitialized", "wrongModule"]);
});

test("the modules are loaded at the first request, each once", async ({ page }) => {
  const fetched = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith(".wasm")) fetched.push(pathname);
  });
  await page.evaluate(() => import("/pkg/rest.js"));
  expect(fetched).toEqual([]);
  await send(page, "GET /v1/credit-memos");
  await send(page, "GET /v1/debit-memos");
  expect(fetched.sort()).toEqual(["/pkg/rest_bg.wasm", "/pkg/setoff_bg.wasm"]);
});
