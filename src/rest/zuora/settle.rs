//! Applies and takes back, refunds, writes off, reverses.

use super::create::carry_out;
use super::tables::{CREDIT_MEMO, DEBIT_MEMO, INVOICE, PAYMENT, REFUND, Resource};
use super::{add_kept, bodies, command, jobs, key, read, stamp};
use crate::rest::body::{self, objects, stated};
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::{FoundDocument, Session};
use serde_json::{Map, Value, json};

/// The most documents and lines that a request states.
const MOST_STATED: usize = 1000;
/// The one rule that a request can ask for.
const SOURCE_ITEM_RULE: &str = "ApplyCreditToSourceItemRule";

/// `PUT …/{key}/apply`.
pub(super) fn apply(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let found = settle(session, resource, "apply", key(keys, 0)?)?;
    read::document(session, resource, &found)
}

/// `PUT …/{key}/unapply`.
pub(super) fn unapply(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let found = settle(session, resource, "unapply", key(keys, 0)?)?;
    read::document(session, resource, &found)
}

/// The same as a job.
pub(super) fn in_job(
    session: &mut Session<'_>,
    resource: &Resource,
    verb: &str,
    keys: &[&str],
) -> Answer<Value> {
    let key = key(keys, 0)?;
    let memo = session.find(&[resource.kind], key)?;

    // A job is there for a command that is refused, too, and says why.
    let done = session.attempt(|session| settle(session, resource, verb, key))?;

    let operation = match (resource.kind, verb) {
        ("payment", _) => "AsyncPaymentApply",
        (_, "apply") => "AsyncCreditMemoApply",
        _ => "AsyncCreditMemoUnapply",
    };
    jobs::settled(session, operation, resource, &memo.id, &done.map(drop))
}

fn settle(
    session: &mut Session<'_>,
    resource: &Resource,
    verb: &str,
    key: &str,
) -> Answer<FoundDocument> {
    let body = session.body()?;
    let mut command = command(session, verb, resource);
    command.extend(body::read(&body, "", bodies::SETTLE)?.command);

    let has_targets = add_targets(&mut command, &body)?;
    if verb == "apply" && !has_targets {
        return Err(Problem::missing("invoices").into());
    }

    match stated(&body, "applicationRule") {
        None => {}
        Some(SOURCE_ITEM_RULE) => {
            command.insert("rule".into(), json!("sourceItem"));
        }
        Some(_) => {
            let why = format!("the one rule is `{SOURCE_ITEM_RULE}`.");
            return Err(Problem::invalid("applicationRule", &why).into());
        }
    }

    // What is wrong with the body alone is refused before a book is opened.
    let found = read::open(session, resource, key, true)?;
    command.insert(resource.id_field.into(), json!(found.id));

    let done = session.attempt(|session| session.execute(&command))?;
    match done {
        Ok(_) => Ok(found),
        Err(problem) if problem.engine_code() == Some("limitExceeded") => {
            Err(problem.advised(advice(verb, has_targets)).into())
        }
        Err(problem) => Err(problem.into()),
    }
}

/// What to do where an operation is too large, as the errors of Zuora advise.
fn advice(verb: &str, has_targets: bool) -> &'static str {
    match (verb, has_targets) {
        ("apply", _) => "Apply it to fewer documents at a time.",
        (_, true) => "Take it back from fewer documents at a time.",
        (_, false) => "Name documents or items, and take it back from a part of them at a time.",
    }
}

/// Adds the invoices and debit memos that a body states to a command. Whether there are any.
pub(super) fn add_targets(
    command: &mut Map<String, Value>,
    body: &Map<String, Value>,
) -> Answer<bool> {
    let kinds = [
        ("invoices", "invoiceId", "invoiceNumber"),
        ("debitMemos", "debitMemoId", "debitMemoNumber"),
    ];

    let mut has_any = false;
    for (list, id, number) in kinds {
        let mut targets = Vec::new();
        for (at, target) in objects(body, list, MOST_STATED)? {
            let mut read = body::read(target, &at, bodies::SETTLED_DOCUMENT)?.command;

            let key = stated(target, id).or_else(|| stated(target, number));
            let key = key.ok_or_else(|| Problem::missing(&format!("{at}{id}")))?;
            read.insert(id.into(), json!(key));

            let lines = lines(target, &at)?;
            if !lines.is_empty() {
                read.insert("items".into(), Value::Array(lines));
            }
            targets.push(Value::Object(read));
        }

        if !targets.is_empty() {
            has_any = true;
            command.insert(list.into(), Value::Array(targets));
        }
    }
    Ok(has_any)
}

/// The lines that a document of a body states.
fn lines(object: &Map<String, Value>, at: &str) -> Answer<Vec<Value>> {
    let lines = objects(object, "items", MOST_STATED)?.into_iter();
    let lines = lines.map(|(path, line)| {
        let read = body::read(line, &format!("{at}{path}"), bodies::SETTLED_LINE)?;
        Ok(Value::Object(read.command))
    });
    lines.collect()
}

/// `POST …/{key}/refund`.
pub(super) fn refund(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let body = session.body()?;
    let mut read = body::read(&body, "", bodies::REFUND)?;
    let is_electronic = check_way(&body, "methodType")?;
    if body.get("writeOff").and_then(Value::as_bool) == Some(true) {
        let message = "A refund does not write off: write the rest off by itself.";
        return Err(Problem::rule(message).into());
    }

    if is_electronic {
        read.command.insert("electronic".into(), json!(true));
    }

    let found = read::open(session, resource, key(keys, 0)?, true)?;
    let mut command = command(session, "refund", resource);
    command.insert(resource.id_field.into(), json!(found.id));
    command.extend(read.into_fields());
    let lines = lines(&body, "")?;
    if !lines.is_empty() {
        command.insert("items".into(), Value::Array(lines));
    }
    add_targets(&mut command, &body)?;

    let mut kept = stamp(session);
    kept.insert(resource.id_field.into(), json!(found.id));
    kept.insert("type".into(), way(is_electronic));
    add_kept(&mut command, kept);

    let made = carry_out(session, &REFUND, &found.account, None, command)?;
    read::document(session, &REFUND, &made)
}

