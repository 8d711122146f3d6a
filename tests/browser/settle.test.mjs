// The view of settlements, used as a person uses it.
//
// The expected figures are worked out by hand from `www/accounts/studio.js`:
//
// - 20.00 to INV-1001. The discount is netted into its item; its tax counts with its sign: 90.00 (100.00 − 10.00), 8.00
//   and −0.80 are open, 97.20 together. Shares: 20.00 × 90 / 97.2 = 18.5185…, × 8: 1.6460…, × −0.8: −0.1646…, rounded
//   down 18.51, 1.64 and −0.17; the two cents that are left go to the largest remainders: 18.52 and 1.65. Balances
//   after: 71.48, 6.35, −0.63; together 77.20, which is 97.20 − 20.00.
// - 20.00 to INV-1003. Three items of 50.00: 6.6666… each, rounded down 6.66; two cents are left, the remainders are
//   equal, so the first two items get them. Balances after: 43.33, 43.33, 43.34; together 130.00.
// - 40.00 to INV-1003: 13.3333… each, rounded down 13.33, and one cent to the first. After: 36.66, 36.67, 36.67.
import { expect, linkTo, test } from "./fixtures.mjs";
import { SettlePage } from "./pages/settle.mjs";
import { amounts, read } from "./pages/view.mjs";

const EXAMPLE_1001 = [
  ["Team plan, January", "18.52", "90.00", "71.48"],
  ["Sales tax", "1.65", "8.00", "6.35"],
  ["Sales tax", "-0.17", "-0.80", "-0.63"],
];
const EXAMPLE_1003 = [
  ["Training session 1", "6.67", "50.00", "43.33"],
  ["Training session 2", "6.67", "50.00", "43.33"],
  ["Training session 3", "6.66", "50.00", "43.34"],
];

test("it starts with a sample and the picture of a first settlement, which adds up", async ({
  settle,
}) => {
  await expect(settle.result).toHaveText("40.00 of credit pays 2 invoices. Nothing is left over.");
  await expect(settle.commit).toHaveText("Apply 40.00");
  await expect.poll(() => settle.lines("INV-1001")).toEqual(EXAMPLE_1001);
  await expect.poll(() => settle.lines("INV-1003")).toEqual(EXAMPLE_1003);
  await expect.poll(() => settle.openAmount("INV-1001")).toEqual(["97.20", "77.20"]);
  await expect.poll(() => settle.openAmount("INV-1003")).toEqual(["150.00", "130.00"]);
  await expect.poll(() => settle.given()).toEqual(["30.00", "2.40", "7.60"]);
  await settle.expectSums();
  // As few pairs of lines as can be: to INV-1001 six, to INV-1003 five.
  await expect(settle.page.locator(".ribbons path")).toHaveCount(10);
  await expect
    .poll(async () => (await settle.developers()).version, "a preview changes nothing")
    .toBe(8);
});

for (const key of ["studio", "upgrade", "forty", "yen", "metered"]) {
  test(`all figures of the sample ${key} add up`, async ({ page }) => {
    const settle = new SettlePage(page);
    await settle.openSample(key);
    await settle.expectSums();
    for (const rule of ["first in, first out", "last in, first out", "the line it credits"]) {
      await settle.choose("Rule", rule);
      await expect(settle.slot("Rule")).toContainText(rule);
      await expect(settle.commit).toBeEnabled();
      await settle.expectSums();
    }
  });
}

test("what is typed is previewed at once", async ({ settle }) => {
  await settle.tick("INV-1001").uncheck();
  await settle.amountField("INV-1003").fill("40");
  await expect
    .poll(() => settle.lines("INV-1003"))
    .toEqual([
      ["Training session 1", "13.34", "50.00", "36.66"],
      ["Training session 2", "13.33", "50.00", "36.67"],
      ["Training session 3", "13.33", "50.00", "36.67"],
    ]);

  // First in, first out settles the first item alone.
  await settle.choose("Rule", "first in");
  await expect
    .poll(() => settle.lines("INV-1003"))
    .toEqual([
      ["Training session 1", "40.00", "50.00", "10.00"],
      ["Training session 2", null, "50.00", "50.00"],
      ["Training session 3", null, "50.00", "50.00"],
    ]);
  await settle.expectCommand({
    type: "applyCreditMemo",
    at: "2026-03-15",
    creditMemoId: "CM-2001",
    rule: "fifo",
    invoices: [{ invoiceId: "INV-1003", amount: "40" }],
  });
});

