// Builds the npm package into `pkg/`: wasm-pack makes the module and its JavaScript glue, esbuild makes of glue and
// snippets one file for each kind of runtime, and the package's manifest, types and texts are laid beside them.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import {
  environment,
  filesBelow,
  fingerprint,
  main,
  Problem,
  root,
  run,
  task,
  toolsDir,
} from "./exec.mjs";
import { setup } from "./setup.mjs";

/** The npm package. */
export const packageDir = join(root, "pkg");

/** The same package with the crate's `fault-injection` feature, for tests of what a fault of the engine costs. */
export const faultInjectionDir = join(root, "target", "fault-injection");

/** The same package with a memory of at most 32 MiB, for tests of what a full memory costs. */
export const smallMemoryDir = join(root, "target", "small-memory");

/** Upper limits in bytes after `gzip -9`. Who raises one says why in the commit. */
const GZIP_LIMITS = { "setoff_bg.wasm": 396 * 1024, "setoff.js": 13.5 * 1024 };

const WASM = "setoff_bg.wasm";
const STAMP = ".stamp";

/** Everything that the package is made from. */
const INPUTS = [
  ...[
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "rust-toolchain.toml",
    "src",
    "tools/Cargo.lock",
    "package-lock.json",
  ],
  ...["scripts/build.mjs", "scripts/exec.mjs", "README.md", "LICENSE-MIT", "LICENSE-APACHE"],
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
      assemble(staging, ["--features", "fault-injection"]),
    ),
  );
}

/** Builds {@link smallMemoryDir} unless it is up to date. */
export async function buildSmallMemory() {
  const flags = [`-Clink-arg=--max-memory=${32 * 2 ** 20}`];
  const forCargo = ["--config", `target.wasm32-unknown-unknown.rustflags=${JSON.stringify(flags)}`];
  await unlessUpToDate(smallMemoryDir, (staging) =>
    task("Building the package with a small memory, for tests", "about 30 s, the first time", () =>
      assemble(staging, forCargo),
    ),
  );
}

/** Runs `wasm-pack build` with its output in `outDir`. */
export async function wasmPack(outDir, options, cargoOptions = []) {
  const cache = join(toolsDir, "wasm-pack-cache");
  mkdirSync(cache, { recursive: true });
  const forCargo = ["--locked", "--config", await compilerFlags(), ...cargoOptions];
  await run("wasm-pack", ["build", ...options, "--out-dir", outDir, "--", ...forCargo], {
    env: environment({
      RUST_BACKTRACE: "0", // wasm-pack's own would hide what the compiler has to say
      WASM_PACK_CACHE: cache,
    }),
  });
}

/**
 * The compiler writes paths of source files into panic messages. Fixed names instead of them make the module the same,
 * byte for byte, wherever it is built. The standard library has such names already, unless its sources are installed.
 */
async function compilerFlags() {
  await run("cargo", ["fetch", "--locked", "--target", "wasm32-unknown-unknown"]);
  const registries = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src");
  const sysroot = (await run("rustc", ["--print", "sysroot"])).stdout.trim();
  const [, commit] = /^commit-hash: (.*)$/m.exec(
    (await run("rustc", ["--version", "--verbose"])).stdout,
  );
  const names = { [root]: "/setoff", [join(sysroot, "lib/rustlib/src/rust")]: `/rustc/${commit}` };
  for (const registry of readdirSync(registries)) names[join(registries, registry)] = "/crates";
  const flags = Object.entries(names).map(([path, name]) => `--remap-path-prefix=${path}=${name}`);
  // Unlike flags of the environment, these add to those of `.cargo/config.toml`.
  return `target.wasm32-unknown-unknown.rustflags=${JSON.stringify(flags)}`;
}

