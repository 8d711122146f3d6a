// The installed package in what plain rollup bundles: for Node, and for a page that says where the module is.
import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import test from "node:test";
import { run } from "../../../scripts/exec.mjs";
import { projectsDir, toolsDir } from "../../../scripts/smoke.mjs";
import { useSetoff } from "../program.mjs";
import {
  factsHere,
  factsOfFolder,
  page,
  printed,
  printing,
  temporaryFolder,
  toolProject,
} from "../project.mjs";

const require = createRequire(join(toolsDir, "package.json"));

async function bundle(dir, input, file, conditions) {
  const { rollup } = require("rollup");
  const nodeResolve = require("@rollup/plugin-node-resolve").default;
  const warnings = [];
  const bundled = await rollup({
    input: join(dir, input),
    plugins: [nodeResolve({ exportConditions: conditions, preferBuiltins: true })],
    external: [/^node:/],
    onwarn: (warning) => warnings.push(warning.message),
  });
  await bundled.write({ file: join(dir, file), format: "es" });
  assert.deepEqual(warnings, []);
}

test("rollup for Node, with `setoff/inline`", async (t) => {
  const dir = await toolProject("rollup-node", { "main.js": printing("setoff/inline") });
  await bundle(dir, "main.js", "out/main.mjs", ["node"]);
  const elsewhere = temporaryFolder(t);
  copyFileSync(join(dir, "out", "main.mjs"), join(elsewhere, "main.mjs"));
  const output = await run(process.execPath, ["main.mjs"], { cwd: elsewhere });
  assert.deepEqual(printed(output), await factsHere());
});

test("rollup for a page, with the address of the module", async (t) => {
  const dir = await toolProject("rollup-page", {
    "main.js": `
      import * as setoff from "setoff";
      ${useSetoff}
      globalThis.facts = setoff.init("/engine.wasm").then(() => useSetoff(setoff));`,
    "out/index.html": page("/main.js"),
  });
  await bundle(dir, "main.js", "out/main.js", ["browser"]);
  const from = join(projectsDir, "node_modules", "setoff", "setoff_bg.wasm");
  copyFileSync(from, join(dir, "out", "engine.wasm"));
  assert.deepEqual(await factsOfFolder(t, join(dir, "out")), await factsHere());
});
