// The examples of README.md and docs/: what a reader can copy from there.
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** An import of the engine. */
const ENGINE = /^import .* from "setoff(\/proration)?";$/m;

/** Pages about how the engine is built have no examples of its use, and those of the types have parts of programs. */
const WITHOUT =
  /^docs\/(internals|rules)\/|^docs\/reference\/(commands|queries|options|presets)\.md$/;

/** The pages, by their path in the repository. */
export function pages(root) {
  const below = readdirSync(join(root, "docs"), { recursive: true })
    .map((name) => `docs/${name.replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(".md") && !name.includes("/."));
  return ["README.md", ...below.sort()];
}

/**
 * The fenced blocks of a page: `{ language, file, text, heading, follows }`. One with a file's name behind its language
 * is that file; `follows`: there is nothing between it and the block before.
 */
export function blocksOf(text) {
  const blocks = [];
  let heading = "";
  let end;
  for (const { 0: all, 1: title, 2: language, 3: file, 4: body, index } of text.matchAll(
    /^#+ (.*)$|^```(\w*)(?: \[([^\]\n]+)\])?.*\n([^]*?)^```$/gm,
  )) {
    if (title !== undefined) {
      heading = title;
      end = undefined;
      continue;
    }

    const follows = end !== undefined && text.slice(end, index).trim() === "";
    blocks.push({ language, file, text: body, heading, follows });
    end = index + all.length;
  }
  return blocks;
}

/**
 * The programs of a page: `{ heading, steps: [{ source, output }] }`. A block of JavaScript that imports the engine
 * begins a program, and any other goes on from the one before. What a step prints is in a block `text` right behind it.
 */
export function programsOf(text) {
  const programs = [];
  let previous;
  for (const { language, file, text: body, heading, follows } of blocksOf(text)) {
    if (language === "js" && file === undefined) {
      previous = { source: body, output: "" };
      if (ENGINE.test(body) || programs.length === 0) programs.push({ heading, steps: [] });
      programs.at(-1).steps.push(previous);
      continue;
    }

    if (language === "text" && follows && previous !== undefined) previous.output = body;
    previous = undefined;
  }
  return programs;
}

/** The blocks of a page that are files: `{ file, text, language }`. */
export const filesOf = (text) => blocksOf(text).filter(({ file }) => file !== undefined);

/** The pages whose examples are run. */
export const exemplary = (root) => pages(root).filter((page) => !WITHOUT.test(page));
