//! Bill runs: requests in, results out as the text of JSON.

use super::Value;
use super::currency::CurrencyOrCode;
use super::faults::read_all;
use super::fields::Fields;
use super::json::Json;
use super::object::{Object, object, union};
use super::readers::{Boolean, DecimalText, Id, Label, ListOf, OneOf, ValueReader};
use crate::error::{Result, Site};
use crate::generate;
use crate::generate::{CreditMemoRule, GeneratedDocument, GeneratedItem, JudgedBy};
use crate::money::Currency;

object! {
    /// The charges of a bill run, and how they become documents.
    export interface BillRun => generate::BillRun {
        /// The currency: a code of ISO 4217, or a definition.
        currency: required CurrencyOrCode = "currency",
        /// Which charges go on a credit memo. Default: `"netNegative"`.
        ///
        /// - `"netNegative"`: all charges, if their sum is negative.
        /// - `"netNegativeByGroup"`: if the sum of all charges is negative, the groups whose sum is
        ///   negative.
        /// - `"negatives"`: each negative charge, with its discounts.
        /// - `"negativesAndZeros"`: the same, and also each charge of zero that gives back.
        rule: defaulted OneOf<CreditMemoRule> = "rule",
        /// Which amount decides whether something is negative: the one without tax or the one with
        /// tax. If the taxes would make the credit memo of a batch negative, that batch is judged
        /// with tax in any case. Default: `"net"`.
        judged_by: defaulted OneOf<JudgedBy> = "judgedBy",
        /// The charges and their discounts.
        charges: required ListOf<BillRunCharge> = "charges",
    }
}

/// `BillRun`.
///
/// # Errors
/// The shape of the value; `invalidCurrency`, `unknownCurrency`.
pub fn request(value: &Value<'_>) -> Result<generate::BillRun> {
    read_all(value, |value| BillRun::read(value, &Site::Command))
}

/// A bill run, and its documents. A refusal has all faults of its fields.
///
/// # Errors
/// As [`request`] and [`BillRun::generate`](generate::BillRun::generate).
pub fn generated(value: &Value<'_>) -> Result<(generate::BillRun, Vec<GeneratedDocument>)> {
    read_all(value, |value| {
        let run = BillRun::read(value, &Site::Command)?;
        let documents = run.generate()?;
        Ok((run, documents))
    })
}

object! {
    /// An amount that a bill run found. It has the sign of an invoice: what the customer owes is
    /// positive.
    export interface BillRunEntry {
        /// The identifier, unique in the bill run.
        id: required Id = "id",
        /// The amount without tax.
        amount: required DecimalText = "amount",
        /// The tax on the amount. Default: zero.
        tax: defaulted DecimalText = "taxAmount",
    }
}

object! {
    /// A charge of a bill run.
    export interface ChargeEntry extends BillRunEntry {
        /// The group of the charge. With the rule `"netNegativeByGroup"`, charges of one group stay
        /// together. Default: the group `""`.
        group: defaulted Label = "group",
        /// The batch of the charge. Charges of different batches never share a document, and the
        /// rule judges each batch by itself. Default: the batch `""`.
        batch: defaulted Label = "batch",
        /// Whether the charge gives something back, even if its amount is zero. Default: `false`.
        gives_back: defaulted Boolean = "givesBack",
        /// Whether the charge may be on a credit memo. A credit memo with a charge that may not is
        /// refused. Default: `true`.
        creditable: optional Boolean = "creditable",
    } without DiscountEntry::applied_to
}

object! {
    /// A discount on a charge of a bill run. It goes to the document of the charge and counts with
    /// it.
    export interface DiscountEntry extends BillRunEntry {
        /// The `id` of the charge.
        applied_to: required Id = "appliedToItemId",
    } without ChargeEntry::group, ChargeEntry::batch, ChargeEntry::gives_back, ChargeEntry::creditable
}

union! {
    /// A charge of a bill run, or a discount on one.
    export type BillRunCharge = ChargeEntry | DiscountEntry;
}

impl<'v, 'a> ValueReader<'v, 'a> for BillRunCharge {
    type Output = generate::BillRunCharge;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<generate::BillRunCharge> {
        let fields = Fields::open(value, path)?;

        // A discount names the charge that it reduces, and a charge names none.
        if !fields.has(DiscountEntry::applied_to) {
            let charge = Object::<ChargeEntry>::allow(fields)?;
            let entry = entry_of(charge.part())?;
            return Ok(generate::BillRunCharge {
                group: charge.group()?,
                batch: charge.batch()?,
                gives_back: charge.gives_back()?,
                creditable: charge.creditable()?.unwrap_or(true),
                ..entry
            });
        }

        let discount = Object::<DiscountEntry>::allow(fields)?;
        let entry = entry_of(discount.part())?;
        Ok(generate::BillRunCharge {
            applied_to: Some(discount.applied_to()?),
            ..entry
        })
    }
}

/// What a charge and a discount have in common.
fn entry_of(entry: Object<'_, '_, BillRunEntry>) -> Result<generate::BillRunCharge> {
    let (id, amount) = (entry.id()?, entry.amount()?);
    Ok(generate::BillRunCharge {
        tax: entry.tax()?,
        ..generate::BillRunCharge::new(&id, amount)
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
        "creditMemo"
    } else {
        "invoice"
    };
    json.text("type", kind);
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

fn put_item(
    json: &mut Json,
    currency: &Currency,
    charge: &generate::BillRunCharge,
    item: &GeneratedItem,
) {
    json.open('{');
    json.text("id", &charge.id);
    json.text("amount", &currency.write(item.amount));
    json.text("taxAmount", &currency.write(item.tax));
    if let Some(applied_to) = &charge.applied_to {
        json.text("appliedToItemId", applied_to);
    }
    json.close('}');
}

/// The blocks of `types/` that follow from tables, by name.
#[cfg(test)]
pub(super) fn declarations() -> Vec<(&'static str, String)> {
    use crate::wire::readers::Typed;

    let tables = [
        BillRun::declaration(),
        BillRunEntry::declaration(),
        ChargeEntry::declaration(),
        DiscountEntry::declaration(),
        BillRunCharge::declaration(),
    ];
    tables
        .iter()
        .map(|table| (table.name, table.text()))
        .collect()
}
