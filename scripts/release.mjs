// `npm run release`: says whether a version can be released, and packs its tarball into `target/release-package/`.
// `npm run reproduce` builds the package again in another folder, from a clean copy, and compares every byte.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { build, owners, packageDir } from "./build.mjs";
import { filesBelow, main, Problem, root, run, task } from "./exec.mjs";
import { npm } from "./smoke.mjs";

const dir = join(root, "target", "release-package");

/** What stands in the way of a release. */
export function obstacles({ version, changelog, owner }) {
  const found = [];
  for (const field of ["repository", "homepage", "bugs", "security"])
    if (owner[field] === null) found.push(`release.json: ${field} is not filled in`);

  const [section] = changelog.split(/^## /m).filter((text) => text.startsWith(`${version} – `));
  if (section === undefined) {
    found.push(`CHANGELOG.md: there is no section "## ${version} – YYYY-MM-DD"`);
    return found;
  }

  if (!/^[\d.]+ – \d{4}-\d\d-\d\d$/m.test(section))
    found.push("CHANGELOG.md: the section has no day");
  for (const heading of ["Numeric behaviour", "Formats"])
    if (!section.includes(`### ${heading}`))
      found.push(`CHANGELOG.md: the section does not say "### ${heading}"`);
  return found;
}

async function release() {
  const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
  await build();
  const { version } = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8"));
  const found = obstacles({ version, changelog, owner: owners() });

  mkdirSync(dir, { recursive: true });
  const { stdout } = await npm(packageDir, "pack", "--json", "--pack-destination", dir);
  const [{ filename }] = JSON.parse(stdout);
  const hash = createHash("sha256")
    .update(readFileSync(join(dir, filename)))
    .digest("hex");
  console.log(`target/release-package/${filename}\nsha256 ${hash}`);
  if (found.length > 0) throw new Problem(found.join("\n"));
}

/** Builds what is committed in a folder elsewhere, and compares the package with the one here. */
async function reproduce() {
  await build();
  const elsewhere = mkdtempSync(join(tmpdir(), "setoff-reproduced-"));
  try {
    await run("git", ["clone", "--quiet", root, elsewhere]);
    // The tools are compilers of fixed versions, and no part of the package.
    for (const name of [".tools", "node_modules"])
      cpSync(join(root, name), join(elsewhere, name), { recursive: true, verbatimSymlinks: true });

    await task("Building the package elsewhere", "about 4 minutes", () =>
      run(process.execPath, [join(elsewhere, "scripts", "build.mjs")], { cwd: elsewhere }),
    );

    const differing = differences(packageDir, join(elsewhere, "pkg"));
    if (differing.length > 0) throw new Problem(`these files differ: ${differing.join(", ")}`);
    console.log(`${filesBelow(packageDir).length - 1} files are the same, byte for byte`);
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
}

/** The files that are not the same in two folders; the build's own mark is of the inputs. */
function differences(firstFolder, secondFolder) {
  const [first, second] = [contentsOf(firstFolder), contentsOf(secondFolder)];
  const names = new Set([...first.keys(), ...second.keys()]);
  return [...names].filter((name) => first.get(name) !== second.get(name));
}

function contentsOf(folder) {
  const files = filesBelow(folder).map((file) => [relative(folder, file), file]);
  const compared = files.filter(([name]) => name !== ".stamp");
  return new Map(compared.map(([name, file]) => [name, readFileSync(file, "base64")]));
}

await main(import.meta.url, async () => {
  const { values } = parseArgs({ options: { reproduce: { type: "boolean" } } });
  await (values.reproduce ? reproduce() : release());
});
