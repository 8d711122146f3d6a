// The README's examples, run as they stand: what it prints must be what the README says.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** A program of the README that imports the built package instead, as text. */
function onOwnPackage(program) {
  const address = (file) => JSON.stringify(new URL(`../../pkg/${file}`, import.meta.url).href);
  const source = program
    .replace('"setoff"', address("node.mjs"))
    .replace('"setoff/rows"', address("rows.js"))
    .replace('"setoff/host"', address("host.js"))
    .replace('"setoff/rest"', address("rest-node.mjs"));
  assert.notEqual(source, program, "it imports the package");
  return source;
}

const run = (source) =>
  execFileSync(process.execPath, ["--input-type=module", "--eval", source], { encoding: "utf8" });

/** Programs with what they print, each behind the last heading before it. */
const examples = [
  ...readme.matchAll(
    /```(?:js|mjs|javascript|ts|typescript)\n((?:(?!```).)*)```\s+```text\n(.*?)```/gs,
  ),
].map(({ 1: program, 2: output, index }) => {
  const heading = readme.slice(0, index).match(/.*^#+ (.*?)$/ms)[1];
  return { heading, program, output };
});

for (const { heading, program, output } of examples) {
  test(`an example under "${heading}" prints what the README says`, () => {
    assert.equal(run(onOwnPackage(program)), output);
  });
}

/** The program that the README keeps in a file, and what a terminal shows of it. */
const ledger = readme.match(/```mjs\n\/\/ (ledger\.mjs)\n(.*?)```\s+```console\n(.*?)```/s);

describe("the example of a database", () => {
  const dir = mkdtempSync(join(tmpdir(), "setoff-ledger-"));
  after(() => rmSync(dir, { recursive: true }));
  const [, name, program, shown] = ledger;
  mkdirSync(join(dir, "node_modules"));
  symlinkSync(
    fileURLToPath(new URL("../../pkg", import.meta.url)),
    join(dir, "node_modules", "setoff"),
  );
  writeFileSync(join(dir, name), program);
  const start = (...args) => promisify(execFile)(process.execPath, [name, ...args], { cwd: dir });

  test("does in a terminal what the README shows", async () => {
    const commands = shown.split(/^\$ /m).slice(1);
    assert.ok(commands.some((command) => command.startsWith("DIE=1")));
    for (const command of commands) {
      const [line, ...output] = command.split("\n");
      const [, die, args] = line.match(/^(DIE=1 )?node ledger\.mjs (.*)$/);
      const env = { ...process.env, ...(die && { DIE: "1" }) };
      const run = promisify(execFile)(process.execPath, [name, ...args.split(" ")], {
        cwd: dir,
        env,
      });
      if (die) await assert.rejects(run, { signal: "SIGKILL" });
      else assert.equal((await run).stdout, output.join("\n"));
    }
  });

  test("loses nothing of processes that write at the same time, and does nothing twice", async () => {
    const payments = ["PAY-3", "PAY-4", "PAY-5", "PAY-3", "PAY-4"];
    const runs = await Promise.all(payments.map((id) => start("pay", id, "5.00", "cleo")));
    const lines = runs.map(({ stdout }) => stdout.trim()).sort();
    assert.equal(lines.filter((line) => line.endsWith("now")).length, 3);
    assert.equal(lines.filter((line) => line.endsWith("already")).length, 2);
    assert.deepEqual(new Set(lines.map((line) => line.split(" ")[3])), new Set(["4", "5", "6"]));
  });
});

test("the store of the README does what every store must do", async () => {
  const [, , program] = ledger;
  const [store] = program.match(/class FileStore \{.*?^\}$/ms);
  const dir = mkdtempSync(join(tmpdir(), "setoff-store-"));
  const source = `
    import { randomUUID } from "node:crypto";
    import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
    import { storeChecks } from ${JSON.stringify(new URL("../../pkg/host.js", import.meta.url).href)};
    ${store}
    for (const { name, run } of storeChecks(async () => {
      await rm("books", { recursive: true, force: true });
      return new FileStore();
    }))
      await run().catch((error) => console.log(name, error.message));`;
  try {
    const args = ["--input-type=module", "--eval", source];
    assert.equal(execFileSync(process.execPath, args, { cwd: dir, encoding: "utf8" }), "");
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("the README has an example of every ability that needs one", () => {
  const all = examples.map(({ program }) => program).join("");
  for (const word of [
    "preview(",
    "applyCredits",
    "allOpen",
    "undo",
    "taxItems",
    "ageing",
    "statement",
    "changePlan",
  ])
    assert.ok(all.includes(word), word);
});

test("the README has no links to files: the package holds none of them", () => {
  // Pictures stay in the repository: `scripts/build.mjs` takes them out.
  const texts = readme.replace(/^!\[.*\n/gm, "");
  const links = [...texts.matchAll(/\]\(([^)]*)\)/g)].map(([, link]) => link);
  assert.deepEqual(
    links.filter((link) => !link.startsWith("https://")),
    [],
  );
});

test("the further examples go on from there, to nothing left open", () => {
  const [first, ...others] = [...readme.matchAll(/```js\n(.*?)```/gs)].map(
    ([, program]) => program,
  );
  const ask = 'console.log(book.query({ of: "invoice" }).rows[0].balance);';
  const source = [onOwnPackage(first), ...others, ask].join("\n");
  assert.equal(run(source).trimEnd().split("\n").at(-1), "0.00");
});

test("every error code is in the README, in order of precedence", () => {
  const types = readFileSync(new URL("../../src/wire/types/errors.d.ts", import.meta.url), "utf8");
  const union = types.match(/export type ErrorCode =(.*?);/s)[1];
  const codes = [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code);
  const table = readme.slice(readme.indexOf("| code | when |"), readme.indexOf("</details>"));
  const listed = table
    .split("\n")
    .flatMap((row) => [...(row.split("|")[1]?.matchAll(/`(\w+)`/g) ?? [])]);
  assert.deepEqual(
    listed.map(([, code]) => code),
    codes,
  );
});
