// A few kills of processes under load. `npm run proof -- service` makes a thousand.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { kill } from "./kills.mjs";
import { endProcesses } from "./processes.mjs";
import { newDatabaseUrl, stopPostgres } from "./support.mjs";

after(stopPostgres);
after(endProcesses);

test("8 kills of two processes over PostgreSQL lose nothing and do nothing twice", async () => {
  const { applied } = await kill({ url: await newDatabaseUrl(), count: 8, processes: 2 });
  assert.ok(applied > 8);
});

test("2 kills over PGlite lose nothing and do nothing twice", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "setoff-pglite-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { applied } = await kill({ folder, count: 2, accounts: 1 });
  assert.ok(applied > 2);
});
