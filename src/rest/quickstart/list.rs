//! Lists of Quickstart: `filter[]`, `sort[]`, `fields[]`, `expand[]`, and a cursor that names a place between two rows.
//! The grammar is that of <https://developer.zuora.com/docs/guides/expand-filter-fields-sort/>.

use super::names::{Means, NamePair};
use super::shape::AnswerShape;
use super::{Work, text};
use crate::rest::columns::{AnswerColumn, Shows};
use crate::rest::cursor;
use crate::rest::exact;
use crate::rest::listing::{self, ListOrder, Window};
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use serde_json::{Map, Value, json};

/// The rows of a page that states no number, and the most.
const USUAL_ROWS: usize = 30;
const MOST_ROWS: usize = 99;

/// Operators: as a filter writes them, as a query of the engine does.
const OPERATORS: [(&str, &str); 8] = [
    ("EQ", "eq"),
    ("NE", "ne"),
    ("LT", "lt"),
    ("LE", "lte"),
    ("GT", "gt"),
    ("GE", "gte"),
    ("SW", "startsWith"),
    ("IN", "in"),
];

/// What a list is asked for.
pub(super) struct FilteredList {
    pub conditions: Map<String, Value>,
    /// The number of the account that its filters name.
    pub account: Option<String>,
    /// The books that can have rows: `None` are all. No book is that of an account that is not there.
    pub accounts: Option<Vec<String>>,
    pub order: Vec<ListOrder>,
    size: usize,
    /// What the row before the page has in the fields of the order.
    after: Option<Value>,
    pub shape: AnswerShape,
}

/// A filter: `field.OPERATOR:value`.
pub(super) struct MemoFilter<'f> {
    pub text: &'f str,
    pub name: &'f str,
    /// As a query of the engine calls it.
    pub operator: &'static str,
    pub value: &'f str,
}

impl<'f> MemoFilter<'f> {
    fn read(text: &'f str) -> Answer<Self> {
        let parts = text.split_once(':');
        let parts = parts.and_then(|(head, value)| Some((head.rsplit_once('.')?, value)));

        let Some(((name, operator), value)) = parts else {
            return Err(invalid(text, "it is written `field.OPERATOR:value`.").into());
        };

        let known = OPERATORS.iter().find(|(written, _)| *written == operator);
        let (_, operator) = known.ok_or_else(|| invalid(text, "there is no such operator."))?;
        Ok(Self {
            text,
            name,
            operator,
            value,
        })
    }

    /// The values of a list, or the one value.
    fn values(&self) -> Answer<Vec<&'f str>> {
        if self.operator != "in" {
            return Ok(vec![self.value]);
        }
        let listed = self.value.strip_prefix('[');
        let listed = listed.and_then(|value| value.strip_suffix(']'));
        let listed = listed.ok_or_else(|| invalid(self.text, "`IN` has a list as `[a,b]`."))?;
        Ok(listed.split(',').map(str::trim).collect())
    }

    /// Adds what a field of the engine must meet. `read` makes a value of its text.
    pub(super) fn add_to(
        &self,
        conditions: &mut Map<String, Value>,
        field: &str,
        read: impl Fn(&str) -> Option<Value>,
    ) -> Answer<()> {
        let values = self.values()?.into_iter();
        let values = values.map(|value| {
            read(value).ok_or_else(|| invalid(self.text, "the field has no such value.").into())
        });
        let mut values = values.collect::<Answer<Vec<_>>>()?;

        let value = match self.operator {
            "in" => Value::Array(values),
            _ => values.pop().unwrap_or_default(),
        };

        meet(conditions, field, self.operator, value);
        Ok(())
    }

    /// The refusal of a filter by a field that a list has no filter for.
    pub(super) fn unknown(&self) -> Problem {
        invalid(self.text, "no list is filtered by that field.")
    }

    /// The identifiers that a filter of nested objects names.
    pub(super) fn identifiers(&self) -> Answer<Vec<&'f str>> {
        if matches!(self.operator, "eq" | "in") {
            return self.values();
        }
        let why = "nested objects are named by `EQ` or `IN`.";
        Err(invalid(self.text, why).into())
    }
}

