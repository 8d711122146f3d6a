//! Lists of Quickstart: `filter[]`, `sort[]`, `fields[]`, `expand[]`, and a cursor that names a place between two rows.
//! The grammar is that of <https://developer.zuora.com/docs/guides/expand-filter-fields-sort/>.

use super::names::{Means, NamePair};
use super::show::{self, AnswerShape};
use super::{Memo, Work, text};
use crate::rest::columns::{AnswerColumn, Shows, query_fields, shown};
use crate::rest::cursor;
use crate::rest::exact;
use crate::rest::listing::{self, ListOrder};
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::Session;
use serde_json::{Map, Value, json};
use std::cmp::Ordering;

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
struct FilteredList {
    conditions: Map<String, Value>,
    /// The account that its filters name by its number.
    account: Option<String>,
    order: Vec<ListOrder>,
    size: usize,
    /// The row after which the page begins: as far as its order goes.
    after: Option<Value>,
}

impl FilteredList {
    fn read(work: &mut Work<'_>, names: &[NamePair], columns: &[AnswerColumn]) -> Answer<Self> {
        let parameters = work.request.parameters();
        let parameters = parameters.ok_or_else(|| Problem::invalid("query", "it is not UTF-8."))?;
        let mut list = Self {
            conditions: Map::new(),
            account: None,
            order: Vec::new(),
            size: USUAL_ROWS,
            after: None,
        };
        for (name, value) in parameters {
            match name.as_str() {
                "page_size" => list.size = size(&value)?,
                "cursor" if value.is_empty() => {}
                "cursor" => list.after = Some(place_of(&value)?),
                "filter[]" => list.filter(&value, names, columns)?,
                "sort[]" => {
                    // An order by a list is passed over, as the interface says.
                    list.order.extend(order_of(&value, names, columns)?);
                }
                // Which fields are shown, `show.rs` reads.
                name if name == "expand[]" || name.ends_with("fields[]") => {}
                _ => {
                    let why = "this list has no such parameter.";
                    return Err(Problem::invalid(&name, why).into());
                }
            }
        }
        if list.order.is_empty() {
            list.order.push(ListOrder {
                field: "updatedOn".into(),
                is_exact: false,
                is_descending: true,
            });
        }
        Ok(list)
    }

    /// Reads `field.OPERATOR:value`.
    fn filter(&mut self, filter: &str, names: &[NamePair], columns: &[AnswerColumn]) -> Answer<()> {
        let invalid = |why: &str| Problem::invalid("filter[]", &format!("'{filter}': {why}"));
        let parts = filter.split_once(':');
        let parts = parts.and_then(|(head, value)| Some((head.rsplit_once('.')?, value)));
        let ((name, operator), value) =
            parts.ok_or_else(|| invalid("it is written `field.OPERATOR:value`."))?;
        let operator = OPERATORS.iter().find(|(written, _)| *written == operator);
        let (_, operator) = operator.ok_or_else(|| invalid("there is no such operator."))?;
        if name == "account_number" && *operator == "eq" {
            self.account = Some(value.to_owned());
            return Ok(());
        }
        let found = field_of(name, names, columns);
        let (field, column, means) =
            found.ok_or_else(|| invalid("no list is filtered by that field."))?;
        let read = |value: &str| {
            let value = value_of(value, column, means);
            value.ok_or_else(|| invalid("the field has no such value."))
        };
        let value = if *operator == "in" {
            let listed = value
                .strip_prefix('[')
                .and_then(|value| value.strip_suffix(']'));
            let listed = listed.ok_or_else(|| invalid("`IN` has a list as `[a,b]`."))?;
            let values = listed.split(',').map(|value| read(value.trim()));
            Value::Array(values.collect::<Result<_, _>>()?)
        } else {
            read(value)?
        };
        let conditions = self.conditions.entry(field).or_insert_with(|| json!({}));
        if let Some(conditions) = conditions.as_object_mut() {
            conditions.insert((*operator).into(), value);
        }
        Ok(())
    }

    /// The books that can have rows: `None` are all, and no book is that of an account that is not there.
    fn accounts(&self, session: &mut Session<'_>) -> Answer<Option<Vec<String>>> {
        let Some(number) = &self.account else {
            return Ok(None);
        };
        let account = session.account(number)?;
        let id = account.and_then(|account| text(&account, "id").map(str::to_owned));
        Ok(Some(id.into_iter().collect()))
    }

