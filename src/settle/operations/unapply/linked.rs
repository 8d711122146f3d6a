//! Takes an amount back from pairs of lines one of which credits the other.

use crate::document::{PartItem, Rule};
use crate::error::{Error, Result};
use crate::settle::plan::located::Located;
use crate::settle::plan::source_item;
use crate::settle::plan::spreader::Spreader;

/// What is applied between lines one of which credits the other, item by item; nothing of the other items.
pub(super) fn linked(
    items: &[PartItem],
    caps: &[i64],
    [source, target]: [Located<'_>; 2],
) -> Vec<i64> {
    let mut linked = Vec::with_capacity(items.len());
    for (item, cap) in items.iter().zip(caps) {
        let targets = source_item::targets(&source, &target, item.source);
        let is_linked = targets.contains(&item.target);
        linked.push(if is_linked { *cap } else { 0 });
    }
    linked
}

/// Spreads `count` over what is applied between such lines in proportion, and what is more over the others by the
/// fallback. All that is applied comes back whole, also what closed lines that cancel out.
pub(super) fn shares_of_linked(
    spreader: &mut Spreader,
    fallback: Option<Rule>,
    count: u64,
    caps: &[i64],
    linked: Vec<i64>,
) -> Result<Vec<i64>> {
    if i128::from(count) == i128::from(sum_of(caps)?) {
        return Ok(caps.to_vec());
    }

    let unlinked_count = i128::from(count).checked_sub(sum_of(&linked)?.into());
    let unlinked_count = unlinked_count.and_then(|count| u64::try_from(count).ok());
    let (Some(fallback), Some(unlinked_count @ 1..)) = (fallback, unlinked_count) else {
        return spreader.shares(Rule::Proration, count, linked);
    };

    let mut unlinked = Vec::with_capacity(caps.len());
    for (cap, share) in caps.iter().zip(&linked) {
        unlinked.push(cap.checked_sub(*share).ok_or_else(count_fault)?);
    }
    // The items are in the order of the command's own rule, which is not the order of the fallback.
    let is_backwards = fallback == Rule::Lifo;
    if is_backwards {
        unlinked.reverse();
    }
    let mut more = spreader.shares(fallback, unlinked_count, unlinked)?;
    if is_backwards {
        more.reverse();
    }

    let mut shares = linked;
    for (share, more) in shares.iter_mut().zip(more) {
        *share = share.checked_add(more).ok_or_else(count_fault)?;
    }
    Ok(shares)
}

/// The sum of increments.
pub(super) fn sum_of(counts: &[i64]) -> Result<i64> {
    let mut sum = 0_i64;
    for count in counts {
        sum = sum.checked_add(*count).ok_or_else(count_fault)?;
    }
    Ok(sum)
}

#[cold]
pub(super) fn count_fault() -> Error {
    Error::broken("more increments applied than there are")
}
