// Zuora Quickstart: every operation on credit memos and debit memos as its reference writes it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newHandler, runCases, send } from "./dialect.mjs";

runCases("quickstart.json");

describe("lists within a memo", () => {
  const ACCOUNT = { name: "Acme", currency: "USD", billToContact: {} };
  const ask = async (handler, line, body) => (await send(handler, line, { body })).answer;

  test("have 99 items, and a cursor behind which the list of items goes on", async () => {
    const { handler } = newHandler();
    const { accountId } = await ask(handler, "POST /v1/accounts", ACCOUNT);
    const itemsOf = (count) =>
      Array.from({ length: count }, (_, place) => ({ price_id: `p-${place}`, amount: place + 1 }));
    const memoOf = (count) => ({ account_id: accountId, items: itemsOf(count) });
    await ask(handler, "POST /v2/credit_memos", memoOf(2));
    const { id } = await ask(handler, "POST /v2/credit_memos", memoOf(120));
    const { items } = await ask(handler, `GET /v2/credit_memos/${id}?expand[]=items`);
    assert.equal(items.data.length, 99);
    const rest = await ask(
      handler,
      `GET /v2/credit_memo_items?filter[]=credit_memo_id.EQ:${id}&cursor=${items.next_page}`,
    );
    const prices = [...items.data, ...rest.data].map(({ price_id }) => price_id);
    assert.deepEqual(
      prices,
      Array.from({ length: 120 }, (_, place) => `p-${place}`),
    );
    assert.equal(rest.next_page, null);

    const whole = await ask(handler, "POST /v2/credit_memos?expand[]=items", memoOf(99));
    assert.equal(whole.items.data.length, 99);
    assert.equal(whole.items.next_page, null);
  });

  test("have ten of the documents that a memo is applied to", async () => {
    const { handler } = newHandler();
    const { accountId } = await ask(handler, "POST /v1/accounts", ACCOUNT);
    const invoice = {
      ...{ accountId, invoiceDate: "2026-03-01", status: "Posted" },
      invoiceItems: [{ amount: 1 }],
    };
    const items = [{ price_id: "p", amount: 12 }];
    const body = { account_id: accountId, post: true, items };
    const { id } = await ask(handler, "POST /v2/credit_memos", body);
    const shown = async () => {
      const memo = await ask(handler, `GET /v2/credit_memos/${id}?expand[]=applied_to`);
      return [memo.applied_to.length, memo.remaining_balance];
    };
    for (const [count, expected] of [
      [10, [10, 2]],
      [2, [10, 0]],
    ]) {
      for (let place = 0; place < count; place++) {
        const made = await ask(handler, "POST /v1/invoices", invoice);
        const document = { type: "invoice", id: made.id, amount: 1 };
        const apply = { billing_documents: [document] };
        await ask(handler, `POST /v2/credit_memos/${id}/apply`, apply);
      }
      assert.deepEqual(await shown(), expected);
    }
  });
});
