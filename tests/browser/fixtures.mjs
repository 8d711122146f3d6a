// What a browser test starts with. A test after which the browser has complained about anything fails.
import { expect, test as base } from "@playwright/test";
import { ChangePage } from "./pages/change.mjs";
import { SettlementPage } from "./pages/settlement.mjs";

export { expect };

export const test = base.extend({
  /** Another account than the sample: what `www/sample.js` exports. `test.use({ account })` sets it. */
  account: [null, { option: true }],

  /** What the browser complained about. A test that makes it complain on purpose takes that out. */
  complaints: [
    async ({ page, baseURL }, use) => {
      const complaints = [];
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("request", (request) => {
        if (!request.url().startsWith(baseURL)) complaints.push(`asked for ${request.url()}`);
      });
      page.on("response", (response) => {
        if (!response.ok()) complaints.push(`${response.status()} for ${response.url()}`);
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

  /** The page in `www/`, with the account, not opened yet. */
  site: async ({ page, account }, use) => {
    if (account !== null) {
      const exported = Object.entries(account).map(
        ([name, value]) => `export const ${name} = ${JSON.stringify(value)};`,
      );
      await page.route("**/sample.js", (route) =>
        route.fulfill({ contentType: "text/javascript", body: exported.join("\n") }),
      );
    }
    await use(page);
  },

  /** Its view of settlements. */
  settlement: async ({ site }, use) => {
    const settlement = new SettlementPage(site);
    await settlement.open();
    await use(settlement);
  },

  /** Its view of changes of plan. */
  changePage: async ({ site }, use) => {
    const changePage = new ChangePage(site);
    await changePage.open();
    await use(changePage);
  },
});
