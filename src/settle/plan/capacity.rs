//! What the lines of a document can still settle while an operation is planned.

use crate::command::spread::{Signs, Spread};
use crate::document::{Document, LineIndex, Rule};
use crate::error::{Error, Result};
use crate::money::{Amount, Currency};

/// Whole increments of a currency: what rules count in.
#[derive(Clone, Copy, Debug)]
pub(in crate::settle) struct IncrementUnit(i64);

impl Default for IncrementUnit {
    /// Minor units.
    fn default() -> Self {
        Self(1)
    }
}

impl IncrementUnit {
    pub(in crate::settle) const fn of(currency: &Currency) -> Self {
        Self(currency.increment())
    }

    /// Whether an increment is a minor unit.
    pub(super) const fn are_minor(self) -> bool {
        self.0 == 1
    }

    /// The increments of an amount.
    pub(in crate::settle) fn count(self, amount: Amount) -> i64 {
        // Dividing by a divisor that is one most of the time would cost more than asking.
        if self.are_minor() {
            amount.minor()
        } else {
            amount.minor().checked_div(self.0).unwrap_or_default()
        }
    }

    /// The increments of an amount of zero or more; 0 for a negative one.
    pub(in crate::settle) fn whole(self, amount: Amount) -> u64 {
        u64::try_from(self.count(amount)).unwrap_or_default()
    }

    /// The amount of a number of increments.
    pub(in crate::settle) fn amount(self, count: i64) -> Result<Amount> {
        self.try_amount(count)
            .ok_or_else(|| Error::fault("a share out of range"))
    }

    #[inline]
    pub(super) fn try_amount(self, count: i64) -> Option<Amount> {
        // Likewise: WebAssembly has no product that says whether it went out of range.
        Amount::new(if self.are_minor() {
            count
        } else {
            count.checked_mul(self.0)?
        })
    }
}

/// The lines of a document that can settle something, in the order in which they do, and how many increments each has
/// left while an operation is planned. Negative lines have less than nothing, if they take part.
#[derive(Clone, Debug, Default)]
pub(in crate::settle) struct Capacity {
    /// Which lines they are, and maybe more behind them.
    pub(super) lines: Vec<LineIndex>,
    pub(super) order: LineOrder,
    /// Two's complements: where no line is negative, the kernel splits over them as they are.
    pub(super) left: Vec<u64>,
    pub(super) has_negative: bool,
}

/// In which order lines are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::settle) enum LineOrder {
    /// All lines of a document in its own order. Lines of every document have the same indices then.
    #[default]
    Whole,
    /// Some of them, as the document has them.
    Document,
    /// Another.
    Other,
}

impl Capacity {
    /// What the lines of `document` have open.
    pub(in crate::settle) fn of(
        document: &Document,
        spread: &Spread,
        units: IncrementUnit,
    ) -> Self {
        let mut capacity = Self::default();
        capacity.load(document, spread, units);
        capacity
    }

    /// The same for another document, in the same memory.
    pub(in crate::settle) fn load(
        &mut self,
        document: &Document,
        spread: &Spread,
        units: IncrementUnit,
    ) {
        // Most documents have more than nothing open on every line, and nothing of them is looked at again.
        let least = self.load_whole(document, units);
        if least <= 0 {
            self.leave_out(spread.signs);
        }

        // All other rules settle lines in the order of the document, which they are in.
        if !spread.lines.is_empty() || spread.rule == Some(Rule::Lifo) {
            self.sort(document, spread);
        }
    }

    /// Loads what all lines of a document have open, in its own order. Returns the least of it.
    fn load_whole(&mut self, document: &Document, units: IncrementUnit) -> i64 {
        let mut least = i64::MAX;
        self.left.clear();
        self.left.extend(document.figures().iter().map(|figures| {
            let open = units.count(figures.open());
            least = least.min(open);
            open.cast_unsigned()
        }));
        self.has_negative = false;

        // Whole documents have the same indices, so those of the largest one so far serve the next one, too.
        if self.order != LineOrder::Whole {
            self.lines.clear();
            self.order = LineOrder::Whole;
        }
        if self.lines.len() < self.left.len() {
            self.lines.clear();
            self.lines
                .extend((0..).map(LineIndex).take(self.left.len()));
        }
        least
    }

