//! Requests: plain values to options, commands and queries.
//!
//! One function for each object of `types.d.ts`, in its order. What is checked here is the shape alone; whether it may
//! be done, and whether an amount fits its currency, `settle` says.

use super::Value;
use super::fields::{Fields, boolean, choice, date, decimal, id, label, list, text, whole};
use crate::book::Options;
use crate::calendar::Date;
use crate::document::{ItemText, Kind, NewDocument, NewItem, NewTaxItem, Status, TaxIdentity};
use crate::error::{Path, Result};
use crate::money::Definition;
use crate::query::{Between, Of, Page, Query};
use crate::settle::command::{ExplicitItem, InvoiceAmount, Settle, Type};
use crate::settle::{Command, Rule};

/// `BookOptions`.
///
/// # Errors
/// The shape of the value.
pub fn options(value: &Value<'_>) -> Result<Options> {
    let fields = Fields::open(value, &Path::Root)?.allow(&[&["currency", "accountId", "currencies"]])?;
    Ok(Options {
        currency: fields.required("currency", id)?,
        account_id: fields.optional("accountId", label)?.unwrap_or_default(),
        currencies: fields.optional("currencies", |value, path| list(value, path, currency))?.unwrap_or_default(),
    })
}

/// `CurrencyDefinition`.
fn currency(value: &Value<'_>, path: &Path<'_>) -> Result<Definition> {
    let fields = Fields::open(value, path)?.allow(&[&["code", "scale", "increment"]])?;
    Ok(Definition {
        code: fields.required("code", id)?,
        scale: fields.optional("scale", |value, path| whole(0, 8, value, path))?,
        increment: fields.optional("increment", decimal)?,
    })
}

/// `Command`.
///
/// # Errors
/// The shape of the value.
pub fn command(value: &Value<'_>) -> Result<Command> {
    const COMMON: &[&str] = &["type", "at"];
    let fields = Fields::open(value, &Path::Root)?;
    let name = fields.required("type", |value, path| choice(&Type::ALL, Type::as_str, value, path))?;
    let at = |fields: Fields<'_, '_>| fields.required("at", date);
    Ok(match name {
        Type::Create(kind) => {
            let own: &[&str] = if kind == Kind::Invoice { &["dueDate"] } else { &[] };
            let fields = fields.allow(&[COMMON, NEW_DOCUMENT, own])?;
            Command::Create { at: at(fields)?, document: new_document(kind, fields)? }
        }
        Type::Post(kind) => {
            let key = kind.id_field();
            let fields = fields.allow(&[COMMON, &[key]])?;
            Command::Post { at: at(fields)?, kind, id: fields.required(key, id)? }
        }
        Type::Apply => {
            let fields = fields.allow(&[COMMON, SETTLE])?;
            let at: Date = at(fields)?;
            let settle = settle(fields)?;
            if settle.invoices.is_none() {
                return Err(fields.missing("invoices"));
            }
            Command::Apply { at, settle }
        }
        Type::Unapply => {
            let fields = fields.allow(&[COMMON, SETTLE])?;
            Command::Unapply { at: at(fields)?, settle: settle(fields)? }
        }
    })
}

/// The fields of `NewDocument`.
const NEW_DOCUMENT: &[&str] = &["id", "number", "accountId", "currency", "date", "items", "autoPost"];

fn new_document(kind: Kind, fields: Fields<'_, '_>) -> Result<NewDocument> {
    Ok(NewDocument {
        kind,
        id: fields.required("id", id)?,
        number: fields.optional("number", id)?,
        account_id: fields.optional("accountId", label)?,
        currency: fields.optional("currency", id)?,
        date: fields.optional("date", date)?,
        due_date: fields.optional("dueDate", date)?,
        items: fields.required("items", |value, path| list(value, path, new_item))?,
        auto_post: fields.optional("autoPost", boolean)?.unwrap_or(false),
    })
}

/// `NewItem`.
fn new_item(value: &Value<'_>, path: &Path<'_>) -> Result<NewItem> {
    const KNOWN: &[&str] = &["id", "amount", "appliedToItemId", "description", "quantity", "unitPrice", "taxItems"];
    let fields = Fields::open(value, path)?.allow(&[KNOWN])?;
    Ok(NewItem {
        id: fields.required("id", id)?,
        amount: fields.required("amount", decimal)?,
        applied_to_item_id: fields.optional("appliedToItemId", id)?,
        text: ItemText {
            description: fields.optional("description", text)?.map(Into::into),
            quantity: fields.optional("quantity", decimal)?,
            unit_price: fields.optional("unitPrice", decimal)?,
        },
        tax_items: fields.optional("taxItems", |value, path| list(value, path, new_tax_item))?.unwrap_or_default(),
    })
}

