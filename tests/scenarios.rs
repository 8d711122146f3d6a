//! The scenarios of `tests/scenarios/`, natively. In addition, each file is written out as golden cases with their
//! transcripts (`target/scenarios/`), which the JavaScript runners run as well. The language is described in
//! `docs/internals/scenarios.md`.

#[path = "support/mod.rs"]
mod support;

use serde_json::Value;
use setoff::command::TYPES;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use support::scenario::place::Problem;
use support::scenario::{self, Scenario};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

/// Where files are written out for the JavaScript runners.
fn target(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    target.expect("it lies in the target folder").join(name)
}

/// The files of a folder of which one cannot be read, as sentences.
fn sentences(problems: &[Problem]) -> String {
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    problems.join("\n")
}

/// Runs the scenarios of a file and writes them out below `target`.
fn run_file(target: &Path, name: &str, scenarios: &[Scenario]) -> Vec<Problem> {
    let transcripts = target.join(name);
    fs::create_dir_all(&transcripts).unwrap();

    let mut problems = Vec::new();
    for (index, scenario) in scenarios.iter().enumerate() {
        match scenario.play() {
            Ok(transcript) => {
                fs::write(transcripts.join(format!("{index}.txt")), transcript).unwrap();
            }
            Err(problem) => problems.push(problem),
        }
    }
    let cases: Value = scenarios
        .iter()
        .map(|scenario| scenario.case.clone())
        .collect();
    let text = serde_json::to_string_pretty(&cases).unwrap();
    fs::write(transcripts.with_extension("json"), text).unwrap();
    problems
}

#[test]
fn the_scenarios_come_out_as_expected() {
    let files = scenario::read_folder(&folder());
    assert!(files.len() >= 15);
    // What a file said that is gone must not be run any more.
    let target = target("scenarios");
    if target.exists() {
        fs::remove_dir_all(&target).unwrap();
    }

    let mut problems = Vec::new();
    for (name, scenarios) in files {
        match scenarios {
            Ok(scenarios) => problems.append(&mut run_file(&target, &name, &scenarios)),
            Err(problem) => problems.push(problem),
        }
    }
    assert!(problems.is_empty(), "\n{}\n", sentences(&problems));
}

/// Writes the scenarios of any folder out, for `npm run vectors -- FOLDER`, which names it in `SETOFF_SCENARIOS` and
/// then says what does not come out.
#[test]
fn the_scenarios_of_a_folder_are_written_out() {
    let Ok(folder) = std::env::var("SETOFF_SCENARIOS") else {
        return;
    };
    let target = target("scenarios-of-folder");
    if target.exists() {
        fs::remove_dir_all(&target).unwrap();
    }

    let mut unreadable = Vec::new();
    for (name, scenarios) in scenario::read_folder(Path::new(&folder)) {
        match scenarios {
            Ok(scenarios) => drop(run_file(&target, &name, &scenarios)),
            Err(problem) => unreadable.push(problem),
        }
    }
    assert!(unreadable.is_empty(), "\n{}\n", sentences(&unreadable));
}

/// The commands of a case, those of a bulk among them.
fn commands(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "type" => drop(found.insert(text.clone())),
                    Value::Object(_) | Value::Array(_) => commands(value, found),
                    _ => {}
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| commands(value, found)),
        _ => {}
    }
}

#[test]
fn every_command_is_in_a_scenario() {
    let mut found = BTreeSet::new();
    for (_, scenarios) in scenario::read_folder(&folder()) {
        let scenarios = scenarios.unwrap_or_else(|problem| panic!("\n{problem}\n"));
        for scenario in scenarios {
            commands(&scenario.case["steps"], &mut found);
        }
    }

    let missing: Vec<_> = TYPES
        .iter()
        .map(|(name, ..)| *name)
        .filter(|name| !found.contains(*name))
        .collect();
    assert!(
        missing.is_empty(),
        "no file of tests/scenarios has {missing:?}"
    );
}

const HEAD: &str =
    "# A title.\n# Because.\nbook USD\n\noperation | document | details | expected\n";

/// What is wrong with a table of these rows.
fn problem(rows: &str) -> Option<String> {
    let scenarios = match scenario::read("test.txt", &format!("{HEAD}{rows}"), "") {
        Ok(scenarios) => scenarios,
        Err(problem) => return Some(problem.to_string()),
    };
    let mut played = scenarios.iter().map(Scenario::play);
    played.find_map(|played| played.err().map(|problem| problem.to_string()))
}

