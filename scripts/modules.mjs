// Compiles the WebAssembly modules of the package, with their JavaScript glue: wasm-pack makes them, and each is made
// anew only where one of its sources has changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { environment, filesBelow, fingerprint, Problem, root, run, toolsDir } from "./exec.mjs";

/** Everything that the modules are made from. */
export const SOURCES = [
  ...["Cargo.toml", "Cargo.lock", ".cargo", "rust-toolchain.toml", "src"],
  ...["tools/Cargo.lock", "package-lock.json", "scripts/modules.mjs", "scripts/exec.mjs"],
];

const STAMP = ".stamp";

/** Files that have no part in the modules without the dialects, and in the one of the dialects alone. */
const OF_REST = /^src\/(rest|js\/(rest|entries|host|locale))\/|^src\/bindings\/rest\.rs$/;
const OF_BOOKS = /^src\/(book|command|document|js|query|settle)\//;

/** The dialects translate texts and do not calculate: their module is built to be small. */
const SMALL = ["--config", 'profile.release.opt-level="z"'];

/**
 * The modules of the package, by the name of their entry: what cargo builds them with, which files have no part in
 * them, which file of `js/entries` says what they export, and how their files for Node are called.
 */
export const MODULES = {
  setoff: { cargo: [], without: OF_REST, exports: "setoff.js", node: "node" },
  proration: {
    cargo: ["--no-default-features"],
    without: OF_REST,
    exports: "proration.js",
    node: "proration-node",
  },
  rest: {
    cargo: ["--no-default-features", "--features", "rest", ...SMALL],
    without: OF_BOOKS,
    exports: "rest.js",
    node: "rest-node",
    nodeEntry: "rest-node.js",
  },
};

/** The folder with the module and its glue, as wasm-pack makes them: made anew only where a file of theirs changed. */
export async function compiled(name, cargoOptions) {
  const { cargo, without } = MODULES[name];
  const options = [...cargo, ...cargoOptions];
  const files = SOURCES.flatMap((input) => filesBelow(join(root, input)));
  const ofModule = files.filter(
    (file) => !without.test(relative(root, file).replaceAll("\\", "/")),
  );

  const state = `${JSON.stringify(options)}\n${fingerprint(ofModule)}\n`;
  const kind = createHash("sha256").update(options.join(" ")).digest("hex").slice(0, 8);
  const dir = join(root, "target", "modules", `${name}-${kind}`);
  const stamp = join(dir, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === state) return dir;

  rmSync(dir, { recursive: true, force: true });
  const target = ["--target", "web", "--release", "--no-pack", "--no-typescript"];
  await wasmPack(dir, target, options);
  // Two builds at once write into one folder of cargo, and one of them can find its module half made.
  const made = join(dir, "setoff_bg.wasm");
  if (!existsSync(made) || !WebAssembly.validate(readFileSync(made)))
    throw new Problem(
      `the module ${name} was not made whole: does another build run in this folder?`,
    );
  writeFileSync(stamp, state);
  return dir;
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
  const { stdout: version } = await run("rustc", ["--version", "--verbose"]);
  const [, commit] = /^commit-hash: (.*)$/m.exec(version);

  const names = { [root]: "/setoff", [join(sysroot, "lib/rustlib/src/rust")]: `/rustc/${commit}` };
  for (const registry of readdirSync(registries)) names[join(registries, registry)] = "/crates";

  const flags = Object.entries(names).map(([path, name]) => `--remap-path-prefix=${path}=${name}`);
  // Unlike flags of the environment, these add to those of `.cargo/config.toml`.
  return `target.wasm32-unknown-unknown.rustflags=${JSON.stringify(flags)}`;
}
