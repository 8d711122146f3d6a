//! The rounding item of a credit memo. All of a document can be given back only with the rounding of its total, and the
//! engine alone makes the item for it (`settlement.md#rounded-totals`).

use crate::document::{Document, DocumentIndex, Header, Kind, Origin};
use crate::error::{Error, Reason, Result, Site};
use crate::money::Amount;
use crate::settle::context::Context;
use crate::settle::guard::credit::credited::{
    CreditScope, CreditedAmounts, nearest_amount, rounding_lines,
};
use crate::settle::plan::located::Located;

/// The document that a credit memo under `header` was made from, if its total was rounded: to credit all of it takes a
/// rounding item, which the engine makes (`settlement.md#rounded-totals`: no item by hand credits one).
pub(in crate::settle) fn rounded_source<'a>(
    context: Context<'a>,
    header: &Header,
) -> Option<Located<'a>> {
    let is_by_request = !matches!(header.origin, Origin::Reversal | Origin::WriteOff);
    if header.kind != Kind::CreditMemo || !is_by_request {
        return None;
    }

    let index = header.refers_to?;
    let document = context.documents.get(index)?;
    let is_rounded =
        document.header().kind.is_demand() && rounding_lines(document).next().is_some();

    is_rounded.then_some(Located {
        index,
        document,
        key: &document.header().id,
    })
}

/// What is left to credit of the rounding of a document's total.
pub(in crate::settle) fn rounding_left(
    context: Context<'_>,
    document: &Located<'_>,
) -> Result<Amount> {
    let index = document.index;
    let credits = CreditedAmounts::by_memos(context, index, CreditScope::Posted, None)?;
    Ok(nearest_amount(credits.rounding_left(document.document)?))
}

/// The memo with the rounding item that it needs, and without one that it does not need. `index` is that of the memo,
/// if it is in the book.
///
/// # Errors
/// `outOfRange` at `site`.
pub(in crate::settle) fn rounded(
    context: Context<'_>,
    memo: Document,
    index: Option<DocumentIndex>,
    site: &Site<'_>,
) -> Result<Document> {
    let Some(credited) = rounded_source(context, memo.header()) else {
        return Ok(memo);
    };

    let plain = with_rounding(&memo, Amount::ZERO, site)?;
    let amount = rounding(context, &credited, &plain, index)?;
    with_rounding(&plain, amount, site)
}

fn with_rounding(memo: &Document, amount: Amount, site: &Site<'_>) -> Result<Document> {
    let rounded = memo.with_rounding(amount);
    rounded.ok_or_else(|| Error::of(Reason::CreditsOutOfRange {}, site))
}

/// The amount of the rounding item that a credit memo needs: zero, or what the rounding of its document's total has
/// left, where the memo leaves nothing else of the document. So all memos together give back what was billed, in any
/// order. `plain` is the memo without that item.
fn rounding(
    context: Context<'_>,
    credited: &Located<'_>,
    plain: &Document,
    index: Option<DocumentIndex>,
) -> Result<Amount> {
    let scope = CreditScope::Posted;
    let mut credits = CreditedAmounts::by_memos(context, credited.index, scope, index)?;
    credits.add(credited, plain)?;

    let total = i128::from(credited.document.header().figures.amount().minor());
    let rounding = credits.rounding_left(credited.document)?;
    let is_last = total.checked_sub(credits.total) == Some(rounding);
    Ok(if is_last {
        nearest_amount(rounding)
    } else {
        Amount::ZERO
    })
}
