//! Scenarios: tables that a billing person reads and checks. `docs/internals/scenarios.md` has the language.
//!
//! A scenario is written out as a golden case (`case.rs`): commands and expectations as data, without looking at a
//! book. So it is run by the same runners as the golden files, in every runtime. Each file has one subject:
//!
//! - `grammar` cuts a file into rows, cells, clauses and words; `words` knows the names of fields.
//! - `command`, and `create`, `settle` and `plan` that it calls, make commands.
//! - `query` makes look-ups and lists, `check` reads what is expected, and `step` puts both together.
//! - `names` is what the rows above have named, `place` where a problem is.

mod check;
mod command;
mod create;
mod grammar;
mod names;
pub mod place;
mod plan;
mod query;
mod settle;
mod step;
mod words;

use super::case::Case;
use grammar::{Entry, Row, Section};
use names::Names;
use place::{Place, Result};
use serde_json::{Value, json};
use std::path::Path;

/// The file of fixtures: named lists of rows that scenarios are given.
pub const FIXTURES: &str = "fixtures.txt";

/// A scenario, written out as a golden case.
#[derive(Debug)]
pub struct Scenario {
    pub case: Value,
    /// Where the book is, and where each step expects something.
    book_place: Place,
    step_places: Vec<Place>,
}

/// The scenarios of a folder, file by file.
pub fn read_folder(folder: &Path) -> Vec<(String, Result<Vec<Scenario>>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .filter(|path| path.file_name().is_some_and(|name| name != FIXTURES))
        .collect();
    files.sort();

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::fs::read_to_string(folder.join(FIXTURES))
        .or_else(|_| std::fs::read_to_string(root.join("tests/scenarios").join(FIXTURES)))
        .unwrap();
    let read_file = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.strip_prefix(root).unwrap_or(path).display();
        read(&name.to_string(), &text, &shared)
    };
    let stem = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    files
        .iter()
        .map(|path| (stem(path), read_file(path)))
        .collect()
}

/// The scenarios of a text. `shared` are fixtures of all files; a file can have its own.
pub fn read(name: &str, text: &str, shared: &str) -> Result<Vec<Scenario>> {
    let sections = grammar::read(name, text)?;
    let shared = grammar::read(&format!("tests/scenarios/{FIXTURES}"), shared)?;
    let fixtures: Vec<_> = sections.fixtures.iter().chain(&shared.fixtures).collect();
    sections
        .scenarios
        .iter()
        .map(|section| write_out(section, &fixtures))
        .collect()
}

/// Writes a scenario out as a case.
fn write_out(section: &Section, fixtures: &[&Section]) -> Result<Scenario> {
    let Some(book) = &section.book else {
        return Err(section.place.problem("a scenario needs a book"));
    };
    let mut case = json!({
        "name": section.name,
        "why": section.why,
        "source": section.source.as_deref().unwrap_or("by hand"),
        "book": step::book_options(&book.options)?,
    });
    if let Some(refusal) = check::refusal(&book.expected)? {
        case["error"] = refusal;
    }

    let mut names = Names::default();
    let mut steps = Vec::new();
    let mut step_places = Vec::new();
    for row in rows(section, fixtures)? {
        step_places.push(row.expected_place.clone());
        let step = step::write_out(row, &mut names, steps.len())?;
        steps.push(step);
    }
    if steps.is_empty() && case.get("error").is_none() {
        return Err(section.place.problem("a table without rows"));
    }
    case["steps"] = steps.into();
    Ok(Scenario {
        case,
        book_place: book.place.clone(),
        step_places,
    })
}

/// The rows of a scenario, those of its fixtures among them.
fn rows(section: &Section, fixtures: &[&Section]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for entry in &section.entries {
        match entry {
            Entry::Row(row) => rows.push(row.clone()),
            Entry::Given(name) => {
                let fixture = fixtures.iter().find(|fixture| fixture.name == name.text);
                let fixture = fixture.ok_or_else(|| name.problem("no such fixture"))?;
                rows.append(&mut self::rows(fixture, fixtures)?);
            }
        }
    }
    Ok(rows)
}

impl Scenario {
    /// Runs it; returns its transcript.
    pub fn play(&self) -> Result<String> {
        let case: Case = serde_json::from_value(self.case.clone())
            .map_err(|error| self.book_place.problem(error.to_string()))?;
        if !case.is_explained() {
            let sentence = "a scenario has a name, and says why and where its figures come from";
            return Err(self.book_place.problem(sentence));
        }
        case.play().map_err(|failure| {
            let place = failure.step.and_then(|step| self.step_places.get(step));
            place.unwrap_or(&self.book_place).problem(failure.problem)
        })
    }
}
