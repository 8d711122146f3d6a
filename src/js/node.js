// The package's entry for Node, bundled once as an ES module and once as CommonJS; a process that loads both has two
// engines. Reading the module at import makes `init` something that a program may call, but need not.
import { readFileSync } from "node:fs";
import { initSync } from "setoff-glue";

initSync({ module: readFileSync(new URL("setoff_bg.wasm", import.meta.url)) });

export * from "./exports.js";
