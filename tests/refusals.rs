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
