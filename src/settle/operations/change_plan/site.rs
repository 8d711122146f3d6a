//! Where a change of plan has what is wrong with the documents that it makes: it names their lines by a change.

use crate::error::{SiteField, SiteStep};

/// Where a change of plan has what is wrong with the credit memo that it makes.
pub(super) fn site_in_memo(inner: &[SiteStep], items: SiteField) -> Vec<SiteStep> {
    match inner {
        // The document that the memo is made from is the one that billed the plan.
        [document @ SiteStep::Field(SiteField::InvoiceId | SiteField::DebitMemoId)] => {
            vec![SiteStep::Field(SiteField::BilledBy), document.clone()]
        }
        [.., SiteStep::Field(SiteField::SourceItemId)] => vec![
            SiteStep::Field(SiteField::BilledBy),
            SiteStep::Field(SiteField::ItemId),
        ],
        _ => site_in_document(inner, SiteField::CreditMemoId, items),
    }
}

/// Where a change of plan has what is wrong with a document that it makes: at the field of its identifier, at its own
/// date, or at what its items follow from.
pub(super) fn site_in_document(
    inner: &[SiteStep],
    id: SiteField,
    items: SiteField,
) -> Vec<SiteStep> {
    match inner {
        [SiteStep::Field(SiteField::Id)] => vec![SiteStep::Field(id)],
        [SiteStep::Field(SiteField::Date)] => vec![SiteStep::Field(SiteField::At)],
        [SiteStep::Field(SiteField::Items), ..] => vec![SiteStep::Field(items)],
        _ => inner.to_vec(),
    }
}

/// Where a change of plan has what is wrong with a target of its credit memo: in the field that names the document.
pub(super) fn site_in_settlement(inner: &[SiteStep], field: SiteField) -> Vec<SiteStep> {
    match inner {
        [
            SiteStep::Field(SiteField::Invoices | SiteField::DebitMemos),
            ..,
        ] => {
            vec![SiteStep::Field(field)]
        }
        _ => inner.to_vec(),
    }
}
