//! Collects what is owed by a payment that a gateway takes: of a debit memo, after what its account has is applied, and
//! of the invoices of an account.

use super::create::{account_id, carry_out};
use super::tables::{CREDIT_MEMO, DEBIT_MEMO, INVOICE, PAYMENT, Resource};
use super::{accounts, add_kept, bodies, command, key, read, stamp};
use crate::rest::body::{self, stated};
use crate::rest::exact;
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::{ALL_ROWS, FoundDocument, Session};
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

    // Read after that, so nobody is charged what a credit memo has paid just now.
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

/// Applies what the account has. Returns each source with what was applied of it, by its kind.
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
    let group = done.get("applicationGroupId");
    let Some(group) = group.filter(|group| !group.is_null()) else {
        return Ok(Vec::new());
    };
    let rows = session.rows(&json!({
        "of": "application",
        "where": { "applicationGroupId": group },
        "page": { "size": ALL_ROWS },
    }))?;

    let mut applied = Vec::new();
    for row in rows {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let kind = text("sourceType");
        let mut known = SOURCES.into_iter();
        let Some((_, resource)) = known.find(|(_, resource)| resource.kind == kind) else {
            continue;
        };

        let source = read::row(session, resource, text("sourceId"))?;
        let unapplied = source.get("unappliedAmount").and_then(Value::as_str);
        let entry = json!({
            "id": text("sourceId"),
            "number": source.get("number"),
            "appliedAmount": exact::number(text("amount")),
            "unappliedAmount": exact::number(unapplied.unwrap_or_default()),
        });
        applied.push((kind.to_owned(), entry));
    }
    Ok(applied)
}

/// A payment of what is left of a debit memo.
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

    let ways = [method, gateway.unwrap_or("")];
    let (made, row) = charge(session, &memo.account, pay, ways, body)?;
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

/// Carries out a command that makes a payment. The gateway is the host's, which is told of it.
fn charge(
    session: &mut Session<'_>,
    account: &str,
    mut pay: Map<String, Value>,
    [method, gateway]: [&str; 2],
    body: &Map<String, Value>,
) -> Answer<(FoundDocument, Value)> {
    pay.insert("electronic".into(), json!(true));

    // The engine knows that a gateway moves the money, and not which one or how.
    let mut kept = stamp(session);
    kept.insert("type".into(), json!("Electronic"));
    kept.insert("paymentMethodId".into(), json!(method));
    if !gateway.is_empty() {
        kept.insert("gatewayId".into(), json!(gateway));
    }
    add_kept(&mut pay, kept);

    let made = carry_out(session, &PAYMENT, account, None, pay)?;
    let row = read::row(session, &PAYMENT, &made.id)?;

    session.effects.push(json!({
        "type": "gateway",
        "documentType": PAYMENT.kind,
        "documentId": made.id,
        "accountId": account,
        "request": body,
    }));
    Ok((made, row))
}

/// What an account says of how it pays.
const USUAL_METHODS: [&str; 3] = [
    "defaultPaymentMethodId",
    "paymentMethodId",
    "hpmCreditCardPaymentMethodId",
];

/// `POST /operations/invoice-collect`: posts the drafts of invoices of an account and collects what all its invoices
/// have open, or what the one has that the body names. No subscriptions are here, so no invoice is generated.
pub(super) fn invoices(session: &mut Session<'_>) -> Answer<Value> {
    let body = session.body()?;
    body::read(&body, "", bodies::INVOICE_COLLECT)?;
    let account = stated(&body, "accountKey").unwrap_or_default();
    let (account, data) = accounts::found(session, account)?;
    let id = account_id(&account);
    let mut usual = USUAL_METHODS.into_iter();
    let method = stated(&body, "paymentMethodId")
        .or_else(|| usual.find_map(|name| stated(&data, name)))
        .ok_or_else(|| Problem::missing("paymentMethodId"))?;
    let gateway = stated(&body, "paymentGateway").or(stated(&data, "paymentGateway"));
    let named = match stated(&body, "invoiceId") {
        None => None,
        Some(key) => Some(invoice_of(session, &id, key)?),
    };

    session.open(&id, true)?;
    let mut pay = match &named {
        Some(invoice) => {
            let mut pay = command(session, "pay", &INVOICE);
            pay.insert(INVOICE.id_field.into(), json!(invoice.id));
            pay
        }
        None => {
            post_drafts(session, &id)?;
            let mut pay = command(session, "create", &PAYMENT);
            pay.insert("invoices".into(), json!("allOpen"));
            pay
        }
    };
    pay.insert("accountId".into(), json!(id));
    let currency = account.get("currency").cloned();
    pay.insert("currency".into(), currency.unwrap_or_default());

    let ways = [method, gateway.unwrap_or("")];
    let paid = session.attempt(|session| charge(session, &id, pay, ways, &body))?;
    let (made, row) = match paid {
        Ok(paid) => paid,
        // Nobody who collects knows whether anything is owed.
        Err(problem) if problem.engine_code() == Some("nothingToSettle") && named.is_none() => {
            return Ok(json!({ "amountCollected": "0", "creditMemos": [], "invoices": [] }));
        }
        Err(problem) => return Err(problem.into()),
    };
    Ok(json!({
        "amountCollected": row.get("amount"),
        "creditMemos": [],
        "invoices": paid_invoices(session, &made.id)?,
        "paymentId": made.id,
    }))
}

/// An invoice of an account, by its identifier or number.
fn invoice_of(session: &mut Session<'_>, account: &str, key: &str) -> Answer<FoundDocument> {
    let invoice = session.find(&[INVOICE.kind], key)?;
    if invoice.account == account {
        return Ok(invoice);
    }
    let message = "The invoice is not one of the account.";
    Err(Problem::rule(message).at("invoiceId").into())
}

/// Posts the drafts of invoices of an account.
fn post_drafts(session: &mut Session<'_>, account: &str) -> Answer<()> {
    let drafts = session.rows(&json!({
        "of": INVOICE.kind,
        "where": { "accountId": account, "status": "draft" },
        "fields": ["id"],
        "page": { "size": ALL_ROWS },
    }))?;

    for draft in drafts {
        let mut post = command(session, "post", &INVOICE);
        post.insert(
            INVOICE.id_field.into(),
            draft.get("id").cloned().unwrap_or_default(),
        );
        session.execute(&post)?;
    }
    Ok(())
}

/// The invoices that a payment is applied to.
fn paid_invoices(session: &mut Session<'_>, payment: &str) -> Answer<Vec<Value>> {
    let parts = session.rows(&json!({
        "of": "part",
        "where": { "sourceId": payment },
        "page": { "size": ALL_ROWS },
    }))?;

    let ids: Vec<_> = parts
        .iter()
        .filter_map(|part| part.get("targetId"))
        .collect();

    let rows = session.rows(&json!({
        "of": INVOICE.kind,
        "where": { "id": { "in": ids } },
        "page": { "size": ALL_ROWS },
    }))?;

    let rows = rows.iter().map(|row| {
        json!({
            "invoiceId": row.get("id"),
            "invoiceNumber": row.get("number"),
            "invoiceAmount": row.get("amount"),
        })
    });
    Ok(rows.collect())
}
