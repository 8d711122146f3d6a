// The examples of README.md and docs/, run as they stand with the packed package: they must print what the page says.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import * as examples from "../../scripts/examples.mjs";
import { filesBelow, root, run } from "../../scripts/exec.mjs";
import { toolProject } from "./project.mjs";

const { blocksOf, filesOf, programsOf } = examples;
const exemplary = examples.exemplary(root);
const textOf = (page) => readFileSync(join(root, page), "utf8");

/** Stands between what two steps of a program print. */
const BORDER = "---- the next step ----\n";

const nameOf = (page) => page.replaceAll("/", "-").replace(/\.md$/, "");

for (const page of exemplary) {
  const programs = programsOf(textOf(page));
  if (programs.length === 0) continue;

  describe(page, async () => {
    const files = programs.map(({ steps }) =>
      steps.map(({ source }) => source).join(`\nconsole.log(${JSON.stringify(BORDER.trim())});\n`),
    );
    const dir = await toolProject(
      `docs-${nameOf(page)}`,
      Object.fromEntries(files.map((text, place) => [`program-${place}.mjs`, text])),
    );
    for (const [place, { heading, steps }] of programs.entries()) {
      test(`the example under "${heading}" prints what the page says`, async () => {
        const { stdout } = await run(process.execPath, [`program-${place}.mjs`], { cwd: dir });
        assert.deepEqual(
          stdout.split(BORDER),
          steps.map(({ output }) => output),
        );
      });
    }
  });
}

/** Programs that a page keeps in files, and what a terminal shows of them. */
for (const page of exemplary) {
  const consoles = blocksOf(textOf(page)).filter(({ language }) => language === "console");
  for (const { heading, text } of consoles) {
    test(`${page}: the terminal under "${heading}" shows what happens`, async () => {
      const files = filesOf(textOf(page)).map(({ file, text }) => [file, text]);
      const dir = await toolProject(`docs-${nameOf(page)}-files`, Object.fromEntries(files));
      for (const command of text.split(/^\$ /m).slice(1)) {
        const [line, ...output] = command.split("\n");
        const [, die, args] = line.match(/^(DIE=1 )?node (.*)$/);
        const env = { ...process.env, ...(die && { DIE: "1" }) };
        const ran = promisify(execFile)(process.execPath, args.split(" "), { cwd: dir, env });
        if (die) await assert.rejects(ran, { signal: "SIGKILL" });
        else assert.equal((await ran).stdout, output.join("\n"));
      }
    });
  }
}

test("every file that a page shows is run by a terminal of that page, by a test, or an example", () => {
  const tests = filesBelow(join(root, "tests", "package"))
    .filter((file) => file.endsWith(".mjs"))
    .map((file) => readFileSync(file, "utf8"))
    .join("");
  for (const page of exemplary) {
    const blocks = blocksOf(textOf(page));
    const terminals = blocks
      .filter(({ language }) => language === "console")
      .map(({ text }) => text)
      .join("");
    for (const { file } of filesOf(textOf(page)))
      assert.ok(
        file.startsWith("examples/") ||
          terminals.includes(`node ${file}`) ||
          tests.includes(`"${file}"`),
        `nothing runs ${file} of ${page}`,
      );
  }
});

test("a page writes JavaScript as `js`, so that it is run", () => {
  for (const page of exemplary)
    for (const { language, file } of blocksOf(textOf(page)))
      assert.ok(file !== undefined || !/^(mjs|cjs|ts|javascript|typescript)$/.test(language), page);
});

