// What is in the package, and what is not.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { packageDir } from "../../scripts/build.mjs";
import { filesBelow, root } from "../../scripts/exec.mjs";
import { addressed, packedPage, textFiles } from "../../scripts/texts.mjs";
import { pack } from "./project.mjs";

const manifest = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8"));
const wasm = readFileSync(join(packageDir, "setoff_bg.wasm"));

test("the tarball has these files and no others", async (t) => {
  const { files } = await pack(t);
  const texts = textFiles();
  const others = files.map(({ path }) => path).filter((path) => !texts.includes(path));
  assert.equal(others.length + texts.length, files.length);
  assert.deepEqual(others.sort(), [
    "check-command.js",
    "check.cjs",
    "check.d.cts",
    "check.d.ts",
    "check.js",
    "host.cjs",
    "host.d.cts",
    "host.d.ts",
    "host.js",
    "index.d.cts",
    "index.d.ts",
    "inline.cjs",
    "inline.d.cts",
    "inline.d.ts",
    "inline.js",
    "locale/de.cjs",
    "locale/de.d.cts",
    "locale/de.d.ts",
    "locale/de.js",
    "node.cjs",
    "node.cjs.map",
    "node.mjs",
    "node.mjs.map",
    "package.json",
    "proration-node.cjs",
    "proration-node.cjs.map",
    "proration-node.mjs",
    "proration-node.mjs.map",
    "proration.d.cts",
    "proration.d.ts",
    "proration.js",
    "proration.js.map",
    "proration_bg.wasm",
    "rest-node.cjs",
    "rest-node.cjs.map",
    "rest-node.mjs",
    "rest-node.mjs.map",
    "rest.d.cts",
    "rest.d.ts",
    "rest.js",
    "rest.js.map",
    "rest_bg.wasm",
    "rows.cjs",
    "rows.d.cts",
    "rows.d.ts",
    "rows.js",
    "setoff.js",
    "setoff.js.map",
    "setoff_bg.wasm",
    "wasm.d.cts",
    "wasm.d.ts",
  ]);
});

test("the manifest is for one package that needs no other and runs nothing when it is installed", () => {
  assert.equal(manifest.name, "setoff");
  assert.equal(manifest.license, "MIT OR Apache-2.0");
  const [, version] = /^version = "(.*)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"));
  assert.equal(manifest.version, version);
  for (const field of [
    "dependencies",
    "peerDependencies",
    "optionalDependencies",
    "scripts",
    "bin",
  ]) {
    assert.equal(manifest[field], undefined, field);
  }
});

