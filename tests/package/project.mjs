// Users' projects for the tests beside this file, with the packed package installed: in a folder outside the
// repository, or beside the tools of `tools/package.json`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageDir } from "../../scripts/build.mjs";
import { filesOf } from "../../scripts/examples.mjs";
import { environment, root, run } from "../../scripts/exec.mjs";
import { serve } from "../../scripts/serve.mjs";
import { npm, prepareTools, projectsDir, toolsDir } from "../../scripts/smoke.mjs";
import { launch } from "../browser/launch.mjs";
import { FACTS, useSetoff } from "./program.mjs";

/** A new folder that is removed after the test `t`. */
export function temporaryFolder(t) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "setoff-test-")));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Packs the package as `npm publish` would. Answers npm's own account of it, with `path` for the tarball's place. */
export async function pack(t) {
  const dir = temporaryFolder(t);
  const { stdout } = await npm(packageDir, "pack", "--json", "--pack-destination", dir);
  const [report] = JSON.parse(stdout);
  return { ...report, path: join(dir, report.filename) };
}

/** A project with the package installed and `files` (name to text) in it. Answers its folder. */
export async function project(t, files) {
  const { path } = await pack(t);
  const dir = temporaryFolder(t);
  write(dir, { "package.json": "{}", ...files });
  await npm(dir, "install", "--offline", path);
  return dir;
}

/**
 * A project beside the tools of `tools/package.json`, which it finds as its own, and with the package installed from
 * its tarball. Answers its folder.
 */
export async function toolProject(name, files) {
  await prepareTools();
  const dir = join(projectsDir, name);
  rmSync(dir, { recursive: true, force: true });
  write(dir, { "package.json": '{ "type": "module" }', ...files });
  cpSync(join(projectsDir, "node_modules"), join(dir, "node_modules"), { recursive: true });
  return dir;
}

function write(dir, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}

/** The command line of a program that an installed tool brings, for `run`. */
export function toolBin(name, bin = name) {
  const folder = join(toolsDir, "node_modules", name);
  const bins = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).bin;
  return [process.execPath, [join(folder, typeof bins === "string" ? bins : bins[bin])]];
}

/** Runs such a program in a folder. */
export function runTool(dir, name, args, options) {
  const [node, [script]] = toolBin(name);
  return run(node, [script, ...args], { cwd: dir, ...options });
}

/** A file of the page of the documentation that says what needs a line of configuration, by its name there. */
export function documented(name) {
  const page = readFileSync(join(root, "docs", "guides", "runtimes.md"), "utf8");
  const found = filesOf(page).find(({ file }) => file === name);
  if (found === undefined) throw new Error(`docs/guides/runtimes.md has no ${name}`);
  return found.text;
}

/** What the program of `program.mjs` answers here, in this Node. It must be the same everywhere. */
export async function factsHere() {
  const { hash } = await useSetoff(await import("../../pkg/node.mjs"));
  return { ...FACTS, hash };
}

/** A program that does what all of them do and prints its facts as JSON, importing the package as `from`. */
export const printing = (from = "setoff") => `
  import * as setoff from "${from}";
  ${useSetoff}
  useSetoff(setoff).then((facts) => console.log(JSON.stringify(facts)));`;

/** The same as CommonJS. */
export const printingCommonJs = (from = "setoff") => `
  const setoff = require("${from}");
  ${useSetoff}
  useSetoff(setoff).then((facts) => console.log(JSON.stringify(facts)));`;

/** What such a program printed. */
export const printed = ({ stdout }) => JSON.parse(stdout.trim().split("\n").at(-1));

/** A page with a script. */
export const page = (script) =>
  `<!doctype html><html lang="en"><title>A page</title><script type="module" src="${script}"></script></html>`;

/** The script of a page that does the same, and keeps its facts as a promise. */
export const keeping = (from = "setoff") => `
  import * as setoff from "${from}";
  ${useSetoff}
  globalThis.facts = useSetoff(setoff);`;

/** What the page at an address has as its facts, in a browser, if the browser complains of nothing. */
export async function factsOf(t, url) {
  const browser = await launch();
  t.after(() => browser.close());
  const tab = await browser.newPage();
  const complaints = [];
  tab.on("console", (message) => {
    const isOurs = !message.location().url.endsWith("/favicon.ico");
    if (isOurs && ["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  tab.on("pageerror", (error) => complaints.push(String(error)));
  await tab.goto(url);
  await tab.waitForFunction(() => globalThis.facts !== undefined);
  const facts = await tab.evaluate(() => globalThis.facts);
  assert.deepEqual(complaints, []);
  return facts;
}

/** What the page in a folder of files has as its facts. */
export async function factsOfFolder(t, folder) {
  const server = await serve({ port: 0, folders: { "/": folder } });
  t.after(server.close);
  return factsOf(t, server.url);
}

/** A server that a program runs until the test ends, once it answers. Answers its address. */
export async function startServer(t, dir, port, command, args) {
  const child = spawn(command, args, { cwd: dir, env: environment({ PORT: `${port}` }) });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  t.after(() => child.kill());
  const url = `http://127.0.0.1:${port}/`;
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline && child.exitCode === null) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return url;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no answer from ${url}:\n${output}`);
}

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
