// `node scripts/mutants.mjs`: breaks each rule of `tests/mutants.json` in turn, and says which test notices.
//
// All mutants are compiled into one copy of the project, each behind a switch that an environment variable sets. So
// there is one build, and then each mutant takes only as long as its tests.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { environment, main, Problem, root, run } from "./exec.mjs";

const SWITCH = "SETOFF_MUTANT";
const copy = join(root, "target", "mutants");

const SWITCHES = `//! Which mutant is switched on.

use std::sync::OnceLock;

/// Whether this mutant is on.
pub fn is_on(number: usize) -> bool {
    static CHOSEN: OnceLock<Option<usize>> = OnceLock::new();
    *CHOSEN.get_or_init(|| std::env::var("${SWITCH}").ok()?.parse().ok()) == Some(number)
}
`;

/** Copies the project as it is now, without what Git ignores. */
async function copyProject() {
  const { stdout } = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard"]);
  const listed = stdout.split("\n").filter((file) => file !== "");
  // Git still lists a file that was removed and not yet committed.
  for (const file of listed.filter((file) => existsSync(join(root, file)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    copyFileSync(join(root, file), join(copy, file));
  }
}

/** Puts a mutant next to the code that it replaces. */
function plant({ rule, file, code, mutant }, index) {
  const path = join(copy, file);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const [before, after, ...more] = text.split(code);
  if (after === undefined || more.length > 0)
    throw new Problem(`"${rule}": ${file} must have \`${code}\` once`);

  const switched = `(if crate::mutants::is_on(${index}) { ${mutant} } else { ${code} })`;
  writeFileSync(path, `${before}${switched}${after}`);
}

/** The number of the line on which the code stands in the project. */
function lineOf({ file, code }) {
  const [before] = readFileSync(join(root, file), "utf8").split(code);
  return before.split("\n").length;
}

/** Builds the tests and returns their programs by name. */
async function buildPrograms(tests) {
  const names = tests.flatMap((test) => ["--test", test]);
  const { stdout } = await run(
    "cargo",
    ["test", "--locked", "--no-run", "--message-format=json", ...names],
    { cwd: copy, env: environment({ CARGO_TARGET_DIR: join(copy, "target") }) },
  );

  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  const built = lines.map((line) => JSON.parse(line)).filter(({ executable }) => executable);
  return new Map(built.map(({ target, executable }) => [target.name, executable]));
}

/** The first of the tests that fails with the mutant; `undefined` if all pass. */
async function findKiller(tests, programs, number) {
  for (const test of tests) {
    const env = environment({ [SWITCH]: String(number) });
    try {
      await run(programs.get(test), [], { cwd: copy, env });
    } catch (error) {
      const [, name] = /^test (\S+) \.\.\. FAILED$/m.exec(error.output ?? "") ?? [];
      return `${test}, \`${name ?? "it does not end well"}\``;
    }
  }
  return undefined;
}

main(import.meta.url, async () => {
  const mutants = JSON.parse(readFileSync(join(root, "tests", "mutants.json"), "utf8"));
  await copyProject();
  mutants.forEach(plant);
  writeFileSync(join(copy, "src", "mutants.rs"), SWITCHES);
  const lib = join(copy, "src", "lib.rs");
  writeFileSync(lib, `${readFileSync(lib, "utf8")}\npub mod mutants;\n`);

  const tests = [...new Set(mutants.flatMap(({ tests }) => tests))];
  const built = await buildPrograms(tests);
  const broken = await findKiller(tests, built, "none");
  if (broken !== undefined) throw new Problem(`without a mutant, a test fails: ${broken}`);

  const rows = [];
  for (const [index, mutant] of mutants.entries()) {
    const killed = await findKiller(mutant.tests, built, index);
    rows.push(
      `| ${mutant.rule} | \`${mutant.file}:${lineOf(mutant)}\` | ${killed ?? "**survives**"} |`,
    );
  }
  console.log(["| rule | where | found by |", "|---|---|---|", ...rows].join("\n"));
});
