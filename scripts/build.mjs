// Builds the npm package into `pkg/`: esbuild makes of each module's glue and snippets one file for each kind of
// runtime, and the package's manifest, types and texts are laid beside them.
import { createHash } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { filesBelow, fingerprint, main, Problem, root, run, task } from "./exec.mjs";
import { compiled, MODULES, SOURCES } from "./modules.mjs";
import { setup } from "./setup.mjs";
import { TEXTS, writeTexts } from "./texts.mjs";

/** The npm package. */
export const packageDir = join(root, "pkg");

/** The same package with the crate's `fault-injection` feature, for tests of what a fault of the engine costs. */
export const faultInjectionDir = join(root, "target", "fault-injection");

/** The same package with a memory of at most 32 MiB, for tests of what a full memory costs. */
export const smallMemoryDir = join(root, "target", "small-memory");

/** Upper limits in bytes after `gzip -9`. Who raises one says why in the commit. */
const GZIP_LIMITS = {
  "setoff_bg.wasm": 487 * 1024,
  "setoff.js": 17 * 1024,
  "proration_bg.wasm": 165 * 1024,
  "proration.js": 11 * 1024,
  "rest_bg.wasm": 262 * 1024,
  "rest.js": 15 * 1024,
};

const WASM = "setoff_bg.wasm";
const STAMP = ".stamp";

/** Everything that the package is made from. */
const INPUTS = [
  ...[...SOURCES, ...TEXTS],
  ...["scripts/build.mjs", "scripts/texts.mjs", "release.json"],
];

/** Builds `pkg/` unless it is up to date; gets what that needs. */
export async function build() {
  await unlessUpToDate(packageDir, (staging) =>
    task("Building the package into pkg/", "about 30 s, the first time", () =>
      assemble(staging, []),
    ),
  );
}

/** Builds {@link faultInjectionDir} unless it is up to date. */
export async function buildFaultInjection() {
  await unlessUpToDate(faultInjectionDir, (staging) =>
    task("Building the package with fault injection, for tests", "about 30 s, the first time", () =>
      assemble(staging, ["--features", "fault-injection"], ["setoff"]),
    ),
  );
}

/** Builds {@link smallMemoryDir} unless it is up to date. */
export async function buildSmallMemory() {
  const flags = [`-Clink-arg=--max-memory=${32 * 2 ** 20}`];
  const forCargo = ["--config", `target.wasm32-unknown-unknown.rustflags=${JSON.stringify(flags)}`];
  await unlessUpToDate(smallMemoryDir, (staging) =>
    task("Building the package with a small memory, for tests", "about 30 s, the first time", () =>
      assemble(staging, forCargo, ["setoff"]),
    ),
  );
}

/** Lets `make` fill a new folder and puts it in the place of `dir`, unless `dir` is what the inputs give anyhow. */
async function unlessUpToDate(dir, make) {
  const inputs = fingerprint(INPUTS.map((name) => join(root, name)));
  const stamp = join(dir, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === stampOf(dir, inputs)) return;

  await setup();
  const staging = join(root, "target", `package-${process.pid}`);
  process.once("exit", () => rmSync(staging, { recursive: true, force: true }));
  mkdirSync(staging, { recursive: true });
  await make(staging);

  writeFileSync(join(staging, STAMP), stampOf(staging, inputs));
  rmSync(dir, { recursive: true, force: true });
  renameSync(staging, dir);
}

/** Names the inputs and what was made of them: a `wasm-pack build` by hand writes into `pkg/` too. */
function stampOf(dir, inputs) {
  const outputs = filesBelow(dir).filter((file) => file !== join(dir, STAMP));
  return `${inputs}\n${fingerprint(outputs, dir)}\n`;
}

