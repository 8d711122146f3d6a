//! Reads documents, their items and taxes.

use super::lists::ListRequest;
use super::tables::{ITEM_EXTRA, RESOURCES, Resource};
use super::{key, tables};
use crate::rest::columns::{query_fields, shown};
use crate::rest::exact;
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::request::ClientRequest;
use crate::rest::session::{ALL_ROWS, FoundDocument, Session};
use serde_json::{Map, Value, json};

/// Finds a document by its identifier or number and opens the book of its account.
pub(super) fn open(
    session: &mut Session<'_>,
    resource: &Resource,
    key: &str,
    is_write: bool,
) -> Answer<FoundDocument> {
    let found = session.find(&[resource.kind], key)?;
    session.open(&found.account, is_write)?;
    Ok(found)
}

/// The row of a document of the open book.
pub(super) fn row(session: &mut Session<'_>, resource: &Resource, id: &str) -> Answer<Value> {
    let rows = session.rows(&json!({
        "of": resource.kind,
        "where": { "id": id },
        "fields": query_fields(resource.extra),
    }))?;
    let row = rows.into_iter().next();
    row.ok_or_else(|| Problem::not_found(id).into())
}

/// A document as an answer shows it.
pub(super) fn document(
    session: &mut Session<'_>,
    resource: &Resource,
    document: &FoundDocument,
) -> Answer<Value> {
    let mut row = row(session, resource, &document.id)?;
    add_net(&mut row);

    // Only answers about invoices tell what credit memos settled from what payments did.
    if resource.kind == tables::INVOICE.kind {
        add_settled(session, &mut row, &document.id)?;
    }

    let account = session.account(&document.account)?.unwrap_or_default();
    let number = account.get("number").cloned().unwrap_or_default();
    Ok(Value::Object(shown(&row, resource.columns, &number)))
}

/// What credit memos and payments have settled of an invoice.
fn add_settled(session: &mut Session<'_>, row: &mut Value, id: &str) -> Answer<()> {
    let parts = session.rows(&json!({
        "of": "part",
        "where": { "targetId": id },
        "page": { "size": ALL_ROWS },
    }))?;

    for (name, kind) in [
        ("creditMemoAmount", "creditMemo"),
        ("paymentAmount", "payment"),
    ] {
        let of_kind = parts
            .iter()
            .filter(|part| part.get("sourceType").and_then(Value::as_str) == Some(kind));
        let mut amounts = of_kind.filter_map(|part| part.get("amount")?.as_str());
        let sum = amounts.try_fold("0".to_owned(), |sum, amount| exact::sum(&sum, amount));

        if let Some(row) = row.as_object_mut() {
            row.insert(name.into(), json!(sum));
        }
    }
    Ok(())
}

/// What an amount is without its taxes.
fn add_net(row: &mut Value) {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(amount), Some(tax)) = (text("amount"), text("taxAmount")) else {
        return;
    };
    let net = exact::difference(&amount, &tax);
    if let Some(row) = row.as_object_mut() {
        row.insert("amountWithoutTax".into(), json!(net));
    }
}

/// `GET …/{key}`.
pub(super) fn one(session: &mut Session<'_>, resource: &Resource, keys: &[&str]) -> Answer<Value> {
    let found = open(session, resource, key(keys, 0)?, false)?;
    document(session, resource, &found)
}

/// The items of a document of the open book, with its row.
fn item_rows(
    session: &mut Session<'_>,
    resource: &Resource,
    id: &str,
) -> Answer<(Value, Vec<Value>)> {
    let document = row(session, resource, id)?;
    let rows = session.rows(&json!({
        "of": "item",
        "where": { "documentId": id },
        "fields": query_fields(ITEM_EXTRA),
        "page": { "size": ALL_ROWS },
    }))?;
    Ok((document, rows))
}

