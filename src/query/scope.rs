//! What a query reads: the documents, as they are or as they were on a day.

use crate::book::Subject;
use crate::calendar::Date;
use crate::document::{
    Application, Document, DocumentIndex, Documents, Figures, Header, HistoryEntry, Kind, Line,
    LineIndex, LineRef, Part, PartItem, SettledAs, Status,
};
use crate::error::{Error, Path, Reason, Result};
use crate::money::Amount;
use crate::query::cell::FieldValue;
use crate::query::fields::account::Account;
use crate::settle::{Context, line_available_to_credit, lines_available_to_credit};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::hash_map::Entry;

/// What the fields of rows are read from.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    pub(in crate::query) context: Context<'a>,
    pub(in crate::query) past: Option<PastFigures>,
    pub(in crate::query) accounts: Vec<Account>,
    /// What is available to credit of the lines of a document, kept for its other lines. Only for look-ups, never
    /// iterated: its order means nothing.
    available: RefCell<FxHashMap<DocumentIndex, Vec<Amount>>>,
}

/// Where a row is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The document; of a part or application its source, of an account its first document.
    pub(in crate::query) document: DocumentIndex,
    /// Of an item its line, of a part its target, of an application its entry in the log, of an account its place.
    pub(in crate::query) place: u32,
    /// Of a part item or application its place in the part or entry.
    pub(in crate::query) item: u32,
}

impl Row {
    pub(in crate::query) const fn of(document: DocumentIndex) -> Self {
        Self {
            document,
            place: 0,
            item: 0,
        }
    }
}

/// A row that is being read.
#[derive(Clone, Copy, Debug)]
pub struct RowReader<'s> {
    pub(in crate::query) scope: &'s Scope<'s>,
    pub(in crate::query) row: Row,
    pub(in crate::query) header: &'s Header,
    /// What is available to credit of the document, where that is known already.
    pub(in crate::query) available: Option<Amount>,
}

impl<'a> Scope<'a> {
    /// The documents as they are.
    #[must_use]
    pub fn now(context: Context<'a>) -> Self {
        Self {
            context,
            past: None,
            accounts: Vec::new(),
            available: RefCell::default(),
        }
    }

    /// The documents as the history says that they were on `day`.
    ///
    /// # Errors
    /// `outOfRange` where that cannot be counted.
    pub(in crate::query) fn on(context: Context<'a>, day: Date) -> Result<Self> {
        Ok(Self {
            past: Some(PastFigures::new(context.documents, day)?),
            ..Self::now(context)
        })
    }

    /// What is available to credit of a line, if there is that line.
    pub(in crate::query) fn available_to_credit(
        &self,
        document: DocumentIndex,
        line: LineIndex,
    ) -> Option<Amount> {
        let has_credits = self.context.documents.made_from(document).next().is_some();
        match self.available.try_borrow_mut() {
            Ok(mut available) if has_credits => {
                let lines = match available.entry(document) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(unknown) => {
                        unknown.insert(lines_available_to_credit(self.context, document).ok()?)
                    }
                };
                lines.get(line.get()).copied()
            }
            _ => line_available_to_credit(self.context, document, line).ok(),
        }
    }

    /// The row, being read.
    #[must_use]
    pub fn at(&self, row: Row) -> Option<RowReader<'_>> {
        let header = self.context.documents.header(row.document)?;
        Some(RowReader {
            scope: self,
            row,
            header,
            available: None,
        })
    }
}

impl<'s> RowReader<'s> {
    /// A document as it stood after a command.
    #[must_use]
    pub const fn after(scope: &'s Scope<'s>, subject: &'s Subject) -> Self {
        let available = Some(subject.available_to_credit);
        Self {
            scope,
            row: Row::of(subject.index),
            header: &subject.header,
            available,
        }
    }

    /// Whether it is asked how it was on a day.
    #[must_use]
    pub const fn is_past(&self) -> bool {
        self.scope.past.is_some()
    }