async function assemble(dir, cargoOptions, modules = Object.keys(MODULES)) {
  for (const name of modules) {
    const glueDir = join(dir, "glue");
    cpSync(await compiled(name, cargoOptions), glueDir, { recursive: true });

    // wasm-pack gives all modules one name. In the package each has its own, by which its glue asks for it.
    const mark = await markModule(join(glueDir, WASM), name);
    renameSync(join(glueDir, WASM), join(dir, `${name}_bg.wasm`));
    const glue = join(glueDir, "setoff.js");
    writeFileSync(glue, readFileSync(glue, "utf8").replaceAll(WASM, `${name}_bg.wasm`));

    await bundle(dir, name, glue, mark);
    rmSync(glueDir, { recursive: true });
  }

  await bundleAdditions(dir);
  writeTypes(dir);
  writeTexts(dir, owners().security);
  writeFileSync(join(dir, "package.json"), `${JSON.stringify(await manifest(dir), null, 2)}\n`);
}

/**
 * Adds a section to a module that says which it is: the version of the package, the entry, and a hash of the module as
 * it was built. Returns what the section says; the JavaScript beside it compares it (`src/js/module.js`).
 */
async function markModule(path, name) {
  const bytes = readFileSync(path);
  const build = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const mark = `${name} ${(await crate()).version} (build ${build})`;

  const [title, text] = ["setoff", mark].map((words) => Buffer.from(words));
  const section = Buffer.concat([Buffer.from([title.length]), title, text]);
  // A custom section is a zero and its length, which fits one byte here.
  if (section.length > 127) throw new Problem(`the mark of ${name} is too long: ${mark}`);

  writeFileSync(path, Buffer.concat([bytes, Buffer.from([0, section.length]), section]));
  return mark;
}

/** What cargo knows of the package. */
async function crate() {
  const args = ["metadata", "--no-deps", "--format-version", "1", "--locked"];
  const { stdout } = await run("cargo", args);
  return JSON.parse(stdout).packages.find(({ name }) => name === "setoff");
}

/** The parts of the types, in the order in which a reader meets them. */
const TYPES = [
  ...["values", "book", "commands", "outcome", "query", "allocate", "prorate", "generate"],
  ...["errors", "init"],
];

/** The types of the package: one file, so that names need no import from one subject to another. */
function typings() {
  const parts = TYPES.map((subject) =>
    readFileSync(join(root, "src", "wire", "types", `${subject}.d.ts`), "utf8"),
  );
  return parts.join("\n");
}

/** The types of all entries, for ES modules and for CommonJS. Those without books are some of those with. */
function writeTypes(dir) {
  const names = readFileSync(join(entriesDir, "proration.js"), "utf8").match(/\{[^}]*\}/)[0];
  for (const [types, script] of [
    ["d.ts", "js"],
    ["d.cts", "cjs"],
  ]) {
    const index = `"./index.${script}"`;
    const files = {
      index: typings(),
      proration: `export ${names} from ${index};\nexport type * from ${index};\n`,
      inline: `export * from ${index};\n`,
      wasm: `import type { InitSource } from ${index};\ndeclare const source: InitSource;\nexport default source;\n`,
    };
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(dir, `${name}.${types}`), text);
    copyFileSync(join(root, "src", "js", "rest", "index.d.ts"), join(dir, `rest.${types}`));
  }
}

const entriesDir = join(root, "src", "js", "entries");

/** The file of an entry. */
const entry = (file) => join(entriesDir, file);

const MINIFIED = { minifyWhitespace: true, minifySyntax: true };

/** What esbuild makes of a module for each kind of runtime. Node prints the line that threw, so it keeps its lines. */
function bundlesOf(dir, name) {
  const { exports, node: nodeName, nodeEntry = "node.js" } = MODULES[name];
  const node = {
    entryPoints: [entry(nodeEntry)],
    platform: "node",
    // Where tests run in jsdom, these are not global.
    inject: [entry("node-globals.js")],
  };
  return [
    { entryPoints: [entry(exports)], outfile: join(dir, `${name}.js`), format: "esm", ...MINIFIED },
    { ...node, outfile: join(dir, `${nodeName}.mjs`), format: "esm" },
    {
      ...node,
      outfile: join(dir, `${nodeName}.cjs`),
      format: "cjs",
      // CommonJS has no `import.meta`.
      define: { "import.meta.url": "moduleUrl" },
      banner: {
        js: '"use strict";const moduleUrl=require("node:url").pathToFileURL(__filename).href;',
      },
    },
  ];
}

