// `npm run fuzz -- --target snapshot --minutes 60`: bytes that find new ways through the code, on stable Rust.
//
// cargo-afl builds the targets of `fuzz/targets.rs` so that they tell which branches they take, and AFL++ goes on with
// inputs that take new ones. What it finds is made small and kept in `fuzz/corpus`, where every run of `cargo test`
// tries it again; what fails is in `target/fuzz`.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { environment, main, Problem, root, run, task, toolsDir } from "./exec.mjs";
import { setup, unlessStamped } from "./setup.mjs";

const TARGETS = ["snapshot", "log", "plan", "request", "export"];

/** Must be the version that `fuzz/guided/Cargo.toml` names. */
const VERSION = "0.18.2";

const tools = join(toolsDir, "fuzz");
const output = join(root, "target", "fuzz");
const program = join(output, "release", "setoff-fuzz");

/** Everything of AFL stays in the project folder, and it asks for no settings of the machine and shows no screen. */
function env(extra = {}) {
  const { PATH, ...others } = environment({
    XDG_DATA_HOME: join(tools, "data"),
    AFL_NO_UI: "1",
    AFL_SKIP_CPUFREQ: "1",
    AFL_NO_AFFINITY: "1",
    AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES: "1",
    ...extra,
  });
  return { ...others, PATH: [join(tools, "bin"), PATH].join(delimiter) };
}

/** Runs cargo-afl, which must know where cargo is. */
const afl = (args, extra) => run("cargo", ["afl", ...args], { env: env(extra) });

async function install() {
  await setup();
  mkdirSync(tools, { recursive: true });
  await unlessStamped(join(tools, ".stamp"), VERSION, async () => {
    const build = { CARGO_TARGET_DIR: join(tools, "build") };
    const args = ["cargo-afl", "--version", VERSION, "--locked", "--debug", "--root", tools];
    await task("Installing cargo-afl into .tools/", "once, a few minutes", async () => {
      await run("cargo", ["install", ...args, "--force"], { env: env(build) });
      await afl(["config", "--build", "--force"]);
    });
    rmSync(join(tools, "build"), { recursive: true });
  });
}

const build = () =>
  task("Building the targets", "about 2 minutes, the first time", () =>
    afl(["build", "--release", "--locked", "--manifest-path", "fuzz/guided/Cargo.toml"], {
      CARGO_TARGET_DIR: output,
    }),
  );

/** Figures of a run, as AFL writes them. */
function stats(folder) {
  const text = readFileSync(join(folder, "default", "fuzzer_stats"), "utf8");
  return Object.fromEntries(text.split("\n").map((line) => line.split(/\s*:\s*/)));
}

async function fuzz(target, minutes) {
  const corpus = join(root, "fuzz", "corpus", target);
  const folder = join(output, target);
  rmSync(folder, { recursive: true, force: true });

  const chosen = { SETOFF_FUZZ_TARGET: target };
  await task(`Fuzzing ${target}`, `${minutes} minutes`, () =>
    afl(["fuzz", "-i", corpus, "-o", folder, "-V", `${Math.round(minutes * 60)}`, program], chosen),
  );

  const { run_time, execs_done, edges_found, bitmap_cvg, saved_crashes, saved_hangs } =
    stats(folder);
  console.log(
    `  ${target}: ${run_time} s, ${execs_done} inputs, ${edges_found} edges (${bitmap_cvg}), ` +
      `${saved_crashes} failures, ${saved_hangs} hangs`,
  );

  if (saved_crashes !== "0") throw new Problem(`see ${join(folder, "default", "crashes")}`);
  await keep(target, corpus, folder, chosen);
}

/** Keeps, of the inputs of old and of those that were found, the fewest that take all branches. */
async function keep(target, corpus, folder, chosen) {
  const fewest = join(folder, "fewest");
  const found = join(folder, "default", "queue");
  for (const name of readdirSync(corpus)) copyFileSync(join(corpus, name), join(found, name));
  rmSync(join(found, ".state"), { recursive: true, force: true });

  await afl(["cmin", "-e", "-i", found, "-o", fewest, "--", program], chosen);

  const kept = readdirSync(fewest).filter((name) => !existsSync(join(corpus, name)));
  for (const name of kept) {
    // AFL's names say how an input was made, and are not unique over several runs.
    const digest = createHash("sha256")
      .update(readFileSync(join(fewest, name)))
      .digest("hex");
    copyFileSync(join(fewest, name), join(corpus, digest.slice(0, 16)));
  }
  console.log(`  ${kept.length} inputs are new in fuzz/corpus/${target}`);
}

await main(import.meta.url, async () => {
  const { values } = parseArgs({
    options: {
      target: { type: "string", multiple: true, default: TARGETS },
      minutes: { type: "string", default: "60" },
    },
  });
  const unknown = values.target.find((name) => !TARGETS.includes(name));
  if (unknown !== undefined)
    throw new Problem(`there is no target named ${unknown}, only ${TARGETS.join(", ")}`);

  await install();
  await build();
  for (const target of values.target) await fuzz(target, Number(values.minutes));
});
