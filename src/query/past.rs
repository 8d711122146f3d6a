//! The documents as they are, or as they were on a day of the past.
//!
//! What the history moved after a day is taken off the present figures; what is left are the figures of that day.

use crate::calendar::Date;
use crate::document::{
    Application, Document, DocumentIndex, Documents, Figures, Header, Kind, LineIndex, LineRef,
    SettledAs, Settlement, Status,
};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::Amount;
use crate::query::of_accounts::DocumentsOfAccounts;
use rustc_hash::FxHashMap;

/// The day on which documents are seen.
#[derive(Clone, Debug)]
pub(in crate::query) enum AsOf {
    /// As they are.
    Now,
    /// As they were.
    Day(PastFigures),
}

impl AsOf {
    /// The day; `None` now.
    pub(in crate::query) const fn day(&self) -> Option<Date> {
        match self {
            AsOf::Now => None,
            AsOf::Day(past) => Some(past.day),
        }
    }

    /// Whether a document is dated on that day or before.
    pub(in crate::query) fn has(&self, header: &Header) -> bool {
        self.day().is_none_or(|day| header.date <= day)
    }

    /// The status of a document.
    pub(in crate::query) fn status(&self, header: &Header) -> Status {
        match self.day() {
            None => header.status,
            Some(day) => header.notes.status_on(day),
        }
    }

    /// The settled figures of a document.
    pub(in crate::query) fn total(
        &self,
        document: DocumentIndex,
        header: &Header,
    ) -> SettledFigures {
        match self.figures(document) {
            None => SettledFigures::of(&header.figures),
            Some(figures) => figures.total,
        }
    }

    /// The settled figures of a line.
    pub(in crate::query) fn line(
        &self,
        documents: &Documents,
        line: LineRef,
    ) -> Option<SettledFigures> {
        match self.figures(line.document) {
            None => {
                let figures = documents.get(line.document)?.line_figures(line.line)?;
                Some(SettledFigures::of(figures))
            }
            Some(figures) => figures.lines.get(line.line.get()).copied(),
        }
    }

    /// The figures of a document on that day, where they are not those of now.
    fn figures(&self, document: DocumentIndex) -> Option<&FiguresOnDay> {
        match self {
            AsOf::Now => None,
            AsOf::Day(past) => past.documents.get(&document),
        }
    }
}

/// The settled figures of a document or line, and the open amount that they leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::query) struct SettledFigures {
    pub applied: Amount,
    pub refunded: Amount,
    pub open: Amount,
}

impl SettledFigures {
    fn of(figures: &Figures) -> Self {
        Self {
            applied: figures.applied(),
            refunded: figures.refunded(),
            open: figures.open(),
        }
    }

    /// The figures before `moved` was applied and refunded; `None` if one is out of range.
    fn before(self, moved: MovedAmounts) -> Option<Self> {
        let settled = moved.applied.checked_add(moved.refunded)?;
        Some(Self {
            applied: less(self.applied, moved.applied)?,
            refunded: less(self.refunded, moved.refunded)?,
            open: less(self.open, settled.checked_neg()?)?,
        })
    }
}

/// An amount without `minor` units.
fn less(amount: Amount, minor: i128) -> Option<Amount> {
    Amount::try_from(i128::from(amount.minor()).checked_sub(minor)?).ok()
}

/// Figures on a day.
#[derive(Clone, Debug)]
pub(in crate::query) struct PastFigures {
    day: Date,
    // Only for look-ups, never iterated: its order means nothing. Only documents that were settled later have other
    // figures than now.
    documents: FxHashMap<DocumentIndex, FiguresOnDay>,
}

/// The figures of a document on a day.
#[derive(Clone, Debug)]
struct FiguresOnDay {
    total: SettledFigures,
    lines: Vec<SettledFigures>,
}

impl PastFigures {
    /// The figures of the documents of some accounts on `day`, or of all documents. Those of other accounts are not
    /// asked for, so a book of many accounts is not gone through for one of them.
    ///
    /// # Errors
    /// `outOfRange` where a figure is.
    pub(in crate::query) fn new(of_accounts: &DocumentsOfAccounts<'_>, day: Date) -> Result<Self> {
        let documents = of_accounts.all();
        let mut later = MovedLater::new(documents, day);
        for (index, document) in of_accounts.iter() {
            later.add_settled_before(index, document)?;
        }
        for entry in of_accounts.settlements() {
            later.add_settlement(&entry.settlement)?;
        }

        // A settlement between two accounts has moved documents of the other one, too: those are not asked for.
        let mut figures = FxHashMap::default();
        for (index, document) in of_accounts.iter() {
            if let Some(moved) = later.lines.get(&index) {
                figures.insert(index, FiguresOnDay::new(document, moved, day)?);
            }
        }
        Ok(Self {
            day,
            documents: figures,
        })
    }
}