fn invalid(filter: &str, why: &str) -> Problem {
    Problem::invalid("filter[]", &format!("'{filter}': {why}"))
}

/// Adds a comparison of a field. Of two lists, only what is in both is left.
pub(super) fn meet(conditions: &mut Map<String, Value>, field: &str, operator: &str, value: Value) {
    let of_field = conditions.entry(field).or_insert_with(|| json!({}));
    let Some(of_field) = of_field.as_object_mut() else {
        return;
    };

    let value = match (of_field.remove(operator), value) {
        (Some(Value::Array(known)), Value::Array(values)) => {
            let common = known.into_iter().filter(|value| values.contains(value));
            Value::Array(common.collect())
        }
        (_, value) => value,
    };
    of_field.insert(operator.into(), value);
}

impl FilteredList {
    /// Reads the parameters of a request. `filter` adds a filter; `field` finds the field of the engine that a list is
    /// ordered by, and whether its values are numbers.
    pub(super) fn read(
        work: &mut Work<'_>,
        filter: impl Fn(&mut Work<'_>, &mut Self, &MemoFilter<'_>) -> Answer<()>,
        field: impl Fn(&str) -> Option<(String, bool)>,
    ) -> Answer<Self> {
        let mut list = Self {
            conditions: Map::new(),
            account: None,
            accounts: None,
            order: Vec::new(),
            size: USUAL_ROWS,
            after: None,
            shape: AnswerShape::default(),
        };

        for (name, value) in work.request.readable_parameters()? {
            match name.as_str() {
                "page_size" => list.size = size(&value)?,
                "cursor" if value.is_empty() => {}
                "cursor" => list.after = Some(place_of(&value)?),
                "filter[]" => filter(work, &mut list, &MemoFilter::read(&value)?)?,
                // An order by a list is passed over, as the interface says.
                "sort[]" => list.order.extend(order_of(&value, &field)?),
                // `AnswerShape` reads which fields are shown.
                name if name == "expand[]" || name.ends_with("fields[]") => {}
                _ => {
                    let why = "this list has no such parameter.";
                    return Err(Problem::invalid(&name, why).into());
                }
            }
        }

        list.shape = AnswerShape::read(work)?;

        if let Some(number) = &list.account {
            let account = work.session().account(number)?;
            let id = account.and_then(|account| text(&account, "id").map(str::to_owned));
            list.accounts = Some(id.into_iter().collect());
        }
        Ok(list)
    }

    /// The rows that the page has.
    pub(super) fn window(&self) -> Window<'_> {
        Window {
            order: &self.order,
            after: self.after.as_ref(),
            size: self.size,
        }
    }

    /// Leaves the rows whose `field` is what one of `others` has under `name`.
    pub(super) fn meet_any(&mut self, field: &str, others: &[Value], name: &str) {
        let values = others.iter().filter_map(|row| row.get(name).cloned());
        meet(
            &mut self.conditions,
            field,
            "in",
            Value::Array(values.collect()),
        );
    }
}

/// The answer of a list.
pub(super) fn page_of(data: Vec<Map<String, Value>>, next: Option<String>) -> Value {
    json!({ "next_page": next, "data": data })
}

fn size(value: &str) -> Answer<usize> {
    match value.parse::<usize>() {
        Ok(size @ 1..=MOST_ROWS) => Ok(size),
        _ => Err(Problem::invalid("page_size", "it is a whole number from 1 to 99.").into()),
    }
}

/// The field of the engine that a name of Quickstart stands for.
pub(super) fn field_of<'t>(
    name: &str,
    names: &[NamePair],
    columns: &'t [AnswerColumn],
) -> Option<(String, &'t AnswerColumn, Means)> {
    let (_, of_v1, means) = names.iter().find(|(known, ..)| *known == name)?;
    let column = columns.iter().find(|column| column.name == *of_v1)?;
    Some((column.query_field()?, column, *means))
}

