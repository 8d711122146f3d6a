//! How an amount is spread over lines.

use crate::allocate;
use crate::document::{Document, LineIndex, PartItem};
use crate::error::{Error, Result};
use crate::money::{Amount, Currency};

/// How the amount of one document is spread over its items and tax items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// In proportion to what each line has open, by largest remainder.
    Proration,
    /// One line after another, in document order.
    Fifo,
    /// As stated line by line.
    Explicit,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 3] = [Self::Proration, Self::Fifo, Self::Explicit];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Rule::Proration => "proration",
            Rule::Fifo => "fifo",
            Rule::Explicit => "explicit",
        }
    }

    /// Splits `amount` over `caps`, all of them whole numbers of the currency's increments.
    ///
    /// # Errors
    /// A fault if the caps together are less, or for [`Rule::Explicit`], which does not split: both are the caller's to
    /// exclude.
    pub(super) fn split(self, amount: Amount, caps: &[Amount], currency: &Currency) -> Result<Vec<u64>> {
        let units = |amount: &Amount| u64::try_from(amount.minor().checked_div(currency.increment())?).ok();
        let split = || {
            let caps = caps.iter().map(units).collect::<Option<Vec<_>>>()?;
            let amount = units(&amount)?;
            let shares = match self {
                Rule::Proration => allocate::proportional(amount, &caps),
                Rule::Fifo => allocate::in_order(amount, &caps),
                Rule::Explicit => None,
            }?;
            shares.iter().zip(&caps).all(|(share, cap)| share <= cap).then_some(shares)
        };
        split().ok_or_else(|| Error::fault("an amount that does not fit its lines"))
    }
}

/// The lines of a document that can settle something, and how much each has left while an operation is planned.
///
/// Only lines with a positive open amount take part (`settlement.md` 4.2): discounts are netted away, and negative
/// lines settle nothing by rule.
#[derive(Clone, Debug)]
pub(super) struct Capacity {
    lines: Vec<LineIndex>,
    left: Vec<Amount>,
}

impl Capacity {
    /// What the lines of `document` have open.
    pub(super) fn of(document: &Document) -> Self {
        let positive = (0..).map(LineIndex).zip(document.figures()).filter_map(|(line, figures)| {
            let open = figures.open();
            open.is_positive().then_some((line, open))
        });
        let (lines, left) = positive.unzip();
        Self { lines, left }
    }

    /// What the lines have left together. At most the sum of the document's absolute amounts, so never out of range.
    pub(super) fn total(&self) -> Amount {
        Amount::sum(self.left.iter().copied()).unwrap_or_default()
    }

    /// What one line has left.
    pub(super) fn left(&self, line: LineIndex) -> Amount {
        self.place(line).and_then(|place| self.left.get(place)).copied().unwrap_or_default()
    }

    /// Takes `amount` from a line that has that much left.
    pub(super) fn take(&mut self, line: LineIndex, amount: Amount) -> Result<()> {
        let left = self.place(line).and_then(|place| self.left.get_mut(place));
        let rest = left.as_ref().and_then(|left| left.minus(amount)).filter(|&rest| rest >= Amount::ZERO);
        match (left, rest) {
            (Some(left), Some(rest)) => *left = rest,
            _ => return Err(Error::fault("an amount that does not fit its line")),
        }
        Ok(())
    }

    fn place(&self, line: LineIndex) -> Option<usize> {
        self.lines.binary_search(&line).ok()
    }
}

/// Spreads `amount` over both sides by `rule` and pairs the shares off; takes them from both.
pub(super) fn spread(
    rule: Rule,
    amount: Amount,
    source: &mut Capacity,
    target: &mut Capacity,
    currency: &Currency,
) -> Result<Vec<PartItem>> {
    let fault = || Error::fault("margins that do not meet");
    let rows = rule.split(amount, &source.left, currency)?;
    let columns = rule.split(amount, &target.left, currency)?;
    let cells = allocate::fill(&rows, &columns).ok_or_else(fault)?;
    let mut items = Vec::with_capacity(cells.len());
    for cell in cells {
        let item = || {
            let minor = i128::from(cell.units).checked_mul(i128::from(currency.increment()))?;
            Some(PartItem {
                source: *source.lines.get(cell.row)?,
                target: *target.lines.get(cell.column)?,
                amount: Amount::try_from(minor).ok()?,
            })
        };
        let item = item().ok_or_else(fault)?;
        source.take(item.source, item.amount)?;
        target.take(item.target, item.amount)?;
        items.push(item);
    }
    Ok(items)
}