impl FiguresOnDay {
    /// The figures of a document before amounts were moved on its lines.
    fn new(document: &Document, moved: &[MovedAmounts], day: Date) -> Result<Self> {
        let Some(figures) = Self::before(document, moved) else {
            let site = Site::Command.field(SiteField::AsOf);
            return Err(Error::of(Reason::DayOutOfRange { day: day.into() }, &site));
        };
        Ok(figures)
    }

    /// Takes what was moved off the present figures. `None` if one is out of range.
    fn before(document: &Document, moved: &[MovedAmounts]) -> Option<Self> {
        let all_moved = moved
            .iter()
            .try_fold(MovedAmounts::default(), |sum, line| sum.plus(*line))?;

        let lines = document
            .figures()
            .iter()
            .zip(moved)
            .map(|(figures, &moved)| SettledFigures::of(figures).before(moved));

        Some(Self {
            total: SettledFigures::of(&document.header().figures).before(all_moved)?,
            lines: lines.collect::<Option<_>>()?,
        })
    }
}

/// What was applied and refunded of something, in minor units.
#[derive(Clone, Copy, Debug, Default)]
struct MovedAmounts {
    applied: i128,
    refunded: i128,
}

impl MovedAmounts {
    fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            applied: self.applied.checked_add(other.applied)?,
            refunded: self.refunded.checked_add(other.refunded)?,
        })
    }
}

/// The amounts that the history moved after a day.
struct MovedLater<'d> {
    documents: &'d Documents,
    day: Date,
    // Only for look-ups, never iterated: its order means nothing. Line by line; no document where nothing was moved.
    lines: FxHashMap<DocumentIndex, Vec<MovedAmounts>>,
}

impl<'d> MovedLater<'d> {
    fn new(documents: &'d Documents, day: Date) -> Self {
        Self {
            documents,
            day,
            lines: FxHashMap::default(),
        }
    }

    /// Adds what was settled after the day, and before the document came into the book.
    fn add_settled_before(&mut self, index: DocumentIndex, document: &Document) -> Result<()> {
        for entry in document.settled_before() {
            if entry.date > self.day {
                self.add(index, entry.line, entry.by.settled_as(), entry.amount)?;
            }
        }
        Ok(())
    }

    /// Adds the applications of a settlement that count after the day.
    fn add_settlement(&mut self, settlement: &Settlement) -> Result<()> {
        let source = settlement.source;
        for application in settlement.applications() {
            // An application counts from the day on which both of its documents are there.
            let counts_from = self
                .documents
                .counts_from(settlement.at, source, application.target);
            if counts_from > self.day {
                self.add_application(source, &application)?;
            }
        }
        Ok(())
    }

    /// Adds what an application moved, line by line on both sides.
    fn add_application(
        &mut self,
        source: DocumentIndex,
        application: &Application<'_>,
    ) -> Result<()> {
        let target = application.target;
        // What goes to a refund was paid out of its source.
        let given_as = match self.documents.header(target).map(|header| header.kind) {
            Some(Kind::Refund) => SettledAs::Refunded,
            _ => SettledAs::Applied,
        };

        for item in application.items {
            self.add(source, item.source, given_as, item.amount)?;
            self.add(target, item.target, SettledAs::Applied, item.amount)?;
        }
        Ok(())
    }

    /// Adds an amount to what was moved of a line.
    fn add(
        &mut self,
        document: DocumentIndex,
        line: LineIndex,
        settled_as: SettledAs,
        amount: Amount,
    ) -> Result<()> {
        self.try_add(document, line, settled_as, amount)
            .ok_or_else(|| Error::fault("a settlement of lines that are not there"))
    }

    /// Adds an amount to what was moved of a line. `None` if there is no such line, or out of range.
    fn try_add(
        &mut self,
        document: DocumentIndex,
        line: LineIndex,
        settled_as: SettledAs,
        amount: Amount,
    ) -> Option<()> {
        let line_count = self.documents.get(document)?.lines().len();
        let lines = self.lines.entry(document).or_default();
        lines.resize(line_count, MovedAmounts::default());

        let moved = lines.get_mut(line.get())?;
        let sum = match settled_as {
            SettledAs::Applied => &mut moved.applied,
            SettledAs::Refunded => &mut moved.refunded,
        };
        *sum = sum.checked_add(amount.minor().into())?;
        Some(())
    }
}
