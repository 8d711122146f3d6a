//! Billing documents, their items and tax items, and what is settled between them.
//!
//! The figures hold by construction (`settlement.md#figures-of-a-document`): the open amount of a line or document is
//! never stored, it *is* `amount + netted − applied − refunded`, and a document's header moves with its lines in one
//! step.

mod accounts;
mod custom;
mod days;
mod figures;
mod kept;
mod kind;
mod line;
mod lines;
mod new;
mod part;
mod settled_before;
mod settlement;
mod standing;
mod store;

pub(crate) use custom::sort as sort_custom;
pub use custom::{Custom, Scalar, merged};
pub(crate) use days::{DayMove, DaySum};
pub(crate) use figures::MoveDirection;
pub use figures::{Figures, SettledAs};
pub use kind::{Kind, Kinds, Origin, Status};
pub use line::{Detail, ItemRecord, Line, LineIndex, LineRef, Processing, Record, TaxIdentity};
pub use lines::Lines;
pub(crate) use new::{Draft, Misfit, ROUNDING, discounted, free_id};
pub use new::{NewDocument, NewItem, NewSettledBefore, NewTaxItem, SourceItem};
pub use part::{Part, PartItem};
pub(crate) use part::{negated, sum_pairs};
pub(crate) use settled_before::PastMisfit;
pub use settled_before::{SettledBefore, SettledBy};
pub use settlement::{Application, HistoryEntry, Rule, Settlement};
pub use standing::Standing;
pub(crate) use standing::Undoing;
pub use store::{DocumentIndex, Documents};

use crate::calendar::Date;
use crate::error::Result;
use crate::money::{Amount, Currency};
use std::sync::Arc;

/// Everything about a document but its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// What kind of document it is.
    pub kind: Kind,
    /// Unique in the book.
    pub id: Arc<str>,
    /// The printed number.
    pub number: Arc<str>,
    /// The account it belongs to.
    pub account_id: Arc<str>,
    /// The currency of all its amounts.
    pub currency: Arc<Currency>,
    /// Whether it counts.
    pub status: Status,
    /// The date of the document.
    pub date: Date,
    /// When a demand is due; the date of any other document.
    pub due_date: Date,
    /// The part of the amount that is tax.
    pub tax: Amount,
    /// The totals over all lines.
    pub figures: Figures,
    /// How it came to be.
    pub origin: Origin,
    /// The document that it was made from.
    pub refers_to: Option<DocumentIndex>,
    /// It was reversed: nothing more can happen to it.
    pub reversed: bool,
    /// It was deleted: only the history still knows it.
    pub deleted: bool,
    /// The day of the command that created it; absent where an old snapshot does not know.
    pub created_on: Option<Date>,
    /// The last change of what it says; absent where an old snapshot does not know.
    pub changed: Option<HeaderChange>,
    /// What it says beside.
    pub notes: Arc<Notes>,
}

/// The last change of what a document says. What is settled of it is in the history, which tells its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderChange {
    /// The day of the command.
    pub on: Date,
    /// How many entries the history had: later ones have changed the document since.
    pub entry_count: u32,
}

/// What a document says beside its figures; the rules read little of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notes {
    /// Each change of its status, and the day of it: a document begins as a draft.
    pub statuses: Vec<(Date, Status)>,
    /// The date up to which it bills.
    pub target_date: Option<Date>,
    /// Why it was made.
    pub reason_code: Option<Box<str>>,
    /// For people.
    pub comment: Option<Box<str>>,
    /// Why it was voided.
    pub cancel_reason_code: Option<Box<str>>,
    /// For people who ask why it was voided.
    pub cancel_comment: Option<Box<str>>,
    /// Of a payment or refund: how the money moves, such as `"Check"`.
    pub method: Option<Box<str>>,
    /// Of a payment or refund: it goes through a gateway.
    pub electronic: bool,
    /// Posting it applies it to the document that it was made from.
    pub auto_apply: bool,
    /// Collections leave it alone.
    pub exclude_from_auto_apply: bool,
    /// Of a write-off: it is none of the revenue's.
    pub exclude_from_revenue: bool,
    /// Of a credit memo: what was withheld and kept as income. What is credited in all is its amount and this.
    pub restocking_fee: Amount,
    /// What the host keeps here.
    pub custom: Custom,
}

