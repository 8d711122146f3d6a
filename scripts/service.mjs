// What the service of `service/` needs beside its libraries: the package by its name, and, for its tests, a
// PostgreSQL.
import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, packageDir } from "./build.mjs";
import { environment, filesBelow, main, Problem, root, run } from "./exec.mjs";
import { compiler } from "./typecheck.mjs";

/** The workspace of the service. */
export const serviceDir = join(root, "service");

/** Lets the service import the package as its users do. */
export function linkPackage() {
  const modules = join(serviceDir, "node_modules");
  const link = join(modules, "setoff");
  if (existsSync(link) && readlinkSync(link) === packageDir) return;

  mkdirSync(modules, { recursive: true });
  rmSync(link, { recursive: true, force: true });
  // Windows makes a junction, for which nobody needs rights.
  symlinkSync(packageDir, link, process.platform === "win32" ? "junction" : "dir");
}

/** Checks the types of the service, and runs its tests: all files over one server of PostgreSQL. */
export async function testService() {
  linkPackage();
  await run(...compiler(["-p", join(serviceDir, "tsconfig.json")]));

  const { startPostgres } = await import("../service/tests/support.mjs");
  const postgres = await startPostgres();
  const tests = filesBelow(join(serviceDir, "tests")).filter((file) => file.endsWith(".test.mjs"));
  const options = [
    "--test",
    "--test-reporter=spec",
    "--test-concurrency=2",
    "--test-timeout=1800000",
  ];
  try {
    const env = environment({ SETOFF_TEST_DATABASE_URL: postgres.url });
    return await run(process.execPath, [...options, ...tests], { env });
  } finally {
    await postgres.stop();
  }
}

await main(import.meta.url, async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  if (positionals.join() !== "link") throw new Problem("usage: node scripts/service.mjs link");
  await build();
  linkPackage();
});
