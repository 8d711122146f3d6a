// A headless browser for tests.
import { chromium } from "playwright-core";
import { browser } from "../../scripts/browser.mjs";

/** Launches a headless Chromium; the caller closes it. Answers Playwright's `Browser`. */
export async function launch() {
  const { executablePath, env } = await browser();
  return chromium.launch({
    executablePath,
    env,
    // The sandbox needs rights that containers and root do not have. The tests open pages of this project alone.
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}
