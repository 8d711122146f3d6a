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
import { expect, test } from "./fixtures.mjs";

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

test("it starts with the sample account and the preview of a first application", async ({
  settlement,
}) => {
  await expect(settlement.version).toHaveText("8");
  await expect(settlement.summary).toHaveText("CM-2001 would settle 40.00 USD on 2 invoices.");
  expect(await settlement.balances("INV-1001")).toEqual(EXAMPLE_1001);
  expect(await settlement.openAmount("INV-1001")).toBe("97.20 → 77.20");
  expect(await settlement.balances("INV-1003")).toEqual(EXAMPLE_1003);
  expect(await settlement.openAmount("INV-1003")).toBe("150.00 → 130.00");
  expect(await settlement.openAmount("CM-2001")).toBe("40.00 → 0.00");
});

test("what is typed is previewed at once", async ({ settlement }) => {
  await settlement.tick("INV-1001").uncheck();
  await settlement.amountField("INV-1003").fill("40");
  expect(await settlement.balances("INV-1003")).toEqual([
    ["Training session 1", "50.00", "36.66"],
    ["Training session 2", "50.00", "36.67"],
    ["Training session 3", "50.00", "36.67"],
  ]);

  // First in, first out settles the first item alone.
  await settlement.choose("First in, first out");
  expect(await settlement.balances("INV-1003")).toEqual([
    ["Training session 1", "50.00", "10.00"],
    ["Training session 2", "50.00", "50.00"],
    ["Training session 3", "50.00", "50.00"],
  ]);
  expect(await settlement.command()).toEqual({
    type: "applyCreditMemo",
    at: "2026-03-15",
    creditMemoId: "CM-2001",
    rule: "fifo",
    invoices: [{ invoiceId: "INV-1003", amount: "40" }],
  });
  await expect(settlement.version, "a preview changes nothing").toHaveText("8");
});

test("typing an amount ticks its invoice and keeps the cursor", async ({ settlement }) => {
  await settlement.tick("INV-1001").uncheck();
  await settlement.tick("INV-1003").uncheck();
  await expect(settlement.summary).toHaveText(/^Tick a document/);
  await settlement.amountField("INV-1002").focus();
  await settlement.page.keyboard.type("12.5");
  expect(await settlement.amountField("INV-1002").inputValue()).toBe("12.5");
  expect(await settlement.tick("INV-1002").isChecked()).toBe(true);
  expect(await settlement.openAmount("INV-1002")).toBe("153.20 → 140.70");
});

test("an invoice for which nothing is left is named", async ({ settlement }) => {
  // Without an amount, INV-1001 takes all 40.00, since it is due first: 97.20 − 40.00 = 57.20.
  await settlement.amountField("INV-1001").fill("");
  await expect(settlement.summary).toHaveText("CM-2001 would settle 40.00 USD on 1 invoice.");
  expect(await settlement.openAmount("INV-1001")).toBe("97.20 → 57.20");
  expect(await settlement.text("result")).toMatch(
    /^INV-1003 is unchanged: nothing is left for it\./,
  );
});

test("applying does what was previewed, and unapplying leads back to the state before", async ({
  settlement,
}) => {
  const untouched = await settlement.hash();
  expect(untouched).toMatch(/^[0-9a-f]{64}$/);

  await settlement.applyButton.click();
  await expect(settlement.heading).toHaveText("Applied");
  await expect(settlement.version).toHaveText("9");
  expect(await settlement.balances("INV-1001")).toEqual(EXAMPLE_1001);
  expect(await settlement.balances("INV-1003")).toEqual(EXAMPLE_1003);
  expect(await settlement.hash()).not.toBe(untouched);

  // A part first: 5.00 of the 20.00 that INV-1003 received. Its first item was settled first, so it is released first.
  await settlement.choose("Unapply");
  await settlement.choose("Chosen documents");
  await settlement.amountField("INV-1003").fill("5.00");
  await expect(settlement.summary).toHaveText("CM-2001 would take back 5.00 USD from 1 invoice.");
  expect(await settlement.balances("INV-1003")).toEqual([
    ["Training session 1", "43.33", "48.33"],
    ["Training session 2", "43.33", "43.33"],
    ["Training session 3", "43.34", "43.34"],
  ]);
  await settlement.unapplyButton.click();
  await expect(settlement.version).toHaveText("10");

  // Then the other 35.00.
  await settlement.choose("Everything");
  await expect(settlement.summary).toHaveText("CM-2001 would take back 35.00 USD from 2 invoices.");
  await settlement.unapplyButton.click();
  expect(await settlement.openAmount("CM-2001")).toBe("5.00 → 40.00");
  expect(await settlement.hash()).toBe(untouched);

  expect(await settlement.history()).toEqual([
    ["11", "Unapplied CM-2001", "−35.00"],
    ["10", "Unapplied CM-2001", "−5.00"],
    ["9", "Applied CM-2001", "40.00"],
    ["8", "Loaded the sample account", ""],
  ]);
  expect(await settlement.page.locator("#history tr").first().textContent()).toMatch(
    /as at version 8$/,
  );

  const startOver = settlement.page.getByRole("button", { name: "Start over" });
  settlement.page.once("dialog", (dialog) => dialog.dismiss());
  await startOver.click();
  await expect(settlement.version, "it asks first").toHaveText("11");
  settlement.page.once("dialog", (dialog) => dialog.accept());
  await startOver.click();
  await expect(settlement.version).toHaveText("8");
  expect(await settlement.hash(), "the same commands give the same state").toBe(untouched);
});

