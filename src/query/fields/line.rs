//! The fields of items and tax items.

use crate::document::{Detail, ItemRecord, Processing, TaxIdentity};
use crate::query::cell::FieldValue;
use crate::query::field::{Field, FieldType};
use crate::query::scope::RowReader;
use crate::words::closed_set;

const PROCESSING: FieldType = FieldType::Word(&[
    Processing::Charge.as_str(),
    DISCOUNT,
    Processing::Prepayment.as_str(),
    Processing::Rounding.as_str(),
]);
const DISCOUNT: &str = "discount";

closed_set! {
    /// Whether an amount contains its taxes.
    TaxMode {
        /// It does not.
        Exclusive = "exclusive",
        /// It does.
        Inclusive = "inclusive",
    }
}

const TAX_MODES: FieldType = FieldType::Word(TaxMode::NAMES);

/// The fields of a line: first the fields that both kinds show, then those of this kind, then those to be asked for.
macro_rules! fields {
    ($($own:expr),* $(,)?) => {
        &[
            Field::new("id", FieldType::Text, |row| row.line().map(|line| FieldValue::Text(&line.id))),
            Field::new("amount", FieldType::Amount, amount),
            Field::new("nettedAmount", FieldType::Amount, netted),
            Field::new("appliedAmount", FieldType::Amount, |row| Some(row.amount(row.line_total()?.applied))),
            Field::new("refundAmount", FieldType::Amount, refunded).if_set(),
            Field::new("openAmount", FieldType::Amount, |row| Some(row.amount(row.line_total()?.open))),
            Field::new("availableToCreditAmount", FieldType::Amount, available).if_set().now_only(),
            Field::new("settledBefore", FieldType::Nested, settled_before).if_set(),
            Field::new("source", FieldType::Nested, |row| row.line()?.source.map(FieldValue::Line)).if_set(),
            $($own,)*
            Field::new("sourceDocumentId", FieldType::Text, source_document).asked(),
            Field::new("sourceLineId", FieldType::Text, source_line).asked(),
            Field::new("position", FieldType::Whole, position).asked(),
            Field::new("documentId", FieldType::Text, |row| Some(FieldValue::Text(&row.header.id))).asked(),
            Field::new("documentType", FieldType::KIND, |row| Some(FieldValue::Text(row.header.kind.as_str()))).asked(),
            Field::new("documentNumber", FieldType::Text, number).number().asked(),
            Field::new("documentStatus", FieldType::STATUS, status).asked(),
            Field::new("documentDate", FieldType::Date, |row| Some(FieldValue::Date(row.header.date))).asked(),
            Field::new("accountId", FieldType::Text, |row| Some(FieldValue::Text(&row.header.account_id))).asked(),
            Field::new("currency", FieldType::Text, |row| Some(FieldValue::Text(row.header.currency.code()))).asked(),
        ]
    };
}

/// Of items.
pub(in crate::query) const ITEM: &[Field] = fields![
    Field::new("processingType", PROCESSING, processing),
    Field::new("appliedToItemId", FieldType::Text, applied_to),
    Field::new("description", FieldType::Text, |row| record(row)?
        .description
        .as_deref()
        .map(FieldValue::Text)),
    Field::new("sku", FieldType::Text, |row| record(row)?
        .sku
        .as_deref()
        .map(FieldValue::Text)),
    Field::new("quantity", FieldType::Decimal, |row| record(row)?
        .quantity
        .map(FieldValue::Decimal)),
    Field::new("unitPrice", FieldType::Decimal, |row| record(row)?
        .unit_price
        .map(FieldValue::Decimal)),
    Field::new("serviceStart", FieldType::Date, |row| record(row)?
        .service_start
        .map(FieldValue::Date)),
    Field::new("serviceEnd", FieldType::Date, |row| record(row)?
        .service_end
        .map(FieldValue::Date)),
    Field::new("taxMode", TAX_MODES, tax_mode),
    Field::new("customFields", FieldType::Custom, |row| Some(
        FieldValue::Custom(&record(row)?.custom)
    ))
    .if_set(),
    Field::new("taxItems", FieldType::Nested, |row| Some(
        FieldValue::TaxItems(row.line_ref())
    )),
];

