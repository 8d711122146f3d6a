// The page in `www/` for tests: a fresh one for each, on the built package and under the server's Content Security
// Policy. A test after which the browser has complained about anything fails.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { serve } from "../../scripts/serve.mjs";
import { launch } from "./launch.mjs";

/** The page of the running test. */
export let page;

export const control = (id) => page.locator(`[id="${id}"]`);
export const text = (id) => control(id).textContent();

/** Opens the page, at a view of it, before each test; `first` is the control to wait for. */
export function usePage(first, view = "") {
  let site;
  let browser;
  let complaints;

  before(async () => {
    site = await serve({ port: 0 });
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await site?.close();
  });

  beforeEach(async () => {
    complaints = [];
    page = await browser.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith(site.url)) complaints.push(`asked for ${request.url()}`);
    });
    page.on("response", (response) => {
      if (!response.ok()) complaints.push(`${response.status()} for ${response.url()}`);
    });
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) =>
        console.error(`CSP: ${event.violatedDirective}`),
      );
    });
    await page.goto(site.url + view);
    await control(first).waitFor();
  });

  afterEach(async () => {
    await page.close();
    assert.deepEqual(complaints, []);
  });
}

/** By how much the page is wider than its window; `null` if it is not. */
export async function sticksOut() {
  const { needed, present } = await page.evaluate(() => ({
    needed: document.documentElement.scrollWidth,
    present: document.documentElement.clientWidth,
  }));
  return needed <= present ? null : `needs ${needed} of ${present} pixels`;
}
