//! Refuses a resolved draft that cannot be, and finds its amounts.

use crate::command::settings::Limit;
use crate::document::{
    Detail, Document, Draft, Header, ItemRecord, Kind, Line, LineIndex, LineRef, Misfit, Origin,
    Processing, ROUNDING, Record, TaxIdentity,
};
use crate::error::{Code, Error, Reason, Result, Site, SiteField};
use crate::money::{Amount, Currency};
use crate::settle::context::Context;
use crate::settle::guard::closed_days;
use crate::settle::guard::credit;
use crate::settle::guard::documents::{check_account, check_currency, check_live};
use crate::settle::guard::names::{check_comment, check_positive};
use crate::settle::operations::create::price::{PricedLines, price, price_of};
use crate::settle::operations::create::rounding::rounded;
use crate::settle::operations::create::{CheckedDraft, items_site, out_of_range, settled_before};
use crate::settle::operations::lifecycle;
use crate::settle::plan::draft::{Coverage, DraftItem, DraftPlan, DraftTax};
use crate::settle::plan::located::{Located, locate};
use std::sync::Arc;

/// Refuses a draft that cannot be, and finds its lines and amounts.
///
/// # Errors
/// The first of `invalidStatus`, `accountMismatch`, `currencyMismatch`, `invalidItem`, `periodClosed`, `dateTooEarly`,
/// `limitExceeded`, those of [`Currency::amount`], `outOfRange`, `invalidDiscount`, `amountNotPositive`,
/// `sumMismatch`, `exceedsItem`, `exceedsAvailableToCredit`, `nothingToSettle`.
pub(in crate::settle) fn check(
    context: Context<'_>,
    mut plan: DraftPlan<'_>,
) -> Result<CheckedDraft> {
    check_sources(context, &plan)?;
    check_sizes(context, &plan)?;
    read_fee(&mut plan)?;
    check_exemptions(&plan)?;

    let priced = price(context, &plan)?;
    let settled_before = settled_before::read(&plan)?;
    check_in_range(&plan.coverage)?;
    let empty_item = priced.empty_item;
    let document = document_of(&plan, priced)?;
    let document = rounded(context, &plan, document)?;

    check_fee(&plan)?;
    if plan.posted_on.is_some() {
        lifecycle::check_sign(document.header(), &items_site())?;
    }
    settled_before::check_signs(&plan, &document, &settled_before)?;
    check_prices(&plan)?;
    settled_before::check_sums(&plan, &document, &settled_before)?;
    credit::check(context, &document, plan.index, &items_site())?;
    check_not_empty(plan.coverage, empty_item)?;

    let document = document.with_settled_before(settled_before)?;
    Ok(CheckedDraft {
        document,
        index: plan.index,
        auto_post: plan.posted_on.is_some(),
    })
}

/// Refuses to make a document from what is not in force, of another account, in another currency, or later: each guard
/// over all sources before the next.
fn check_sources(context: Context<'_>, plan: &DraftPlan<'_>) -> Result<()> {
    let header = &plan.header;
    for_each_source(context, plan, check_live)?;
    for_each_source(context, plan, |source, site| {
        check_owner(source, header, site)
    })?;
    for_each_source(context, plan, |source, site| {
        check_currency(source.document.header(), &header.currency, site)
    })?;

    let list = items_site();
    for (item_index, item) in plan.items.iter().enumerate() {
        let entry = list.entry(item_index);
        check_rounding_item(context, header, item, &entry)?;
        check_source_line(context, item.source, &entry)?;
    }

    if header.kind != Kind::Invoice {
        let site = Site::Command.field(SiteField::Date);
        context.settings.check_open(header.date, &site)?;
    }
    if let Some(posted_on) = plan.posted_on {
        closed_days::check_posting(context.settings, header, posted_on)?;
    }
    check_date(context, plan)?;
    settled_before::check_dates(plan)
}

/// Runs a guard over the document that a draft is made from, and over each other document that an item names.
fn for_each_source(
    context: Context<'_>,
    plan: &DraftPlan<'_>,
    mut guard: impl FnMut(&Located<'_>, &Site<'_>) -> Result<()>,
) -> Result<()> {
    if let Some(from) = &plan.from {
        let site = Site::Command.field(from.document.header().kind.id_site());
        guard(from, &site)?;
    }

    let from_index = plan.header.refers_to;
    let list = items_site();
    for (item_index, item) in plan.items.iter().enumerate() {
        let Some(source) = item.source else {
            continue;
        };
        if Some(source.document) != from_index {
            let document = locate(context.documents, source.document)?;
            let entry = list.entry(item_index);
            guard(&document, &entry.field(SiteField::SourceDocumentId))?;
        }
    }
    Ok(())
}

