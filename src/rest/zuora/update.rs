//! Changes what memos say, and adds taxes to their items.

use super::create::{MOST_MEMOS, keep_details, result, tax_items};
use super::tables::{DEBIT_MEMO, INVOICE, Resource};
use super::{bodies, command, key, read};
use crate::rest::body::{self, BodyField, ReadBody, objects, stated};
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::{FoundDocument, Session};
use serde_json::{Map, Value, json};

/// The most items and tax items of a request.
const MOST_ITEMS: usize = 1000;
/// What a body takes away by `null`.
const CLEARED: [&str; 2] = ["comment", "reasonCode"];

/// The tables by which a change of a document is read.
struct ChangeTables {
    body: &'static [BodyField],
    /// The list of items.
    list: &'static str,
    item: &'static [BodyField],
    /// The tax items of a new item.
    new_tax: &'static [BodyField],
    /// Whether the tax items of an item that is there are new ones, too.
    adds_taxes: bool,
}

const MEMO_TABLES: ChangeTables = ChangeTables {
    body: bodies::UPDATE_MEMO,
    list: "items",
    item: bodies::UPDATE_ITEM,
    new_tax: bodies::FROM_INVOICE_TAX,
    adds_taxes: false,
};

const INVOICE_TABLES: ChangeTables = ChangeTables {
    body: bodies::UPDATE_INVOICE,
    list: "invoiceItems",
    item: bodies::UPDATE_INVOICE_ITEM,
    new_tax: bodies::INVOICE_TAX,
    adds_taxes: true,
};

/// `PUT …/{key}`.
pub(super) fn one(session: &mut Session<'_>, resource: &Resource, keys: &[&str]) -> Answer<Value> {
    let body = session.body()?;
    change(session, resource, &MEMO_TABLES, key(keys, 0)?, &body)
}

/// `PUT /invoices/{key}`.
pub(super) fn invoice(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let body = session.body()?;
    change(session, &INVOICE, &INVOICE_TABLES, key(keys, 0)?, &body)
}

/// `PUT /debit-memos`: the due dates of several debit memos, all of them or none.
pub(super) fn due_dates(session: &mut Session<'_>) -> Answer<Value> {
    let body = session.body()?;
    let changes = objects(&body, "debitMemos", MOST_MEMOS)?;
    if changes.is_empty() {
        return Err(Problem::missing("debitMemos").into());
    }

    let mut changed = Vec::new();
    for (at, change) in changes {
        let memo = stated(change, "id").or_else(|| stated(change, "memoKey"));
        let memo = memo.ok_or_else(|| Problem::missing(&format!("{at}id")))?;

        let path = format!("{at}dueDate");
        let day = change.get("dueDate").filter(|day| !day.is_null());
        let day = day.ok_or_else(|| Problem::missing(&path))?;
        let day = body::day(day, &path)?;
        changed.push((session.find(&[DEBIT_MEMO.kind], memo)?, day));
    }

    let accounts = changed.iter().map(|(memo, _)| memo.account.clone());
    session.open_together(accounts.collect())?;

    for (memo, day) in changed {
        session.open(&memo.account, true)?;
        let mut command = command(session, "update", &DEBIT_MEMO);
        command.insert(DEBIT_MEMO.id_field.into(), json!(memo.id));
        command.insert("dueDate".into(), json!(day));
        session.execute(&command)?;
    }
    Ok(json!({}))
}

/// `PUT …/bulk`: each memo by itself.
pub(super) fn bulk(session: &mut Session<'_>, resource: &Resource) -> Answer<Value> {
    let body = session.body()?;
    let mut results = Vec::new();
    let memos = objects(&body, "memos", MOST_MEMOS)?;
    for (place, (_, body)) in memos.into_iter().enumerate() {
        let id = stated(body, "id").map(str::to_owned);
        let done = session.attempt(|session| {
            let id = id.as_deref().ok_or_else(|| Problem::missing("id"))?;
            change(session, resource, &MEMO_TABLES, id, body)
        })?;
        results.push(result(session, done, place, id.as_deref()));
    }
    Ok(json!({ "memos": results }))
}

