// The installed package's types, as TypeScript finds them through the manifest. What the types say is checked in
// `tests/types/`.
import assert from "node:assert/strict";
import test from "node:test";
import { CommandError, run } from "../../scripts/exec.mjs";
import { compiler } from "../../scripts/typecheck.mjs";
import { project } from "./project.mjs";

const PROGRAM = `
  const book = new Book({ currency: "USD" });
  const before: number = book.version;
  const rows = book.query({ of: "part", where: { sourceId: "CM-1" } }).rows;
  const parts: readonly string[] = rows.map(({ targetId }) => targetId);
  try {
    book.execute({ type: "postInvoice", at: "2026-03-01", invoiceId: "INV-1" });
  } catch (error) {
    if (isSetoffError(error) && error.code === "documentNotFound") throw new Error(error.path + before + parts);
  }
`;

const config = (options, files) =>
  JSON.stringify({
    compilerOptions: {
      ...{
        strict: true,
        exactOptionalPropertyTypes: true,
        verbatimModuleSyntax: true,
        skipLibCheck: false,
      },
      ...{ target: "es2022", lib: ["es2022"], types: [], noEmit: true },
      ...options,
    },
    files,
  });

test("TypeScript", async (t) => {
  const dir = await project(t, {
    "module.mts": `import { Book, isSetoffError } from "setoff";\n${PROGRAM}`,
    "script.cts": `import setoff = require("setoff");\nconst { Book, isSetoffError } = setoff;\n${PROGRAM}`,
    "wrong.mts": 'import { Book } from "setoff";\nnew Book({ currency: 3 });',
    "module-file.mts": `import { init } from "setoff";
      import wasm from "setoff/setoff_bg.wasm";
      export const ready: Promise<void> = init(wasm);`,
    "module-file.json": config({ module: "nodenext" }, ["module-file.mts"]),
    "nodenext.json": config({ module: "nodenext" }, ["module.mts", "script.cts"]),
    "bundler.json": config({ module: "esnext", moduleResolution: "bundler" }, ["module.mts"]),
    "wrong.json": config({ module: "nodenext" }, ["wrong.mts"]),
  });
  const compile = (name) => run(...compiler(["-p", name]), { cwd: dir });

  await t.test("finds the types as Node resolves packages", () => compile("nodenext.json"));
  await t.test("finds the types as bundlers do", () => compile("bundler.json"));
  await t.test("finds the types of the module's file", () => compile("module-file.json"));
  await t.test("does not take them for `any`", async () => {
    const error = await compile("wrong.json").catch((thrown) => thrown);
    assert.ok(error instanceof CommandError);
    assert.match(error.output, /^wrong\.mts.*TS2322/m);
  });
});
