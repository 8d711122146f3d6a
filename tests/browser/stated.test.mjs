// Amounts that somebody states line by line.
//
// The expected figures are worked out by hand from `www/accounts/studio.js`. CM-2001 has 30.00 and 7.60 left on its
// items, and 2.40 on a tax. Items are paid from items and taxes from taxes, the first line of the credit first.
import { expect, linkTo, test } from "./fixtures.mjs";
import { SettlePage } from "./pages/settle.mjs";

const RULE = "stated amounts";
const PLAN = "Team plan, January";
const TAX = "Sales tax on Team plan, January";
const DISCOUNT_TAX = "Sales tax on Loyalty discount";
const SESSION = "Training session 1";

test("amounts are stated in the table, and what is still to be stated is said", async ({
  settle,
}) => {
  await settle.choose("Rule", RULE);
  // The sample states 20.00 for INV-1001 already.
  await expect(settle.result).toHaveText("20.00 is still to be stated on the lines of INV-1001.");
  await expect(settle.commit).toBeDisabled();
  await settle.lineField(PLAN, "INV-1001").fill("18.00");
  await expect(settle.result).toHaveText("2.00 is still to be stated on the lines of INV-1001.");
  await expect.poll(() => settle.openAmount("INV-1001"), "it is drawn").toEqual(["97.20", "79.20"]);
  await settle.lineField(TAX, "INV-1001").fill("2.20");
  await expect(settle.result).toHaveText("The lines of INV-1001 have 0.20 more than its amount.");
  await expect(settle.commit).toBeDisabled();
  await settle.lineField(DISCOUNT_TAX, "INV-1001").fill("-0.20");
  await expect(settle.result).toHaveText(
    "20.00 of credit pays 1 invoice. 20.00 is left on CM-2001. " +
      "INV-1003 gets nothing: nothing is stated there.",
  );
  await expect(settle.commit).toHaveText("Apply 20.00");
  await settle.tick("INV-1003").uncheck();
  await settle.expectSums();
  // 90.00 − 18.00, 8.00 − 2.20 and −0.80 + 0.20.
  const moves = settle.target("INV-1001").locator(".lines .move data:last-child");
  await expect(moves).toHaveText(["72.00", "5.80", "−0.60"]);
  await settle.expectCommand({
    type: "applyCreditMemo",
    at: "2026-03-15",
    creditMemoId: "CM-2001",
    rule: "explicit",
    invoices: [
      {
        invoiceId: "INV-1001",
        items: [
          { creditMemoItemId: "outage", invoiceItemId: "plan", amount: "18.00" },
          { creditTaxItemId: "outage-tax", taxItemId: "plan-tax", amount: "2.20" },
          { creditTaxItemId: "outage-tax", taxItemId: "discount-tax", amount: "-0.20" },
        ],
      },
    ],
  });
});

test("the lines of the credit pay in their order", async ({ settle }) => {
  await settle.choose("Rule", RULE);
  await settle.amountField("INV-1001").fill("");
  await settle.lineField(PLAN, "INV-1001").fill("35");
  // 30.00 of the outage credit, and 5.00 of the goodwill.
  await expect.poll(() => settle.given()).toEqual(["30.00", "5.00"]);
  await expect(settle.commit).toHaveText("Apply 35.00");
  await settle.tick("INV-1003").uncheck();
  await settle.expectSums();
});

for (const [typed, after] of [
  ["12,50", "77.50"],
  [".5", "89.50"],
  ["20.", "70.00"],
  ["$20", "70.00"],
]) {
  test(`“${typed}” for a line is understood`, async ({ settle }) => {
    await settle.choose("Rule", RULE);
    await settle.lineField(PLAN, "INV-1001").fill(typed);
    const move = settle.target("INV-1001").locator(".lines .move data:last-child").first();
    await expect(move).toHaveText(after);
    await expect(settle.page.locator("[aria-invalid=true]")).toHaveCount(0);
  });
}

test("nothing is red while one types; what is wrong is said at its line", async ({ settle }) => {
  await settle.choose("Rule", RULE);
  await settle.amountField("INV-1001").fill("");
  const field = settle.lineField(SESSION, "INV-1003");
  await field.focus();
  await settle.page.keyboard.type("0.", { delay: 30 });
  await expect(settle.page.locator("[aria-invalid=true]")).toHaveCount(0);
  await field.fill("12x");
  await expect(settle.page.locator("[aria-invalid=true]"), "not at once").toHaveCount(0);
  await expect(settle.commit).toBeDisabled();
  await field.blur();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(settle.page.locator("[aria-invalid=true]"), "it alone").toHaveCount(1);
  await expect(settle.target("INV-1003").locator(".fault")).toHaveText(
    "This is not an amount. Write it as 12.50 or 12,50.",
  );
  await field.fill("12.345");
  await expect(settle.result).toContainText("USD has 2 decimals, not more.");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await field.fill("12.34");
  await expect(settle.commit).toHaveText("Apply 12.34");
  await expect(settle.page.locator("[aria-invalid=true]")).toHaveCount(0);
});

