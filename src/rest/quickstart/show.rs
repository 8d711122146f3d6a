//! Answers in the words of Quickstart: a memo, with what a request asks to see in addition to it.

use super::shape::AnswerShape;
use super::{CREDIT_MEMO, Memo, Work, field, items, names, text};
use crate::rest::exact;
use crate::rest::needs::Answer;
use serde_json::{Map, Value, json};

/// The most records of nested lists; the rest of the items is a list of their own.
const MOST_NESTED: usize = 99;
const MOST_APPLIED_TO: usize = 10;

/// `GET …/{key}`.
pub(super) fn one(work: &mut Work<'_>, memo: &Memo, key: &str) -> Answer<Value> {
    let answer = work.v1("GET", &[memo.v1_path, key], None)?;
    self::memo(work, memo, &answer)
}

/// A memo that v1 answers, as Quickstart shows it.
pub(super) fn memo(work: &mut Work<'_>, memo: &Memo, answer: &Value) -> Answer<Value> {
    let shape = AnswerShape::read(work)?;
    let shown = shaped(work, memo, answer, &shape)?;
    Ok(Value::Object(shown))
}

/// A memo with what is asked for in addition to it.
pub(super) fn shaped(
    work: &mut Work<'_>,
    memo: &Memo,
    answer: &Value,
    shape: &AnswerShape,
) -> Answer<Map<String, Value>> {
    let mut shown = document(work, memo, answer);

    let id = text(answer, "id").unwrap_or_default().to_owned();
    if shape.has("account") {
        let number = text(answer, "accountNumber").or_else(|| text(answer, "accountId"));
        let account = work.session().account(number.unwrap_or_default())?;
        shown.insert("account".into(), json!(account.as_ref().map(account_of)));
    }
    if shape.has("items") {
        let account = text(answer, "accountId").unwrap_or_default();
        let items = items::items_of(work, memo, account, &id, MOST_NESTED)?;
        shown.insert("items".into(), items);
    }

    if memo.resource.kind == CREDIT_MEMO.kind && shape.has("applied_to") {
        let parts = work.v1("GET", &[memo.v1_path, &id, "parts"], None)?;
        shown.insert("applied_to".into(), applied_to(&parts));
    }

    shape.cut(&mut shown);
    Ok(shown)
}

/// The fields of a memo itself.
fn document(work: &Work<'_>, memo: &Memo, answer: &Value) -> Map<String, Value> {
    let mut shown = names::shown(answer, memo.names);
    let net = difference(&field(answer, "amount"), &field(answer, "taxAmount"));
    shown.insert("subtotal".into(), net);

    let moments = [
        ("posted_time", "postedOn"),
        ("canceled_time", "cancelledOn"),
    ];
    let moments = moments.map(|(name, of_v1)| {
        let moment = text(answer, of_v1).map(names::time);
        (name.to_owned(), json!(moment))
    });
    shown.insert(
        "state_transitions".into(),
        Value::Object(moments.into_iter().collect()),
    );

    // A debit memo is owed once it is posted, until it is settled or canceled.
    if memo.resource.kind != CREDIT_MEMO.kind {
        let is_posted = text(answer, "status") == Some("Posted");
        let is_open = exact::decimal(&field(answer, "balance")).is_some_and(|open| open != "0");
        let is_due = text(answer, "dueDate").is_some_and(|due| due < work.request.today());
        shown.insert("paid".into(), json!(is_posted && !is_open));
        shown.insert("past_due".into(), json!(is_posted && is_open && is_due));
    }
    shown
}

/// An account as the directory knows it.
fn account_of(account: &Value) -> Value {
    json!({
        "id": field(account, "id"),
        "account_number": field(account, "number"),
        "currency": field(account, "currency"),
        "name": account.get("data").map_or(Value::Null, |data| field(data, "name")),
    })
}

/// The documents that a credit memo is applied to, by its parts.
fn applied_to(parts: &Value) -> Value {
    let parts = parts.get("parts").and_then(Value::as_array);
    let applied = parts.into_iter().flatten().filter_map(|part| {
        let (kind, document) = match (text(part, "invoiceId"), text(part, "debitMemoId")) {
            (Some(invoice), _) => ("invoice", invoice),
            (None, Some(memo)) => ("debit_memo", memo),
            (None, None) => return None,
        };
        Some(json!({
            "id": field(part, "id"),
            "amount": field(part, "amount"),
            "billing_document_id": document,
            "billing_document_type": kind,
        }))
    });
    applied.take(MOST_APPLIED_TO).collect()
}

/// One amount less another; nothing where one of them is absent.
fn difference(amount: &Value, less: &Value) -> Value {
    let [Some(amount), Some(less)] = [amount, less].map(exact::decimal) else {
        return Value::Null;
    };
    exact::difference(&amount, &less).map_or(Value::Null, |net| exact::number(&net))
}
