//! Lists of credit memos, and what a customer has to spend.

use super::amounts;
use super::show::{self, FIELDS};
use crate::rest::columns::query_of;
use crate::rest::cursor;
use crate::rest::listing::{self, ListOrder, Window};
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::{ALL_ROWS, Session};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The rows of a page that states no number, and the most.
const USUAL_ROWS: usize = 50;
const MOST_ROWS: usize = 1000;

const STATUSES: [&str; 5] = [
    "draft",
    "issued",
    "partially_applied",
    "fully_applied",
    "void",
];

/// What a list is asked for.
#[derive(Default)]
struct MemoList {
    customer: Option<String>,
    conditions: Map<String, Value>,
    limit: usize,
    /// The place in the list that a cursor names, and whether the page lies before it.
    place: Option<(Value, bool)>,
    wants_total: bool,
}

/// What rows are ordered by: the newest first, of one moment the greatest identifier. A memo that another program made
/// has a day and no moment.
const ORDER: [&str; 3] = ["createdOn", "customFields.createdDate", "id"];

/// The order of rows, or its reverse.
fn order(is_reverse: bool) -> [ListOrder; 3] {
    ORDER.map(|field| ListOrder {
        field: field.into(),
        is_exact: false,
        is_descending: !is_reverse,
    })
}

impl MemoList {
    fn read(session: &Session<'_>) -> Answer<Self> {
        let mut list = Self {
            limit: USUAL_ROWS,
            ..Self::default()
        };

        let mut conditions = Map::new();
        for (name, value) in session.request.readable_parameters()? {
            match name.as_str() {
                "customer_id" => list.customer = Some(value),
                "status" if STATUSES.contains(&value.as_str()) => {
                    conditions.insert("dayZeroStatus".into(), json!(value));
                }
                "status" => {
                    let why = format!("it is one of {}.", STATUSES.join(", "));
                    return Err(Problem::invalid("status", &why).into());
                }
                "has_remaining_balance" => {
                    if flag(&name, &value)? {
                        conditions.insert("unappliedAmount".into(), json!({ "gt": "0" }));
                        conditions.insert("status".into(), json!("posted"));
                    }
                }
                "search" if value.is_empty() => {}
                "search" => {
                    conditions.insert("number".into(), json!({ "contains": value }));
                }
                "limit" => list.limit = limit(&value)?,
                "cursor" if value.is_empty() => {}
                "cursor" => list.place = Some(place_of(&value)?),
                "include_total_count" => list.wants_total = flag(&name, &value)?,
                _ => {
                    let why = "this list has no such parameter.";
                    return Err(Problem::invalid(&name, why).into());
                }
            }
        }

        list.conditions = conditions;
        Ok(list)
    }
}

fn flag(name: &str, value: &str) -> Answer<bool> {
    match value {
        "true" | "True" | "1" => Ok(true),
        "false" | "False" | "0" => Ok(false),
        _ => Err(Problem::invalid(name, "it is neither true nor false.").into()),
    }
}

fn limit(value: &str) -> Answer<usize> {
    match value.parse::<usize>() {
        Ok(limit @ 1..=MOST_ROWS) => Ok(limit),
        _ => Err(Problem::invalid("limit", "it is a whole number from 1 to 1000.").into()),
    }
}

/// A cursor has `n` or `p` for the side on which the page lies, and what a row has in the fields of the order.
fn cursor_of(row: &Value, is_before: bool) -> String {
    let side = if is_before { 'p' } else { 'n' };
    let place = json!({
        "createdOn": row.get("createdOn"),
        "id": row.get("id"),
        "customFields": { "createdDate": row.pointer("/customFields/createdDate") },
    });
    cursor::sealed(&format!("{side}{place}"))
}

fn place_of(text: &str) -> Answer<(Value, bool)> {
    let read = || {
        let text = cursor::opened(text)?;
        let (place, is_before) = match text.strip_prefix('p') {
            Some(place) => (place, true),
            None => (text.strip_prefix('n')?, false),
        };
        let place = serde_json::from_str(place).ok().filter(Value::is_object)?;
        Some((place, is_before))
    };
    read().ok_or_else(|| Problem::invalid("cursor", "it is no cursor of this list.").into())
}

/// `GET …`.
pub(super) fn memos(session: &mut Session<'_>) -> Answer<Value> {
    let list = MemoList::read(session)?;
    let account = match &list.customer {
        None => None,
        Some(customer) => Some(session.account(customer)?.as_ref().map(id_of)),
    };
    let accounts: Option<Vec<String>> = account.map(|found| found.into_iter().collect());
    page(session, &list, accounts.as_deref())
}

/// The query of memos that meet conditions.
fn query_of_memos(conditions: Map<String, Value>) -> Map<String, Value> {
    query_of("creditMemo", conditions, &FIELDS)
}

/// The rows behind a place, or before it: at most `size` and one more, the nearest first.
fn rows_behind(
    session: &mut Session<'_>,
    list: &MemoList,
    accounts: Option<&[String]>,
    (after, is_before): (Option<&Value>, bool),
    size: usize,
) -> Answer<Vec<Value>> {
    let order = order(is_before);
    let window = Window {
        order: &order,
        after,
        size,
    };

    let query = query_of_memos(list.conditions.clone());
    let rows = listing::window(session, accounts, &query, &window)?;
    Ok(rows.into_iter().map(|(row, _)| row).collect())
}

