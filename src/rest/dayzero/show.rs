//! A credit memo as DayZero shows it.

use super::{BUSINESS, amounts};
use crate::rest::columns::query_fields;
use crate::rest::exact;
use crate::rest::listing;
use crate::rest::needs::{Answer, Stop};
use crate::rest::problem::Problem;
use crate::rest::session::{ALL_ROWS, FoundDocument, Session};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The reasons of a memo, and how each is shown.
pub(super) const REASONS: [(&str, &str); 9] = [
    ("returned_goods", "Returned goods"),
    ("damaged_goods", "Damaged goods"),
    ("service_issue", "Service issue"),
    ("pricing_error", "Pricing error"),
    ("billing_adjustment", "Billing adjustment"),
    ("goodwill", "Goodwill"),
    ("duplicate_charge", "Duplicate charge"),
    ("refund", "Refund"),
    ("other", "Other"),
];

/// What a query must ask for beside what a row shows by itself.
pub(super) const FIELDS: [&str; 7] = [
    "dayZeroStatus",
    "referredDocumentNumber",
    "hasApplications",
    "lastAppliedOn",
    "canBeApplied",
    "canBeVoided",
    "canBePosted",
];

/// Finds a memo and opens the book of its customer.
pub(super) fn open(session: &mut Session<'_>, key: &str, is_write: bool) -> Answer<FoundDocument> {
    let found = session.find(&["creditMemo"], key)?;
    session.open(&found.account, is_write)?;
    Ok(found)
}

/// `GET …/{id}`.
pub(super) fn one(session: &mut Session<'_>, key: &str) -> Answer<Value> {
    let found = open(session, key, false)?;
    memo(session, &found)
}

/// The row of a memo of the open book.
pub(super) fn row(session: &mut Session<'_>, found: &FoundDocument) -> Answer<Value> {
    let rows = session.rows(&json!({
        "of": "creditMemo", "where": { "id": found.id }, "fields": query_fields(&FIELDS) }))?;
    let row = rows.into_iter().next();
    row.ok_or_else(|| Problem::not_found(&found.id).into())
}

/// A memo of the open book as the dialect shows it.
pub(super) fn memo(session: &mut Session<'_>, found: &FoundDocument) -> Answer<Value> {
    let row = row(session, found)?;
    let parts = parts_of(session, &found.id)?;
    let account = session.account(&found.account)?;
    Ok(shown(session, &row, &parts, account.as_ref()))
}

/// What one memo has on invoices now.
fn parts_of(session: &mut Session<'_>, memo: &str) -> Answer<Vec<Value>> {
    applications(
        session,
        &json!({ "sourceId": memo, "targetType": "invoice" }),
    )
}

/// What is on invoices now in the open book, each with the day of its last application.
pub(super) fn applications(session: &mut Session<'_>, conditions: &Value) -> Answer<Vec<Value>> {
    let parts = session.rows(&whole_query("part", conditions))?;
    let history = session.rows(&whole_query("application", conditions))?;
    Ok(with_days(parts, &history))
}

/// The same of several memos in the books of their accounts.
pub(super) fn listed_applications(
    session: &mut Session<'_>,
    accounts: &[String],
    memos: &[String],
) -> Answer<Vec<Value>> {
    let conditions = json!({ "sourceId": { "in": memos }, "targetType": "invoice" });
    let mut rows = |kind: &str| {
        let query = whole_query(kind, &conditions);
        let rows = listing::rows(session, Some(accounts), &query, &[])?;
        Ok::<Vec<_>, Stop>(rows.into_iter().map(|(row, _)| row).collect())
    };

    let parts = rows("part")?;
    let history = rows("application")?;
    Ok(with_days(parts, &history))
}

/// All rows of a kind that meet conditions.
fn whole_query(kind: &str, conditions: &Value) -> Value {
    json!({ "of": kind, "where": conditions, "page": { "size": ALL_ROWS } })
}

/// Parts with the day of the last application between both sides.
fn with_days(mut parts: Vec<Value>, history: &[Value]) -> Vec<Value> {
    // The history is in order, so the last application between two documents takes the place of those before.
    let mut last_days = BTreeMap::new();
    for application in history {
        if let Some(day) = application.get("at") {
            last_days.insert(sides_of(application), day);
        }
    }

    for part in &mut parts {
        let day = last_days.get(&sides_of(part)).copied().cloned();
        if let (Some(part), Some(day)) = (part.as_object_mut(), day) {
            part.insert("at".into(), day);
        }
    }
    parts
}

/// The documents between which something is applied.
fn sides_of(row: &Value) -> [Option<&str>; 2] {
    ["sourceId", "targetId"].map(|side| row.get(side)?.as_str())
}

/// Texts and days that a row shows: the field of the dialect, and that of the row.
const TEXTS: [(&str, &str); 10] = [
    ("id", "id"),
    ("customer_id", "accountId"),
    ("invoice_id", "referredDocumentId"),
    ("invoice_number", "referredDocumentNumber"),
    ("number", "number"),
    ("status", "dayZeroStatus"),
    ("currency", "currency"),
    ("issue_date", "date"),
    ("description", "comment"),
    ("voided_reason", "cancelComment"),
];

/// Days that are shown as moments.
const MIDNIGHTS: [(&str, &str); 2] = [
    ("applied_date", "lastAppliedOn"),
    ("voided_at", "canceledOn"),
];

