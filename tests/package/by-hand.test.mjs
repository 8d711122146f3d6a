// A plain `wasm-pack build` gives a usable package too, without the scripts of this repository.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { wasmPack } from "../../scripts/modules.mjs";
import { FACTS, useSetoff } from "./program.mjs";
import { temporaryFolder } from "./project.mjs";

test("wasm-pack build --target web", async (t) => {
  const dir = temporaryFolder(t);
  await wasmPack(dir, ["--target", "web"]);
  const setoff = await import(join(dir, "setoff.js"));
  await assert.rejects(async () => new setoff.Book({ currency: "USD" }), {
    code: "notInitialized",
  });
  await setoff.init(readFileSync(join(dir, "setoff_bg.wasm")));
  const here = await useSetoff(await import("../../pkg/node.mjs"));
  assert.deepEqual(await useSetoff(setoff), { ...FACTS, hash: here.hash });
  const types = readFileSync(join(dir, "setoff.d.ts"), "utf8");
  assert.match(types, /^export class Book \{$/m);
});

test("wasm-pack build --target bundler", async (t) => {
  const dir = temporaryFolder(t);
  await wasmPack(dir, ["--target", "bundler", "--no-opt"]);
  for (const name of ["setoff.js", "setoff.d.ts", "setoff_bg.wasm", "package.json"]) {
    assert.ok(existsSync(join(dir, name)), name);
  }
});
