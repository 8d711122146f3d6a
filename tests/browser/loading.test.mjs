// What a person sees while the page is loading, and when a part of it cannot be loaded or has failed.
import { expect, test } from "./fixtures.mjs";

for (const part of ["index-*.js", "worker-*.js"]) {
  test(`without ${part}, the page says that it could not be loaded`, async ({
    page,
    complaints,
  }) => {
    await page.route(`**/assets/${part}`, (route) => route.abort());
    await page.goto("./");
    await expect(page.getByText(/could not be loaded/)).toBeVisible();
    await expect(page.locator("#commit")).toHaveCount(0);
    complaints.length = 0; // The browser names what it could not load, too.
  });
}

test("without the engine, the page says that it could not be started", async ({
  page,
  complaints,
}) => {
  await page.route("**/*.wasm", (route) => route.fulfill({ status: 404 }));
  await page.goto("./");
  await expect(page.getByRole("alert")).toContainText("The engine could not be started: ");
  await expect(page.getByRole("button", { name: "Load again" })).toBeVisible();
  complaints.length = 0; // The browser names what it could not load, too.
});

test("what nobody expected is said", async ({ settle, complaints }) => {
  await settle.page.evaluate(() => {
    setTimeout(() => {
      throw new Error("thrown");
    });
  });
  const alert = settle.page.getByRole("alert");
  await expect(alert).toContainText(/^The page has failed; load it again\..*thrown/);
  await settle.page.evaluate(() => void Promise.reject(new Error("rejected")));
  await expect(alert).toContainText(/^The page has failed; load it again\..*rejected/);
  complaints.length = 0; // The browser names them, too.
});

test("the address names the view and the account; a click on a view does not scroll", async ({
  settle,
}) => {
  const { page } = settle;
  await expect(page).toHaveTitle("Settle · Harbor Street Studio · setoff");
  await page.setViewportSize({ width: 390, height: 500 });
  await page.getByRole("link", { name: "Change a plan" }).click();
  await expect(page).toHaveTitle("Change a plan · Harbor Street Studio · setoff");
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await page.goBack();
  await expect(page).toHaveTitle("Settle · Harbor Street Studio · setoff");
});

test("an account that is not on this device is said, and a sample is shown", async ({ page }) => {
  await page.goto("./#/settle/own:gone");
  await expect(page.locator(".toast")).toContainText("This account is not on this device.");
  await expect(page.locator("#commit")).toBeVisible();
});
