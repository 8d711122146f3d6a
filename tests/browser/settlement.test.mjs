// The view of settlements in `www/`, used as a person uses it.
//
// The expected figures are worked out by hand from `www/sample.js`:
//
// - 20.00 to INV-1001. The discount is netted into its item; its tax counts with its sign: 90.00 (100.00 − 10.00), 8.00
//   and −0.80 are open, 97.20 together. Shares: 20.00 × 90 / 97.2 = 18.5185…, × 8: 1.6460…, × −0.8: −0.1646…, rounded
//   down 18.51, 1.64 and −0.17; the two cents that are left go to the largest remainders: 18.52 and 1.65. Balances
//   after: 71.48, 6.35, 0.00, −0.63; together 77.20, which is 97.20 − 20.00.
// - 20.00 to INV-1003. Three items of 50.00: 6.6666… each, rounded down 6.66; two cents are left, the remainders are
//   equal, so the first two items get them. Balances after: 43.33, 43.33, 43.34; together 130.00.
// - 40.00 to INV-1003: 13.3333… each, rounded down 13.33, and one cent to the first. After: 36.66, 36.67, 36.67.
import assert from "node:assert/strict";
import { test } from "node:test";
import { control, page, sticksOut, text, usePage } from "./page.mjs";

usePage("load");

const amountField = (invoice) => page.getByRole("textbox", { name: `Amount for ${invoice}` });

/** The rows of a document in the result: the line, its balance before and its balance after. */
async function balances(document) {
  const rows = page.getByRole("region", { name: document, exact: true }).locator("tbody tr");
  return rows.evaluateAll((all) =>
    all.map((row) =>
      [row.firstChild, ...[...row.children].slice(-2)].map((cell) => cell.textContent),
    ),
  );
}

/** A document's open amount in the result, such as `97.20 → 77.20`. */
async function openAmount(document) {
  const heading = await page
    .getByRole("region", { name: document, exact: true })
    .locator("header")
    .textContent();
  return heading.match(/(\S+ → \S+)$/)[1];
}

const EXAMPLE_1001 = [
  ["Team plan, January", "90.00", "71.48"],
  ["Sales tax", "8.00", "6.35"],
  ["Loyalty discount", "0.00", "0.00"],
  ["Sales tax", "−0.80", "−0.63"],
];
const EXAMPLE_1003 = [
  ["Training session 1", "50.00", "43.33"],
  ["Training session 2", "50.00", "43.33"],
  ["Training session 3", "50.00", "43.34"],
];

test("it starts with the sample account and the preview of a first application", async () => {
  assert.equal(await text("version"), "8");
  assert.equal(await text("summary"), "CM-2001 would settle 40.00 USD on 2 invoices.");
  assert.deepEqual(await balances("INV-1001"), EXAMPLE_1001);
  assert.equal(await openAmount("INV-1001"), "97.20 → 77.20");
  assert.deepEqual(await balances("INV-1003"), EXAMPLE_1003);
  assert.equal(await openAmount("INV-1003"), "150.00 → 130.00");
  assert.equal(await openAmount("CM-2001"), "40.00 → 0.00");
});

test("what is typed is previewed at once", async () => {
  await control("tick:INV-1001").uncheck();
  await amountField("INV-1003").fill("40");
  assert.deepEqual(await balances("INV-1003"), [
    ["Training session 1", "50.00", "36.66"],
    ["Training session 2", "50.00", "36.67"],
    ["Training session 3", "50.00", "36.67"],
  ]);

  // First in, first out settles the first item alone.
  await page.getByRole("radio", { name: "First in, first out" }).check();
  assert.deepEqual(await balances("INV-1003"), [
    ["Training session 1", "50.00", "10.00"],
    ["Training session 2", "50.00", "50.00"],
    ["Training session 3", "50.00", "50.00"],
  ]);
  assert.deepEqual(JSON.parse(await text("command")), {
    type: "applyCreditMemo",
    at: "2026-03-15",
    creditMemoId: "CM-2001",
    rule: "fifo",
    invoices: [{ invoiceId: "INV-1003", amount: "40" }],
  });
  assert.equal(await text("version"), "8", "a preview changes nothing");
});

test("typing an amount ticks its invoice and keeps the cursor", async () => {
  await control("tick:INV-1001").uncheck();
  await control("tick:INV-1003").uncheck();
  assert.match(await text("summary"), /^Tick a document/);
  await amountField("INV-1002").focus();
  await page.keyboard.type("12.5");
  assert.equal(await amountField("INV-1002").inputValue(), "12.5");
  assert.ok(await control("tick:INV-1002").isChecked());
  assert.equal(await openAmount("INV-1002"), "153.20 → 140.70");
});

test("an invoice for which nothing is left is named", async () => {
  // Without an amount, INV-1001 takes all 40.00, since it is due first: 97.20 − 40.00 = 57.20.
  await amountField("INV-1001").fill("");
  assert.equal(await text("summary"), "CM-2001 would settle 40.00 USD on 1 invoice.");
  assert.equal(await openAmount("INV-1001"), "97.20 → 57.20");
  assert.match(await text("result"), /^INV-1003 is unchanged: nothing is left for it\./);
});

