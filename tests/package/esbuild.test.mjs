// The installed package in programs that esbuild bundles for Node, as for Lambda: where they run is no `node_modules`.
import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { build } from "esbuild";
import { run } from "../../scripts/exec.mjs";
import { useSetoff } from "./program.mjs";
import { factsHere, printed, printing, temporaryFolder, toolProject } from "./project.mjs";

/** Bundles a program and runs the bundle in a folder of its own. */
async function runBundle(t, name, program, options) {
  const dir = await toolProject(name, { "main.mjs": program });
  const outfile = join(dir, "out", options.format === "cjs" ? "main.cjs" : "main.mjs");
  const { warnings } = await build({
    ...{ absWorkingDir: dir, entryPoints: ["main.mjs"], outfile },
    ...{ bundle: true, platform: "node", target: "node20" },
    ...options,
  });
  assert.deepEqual(warnings, []);
  const elsewhere = temporaryFolder(t);
  const place = join(elsewhere, options.format === "cjs" ? "main.cjs" : "main.mjs");
  copyFileSync(outfile, place);
  return run(process.execPath, [place], { cwd: elsewhere });
}

for (const format of ["esm", "cjs"]) {
  test(`esbuild for Node, ${format}, with \`setoff/inline\` in the place of \`setoff\``, async (t) => {
    const alias = { setoff: "setoff/inline" };
    const name = `esbuild-inline-${format}`;
    const output = await runBundle(t, name, printing(), { format, alias });
    assert.deepEqual(printed(output), await factsHere());
  });

  test(`esbuild for Node, ${format}, with the module as bytes for init`, async (t) => {
    const program = `
      import * as setoff from "setoff";
      import wasm from "setoff/setoff_bg.wasm";
      ${useSetoff}
      setoff.init(wasm).then(() => useSetoff(setoff)).then((facts) => console.log(JSON.stringify(facts)));`;
    const loader = { ".wasm": "binary" };
    const output = await runBundle(t, `esbuild-bytes-${format}`, program, { format, loader });
    assert.deepEqual(printed(output), await factsHere());
  });
}

test("a bundle without the module says what is missing and what to do", async (t) => {
  const failure = await runBundle(t, "esbuild-nothing", printing(), { format: "esm" }).catch(
    (error) => error,
  );
  assert.match(failure.output, /notInitialized/);
  assert.match(failure.output, /setoff\/inline/);
});
