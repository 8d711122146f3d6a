//! The sentences of refusals: each reason has its own, and each sentence names figures that its reason has.
//!
//! What is shown here is written to `target/refusals.json` too, against which the catalogues of other languages
//! (`src/js/locale`) are compared.

use serde_json::{Value, json};
use setoff::error::{Code, Reason};
use setoff::wire::english::TABLE;
use std::fs;
use std::path::Path;

/// The names in the braces of a sentence, each with what follows its colon.
fn gaps(sentence: &str) -> Vec<(&str, &str)> {
    let gaps = sentence.split('{').skip(1);
    let gaps = gaps.map(|gap| gap.split_once('}').expect("a brace that is closed").0);
    gaps.map(|gap| gap.split_once(':').unwrap_or((gap, "")))
        .collect()
}

/// The name of a figure as it is outside.
fn in_camel_case(name: &str) -> String {
    let mut text = String::new();
    for (index, word) in name.split('_').enumerate() {
        let first = word[..1].to_owned();
        text += &if index == 0 {
            first
        } else {
            first.to_uppercase()
        };
        text += &word[1..];
    }
    text
}

/// A sentence with the names of figures as they are outside.
fn outside(sentence: &str) -> String {
    gaps(sentence)
        .iter()
        .fold(sentence.to_owned(), |sentence, (name, _)| {
            sentence.replace(&format!("{{{name}"), &format!("{{{}", in_camel_case(name)))
        })
}

#[test]
fn every_sentence_has_the_figures_of_its_reason() {
    assert_eq!(TABLE.len(), Reason::ALL.len());

    for (name, sentence) in TABLE {
        let (_, _, figures) = Reason::ALL
            .iter()
            .find(|(reason, ..)| reason == name)
            .unwrap_or_else(|| panic!("{name} is no reason"));
        for (gap, way) in gaps(sentence) {
            if gap == "path" {
                continue;
            }
            let kind = figures.iter().find(|(figure, _)| *figure == gap);
            let (_, kind) = kind.unwrap_or_else(|| panic!("{name} has no figure {gap}"));
            assert!(
                !way.contains('|') || *kind == "CountFigure",
                "{name}: {gap} is no count"
            );
        }
    }
}

/// A figure that is in no sentence may only say more: a word of the request, or the list behind a suggestion.
#[test]
fn sentences_say_all_figures() {
    const SILENT: [(&str, &str); 8] = [
        ("UnknownField", "name"),
        ("MisspeltField", "name"),
        ("MisspeltField", "known"),
        ("UnknownFieldOfCommand", "name"),
        ("MisspeltFieldOfCommand", "name"),
        ("MisspeltFieldOfCommand", "known"),
        ("MisspeltRowField", "known"),
        ("MisspeltChoice", "choices"),
    ];
    for (name, _, figures) in Reason::ALL {
        let (_, sentence) = TABLE
            .iter()
            .find(|(reason, _)| reason == name)
            .expect("a sentence");
        let said = gaps(sentence);
        for (figure, _) in *figures {
            let is_silent = SILENT.contains(&(name, figure));
            let is_said = said.iter().any(|(gap, _)| gap == figure);
            assert_ne!(is_said, is_silent, "{name}: {figure} in \"{sentence}\"");
        }
    }
}

#[test]
fn sentences_are_whole() {
    for (name, sentence) in TABLE {
        assert!(
            sentence.starts_with(['{', '`', '"']) || sentence.starts_with(char::is_uppercase),
            "{name}: {sentence}"
        );
        assert!(sentence.ends_with(['.', '?']), "{name}: {sentence}");
        assert!(!sentence.contains("  "), "{name}: {sentence}");
        // A form shows it in a line or two.
        assert!(sentence.chars().count() <= 180, "{name}: {sentence}");
    }
}

#[test]
fn the_table_is_written_for_other_languages() {
    let reasons: Vec<Value> = Reason::ALL
        .iter()
        .map(|(name, code, figures)| {
            let (_, english) = TABLE
                .iter()
                .find(|(own, _)| own == name)
                .expect("a sentence");
            let figures: serde_json::Map<_, _> = figures
                .iter()
                .map(|(figure, kind)| (in_camel_case(figure), json!(kind)))
                .collect();
            let english = outside(english);
            json!({
                "reason": format!("{}{}", name[..1].to_lowercase(), &name[1..]),
                "code": code.as_str(),
                "figures": figures,
                "english": english,
            })
        })
        .collect();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();

    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("a target folder");
    let table = json!({ "codes": codes, "reasons": reasons });
    fs::write(
        target.join("refusals.json"),
        serde_json::to_string_pretty(&table).expect("plain data"),
    )
    .expect("the target folder can be written to");
}

