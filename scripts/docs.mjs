// `npm run docs`: builds the site of the documentation into `target/site/dist`, from `docs/` and the
// package. `-- --serve` serves it. The build fails at a link that leads nowhere.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, packageDir } from "./build.mjs";
import { fingerprint, main, root, run, task } from "./exec.mjs";
import { referencePages } from "./reference.mjs";
import { serve } from "./serve.mjs";
import { unlessStamped } from "./setup.mjs";
import { npm } from "./smoke.mjs";

const docsDir = join(root, "docs");
const appDir = join(docsDir, ".vitepress");

/** Where the site is built, with its tools. */
export const siteDir = join(root, "target", "site");

const pagesDir = join(siteDir, "pages");

/** Files of the repository that are pages too. */
const FURTHER_PAGES = {
  "ARCHITECTURE.md": "internals/architecture.md",
  "CONTRIBUTING.md": "internals/contributing.md",
};

/** Builds the site. Writes the kept pages of the reference anew where they differ from the types, and returns which. */
export async function buildDocs() {
  await installTools();
  layPages();
  await writeApi();

  const reference = Object.entries(await referencePages(siteDir));
  const stale = reference.filter(([name, text]) => isStale(join(docsDir, "reference", name), text));
  for (const [name, text] of reference) writeFileSync(join(pagesDir, "reference", name), text);
  for (const [name, text] of stale) writeFileSync(join(docsDir, "reference", name), text);

  await vitepress("build");
  return stale.map(([name]) => `docs/reference/${name}`);
}

const isStale = (path, text) => !existsSync(path) || readFileSync(path, "utf8") !== text;

async function installTools() {
  const names = ["package.json", "package-lock.json"];
  const versions = fingerprint(names.map((name) => join(appDir, name)));
  mkdirSync(siteDir, { recursive: true });

  await unlessStamped(join(siteDir, "node_modules", ".stamp"), versions, async () => {
    for (const name of names) cpSync(join(appDir, name), join(siteDir, name));
    cpSync(join(root, ".npmrc"), join(siteDir, ".npmrc"));
    await task(
      "Installing what builds the documentation into target/site/",
      "once, about 15 s",
      () => npm(siteDir, "ci"),
    );
  });

  const link = join(siteDir, "node_modules", "setoff");
  rmSync(link, { force: true });
  symlinkSync(packageDir, link, "dir");
}

/** Copies the pages to where the generator looks for them. */
function layPages() {
  rmSync(pagesDir, { recursive: true, force: true });
  rmSync(join(siteDir, ".vitepress"), { recursive: true, force: true });
  cpSync(appDir, join(siteDir, ".vitepress"), { recursive: true });
  cpSync(join(root, "scripts", "examples.mjs"), join(siteDir, "examples.mjs"));

  cpSync(docsDir, pagesDir, {
    recursive: true,
    filter: (path) => !path.startsWith(appDir),
  });
  mkdirSync(join(pagesDir, "public"), { recursive: true });
  mkdirSync(join(pagesDir, "reference"), { recursive: true });
  cpSync(join(docsDir, "page.png"), join(pagesDir, "public", "page.png"));

  // The site has no colours for the language of scenarios.
  const scenarios = join(pagesDir, "internals", "scenarios.md");
  const text = readFileSync(scenarios, "utf8").replaceAll("```scenario", "```text");
  writeFileSync(scenarios, text);

  for (const [from, to] of Object.entries(FURTHER_PAGES)) {
    const text = readFileSync(join(root, from), "utf8").replaceAll("](docs/", "](../");
    writeFileSync(join(pagesDir, to), text);
  }
}

/** The API of the package, by TypeDoc: a page for each name. */
async function writeApi() {
  const types = join(siteDir, "types");
  mkdirSync(types, { recursive: true });
  cpSync(join(packageDir, "index.d.ts"), join(types, "index.d.ts"));

  const config = {
    compilerOptions: {
      strict: true,
      target: "es2022",
      lib: ["esnext", "dom"],
      module: "nodenext",
      types: [],
    },
    files: ["index.d.ts"],
  };
  writeFileSync(join(types, "tsconfig.json"), JSON.stringify(config));

  const options = {
    ...{
      name: "API",
      entryPoints: ["index.d.ts"],
      readme: "none",
      disableSources: true,
      logLevel: "Warn",
    },
    ...{
      plugin: ["typedoc-plugin-markdown"],
      out: join(pagesDir, "api"),
      treatWarningsAsErrors: true,
    },
    ...{
      entryFileName: "index.md",
      hideBreadcrumbs: true,
      hidePageHeader: true,
      useCodeBlocks: true,
    },
    ...{ parametersFormat: "table", interfacePropertiesFormat: "table", expandObjects: false },
  };
  writeFileSync(join(types, "typedoc.json"), JSON.stringify(options));

  const bin = join(siteDir, "node_modules", "typedoc", "bin", "typedoc");
  await run(process.execPath, [bin, "--options", "typedoc.json"], { cwd: types });
}

/**
 * Serves the site on this machine. Its pages have scripts in themselves, and run the examples that one asks for.
 */
export const serveDocs = (options) =>
  serve({
    folders: { "/": join(siteDir, "dist") },
    policy:
      "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; " +
      "script-src 'self' 'unsafe-inline' 'unsafe-eval'; font-src 'self' data:",
    ...options,
  });

function vitepress(...args) {
  const bin = join(siteDir, "node_modules", "vitepress", "bin", "vitepress.js");
  return run(process.execPath, [bin, ...args], { cwd: siteDir });
}

await main(import.meta.url, async () => {
  const { values } = parseArgs({ options: { serve: { type: "boolean" } } });
  await build();
  await task("Building the documentation into target/site/dist/", "about 20 s", buildDocs);
  if (!values.serve) return;
  const { url } = await serveDocs();
  console.log(`The documentation is at ${url}`);
});
