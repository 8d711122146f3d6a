//! Answers, written by tables: each column with its name in the dialect and where its value comes from. The same tables
//! say by which columns a list is filtered and ordered.

use super::body::is_tenant_field;
use super::exact;
use serde_json::{Map, Value, json};

/// Where a value comes from, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// A text or day of the row.
    Text(&'static str),
    /// An amount or another number of the row.
    Exact(&'static str),
    /// A flag of the row.
    Flag(&'static str),
    /// The midnight of a day of the row.
    Midnight(&'static str),
    /// The document that the row's document was made from, if it is of this kind.
    Referred(&'static str),
    /// A custom field; without it, the text.
    Kept(&'static str, Option<&'static str>),
    /// A custom field that is written as the object or list whose text it has.
    KeptObject(&'static str),
    /// Always this text, or nothing.
    Always(Option<&'static str>),
    /// The number of the account, which only the directory knows.
    AccountNumber,
}

/// The field of rows that names the document from which theirs was made.
const REFERRED: &str = "referredDocumentId";

/// A column of an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct AnswerColumn {
    pub(super) name: &'static str,
    pub(super) from: Shows,
    /// A list can be filtered by it.
    pub(super) is_filter: bool,
    /// A list can be ordered by it.
    pub(super) is_sort: bool,
}

impl AnswerColumn {
    /// A column that is shown.
    pub(super) const fn of(name: &'static str, from: Shows) -> Self {
        Self {
            name,
            from,
            is_filter: false,
            is_sort: false,
        }
    }

    /// The same, and lists are filtered by it.
    pub(super) const fn filtered(self) -> Self {
        Self {
            is_filter: true,
            ..self
        }
    }

    /// The same, and lists are filtered and ordered by it.
    pub(super) const fn sorted(self) -> Self {
        Self {
            is_filter: true,
            is_sort: true,
            ..self
        }
    }

    /// The field of a query that has the value, if there is one.
    pub(super) fn query_field(&self) -> Option<String> {
        match self.from {
            Shows::Text(field)
            | Shows::Exact(field)
            | Shows::Flag(field)
            | Shows::Midnight(field) => Some(field.into()),
            Shows::Referred(_) => Some(REFERRED.into()),
            Shows::Kept(field, _) => Some(format!("customFields.{field}")),
            Shows::KeptObject(_) | Shows::Always(_) | Shows::AccountNumber => None,
        }
    }

    fn value(&self, row: &Map<String, Value>, account_number: &Value) -> Value {
        let field = |name: &str| row.get(name).filter(|value| !value.is_null());
        let kept = |name: &str| row.get("customFields")?.get(name);

        match self.from {
            Shows::Text(name) => field(name).cloned().unwrap_or_default(),
            Shows::Exact(name) => match field(name).and_then(Value::as_str) {
                Some(text) => exact::number(text),
                None => Value::Null,
            },
            Shows::Flag(name) => json!(field(name).and_then(Value::as_bool).unwrap_or(false)),
            Shows::Midnight(name) => match field(name).and_then(Value::as_str) {
                Some(day) => json!(format!("{day} 00:00:00")),
                None => Value::Null,
            },
            // A row has no kind of that document. Of a counterpart, the dialect keeps what it was made for.
            Shows::Referred(kind) => {
                let of_memo = kept("sourceType")
                    .and_then(Value::as_str)
                    .filter(|source| ["CreditMemo", "DebitMemo"].contains(source));
                let is_shown = of_memo.unwrap_or("Invoice") == kind;
                let referred = field(REFERRED).filter(|_| is_shown);
                referred.cloned().unwrap_or_default()
            }
            Shows::Kept(name, default) => kept(name).cloned().unwrap_or_else(|| json!(default)),
            Shows::KeptObject(name) => {
                let text = kept(name).and_then(Value::as_str).unwrap_or("null");
                serde_json::from_str(text).unwrap_or_default()
            }
            Shows::Always(text) => json!(text),
            Shows::AccountNumber => account_number.clone(),
        }
    }
}

/// A row as the dialect shows it, with what a tenant keeps on it in fields of its own.
pub(super) fn shown(
    row: &Value,
    table: &[AnswerColumn],
    account_number: &Value,
) -> Map<String, Value> {
    let empty = Map::new();
    let row = row.as_object().unwrap_or(&empty);

    let columns = table
        .iter()
        .map(|column| (column.name.to_owned(), column.value(row, account_number)));
    columns
        .chain(tenant_fields(row.get("customFields")))
        .collect()
}

/// What an object has in fields that a tenant keeps for itself.
pub(super) fn tenant_fields(object: Option<&Value>) -> impl Iterator<Item = (String, Value)> {
    let fields = object.and_then(Value::as_object).into_iter().flatten();
    fields
        .filter(|(name, _)| is_tenant_field(name))
        .map(|(name, value)| (name.clone(), value.clone()))
}

/// A query of the rows of a kind that meet conditions: what a row shows by itself, and the other fields of a table.
pub(super) fn query_of(
    kind: &str,
    conditions: Map<String, Value>,
    others: &[&str],
) -> Map<String, Value> {
    let mut query = Map::new();
    query.insert("of".into(), json!(kind));
    query.insert("where".into(), Value::Object(conditions));
    query.insert("fields".into(), query_fields(others));
    query
}

/// The fields that a query must ask for: those that a row shows by itself, and the others of the table.
pub(super) fn query_fields(others: &[&str]) -> Value {
    let all = std::iter::once("*").chain(others.iter().copied());
    json!(all.collect::<Vec<_>>())
}
