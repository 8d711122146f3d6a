// Refusals in other languages: every refusal of the golden cases and the scenarios, from the fields that the engine
// gives of it.
//
// The native test `refusals` writes the engine's table of sentences to `target/refusals.json`, and the native tests
// `golden` and `scenarios` every refusal to `target/golden/` and `target/scenarios/`.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test, { describe } from "node:test";
import * as setoff from "../../pkg/node.mjs";
import { explanation, wording } from "../../pkg/locale/de.js";
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

  test("has a decimal comma in its numbers, and a point in what a request says", () => {
    const say = (code, reason, figures) =>
      wording({ code, path: "", details: { reason, figures } }).sentence;
    const figures = { kind: "invoice", document: "1.50", amount: "-1051.00", most: "150.00" };
    assert.equal(
      say("exceedsBalance", "moreThanBalance", figures),
      "Der Betrag (-1051,00) ist höher als der offene Betrag der Rechnung „1.50“ (150,00).",
    );
    assert.equal(
      say("taxRateFrom1", "rateFrom1", { rate: "16.5", meant: "0.165" }),
      "Ein Steuersatz von 16,5 entspräche 100 % oder mehr. Schreiben Sie 16,5 % als 0.165, " +
        "oder setzen Sie die Option `allowTaxRateFrom1` des Buches.",
    );
    assert.equal(
      say("invalidDecimal", "misspeltDecimal", { text: "12,50", meant: "12.50" }),
      "So wie „12,50“ schreibt man hier keine Dezimalzahl. Schreiben Sie „12.50“.",
    );
    const date = { text: "31.3.2026", meant: "2026-03-31" };
    assert.equal(
      say("invalidDate", "misspeltDate", date),
      "So wie „31.3.2026“ schreibt man hier keinen Tag. Schreiben Sie „2026-03-31“.",
    );
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
        `\`at\`: X hat ${words}, 0,001 aber mehr.`,
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

describe("an explanation in German", () => {
  test("says of each line of a settlement its share, the rounding and the leftover", () => {
    // 10.00 over 60.00 and 30.00: 6.666… and 3.333…, cut to 6.66 and 3.33; the cent goes to the larger remainder.
    const book = new setoff.Book({ currency: "EUR", log: true });
    const items = [
      { id: "seats", amount: "60.00" },
      { id: "setup", amount: "30.00" },
    ];
    const at = "2026-03-02";
    book.execute({ type: "createInvoice", at, id: "I", autoPost: true, items });
    const invoices = [{ invoiceId: "I" }];
    book.execute({ type: "createPayment", at, id: "P", amount: "10.00", invoices });

    const [{ given, received }] = book.explain({ applicationGroupId: "AG-2" });

    assert.deepEqual(received.map(explanation), [
      "Der genaue Anteil ist 6,666666…; abgerundet sind das 6,66. " +
        "Beim Verteilen des Restes kamen 0,01 dazu (Rang 1 der Reste).",
      "Der genaue Anteil ist 3,333333…; abgerundet sind das 3,33. " +
        "Beim Verteilen des Restes kam nichts dazu (Rang 2 der Reste).",
    ]);
    assert.deepEqual(given.map(explanation), ["Der genaue Anteil ist 10."]);
  });

  test("says of a part of a split its share, or that a cap decided", () => {
    const request = { amount: "100.00", weights: ["1", "1", "1"] };
    assert.equal(
      explanation(setoff.explainAllocation(request, 0)),
      "Der genaue Anteil hat 3333,333333… Einheiten; im ersten Durchgang 33,33. " +
        "Beim Verteilen des Restes kamen 0,01 dazu (Rang 1 der Reste).",
    );
    const capped = { amount: "90", weights: ["1", "1"], caps: ["10", "100"] };
    assert.equal(
      explanation(setoff.explainAllocation(capped, 0)),
      "Der Anteil übersteigt seine Obergrenze, daher ist der Teil 10.",
    );
  });

  test("says of a part of a period the time, the exact amount and the rounded one", () => {
    const period = { from: "2026-01-01", to: "2026-02-01" };
    const service = { from: "2026-01-17", to: "2026-02-01" };
    // 100 × 15 ÷ 31 = 48.387…; 31 × 15 ÷ 31 = 15.
    const of = (price, service) =>
      explanation(setoff.prorate({ currency: "EUR", price, period, service }));
    assert.equal(
      of("100.00", service),
      "Preis für 15 von 31 Zeiteinheiten: 48,387096…, gerundet 48,39.",
    );
    assert.equal(of("31.00", service), "Preis für 15 von 31 Zeiteinheiten: 15,00.");
    assert.equal(of("31.50", period), "Preis für den ganzen Zeitraum: 31,50.");
  });

  test("says of a line of a change what it does, for which time, and what was left to credit", () => {
    const period = { from: "2026-01-01", to: "2026-02-01" };
    const changes = [{ type: "change", at: "2026-01-17", price: "50.00" }];
    const { lines } = setoff.previewChange({
      ...{ currency: "EUR", period, plan: { price: "30.00" }, billed: "10.00", changes },
      terms: { creditFormula: "direct" },
    });
    // 30 × 15 ÷ 31 = 14.516… is more than the 10.00 that were billed; 50 × 15 ÷ 31 = 24.193….
    assert.deepEqual(lines.map(explanation), [
      "Gutschrift, 2026-01-17 bis 2026-02-01, für 15 von 31 Zeiteinheiten: -10,00. " +
        "Gutzuschreiben waren höchstens noch 10.",
      "Berechnung, 2026-01-17 bis 2026-02-01, für 15 von 31 Zeiteinheiten: 24,193548…, gerundet 24,19.",
    ]);
  });
});
