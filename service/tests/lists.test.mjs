// Rows of documents follow their books, and lists of rows are what the engine would list: random accounts, random
// queries.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Book, isSetoffError } from "setoff";
import * as setoff from "setoff";
import { Host } from "setoff/host";
import { FIELDS, KINDS } from "../src/fields.js";
import { allRows } from "../src/rows.js";
import { SqlStore } from "../src/store.js";
import { directoryOf } from "../src/tenants.js";
import { read, written } from "../src/text.js";
import { DATABASES, random, stopPostgres } from "./support.mjs";

const ACCOUNTS = 3;
const COMMANDS = 200;
const QUERIES = Number(process.env.SETOFF_LIST_QUERIES ?? 600);
const SEED = Number(process.env.SETOFF_SEED ?? 1);

const TEXTS = [
  "",
  "a",
  "A",
  "ab",
  "b",
  "é",
  "\u0000",
  "\u0001",
  "\u{1f600}",
  "10",
  "9",
  "%",
  "_",
  "'; --",
];
const DAYS = ["2026-01-15", "2026-02-01", "2026-02-28", "2026-03-01", "2026-03-31"];

const amountText = (cents) => `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;

/** Random commands of accounts, each carried out in the book of its account and in one book of all. */
class Accounts {
  constructor(below, host) {
    this.below = below;
    this.host = host;
    this.ids = Array.from({ length: ACCOUNTS }, (_, place) => `account ${place}`);
    this.all = new Book({ currency: "USD", limits: "zuora" });
    this.documents = [];
    this.carriedOut = new Set();
    this.count = 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  amount() {
    // Few amounts, so that many rows are level.
    return amountText(100 * (1 + this.below(8)) + (this.below(3) === 0 ? this.below(100) : 0));
  }

  customFields() {
    const value = () =>
      this.pick([
        true,
        false,
        0,
        1,
        10,
        9.5,
        -2,
        0.1,
        1e3,
        null,
        this.pick(TEXTS),
        this.pick(TEXTS),
      ]);
    const fields = {
      x: value(),
      "it's \u0000": value(),
      createdDate: `2026-03-01 0${this.below(9)}:00:00`,
    };
    return this.below(3) === 0 ? undefined : fields;
  }

  /** The same as what an application of this account would be asked. */
  command() {
    const accountId = this.pick(this.ids);
    const own = this.documents.filter((document) => document.accountId === accountId);
    const of = (kind) => this.pick(own.filter((document) => document.kind === kind))?.id;
    const id = `D-${this.count}`;
    const at = "2026-03-31";
    const texts = {
      comment: this.below(3) === 0 ? this.pick(TEXTS.slice(1, 6)) : undefined,
      customFields: this.customFields(),
    };
    const made = (kind, type) => {
      const isMoney = kind === "payment";
      const items = Array.from({ length: 1 + this.below(2) }, (_, place) => ({
        id: `${id}-${place}`,
        amount: this.amount(),
        ...(this.below(3) === 0 && {
          taxItems: [{ id: `${id}-${place}-t`, name: "VAT", amount: amountText(this.below(90)) }],
        }),
      }));
      const command = {
        ...{
          type,
          at,
          id,
          number: `${kind.slice(0, 2).toUpperCase()}-${this.below(9)}-${this.count}`,
        },
        ...{ accountId, date: this.pick(DAYS) },
        ...(isMoney ? { amount: this.amount(), currency: "USD", method: "Check" } : { items }),
        ...(!isMoney && { autoPost: this.below(4) > 0 }),
        ...(kind === "invoice" && this.below(2) === 0 && { dueDate: "2026-04-15" }),
        ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
      };
      return { accountId, command, document: { kind, id, accountId } };
    };
    const on = (command) => ({ accountId, command: { at, ...command } });
    const memo = of("creditMemo");
    const invoice = of("invoice");
    const steps = {
      invoice: () => made("invoice", "createInvoice"),
      creditMemo: () => made("creditMemo", "createCreditMemo"),
      debitMemo: () => made("debitMemo", "createDebitMemo"),
      payment: () => made("payment", "createPayment"),
      ofInvoice: () => ({
        ...on({
          ...{
            type: "createCreditMemo",
            id,
            number: `CI-${this.count}`,
            invoiceId: invoice,
            autoPost: true,
          },
          items: [
            { id: `${id}-0`, amount: amountText(1 + this.below(99)), sourceItemId: `${invoice}-0` },
          ],
        }),
        document: { kind: "creditMemo", id, accountId },
      }),
      apply: () =>
        on({
          ...{ type: "applyCreditMemo", creditMemoId: memo },
          invoices: [{ invoiceId: invoice, amount: amountText(1 + this.below(300)) }],
        }),
      applyPayment: () =>
        on({
          ...{ type: "applyPayment", paymentId: of("payment") },
          invoices: [{ invoiceId: invoice, amount: amountText(1 + this.below(300)) }],
        }),
      applyAll: () =>
        on({ type: "applyCredits", accountId, sources: "allOpen", invoices: "allOpen" }),
      unapply: () => on({ type: "unapplyCreditMemo", creditMemoId: memo }),
      refund: () => ({
        ...on({
          ...{ type: "refundCreditMemo", id, number: `R-${this.count}`, creditMemoId: memo },
          ...{ amount: amountText(1 + this.below(200)), method: "Check" },
        }),
        document: { kind: "refund", id, accountId },
      }),
      step: () => {
        const kind = this.pick(["CreditMemo", "DebitMemo", "Invoice"]);
        const field = `${kind[0].toLowerCase()}${kind.slice(1)}`;
        const verb = this.pick(["post", "unpost", "cancel", "delete"]);
        return on({ type: `${verb}${kind}`, [`${field}Id`]: of(field) });
      },
      update: () =>
        on({ type: "updateCreditMemo", creditMemoId: memo, comment: this.pick(TEXTS.slice(1)) }),
      reverse: () => ({
        ...on({ type: "reverseCreditMemo", id, number: `DR-${this.count}`, creditMemoId: memo }),
        document: { kind: "debitMemo", id, accountId },
      }),
      // Without an identifier, so all rows are made anew.
      writeOff: () => on({ type: "writeOffInvoice", invoiceId: invoice }),
    };
    const names = Object.keys(steps);
    // First what the others are about. What settles comes often, because much of it is refused.
    if (this.count <= 12) return steps[names[this.count % 2]]();
    return steps[this.pick([...names, "apply", "apply", "applyAll", "unapply", "ofInvoice"])]();
  }

  async run() {
    this.count += 1;
    const { accountId, command, document } = this.command();
    try {
      this.all.execute(command);
    } catch (error) {
      if (!isSetoffError(error)) throw error;
      return error.code;
    }
    await this.host.transact(accountId, (book) => book.execute(command));
    if (document !== undefined) this.documents.push(document);
    this.carriedOut.add(command.type);
    return "done";
  }
}

/** A random query of documents. Some are refused. */
function randomQuery(accounts) {
  const { below } = accounts;
  const of = accounts.pick(Object.keys(KINDS));
  const extra = KINDS[of];
  const { rows } = accounts.all.query({ of, fields: ["*", ...extra], page: { size: 1000 } });
  const names = [
    ...FIELDS.keys(),
    "customFields.x",
    "customFields.it's \u0000",
    "customFields.none",
  ];
  const operand = (field) => {
    const known = accounts.pick(rows) ?? {};
    const kept = field.startsWith("customFields.")
      ? known.customFields?.[field.slice(13)]
      : known[field];
    if (below(3) > 0) return kept ?? null;
    if (field.startsWith("customFields.")) return accounts.pick([true, 1, "1", 9.5, "b", null]);
    const holds = FIELDS.get(field);
    if (holds === "amount") return accounts.pick(["1", "0.005", "2.000", "-1", "300"]);
    if (holds === "flag") return below(2) === 0;
    return holds === "date"
      ? accounts.pick(DAYS)
      : accounts.pick(["a", "posted", "USD", "Posted", ""]);
  };
  const condition = (field) => {
    const operators = "eq ne lt lte gt gte startsWith contains in".split(" ");
    const one = () => {
      const operator = accounts.pick(operators);
      return [operator, operator === "in" ? [operand(field), operand(field)] : operand(field)];
    };
    if (below(2) === 0) return operand(field);
    return Object.fromEntries(below(3) === 0 ? [one(), one()] : [one()]);
  };
  const some = (most) => Array.from({ length: below(most + 1) }, () => accounts.pick(names));
  return {
    of,
    where: Object.fromEntries(some(2).map((field) => [field, condition(field)])),
    sort: [...new Set(some(2))].map((by) => ({ by, dir: accounts.pick(["asc", "desc"]) })),
    fields: ["*", ...extra.filter(() => below(3) === 0)],
    page: { size: accounts.pick([1, 2, 7, 1000]) },
    ...(below(4) === 0 && { total: true }),
  };
}

function ask(book, query) {
  try {
    return book.query(query);
  } catch (error) {
    if (!isSetoffError(error)) throw error;
    return { error: error.code };
  }
}

after(stopPostgres);

for (const [kind, newDatabase] of Object.entries(DATABASES)) {
  describe(`rows on ${kind}, from seed ${SEED}`, () => {
    let database;
    let store;
    let accounts;
    before(async () => {
      database = await newDatabase();
      store = new SqlStore(database, "t");
      // A tenant with the same accounts, of which nothing may be seen.
      const others = new Host(setoff, new SqlStore(database, "other"), {
        bookOptions: { currency: "USD" },
      });
      const noise = new Accounts(random(SEED + 1), others);
      for (let count = 0; count < 10; count++) await noise.run();
      const host = new Host(setoff, store, { bookOptions: { currency: "USD", limits: "zuora" } });
      accounts = new Accounts(random(SEED), host);
      const done = {};
      for (let count = 0; count < COMMANDS; count++) {
        const code = await accounts.run();
        done[code] = (done[code] ?? 0) + 1;
      }
      assert.ok(done.done > COMMANDS / 3, JSON.stringify(done));
      // What a command settles without naming it must be met.
      for (const type of ["applyCredits", "unapplyCreditMemo", "createCreditMemo"])
        assert.ok(accounts.carriedOut.has(type), type);
    });
    after(() => database.close());

    test("are those of the books, whatever was carried out", async () => {
      const db = await database.open();
      for (const account of accounts.ids) {
        const expected = await accounts.host.read(account, (book) => allRows(book).documents);
        const rows = await db
          .selectFrom("documents")
          .select(["id", "number", "row"])
          .where("tenant", "=", "t")
          .where("account", "=", account)
          .orderBy("id")
          .execute();
        const wanted = expected.map(({ id, number, row }) => ({
          id,
          number,
          row: JSON.parse(row),
        }));
        wanted.sort((one, other) => (one.id < other.id ? -1 : 1));
        rows.sort((one, other) => (one.id < other.id ? -1 : 1));
        assert.deepEqual(rows, wanted, account);
      }
      const { rows_version: behind } = await db
        .selectFrom("heads")
        .select(({ fn }) => fn.countAll().as("rows_version"))
        .whereRef("rows_version", "<>", "version")
        .executeTakeFirstOrThrow();
      assert.equal(Number(behind), 0);
    });

    test(`are listed as the engine lists them (${QUERIES} queries)`, async () => {
      const directory = directoryOf(database, "t", store);
      let filled = 0;
      for (let count = 0; count < QUERIES; count++) {
        const query = randomQuery(accounts);
        const found = await directory.list({ query, accountIds: null });
        const { rows, total, error } = ask(accounts.all, query);
        const told = `${JSON.stringify(query)}, query ${count}`;
        assert.notEqual(found, null, told);
        if (error !== undefined) assert.equal(found.pages[0].error?.code, error, told);
        else assert.deepEqual(found.pages[0]?.rows ?? [], rows, told);
        if (total > 0) assert.equal(found.pages[0].total, total, told);
        filled += rows?.length > 0 ? 1 : 0;
      }
      assert.ok(filled > QUERIES / 10, `${filled} of ${QUERIES} found something`);
    });

    test("of named accounts are those alone", async () => {
      const directory = directoryOf(database, "t", store);
      const [one, other] = accounts.ids;
      const query = { of: "invoice", fields: ["*"], page: { size: 1000 } };
      const { pages } = await directory.list({ query, accountIds: [one, other, "nobody"] });
      const where = { accountId: { in: [one, other] } };
      assert.deepEqual(pages[0].rows, accounts.all.query({ ...query, where }).rows);
    });

    test("are made anew where they are missing", async () => {
      const db = await database.open();
      await db
        .deleteFrom("documents")
        .where("tenant", "=", "t")
        .where("account", "=", accounts.ids[0])
        .execute();
      await db.updateTable("heads").set({ rows_version: -1 }).where("tenant", "=", "t").execute();
      const query = { of: "creditMemo", fields: ["*"], page: { size: 1000 } };
      const { pages } = await directoryOf(database, "t", store).list({ query, accountIds: null });
      assert.deepEqual(pages[0].rows, accounts.all.query(query).rows);
    });

    test("a line or document leads to its account", async () => {
      const { rows } = accounts.all.query({ of: "taxItem", fields: ["id", "accountId"] });
      const directory = directoryOf(database, "t", store);
      for (const { id, accountId } of rows) {
        const query = { of: "taxItem", where: { id }, fields: ["*"] };
        const found = await directory.list({ query, accountIds: null });
        assert.deepEqual(found.accountIds, [accountId]);
      }
      const { rows: items } = accounts.all.query({
        of: "item",
        fields: ["documentId", "accountId"],
      });
      for (const { documentId, accountId } of items) {
        const where = { documentId: { in: [documentId, "nothing"] } };
        const found = await directory.list({ query: { of: "item", where }, accountIds: null });
        assert.deepEqual(found.accountIds, [accountId]);
      }
    });
  });
}

test("texts come back as they were, in their order", () => {
  const texts = [
    "",
    "\u0000",
    "\u0000\u0001",
    "\u0001",
    "\u0001\u0001",
    "\u0002",
    "a\u0000b",
    "a\u0001",
  ];
  const changed = texts.map(written);
  assert.deepEqual(changed.map(read), texts);
  assert.deepEqual(changed.toSorted(), changed);
  assert.ok(changed.every((text) => !text.includes("\u0000")));
});
