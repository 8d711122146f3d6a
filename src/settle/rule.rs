//! How an amount is spread over lines.

use crate::allocate::{self, Cell, Splitter};
use crate::document::{Document, Figures, LineIndex, PartItem};
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
}

/// Whole increments of a currency: what rules count in.
#[derive(Clone, Copy)]
pub(super) struct Units(i64);

impl Units {
    pub(super) const fn of(currency: &Currency) -> Self {
        Self(currency.increment())
    }

    /// The increments of an amount of zero or more; 0 for a negative one, which settles nothing by rule.
    pub(super) fn count(self, amount: Amount) -> u64 {
        // Dividing by a divisor that is one most of the time would cost more than asking.
        let increments = if self.0 == 1 { Some(amount.minor()) } else { amount.minor().checked_div(self.0) };
        increments.and_then(|increments| u64::try_from(increments).ok()).unwrap_or_default()
    }

    /// The amount of so many increments.
    pub(super) fn amount(self, count: u64) -> Result<Amount> {
        let minor = i64::try_from(count).ok().and_then(|count| count.checked_mul(self.0));
        minor.and_then(Amount::new).ok_or_else(|| Error::fault("a share out of range"))
    }
}

/// The lines of a document that can settle something, and how many increments each has left while an operation is
/// planned.
///
/// Only lines with a positive open amount take part (`settlement.md` 4.2): discounts are netted away, and negative
/// lines settle nothing by rule.
#[derive(Default)]
pub(super) struct Capacity {
    lines: Vec<LineIndex>,
    left: Vec<u64>,
}

impl Capacity {
    /// What the lines of `document` have open.
    pub(super) fn of(document: &Document, units: Units) -> Self {
        let mut capacity = Self::default();
        capacity.load(document, units);
        capacity
    }

    /// The same for another document, in the same memory.
    pub(super) fn load(&mut self, document: &Document, units: Units) {
        self.lines.clear();
        self.left.clear();
        for (line, figures) in (0..).map(LineIndex).zip(document.figures()) {
            let open = figures.open();
            if open.is_positive() {
                self.lines.push(line);
                self.left.push(units.count(open));
            }
        }
    }

    /// How many increments one line has left.
    pub(super) fn left(&self, line: LineIndex) -> u64 {
        self.lines.binary_search(&line).ok().and_then(|place| self.left.get(place)).copied().unwrap_or_default()
    }

    /// Takes increments from a line that has that many left.
    pub(super) fn take(&mut self, line: LineIndex, count: u64) {
        if let Some(left) = self.lines.binary_search(&line).ok().and_then(|place| self.left.get_mut(place)) {
            debug_assert!(count <= *left, "more than the line has");
            *left = left.saturating_sub(count);
        }
    }
}

/// How much of a document can be settled: not more than its positive lines have open, nor more than the document, whose
/// negative lines make that less.
pub(super) fn settleable(document: &Document) -> Amount {
    let open = document.figures().iter().map(Figures::open).filter(|open| open.is_positive());
    // In range: at most the sum of the document's absolute amounts.
    let lines = Amount::sum(open).unwrap_or_default();
    lines.min(document.header().figures.open()).max(Amount::ZERO)
}

/// Spreads amounts by rule, in memory that is used again for the next one.
#[derive(Default)]
pub(super) struct Spreader {
    splitter: Splitter,
    rows: Vec<u64>,
    columns: Vec<u64>,
}

impl Spreader {
    /// Spreads `count` increments over both sides and pairs the shares off; takes them from both.
    ///
    /// # Errors
    /// A fault if a side has less, which the guards have excluded.
    pub(super) fn spread(
        &mut self,
        rule: Rule,
        count: u64,
        source: &mut Capacity,
        target: &mut Capacity,
        units: Units,
    ) -> Result<Vec<PartItem>> {
        let Self { splitter, rows, columns } = self;
        split(splitter, rule, count, &source.left, rows)?;
        split(splitter, rule, count, &target.left, columns)?;
        let mut items = Vec::with_capacity(rows.len().saturating_add(columns.len()));
        let mut pair = |cell: Cell| {
            let (given, needed) = (source.left.get_mut(cell.row)?, target.left.get_mut(cell.column)?);
            *given = given.checked_sub(cell.units)?;
            *needed = needed.checked_sub(cell.units)?;
            let (source, target) = (*source.lines.get(cell.row)?, *target.lines.get(cell.column)?);
            items.push(PartItem { source, target, amount: units.amount(cell.units).ok()? });
            Some(())
        };
        allocate::fill_with(rows, columns, &mut pair).ok_or_else(|| Error::fault("margins that do not meet"))?;
        Ok(items)
    }

    /// Spreads `count` increments over `caps` and answers with the shares.
    ///
    /// # Errors
    /// As [`Spreader::spread`].
    pub(super) fn shares(&mut self, rule: Rule, count: u64, caps: &[u64]) -> Result<&[u64]> {
        split(&mut self.splitter, rule, count, caps, &mut self.rows)?;
        Ok(&self.rows)
    }
}

/// Splits `count` over `caps` by `rule`. [`Rule::Explicit`] does not split.
fn split(splitter: &mut Splitter, rule: Rule, count: u64, caps: &[u64], shares: &mut Vec<u64>) -> Result<()> {
    let split = match rule {
        Rule::Proration => splitter.proportional(count, caps, shares),
        Rule::Fifo => splitter.in_order(count, caps, shares),
        Rule::Explicit => None,
    };
    let fits = split.is_some() && shares.iter().zip(caps).all(|(share, cap)| share <= cap);
    if fits { Ok(()) } else { Err(Error::fault("an amount that does not fit its lines")) }
}
