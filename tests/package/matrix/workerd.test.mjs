// The installed package in workerd, the runtime of Cloudflare Workers.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { build } from "esbuild";
import { toolsDir } from "../../../scripts/smoke.mjs";
import { useSetoff } from "../program.mjs";
import { documented, factsHere, freePort, startServer, toolProject } from "../project.mjs";

/** The program itself, from the package for this machine. */
function workerd() {
  const packages = join(toolsDir, "node_modules", "@cloudflare");
  const [name] = readdirSync(packages).filter((name) => name.startsWith("workerd-"));
  return join(packages, name, "bin", "workerd");
}

test("workerd, with the module as it deploys it", async (t) => {
  const port = await freePort();
  const dir = await toolProject("workerd", {
    "worker.js": documented("worker.js"),
    "facts.js": `import * as setoff from "setoff";\n${useSetoff}\nexport const facts = () => useSetoff(setoff);`,
    "main.js": `
      import worker from "./worker.js";
      import { facts } from "./facts.js";
      export default {
        async fetch(request, env) {
          const answer = await worker.fetch(request, env);
          return Response.json({ answer: await answer.json(), facts: await facts() });
        },
      };`,
    "config.capnp": `
      using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (
        services = [(name = "main", worker = (
          modules = [
            (name = "main.js", esModule = embed "out/main.js"),
            (name = "setoff/setoff_bg.wasm", wasm = embed "node_modules/setoff/setoff_bg.wasm"),
          ],
          compatibilityDate = "2026-11-01",
        ))],
        sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
      );`,
  });
  // As wrangler bundles: the module stays an import.
  await build({
    ...{ entryPoints: [join(dir, "main.js")], outfile: join(dir, "out", "main.js") },
    ...{ bundle: true, format: "esm", conditions: ["workerd", "worker", "browser"] },
    external: ["*.wasm"],
  });
  const url = await startServer(t, dir, port, workerd(), ["serve", "config.capnp"]);
  const { answer, facts } = await (await fetch(url)).json();
  assert.deepEqual(facts, await factsHere());
  assert.deepEqual(answer, ["33.34", "33.33", "33.33"]);
});