/// How money moved, in the words of the interface.
pub(super) fn way(is_electronic: bool) -> Value {
    json!(if is_electronic {
        "Electronic"
    } else {
        "External"
    })
}

/// Whether money goes through a gateway: then its method is known there, and else it is stated.
pub(super) fn check_way(body: &Map<String, Value>, method: &str) -> Answer<bool> {
    let has_method = stated(body, method).is_some();
    let has_payment_method = stated(body, "paymentMethodId").is_some();
    match stated(body, "type") {
        None => Err(Problem::missing("type").into()),
        Some("External") if has_method || has_payment_method => Ok(false),
        Some("External") => Err(Problem::missing(method).into()),
        Some("Electronic") if has_method => {
            let message = format!("Of type `Electronic`, '{method}' is not stated.");
            Err(Problem::rule(&message).into())
        }
        Some("Electronic") if has_payment_method => Ok(true),
        Some("Electronic") => Err(Problem::missing("paymentMethodId").into()),
        Some(_) => Err(Problem::invalid("type", "it is `External` or `Electronic`.").into()),
    }
}

/// `PUT /credit-memos/{key}/write-off`.
pub(super) fn write_off_credit_memo(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    counterpart(session, &CREDIT_MEMO, "writeOff", key(keys, 0)?)
}

/// `PUT …/{key}/reverse`.
pub(super) fn reverse(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    counterpart(session, resource, "reverse", key(keys, 0)?)
}

/// Settles a document with a counterpart that is made for it.
fn counterpart(
    session: &mut Session<'_>,
    resource: &Resource,
    verb: &str,
    key: &str,
) -> Answer<Value> {
    let body = session.body()?;
    let read = body::read(&body, "", bodies::COUNTERPART)?;

    let mut command = command(session, verb, resource);
    command.extend(read.into_fields());
    if let Some(day) = body.get("applyEffectiveDate") {
        command.insert("at".into(), json!(body::day(day, "applyEffectiveDate")?));
    }
    let found = read::open(session, resource, key, true)?;
    make_counterpart(session, resource, &found, command)
}

/// `PUT …/{key}/write-off` of an invoice or debit memo.
pub(super) fn write_off_demand(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let body = session.body()?;
    let read = body::read(&body, "", bodies::WRITE_OFF)?;
    let mut command = command(session, "writeOff", resource);
    command.extend(read.into_fields());

    if stated(&body, "revenueImpacting") == Some("No") {
        command.insert("excludeFromRevenue".into(), json!(true));
    }

    let items = written_off(&body, resource)?;
    if !items.is_empty() {
        command.insert("items".into(), Value::Array(items));
    }

    let found = read::open(session, resource, key(keys, 0)?, true)?;
    make_counterpart(session, resource, &found, command)
}

/// `POST /invoices/{key}/write-off-async`.
pub(super) fn write_off_in_job(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let invoice = session.find(&[INVOICE.kind], key(keys, 0)?)?;
    let done = session.attempt(|session| write_off_demand(session, &INVOICE, keys))?;
    let done = done.map(drop);
    jobs::settled(
        session,
        "AsyncInvoiceWriteOff",
        &INVOICE,
        &invoice.id,
        &done,
    )
}

/// The lines that a write-off states.
fn written_off(body: &Map<String, Value>, resource: &Resource) -> Answer<Vec<Value>> {
    let item_field = format!("{}ItemId", resource.kind);

    let mut lines = Vec::new();
    for (at, item) in objects(body, "items", MOST_STATED)? {
        let id = stated(item, &item_field);
        let id = id.ok_or_else(|| Problem::missing(&format!("{at}{item_field}")))?;

        let amount = item.get("amountWithoutTax");
        if let Some(amount) = amount.filter(|amount| !amount.is_null()) {
            let amount = body::exact_number(amount, &format!("{at}amountWithoutTax"))?;
            lines.push(json!({ "itemId": id, "amount": amount }));
        }

        for (path, tax) in objects(item, "taxationItems", MOST_STATED)? {
            let id = stated(tax, "taxationItemId");
            let id = id.ok_or_else(|| Problem::missing(&format!("{at}{path}taxationItemId")))?;
            let amount = tax.get("amount").unwrap_or(&Value::Null);
            let amount = body::exact_number(amount, &format!("{at}{path}amount"))?;
            lines.push(json!({ "taxItemId": id, "amount": amount }));
        }
    }
    Ok(lines)
}

fn make_counterpart(
    session: &mut Session<'_>,
    resource: &Resource,
    found: &FoundDocument,
    mut command: Map<String, Value>,
) -> Answer<Value> {
    let made = if resource.kind == CREDIT_MEMO.kind {
        &DEBIT_MEMO
    } else {
        &CREDIT_MEMO
    };

    command.insert(resource.id_field.into(), json!(found.id));
    let mut kept = stamp(session);
    kept.insert("sourceType".into(), json!(resource.object_type));
    add_kept(&mut command, kept);

    let counterpart = carry_out(session, made, &found.account, None, command)?;
    Ok(json!({ (made.kind): { "id": counterpart.id } }))
}

/// Kinds that are applied to others.
pub(super) const SOURCES: [&str; 2] = [CREDIT_MEMO.kind, PAYMENT.kind];
