// Users' projects for the tests beside this file: a folder outside the repository with the packed package installed.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageDir } from "../../scripts/build.mjs";
import { environment, run } from "../../scripts/exec.mjs";

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
  for (const [name, text] of Object.entries({ "package.json": "{}", ...files })) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  await npm(dir, "install", "--offline", path);
  return dir;
}

/** Runs npm as from a shell: what `npm test` puts into the environment would point it back at this repository. */
function npm(cwd, ...args) {
  const own = Object.entries(environment()).filter(([name]) => !/^npm_/i.test(name));
  return run("npm", args, { cwd, env: Object.fromEntries(own) });
}
