//! Resolves a request for a draft into a plan: the document that it is made from, and its items with what they credit
//! or debit (`source.rs`) and reduce (`names.rs`).

use crate::calendar::Date;
use crate::document::{Header, ItemRecord, LineRef, NewDocument, NewItem, NewTaxItem, Origin};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::Currency;
use crate::settle::context::Context;
use crate::settle::guard::credit;
use crate::settle::guard::names::{check_names, check_new_id, currency_of};
use crate::settle::operations::create::names::LineNames;
use crate::settle::operations::create::source::{Lookups, find_tax, inherited_taxes};
use crate::settle::operations::create::{items_site, settled_before};
use crate::settle::plan::credit_all;
use crate::settle::plan::draft::{
    Coverage, DraftAmount, DraftItem, DraftPast, DraftPlan, DraftTax,
};
use crate::settle::plan::located::{Located, find_key};
use std::borrow::Cow;
use std::sync::Arc;

/// Resolves a request.
///
/// # Errors
/// The first of `missingField`, `invalidId`, `invalidPeriod`, `unknownCurrency`, `unknownReasonCode`, `duplicateId`,
/// `documentNotFound`, `itemNotFound`.
pub(super) fn resolve<'a>(
    context: Context<'a>,
    date: Date,
    new: &'a NewDocument,
) -> Result<DraftPlan<'a>> {
    check_shape(new)?;
    settled_before::check_words(new)?;
    check_names(&new.id, new.number.as_deref(), new.account_id.as_deref())?;
    let currency = stated_currency(context, new);

    // The document and the source items are refused where it is their turn: what is wrong with the names and words of
    // the request comes first.
    let stated = currency.as_ref().ok().and_then(Option::as_ref);
    let mut names = LineNames::of(new.kind, stated.unwrap_or(&context.settings.currency));
    let from = names.note_from(find_from(context, new));
    let items = match &new.items {
        Some(stated) => resolve_items(context, from, stated, &mut names),
        None => Vec::new(),
    };
    names.check_ids()?;
    check_services(new)?;
    let currency = currency?;
    check_reason(context, new)?;
    check_new_id(context, new.kind, &new.id, new.number.as_deref())?;
    names.check()?;

    let plan = DraftPlan {
        header: header_of(context, date, new, from, currency),
        index: None,
        from,
        items,
        coverage: Coverage::Stated,
        restocking_fee: new.restocking_fee,
        posted_on: match new.auto_post {
            true => Some(date),
            false => None,
        },
    };
    match (&new.items, from) {
        (None, Some(from)) => Ok(take_whole(context, plan, &from)),
        _ => Ok(plan),
    }
}

/// Refuses a request without items, and what its items lack. No document is read for that.
///
/// # Errors
/// `missingField`.
fn check_shape(new: &NewDocument) -> Result<()> {
    let list = items_site();
    let Some(items) = &new.items else {
        return match new.from {
            Some(_) => Ok(()),
            None => Err(Error::of(Reason::NoItems {}, &list)),
        };
    };
    if items.is_empty() {
        return Err(Error::of(Reason::NoItems {}, &list));
    }

    for (item_index, item) in items.iter().enumerate() {
        check_item_shape(item, new.from.is_some(), &list.entry(item_index))?;
    }
    Ok(())
}

/// Refuses what an item lacks: a source of its tax items, a document for its source, an amount. `is_made_from` says
/// whether its document is made from another, which has the source items that name none.
///
/// # Errors
/// `missingField`.
pub(in crate::settle) fn check_item_shape(
    item: &NewItem,
    is_made_from: bool,
    site: &Site<'_>,
) -> Result<()> {
    let taxes = item.tax_items.as_deref().unwrap_or(&[]);

    match &item.source {
        Some(source) if source.document_id.is_none() && !is_made_from => {
            let site = site.field(SiteField::SourceDocumentId);
            return Err(Error::of(Reason::NoSourceDocument {}, &site));
        }
        None if taxes.iter().any(|tax| tax.source.is_some()) => {
            return Err(no_source_of_item(site));
        }
        None if item.amount.is_none() && !item.has_price() => {
            let site = site.field(SiteField::Amount);
            return Err(Error::of(Reason::NoItemAmount {}, &site));
        }
        _ => {}
    }

    let list = site.field(SiteField::TaxItems);
    for (tax_index, tax) in taxes.iter().enumerate() {
        if tax.amount.is_none() && tax.source.is_none() && tax.identity.rate.is_none() {
            let entry = list.entry(tax_index);
            let site = entry.field(SiteField::Amount);
            return Err(Error::of(Reason::NoTaxAmount {}, &site));
        }
    }
    Ok(())
}

