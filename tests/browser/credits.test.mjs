// All credits of an account at once, as a person applies them.
//
// The expected figures are worked out by hand from `www/accounts/studio.js`. Three credits have 40.00, 76.60 and 60.00
// left: 176.60. What is open, the oldest first: INV-1001 97.20, INV-1002 153.20. CM-2001 is the oldest credit, so all
// of its 40.00 goes to INV-1001, and 57.20 of CM-2002 closes it. The 19.40 that are left of CM-2002 and the 60.00 of
// P-3001 go to INV-1002: 79.40, and 73.80 stays open.
import { expect, linkTo, test } from "./fixtures.mjs";
import { SettlePage } from "./pages/settle.mjs";
import { read, sum } from "./pages/view.mjs";

const ALL = /^all credits/;

/** The rows of who pays: the credit that a row begins with, its name and what it gives. */
async function givers(page) {
  const rows = await read(page.locator(".giver"), [".from", ".name", ".why data, .given"]);
  return rows.map(([[from = null], [name], [amount]]) => [from, name, amount]);
}

test("all credits are a choice of the sentence, and each of them is seen to pay", async ({
  settle,
}) => {
  const { page } = settle;
  await settle.choose("Credit or payment", ALL);
  await settle.slot("What is paid").click();
  await page.getByRole("button", { name: "All 5 open" }).click();
  await page.keyboard.press("Escape");
  await expect(settle.result).toHaveText(
    "176.60 of credit pays 2 invoices, 1 in full. Nothing is left over. " +
      "3 more documents get nothing: the credits are used up.",
  );
  await expect(settle.commit).toHaveText("Apply 176.60");
  await expect
    .poll(() => givers(page))
    .toEqual([
      ["CM-2001", "Outage credit", "30.00"],
      [null, "Sales tax", "2.40"],
      [null, "Goodwill", "7.60"],
      ["CM-2002", "Plan downgrade", "50.00"],
      [null, "Sales tax", "4.00"],
      [null, "Calls billed twice", "20.00"],
      [null, "Sales tax", "1.60"],
      [null, "Communications tax", "1.00"],
      [null, "P-3001", "60.00"],
    ]);
  await expect.poll(() => settle.openAmount("INV-1001")).toEqual(["97.20", "0.00"]);
  await expect.poll(() => settle.openAmount("INV-1002")).toEqual(["153.20", "73.80"]);
  await settle.expectSums();
  await settle.expectCommand({
    type: "applyCredits",
    at: "2026-03-15",
    sources: "allOpen",
    currency: "USD",
    rule: "proration",
    invoices: "allOpen",
    debitMemos: "allOpen",
  });
});

test("one commit applies them all, and one undo takes all of it back", async ({ settle }) => {
  const { hash } = await settle.developers();
  await settle.choose("Credit or payment", ALL);
  // The sample ticks INV-1001 and INV-1003: 97.20 and, of the 79.40 that are left, 79.40 of its 150.00.
  await expect(settle.result).toHaveText(
    "176.60 of credit pays 2 invoices, 1 in full. Nothing is left over.",
  );
  await expect.poll(() => settle.openAmount("INV-1003")).toEqual(["150.00", "70.60"]);
  await settle.expectSums();
  await settle.commit.click();
  await expect(settle.toast).toContainText("Applied 176.60");
  await expect.poll(() => settle.done()).toEqual(["Applied 3 credits", "Account opened"]);
  await expect(settle.result).toHaveText(
    "No credit memo or payment of this account has anything left.",
  );
  await settle.history.getByRole("button", { name: /^Undo Applied 3 credits/ }).click();
  await expect(settle.toast).toContainText("Undone");
  await expect.poll(async () => (await settle.developers()).hash).toBe(hash);
  await expect(settle.commit).toHaveText("Apply 176.60");
});

test("what is left is named, credit by credit", async ({ settle }) => {
  await settle.choose("Credit or payment", ALL);
  await settle.tick("INV-1003").uncheck();
  // 97.20 of 176.60: 40.00 and 57.20 of 76.60.
  await expect(settle.result).toHaveText(
    "97.20 of credit pays 1 invoice in full. 19.40 is left on CM-2002 and 60.00 on P-3001.",
  );
  await settle.expectSums();
});

test("amounts that were stated for one credit count again when it is chosen again", async ({
  settle,
}) => {
  await settle.choose("Credit or payment", ALL);
  await expect(settle.amountField("INV-1001")).toHaveCount(0);
  await settle.choose("Credit or payment", "CM-2001");
  await expect(settle.amountField("INV-1001")).toHaveValue("20.00");
  await expect.poll(() => settle.openAmount("INV-1001")).toEqual(["97.20", "77.20"]);
});

