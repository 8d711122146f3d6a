// What a browser test starts with. A test after which the browser has complained about anything fails.
import { deflateRawSync } from "node:zlib";
import { expect, test as base } from "@playwright/test";
import { ChangePage } from "./pages/change.mjs";
import { SettlePage } from "./pages/settle.mjs";

export { expect };

/** The fragment that opens an account of these commands, as a link of the page has it. */
export function linkTo({ bookOptions = { currency: "USD" }, commands, form, view = "settle" }) {
  const account = { name: "Test account", bookOptions, commands };
  const value = { account, ...(form !== undefined && { settle: form }) };
  const packed = deflateRawSync(JSON.stringify(value)).toString("base64url");
  return `./#/${view}/shared?s=${packed}`;
}

export const test = base.extend({
  /** What the browser complained about. A test that makes it complain on purpose takes that out. */
  complaints: [
    async ({ page, baseURL }, use) => {
      const complaints = [];
      page.on("console", (message) => {
        // The tests block it, unless they are about it.
        if (message.text().includes("Service Worker registration blocked")) return;
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("request", (request) => {
        const isOwn = request.url().startsWith(baseURL) || request.url().startsWith("blob:");
        if (!isOwn) complaints.push(`asked for ${request.url()}`);
      });
      page.on("response", (response) => {
        if (!response.ok() && response.status() !== 304)
          complaints.push(`${response.status()} for ${response.url()}`);
      });
      await page.addInitScript(() => {
        addEventListener("securitypolicyviolation", (event) =>
          console.error(`CSP: ${event.violatedDirective}`),
        );
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],

  /** The view of settlements, with the first sample. */
  settle: async ({ page }, use) => {
    const settle = new SettlePage(page);
    await settle.open();
    await use(settle);
  },

  /** The view of changes of plan. */
  changePage: async ({ page }, use) => {
    const changePage = new ChangePage(page);
    await changePage.open();
    await use(changePage);
  },
});
