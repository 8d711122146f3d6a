// Finds the browser that the tests drive: the one that CHROME_PATH names, or a Chromium or Chrome of this machine, or
// else (Linux on x64) the one that the npm package @sparticuz/chromium brings.
import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { environment, fingerprint, Problem, root, run, succeeds, task, toolsDir } from "./exec.mjs";
import { unlessStamped } from "./setup.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APP = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const unpackedDir = join(toolsDir, "chromium");

/** Where the browser is and the environment to start it in: `{ executablePath, env }`. Unpacks it if it must. */
export async function browser() {
  const installed = process.env.CHROME_PATH || installedBrowser();
  if (installed) return { executablePath: installed, env: process.env };

  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Problem("the tests need Chrome or Chromium: install one, or name it in CHROME_PATH");
  }

  const packageJson = join(root, "node_modules", "@sparticuz", "chromium", "package.json");
  await unlessStamped(`${unpackedDir}.stamp`, fingerprint([packageJson]), unpack);
  const executablePath = join(unpackedDir, "chromium");
  return { executablePath, env: await environmentFor(executablePath) };
}

function installedBrowser() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...paths, MAC_APP].find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Unpacks the browser and the libraries that it needs. The package writes to the folder for temporary files, and
 * unpacks the libraries only where it believes to be in AWS Lambda; so a process of its own is told both.
 */
async function unpack() {
  const staging = `${unpackedDir}.${process.pid}`;
  mkdirSync(staging, { recursive: true });

  const code =
    'import("@sparticuz/chromium").then(({ default: chromium }) => chromium.executablePath())';
  await task("Unpacking the browser for the tests into .tools/", "once, about 5 s", () =>
    run(process.execPath, ["--eval", code], {
      env: environment({ TMPDIR: staging, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" }),
    }),
  );

  rmSync(unpackedDir, { recursive: true, force: true });
  renameSync(staging, unpackedDir);
}

/** The machine's own libraries and fonts where it has them; else those that came with the browser. */
async function environmentFor(executablePath) {
  const env = { ...process.env };
  if (!existsSync("/etc/fonts/fonts.conf")) env.FONTCONFIG_PATH = join(unpackedDir, "fonts");
  if (!(await succeeds(executablePath, ["--version"])))
    env.LD_LIBRARY_PATH = join(unpackedDir, "al2023", "lib");
  return env;
}
