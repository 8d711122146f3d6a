// `npm run bench`: times the engine against JavaScript that does the same, and prints the table. `-- --only NAME` runs
// that job alone (`--only` may be said more than once); `-- --json` prints the result as JSON; `-- --long` takes more
// rounds where books are large, and larger books.
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { main, Problem, run, task } from "./exec.mjs";
import { setup } from "./setup.mjs";

/** Builds the engine without WebAssembly, and returns the path of the program. */
async function buildNative() {
  const args = ["bench", "--locked", "--no-run", "--bench", "native", "--message-format=json"];
  const estimate = "about a minute, the first time";
  const { stdout } = await task("Building the engine natively", estimate, () => run("cargo", args));

  // Between its messages, cargo prints what builds say.
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  const built = lines.map((line) => JSON.parse(line));
  return built.find(({ target, executable }) => target?.name === "native" && executable).executable;
}

await main(import.meta.url, async () => {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true },
      json: { type: "boolean" },
      long: { type: "boolean" },
    },
  });
  const print = console.log;
  // What is printed on the way must not end up in the JSON.
  if (values.json) console.log = console.error;

  await setup();
  await build();
  // Only now: the benchmark imports the package and the rivals' libraries.
  const { bench, jobNames } = await import("../benches/js/bench.js");
  const { useNative } = await import("../benches/js/native.js");
  useNative(await buildNative());
  const { report } = await import("../benches/js/report.js");

  const names = values.only ?? jobNames;
  const unknown = names.find((name) => !jobNames.includes(name));
  if (unknown !== undefined)
    throw new Problem(`there is no job ${unknown}; there are ${jobNames.join(", ")}`);

  const progress = (line) => console.error(`${line} ...`);
  const result = await bench(names, progress, values.long);
  print(values.json ? JSON.stringify(result, null, 2) : report(result).join("\n"));
});
