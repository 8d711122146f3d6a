//! What a request of Quickstart asks to see of a memo.

use super::Work;
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use serde_json::{Map, Value};

/// What a request asks to see: which fields, and which objects in addition to them.
#[derive(Default)]
pub(super) struct AnswerShape {
    fields: Vec<String>,
    expanded: Vec<String>,
}

/// The objects that are shown where a request asks for them.
const EXPANDABLE: [&str; 5] = [
    "account",
    "items",
    "applied_to",
    "bill_to",
    "taxation_items",
];

impl AnswerShape {
    pub(super) fn read(work: &Work<'_>) -> Answer<Self> {
        let mut shape = Self::default();

        for (name, value) in work.request.readable_parameters()? {
            // `credit_memo.fields[]` is an older form of `fields[]`; those of other objects are shown whole.
            let list = match name.as_str() {
                "fields[]" | "credit_memo.fields[]" | "debit_memo.fields[]" => &mut shape.fields,
                "expand[]" => &mut shape.expanded,
                _ => continue,
            };
            list.extend(value.split(',').map(|part| part.trim().to_owned()));
        }

        match shape.expanded.iter().find(|name| !is_expandable(name)) {
            None => Ok(shape),
            Some(unknown) => {
                let why = format!("'{unknown}' is nothing that can be expanded here.");
                Err(Problem::invalid("expand[]", &why).into())
            }
        }
    }

    /// Whether an object is shown.
    pub(super) fn has(&self, name: &str) -> bool {
        let of_name = |asked: &String| asked == name || asked.starts_with(&format!("{name}."));
        self.expanded.iter().any(of_name) || self.fields.iter().any(|asked| asked == name)
    }

    /// Takes away what was not asked for.
    pub(super) fn cut(&self, shown: &mut Map<String, Value>) {
        if !self.fields.is_empty() {
            let expanded = |name: &String| self.expanded.iter().any(|asked| asked == name);
            shown.retain(|name, _| self.fields.contains(name) || expanded(name));
        }
    }
}

/// Whether an object, or a field below it, can be shown.
fn is_expandable(name: &str) -> bool {
    let object = name.split('.').next().unwrap_or_default();
    EXPANDABLE.contains(&object)
}
