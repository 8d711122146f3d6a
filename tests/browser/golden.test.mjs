// The golden vectors in a browser, under the server's Content Security Policy.
import { after, before, test } from "node:test";
import { join } from "node:path";
import { packageDir } from "../../scripts/build.mjs";
import { root } from "../../scripts/exec.mjs";
import { serve } from "../../scripts/serve.mjs";
import { check, vectorFiles } from "../js/vectors.mjs";
import { launch } from "./launch.mjs";

let site;
let browser;
let page;

before(async () => {
  site = await serve({
    port: 0,
    folders: { "/": packageDir, "/tests/": join(root, "tests", "js") },
  });
  browser = await launch();
  page = await browser.newPage();
  await page.goto(`${site.url}package.json`); // Any document of the site will do.
});

after(async () => {
  await browser?.close();
  await site?.close();
});

for (const file of vectorFiles()) {
  test(file.name, async () => {
    const result = await page.evaluate(async (cases) => {
      const [setoff, { run }] = await Promise.all([
        import("/setoff.js"),
        import("/tests/golden.mjs"),
      ]);
      await setoff.init();
      return run(setoff, cases);
    }, file.cases);
    check(file, result);
  });
}