test("explicit lines pair items with items and tax with tax", async ({ settlement }) => {
  await settlement.choose("CM-2002");
  await settlement.choose("Explicit lines");
  await settlement.tick("INV-1004").check();
  await settlement.lineField("To", 1, "INV-1004").selectOption("Calling minutes, February");
  await settlement.lineField("From", 1, "INV-1004").selectOption("Calls billed twice");
  await settlement.lineField("Amount", 1, "INV-1004").fill("20");

  await settlement.page.getByRole("button", { name: "Add a line" }).click();
  await settlement
    .lineField("From", 2, "INV-1004")
    .selectOption("Communications tax on Calls billed twice");
  const targets = await settlement
    .lineField("To", 2, "INV-1004")
    .locator("option")
    .allTextContents();
  expect(
    targets.length > 0 && targets.every((target) => target.includes("tax on")),
    targets.join(),
  ).toBe(true);
  await settlement
    .lineField("To", 2, "INV-1004")
    .selectOption("Communications tax on Calling minutes, February");
  await settlement.lineField("Amount", 2, "INV-1004").fill("1.00");

  // 20.00 of 20.00 and 1.00 of 1.00: both lines are settled, the others untouched; 130.60 − 21.00 = 109.60.
  expect(await settlement.balances("INV-1004")).toEqual([
    ["Team plan, March", "100.00", "100.00"],
    ["Sales tax", "8.00", "8.00"],
    ["Calling minutes, February", "20.00", "0.00"],
    ["Sales tax", "1.60", "1.60"],
    ["Communications tax", "1.00", "0.00"],
  ]);
  expect(await settlement.openAmount("INV-1004")).toBe("130.60 → 109.60");

  await settlement.lineField("Amount", 2, "INV-1004").fill("1.01");
  await settlement.expectRefusal(
    settlement.lineField("Amount", 2, "INV-1004"),
    "exceedsItem",
    "invoices[0].items[1].amount",
  );
  await settlement.page.getByRole("button", { name: "Remove line 2 of INV-1004" }).click();
  expect(await settlement.openAmount("INV-1004")).toBe("130.60 → 110.60");
});

test("a payment settles an invoice and a debit memo, item and tax alike, and can be taken back", async ({
  settlement,
}) => {
  const untouched = await settlement.hash();
  await settlement.choose("P-3001");
  await settlement.tick("DM-4001").check();
  // All that DM-4001 has open: 12.00 of 60.00.
  await expect(settlement.summary).toHaveText("P-3001 would settle 12.00 USD on 1 document.");
  expect(await settlement.openAmount("DM-4001")).toBe("12.00 → 0.00");
  expect(await settlement.openAmount("P-3001")).toBe("60.00 → 48.00");

  await settlement.choose("Explicit lines");
  await settlement.lineField("Amount", 1, "DM-4001").fill("10");
  await settlement.tick("INV-1001").check();
  await settlement.lineField("To", 1, "INV-1001").selectOption("Sales tax on Team plan, January");
  await settlement.lineField("Amount", 1, "INV-1001").fill("8");
  // 10.00 of 12.00 and 8.00 of 97.20; 60.00 − 18.00 = 42.00.
  expect(await settlement.openAmount("DM-4001")).toBe("12.00 → 2.00");
  expect(await settlement.openAmount("INV-1001")).toBe("97.20 → 89.20");
  expect(await settlement.openAmount("P-3001")).toBe("60.00 → 42.00");
  expect(await settlement.command()).toEqual({
    type: "applyPayment",
    at: "2026-03-15",
    paymentId: "P-3001",
    rule: "explicit",
    invoices: [{ invoiceId: "INV-1001", items: [{ taxItemId: "plan-tax", amount: "8" }] }],
    debitMemos: [{ debitMemoId: "DM-4001", items: [{ debitMemoItemId: "fee", amount: "10" }] }],
  });
  await settlement.lineField("Amount", 1, "DM-4001").fill("12.01");
  await settlement.expectRefusal(
    settlement.lineField("Amount", 1, "DM-4001"),
    "exceedsItem",
    "debitMemos[0].items[0].amount",
  );
  await settlement.lineField("Amount", 1, "DM-4001").fill("10");

  await settlement.applyButton.click();
  await expect(settlement.summary).toHaveText("P-3001 settled 18.00 USD on 2 documents.");
  await settlement.choose("Unapply");
  await expect(settlement.summary).toHaveText("P-3001 would take back 18.00 USD from 2 documents.");
  await settlement.unapplyButton.click();
  expect(await settlement.hash()).toBe(untouched);
});

