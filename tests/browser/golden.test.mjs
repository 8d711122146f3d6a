// The golden vectors in a browser, under the server's Content Security Policy.
import { check, vectorFiles } from "../js/vectors.mjs";
import { test } from "./fixtures.mjs";

for (const file of vectorFiles()) {
  test(file.name, async ({ page }) => {
    await page.goto("pkg/package.json"); // Any document of the site will do.
    const result = await page.evaluate(async (cases) => {
      const [setoff, { run }] = await Promise.all([
        import("/pkg/setoff.js"),
        import("/tests/js/golden.mjs"),
      ]);
      await setoff.init();
      return run(setoff, cases);
    }, file.cases);
    check(file, result);
  });
}
