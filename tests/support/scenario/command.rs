//! Commands: which one a row means, and what is said in the same way of all of them.

use super::create;
use super::grammar::{Clause, Row, Word};
use super::names::{Names, command_name, kind_of};
use super::place::Result;
use super::plan;
use super::settle;
use super::words;
use serde_json::{Map, Value, json};
use setoff::command::{TYPES, Verb};
use setoff::document::Kind;

/// A command under way: its fields, and the words of its row that follow the day.
pub struct Command<'r> {
    pub fields: Map<String, Value>,
    pub clauses: &'r [Clause],
}

/// What is said of the command as a whole. Within a row, these names come before those of lines and documents: a line
/// that is called like one of them stands in quotation marks.
const HEADER: [&str; 30] = [
    "accountId",
    "allowTaxRateFrom1",
    "atomic",
    "autoApply",
    "autoUnapply",
    "billing",
    "closedPeriods",
    "comment",
    "currency",
    "customFields",
    "date",
    "documentOrder",
    "dueDate",
    "electronic",
    "excludeFromAutoApply",
    "excludeFromRevenue",
    "fallback",
    "itemOrder",
    "items",
    "matrix",
    "method",
    "number",
    "order",
    "reasonCode",
    "rest",
    "restockingFee",
    "signs",
    "sources",
    "targetDate",
    "through",
];

/// The command of a row, as `operation` names it (without `preview`).
pub fn command(operation: &str, row: &Row, names: &mut Names) -> Result<Value> {
    match operation {
        "bulk" => return bulk(row, names),
        "undo" => return undo(row, names),
        "close periods" => {
            let mut command = Command::begin("closePeriods".into(), row)?;
            command.header_alone()?;
            return Ok(command.finish());
        }
        "change plan" => return plan::change_plan(row, names),
        "apply credits" => return settle::apply_credits(row, names),
        _ => {}
    }
    if let Some((draft, kind)) = created(operation) {
        return create::command(draft, kind, row, names);
    }

    let Some((verb, kind)) = verb(operation) else {
        return Err(row.operation.problem("no such operation"));
    };
    settle::command(verb, kind, row, names)
}

/// The kind of document that an operation creates, and whether it stays a draft.
pub fn created(operation: &str) -> Option<(bool, Kind)> {
    let (draft, name) = match operation.strip_prefix("draft ") {
        Some(name) => (true, name),
        None => (false, operation),
    };
    let kind = kind_of(name).filter(|kind| *kind != Kind::Refund)?;
    Some((draft, kind))
}

/// `write off`, or with the kind of document `write off debit memo`: a verb of [`TYPES`], in words.
fn verb(operation: &str) -> Option<(&'static str, Option<Kind>)> {
    TYPES.iter().find_map(|(name, known, kind)| {
        let verb = name.strip_suffix(&command_name("", (*kind)?))?;
        let kind = operation.strip_prefix(&in_words(verb))?;
        match kind.strip_prefix(' ') {
            // What is created is named alone.
            _ if *known == Verb::Create => None,
            Some(kind) => kind_of(kind).map(|kind| (verb, Some(kind))),
            None if kind.is_empty() => Some((verb, None)),
            None => None,
        }
    })
}

/// `writeOff` as it is said: `write off`.
fn in_words(name: &str) -> String {
    let letters = name.chars().map(|letter| match letter {
        'A'..='Z' => format!(" {}", letter.to_ascii_lowercase()),
        _ => letter.to_string(),
    });
    letters.collect()
}

impl<'r> Command<'r> {
    /// A command with its day, which stands first.
    pub fn begin(name: String, row: &'r Row) -> Result<Self> {
        let Some((day, clauses)) = row.details.split_first() else {
            return Err(row.operation.problem("the day stands first in the details"));
        };
        let [day_text] = day.without_group()?.texts()[..] else {
            return Err(day.problem("the day stands first in the details"));
        };
        let mut fields = Map::new();
        fields.insert("type".into(), name.into());
        fields.insert("at".into(), day_text.into());
        Ok(Self { fields, clauses })
    }

    /// A command about a document.
    pub fn on(verb: &str, kind: Kind, row: &'r Row) -> Result<Self> {
        let mut command = Self::begin(command_name(verb, kind), row)?;
        command.set(kind.id_site().as_str(), &*row.document.text);
        Ok(command)
    }

    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.fields.insert(field.to_owned(), value.into());
    }

    /// Adds to a list of the command.
    pub fn push(&mut self, list: &str, entry: Value) {
        let list = self.fields.entry(list).or_insert(json!([]));
        if let Some(list) = list.as_array_mut() {
            list.push(entry);
        }
    }

    /// Sets what a clause says of the command as a whole; returns whether it says that.
    pub fn set_header(&mut self, clause: &Clause) -> Result<bool> {
        if self.set_spread(clause)? {
            return Ok(true);
        }
        let is_denied = clause.words.first().is_some_and(|word| word.text == "not");
        let named: &[Word] = &clause.words[usize::from(is_denied)..];
        let known = words::field_of(named).is_some_and(|(field, _)| HEADER.contains(&field));
        if known {
            words::set(&mut self.fields, clause)?;
        }
        Ok(known)
    }

    /// How amounts are spread.
    fn set_spread(&mut self, clause: &Clause) -> Result<bool> {
        match clause.texts()[..] {
            ["by", rule] => self.set("rule", rule),
            ["else", rule] => self.set("fallback", rule),
            ["skip", "non-positive"] => self.set("signs", "skipNonPositive"),
            _ => return Ok(false),
        }
        clause.without_group()?;
        Ok(true)
    }

    /// Reads clauses that say nothing but the header.
    pub fn header_alone(&mut self) -> Result<()> {
        for clause in self.clauses {
            if !self.set_header(clause)? {
                return Err(clause.problem("not a word of this operation"));
            }
        }
        Ok(())
    }

    pub fn finish(self) -> Value {
        Value::Object(self.fields)
    }
}

/// What the last row about a document settled, or the application group that is named instead; of that, what was
/// applied `from` a source, `to` a target, or `only` at some lines.
fn undo(row: &Row, names: &Names) -> Result<Value> {
    let mut command = Command::begin("undo".into(), row)?;
    let document = &*row.document.text;
    let group = match document.strip_prefix("AG-") {
        Some(_) => document,
        None => names
            .group(document)
            .ok_or_else(|| row.document.problem("nothing was settled with it"))?,
    };
    command.set("applicationGroupId", group);
    for clause in command.clauses {
        let item = match clause.texts()[..] {
            ["from", source] => {
                command.set("sourceId", source);
                continue;
            }
            ["to", target] => {
                command.set("targetId", target);
                continue;
            }
            ["only", "to", "tax", line] => json!({ "targetTaxItemId": line }),
            ["only", "to", line] => json!({ "targetItemId": line }),
            ["only", "from", "tax", line] => json!({ "sourceTaxItemId": line }),
            ["only", "from", line] => json!({ "sourceItemId": line }),
            ["only", source, "to", target] => {
                json!({ "sourceItemId": source, "targetItemId": target })
            }
            _ => return Err(clause.problem("not a part of an operation")),
        };
        clause.without_group()?;
        command.push("items", item);
    }
    Ok(command.finish())
}

fn bulk(row: &Row, names: &mut Names) -> Result<Value> {
    let mut command = Command::begin("bulk".into(), row)?;
    command.header_alone()?;
    command.set("commands", json!([]));
    for part in &row.commands {
        let entry = self::command(&part.operation.text, part, names)?;
        command.push("commands", entry);
    }
    Ok(command.finish())
}
