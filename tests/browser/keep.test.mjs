// What is applied is kept: over a reload, beside another tab, through a kill in the midst, and without a network.
import { expect, test } from "./fixtures.mjs";
import { SettlePage } from "./pages/settle.mjs";

test("what was applied is there after a reload, and can still be undone", async ({ settle }) => {
  const before = (await settle.developers()).hash;
  await settle.commit.click();
  await expect(settle.toast).toContainText("Applied 40.00");
  const { hash } = await settle.developers();
  await settle.page.reload();
  await settle.commit.waitFor();
  await expect.poll(async () => (await settle.developers()).hash).toBe(hash);
  await expect.poll(() => settle.done()).toEqual(["Applied CM-2001", "Account opened"]);
  await settle.history.getByRole("button", { name: /^Undo/ }).click();
  await expect.poll(async () => (await settle.developers()).hash).toBe(before);
});

test("what is said to be applied is in the log already", async ({ settle }) => {
  // The page is closed as soon as it says so.
  await settle.page.evaluate(() => {
    new MutationObserver(() => {
      if (document.querySelector(".toast")?.textContent.includes("Applied")) location.reload();
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await Promise.all([settle.page.waitForEvent("load"), settle.commit.click()]);
  await settle.commit.waitFor();
  await expect.poll(() => settle.done()).toEqual(["Applied CM-2001", "Account opened"]);
});

test("a kill in the midst of a commit leaves all of it or nothing", async ({ page }) => {
  test.setTimeout(60_000);
  const settle = new SettlePage(page);
  const seen = new Set();
  let last = 8;
  for (const delay of [0, 1, 3, 6, 12, 30, 60]) {
    await settle.open();
    if (!(await settle.commit.isEnabled())) {
      await settle.tick("INV-1004").check();
      await expect(settle.commit).toBeEnabled();
    }
    await page.evaluate((milliseconds) => {
      document.querySelector("#commit").click();
      setTimeout(() => location.replace("about:blank"), milliseconds);
    }, delay);
    await page.waitForURL("about:blank");
    await settle.open();
    const { version, hash } = await settle.developers();
    expect([last, last + 1], `after ${delay} ms`).toContain(version);
    await expect.poll(() => settle.done()).toHaveLength(version - 8 + 1);
    expect(seen.has(hash)).toBe(version === last && seen.size > 0);
    seen.add(hash);
    last = version;
    if (version > 9) break;
  }
});

test("two tabs: the other follows, and what was shown before is not applied unseen", async ({
  settle,
  context,
}) => {
  const other = new SettlePage(await context.newPage());
  await other.open();
  await settle.commit.click();
  await expect(settle.toast).toContainText("Applied 40.00");
  await expect(other.page.locator("main .banner")).toHaveText(
    "Another tab has changed this account. You see it as it is now.",
  );
  await expect.poll(() => other.done()).toEqual(["Applied CM-2001", "Account opened"]);
  await other.history.getByRole("button", { name: /^Undo/ }).click();
  await expect.poll(() => settle.done()).toContain("Undid CM-2001");
  await expect
    .poll(async () => (await settle.developers()).hash)
    .toBe((await other.developers()).hash);
});

test("a commit of two tabs at once is carried out once", async ({ settle, context }) => {
  const other = new SettlePage(await context.newPage());
  await other.open();
  // Both want the 40.00 of CM-2001: only one can have it.
  const press = (view) => view.commit.evaluate((button) => button.click());
  await Promise.all([press(settle), press(other)]);
  await expect
    .poll(async () => (await settle.done()).filter((name) => name === "Applied CM-2001").length)
    .toBe(1);
  await expect.poll(async () => (await other.developers()).version).toBe(9);
});

test("a window that keeps nothing says so at once", async ({ page, complaints }) => {
  // A worker that cannot open a database: as in a private window of some browsers.
  await page.route("**/assets/worker-*.js", async (route) => {
    const response = await route.fetch();
    const denied =
      'IDBFactory.prototype.open = () => { throw new DOMException("denied", "SecurityError"); };\n';
    await route.fulfill({ response, body: denied + (await response.text()) });
  });
  const settle = new SettlePage(page);
  await settle.open();
  await expect(page.getByRole("alert")).toContainText("This window stores nothing");
  await settle.commit.click();
  await expect(settle.toast, "it still can be tried").toContainText("Applied 40.00");
  expect(complaints).toEqual([]);
});

test("a full storage says that nothing was applied", async ({ page }) => {
  await page.route("**/assets/worker-*.js", async (route) => {
    const response = await route.fetch();
    const full = `const add = IDBObjectStore.prototype.add;
      let writes = 0;
      IDBObjectStore.prototype.add = function (value, key) {
        if (value.command?.type === "applyCreditMemo") throw new DOMException("full", "QuotaExceededError");
        return add.call(this, value, key);
      };\n`;
    await route.fulfill({ response, body: full + (await response.text()) });
  });
  const settle = new SettlePage(page);
  await settle.open();
  await settle.commit.click();
  await expect(page.getByRole("alert")).toHaveText(
    "Not saved: the storage of this browser is full. Nothing was applied. Export the account, or free some space.",
  );
  await expect(settle.toast).toHaveCount(0);
  await expect.poll(async () => (await settle.developers()).version).toBe(8);
});

test("a sample can be begun anew", async ({ settle }) => {
  const { hash } = await settle.developers();
  await settle.commit.click();
  await expect(settle.toast).toContainText("Applied");
  settle.page.on("dialog", (dialog) => dialog.accept());
  await settle.slot("Account").click();
  await settle.page.getByRole("button", { name: /^Start .* again$/ }).click();
  await expect.poll(async () => (await settle.developers()).hash).toBe(hash);
});

test.describe("without a network", () => {
  test.use({ serviceWorkers: "allow" });

  test("the page is there after the first visit, with all that was applied", async ({
    settle,
    context,
  }) => {
    await settle.page.evaluate(() => navigator.serviceWorker.ready);
    await settle.commit.click();
    await expect(settle.toast).toContainText("Applied 40.00");
    await context.setOffline(true);
    await settle.page.reload();
    await settle.commit.waitFor();
    await expect.poll(() => settle.done()).toEqual(["Applied CM-2001", "Account opened"]);
    await settle.history.getByRole("button", { name: /^Undo/ }).click();
    await expect.poll(() => settle.done()).toContain("Undid CM-2001");
    await context.setOffline(false);
  });

  test("it can be installed", async ({ settle }) => {
    const manifest = await settle.page.evaluate(async () => {
      const link = document.querySelector("link[rel=manifest]");
      return (await fetch(link.href)).json();
    });
    expect(manifest).toMatchObject({ name: "setoff", display: "standalone", start_url: "./" });
  });
});
