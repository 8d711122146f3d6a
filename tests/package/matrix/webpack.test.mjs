// The installed package in what webpack and rspack bundle: pages, ES modules and CommonJS for Node.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import test from "node:test";
import { run } from "../../../scripts/exec.mjs";
import { toolsDir } from "../../../scripts/smoke.mjs";
import {
  factsHere,
  factsOfFolder,
  keeping,
  page,
  printed,
  printing,
  toolProject,
} from "../project.mjs";

const require = createRequire(join(toolsDir, "package.json"));

/** Bundles, and throws with what the bundler has to complain of, except that the module is large. */
function bundle(bundler, options) {
  const { promise, resolve, reject } = Promise.withResolvers?.() ?? withResolvers();
  bundler({ mode: "production", performance: { hints: false }, ...options }, (error, stats) => {
    const { errors, warnings } = stats?.toJson() ?? { errors: [error], warnings: [] };
    if (errors.length + warnings.length > 0)
      reject(new Error(JSON.stringify({ errors, warnings })));
    else resolve();
  });
  return promise;
}

function withResolvers() {
  const all = {};
  all.promise = new Promise((resolve, reject) => Object.assign(all, { resolve, reject }));
  return all;
}

for (const [name, load] of [
  ["webpack", () => require("webpack")],
  ["rspack", () => require("@rspack/core").rspack],
]) {
  test(name, async (t) => {
    const bundler = load();
    const dir = await toolProject(name, {
      "page.js": keeping(),
      "main.js": printing(),
      "page/index.html": page("/main.js"),
    });
    const options = (folder, entry) => ({
      context: dir,
      entry: `./${entry}`,
      output: { path: join(dir, folder), filename: "main.js" },
    });
    const runs = async (file) => {
      const output = await run(process.execPath, [file], { cwd: dir });
      assert.deepEqual(printed(output), await factsHere());
    };

    await t.test("for a page", async (t) => {
      await bundle(bundler, options("page", "page.js"));
      assert.deepEqual(await factsOfFolder(t, join(dir, "page")), await factsHere());
    });
    await t.test("for Node, as an ES module", async () => {
      const { output, ...others } = options("esm", "main.js");
      await bundle(bundler, {
        ...others,
        target: "node20",
        output: { ...output, filename: "main.mjs", module: true, chunkFormat: "module" },
        experiments: { outputModule: true },
      });
      await runs("esm/main.mjs");
    });
    await t.test("for Node, as CommonJS", async () => {
      const { output, ...others } = options("cjs", "main.js");
      await bundle(bundler, {
        ...others,
        target: "node20",
        output: { ...output, filename: "main.cjs" },
      });
      await runs("cjs/main.cjs");
    });
  });
}