test("a credit that has too little for taxes or items says so", async ({ settle }) => {
  await settle.choose("Rule", RULE);
  await settle.amountField("INV-1001").fill("");
  const tax = settle.lineField(TAX, "INV-1001");
  await tax.fill("3");
  await expect(settle.result).toContainText(
    "CM-2001 has 2.40 left for taxes, but 3.00 is stated for them. Stated amounts pay taxes from taxes.",
  );
  await expect(tax).toHaveAttribute("aria-invalid", "true");
  await expect(settle.commit).toBeDisabled();
  await tax.fill("2.40");
  await expect(settle.commit).toHaveText("Apply 2.40");
  await settle.lineField(SESSION, "INV-1003").fill("37.61");
  await expect(settle.result).toContainText(
    "CM-2001 has 37.60 left for items, but 37.61 is stated for them.",
  );
});

test("a line gets no more than it has open, and a line below zero needs a minus", async ({
  settle,
}) => {
  await settle.choose("Credit or payment", "P-3001");
  await settle.choose("Rule", RULE);
  await settle.amountField("INV-1001").fill("");
  const field = settle.lineField(SESSION, "INV-1003");
  await field.fill("51");
  await expect(settle.result).toContainText("Only 50.00 is open on Training session 1.");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await field.fill("50");
  await expect(settle.commit).toHaveText("Apply 50.00");
  await settle.lineField(DISCOUNT_TAX, "INV-1001").fill("0.10");
  await expect(settle.result).toContainText(
    "Sales tax is below zero, so its amount needs a minus.",
  );
});

test("Escape takes back a field, then the rule; what was stated is kept", async ({ settle }) => {
  const { page } = settle;
  await settle.choose("Rule", RULE);
  const field = settle.lineField(PLAN, "INV-1001");
  await field.fill("20");
  await expect(settle.commit).toHaveText("Apply 20.00");
  await field.blur();
  await field.focus();
  await field.fill("21");
  await expect(settle.commit).toBeDisabled();
  await page.keyboard.press("Escape");
  await expect(field).toHaveValue("20");
  await expect(settle.commit).toHaveText("Apply 20.00");
  await page.keyboard.press("Escape");
  await expect(settle.slot("Rule")).toContainText("proration");
  await expect(settle.slot("Rule")).toBeFocused();
  await expect.poll(async () => (await settle.lines("INV-1001"))[0][1]).toBe("18.52");
  await settle.choose("Rule", RULE);
  await expect(field).toHaveValue("20");
  await expect(settle.commit).toHaveText("Apply 20.00");
});

test("what was stated is applied, and undone to the state before", async ({ settle }) => {
  const { hash } = await settle.developers();
  await settle.choose("Credit or payment", "P-3001");
  await settle.choose("Rule", RULE);
  await settle.amountField("INV-1001").fill("");
  await settle.lineField(SESSION, "INV-1003").fill("25.50");
  // A payment has no lines, so it pays taxes as well as items.
  await settle.lineField(TAX, "INV-1001").fill("8");
  await expect(settle.commit).toHaveText("Apply 33.50");
  await settle.expectSums();
  await settle.commit.click();
  await expect(settle.toast).toContainText("Applied 33.50");
  await settle.page.keyboard.press("Control+z");
  await expect(settle.toast).toContainText("Undone");
  await expect.poll(async () => (await settle.developers()).hash).toBe(hash);
  await expect(settle.lineField(SESSION, "INV-1003")).toHaveValue("25.50");
  await expect(settle.commit).toHaveText("Apply 33.50");
});

test("by the keyboard alone: Enter goes on from field to field", async ({ settle }) => {
  const { page } = settle;
  await page.keyboard.press("Alt+r");
  await page.keyboard.type("s");
  await page.keyboard.press("Enter");
  await settle.amountField("INV-1001").fill("");
  await page.keyboard.press("Enter");
  await expect(settle.lineField(PLAN, "INV-1001")).toBeFocused();
  await page.keyboard.type("10");
  await page.keyboard.press("Enter");
  await expect(settle.lineField(TAX, "INV-1001")).toBeFocused();
  await page.keyboard.type("0.80");
  await expect(settle.commit).toHaveText("Apply 10.80");
  await page.keyboard.press("Control+Enter");
  await expect(settle.toast).toContainText("Applied 10.80");
});

