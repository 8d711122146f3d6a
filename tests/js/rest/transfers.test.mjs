// Payments that go between accounts whose books are two, against one book that has both accounts: the same is refused,
// and the accounts have the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Book } from "../../../pkg/node.mjs";
import { newHandler, send } from "./dialect.mjs";

const COUNT = Number(process.env.SETOFF_TRANSFERS ?? 100);
const SEED = Number(process.env.SETOFF_SEED ?? Math.floor(Math.random() * 1e9));

/** Whole numbers below `bound` that follow from `seed` alone. */
function random(seed) {
  let state = BigInt(seed) * 2n + 1n;
  return (bound) => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number((state >> 33n) % BigInt(bound));
  };
}

const AT = "2026-03-02";

test(`two books have what one book has with both accounts (${COUNT} operations from seed ${SEED})`, async () => {
  const below = random(SEED);
  const { handler, state } = newHandler();
  const ask = async (line, body) => {
    const headers = { "zuora-version": "2025-08-12" };
    const { status, answer } = await send(handler, line, { headers, body });
    assert.notEqual(status, 500, JSON.stringify(state.errors));
    return { isDone: status === 200, answer };
  };
  const book = new Book({ currency: "USD", accountId: "none", limits: "zuora" });
  const accounts = [];
  for (const name of ["A", "B"]) {
    const account = { name, currency: "USD", billToContact: {} };
    const { answer } = await ask("POST /v1/accounts", account);
    accounts.push(answer.accountId);
  }
  const invoices = [];
  for (const accountId of accounts) {
    const { answer } = await ask("POST /v1/invoices", {
      ...{ accountId, invoiceDate: AT, status: "Posted" },
      invoiceItems: [{ amount: 1000 }],
    });
    const items = [{ id: "a", amount: "1000.00" }];
    book.execute({
      type: "createInvoice",
      at: AT,
      accountId,
      id: answer.id,
      autoPost: true,
      items,
    });
    invoices.push(answer.id);
  }

  /** Whether the one book carries a command out. */
  const isExecuted = (command) => {
    try {
      book.execute({ at: AT, ...command });
      return true;
    } catch (error) {
      assert.equal(error.name, "SetoffError");
      return false;
    }
  };
  const payments = [];
  const refunds = [];
  const pick = (list) => list[below(list.length)];
  const OPERATIONS = {
    async pay() {
      const [accountId, amount] = [pick(accounts), 1 + below(20)];
      const kind = { currency: "USD", type: "External", paymentMethodType: "Cash" };
      const { answer } = await ask("POST /v1/payments", { accountId, amount, ...kind });
      const made = { type: "createPayment", accountId, id: answer.id, amount: `${amount}` };
      payments.push(answer.id);
      return [true, isExecuted(made)];
    },
    async transfer(paymentId) {
      const accountId = pick(accounts);
      const { isDone } = await ask(`PUT /v1/payments/${paymentId}/transfer`, { accountId });
      const where = { of: "payment", where: { id: paymentId } };
      // A payment stays where it is, whatever is settled of it.
      if (book.query(where).rows[0].accountId === accountId) return [isDone, true];
      return [isDone, isExecuted({ type: "transferPayment", paymentId, accountId })];
    },
    async apply(paymentId) {
      const [invoiceId, amount] = [pick(invoices), 1 + below(10)];
      const body = { invoices: [{ invoiceId, amount }] };
      const { isDone } = await ask(`PUT /v1/payments/${paymentId}/apply`, body);
      const invoice = { invoiceId, amount: `${amount}` };
      return [isDone, isExecuted({ type: "applyPayment", paymentId, invoices: [invoice] })];
    },
    async unapply(paymentId) {
      const { isDone } = await ask(`PUT /v1/payments/${paymentId}/unapply`, {});
      return [isDone, isExecuted({ type: "unapplyPayment", paymentId })];
    },
    async refund(paymentId) {
      const amount = 1 + below(3);
      const body = { type: "External", methodType: "Cash", totalAmount: amount };
      const { isDone, answer } = await ask(`POST /v1/payments/${paymentId}/refunds`, body);
      const id = isDone ? answer.id : `refused-${below(1e9)}`;
      if (isDone) refunds.push(id);
      const refund = { type: "refundPayment", paymentId, id, amount: `${amount}` };
      return [isDone, isExecuted(refund)];
    },
    async giveBack() {
      if (refunds.length === 0) return [true, true];
      const refundId = pick(refunds);
      const { isDone } = await ask(`PUT /v1/refunds/${refundId}/cancel`);
      return [isDone, isExecuted({ type: "cancelRefund", refundId })];
    },
  };

  for (let step = 0; step < COUNT; step++) {
    const names = payments.length < 3 ? ["pay"] : Object.keys(OPERATIONS);
    const name = pick(names);
    const outcome = await OPERATIONS[name](pick(payments.length === 0 ? [""] : payments));
    assert.equal(outcome[0], outcome[1], `step ${step}: ${name} from seed ${SEED}`);
    for (const accountId of accounts) {
      const { answer } = await ask(`GET /v1/accounts/${accountId}`);
      const [row] = book.query({ of: "account", where: { accountId } }).rows;
      assert.deepEqual(
        [answer.metrics.balance, answer.metrics.unappliedPaymentAmount],
        [Number(row.balance), Number(row.unappliedPaymentAmount)],
        `step ${step}: ${name} from seed ${SEED}`,
      );
    }
  }
  book.free();
});