fn change(
    session: &mut Session<'_>,
    resource: &Resource,
    tables: &ChangeTables,
    key: &str,
    body: &Map<String, Value>,
) -> Answer<Value> {
    let mut command = command(session, "update", resource);
    command.extend(body::read(body, "", tables.body)?.into_fields());

    // Elsewhere, `null` leaves a field as it is.
    for name in CLEARED {
        if body.get(name).is_some_and(Value::is_null) {
            command.insert(name.into(), Value::Null);
        }
    }

    let changes = objects(body, tables.list, MOST_ITEMS)?;
    let found = read::open(session, resource, key, true)?;
    command.insert(resource.id_field.into(), json!(found.id));

    let mut items = Vec::new();
    for (at, change) in changes {
        items.push(item_change(session, tables, &found, change, &at)?);
    }
    if !items.is_empty() {
        command.insert("items".into(), Value::Array(items));
    }

    session.execute(&command)?;
    read::document(session, resource, &found)
}

/// A change of an item: a new one without `id`, else deleted or changed.
fn item_change(
    session: &mut Session<'_>,
    tables: &ChangeTables,
    memo: &FoundDocument,
    change: &Map<String, Value>,
    at: &str,
) -> Answer<Value> {
    let mut read = body::read(change, at, tables.item)?;
    let is_deleted = change.get("delete").and_then(Value::as_bool) == Some(true);
    let Some(id) = stated(change, "id") else {
        if is_deleted {
            return Err(Problem::missing(&format!("{at}id")).into());
        }
        return added_item(session, tables, read, change, at);
    };
    if is_deleted {
        return Ok(json!({ "delete": id }));
    }

    let taxes = if tables.adds_taxes {
        let taxes = new_taxes(session, tables, &mut read, change, at)?.into_iter();
        taxes.map(|tax| json!({ "add": tax })).collect()
    } else {
        changed_taxes(session, memo, id, change, at)?
    };
    if !taxes.is_empty() {
        read.command.insert("taxItems".into(), Value::Array(taxes));
    }
    read.command.insert("id".into(), json!(id));
    Ok(Value::Object(read.into_fields()))
}

/// A new item, as an update adds it.
fn added_item(
    session: &mut Session<'_>,
    tables: &ChangeTables,
    mut read: ReadBody,
    change: &Map<String, Value>,
    at: &str,
) -> Answer<Value> {
    let taxes = new_taxes(session, tables, &mut read, change, at)?;
    if !taxes.is_empty() {
        read.command.insert("taxItems".into(), Value::Array(taxes));
    }
    read.command.insert("id".into(), json!(session.new_id()));
    Ok(json!({ "add": read.into_fields() }))
}

/// Reads the new tax items of a change. What the engine does not know of them is kept on their item.
fn new_taxes(
    session: &mut Session<'_>,
    tables: &ChangeTables,
    read: &mut ReadBody,
    change: &Map<String, Value>,
    at: &str,
) -> Answer<Vec<Value>> {
    let taxes = tax_items(session, change, "taxItems", at, tables.new_tax)?;
    keep_details(&mut read.kept, taxes.details);
    Ok(taxes.items)
}

/// What a tax item has by names that a change leaves alone.
const TAX_FIELDS: [&str; 8] = [
    "id",
    "amount",
    "name",
    "jurisdiction",
    "locationCode",
    "taxCode",
    "rate",
    "exemptAmount",
];

/// The tax items of an item with their changes: the engine takes each as a whole.
fn changed_taxes(
    session: &mut Session<'_>,
    memo: &FoundDocument,
    item: &str,
    change: &Map<String, Value>,
    at: &str,
) -> Answer<Vec<Value>> {
    let changes = objects(change, "taxItems", MOST_ITEMS)?;
    if changes.is_empty() {
        return Ok(Vec::new());
    }

    let rows = session.rows(&json!({
        "of": "item",
        "where": { "documentId": memo.id, "id": item },
    }))?;
    let row = rows.into_iter().next();
    let row = row.ok_or_else(|| Problem::not_found(item))?;
    let taxes = row.get("taxItems").and_then(Value::as_array);
    let taxes = taxes.cloned().unwrap_or_default();

    let mut changed = Vec::new();
    for (path, change) in changes {
        let read = body::read(change, &format!("{at}{path}"), bodies::UPDATE_TAX)?;
        let id = stated(change, "id").unwrap_or_default();
        let is_it = |tax: &&Value| tax.get("id").and_then(Value::as_str) == Some(id);
        let tax = taxes.iter().find(is_it);
        let tax = tax.ok_or_else(|| Problem::not_found(id))?;

        let mut whole = whole_tax(tax);
        whole.extend(read.command);
        changed.push(Value::Object(whole));
    }
    Ok(changed)
}

