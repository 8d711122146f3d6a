//! Rows of the books of several accounts as one list.

use super::exact;
use super::needs::Answer;
use super::session::{Session, rows_of};
use serde_json::{Value, json};
use std::cmp::Ordering;

/// A field that rows are ordered by.
pub(super) struct ListOrder {
    /// As a query names it.
    pub(super) field: String,
    /// Numbers are compared by their value.
    pub(super) is_exact: bool,
    pub(super) is_descending: bool,
}

/// The `sort` of a query.
pub(super) fn sort(order: &[ListOrder]) -> Value {
    let keys = order.iter().map(|order| {
        let direction = if order.is_descending { "desc" } else { "asc" };
        json!({ "by": order.field, "dir": direction })
    });
    keys.collect()
}

/// The rows of a query in the books of accounts, each with the number of its account, in the order of the query.
/// `accounts`: their identifiers; none are all.
pub(super) fn rows(
    session: &mut Session<'_>,
    accounts: Option<&[String]>,
    query: &Value,
    order: &[ListOrder],
) -> Answer<Vec<(Value, Value)>> {
    let found = session.ask(json!({ "list": { "query": query, "accountIds": accounts } }))?;
    let numbers = found.get("numbers");
    let pages = found.get("pages").and_then(Value::as_array);
    let pages = pages.cloned().unwrap_or_default();
    let is_merged = pages.len() > 1;

    let mut rows: Vec<(Value, Value)> = Vec::new();
    for page in pages {
        for row in rows_of(page)? {
            let account = row.get("accountId").and_then(Value::as_str);
            let number = account.and_then(|account| numbers?.get(account));
            let number = number.cloned().unwrap_or_default();
            rows.push((row, number));
        }
    }
    if is_merged {
        rows.sort_by(|(one, _), (other, _)| compare_rows(one, other, order));
    }
    Ok(rows)
}

/// The order of two rows of books: as stated, then by number from the greatest on, then by identifier, as each book
/// orders its own.
pub(super) fn compare_rows(one: &Value, other: &Value, order: &[ListOrder]) -> Ordering {
    let field = |row: &Value, name: &str| -> Option<Value> {
        match name.strip_prefix("customFields.") {
            Some(custom) => row.get("customFields")?.get(custom).cloned(),
            None => row.get(name).cloned(),
        }
    };
    let by = |name: &str, is_exact| {
        compared(
            field(one, name).as_ref(),
            field(other, name).as_ref(),
            is_exact,
        )
    };
    for ListOrder {
        field,
        is_exact,
        is_descending,
    } in order
    {
        let ordering = by(field, *is_exact);
        let ordering = if *is_descending {
            ordering.reverse()
        } else {
            ordering
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    by("number", false).reverse().then_with(|| by("id", false))
}

/// The order of two values: nothing first, numbers by value, texts by their bytes.
pub(super) fn compared(one: Option<&Value>, other: Option<&Value>, is_exact: bool) -> Ordering {
    let [one, other] = [one, other].map(|value| value.filter(|value| !value.is_null()));
    match (one, other) {
        (Some(one), Some(other)) => {
            let texts = [one, other].map(text_of);
            let numbers = texts.each_ref().map(|text| exact::value(text));
            match numbers {
                [Some(one), Some(other)] if is_exact => one.cmp(&other),
                _ => texts.first().cmp(&texts.last()),
            }
        }
        (one, other) => one.is_some().cmp(&other.is_some()),
    }
}

/// A value as a text.
pub(super) fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
