//! Lists of credit memos, and what a customer has to spend.

use super::amounts;
use super::show::{self, FIELDS};
use crate::rest::columns::query_fields;
use crate::rest::cursor;
use crate::rest::listing;
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::Session;
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
    /// The place between two rows that a cursor names, and whether the page lies before it.
    place: Option<(Place, bool)>,
    wants_total: bool,
}

/// Where a row stands: the newest first, of one moment the greatest identifier.
type Place = (String, String);

impl MemoList {
    fn read(session: &Session<'_>) -> Answer<Self> {
        let parameters = session.request.parameters();
        let parameters = parameters.ok_or_else(|| Problem::invalid("query", "it is not UTF-8."))?;
        let mut list = Self {
            limit: USUAL_ROWS,
            ..Self::default()
        };
        let mut conditions = Map::new();
        for (name, value) in parameters {
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

/// A cursor has `n` or `p` for the side on which the page lies, and the place.
fn cursor_of(place: &Place, is_before: bool) -> String {
    let side = if is_before { 'p' } else { 'n' };
    cursor::sealed(&format!("{side}{}\n{}", place.0, place.1))
}

fn place_of(text: &str) -> Answer<(Place, bool)> {
    let read = || {
        let text = cursor::opened(text)?;
        let (place, is_before) = match text.strip_prefix('p') {
            Some(place) => (place, true),
            None => (text.strip_prefix('n')?, false),
        };
        let (moment, id) = place.split_once('\n')?;
        Some(((moment.to_owned(), id.to_owned()), is_before))
    };
    read().ok_or_else(|| Problem::invalid("cursor", "it is no cursor of this list.").into())
}

/// Where a row stands.
fn place(row: &Value) -> Place {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let kept = row.get("customFields");
    let moment = kept.and_then(|kept| kept.get("createdDate"));
    (
        text(moment.or_else(|| row.get("createdOn"))),
        text(row.get("id")),
    )
}

/// `GET …`.
pub(super) fn memos(session: &mut Session<'_>) -> Answer<Value> {
    let list = MemoList::read(session)?;
    let account = match &list.customer {
        None => None,
        Some(customer) => Some(session.account(customer)?.as_ref().map(id_of)),
    };
    let accounts: Option<Vec<String>> = account.map(|found| found.into_iter().collect());
    let rows = rows_of(session, accounts.as_deref(), &list.conditions)?;
    page(session, &list, &rows)
}

/// The memos of customers that meet conditions, the newest first. No list of customers means all.
fn rows_of(
    session: &mut Session<'_>,
    accounts: Option<&[String]>,
    conditions: &Map<String, Value>,
) -> Answer<Vec<Value>> {
    let query = json!({
        "of": "creditMemo",
        "where": conditions,
        "fields": query_fields(&FIELDS),
        "page": { "size": u32::MAX },
    });
    let rows = listing::rows(session, accounts, &query, &[])?;
    let mut rows: Vec<Value> = rows.into_iter().map(|(row, _)| row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(place(row)));
    Ok(rows)
}

/// The page of a list.
fn page(session: &mut Session<'_>, list: &MemoList, rows: &[Value]) -> Answer<Value> {
    let before = |at: &Place| rows.partition_point(|row| place(row) > *at);
    let behind = |at: &Place| rows.partition_point(|row| place(row) >= *at);
    let (start, end) = match &list.place {
        None => (0, list.limit),
        Some((at, false)) => (behind(at), behind(at).saturating_add(list.limit)),
        Some((at, true)) => (before(at).saturating_sub(list.limit), before(at)),
    };
    let end = end.min(rows.len());
    let page = rows.get(start..end).unwrap_or_default();
    let (has_next, has_prev) = (end < rows.len(), start > 0);
    let edge = |row: Option<&Value>, is_before, has_more: bool| {
        let row = row.filter(|_| has_more);
        json!(row.map(|row| cursor_of(&place(row), is_before)))
    };
    Ok(json!({
        "items": shown_rows(session, page)?,
        "total": list.wants_total.then_some(rows.len()),
        "limit": list.limit,
        "next_cursor": edge(page.last(), false, has_next),
        "prev_cursor": edge(page.first(), true, has_prev),
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
    let rows = rows_of(session, Some(std::slice::from_ref(&id)), &conditions)?;
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
        let place = ("2026-01-05 10:00:00".to_owned(), "ä-1".to_owned());
        for is_before in [false, true] {
            let read = place_of(&cursor_of(&place, is_before)).ok();
            assert_eq!(read, Some((place.clone(), is_before)));
        }
        for wrong in ["", "x", "6e", "6e41", "7841"] {
            assert!(place_of(wrong).is_err(), "{wrong}");
        }
    }
}
