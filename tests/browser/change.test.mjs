// The view of changes of plan, used as a person uses it.
//
// The figures of the start are worked out by hand: 30.00 a month become 50.00 on 17 January, with 8 % tax.
// 16 of 31 days of 30.00 are 15.4838…, so 15.48 are used and 14.52 come back; 15 of 31 days of 50.00 are 24.1935…, so
// 24.19. Net 9.67. Tax: 8 % of 24.19 is 1.94; of the tax of 2.40 on 30.00, 14.52 ÷ 30.00 come back, 1.16; 0.78 more.
// In all 10.45.
import { expect, test } from "./fixtures.mjs";

test("it starts with an upgrade of a plan that is paid, and what is due", async ({
  changePage,
}) => {
  await expect(changePage.result).toHaveText(
    "10.45 is due on Jan 17: 24.19 for 15 days of the new plan, " +
      "less 14.52 for 15 unused days of the old, and 0.78 tax.",
  );
  await expect.poll(() => changePage.figures()).toEqual(["24.19", "-14.52", "0.78", "10.45"]);
  await changePage.expectSums();
  await expect
    .poll(() => changePage.documents())
    .toEqual([
      ["INV-1", "32.40", "0.00"],
      ["CM-1", "15.68", "0.00"],
      ["INV-2", "26.13", "10.45"],
    ]);
  await expect(changePage.page.locator(".time-bar")).toHaveText([
    "Old plan, 16 days used: 15.48",
    "Credit −14.52",
    "New plan, 15 days: 24.19",
  ]);
});

test("where the old invoice is open, what is due is all that is owed", async ({ changePage }) => {
  // The credit of 15.68 settles the old invoice of 32.40, which leaves 16.72; the new one of 26.13 is open: 42.85.
  await changePage.choose("Invoice", "still open");
  await expect(changePage.result).toContainText("42.85 is due");
  await expect(changePage.result).toContainText(
    "16.72 is still open on the old invoice, INV-1, and 26.13 is new",
  );
});

test("the handle moves the day by keys, and the figures follow", async ({ changePage }) => {
  const { page } = changePage;
  const handle = changePage.handles.first();
  await expect(handle).toHaveAttribute("aria-valuetext", "Jan 17, 2026");
  await handle.focus();
  await page.keyboard.press("ArrowRight");
  await expect(handle).toHaveAttribute("aria-valuetext", "Jan 18, 2026");
  // 17 of 31 days of 30.00 are 16.45, so 13.55 come back; 14 of 31 days of 50.00 are 22.58.
  await expect
    .poll(async () => (await changePage.figures()).slice(0, 2))
    .toEqual(["22.58", "-13.55"]);
  await page.keyboard.press("PageDown");
  await page.keyboard.press("End");
  await expect(handle).toHaveAttribute("aria-valuetext", "Jan 31, 2026");
  await expect(changePage.result).toContainText("1 day of the new plan");
});

test("the handle is dragged", async ({ changePage }) => {
  const { page } = changePage;
  const handle = changePage.handles.first();
  const track = await page.locator(".track").boundingBox();
  const at = await handle.boundingBox();
  await page.mouse.move(at.x + at.width / 2, at.y + 40);
  await page.mouse.down();
  // The tenth day begins after 9 of 31.
  await page.mouse.move(track.x + (track.width * 9) / 31, at.y + 40, { steps: 6 });
  await page.mouse.up();
  await expect(handle).toHaveAttribute("aria-valuetext", "Jan 10, 2026");
});

for (const [typed, tax] of [
  ["8", "0.78"],
  ["8%", "0.78"],
  ["8,5 %", "0.83"],
  ["", undefined],
]) {
  test(`a tax of “${typed}” is percent`, async ({ changePage }) => {
    // 8.5 %: 2.06 of 24.19; of 2.55 on 30.00, 14.52 ÷ 30.00 are 1.23.
    await changePage.tax.fill(typed);
    await expect
      .poll(() => changePage.figures())
      .toEqual([
        "24.19",
        "-14.52",
        ...(tax === undefined ? [] : [tax]),
        tax === "0.83" ? "10.50" : tax ? "10.45" : "9.67",
      ]);
  });
}

test("an amount in the midst of typing is no refusal, and what is wrong is said", async ({
  changePage,
}) => {
  await changePage.newPrice.fill("50.");
  await expect(changePage.page.locator("[aria-invalid=true]")).toHaveCount(0);
  await expect(changePage.result).toContainText("10.45 is due");
  await changePage.newPrice.fill("5x");
  await expect(changePage.newPrice).toHaveAttribute("aria-invalid", "true");
  await expect(changePage.result).toHaveText("This is not a number. Write it as 12.50 or 12,50.");
  await changePage.newPrice.fill("50");
  await expect(changePage.page.locator("[aria-invalid=true]")).toHaveCount(0);
});

