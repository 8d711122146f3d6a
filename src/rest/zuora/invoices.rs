//! Standalone invoices.

use super::create::{account_id, account_of, carry_out, keep_details, result, tax_items};
use super::tables::INVOICE;
use super::{add_kept, bodies, command, jobs, key, read, stamp, steps};
use crate::rest::body::{self, objects, stated};
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::{FoundDocument, Session};
use serde_json::{Map, Value, json};

/// The most items of an invoice, and the most discounts of an item.
const MOST_ITEMS: usize = 1000;
const MOST_DISCOUNTS: usize = 10;
/// The most invoices of a request.
const MOST_INVOICES: usize = 50;

/// `POST /invoices`.
pub(super) fn create(session: &mut Session<'_>) -> Answer<Value> {
    let body = session.body()?;
    invoice(session, &body)
}

/// `POST /invoices/batch`: each invoice by itself, or all or none.
pub(super) fn batch(session: &mut Session<'_>) -> Answer<Value> {
    let body = session.body()?;
    let is_atomic = body.get("useSingleTransaction").and_then(Value::as_bool) == Some(true);
    let invoices = objects(&body, "invoices", MOST_INVOICES)?;

    // One transaction is on books that are open together.
    if is_atomic {
        open_accounts(session, &invoices)?;
    }

    let mut results = Vec::new();
    for (place, (_, body)) in invoices.into_iter().enumerate() {
        if is_atomic {
            let made = invoice(session, body)?;
            results.push(result(session, Ok(made), place, None));
        } else {
            let done = session.attempt(|session| invoice(session, body))?;
            results.push(result(session, done, place, None));
        }
    }
    Ok(json!({ "invoices": results }))
}

/// Opens the books of all accounts that invoices are made for.
fn open_accounts(
    session: &mut Session<'_>,
    invoices: &[(String, &Map<String, Value>)],
) -> Answer<()> {
    let mut accounts = Vec::new();
    for (_, body) in invoices {
        accounts.push(account_id(&account_of(session, body)?));
    }
    if accounts.is_empty() {
        return Ok(());
    }
    session.open_together(accounts)
}

/// `POST /invoices/bulk-post`: each invoice by itself.
pub(super) fn bulk_post(session: &mut Session<'_>) -> Answer<Value> {
    let body = session.body()?;
    let invoices = objects(&body, "invoices", MOST_INVOICES)?;

    let mut results = Vec::new();
    for (place, (at, body)) in invoices.into_iter().enumerate() {
        let id = stated(body, "id").map(str::to_owned);
        let done = session.attempt(|session| {
            let id = id
                .as_deref()
                .ok_or_else(|| Problem::missing(&format!("{at}id")))?;
            post_invoice(session, id, body)?;
            Ok(json!({ "id": id }))
        })?;
        results.push(result(session, done, place, id.as_deref()));
    }
    Ok(json!({ "invoices": results }))
}

fn invoice(session: &mut Session<'_>, body: &Map<String, Value>) -> Answer<Value> {
    let read = body::read(body, "", bodies::INVOICE)?;
    let is_posted = match stated(body, "status") {
        None | Some("Draft") => false,
        Some("Posted") => true,
        Some(_) => return Err(Problem::invalid("status", "it is `Draft` or `Posted`.").into()),
    };
    let account = account_id(&account_of(session, body)?);

    let mut command = command(session, "create", &INVOICE);
    command.insert("accountId".into(), json!(account));
    command.extend(read.into_fields());
    if is_posted {
        command.insert("autoPost".into(), json!(true));
    }

    let mut items = Vec::new();
    for (at, item) in objects(body, "invoiceItems", MOST_ITEMS)? {
        add_item(session, item, &at, &mut items)?;
    }
    if items.is_empty() {
        return Err(Problem::missing("invoiceItems").into());
    }

    command.insert("items".into(), Value::Array(items));
    add_kept(&mut command, stamp(session));

    session.open(&account, true)?;
    let number = stated(body, "invoiceNumber").map(str::to_owned);
    let made = carry_out(session, &INVOICE, &account, number.as_deref(), command)?;
    read::document(session, &INVOICE, &made)
}

/// Adds an item with its discounts.
fn add_item(
    session: &mut Session<'_>,
    item: &Map<String, Value>,
    at: &str,
    items: &mut Vec<Value>,
) -> Answer<()> {
    let charge = new_item(session, item, at)?;
    let id = charge.get("id").cloned().unwrap_or_default();
    items.push(Value::Object(charge));

    for (path, discount) in objects(item, "discountItems", MOST_DISCOUNTS)? {
        let mut discount = new_item(session, discount, &format!("{at}{path}"))?;
        discount.insert("appliedToItemId".into(), id.clone());
        items.push(Value::Object(discount));
    }
    Ok(())
}

fn new_item(
    session: &mut Session<'_>,
    item: &Map<String, Value>,
    at: &str,
) -> Answer<Map<String, Value>> {
    let mut read = body::read(item, at, bodies::INVOICE_ITEM)?;

    let id = session.new_id();
    let taxes = tax_items(session, item, "taxItems", at, bodies::INVOICE_TAX)?;

    if !taxes.items.is_empty() {
        read.command
            .insert("taxItems".into(), Value::Array(taxes.items));
    }
    keep_details(&mut read.kept, taxes.details);

    let mut item = read.into_fields();
    item.insert("id".into(), json!(id));
    Ok(item)
}

/// `PUT /invoices/{key}/post`, with another date where the body states one.
pub(super) fn post(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let body = session.body()?;
    let found = post_invoice(session, key(keys, 0)?, &body)?;
    jobs::done(session, &INVOICE, "post", &found.id)
}

fn post_invoice(
    session: &mut Session<'_>,
    key: &str,
    body: &Map<String, Value>,
) -> Answer<FoundDocument> {
    let found = read::open(session, &INVOICE, key, true)?;

    // Only a draft can get another date, so that comes first.
    if let Some(day) = body.get("invoiceDate").filter(|day| !day.is_null()) {
        let mut update = command(session, "update", &INVOICE);
        update.insert("invoiceId".into(), json!(found.id));
        update.insert("date".into(), json!(body::day(day, "invoiceDate")?));
        session.execute(&update)?;
    }

    let mut post = command(session, "post", &INVOICE);
    post.insert("invoiceId".into(), json!(found.id));
    session.execute(&post)?;
    Ok(found)
}

/// `PUT /invoices/{key}/unpost`.
pub(super) fn unpost(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let found = steps::take(session, &INVOICE, "unpost", key(keys, 0)?)?;
    let invoice = read::document(session, &INVOICE, &found)?;
    Ok(json!({ "invoice": invoice }))
}

/// `DELETE /invoices/{key}`.
pub(super) fn delete(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let found = steps::take(session, &INVOICE, "delete", key(keys, 0)?)?;
    let job = jobs::keep_done(session, INVOICE.object_type, "delete", &found.id)?;
    Ok(json!({ "id": job, "status": "Completed" }))
}
