//! What of a document is available to credit (`settlement.md#available-to-credit`).

mod claims;
mod credited;
mod ledger;
mod reductions;
mod rounding;

pub(in crate::settle) use claims::{check, check_by, check_without};
pub(in crate::settle) use credited::{credited_line, posted};
pub(in crate::settle) use ledger::{CreditLedger, Portion};
pub(in crate::settle) use rounding::{rounded, rounded_source, rounding_left};

use crate::document::{Document, DocumentIndex, LineIndex, Lines};
use crate::error::{Error, Result};
use crate::money::Amount;
use crate::settle::context::Context;
use crate::settle::guard::credit::credited::{
    CreditScope, CreditSum, CreditedAmounts, less_credits, nearest_amount, sum_fault,
};
use crate::settle::guard::credit::reductions::Reductions;
use crate::settle::plan::located::locate;

/// What is available to credit of a document as a whole.
///
/// # Errors
/// A fault if there is no such document.
pub fn available_to_credit(context: Context<'_>, index: DocumentIndex) -> Result<Amount> {
    let document = locate(context.documents, index)?.document;
    let total = document.header().figures.amount();

    // Most documents of a list were never credited, and no memo is read for them.
    if !has_credits(context, index, document) {
        return Ok(total);
    }
    let credits = CreditedAmounts::by_memos(context, index, CreditScope::Posted, None)?;
    less_credits(total, credits.total)
}

/// What is available to credit of one line of a document: of an item and its taxes what its discounts leave of them,
/// and of what reduces them nothing.
///
/// # Errors
/// A fault if there is no such line.
pub fn line_available_to_credit(
    context: Context<'_>,
    index: DocumentIndex,
    line: LineIndex,
) -> Result<Amount> {
    let document = locate(context.documents, index)?.document;
    let is_credited = has_credits(context, index, document);
    if !is_credited && !document.line_at(line)?.detail.is_tax() {
        // What discounts take off an item is known of its figures; of its taxes it is not.
        let figures = document.figures_at(line)?;
        let net = figures.amount().plus(figures.netted());
        return net.ok_or_else(sum_fault);
    }

    let lines = lines_available_to_credit(context, index)?;
    let available = lines.get(line.get()).copied();
    available.ok_or_else(|| Error::fault("a line is missing"))
}

/// What is available to credit of every line, in their order, found in one pass over the memos: of an item and its
/// taxes what its discounts leave of them, and of what reduces them nothing.
///
/// # Errors
/// A fault if there is no such document.
pub fn lines_available_to_credit(
    context: Context<'_>,
    index: DocumentIndex,
) -> Result<Vec<Amount>> {
    let mut uncredited = sums_uncredited(context, index)?;
    let document = locate(context.documents, index)?.document;

    // What is left of a discount moves to its item, so that the lines still sum to what the document has.
    for (reduced, line) in Reductions::of(document)?.each() {
        let reduction = std::mem::take(uncredited.at_mut(line)?);
        let reduced = uncredited.at_mut(reduced)?;
        *reduced = reduced.checked_add(reduction).ok_or_else(sum_fault)?;
    }
    Ok(nearest_amounts(&uncredited))
}

/// What credit memos leave of every line by itself, in their order, discounts and what they reduce as well.
///
/// # Errors
/// A fault if there is no such document.
pub(in crate::settle) fn lines_uncredited(
    context: Context<'_>,
    index: DocumentIndex,
) -> Result<Vec<Amount>> {
    let uncredited = sums_uncredited(context, index)?;
    Ok(nearest_amounts(&uncredited))
}

/// The amounts that are nearest to sums.
fn nearest_amounts(sums: &Lines<CreditSum>) -> Vec<Amount> {
    let sums = sums.as_slice().iter();
    sums.map(|sum| nearest_amount(*sum)).collect()
}

/// What credit memos leave of every line by itself.
fn sums_uncredited(context: Context<'_>, index: DocumentIndex) -> Result<Lines<CreditSum>> {
    let credits = CreditedAmounts::by_memos(context, index, CreditScope::Posted, None)?;
    let document = locate(context.documents, index)?.document;
    let mut uncredited = Vec::with_capacity(document.lines().len());
    for (figures, credited) in document.figures().iter().zip(credits.lines.as_slice()) {
        let amount = CreditSum::from(figures.amount().minor());
        uncredited.push(amount.checked_sub(*credited).ok_or_else(sum_fault)?);
    }
    Ok(uncredited.into())
}

/// Whether anything can have been credited of a document.
fn has_credits(context: Context<'_>, index: DocumentIndex, document: &Document) -> bool {
    let has_past = !document.settled_before().is_empty();
    has_past || context.documents.made_from(index).next().is_some()
}
