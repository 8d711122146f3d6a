//! Settlements that are dated before others: history may be entered in any order, as long as no day of it becomes
//! impossible.
//!
//! A settlement counts from its effective date on, so it changes what was open on the days of later ones too. On every
//! day, what is open, applied and refunded of a line or document has to lie between nothing and all there is. The
//! operations themselves guard today, which is the last day: only where a document has a settlement of a later date is
//! there anything else to check.
//!
//! What is settled today is known. From there the guard goes back, day by day, over the sums of the days
//! (`document/days.rs`), as far as the settlement's own day and no farther. So a settlement takes as long as there are
//! later days with settlements of its lines, however many settlements these are.

use crate::calendar::Date;
use crate::document::{
    DayMove, DaySum, Document, DocumentIndex, Documents, Figures, LineIndex, SettledAs, Settlement,
};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::memory::Room;
use crate::money::Amount;
use crate::order::sort_by;
use crate::settle::context::Context;

/// Refuses a settlement that makes a day of its documents impossible, or that is dated before one of them was posted
/// again: it was a draft until then.
///
/// # Errors
/// `dateTooEarly` at `at`; `tooLarge` where memory has no room for the days of its documents.
pub(in crate::settle) fn check(documents: &mut Documents, settlement: &Settlement) -> Result<()> {
    check_posted_again(
        documents,
        settlement.documents(),
        settlement.at,
        SiteField::At,
    )?;

    let mut is_back_dated = false;
    for index in settlement.documents() {
        if has_later_days(documents, index, settlement) {
            documents.keep_days(index)?;
            is_back_dated = true;
        }
    }
    if is_back_dated {
        return check_later_days(documents, settlement);
    }
    Ok(())
}

/// Whether a document has a settlement of a later date, be it one before it came into the book.
fn has_later_days(documents: &Documents, index: DocumentIndex, settlement: &Settlement) -> bool {
    let document = documents.get(index);
    let before = document.and_then(Document::last_settled_before);
    before.max(documents.last_settled(index)) > Some(settlement.at)
}

/// Refuses a day of a closed period, and one on which one of the documents was a draft.
///
/// # Errors
/// `periodClosed`, `dateTooEarly`, at `at`.
pub(in crate::settle) fn check_day(
    context: Context<'_>,
    indices: impl IntoIterator<Item = DocumentIndex>,
    date: Date,
) -> Result<()> {
    let site = Site::Command.field(SiteField::At);
    context.settings.check_settling(date, &site)?;
    check_posted_again(context.documents, indices, date, SiteField::At)
}

/// Refuses a day on which one of the documents was a draft, because it was posted again later.
///
/// # Errors
/// `dateTooEarly` at the field that the date is from.
pub(in crate::settle) fn check_posted_again(
    documents: &Documents,
    indices: impl IntoIterator<Item = DocumentIndex>,
    date: Date,
    date_field: SiteField,
) -> Result<()> {
    for index in indices {
        let Some(header) = documents.header(index) else {
            return Err(Error::fault("a document is missing"));
        };
        let Some(posted) = header.posted_again_on() else {
            continue;
        };

        if date < posted {
            let reason = Reason::BeforePostedAgain {
                posted: posted.into(),
                kind: header.kind.into(),
                date: date.into(),
            };
            return Err(Error::of(reason, &Site::Command.field(date_field)));
        }
    }
    Ok(())
}

/// Refuses a settlement that makes a later day impossible, with the first day that will do.
fn check_later_days(documents: &Documents, settlement: &Settlement) -> Result<()> {
    Room::default().take::<[DayMove; 2]>(settlement.items().len())?;
    let mut moves: Vec<_> = documents.moves(settlement).collect();
    moves.retain(|moved| has_later_days(documents, moved.document, settlement));
    sort_by(&mut moves, |a, b| {
        (a.document, a.line, a.date).cmp(&(b.document, b.line, b.date))
    });

    // The latest of the first days is one on which every line is possible.
    let mut earliest = None;
    for of_line in moves.chunk_by(|a, b| (a.document, a.line) == (b.document, b.line)) {
        earliest = earliest.max(LineDays::of(documents, of_line)?.first_possible()?);
    }

    match earliest {
        Some(earliest) => {
            let reason = Reason::LessOpenEarlier {
                earliest: earliest.into(),
                date: settlement.at.into(),
            };
            Err(Error::of(reason, &Site::Command.field(SiteField::At)))
        }
        None => Ok(()),
    }
}

