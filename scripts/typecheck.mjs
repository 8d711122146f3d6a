// Compiles the programs in `tests/types/` against the package, as strictly as TypeScript can, in every kind of project.
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { packageDir } from "./build.mjs";
import { exemplary, programsOf } from "./examples.mjs";
import { packageBin, root, run } from "./exec.mjs";
import { prepareTools, toolsDir } from "./smoke.mjs";

const RESOLUTIONS = {
  nodenext: { module: "nodenext" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
};

/** What a project may have besides the language itself. `NAME.dom.ts` and `NAME.node.ts` are for one of them alone. */
const SURROUNDINGS = {
  bare: { lib: ["es2022"], types: [] },
  dom: { lib: ["esnext", "dom"], types: [] },
  node: { lib: ["es2022"], types: ["node"] },
};

/** Throws with the compiler's findings. */
export async function typecheck() {
  const dir = join(root, "target", "types");
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(join(dir, "node_modules"), { recursive: true });
  symlinkSync(packageDir, join(dir, "node_modules", "setoff"), "dir");
  cpSync(join(root, "tests", "types"), join(dir, "src"), { recursive: true });
  writeFileSync(join(dir, "package.json"), '{ "type": "module" }');

  const programs = readdirSync(join(dir, "src")).filter((name) => /\.[cm]?ts$/.test(name));
  for (const resolution of Object.keys(RESOLUTIONS)) {
    for (const surroundings of Object.keys(SURROUNDINGS)) {
      const config = join(dir, `tsconfig.${resolution}.${surroundings}.json`);
      writeConfig(config, optionsOf(resolution, surroundings), programsFor(programs, surroundings));
      await run(...compiler(["-p", config]));
    }
  }

  await checkExamples(dir);
  await checkEarlier(dir, programs);
}

/** The programs that fit a project. */
function programsFor(programs, surroundings) {
  const others = Object.keys(SURROUNDINGS).filter((name) => name !== surroundings);
  return programs.filter((name) => !others.some((other) => name.includes(`.${other}.`)));
}

const optionsOf = (resolution, surroundings) => ({
  ...RESOLUTIONS[resolution],
  ...SURROUNDINGS[surroundings],
  ...{ target: "es2022", typeRoots: [join(root, "node_modules", "@types")], noEmit: true },
  ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
  ...{ noUnusedLocals: true, verbatimModuleSyntax: false, skipLibCheck: false },
});

function writeConfig(path, compilerOptions, names) {
  const files = names.map((name) => `src/${name}`);
  writeFileSync(path, JSON.stringify({ compilerOptions, files }));
}

/** Earlier versions of TypeScript that users have: in which project, and which of our programs they cannot read. */
const EARLIER = {
  5.6: { project: ["nodenext", "node"], without: /^(platform|formats)\./ },
  5.7: { project: ["bundler", "dom"], without: /^platform\./ },
  5.8: { project: ["nodenext", "node"], without: /^platform\./ },
  5.9: { project: ["bundler", "dom"], without: /^platform\./ },
  "6.0": { project: ["nodenext", "node"], without: /^$/ },
};

/** Compiles the programs with earlier versions. */
async function checkEarlier(dir, programs) {
  await prepareTools();
  for (const [version, { project, without }] of Object.entries(EARLIER)) {
    const files = programsFor(programs, project[1]).filter((name) => !without.test(name));
    const config = join(dir, `tsconfig.${version}.json`);
    writeConfig(config, optionsOf(...project), files);
    const tsc = join(toolsDir, "node_modules", `typescript-${version}`, "bin", "tsc");
    await run(process.execPath, [tsc, "-p", config]);
  }
}

/** What a reader copies from a page must be right by the types, as an editor checks plain JavaScript. */
async function checkExamples(dir) {
  await checkPages(dir, exemplary(root), { strict: false });
  // Its steps can be copied into a program of TypeScript.
  await checkPages(dir, ["docs/start.md"], { strict: true });
}

async function checkPages(dir, pages, strictness) {
  const examples = pageExamples(pages);
  const files = examples.map((_, index) => `src/example${index}.mjs`);
  for (const [index, example] of examples.entries())
    writeFileSync(join(dir, files[index]), example);

  const compilerOptions = {
    ...{ ...RESOLUTIONS.nodenext, ...SURROUNDINGS.node, target: "es2022", noEmit: true },
    ...{ allowJs: true, checkJs: true, ...strictness },
    typeRoots: [join(root, "node_modules", "@types")],
  };

  const config = join(dir, "tsconfig.examples.json");
  writeFileSync(config, JSON.stringify({ compilerOptions, files }));
  await run(...compiler(["-p", config]));
}

/** The programs of pages that import the package and Node alone. */
function pageExamples(pages) {
  const programs = pages.flatMap((page) => programsOf(readFileSync(join(root, page), "utf8")));
  const sources = programs.map(({ steps }) => steps.map(({ source }) => source).join("\n"));
  return sources.filter((source) =>
    [...source.matchAll(/^import .* from "(.*)";$/gm)].every(([, name]) =>
      /^(setoff|node:)/.test(name),
    ),
  );
}

/** The command line of the TypeScript compiler, for `run`. */
export function compiler(args) {
  const [node, tsc] = packageBin("typescript", "tsc");
  return [node, [tsc, ...args]];
}