    /// The rows of a page, and the cursor of the page after it.
    fn page<'r>(&self, rows: &'r [(Value, Value)]) -> (&'r [(Value, Value)], Option<String>) {
        let start = match &self.after {
            None => 0,
            Some(after) => rows.partition_point(|(row, _)| {
                listing::compare_rows(row, after, &self.order) != Ordering::Greater
            }),
        };
        let end = start.saturating_add(self.size).min(rows.len());
        let page = rows.get(start..end).unwrap_or_default();
        let next = page.last().filter(|_| end < rows.len());
        (page, next.map(|(row, _)| cursor_of(row, &self.order)))
    }
}

fn size(value: &str) -> Answer<usize> {
    match value.parse::<usize>() {
        Ok(size @ 1..=MOST_ROWS) => Ok(size),
        _ => Err(Problem::invalid("page_size", "it is a whole number from 1 to 99.").into()),
    }
}

/// The field of the engine that a name of Quickstart stands for.
fn field_of<'t>(
    name: &str,
    names: &[NamePair],
    columns: &'t [AnswerColumn],
) -> Option<(String, &'t AnswerColumn, Means)> {
    let (_, of_v1, means) = names.iter().find(|(known, ..)| *known == name)?;
    let column = columns.iter().find(|column| column.name == *of_v1)?;
    Some((column.query_field()?, column, *means))
}

/// A value of a filter as the engine has it.
fn value_of(value: &str, column: &AnswerColumn, means: Means) -> Option<Value> {
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
            .map(|is| json!(if is { "Yes" } else { "No" })),
        _ => Some(json!(value)),
    }
}

/// Reads `field.asc` or `field.desc`; `None` of a field that is a list.
fn order_of(sort: &str, names: &[NamePair], columns: &[AnswerColumn]) -> Answer<Option<ListOrder>> {
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
    let found = field_of(name, names, columns);
    let (field, column, _) = found.ok_or_else(|| invalid("no list is ordered by that field."))?;
    Ok(Some(ListOrder {
        field,
        is_exact: matches!(column.from, Shows::Exact(_)),
        is_descending,
    }))
}

/// A cursor is opaque: what a row has in the fields that decide its place, as hexadecimal digits.
fn cursor_of(row: &Value, order: &[ListOrder]) -> String {
    let mut place = Map::new();
    let mut kept = Map::new();
    let fields = order.iter().map(|order| order.field.as_str());
    for field in fields.chain(["number", "id"]) {
        let value = match field.strip_prefix("customFields.") {
            Some(custom) => {
                let value = row
                    .get("customFields")
                    .and_then(|fields| fields.get(custom));
                kept.insert(custom.into(), value.cloned().unwrap_or_default());
                continue;
            }
            None => row.get(field).cloned().unwrap_or_default(),
        };
        place.insert(field.into(), value);
    }
    place.insert("customFields".into(), Value::Object(kept));
    cursor::sealed(&Value::Object(place).to_string())
}

/// The cursor behind an item in the list of items of its memo.
pub(super) fn cursor_of_item(item: &Value) -> String {
    cursor_of(item, &[])
}

fn place_of(text: &str) -> Answer<Value> {
    let place = cursor::opened(text);
    let place = place.and_then(|place| serde_json::from_str::<Value>(&place).ok());
    let place = place.filter(Value::is_object);
    place.ok_or_else(|| Problem::invalid("cursor", "it is no cursor of this list.").into())
}

/// `GET …`: memos.
pub(super) fn memos(work: &mut Work<'_>, memo: &Memo) -> Answer<Value> {
    let resource = memo.resource;
    let list = FilteredList::read(work, memo.names, resource.columns)?;
    let shape = AnswerShape::read(work)?;
    let rows = rows_of(work, memo, &list)?;
    let (page, next) = list.page(&rows);

    let mut data = Vec::new();
    for (row, number) in page {
        let answer = Value::Object(shown(row, resource.columns, number));
        data.push(Value::Object(show::shaped(work, memo, &answer, &shape)?));
    }
    Ok(json!({ "next_page": next, "data": data }))
}

