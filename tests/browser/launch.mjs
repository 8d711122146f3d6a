// A headless browser for tests.
import { chromium } from "@playwright/test";
import { browser } from "../../scripts/browser.mjs";

/** What starts the browser of this machine, for Playwright. */
export async function launchOptions() {
  const { executablePath, env } = await browser();
  // The sandbox needs rights that containers and root do not have. The tests open pages of this project alone.
  return {
    executablePath,
    env,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  };
}

/** Launches a headless Chromium; the caller closes it. Answers Playwright's `Browser`. */
export async function launch() {
  return chromium.launch(await launchOptions());
}