test("a refusal is shown at its field, says what is wrong, and goes when the field is right", async ({
  settlement,
}) => {
  await settlement.amountField("INV-1003").fill("19.999");
  await settlement.expectRefusal(
    settlement.amountField("INV-1003"),
    "tooManyDecimals",
    "invoices[1].amount",
  );
  await settlement.amountField("INV-1003").fill("twenty");
  await settlement.expectRefusal(
    settlement.amountField("INV-1003"),
    "invalidDecimal",
    "invoices[1].amount",
  );
  await settlement.amountField("INV-1003").fill("0");
  await settlement.expectRefusal(
    settlement.amountField("INV-1003"),
    "amountNotPositive",
    "invoices[1].amount",
  );
  await settlement.control("at").fill("");
  await settlement.amountField("INV-1003").fill("20");
  await settlement.expectRefusal(settlement.control("at"), "invalidDate", "at");

  await settlement.control("at").fill("2026-03-16");
  expect(await settlement.page.locator("[aria-invalid]").count()).toBe(0);
  expect(await settlement.balances("INV-1003")).toEqual(EXAMPLE_1003);
  await expect(settlement.version, "a refusal changes nothing").toHaveText("8");
});

test("everything can be reached and done with the keyboard", async ({ settlement }) => {
  const reached = await settlement.reachable(40);
  const expected = [
    ...["load", "mode:apply", "source:CM-2001", "at", "rule:proration"],
    ...["tick:INV-1001", "amount:INV-1001", "tick:INV-1004", "amount:INV-1004"],
    ...["commit", "command", "copy"],
  ];
  expect(reached.filter((id) => expected.includes(id))).toEqual(expected);

  await settlement.control("rule:proration").focus();
  await settlement.page.keyboard.press("ArrowRight");
  expect(await settlement.focused(), "the focus outlives the redrawing").toBe("rule:fifo");
  await settlement.tick("INV-1003").focus();
  await settlement.page.keyboard.press("Space");
  await expect(settlement.summary).toHaveText("CM-2001 would settle 20.00 USD on 1 invoice.");
  await settlement.commit.focus();
  await settlement.page.keyboard.press("Enter");
  await expect(settlement.heading).toHaveText("Applied");
  expect(await settlement.focused()).toBe("result-heading");
});

test("Enter in a field commits nothing", async ({ settlement }) => {
  await settlement.tick("INV-1001").uncheck();
  for (const rule of ["Explicit lines", "First in, first out"]) {
    await settlement.choose(rule);
    if (rule === "Explicit lines")
      await settlement.lineField("Amount", 1, "INV-1003").fill("10.00");
    await expect(settlement.commit, "there is something to commit").toBeEnabled();
    const fields = await settlement.page.locator("#fields :is(input, select)").all();
    expect(fields.length).toBeGreaterThan(15);
    for (const field of fields) {
      await field.focus();
      await settlement.page.keyboard.press("Enter");
      await expect(settlement.heading, await field.getAttribute("id")).toHaveText("Preview");
    }
  }
  await expect(settlement.version).toHaveText("8");
});

test("what each line receives or gives back adds up to what the invoice does", async ({
  settlement,
}) => {
  // The tax of the discount is below zero, so its part of the 20.00 is, too: 18.52 + 1.65 − 0.17.
  const cents = (amounts) =>
    amounts.map((text) => Number(text.replace("−", "-").replace(".", ""))).reduce((a, b) => a + b);
  expect((await settlement.received("INV-1001")).at(-1)).toBe("−0.17");
  expect(cents(await settlement.received("INV-1001"))).toBe(20_00);
  await expect(settlement.tag("INV-1001")).toHaveText("proration · receives 20.00");

  await settlement.applyButton.click();
  await settlement.choose("Unapply");
  expect((await settlement.received("INV-1001")).at(-1)).toBe("−0.17");
  expect(cents(await settlement.received("INV-1001"))).toBe(20_00);
  await expect(settlement.tag("INV-1001")).toHaveText(/ · gives back 20\.00$/);
});

test("an amount that is not finished is no refusal", async ({ settlement }) => {
  await settlement.amountField("INV-1003").fill("12.");
  expect(await settlement.openAmount("INV-1003")).toBe("150.00 → 138.00");
  await settlement.amountField("INV-1003").fill(".5");
  expect(await settlement.openAmount("INV-1003")).toBe("150.00 → 149.50");
});

test("the command can be copied", async ({ settlement }) => {
  await settlement.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await settlement.page.getByRole("button", { name: "Copy" }).click();
  await settlement.page.getByRole("button", { name: "Copied" }).waitFor();
  const copied = await settlement.page.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(copied).type).toBe("applyCreditMemo");
});

test("nothing sticks out of a window 360 pixels wide", async ({ settlement }) => {
  await settlement.page.setViewportSize({ width: 360, height: 740 });
  await settlement.choose("Explicit lines");
  for (const summary of await settlement.page.locator("details.lines > summary").all())
    await summary.click();
  await settlement.expectToFit();
});
