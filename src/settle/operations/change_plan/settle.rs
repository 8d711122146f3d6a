//! Settles what a change of plan credits, once its documents are there.

use crate::calendar::Date;
use crate::command::ChangePlan;
use crate::command::spread::Spread;
use crate::document::{DocumentIndex, Kind, Rule};
use crate::error::{Code, Result, SiteField};
use crate::prorate::Destination;
use crate::settle::journal::Journal;
use crate::settle::operations::change_plan::drafts::ChangeBilling;
use crate::settle::operations::change_plan::site::{site_in_document, site_in_settlement};
use crate::settle::operations::change_plan::stated_id;
use crate::settle::operations::{apply, refund};
use crate::settle::plan::capacity::settleable;
use crate::settle::plan::located::locate;

impl ChangeBilling<'_> {
    /// Settles what the change credits: with the bill, with the new invoice, and the rest where the terms send it.
    pub(super) fn settle_memo(
        &self,
        journal: &mut Journal<'_>,
        memo: DocumentIndex,
        invoice: Option<DocumentIndex>,
    ) -> Result<()> {
        if !self.settles() {
            return Ok(());
        }

        // In the order that the terms promise: the bill that is credited, the new invoice, and the rest goes back.
        if let Some(billed) = self.billed {
            let field = SiteField::BilledBy;
            settle(journal, self.date, memo, billed, Rule::SourceItem, field)?;
        }
        if let Some(invoice) = invoice {
            let field = SiteField::InvoiceId;
            settle(journal, self.date, memo, invoice, Rule::Proration, field)?;
        }
        if self.request.change.terms.destination == Destination::Refund {
            give_back(journal, self.date, memo, self.request)?;
        }
        Ok(())
    }
}

/// Refunds what a memo has left, if anything.
fn give_back(
    journal: &mut Journal<'_>,
    date: Date,
    memo: DocumentIndex,
    request: &ChangePlan,
) -> Result<()> {
    let document = locate(journal.context().documents, memo)?.document;
    if settleable(document, &Spread::default()).is_zero() {
        return Ok(());
    }

    let id = stated_id(&request.refund_id, Kind::Refund)?;
    refund::refund_rest(journal, date, memo, id)
        .map(drop)
        .map_err(|error| {
            error.moved(|inner| {
                site_in_document(inner, SiteField::RefundId, SiteField::CreditMemoId)
            })
        })
}

/// Applies what a memo has left to a document by `rule`, as far as there is anything to apply. The command names that
/// document in `field`.
fn settle(
    journal: &mut Journal<'_>,
    date: Date,
    memo: DocumentIndex,
    target: DocumentIndex,
    rule: Rule,
    field: SiteField,
) -> Result<()> {
    let spread = Spread {
        rule: Some(rule),
        ..Spread::default()
    };

    let mark = journal.mark();
    match apply::apply_to(journal, date, memo, target, &spread) {
        // Paid already, or nothing left: there is nothing wrong with that.
        Err(error) if error.code() == Code::NothingToSettle => {
            journal.back_to(mark);
            Ok(())
        }
        result => result
            .map(drop)
            .map_err(|error| error.moved(|inner| site_in_settlement(inner, field))),
    }
}
