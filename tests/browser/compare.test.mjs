// Two what-ifs side by side.
import { expect, test } from "./fixtures.mjs";
import { read, sum, View } from "./pages/view.mjs";

test.beforeEach(async ({ page }) => {
  const view = new View(page);
  await view.goto("./#/compare");
  await page.getByRole("region", { name: "Difference" }).locator("table").waitFor();
});

const differenceOf = async (page) => {
  const rows = await read(page.locator(".difference tbody tr"), ["data"]);
  return rows.map(([figures]) => figures);
};

test("two rules: the lines that differ, the largest difference first, in words and figures", async ({
  page,
}) => {
  // By proration Training session 1 gets 6.67 of 20.00, by first in first out all of it: 43.33 and 30.00 stay open.
  await expect(page.locator(".headline")).toContainText(
    "B leaves 13.33 less on Training session 1 (INV-1003), and 6 lines differ.",
  );
  const rows = await differenceOf(page);
  expect(rows[0]).toEqual(["43.33", "30.00", "-13.33"]);
  for (const [after, other, difference] of rows) expect(sum([after, difference])).toBe(other);
  expect(sum(rows.map(([, , difference]) => difference)), "both apply 40.00").toBe("0.00");
});

test("the same on both sides is said", async ({ page }) => {
  const b = page.getByRole("region", { name: "Scenario B" });
  await b.getByRole("button", { name: /^Rule:/ }).click();
  await page.getByRole("option", { name: /^proration/ }).click();
  await expect(page.locator(".headline")).toHaveText("A and B leave the account the same.");
});

test("nothing is applied from here, not even by Ctrl and Enter; who wants a side goes to it", async ({
  page,
}) => {
  await expect(page.getByRole("button", { name: /^Apply/ })).toHaveCount(0);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("link", { name: "Look at B in full" }).click();
  await expect(page.getByRole("button", { name: /^Apply/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Rule:/ })).toContainText("first in, first out");
  await expect(page.locator("#version")).toHaveText("8");
});

test("a side is a whole form: documents are ticked, and amounts of lines are stated, apart from the other", async ({
  page,
}) => {
  const [a, b] = ["A", "B"].map((name) => page.getByRole("region", { name: `Scenario ${name}` }));
  await a.getByText("Documents and lines of A").click();
  await expect(a.getByRole("checkbox", { name: "INV-1003" })).toBeChecked();
  await a.getByRole("checkbox", { name: "INV-1003" }).uncheck();
  await expect(a).toContainText("20.00 of credit pays 1 invoice.");
  await expect(b).toContainText("40.00 of credit pays 2 invoices.");

  await b.getByRole("button", { name: /^Rule:/ }).click();
  await page.getByRole("option", { name: /^stated amounts/ }).click();
  await expect(b).toContainText("20.00 is still to be stated on the lines of INV-1001.");
  const difference = page.getByRole("region", { name: "Difference" });
  await expect(difference).toContainText("B settles nothing as it stands");
  await b.getByRole("textbox", { name: "Amount for INV-1001," }).fill("");
  await b.getByRole("textbox", { name: "Amount for Team plan, January, INV-1001," }).fill("9.00");
  await expect(b).toContainText("9.00 of credit pays 1 invoice.");
  await expect(difference).not.toContainText("settles nothing");
  // A leaves 90.00 − 18.52 = 71.48 of the plan, by proration of 20.00 over 90.00, 8.00 and −0.80; B leaves 81.00.
  const plan = difference
    .getByRole("row", { name: /^Team plan, January INV-1001/ })
    .locator("data");
  await expect(plan).toHaveText(["71.48", "81.00", "+9.52"]);

  // What is wrong is said at its own side.
  await b.getByRole("textbox", { name: "Amount for Team plan, January, INV-1001," }).fill("95.00");
  await expect(b.locator(".fault")).toBeVisible();
  await expect(a.locator(".fault")).toHaveCount(0);
  await expect(page.locator("[id]")).toHaveCount(
    await page.locator("[id]").evaluateAll((all) => new Set(all.map(({ id }) => id)).size),
  );
});

test("two changes of a plan: now, or at the end of the period", async ({ page }) => {
  await page.getByRole("button", { name: "Two changes of a plan" }).click();
  await expect(page.locator(".headline")).toContainText("less is due");
  const rows = await differenceOf(page);
  // 17 January as by hand in the tests of the view; on the 28th 4 of 31 days: 6.45, and 30.00 − 26.13 = 3.87.
  expect(rows[0]).toEqual(["24.19", "6.45", "-17.74"]);
  expect(rows[1]).toEqual(["-14.52", "-3.87", "10.65"]);
  for (const [a, b, difference] of rows) expect(sum([a, difference])).toBe(b);
});