test("applying does what was previewed, and unapplying leads back to the state before", async () => {
  const untouched = await control("hash").getAttribute("title");
  assert.match(untouched, /^[0-9a-f]{64}$/);

  await page.getByRole("button", { name: "Apply", exact: true }).click();
  assert.equal(await text("result-heading"), "Applied");
  assert.equal(await text("version"), "9");
  assert.deepEqual(await balances("INV-1001"), EXAMPLE_1001);
  assert.deepEqual(await balances("INV-1003"), EXAMPLE_1003);
  assert.notEqual(await control("hash").getAttribute("title"), untouched);

  // A part first: 5.00 of the 20.00 that INV-1003 received. Its first item was settled first, so it is released first.
  await page.getByRole("radio", { name: "Unapply" }).check();
  await page.getByRole("radio", { name: "Chosen documents" }).check();
  await amountField("INV-1003").fill("5.00");
  assert.equal(await text("summary"), "CM-2001 would take back 5.00 USD from 1 invoice.");
  assert.deepEqual(await balances("INV-1003"), [
    ["Training session 1", "43.33", "48.33"],
    ["Training session 2", "43.33", "43.33"],
    ["Training session 3", "43.34", "43.34"],
  ]);
  await page.getByRole("button", { name: "Unapply", exact: true }).click();
  assert.equal(await text("version"), "10");

  // Then the other 35.00.
  await page.getByRole("radio", { name: "Everything" }).check();
  assert.equal(await text("summary"), "CM-2001 would take back 35.00 USD from 2 invoices.");
  await page.getByRole("button", { name: "Unapply", exact: true }).click();
  assert.equal(await openAmount("CM-2001"), "5.00 → 40.00");
  assert.equal(await control("hash").getAttribute("title"), untouched);

  const history = await page
    .locator("#history tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].slice(0, 3).map((cell) => cell.textContent)),
    );
  assert.deepEqual(history, [
    ["11", "Unapplied CM-2001", "−35.00"],
    ["10", "Unapplied CM-2001", "−5.00"],
    ["9", "Applied CM-2001", "40.00"],
    ["8", "Loaded the sample account", ""],
  ]);
  assert.match(await page.locator("#history tr").first().textContent(), /as at version 8$/);

  await page.getByRole("button", { name: "Load sample account" }).click();
  assert.equal(await text("version"), "8");
  assert.equal(
    await control("hash").getAttribute("title"),
    untouched,
    "the same commands give the same state",
  );
});

test("explicit lines pair items with items and tax with tax", async () => {
  await page.getByRole("radio", { name: "CM-2002" }).check();
  await page.getByRole("radio", { name: "Explicit lines" }).check();
  await control("tick:INV-1004").check();
  await page.getByLabel("To, line 1 of INV-1004").selectOption("Calling minutes, February");
  await page.getByLabel("From, line 1 of INV-1004").selectOption("Calls billed twice");
  await page.getByLabel("Amount, line 1 of INV-1004").fill("20");

  await page.getByRole("button", { name: "Add a line" }).click();
  await page
    .getByLabel("From, line 2 of INV-1004")
    .selectOption("Communications tax on Calls billed twice");
  const targets = await page
    .getByLabel("To, line 2 of INV-1004")
    .locator("option")
    .allTextContents();
  assert.ok(
    targets.length > 0 && targets.every((target) => target.includes("tax on")),
    targets.join(),
  );
  await page
    .getByLabel("To, line 2 of INV-1004")
    .selectOption("Communications tax on Calling minutes, February");
  await page.getByLabel("Amount, line 2 of INV-1004").fill("1.00");

  // 20.00 of 20.00 and 1.00 of 1.00: both lines are settled, the others untouched; 130.60 − 21.00 = 109.60.
  assert.deepEqual(await balances("INV-1004"), [
    ["Team plan, March", "100.00", "100.00"],
    ["Sales tax", "8.00", "8.00"],
    ["Calling minutes, February", "20.00", "0.00"],
    ["Sales tax", "1.60", "1.60"],
    ["Communications tax", "1.00", "0.00"],
  ]);
  assert.equal(await openAmount("INV-1004"), "130.60 → 109.60");

  await page.getByLabel("Amount, line 2 of INV-1004").fill("1.01");
  await refused(
    page.getByLabel("Amount, line 2 of INV-1004"),
    "exceedsItem",
    "invoices[0].items[1].amount",
  );
  await page.getByRole("button", { name: "Remove line 2 of INV-1004" }).click();
  assert.equal(await openAmount("INV-1004"), "130.60 → 110.60");
});

