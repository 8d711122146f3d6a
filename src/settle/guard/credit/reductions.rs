//! Which lines of a document reduce others: a discount its item, and a tax of a discount the same tax of that item.
//!
//! An item cost what its discounts leave of it, and of its taxes. So that much of it can be credited, and a line that
//! reduces another has nothing to credit by itself. A memo that names both credits them line by line.

use crate::document::{Detail, Document, LineIndex};
use crate::error::Result;
use crate::order::sort_by;

/// The line that a line reduces. Where a discount has several items of one tax, the second reduces the second of its
/// item.
pub(super) fn reduced_line(document: &Document, line: LineIndex) -> Result<Option<LineIndex>> {
    let (discount, identity) = match &document.line_at(line)?.detail {
        Detail::Discount { of: item, .. } => return Ok(Some(*item)),
        Detail::Tax { of, identity, .. } => (*of, identity),
        Detail::Item { .. } | Detail::Whole => return Ok(None),
    };

    let Detail::Discount { of: item, .. } = document.line_at(discount)?.detail else {
        return Ok(None);
    };

    // A discount can have more items of a tax than its item. Those beyond reduce the first, so that none gets lost.
    let earlier = document
        .same_taxes(discount, identity)
        .take_while(|&tax| tax != line);
    let mut alike = document.same_taxes(item, identity);
    let first = alike.next();
    Ok(match earlier.count().checked_sub(1) {
        Some(place) => alike.nth(place).or(first),
        None => first,
    })
}

/// All lines of a document that reduce others.
pub(super) struct Reductions {
    /// The reduced line and the one that reduces it, in the order of the reduced lines.
    pairs: Vec<(LineIndex, LineIndex)>,
}

impl Reductions {
    pub(super) fn of(document: &Document) -> Result<Self> {
        let mut pairs = Vec::new();
        for (index, ..) in document.lines_with_figures() {
            if let Some(reduced) = reduced_line(document, index)? {
                pairs.push((reduced, index));
            }
        }
        sort_by(&mut pairs, Ord::cmp);
        Ok(Self { pairs })
    }

    /// Each line that is reduced, with one that reduces it.
    pub(super) fn each(&self) -> impl Iterator<Item = (LineIndex, LineIndex)> {
        self.pairs.iter().copied()
    }

    /// The lines that reduce a line.
    pub(super) fn of_line(&self, reduced: LineIndex) -> impl Iterator<Item = LineIndex> {
        let first = self.pairs.partition_point(|(line, _)| *line < reduced);
        let pairs = self.pairs.iter().skip(first);
        pairs
            .take_while(move |(line, _)| *line == reduced)
            .map(|(_, line)| *line)
    }
}