/// `NewTaxItem`.
fn new_tax_item(value: &Value<'_>, path: &Path<'_>) -> Result<NewTaxItem> {
    const KNOWN: &[&str] = &["id", "amount", "name", "jurisdiction", "locationCode", "rate"];
    let fields = Fields::open(value, path)?.allow(&[KNOWN])?;
    let word = |name| fields.optional(name, text).map(|text| text.map(Into::into));
    Ok(NewTaxItem {
        id: fields.required("id", id)?,
        amount: fields.required("amount", decimal)?,
        identity: TaxIdentity {
            name: word("name")?,
            jurisdiction: word("jurisdiction")?,
            location_code: word("locationCode")?,
            rate: fields.optional("rate", decimal)?,
        },
    })
}

/// The fields of `ApplyCreditMemo` and `UnapplyCreditMemo`.
const SETTLE: &[&str] = &["creditMemoId", "rule", "invoices"];

fn settle(fields: Fields<'_, '_>) -> Result<Settle> {
    Ok(Settle {
        credit_memo_id: fields.required("creditMemoId", id)?,
        rule: fields.optional("rule", |value, path| choice(&Rule::ALL, Rule::as_str, value, path))?,
        invoices: fields.optional("invoices", |value, path| list(value, path, invoice_amount))?,
    })
}

/// `InvoiceAmount`.
fn invoice_amount(value: &Value<'_>, path: &Path<'_>) -> Result<InvoiceAmount> {
    let fields = Fields::open(value, path)?.allow(&[&["invoiceId", "amount", "items"]])?;
    Ok(InvoiceAmount {
        invoice_id: fields.required("invoiceId", id)?,
        amount: fields.optional("amount", decimal)?,
        items: fields.optional("items", |value, path| list(value, path, explicit_item))?,
    })
}

/// `ExplicitItem`: which of its two forms it is, the identifiers say.
fn explicit_item(value: &Value<'_>, path: &Path<'_>) -> Result<ExplicitItem> {
    let fields = Fields::open(value, path)?;
    let tax = fields.has("creditTaxItemId") || fields.has("taxItemId");
    let (source, target) = if tax { ("creditTaxItemId", "taxItemId") } else { ("creditMemoItemId", "invoiceItemId") };
    let fields = fields.allow(&[&[source, target, "amount"]])?;
    Ok(ExplicitItem {
        tax,
        source: fields.required(source, id)?,
        target: fields.required(target, id)?,
        amount: fields.required("amount", decimal)?,
    })
}

/// The kinds of rows by name.
const OF: [&str; 6] = ["invoice", "creditMemo", "item", "part", "partItem", "application"];

/// `Query`.
///
/// # Errors
/// The shape of the value.
pub fn query(value: &Value<'_>) -> Result<Query> {
    let fields = Fields::open(value, &Path::Root)?.allow(&[&["of", "where", "page"]])?;
    let of = fields.required("of", |value, path| choice(&OF, |name| name, value, path))?;
    let empty = Value::Object(Vec::new());
    let (filter, path) = (fields.optional("where", |value, _| Ok(value))?, Path::Root.field("where"));
    let filter = Fields::open(filter.unwrap_or(&empty), &path)?;
    let of = match of {
        "invoice" => documents(Kind::Invoice, filter)?,
        "creditMemo" => documents(Kind::CreditMemo, filter)?,
        "item" => Of::Item { document_id: filter.allow(&[&["documentId"]])?.required("documentId", id)? },
        "part" => Of::Part(between(filter)?),
        "partItem" => Of::PartItem(between(filter)?),
        _ => Of::Application(between(filter)?),
    };
    let page = fields.optional("page", page)?.unwrap_or_default();
    Ok(Query { of, page })
}

fn documents(kind: Kind, filter: Fields<'_, '_>) -> Result<Of> {
    let filter = filter.allow(&[&["id", "accountId", "status"]])?;
    Ok(Of::Document {
        kind,
        id: filter.optional("id", id)?,
        account_id: filter.optional("accountId", label)?,
        status: filter.optional("status", |value, path| choice(&Status::ALL, Status::as_str, value, path))?,
    })
}

fn between(filter: Fields<'_, '_>) -> Result<Between> {
    let filter = filter.allow(&[&["creditMemoId", "invoiceId"]])?;
    Ok(Between { credit_memo_id: filter.optional("creditMemoId", id)?, invoice_id: filter.optional("invoiceId", id)? })
}

/// `PageRequest`.
fn page(value: &Value<'_>, path: &Path<'_>) -> Result<Page> {
    let fields = Fields::open(value, path)?.allow(&[&["number", "size"]])?;
    let count = |name| fields.optional(name, |value, path| whole(1, u32::MAX.into(), value, path));
    let default = Page::default();
    Ok(Page { number: count("number")?.unwrap_or(default.number), size: count("size")?.unwrap_or(default.size) })
}