test("a tax of 100 % and more is a slip, in plain words", async ({ changePage }) => {
  await changePage.tax.fill("119");
  await expect(changePage.result).toHaveText("A tax of 100 % or more looks like a mistake.");
  await changePage.tax.fill("19");
  await expect(changePage.result).toContainText("is due");
});

test("several changes have several handles, and the second is no refusal", async ({
  changePage,
}) => {
  await changePage.addButton.click();
  await expect(changePage.handles).toHaveCount(2);
  await expect(changePage.result).toContainText("is due on Jan 22");
  await changePage.choose("Change 2", "pauses");
  await expect(changePage.result).toContainText("is due on Jan 22");
  await changePage.addButton.click();
  await expect(changePage.slot("Change 3")).toContainText("resumes");
  await changePage.expectSums();
  await changePage.page.getByRole("button", { name: "Remove change 2" }).click();
  await expect(changePage.result).toHaveText("Nothing pauses then, so nothing can resume.");
});

test("a cancellation leaves a credit, and nothing is due", async ({ changePage }) => {
  await changePage.choose("Change 1", "is cancelled");
  await expect(changePage.result).toHaveText(
    "Nothing is due on Jan 17: 14.52 for 15 unused days of the old is credited, less 1.16 tax. " +
      "15.68 stays on account as a credit.",
  );
});

test("the same change, as others bill it: all 25 presets, those that differ first", async ({
  changePage,
}) => {
  await expect
    .poll(async () => (await changePage.others())[0])
    .toEqual(["setoff by the day", "-14.52", "24.19", "10.45"]);
  const others = await changePage.others();
  // 30 days a month: 15 days of 50.00 are 25.00; of 30.00, 16 are used, so 14.00 come back; with tax 11.88, 1.43 more.
  expect(others).toContainEqual(["Zuora 30 days a month", "-14.00", "25.00", "11.88", "1.43"]);
  const same = await changePage.page.locator(".others .note").last().textContent();
  const named = [...same.matchAll(/\(([^)]*)\)/g)].flatMap(([, hows]) => hows.split("; "));
  expect(others.length + named.length).toBe(25);
  for (const [, credit, charge] of others)
    expect(credit.startsWith("-") || /^0/.test(credit)).toBe(charge !== undefined);
  await changePage.page.getByRole("button", { name: /Kill Bill 30 days/ }).click();
  await expect.poll(() => changePage.figures()).toEqual(["23.33", "-14.00", "0.75", "10.08"]);
  await expect(changePage.slot("Terms")).toContainText("Kill Bill");
});

test("the days keep their places when the period moves", async ({ changePage }) => {
  await changePage.chooseDay("First day", "2026-02-01");
  await expect(changePage.handles.first()).toHaveAttribute("aria-valuetext", "Feb 17, 2026");
  await expect(changePage.result).toContainText("is due on Feb 17");
});

test("quantity and discount", async ({ changePage }) => {
  // Two of 30.00, less 10 %, are 54.00; on 17 January a quantity of 3.
  await changePage.slot("Quantity and discount").click();
  await changePage.page.getByRole("textbox", { name: "Quantity" }).fill("2");
  await changePage.page.getByRole("textbox", { name: "Discount" }).fill("10 %");
  await changePage.page.keyboard.press("Escape");
  await changePage.choose("Change 1", "gets a quantity of");
  await changePage.page.getByRole("textbox", { name: "New quantity" }).fill("3");
  // 15 of 31 days of 81.00 are 39.1935…, 39.19; 16 of 31 days of 54.00 are 27.8709…, 27.87, so 26.13 come back.
  await expect
    .poll(async () => (await changePage.figures()).slice(0, 2))
    .toEqual(["39.19", "-26.13"]);
});

for (const width of [1920, 1366, 1024, 768, 390, 320]) {
  test(`figures of fifteen digits fit into ${width} pixels`, async ({ changePage, page }) => {
    await page.setViewportSize({ width, height: 900 });
    await changePage.price.fill("1234567890123.45");
    await changePage.newPrice.fill("9876543210123.45");
    await expect(changePage.result).toContainText("4,778,972,521,027.48 for 15 days");
    await changePage.expectToFit();
    await expect.poll(() => changePage.overlaps()).toEqual([]);
  });
}