    pub(in crate::query) fn documents(&self) -> &'s Documents {
        self.scope.context.documents
    }

    pub(in crate::query) fn document(&self) -> Option<&'s Document> {
        self.documents().get(self.row.document)
    }

    pub(in crate::query) fn amount(&self, amount: Amount) -> FieldValue<'s> {
        FieldValue::Amount(amount, self.header.currency.scale())
    }

    /// The day that is asked about, if it is not now.
    pub(in crate::query) fn day(&self) -> Option<Date> {
        self.scope.past.as_ref().map(|past| past.day)
    }

    /// Whether the document is dated on that day or before.
    pub(in crate::query) fn is_there(&self) -> bool {
        self.day().is_none_or(|day| self.header.date <= day)
    }

    /// The status of the document.
    pub(in crate::query) fn status(&self) -> Status {
        self.day()
            .map_or(self.header.status, |day| self.header.notes.status_on(day))
    }

    /// What is settled of the document.
    pub(in crate::query) fn total(&self) -> SettledFigures {
        let past = self
            .scope
            .past
            .as_ref()
            .and_then(|past| past.of(self.row.document));
        past.map_or_else(
            || SettledFigures::of(&self.header.figures),
            |past| past.total,
        )
    }

    /// The line of an item or tax item.
    pub(in crate::query) fn line(&self) -> Option<&'s Line> {
        self.document()?.line(self.line_index())
    }

    pub(in crate::query) const fn line_index(&self) -> LineIndex {
        LineIndex(self.row.place)
    }

    pub(in crate::query) const fn line_place(&self) -> LineRef {
        LineRef {
            document: self.row.document,
            line: self.line_index(),
        }
    }

    /// What is settled of the line.
    pub(in crate::query) fn settled(&self) -> Option<SettledFigures> {
        if let Some(past) = self
            .scope
            .past
            .as_ref()
            .and_then(|past| past.of(self.row.document))
        {
            return past.lines.get(self.line_index().get()).copied();
        }
        self.document()?
            .line_figures(self.line_index())
            .map(SettledFigures::of)
    }

    /// The target of a part, and the part.
    pub(in crate::query) fn part(&self) -> Option<(&'s Header, &'s Part)> {
        let target = DocumentIndex(self.row.place);
        Some((
            self.documents().header(target)?,
            self.documents().part(self.row.document, target)?,
        ))
    }

    pub(in crate::query) fn part_item(&self) -> Option<&'s PartItem> {
        self.part()?
            .1
            .items()
            .get(usize::try_from(self.row.item).ok()?)
    }

    /// An application, and the settlement that it is of.
    pub(in crate::query) fn application(&self) -> Option<(&'s HistoryEntry, Application<'s>)> {
        let entry = self
            .documents()
            .log()
            .get(usize::try_from(self.row.place).ok()?)?;
        Some((
            entry,
            entry
                .settlement
                .application(usize::try_from(self.row.item).ok()?)?,
        ))
    }

    pub(in crate::query) fn account(&self) -> Option<&'s Account> {
        self.scope
            .accounts
            .get(usize::try_from(self.row.place).ok()?)
    }

    /// The line that a [`FieldValue::Line`] names.
    #[must_use]
    pub fn line_at(&self, place: LineRef) -> Option<(&'s Document, LineIndex)> {
        Some((self.documents().get(place.document)?, place.line))
    }

    /// The rows that a [`FieldValue::TaxItems`] names.
    #[must_use]
    pub fn tax_items(&self, item: LineRef) -> Vec<RowReader<'s>> {
        let Some(document) = self.documents().get(item.document) else {
            return Vec::new();
        };
        let lines = document.tax_items(item.line);
        lines
            .map(|line| RowReader {
                row: Row {
                    place: line.0,
                    ..self.row
                },
                ..*self
            })
            .collect()
    }
}