test("a link carries what is stated; all credits together have no such rule", async ({ page }) => {
  const settle = new SettlePage(page);
  const at = "2026-03-01";
  const document = { at, autoPost: true, items: [{ id: "a", amount: "10.00", description: "A" }] };
  const commands = [
    { type: "createInvoice", id: "INV-1", ...document },
    { type: "createCreditMemo", id: "CM-1", ...document },
    { type: "createPayment", id: "P-1", at, amount: "5.00" },
  ];
  const lines = [{ itemId: "a", taxItemId: null, amount: "4.00" }];
  const form = {
    ...{ source: { type: "creditMemo", id: "CM-1" }, rule: "explicit", at },
    targets: [{ type: "invoice", id: "INV-1", lines }],
  };
  await settle.open(linkTo({ commands, form }));
  await expect(settle.lineField("A", "INV-1")).toHaveValue("4.00");
  await expect(settle.commit).toHaveText("Apply 4.00");
  await settle.choose("Credit or payment", /^all credits/);
  await expect(settle.slot("Rule")).toContainText("proration");
  await settle.slot("Rule").click();
  await expect(page.getByRole("option", { name: RULE })).toHaveCount(0);
});

test("a credit of another currency begins with nothing ticked", async ({ page }) => {
  const settle = new SettlePage(page);
  await settle.openSample("yen");
  await settle.choose("Rule", RULE);
  await settle.choose("Credit or payment", "P-KW-1");
  await expect(settle.result).toHaveText("Tick what is to be paid.");
  await settle.tick("INV-KW-1").check();
  await settle.lineField("Support, Kuwait", "INV-KW-1").fill("1.005");
  await expect(settle.commit).toHaveText("Apply 1.005");
  await settle.expectSums();
});

test("stated amounts are compared with another rule", async ({ settle }) => {
  const { page } = settle;
  await settle.choose("Rule", RULE);
  await settle.amountField("INV-1001").fill("");
  await settle.lineField(PLAN, "INV-1001").fill("10.00");
  await expect(settle.commit).toHaveText("Apply 10.00");
  await page.getByRole("link", { name: "Compare" }).click();
  const side = page.getByRole("region", { name: "Scenario A" });
  await expect(side).toContainText("10.00 of credit pays 1 invoice.");
  // B pays 97.20 of INV-1001 by the oldest line: 40.80 at most of the plan, less the 0.80 of the discount's tax.
  await expect(page.getByRole("region", { name: "Difference" })).toContainText("(INV-1001)");
});

test("an amount of one line of 15,000", async ({ page }) => {
  const settle = new SettlePage(page);
  await settle.openSample("metered");
  await settle.choose("Rule", RULE);
  await expect(settle.result).toHaveText("State what each line is paid.");
  await page.getByRole("button", { name: "15,000 lines" }).click();
  await page.getByLabel("Find a line of INV-9001").fill("node 777");
  const field = page.getByRole("textbox", { name: /^Amount for Storage, node 777, INV-9001/ });
  await field.fill("1.25");
  await expect(settle.commit).toHaveText("Apply 1.25");
  await settle.expectSums();
  expect(await page.locator("*").count()).toBeLessThan(3_000);
  await page.getByLabel("Find a line of INV-9001").fill("");
  await page.getByRole("group", { name: "Lines of INV-9001, 15,000" }).waitFor();
  await page.locator(".window").evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await page.getByRole("textbox", { name: /^Amount for Backup, node 15000/ }).fill("0.75");
  await expect(settle.commit).toHaveText("Apply 2.00");
  await settle.expectSums();

  // Those that have an amount, alone. One whose field is emptied stays, so that somebody can type on.
  await page.getByLabel("Only lines with an amount").check();
  await page.getByRole("group", { name: "Lines of INV-9001, 2" }).waitFor();
  await expect(page.locator(".window .name")).toHaveText([
    "Storage, node 777",
    "Backup, node 15000",
  ]);
  await field.fill("");
  await expect(settle.commit).toHaveText("Apply 0.75");
  await expect(page.locator(".window .name")).toHaveCount(2);
  await field.fill("0.25");
  await expect(settle.commit).toHaveText("Apply 1.00");
});
