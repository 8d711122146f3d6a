// A million items, settled in a worker of a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { join } from "node:path";
import { packageDir } from "../../scripts/build.mjs";
import { root } from "../../scripts/exec.mjs";
import { serve } from "../../scripts/serve.mjs";
import { launch } from "./launch.mjs";

test("a million items are settled in a worker", async (t) => {
  const site = await serve({
    port: 0,
    folders: { "/": packageDir, "/tests/": join(root, "tests", "browser") },
  });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${site.url}package.json`); // Any document of the site will do.
    const { book, columns } = await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker("/tests/million.js", { type: "module" });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.postMessage("begin");
        }),
    );
    t.diagnostic(`book: ${JSON.stringify(book)}`);
    t.diagnostic(`columns: ${JSON.stringify(columns)}`);
    const { parts, isAll, unappliedAmount } = book;
    assert.deepEqual([parts, isAll, unappliedAmount], [1_000_000, true, "0.00"]);
    assert.ok(columns.isAll);
  } finally {
    await browser.close();
    await site.close();
  }
});
