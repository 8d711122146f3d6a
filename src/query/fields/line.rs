//! The fields of items and tax items.

use crate::document::{Detail, ItemRecord, Processing, TaxIdentity};
use crate::query::cell::Cell;
use crate::query::field::{Field, Type};
use crate::query::fields::document::{KINDS, STATUSES};
use crate::query::scope::At;

const PROCESSING: Type = Type::Word(&[
    Processing::Charge.as_str(),
    DISCOUNT,
    Processing::Prepayment.as_str(),
    Processing::Rounding.as_str(),
]);
const DISCOUNT: &str = "discount";

const TAX_MODES: Type = Type::Word(&["exclusive", "inclusive"]);

/// What items and tax items have in common: first what is shown of both, then what has to be asked for.
macro_rules! fields {
    ($($own:expr),* $(,)?) => {
        &[
            Field::new("id", Type::Text, |at| at.line().map(|line| Cell::Text(&line.id))),
            Field::new("amount", Type::Decimal, amount),
            Field::new("nettedAmount", Type::Decimal, netted),
            Field::new("appliedAmount", Type::Decimal, |at| Some(at.amount(at.settled()?.applied))),
            Field::new("refundAmount", Type::Decimal, refunded).if_set(),
            Field::new("openAmount", Type::Decimal, |at| Some(at.amount(at.settled()?.open))),
            Field::new("availableToCreditAmount", Type::Decimal, available).if_set().now(),
            Field::new("source", Type::Nested, |at| at.line()?.source.map(Cell::Line)).if_set(),
            $($own,)*
            Field::new("sourceDocumentId", Type::Text, source_document).asked(),
            Field::new("sourceLineId", Type::Text, source_line).asked(),
            Field::new("position", Type::Whole, position).asked(),
            Field::new("documentId", Type::Text, |at| Some(Cell::Text(&at.header.id))).asked(),
            Field::new("documentType", KINDS, |at| Some(Cell::Text(at.header.kind.as_str()))).asked(),
            Field::new("documentNumber", Type::Text, |at| Some(Cell::Text(&at.header.number))).asked(),
            Field::new("documentStatus", STATUSES, |at| Some(Cell::Text(at.status().as_str()))).asked(),
            Field::new("documentDate", Type::Date, |at| Some(Cell::Date(at.header.date))).asked(),
            Field::new("accountId", Type::Text, |at| Some(Cell::Text(&at.header.account_id))).asked(),
            Field::new("currency", Type::Text, |at| Some(Cell::Text(at.header.currency.code()))).asked(),
        ]
    };
}

/// Of items.
pub(in crate::query) const ITEM: &[Field] = fields![
    Field::new("processingType", PROCESSING, processing),
    Field::new("appliedToItemId", Type::Text, applied_to),
    Field::new("description", Type::Text, |at| record(at)?
        .description
        .as_deref()
        .map(Cell::Text)),
    Field::new("sku", Type::Text, |at| record(at)?
        .sku
        .as_deref()
        .map(Cell::Text)),
    Field::new("quantity", Type::Decimal, |at| record(at)?
        .quantity
        .map(Cell::Decimal)),
    Field::new("unitPrice", Type::Decimal, |at| record(at)?
        .unit_price
        .map(Cell::Decimal)),
    Field::new("serviceStart", Type::Date, |at| record(at)?
        .service_start
        .map(Cell::Date)),
    Field::new("serviceEnd", Type::Date, |at| record(at)?
        .service_end
        .map(Cell::Date)),
    Field::new("taxMode", TAX_MODES, tax_mode),
    Field::new("customFields", Type::Custom, |at| Some(Cell::Custom(
        &record(at)?.custom
    )))
    .if_set(),
    Field::new("taxItems", Type::Nested, |at| Some(Cell::TaxItems(
        at.line_place()
    ))),
];

/// Of tax items.
pub(in crate::query) const TAX_ITEM: &[Field] = fields![
    Field::new("name", Type::Text, |at| identity(at)?
        .name
        .as_deref()
        .map(Cell::Text)),
    Field::new("jurisdiction", Type::Text, |at| identity(at)?
        .jurisdiction
        .as_deref()
        .map(Cell::Text)),
    Field::new("locationCode", Type::Text, |at| identity(at)?
        .location_code
        .as_deref()
        .map(Cell::Text)),
    Field::new("taxCode", Type::Text, |at| identity(at)?
        .tax_code
        .as_deref()
        .map(Cell::Text)),
    Field::new("rate", Type::Decimal, |at| identity(at)?
        .rate
        .map(Cell::Decimal)),
    Field::new("exemptAmount", Type::Decimal, |at| identity(at)?
        .exempt
        .map(Cell::Decimal))
    .if_set(),
    Field::new("itemId", Type::Text, |at| {
        let item = at.line()?.detail.tax()?.0;
        at.document()?.line(item).map(|line| Cell::Text(&line.id))
    })
    .asked(),
];

/// Counted from 1.
fn position<'s>(at: &At<'s>) -> Option<Cell<'s>> {
    Some(Cell::Whole(i64::from(at.row.place).saturating_add(1)))
}

fn amount<'s>(at: &At<'s>) -> Option<Cell<'s>> {
    Some(at.amount(at.document()?.line_figures(at.line_index())?.amount()))
}

fn netted<'s>(at: &At<'s>) -> Option<Cell<'s>> {
    Some(at.amount(at.document()?.line_figures(at.line_index())?.netted()))
}

fn refunded<'s>(at: &At<'s>) -> Option<Cell<'s>> {
    let settled = at.settled().filter(|_| at.header.kind.is_source())?;
    Some(at.amount(settled.refunded))
}

fn available<'s>(at: &At<'s>) -> Option<Cell<'s>> {
    let is_demand = at.header.kind.is_demand();
    is_demand.then(|| {
        at.amount(
            at.scope
                .available_to_credit(at.row.document, at.line_index()),
        )
    })
}

fn source_document<'s>(at: &At<'s>) -> Option<Cell<'s>> {
    let source = at.line()?.source?;
    at.documents()
        .header(source.document)
        .map(|header| Cell::Text(&header.id))
}

fn source_line<'s>(at: &At<'s>) -> Option<Cell<'s>> {
    let source = at.line()?.source?;
    at.documents()
        .get(source.document)?
        .line(source.line)
        .map(|line| Cell::Text(&line.id))
}

fn processing<'s>(at: &At<'s>) -> Option<Cell<'s>> {
    Some(Cell::Text(match at.line()?.detail {
        Detail::Item { processing, .. } => processing.as_str(),
        Detail::Discount { .. } => DISCOUNT,
        Detail::Tax { .. } | Detail::Whole => return None,
    }))
}

fn applied_to<'s>(at: &At<'s>) -> Option<Cell<'s>> {
    let Detail::Discount { of, .. } = at.line()?.detail else {
        return None;
    };
    at.document()?.line(of).map(|line| Cell::Text(&line.id))
}

fn tax_mode<'s>(at: &At<'s>) -> Option<Cell<'s>> {
    let is_inclusive = record(at).is_some_and(|record| record.tax_inclusive);
    Some(Cell::Text(if is_inclusive {
        "inclusive"
    } else {
        "exclusive"
    }))
}

fn record<'s>(at: &At<'s>) -> Option<&'s ItemRecord> {
    at.line()?.detail.record()?.get()
}

fn identity<'s>(at: &At<'s>) -> Option<&'s TaxIdentity> {
    at.line()?.detail.tax().map(|(_, identity)| identity)
}
