// A visitor who writes amounts and days in another way than the engine does.
import { expect, test } from "./fixtures.mjs";

test.use({ locale: "de-DE" });

test("amounts and days are those of the visitor, and are copied as plain numbers", async ({
  page,
  settle,
}) => {
  await expect(settle.result).toContainText("40,00 of credit pays 2 invoices.");
  await expect(settle.commit).toHaveText("Apply 40,00");
  await expect(settle.slot("Day")).toContainText("15. März 2026");
  await settle.amountField("INV-1001").fill("1.000,00");
  await expect(settle.result).toContainText("Only 40,00 is left on CM-2001.");
  await expect(settle.commit).toBeDisabled();
  // 97.20 less 12.50.
  await settle.amountField("INV-1001").fill("12,5");
  await expect(settle.target("INV-1001").locator(".target-head .move")).toHaveText("97,20 → 84,70");
  await settle.tick("INV-1003").uncheck();
  await expect(settle.commit).toHaveText("Apply 12,50");
  const copied = await page.evaluate(() => {
    getSelection().selectAllChildren(document.querySelector(".result-words strong"));
    const data = new DataTransfer();
    const copy = new ClipboardEvent("copy", {
      bubbles: true,
      cancelable: true,
      clipboardData: data,
    });
    document.querySelector(".result-words strong").dispatchEvent(copy);
    return data.getData("text/plain");
  });
  expect(copied).toBe("12.50");
});

test("so are those in the engine's own sentences", async ({ changePage }) => {
  // 30.00 for 31 days, 16 of them used: 15.48. 50.00 for the other 15: 24.193548….
  const steps = changePage.page.getByRole("region", { name: "How each amount is calculated" });
  await expect(steps).toContainText(
    "from 17. Jan. 2026 to 1. Feb. 2026 (not included): of 30,00 billed, 15,48 was used: −14,52.",
  );
  await expect(steps).toContainText("24,193548…, rounded to the nearest, halves up: 24,19.");
});
