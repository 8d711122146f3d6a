//! Bill a change of plan: what it credits becomes a credit memo, what it charges an invoice, and the one settles the
//! other (`proration.md#where-credits-go`).

mod drafts;
mod priced;
mod settle;
mod site;

use crate::calendar::Date;
use crate::command::ChangePlan;
use crate::document::{DocumentIndex, Kind};
use crate::error::{Error, Reason, Result, Site, SiteField, first_refusal, refusal_of};
use crate::money::Currency;
use crate::prorate::Present;
use crate::prorate::change::ChangePreview;
use crate::settle::context::Context;
use crate::settle::guard::names::{check_names, check_new_id, currency_of};
use crate::settle::journal::{Journal, Notice};
use crate::settle::operations::change_plan::drafts::{ChangeBilling, amount_of_item};
use crate::settle::operations::change_plan::priced::PricedChange;
use crate::settle::operations::change_plan::site::site_in_document;
use crate::settle::operations::create::{self, CheckedDraft};
use crate::settle::plan::located::{Located, find};
use std::sync::Arc;

/// Makes, posts and settles the documents of a change. The credit settles the item that was billed, as far as that is
/// open, and then the new invoice; the rest goes where the terms send it. Returns the invoice, or the credit memo where
/// nothing is charged.
///
/// # Errors
/// `missingField` for the identifier of a document that is to be made; those of
/// [`Change::preview`](crate::prorate::change::ChangeRequest::preview), at `change`; `unknownCurrency`, `duplicateId`,
/// `documentNotFound`; those of [`create::check`]; `nothingToSettle` where nothing is to be made. Then those of
/// [`apply_to`](super::apply::apply_to) and [`refund_rest`](super::refund::refund_rest) for what the documents settle
/// once they are there.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    date: Date,
    request: &ChangePlan,
) -> Result<DocumentIndex> {
    let context = journal.context();
    let billed = billed_document(context, request);
    let known = billed.as_ref().ok().copied().flatten();
    let currency = currency_of_change(context, request, known);

    // The change itself can be wrong whatever its currency is, and that is told first. So any will do to ask it.
    let assumed = currency.as_ref().unwrap_or(&context.settings.currency);
    let preview = preview(context, request, known, assumed);
    let priced = match &preview {
        Ok(preview) => PricedChange::of(preview, request),
        Err(refusal) => Err(refusal.clone()),
    };
    first_refusal([
        check_ids(context, request, &priced),
        refusal_of(&priced),
        refusal_of(&currency),
        refusal_of(&billed),
    ])?;

    let billing = ChangeBilling {
        date,
        request,
        account_id: account_of_change(context, request, known),
        currency: currency?,
        billed: known.map(|billed| billed.index),
    };
    let lacks_taxes = preview
        .as_ref()
        .is_ok_and(|preview| billing.lacks_taxes(context, preview));
    let (memo, invoice) = billing.drafts(context, priced?)?;

    let memo = perform(journal, date, memo)?;
    let invoice = perform(journal, date, invoice)?;
    if let Some(memo) = memo {
        billing.settle_memo(journal, memo, invoice)?;
    }
    if let (true, Some(billed)) = (lacks_taxes, billing.billed) {
        journal.notice(Notice::PlanWithoutTaxes(billed));
    }
    // A change that credits and charges nothing has been refused.
    invoice
        .or(memo)
        .ok_or_else(|| Error::fault("a change without documents"))
}

/// Makes a document of the change, if there is one to be made.
fn perform(
    journal: &mut Journal<'_>,
    date: Date,
    draft: Option<CheckedDraft>,
) -> Result<Option<DocumentIndex>> {
    match draft {
        Some(draft) => create::perform(journal, date, draft).map(Some),
        None => Ok(None),
    }
}

