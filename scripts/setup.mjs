// Gets everything that a build or a test needs and that is not there yet, into the project folder (only the Rust
// toolchain goes where rustup keeps toolchains). Each part is skipped when it is already as its lock file wants it.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environment, fingerprint, Problem, root, run, succeeds, task, toolsDir } from "./exec.mjs";

/** Makes ready: npm packages, Rust toolchain with the wasm32 target, wasm-pack and wasm-bindgen. */
export async function setup() {
  checkNode();
  await npmPackages();
  await rustToolchain();
  await wasmTools();
}

function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [major, minor] = engines.node.match(/\d+/g).map(Number);
  const [runningMajor, runningMinor] = process.versions.node.split(".").map(Number);
  if (runningMajor < major || (runningMajor === major && runningMinor < minor)) {
    throw new Problem(
      `this is Node ${process.versions.node}; the build and the tests need Node ${engines.node}`,
    );
  }
}

async function npmPackages() {
  const versions = fingerprint([join(root, "package-lock.json")]);
  await unlessStamped(join(root, "node_modules", ".setoff-stamp"), versions, () =>
    task("Installing the npm packages into node_modules/", "once, about 10 s", () =>
      run("npm", ["ci", "--include=dev"]),
    ),
  );
}

async function rustToolchain() {
  if (await hasRust()) return;
  if (!(await succeeds("rustup", ["--version"]))) {
    throw new Problem(
      "Rust is missing, or lacks the wasm32-unknown-unknown target. Install rustup (https://rustup.rs), open a new " +
        "shell and run this command again; it gets the right toolchain by itself.",
    );
  }

  await task(
    "Installing the Rust toolchain that rust-toolchain.toml names",
    "once, about 30 s",
    () => run("rustup", ["toolchain", "install", "--no-self-update"]),
  );

  if (!(await hasRust()))
    throw new Problem("rustup has installed the toolchain, but it cannot be run");
}

async function hasRust() {
  // Else rustup would install a missing toolchain right here, without a word about it.
  const env = environment({ RUSTUP_AUTO_INSTALL: "0" });
  const answers = await Promise.all([
    run("rustc", ["--print", "target-libdir", "--target", "wasm32-unknown-unknown"], { env }),
    run("cargo", ["fmt", "--version"], { env }),
    run("cargo", ["clippy", "--version"], { env }),
  ]).catch(() => undefined);
  return answers !== undefined && existsSync(answers[0].stdout.trim());
}

async function wasmTools() {
  const sources = ["Cargo.toml", "Cargo.lock", "src"].map((name) => join(root, "tools", name));
  await unlessStamped(join(toolsDir, "bin", ".stamp"), fingerprint(sources), async () => {
    const buildDir = join(toolsDir, "build");
    const env = environment({ CARGO_TARGET_DIR: buildDir });
    const args = ["install", "--path", "tools", "--root", toolsDir];
    await task("Building wasm-pack and wasm-bindgen into .tools/", "once, about 2 minutes", () =>
      run("cargo", [...args, "--debug", "--locked", "--force"], { env }),
    );
    rmSync(buildDir, { recursive: true }); // ten times the size of what it was for
  });
}

/** Does `work` unless the file `stamp` says that it was done for these `versions`. */
export async function unlessStamped(stamp, versions, work) {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === versions) return;
  await work();
  writeFileSync(stamp, versions);
}