impl Notes {
    /// The changes of status up to a day; all of them if there is none.
    fn until(&self, day: Option<Date>) -> impl Iterator<Item = (Date, Status)> {
        self.statuses
            .iter()
            .copied()
            .filter(move |(on, _)| day.is_none_or(|day| *on <= day))
    }

    /// The status that the document had on a day.
    #[must_use]
    pub fn status_on(&self, day: Date) -> Status {
        self.until(Some(day))
            .last()
            .map_or(Status::Draft, |(_, status)| status)
    }

    /// The day on which it was posted last, unless that was taken back: as it stands, or stood on `day`.
    #[must_use]
    pub fn posted_on(&self, day: Option<Date>) -> Option<Date> {
        self.until(day)
            .fold(None, |posted, (on, status)| match status {
                Status::Posted => Some(on),
                Status::Draft => None,
                Status::Canceled => posted,
            })
    }

    /// The day on which it was canceled, as it stands, or stood on `day`.
    #[must_use]
    pub fn canceled_on(&self, day: Option<Date>) -> Option<Date> {
        self.until(day)
            .find(|(_, status)| *status == Status::Canceled)
            .map(|(on, _)| on)
    }
}

impl Header {
    /// The header of a draft that was made from nothing, of its identifier as the number and of one date.
    pub(crate) fn draft(
        kind: Kind,
        id: &str,
        account_id: Arc<str>,
        currency: Arc<Currency>,
        date: Date,
    ) -> Self {
        Self {
            kind,
            id: id.into(),
            number: id.into(),
            account_id,
            currency,
            status: Status::Draft,
            date,
            due_date: date,
            tax: Amount::ZERO,
            figures: Figures::default(),
            origin: Origin::Standalone,
            refers_to: None,
            reversed: false,
            deleted: false,
            created_on: None,
            changed: None,
            notes: Arc::default(),
        }
    }

    /// Changes the status on a day.
    pub(crate) fn set_status(&mut self, at: Date, status: Status) {
        self.status = status;
        Arc::make_mut(&mut self.notes).statuses.push((at, status));
    }

    /// Whether it is a memo below zero. In force it would do the reverse of what it says, so it can only be a draft.
    pub(crate) fn is_memo_below_zero(&self) -> bool {
        let is_memo = matches!(self.kind, Kind::CreditMemo | Kind::DebitMemo);
        is_memo && self.figures.amount() < Amount::ZERO
    }

    /// The day from which the document is in force: the later of its date and of the day on which it was posted first.
    #[must_use]
    pub fn in_force_from(&self) -> Date {
        let mut statuses = self.notes.statuses.iter();
        let posted = statuses.find(|(_, status)| *status == Status::Posted);
        posted.map_or(self.date, |(on, _)| self.date.max(*on))
    }

    /// The day on which the document was posted again after it was unposted; `None` if it never was.
    pub(crate) fn posted_again_on(&self) -> Option<Date> {
        let statuses = &*self.notes.statuses;
        // Every settlement asks this of all its documents, and most of them were posted once and nothing else.
        if statuses.len() < 2 {
            return None;
        }

        // No change of status made it the draft that it was first: a change to a draft says that it was unposted.
        let was_unposted = statuses.iter().any(|(_, status)| *status == Status::Draft);
        self.notes.posted_on(None).filter(|_| was_unposted)
    }

    /// The order in which documents are settled and listed within an operation: due date, date, number, id.
    #[must_use]
    pub fn order(&self) -> (Date, Date, &str, &str) {
        (self.due_date, self.date, &self.number, &self.id)
    }
}

/// A document: a header and its lines, each item directly followed by its tax items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    header: Header,
    lines: Lines<Line>,
    figures: Lines<Figures>,
    /// Whether a line is a tax or names its source: it has something to be like.
    has_alike: bool,
    /// See [`Document::line_names`].
    line_names: u64,
    /// See [`Document::settled_before`].
    settled_before: Box<[SettledBefore]>,
}

impl Document {
    /// Everything but the lines.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The lines in document order.
    #[must_use]
    pub const fn lines(&self) -> &[Line] {
        self.lines.as_slice()
    }