/// All that a tax item says, as a command states it.
pub(super) fn whole_tax(tax: &Value) -> Map<String, Value> {
    let mut whole = Map::new();
    for name in TAX_FIELDS {
        if let Some(value) = tax.get(name).filter(|value| !value.is_null()) {
            whole.insert(name.into(), value.clone());
        }
    }
    let source = tax.get("source").and_then(|source| source.get("taxItemId"));
    if let Some(source) = source.filter(|source| !source.is_null()) {
        whole.insert("sourceTaxItemId".into(), source.clone());
    }
    whole
}

/// `POST …/{key}/taxation-items`: taxes that somebody else calculated.
pub(super) fn add_taxes(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let body = session.body()?;
    let name = "taxationItems";
    let taxes = tax_items(session, &body, name, "", bodies::NEW_TAX)?;
    if taxes.items.is_empty() {
        return Err(Problem::missing(name).into());
    }

    let found = read::open(session, resource, key(keys, 0)?, true)?;
    let item_field = if resource.kind == INVOICE.kind {
        "invoiceItemId"
    } else {
        "memoItemId"
    };

    // Of a document with one item, nobody has to say which item a tax is of.
    let only = only_item(session, &found)?;

    let mut changes = Vec::new();
    let mut answers = Vec::new();
    let stated_taxes = objects(&body, name, MOST_ITEMS)?;
    for ((path, stated_tax), mut tax) in stated_taxes.into_iter().zip(taxes.items) {
        let item = stated(stated_tax, item_field).map(str::to_owned);
        let item = item.or_else(|| only.clone());
        let item = item.ok_or_else(|| Problem::missing(&format!("{path}{item_field}")))?;

        changes.push(json!({ "id": item, "taxItems": [{ "add": tax.clone() }] }));

        // The answer has amounts and rates by the names that the client gave them.
        if let Some(tax) = tax.as_object_mut() {
            tax.remove("amount");
            tax.remove("rate");
            tax.insert(item_field.into(), json!(item));
            tax.extend(stated_tax.clone());
        }
        answers.push(tax);
    }

    if !taxes.details.is_empty() {
        let all = item_details(session, &found, &changes, taxes.details)?;
        changes.extend(all);
    }

    let mut command = command(session, "update", resource);
    command.insert(resource.id_field.into(), json!(found.id));
    command.insert("items".into(), Value::Array(changes));
    session.execute(&command)?;
    Ok(json!({ name: answers }))
}

/// The item of a document that has one only.
fn only_item(session: &mut Session<'_>, document: &FoundDocument) -> Answer<Option<String>> {
    let rows = session.rows(&json!({
        "of": "item",
        "where": { "documentId": document.id },
        "fields": ["id"],
        "page": { "size": 2 },
    }))?;
    let [row] = rows.as_slice() else {
        return Ok(None);
    };
    Ok(row.get("id").and_then(Value::as_str).map(str::to_owned))
}

/// The details of new tax items, together with those that their items have.
fn item_details(
    session: &mut Session<'_>,
    document: &FoundDocument,
    changes: &[Value],
    details: Map<String, Value>,
) -> Answer<Vec<Value>> {
    let mut by_item: Map<String, Value> = Map::new();
    for change in changes {
        let item = change.get("id").and_then(Value::as_str).unwrap_or_default();
        let tax = change.pointer("/taxItems/0/add/id").and_then(Value::as_str);
        let Some((tax, detail)) = tax.and_then(|tax| Some((tax, details.get(tax)?))) else {
            continue;
        };
        let known = by_item.entry(item).or_insert_with(|| json!({}));
        if let Some(known) = known.as_object_mut() {
            known.insert(tax.into(), detail.clone());
        }
    }

    let mut kept = Vec::new();
    for (item, added) in by_item {
        let rows = session.rows(&json!({
            "of": "item",
            "where": { "documentId": document.id, "id": item },
        }))?;

        // The details of an item are one text, so those that it has are written again with the new ones.
        let text = rows
            .first()
            .and_then(|row| row.pointer("/customFields/taxDetails")?.as_str());
        let known = serde_json::from_str(text.unwrap_or("{}")).unwrap_or_default();
        let (Value::Object(mut known), Value::Object(added)) = (known, added) else {
            continue;
        };
        known.extend(added);
        let text = Value::Object(known).to_string();
        kept.push(json!({ "id": item, "customFields": { "taxDetails": text } }));
    }
    Ok(kept)
}