/// The page of a list.
fn page(session: &mut Session<'_>, list: &MemoList, accounts: Option<&[String]>) -> Answer<Value> {
    let (after, is_before) = match &list.place {
        None => (None, false),
        Some((place, is_before)) => (Some(place), *is_before),
    };
    let mut rows = rows_behind(session, list, accounts, (after, is_before), list.limit)?;

    let has_more = rows.len() > list.limit;
    rows.truncate(list.limit);
    // On the side where the page does not go on, there is what it came from, unless that was deleted.
    let nearest = rows.first().cloned();
    let has_others = match after {
        None => false,
        Some(_) => {
            let others = (nearest.as_ref(), !is_before);
            !rows_behind(session, list, accounts, others, 0)?.is_empty()
        }
    };

    // The rows before a place are read backwards, from the place on.
    if is_before {
        rows.reverse();
    }

    let (has_next, has_prev) = if is_before {
        (has_others, has_more)
    } else {
        (has_more, has_others)
    };

    let total = if list.wants_total {
        let mut query = query_of_memos(list.conditions.clone());
        query.insert("total".into(), json!(true));
        query.insert("page".into(), json!({ "size": 1 }));
        Some(listing::ask(session, accounts, &Value::Object(query), &[])?.total)
    } else {
        None
    };

    let edge = |row: Option<&Value>, is_before, has_more: bool| {
        let row = row.filter(|_| has_more);
        json!(row.map(|row| cursor_of(row, is_before)))
    };
    Ok(json!({
        "items": shown_rows(session, &rows)?,
        "total": total,
        "limit": list.limit,
        "next_cursor": edge(rows.last(), false, has_next),
        "prev_cursor": edge(rows.first(), true, has_prev),
        "has_next": has_next,
        "has_prev": has_prev,
    }))
}

/// Rows as the dialect shows them, with what is applied of each and what the directory knows of their customers.
fn shown_rows(session: &mut Session<'_>, rows: &[Value]) -> Answer<Vec<Value>> {
    let text = |row: &Value, name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let ids: Vec<_> = rows.iter().filter_map(|row| text(row, "id")).collect();
    let owners: BTreeSet<_> = rows
        .iter()
        .filter_map(|row| text(row, "accountId"))
        .collect();

    let mut accounts = BTreeMap::new();
    for owner in owners {
        if let Some(account) = session.account(&owner)? {
            accounts.insert(owner, account);
        }
    }

    let owners: Vec<_> = accounts.keys().cloned().collect();
    let parts = if rows.is_empty() {
        Vec::new()
    } else {
        show::listed_applications(session, &owners, &ids)?
    };

    let shown = rows.iter().map(|row| {
        let account = text(row, "accountId").and_then(|owner| accounts.get(&owner));
        show::shown(session, row, &parts, account)
    });
    Ok(shown.collect())
}

fn id_of(account: &Value) -> String {
    let id = account.get("id").and_then(Value::as_str);
    id.unwrap_or_default().to_owned()
}

/// `GET …/customers/{customer}/credits`: the issued memos of a customer that have something left.
pub(super) fn credits_of(session: &mut Session<'_>, customer: &str) -> Answer<Value> {
    let account = session.account(customer)?;
    let account = account.ok_or_else(|| Problem::not_found(customer))?;
    let id = id_of(&account);

    let mut conditions = Map::new();
    conditions.insert("status".into(), json!("posted"));
    conditions.insert("unappliedAmount".into(), json!({ "gt": "0" }));

    let mut query = query_of_memos(conditions);
    query.insert("sort".into(), listing::sort(&order(false)));

    // This answer has no pages.
    query.insert("page".into(), json!({ "size": ALL_ROWS }));
    let accounts = [id.clone()];
    let rows = listing::rows(
        session,
        Some(&accounts),
        &Value::Object(query),
        &order(false),
    )?;

    let rows: Vec<_> = rows.into_iter().map(|(row, _)| row).collect();
    let memos = shown_rows(session, &rows)?;

    let currency = account.get("currency").and_then(Value::as_str);
    let currency = currency.unwrap_or_default();

    session.open(&id, false)?;
    let sums = session
        .rows(&json!({ "of": "account", "where": { "accountId": id, "currency": currency } }))?;
    let sum = sums
        .first()
        .and_then(|row| row.get("unappliedCreditMemoAmount")?.as_str());
    let nothing = amounts::text(0, amounts::scale_of_currency(currency)?);
    let name = account.get("data").and_then(|data| data.get("name"));

    let mut summary = Map::new();
    summary.insert("customer_id".into(), json!(id));
    summary.insert("customer_name".into(), json!(name));
    let names = ["total_credits_available", "total_credits_available_dollars"];
    amounts::put(&mut summary, names, sum.unwrap_or(&nothing));
    summary.insert("credit_memos_count".into(), json!(memos.len()));
    summary.insert("credit_memos".into(), Value::Array(memos));
    Ok(Value::Object(summary))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_its_place() {
        let row = json!({
            "id": "ä-1", "createdOn": "2026-01-05", "amount": "1.00",
            "customFields": { "createdDate": "2026-01-05 10:00:00", "x": 1 },
        });
        let place = json!({
            "id": "ä-1", "createdOn": "2026-01-05",
            "customFields": { "createdDate": "2026-01-05 10:00:00" },
        });
        for is_before in [false, true] {
            let read = place_of(&cursor_of(&row, is_before)).ok();
            assert_eq!(read, Some((place.clone(), is_before)));
        }
        for wrong in ["", "x", "6e", "6e41", "7841", "6e31"] {
            assert!(place_of(wrong).is_err(), "{wrong}");
        }
    }
}
