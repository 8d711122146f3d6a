//! Rounding that looks at a whole draft: taxes by group, the total of an invoice, and the rounding item of a memo.

use crate::command::settings::Settings;
use crate::document::{Document, Kind};
use crate::error::{Error, Result};
use crate::money::{Amount, Currency, Fraction};
use crate::settle::context::Context;
use crate::settle::guard::credit;
use crate::settle::operations::create::{items_site, out_of_range, taxes_beyond_digits};
use crate::settle::plan::draft::{Coverage, DraftItem, DraftPlan};
use crate::settle::plan::tax::{self, Calculated, Unrounded};
use std::ops::Range;

/// Rounds the taxes that follow from their rates anew, by group. An amount that contains its taxes stays what it is:
/// what its taxes gain or lose, its net loses or gains.
///
/// # Errors
/// `outOfRange`.
pub(super) fn round_by_group(
    settings: &Settings,
    items: &[DraftItem<'_>],
    currency: &Currency,
    amounts: &mut [Amount],
) -> Result<()> {
    let mut taxes = Vec::new();
    let mut inclusive = Vec::new();
    let mut first_line = 0_usize;
    for item in items {
        let lines = lines_of(item, first_line)?;
        first_line = lines.end;
        let of_item = amounts.get(lines.clone()).ok_or_else(missing_amount)?;
        if item.record.tax_inclusive {
            let given = Amount::sum(of_item.iter().copied());
            let given = given.ok_or_else(|| out_of_range(&items_site()))?;
            add_taxes_within(item, lines.start, given, of_item, currency, &mut taxes)?;
            inclusive.push((lines, given));
        } else {
            add_taxes_on_top(item, lines.start, of_item, currency, &mut taxes);
        }
    }

    let inclusive_rounding = settings.inclusive_rounding;
    tax::round_by_group(taxes, inclusive_rounding, currency, amounts)
        .and_then(|()| restore_gross(inclusive, amounts).ok_or(Unrounded::TooLarge))
        .map_err(|unrounded| match unrounded {
            Unrounded::TooManyDigits => taxes_beyond_digits(&items_site()),
            Unrounded::TooLarge => out_of_range(&items_site()),
        })
}

/// The lines of an item, the first of which is `first_line`.
fn lines_of(item: &DraftItem<'_>, first_line: usize) -> Result<Range<usize>> {
    let line_count = item.taxes.len().checked_add(1);
    let end = line_count.and_then(|count| first_line.checked_add(count));
    let end = end.ok_or_else(missing_amount)?;
    Ok(first_line..end)
}

/// Adds the taxes by rate on top of the net amount of an item, which is the first of its amounts.
fn add_taxes_on_top<'i>(
    item: &'i DraftItem<'_>,
    item_line: usize,
    of_item: &[Amount],
    currency: &Currency,
    taxes: &mut Vec<Calculated<'i>>,
) {
    let Some((&net, _)) = of_item.split_first() else {
        return;
    };
    for (line, tax) in (item_line..).skip(1).zip(&item.taxes) {
        if tax.follows_from_rate() {
            taxes.push(Calculated::on_top(line, &tax.identity, net, currency));
        }
    }
}

/// Adds the taxes by rate within the amount of an item that is given with them.
fn add_taxes_within<'i>(
    item: &'i DraftItem<'_>,
    item_line: usize,
    given: Amount,
    of_item: &[Amount],
    currency: &Currency,
    taxes: &mut Vec<Calculated<'i>>,
) -> Result<()> {
    let mut gross = given;
    let mut rates = Fraction::ZERO;
    for (tax, &amount) in item.taxes.iter().zip(of_item.iter().skip(1)) {
        if tax.follows_from_rate() {
            rates = rates.plus(Fraction::of(tax.rate()?));
        } else {
            let stated = gross.minus(amount);
            gross = stated.ok_or_else(|| out_of_range(&items_site()))?;
        }
    }

    // Each tax needs the rates of all, because the gross contains all of them.
    for (line, tax) in (item_line..).skip(1).zip(&item.taxes) {
        if tax.follows_from_rate() {
            let identity = &tax.identity;
            taxes.push(Calculated::within(line, identity, gross, rates, currency));
        }
    }
    Ok(())
}

/// Sets the net amount of each item that is given with its taxes to what those leave of it; `None` out of range.
fn restore_gross(inclusive: Vec<(Range<usize>, Amount)>, amounts: &mut [Amount]) -> Option<()> {
    for (lines, given) in inclusive {
        let (net, taxes) = amounts.get_mut(lines)?.split_first_mut()?;
        *net = given.minus(Amount::sum(taxes.iter().copied())?)?;
    }
    Some(())
}

#[cold]
fn missing_amount() -> Error {
    Error::broken("an amount of a draft is missing")
}

/// What makes the total of an invoice a whole number of its increments, if anything.
///
/// # Errors
/// `outOfRange`.
pub(super) fn of_invoice(currency: &Currency, amounts: &[Amount]) -> Result<Amount> {
    // Without a sum, the amounts are refused together.
    let Some(total) = Amount::sum(amounts.iter().copied()) else {
        return Ok(Amount::ZERO);
    };
    let rounding = currency.to_invoice_step(total);
    rounding.ok_or_else(|| out_of_range(&items_site()))
}

/// The document with the rounding item that it needs because of the one that it was made from.
///
/// # Errors
/// `outOfRange`.
pub(super) fn rounded(
    context: Context<'_>,
    plan: &DraftPlan<'_>,
    document: Document,
) -> Result<Document> {
    let list = items_site();
    if document.header().kind == Kind::CreditMemo {
        return credit::rounded(context, document, plan.index, &list);
    }
    // What a debit memo charges of a document is known only where it charges the whole.
    let (Some(from), Coverage::Whole | Coverage::Nothing(_)) = (&plan.from, &plan.coverage) else {
        return Ok(document);
    };
    document
        .with_rounding(credit::rounding_left(context, from)?)
        .ok_or_else(|| out_of_range(&list))
}
