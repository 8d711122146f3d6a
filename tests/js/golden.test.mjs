// The golden vectors in Node: the package as an ES module and as CommonJS.
import { createRequire } from "node:module";
import test from "node:test";
import * as esm from "../../pkg/node.mjs";
import { run } from "./golden.mjs";
import { check, vectorFiles } from "./vectors.mjs";

const packages = {
  "ES module": esm,
  CommonJS: createRequire(import.meta.url)("../../pkg/node.cjs"),
};

for (const [kind, setoff] of Object.entries(packages)) {
  for (const file of vectorFiles()) {
    test(`${file.name}, ${kind}`, () => check(file, run(setoff, file.cases)));
  }
}