test("the reason of the second credit counts from what the first has left", async ({ settle }) => {
  await settle.choose("Credit or payment", ALL);
  await settle.amountOf("Team plan, January").click();
  // 40.00 × 90.00 ÷ 97.20 = 37.037…, and a cent more by its remainder: 37.04. CM-2002 closes the 52.96 that are left.
  const parts = settle.why.locator("section");
  await expect(parts.nth(0)).toContainText("From CM-2001");
  await expect(parts.nth(0)).toContainText("90.00 ÷ 97.20");
  await expect(parts.nth(1)).toContainText("From CM-2002");
  await expect(parts.nth(1).locator("dd.sum")).toHaveText("52.96");
  await expect(settle.why.getByRole("heading", { level: 2 })).toContainText("Why 90.00");
  // CM-2002 has 19.40 left for the three equal lines of INV-1003: 6.47, 6.47 and 6.46. Of 150.00, 130.60 are open when
  // P-3001 comes, and 43.53 of them on the first line.
  await settle.amountOf("Training session 1").click();
  await expect(parts.nth(1)).toContainText("From P-3001");
  await expect(parts.nth(1)).toContainText("43.53 ÷ 130.60");
});

test("a rule says what it would change for all credits, too", async ({ settle }) => {
  await settle.choose("Credit or payment", ALL);
  await settle.slot("Rule").click();
  // All of INV-1001 is paid either way. Of 79.40, fifo pays 50.00 and 29.40 of INV-1003, and nothing of the third.
  const option = settle.page.getByRole("option", { name: /^first in, first out/ });
  await expect(option.locator(".option-effect")).toHaveText("Training session 1 gets 50.00.");
});

test("fifty credits over sixty invoices: eleven rows on each side, and the others together", async ({
  page,
}) => {
  const settle = new SettlePage(page);
  const at = "2026-03-01";
  const two = (number) => String(number).padStart(2, "0");
  const invoices = Array.from({ length: 60 }, (_, place) => ({
    ...{ type: "createInvoice", id: `INV-${two(place)}`, at, autoPost: true },
    items: [{ id: "a", amount: `${100 + place}.10` }],
  }));
  const memos = Array.from({ length: 50 }, (_, place) => ({
    ...{ type: "createCreditMemo", id: `CM-${two(place)}`, at, autoPost: true },
    items: [{ id: "a", amount: `${60 + place}.07` }],
  }));
  const form = {
    ...{ source: { type: "allOpen", currency: "USD" }, targets: "allOpen" },
    ...{ rule: "proration", at },
  };
  await settle.open(linkTo({ commands: [...invoices, ...memos], form }));
  // 50 × 60.07 and 0 + 1 + … + 49 = 1,225: 4,228.50.
  await expect(settle.commit).toHaveText("Apply 4,228.50");
  await expect(page.locator(".giver")).toHaveCount(12);
  await expect(page.locator(".giver").last()).toContainText("39 more credits");
  await settle.expectSums();
  const [[given], [got]] = [
    await read(page.locator(".pays"), [".given"]),
    await read(page.locator(".paid"), [".target:not(.offered) .amount.sum data"]),
  ].map(([[all]]) => [all]);
  expect(sum(given)).toBe("4228.50");
  expect(sum(got)).toBe("4228.50");
  expect(await page.locator("*").count()).toBeLessThan(3_000);
});

test("with one credit alone, or one of each currency, there is no such choice", async ({
  page,
}) => {
  const settle = new SettlePage(page);
  const at = "2026-03-01";
  const document = { at, autoPost: true, items: [{ id: "a", amount: "10.00" }] };
  const commands = [
    { type: "createInvoice", id: "INV-1", ...document },
    { type: "createCreditMemo", id: "CM-1", ...document },
    { type: "createCreditMemo", id: "CM-2", ...document, currency: "EUR" },
  ];
  await settle.open(linkTo({ commands }));
  await settle.slot("Credit or payment").click();
  await expect(page.getByRole("option")).toHaveCount(2);
  await expect(page.getByRole("option", { name: ALL })).toHaveCount(0);
});

test("by the keyboard alone: choose all credits, apply, take back", async ({ settle }) => {
  const { page } = settle;
  await page.keyboard.press("Alt+c");
  await page.keyboard.type("a");
  await page.keyboard.press("Enter");
  await expect(settle.commit).toHaveText("Apply 176.60");
  await page.keyboard.press("Control+Enter");
  await expect(settle.toast).toContainText("Applied 176.60");
  await page.keyboard.press("Control+z");
  await expect(settle.toast).toContainText("Undone");
});
