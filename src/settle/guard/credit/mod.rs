//! What of a document is available to credit (`settlement.md` 1.1, 3.3).

mod claims;
mod credited;
mod ledger;
mod rounding;

pub(in crate::settle) use claims::{check, check_by, check_without};
pub(in crate::settle) use credited::{credited_line, posted};
pub(in crate::settle) use ledger::CreditLedger;
pub(in crate::settle) use rounding::{rounded, rounded_source, rounding_left};

use crate::document::{DocumentIndex, LineIndex, LineRef};
use crate::error::Result;
use crate::money::Amount;
use crate::settle::guard::credit::credited::{CreditScope, CreditedAmounts, less_credits};
use crate::settle::journal::Context;
use crate::settle::plan::targets::locate;

/// What is available to credit of a document as a whole.
///
/// # Errors
/// A fault if there is no such document.
pub fn available_to_credit(context: Context<'_>, index: DocumentIndex) -> Result<Amount> {
    let total = locate(context.documents, index)?
        .document
        .header()
        .figures
        .amount();
    if context.documents.made_from(index).next().is_none() {
        return Ok(total);
    }
    let credits = CreditedAmounts::by_memos(context, index, CreditScope::Posted, None)?;
    less_credits(total, credits.total)
}

/// What is available to credit of one line of a document.
///
/// # Errors
/// A fault if there is no such line.
pub fn line_available_to_credit(
    context: Context<'_>,
    document: DocumentIndex,
    line: LineIndex,
) -> Result<Amount> {
    let amount = line_amount(context, LineRef { document, line })?;
    if context.documents.made_from(document).next().is_none() {
        return Ok(amount);
    }
    let credits = CreditedAmounts::by_memos(context, document, CreditScope::Posted, None)?;
    less_credits(amount, *credits.lines.at(line)?)
}

/// What is available to credit of every line, in their order, found in one pass over the memos.
///
/// # Errors
/// A fault if there is no such document.
pub fn lines_available_to_credit(
    context: Context<'_>,
    document: DocumentIndex,
) -> Result<Vec<Amount>> {
    let credits = CreditedAmounts::by_memos(context, document, CreditScope::Posted, None)?;
    let document = locate(context.documents, document)?.document;
    let mut available = Vec::with_capacity(document.lines().len());
    for (figures, &credited) in document.figures().iter().zip(credits.lines.as_slice()) {
        available.push(less_credits(figures.amount(), credited)?);
    }
    Ok(available)
}

fn line_amount(context: Context<'_>, line: LineRef) -> Result<Amount> {
    let located = locate(context.documents, line.document)?;
    Ok(located.document.figures_at(line.line)?.amount())
}
