// The store of a browser, in a browser: what every store must do, and a book that outlives its page.
import { expect, test } from "./fixtures.mjs";

test.beforeEach(async ({ page }) => {
  await page.goto("./");
});

test("the store of a browser does what every store must do", async ({ page }) => {
  const failures = await page.evaluate(async () => {
    const { IndexedDbStore, storeChecks } = await import("/pkg/host.js");
    const failed = [];
    for (const { name, run } of storeChecks(() => new IndexedDbStore(crypto.randomUUID())))
      await run().catch((error) => failed.push(`${name}: ${error.message}`));
    return failed;
  });
  expect(failures).toEqual([]);
});

test("a book outlives its page, and a request that comes again is carried out once", async ({
  page,
}) => {
  /** Pays 30.00 of an invoice of 100.00, and returns what is left. */
  const pay = () =>
    page.evaluate(async () => {
      const setoff = await import("/pkg/setoff.js");
      const { Host, IndexedDbStore } = await import("/pkg/host.js");
      await setoff.init();
      const host = new Host(setoff, new IndexedDbStore("books"), {
        bookOptions: { currency: "USD" },
        snapshotEvery: 2,
      });
      const at = "2026-03-01";
      const items = [{ id: "a", amount: "100.00" }];
      const invoices = [{ invoiceId: "I", amount: "30.00" }];
      return host.transact("A", (book) => {
        book.execute({ type: "createInvoice", at, id: "I", autoPost: true, items }, { id: "one" });
        book.execute(
          { type: "createPayment", at, id: "P", amount: "30.00", invoices },
          { id: "two" },
        );
        return book.query({ of: "invoice" }).rows[0].balance;
      });
    });

  expect(await pay()).toBe("70.00");
  await page.reload();
  expect(await pay()).toBe("70.00");
});
