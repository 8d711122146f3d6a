//! What is settled between two documents now (`settlement.md#parts-and-applications`).

use super::{LineIndex, MoveDirection};
use crate::error::{Error, Result};
use crate::money::Amount;
use crate::order::sort_by;

/// An amount between a line of a source (memo) and a line of a target (invoice).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartItem {
    /// The line that gives.
    pub source: LineIndex,
    /// The line that receives.
    pub target: LineIndex,
    /// How much; negative in an unapplication.
    pub amount: Amount,
}

impl PartItem {
    /// The same amount, taken back.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self {
            amount: self.amount.negated(),
            ..self
        }
    }

    /// The order of part items: by target, then source, side by side in a number. The line settled first is released
    /// first.
    #[must_use]
    #[inline]
    pub fn order(&self) -> u64 {
        u64::from(self.target.0) << u32::BITS | u64::from(self.source.0)
    }
}

/// The same amounts, taken back.
pub(crate) fn negated(items: &[PartItem]) -> Vec<PartItem> {
    items.iter().copied().map(PartItem::negated).collect()
}

/// How much of one source is applied to one target now, in total and line by line.
///
/// Its items are in order, one for a pair of lines, and none of them is zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    items: Vec<PartItem>,
}

impl Part {
    /// The part of one operation alone.
    ///
    /// # Errors
    /// A fault if a sum is out of range.
    pub(super) fn of(items: &[PartItem], direction: MoveDirection) -> Result<Self> {
        let mut part = Self::default();
        part.merge(items, direction)?;
        Ok(part)
    }

    /// The items, by target line, then source line.
    #[must_use]
    pub fn items(&self) -> &[PartItem] {
        &self.items
    }

    /// The sum of the items: a share of what the target has applied.
    ///
    /// # Errors
    /// A fault if it is out of range.
    pub fn amount(&self) -> Result<Amount> {
        let sum = Amount::sum(self.items.iter().map(|item| item.amount));
        sum.ok_or_else(|| Error::fault("what is applied is out of range"))
    }

    /// How much is settled between the two lines of an item.
    #[must_use]
    pub fn amount_between(&self, lines: &PartItem) -> Amount {
        let found = self
            .items
            .binary_search_by_key(&lines.order(), PartItem::order);
        let item = found.ok().and_then(|index| self.items.get(index));
        item.map_or(Amount::ZERO, |item| item.amount)
    }

    /// Whether items have between nothing and what this part has: of every line of both sides, and in all.
    pub(crate) fn has_margins(&self, items: &[PartItem]) -> bool {
        self.has_line_margins(items) && self.has_margins_by(items, |_| LineIndex(0))
    }

    /// The same of every line.
    pub(crate) fn has_line_margins(&self, items: &[PartItem]) -> bool {
        self.has_margins_by(items, |item| item.source)
            && self.has_margins_by(items, |item| item.target)
    }

    /// Whether of each line that `line` names, items have between nothing and what this part has.
    fn has_margins_by(&self, items: &[PartItem], line: fn(&PartItem) -> LineIndex) -> bool {
        let known = self.items.iter();
        let known = known.map(|item| (line(item), item.amount, Amount::ZERO));
        let asked = items.iter();
        let asked = asked.map(|item| (line(item), Amount::ZERO, item.amount));

        // Side by side, line by line: a line that only one of the two has counts with zero on the other side.
        let mut all: Vec<_> = known.chain(asked).collect();
        sort_by(&mut all, |a, b| a.0.cmp(&b.0));

        all.chunk_by(|a, b| a.0 == b.0).all(|of_line| {
            let known = Amount::sum(of_line.iter().map(|(_, known, _)| *known));
            let asked = Amount::sum(of_line.iter().map(|(.., asked)| *asked));
            let (Some(known), Some(asked)) = (known, asked) else {
                return false;
            };
            known.covers(asked)
        })
    }

    /// Adds the changes of an operation, one pair of lines at a time; pairs that come to zero go away.
    ///
    /// # Errors
    /// A fault if a sum is out of range.
    pub(super) fn merge(&mut self, changes: &[PartItem], direction: MoveDirection) -> Result<()> {
        self.items.extend(changes.iter().map(|item| PartItem {
            amount: direction.signed(item.amount),
            ..*item
        }));
        sum_pairs(&mut self.items)
    }
}

/// Puts items in their order, one for each pair of lines; pairs that come to zero go away.
///
/// # Errors
/// A fault if a sum is out of range.
pub(crate) fn sum_pairs(items: &mut Vec<PartItem>) -> Result<()> {
    sort_by(items, |a, b| a.order().cmp(&b.order()));

    // A sum that is out of range cannot be returned from within: it is noted, and refused in the end.
    let mut is_in_range = true;
    items.dedup_by(|later, kept| {
        let is_same = later.order() == kept.order();
        if is_same {
            match kept.amount.plus(later.amount) {
                Some(sum) => kept.amount = sum,
                None => is_in_range = false,
            }
        }
        is_same
    });
    items.retain(|item| !item.amount.is_zero());

    if is_in_range {
        Ok(())
    } else {
        Err(Error::fault("a sum between two lines is out of range"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(source: u32, target: u32, minor: i64) -> PartItem {
        PartItem {
            source: LineIndex(source),
            target: LineIndex(target),
            amount: Amount::new(minor).unwrap(),
        }
    }

    #[test]
    fn merging_sums_pairs_and_drops_zeros() {
        let mut part = Part::default();
        let first = [item(1, 0, 5), item(0, 0, 3), item(0, 2, 4)];
        part.merge(&first, MoveDirection::Forth).unwrap();
        let second = [item(1, 0, 5), item(0, 2, -1), item(0, 1, -2)];
        part.merge(&second, MoveDirection::Back).unwrap();
        assert_eq!(part.items(), [item(0, 0, 3), item(0, 1, 2), item(0, 2, 5)]);
        assert_eq!(part.amount().unwrap().minor(), 10);
    }
}