/// A value of a filter as the engine has it.
pub(super) fn value_of(value: &str, column: &AnswerColumn, means: Means) -> Option<Value> {
    match (means, column.from) {
        _ if value == "null" => Some(Value::Null),
        (Means::State, _) => {
            // Samples say `open` for what its list calls `posted`.
            let state = if value == "open" { "posted" } else { value };
            let (first, rest) = state.split_at_checked(1)?;
            Some(json!(format!("{}{rest}", first.to_uppercase())))
        }
        (Means::Time, Shows::Midnight(_)) => Some(json!(value.get(..10)?)),
        (Means::Time, _) => Some(json!(value.get(..19)?.replacen('T', " ", 1))),
        (_, Shows::Exact(_)) => exact::plain(value).map(Value::from),
        (_, Shows::Flag(_)) => value.parse::<bool>().ok().map(Value::from),
        (Means::Yes, _) => value
            .parse::<bool>()
            .ok()
            .map(|is_yes| json!(if is_yes { "Yes" } else { "No" })),
        _ => Some(json!(value)),
    }
}

/// Reads `field.asc` or `field.desc`; `None` of a field that is a list. `field` finds the field of the engine, and
/// whether its values are numbers.
fn order_of(
    sort: &str,
    field: impl Fn(&str) -> Option<(String, bool)>,
) -> Answer<Option<ListOrder>> {
    let invalid = |why: &str| Problem::invalid("sort[]", &format!("'{sort}': {why}"));
    let (name, direction) = sort.rsplit_once('.').unwrap_or((sort, "asc"));

    let is_descending = match direction {
        "asc" | "ASC" => false,
        "desc" | "DESC" => true,
        _ => return Err(invalid("it is written `field.asc` or `field.desc`.").into()),
    };

    if ["items", "applied_to", "taxation_items"].contains(&name) {
        return Ok(None);
    }

    let (field, is_exact) =
        field(name).ok_or_else(|| invalid("no list is ordered by that field."))?;
    Ok(Some(ListOrder {
        field,
        is_exact,
        is_descending,
    }))
}

/// A cursor is opaque: what a row has in the fields that decide its place, as hexadecimal digits.
fn cursor_of(row: &Value, order: &[ListOrder]) -> String {
    let mut place = Map::new();
    let mut kept = Map::new();
    let fields = order.iter().map(|order| order.field.as_str());
    for field in fields.chain(["number", "id"]) {
        let value = listing::field_of(row, field).unwrap_or_default();
        match field.strip_prefix("customFields.") {
            Some(custom) => kept.insert(custom.into(), value),
            None => place.insert(field.into(), value),
        };
    }
    place.insert("customFields".into(), Value::Object(kept));
    cursor::sealed(&Value::Object(place).to_string())
}

fn place_of(text: &str) -> Answer<Value> {
    let place = cursor::opened(text);
    let place = place.and_then(|place| serde_json::from_str::<Value>(&place).ok());
    let place = place.filter(Value::is_object);
    place.ok_or_else(|| Problem::invalid("cursor", "it is no cursor of this list.").into())
}

/// The rows of a page, and the cursor of the page after it.
pub(super) fn cut(
    mut rows: Vec<(Value, Value)>,
    size: usize,
    order: &[ListOrder],
) -> (Vec<(Value, Value)>, Option<String>) {
    let has_more = rows.len() > size;
    rows.truncate(size);
    let last = rows.last().filter(|_| has_more);
    let next = last.map(|(row, _)| cursor_of(row, order));
    (rows, next)
}

pub(super) fn descending(field: &str) -> ListOrder {
    ListOrder {
        field: field.into(),
        is_exact: false,
        is_descending: true,
    }
}

pub(super) fn ascending(field: &str, is_exact: bool) -> ListOrder {
    ListOrder {
        field: field.into(),
        is_exact,
        is_descending: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_its_place() {
        let row =
            json!({ "id": "ä", "number": "CM1", "amount": "3.10", "customFields": { "x": "y" } });
        let order = |field: &str| ListOrder {
            field: field.into(),
            is_exact: false,
            is_descending: false,
        };
        let place = place_of(&cursor_of(
            &row,
            &[order("amount"), order("customFields.x")],
        ));
        assert_eq!(place.ok(), Some(row));
        for wrong in ["x", "4", "zz", "ff", "22"] {
            assert!(place_of(wrong).is_err(), "{wrong}");
        }
    }
}
