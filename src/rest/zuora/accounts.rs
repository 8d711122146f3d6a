//! Accounts: the directory of the host has them, and each has a book.

use super::create::account_id;
use super::tables::{INVOICE, PAYMENT};
use super::{jobs, key};
use crate::rest::body::{self, stated};
use crate::rest::columns::{query_fields, shown};
use crate::rest::exact;
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::{ALL_ROWS, Session};
use serde_json::{Map, Value, json};

/// The longest number of an account.
const MOST_NUMBER: usize = 70;
/// The most rows of each kind in a summary.
const MOST_LISTED: usize = 300;
/// What the numbers of accounts begin with.
const NUMBER_PREFIX: &str = "A";

/// `POST /accounts`.
pub(super) fn create(session: &mut Session<'_>) -> Answer<Value> {
    let body = session.body()?;
    for name in ["name", "currency", "billToContact"] {
        if body.get(name).is_none_or(Value::is_null) {
            return Err(Problem::missing(name).into());
        }
    }

    let name = body.get("name").unwrap_or(&Value::Null);
    body::words(name, "name", 255)?;
    let currency = body.get("currency").unwrap_or(&Value::Null);
    let currency = body::words(currency, "currency", 3)?;
    if currency.len() != 3 || !currency.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return Err(Problem::invalid("currency", "it is no code of three letters.").into());
    }

    if let Some(number) = body.get("accountNumber").filter(|number| !number.is_null()) {
        body::words(number, "accountNumber", MOST_NUMBER)?;
    }

    let id = session.new_id();

    // Contacts are kept as they came. Their identifiers name nothing else here.
    let [bill_to, sold_to] = [session.new_id(), session.new_id()];
    let mut data = body.clone();
    data.insert("createdDate".into(), json!(session.request.now));
    data.insert("billToContactId".into(), json!(bill_to));
    data.insert("soldToContactId".into(), json!(sold_to));

    let number = session.reserve(json!({
        "kind": "account",
        "id": id,
        "number": stated(&body, "accountNumber"),
        "prefix": NUMBER_PREFIX,
        "currency": currency,
        "data": data,
    }))?;
    Ok(json!({
        "accountId": id,
        "accountNumber": number,
        "billToContactId": bill_to,
        "soldToContactId": sold_to,
    }))
}

/// Under which name the directory keeps what clients changed of an account.
const CHANGED: &str = "accountData";
/// What never changes of an account.
const FIXED: [&str; 3] = ["currency", "accountNumber", "createdDate"];

/// An account, and what clients said of it.
pub(super) fn found(session: &mut Session<'_>, key: &str) -> Answer<(Value, Map<String, Value>)> {
    let account = session.account(key)?;
    let account = account.ok_or_else(|| Problem::not_found(key))?;
    let id = account_id(&account);

    let data = match session.kept(CHANGED, &id)? {
        Some(Value::Object(data)) => data,
        _ => {
            let data = account.get("data").and_then(Value::as_object);
            data.cloned().unwrap_or_default()
        }
    };
    Ok((account, data))
}

/// `PUT /accounts/{key}`.
pub(super) fn update(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let body = session.body()?;
    let (account, mut data) = found(session, key(keys, 0)?)?;
    for (name, value) in body {
        if FIXED.contains(&name.as_str()) && data.get(&name) != Some(&value) {
            let message = format!("'{name}' of an account does not change.");
            return Err(Problem::rule(&message).into());
        }
        data.insert(name, value);
    }

    session.keep(CHANGED, &account_id(&account), &Value::Object(data))?;
    Ok(json!({}))
}