/// Rows that mean nothing, or that say what is not so, with words of the problem that each must be.
const MISTAKES: &[(&str, &str)] = &[
    ("", "without rows"),
    (
        "invoce | I | 2026-01-01; x 1.00 | balance 1.00",
        "no such operation",
    ),
    ("invoice | I | 2026-01-01; x 1.00", "four cells"),
    ("invoice I", "four cells"),
    (
        "invoice | I | x 1.00 | balance 1.00",
        "the day stands first",
    ),
    (
        "invoice | I | 2026-01-01; x 1.00 | balance 1.01",
        "found \"1.00\"",
    ),
    (
        "invoice | I | 2026-01-01; x 1.00 | balnce 1.00",
        "what does it come to",
    ),
    (
        "invoice | I | 2026-01-01; x 1.00 | ",
        "what does it come to",
    ),
    (
        "invoice | I | 2026-01-01; x 1.00 | balance 1.00; balance 1.00",
        "said twice",
    ),
    (
        "invoice | I | 2026-01-01; x 1.00 from y | balance 1.00",
        "not a line",
    ),
    (
        "invoice | I | 2026-01-01; x 1.00 (sku S, colour red) | balance 1.00",
        "not a field",
    ),
    (
        "invoice | I | 2026-01-01; x 1.00 (sku S | balance 1.00",
        "parenthesis",
    ),
    (
        "invoice | I | 2026-01-01; x 1.00; comment \"a | balance 1.00",
        "quotation mark",
    ),
    (
        "invoice | I | 2026-01-01; x 1.00; comment a b | balance 1.00",
        "quotation marks",
    ),
    (
        "invoice | I | 2026-01-01; x 1.00 | refused duplicateId",
        "needed a refusal",
    ),
    (
        "invoice | I | 2026-01-01; x 1.00 | refused duplicateId; balance 1.00",
        "nothing else",
    ),
    (
        "invoice | I | 2026-01-01; x 1,00 | refused invalidDecimal at items",
        "items[0].amount",
    ),
    (
        "memo | M | 2026-01-01; due 2026-01-02; x 1.00 | unapplied 1.00",
        "refused by unknown",
    ),
    (
        "apply | M | 2026-01-01; by magic; I | …",
        "refused by invalidChoice",
    ),
    (
        "apply | M | 2026-01-01; I | refused nothingToSettle",
        "documentNotFound",
    ),
    ("balance | I | | 1.00", "no document"),
    ("undo | M | 2026-01-01 | ", "nothing was settled"),
    ("commit | M | | the same", "no preview"),
    ("list | invoces | | no rows", "no such rows"),
    ("list | invoices | | ", "which rows"),
    ("list | invoices | colour red | no rows", "not a field"),
    (
        "list | invoices | balance roughly 1.00 | no rows",
        "not a condition",
    ),
    (
        "list | invoices | | no rows\n> colour\n> red",
        "not a field",
    ),
    ("list | invoices | | \n> id", "rows stand below"),
    (
        "list | invoices | | \n> id | balance\n> I",
        "a cell for each column",
    ),
    ("state | | start | same", "this state is new"),
    ("given nothing", "no such fixture"),
    ("> id", "no row above"),
];

#[test]
fn what_the_language_does_not_know_is_an_error() {
    let good =
        "invoice | I | 2026-01-01; x 1.00; t 0.10 on x | balance 1.10\nbalance | I | t | 0.10";
    assert_eq!(problem(good), None);
    for (bad, sentence) in MISTAKES {
        let found = problem(bad).unwrap_or_default();
        assert!(found.contains(sentence), "{bad}: {found}");
    }
}

#[test]
fn what_was_settled_is_expected_in_full() {
    let documents = "invoice | I | 2026-01-01; x 3.00; y 1.00 | balance 4.00\n\
                     memo | M | 2026-01-02; m 2.00 | unapplied 2.00\n";
    for (expected, is_right) in [
        ("I 2.00", true),
        ("I 2.00 by proration (m to x 1.50, m to y 0.50)", true),
        (
            "I 2.00; unapplied 0.00; M from 2.00 to 0.00; I from 4.00 to 2.00",
            true,
        ),
        ("…", true),
        ("", false),
        ("I 2.01", false),
        ("I 2.00; nothing for I", false),
        ("I 2.00 by fifo", false),
        ("I 2.00 (m to x 2.00)", false),
        ("I 2.00; I from 4.00 to 2.00", false),
        ("no applications; …", false),
        ("I 2.00; unapplied 0.01", false),
    ] {
        let rows = format!("{documents}apply | M | 2026-01-03; I | {expected}");
        assert_eq!(problem(&rows).is_none(), is_right, "{expected}");
    }
}

#[test]
fn a_problem_shows_its_line() {
    let found = problem("invoice | I | 2026-01-01; x 1.00; ü from y | …");
    let shown = "test.txt:6:35: not a line: ü from y\n\
                 6 | invoice | I | 2026-01-01; x 1.00; ü from y | …\n    \
                 \u{20}                                 ^";
    assert_eq!(found.as_deref(), Some(shown));
}

#[test]
fn the_examples_of_the_page_are_right() {
    let page = include_str!("../docs/internals/scenarios.md");
    let mut is_example = false;
    let mut lines = Vec::new();
    for line in page.lines() {
        // Prose becomes empty lines, so that a problem names the line of the page.
        let is_mark = line.starts_with("```");
        if is_mark {
            is_example = line == "```scenario";
        }
        lines.push(if is_example && !is_mark { line } else { "" });
    }

    let page = scenario::read("docs/internals/scenarios.md", &lines.join("\n"), "");
    let scenarios = page.unwrap_or_else(|problem| panic!("{problem}"));
    let played = scenarios.iter().map(Scenario::play);
    let problems: Vec<_> = played
        .filter_map(|played| played.err().map(|problem| problem.to_string()))
        .collect();

    assert_eq!(scenarios.len(), 1);
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}
