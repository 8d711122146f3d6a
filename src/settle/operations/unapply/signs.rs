//! Whether what comes back of a part leaves lines that can still be taken back.

use crate::document::{Part, PartItem, negated};

/// Whether an amount between zero and what a part has of it comes back of every line. Where all items of a part have
/// one sign, that follows from them. Where a negative line was set off against others, it does not, and what stays
/// applied could no longer be taken back.
pub(in crate::settle) fn keeps_signs(part: &Part, back: &[PartItem]) -> bool {
    let is_positive = part.items().iter().all(|item| item.amount.is_positive());
    is_positive || part.has_line_margins(&negated(back))
}
