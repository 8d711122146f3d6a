//! Bodies of requests, read by tables: each field with its name in the dialect, its name in a command, and what it
//! holds.

use super::exact;
use super::needs::Answer;
use super::problem::{Category, Problem};
use crate::calendar::Date;
use serde_json::{Map, Value, json};

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holds {
    /// A text of at most that many characters.
    Words(usize),
    /// An exact number.
    Exact,
    /// A day.
    Day,
    /// True or false.
    Flag,
    /// `TaxInclusive` or `TaxExclusive`.
    TaxMode,
    /// Something that the engine does not know: it is kept on the document as it is.
    Kept,
    /// Something that the operation reads by itself.
    Apart,
}

/// A row of a table of fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct BodyField {
    /// Its name in the body.
    name: &'static str,
    /// Its name in the command.
    command_name: &'static str,
    holds: Holds,
    is_required: bool,
}

impl BodyField {
    const fn new(name: &'static str, command_name: &'static str, holds: Holds) -> Self {
        Self {
            name,
            command_name,
            holds,
            is_required: false,
        }
    }

    /// A text.
    pub(super) const fn words(name: &'static str, command_name: &'static str, most: usize) -> Self {
        Self::new(name, command_name, Holds::Words(most))
    }

    /// An exact number.
    pub(super) const fn exact(name: &'static str, command_name: &'static str) -> Self {
        Self::new(name, command_name, Holds::Exact)
    }

    /// A day.
    pub(super) const fn day(name: &'static str, command_name: &'static str) -> Self {
        Self::new(name, command_name, Holds::Day)
    }

    /// A flag.
    pub(super) const fn flag(name: &'static str, command_name: &'static str) -> Self {
        Self::new(name, command_name, Holds::Flag)
    }

    /// The mode of a tax.
    pub(super) const fn tax_mode() -> Self {
        Self::new("taxMode", "taxMode", Holds::TaxMode)
    }

    /// What is kept as it is.
    pub(super) const fn kept(name: &'static str) -> Self {
        Self::new(name, name, Holds::Kept)
    }

    /// What the operation reads by itself.
    pub(super) const fn apart(name: &'static str) -> Self {
        Self::new(name, name, Holds::Apart)
    }

    /// The same, but it must be there.
    pub(super) const fn required(self) -> Self {
        Self {
            is_required: true,
            ..self
        }
    }
}

/// What a body says: the fields of a command, and what is kept of it.
#[derive(Clone, Debug, Default)]
pub(super) struct ReadBody {
    pub(super) command: Map<String, Value>,
    pub(super) kept: Map<String, Value>,
}

impl ReadBody {
    /// The fields of the command, with what is kept as custom fields.
    pub(super) fn into_fields(mut self) -> Map<String, Value> {
        if !self.kept.is_empty() {
            self.command
                .insert("customFields".into(), Value::Object(self.kept));
        }
        self.command
    }
}

/// The endings of names that a tenant gives to fields of its own, and of those of the NetSuite connector.
const TENANT_FIELDS: [&str; 2] = ["__c", "__NS"];

/// Whether a field is one that a tenant keeps for itself.
pub(super) fn is_tenant_field(name: &str) -> bool {
    TENANT_FIELDS.iter().any(|ending| name.ends_with(ending))
}

/// Reads an object by its table. `at` leads to it, such as `charges[0].`.
pub(super) fn read(object: &Map<String, Value>, at: &str, table: &[BodyField]) -> Answer<ReadBody> {
    let mut read = ReadBody::default();
    for (name, value) in object {
        let known = table.iter().find(|field| field.name == name);
        match known {
            // `null` is as if the field were absent.
            _ if value.is_null() => {}
            Some(field) => read_field(field, value, at, &mut read)?,
            None if is_tenant_field(name) => {
                read.kept.insert(name.clone(), kept(value));
            }
            None => {
                let message = format!("'{at}{name}' is an unknown field.");
                let problem = Problem::new(Category::UnknownField, message);
                return Err(problem.at(&format!("{at}{name}")).into());
            }
        }
    }

    for field in table.iter().filter(|field| field.is_required) {
        if object.get(field.name).is_none_or(Value::is_null) {
            return Err(Problem::missing(&format!("{at}{}", field.name)).into());
        }
    }
    Ok(read)
}