/** The entry that carries the engine in itself, for ES modules and for CommonJS. */
function inlineBundles(dir) {
  const inline = {
    entryPoints: [entry("inline.js")],
    // It never looks beside itself.
    define: { "import.meta.url": "undefined" },
    // It would hold the engine twice more.
    sourcemap: false,
    ...MINIFIED,
  };
  return [
    { ...inline, outfile: join(dir, "inline.js"), format: "esm" },
    { ...inline, outfile: join(dir, "inline.cjs"), format: "cjs" },
  ];
}

/**
 * Writes one file of a module for each kind of runtime. Names are kept, so that a stack tells where it comes from, and
 * source maps lead from there to the lines of `src/js`.
 */
async function bundle(dir, name, glue, mark) {
  const esbuild = await import("esbuild");
  const wasm = `${name}_bg.wasm`;
  const bundles = [...bundlesOf(dir, name), ...(name === "setoff" ? inlineBundles(dir) : [])];

  for (const options of bundles) {
    const { warnings } = await esbuild.build({
      sourcemap: true,
      // Comments name files as seen from here, so that the name of this folder, which is new each time, is in none.
      absWorkingDir: dir,
      ...options,
      alias: { "setoff-glue": glue, "setoff-entry": entry(MODULES[name].exports) },
      define: {
        ...options.define,
        "globalThis.SETOFF_BUILD": JSON.stringify(mark),
        "globalThis.SETOFF_FILE": JSON.stringify(wasm),
      },
      plugins: [moduleAsText(join(dir, wasm)), engineBeside(options.outfile)],
      bundle: true,
      target: "es2022",
      logLevel: "silent",
    });

    if (warnings.length > 0)
      throw new Problem((await esbuild.formatMessages(warnings, { kind: "warning" })).join("\n"));
    nameSources(`${options.outfile}.map`);
  }
}

/** Lets a source map name files as the repository does, wherever the package is built. */
function nameSources(path) {
  if (!existsSync(path)) return;
  const map = JSON.parse(readFileSync(path, "utf8"));
  map.sources = map.sources.map((source) => {
    const [, path] = /(src\/js\/.*)$/.exec(source) ?? [];
    return `setoff/${path ?? basename(source).replace(/^module:/, "")}`;
  });
  writeFileSync(path, JSON.stringify(map));
}

/** Lets an entry import the module: its bytes in base 64. */
const moduleAsText = (path) => ({
  name: "module-as-text",
  setup(build) {
    build.onResolve({ filter: /^setoff-module$/ }, (found) => ({
      path: found.path,
      namespace: "module",
    }));
    build.onLoad({ filter: /.*/, namespace: "module" }, () => ({
      contents: readFileSync(path).toString("base64"),
      loader: "text",
    }));
  },
});

/** Lets an entry import the engine of the package: the file of the same runtime beside its own. */
const engineBeside = (outfile) => ({
  name: "engine-beside",
  setup(build) {
    const [, kind] = /\.([cm]?js)$/.exec(outfile);
    const path = { js: "./setoff.js", mjs: "./node.mjs", cjs: "./node.cjs" }[kind];
    build.onResolve({ filter: /^setoff-engine$/ }, () => ({ path, external: true }));
  },
});

/**
 * Entries of plain JavaScript, by their path in the package: their file in `src/js`, and what of it is for users.
 * Whoever does not import one does not load it.
 */
const ADDITIONS = {
  "locale/de": { file: "locale/de", exports: "*" },
  host: { file: "host/index", exports: "*" },
  rows: { file: "rows", exports: "{ fromRow }" },
  check: { file: "check", exports: "{ check }" },
};

