// `npm run smoke`: the packed package in every runtime, bundler and test runner that people use. `npm test` tries the
// few that most of them use. `-- --only NAME` runs the files with that word in their name.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { browser } from "./browser.mjs";
import { build, packageDir } from "./build.mjs";
import { environment, filesBelow, fingerprint, main, Problem, root, run, task } from "./exec.mjs";
import { unlessStamped } from "./setup.mjs";

/** The one file with the versions of all tools. */
const manifestDir = join(root, "tests", "package", "tools");

/** Where the tools are installed. Projects below {@link projectsDir} find them as their own. */
export const toolsDir = join(root, "target", "smoke");

/** Where the package is installed from its tarball, for all projects below. */
export const projectsDir = join(toolsDir, "projects");

const manifest = () => JSON.parse(readFileSync(join(manifestDir, "package.json"), "utf8"));

/** Installs the tools of `npm test`, or all of them, and the package as it would be published. */
export async function prepareTools({ all = false } = {}) {
  await installTools(all);
  if (all) await installNodes();
  await installPackage();
}

async function installTools(all) {
  const wanted = fingerprint([manifestDir]);
  const stamp = (name) => join(toolsDir, "node_modules", `.stamp-${name}`);
  if (existsSync(stamp("all")) && readFileSync(stamp("all"), "utf8") === wanted) return;
  await unlessStamped(stamp(all ? "all" : "few"), wanted, async () => {
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
  const wanted = fingerprint([packageDir]);
  const stamp = join(projectsDir, ".stamp");
  mkdirSync(projectsDir, { recursive: true });
  await unlessStamped(stamp, wanted, async () => {
    rmSync(join(projectsDir, "node_modules"), { recursive: true, force: true });
    const { stdout } = await npm(packageDir, "pack", "--json", "--pack-destination", projectsDir);
    const [{ filename }] = JSON.parse(stdout);
    await npm(projectsDir, "install", "--offline", "--no-save", "--prefix", projectsDir, filename);
  });
}

/** Runs npm as from a shell: what `npm test` puts into the environment would point it back at this repository. */
export function npm(cwd, ...args) {
  const own = Object.entries(environment()).filter(([name]) => !/^npm_/i.test(name));
  return run("npm", args, { cwd, env: Object.fromEntries(own) });
}

/** Runs test files, two at a time. */
export function testFiles(files) {
  const options = ["--test", "--test-reporter=spec", "--test-concurrency=2"];
  return run(process.execPath, [...options, "--test-timeout=300000", ...files]);
}

await main(import.meta.url, async () => {
  const { only = [""] } = parseArgs({
    options: { only: { type: "string", multiple: true } },
  }).values;
  const files = filesBelow(join(root, "tests", "package")).filter(
    (file) =>
      file.endsWith(".test.mjs") && only.some((name) => basename(file, ".test.mjs").includes(name)),
  );
  if (files.length === 0) throw new Problem(`no file of tests/package has ${only} in its name`);
  await build();
  await browser();
  await prepareTools({ all: true });
  const { stdout } = await task("The package in all runtimes", "about 4 minutes", () =>
    testFiles(files),
  );
  console.log(stdout);
});