test("no link of a text in the package leads nowhere, and there are no pictures", () => {
  for (const name of textFiles().filter((name) => name.endsWith(".md"))) {
    const text = readFileSync(join(packageDir, name), "utf8");
    assert.doesNotMatch(text, /^!\[/m, name);
    const prose = text.replace(/^```.*?^```$/gms, "").replace(/`[^`\n]*`/g, "");
    for (const [, link] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      const [file] = link.split("#");
      const isThere = file === "" || existsSync(join(packageDir, dirname(name), file));
      assert.ok(isThere || link.startsWith("https://"), `${name} links to ${link}`);
    }
  }
});

test("a packed page says what is in the repository alone, and copies code as it is", () => {
  const page = [
    "[Change](a.md) · [all](gone.md) · [one](b.md) and [an entry](gone.md) ([there](gone.md)).",
    "`tasks[task](...inputs)` is code, and so is",
    "",
    "```js",
    "tasks[task](...inputs);",
    "```",
    "",
    "Text. `cargo test` writes the table. More.",
    "",
    "<!-- sources -->",
    "Plans.",
    "<!-- /sources -->",
    "",
    "| a | Rust | b |",
    "|---|---|---|",
    "| 1 | `two` | 3 |",
  ].join("\n");
  assert.deepEqual(packedPage(page, "c.md", new Set(["a.md", "b.md"])).split("\n"), [
    "[Change](a.md) · [one](b.md) and an entry (in the repository) (there, in the repository).",
    "`tasks[task](...inputs)` is code, and so is",
    "",
    "```js",
    "tasks[task](...inputs);",
    "```",
    "",
    "Text. More.",
    "",
    "| a | b |",
    "|---|---|",
    "| 1 | 3 |",
  ]);
});

/** A page's fenced blocks. */
const blocks = (text) => text.match(/^```.*?^```$/gms) ?? [];

test("every block of a packed page is that of the page", () => {
  for (const name of textFiles().filter((name) => name.endsWith(".md"))) {
    const [page, packed] = [root, packageDir].map((dir) => readFileSync(join(dir, name), "utf8"));
    assert.deepEqual(blocks(packed), blocks(page), name);
  }
});

test("a packed page that names a file or a command of the repository says so", () => {
  const OF_REPOSITORY =
    /`(examples|docs\/internals|tests|scripts|src|tools)\/|`(npm run|npm start|npm test|cargo) ?/;
  for (const name of textFiles().filter((name) => name.endsWith(".md"))) {
    const text = readFileSync(join(packageDir, name), "utf8").replace(/^```.*?^```$/gms, "```");
    assert.doesNotMatch(text, /\n{3}|· *·|<!-- sources/, name);
    const [introduction] = text.split(/^## /m, 1);
    // Its history is about the repository.
    if (name === "CHANGELOG.md" || /\brepository\b/.test(introduction)) continue;
    for (const section of text.split(/^#+ /m))
      if (OF_REPOSITORY.test(section))
        assert.match(section, /\brepository\b/, `${name}: ${section}`);
  }
});

test("the page about security has the address, or says that there is none yet", () => {
  const page = packedPage(
    readFileSync(join(root, "SECURITY.md"), "utf8"),
    "SECURITY.md",
    new Set(),
  );
  assert.match(
    addressed(page, "safe@setoff.example"),
    /^Write to safe@setoff\.example, not in a public/m,
  );
  assert.match(addressed(page, null), /before an address was set/);
});

test("the texts for users are there, and those of the repository are not", () => {
  const names = textFiles();
  for (const name of ["README.md", "CHANGELOG.md", "docs/start.md", "docs/errors.md"])
    assert.ok(names.includes(name), name);
  assert.ok(names.every((name) => !name.includes("internals")));
});

test("the module imports nothing but the glue's own functions", async () => {
  const module = await WebAssembly.compile(wasm);
  const sources = new Set(WebAssembly.Module.imports(module).map(({ module: source }) => source));
  assert.deepEqual([...sources], ["./setoff_bg.js"]);
});

test("no file tells where it was built", () => {
  for (const name of manifest.files) {
    const text = readFileSync(join(packageDir, name), "latin1");
    for (const path of [root, homedir(), "/.cargo/", "/.rustup/", "/registry/src/"]) {
      assert.ok(!text.includes(path), `${name} contains ${path}`);
    }
  }
});

test("the browser entries name their modules in the way that bundlers look for", () => {
  for (const name of ["setoff", "proration", "rest"]) {
    const glue = readFileSync(join(packageDir, `${name}.js`), "utf8");
    assert.ok(glue.includes(`new URL("${name}_bg.wasm",import.meta.url)`), name);
  }
});

test("source maps lead to the sources of the repository", () => {
  for (const name of manifest.files.filter((name) => name.endsWith(".map"))) {
    const { sources } = JSON.parse(readFileSync(join(packageDir, name), "utf8"));
    const own = name.startsWith("rest") ? "rest/handler.js" : "engine.js";
    assert.ok(sources.includes(`setoff/src/js/${own}`), name);
    assert.ok(
      sources.every((source) => /^setoff\/[\w./-]+$/.test(source) && !source.includes("..")),
    );
  }
});

test("the entries export the public names only, all of them the same", async () => {
  const names = [
    ...["Book", "SetoffError", "Splitter", "allocate", "allocateColumns", "billingPeriod"],
    "explainAllocation",
    ...["generateDocuments", "init", "isSetoffError", "previewChange"],
    ...["prorate", "prorateColumns", "prorationPresets", "schedule"],
  ];
  for (const entry of ["setoff.js", "node.mjs"]) {
    assert.deepEqual(Object.keys(await import(join(packageDir, entry))).sort(), names, entry);
  }
});

test("no file names the folder in which it was built, which is another each time", () => {
  for (const file of filesBelow(packageDir))
    assert.doesNotMatch(readFileSync(file, "latin1"), /target\/package-\d/, file);
});