/// Refuses an item whose service ends before it starts.
fn check_services(new: &NewDocument) -> Result<()> {
    let list = items_site();
    for (item_index, item) in new.items.iter().flatten().enumerate() {
        check_service(&item.record, SiteField::ServiceEnd, &list.entry(item_index))?;
    }
    Ok(())
}

/// Refuses a service that ends before it starts, at the field of the item that says so.
///
/// # Errors
/// `invalidPeriod`.
pub(in crate::settle) fn check_service(
    record: &ItemRecord,
    field: SiteField,
    site: &Site<'_>,
) -> Result<()> {
    let (Some(from), Some(to)) = (record.service_start, record.service_end) else {
        return Ok(());
    };
    if to >= from {
        return Ok(());
    }

    let (from, to) = (from.to_string().into(), to.to_string().into());
    Err(Error::of(
        Reason::PeriodReversed { from, to },
        &site.field(field),
    ))
}

/// The refusal of a tax item that credits one, while its item credits none.
#[cold]
pub(in crate::settle) fn no_source_of_item(item: &Site<'_>) -> Error {
    Error::of(
        Reason::NoSourceOfItem {},
        &item.field(SiteField::SourceItemId),
    )
}

/// The currency that a request states.
///
/// # Errors
/// `unknownCurrency`.
fn stated_currency(context: Context<'_>, new: &NewDocument) -> Result<Option<Arc<Currency>>> {
    match &new.currency {
        Some(code) => currency_of(context.settings, code).map(Some),
        None => Ok(None),
    }
}

/// Refuses a reason code that the book does not list.
fn check_reason(context: Context<'_>, new: &NewDocument) -> Result<()> {
    let site = Site::Command.field(SiteField::ReasonCode);
    let reason = new.notes.reason_code.as_deref();
    context.settings.check_reason(reason, &site)
}

/// Finds the document that this one is made from, if the request names one.
pub(super) fn find_from<'a>(
    context: Context<'a>,
    new: &'a NewDocument,
) -> Result<Option<Located<'a>>> {
    let Some((kind, key)) = &new.from else {
        return Ok(None);
    };
    let site = Site::Command.field(kind.id_site());
    find_key(context.documents, *kind, key, &site).map(Some)
}

/// The header of the draft. What the request leaves out, it has from the document that it is made from, or from the
/// book.
fn header_of(
    context: Context<'_>,
    date: Date,
    new: &NewDocument,
    from: Option<Located<'_>>,
    currency: Option<Arc<Currency>>,
) -> Header {
    let from_header = from.map(|from| from.document.header());

    let account_id = match (&new.account_id, from_header) {
        (Some(account_id), _) => account_id.as_str().into(),
        (None, Some(from)) => Arc::clone(&from.account_id),
        (None, None) => Arc::clone(&context.settings.account_id),
    };
    let currency = match (currency, from_header) {
        (Some(currency), _) => currency,
        (None, Some(from)) => Arc::clone(&from.currency),
        (None, None) => Arc::clone(&context.settings.currency),
    };
    let origin = match new.origin {
        Origin::Standalone if from.is_some() => Origin::Document,
        origin => origin,
    };

    Header {
        number: new.number.as_deref().unwrap_or(&new.id).into(),
        date: new.date.unwrap_or(date),
        due_date: new.due_date.or(new.date).unwrap_or(date),
        origin,
        refers_to: from.map(|from| from.index),
        notes: Arc::new(new.notes.clone()),
        ..Header::draft(new.kind, &new.id, account_id, currency, date)
    }
}

