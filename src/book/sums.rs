//! What a command settles, summed: by document, by line or by kind of line, the largest of each currency first.

use super::{DocumentChange, Effect, LineChange, LineMovements};
use crate::document::{Detail, Document, DocumentIndex, Header, LineIndex};
use crate::error::{Error, Result};
use crate::order::sort_by;
use crate::words::closed_set;

closed_set! {
    /// What the sums of a command are made by.
    SumBy {
        /// One for each document.
        Document = "document",
        /// One for each item and tax item.
        Line = "line",
        /// One for each kind of line of each kind of document.
        Kind = "kind",
    }
}

closed_set! {
    /// What a line is.
    LineType {
        /// An item.
        Item = "item",
        /// A discount.
        Discount = "discount",
        /// A tax item.
        Tax = "tax",
        /// What rounds a total.
        Rounding = "rounding",
        /// The one line of a payment or refund.
        Whole = "whole",
    }
}

impl LineType {
    /// What a line with this detail is.
    pub(crate) const fn of(detail: &Detail) -> Self {
        match detail {
            Detail::Item { .. } if detail.is_rounding() => Self::Rounding,
            Detail::Item { .. } => Self::Item,
            Detail::Discount { .. } => Self::Discount,
            Detail::Tax { .. } => Self::Tax,
            Detail::Whole => Self::Whole,
        }
    }
}

/// A sum over lines whose open amounts change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeSum {
    /// The document; of several the first, which has their kind and their currency.
    pub document: DocumentIndex,
    /// The line, if it is one.
    pub line: Option<LineIndex>,
    /// What the lines are, if all of them are the same.
    pub kind: Option<LineType>,
    /// How many lines there are.
    pub lines: usize,
    /// What they have open before the command, in minor units.
    pub before: i128,
    /// What they have open after it.
    pub after: i128,
}

impl ChangeSum {
    /// What moved; negative: it came back.
    #[must_use]
    pub const fn change(&self) -> i128 {
        // Sums of fewer than 2³² amounts of 64 bits do not wrap.
        self.before.wrapping_sub(self.after)
    }

    /// The same with another.
    #[must_use]
    pub const fn with(self, other: &Self) -> Self {
        Self {
            lines: self.lines.wrapping_add(other.lines),
            before: self.before.wrapping_add(other.before),
            after: self.after.wrapping_add(other.after),
            ..self
        }
    }
}

impl Effect<'_> {
    /// The sums of what changes, currency by currency, as amounts of two currencies cannot be compared: what moved most
    /// comes first, and of equal sums what the command settles first.
    ///
    /// # Errors
    /// A fault if what is settled does not fit the documents.
    pub fn sums(&self, by: SumBy) -> Result<Vec<ChangeSum>> {
        // `changes` cannot be stopped: after a fault, nothing more is added, and the fault is the answer.
        let mut sums = Vec::new();
        let mut added = Ok(());
        self.changes(&mut |change, moved| {
            if added.is_ok() {
                added = self.add(by, &mut sums, change, moved);
            }
        })?;
        added?;

        sort_by(&mut sums, |a, b| {
            let by_currency = self.currency_of(a).cmp(&self.currency_of(b));
            by_currency.then_with(|| b.change().unsigned_abs().cmp(&a.change().unsigned_abs()))
        });
        Ok(sums)
    }

    /// The code of the currency of a sum.
    #[must_use]
    pub fn currency_of(&self, sum: &ChangeSum) -> Option<&str> {
        let header = self.context.documents.header(sum.document)?;
        Some(header.currency.code())
    }

    /// Adds the sums of what moved on one document.
    fn add(
        &self,
        by: SumBy,
        sums: &mut Vec<ChangeSum>,
        change: DocumentChange,
        moved: LineMovements<'_>,
    ) -> Result<()> {
        match by {
            SumBy::Document => {
                sums.push(of_document(change, moved.changes().count()));
                Ok(())
            }
            SumBy::Line => self.add_lines(sums, moved.changes()),
            SumBy::Kind => self.add_kinds(sums, moved.changes()),
        }
    }

    /// Adds a sum for each line that moved.
    fn add_lines(
        &self,
        sums: &mut Vec<ChangeSum>,
        changes: impl Iterator<Item = LineChange>,
    ) -> Result<()> {
        for change in changes {
            sums.push(of_line(self.document(change.document)?, change)?);
        }
        Ok(())
    }

    /// Adds each line that moved to the sum of its kind. There are few kinds, so that looking through them is enough.
    fn add_kinds(
        &self,
        sums: &mut Vec<ChangeSum>,
        changes: impl Iterator<Item = LineChange>,
    ) -> Result<()> {
        for change in changes {
            let document = self.document(change.document)?;
            let sum = ChangeSum {
                line: None,
                ..of_line(document, change)?
            };

            let known = sums
                .iter_mut()
                .find(|known| self.is_of_same_kind(known, &sum, document.header()));
            match known {
                Some(known) => *known = known.with(&sum),
                None => sums.push(sum),
            }
        }
        Ok(())
    }

    /// Whether a sum is over the lines of the kind of another one, whose document has `header`.
    fn is_of_same_kind(&self, known: &ChangeSum, sum: &ChangeSum, header: &Header) -> bool {
        let Some(known_header) = self.context.documents.header(known.document) else {
            return false;
        };
        known.kind == sum.kind
            && known_header.kind == header.kind
            && known_header.currency == header.currency
    }

    fn document(&self, index: DocumentIndex) -> Result<&Document> {
        let document = self.context.documents.get(index);
        document.ok_or_else(|| Error::fault("a document that changes is missing"))
    }
}

/// Returns the sum over the lines of a document.
fn of_document(change: DocumentChange, lines: usize) -> ChangeSum {
    ChangeSum {
        document: change.document,
        line: None,
        kind: None,
        lines,
        before: change.before.minor().into(),
        after: change.after.minor().into(),
    }
}

/// Returns the sum over a line alone.
fn of_line(document: &Document, change: LineChange) -> Result<ChangeSum> {
    let line = document.line(change.line);
    let line = line.ok_or_else(|| Error::fault("a line that changes is missing"))?;
    Ok(ChangeSum {
        document: change.document,
        line: Some(change.line),
        kind: Some(LineType::of(&line.detail)),
        lines: 1,
        before: change.before.minor().into(),
        after: change.after.minor().into(),
    })
}
