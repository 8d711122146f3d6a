//! Whether what is stored twice says the same: figures, parts and history. A snapshot that was forged does not.

use super::{DocumentIndex, Documents};
use crate::document::{
    Application, Document, HistoryEntry, Kind, LineIndex, Lines, PartItem, SettledAs,
};
use crate::money::Amount;
use crate::order::sort_by;

impl Documents {
    /// Whether the figures of every line are those that the parts between the lines add up to, with what was settled
    /// before.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        let Some(settled) = self.settled_by_parts() else {
            return false;
        };
        let mut documents = self.documents.iter().zip(&settled);
        documents.all(|(document, settled)| has_settled(document, settled))
    }

    /// What the parts add up to on each line of each document; `None` if one is of a line that is not there, or a sum
    /// is out of range.
    fn settled_by_parts(&self) -> Option<Vec<Lines<[Amount; 2]>>> {
        let mut settled = Vec::with_capacity(self.documents.len());
        for document in &self.documents {
            let mut lines = Lines::filled([Amount::ZERO; 2], document.lines().len());
            for entry in document.settled_before() {
                add_settled(&mut lines, entry.line, entry.by.settled_as(), entry.amount)?;
            }
            settled.push(lines);
        }

        for (source, target, part) in self.parts() {
            // What goes to a refund was paid out of its source.
            let column = match self.header(target)?.kind {
                Kind::Refund => SettledAs::Refunded,
                _ => SettledAs::Applied,
            };

            for item in part.items() {
                let given = settled.get_mut(source.get())?;
                add_settled(given, item.source, column, item.amount)?;
                let received = settled.get_mut(target.get())?;
                add_settled(received, item.target, SettledAs::Applied, item.amount)?;
            }
        }
        Some(settled)
    }

    /// Whether the parts are what all settlements of the history add up to, and what undoes another finds it there.
    pub(crate) fn has_its_history(&self) -> bool {
        let mut sources = DocumentIndex::all_from(0).take(self.documents.len());
        sources.all(|source| self.has_parts_of_history(source))
            && self.log.iter().all(|entry| self.has_undone(entry))
            && self.has_taken_what_stood()
    }

    /// Whether the parts of a source are what its settlements add up to, target by target.
    fn has_parts_of_history(&self, source: DocumentIndex) -> bool {
        let mut applications: Vec<_> = self
            .entries_of(source)
            .filter(|entry| entry.settlement.source == source)
            .flat_map(|entry| entry.settlement.applications())
            .collect();
        sort_by(&mut applications, |a, b| a.target.cmp(&b.target));

        // Both go by target. All that comes to nothing has no part.
        let mut parts = self.parts_of(source);
        for to_target in applications.chunk_by(|a, b| a.target == b.target) {
            let Some(items) = sum_of(to_target) else {
                return false;
            };
            if items.is_empty() {
                continue;
            }

            let Some((target, part)) = parts.next() else {
                return false;
            };
            let is_of_target = to_target
                .first()
                .is_some_and(|first| first.target == target);
            if !is_of_target || part.items() != items {
                return false;
            }
        }

        // A part that is left is one that no settlement made.
        parts.next().is_none()
    }

    /// Whether the history is as long as the changes of the documents say.
    pub(crate) fn has_its_changes(&self) -> bool {
        let Ok(entry_count) = self.next_entry() else {
            return false;
        };
        self.documents.iter().all(|document| {
            let change = document.header().changed;
            change.is_none_or(|change| change.entry_count <= entry_count)
        })
    }

    /// Whether the settlement that an entry undoes is there, if it undoes one.
    fn has_undone(&self, entry: &HistoryEntry) -> bool {
        let Some(version) = entry.undoes else {
            return true;
        };
        let mut undone = self.entries_of_version(version).iter();
        undone.any(|undone| undone.settlement.source == entry.settlement.source)
    }
}

/// Adds to what is applied or refunded of a line; `None` if there is no such line, or out of range.
fn add_settled(
    settled: &mut Lines<[Amount; 2]>,
    line: LineIndex,
    column: SettledAs,
    amount: Amount,
) -> Option<()> {
    let [applied, refunded] = settled.at_mut(line).ok()?;
    let sum = match column {
        SettledAs::Applied => applied,
        SettledAs::Refunded => refunded,
    };
    *sum = sum.plus(amount)?;
    Some(())
}

/// Whether that is what the figures of a document say, line by line.
fn has_settled(document: &Document, settled: &Lines<[Amount; 2]>) -> bool {
    let figures = document.figures().iter();
    let of_lines = figures.map(|figures| [figures.applied(), figures.refunded()]);
    of_lines.eq(settled.as_slice().iter().copied())
}

/// What applications between the same documents come to, line by line; `None` if a sum is out of range.
fn sum_of(applications: &[Application<'_>]) -> Option<Vec<PartItem>> {
    let items = applications
        .iter()
        .flat_map(|application| application.items);
    let mut items: Vec<_> = items.copied().collect();
    sort_by(&mut items, |a, b| a.order().cmp(&b.order()));

    let mut sums = Vec::new();
    for pair in items.chunk_by(|a, b| a.order() == b.order()) {
        let first = *pair.first()?;
        // At once: a sum on the way could be out of range where the whole is not.
        let amount = Amount::sum(pair.iter().map(|item| item.amount))?;
        if !amount.is_zero() {
            sums.push(PartItem { amount, ..first });
        }
    }
    Some(sums)
}