    /// Leaves out the lines that have nothing open, and negative lines where these take no part.
    fn leave_out(&mut self, signs: Signs) {
        let takes_part = |left: u64| match left.cast_signed() {
            1.. => true,
            0 => false,
            _ => signs == Signs::Aware,
        };
        let mut each = self.left.iter();
        self.lines
            .retain(|_| each.next().is_some_and(|&left| takes_part(left)));
        self.left.retain(|&left| takes_part(left));

        self.has_negative = self.left.iter().any(|&left| left.cast_signed() < 0);
        self.order = LineOrder::Document;
    }

    /// Puts the lines into the order that the command says.
    fn sort(&mut self, document: &Document, spread: &Spread) {
        let mut both: Vec<_> = self.each().collect();
        spread.sort(document, &mut both, |&both| both);

        self.lines = both.iter().map(|(line, _)| *line).collect();
        self.left = both.iter().map(|(_, left)| left.cast_unsigned()).collect();
        self.order = LineOrder::Other;
    }

    /// Which lines they are.
    pub(super) fn lines(&self) -> &[LineIndex] {
        self.lines.get(..self.left.len()).unwrap_or_default()
    }

    /// The index of a line among those that take part.
    fn index_of(&self, line: LineIndex) -> Option<usize> {
        // In document order, most of the time.
        let line_index = self.lines().binary_search(&line).ok();
        line_index.or_else(|| self.lines().iter().position(|&known| known == line))
    }

    /// How many increments one line has left.
    pub(in crate::settle) fn left(&self, line: LineIndex) -> i64 {
        self.index_of(line)
            .and_then(|line_index| self.left.get(line_index))
            .map_or(0, |left| left.cast_signed())
    }

    /// Takes increments from a line that has that many left.
    ///
    /// # Errors
    /// A fault if the line takes no part.
    pub(in crate::settle) fn take(&mut self, line: LineIndex, count: i64) -> Result<()> {
        // Nothing can be taken from any line, also from one that takes no part.
        if count == 0 {
            return Ok(());
        }

        let line_index = self.index_of(line);
        let left = line_index.and_then(|line_index| self.left.get_mut(line_index));
        let Some(left) = left else {
            return Err(Error::fault(
                "an amount is taken from a line that takes no part",
            ));
        };
        let after = left.cast_signed().checked_sub(count);
        *left = after
            .ok_or_else(|| Error::fault("what a line has left is out of range"))?
            .cast_unsigned();
        Ok(())
    }

    /// Takes increments from each line, none of which has less.
    pub(super) fn take_all(&mut self, counts: impl Iterator<Item = i64>) {
        self.left.iter_mut().zip(counts).for_each(|(left, count)| {
            *left = left.cast_signed().saturating_sub(count).cast_unsigned()
        });
    }

    /// Turns the order of the lines round.
    pub(in crate::settle) fn reverse(&mut self) {
        self.lines.truncate(self.left.len());
        self.lines.reverse();
        self.left.reverse();
        self.order = LineOrder::Other;
    }

    /// The lines, and what each has left.
    fn each(&self) -> impl Iterator<Item = (LineIndex, i64)> {
        self.lines
            .iter()
            .copied()
            .zip(self.left.iter().map(|left| left.cast_signed()))
    }

    /// The lines that have something left, more than nothing or less.
    pub(in crate::settle) fn open(&self) -> impl Iterator<Item = (LineIndex, i64)> {
        self.each().filter(|(_, left)| *left != 0)
    }

    /// The lines that have something left although all of them together have nothing: they cancel out.
    pub(in crate::settle) fn unbalanced(&self) -> (Vec<LineIndex>, Vec<i64>) {
        if !self.has_negative {
            return (Vec::new(), Vec::new());
        }
        let total = self
            .open()
            .fold(0_i64, |sum, (_, left)| sum.saturating_add(left));
        self.open().filter(|_| total == 0).unzip()
    }

    /// The lines, and what each has left.
    pub(in crate::settle) fn into_parts(self) -> (Vec<LineIndex>, Vec<i64>) {
        self.each().unzip()
    }
}

/// How much of a document can be settled: not more than it has open, nor more than the lines that take part have.
pub(in crate::settle) fn settleable(document: &Document, spread: &Spread) -> Amount {
    let open = document.header().figures.open().max(Amount::ZERO);
    match spread.signs {
        // The lines with their signs sum to what the document has open.
        Signs::Aware => open,
        Signs::SkipNonPositive => {
            let lines = document
                .figures()
                .iter()
                .map(|figures| figures.open().max(Amount::ZERO));
            // In range: at most the sum of the document's absolute amounts.
            Amount::sum(lines).unwrap_or_default().min(open)
        }
    }
}
