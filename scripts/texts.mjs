// The texts that go into the package: licenses, the README, the change log, and the pages of the documentation that are
// for users. Links to what is not in the package become plain words.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { filesBelow, root } from "./exec.mjs";

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

/** Writes them into the package. */
export function writeTexts(dir) {
  const names = new Set(textFiles());
  for (const name of names) {
    const text = readFileSync(join(root, name), "utf8");
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), name.endsWith(".md") ? withoutOutside(text, name, names) : text);
  }
}

/** A page without pictures, and without links to what is not in the package. */
function withoutOutside(text, name, names) {
  return text
    .replace(/^!\[.*\]\(.*\)\n\n/gm, "")
    .replace(/\[([^\]\n]+)\]\(([^)\s]+)\)/g, (link, words, target) => {
      const [file] = target.split("#");
      const isThere = file === "" || names.has(normalize(join(dirname(name), file)));
      return isThere || /^https?:/.test(target) ? link : words;
    });
}