/// All rows of memos that a list asks for, in its order.
fn rows_of(work: &mut Work<'_>, memo: &Memo, list: &FilteredList) -> Answer<Vec<(Value, Value)>> {
    let mut session = work.session();
    let accounts = list.accounts(&mut session)?;
    let query = json!({
        "of": memo.resource.kind,
        "where": list.conditions,
        "sort": listing::sort(&list.order),
        "fields": query_fields(memo.resource.extra),
        "page": { "size": u32::MAX },
    });
    listing::rows(&mut session, accounts.as_deref(), &query, &list.order)
}

/// `GET …_items`: the items of all memos, or of those that filters name; in the order of their memos.
pub(super) fn items(work: &mut Work<'_>, memo: &Memo) -> Answer<Value> {
    let is_credit = memo.resource.kind == super::CREDIT_MEMO.kind;
    let of_memo = if is_credit {
        "credit_memo_id"
    } else {
        "debit_memo_id"
    };
    let (mut documents, mut others) = (Vec::new(), Vec::new());
    let (mut size_of_page, mut after) = (USUAL_ROWS, None);
    let parameters = work.request.parameters();
    for (name, value) in parameters.unwrap_or_default() {
        match name.as_str() {
            "page_size" => size_of_page = size(&value)?,
            "cursor" if value.is_empty() => {}
            "cursor" => after = Some(place_of(&value)?),
            "filter[]" => match value.split_once(':') {
                Some((head, id)) if head == format!("{of_memo}.EQ") => {
                    documents.push(id.to_owned())
                }
                _ => others.push(item_filter(&value)?),
            },
            name if name == "expand[]" || name.ends_with("fields[]") || name == "sort[]" => {}
            _ => return Err(Problem::invalid(&name, "this list has no such parameter.").into()),
        }
    }
    let shape = AnswerShape::read(work)?;
    let mut list = Map::new();
    if !documents.is_empty() {
        list.insert("id".into(), json!({ "in": documents }));
    }
    let request = FilteredList {
        conditions: list,
        account: None,
        order: Vec::new(),
        size: size_of_page,
        after: None,
    };
    let mut all = Vec::new();
    for (row, _) in rows_of(work, memo, &request)? {
        let id = text(&row, "id").unwrap_or_default().to_owned();
        let meets = |item: &Value| others.iter().all(|(name, value)| meets(item, name, value));
        let items = show::items_of(work, memo, &id)?;
        all.extend(items.into_iter().filter(meets));
    }

    let start = match &after {
        None => 0,
        Some(after) => {
            let found = all
                .iter()
                .position(|item| item.get("id") == after.get("id"));
            found.map_or(0, |place| place.saturating_add(1))
        }
    };
    let end = start.saturating_add(size_of_page).min(all.len());
    let next = all
        .get(..end)
        .and_then(<[Value]>::last)
        .filter(|_| end < all.len());
    let next = next.map(cursor_of_item);
    let page = all.get(start..end).unwrap_or_default().iter().cloned();
    let page = page.map(|mut item| {
        if let Some(item) = item.as_object_mut() {
            shape.cut(item);
        }
        item
    });
    Ok(json!({ "next_page": next, "data": page.collect::<Vec<_>>() }))
}

/// Reads `field.EQ:value` of an item.
fn item_filter(filter: &str) -> Answer<(String, String)> {
    let parts = filter.split_once(':');
    let parts = parts.and_then(|(head, value)| Some((head.strip_suffix(".EQ")?, value)));
    let (name, value) = parts.ok_or_else(|| {
        let why = format!("'{filter}': items are filtered by `field.EQ:value`.");
        Problem::invalid("filter[]", &why)
    })?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Whether an item has a value.
fn meets(item: &Value, name: &str, value: &str) -> bool {
    match item.get(name) {
        None | Some(Value::Null) => value == "null",
        Some(Value::String(text)) => text == value,
        Some(number @ Value::Number(_)) => {
            let numbers = [exact::decimal(number), exact::plain(value)];
            let values = numbers.map(|number| exact::value(&number?));
            matches!(values, [Some(one), Some(other)] if one == other)
        }
        Some(Value::Bool(flag)) => value.parse() == Ok(*flag),
        Some(Value::Array(_) | Value::Object(_)) => false,
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
