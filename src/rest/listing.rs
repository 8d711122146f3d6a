//! Rows of the books of several accounts as one list.

use super::exact;
use super::needs::Answer;
use super::session::{Session, rows_of};
use serde_json::{Map, Value, json};
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

/// What the books of accounts have of a query.
pub(super) struct ListedRows {
    /// The rows, each with the number of its account, in the order of the query.
    pub(super) rows: Vec<(Value, Value)>,
    /// How many rows there are over all pages, where the query counts them.
    pub(super) total: u64,
    /// The rows of the book that has the most.
    longest: usize,
}

/// Asks the books of accounts. `accounts`: their identifiers; none are all.
pub(super) fn ask(
    session: &mut Session<'_>,
    accounts: Option<&[String]>,
    query: &Value,
    order: &[ListOrder],
) -> Answer<ListedRows> {
    let found = session.list(query, accounts)?;
    let numbers = found.get("numbers");
    let pages = found.get("pages").and_then(Value::as_array);
    let pages = pages.cloned().unwrap_or_default();

    let is_merged = pages.len() > 1;

    let mut listed = ListedRows {
        rows: Vec::new(),
        total: 0,
        longest: 0,
    };
    for page in pages {
        let total = page.get("total").and_then(Value::as_u64);
        listed.total = listed.total.saturating_add(total.unwrap_or_default());
        let rows = rows_of(page)?;
        listed.longest = listed.longest.max(rows.len());
        for row in rows {
            let account = row.get("accountId").and_then(Value::as_str);
            let number = account.and_then(|account| numbers?.get(account));
            let number = number.cloned().unwrap_or_default();
            listed.rows.push((row, number));
        }
    }

    // The rows of one book are in order already.
    if is_merged {
        let rows = &mut listed.rows;
        rows.sort_by(|(one, _), (other, _)| compare_rows(one, other, order));
    }
    Ok(listed)
}

/// The rows of a query in the books of accounts, each with the number of its account, in the order of the query.
pub(super) fn rows(
    session: &mut Session<'_>,
    accounts: Option<&[String]>,
    query: &Value,
    order: &[ListOrder],
) -> Answer<Vec<(Value, Value)>> {
    Ok(ask(session, accounts, query, order)?.rows)
}

/// Which rows of an order: those behind a place, at most `size` and one more, which tells that there are more.
pub(super) struct Window<'w> {
    pub(super) order: &'w [ListOrder],
    /// The fields of a row by which it is ordered; none is the start.
    pub(super) after: Option<&'w Value>,
    pub(super) size: usize,
}

impl Window<'_> {
    /// Whether the window begins before a row.
    fn is_before(&self, row: &Value) -> bool {
        self.after
            .is_none_or(|after| compare_rows(row, after, self.order).is_gt())
    }
}

/// How many times as many rows are asked for as before, where too many were level with the place.
const WIDENING: usize = 4;

/// The rows of a window. `query` has no order and no page of its own.
///
/// A book has no page that begins at a place of another book. So it is asked for rows from the first field of the place
/// on, and for more of them as long as those that are level with it there fill the page.
pub(super) fn window(
    session: &mut Session<'_>,
    accounts: Option<&[String]>,
    query: &Map<String, Value>,
    window: &Window<'_>,
) -> Answer<Vec<(Value, Value)>> {
    let needed = window.size.saturating_add(1);
    let mut found: Vec<(Value, Value)> = Vec::new();
    for range in ranges(query, window) {
        let mut query = query.clone();
        query.insert("sort".into(), sort(window.order));
        if let Some((field, condition)) = range {
            let conditions = query.entry("where").or_insert_with(|| json!({}));
            if let Some(conditions) = conditions.as_object_mut() {
                conditions.insert(field, condition);
            }
        }

        let missing = needed.saturating_sub(found.len());
        found.extend(rows_behind(session, accounts, query, window, missing)?);
        if found.len() >= needed {
            break;
        }
    }
    found.truncate(needed);
    Ok(found)
}