test("typing an amount ticks its invoice and keeps the cursor", async ({ settle }) => {
  await settle.tick("INV-1001").uncheck();
  await settle.tick("INV-1003").uncheck();
  await expect(settle.result).toHaveText("Tick what is to be paid.");
  await expect(settle.commit).toBeDisabled();
  await settle.amountField("INV-1002").focus();
  await settle.page.keyboard.type("12.5", { delay: 40 });
  await expect.poll(() => settle.amountField("INV-1002").inputValue()).toBe("12.5");
  await expect(settle.tick("INV-1002")).toBeChecked();
  await expect.poll(() => settle.openAmount("INV-1002")).toEqual(["153.20", "140.70"]);
});

for (const [typed, after] of [
  ["12,50", "137.50"],
  [".5", "149.50"],
  ["20.", "130.00"],
  ["$20", "130.00"],
  [" 0020 ", "130.00"],
]) {
  test(`“${typed}” is understood`, async ({ settle }) => {
    await settle.tick("INV-1001").uncheck();
    await settle.amountField("INV-1003").fill(typed);
    await expect.poll(() => settle.openAmount("INV-1003")).toEqual(["150.00", after]);
    await expect(settle.page.locator("[aria-invalid=true]")).toHaveCount(0);
  });
}

test("1,000.00 is a thousand, in the visitor's way of grouping", async ({ page }) => {
  const settle = new SettlePage(page);
  await settle.openSample("forty");
  await settle.amountField("INV-7003").fill("1,000.00");
  await expect.poll(() => settle.openAmount("INV-7003")).toEqual(["1942.75", "942.75"]);
});

test("nothing is red while one types, and what is wrong is said when one leaves", async ({
  settle,
}) => {
  const field = settle.amountField("INV-1003");
  await field.fill("12.");
  await expect.poll(() => settle.openAmount("INV-1003")).toEqual(["150.00", "138.00"]);
  await field.fill("-");
  await expect(settle.page.locator("[aria-invalid=true]")).toHaveCount(0);
  await field.fill("abc");
  await expect(settle.page.locator("[aria-invalid=true]"), "not at once").toHaveCount(0);
  await expect(settle.commit).toBeDisabled();
  await field.blur();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(settle.target("INV-1003").locator(".fault")).toHaveText(
    "This is not an amount. Write it as 12.50 or 12,50.",
  );
  await field.fill("12.50");
  await expect(settle.page.locator("[aria-invalid=true]")).toHaveCount(0);
  await expect.poll(() => settle.openAmount("INV-1003")).toEqual(["150.00", "137.50"]);
});

test("a refusal is one sentence in plain words, at its field", async ({ settle }) => {
  await settle.amountField("INV-1003").fill("40.00");
  await expect(settle.result).toContainText("Only 20.00 is left on CM-2001.");
  await expect(settle.commit).toBeDisabled();
  await settle.tick("INV-1001").uncheck();
  await settle.tick("INV-1003").uncheck();
  await settle.amountField("DM-4001").fill("20.00");
  await expect(settle.result).toContainText("Only 12.00 is open on DM-4001.");
  await expect(settle.amountField("DM-4001")).toHaveAttribute("aria-invalid", "true");
  await settle.amountField("DM-4001").fill("10.00");
  await expect(settle.result).toContainText("10.00 of credit pays 1 debit memo.");
});

test("an invoice for which nothing is left is named", async ({ settle }) => {
  // Without an amount, INV-1001 takes all 40.00, since it is due first: 97.20 − 40.00 = 57.20.
  await settle.amountField("INV-1001").fill("");
  await expect(settle.result).toHaveText(
    "40.00 of credit pays 1 invoice. Nothing is left over. INV-1003 gets nothing: the credit is used up.",
  );
  await expect.poll(() => settle.openAmount("INV-1001")).toEqual(["97.20", "57.20"]);
});

