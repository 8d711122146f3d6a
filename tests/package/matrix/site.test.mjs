// The site of the documentation: it builds without a link that leads nowhere, and its examples run in the browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { buildDocs, serveDocs } from "../../../scripts/docs.mjs";
import { programsOf } from "../../../scripts/examples.mjs";
import { root } from "../../../scripts/exec.mjs";
import { launch } from "../../browser/launch.mjs";

test("the documentation", async (t) => {
  const stale = await buildDocs();
  const { url, close } = await serveDocs({ port: 0 });
  t.after(close);
  const browser = await launch();
  t.after(() => browser.close());
  const tab = await browser.newPage();
  const complaints = [];
  tab.on("pageerror", (error) => complaints.push(String(error)));

  await t.test("has the reference of the types; if it had not, it has now", () => {
    assert.deepEqual(stale, []);
  });
  await t.test("runs each step of its first page", async () => {
    await tab.goto(`${url}start.html`);
    const page = readFileSync(join(root, "docs", "start.md"), "utf8");
    const [{ steps }] = programsOf(page);
    const buttons = await tab.locator(".runnable button").all();
    assert.equal(buttons.length, steps.length);
    for (const [place, { output }] of steps.entries()) {
      await buttons[place].click();
      const shown = tab.locator(".runnable-output").nth(place);
      await shown.getByText(output.split("\n")[0], { exact: false }).waitFor();
      assert.equal(await shown.textContent(), output.trimEnd());
    }
  });
  await t.test("finds words", async () => {
    await tab.goto(url);
    const search = tab.locator(".search-input");
    // A key is lost until the program of the page runs, and letters until the search has loaded.
    while (!(await search.isVisible())) {
      await tab.keyboard.press("Control+k");
      await tab.waitForTimeout(200);
    }
    await search.fill("largest remainder");
    await tab.locator(".result").first().waitFor();
  });
  assert.deepEqual(complaints, []);
});