/// `DELETE /accounts/{key}`: of an account whose book has no document. The log of its book stays.
pub(super) fn delete(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let (account, _) = found(session, key(keys, 0)?)?;
    let id = account_id(&account);
    session.open(&id, true)?;

    let documents = session.rows(&json!({
        "of": "document",
        "where": { "accountId": id },
        "fields": ["number"],
        "page": { "size": 1 },
    }))?;

    if let Some(document) = documents.first() {
        let number = document.get("number").and_then(Value::as_str);
        let number = number.unwrap_or_default();
        let message = format!("The account has documents, such as {number}. Delete them first.");
        return Err(Problem::rule(&message).into());
    }

    session.release(&id)?;
    let job = jobs::keep_done(session, "Account", "delete", &id)?;
    Ok(json!({ "id": id, "jobId": job, "jobStatus": "Pending" }))
}

/// `GET /accounts/{key}/summary`.
pub(super) fn summary(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let mut account = one(session, keys)?;
    let listed = [("invoices", &INVOICE), ("payments", &PAYMENT)];

    for (name, resource) in listed {
        let rows = session.rows(&json!({
            "of": resource.kind,
            "fields": query_fields(resource.extra),
            "page": { "size": MOST_LISTED },
        }))?;

        let rows: Vec<_> = rows
            .iter()
            .map(|row| shown(row, resource.columns, &Value::Null))
            .collect();
        if let Some(account) = account.as_object_mut() {
            account.insert(name.into(), json!(rows));
        }
    }
    Ok(account)
}

/// `GET /accounts/{key}`.
pub(super) fn one(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let (account, data) = found(session, key(keys, 0)?)?;
    let id = account_id(&account);
    let id = id.as_str();
    session.open(id, false)?;
    let sums = session.rows(&json!({ "of": "account", "page": { "size": ALL_ROWS } }))?;

    let currency = account.get("currency").cloned().unwrap_or_default();
    let is_own = |sum: &&Value| sum.get("currency") == Some(&currency);
    let own = sums.iter().find(is_own).cloned().unwrap_or_default();
    let field = |name: &str| data.get(name).cloned().unwrap_or_default();
    let all: Vec<_> = sums.iter().map(|sum| metrics(sum, &currency)).collect();
    Ok(json!({
        "basicInfo": {
            "id": account.get("id"),
            "accountNumber": account.get("number"),
            "name": field("name"),
            "notes": field("notes"),
            "status": "Active",
            "crmId": field("crmId"),
            "batch": field("batch"),
            "parentId": field("parentId"),
        },
        "billingAndPayment": {
            "currency": currency,
            "billCycleDay": field("billCycleDay"),
            "autoPay": field("autoPay"),
            "paymentTerm": field("paymentTerm"),
            "invoiceDeliveryPrefsEmail": field("invoiceDeliveryPrefsEmail"),
            "invoiceDeliveryPrefsPrint": field("invoiceDeliveryPrefsPrint"),
        },
        "billToContact": contact(&data, "billToContact", "billToContactId"),
        "soldToContact": contact(&data, "soldToContact", "soldToContactId"),
        "taxInfo": field("taxInfo"),
        "metrics": metrics(&own, &currency),
        "metricsData": all,
    }))
}

/// A contact of an account; without one to sell to, the one to bill.
fn contact(data: &Map<String, Value>, name: &str, id: &str) -> Value {
    let stated = data.get(name).or_else(|| data.get("billToContact"));
    let mut contact = stated.cloned().unwrap_or_default();
    if let Some(contact) = contact.as_object_mut() {
        contact.insert("id".into(), data.get(id).cloned().unwrap_or_default());
    }
    contact
}

/// What an account owes and has in a currency.
fn metrics(sum: &Value, currency: &Value) -> Value {
    let amount = |name: &str| exact::number(sum.get(name).and_then(Value::as_str).unwrap_or("0"));
    json!({
        "currency": sum.get("currency").unwrap_or(currency),
        "balance": amount("balance"),
        "totalInvoiceBalance": amount("invoiceBalance"),
        "totalDebitMemoBalance": amount("debitMemoBalance"),
        "unappliedCreditMemoAmount": amount("unappliedCreditMemoAmount"),
        "unappliedPaymentAmount": amount("unappliedPaymentAmount"),
        "creditBalance": exact::number("0"),
        "contractedMrr": exact::number("0"),
    })
}
