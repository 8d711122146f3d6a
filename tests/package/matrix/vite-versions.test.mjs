// The installed package in pages that Vite 6, 7 and 8 serve and bundle, and in what they render on a server.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { run } from "../../../scripts/exec.mjs";
import { toolsDir } from "../../../scripts/smoke.mjs";
import {
  documented,
  factsHere,
  factsOf,
  factsOfFolder,
  keeping,
  page,
  printed,
  printing,
  toolProject,
} from "../project.mjs";

const VERSIONS = { 6: "vite6", 7: "vite7", 8: "vite" };

for (const [version, name] of Object.entries(VERSIONS)) {
  test(`Vite ${version}`, async (t) => {
    const { build, createServer } = await import(
      pathToFileURL(join(toolsDir, "node_modules", name, "dist", "node", "index.js"))
    );
    const dir = await toolProject(`vite-${version}`, {
      "index.html": page("/main.js"),
      "main.js": keeping(),
      "server.js": printing(),
      // The last version needs no setting.
      ...(version !== "8" && { "vite.config.mjs": documented("vite.config.mjs") }),
    });
    const options = { root: dir, logLevel: "warn" };

    await t.test("bundles a page", async (t) => {
      await build({ ...options, build: { outDir: "page" } });
      assert.deepEqual(await factsOfFolder(t, join(dir, "page")), await factsHere());
    });
    await t.test("serves a page while one works on it", async (t) => {
      const server = await createServer({ ...options, server: { port: 0, host: "127.0.0.1" } });
      t.after(() => server.close());
      await server.listen();
      const { port } = server.httpServer.address();
      assert.deepEqual(await factsOf(t, `http://127.0.0.1:${port}/`), await factsHere());
    });
    await t.test("bundles what a server renders", async () => {
      await build({ ...options, build: { ssr: "server.js", outDir: "server" } });
      const output = await run(process.execPath, ["server/server.js"], { cwd: dir });
      assert.deepEqual(printed(output), await factsHere());
    });
    await t.test("bundles it with all that it imports", async () => {
      await build({
        ...options,
        ssr: { noExternal: true },
        resolve: { alias: [{ find: /^setoff$/, replacement: "setoff/inline" }] },
        build: { ssr: "server.js", outDir: "whole" },
      });
      const output = await run(process.execPath, ["whole/server.js"], { cwd: dir });
      assert.deepEqual(printed(output), await factsHere());
    });
  });
}
