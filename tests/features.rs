//! `tests/features.md` has every row of the list of features. Each says what it demands, every test that it names
//! exists, and the numbers in its introduction are right. And every published settlement has a case.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The rows of each part of the list.
const ROWS: [(char, usize); 8] = [
    ('A', 50),
    ('B', 104),
    ('C', 14),
    ('D', 12),
    ('E', 36),
    ('L', 12),
    ('X', 60),
    ('P', 2),
];

/// What a row can say instead of a test, or beside one.
const MISSING: &str = "missing: ";
const DIALECT: &str = "dialect, later: ";
const HOST: &str = "host: ";

/// A row of the table: its name, what it demands, and what shows it.
struct Row {
    name: String,
    demand: String,
    shown: Vec<String>,
}

impl Row {
    fn says(&self, kind: &str) -> bool {
        self.shown.iter().any(|shown| shown.starts_with(kind))
    }

    /// The line of the introduction that counts rows like this one.
    fn count_line(&self) -> &'static str {
        let has_test = self.shown.iter().any(|shown| shown.starts_with('`'));
        let is_elsewhere = self.says(DIALECT) || self.says(HOST);
        match (has_test, self.says(MISSING)) {
            (true, true) => "are shown in part, and say what is missing",
            (true, false) if is_elsewhere => {
                "are shown by tests, and the rest is of a dialect or of the host"
            }
            (true, false) => "are shown by tests alone",
            (false, true) => "are missing",
            (false, false) if self.says(DIALECT) => "are of a dialect",
            (false, false) => "are of the host",
        }
    }
}

fn read(path: &str) -> Option<String> {
    fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests")
            .join(path),
    )
    .ok()
}

/// The texts of a folder of cases.
fn texts_of(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect()
}

fn names(golden: &str) -> BTreeSet<String> {
    let file: Value = serde_json::from_str(golden).unwrap();
    // Requests and answers stand beside what comes before each case.
    let cases = file.get("cases").unwrap_or(&file).as_array().unwrap();
    cases
        .iter()
        .map(|case| case["name"].as_str().unwrap().to_owned())
        .collect()
}

/// The names of the scenarios of a table.
fn scenarios(table: &str) -> BTreeSet<String> {
    let titles = table
        .lines()
        .filter_map(|line| line.strip_prefix("scenario: "));
    titles.map(str::to_owned).collect()
}

/// Whether a file of tests has a test of that name.
fn has_test(path: &str, text: &str, name: &str) -> bool {
    match path.rsplit('.').next() {
        Some("json") => names(text).contains(name),
        Some("txt") => scenarios(text).contains(name),
        Some("rs") => text.contains(&format!("fn {name}(")),
        _ => text.contains(&format!("test(\"{name}\"")),
    }
}

/// What is wrong with what shows a row; empty if nothing is.
fn problem(shown: &str) -> String {
    let elsewhere = [MISSING, DIALECT, HOST]
        .iter()
        .find_map(|kind| shown.strip_prefix(kind));
    if let Some(reason) = elsewhere {
        return if reason.trim().is_empty() {
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

/// Whether a row says in sentences what it demands, so that a reader can judge what shows it.
fn is_demand(text: &str) -> bool {
    let starts_well = text.starts_with(|first: char| first.is_uppercase() || first == '`');
    starts_well && text.ends_with('.') && text.split(' ').count() >= 4
}

/// The rows of the tables.
fn rows(table: &str) -> Vec<Row> {
    let is_row = |line: &&str| line.starts_with("| ") && !line.starts_with("| row ");
    table.lines().filter(is_row).map(row).collect()
}

fn row(line: &str) -> Row {
    let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
    let &[name, demand, shown] = &cells[..] else {
        panic!("not a row: {line}");
    };
    Row {
        name: name.to_owned(),
        demand: demand.to_owned(),
        shown: shown.split("<br>").map(str::to_owned).collect(),
    }
}

#[test]
fn every_feature_is_shown() {
    let rows = rows(&read("features.md").unwrap());
    let all: Vec<_> = ROWS
        .iter()
        .flat_map(|(part, count)| (1..=*count).map(move |row| format!("{part}{row}")))
        .collect();

    let listed: Vec<_> = rows.iter().map(|row| row.name.clone()).collect();
    let problems: Vec<_> = rows
        .iter()
        .flat_map(|row| row.shown.iter().map(|shown| (&row.name, problem(shown))))
        .filter(|(_, problem)| !problem.is_empty())
        .collect();

    let misplaced = listed.iter().zip(&all).find(|(listed, row)| listed != row);
    let hint = "tests/features.md has each row once, in order; `ROWS` says how many each part has";
    assert_eq!(misplaced, None, "{hint}");
    assert_eq!(listed.len(), all.len(), "{hint}");
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn every_feature_says_what_it_demands() {
    let rows = rows(&read("features.md").unwrap());

    let unclear: Vec<_> = rows
        .iter()
        .filter(|row| !is_demand(&row.demand))
        .map(|row| (&row.name, &row.demand))
        .collect();

    assert!(unclear.is_empty(), "{unclear:#?}");
    for text in ["", "list", "the same.", "A list of all memos", "What is."] {
        assert!(!is_demand(text), "{text}");
    }
}

#[test]
fn the_introduction_counts_the_rows() {
    let table = read("features.md").unwrap();
    let mut counts = BTreeMap::new();
    for row in rows(&table) {
        *counts.entry(row.count_line()).or_insert(0) += 1;
    }

    let stated: Vec<_> = table
        .lines()
        .filter_map(|line| line.strip_prefix("- "))
        .collect();
    for (line, count) in counts {
        let needed = format!("{count} {line}");
        let is_stated = |line: &&str| line.trim_end_matches([',', '.']) == needed;
        assert!(
            stated.iter().any(is_stated),
            "the introduction of tests/features.md must say {needed:?}; it says {stated:#?}"
        );
    }
}

#[test]
fn what_shows_nothing_is_found() {
    for shown in [
        "",
        "scenarios/apply.txt: all invoices or none",
        "`golden/nowhere.json`: all invoices or none",
        "`golden/queries.json`: no such case",
        "`scenarios/apply.txt`: no such scenario",
        "`splits.rs`: no_such_test",
        "`js/api.test.mjs`: no such test",
        "host: ",
        "missing: ",
        "dialect, later: ",
        "elsewhere: in a later version",
    ] {
        assert_ne!(problem(shown), "", "{shown}");
    }
    for shown in [
        "`golden/queries.json`: queries that cannot be asked",
        "`scenarios/apply.txt`: all invoices or none",
        "`splits.rs`: amounts_are_split_in_order",
        "`js/api.test.mjs`: are errors, with a name and a stack",
        "missing: a reason of its own",
    ] {
        assert_eq!(problem(shown), "");
    }
}

#[test]
fn every_published_settlement_is_a_case_by_name() {
    let vectors: Vec<Value> =
        serde_json::from_str(&read("vectors/settlement.json").unwrap()).unwrap();
    let mut names: BTreeSet<_> = texts_of("golden")
        .iter()
        .flat_map(|text| names(text))
        .collect();
    names.extend(
        texts_of("scenarios")
            .iter()
            .flat_map(|text| scenarios(text)),
    );
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let words: BTreeSet<_> = names
        .iter()
        .flat_map(|name| name.split(|character| !is_word(character)))
        .collect();
    let missing: Vec<_> = vectors
        .iter()
        .map(|vector| vector["id"].as_str().unwrap())
        .filter(|id| !words.contains(id))
        .collect();
    assert!(vectors.len() >= 65 && missing.is_empty(), "{missing:?}");
}
