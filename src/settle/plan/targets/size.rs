//! How large an operation is, against the limits of the book.

use crate::command::settings::{Limit, Limits};
use crate::document::{Document, Kind, LineIndex};
use crate::error::{Result, Site};
use crate::memory::capped_sum;
use crate::order::sort_by;
use crate::settle::plan::targets::ApplyPlan;

impl ApplyPlan<'_> {
    /// Refuses an operation that is larger than the book's limits.
    pub(super) fn check_size(&self, limits: &Limits) -> Result<()> {
        for kind in [Kind::Invoice, Kind::DebitMemo] {
            let of_kind = self.targets.iter().filter(|target| target.kind() == kind);
            let list = Site::Command.field(kind.list_site());
            limits.check(Limit::DocumentsPerOperation, of_kind.count(), &list)?;
        }
        for target in &self.targets {
            let stated_count = target.items.as_ref().map_or(0, Vec::len);
            limits
                .check(Limit::StatedItems, stated_count, &Site::Command)
                .map_err(|error| target.place(error))?;
        }

        // Lines are counted only where that is asked for.
        if limits.get(Limit::ItemsPerOperation).is_none() {
            return Ok(());
        }
        let line_count = self.settled_line_count();
        limits.check(Limit::ItemsPerOperation, line_count, &Site::Command)
    }

    /// Counts the lines that can take part: the stated lines of a document that is settled line by line, and of any
    /// other document all lines that are not zero. So what is too large as a whole can still be settled in pieces.
    fn settled_line_count(&self) -> usize {
        let is_explicit = self.targets.iter().all(|target| target.items.is_some());
        let source_count = if is_explicit {
            let stated = self
                .targets
                .iter()
                .filter_map(|target| target.items.as_ref());
            distinct_line_count(stated.flatten().map(|stated| stated.item.source))
        } else {
            nonzero_line_count(self.source.document)
        };

        let target_counts = self.targets.iter().map(|target| match &target.items {
            Some(items) => distinct_line_count(items.iter().map(|stated| stated.item.target)),
            None => nonzero_line_count(target.document.document),
        });
        capped_sum(target_counts.chain([source_count]))
    }
}

/// Counts the lines of a document that have an amount.
fn nonzero_line_count(document: &Document) -> usize {
    let figures = document.figures().iter();
    figures.filter(|line| !line.amount().is_zero()).count()
}

/// Counts different lines.
fn distinct_line_count(lines: impl Iterator<Item = LineIndex>) -> usize {
    let mut lines: Vec<_> = lines.collect();
    sort_by(&mut lines, LineIndex::cmp);
    lines.dedup();
    lines.len()
}