/// What is settled of a document or line, and what that leaves open.
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

    /// The same before `moved` was applied and refunded; `None` if it is out of range.
    fn before(self, moved: MovedAmounts) -> Option<Self> {
        let less = |amount: Amount, moved: i128| {
            Amount::try_from(i128::from(amount.minor()).checked_sub(moved)?).ok()
        };
        let [applied, refunded] = moved;
        let open = less(self.open, applied.checked_add(refunded)?.checked_neg()?)?;
        Some(Self {
            applied: less(self.applied, applied)?,
            refunded: less(self.refunded, refunded)?,
            open,
        })
    }
}

/// What was applied and refunded of something.
type MovedAmounts = [i128; 2];

/// How documents stood on a day: the present figures less what the history moved later, by effective date.
#[derive(Clone, Debug)]
pub(in crate::query) struct PastFigures {
    pub day: Date,
    /// By document; only those that were settled later.
    documents: Vec<Option<Box<FiguresOnDay>>>,
}

/// How a document stood.
#[derive(Clone, Debug)]
struct FiguresOnDay {
    total: SettledFigures,
    lines: Vec<SettledFigures>,
}

impl PastFigures {
    fn new(documents: &Documents, day: Date) -> Result<Self> {
        let mut later: Vec<Vec<MovedAmounts>> = Vec::new();
        later.resize_with(
            documents.next_index().map_or(0, DocumentIndex::get),
            Vec::new,
        );
        let mut add =
            |document: DocumentIndex, line: LineIndex, column: SettledAs, amount: Amount| {
                let lines = documents.get(document)?.lines().len();
                let moved = later.get_mut(document.get())?;
                moved.resize(lines, [0, 0]);
                let [applied, refunded] = moved.get_mut(line.get())?;
                let sum = if column == SettledAs::Applied {
                    applied
                } else {
                    refunded
                };
                *sum = sum.checked_add(amount.minor().into())?;
                Some(())
            };
        for HistoryEntry { settlement, .. } in documents.log().iter().map(|entry| &**entry) {
            for application in settlement.applications() {
                // What settles a document before it is there counts from that day on.
                let counts_from =
                    documents.counts_from(settlement.at, settlement.source, application.target);
                if counts_from <= day {
                    continue;
                }
                let is_refund = documents
                    .header(application.target)
                    .is_some_and(|header| header.kind == Kind::Refund);
                let column = if is_refund {
                    SettledAs::Refunded
                } else {
                    SettledAs::Applied
                };
                for item in application.items {
                    add(settlement.source, item.source, column, item.amount)
                        .and_then(|()| {
                            add(
                                application.target,
                                item.target,
                                SettledAs::Applied,
                                item.amount,
                            )
                        })
                        .ok_or_else(|| Error::fault("a settlement of lines that are not there"))?;
                }
            }
        }
        let then = |(place, moved): (usize, Vec<MovedAmounts>)| {
            let place = u32::try_from(place).ok().map(DocumentIndex);
            let document = place
                .and_then(|index| documents.get(index))
                .filter(|_| !moved.is_empty());
            let Some(document) = document else {
                return Ok(None);
            };
            FiguresOnDay::new(document, &moved)
                .map(|then| Some(Box::new(then)))
                .ok_or_else(|| {
                    let day = day.into();
                    Error::of(Reason::DayOutOfRange { day }, &Path::Root.field("asOf"))
                })
        };
        Ok(Self {
            day,
            documents: later
                .into_iter()
                .enumerate()
                .map(then)
                .collect::<Result<_>>()?,
        })
    }

    fn of(&self, document: DocumentIndex) -> Option<&FiguresOnDay> {
        self.documents.get(document.get())?.as_deref()
    }
}

impl FiguresOnDay {
    fn new(document: &Document, moved: &[MovedAmounts]) -> Option<Self> {
        let lines = document.figures().iter().zip(moved);
        let sum = |place: usize| {
            moved
                .iter()
                .filter_map(|moved| moved.get(place))
                .try_fold(0_i128, |sum, more| sum.checked_add(*more))
        };
        Some(Self {
            total: SettledFigures::of(&document.header().figures).before([sum(0)?, sum(1)?])?,
            lines: lines
                .map(|(figures, &moved)| SettledFigures::of(figures).before(moved))
                .collect::<Option<_>>()?,
        })
    }
}