/// What can be done with a memo, and whether something of it is applied.
const FLAGS: [(&str, &str); 4] = [
    ("can_be_applied", "canBeApplied"),
    ("can_be_voided", "canBeVoided"),
    // Drafts alone, as they can be posted.
    ("can_be_deleted", "canBePosted"),
    ("has_applications", "hasApplications"),
];

/// Amounts: in cents, in dollars, and that of the row.
const AMOUNTS: [([&str; 2], &str); 3] = [
    (["amount", "amount_in_dollars"], "amount"),
    (
        ["amount_remaining", "amount_remaining_in_dollars"],
        "unappliedAmount",
    ),
    (
        ["restocking_fee", "restocking_fee_in_dollars"],
        "restockingFee",
    ),
];

/// A row with its parts, as the dialect shows it. `account` is what the directory knows of the customer.
pub(super) fn shown(
    session: &Session<'_>,
    row: &Value,
    parts: &[Value],
    account: Option<&Value>,
) -> Value {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let flag = |name: &str| row.get(name).and_then(Value::as_bool).unwrap_or(false);

    let mut memo = Map::new();
    for (field, of_row) in TEXTS {
        memo.insert(field.into(), json!(text(of_row)));
    }
    for (field, of_row) in MIDNIGHTS {
        memo.insert(field.into(), json!(text(of_row).map(midnight)));
    }
    for (field, of_row) in FLAGS {
        memo.insert(field.into(), json!(flag(of_row)));
    }
    for (names, of_row) in AMOUNTS {
        if let Some(amount) = text(of_row) {
            amounts::put(&mut memo, names, amount);
        }
    }

    let names = ["amount_applied", "amount_applied_in_dollars"];
    if let Some(used) = used(row) {
        amounts::put(&mut memo, names, &used);
    }

    memo.insert("business_id".into(), json!(business(session)));
    let name = account.and_then(|account| account.get("data")?.get("name").cloned());
    memo.insert("customer_name".into(), json!(name));
    put_reason(&mut memo, text("reasonCode").unwrap_or("other"));
    put_kept(&mut memo, row);

    let mine = parts.iter();
    let mine = mine.filter(|part| part.get("sourceId").and_then(Value::as_str) == text("id"));
    memo.insert("applications".into(), mine.map(application).collect());
    Value::Object(memo)
}

/// Adds a reason, and how it is shown.
fn put_reason(memo: &mut Map<String, Value>, reason: &str) {
    let label = REASONS.iter().find(|(code, _)| *code == reason);
    let label = label.map_or(reason, |(_, label)| label);
    memo.insert("reason".into(), json!(reason));
    memo.insert("reason_display".into(), json!(label));
}

/// Adds what the host's fields of a row say.
fn put_kept(memo: &mut Map<String, Value>, row: &Value) {
    let fields = row.get("customFields");
    let kept = |name: &str| fields.and_then(|fields| fields.get(name)?.as_str());

    let created = kept("createdDate").map(moment);
    let changed = row.get("updatedOn").and_then(Value::as_str);
    let lines = kept("lineItems").and_then(|lines| serde_json::from_str::<Value>(lines).ok());

    memo.insert(
        "updated_at".into(),
        json!(updated(created.as_deref(), changed)),
    );
    memo.insert("created_at".into(), json!(created));
    memo.insert("internal_notes".into(), json!(kept("internalNotes")));
    memo.insert("line_items".into(), json!(lines));
}

/// What is used of a memo: DayZero has no word for what was refunded, and `amount` is what is used and what remains.
/// `None` where a row lacks one of the two.
fn used(row: &Value) -> Option<String> {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    exact::difference(text("amount")?, text("unappliedAmount")?)
}

/// An application: what a memo has on an invoice now.
pub(super) fn application(part: &Value) -> Value {
    let text = |name: &str| part.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut shown = Map::new();
    // There is one for each invoice, so both names together are its own.
    shown.insert(
        "id".into(),
        json!(format!("{}-{}", text("sourceId"), text("targetId"))),
    );
    shown.insert("credit_memo_id".into(), json!(text("sourceId")));
    shown.insert("invoice_id".into(), json!(text("targetId")));
    amounts::put(
        &mut shown,
        ["amount_applied", "amount_applied_dollars"],
        text("amount"),
    );
    shown.insert("applied_at".into(), json!(midnight(text("at"))));
    shown.insert("applied_by_user_id".into(), Value::Null);
    Value::Object(shown)
}

/// The business of a request, which its header names.
fn business<'r>(session: &Session<'r>) -> &'r str {
    let header = session.request.header(BUSINESS);
    header.unwrap_or_default()
}

/// A moment `yyyy-mm-dd hh:mm:ss` as the dialect writes it.
fn moment(text: &str) -> String {
    format!("{}Z", text.replace(' ', "T"))
}

fn midnight(day: &str) -> String {
    format!("{day}T00:00:00Z")
}

/// The later of the moment of creation and the day of the last change.
fn updated(created: Option<&str>, changed: Option<&str>) -> Option<String> {
    let changed = changed.map(midnight);
    created.map(str::to_owned).max(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_has_the_decimals_of_the_amount() {
        let row = |amount: &str, unapplied: &str| json!({ "amount": amount, "unappliedAmount": unapplied });
        assert_eq!(used(&row("12.30", "2.30")).as_deref(), Some("10.00"));
        assert_eq!(used(&row("12.30", "12.30")).as_deref(), Some("0.00"));
        assert_eq!(used(&row("700", "1")).as_deref(), Some("699"));

        // An amount that is not there is not zero.
        assert_eq!(used(&json!({ "amount": "12.30" })), None);
    }
}
