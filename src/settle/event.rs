//! What happened: the only thing that changes a book.

use super::Rule;
use crate::calendar::Date;
use crate::document::{Document, DocumentIndex, PartItem};
use crate::money::Amount;
use std::sync::Arc;

/// A change to the documents of a book.
#[derive(Clone, Debug)]
pub enum Event {
    /// A document was created.
    Created(Box<Document>),
    /// A draft was posted.
    Posted(DocumentIndex),
    /// Amounts moved between a credit memo and invoices.
    Settled(Arc<Settlement>),
}

/// The applications of one operation: an application group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The effective date.
    pub at: Date,
    /// The credit memo.
    pub source: DocumentIndex,
    /// One for each invoice, in document order.
    pub applications: Vec<Application>,
}

/// What one operation did between a memo and one invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// The invoice.
    pub target: DocumentIndex,
    /// The rule that spread the amount.
    pub rule: Rule,
    /// The total; negative: it was taken back.
    pub amount: Amount,
    /// The amounts line by line, by target line, then source line.
    pub items: Vec<PartItem>,
}

/// Something that the caller should know about a result that is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The request left the amount of this invoice open, and nothing was left for it.
    NothingApplied {
        /// The invoice.
        target: DocumentIndex,
    },
}
