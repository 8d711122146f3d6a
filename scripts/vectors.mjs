// `npm run vectors -- FOLDER`: runs every file of vectors in a folder through the built package, and prints each
// difference and the totals; `--json` prints them as JSON. Exits with 1 if anything differs.
//
// A file is `{ params, vectors: [{ id, kind, inputs, expected, params, tolerance, deviation }] }`; the parameters of
// a vector go over those of its file. `deviation` says why the figure of a source is not to be followed: the vector
// must differ then. A plain list is of golden cases (`vectors/scenarios.mjs`) where its entries have steps, else of
// published settlements, which the project's own scenarios read (`vectors/settlement.mjs`). A `presets.json` in the
// folder or beside it says which preset stands for which vectors. Scenarios (`*.txt`, the tables of
// `docs/internals/scenarios.md`) are written out as golden cases by Rust first.
//
// The modules in `vectors/` that export `kinds` know what to do: `{ kind: (vector, setoff, preset) => ({ agrees,
// actual, expected, byPreset }) }`, where `byPreset` is undefined, or `{ preset, agrees, actual, expected }`. They may
// add `deviation`, `unchecked` (what of the expected figures was not compared) and `isUnknown`.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build, packageDir } from "./build.mjs";
import { environment, main, Problem, root, run } from "./exec.mjs";
import { setup } from "./setup.mjs";

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** The kinds of all modules in `vectors/`. */
async function loadKinds() {
  const folder = join(root, "scripts", "vectors");
  const modules = await Promise.all(
    readdirSync(folder).map((name) => import(pathToFileURL(join(folder, name)).href)),
  );
  return Object.assign({}, ...modules.map(({ kinds }) => kinds));
}

/** `{ name, params, verified_by }` of each preset, of all families. */
function presetsOf(folder) {
  const path = [folder, dirname(folder)]
    .map((place) => join(place, "presets.json"))
    .find(existsSync);
  if (path === undefined) return [];
  const families = Object.values(readJson(path)).filter((family) => typeof family === "object");
  return families.flatMap((family) =>
    Object.entries(family).map(([name, preset]) => ({ name, ...preset })),
  );
}

/** Runs the vectors of `folder`; answers a row for each: `{ file, id, kind, state, … }`. */
export async function runVectors(folder, setoff) {
  const kinds = await loadKinds();
  const presets = presetsOf(folder);
  const files = readdirSync(folder).filter(
    (name) => name.endsWith(".json") && name !== "presets.json",
  );

  return files.sort().flatMap((file) => {
    const contents = readJson(join(folder, file));
    const { params, vectors } = Array.isArray(contents)
      ? { vectors: contents.map(vectorOfList) }
      : contents;
    return vectors.map((vector) => {
      const { id, kind, deviation } = vector;
      const check = kinds[kind];
      if (check === undefined) return { file, id, kind, state: "unknown" };

      const preset = presets.find(({ verified_by }) => isVerifiedBy(id, verified_by));
      const run = () => check(merge(vector, params), setoff, preset);
      return { file, id, kind, ...judge(deviation, run) };
    });
  });
}

/** Whether a preset stands for a vector. It names whole identifiers, or what the identifiers of a source begin with. */
const isVerifiedBy = (id, names) => names.some((name) => name === id || id.startsWith(`${name}-`));

const vectorOfList = (vector) =>
  vector.steps === undefined && vector.name === undefined
    ? { ...vector, kind: "settlement" }
    : { ...vector, kind: "scenario", id: vector.name };

/** The folders of the vectors: the folder itself, and one to which its scenarios are written out, if it has any. */
async function foldersOf(folder) {
  const names = readdirSync(folder);
  const lists = names.filter((name) => name.endsWith(".json"));
  const folders = lists.length > 0 ? [folder] : [];

  if (lists.some((name) => hasSettlements(readJson(join(folder, name)))))
    await writeScenarios("the_scenarios_come_out_as_expected");
  if (!names.some((name) => name.endsWith(".txt"))) return folders;

  await writeScenarios("the_scenarios_of_a_folder_are_written_out", { SETOFF_SCENARIOS: folder });
  return [...folders, join(root, "target", "scenarios-of-folder")];
}

const hasSettlements = (contents) =>
  Array.isArray(contents) && contents.map(vectorOfList).some(({ kind }) => kind === "settlement");

/** Has a test of Rust write scenarios out as golden cases. */
function writeScenarios(test, variables = {}) {
  const args = ["test", "--locked", "--test", "scenarios", "--", "--exact", test];
  return run("cargo", args, { env: environment(variables) });
}

