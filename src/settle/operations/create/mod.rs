//! Create an invoice, credit memo or debit memo (`settlement.md#memos-of-a-document`,
//! `settlement.md#memos-of-a-charge`).
//!
//! [`execute`] resolves what a request names into a
//! [`DraftPlan`](crate::settle::plan::draft::DraftPlan), [`check`] refuses what cannot be and finds the
//! amounts, and [`perform`] makes the document. An update, a change of plan and a counterpart enter behind the request,
//! with the documents and lines that they have.

mod check;
mod names;
mod price;
mod pricing;
mod resolve;
mod rounding;
mod settled_before;
mod source;
mod taxes;

pub(in crate::settle) use check::check;
pub(in crate::settle) use names::LineNames;
pub(in crate::settle) use resolve::{check_item_shape, check_service, no_source_of_item};
pub(in crate::settle) use settled_before::{
    check_dates_of_line, check_signs_of_line, check_words_of_item, check_words_of_line, read_line,
    reason_of,
};
pub(in crate::settle) use source::{Lookups, find_tax, inherited_taxes, no_such_item};

use crate::calendar::Date;
use crate::document::{Document, DocumentIndex, Kind, NewDocument};
use crate::error::{Error, Reason, Result, Site, SiteField, SiteStep};
use crate::money::Fraction;
use crate::settle::context::Context;
use crate::settle::guard::effective_dates;
use crate::settle::guard::names::date_field;
use crate::settle::journal::Journal;
use crate::settle::operations::lifecycle;

/// A draft that has passed its guards, with its lines and amounts.
pub(in crate::settle) struct CheckedDraft {
    /// The draft.
    pub document: Document,
    /// Its index, if it is in the book and gets other lines.
    pub index: Option<DocumentIndex>,
    /// It is posted in the same step.
    pub auto_post: bool,
}

/// Creates the document of a request.
///
/// # Errors
/// The first of `missingField`, `invalidId`, `invalidPeriod`, `unknownCurrency`, `unknownReasonCode`, `duplicateId`,
/// `documentNotFound`, `itemNotFound`, `invalidStatus`, `accountMismatch`, `currencyMismatch`, `invalidItem`,
/// `periodClosed`, `dateTooEarly`, `limitExceeded`, those of [`Currency::amount`](crate::money::Currency::amount),
/// `outOfRange`, `invalidDiscount`, `amountNotPositive` of a memo below zero that is posted,
/// `exceedsAvailableToCredit`; `nothingToSettle` of a whole document of which nothing is available to credit.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    date: Date,
    new: &NewDocument,
) -> Result<DocumentIndex> {
    let context = journal.context();
    let draft = plan_and_check(context, date, new)
        .map_err(|error| error.moved(|inner| site_in_create(inner, new)))
        .map_err(|refusal| first_with_application(context, date, new, refusal))?;
    perform(journal, date, draft)
}

fn plan_and_check(context: Context<'_>, date: Date, new: &NewDocument) -> Result<CheckedDraft> {
    let plan = resolve::resolve(context, date, new)?;
    check(context, plan)
}

/// The first of the refusal of a memo and of what it would be refused for as soon as it settles what it is made from.
/// What it would settle is not known, except that it would be on that day.
#[cold]
fn first_with_application(
    context: Context<'_>,
    date: Date,
    new: &NewDocument,
    refusal: Error,
) -> Error {
    let Ok(Some(from)) = resolve::find_from(context, new) else {
        return refusal;
    };

    let is_settling = new.kind == Kind::CreditMemo && new.auto_post && new.notes.auto_apply;
    if !is_settling || !lifecycle::is_open_demand(&from) {
        return refusal;
    }

    match effective_dates::check_day(context, [from.index], date) {
        Ok(()) => refusal,
        Err(of_day) => refusal.or_earlier(of_day),
    }
}

/// Where a request has what is wrong with its draft: what it left out is not in it.
fn site_in_create(inner: &[SiteStep], new: &NewDocument) -> Vec<SiteStep> {
    match (inner, &new.from) {
        ([SiteStep::Field(SiteField::Date)], _) => vec![SiteStep::Field(date_field(new.date))],
        ([SiteStep::Field(SiteField::Items), ..], Some((kind, _))) if new.items.is_none() => {
            vec![SiteStep::Field(kind.id_site())]
        }
        _ => inner.to_vec(),
    }
}

/// Makes a draft, or gives it its other lines, and posts it if it is to be posted. Returns its index.
///
/// # Errors
/// Those of [`lifecycle::post`], at the identifier of the draft.
pub(in crate::settle) fn perform(
    journal: &mut Journal<'_>,
    date: Date,
    draft: CheckedDraft,
) -> Result<DocumentIndex> {
    let index = match draft.index {
        Some(index) => {
            journal.replace(index, draft.document)?;
            index
        }
        // A draft counts on no day, so no field can be wrong about its day.
        None => journal.create(draft.document, SiteField::At)?,
    };

    if draft.auto_post {
        let site = Site::Command.field(SiteField::Id);
        lifecycle::post(journal, date, index, &site)?;
    }
    Ok(index)
}

/// The items of a draft.
pub(in crate::settle) fn items_site() -> Site<'static> {
    Site::Command.field(SiteField::Items)
}

/// The refusal of taxes that 128 bits do not hold before they are rounded.
#[cold]
fn taxes_beyond_digits(site: &Site<'_>) -> Error {
    let most = Fraction::DIGITS.into();
    Error::of(Reason::TaxesBeyondDigits { most }, site)
}

#[cold]
fn out_of_range(site: &Site<'_>) -> Error {
    Error::of(Reason::LinesOutOfRange {}, site)
}
