// What the tests beside this file share: a small book, and what must hold after every refusal.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageDir } from "../../scripts/build.mjs";

/** 60.00 and its tax of 6.00, and 30.00: 96.00 together. */
export const INVOICE = {
  type: "createInvoice",
  id: "I",
  at: "2026-03-01",
  autoPost: true,
  items: [
    { id: "1", amount: "60", taxItems: [{ id: "1-T", amount: "6" }] },
    { id: "2", amount: "30" },
  ],
};

export const MEMO = {
  type: "createCreditMemo",
  id: "C",
  at: "2026-03-01",
  autoPost: true,
  items: [{ id: "1", amount: "50" }],
};

/** 48.00, half of the invoice: by proration 30.00, 3.00 and 15.00. */
export const APPLY = {
  type: "applyCreditMemo",
  at: "2026-03-02",
  creditMemoId: "C",
  invoices: [{ invoiceId: "I", amount: "48" }],
};

/** What {@link APPLY} gives line by line, on the side of the invoice. */
export const APPLIED = ["30.00", "3.00", "15.00"];

export const appliedAmounts = (outcome) =>
  outcome.applications[0].items.map(({ amount }) => amount);

/** A book with {@link INVOICE} and {@link MEMO}, at version 2. */
export function someBook({ Book }) {
  const book = new Book({ currency: "USD" });
  book.execute(INVOICE);
  book.execute(MEMO);
  return book;
}

/**
 * Asserts that `attempt(book)` is refused so (of `expected`, only what is given is compared, and `says` is
 * a part of the sentence), that nothing has changed, and that the next right call is right. Answers the error.
 */
export function refused({ isSetoffError }, book, attempt, expected) {
  const state = () => [book.version, book.hash()];
  const before = state();
  const error = thrownBy(() => attempt(book));
  assert.ok(
    isSetoffError(error) && error instanceof Error,
    `not a SetoffError: ${describe(error)}`,
  );
  const { says = "", ...exact } = expected;
  const facts = { code: error.code, path: error.path, ...error.details };
  const compared = Object.fromEntries(Object.keys(exact).map((key) => [key, facts[key]]));
  assert.deepEqual(compared, exact, error.message);
  assert.ok(error.details.sentence.includes(says), `not "${says}": ${error.message}`);
  assert.ok(error.message.endsWith(error.details.sentence), "the message ends with the sentence");
  assert.ok(error.message.includes(error.path), "the message says where");
  assert.deepEqual(state(), before, "a refusal changes nothing");
  assert.deepEqual(appliedAmounts(book.preview(APPLY)), APPLIED, "the next call is right");
  return error;
}

/** What `attempt` throws; fails if it throws nothing. */
export function thrownBy(attempt) {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  return assert.fail("nothing was thrown");
}

function describe(error) {
  try {
    return String(error?.stack ?? error);
  } catch {
    return "something that cannot even be shown";
  }
}

let copies = 0;

/**
 * One more copy of the package, with an engine of its own, for tests that would harm or measure a shared one:
 * `memory()` is the size of its WebAssembly memory in bytes.
 */
export async function ownPackage(dir = packageDir) {
  const { Instance } = WebAssembly;
  let memory;
  WebAssembly.Instance = class extends Instance {
    constructor(...args) {
      super(...args);
      memory = this.exports.memory;
    }
  };
  try {
    copies += 1;
    const setoff = await import(`${pathToFileURL(join(dir, "node.mjs"))}?copy=${copies}`);
    await setoff.init();
    return { ...setoff, memory: () => memory.buffer.byteLength };
  } finally {
    WebAssembly.Instance = Instance;
  }
}
