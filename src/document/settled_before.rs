//! Amounts that were settled of a document before it came into the book, by documents that the book does not have.
//!
//! A host that imports an account knows what was paid, credited, applied or refunded of each line, and when. These
//! entries are part of the document, like its amounts, so only a change of the draft removes one. The figures of the
//! lines count them from the start. The figures of a day in the past count those up to that day.

use super::{Document, Figures, Kind, LineIndex, MoveDirection, SettledAs};
use crate::calendar::Date;
use crate::error::Result;
use crate::money::Amount;
use crate::order::sort_by;
use crate::words::closed_set;

closed_set! {
    /// What settled a line elsewhere.
    SettledBy {
        /// Of a demand: money.
        Payment = "payment",
        /// Of a demand: a credit, so that less of the line is available to credit.
        CreditMemo = "creditMemo",
        /// Of a credit memo or payment: it settled a demand.
        Application = "application",
        /// Of a credit memo or payment: it was paid back.
        Refund = "refund",
    }
}

impl SettledBy {
    /// Which figure of a line counts the amount.
    pub(crate) const fn settled_as(self) -> SettledAs {
        match self {
            SettledBy::Refund => SettledAs::Refunded,
            _ => SettledAs::Applied,
        }
    }

    /// Whether it can settle documents of a kind.
    #[must_use]
    pub const fn is_of(self, kind: Kind) -> bool {
        match self {
            SettledBy::Payment | SettledBy::CreditMemo => kind.is_demand(),
            SettledBy::Application | SettledBy::Refund => kind.is_source(),
        }
    }

    /// The words for documents of a kind.
    pub(crate) fn words_of(kind: Kind) -> Box<[&'static str]> {
        let words = Self::ALL.iter().filter(|by| by.is_of(kind));
        words.map(|by| by.as_str()).collect()
    }
}

/// What was settled of a line on a day before its document came into the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledBefore {
    /// The item or tax item.
    pub line: LineIndex,
    /// The day.
    pub date: Date,
    /// The amount, with the sign of the line.
    pub amount: Amount,
    /// What settled it.
    pub by: SettledBy,
}

/// Why entries cannot be those of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PastMisfit {
    /// A line was settled with more than it has, or with an amount of the other sign.
    Line {
        /// The line.
        line: LineIndex,
        /// What it has.
        most: Amount,
        /// What its entries sum to.
        sum: i128,
    },
    /// All lines together were settled with an amount on a day that is not between zero and what the document has.
    Whole {
        /// The day.
        date: Date,
        /// What the document has.
        total: Amount,
        /// What the entries sum to up to that day.
        sum: i128,
    },
}

impl Document {
    /// What was settled of its lines before it came into the book, by line.
    #[must_use]
    pub fn settled_before(&self) -> &[SettledBefore] {
        &self.settled_before
    }

    /// The last day of these entries.
    pub(crate) fn last_settled_before(&self) -> Option<Date> {
        self.settled_before.iter().map(|entry| entry.date).max()
    }

    /// Returns why entries do not fit this document, of which nothing is settled yet. Checks the lines first, in their
    /// order, then the days.
    pub(crate) fn misfit_of(&self, entries: &[SettledBefore]) -> Option<PastMisfit> {
        for of_line in entries.chunk_by(|a, b| a.line == b.line) {
            let line = of_line.first()?.line;
            let figures = self.line_figures(line)?;
            if !fits(figures, sums(of_line)) {
                let most = figures.open();
                let sum = sums(of_line).iter().sum();
                return Some(PastMisfit::Line { line, most, sum });
            }
        }

        // The lines fit by their last day, and the document must fit on every day: statements of the past show it.
        let mut by_day = entries.to_vec();
        sort_by(&mut by_day, |a, b| a.date.cmp(&b.date));
        let mut settled = [0; 2];
        for of_day in by_day.chunk_by(|a, b| a.date == b.date) {
            for (sum, more) in settled.iter_mut().zip(sums(of_day)) {
                // Cannot wrap: no document has 2⁶⁴ entries.
                *sum = i128::wrapping_add(*sum, more);
            }

            let figures = &self.header.figures;
            if !fits(figures, settled) {
                return Some(PastMisfit::Whole {
                    date: of_day.first()?.date,
                    total: figures.open(),
                    sum: settled.iter().sum(),
                });
            }
        }
        None
    }

    /// Adds entries that fit the document, of which nothing is settled yet.
    ///
    /// # Errors
    /// A fault if they do not fit.
    pub(crate) fn with_settled_before(mut self, entries: Vec<SettledBefore>) -> Result<Self> {
        for entry in &entries {
            let move_of_line = std::iter::once((entry.line, entry.amount.minor()));
            let (column, forth) = (entry.by.settled_as(), MoveDirection::Forth);
            // Lines can have different signs, so the header fits only after all of them have moved.
            self.settle(column, forth, move_of_line, 0)?;
        }

        for column in [SettledAs::Applied, SettledAs::Refunded] {
            let of_column = entries
                .iter()
                .filter(|entry| entry.by.settled_as() == column);
            let total = of_column.fold(0_i64, |sum, entry| sum.wrapping_add(entry.amount.minor()));
            let nothing = std::iter::empty();
            self.settle(column, MoveDirection::Forth, nothing, total)?;
        }

        Ok(self.knowing(entries))
    }

    /// Adds entries that the figures have counted already.
    pub(crate) fn knowing(mut self, entries: Vec<SettledBefore>) -> Self {
        self.settled_before = entries.into();
        self
    }
}

/// What entries sum to: applied and refunded.
fn sums(entries: &[SettledBefore]) -> [i128; 2] {
    let mut sums = [0_i128; 2];
    for entry in entries {
        let [applied, refunded] = &mut sums;
        let sum = match entry.by.settled_as() {
            SettledAs::Applied => applied,
            SettledAs::Refunded => refunded,
        };

        // Cannot wrap: no document has 2⁶⁴ entries.
        *sum = sum.wrapping_add(entry.amount.minor().into());
    }
    sums
}

/// Whether these amounts can be applied and refunded of figures of which nothing is settled yet.
fn fits(figures: &Figures, settled: [i128; 2]) -> bool {
    let [applied, refunded] = settled.map(|minor| Amount::try_from(minor).ok());
    let (Some(applied), Some(refunded)) = (applied, refunded) else {
        return false;
    };
    Figures::restore(figures.amount(), figures.netted(), applied, refunded).is_some()
}
