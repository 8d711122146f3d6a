// A million items, settled in a worker of a browser.
import { expect, test } from "./fixtures.mjs";

test("a million items are settled in a worker", async ({ page }, info) => {
  test.setTimeout(300_000);
  await page.goto("pkg/package.json"); // Any document of the site will do.
  const { book, columns } = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const worker = new Worker("/tests/browser/million.js", { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage("begin");
      }),
  );
  for (const [type, measured] of Object.entries({ book, columns })) {
    info.annotations.push({ type, description: JSON.stringify(measured) });
    console.log(`${type}: ${JSON.stringify(measured)}`);
  }
  const { parts, isAll, unappliedAmount } = book;
  expect([parts, isAll, unappliedAmount]).toEqual([1_000_000, true, "0.00"]);
  expect(columns.isAll).toBe(true);
});