    /// The figures of the lines, one for one.
    #[must_use]
    pub const fn figures(&self) -> &[Figures] {
        self.figures.as_slice()
    }

    /// Whether a line of it can be like one of another document: a tax, or one that names its source.
    #[must_use]
    pub const fn has_alike(&self) -> bool {
        self.has_alike
    }

    /// A hash over the identifiers of the lines, in their order. A draft may get other lines; this tells them apart
    /// without a look at each.
    #[must_use]
    pub const fn line_names(&self) -> u64 {
        self.line_names
    }

    /// A line's figures.
    #[must_use]
    pub fn line_figures(&self, line: LineIndex) -> Option<&Figures> {
        self.figures.get(line)
    }

    /// The lines with their figures, in document order.
    pub fn lines_with_figures(&self) -> impl Iterator<Item = (LineIndex, &Line, &Figures)> {
        let lines = self.lines.iter().zip(self.figures());
        lines.map(|((index, line), figures)| (index, line, figures))
    }

    /// The line at `line`.
    #[must_use]
    pub fn line(&self, line: LineIndex) -> Option<&Line> {
        self.lines.get(line)
    }

    /// The line at `line`, which must be there.
    ///
    /// # Errors
    /// A fault if there is none.
    pub(crate) fn line_at(&self, line: LineIndex) -> Result<&Line> {
        self.lines.at(line)
    }

    /// The figures of a line, which must be there.
    ///
    /// # Errors
    /// A fault if there is none.
    pub(crate) fn figures_at(&self, line: LineIndex) -> Result<&Figures> {
        self.figures.at(line)
    }

    /// The tax items of an item: they follow it directly.
    pub fn tax_items(&self, item: LineIndex) -> impl Iterator<Item = LineIndex> {
        let taxes = self
            .lines
            .behind(item)
            .take_while(|(_, line)| line.detail.is_tax());
        taxes.map(|(index, _)| index)
    }

    /// The tax items of an item that are the same tax as `identity`.
    pub(crate) fn same_taxes(
        &self,
        item: LineIndex,
        identity: &TaxIdentity,
    ) -> impl Iterator<Item = LineIndex> {
        self.tax_items(item).filter(|&line| {
            let tax = self.line(line).and_then(|line| line.detail.tax());
            tax.is_some_and(|(_, tax)| tax.is_same(identity))
        })
    }

    pub(super) const fn header_mut(&mut self) -> &mut Header {
        &mut self.header
    }

    /// The same with the day of its creation and its last change.
    pub(crate) fn stamped(mut self, created_on: Option<Date>, changed: HeaderChange) -> Self {
        self.header.created_on = created_on;
        self.header.changed = Some(changed);
        self
    }

    /// Moves amounts on lines, and their `total` on the header.
    ///
    /// # Errors
    /// A fault if a line has less than that, or the header. Nothing has moved then.
    pub(super) fn settle(
        &mut self,
        column: SettledAs,
        direction: MoveDirection,
        moves: impl Iterator<Item = (LineIndex, i64)> + Clone,
        total: i64,
    ) -> Result<()> {
        for (count, (line, minor)) in moves.clone().enumerate() {
            if let Err(fault) = self.settle_line(line, column, direction, minor) {
                self.settle_back(column, direction, moves.take(count))?;
                return Err(fault);
            }
        }

        // That the lines fit says nothing about the header: lines of different signs can leave it out of range.
        let header = self.header.figures.settle(column, direction, total);
        if header.is_err() {
            self.settle_back(column, direction, moves)?;
        }
        header
    }

    /// Takes movements of lines back.
    fn settle_back(
        &mut self,
        column: SettledAs,
        direction: MoveDirection,
        moves: impl Iterator<Item = (LineIndex, i64)>,
    ) -> Result<()> {
        for (line, minor) in moves {
            self.settle_line(line, column, direction.reversed(), minor)?;
        }
        Ok(())
    }

    /// Moves an amount on one line.
    fn settle_line(
        &mut self,
        line: LineIndex,
        column: SettledAs,
        direction: MoveDirection,
        minor: i64,
    ) -> Result<()> {
        self.figures.at_mut(line)?.settle(column, direction, minor)
    }
}