/// Refuses a command that lacks the identifier of a document which has to be made, and one that is taken. Where the
/// change is refused, nobody knows which documents have to be made.
///
/// # Errors
/// The first of `missingField`, `invalidId`, `duplicateId`.
fn check_ids(
    context: Context<'_>,
    request: &ChangePlan,
    priced: &Result<PricedChange<'_>>,
) -> Result<()> {
    let Ok(priced) = priced else {
        return Ok(());
    };
    let mut ids = Vec::with_capacity(2);
    if !priced.credits.is_empty() {
        let id = stated_id(&request.credit_memo_id, Kind::CreditMemo)?;
        ids.push((Kind::CreditMemo, id));
    }
    if !priced.charges.is_empty() {
        let id = stated_id(&request.invoice_id, Kind::Invoice)?;
        ids.push((Kind::Invoice, id));
    }

    // Each guard over both documents before the next, as in the table of codes.
    for &(kind, id) in &ids {
        let site = kind.id_site();
        check_names(id, None, request.account_id.as_deref())
            .map_err(|error| error.moved(|inner| site_in_document(inner, site, site)))?;
    }

    for &(kind, id) in &ids {
        let site = Site::Command.field(kind.id_site());
        check_new_id(context, kind, id, None).map_err(|error| error.at(&site))?;
    }

    // Neither is in the book yet, so the guard of new identifiers cannot see that both have one.
    match ids.as_slice() {
        [(_, memo), (kind, invoice)] if memo == invoice => {
            let id = (*invoice).into();
            let site = Site::Command.field(kind.id_site());
            Err(Error::of(Reason::DocumentIdTaken { id }, &site))
        }
        _ => Ok(()),
    }
}

/// The document that billed the plan, if the command names it.
fn billed_document<'a>(
    context: Context<'a>,
    request: &'a ChangePlan,
) -> Result<Option<Located<'a>>> {
    let Some(source) = &request.source else {
        return Ok(None);
    };
    let billed = Site::Command.field(SiteField::BilledBy);
    let site = billed.field(source.document.kind.id_site());
    find(context.documents, &source.document, &site).map(Some)
}

/// The currency of the change: the stated one, that of the document that billed the plan, or that of the book.
fn currency_of_change(
    context: Context<'_>,
    request: &ChangePlan,
    billed: Option<Located<'_>>,
) -> Result<Arc<Currency>> {
    match (&request.currency, billed) {
        (Some(code), _) => currency_of(context.settings, code),
        (None, Some(billed)) => Ok(Arc::clone(&billed.document.header().currency)),
        (None, None) => Ok(Arc::clone(&context.settings.currency)),
    }
}

/// The account of the change: the stated one, that of the document that billed the plan, or that of the book.
fn account_of_change(
    context: Context<'_>,
    request: &ChangePlan,
    billed: Option<Located<'_>>,
) -> Arc<str> {
    match (&request.account_id, billed) {
        (Some(account_id), _) => account_id.as_str().into(),
        (None, Some(billed)) => Arc::clone(&billed.document.header().account_id),
        (None, None) => Arc::clone(&context.settings.account_id),
    }
}

/// Prices the change.
fn preview(
    context: Context<'_>,
    request: &ChangePlan,
    billed: Option<Located<'_>>,
    currency: &Currency,
) -> Result<ChangePreview> {
    let mut change = request.change.clone();

    // Documents have credits and charges, however a preview shows them.
    change.terms.present = Present::Gross;
    change.allow_tax_rate_from_1 = context.settings.allow_tax_rate_from_1;
    if change.increment.is_zero() {
        change.increment = currency.increment_decimal();
    }

    let site = Site::Command.field(SiteField::Change);
    let item_amount = match (billed, &request.source) {
        (Some(billed), Some(source)) => amount_of_item(billed.document, &source.item_id),
        _ => None,
    };
    change
        .preview_of_item(item_amount)
        .map_err(|error| error.within(&site))
}

/// The identifier that a command states for a document that has to be made.
fn stated_id(id: &Option<String>, kind: Kind) -> Result<&str> {
    id.as_deref().ok_or_else(|| {
        let site = Site::Command.field(kind.id_site());
        Error::of(Reason::NoIdentifier { kind: kind.into() }, &site)
    })
}
