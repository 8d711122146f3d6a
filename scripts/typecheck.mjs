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
import { packageBin, root, run } from "./exec.mjs";

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
  for (const [place, example] of readmeExamples().entries()) {
    writeFileSync(join(dir, "src", `readme${place}.node.ts`), example);
  }
  writeFileSync(join(dir, "package.json"), '{ "type": "module" }');

  const programs = readdirSync(join(dir, "src")).filter((name) => /\.[cm]?ts$/.test(name));
  const others = (surroundings) =>
    Object.keys(SURROUNDINGS).filter((name) => name !== surroundings);
  for (const [resolution, moduleOptions] of Object.entries(RESOLUTIONS)) {
    for (const [surroundings, options] of Object.entries(SURROUNDINGS)) {
      const config = join(dir, `tsconfig.${resolution}.${surroundings}.json`);
      const fitting = programs.filter(
        (name) => !others(surroundings).some((other) => name.includes(`.${other}.`)),
      );
      const compilerOptions = {
        ...moduleOptions,
        ...options,
        ...{ target: "es2022", typeRoots: [join(root, "node_modules", "@types")], noEmit: true },
        ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
        ...{ noUnusedLocals: true, verbatimModuleSyntax: false, skipLibCheck: false },
      };
      writeFileSync(
        config,
        JSON.stringify({ compilerOptions, files: fitting.map((name) => `src/${name}`) }),
      );
      await run(...compiler(["-p", config]));
    }
  }
}

/** The README's programs: what a reader copies must compile as it stands. They print, so they need a surrounding. */
function readmeExamples() {
  const blocks = readFileSync(join(root, "README.md"), "utf8").matchAll(
    /```\w+\n(import .*?)```/gs,
  );
  return [...blocks].map(([, program]) => program);
}

/** The command line of the TypeScript compiler, for `run`. */
export function compiler(args) {
  const [node, tsc] = packageBin("typescript", "tsc");
  return [node, [tsc, ...args]];
}
