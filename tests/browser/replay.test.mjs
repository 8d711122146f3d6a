// Random books that ran natively replay to the same hashes in a browser.
import { bookNames, nativeBook } from "../js/native-books.mjs";
import { expect, test } from "./fixtures.mjs";

test("random books of a thousand commands are the same in a browser", async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto("pkg/package.json"); // Any document of the site will do.
  for (const name of bookNames()) {
    const { entries, expected } = nativeBook(name);
    const found = await page.evaluate(async (log) => {
      const [setoff, { replayed }] = await Promise.all([
        import("/pkg/setoff.js"),
        import("/tests/js/replayed.mjs"),
      ]);
      await setoff.init();
      return replayed(setoff, log);
    }, entries);
    expect(found, name).toEqual(expected);
  }
});
