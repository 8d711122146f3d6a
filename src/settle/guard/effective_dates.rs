//! Settlements that are dated before others: history may be entered in any order, as long as no day of it becomes
//! impossible.
//!
//! A settlement counts from its effective date on, so it changes what was open on the days of later ones too. On every
//! day, what is open, applied and refunded of a line or document has to lie between nothing and all there is. The
//! operations themselves guard today, which is the last day: only where a document has a settlement of a later date is
//! there anything else to check.

use crate::calendar::Date;
use crate::document::{
    Document, DocumentIndex, Documents, Figures, Kind, LineIndex, SettledAs, Settlement,
};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::Amount;
use crate::order::sort_by;

/// Refuses a settlement that makes a day of its documents impossible, or that is dated before one of them was posted
/// again: it was a draft until then.
///
/// # Errors
/// `dateTooEarly` at `at`.
pub(in crate::settle) fn check(documents: &Documents, settlement: &Settlement) -> Result<()> {
    for index in settlement.documents() {
        check_posted_again(documents, index, settlement.at)?;
    }

    let mut least = None;
    for index in settlement.documents() {
        if documents.last_settled(index) > Some(settlement.at) {
            least = least.max(least_day(documents, index, settlement)?);
        }
    }
    if let Some(earliest) = least {
        return Err(too_early(Reason::LessOpenEarlier {
            earliest: earliest.into(),
            date: settlement.at.into(),
        }));
    }
    Ok(())
}

/// Refuses a day before the document was posted again.
///
/// # Errors
/// `dateTooEarly` at `at`.
pub(in crate::settle) fn check_posted_again(
    documents: &Documents,
    index: DocumentIndex,
    at: Date,
) -> Result<()> {
    let Some(header) = documents.header(index) else {
        return Err(Error::fault("a document is missing"));
    };
    match header.posted_again_on() {
        Some(posted) if at < posted => Err(too_early(Reason::BeforePostedAgain {
            posted: posted.into(),
            kind: header.kind.into(),
            date: at.into(),
        })),
        _ => Ok(()),
    }
}

fn too_early(reason: Reason) -> Error {
    Error::of(reason, &Site::Command.field(SiteField::At))
}

/// What moves on a line of a document on a day.
struct Move {
    day: Date,
    line: LineIndex,
    column: SettledAs,
    amount: Amount,
}

/// The first day on which a document can hold a settlement in addition to the later ones; `None` if it can hold it on
/// its own day.
fn least_day(
    documents: &Documents,
    index: DocumentIndex,
    settlement: &Settlement,
) -> Result<Option<Date>> {
    let mut moves = Vec::new();
    for entry in documents.entries_of(index) {
        add_moves(documents, index, &entry.settlement, &mut moves);
    }
    let known = moves.len();
    add_moves(documents, index, settlement, &mut moves);
    let new = moves.get(known..).unwrap_or_default();
    let first = new.iter().map(|moved| moved.day).min();
    sort_by(&mut moves, |a, b| a.day.cmp(&b.day));

    let document = documents
        .get(index)
        .ok_or_else(|| Error::fault("a document is missing"))?;
    let mut replay = Replay::of(document);
    let (mut least, mut is_impossible) = (None, false);
    for run in moves.chunk_by(|a, b| a.day == b.day) {
        let day = run.first().map(|moved| moved.day);
        // The first day after one that is impossible might do.
        if is_impossible {
            least = day;
        }
        for moved in run {
            replay.add(moved)?;
        }
        // What was entered before is not this settlement's to answer for.
        is_impossible = day >= first && replay.impossible > 0;
    }
    if is_impossible {
        return Err(Error::fault("a settlement that does not fit today"));
    }
    Ok(least)
}

/// Adds what a settlement moves on the lines of a document that is its source or one of its targets.
fn add_moves(
    documents: &Documents,
    index: DocumentIndex,
    settlement: &Settlement,
    moves: &mut Vec<Move>,
) {
    let gives = settlement.source == index;
    for application in settlement.applications() {
        let target = application.target;
        if !gives && target != index {
            continue;
        }
        let is_refund = documents
            .header(target)
            .is_some_and(|header| header.kind == Kind::Refund);
        let column = if gives && is_refund {
            SettledAs::Refunded
        } else {
            SettledAs::Applied
        };
        let day = documents.counts_from(settlement.at, settlement.source, target);
        moves.extend(application.items.iter().map(|item| Move {
            day,
            line: if gives { item.source } else { item.target },
            column,
            amount: item.amount,
        }));
    }
}

/// What is settled of a document and its lines while its history is replayed.
struct Replay<'a> {
    document: &'a Document,
    /// What is applied and refunded of each line, and behind them of the whole.
    settled: Vec<[i128; 2]>,
    /// How many of them have more or less settled than can be.
    impossible: usize,
}

impl<'a> Replay<'a> {
    fn of(document: &'a Document) -> Self {
        let count = document.lines().len().saturating_add(1);
        Self {
            document,
            settled: vec![[0; 2]; count],
            impossible: 0,
        }
    }

    fn add(&mut self, moved: &Move) -> Result<()> {
        let fault = || Error::fault("a settlement of lines that are not there");
        let figures = self.document.line_figures(moved.line).ok_or_else(fault)?;
        let total = self.document.lines().len();
        self.shift(moved.line.get(), figures, moved)
            .and_then(|()| self.shift(total, &self.document.header().figures, moved))
            .ok_or_else(fault)
    }

    fn shift(&mut self, place: usize, figures: &Figures, moved: &Move) -> Option<()> {
        let settled = self.settled.get_mut(place)?;
        let before = fits(figures, *settled);
        let [applied, refunded] = settled;
        let sum = match moved.column {
            SettledAs::Applied => applied,
            SettledAs::Refunded => refunded,
        };
        *sum = sum.checked_add(moved.amount.minor().into())?;
        match (before, fits(figures, *settled)) {
            (true, false) => self.impossible = self.impossible.saturating_add(1),
            (false, true) => self.impossible = self.impossible.saturating_sub(1),
            _ => {}
        }
        Some(())
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
