//! Writes a row out as a step of a golden case: what is done, and what is expected of it.

use super::check::{self, Expected};
use super::command;
use super::grammar::{Clause, Row};
use super::names::{Names, Plan};
use super::place::Result;
use super::plan;
use super::query;
use super::words;
use serde_json::{Map, Value, json};

/// The functions that need no book: their operation, the step of a case, and the list that a table below shows.
const FUNCTIONS: [(&str, &str, &str); 4] = [
    ("prorate", "prorate", "cells"),
    ("schedule", "schedule", "segments"),
    ("preview change", "previewChange", "lines"),
    ("generate documents", "generate", "documents"),
];

/// `book USD`, `book CHF in steps of 0.05`, and options as fields in words.
pub fn book_options(clauses: &[Clause]) -> Result<Value> {
    let mut options = Map::new();
    for (index, clause) in clauses.iter().enumerate() {
        match clause.texts()[..] {
            [currency] if index == 0 => {
                options.insert("currency".into(), currency.into());
            }
            [currency, "in", "steps", "of", increment] => {
                if index == 0 {
                    options.insert("currency".into(), currency.into());
                }
                let definition = json!({ "code": currency, "increment": increment });
                let definitions = options.entry("currencies").or_insert(json!([]));
                if let Some(definitions) = definitions.as_array_mut() {
                    definitions.push(definition);
                }
            }
            _ => words::set(&mut options, clause)?,
        }
    }
    Ok(options.into())
}

/// The step of a row; `index` is its place among the steps.
pub fn write_out(mut row: Row, names: &mut Names, index: usize) -> Result<Value> {
    let operation = row.operation.text.clone();
    let function = FUNCTIONS.iter().find(|(said, ..)| *said == operation);
    if let Some((_, action, list)) = function {
        return call(action, list, &row);
    }
    match &*operation {
        "state" => state(&row, names),
        "restore" => Ok(json!({ "restore": true })),
        "list" => {
            let step = json!({ "query": query::list(&row)? });
            match check::refusal(&row.expected)? {
                Some(refusal) => Ok(with(step, "error", refusal)),
                None => Ok(with(step, "expect", query::page(&row)?)),
            }
        }
        "commit" => commit(&mut row, names),
        _ if query::is_look_up(&operation) => query::look_up(&row, names),
        _ => match operation.split_once(' ') {
            Some(("preview", operation)) => preview(operation, &mut row, names, index),
            Some(("explain", operation)) => match question(&mut row) {
                Some(about) => explain_about(operation, about, &row, names),
                None => explain(operation, &row, names),
            },
            _ => execute(&operation, &row, names),
        },
    }
}

fn with(mut step: Value, field: &str, value: Value) -> Value {
    step[field] = value;
    step
}

/// Adds what is expected of a command; nothing where anything may come.
fn with_expected(step: Value, expected: &Expected) -> Value {
    match expected {
        Expected::Refusal(refusal) => with(step, "error", refusal.clone()),
        Expected::Result { fields, is_same } => {
            let step = match is_same {
                true => with(step, "same", true.into()),
                false => step,
            };
            match fields.as_object().is_some_and(Map::is_empty) {
                true => step,
                false => with(step, "expect", fields.clone()),
            }
        }
    }
}

fn execute(operation: &str, row: &Row, names: &mut Names) -> Result<Value> {
    let command = command::command(operation, row, names)?;
    let expected = check::outcome(row, operation, names)?;
    carry_out(row, &expected, names);
    Ok(with_expected(json!({ "execute": command }), &expected))
}

/// Notes what a row has done, if it has done anything.
fn carry_out(row: &Row, expected: &Expected, names: &mut Names) {
    match expected {
        Expected::Refusal(_) => names.change_nothing(),
        Expected::Result { .. } => names.carry_out(&row.document.text, expected.settles()),
    }
}

