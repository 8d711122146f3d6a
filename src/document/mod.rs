//! Billing documents, their items and tax items, and what is settled between them.
//!
//! The figures hold by construction (`settlement.md` 1, invariants): the open amount of a line or document is never
//! stored, it *is* `amount + netted − applied − refunded`, and a document's header moves with its lines in one step.

mod figures;
mod line;
mod new;
mod part;
mod store;

pub use figures::Figures;
pub use line::{Detail, ItemText, Line, LineIndex, TaxIdentity};
pub use new::{Defaults, NewDocument, NewItem, NewTaxItem};
pub use part::{Part, PartItem};
pub use store::{DocumentIndex, Documents};

use crate::calendar::Date;
use crate::error::{Code, Error, Path, Result, quoted};
use crate::money::{Amount, Currency};
use std::sync::Arc;

/// Refuses a text that cannot name something: 1 to 255 characters, none of them a control character.
///
/// # Errors
/// `invalidId` at `path`.
pub fn check_id(text: &str, path: &Path<'_>) -> Result<()> {
    if !text.is_empty() && is_label(text) {
        return Ok(());
    }
    let needed = "1 to 255 characters, none of them a control character";
    Err(Error::new(Code::InvalidId, path, needed, quoted(text)))
}

/// Refuses a text that cannot stand where a name may also be empty, such as that of an account.
///
/// # Errors
/// `invalidId` at `path`.
pub fn check_label(text: &str, path: &Path<'_>) -> Result<()> {
    if is_label(text) {
        return Ok(());
    }
    let needed = "at most 255 characters, none of them a control character";
    Err(Error::new(Code::InvalidId, path, needed, quoted(text)))
}

fn is_label(text: &str) -> bool {
    text.chars().count() <= 255 && !text.chars().any(char::is_control)
}

/// What kind of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A demand: what is applied to it reduces its balance.
    Invoice,
    /// A credit: what is applied of it reduces balances.
    CreditMemo,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Invoice, Self::CreditMemo];

    /// The field that names a document of this kind.
    #[must_use]
    pub const fn id_field(self) -> &'static str {
        match self {
            Kind::Invoice => "invoiceId",
            Kind::CreditMemo => "creditMemoId",
        }
    }

    /// The name in sentences.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Invoice => "invoice",
            Kind::CreditMemo => "credit memo",
        }
    }

    /// The name in sentences, with its article.
    #[must_use]
    pub const fn one(self) -> &'static str {
        match self {
            Kind::Invoice => "an invoice",
            Kind::CreditMemo => "a credit memo",
        }
    }

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Invoice => "invoice",
            Kind::CreditMemo => "creditMemo",
        }
    }
}

/// Whether a document counts yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Being prepared: settles nothing.
    Draft,
    /// In force.
    Posted,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 2] = [Self::Draft, Self::Posted];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Posted => "posted",
        }
    }
}

/// Everything about a document but its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What kind of document it is.
    pub kind: Kind,
    /// Unique in the book.
    pub id: Box<str>,
    /// The printed number.
    pub number: Box<str>,
    /// The account it belongs to.
    pub account_id: Box<str>,
    /// The currency of all its amounts.
    pub currency: Arc<Currency>,
    /// Whether it counts yet.
    pub status: Status,
    /// The date of the document.
    pub date: Date,
    /// When an invoice is due; the date of any other document.
    pub due_date: Date,
    /// The part of the amount that is tax.
    pub tax: Amount,
    /// The totals over all lines.
    pub figures: Figures,
}

impl Header {
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
    lines: Vec<Line>,
    figures: Vec<Figures>,
}

impl Document {
    /// Everything but the lines.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The lines in document order.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The figures of the lines, one for one.
    #[must_use]
    pub fn figures(&self) -> &[Figures] {
        &self.figures
    }

    /// A line's figures.
    #[must_use]
    pub fn line_figures(&self, line: LineIndex) -> Option<&Figures> {
        self.figures.get(line.get())
    }

    /// Makes a draft count.
    pub(crate) const fn post(&mut self) {
        self.header.status = Status::Posted;
    }

    /// Moves `delta` from open to applied (negative: back), on a line and in the header alike.
    pub(crate) fn settle(&mut self, line: LineIndex, delta: Amount) {
        if let Some(figures) = self.figures.get_mut(line.get()) {
            figures.settle(delta);
            self.header.figures.settle(delta);
        }
    }
}
