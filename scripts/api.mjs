// `npm run api`: builds the package and writes the report of its API anew, `tests/types/setoff.api.md`. `npm test`
// fails where the types and the report differ, so that each change of the API is looked at. API Extractor makes it.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, packageDir } from "./build.mjs";
import { main, Problem, root, run } from "./exec.mjs";
import { prepareTools, toolsDir } from "./smoke.mjs";

const report = join(root, "tests", "types", "setoff.api.md");

/** Makes the report of the types as they are. */
async function makeReport() {
  await prepareTools();
  const dir = join(root, "target", "api");
  mkdirSync(dir, { recursive: true });
  copyFileSync(join(packageDir, "index.d.ts"), join(dir, "index.d.ts"));

  const language = { strict: true, target: "es2022", lib: ["esnext", "dom"] };
  const compilerOptions = { ...language, module: "nodenext", types: [] };
  const quiet = { logLevel: "none" };
  const files = {
    "package.json": { name: "setoff", version: "0.0.0", types: "index.d.ts" },
    "tsconfig.json": { compilerOptions, files: ["index.d.ts"] },
    "api-extractor.json": {
      projectFolder: ".",
      mainEntryPointFilePath: "<projectFolder>/index.d.ts",
      compiler: { tsconfigFilePath: "<projectFolder>/tsconfig.json" },
      apiReport: {
        ...{ enabled: true, reportFileName: "setoff.api.md", includeForgottenExports: true },
        ...{ reportFolder: "<projectFolder>", reportTempFolder: "<projectFolder>" },
      },
      ...{ docModel: { enabled: false }, dtsRollup: { enabled: false } },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: { default: quiet, "ae-undocumented": quiet },
        tsdocMessageReporting: { default: quiet },
      },
    },
  };

  for (const [name, content] of Object.entries(files))
    writeFileSync(join(dir, name), JSON.stringify(content));
  writeFileSync(join(dir, "setoff.api.md"), "");

  const bin = join(toolsDir, "node_modules", "@microsoft", "api-extractor", "bin", "api-extractor");
  await run(process.execPath, [bin, "run", "--local"], { cwd: dir });
  return readFileSync(join(dir, "setoff.api.md"), "utf8").replaceAll("\r\n", "\n");
}

/** Throws if the report is not that of the types. */
export async function checkApi() {
  if ((await makeReport()) !== readFileSync(report, "utf8"))
    throw new Problem("the API has changed: `npm run api` writes tests/types/setoff.api.md anew");
}

await main(import.meta.url, async () => {
  await build();
  writeFileSync(report, await makeReport());
});