async function bundleAdditions(dir) {
  const esbuild = await import("esbuild");
  for (const [name, { file, exports }] of Object.entries(ADDITIONS)) {
    const to = (extension) => join(dir, `${name}.${extension}`);
    const options = {
      stdin: {
        contents: `export ${exports} from "./${file}.js";`,
        resolveDir: join(root, "src", "js"),
      },
      bundle: true,
      target: "es2022",
      logLevel: "silent",
    };

    await esbuild.build({ ...options, outfile: to("js"), format: "esm" });
    await esbuild.build({ ...options, outfile: to("cjs"), format: "cjs" });
    for (const types of ["d.ts", "d.cts"])
      copyFileSync(join(root, "src", "js", `${file}.d.ts`), to(types));
  }

  // A program over `check.js`, which is beside it.
  copyFileSync(join(root, "src", "js", "check-command.js"), join(dir, "check-command.js"));
}

async function manifest(dir) {
  const { name, version, description, keywords, license } = await crate();
  return {
    ...{ name, version, description, keywords, license },
    ...ownersFields(),
    type: "module",
    // `main` and `types` are for tools that do not read `exports`.
    main: "./node.cjs",
    types: "./index.d.ts",
    exports: {
      ".": moduleExport("setoff", "index"),
      "./proration": moduleExport("proration", "proration"),
      "./rest": moduleExport("rest", "rest"),
      "./inline": scriptExport("inline", "inline"),
      ...Object.fromEntries(
        Object.keys(ADDITIONS).map((name) => [`./${name}`, scriptExport(name, name)]),
      ),
      ...Object.fromEntries(Object.keys(MODULES).map(wasmExport)),
      "./package.json": "./package.json",
    },
    sideEffects: false,
    engines: { node: ">=20" },
    files: filesBelow(dir).map((file) => file.slice(dir.length + 1)),
  };
}

/** What only the owner of a release can say (`release.json`), as far as it is filled in. */
function ownersFields() {
  const { repository, homepage, bugs, author, funding } = owners();
  const fields = { repository, homepage, bugs, author, funding };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** The contents of `release.json`. */
export const owners = () => JSON.parse(readFileSync(join(root, "release.json"), "utf8"));

/**
 * A module: in Node its entry for files, else the one that `init` loads. Where `require` can load ES modules, all of a
 * process get the same one, and so one engine.
 */
function moduleExport(name, types) {
  const { node } = MODULES[name];
  const esm = { types: `./${types}.d.ts`, default: `./${node}.mjs` };
  return {
    node: {
      "module-sync": esm,
      import: esm,
      require: { types: `./${types}.d.cts`, default: `./${node}.cjs` },
    },
    default: { types: `./${types}.d.ts`, default: `./${name}.js` },
  };
}

/** A script that is the same in every runtime. */
function scriptExport(name, types) {
  return {
    import: { types: `./${types}.d.ts`, default: `./${name}.js` },
    require: { types: `./${types}.d.cts`, default: `./${name}.cjs` },
  };
}

function wasmExport(name) {
  return [`./${name}_bg.wasm`, { types: "./wasm.d.ts", default: `./${name}_bg.wasm` }];
}

/** What a user downloads: `{ name, raw, gzip, brotli, limit }` of each file; a `limit` is one of `gzip`. */
export function sizes() {
  const names = Object.keys(MODULES).flatMap((name) => [`${name}_bg.wasm`, `${name}.js`]);
  return [...names, "node.mjs", "node.cjs", "inline.js"].map(sizesOf);
}

function sizesOf(name) {
  const content = readFileSync(join(packageDir, name));
  const gzip = gzipSync(content, { level: 9 }).length;
  const brotli = brotliCompressSync(content).length;
  return { name, raw: content.length, gzip, brotli, limit: GZIP_LIMITS[name] };
}

await main(import.meta.url, build);
