// The first two minutes of a newcomer: everything is found, understood and taken back by the keyboard alone.
import { expect, test } from "./fixtures.mjs";
import { SettlePage } from "./pages/settle.mjs";

for (const [width, height] of [
  [1366, 768],
  [390, 844],
]) {
  test(`the sentence, the result and the picture are in view at ${width} × ${height}`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height });
    const settle = new SettlePage(page);
    await settle.open();
    await expect(page.locator(".sentence")).toBeInViewport({ ratio: 1 });
    await expect(settle.result).toBeInViewport({ ratio: 1 });
    await expect(settle.commit).toBeInViewport({ ratio: 1 });
    await expect(settle.amountOf("Team plan, January")).toBeInViewport({ ratio: 1 });
  });
}

test("the first two minutes, in at most 25 key presses", async ({ settle }) => {
  const { page } = settle;
  let presses = 0;
  const press = async (...keys) => {
    for (const key of keys) {
      presses += 1;
      await page.keyboard.press(key);
    }
  };
  const tabTo = async (isThere) => {
    for (let steps = 0; steps < 12; steps += 1) {
      await press("Tab");
      if (await page.evaluate(isThere)) return;
    }
    throw new Error("the Tab key does not reach it");
  };
  const before = (await settle.developers()).hash;

  // Past the bar by the skip link, to the button; two further is an amount: why is it that?
  await press("Tab", "Enter");
  await expect(settle.commit).toBeFocused();
  await tabTo(() => document.activeElement.ariaLabel?.endsWith(": why?"));
  while (!(await settle.focused()).startsWith("18.52")) await press("Tab");
  await press("Enter");
  await expect(settle.why).toContainText("18.518518…");
  await press("Escape");

  // By the first in, first out, Training session 1 alone is paid.
  await press("Alt+r", "ArrowDown", "Enter");
  await expect
    .poll(async () => (await settle.lines("INV-1003")).map(([, amount]) => amount))
    .toEqual(["20.00", null, null]);

  await press("Control+Enter");
  await expect(settle.toast).toContainText("Applied 40.00");
  await expect.poll(() => settle.done()).toContain("Applied CM-2001");
  await press("Control+z");
  await expect(settle.toast).toContainText("Undone");
  await expect.poll(async () => (await settle.developers()).hash).toBe(before);
  expect(presses).toBeLessThanOrEqual(25);

  await page.reload();
  await settle.commit.waitFor();
  await expect.poll(async () => (await settle.developers()).hash).toBe(before);
  await expect.poll(() => settle.done()).toContain("Undid CM-2001");
});