/// The rows of a query that come after the place of a window: at least `missing`, or all that there are.
fn rows_behind(
    session: &mut Session<'_>,
    accounts: Option<&[String]>,
    mut query: Map<String, Value>,
    window: &Window<'_>,
    missing: usize,
) -> Answer<Vec<(Value, Value)>> {
    let needed = window.size.saturating_add(1);
    // The place itself is level with itself.
    let mut asked = needed.saturating_add(usize::from(window.after.is_some()));
    loop {
        query.insert("page".into(), json!({ "size": asked }));
        let listed = ask(
            session,
            accounts,
            &Value::Object(query.clone()),
            window.order,
        )?;

        let is_whole = listed.longest < asked;
        let behind = listed
            .rows
            .into_iter()
            .filter(|(row, _)| window.is_before(row));
        let behind: Vec<_> = behind.collect();

        if is_whole || behind.len() >= missing {
            return Ok(behind);
        }

        // Too many rows are level with the place and not behind it, so the next attempt asks for
        // more.
        asked = asked.saturating_mul(WIDENING);
    }
}

/// A condition of a query: a field, and what it must meet.
type FieldRange = (String, Value);

/// The values of the first field of an order that rows behind a place can have, in this order; `None` are all.
fn ranges(query: &Map<String, Value>, window: &Window<'_>) -> Vec<Option<FieldRange>> {
    let (Some(after), Some(first)) = (window.after, window.order.first()) else {
        return vec![None];
    };
    let conditions = query.get("where").and_then(Value::as_object);
    if conditions.is_some_and(|conditions| conditions.contains_key(&first.field)) {
        return vec![None];
    }

    let value = field_of(after, &first.field).unwrap_or_default();
    let range = |condition: Value| Some((first.field.clone(), condition));
    // Nothing comes before everything.
    match (value, first.is_descending) {
        (Value::Null, false) => vec![None],
        (Value::Null, true) => vec![range(Value::Null)],
        (value, false) => vec![range(json!({ "gte": value }))],
        (value, true) => vec![range(json!({ "lte": value })), range(Value::Null)],
    }
}

/// A field of a row, by its name in a query.
pub(super) fn field_of(row: &Value, name: &str) -> Option<Value> {
    match name.strip_prefix("customFields.") {
        Some(custom) => row.get("customFields")?.get(custom).cloned(),
        None => row.get(name).cloned(),
    }
}

/// The order of two rows of books: as stated, then by number from the greatest on, then by identifier, as each book
/// orders its own.
pub(super) fn compare_rows(one: &Value, other: &Value, order: &[ListOrder]) -> Ordering {
    let by = |name: &str, is_exact| {
        let [one, other] = [one, other].map(|row| field_of(row, name));
        compared(one.as_ref(), other.as_ref(), is_exact)
    };
    let stated = order
        .iter()
        .map(|order| directed(by(&order.field, order.is_exact), order.is_descending))
        .find(|ordering| ordering.is_ne());
    stated.unwrap_or_else(|| by("number", false).reverse().then_with(|| by("id", false)))
}

