//! Cases of people who do this job, from public reports and from attacks on the engine (`tests/reports/`).
//!
//! Each is a case as in `tests/golden.rs`, with what happened there. Those that do not hold yet stand in
//! `tests/reports/pending.txt` with the reason: they must fail, so that none stays there once it holds.

#[path = "support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use support::case::Case;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports")
}

/// The cases of all files, in their order.
fn cases() -> Vec<Case> {
    let mut files: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|file| file.extension().is_some_and(|ending| ending == "json"))
        .collect();
    files.sort();

    files.iter().flat_map(|file| Case::read(file)).collect()
}

/// Why each pending case does not hold yet, by its name: a line is `NAME: REASON`.
fn pending() -> BTreeMap<String, String> {
    let text = fs::read_to_string(folder().join("pending.txt")).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));

    lines
        .map(|line| {
            let (name, reason) = line
                .split_once(": ")
                .unwrap_or_else(|| panic!("{line:?} is not `NAME: REASON`"));
            (name.to_owned(), reason.to_owned())
        })
        .collect()
}

#[test]
fn every_report_is_told() {
    let mut names = BTreeSet::new();

    for case in cases() {
        let is_told = case.is_explained() && case.kind.is_some() && case.report.is_some();
        assert!(
            is_told,
            "{} says its kind, source, report and why",
            case.name
        );
        assert!(
            names.insert(case.name.clone()),
            "{} is there twice",
            case.name
        );
    }

    let unknown: Vec<_> = pending()
        .into_keys()
        .filter(|name| !names.contains(name))
        .collect();
    assert!(unknown.is_empty(), "pending, but no case: {unknown:?}");
}

#[test]
fn all_reports_hold_but_those_pending() {
    let transcripts = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("tmp lies in the target folder")
        .join("reports");
    if transcripts.exists() {
        fs::remove_dir_all(&transcripts).unwrap();
    }
    fs::create_dir_all(&transcripts).unwrap();

    let pending = pending();
    let mut problems = Vec::new();
    for case in cases() {
        let name = &case.name;
        match (case.play(), pending.get(name)) {
            (Ok(transcript), None) => {
                fs::write(transcripts.join(format!("{name}.txt")), transcript).unwrap();
            }
            (Ok(_), Some(_)) => {
                problems.push(format!(
                    "{name} holds now: take it out of tests/reports/pending.txt"
                ));
            }
            (Err(problem), None) => problems.push(format!("{name}: {problem}")),
            (Err(_), Some(_)) => {}
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}
