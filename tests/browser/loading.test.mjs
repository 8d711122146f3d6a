// What a person sees while the page is loading, and when a part of it cannot be loaded or has failed.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/exec.mjs";
import { expect, test } from "./fixtures.mjs";

const scripts = readdirSync(join(root, "www"), { recursive: true })
  .filter((name) => name.endsWith(".js"))
  .map((name) => name.replaceAll("\\", "/"));

for (const part of [...scripts, "pkg/setoff.js"]) {
  test(`without ${part}, the page says that it could not be loaded`, async ({
    page,
    complaints,
  }) => {
    await page.route(`**/${part}`, (route) => route.abort());
    await page.goto("./");
    await expect(page.getByText(/could not be loaded/).filter({ visible: true })).toHaveCount(1);
    await expect(page.getByRole("main")).toBeHidden();
    complaints.length = 0; // The browser names what it could not load, too.
  });
}

test("without the engine, the page says that it could not be started", async ({
  page,
  complaints,
}) => {
  await page.route("**/setoff_bg.wasm", (route) => route.fulfill({ status: 404 }));
  await page.goto("./");
  await expect(page.getByRole("alert")).toHaveText(/^The engine could not be started: /);
  complaints.length = 0; // The browser names what it could not load, too.
});

test("a page that has started says nothing of loading", async ({ settlement }) => {
  await expect(settlement.control("loading")).toBeHidden();
  await expect(settlement.page.getByRole("alert")).toBeHidden();
});

test("what nobody expected is said", async ({ settlement, complaints }) => {
  const alert = settlement.page.getByRole("alert");
  await settlement.page.evaluate(() => {
    setTimeout(() => {
      throw new Error("thrown");
    });
  });
  await expect(alert).toHaveText(/^The page has failed; load it again\..*thrown/);
  await settlement.page.evaluate(() => void Promise.reject(new Error("rejected")));
  await expect(alert).toHaveText(/^The page has failed; load it again\..*rejected/);
  complaints.length = 0; // The browser names them, too.
});

test("the address names the view, and a click on its own link does not scroll", async ({
  settlement,
}) => {
  const { page } = settlement;
  await expect(page).toHaveTitle("Settlement · setoff");
  await page.setViewportSize({ width: 390, height: 500 });
  await page.getByRole("link", { name: "Settlement" }).click();
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await page.getByRole("link", { name: "Change of plan" }).click();
  await expect(page).toHaveTitle("Change of plan · setoff");
  expect(await page.evaluate(() => scrollY)).toBe(0);
});
