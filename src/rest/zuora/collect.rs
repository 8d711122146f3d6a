//! Collects a debit memo: with what its account has, then by a payment that a gateway takes.

use super::create::carry_out;
use super::tables::{CREDIT_MEMO, DEBIT_MEMO, PAYMENT, Resource};
use super::{add_kept, command, key, read, stamp};
use crate::rest::body::stated;
use crate::rest::exact;
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::{FoundDocument, Session};
use serde_json::{Map, Value, json};

/// What a request calls the sources of a collection.
const SOURCES: [(&str, &Resource); 2] =
    [("CreditMemo", &CREDIT_MEMO), ("UnappliedPayment", &PAYMENT)];

fn is_asked(body: &Map<String, Value>, name: &str) -> bool {
    body.get(name).and_then(Value::as_bool) == Some(true)
}

/// `POST /debit-memos/{key}/collect`.
pub(super) fn debit_memo(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let body = session.body()?;
    let sources = sources(&body)?;
    let found = read::open(session, &DEBIT_MEMO, key(keys, 0)?, true)?;
    let mut applied = Vec::new();
    if is_asked(&body, "applyCredit") {
        applied = apply_credit(session, &found, &sources)?;
    }
    let row = read::row(session, &DEBIT_MEMO, &found.id)?;
    let balance = row
        .get("balance")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let is_open = exact::value(balance).is_some_and(|balance| !balance.is_zero());
    let processed = if is_asked(&body, "collect") && is_open {
        pay(session, &found, &body, balance)?
    } else {
        Value::Null
    };

    let of_kind = |kind: &str| {
        let rows = applied.iter().filter(|(known, _)| known == kind);
        rows.map(|(_, row)| row.clone()).collect::<Vec<_>>()
    };
    Ok(json!({
        "debitMemo": { "id": found.id, "number": row.get("number") },
        "appliedCreditMemos": of_kind(CREDIT_MEMO.kind),
        "appliedPayments": of_kind(PAYMENT.kind),
        "processedPayment": processed,
    }))
}

/// The sources in the order that a body asks for.
fn sources(body: &Map<String, Value>) -> Answer<Vec<&'static str>> {
    let Some(order) = body
        .get("applicationOrder")
        .filter(|order| !order.is_null())
    else {
        return Ok(SOURCES.map(|(_, resource)| resource.kind).into());
    };
    let names = order.as_array().into_iter().flatten();
    let kinds = names.map(|name| {
        let known = SOURCES.into_iter().find(|(known, _)| name == *known);
        let why = "it has `CreditMemo` and `UnappliedPayment`.";
        let known = known.ok_or_else(|| Problem::invalid("applicationOrder", why))?;
        Ok(known.1.kind)
    });
    kinds.collect()
}

/// Applies what the account has, and tells what of each source.
fn apply_credit(
    session: &mut Session<'_>,
    memo: &FoundDocument,
    sources: &[&str],
) -> Answer<Vec<(String, Value)>> {
    let mut collect = command(session, "collect", &DEBIT_MEMO);
    collect.insert(DEBIT_MEMO.id_field.into(), json!(memo.id));
    collect.insert("sources".into(), json!(sources));
    let done = match session.attempt(|session| session.execute(&collect))? {
        Ok(done) => done,
        // Nobody who asks for it knows whether the account has anything.
        Err(problem) if problem.engine_code() == Some("nothingToSettle") => return Ok(Vec::new()),
        Err(problem) => return Err(problem.into()),
    };
    let Some(group) = done
        .get("applicationGroupId")
        .filter(|group| !group.is_null())
    else {
        return Ok(Vec::new());
    };
    let rows = session.rows(&json!({
        "of": "application",
        "where": { "applicationGroupId": group },
        "page": { "size": 1000 },
    }))?;

    let mut applied = Vec::new();
    for row in rows {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let kind = text("sourceType");
        let known = SOURCES
            .into_iter()
            .find(|(_, resource)| resource.kind == kind);
        let Some((_, resource)) = known else {
            continue;
        };
        let source = read::row(session, resource, text("sourceId"))?;
        let left = source.get("unappliedAmount").and_then(Value::as_str);
        let entry = json!({
            "id": text("sourceId"),
            "number": source.get("number"),
            "appliedAmount": exact::number(text("amount")),
            "unappliedAmount": exact::number(left.unwrap_or_default()),
        });
        applied.push((kind.to_owned(), entry));
    }
    Ok(applied)
}

/// A payment of what is left. The gateway is the host's, which is told of it.
fn pay(
    session: &mut Session<'_>,
    memo: &FoundDocument,
    body: &Map<String, Value>,
    amount: &str,
) -> Answer<Value> {
    let empty = Map::new();
    let payment = body
        .get("payment")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let method = stated(payment, "paymentMethodId");
    let method = method.ok_or_else(|| Problem::missing("payment.paymentMethodId"))?;
    let gateway = stated(payment, "gatewayId");
    let mut pay = command(session, "pay", &DEBIT_MEMO);
    pay.insert(DEBIT_MEMO.id_field.into(), json!(memo.id));
    pay.insert("amount".into(), json!(amount));
    pay.insert("electronic".into(), json!(true));
    let mut kept = stamp(session);
    kept.insert("type".into(), json!("Electronic"));
    kept.insert("paymentMethodId".into(), json!(method));
    kept.insert("gatewayId".into(), json!(gateway));
    add_kept(&mut pay, kept);
    let made = carry_out(session, &PAYMENT, &memo.account, None, pay)?;
    let row = read::row(session, &PAYMENT, &made.id)?;
    let effect = json!({
        "type": "gateway",
        "documentType": PAYMENT.kind,
        "documentId": made.id,
        "accountId": memo.account,
        "request": body,
    });
    session.effects.push(effect);
    Ok(json!({
        "id": made.id,
        "number": row.get("number"),
        "status": "Processed",
        "amount": exact::number(amount),
        "paymentMethodId": method,
        "gatewayId": gateway,
        "gatewayResponse": null,
        "gatewayResponseCode": null,
    }))
}
