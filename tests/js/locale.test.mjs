// Refusals in other languages: every refusal of the golden cases and the scenarios, from the fields that the engine
// gives of it.
//
// The native test `refusals` writes the engine's table of sentences to `target/refusals.json`, and the native tests
// `golden` and `scenarios` every refusal to `target/golden/` and `target/scenarios/`.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test, { describe } from "node:test";
import { wording } from "../../pkg/locale/de.js";
import { REASONS } from "../../src/js/errors.js";
import { ROW_REASONS } from "../../src/js/rows.js";

const target = new URL("../../target/", import.meta.url);
const read = (name) => readFileSync(new URL(name, target), "utf8");

const { codes, reasons } = JSON.parse(read("refusals.json"));
const byName = new Map(reasons.map((row) => [row.reason, row]));
for (const [reason, [code, english]] of Object.entries({ ...REASONS, ...ROW_REASONS })) {
  if (!byName.has(reason)) {
    const gaps = [...english.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const figures = Object.fromEntries(gaps.map((name) => [name, "TextFigure"]));
    byName.set(reason, { reason, code, figures, english });
  }
}

/** Every refusal of the golden cases and scenarios, and those of commands of their bulk commands. */
function goldenRefusals() {
  const refusals = [];
  const collect = (value) => {
    if (typeof value !== "object" || value === null) return;
    if (typeof value.code === "string" && value.details !== undefined) refusals.push(value);
    else Object.values(value).forEach(collect);
  };
  for (const transcript of ["golden", "scenarios"].flatMap(transcriptsOf)) {
    const lines = read(transcript).split("\n");
    for (const line of lines.filter((line) => /^[{[]/.test(line))) collect(JSON.parse(line));
  }
  return refusals;
}

/** The transcripts below a folder of `target/`, file by file. */
function transcriptsOf(folder) {
  const entries = readdirSync(new URL(`${folder}/`, target), { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);
  return files.flatMap((file) =>
    readdirSync(new URL(`${file}/`, target)).map((name) => `${file}/${name}`),
  );
}

const refusals = goldenRefusals().filter(({ details }) => details.reason !== null);

/** Words that stand in sentences of both languages. */
const SHARED = new Set(
  "an in so was minus bulk UTC mm ss MM ISO JSON Name Unicode WebAssembly".split(" "),
);

/** The words of a sentence, without its gaps and without what is quoted as a name of the interface. */
const wordsOf = (sentence) => sentence.replace(/\{[^}]*\}|`[^`]*`/g, " ").match(/\p{L}+/gu) ?? [];
const englishWords = new Set(
  [...byName.values()]
    .flatMap(({ english }) => wordsOf(english))
    .filter((word) => word.length > 1 && !SHARED.has(word)),
);

/** What is left of a wording without what the caller wrote: the catalogue's own words. */
function ownWords({ code, details: { reason, figures } }) {
  const types = byName.get(reason)?.figures ?? {};
  const isWord = (name) => ["WordFigure", "WordsFigure"].includes(types[name]);
  const blank = Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [name, isWord(name) ? figure : ""]),
  );
  return wordsOf(wording({ code, path: "", details: { reason, figures: blank } }).sentence);
}

/** Figures that can be told in a sentence. */
const samples = (types) =>
  Object.fromEntries(
    Object.entries(types).map(([name, type], index) => {
      if (["CountFigure", "WholeFigure"].includes(type)) return [name, 7000 + index];
      return [name, /^(Word|Name|Text)s/.test(type) ? [`#${index}#`] : `#${index}#`];
    }),
  );

