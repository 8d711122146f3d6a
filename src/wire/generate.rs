//! Bill runs: requests in, results out as the text of JSON.

use super::Value;
use super::decode::currency;
use super::fields::{Fields, boolean, choice, decimal, id, label, list};
use super::json::Json;
use crate::error::{Error, Reason, Result, Site};
use crate::generate::{BillRun, BillRunCharge, CreditMemoRule, GeneratedDocument, JudgedBy};
use crate::money::Currency;
use rust_decimal::Decimal;

/// `BillRun`.
///
/// # Errors
/// The shape of the value; `invalidCurrency`, `unknownCurrency`.
pub fn request(value: &Value<'_>) -> Result<BillRun> {
    let fields = Fields::open(value, &Site::Command)?
        .allow(&[&["currency", "rule", "judgedBy", "charges"]])?;
    Ok(BillRun {
        currency: fields.required("currency", code_or_definition)?,
        rule: fields
            .optional("rule", |value, path| {
                choice(CreditMemoRule::ALL, CreditMemoRule::as_str, value, path)
            })?
            .unwrap_or_default(),
        judged_by: fields
            .optional("judgedBy", |value, path| {
                choice(JudgedBy::ALL, JudgedBy::as_str, value, path)
            })?
            .unwrap_or_default(),
        charges: fields.required("charges", |value, path| list(value, path, charge))?,
    })
}

/// A code of ISO 4217, or a `CurrencyDefinition`.
fn code_or_definition(value: &Value<'_>, path: &Site<'_>) -> Result<Currency> {
    if let Value::Text(code) = value {
        return Currency::iso(code).ok_or_else(|| {
            let code = (*code).into();
            Error::of(Reason::NotIsoCurrency { code }, path)
        });
    }
    Currency::define(&currency(value, path)?, path)
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
pub fn documents(run: &BillRun, documents: &[GeneratedDocument]) -> String {
    let mut json = Json::default();
    json.open('{');
    for (name, is_refused) in [("documents", false), ("refused", true)] {
        json.name(name).open('[');
        documents
            .iter()
            .filter(|made| made.is_refused == is_refused)
            .for_each(|made| document(&mut json, run, made));
        json.close(']');
    }
    json.close('}');
    json.into_text()
}

fn document(json: &mut Json, run: &BillRun, made: &GeneratedDocument) {
    let write = |amount| run.currency.write(amount);
    let charge = |place: usize| run.charges.get(place);
    let named =
        |place: usize, of: fn(&BillRunCharge) -> &str| charge(place).map(of).unwrap_or_default();
    json.open('{');
    json.text(
        "type",
        if made.is_credit {
            "creditMemo"
        } else {
            "invoice"
        },
    );
    // A discount has no batch of its own.
    let leader = made
        .items
        .iter()
        .find(|item| charge(item.charge).is_some_and(|charge| charge.applied_to.is_none()));
    json.text(
        "batch",
        leader
            .map(|item| named(item.charge, |charge| &charge.batch))
            .unwrap_or_default(),
    );
    json.text("amount", &write(made.total));
    json.text("taxAmount", &write(made.tax));
    json.name("items").open('[');
    for item in &made.items {
        json.open('{');
        json.text("id", named(item.charge, |charge| &charge.id));
        json.text("amount", &write(item.amount));
        json.text("taxAmount", &write(item.tax));
        if let Some(of) = charge(item.charge).and_then(|charge| charge.applied_to.as_deref()) {
            json.text("appliedToItemId", of);
        }
        json.close('}');
    }
    json.close(']');
    json.close('}');
}
