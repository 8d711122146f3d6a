// Runs other programs for the scripts beside this file and says how far they are. Node built-ins only: everything here
// must work before `npm ci` has run.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The project folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where everything is kept that is downloaded or built once. */
export const toolsDir = join(root, ".tools");

/** Something that the user can put right: shown without a stack. */
export class Problem extends Error {}

/** A program that ended badly, with all that it printed. */
export class CommandError extends Problem {
  constructor(commandLine, reason, output) {
    super(`\`${commandLine}\` ${reason}`);
    this.output = output;
  }
}

/** Settings of a caller that would change what a build makes or an output says. */
const UNWANTED_VARIABLES = [
  ...["FORCE_COLOR", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"],
  "NODE_TEST_CONTEXT",
];

/**
 * The environment for programs that we start: our tools first on the path, and without those settings of the
 * caller.
 */
export function environment(extra = {}) {
  const env = {
    ...process.env,
    NO_COLOR: "1",
    CARGO_TERM_COLOR: "never",
    CARGO_TERM_PROGRESS_WHEN: "never",
  };
  for (const name of UNWANTED_VARIABLES) delete env[name];

  const folders = [join(toolsDir, "bin"), join(root, "node_modules", ".bin")];
  env.PATH = [...folders, process.env.PATH].join(delimiter);
  return { ...env, ...extra };
}

let lastLine = "";

/**
 * Runs a program to its end. `onOutput` gets each text that it prints to stdout, at once. Answers `{ stdout, output }`,
 * the latter with stderr; throws {@link CommandError}.
 */
export function run(command, args = [], { cwd = root, env = environment(), onOutput } = {}) {
  const commandLine = [command, ...args].join(" ");
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const stop = (signal) => {
      child.kill(signal);
      process.exit(1);
    };
    process.once("SIGINT", stop).once("SIGTERM", stop);

    let stdout = "";
    let output = "";
    const collect = (text) => {
      output += text;
      const complete = output.slice(-1000).split("\n").slice(0, -1);
      lastLine = complete.findLast((line) => line.trim() !== "") ?? lastLine;
    };

    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      onOutput?.(text);
      collect(text);
    });
    child.stderr.setEncoding("utf8").on("data", collect);

    const settle = (reason) => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      if (reason === undefined) resolve({ stdout, output });
      else reject(new CommandError(commandLine, reason, output));
    };
    child.on("error", (error) => settle(`could not be started: ${error.message}`));
    child.on("close", (code, signal) =>
      settle(code === 0 ? undefined : `failed (${signal ?? `exit code ${code}`})`),
    );
  });
}

/** Whether a program can be run and ends well. */
export async function succeeds(command, args, options) {
  return run(command, args, options).then(
    () => true,
    () => false,
  );
}

/** The command line of a program that an installed npm package brings, for {@link run}. */
export function packageBin(name, bin = name) {
  const folder = join(root, "node_modules", name);
  const bins = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).bin;
  return [process.execPath, join(folder, typeof bins === "string" ? bins : bins[bin])];
}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Says what begins and how long it takes, then every ten seconds how far it is, then that it is done. */
export async function task(title, estimate, work) {
  const began = performance.now();
  console.log(`${title} (${estimate}) ...`);
  lastLine = "";

  const heartbeat = setInterval(
    () => console.log(`  ${seconds(began)}  ${lastLine.trim().slice(0, 100)}`.trimEnd()),
    10_000,
  );

  try {
    const result = await work();
    console.log(`  done in ${seconds(began)}`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}

/** All files below a folder, sorted; or the file itself. */
export function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** SHA-256 over names and contents of files and folders, and over the machine's kind: what was made from them. */
export function fingerprint(paths, base = root) {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}\n`);
  for (const file of paths.flatMap(filesBelow)) {
    const content = readFileSync(file);
    hash.update(`${relative(base, file)}\n${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/** Runs a script's main function, when the script itself was started and not imported. */
export async function main(moduleUrl, body) {
  if (process.argv[1] === undefined || fileURLToPath(moduleUrl) !== realpathSync(process.argv[1]))
    return;

  try {
    await body();
  } catch (error) {
    const isMistypedOption = error.code?.startsWith("ERR_PARSE_ARGS");
    if (!(error instanceof Problem || isMistypedOption)) throw error;

    if (error.output) console.error(error.output.trimEnd());
    console.error(`\nerror: ${error.message}`);
    process.exitCode = 1;
  }

  // The library that starts PostgreSQL for tests ends a process with 0 when nothing is left to do, whatever was said.
  if (process.exitCode) process.exit();
}
