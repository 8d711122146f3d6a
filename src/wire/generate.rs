//! Bill runs: requests in, results out as the text of JSON.

use super::Value;
use super::decode::CurrencyOrCode;
use super::fields::{Fields, boolean, decimal, id, label};
use super::json::Json;
use super::object::object;
use super::readers::{ListOf, OneOf, ValueReader, reader};
use crate::document::Kind;
use crate::error::{Result, Site};
use crate::generate;
use crate::generate::{BillRunCharge, CreditMemoRule, GeneratedDocument, GeneratedItem, JudgedBy};
use crate::money::Currency;
use rust_decimal::Decimal;

object! {
    /// What a bill run found, and how it becomes documents.
    export interface BillRun => generate::BillRun {
        /// A code of ISO 4217, or a definition.
        currency: required CurrencyOrCode = "currency",
        /// What goes onto a credit memo. `"netNegative"`: everything, if it is negative together.
        /// `"netNegativeByGroup"`: if it is, the groups that are. `"negatives"`: each charge that
        /// is, with its discounts. `"negativesAndZeros"`: these, and charges of nothing that give
        /// back. Left out: `"netNegative"`.
        rule: defaulted OneOf<CreditMemoRule> = "rule",
        /// What decides whether something is negative: the amount without tax, or with it. Left
        /// out: `"net"`. A batch whose credit memo would be below zero with its taxes is judged
        /// with them in any case.
        judged_by: defaulted OneOf<JudgedBy> = "judgedBy",
        charges: required ListOf<Charge> = "charges",
    }
}

/// `BillRun`.
///
/// # Errors
/// The shape of the value; `invalidCurrency`, `unknownCurrency`.
pub fn request(value: &Value<'_>) -> Result<generate::BillRun> {
    BillRun::read(value, &Site::Command)
}

reader! {
    /// A charge, or a discount on one.
    Charge: BillRunCharge as "BillRunCharge" by charge
}

/// `BillRunCharge`: a charge, or a discount on one.
fn charge(value: &Value<'_>, path: &Site<'_>) -> Result<BillRunCharge> {
    let fields = Fields::open(value, path)?;
    let own: &[&str] = if fields.has("appliedToItemId") {
        &["appliedToItemId"]
    } else {
        &["group", "batch", "givesBack", "creditable"]
    };
    let fields = fields.allow(&[&["id", "amount", "taxAmount"], own])?;
    Ok(BillRunCharge {
        id: fields.required("id", id)?,
        amount: fields.required("amount", decimal)?,
        tax: fields
            .optional("taxAmount", decimal)?
            .unwrap_or(Decimal::ZERO),
        applied_to: fields.optional("appliedToItemId", id)?,
        group: fields.optional("group", label)?.unwrap_or_default(),
        batch: fields.optional("batch", label)?.unwrap_or_default(),
        gives_back: fields.optional("givesBack", boolean)?.unwrap_or(false),
        creditable: fields.optional("creditable", boolean)?.unwrap_or(true),
    })
}

/// `GeneratedDocuments`.
#[must_use]
pub fn documents(run: &generate::BillRun, documents: &[GeneratedDocument]) -> String {
    let mut json = Json::default();
    json.open('{');
    for (name, is_refused) in [("documents", false), ("refused", true)] {
        json.name(name).open('[');
        for made in documents {
            if made.is_refused == is_refused {
                put_document(&mut json, run, made);
            }
        }
        json.close(']');
    }
    json.close('}');
    json.into_text()
}

fn put_document(json: &mut Json, run: &generate::BillRun, made: &GeneratedDocument) {
    json.open('{');
    let kind = if made.is_credit {
        Kind::CreditMemo
    } else {
        Kind::Invoice
    };
    json.text("type", kind.as_str());
    json.text("batch", batch(run, made));
    json.text("amount", &run.currency.write(made.total));
    json.text("taxAmount", &run.currency.write(made.tax));
    json.name("items").open('[');
    for item in &made.items {
        if let Some(charge) = run.charges.get(item.charge) {
            put_item(json, &run.currency, charge, item);
        }
    }
    json.close(']');
    json.close('}');
}

/// The batch of a document. A discount has none of its own: that of a charge counts.
fn batch<'r>(run: &'r generate::BillRun, made: &GeneratedDocument) -> &'r str {
    let mut charges = made
        .items
        .iter()
        .filter_map(|item| run.charges.get(item.charge));
    let charge = charges.find(|charge| charge.applied_to.is_none());
    charge.map_or("", |charge| &charge.batch)
}

fn put_item(json: &mut Json, currency: &Currency, charge: &BillRunCharge, item: &GeneratedItem) {
    json.open('{');
    json.text("id", &charge.id);
    json.text("amount", &currency.write(item.amount));
    json.text("taxAmount", &currency.write(item.tax));
    if let Some(applied_to) = &charge.applied_to {
        json.text("appliedToItemId", applied_to);
    }
    json.close('}');
}