/// Gives a plan the items that credit or debit all that is left of a document.
fn take_whole<'a>(context: Context<'a>, plan: DraftPlan<'a>, from: &Located<'a>) -> DraftPlan<'a> {
    match all_items(context, from) {
        Ok(items) => DraftPlan {
            items,
            coverage: Coverage::Whole,
            ..plan
        },
        // Not refused yet: what is wrong with the document itself comes first.
        Err(nothing_left) => DraftPlan {
            coverage: Coverage::Nothing(nothing_left),
            ..plan
        },
    }
}

/// The items that credit or debit all that is left of a document.
///
/// # Errors
/// `nothingToSettle` if that is nothing.
fn all_items<'a>(context: Context<'a>, from: &Located<'a>) -> Result<Vec<DraftItem<'a>>> {
    let site = Site::Command.field(from.document.header().kind.id_site());
    let items = credit_all::items(context, from, &site)?;

    // Where documents alone are guarded, an item can have been credited more than it has. The sum of all items may be
    // nothing then, while some of them still look available.
    let amount = from.document.header().figures.amount();
    let is_spent = !amount.is_zero() && credit::available_to_credit(context, from.index)?.is_zero();
    let is_empty = items.is_empty() && credit::rounding_left(context, from)?.is_zero();
    if is_empty || is_spent {
        return Err(Error::of(Reason::NothingToCredit {}, &site));
    }
    Ok(items)
}

/// Resolves the items of a request. What is not found is noted in `names`.
fn resolve_items<'a>(
    context: Context<'a>,
    from: Option<Located<'a>>,
    stated: &'a [NewItem],
    names: &mut LineNames,
) -> Vec<DraftItem<'a>> {
    let list = items_site();
    let mut lookups = Lookups::default();
    let mut items = Vec::with_capacity(stated.len());
    for (item_index, item) in stated.iter().enumerate() {
        let entry = list.entry(item_index);
        let source = match &item.source {
            Some(source) => names.note_source(lookups.find(context, from, source, &entry)),
            None => None,
        };
        let taxes = match (&item.tax_items, source) {
            (Some(taxes), _) => resolve_taxes(context, taxes, source, item_index, names),
            (None, _) => inherited_taxes(context, &item.id, item.processing, source),
        };
        items.push(DraftItem {
            id: Cow::Borrowed(&item.id),
            amount: item.amount.map(DraftAmount::Stated),
            is_priced: item.is_priced,
            reduces: None,
            processing: item.processing,
            source,
            record: Cow::Borrowed(&item.record),
            taxes,
            states_taxes: item.tax_items.is_some(),
            tax_rounding: None,
            settled_before: item.settled_before.iter().map(DraftPast::from).collect(),
        });
    }

    let reduced = stated.iter().map(|item| item.applied_to_item_id.as_deref());
    names.link(&mut items, reduced);
    items
}

/// Resolves the stated tax items of an item that credits or debits `source`.
fn resolve_taxes<'a>(
    context: Context<'_>,
    stated: &'a [NewTaxItem],
    source: Option<LineRef>,
    item_index: usize,
    names: &mut LineNames,
) -> Vec<DraftTax<'a>> {
    let mut taxes = Vec::with_capacity(stated.len());
    for (tax_index, tax) in stated.iter().enumerate() {
        let source = match (&tax.source, source) {
            (Some(id), Some(item)) => names.note_tax(
                item_index,
                find_tax(context, item, id, item_index, tax_index),
            ),
            _ => None,
        };

        taxes.push(DraftTax {
            id: Cow::Borrowed(&tax.id),
            identity: Cow::Borrowed(&tax.identity),
            amount: tax.amount.map(DraftAmount::Stated),
            source,
            settled_before: tax.settled_before.iter().map(DraftPast::from).collect(),
        });
    }
    taxes
}