/// Refuses a document of another account. What the billing engine credits may have another owner by then
/// (`settlement.md#owner-of-a-credit`).
fn check_owner(source: &Located<'_>, header: &Header, site: &Site<'_>) -> Result<()> {
    if header.origin == Origin::Billing {
        return Ok(());
    }
    check_account(source.document.header(), &header.account_id, site)
}

/// Refuses a date before a document that this one is made from. The last of these documents says which day will do.
fn check_date(context: Context<'_>, plan: &DraftPlan<'_>) -> Result<()> {
    let date = plan.header.date;
    let mut refused: Option<Error> = None;
    for_each_source(context, plan, |source, _| {
        let source = source.document.header();
        if date >= source.date {
            return Ok(());
        }

        let reason = Reason::BeforeSource {
            earliest: source.date.into(),
            source: (&*source.id).into(),
            date: date.into(),
        };
        let refusal = Error::of(reason, &Site::Command.field(SiteField::Date));
        refused = Some(match refused.take() {
            Some(known) => known.or_later(refusal),
            None => refusal,
        });
        Ok(())
    })?;

    refused.map_or(Ok(()), Err)
}

/// Refuses a rounding item with stated taxes, and one that is stated where the engine adds it.
fn check_rounding_item(
    context: Context<'_>,
    header: &Header,
    item: &DraftItem<'_>,
    site: &Site<'_>,
) -> Result<()> {
    if item.processing != Processing::Rounding {
        return Ok(());
    }

    if item.states_taxes && !item.taxes.is_empty() {
        let site = site.field(SiteField::TaxItems);
        return Err(Error::of(Reason::TaxOnRounding {}, &site));
    }

    let is_added = match header.kind {
        Kind::Invoice => header.currency.invoice_increment().is_some(),
        _ => item.source.is_none() && credit::rounded_source(context, header).is_some(),
    };
    if is_added {
        let site = site.field(SiteField::ProcessingType);
        return Err(Error::of(Reason::RoundingIsAdded {}, &site));
    }
    Ok(())
}

/// Refuses a rounding item as a source: no item that is stated credits one.
fn check_source_line(context: Context<'_>, source: Option<LineRef>, site: &Site<'_>) -> Result<()> {
    let Some(source) = source else {
        return Ok(());
    };

    // The engine credits a rounding item when a memo leaves nothing else (`settlement.md#rounded-totals`).
    let document = locate(context.documents, source.document)?.document;
    if !document.line_at(source.line)?.detail.is_rounding() {
        return Ok(());
    }
    let site = site.field(SiteField::SourceItemId);
    Err(Error::of(Reason::RoundingAsSource {}, &site))
}

/// Refuses more items of a memo and a longer comment than the book allows.
fn check_sizes(context: Context<'_>, plan: &DraftPlan<'_>) -> Result<()> {
    if plan.header.kind != Kind::Invoice {
        let limits = &context.settings.limits;
        limits.check(Limit::CreateItems, plan.items.len(), &items_site())?;
    }
    check_comment(context, plan.header.notes.comment.as_deref())
}

/// Reads the fee that a credit memo withholds.
fn read_fee(plan: &mut DraftPlan<'_>) -> Result<()> {
    let Some(fee) = plan.restocking_fee else {
        return Ok(());
    };

    let site = Site::Command.field(SiteField::RestockingFee);
    let header = &mut plan.header;
    let fee = header
        .currency
        .amount(fee)
        .map_err(|error| error.at(&site))?;
    Arc::make_mut(&mut header.notes).restocking_fee = fee;
    Ok(())
}

/// Refuses a fee of nothing.
fn check_fee(plan: &DraftPlan<'_>) -> Result<()> {
    if plan.restocking_fee.is_none() {
        return Ok(());
    }
    let (fee, currency) = (plan.header.notes.restocking_fee, &plan.header.currency);
    let site = Site::Command.field(SiteField::RestockingFee);
    check_positive(fee, currency, &site)
}

/// Refuses to take what is left of a document, where that is more than amounts hold.
///
/// # Errors
/// `outOfRange`.
fn check_in_range(coverage: &Coverage) -> Result<()> {
    match coverage {
        Coverage::Nothing(refusal) if refusal.code() == Code::OutOfRange => Err(refusal.clone()),
        _ => Ok(()),
    }
}

/// Refuses an exemption that is no amount of the currency.
fn check_exemptions(plan: &DraftPlan<'_>) -> Result<()> {
    let list = items_site();
    for (item_index, item) in plan.items.iter().enumerate() {
        let entry = list.entry(item_index);
        let taxes = entry.field(SiteField::TaxItems);
        for (tax_index, tax) in item.taxes.iter().enumerate() {
            check_exemption(tax, &plan.header.currency, &taxes.entry(tax_index))?;
        }
    }
    Ok(())
}

