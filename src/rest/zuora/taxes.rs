//! Tax items that are named by themselves. Only a search over all accounts finds the document that has one.

use super::tables::{RESOURCES, Resource};
use super::update::whole_tax;
use super::{bodies, command, key, read};
use crate::rest::body::{self, stated};
use crate::rest::columns::shown;
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::Session;
use serde_json::{Map, Value, json};

/// A line that was found, in the open book.
struct FoundLine {
    row: Value,
    resource: &'static Resource,
    document: String,
}

/// Finds a line and opens the book of its account.
fn open(session: &mut Session<'_>, of: &str, id: &str, is_write: bool) -> Answer<FoundLine> {
    let fields = ["*", "documentId", "documentType", "accountId"];
    let fields: Vec<_> = match of {
        "taxItem" => fields.into_iter().chain(["itemId"]).collect(),
        _ => fields.into(),
    };

    let rows = session.rows_anywhere(&json!({
        "of": of,
        "where": { "id": id },
        "fields": fields,
    }))?;

    let row = rows.into_iter().next();
    let row = row.ok_or_else(|| Problem::not_found(id))?;

    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
    let kind = text("documentType");
    let resource = RESOURCES.into_iter().find(|resource| resource.kind == kind);
    let resource = resource.ok_or_else(|| Problem::not_found(id))?;

    session.open(text("accountId"), is_write)?;
    let document = text("documentId").to_owned();
    Ok(FoundLine {
        row,
        resource,
        document,
    })
}

/// A tax item as an answer shows it.
fn answer(session: &mut Session<'_>, found: &FoundLine) -> Answer<Value> {
    let item = found.row.get("itemId").and_then(Value::as_str);
    let keys = [found.document.as_str(), item.unwrap_or_default()];

    let item = read::item(session, found.resource, &keys)?;
    let taxes = item
        .pointer("/taxationItems/data")
        .and_then(Value::as_array);

    let id = found.row.get("id");
    let mut taxes = taxes.into_iter().flatten();
    let tax = taxes.find(|tax| tax.get("id") == id).cloned();

    let mut tax = match tax {
        Some(Value::Object(tax)) => tax,
        _ => shown(&found.row, found.resource.tax_columns, &Value::Null),
    };

    let is_invoice = found.resource.kind == "invoice";
    let item = found.row.get("itemId").cloned().unwrap_or_default();
    let (memo_item, invoice_item) = if is_invoice {
        (Value::Null, item)
    } else {
        (item, Value::Null)
    };

    tax.insert("memoItemId".into(), memo_item);
    tax.insert("invoiceItemId".into(), invoice_item);
    Ok(Value::Object(tax))
}

/// `GET /taxation-items/{id}`.
pub(super) fn one(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let found = open(session, "taxItem", key(keys, 0)?, false)?;
    answer(session, &found)
}

/// Changes the item of a tax.
fn change(session: &mut Session<'_>, found: &FoundLine, item: &Value, tax: Value) -> Answer<()> {
    let mut command = command(session, "update", found.resource);
    command.insert(found.resource.id_field.into(), json!(found.document));
    command.insert("items".into(), json!([{ "id": item, "taxItems": [tax] }]));
    session.execute(&command)?;
    Ok(())
}

/// `PUT /taxation-items/{id}`.
pub(super) fn update(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let body = session.body()?;
    let read = body::read(&body, "", bodies::CHANGED_TAX)?;
    let id = key(keys, 0)?;
    let found = open(session, "taxItem", id, true)?;
    let mut tax = whole_tax(&found.row);
    tax.extend(read.command);
    let item = found.row.get("itemId").cloned().unwrap_or_default();
    change(session, &found, &item, Value::Object(tax))?;
    answer(session, &found)
}

/// `DELETE /taxation-items/{id}`.
pub(super) fn delete(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let id = key(keys, 0)?;
    let found = open(session, "taxItem", id, true)?;
    let item = found.row.get("itemId").cloned().unwrap_or_default();
    change(session, &found, &item, json!({ "delete": id }))?;
    Ok(json!({}))
}

/// `POST /object/taxation-item`.
pub(super) fn create(session: &mut Session<'_>) -> Answer<Value> {
    let body = session.body()?;
    let read = body::read(&body, "", bodies::OBJECT_TAX)?;
    let item = stated(&body, "InvoiceItemId");
    let item = item.ok_or_else(|| Problem::missing("InvoiceItemId"))?;
    let found = open(session, "item", item, true)?;
    let id = session.new_id();

    let mut tax: Map<String, Value> = read.command;
    tax.insert("id".into(), json!(id));
    change(session, &found, &json!(item), json!({ "add": tax }))?;
    Ok(json!({ "Success": true, "Id": id }))
}
