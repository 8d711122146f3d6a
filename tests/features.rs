//! `tests/features.md` has every row of the list of features, and every test that it names exists. And every published
//! figure of settlement has a golden case.

use rust_decimal::Decimal;
use serde_json::Value;
use setoff::money::{Fraction, text};
use setoff::prorate::{Request, Terms, Time};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The rows of each part of the list.
const ROWS: [(char, usize); 6] = [
    ('A', 50),
    ('B', 104),
    ('C', 14),
    ('D', 12),
    ('E', 36),
    ('X', 60),
];

/// What a row can be instead of shown.
const ELSEWHERE: [&str; 2] = ["dialect, later: ", "host: "];

fn read(path: &str) -> Option<String> {
    fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests")
            .join(path),
    )
    .ok()
}

fn names(golden: &str) -> BTreeSet<String> {
    let cases: Vec<Value> = serde_json::from_str(golden).unwrap();
    cases
        .iter()
        .map(|case| case["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Whether a file of tests has a test of that name.
fn has_test(path: &str, text: &str, name: &str) -> bool {
    match path.rsplit('.').next() {
        Some("json") => names(text).contains(name),
        Some("rs") => text.contains(&format!("fn {name}(")),
        _ => text.contains(&format!("test(\"{name}\"")),
    }
}

/// What is wrong with what a row says; empty if nothing is.
fn problem(shown: &str) -> String {
    if let Some(rest) = ELSEWHERE.iter().find_map(|kind| shown.strip_prefix(kind)) {
        return if rest.trim().is_empty() {
            "says no reason".into()
        } else {
            String::new()
        };
    }
    let named = shown
        .strip_prefix('`')
        .and_then(|rest| rest.split_once("`: "));
    let Some((path, name)) = named else {
        return format!("names no test: {shown}");
    };
    match read(path) {
        None => format!("there is no {path}"),
        Some(text) if has_test(path, &text, name) => String::new(),
        Some(_) => format!("{path} has no test {name:?}"),
    }
}

/// `(row, shown)` of each line of the table.
fn rows(table: &str) -> Vec<(String, Vec<String>)> {
    let cells = |line: &str| {
        line.trim_matches('|')
            .split(" | ")
            .map(|cell| cell.trim().to_owned())
            .collect::<Vec<_>>()
    };
    let lines = table
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| row "));
    lines
        .map(|line| match &cells(line)[..] {
            [row, feature, shown] if !feature.is_empty() => (
                row.clone(),
                shown.split("<br>").map(str::to_owned).collect(),
            ),
            _ => panic!("not a row: {line}"),
        })
        .collect()
}

#[test]
fn every_feature_is_shown() {
    let rows = rows(&read("features.md").unwrap());
    let listed: Vec<_> = rows.iter().map(|(row, _)| row.clone()).collect();
    let all: Vec<_> = ROWS
        .iter()
        .flat_map(|(part, count)| (1..=*count).map(move |row| format!("{part}{row}")))
        .collect();
    assert_eq!(listed, all, "each row once, in order");
    let problems = rows
        .iter()
        .flat_map(|(row, shown)| shown.iter().map(move |shown| (row, problem(shown))));
    let problems: Vec<_> = problems
        .filter(|(_, problem)| !problem.is_empty())
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn what_shows_nothing_is_found() {
    for shown in [
        "",
        "golden/apply.json: all invoices or none",
        "`golden/nowhere.json`: all invoices or none",
        "`golden/apply.json`: no such case",
        "`splits.rs`: no_such_test",
        "`js/api.test.mjs`: no such test",
        "host: ",
    ] {
        assert_ne!(problem(shown), "", "{shown}");
    }
    for shown in [
        "`golden/apply.json`: all invoices or none",
        "`splits.rs`: amounts_are_split_in_order",
        "`js/api.test.mjs`: are errors, with a name and a stack",
    ] {
        assert_eq!(problem(shown), "");
    }
}

/// Figures of rating, not of books: shown by [`rating_comes_out_as_printed`].
const RATING: [&str; 2] = ["RF-5", "DS-2"];

#[test]
fn every_published_settlement_is_a_golden_case() {
    let vectors: Vec<Value> =
        serde_json::from_str(&read("vectors/settlement.json").unwrap()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let names: BTreeSet<_> = files.flat_map(|golden| names(&golden)).collect();
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let words: BTreeSet<_> = names
        .iter()
        .flat_map(|name| name.split(|character| !is_word(character)))
        .collect();
    let missing: Vec<_> = vectors
        .iter()
        .map(|vector| vector["id"].as_str().unwrap())
        .filter(|id| !words.contains(id) && !RATING.contains(id))
        .collect();
    assert!(vectors.len() >= 65 && missing.is_empty(), "{missing:?}");
}

fn share(price: &str, numerator: i128, denominator: i128) -> Decimal {
    let request = Request {
        terms: Terms::default(),
        price: text::parse(price).unwrap(),
        quantity: Decimal::ONE,
        increment: text::parse("0.01").unwrap(),
        time: Time::Factor(Fraction::new(numerator, denominator)),
    };
    text::parse(&request.prorate().unwrap().amount.to_string()).unwrap()
}

#[test]
fn rating_comes_out_as_printed() {
    let figures = [
        // RF-5: 100 × 23/31 = 74.193…; the source prints one decimal, 74.2.
        (share("100", 23, 31), "74.19"),
        // DS-2: 11 of 12 months of 1000 come back, and half of what is kept is its discount: 500 − 41.67.
        (share("1000", 11, 12), "916.67"),
        (Decimal::from(500) - share("83.33", 50, 100), "458.33"),
    ];
    for (found, printed) in figures {
        assert_eq!(found, text::parse(printed).unwrap());
    }
}