fn check_exemption(tax: &DraftTax<'_>, currency: &Currency, site: &Site<'_>) -> Result<()> {
    let Some(exempt) = tax.identity.exempt else {
        return Ok(());
    };
    match currency.amount(exempt) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.at(&site.field(SiteField::ExemptAmount))),
    }
}

/// Refuses a stated amount that is not the product of the quantity and the unit price next to it.
///
/// # Errors
/// `sumMismatch`; `outOfRange` of a product that is no amount.
fn check_prices(plan: &DraftPlan<'_>) -> Result<()> {
    let currency = &*plan.header.currency;
    let list = items_site();
    for (item_index, item) in plan.items.iter().enumerate() {
        let entry = list.entry(item_index);
        let (Some(price), Some(amount)) = (price_of(item, currency, &entry)?, item.amount) else {
            continue;
        };

        let amount = amount.read(currency, &entry)?;
        if price != amount {
            let reason = Reason::NotPriced {
                price: currency.figure(price),
                amount: currency.figure(amount),
            };
            return Err(Error::of(reason, &entry.field(SiteField::Amount)));
        }
    }
    Ok(())
}

/// Refuses a draft that was to take all that is left of a document, or an item that was to take all of its source,
/// where that is nothing. Nothing is credited only where that is stated.
fn check_not_empty(coverage: Coverage, empty_item: Option<usize>) -> Result<()> {
    if let Coverage::Nothing(refusal) = coverage {
        return Err(refusal);
    }

    let Some(item_index) = empty_item else {
        return Ok(());
    };
    let list = items_site();
    let entry = list.entry(item_index);
    let site = entry.field(SiteField::SourceItemId);
    Err(Error::of(Reason::NothingOfItemToCredit {}, &site))
}

/// The document of a draft with its amounts.
///
/// # Errors
/// `outOfRange`, `invalidDiscount`.
fn document_of(plan: &DraftPlan<'_>, priced: PricedLines) -> Result<Document> {
    let mut draft = Draft::with_room(priced.amounts.len());
    let mut amounts = priced.amounts.into_iter();
    for item in &plan.items {
        let item_line = draft.add(line_of(item), next_amount(&mut amounts)?)?;
        for tax in &item.taxes {
            draft.add(tax_line_of(tax, item_line), next_amount(&mut amounts)?)?;
        }
    }

    if !priced.rounding.is_zero() {
        draft.add(Line::rounding(ROUNDING), priced.rounding)?;
    }

    draft
        .finish(plan.header.clone())
        .map_err(|misfit| refuse_misfit(misfit, plan))
}

fn next_amount(amounts: &mut impl Iterator<Item = Amount>) -> Result<Amount> {
    let amount = amounts.next();
    amount.ok_or_else(|| Error::broken("an amount of a draft is missing"))
}

/// The line of an item.
fn line_of(item: &DraftItem<'_>) -> Line {
    let record = Record::new(ItemRecord::clone(&item.record));
    let detail = match item.reduces {
        Some(reduced) => Detail::Discount {
            of: reduced,
            record,
        },
        None => Detail::Item {
            processing: item.processing,
            record,
        },
    };

    Line {
        id: (&*item.id).into(),
        source: item.source,
        detail,
    }
}

/// The line of a tax item of the item at `item_line`.
fn tax_line_of(tax: &DraftTax<'_>, item_line: LineIndex) -> Line {
    Line {
        id: (&*tax.id).into(),
        source: tax.source,
        detail: Detail::Tax {
            of: item_line,
            by_rate: tax.follows_from_rate(),
            identity: Box::new(TaxIdentity::clone(&tax.identity)),
        },
    }
}

/// The refusal of lines that make no document.
#[cold]
fn refuse_misfit(misfit: Misfit, plan: &DraftPlan<'_>) -> Error {
    let list = items_site();
    match misfit {
        Misfit::OutOfRange => out_of_range(&list),
        Misfit::Fault(fault) => fault,

        Misfit::DiscountOfDiscount { discount, item } => {
            let (Some((discount, _)), Some((_, item))) =
                (plan.item_at(discount), plan.item_at(item))
            else {
                return Error::broken("a discount is no item of its draft");
            };

            let item = (&*item.id).into();
            let entry = list.entry(discount);
            let site = entry.field(SiteField::AppliedToItemId);
            Error::of(Reason::DiscountOfDiscount { item }, &site)
        }

        Misfit::DiscountAboveItem {
            discount,
            left,
            amount,
        } => {
            let Some((discount, _)) = plan.item_at(discount) else {
                return Error::broken("a discount is no item of its draft");
            };

            // A discount is below zero, and a sentence about it says how much it takes off.
            let currency = &plan.header.currency;
            let reason = Reason::DiscountAboveItem {
                most: currency.figure(left.negated()),
                amount: currency.figure(amount),
            };
            let entry = list.entry(discount);
            Error::of(reason, &entry.field(SiteField::Amount))
        }
    }
}
