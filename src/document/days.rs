//! What moved of the lines of a document on each day.
//!
//! A settlement of the past is judged by the days after it. The sums of those days say all that the guard needs,
//! however many settlements there were on one of them. Sums are kept only of the documents that a settlement of the
//! past has met, because most documents meet none. They follow from the history, so nobody sees whether they are kept.
//! Once a document was settled, its date and the day on which it was posted stay as they are, so the days do too.

use super::{
    Application, DocumentIndex, Documents, Kind, LineIndex, MoveDirection, SettledAs, Settlement,
};
use crate::calendar::Date;
use crate::error::{Error, Result};
use crate::memory::Room;
use rustc_hash::FxHashMap;
use std::iter::once;

/// What moves of a line, or of a document as a whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DayMove {
    pub document: DocumentIndex,
    /// The line; `None` for the whole.
    pub line: Option<LineIndex>,
    /// The day from which it counts.
    pub date: Date,
    pub column: SettledAs,
    pub minor: i64,
}

/// What moved of a line, or of a document as a whole, on one day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DaySum {
    pub date: Date,
    pub applied: i64,
    pub refunded: i64,
}

impl DaySum {
    /// Adds what moves on this day.
    const fn add(&mut self, column: SettledAs, minor: i64) {
        let sum = match column {
            SettledAs::Applied => &mut self.applied,
            SettledAs::Refunded => &mut self.refunded,
        };
        // What moved on a day is in range, and wrapping, a sum comes there whatever lies between.
        *sum = sum.wrapping_add(minor);
    }

    /// Whether what moved on this day was taken back.
    const fn is_zero(&self) -> bool {
        self.applied == 0 && self.refunded == 0
    }
}

/// The days of one document, by date: those of the whole, and behind them those of each line.
#[derive(Clone, Debug)]
struct DocumentDays(Vec<Vec<DaySum>>);

impl DocumentDays {
    /// No days yet of a document with `line_count` lines.
    fn new(line_count: usize) -> Self {
        let whole_and_lines = (0..=line_count).map(|_| Vec::new());
        Self(whole_and_lines.collect())
    }

    /// The place of a line in the list.
    fn place(line: Option<LineIndex>) -> Option<usize> {
        match line {
            Some(line) => line.get().checked_add(1),
            None => Some(0),
        }
    }

    /// Returns the days of a line, or of the document as a whole.
    fn of(&self, line: Option<LineIndex>) -> Option<&[DaySum]> {
        let days = self.0.get(Self::place(line)?)?;
        Some(days)
    }

    /// Adds a movement; `None` of a line that is not there.
    fn add(&mut self, moved: &DayMove, direction: MoveDirection) -> Option<()> {
        let days = self.0.get_mut(Self::place(moved.line)?)?;
        let minor = match direction {
            MoveDirection::Forth => moved.minor,
            MoveDirection::Back => moved.minor.wrapping_neg(),
        };

        match days.binary_search_by_key(&moved.date, |day| day.date) {
            Ok(day_index) => {
                let day = days.get_mut(day_index)?;
                day.add(moved.column, minor);
                // A command that was taken back leaves no day behind.
                if day.is_zero() {
                    days.remove(day_index);
                }
            }

            Err(day_index) => {
                let mut day = DaySum {
                    date: moved.date,
                    applied: 0,
                    refunded: 0,
                };
                day.add(moved.column, minor);
                // Many lines are settled on one day and never again.
                if days.is_empty() {
                    days.reserve_exact(1);
                }
                days.insert(day_index, day);
            }
        }
        Some(())
    }
}

/// The days of the documents that a settlement of the past has met.
#[derive(Clone, Debug, Default)]
pub(super) struct DayCache {
    // Only for look-ups, never iterated: its order means nothing.
    documents: FxHashMap<DocumentIndex, DocumentDays>,
}

impl DayCache {
    pub(super) fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    pub(super) fn has(&self, index: DocumentIndex) -> bool {
        self.documents.contains_key(&index)
    }

    /// The days of a line, or of a document as a whole; `None` if they are not kept.
    pub(super) fn of(&self, index: DocumentIndex, line: Option<LineIndex>) -> Option<&[DaySum]> {
        self.documents.get(&index)?.of(line)
    }

    /// Forgets the days of a document. They are made anew when somebody asks for them.
    pub(super) fn forget(&mut self, index: DocumentIndex) {
        self.documents.remove(&index);
    }

