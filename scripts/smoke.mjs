// `npm run smoke`: the packed package in every runtime, bundler and test runner that people use. `npm test` tries the
// few that most of them use. `-- --only NAME` runs the files of `tests/package` with that word in their name.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { browser } from "./browser.mjs";
import { build, packageDir } from "./build.mjs";
import {
  CommandError,
  environment,
  filesBelow,
  fingerprint,
  main,
  Problem,
  root,
  run,
  task,
} from "./exec.mjs";
import { unlessStamped } from "./setup.mjs";

const testsDir = join(root, "tests", "package");

/** The files of `npm test` that try the package in a runtime, bundler or test runner; `matrix/` has all others. */
const WIDESPREAD = ["esbuild", "jest", "next", "node", "vite"];

/** The one file with the versions of all tools. */
const manifestDir = join(testsDir, "tools");

/** Where the tools are installed. Projects below {@link projectsDir} find them as their own. */
export const toolsDir = join(root, "target", "smoke");

/** Where the package is installed from its tarball, for all projects below. */
export const projectsDir = join(toolsDir, "projects");

const manifest = () => JSON.parse(readFileSync(join(manifestDir, "package.json"), "utf8"));

let prepared;

/**
 * Installs the tools of `npm test`, or all of them, and the package as it would be published. Tests of one file ask for
 * it at once, and two installations into one folder would destroy each other.
 */
export function prepareTools({ all = false } = {}) {
  prepared ??= prepare(all);
  return prepared;
}

async function prepare(all) {
  await installTools(all);
  if (all) await installNodes();
  await installPackage();
}

async function installTools(all) {
  const versions = fingerprint([manifestDir]);
  const stamp = (name) => join(toolsDir, "node_modules", `.stamp-${name}`);
  // All of the tools have the few among them.
  if (existsSync(stamp("all")) && readFileSync(stamp("all"), "utf8") === versions) return;

  await unlessStamped(stamp(all ? "all" : "few"), versions, async () => {
    mkdirSync(toolsDir, { recursive: true });
    for (const name of ["package.json", "package-lock.json"])
      cpSync(join(manifestDir, name), join(toolsDir, name));
    cpSync(join(root, ".npmrc"), join(toolsDir, ".npmrc"));

    const title = `Installing ${all ? "all" : "the"} tools that the package is tried with into target/smoke/`;
    await task(title, "once, about 30 s", () =>
      npm(toolsDir, "ci", ...(all ? ["--include=dev"] : ["--omit=dev"])),
    );
  });
}

/** The versions of Node, each from the npm package that brings its program for this machine. */
async function installNodes() {
  for (const version of manifest().nodes) {
    if (existsSync(nodeProgram(version))) continue;

    const name = `node-${process.platform}-${process.arch}`;
    const dir = nodeDir(version);
    mkdirSync(dir, { recursive: true });
    await task(`Installing Node ${version} into target/smoke/`, "once, about 10 s", () =>
      npm(dir, "install", "--no-save", "--prefix", dir, `node@npm:${name}@${version}`),
    );
  }
}

const nodeDir = (version) => join(toolsDir, "nodes", version);
const nodeProgram = (version) => join(nodeDir(version), "node_modules", "node", "bin", "node");

/** The versions of Node to try, each with its program. */
export const nodes = () =>
  manifest().nodes.map((version) => ({ version, program: nodeProgram(version) }));

async function installPackage() {
  const stamp = join(projectsDir, ".stamp");
  mkdirSync(projectsDir, { recursive: true });
  await unlessStamped(stamp, fingerprint([packageDir]), async () => {
    rmSync(join(projectsDir, "node_modules"), { recursive: true, force: true });
    const { stdout } = await npm(packageDir, "pack", "--json", "--pack-destination", projectsDir);
    const [{ filename }] = JSON.parse(stdout);
    await npm(projectsDir, "install", "--offline", "--no-save", "--prefix", projectsDir, filename);
  });
}

/** Runs npm as from a shell: what `npm test` puts into the environment would point it back at this repository. */
export function npm(cwd, ...args) {
  const variables = Object.entries(environment()).filter(([name]) => !/^npm_/i.test(name));
  return run("npm", args, { cwd, env: Object.fromEntries(variables) });
}

/** Runs a test file, and says each of its tests as it is done. */
function testFile(file) {
  const options = ["--test", "--test-reporter=spec", "--test-timeout=900000"];
  return run(process.execPath, [...options, file], {
    onOutput: (text) => process.stdout.write(text.replace(/^ℹ .*\n/gm, "")),
  });
}

const nameOf = (file) => basename(file, ".test.mjs");

/** The test files whose names have one of these words; without words, those that try the package in something. */
function filesToTest(words) {
  const files = filesBelow(testsDir).filter((file) => file.endsWith(".test.mjs"));
  if (words !== undefined)
    return files.filter((file) => words.some((word) => nameOf(file).includes(word)));

  const isOfMatrix = (file) => dirname(file) === join(testsDir, "matrix");
  return files.filter((file) => isOfMatrix(file) || WIDESPREAD.includes(nameOf(file)));
}

await main(import.meta.url, async () => {
  const { only } = parseArgs({ options: { only: { type: "string", multiple: true } } }).values;
  const files = filesToTest(only);
  if (files.length === 0) throw new Problem(`no file of tests/package has ${only} in its name`);

  await build();
  await browser();
  await prepareTools({ all: true });

  // One file after the other: each starts bundlers, servers or browsers of its own, which take all processors.
  const failed = [];
  for (const [index, file] of files.entries()) {
    const title = `${index + 1} of ${files.length}: ${nameOf(file)}`;
    await task(title, "up to a minute", () => testFile(file)).catch((error) => {
      if (!(error instanceof CommandError)) throw error;
      console.log(error.message);
      failed.push(title);
    });
  }

  if (failed.length > 0) throw new Problem(`failed: ${failed.join(", ")}`);
});
