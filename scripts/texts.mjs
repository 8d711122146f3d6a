// The texts that go into the package: licenses, the README, the change log, and the pages of the documentation that are
// for users. Links to what is not in the package become plain words.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { filesBelow, Problem, root } from "./exec.mjs";

/** Everything that they are made from. */
export const TEXTS = [
  ...["README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE-MIT", "LICENSE-APACHE", "docs"],
];

/** Pages about how the engine is built, and the site's home page, stay in the repository. */
const LEFT_OUT = /^docs\/(internals\/|\.vitepress\/|index\.md$)|\.png$/;

/** The files that go along, by their path in the repository and in the package. */
export function textFiles() {
  const files = TEXTS.flatMap((name) => filesBelow(join(root, name)));
  return files
    .map((file) => relative(root, file).replaceAll("\\", "/"))
    .filter((name) => !LEFT_OUT.test(name));
}

/** Writes them into the package. `security`: the address for reports, or `null` as long as there is none. */
export function writeTexts(dir, security) {
  const names = new Set(textFiles());
  for (const name of names) {
    const text = readFileSync(join(root, name), "utf8");
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    const packed = name.endsWith(".md") ? packedPage(text, name, names) : text;
    writeFileSync(join(dir, name), name === "SECURITY.md" ? addressed(packed, security) : packed);
  }
}

const ADDRESS = "the address in `security` of `release.json` (in the repository)";

/** The page about security with the address itself. */
export function addressed(page, security) {
  if (!page.includes(ADDRESS)) throw new Problem("SECURITY.md does not say where the address is");
  const none = "the maintainers in private (this build was made before an address was set)";
  return page.replace(ADDRESS, security ?? none);
}

/** Fenced blocks and code in a line: what stands there is copied, whatever it looks like. */
const CODE = /^```.*?^```$|(`+)(?!`)(?:(?!\n\n).)*?(?<!`)\1(?!`)/gms;

const LINK = /\[([^\]\n]+)\]\(([^)\s]+)\)/g;

/**
 * A page as it reads where the repository is not: without pictures, without the columns and sections that are about the
 * sources, and without links to what is not in the package. An entry that is such a link alone goes; other such links
 * become words that say where the thing is.
 */
export function packedPage(text, name, names) {
  const codes = [];
  const prose = withoutSources(text).replace(CODE, (code) => `\0${codes.push(code) - 1}\0`);

  const packed = prose
    .replace(/^!\[.*\]\(.*\)\n\n/gm, "")
    .replace(LINK, (link, words, target) => linkInPackage(link, words, target, name, names))
    .replace(/\x01[^\x01]*\x01(?= ·)\s*·\s*|(?<=· )\x01[^\x01]*\x01 ·\s*/g, "")
    .replace(/\(\x01([^\x01]*)\x01\)/g, "($1, in the repository)")
    .replace(/\x01([^\x01]*)\x01/g, "$1 (in the repository)");

  return packed.replace(/\0(\d+)\0/g, (_, place) => codes[place]);
}

/** The API is a folder of pages of the site, and a file of types in the package. */
const TYPES_PAGE = "docs/api/index.md";

/** A link, or its words between marks if it leads out of the package. */
function linkInPackage(link, words, target, name, names) {
  const [file] = target.split("#");
  if (file === "" || /^https?:/.test(target)) return link;

  const path = normalize(join(dirname(name), file));
  if (path === TYPES_PAGE)
    return `[${words}](${relative(dirname(name), "index.d.ts").replaceAll("\\", "/")})`;
  return names.has(path) ? link : `\x01${words}\x01`;
}

/** What only who works on the sources needs. */
const SOURCES_ALONE = /\n<!-- sources -->\n.*?<!-- \/sources -->\n/gs;

/** A sentence that begins with what the sources' own tools do. */
const MADE_BY_CARGO = /`cargo [^`\n]*` [^.\n]*\. /g;

/** Without what a page marks as being about the sources, sentences about Cargo, and columns `Rust` of tables. */
function withoutSources(text) {
  let column = -1;
  return text
    .replace(SOURCES_ALONE, "")
    .replace(MADE_BY_CARGO, "")
    .replace(/^<!--.*-->\n\n/gm, "")
    .split("\n")
    .map((line) => {
      // Only the first line of a table has its names, so the column counts until the table ends.
      if (!line.startsWith("|")) {
        column = -1;
        return line;
      }

      const cells = line.split(/(?<!\\)\|/);
      if (column < 0) column = cells.findIndex((cell) => cell.trim() === "Rust");
      return column < 0 ? line : cells.toSpliced(column, 1).join("|");
    })
    .join("\n");
}