test("a payment settles an invoice and a debit memo, item and tax alike, and can be taken back", async () => {
  const untouched = await control("hash").getAttribute("title");
  await page.getByRole("radio", { name: "P-3001" }).check();
  await control("tick:DM-4001").check();
  // All that DM-4001 has open: 12.00 of 60.00.
  assert.equal(await text("summary"), "P-3001 would settle 12.00 USD on 1 document.");
  assert.equal(await openAmount("DM-4001"), "12.00 → 0.00");
  assert.equal(await openAmount("P-3001"), "60.00 → 48.00");

  await page.getByRole("radio", { name: "Explicit lines" }).check();
  await page.getByLabel("Amount, line 1 of DM-4001").fill("10");
  await control("tick:INV-1001").check();
  await page.getByLabel("To, line 1 of INV-1001").selectOption("Sales tax on Team plan, January");
  await page.getByLabel("Amount, line 1 of INV-1001").fill("8");
  // 10.00 of 12.00 and 8.00 of 97.20; 60.00 − 18.00 = 42.00.
  assert.equal(await openAmount("DM-4001"), "12.00 → 2.00");
  assert.equal(await openAmount("INV-1001"), "97.20 → 89.20");
  assert.equal(await openAmount("P-3001"), "60.00 → 42.00");
  assert.deepEqual(JSON.parse(await text("command")), {
    type: "applyPayment",
    at: "2026-03-15",
    paymentId: "P-3001",
    rule: "explicit",
    invoices: [{ invoiceId: "INV-1001", items: [{ taxItemId: "plan-tax", amount: "8" }] }],
    debitMemos: [{ debitMemoId: "DM-4001", items: [{ debitMemoItemId: "fee", amount: "10" }] }],
  });
  await page.getByLabel("Amount, line 1 of DM-4001").fill("12.01");
  await refused(
    page.getByLabel("Amount, line 1 of DM-4001"),
    "exceedsItem",
    "debitMemos[0].items[0].amount",
  );
  await page.getByLabel("Amount, line 1 of DM-4001").fill("10");

  await page.getByRole("button", { name: "Apply", exact: true }).click();
  assert.equal(await text("summary"), "P-3001 settled 18.00 USD on 2 documents.");
  await page.getByRole("radio", { name: "Unapply" }).check();
  assert.equal(await text("summary"), "P-3001 would take back 18.00 USD from 2 documents.");
  await page.getByRole("button", { name: "Unapply", exact: true }).click();
  assert.equal(await control("hash").getAttribute("title"), untouched);
});

test("a refusal is shown at its field, says what was needed, and goes when the field is right", async () => {
  await amountField("INV-1003").fill("19.999");
  await refused(amountField("INV-1003"), "tooManyDecimals", "invoices[1].amount");
  await amountField("INV-1003").fill("twenty");
  await refused(amountField("INV-1003"), "invalidDecimal", "invoices[1].amount");
  await amountField("INV-1003").fill("0");
  await refused(amountField("INV-1003"), "amountNotPositive", "invoices[1].amount");
  await control("at").fill("");
  await amountField("INV-1003").fill("20");
  await refused(control("at"), "invalidDate", "at");

  await control("at").fill("2026-03-16");
  assert.equal(await page.locator("[aria-invalid]").count(), 0);
  assert.deepEqual(await balances("INV-1003"), EXAMPLE_1003);
  assert.equal(await text("version"), "8", "a refusal changes nothing");
});

/** Asserts that the engine refused, with this code and path, and that the page says so at this control alone. */
async function refused(field, code, path) {
  const summary = page.getByRole("status");
  assert.match(await summary.textContent(), /^Refused/);
  assert.deepEqual(await summary.locator("code").allTextContents(), [code, path]);
  assert.equal(await page.locator("[aria-invalid]").count(), 1);
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const described = (await field.getAttribute("aria-describedby")).split(" ").at(-1);
  assert.match(await text(described), new RegExp(`^${code}: needed .+, found .+`));
  assert.ok(await control(described).isVisible());
  assert.ok(await control("commit").isDisabled());
}

test("everything can be reached and done with the keyboard", async () => {
  const reached = new Set();
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.id));
  }
  const expected = [
    ...["load", "mode:apply", "source:CM-2001", "at", "rule:proration"],
    ...[
      "tick:INV-1001",
      "amount:INV-1001",
      "tick:INV-1004",
      "amount:INV-1004",
      "commit",
      "command",
      "copy",
    ],
  ];
  assert.deepEqual(
    [...reached].filter((id) => expected.includes(id)),
    expected,
  );

  await control("rule:proration").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(
    await page.evaluate(() => document.activeElement.id),
    "rule:fifo",
    "the focus outlives the redrawing",
  );
  await control("tick:INV-1003").focus();
  await page.keyboard.press("Space");
  assert.equal(await text("summary"), "CM-2001 would settle 20.00 USD on 1 invoice.");
  await amountField("INV-1001").focus();
  await page.keyboard.press("Enter");
  assert.equal(await text("result-heading"), "Applied");
  assert.equal(await page.evaluate(() => document.activeElement.id), "result-heading");
});

test("the command can be copied", async () => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(JSON.parse(copied).type, "applyCreditMemo");
});

test("nothing sticks out of a window 360 pixels wide", async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("radio", { name: "Explicit lines" }).check();
  for (const summary of await page.locator("details.lines > summary").all()) await summary.click();
  assert.equal(await sticksOut(), null);
});
