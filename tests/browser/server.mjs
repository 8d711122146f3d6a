// Serves what the browser tests open: the page, the package and the tests' own scripts.
import { join } from "node:path";
import { packageDir } from "../../scripts/build.mjs";
import { root } from "../../scripts/exec.mjs";
import { buildPage, pageDir } from "../../scripts/page.mjs";
import { serve } from "../../scripts/serve.mjs";

await buildPage();
const { url } = await serve({
  port: 0,
  folders: { "/": pageDir, "/pkg/": packageDir, "/tests/": join(root, "tests") },
});
console.log(`serving at ${url}`);
