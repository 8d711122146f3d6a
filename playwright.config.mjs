// How the browser tests run: in the Chromium that `scripts/browser.mjs` finds, against a server of their own.
import { defineConfig } from "@playwright/test";
import { launchOptions } from "./tests/browser/launch.mjs";

export default defineConfig({
  testDir: "tests/browser",
  testMatch: "*.test.mjs",
  outputDir: "target/browser",
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  // On a busy machine everything takes many times as long. A test that fails there once and then passes is reported as
  // flaky, with its name.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  retries: 1,
  reporter: "list",
  use: {
    baseURL: process.env.SETOFF_SITE,
    locale: "en-US", // Else it is none that `Intl` knows.
    serviceWorkers: "block", // Those tests that are about it allow it.
    launchOptions: await launchOptions(),
  },
  projects: [{ name: "chromium", use: { browserName: "chromium" } }],
  // It takes any port that is free, and says which: Playwright keeps that as SETOFF_SITE.
  webServer: {
    command: "node tests/browser/server.mjs",
    wait: { stdout: /^serving at (?<setoff_site>\S+)$/m },
  },
});
