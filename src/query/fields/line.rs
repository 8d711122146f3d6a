//! The fields of items and tax items.

use crate::document::{Detail, ItemRecord, Processing, TaxIdentity};
use crate::query::cell::FieldValue;
use crate::query::field::{Field, FieldType};
use crate::query::fields::document::{KINDS, STATUSES};
use crate::query::scope::RowReader;

const PROCESSING: FieldType = FieldType::Word(&[
    Processing::Charge.as_str(),
    DISCOUNT,
    Processing::Prepayment.as_str(),
    Processing::Rounding.as_str(),
]);
const DISCOUNT: &str = "discount";

const TAX_MODES: FieldType = FieldType::Word(&["exclusive", "inclusive"]);

/// What items and tax items have in common: first what is shown of both, then what has to be asked for.
macro_rules! fields {
    ($($own:expr),* $(,)?) => {
        &[
            Field::new("id", FieldType::Text, |at| at.line().map(|line| FieldValue::Text(&line.id))),
            Field::new("amount", FieldType::Decimal, amount),
            Field::new("nettedAmount", FieldType::Decimal, netted),
            Field::new("appliedAmount", FieldType::Decimal, |at| Some(at.amount(at.settled()?.applied))),
            Field::new("refundAmount", FieldType::Decimal, refunded).if_set(),
            Field::new("openAmount", FieldType::Decimal, |at| Some(at.amount(at.settled()?.open))),
            Field::new("availableToCreditAmount", FieldType::Decimal, available).if_set().now(),
            Field::new("source", FieldType::Nested, |at| at.line()?.source.map(FieldValue::Line)).if_set(),
            $($own,)*
            Field::new("sourceDocumentId", FieldType::Text, source_document).asked(),
            Field::new("sourceLineId", FieldType::Text, source_line).asked(),
            Field::new("position", FieldType::Whole, position).asked(),
            Field::new("documentId", FieldType::Text, |at| Some(FieldValue::Text(&at.header.id))).asked(),
            Field::new("documentType", KINDS, |at| Some(FieldValue::Text(at.header.kind.as_str()))).asked(),
            Field::new("documentNumber", FieldType::Text, |at| Some(FieldValue::Text(&at.header.number))).asked(),
            Field::new("documentStatus", STATUSES, |at| Some(FieldValue::Text(at.status().as_str()))).asked(),
            Field::new("documentDate", FieldType::Date, |at| Some(FieldValue::Date(at.header.date))).asked(),
            Field::new("accountId", FieldType::Text, |at| Some(FieldValue::Text(&at.header.account_id))).asked(),
            Field::new("currency", FieldType::Text, |at| Some(FieldValue::Text(at.header.currency.code()))).asked(),
        ]
    };
}

/// Of items.
pub(in crate::query) const ITEM: &[Field] = fields![
    Field::new("processingType", PROCESSING, processing),
    Field::new("appliedToItemId", FieldType::Text, applied_to),
    Field::new("description", FieldType::Text, |at| record(at)?
        .description
        .as_deref()
        .map(FieldValue::Text)),
    Field::new("sku", FieldType::Text, |at| record(at)?
        .sku
        .as_deref()
        .map(FieldValue::Text)),
    Field::new("quantity", FieldType::Decimal, |at| record(at)?
        .quantity
        .map(FieldValue::Decimal)),
    Field::new("unitPrice", FieldType::Decimal, |at| record(at)?
        .unit_price
        .map(FieldValue::Decimal)),
    Field::new("serviceStart", FieldType::Date, |at| record(at)?
        .service_start
        .map(FieldValue::Date)),
    Field::new("serviceEnd", FieldType::Date, |at| record(at)?
        .service_end
        .map(FieldValue::Date)),
    Field::new("taxMode", TAX_MODES, tax_mode),
    Field::new("customFields", FieldType::Custom, |at| Some(
        FieldValue::Custom(&record(at)?.custom)
    ))
    .if_set(),
    Field::new("taxItems", FieldType::Nested, |at| Some(
        FieldValue::TaxItems(at.line_place())
    )),
];

/// Of tax items.
pub(in crate::query) const TAX_ITEM: &[Field] = fields![
    Field::new("name", FieldType::Text, |at| identity(at)?
        .name
        .as_deref()
        .map(FieldValue::Text)),
    Field::new("jurisdiction", FieldType::Text, |at| identity(at)?
        .jurisdiction
        .as_deref()
        .map(FieldValue::Text)),
    Field::new("locationCode", FieldType::Text, |at| identity(at)?
        .location_code
        .as_deref()
        .map(FieldValue::Text)),
    Field::new("taxCode", FieldType::Text, |at| identity(at)?
        .tax_code
        .as_deref()
        .map(FieldValue::Text)),
    Field::new("rate", FieldType::Decimal, |at| identity(at)?
        .rate
        .map(FieldValue::Decimal)),
    Field::new("exemptAmount", FieldType::Decimal, |at| identity(at)?
        .exempt
        .map(FieldValue::Decimal))
    .if_set(),
    Field::new("itemId", FieldType::Text, |at| {
        let item = at.line()?.detail.tax()?.0;
        at.document()?
            .line(item)
            .map(|line| FieldValue::Text(&line.id))
    })
    .asked(),
];

/// Counted from 1.
fn position<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(FieldValue::Whole(i64::from(at.row.place).saturating_add(1)))
}

fn amount<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(at.amount(at.document()?.line_figures(at.line_index())?.amount()))
}

fn netted<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(at.amount(at.document()?.line_figures(at.line_index())?.netted()))
}

fn refunded<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let settled = at.settled().filter(|_| at.header.kind.is_source())?;
    Some(at.amount(settled.refunded))
}

fn available<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    if !at.header.kind.is_demand() {
        return None;
    }
    let (document, line) = (at.row.document, at.line_index());
    Some(at.amount(at.scope.available_to_credit(document, line)?))
}

fn source_document<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let source = at.line()?.source?;
    at.documents()
        .header(source.document)
        .map(|header| FieldValue::Text(&header.id))
}

fn source_line<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let source = at.line()?.source?;
    at.documents()
        .get(source.document)?
        .line(source.line)
        .map(|line| FieldValue::Text(&line.id))
}

fn processing<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(FieldValue::Text(match at.line()?.detail {
        Detail::Item { processing, .. } => processing.as_str(),
        Detail::Discount { .. } => DISCOUNT,
        Detail::Tax { .. } | Detail::Whole => return None,
    }))
}

fn applied_to<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let Detail::Discount { of, .. } = at.line()?.detail else {
        return None;
    };
    at.document()?
        .line(of)
        .map(|line| FieldValue::Text(&line.id))
}

fn tax_mode<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let is_inclusive = record(at).is_some_and(|record| record.tax_inclusive);
    Some(FieldValue::Text(if is_inclusive {
        "inclusive"
    } else {
        "exclusive"
    }))
}

fn record<'s>(at: &RowReader<'s>) -> Option<&'s ItemRecord> {
    at.line()?.detail.record()?.get()
}

fn identity<'s>(at: &RowReader<'s>) -> Option<&'s TaxIdentity> {
    at.line()?.detail.tax().map(|(_, identity)| identity)
}
