//! Parts: how much of a credit memo or payment is applied to what, and what is left of it. The engine names a part by
//! its two documents; here it has an identifier of 32 digits, which is a hash of theirs.

use super::lists::ListRequest;
use super::settle::SOURCES;
use super::tables::Resource;
use super::{key, read};
use crate::rest::exact;
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::{ALL_ROWS, Session};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// The identifier of what stands between documents or lines.
fn part_id(names: &[&str]) -> String {
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name.as_bytes());

        // No identifier has a zero byte, so no two lists of names are the same bytes.
        hash.update([0]);
    }

    // As many digits as the identifiers of documents have.
    let bytes = hash.finalize();
    bytes
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn text<'v>(row: &'v Value, name: &str) -> &'v str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A text that is there.
fn some_text<'v>(row: &'v Value, name: &str) -> Option<&'v str> {
    Some(text(row, name)).filter(|text| !text.is_empty())
}

/// A part with its documents: an answer, and the target that it stands for.
struct ShownPart {
    id: String,
    target: String,
    answer: Map<String, Value>,
}

/// Who made a document, and when.
fn audit(document: &Value) -> Map<String, Value> {
    let kept = |name: &str| document.get("customFields")?.get(name).cloned();

    // Of a change, a document keeps the day alone. It is written as the midnight of that day.
    let changed = text(document, "updatedOn");
    [
        ("createdById", kept("createdById")),
        ("createdDate", kept("createdDate")),
        ("updatedById", kept("updatedById")),
        ("updatedDate", Some(json!(format!("{changed} 00:00:00")))),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.unwrap_or_default()))
    .collect()
}