test("no link of a page leads nowhere", () => {
  for (const page of [...examples.pages(root), "CONTRIBUTING.md", "ARCHITECTURE.md"]) {
    const prose = textOf(page)
      .replace(/^```.*?^```$/gms, "")
      .replace(/`[^`\n]*`/g, "");
    for (const [, link] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      const [file] = link.split("#");
      if (/^https?:/.test(link) || file === "") continue;
      const target = normalize(join(dirname(page), file));
      const isGenerated = target.startsWith("docs/api/");
      assert.ok(isGenerated || existsSync(join(root, target)), `${page} links to ${link}`);
    }
  }
});

test("a link to a heading finds it, on a page of the site and where Markdown is shown as it is", () => {
  const plain = (heading) => heading.toLowerCase().replace(/`/g, "").trim();
  const shown = (heading) =>
    plain(heading)
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replace(/ /g, "-");
  const onSite = (heading) =>
    plain(heading)
      .replace(/[^\p{L}\p{N}_]+/gu, "-")
      .replace(/^-|-$/g, "");
  for (const page of examples.pages(root)) {
    for (const [, link] of textOf(page).matchAll(/\]\(((?!https?:)[^)\s]*#[^)\s]+)\)/g)) {
      const [file, anchor] = link.split("#");
      const target = file === "" ? page : normalize(join(dirname(page), file));
      if (!existsSync(join(root, target))) continue;
      const headings = [...textOf(target).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
      for (const slug of [shown, onSite])
        assert.ok(
          headings.some((heading) => slug(heading) === anchor),
          `${page}: ${link}`,
        );
    }
  }
});

/** The page about stores keeps its program in a file. */
const ledger = filesOf(textOf("docs/guides/database.md")).find(({ file }) => file === "ledger.mjs");

test("the program of the page about databases loses nothing when processes write at the same time", async () => {
  const dir = await toolProject("docs-ledger", { "ledger.mjs": ledger.text });
  const start = (...args) => run(process.execPath, ["ledger.mjs", ...args], { cwd: dir });
  await start("bill", "INV-1", "30.00", "carl");
  const payments = ["PAY-3", "PAY-4", "PAY-5", "PAY-3", "PAY-4"];
  const runs = await Promise.all(payments.map((id) => start("pay", id, "5.00", "cleo")));
  const lines = runs.map(({ stdout }) => stdout.trim()).sort();
  assert.equal(lines.filter((line) => line.endsWith("now")).length, 3);
  assert.equal(lines.filter((line) => line.endsWith("already")).length, 2);
  assert.deepEqual(new Set(lines.map((line) => line.split(" ")[3])), new Set(["2", "3", "4"]));
});

test("the program of the page about databases has 40 lines, as the formatter writes them", async () => {
  assert.ok(ledger.text.trimEnd().split("\n").length <= 40);
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  const file = join(root, "target", "ledger.mjs");
  writeFileSync(file, ledger.text);
  const options = ["--config-path", root, "--vcs-enabled=false"];
  await run(process.execPath, [biome, "format", ...options, file], { cwd: root });
});

test("the store of that page does what every store must do", async () => {
  const [store] = ledger.text.match(/^const folder = .*?^\};$/ms);
  const dir = await toolProject("docs-store", {
    "checks.mjs": `
      import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
      import { storeChecks } from "setoff/host";
      ${store}
      for (const { name, run } of storeChecks(async () => {
        await rm("books", { recursive: true, force: true });
        return store;
      }))
        await run().catch((error) => console.log(name, error.message));`,
  });
  assert.equal((await run(process.execPath, ["checks.mjs"], { cwd: dir })).stdout, "");
});

test("the pages have an example of every ability that needs one", () => {
  const all = exemplary
    .flatMap((page) => programsOf(textOf(page)))
    .flatMap(({ steps }) => steps.map(({ source }) => source))
    .join("");
  const needed = ["preview(", "applyCredits", "allOpen", "undo", "taxItems", "ageing", "statement"];
  for (const word of [...needed, "changePlan", "generateDocuments", "fromRow", "explain("])
    assert.ok(all.includes(word), word);
});

test("every error code is in the table, in order of precedence", () => {
  const types = readFileSync(join(root, "src", "wire", "types", "errors.d.ts"), "utf8");
  const union = types.match(/export type ErrorCode =(.*?);/s)[1];
  const codes = [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code);
  const page = textOf("docs/reference/codes.md");
  const table = page.slice(page.indexOf("| code | when |"));
  const listed = table
    .split("\n")
    .flatMap((row) => [...(row.split("|")[1]?.matchAll(/`(\w+)`/g) ?? [])]);
  assert.deepEqual(
    listed.map(([, code]) => code),
    codes,
  );
});

test("the README fits on two screens", () => {
  assert.ok(textOf("README.md").trimEnd().split("\n").length <= 120);
});
