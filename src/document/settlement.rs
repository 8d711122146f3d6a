//! What one operation moved between a source and its targets.

use super::{DocumentIndex, LineIndex, PartItem};
use crate::calendar::Date;
use crate::error::{Error, Result};
use crate::money::{Amount, text};
use crate::words::closed_set;
use std::ops::Range;

closed_set! {
    /// How the amount between two documents was spread over their items and tax items.
    Rule {
        /// In proportion to what each line has open, by largest remainder.
        Proration = "proration",
        /// One line after another, in order.
        Fifo = "fifo",
        /// One line after another, from the back.
        Lifo = "lifo",
        /// Each line with the line that it credits.
        SourceItem = "sourceItem",
        /// As stated line by line.
        Explicit = "explicit",
        /// Line by line with the counterpart that an operation made.
        Mirror = "mirror",
    }
}

impl Rule {
    /// All rules that a request can name.
    pub const CHOICES: [Self; 5] = [
        Self::Proration,
        Self::Fifo,
        Self::Lifo,
        Self::SourceItem,
        Self::Explicit,
    ];
}

/// The applications of one source in one operation, one for each target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The effective date.
    pub at: Date,
    /// The credit memo or payment.
    pub source: DocumentIndex,
    /// In the order in which they were settled.
    applications: Vec<StoredApplication>,
    /// The items of all applications, one behind the other.
    items: Vec<PartItem>,
}

/// What one operation did between a source and one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Application<'a> {
    /// The invoice, debit memo or refund.
    pub target: DocumentIndex,
    /// The rule that spread the amount.
    pub rule: Rule,
    /// The total; negative: it was taken back.
    pub amount: Amount,
    /// The amounts line by line, by target line, then source line.
    pub items: &'a [PartItem],
}

/// An application as it is kept: its items are those from one place up to another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct StoredApplication {
    target: DocumentIndex,
    rule: Rule,
    amount: Amount,
    items: Range<usize>,
}

impl Settlement {
    /// A settlement of nothing yet.
    #[must_use]
    pub const fn new(at: Date, source: DocumentIndex) -> Self {
        Self {
            at,
            source,
            applications: Vec::new(),
            items: Vec::new(),
        }
    }

    /// Makes room for more applications, with `items` items in all.
    pub(crate) fn reserve(&mut self, applications: usize, items: usize) {
        self.applications.reserve(applications);
        self.items.reserve(items);
    }

    /// Gives back memory if most of it is not used: the history keeps what it is given.
    pub(crate) fn fit(&mut self) {
        if self.items.capacity() / 2 > self.items.len() {
            self.items.shrink_to_fit();
            self.applications.shrink_to_fit();
        }
    }

    /// Adds an application to a further target.
    pub fn add(
        &mut self,
        Application {
            target,
            rule,
            amount,
            items,
        }: Application<'_>,
    ) {
        let first = self.items.len();
        self.items.extend_from_slice(items);

        self.applications.push(StoredApplication {
            target,
            rule,
            amount,
            items: first..self.items.len(),
        });
    }

    /// Where the items of the next application are added, before [`Settlement::close`] makes them one.
    pub(crate) const fn open(&mut self) -> &mut Vec<PartItem> {
        &mut self.items
    }

    /// Makes an application to a further target of the items from the place `first` on. Returns whether there are any:
    /// there is no application of nothing.
    pub(crate) fn close(
        &mut self,
        target: DocumentIndex,
        rule: Rule,
        amount: Amount,
        first: usize,
    ) -> bool {
        let items = first..self.items.len();
        if items.is_empty() {
            return false;
        }

        self.applications.push(StoredApplication {
            target,
            rule,
            amount,
            items,
        });
        true
    }

    /// The same with this application alone.
    #[must_use]
    pub(crate) fn with(mut self, application: Application<'_>) -> Self {
        self.add(application);
        self
    }