const merge = (vector, params) => ({ ...vector, params: { ...params, ...vector.params } });

function judge(deviation, run) {
  let result;
  try {
    result = run();
  } catch (error) {
    return { state: "differs", why: String(error) };
  }

  const { agrees, actual, expected, byPreset, unchecked, isUnknown } = result;
  if (isUnknown) return { state: "unknown" };

  deviation ??= result.deviation;
  if (deviation !== undefined) {
    if (!agrees) return { state: "deviation", why: deviation, actual, expected };
    return { state: "differs", why: "marked as a deviation, but it agrees", actual, expected };
  }

  if (!agrees) return { state: "differs", actual, expected };
  if (byPreset === undefined) return { state: "agrees", unchecked };

  const { preset } = byPreset;
  if (byPreset.agrees) return { state: "agrees", preset };
  const figures = { actual: byPreset.actual, expected: byPreset.expected };
  return { state: "differs", why: `by preset ${preset}`, ...figures };
}

/** How many rows are in each state. */
export function totals(rows) {
  const count = (isCounted) => rows.filter(isCounted).length;
  const countOf = (state) => count((row) => row.state === state);
  return {
    vectors: rows.length,
    agree: countOf("agrees"),
    byPreset: count(({ preset }) => preset !== undefined),
    deviations: countOf("deviation"),
    differ: countOf("differs"),
    unknown: countOf("unknown"),
  };
}

function report(rows) {
  for (const [file, rowsOfFile] of Object.entries(group(rows, "file"))) {
    console.log(`  ${file.padEnd(30)}${summary(rowsOfFile)}`);
  }

  for (const row of rows) if (["differs", "deviation"].includes(row.state)) reportDifference(row);

  const partly = rows.filter(({ unchecked }) => unchecked !== undefined);
  if (partly.length > 0)
    console.log("\nNot compared, being prose or words of the source's system:");
  for (const { id, unchecked } of partly) console.log(`  ${id}: ${unchecked.join(", ")}`);

  const unknown = rows.filter(({ state }) => state === "unknown");
  const kinds = Object.entries(group(unknown, "kind"));
  const names = kinds.map(([kind, rowsOfKind]) => `${kind} ${rowsOfKind.length}`);
  if (names.length > 0) console.log(`\nUnknown kinds: ${names.join(", ")}`);
  console.log(`\n${summary(rows)}`);
}

/** How many rows are in each state, as a line. */
function summary(rows) {
  const { agree, byPreset, deviations, differ, unknown, vectors } = totals(rows);
  return [
    `${agree} of ${vectors} agree`,
    ...(byPreset > 0 ? [`${byPreset} of them also by preset`] : []),
    ...(deviations > 0 ? [`${deviations} deviations`] : []),
    ...(differ > 0 ? [`${differ} DIFFER`] : []),
    ...(unknown > 0 ? [`${unknown} of unknown kind`] : []),
  ].join(", ");
}

function reportDifference({ file, id, state, why, actual, expected }) {
  const title = state === "differs" ? "DIFFERS" : "deviation";
  console.log(`\n${title} ${file} ${id}${why === undefined ? "" : `: ${why}`}`);
  if (expected !== undefined)
    console.log(`  source ${JSON.stringify(expected)}\n  setoff ${JSON.stringify(actual)}`);
}

function group(rows, key) {
  const groups = {};
  for (const row of rows) (groups[row[key]] ??= []).push(row);
  return groups;
}

await main(import.meta.url, async () => {
  const { values, positionals } = parseArgs({
    options: { json: { type: "boolean" } },
    allowPositionals: true,
  });
  const folder = resolve(positionals[0] ?? join(root, "tests", "vectors"));
  if (!existsSync(folder)) throw new Problem(`there is no folder ${folder}`);

  const print = console.log;
  // What is printed on the way must not end up in the JSON.
  if (values.json) console.log = console.error;

  await setup();
  await build();
  const setoff = await import(pathToFileURL(join(packageDir, "node.mjs")).href);
  const rows = [];
  for (const found of await foldersOf(folder)) rows.push(...(await runVectors(found, setoff)));
  if (rows.length === 0) throw new Problem(`there are no vectors in ${basename(folder)}`);

  if (values.json) print(JSON.stringify({ totals: totals(rows), vectors: rows }, null, 2));
  else report(rows);
  if (rows.some(({ state }) => state === "differs")) process.exitCode = 1;
});