/// A preview leaves a plan, called like its document unless `plan NAME` says otherwise.
fn preview(operation: &str, row: &mut Row, names: &mut Names, index: usize) -> Result<Value> {
    let mut plan = row.document.text.clone();
    let is_name =
        |clause: &Clause| clause.group.is_none() && matches!(clause.texts()[..], ["plan", _]);
    if let Some(place) = row.details.iter().position(is_name) {
        plan.clone_from(&row.details.remove(place).words[1].text);
    }
    let command = command::command(operation, row, names)?;
    let expected = check::outcome(row, operation, names)?;
    names.change_nothing();
    if !expected.is_refusal() {
        let kept = Plan {
            step: index,
            document: row.document.text.clone(),
            settles: expected.settles(),
        };
        names.keep_plan(&plan, kept);
    }
    Ok(with_expected(json!({ "preview": command }), &expected))
}

fn commit(row: &mut Row, names: &mut Names) -> Result<Value> {
    let plan = names.plan(&row.document.text);
    let plan = plan.ok_or_else(|| row.document.problem("no preview has left a plan"))?;
    row.document.text.clone_from(&plan.document);
    if let [clause, ..] = &row.details[..] {
        return Err(clause.problem("a commit has nothing to say beside its plan"));
    }
    let expected = check::outcome(row, "commit", names)?;
    match &expected {
        Expected::Result { is_same: true, .. } => {
            names.carry_out(&plan.document, plan.settles);
        }
        _ => carry_out(row, &expected, names),
    }
    Ok(with_expected(json!({ "commit": plan.step }), &expected))
}

fn explain(operation: &str, row: &Row, names: &mut Names) -> Result<Value> {
    let command = command::command(operation, row, names)?;
    let step = json!({ "explain": command });
    let expected = check::outcome(row, "explain", names)?;
    names.change_nothing();
    let Expected::Result { fields, .. } = &expected else {
        return Ok(with_expected(step, &expected));
    };
    let applications = fields["applications"].as_array().cloned();
    let reasons = query::explanation(row, applications.unwrap_or_default())?;
    Ok(with(step, "expect", reasons))
}

/// What an explanation is asked about, if it is about one document or line; takes it out of the details.
fn question(row: &mut Row) -> Option<Value> {
    let is_question = |clause: &Clause| clause.texts().first() == Some(&"about");
    let place = row.details.iter().position(is_question)?;
    let clause = row.details.remove(place);
    let name = clause.texts().get(1).copied().unwrap_or_default();
    Some(words::line(name))
}

/// The steps of an explanation of one document or line, as a table.
fn explain_about(operation: &str, about: Value, row: &Row, names: &mut Names) -> Result<Value> {
    let command = command::command(operation, row, names)?;
    let step = json!({ "explain": command, "about": about });
    names.change_nothing();
    if let Some(refusal) = check::refusal(&row.expected)? {
        return Ok(with(step, "error", refusal));
    }
    let mut expected = words::object(&row.expected)?;
    if row.table.is_empty() {
        return Err(row.expected_place.problem("its steps stand below"));
    }
    expected.insert("steps".into(), query::table(&row.table, false)?.into());
    Ok(with(step, "expect", expected.into()))
}

/// A function that needs no book.
fn call(action: &str, list: &str, row: &Row) -> Result<Value> {
    let step = json!({ action: plan::request(row)? });
    if let Some(refusal) = check::refusal(&row.expected)? {
        return Ok(with(step, "error", refusal));
    }
    let mut expected = words::object(&row.expected)?;
    if !row.table.is_empty() {
        expected.insert(list.into(), query::table(&row.table, false)?.into());
    }
    match expected.is_empty() {
        true => Err(row.expected_place.problem("what is expected?")),
        false => Ok(with(step, "expect", expected.into())),
    }
}

/// A state is `new` the first time, and `same` whenever the book must be as it was then.
fn state(row: &Row, names: &mut Names) -> Result<Value> {
    let ([name], "") = (&row.details[..], &*row.document.text) else {
        return Err(row.operation.problem("a state has a name alone"));
    };
    let name = name.texts().join(" ");
    let expected = match names.keep_state(&name) {
        true => "new",
        false => "same",
    };
    match &row.expected[..] {
        [clause] if clause.texts() == [expected] => Ok(json!({ "hash": name })),
        _ => {
            let sentence = format!("this state is {expected}");
            Err(row.expected_place.problem(sentence))
        }
    }
}