    /// Whether nothing is settled.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.applications.is_empty()
    }

    /// The applications in the order in which they were settled.
    pub fn applications(&self) -> impl ExactSizeIterator<Item = Application<'_>> + Clone {
        self.applications.iter().map(|stored| self.look(stored))
    }

    /// The application at a place of that order.
    #[must_use]
    pub fn application(&self, place: usize) -> Option<Application<'_>> {
        self.applications.get(place).map(|stored| self.look(stored))
    }

    /// The item at a place among those of all applications, and the application that it is of.
    #[must_use]
    pub fn application_of_item(&self, item: usize) -> Option<(Application<'_>, &PartItem)> {
        let application = self
            .applications
            .partition_point(|application| application.items.end <= item);
        Some((self.application(application)?, self.items.get(item)?))
    }

    /// The items of all applications, one behind the other.
    #[must_use]
    pub fn items(&self) -> &[PartItem] {
        &self.items
    }

    /// The source, then the targets.
    pub fn documents(&self) -> impl Iterator<Item = DocumentIndex> {
        std::iter::once(self.source).chain(
            self.applications
                .iter()
                .map(|application| application.target),
        )
    }

    /// The sum over all applications; negative: taken back.
    ///
    /// # Errors
    /// A fault if it is out of range: it is what the open amount of the source changes by.
    pub fn total(&self) -> Result<Amount> {
        let applications = self.applications.iter();
        let total = Amount::sum(applications.map(|application| application.amount));
        total.ok_or_else(|| Error::fault("a settlement out of range"))
    }

    /// What the source gives line by line, in minor units: those of its `line_count` lines that give anything, in their
    /// order.
    ///
    /// # Errors
    /// A fault if an item is of another line.
    pub(crate) fn given(
        &self,
        line_count: usize,
    ) -> Result<impl Iterator<Item = (LineIndex, i64)> + Clone + use<>> {
        // Items are ordered by target, so that one line of the source can come up under each of them.
        let mut given = vec![0_i64; line_count];
        for item in &self.items {
            let Some(sum) = given.get_mut(item.source.get()) else {
                return Err(Error::fault("a line that gives is missing"));
            };
            // What a line gives is in range, and wrapping, a sum comes there whatever lies between.
            *sum = sum.wrapping_add(item.amount.minor());
        }

        let lines = (0..).map(LineIndex).zip(given);
        Ok(lines.filter(|(_, minor)| *minor != 0))
    }

    /// Returns an application with its items in place of where they are.
    #[inline]
    fn look(&self, stored: &StoredApplication) -> Application<'_> {
        Application {
            target: stored.target,
            rule: stored.rule,
            amount: stored.amount,
            items: self.items.get(stored.items.clone()).unwrap_or_default(),
        }
    }
}

impl<'a> Application<'a> {
    /// What the target receives line by line, in minor units, in the order of its lines.
    pub(crate) fn received(&self) -> impl Iterator<Item = (LineIndex, i64)> + Clone + use<'a> {
        let mut items = self.items.iter().peekable();
        std::iter::from_fn(move || {
            let PartItem { target, amount, .. } = *items.next()?;
            let mut sum = amount.minor();
            while let Some(item) = items.next_if(|item| item.target == target) {
                // What a line receives is in range, and wrapping, a sum comes there whatever lies between.
                sum = sum.wrapping_add(item.amount.minor());
            }
            Some((target, sum))
        })
    }
}

/// A settlement as the history keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The version of the book after the operation: it names the application group.
    pub version: u64,
    /// What was moved.
    pub settlement: Settlement,
    /// The version whose operation this took back, if it undid one.
    pub undoes: Option<u64>,
    /// The day of the command, which need not be the effective date; absent where an old snapshot does not know.
    pub entered_on: Option<Date>,
}

impl HistoryEntry {
    /// The identifier of the application group of that version.
    #[must_use]
    pub fn group_id(version: u64) -> String {
        // Every answer has one, and formatting would take longer.
        ["AG-", &text::write(version.into(), 0)].concat()
    }

    /// The version that an identifier of an application group names.
    #[must_use]
    pub fn version_of(group_id: &str) -> Option<u64> {
        let version = group_id.strip_prefix("AG-")?.parse().ok()?;
        (Self::group_id(version) == group_id).then_some(version)
    }
}