/// The days of a line, or of a document as a whole, with what a settlement moves of it, from the last day backwards.
struct LineDays<'a> {
    figures: &'a Figures,
    /// What is applied and refunded on the day that has been reached.
    settled: [i128; 2],
    /// The days before, without the settlement.
    known: &'a [DaySum],
    /// What the settlement moves on the days before.
    new: &'a [DayMove],
}

impl<'a> LineDays<'a> {
    /// The days of the line that all of `new` are of.
    fn of(documents: &'a Documents, new: &'a [DayMove]) -> Result<Self> {
        let lacking = || Error::fault("a settlement of lines that are not there");
        let DayMove { document, line, .. } = *new.first().ok_or_else(lacking)?;
        let figures = figures_of(documents, document, line).ok_or_else(lacking)?;
        let mut days = Self {
            figures,
            settled: [figures.applied(), figures.refunded()].map(|amount| amount.minor().into()),
            known: documents.days_of(document, line).ok_or_else(lacking)?,
            new,
        };

        // The figures are those before the settlement, and the way back begins after it.
        for moved in new {
            days.shift(moved.column, moved.minor.into())?;
        }
        Ok(days)
    }

    /// Adds to what is applied or refunded on the day that has been reached.
    fn shift(&mut self, column: SettledAs, minor: i128) -> Result<()> {
        let [applied, refunded] = &mut self.settled;
        let sum = match column {
            SettledAs::Applied => applied,
            SettledAs::Refunded => refunded,
        };
        let shifted = sum.checked_add(minor);
        *sum = shifted.ok_or_else(|| Error::fault("a day out of range"))?;
        Ok(())
    }

    /// The first day from which on every day is possible with the settlement; `None` if it is so from its own day on.
    fn first_possible(mut self) -> Result<Option<Date>> {
        let mut following = None;
        loop {
            if !fits(self.figures, self.settled) {
                let Some(following) = following else {
                    return Err(Error::fault("a settlement that does not fit today"));
                };
                return Ok(Some(following));
            }
            // The days before are as they were. What was entered before is not this settlement's to answer for.
            if self.new.is_empty() {
                return Ok(None);
            }
            following = self.take_back_last_day()?;
        }
    }

    /// Takes back what moved on the last of the days, and returns that day.
    fn take_back_last_day(&mut self) -> Result<Option<Date>> {
        let known = self.known.last().map(|day| day.date);
        let day = known.max(self.new.last().map(|moved| moved.date));

        // The sums of a day are kept once, while a settlement can move several amounts of a line.
        if let Some((last, before)) = self.known.split_last()
            && Some(last.date) == day
        {
            self.shift(SettledAs::Applied, i128::from(last.applied).wrapping_neg())?;
            self.shift(
                SettledAs::Refunded,
                i128::from(last.refunded).wrapping_neg(),
            )?;
            self.known = before;
        }

        while let Some((last, before)) = self.new.split_last()
            && Some(last.date) == day
        {
            self.shift(last.column, i128::from(last.minor).wrapping_neg())?;
            self.new = before;
        }
        Ok(day)
    }
}

/// The figures of a line, or of a document as a whole.
fn figures_of(
    documents: &Documents,
    index: DocumentIndex,
    line: Option<LineIndex>,
) -> Option<&Figures> {
    let document = documents.get(index)?;
    match line {
        Some(line) => document.line_figures(line),
        None => Some(&document.header().figures),
    }
}

/// Whether so much can be applied and refunded of something with these figures.
fn fits(figures: &Figures, settled: [i128; 2]) -> bool {
    let [applied, refunded] = settled.map(|amount| Amount::try_from(amount).ok());
    applied
        .zip(refunded)
        .and_then(|(applied, refunded)| {
            Figures::restore(figures.amount(), figures.netted(), applied, refunded)
        })
        .is_some()
}