    /// Sums the history of a document.
    ///
    /// # Errors
    /// `tooLarge` where memory has no room for the sums; a fault if the history does not fit the document.
    pub(super) fn keep(&mut self, documents: &Documents, index: DocumentIndex) -> Result<()> {
        let Some(document) = documents.get(index) else {
            return Err(Error::fault("a document is missing"));
        };

        let mut room = Room::default();
        let line_count = document.lines().len();
        room.take::<Vec<DaySum>>(line_count)?;
        let mut days = DocumentDays::new(line_count);

        // A list that is full moves to another of twice its size, so each day takes room for two.
        for entry in document.settled_before() {
            for line in [None, Some(entry.line)] {
                room.take::<DaySum>(2)?;
                let moved = DayMove {
                    document: index,
                    line,
                    date: entry.date,
                    column: entry.by.settled_as(),
                    minor: entry.amount.minor(),
                };
                let added = days.add(&moved, MoveDirection::Forth);
                added.ok_or_else(lacking_lines)?;
            }
        }
        for entry in documents.entries_of(index) {
            for moved in documents.moves_of(&entry.settlement, index) {
                room.take::<DaySum>(2)?;
                let added = days.add(&moved, MoveDirection::Forth);
                added.ok_or_else(lacking_lines)?;
            }
        }

        self.documents.insert(index, days);
        Ok(())
    }

    /// Follows a settlement that was carried out or taken back.
    pub(super) fn follow(
        &mut self,
        documents: &Documents,
        settlement: &Settlement,
        direction: MoveDirection,
    ) {
        for moved in documents.moves(settlement) {
            // Nothing can be returned here. Without its days, a document is asked for them again, and says what is
            // wrong.
            if let Some(days) = self.documents.get_mut(&moved.document)
                && days.add(&moved, direction).is_none()
            {
                self.forget(moved.document);
            }
        }
    }
}

fn lacking_lines() -> Error {
    Error::fault("a settlement of lines that are not there")
}

impl Documents {
    /// What a settlement moves of all its documents.
    pub(crate) fn moves(&self, settlement: &Settlement) -> impl Iterator<Item = DayMove> {
        let applications = settlement.applications();
        applications.flat_map(|application| {
            let given = self.given_moves(settlement, application);
            given.chain(self.received_moves(settlement, application))
        })
    }

    /// What a settlement moves of one of its documents.
    fn moves_of(
        &self,
        settlement: &Settlement,
        index: DocumentIndex,
    ) -> impl Iterator<Item = DayMove> {
        let is_source = settlement.source == index;
        let applications = settlement
            .applications()
            .filter(move |application| is_source || application.target == index);

        applications.flat_map(move |application| {
            let given = is_source.then(|| self.given_moves(settlement, application));
            let received = (!is_source).then(|| self.received_moves(settlement, application));
            given
                .into_iter()
                .flatten()
                .chain(received.into_iter().flatten())
        })
    }

    /// What an application moves of its source.
    fn given_moves<'a>(
        &self,
        settlement: &Settlement,
        application: Application<'a>,
    ) -> impl Iterator<Item = DayMove> + use<'a> {
        // What goes to a refund was paid out, and everything else was applied.
        let target = self.header(application.target);
        let column = match target.map(|target| target.kind) {
            Some(Kind::Refund) => SettledAs::Refunded,
            _ => SettledAs::Applied,
        };
        let whole = DayMove {
            document: settlement.source,
            line: None,
            date: self.counts_from(settlement.at, settlement.source, application.target),
            column,
            minor: application.amount.minor(),
        };

        let lines = application.items.iter().map(move |item| DayMove {
            line: Some(item.source),
            minor: item.amount.minor(),
            ..whole
        });
        once(whole).chain(lines)
    }

    /// What an application moves of its target.
    fn received_moves<'a>(
        &self,
        settlement: &Settlement,
        application: Application<'a>,
    ) -> impl Iterator<Item = DayMove> + use<'a> {
        // A refund, too, counts what it receives as applied: only its source was refunded.
        let whole = DayMove {
            document: application.target,
            line: None,
            date: self.counts_from(settlement.at, settlement.source, application.target),
            column: SettledAs::Applied,
            minor: application.amount.minor(),
        };

        let lines = application.items.iter().map(move |item| DayMove {
            line: Some(item.target),
            minor: item.amount.minor(),
            ..whole
        });
        once(whole).chain(lines)
    }
}