/// The kind of the document that items of another one credit or debit.
fn source_kind(session: &mut Session<'_>, rows: &[Value]) -> Answer<Option<&'static str>> {
    let source = rows
        .iter()
        .find_map(|row| row.get("sourceDocumentId")?.as_str());
    let Some(source) = source.map(str::to_owned) else {
        return Ok(None);
    };

    let rows = session.rows(&json!({
        "of": "document",
        "where": { "id": source },
        "fields": ["type"],
    }))?;

    let kind = rows.first().and_then(|row| row.get("type")?.as_str());
    let resource = RESOURCES
        .into_iter()
        .find(|resource| kind == Some(resource.kind));
    Ok(resource.map(|resource| resource.kind))
}

/// The items of a document as answers show them.
pub(super) fn shown_items(
    session: &mut Session<'_>,
    resource: &Resource,
    id: &str,
) -> Answer<Vec<Map<String, Value>>> {
    let (document, rows) = item_rows(session, resource, id)?;
    let source = source_kind(session, &rows)?;
    let request = session.request;
    let rows = rows.into_iter();
    let rows = rows.map(|row| shown_row(request, resource, row, &document, source));
    Ok(rows.collect())
}

/// An item as answers show it. `document` is the row of its document, and `source` the kind of the one that it credits
/// or debits.
pub(in crate::rest) fn shown_row(
    request: &ClientRequest,
    resource: &Resource,
    mut row: Value,
    document: &Value,
    source: Option<&str>,
) -> Map<String, Value> {
    complete(&mut row, document, source);
    let taxes = taxes_of(&row, resource);

    let mut item = shown(&row, resource.item_columns, &Value::Null);
    item.insert("taxationItems".into(), json!({ "data": taxes }));
    // Older versions of the interface have other names.
    if !request.is_since(239) {
        item.insert(older_taxes(resource).into(), json!(taxes));
    }
    if !request.is_since(257)
        && let Some(description) = item.get("description").cloned()
    {
        item.insert("comment".into(), description);
    }
    item
}

fn older_taxes(resource: &Resource) -> &'static str {
    if resource.kind == tables::CREDIT_MEMO.kind {
        "creditTaxItems"
    } else {
        "taxItems"
    }
}

/// Adds to the row of an item what answers say of it in other words.
fn complete(row: &mut Value, document: &Value, source: Option<&str>) {
    let taxes = row.get("taxItems").and_then(Value::as_array);
    let taxes = taxes.into_iter().flatten();
    let mut tax_amounts = taxes.filter_map(|tax| tax.get("amount")?.as_str());
    let tax = tax_amounts.try_fold("0".to_owned(), |sum, tax| exact::sum(&sum, tax));

    let net = row.get("amount").and_then(Value::as_str).map(str::to_owned);
    let is_inclusive = row.get("taxMode").and_then(Value::as_str) == Some("inclusive");
    let tax_mode = if is_inclusive {
        "TaxInclusive"
    } else {
        "TaxExclusive"
    };

    // The engine has amounts net. An item whose amount was stated with its tax is shown so.
    let gross = match (&net, &tax) {
        (Some(net), Some(tax)) if is_inclusive => exact::sum(net, tax),
        _ => net.clone(),
    };

    let processing = match row.get("processingType").and_then(Value::as_str) {
        Some("discount") => "Discount",
        Some("prepayment") => "Prepayment",
        Some("rounding") => "Rounding",
        _ => "Charge",
    };

    let source_line = row.get("sourceLineId").filter(|line| !line.is_null());
    let source_line = source_line.cloned();
    let charge = row.pointer("/customFields/chargeId").cloned();
    let (source_item, source_type) = match (&source_line, charge) {
        (Some(line), _) => (Some(line.clone()), Some("InvoiceDetail")),
        (None, Some(charge)) => (Some(charge), Some("ProductRatePlanCharge")),
        (None, None) => (None, None),
    };
    let credited_kind = source_line.as_ref().map(|_| match source {
        Some("creditMemo") => "CreditMemoItem",
        Some("debitMemo") => "DebitMemoItem",
        _ => "InvoiceItem",
    });

    let additions = [
        ("amountWithoutTax", json!(net)),
        ("amount", json!(gross)),
        ("taxAmount", json!(tax)),
        ("taxMode", json!(tax_mode)),
        ("processingType", json!(processing)),
        ("sourceItemId", json!(source_item)),
        ("sourceItemType", json!(source_type)),
        ("creditFromItemSource", json!(credited_kind)),
    ];

    let Some(row) = row.as_object_mut() else {
        return;
    };
    row.extend(additions.map(|(name, value)| (name.to_owned(), value)));
    inherit(row, document);
}