/// Of tax items.
pub(in crate::query) const TAX_ITEM: &[Field] = fields![
    Field::new("name", FieldType::Text, |row| identity(row)?
        .name
        .as_deref()
        .map(FieldValue::Text)),
    Field::new("jurisdiction", FieldType::Text, |row| identity(row)?
        .jurisdiction
        .as_deref()
        .map(FieldValue::Text)),
    Field::new("locationCode", FieldType::Text, |row| identity(row)?
        .location_code
        .as_deref()
        .map(FieldValue::Text)),
    Field::new("taxCode", FieldType::Text, |row| identity(row)?
        .tax_code
        .as_deref()
        .map(FieldValue::Text)),
    Field::new("rate", FieldType::Decimal, |row| identity(row)?
        .rate
        .map(FieldValue::Decimal)),
    Field::new("exemptAmount", FieldType::Decimal, |row| identity(row)?
        .exempt
        .map(FieldValue::Decimal))
    .if_set(),
    Field::new("itemId", FieldType::Text, |row| {
        let item = row.line()?.detail.tax()?.0;
        row.document()?
            .line(item)
            .map(|line| FieldValue::Text(&line.id))
    })
    .asked(),
];

/// Counted from 1.
fn position<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(FieldValue::Whole(
        i64::from(row.index.inner).saturating_add(1),
    ))
}

fn amount<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(row.amount(row.document()?.line_figures(row.line_index())?.amount()))
}

fn netted<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(row.amount(row.document()?.line_figures(row.line_index())?.netted()))
}

fn refunded<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let settled = row.line_total().filter(|_| row.header.kind.is_source())?;
    Some(row.amount(settled.refunded))
}

/// What was settled of a line before its document came into the book; nothing if nothing was.
pub(super) fn settled_before<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let line = row.line_ref();
    let has_any = row.settled_before(line).next().is_some();
    has_any.then_some(FieldValue::SettledBefore(line))
}

fn available<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    if !row.header.kind.is_demand() {
        return None;
    }
    let (document, line) = (row.index.document, row.line_index());
    Some(row.amount(row.scope.available_to_credit(document, line)?))
}

fn number<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(FieldValue::Text(&row.header.number))
}

fn status<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(FieldValue::Text(row.status().as_str()))
}

fn source_document<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let source = row.line()?.source?;
    row.documents()
        .header(source.document)
        .map(|header| FieldValue::Text(&header.id))
}

fn source_line<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let source = row.line()?.source?;
    row.documents()
        .get(source.document)?
        .line(source.line)
        .map(|line| FieldValue::Text(&line.id))
}

fn processing<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(FieldValue::Text(match row.line()?.detail {
        Detail::Item { processing, .. } => processing.as_str(),
        Detail::Discount { .. } => DISCOUNT,
        Detail::Tax { .. } | Detail::Whole => return None,
    }))
}

fn applied_to<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let Detail::Discount { of, .. } = row.line()?.detail else {
        return None;
    };
    row.document()?
        .line(of)
        .map(|line| FieldValue::Text(&line.id))
}

fn tax_mode<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let is_inclusive = record(row).is_some_and(|record| record.tax_inclusive);
    let mode = if is_inclusive {
        TaxMode::Inclusive
    } else {
        TaxMode::Exclusive
    };
    Some(FieldValue::Text(mode.as_str()))
}

fn record<'s>(row: &RowReader<'s>) -> Option<&'s ItemRecord> {
    row.line()?.detail.record()?.get()
}

fn identity<'s>(row: &RowReader<'s>) -> Option<&'s TaxIdentity> {
    row.line()?.detail.tax().map(|(_, identity)| identity)
}
