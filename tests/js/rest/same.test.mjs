// Random operations sent both ways, by requests and as commands of the engine: each is allowed or refused alike, and in
// the end both books have the same hash, and the same lists.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Host, MemoryStore } from "../../../pkg/host.js";
import * as setoff from "../../../pkg/node.mjs";
import { newHandler, send } from "./dialect.mjs";

const AT = "2026-03-02";
const NOW = `${AT} 10:11:12`;
const VERSION = { "zuora-version": "2025-08-12" };
const RUNS = 12;
const STEPS = 40;

/** Whole numbers below a bound that follow from a seed alone. */
function random(seed) {
  let state = BigInt(seed) * 2n + 1n;
  return (bound) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    return Number(state >> 33n) % bound;
  };
}

const amountText = (cents) => `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;

/** The same account twice: behind a handler, and as a book that gets commands. */
class Pair {
  constructor(below) {
    this.below = below;
    this.store = new MemoryStore();
    ({ handler: this.handler, state: this.state } = newHandler({ store: this.store }));
    this.documents = { invoice: [], creditMemo: [], debitMemo: [], payment: [] };
  }

  async open() {
    const body = { name: "Acme", currency: "USD", billToContact: {} };
    const { answer } = await this.ask("POST /v1/accounts", body);
    this.accountId = answer.accountId;
    this.options = { currency: "USD", accountId: this.accountId, limits: "zuora" };
    this.book = new setoff.Book(this.options);
  }

  ask(line, body) {
    return send(this.handler, line, { headers: VERSION, body });
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  cents(most = 9000) {
    return amountText(1 + this.below(most));
  }

  /** Sends a request, and carries out the command that it stands for: both succeed or both are refused. */
  async both(line, body, commandOf) {
    const { answer } = await this.ask(line, body);
    const command = await commandOf(answer);
    let refusal = null;
    try {
      this.book.execute({ at: AT, ...command });
    } catch (error) {
      if (!setoff.isSetoffError(error)) throw error;
      refusal = error;
    }
    const told = `${line}\n${JSON.stringify(body)}\n${JSON.stringify(answer)}\n${refusal?.message}`;
    assert.equal(answer.success, refusal === null, told);
    if (refusal !== null) {
      const { sentence } = refusal.details;
      const withoutIds = (text) => text.replace(/"[^"]*"/g, '"…"');
      assert.equal(withoutIds(answer.reasons[0].message), withoutIds(sentence), told);
    }
    return answer;
  }

  /** The identifiers that a request gave to lines: a command states them. */
  async linesOf(path, answer) {
    if (!answer.success) return [];
    const { answer: list } = await this.ask(`GET /v1/${path}/${answer.id}/items?pageSize=40`);
    const items = list.items ?? list.invoiceItems;
    return items.map(({ id, taxationItems }) => ({
      id,
      taxes: taxationItems.data.map((tax) => tax.id),
    }));
  }
}

/** What a request adds to the documents that it makes. */
const stamp = (fields = {}) => ({ createdDate: NOW, ...fields });

const OPERATIONS = {
  async invoice(pair) {
    const count = 1 + pair.below(3);
    const items = Array.from({ length: count }, () => ({
      amount: pair.cents(),
      tax: pair.below(2) === 0 ? pair.cents(900) : null,
    }));
    const invoiceItems = items.map(({ amount, tax }) => ({
      amount: Number(amount),
      serviceStartDate: "2026-03-01",
      ...(tax !== null && { taxItems: [{ name: "VAT", taxAmount: tax, taxMode: "TaxExclusive" }] }),
    }));
    const body = {
      accountId: pair.accountId,
      invoiceDate: "2026-03-01",
      status: "Posted",
      invoiceItems,
    };
    const answer = await pair.both("POST /v1/invoices", body, async (answer) => {
      const lines = await pair.linesOf("invoices", answer);
      return {
        type: "createInvoice",
        id: answer.id,
        number: answer.invoiceNumber,
        date: "2026-03-01",
        autoPost: true,
        customFields: stamp(),
        items: items.map(({ amount, tax }, place) => ({
          id: lines[place].id,
          amount,
          serviceStart: "2026-03-01",
          ...(tax !== null && {
            taxItems: [{ id: lines[place].taxes[0], name: "VAT", amount: tax }],
          }),
        })),
      };
    });
    pair.documents.invoice.push(answer.id);
  },

  async memoFromCharge(pair) {
    const kind = pair.pick(["creditMemo", "debitMemo"]);
    const path = kind === "creditMemo" ? "credit-memos" : "debit-memos";
    const amount = pair.cents();
    const autoPost = pair.below(4) > 0;
    const charges = [{ productRatePlanChargeId: "c", amount }];
    const body = { accountId: pair.accountId, autoPost, charges };
    const answer = await pair.both(`POST /v1/${path}`, body, async (answer) => {
      const [line] = await pair.linesOf(path, answer);
      return {
        type: kind === "creditMemo" ? "createCreditMemo" : "createDebitMemo",
        id: answer.id,
        number: answer.number,
        autoPost,
        customFields: stamp({ source: "AdhocFromPrpc" }),
        items: [{ id: line.id, amount, customFields: { chargeId: "c" } }],
      };
    });
    pair.documents[kind].push(answer.id);
  },

  async memoFromInvoice(pair) {
    const invoiceId = pair.pick(pair.documents.invoice);
    if (invoiceId === undefined) return;
    const [line] = await pair.linesOf("invoices", { success: true, id: invoiceId });
    const amount = pair.cents();
    const body = {
      invoiceId,
      autoPost: true,
      items: [{ amount, invoiceItemId: line.id, skuName: "s" }],
    };
    const address = `POST /v1/credit-memos/invoice/${invoiceId}`;
    const answer = await pair.both(address, body, async (answer) => {
      const [made] = await pair.linesOf("credit-memos", answer);
      return {
        type: "createCreditMemo",
        id: answer.id ?? "refused",
        ...(answer.number !== undefined && { number: answer.number }),
        invoiceId,
        autoPost: true,
        customFields: stamp({ source: "AdhocFromInvoice", sourceType: "Invoice" }),
        items: [
          {
            id: made?.id ?? "refused",
            amount,
            sourceItemId: line.id,
            customFields: { skuName: "s" },
            // The interface names the taxes that follow; what they are, the engine says on both sides.
            ...(line.taxes.length > 0 && {
              taxItems: line.taxes.map((source, place) => ({
                id: made?.taxes[place] ?? `refused-${place}`,
                name: "VAT",
                sourceTaxItemId: source,
              })),
            }),
          },
        ],
      };
    });
    if (answer.success) pair.documents.creditMemo.push(answer.id);
  },

  async step(pair) {
    const kind = pair.pick(["creditMemo", "debitMemo"]);
    const id = pair.pick(pair.documents[kind]);
    if (id === undefined) return;
    const verb = pair.pick(["post", "unpost", "cancel"]);
    const isCredit = kind === "creditMemo";
    await pair.both(
      `PUT /v1/${isCredit ? "credit-memos" : "debitmemos"}/${id}/${verb}`,
      undefined,
      async () => ({
        type: `${verb}${isCredit ? "CreditMemo" : "DebitMemo"}`,
        [`${kind}Id`]: id,
      }),
    );
  },

  async apply(pair) {
    const creditMemoId = pair.pick(pair.documents.creditMemo);
    const invoiceId = pair.pick(pair.documents.invoice);
    if (creditMemoId === undefined || invoiceId === undefined) return;
    const amount = pair.cents(3000);
    const isBySource = pair.below(4) === 0;
    const body = {
      invoices: [{ invoiceId, amount: Number(amount) }],
      ...(isBySource && { applicationRule: "ApplyCreditToSourceItemRule" }),
    };
    await pair.both(`PUT /v1/credit-memos/${creditMemoId}/apply`, body, async () => ({
      type: "applyCreditMemo",
      creditMemoId,
      invoices: [{ invoiceId, amount }],
      ...(isBySource && { rule: "sourceItem" }),
    }));
  },

  async unapply(pair) {
    const creditMemoId = pair.pick(pair.documents.creditMemo);
    const invoiceId = pair.pick(pair.documents.invoice);
    if (creditMemoId === undefined || invoiceId === undefined) return;
    const amount = pair.cents(2000);
    const invoices = pair.below(3) > 0 ? [{ invoiceId, amount }] : undefined;
    await pair.both(
      `PUT /v1/creditmemos/${creditMemoId}/unapply`,
      invoices === undefined ? undefined : { invoices },
      async () => ({
        type: "unapplyCreditMemo",
        creditMemoId,
        ...(invoices !== undefined && { invoices }),
      }),
    );
  },

  async refund(pair) {
    const creditMemoId = pair.pick(pair.documents.creditMemo);
    if (creditMemoId === undefined) return;
    const amount = pair.cents(2000);
    const body = { type: "External", methodType: "Check", totalAmount: amount };
    await pair.both(`POST /v1/credit-memos/${creditMemoId}/refund`, body, async (answer) => ({
      type: "refundCreditMemo",
      id: answer.id ?? "refused",
      ...(answer.number !== undefined && { number: answer.number }),
      creditMemoId,
      amount,
      method: "Check",
      customFields: stamp({ creditMemoId, type: "External" }),
    }));
  },

  async payment(pair) {
    const invoiceId = pair.pick(pair.documents.invoice);
    if (invoiceId === undefined) return;
    const amount = pair.cents();
    const body = {
      accountId: pair.accountId,
      amount,
      currency: "USD",
      type: "External",
      paymentMethodType: "Cash",
      invoices: [{ invoiceId, amount }],
    };
    await pair.both("POST /v1/payments", body, async (answer) => ({
      type: "createPayment",
      id: answer.id ?? "refused",
      ...(answer.number !== undefined && { number: answer.number }),
      amount,
      currency: "USD",
      method: "Cash",
      customFields: stamp({ type: "External" }),
      invoices: [{ invoiceId, amount }],
    }));
  },

  async counterpart(pair) {
    const creditMemoId = pair.pick(pair.documents.creditMemo);
    if (creditMemoId === undefined) return;
    const verb = pair.pick(["write-off", "reverse"]);
    const address = `PUT /v1/credit-memos/${creditMemoId}/${verb}`;
    const answer = await pair.both(address, {}, async ({ debitMemo }) => {
      const path = `GET /v1/debit-memos/${debitMemo?.id}`;
      const made = debitMemo === undefined ? undefined : (await pair.ask(path)).answer;
      return {
        type: verb === "reverse" ? "reverseCreditMemo" : "writeOffCreditMemo",
        id: debitMemo?.id ?? "refused",
        ...(made !== undefined && { number: made.number }),
        creditMemoId,
        customFields: stamp({ sourceType: "CreditMemo" }),
      };
    });
    if (answer.success) pair.documents.debitMemo.push(answer.debitMemo.id);
  },
};

describe("requests and commands", () => {
  for (let run = 1; run <= RUNS; run++) {
    test(`give the same book and the same lists, run ${run}`, async () => {
      const below = random(run);
      const pair = new Pair(below);
      await pair.open();
      const names = Object.keys(OPERATIONS);
      await OPERATIONS.invoice(pair);
      await OPERATIONS.memoFromCharge(pair);
      for (let step = 0; step < STEPS; step++) await OPERATIONS[pair.pick(names)](pair);

      const host = new Host(setoff, pair.store, { bookOptions: pair.options });
      const hash = await host.read(pair.accountId, (book) => book.hash());
      assert.equal(hash, pair.book.hash());

      const sort = [{ by: "unappliedAmount", dir: "desc" }];
      const { rows } = pair.book.query({ of: "creditMemo", sort, page: { size: 40 } });
      const { answer } = await pair.ask("GET /v1/credit-memos?sort=%2BunappliedAmount&pageSize=40");
      const shown = ({ id, number, amount, appliedAmount, unappliedAmount }) => [
        ...[id, number],
        ...[amount, appliedAmount, unappliedAmount].map(Number),
      ];
      assert.deepEqual(answer.creditmemos.map(shown), rows.map(shown));
      assert.deepEqual(pair.state.errors, []);
    });
  }
});