/// An item was created and changed with its document.
fn inherit(row: &mut Map<String, Value>, document: &Value) {
    let of_document = |name: &str| document.get("customFields")?.get(name).cloned();

    let changed = document.get("updatedOn").and_then(Value::as_str);
    let inherited = [
        ("createdById", of_document("createdById")),
        ("createdDate", of_document("createdDate")),
        ("updatedById", of_document("updatedById")),
        (
            "updatedDate",
            changed.map(|day| json!(format!("{day} 00:00:00"))),
        ),
    ];

    let fields = row.entry("customFields").or_insert_with(|| json!({}));
    let Some(fields) = fields.as_object_mut() else {
        return;
    };
    for (name, value) in inherited {
        if let Some(value) = value {
            fields.entry(name).or_insert(value);
        }
    }
}

/// The tax items of an item as answers show them. What the engine does not know of them is kept on the item.
fn taxes_of(item: &Value, resource: &Resource) -> Vec<Value> {
    let details = item
        .get("customFields")
        .and_then(|fields| fields.get("taxDetails"));
    let details = details.and_then(Value::as_str).unwrap_or("{}");

    // Custom fields are open to every client of the book, so the text may be no JSON.
    let details: Value = serde_json::from_str(details).unwrap_or_default();

    let taxes = item.get("taxItems").and_then(Value::as_array);
    let taxes = taxes.into_iter().flatten().map(|tax| {
        let mut tax = tax.clone();
        let id = tax.get("id").and_then(Value::as_str).unwrap_or_default();
        let kept = details.get(id).cloned();

        let source = tax
            .get("source")
            .and_then(|source| source.get("taxItemId"))
            .cloned();

        if let Some(tax) = tax.as_object_mut() {
            tax.insert("customFields".into(), kept.unwrap_or_default());
            tax.insert("sourceTaxItemId".into(), source.unwrap_or_default());
        }
        Value::Object(shown(&tax, resource.tax_columns, &Value::Null))
    });
    taxes.collect()
}

/// `GET …/{key}/items`.
pub(super) fn items(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let list = ListRequest::read(session, resource.item_columns)?;

    let found = open(session, resource, key(keys, 0)?, false)?;
    let rows = shown_items(session, resource, &found.id)?;
    let rows = list.sift(rows)?;
    let key = if resource.kind == "invoice" {
        "invoiceItems"
    } else {
        "items"
    };
    Ok(list.answer(session, key, rows))
}

fn shown_item(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Map<String, Value>> {
    let item = key(keys, 1)?;
    let found = open(session, resource, key(keys, 0)?, false)?;
    let rows = shown_items(session, resource, &found.id)?;

    let is_it = |row: &Map<String, Value>| row.get("id").and_then(Value::as_str) == Some(item);
    let row = rows.into_iter().find(is_it);
    row.ok_or_else(|| Problem::not_found(item).into())
}

/// `GET …/{key}/items/{item}`.
pub(super) fn item(session: &mut Session<'_>, resource: &Resource, keys: &[&str]) -> Answer<Value> {
    Ok(Value::Object(shown_item(session, resource, keys)?))
}

/// `GET …/{key}/items/{item}/taxation-items`.
pub(super) fn taxes(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let list = ListRequest::read(session, &[])?;
    let item = shown_item(session, resource, keys)?;
    let taxes = item
        .get("taxationItems")
        .and_then(|taxes| taxes.get("data")?.as_array());
    Ok(list.answer(session, "data", taxes.cloned().unwrap_or_default()))
}