/// What a figure is in JavaScript, by its type in Rust.
const FIGURES: [(&str, &str); 11] = [
    ("MoneyFigure", "amount"),
    ("DayFigure", "day"),
    ("CountFigure", "number"),
    ("WholeFigure", "number"),
    ("WordFigure", "word"),
    ("WordsFigure", "words"),
    ("NameFigure", "name"),
    ("NamesFigure", "names"),
    ("QuotedFigure", "text"),
    ("TextFigure", "text"),
    ("TextsFigure", "texts"),
];

const HEAD: &str = "\
# Errors

Every error has a stable `code`, and a reason (`details.reason`) that says exactly what is wrong. The figures of the
reason are fields of `details.figures`. Several reasons can have one code. A new version may split one reason into
several, so programs should rely on codes. `docs/reference/codes.md` says what each code means.

A figure is an `amount` or another decimal as text (`\"40.00\"`), a `day` as text (`\"2026-03-31\"`), a `number`, a
`word` of the engine (`\"creditMemo\"`, `\"posted\"`), a `name` of the interface (a field, a value of an option), or a
`text` from the request or the book. `words`, `names` and `texts` are lists.

The table is in order of precedence. `cargo test --test refusals` writes it from the reasons themselves. A sentence has
the names of its figures in braces. `{path}` stands for the field, and `{most:period|periods}` for the word that fits
the number.

| code | reason | sentence | figures |
|---|---|---|---|
";

/// A row of the page.
struct Row {
    code: String,
    reason: String,
    sentence: String,
    figures: Vec<String>,
}

impl Row {
    fn text(&self) -> String {
        let figures: Vec<_> = self
            .figures
            .iter()
            .map(|figure| format!("`{figure}`"))
            .collect();
        // A bar would end the cell.
        let sentence = self.sentence.replace('|', "\\|");
        format!(
            "| `{}` | `{}` | {sentence} | {} |\n",
            self.code,
            self.reason,
            figures.join(", ")
        )
    }
}

/// The texts of a list in JavaScript, which stand in quotation marks of either kind.
fn texts_of(list: &str) -> Vec<&str> {
    let mut texts = Vec::new();
    let mut rest = list;
    while let Some(start) = rest.find(['"', '\'']) {
        let mark = &rest[start..=start];
        let (text, following) = rest[start + 1..]
            .split_once(mark)
            .expect("a text that ends");
        texts.push(text);
        rest = following;
    }
    texts
}

/// The reasons of the JavaScript side, from a file that lists them.
fn reasons_of_javascript(source: &str) -> Vec<Row> {
    let mut reasons = Vec::new();
    let mut rest = source;
    while let Some((before, after)) = rest.split_once(": [") {
        let name = before.rsplit([' ', '\n']).next().unwrap_or_default();
        let (list, following) = after.split_once(']').expect("a list that ends");
        if let [code, sentence] = texts_of(list)[..] {
            let figures = gaps(sentence)
                .iter()
                .map(|(name, _)| format!("{name}: text"))
                .collect();
            reasons.push(Row {
                code: code.to_owned(),
                reason: name.to_owned(),
                sentence: sentence.to_owned(),
                figures,
            });
        }
        rest = following;
    }
    reasons
}

#[test]
fn the_page_of_errors_says_all_reasons() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| fs::read_to_string(root.join(file)).unwrap_or_default();
    let engine = Reason::ALL.iter().map(|(name, code, figures)| {
        let (_, sentence) = TABLE
            .iter()
            .find(|(reason, _)| reason == name)
            .unwrap_or_else(|| panic!("{name} has no sentence"));
        let figures = figures.iter().map(|(figure, kind)| {
            let (_, said) = FIGURES
                .iter()
                .find(|(own, _)| own == kind)
                .unwrap_or_else(|| panic!("what is a {kind}?"));
            format!("{}: {said}", in_camel_case(figure))
        });
        Row {
            code: code.as_str().to_owned(),
            reason: format!("{}{}", name[..1].to_lowercase(), &name[1..]),
            sentence: outside(sentence),
            figures: figures.collect(),
        }
    });
    let here =
        ["src/js/errors.js", "src/js/rows.js"].map(|file| reasons_of_javascript(&read(file)));
    assert!(
        here.iter().all(|reasons| reasons.len() > 5),
        "the lists are found"
    );
    let mut rows: Vec<_> = engine.chain(here.into_iter().flatten()).collect();
    let place = |code: &str| Code::ALL.iter().position(|known| known.as_str() == code);
    rows.sort_by_key(|Row { code, .. }| place(code).unwrap_or_else(|| panic!("no code {code}")));
    // Both sides can refuse what was freed.
    rows.dedup_by(|row, before| row.reason == before.reason);
    let text = HEAD.to_owned() + &rows.iter().map(Row::text).collect::<String>();

    let page = "docs/errors.md";
    if read(page) != text {
        fs::write(root.join(page), &text).expect("the page can be written to");
        panic!("{page} has been written anew; look at it and commit it");
    }
}