test("a click on an amount says why, to the cent, and who got the cents left over", async ({
  settle,
}) => {
  await settle.amountOf("Team plan, January").click();
  await expect(settle.why.getByRole("heading", { level: 2 })).toHaveText(
    "Why 18.52 to “Team plan, January”?",
  );
  const steps = settle.why.locator("dl.steps").first();
  const termsAndValues = async () => {
    const [[terms, values]] = await read(steps, ["dt", "dd"]);
    return terms.map((term, place) => [term, values[place]]);
  };
  await expect.poll(termsAndValues).toEqual([
    ["Open on this line", "90.00"],
    ["Open on INV-1001", "97.20"],
    ["Its share", "90.00 ÷ 97.20"],
    ["Its share of 20.00", "18.518518…"],
    ["Rounded down", "18.51"],
    ["Left over, largest remainder first", "+0.01"],
    ["Is paid", "18.52"],
  ]);
  const ranking = await read(settle.why.locator(".ranking li"), ["span"]);
  expect(ranking.map(([[name, exact, got]]) => [name, exact, got])).toEqual([
    ["Team plan, January", "18.518518…", "+0.01"],
    ["Sales tax", "1.646090…", "+0.01"],
    ["Sales tax", "−0.164609…", ""],
  ]);
  // 15.17 of the outage credit and 3.35 of the goodwill are the 18.52.
  const pairs = await amounts(settle.why.locator("dl.pairs data"));
  expect(pairs).toEqual(["15.17", "3.35"]);
  await settle.page.keyboard.press("Escape");
  await expect(settle.why).toHaveCount(0);
  await expect(settle.amountOf("Team plan, January"), "the focus goes back").toBeFocused();
});

test("the reason moves with the figures", async ({ settle }) => {
  await settle.amountOf("Training session 1").click();
  await expect(settle.why.getByRole("heading", { level: 2 })).toContainText("Why 6.67");
  await settle.choose("Rule", "first in");
  await expect(settle.why.getByRole("heading", { level: 2 })).toContainText("Why 20.00");
});

test("ageing before and after adds up to what is owed", async ({ settle }) => {
  const rows = settle.page.locator(".ageing tbody tr");
  await expect(rows).toHaveCount(5);
  const texts = await rows.evaluateAll((all) =>
    all.map((row) => [...row.querySelectorAll("th, data")].map((each) => each.textContent)),
  );
  // On 15 March, INV-1001 is 43 days late, INV-1002 15 and INV-1003 3; INV-1004 and DM-4001 are not due.
  expect(texts).toEqual([
    ["Not due", "142.60"],
    ["1–30 days", "303.20", "283.20"],
    ["31–60 days", "97.20", "77.20"],
    ["61–90 days", "0.00"],
    ["90+ days", "0.00"],
  ]);
});

test("applying does what was shown, and undo leads back to the state before", async ({
  settle,
}) => {
  const before = await settle.developers();
  expect(before.hash).toMatch(/^[0-9a-f]{64}$/);
  await settle.commit.click();
  await expect(settle.toast).toContainText("Applied 40.00");
  await expect.poll(() => settle.done()).toEqual(["Applied CM-2001", "Account opened"]);
  await expect.poll(() => settle.openAmount("INV-1001")).toEqual(["77.20"]);
  await expect.poll(() => settle.openAmount("INV-1003")).toEqual(["130.00"]);
  const applied = await settle.developers();
  expect(applied.version).toBe(9);
  expect(applied.hash).not.toBe(before.hash);

  await settle.history.getByRole("button", { name: /^Undo/ }).first().click();
  await expect(settle.toast).toContainText("Undone");
  await expect.poll(async () => (await settle.developers()).hash).toBe(before.hash);
  await expect(settle.result).toHaveText("40.00 of credit pays 2 invoices. Nothing is left over.");
  await expect.poll(() => settle.lines("INV-1001"), "the scenario is back").toEqual(EXAMPLE_1001);
});

test("Enter in a field commits nothing; Ctrl with Enter does; Ctrl with Z takes back", async ({
  settle,
}) => {
  const { page } = settle;
  const fields = await page.locator("main :is(input, select)").all();
  expect(fields.length).toBeGreaterThan(8);
  for (const field of fields) {
    await field.focus();
    await page.keyboard.press("Enter");
  }
  await expect.poll(async () => (await settle.developers()).version).toBe(8);
  await page.keyboard.press("Control+Enter");
  await expect(settle.toast).toContainText("Applied 40.00");
  await page.locator("h1").evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Control+z");
  await expect(settle.toast).toContainText("Undone");
  await expect.poll(async () => (await settle.developers()).version).toBe(10);
});