/** Lets `make` fill a new folder and puts it in the place of `dir`, unless `dir` is what the inputs give anyhow. */
async function unlessUpToDate(dir, make) {
  const inputs = fingerprint(INPUTS.map((name) => join(root, name)));
  if (
    existsSync(join(dir, STAMP)) &&
    readFileSync(join(dir, STAMP), "utf8") === stampOf(dir, inputs)
  )
    return;
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

async function assemble(dir, cargoOptions) {
  const glueDir = join(dir, "glue");
  await wasmPack(
    glueDir,
    ["--target", "web", "--release", "--no-pack", "--no-typescript"],
    cargoOptions,
  );
  renameSync(join(glueDir, WASM), join(dir, WASM));
  await bundle(join(glueDir, "setoff.js"), dir);
  rmSync(glueDir, { recursive: true });
  await bundleAdditions(dir);

  for (const types of ["index.d.ts", "index.d.cts"]) writeFileSync(join(dir, types), typings());
  for (const text of ["README.md", "LICENSE-MIT", "LICENSE-APACHE"])
    copyFileSync(join(root, text), join(dir, text));
  writeFileSync(join(dir, "package.json"), `${JSON.stringify(await manifest(dir), null, 2)}\n`);
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

/**
 * One file for each kind of runtime. Names are kept, so that a stack tells where it comes from; for Node, which prints
 * the line that threw an error, so are lines.
 */
async function bundle(glue, dir) {
  const esbuild = await import("esbuild");
  const entry = (name) => join(root, "src", "js", name);
  const bundles = [
    {
      entryPoints: [entry("exports.js")],
      outfile: join(dir, "setoff.js"),
      format: "esm",
      minifyWhitespace: true,
      minifySyntax: true,
    },
    {
      entryPoints: [entry("node.js")],
      outfile: join(dir, "node.mjs"),
      format: "esm",
      platform: "node",
    },
    {
      entryPoints: [entry("node.js")],
      outfile: join(dir, "node.cjs"),
      format: "cjs",
      platform: "node",
      // CommonJS has no `import.meta`.
      define: { "import.meta.url": "moduleUrl" },
      banner: {
        js: '"use strict";const moduleUrl=require("node:url").pathToFileURL(__filename).href;',
      },
    },
  ];
  for (const options of bundles) {
    const { warnings } = await esbuild.build({
      ...options,
      alias: { "setoff-glue": glue },
      bundle: true,
      target: "es2022",
      logLevel: "silent",
    });
    if (warnings.length > 0)
      throw new Problem((await esbuild.formatMessages(warnings, { kind: "warning" })).join("\n"));
  }
}

/**
 * Entries of plain JavaScript, by their path in the package: their file in `src/js`, and what of it is for users. Whoever
 * does not import one does not load it.
 */
const ADDITIONS = {
  "locale/de": { file: "locale/de", exports: "*" },
  host: { file: "host/index", exports: "*" },
  rows: { file: "rows", exports: "{ fromRow }" },
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
}

async function manifest(dir) {
  const metadata = await run("cargo", [
    "metadata",
    "--no-deps",
    "--format-version",
    "1",
    "--locked",
  ]);
  const crate = JSON.parse(metadata.stdout).packages.find(({ name }) => name === "setoff");
  return {
    name: crate.name,
    version: crate.version,
    description: crate.description,
    keywords: crate.keywords,
    license: crate.license,
    type: "module",
    // `main` and `types` are for tools that do not read `exports`.
    main: "./node.cjs",
    types: "./index.d.ts",
    exports: {
      ".": {
        node: {
          import: { types: "./index.d.ts", default: "./node.mjs" },
          require: { types: "./index.d.cts", default: "./node.cjs" },
        },
        default: { types: "./index.d.ts", default: "./setoff.js" },
      },
      ...Object.fromEntries(Object.keys(ADDITIONS).map(additionExport)),
      [`./${WASM}`]: `./${WASM}`,
      "./package.json": "./package.json",
    },
    // Importing the Node entries loads the engine; but that shows only to who uses what they export.
    sideEffects: false,
    engines: { node: ">=20" },
    files: filesBelow(dir).map((file) => file.slice(dir.length + 1)),
  };
}

function additionExport(name) {
  const file = (extension) => `./${name}.${extension}`;
  return [
    `./${name}`,
    {
      import: { types: file("d.ts"), default: file("js") },
      require: { types: file("d.cts"), default: file("cjs") },
    },
  ];
}

/** What a user downloads: `{ name, raw, gzip, brotli, limit }` of each file; a `limit` is one of `gzip`. */
export function sizes() {
  return [WASM, "setoff.js", "node.mjs", "node.cjs"].map((name) => {
    const content = readFileSync(join(packageDir, name));
    const gzip = gzipSync(content, { level: 9 }).length;
    return {
      name,
      raw: content.length,
      gzip,
      brotli: brotliCompressSync(content).length,
      limit: GZIP_LIMITS[name],
    };
  });
}

await main(import.meta.url, build);
