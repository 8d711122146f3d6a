//! Moves amounts between documents, and takes them back.
//!
//! The lines, the headers, the parts between the lines and the history change together, or nothing does.

use super::{DocumentIndex, Documents, EntryPlace, RelatedDocuments};
use crate::document::{
    Application, HistoryEntry, Kind, MoveDirection, Part, PartItem, SettledAs, Settlement,
};
use crate::error::{Error, Result};
use crate::order::sort_by;
use std::sync::Arc;

impl Documents {
    /// Moves amounts between the lines of a source and of targets, each named once: lines, headers and parts change
    /// together.
    ///
    /// # Errors
    /// A fault if they do not fit. Nothing has moved then.
    pub(crate) fn settle(&mut self, entry: Arc<HistoryEntry>) -> Result<()> {
        self.next_entry()?;
        self.shift(&entry.settlement, MoveDirection::Forth)?;
        self.remember(entry)
    }

    /// Whether a settlement could not be taken back. No command may rely on the figures then.
    pub(crate) const fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Takes the last settlement back.
    pub(crate) fn unsettle_last(&mut self) {
        let Some(entry) = self.log.pop() else { return };
        for index in entry.settlement.documents() {
            if let Some(related) = self.related.get_mut(index.get()) {
                related.entries.pop();
            }
        }
        self.follow_days(&entry.settlement, MoveDirection::Back);

        // Taking a command back cannot return an error, so the next command is refused instead.
        let is_back = self.shift(&entry.settlement, MoveDirection::Back).is_ok();
        debug_assert!(is_back, "a settlement is taken back from where it went");
        self.is_broken |= !is_back;
    }

    /// The place of the next entry in the history.
    pub(super) fn next_entry(&self) -> Result<u32> {
        u32::try_from(self.log.len()).map_err(|_| Error::fault("the history is full"))
    }

    /// Adds an entry whose amounts the documents and parts have already: a snapshot brings both along.
    ///
    /// # Errors
    /// A fault if the history has 2³² entries.
    pub(crate) fn remember(&mut self, entry: Arc<HistoryEntry>) -> Result<()> {
        let place = self.next_entry()?;
        let date = entry.settlement.at;
        for index in entry.settlement.documents() {
            if let Some(RelatedDocuments { entries, .. }) = self.related.get_mut(index.get()) {
                let latest = entries.last().map_or(date, |last| date.max(last.latest));
                entries.push(EntryPlace { place, latest });
            }
        }

        self.follow_days(&entry.settlement, MoveDirection::Forth);
        self.log.push(entry);
        Ok(())
    }

    /// Moves amounts between a source and its targets, all or nothing.
    fn shift(&mut self, settlement: &Settlement, direction: MoveDirection) -> Result<()> {
        for index in settlement.documents() {
            if self.related(index).is_none() {
                return Err(Error::fault("a document that is settled is missing"));
            }
            self.kept.touch(index, self.documents.len());
        }

        // Figures first: each step of theirs can be taken back, should a later one not fit.
        for (count, application) in settlement.applications().enumerate() {
            if let Err(fault) = self.shift_target(&application, direction) {
                self.shift_targets_back(settlement, count, direction)?;
                return Err(fault);
            }
        }
        if let Err(fault) = self.shift_source(settlement, direction) {
            self.shift_targets_back(settlement, usize::MAX, direction)?;
            return Err(fault);
        }

        // Sums of pairs are within those of their lines, which have been found in range. Should one not be, against all
        // reason, the figures have moved and the parts have not: no command may build on that.
        let parts = self.shift_parts(settlement, direction);
        self.is_broken |= parts.is_err();
        parts
    }

    /// Moves what one target receives.
    fn shift_target(
        &mut self,
        application: &Application<'_>,
        direction: MoveDirection,
    ) -> Result<()> {
        let Some(target) = self.documents.get_mut(application.target.get()) else {
            return Err(Error::fault("a target is missing"));
        };
        let total = application.amount.minor();
        target.settle(SettledAs::Applied, direction, application.received(), total)
    }

    /// Takes back what the first `count` targets have received.
    fn shift_targets_back(
        &mut self,
        settlement: &Settlement,
        count: usize,
        direction: MoveDirection,
    ) -> Result<()> {
        for application in settlement.applications().take(count) {
            self.shift_target(&application, direction.reversed())?;
        }
        Ok(())
    }

    /// Moves what the source gives.
    fn shift_source(&mut self, settlement: &Settlement, direction: MoveDirection) -> Result<()> {
        // A refund is settled by itself, so one target tells what all are.
        let first_target = settlement.application(0);
        let first_target = first_target.and_then(|application| self.header(application.target));
        let column = match first_target.map(|target| target.kind) {
            Some(Kind::Refund) => SettledAs::Refunded,
            _ => SettledAs::Applied,
        };

        let Some(source) = self.documents.get_mut(settlement.source.get()) else {
            return Err(Error::fault("a source is missing"));
        };
        let given = settlement.given(source.lines().len())?;
        source.settle(column, direction, given, settlement.total()?.minor())
    }

    /// Moves what is settled between the lines of the source and of its targets.
    fn shift_parts(&mut self, settlement: &Settlement, direction: MoveDirection) -> Result<()> {
        let Some(related) = self.related.get_mut(settlement.source.get()) else {
            return Err(Error::fault("a source is missing"));
        };
        let parts = &mut related.parts;

        // The targets of a settlement differ, so none is found among those that it adds behind the known ones.
        let known_count = parts.len();
        for Application { target, items, .. } in settlement.applications() {
            let known_index = parts.get(..known_count).and_then(|known| {
                known
                    .binary_search_by_key(&target, |(target, _)| *target)
                    .ok()
            });
            match known_index.and_then(|index| parts.get_mut(index)) {
                Some((_, part)) => part.merge(items, direction)?,
                None => parts.push((target, Part::of(items, direction)?)),
            }
        }

        // Once for all targets: one by one, each would move all those behind it.
        parts.retain(|(_, part)| !part.items().is_empty());
        sort_by(parts, |(a, _), (b, _)| a.cmp(b));
        Ok(())
    }

    /// Adds a part without moving the figures of its documents, which a snapshot brings along. `None` unless its target
    /// comes after those that its source has.
    pub(crate) fn connect(
        &mut self,
        source: DocumentIndex,
        target: DocumentIndex,
        items: &[PartItem],
    ) -> Option<()> {
        let parts = &mut self.related.get_mut(source.get())?.parts;
        if parts.last().is_some_and(|(last, _)| *last >= target) {
            return None;
        }
        parts.push((target, Part::of(items, MoveDirection::Forth).ok()?));
        Some(())
    }

    /// Makes the days that are kept follow a settlement.
    fn follow_days(&mut self, settlement: &Settlement, direction: MoveDirection) {
        if self.days.is_empty() {
            return;
        }
        let mut days = std::mem::take(&mut self.days);
        days.follow(self, settlement, direction);
        self.days = days;
    }
}
