//! The scenarios of `tests/scenarios/`, natively. Beside checking them, it writes each file out as golden cases with their
//! transcripts (`target/scenarios/`), which the JavaScript runners run as well. The language is described in
//! `docs/internals/scenarios.md`.

#[path = "support/mod.rs"]
mod support;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use support::scenario::place::Problem;
use support::scenario::{self, Scenario};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

/// Where files are written out for the JavaScript runners.
fn target() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    target
        .expect("it lies in the target folder")
        .join("scenarios")
}

/// Runs the scenarios of a file and writes them out.
fn run_file(name: &str, scenarios: &[Scenario]) -> Vec<Problem> {
    let transcripts = target().join(name);
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
    if target().exists() {
        fs::remove_dir_all(target()).unwrap();
    }

    let mut problems = Vec::new();
    for (name, scenarios) in files {
        match scenarios {
            Ok(scenarios) => problems.append(&mut run_file(&name, &scenarios)),
            Err(problem) => problems.push(problem),
        }
    }
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}