/// An order, or its reverse.
pub(super) const fn directed(order: Ordering, is_descending: bool) -> Ordering {
    if is_descending {
        order.reverse()
    } else {
        order
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rest::needs::{RestHost, Stop};
    use crate::rest::request::ClientRequest;

    /// Books of accounts whose rows have a group and an identifier; it answers queries as a book would.
    struct Books {
        rows: Vec<Vec<(Option<u32>, u32)>>,
        asked: usize,
    }

    impl RestHost for Books {
        fn ask(&mut self, needs: Vec<Value>) -> Result<Vec<Value>, Stop> {
            let query = needs[0].pointer("/list/query").unwrap();
            let is_descending = query["sort"][0]["dir"] == "desc";
            let size = query["page"]["size"].as_u64();
            let size = size.map_or(0, |size| usize::try_from(size).unwrap_or(usize::MAX));
            self.asked += 1;
            let pages = self.rows.iter().map(|rows| {
                let mut rows = rows.clone();
                rows.retain(|(group, _)| match query.pointer("/where/group") {
                    None => true,
                    Some(Value::Null) => group.is_none(),
                    Some(range) => {
                        let at_least = range["gte"].as_u64();
                        let at_most = range["lte"].as_u64();
                        group.is_some_and(|group| {
                            at_least.is_none_or(|least| u64::from(group) >= least)
                                && at_most.is_none_or(|most| u64::from(group) <= most)
                        })
                    }
                });
                rows.sort_by(|(one, one_id), (other, other_id)| {
                    let order = one.cmp(other);
                    let order = if is_descending {
                        order.reverse()
                    } else {
                        order
                    };
                    order.then(one_id.cmp(other_id))
                });
                rows.truncate(size);
                let rows: Vec<_> = rows.iter().map(|(group, id)| row(*group, *id)).collect();
                json!({ "rows": rows })
            });
            Ok(vec![
                json!({ "pages": pages.collect::<Vec<_>>(), "numbers": {} }),
            ])
        }
    }

    fn row(group: Option<u32>, id: u32) -> Value {
        json!({ "group": group, "id": format!("{id:03}") })
    }

    /// Every page of every list of up to nine rows in two books, by every size: each row comes once, in its order.
    #[test]
    fn windows_one_after_another_are_the_list() {
        let groups = [
            None,
            Some(1),
            Some(1),
            Some(1),
            Some(2),
            Some(2),
            None,
            Some(3),
            Some(1),
        ];
        for count in 0..=groups.len() {
            for (size, is_descending) in (1..=4).flat_map(|size| [(size, false), (size, true)]) {
                let all = groups.iter().copied().zip(0..).take(count);
                let (even, odd) = all.partition(|(_, id)| id % 2 == 0);
                let mut books = Books {
                    rows: vec![even, odd],
                    asked: 0,
                };
                let order = [ListOrder {
                    field: "group".into(),
                    is_exact: true,
                    is_descending,
                }];
                let request = ClientRequest::default();
                let mut session = Session::new(&request, &mut books);
                let query = json!({ "of": "x" }).as_object().unwrap().clone();
                let whole = Window {
                    order: &order,
                    after: None,
                    size: 99,
                };
                let whole = window(&mut session, None, &query, &whole).unwrap();
                let mut seen: Vec<(Value, Value)> = Vec::new();
                loop {
                    let after = seen.last().map(|(row, _)| row.clone());
                    let asked = Window {
                        order: &order,
                        after: after.as_ref(),
                        size,
                    };
                    let mut page = window(&mut session, None, &query, &asked).unwrap();
                    let has_more = page.len() > size;
                    page.truncate(size);
                    seen.extend(page);
                    if !has_more {
                        break;
                    }
                }
                assert_eq!(
                    seen, whole,
                    "{count} rows by {size}, descending: {is_descending}"
                );
                assert_eq!(seen.len(), count);
            }
        }
    }

    /// A page deep in a long list asks for few rows, unless they are level with its place.
    #[test]
    fn a_window_asks_for_no_more_than_it_needs() {
        let rows = (0..1000).map(|id| (Some(id), id)).collect();
        let mut books = Books {
            rows: vec![rows],
            asked: 0,
        };
        let order = [ListOrder {
            field: "group".into(),
            is_exact: true,
            is_descending: false,
        }];
        let request = ClientRequest::default();
        let query = json!({ "of": "x" }).as_object().unwrap().clone();
        let after = row(Some(900), 900);
        let asked = Window {
            order: &order,
            after: Some(&after),
            size: 10,
        };
        let mut session = Session::new(&request, &mut books);
        let page = window(&mut session, None, &query, &asked).unwrap();
        assert_eq!(page.len(), 11);
        assert_eq!(page[0].0["id"], "901");
        assert_eq!(books.asked, 1);
    }
}