fn read_field(field: &BodyField, value: &Value, at: &str, read: &mut ReadBody) -> Answer<()> {
    let path = format!("{at}{}", field.name);
    let held = match field.holds {
        Holds::Words(most) => json!(words(value, &path, most)?),
        Holds::Exact => json!(exact_number(value, &path)?),
        Holds::Day => json!(day(value, &path)?),
        Holds::Flag => json!(flag(value, &path)?),
        Holds::TaxMode => json!(tax_mode(value, &path)?),
        Holds::Kept => {
            read.kept.insert(field.command_name.into(), kept(value));
            return Ok(());
        }
        Holds::Apart => return Ok(()),
    };

    let known = read.command.insert(field.command_name.into(), held);
    // Of two spellings of a field, each version of the interface knows one.
    if known.is_some() {
        let why = "it is stated twice, in an older and a newer spelling.";
        return Err(Problem::invalid(&path, why).into());
    }
    Ok(())
}

/// A value as a custom field: a list or object is its text.
fn kept(value: &Value) -> Value {
    match value {
        Value::Array(_) | Value::Object(_) => Value::String(value.to_string()),
        scalar => scalar.clone(),
    }
}

pub(super) fn words(value: &Value, path: &str, most: usize) -> Answer<String> {
    let Some(text) = value.as_str() else {
        return Err(Problem::invalid(path, "it is no text.").into());
    };
    if text.chars().count() > most {
        let why = format!("it has more than {most} characters.");
        return Err(Problem::invalid(path, &why).into());
    }
    Ok(text.into())
}

pub(super) fn exact_number(value: &Value, path: &str) -> Answer<String> {
    exact::decimal(value).ok_or_else(|| Problem::invalid(path, "it is no number.").into())
}

/// A mode of taxes, as commands name it.
fn tax_mode(value: &Value, path: &str) -> Answer<&'static str> {
    match value.as_str() {
        Some("TaxExclusive") => Ok("exclusive"),
        Some("TaxInclusive") => Ok("inclusive"),
        _ => Err(Problem::invalid(path, "it is `TaxExclusive` or `TaxInclusive`.").into()),
    }
}

fn flag(value: &Value, path: &str) -> Answer<bool> {
    match value {
        Value::Bool(flag) => Ok(*flag),
        // Object fields of the interface are written as texts by some of its clients.
        Value::String(text) if text == "true" => Ok(true),
        Value::String(text) if text == "false" => Ok(false),
        _ => Err(Problem::invalid(path, "it is neither true nor false.").into()),
    }
}

/// A day; of a moment, its day as it is written.
pub(super) fn day(value: &Value, path: &str) -> Answer<String> {
    let text = value.as_str().unwrap_or_default();
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    match Date::parse(day) {
        Ok(_) => Ok(day.into()),
        Err(_) => Err(Problem::invalid(path, "it is no day such as 2026-03-31.").into()),
    }
}

/// The objects of a list, each with the path to its fields. Nothing is an empty list.
pub(super) fn objects<'v>(
    body: &'v Map<String, Value>,
    name: &str,
    most: usize,
) -> Answer<Vec<(String, &'v Map<String, Value>)>> {
    let list = match body.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(Problem::invalid(name, "it is no list.").into()),
    };

    if list.len() > most {
        let message = format!("'{name}' has {} entries, more than {most}.", list.len());
        return Err(Problem::rule(&message).into());
    }

    let entries = list.iter().enumerate().map(|(index, entry)| {
        let object = entry.as_object();
        let object = object.ok_or_else(|| Problem::invalid(name, "an entry is no object."))?;
        Ok((format!("{name}[{index}]."), object))
    });
    entries.collect()
}

/// A text of a body, where it is stated.
pub(super) fn stated<'v>(body: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    body.get(name).and_then(Value::as_str)
}