/// The parts of a source: one for each document that it is applied to, and one for what is unapplied.
fn parts_of(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<(String, Vec<ShownPart>)> {
    let found = read::open(session, resource, key(keys, 0)?, false)?;
    let document = read::row(session, resource, &found.id)?;
    let rows = session.rows(&json!({
        "of": "part",
        "where": { "sourceId": found.id },
        "page": { "size": ALL_ROWS },
    }))?;
    let audit = audit(&document);

    let mut parts = Vec::new();
    for row in &rows {
        let kind = text(row, "targetType");

        // Refunds have parts of their own, which `parts_of_refund` makes.
        if kind != "refund" {
            let target = (kind, text(row, "targetId"));
            parts.push(shown_part(&audit, &found.id, target, text(row, "amount")));
        }
    }

    let unapplied = text(&document, "unappliedAmount");
    if exact::value(unapplied).is_some_and(|amount| !amount.is_zero()) {
        parts.push(shown_part(&audit, &found.id, ("", ""), unapplied));
    }
    Ok((found.id, parts))
}

/// A part of a source as an answer shows it: what it has on a document of a kind. What is unapplied has neither.
fn shown_part(
    audit: &Map<String, Value>,
    source: &str,
    (kind, target): (&str, &str),
    amount: &str,
) -> ShownPart {
    let id = part_id(&[source, target]);
    let target_of = |asked: &str| (kind == asked).then_some(target);

    let mut answer = audit.clone();
    answer.insert("id".into(), json!(id));
    answer.insert("amount".into(), exact::number(amount));
    answer.insert("invoiceId".into(), json!(target_of("invoice")));
    answer.insert("debitMemoId".into(), json!(target_of("debitMemo")));
    ShownPart {
        id,
        target: target.into(),
        answer,
    }
}

/// `GET …/{key}/parts`.
pub(super) fn list(session: &mut Session<'_>, resource: &Resource, keys: &[&str]) -> Answer<Value> {
    let list = ListRequest::read(session, &[])?;
    let (_, parts) = parts_of(session, resource, keys)?;
    let parts = parts.into_iter().map(|part| part.answer).collect();
    Ok(list.answer(session, "parts", parts))
}

fn part(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<(String, ShownPart)> {
    let asked = key(keys, 1)?;
    let (source, parts) = parts_of(session, resource, keys)?;
    Ok((source, part_with_id(parts, asked)?))
}

fn part_with_id(parts: Vec<ShownPart>, asked: &str) -> Answer<ShownPart> {
    let part = parts.into_iter().find(|part| part.id == asked);
    part.ok_or_else(|| Problem::not_found(asked).into())
}

fn row_with_id(rows: Vec<Map<String, Value>>, asked: &str) -> Answer<Map<String, Value>> {
    let is_asked = |row: &Map<String, Value>| row.get("id").and_then(Value::as_str) == Some(asked);
    let row = rows.into_iter().find(is_asked);
    row.ok_or_else(|| Problem::not_found(asked).into())
}

/// An answer of one part: of a payment in an object of its own.
fn wrapped(resource: &Resource, name: &str, answer: Map<String, Value>) -> Value {
    if resource.kind == "payment" {
        return json!({ name: answer });
    }
    Value::Object(answer)
}

/// `GET …/{key}/parts/{part}`.
pub(super) fn one(session: &mut Session<'_>, resource: &Resource, keys: &[&str]) -> Answer<Value> {
    let (_, part) = part(session, resource, keys)?;
    Ok(wrapped(resource, "paymentPart", part.answer))
}

/// The parts of a part, line by line.
fn item_parts(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Vec<Map<String, Value>>> {
    let (source, part) = part(session, resource, keys)?;
    if part.target.is_empty() {
        return open_lines(session, resource, &source, &part);
    }
    let rows = session.rows(&json!({
        "of": "partItem",
        "where": { "sourceId": source, "targetId": part.target },
        "fields": [
            "*", "sourceItemId", "sourceTaxItemId", "targetType", "targetItemId", "targetTaxItemId",
        ],
        "page": { "size": ALL_ROWS },
    }))?;

    let rows = rows.iter();
    Ok(rows
        .map(|row| item_part(resource, &source, &part, row))
        .collect())
}

/// A part of a part as an answer shows it: what is applied between two lines.
fn item_part(
    resource: &Resource,
    source: &str,
    part: &ShownPart,
    row: &Value,
) -> Map<String, Value> {
    let lines = [
        "sourceItemId",
        "sourceTaxItemId",
        "targetItemId",
        "targetTaxItemId",
    ];
    let lines = lines.map(|name| text(row, name));
    let names = [&[source, &part.target], lines.as_slice()].concat();

    let mut answer = audit_of(&part.answer);
    answer.insert("id".into(), json!(part_id(&names)));
    answer.insert("amount".into(), exact::number(text(row, "amount")));

    // A payment has no lines.
    if resource.kind != "payment" {
        name_source_line(&mut answer, row);
    }

    // The row of a tax item names its item as well, and an answer names one of the two.
    let [item, tax] = ["targetItemId", "targetTaxItemId"].map(|name| some_text(row, name));
    let item = item.filter(|_| tax.is_none());
    let item_of = |kind: &str| item.filter(|_| text(row, "targetType") == kind);
    answer.insert("invoiceItemId".into(), json!(item_of("invoice")));
    answer.insert("debitMemoItemId".into(), json!(item_of("debitMemo")));
    answer.insert("taxItemId".into(), json!(tax));
    answer
}

/// Who made a part, and when.
fn audit_of(part: &Map<String, Value>) -> Map<String, Value> {
    let names = ["createdById", "createdDate", "updatedById", "updatedDate"];
    let known = names
        .into_iter()
        .filter_map(|name| Some((name, part.get(name)?)));
    known
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

/// What the lines of a source have unapplied.
fn open_lines(
    session: &mut Session<'_>,
    resource: &Resource,
    source: &str,
    part: &ShownPart,
) -> Answer<Vec<Map<String, Value>>> {
    let mut answers = Vec::new();
    for (kind, field) in [("item", "creditMemoItemId"), ("taxItem", "creditTaxItemId")] {
        let rows = session.rows(&json!({
            "of": kind,
            "where": { "documentId": source, "openAmount": { "ne": "0" } },
            "page": { "size": ALL_ROWS },

        }))?;
        for row in &rows {
            let mut answer = audit_of(&part.answer);
            answer.insert("id".into(), json!(part_id(&[source, "", text(row, "id")])));
            answer.insert("amount".into(), exact::number(text(row, "openAmount")));
            if resource.kind != "payment" {
                answer.insert("creditMemoItemId".into(), Value::Null);
                answer.insert("creditTaxItemId".into(), Value::Null);
                answer.insert(field.into(), json!(text(row, "id")));
            }

            // Nothing of it is applied, so no line of another document is named.
            for name in ["invoiceItemId", "debitMemoItemId", "taxItemId"] {
                answer.insert(name.into(), Value::Null);
            }
            answers.push(answer);
        }
    }
    Ok(answers)
}

/// `GET …/{key}/parts/{part}/item-parts`.
pub(super) fn items(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let list = ListRequest::read(session, &[])?;
    let rows = item_parts(session, resource, keys)?;
    let key = if resource.kind == "payment" {
        "parts"
    } else {
        "itemParts"
    };
    Ok(list.answer(session, key, rows))
}

/// `GET …/{key}/parts/{part}/item-parts/{item}`.
pub(super) fn item(session: &mut Session<'_>, resource: &Resource, keys: &[&str]) -> Answer<Value> {
    let asked = key(keys, 2)?;
    let rows = item_parts(session, resource, keys)?;
    let row = row_with_id(rows, asked)?;
    Ok(wrapped(resource, "paymentItemPart", row))
}

/// What is applied to a document, and by what.
fn received_rows(session: &mut Session<'_>, id: &str) -> Answer<Vec<Value>> {
    session.rows(&json!({
        "of": "part",
        "where": { "targetId": id },
        "page": { "size": ALL_ROWS },
    }))
}

/// Adds the credit memo or payment that a part is of.
fn name_source(answer: &mut Map<String, Value>, row: &Value) {
    let (source, of_kind) = (text(row, "sourceId"), text(row, "sourceType"));
    for (kind, field) in SOURCES.into_iter().zip(["creditMemoId", "paymentId"]) {
        answer.insert(field.into(), json!((kind == of_kind).then_some(source)));
    }
}

/// Adds the line of a credit memo that a part of a part is of: an item, or a tax item.
fn name_source_line(answer: &mut Map<String, Value>, row: &Value) {
    let [item, tax] = ["sourceItemId", "sourceTaxItemId"].map(|name| some_text(row, name));
    answer.insert(
        "creditMemoItemId".into(),
        json!(item.filter(|_| tax.is_none())),
    );
    answer.insert("creditTaxItemId".into(), json!(tax));
}

/// `GET …/{key}/application-parts`.
pub(super) fn received(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let list = ListRequest::read(session, &[])?;
    let found = read::open(session, resource, key(keys, 0)?, false)?;
    let document = read::row(session, resource, &found.id)?;
    let rows = received_rows(session, &found.id)?;

    let parts = rows.iter().map(|row| {
        let mut part = audit(&document);
        part.insert("appliedAmount".into(), exact::number(text(row, "amount")));
        name_source(&mut part, row);
        part
    });

    let parts = parts.collect();
    Ok(list.answer(session, "applicationParts", parts))
}

/// The parts of a refund: one for what it pays out of its source.
fn parts_of_refund(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<(String, Vec<ShownPart>)> {
    let found = read::open(session, resource, key(keys, 0)?, false)?;
    let document = read::row(session, resource, &found.id)?;

    let rows = received_rows(session, &found.id)?;

    let parts = rows.iter().map(|row| {
        let mut answer = audit(&document);

        let source = text(row, "sourceId");
        let id = part_id(&[source, &found.id]);
        answer.insert("id".into(), json!(id));
        answer.insert("amount".into(), exact::number(text(row, "amount")));
        name_source(&mut answer, row);
        ShownPart {
            id,
            target: source.into(),
            answer,
        }
    });

    let parts = parts.collect();
    Ok((found.id, parts))
}

fn part_of_refund(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<(String, ShownPart)> {
    let asked = key(keys, 1)?;
    let (refund, parts) = parts_of_refund(session, resource, keys)?;
    Ok((refund, part_with_id(parts, asked)?))
}

/// `GET /refunds/{key}/parts`.
pub(super) fn of_refund(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let (_, parts) = parts_of_refund(session, resource, keys)?;
    let parts: Vec<_> = parts.into_iter().map(|part| part.answer).collect();
    Ok(json!({ "parts": parts }))
}

/// `GET /refunds/{key}/parts/{part}`.
pub(super) fn one_of_refund(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let (_, part) = part_of_refund(session, resource, keys)?;
    Ok(Value::Object(part.answer))
}

/// The parts of a part of a refund, line by line.
fn item_parts_of_refund(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Vec<Map<String, Value>>> {
    let (refund, part) = part_of_refund(session, resource, keys)?;

    let rows = session.rows(&json!({
        "of": "partItem",
        "where": { "sourceId": part.target, "targetId": refund },
        "fields": ["*", "sourceItemId", "sourceTaxItemId"],
        "page": { "size": ALL_ROWS },
    }))?;

    let rows = rows.iter().map(|row| {
        let [item, tax] = ["sourceItemId", "sourceTaxItemId"].map(|name| text(row, name));
        let mut answer = audit_of(&part.answer);

        let id = part_id(&[&part.target, &refund, item, tax]);
        answer.insert("id".into(), json!(id));
        answer.insert("amount".into(), exact::number(text(row, "amount")));
        name_source_line(&mut answer, row);
        answer
    });

    Ok(rows.collect())
}

/// `GET /refunds/{key}/parts/{part}/item-parts`.
pub(super) fn items_of_refund(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let list = ListRequest::read(session, &[])?;
    let rows = item_parts_of_refund(session, resource, keys)?;
    Ok(list.answer(session, "itemParts", rows))
}

/// `GET /refunds/{key}/parts/{part}/item-parts/{item}`.
pub(super) fn item_of_refund(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let asked = key(keys, 2)?;
    let rows = item_parts_of_refund(session, resource, keys)?;
    Ok(Value::Object(row_with_id(rows, asked)?))
}
