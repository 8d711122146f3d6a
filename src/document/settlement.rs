//! What one operation moved between a source and its targets.

use super::{DocumentIndex, PartItem};
use crate::calendar::Date;
use crate::money::{Amount, text};

/// How the amount between two documents was spread over their items and tax items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// In proportion to what each line has open, by largest remainder.
    Proration,
    /// One line after another, in order.
    Fifo,
    /// One line after another, from the back.
    Lifo,
    /// Each line with the line that it credits.
    SourceItem,
    /// As stated line by line.
    Explicit,
    /// Line by line with the counterpart that an operation made.
    Mirror,
}

impl Rule {
    /// All rules that a request can name.
    pub const CHOICES: [Self; 5] = [Self::Proration, Self::Fifo, Self::Lifo, Self::SourceItem, Self::Explicit];

    /// All rules.
    pub const ALL: [Self; 6] =
        [Self::Proration, Self::Fifo, Self::Lifo, Self::SourceItem, Self::Explicit, Self::Mirror];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Rule::Proration => "proration",
            Rule::Fifo => "fifo",
            Rule::Lifo => "lifo",
            Rule::SourceItem => "sourceItem",
            Rule::Explicit => "explicit",
            Rule::Mirror => "mirror",
        }
    }
}

/// The applications of one source in one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The effective date.
    pub at: Date,
    /// The credit memo or payment.
    pub source: DocumentIndex,
    /// One for each target, in the order in which they were settled.
    pub applications: Vec<Application>,
}

impl Settlement {
    /// The source, then the targets.
    pub fn documents(&self) -> impl Iterator<Item = DocumentIndex> {
        std::iter::once(self.source).chain(self.applications.iter().map(|application| application.target))
    }

    /// The sum over all applications; negative: taken back.
    #[must_use]
    pub fn total(&self) -> Amount {
        // In range: it is what the source's open amount changes by.
        Amount::sum(self.applications.iter().map(|application| application.amount)).unwrap_or_default()
    }
}

/// What one operation did between a source and one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// The invoice, debit memo or refund.
    pub target: DocumentIndex,
    /// The rule that spread the amount.
    pub rule: Rule,
    /// The total; negative: it was taken back.
    pub amount: Amount,
    /// The amounts line by line, by target line, then source line.
    pub items: Vec<PartItem>,
}

/// A settlement as the history keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The version of the book after the operation: it names the application group.
    pub version: u64,
    /// What was moved.
    pub settlement: Settlement,
    /// The version whose operation this took back, if it undid one.
    pub undoes: Option<u64>,
}

impl Entry {
    /// The identifier of the application group of that version.
    #[must_use]
    pub fn group_id(version: u64) -> String {
        // Every answer says one: formatting would take longer.
        ["AG-", &text::write(version.into(), 0)].concat()
    }

    /// The version that an identifier of an application group names.
    #[must_use]
    pub fn version_of(group_id: &str) -> Option<u64> {
        let version = group_id.strip_prefix("AG-")?.parse().ok()?;
        (Self::group_id(version) == group_id).then_some(version)
    }
}