test("who types and commits at once commits what was typed", async ({ settle }) => {
  await settle.page.evaluate(() => {
    const field = document.querySelector('input[aria-label^="Amount for INV-1001"]');
    field.value = "7.00";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    document.querySelector("#commit").click();
  });
  await expect(settle.toast).toContainText("Applied 40.00");
  await expect(settle.history).toContainText("INV-1001");
  // 7.00 of it, and the rest to INV-1003.
  await expect.poll(() => settle.openAmount("INV-1001")).toEqual(["90.20"]);
  await expect.poll(() => settle.openAmount("INV-1003")).toEqual(["117.00"]);
});

test("ticks and amounts outlive a change of the source", async ({ settle }) => {
  await settle.choose("Credit or payment", "P-3001");
  await expect(settle.result).toHaveText(
    "60.00 of the payment pays 2 invoices. Nothing is left over.",
  );
  await expect.poll(() => settle.amountField("INV-1001").inputValue()).toBe("20.00");
  await settle.expectSums();
});

test("all open documents, or those that are picked from the list", async ({ page }) => {
  const settle = new SettlePage(page);
  await settle.openSample("forty");
  await expect(settle.result).toContainText("30,000.00 of credit pays 20 invoices, 19 in full.");
  await settle.slot("What is paid").click();
  const list = page.getByRole("dialog", { name: "What is paid" });
  await list.getByRole("button", { name: "None" }).click();
  await expect(settle.result).toHaveText("Tick what is to be paid.");
  await list.getByLabel("Find a number").fill("7040");
  await list.getByRole("checkbox", { name: /INV-7040/ }).check();
  await page.keyboard.press("Escape");
  await expect(settle.result).toContainText("pays 1 invoice in full");
  await settle.expectSums();
});

test.describe("an invoice of 15,000 lines", () => {
  test("it is drawn as one row, and its lines are a click away", async ({ page }) => {
    const settle = new SettlePage(page);
    await settle.openSample("metered");
    await expect(settle.result).toContainText("150,000.00 of credit pays 1 invoice.");
    await page.getByRole("button", { name: "15,000 lines" }).click();
    const lines = page.locator(".window .line");
    await expect(lines.first()).toContainText("Compute, node 1");
    await expect.poll(() => lines.count()).toBeLessThan(60);
    await page.locator(".window").evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await expect(page.locator(".window").getByText("Backup, node 15000")).toBeVisible();
    await page.getByLabel("Find a line of INV-9001").fill("node 777");
    await expect(lines.first()).toContainText("Storage, node 777");
    await lines.first().getByRole("button").click();
    await expect(settle.why).toContainText("Open on INV-9001");
    await expect.poll(() => page.locator("*").count()).toBeLessThan(3_000);
  });
});

test.describe("accounts of another shape", () => {
  const at = "2026-03-01";
  const items = [{ id: "a", amount: "10.00" }];
  const invoice = { type: "createInvoice", id: "INV-1", at, autoPost: true, items };
  const memo = { type: "createCreditMemo", id: "CM-1", at, autoPost: true, items };

  test("without a credit, that is said", async ({ page }) => {
    const settle = new SettlePage(page);
    await settle.open(linkTo({ commands: [invoice] }));
    await expect(settle.result).toHaveText(
      "No credit memo or payment of this account has anything left.",
    );
    await expect(settle.commit).toBeDisabled();
  });

  test("without an invoice, that is said", async ({ page }) => {
    const settle = new SettlePage(page);
    await settle.open(linkTo({ commands: [memo] }));
    await expect(settle.result).toHaveText("Nothing is open in this account.");
  });
});