describe("German", () => {
  test("has sentences for every reason, and for no other", () => {
    const source = readFileSync(new URL("../../src/js/locale/de.js", import.meta.url), "utf8");
    const table = source.slice(source.indexOf("const REASONS"), source.indexOf("const WORDS"));
    const names = [...table.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
    assert.deepEqual(names.sort(), [...byName.keys()].sort());
  });

  for (const { reason, code, figures: types, english } of byName.values()) {
    test(`says ${reason} in German, with the figures that English says`, () => {
      const figures = samples(types);
      const { sentence } = wording({ code, path: "PATH", details: { reason, figures } });
      assert.doesNotMatch(sentence, /[{}]/);
      assert.match(sentence, /^[\p{Lu}\d#„`].*[.?]$|#$/u);
      assert.deepEqual(
        wordsOf(sentence).filter((word) => englishWords.has(word)),
        [],
        sentence,
      );
      for (const [, name, way] of english.matchAll(/\{(\w+)(:[^}]*)?\}/g)) {
        if (way?.includes("|")) continue;
        const figure = name === "path" ? "PATH" : String(figures[name]);
        assert.ok(sentence.includes(figure), `${name} is missing in "${sentence}"`);
      }
    });
  }

  test("has words for every code", () => {
    for (const code of codes) {
      const { message } = wording({ code, path: "", details: { reason: "later", figures: {} } });
      assert.ok(!message.includes(code), code);
      assert.deepEqual(
        wordsOf(message).filter((word) => englishWords.has(word)),
        [],
        message,
      );
    }
  });

  test("leaves no English in a refusal of the golden cases", () => {
    assert.ok(refusals.length > 100, `only ${refusals.length} refusals`);
    for (const refusal of refusals) {
      const left = ownWords(refusal).filter((word) => englishWords.has(word));
      assert.deepEqual(left, [], `${wording(refusal).message} (${refusal.details.reason})`);
    }
  });

  test("shortens what is long, and takes the word that goes with a count", () => {
    const say = (code, reason, figures) =>
      wording({ code, path: "at", details: { reason, figures } }).message;
    for (const [most, words] of [
      [1, "1 Nachkommastelle"],
      [2, "2 Nachkommastellen"],
    ]) {
      const figures = { currency: "X", amount: "0.001", most };
      assert.equal(
        say("tooManyDecimals", "moreDecimals", figures),
        `\`at\`: X hat ${words}, 0.001 aber mehr.`,
      );
    }
    assert.equal(
      say("invalidDate", "noDate", { text: "x".repeat(50) }),
      `\`at\`: „${"x".repeat(40)}…“ (50 Zeichen) ist kein Kalendertag. Schreiben Sie JJJJ-MM-TT.`,
    );
  });

  test("says what the code stands for where a newer version has another reason", () => {
    const details = { reason: "constructor", figures: {} };
    assert.deepEqual(wording({ code: "tooLarge", path: "p", details }), {
      message: "`p`: Die Anfrage ist zu groß.",
      sentence: "Die Anfrage ist zu groß.",
    });
    assert.equal(wording({ code: "toString", path: "", details }).sentence, "toString.");
  });
});

/** English by the engine's own table, from the same figures. */
function english({ path, details: { reason, figures, sentence } }) {
  const { figures: types, english } = byName.get(reason);
  const show = (gap, name, way = "") => {
    if (name === "path") return path;
    const [figure, type] = [figures[name], types[name]];
    // Words that English writes in another way are the engine's own: what it said of them is taken.
    if (figure === undefined || ["WordFigure", "WordsFigure"].includes(type)) return gap;
    if (way.includes("|")) return way.split("|")[figure === 1 ? 0 : 1];
    if (type === "QuotedFigure") return quoted(figure);
    if (way === "few" && figure.length > 12)
      return `${figure.slice(0, 12).join(", ")} and ${figure.length - 12} more`;
    return [figure].flat().join(", ");
  };
  return matching(english.replace(/\{(\w+)(?::([^}]*))?\}/g, show), sentence);
}

function quoted(text) {
  const letters = [...text];
  if (letters.length <= 40) return `"${text}"`;
  return `"${letters.slice(0, 40).join("")}…" (${letters.length} characters)`;
}

/** The sentence, with what stands there for each gap that is left. */
function matching(sentence, said) {
  const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = sentence
    .split(/\{[^}]*\}/)
    .map(literal)
    .join(".+");
  return new RegExp(`^${pattern}$`, "s").test(said) ? said : sentence;
}

test("the figures of a golden refusal are all that its English says", () => {
  for (const refusal of refusals) assert.equal(english(refusal), refusal.details.sentence);
});
