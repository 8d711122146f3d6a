//! Whether what comes back of a part leaves lines that can still be taken back.

use crate::document::{LineIndex, Part, PartItem};
use crate::money::Amount;
use crate::order::sort_by;

/// Whether an amount between zero and what a part has of it comes back of every line. Where all items of a part have
/// one sign, that follows from them. Where a negative line was set off against others, it does not, and what stays
/// applied could no longer be taken back.
pub(in crate::settle) fn keeps_signs(part: &Part, back: &[PartItem]) -> bool {
    if part.items().iter().all(|item| item.amount.is_positive()) {
        return true;
    }
    keeps_signs_of(part, back, |item| item.source) && keeps_signs_of(part, back, |item| item.target)
}

/// Whether that is so of the lines of one side.
fn keeps_signs_of(part: &Part, back: &[PartItem], line: fn(&PartItem) -> LineIndex) -> bool {
    let applied = part.items().iter();
    let applied = applied.map(|item| (line(item), item.amount, Amount::ZERO));
    let back = back.iter();
    let back = back.map(|item| (line(item), Amount::ZERO, item.amount.negated()));
    let mut all: Vec<_> = applied.chain(back).collect();
    sort_by(&mut all, |a, b| a.0.cmp(&b.0));

    for of_line in all.chunk_by(|a, b| a.0 == b.0) {
        let applied = Amount::sum(of_line.iter().map(|(_, applied, _)| *applied));
        let back = Amount::sum(of_line.iter().map(|(.., back)| *back));
        let (Some(applied), Some(back)) = (applied, back) else {
            return false;
        };
        if !(applied.min(Amount::ZERO)..=applied.max(Amount::ZERO)).contains(&back) {
            return false;
        }
    }
    true
}