test.describe("figures of fifteen digits, identifiers of a hundred letters", () => {
  const at = "2026-03-01";
  const long = "INV-".padEnd(100, "0123456789");
  const commands = [
    {
      ...{ type: "createInvoice", id: "INV-1", at, autoPost: true },
      items: [
        { id: "plan", amount: "9876543210123.45", description: "Team plan, January" },
        { id: "rebate", amount: "-1234567890123.45", description: "Rebate" },
      ],
    },
    {
      ...{ type: "createInvoice", id: long, at, autoPost: true },
      items: [{ id: "x".repeat(100), amount: "10.00" }],
    },
    {
      ...{ type: "createCreditMemo", id: "CM-1", at, autoPost: true },
      items: [{ id: "credit", amount: "8641975320010.00", description: "Credit" }],
    },
  ];
  for (const width of [1920, 1440, 1366, 1024, 768, 390, 320]) {
    test(`fit into a window ${width} pixels wide`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 });
      const settle = new SettlePage(page);
      await settle.open(linkTo({ commands }));
      await expect(settle.commit).toHaveText("Apply 8,641,975,320,010.00");
      await settle.expectSums();
      await settle.expectToFit();
      await expect.poll(() => settle.overlaps()).toEqual([]);
      await settle.choose("Rule", "stated amounts");
      await settle.lineField("Team plan, January", "INV-1").fill("8000000000000.00");
      await expect(settle.commit).toHaveText("Apply 8,000,000,000,000.00");
      await settle.expectToFit();
      await expect.poll(() => settle.overlaps()).toEqual([]);
    });
  }
});

test("why a line gets nothing is said, too", async ({ settle }) => {
  await settle.choose("Rule", "first in");
  await settle.page.getByRole("button", { name: "nothing to Training session 2: why?" }).click();
  await expect(settle.why.getByRole("heading", { level: 2 })).toHaveText(
    "Why nothing to “Training session 2”?",
  );
  await expect(settle.why.locator("p").first()).toHaveText(/^\S.+\.$/);
});

test("the history says why it was that then, after what came since", async ({ settle }) => {
  await settle.commit.click();
  await expect(settle.toast).toContainText("Applied 40.00");
  await settle.tick("INV-1001").check();
  await expect(settle.commit).toBeEnabled();
  await settle.commit.click();
  await expect.poll(() => settle.done()).toHaveLength(3);
  const first = settle.history.locator("li").filter({ hasText: "40.00 to INV-1001 and INV-1003" });
  await first.getByText("Why").click();
  await expect(first.locator("h3").first()).toHaveText("20.00 of CM-2001 to INV-1001");
  await expect(first).toContainText("Team plan, January: 18.52");
  await expect(first).toContainText("20.00 × 90.00 ÷ 97.20, is 18.518…");
});

test("an amount that stands in a field counts again when its document is ticked again", async ({
  settle,
}) => {
  await settle.tick("INV-1001").uncheck();
  await expect.poll(() => settle.openAmount("INV-1001")).toEqual(["97.20"]);
  await settle.tick("INV-1001").check();
  await expect.poll(() => settle.openAmount("INV-1001")).toEqual(["97.20", "77.20"]);
});

test("a rule says what it would change, before it is chosen", async ({ settle }) => {
  await settle.slot("Rule").click();
  // By proration Training session 1 gets 6.67 of 20.00; first in, first out, the plan gets 20.80 and the tax of the
  // discount its −0.80.
  const option = settle.page.getByRole("option", { name: /^first in, first out/ });
  await expect(option.locator(".option-effect")).toHaveText("Team plan, January gets 20.80.");
});

test("what was applied is undone in any order, to the state before", async ({ settle }) => {
  const { hash } = await settle.developers();
  await settle.commit.click();
  await expect(settle.toast).toContainText("Applied 40.00");
  await settle.choose("Credit or payment", "P-3001");
  await settle.tick("INV-1001").check();
  await expect(settle.commit).toHaveText("Apply 60.00");
  await settle.commit.click();
  await expect.poll(() => settle.done()).toHaveLength(3);
  // The older one first.
  await settle.history.getByRole("button", { name: /Applied CM-2001/ }).click();
  await expect.poll(async () => (await settle.done())[0]).toBe("Undid CM-2001");
  await settle.history.getByRole("button", { name: /Applied P-3001/ }).click();
  await expect.poll(async () => (await settle.done())[0]).toBe("Undid P-3001");
  await expect.poll(async () => (await settle.developers()).hash).toBe(hash);
});
