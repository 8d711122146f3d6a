//! How a request wants amounts spread: rule, orders, signs, shape. All of it data.

use crate::document::{Detail, Document, Header, Line, LineIndex, Rule};
use crate::error::{Code, Error, Path, Result, SiteField, quoted};
use crate::money::Amount;
use crate::order::{first_bytes, sort_by};
use std::cmp::Ordering;

/// How amounts are spread over documents and lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// Absent: the operation's own default.
    pub rule: Option<Rule>,
    /// What becomes of an amount that source items cannot take; absent: it is refused.
    pub fallback: Option<Rule>,
    /// The order of documents, most important key first; empty: due date, date, number.
    pub documents: Vec<DocumentKey>,
    /// The order of lines, most important key first; empty: document order.
    pub lines: Vec<LineKey>,
    /// What becomes of lines that are not positive.
    pub signs: Signs,
    /// Which lines meet.
    pub matrix: Matrix,
}

/// What becomes of lines that are not positive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signs {
    /// They count with their sign: what settles a document in full closes every line of it.
    #[default]
    Aware,
    /// They are passed over, as Zuora does (`settlement.md` 4.1).
    SkipNonPositive,
}

impl Signs {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Aware, Self::SkipNonPositive];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Signs::Aware => "aware",
            Signs::SkipNonPositive => "skipNonPositive",
        }
    }
}

/// Which lines of the source meet which lines of the target. Both give every line the same balance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matrix {
    /// As few pairs as can be, like with like first.
    #[default]
    Sparse,
    /// A share of every source line on every target line.
    Dense,
}

impl Matrix {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Sparse, Self::Dense];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Matrix::Sparse => "sparse",
            Matrix::Dense => "dense",
        }
    }
}

/// A key by which documents are ordered. Every order ends in the identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKey {
    /// The earliest due date first.
    DueDate,
    /// The earliest date first.
    Date,
    /// By number, as text.
    Number,
    /// The largest open amount first.
    Largest,
    /// The smallest open amount first.
    Smallest,
    /// Those whose open amount is exactly what there is to settle with.
    ExactMatch,
}

impl DocumentKey {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::DueDate,
        Self::Date,
        Self::Number,
        Self::Largest,
        Self::Smallest,
        Self::ExactMatch,
    ];

    /// The order of requests that state none.
    pub const DEFAULT: [Self; 3] = [Self::DueDate, Self::Date, Self::Number];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            DocumentKey::DueDate => "dueDate",
            DocumentKey::Date => "date",
            DocumentKey::Number => "number",
            DocumentKey::Largest => "largest",
            DocumentKey::Smallest => "smallest",
            DocumentKey::ExactMatch => "exactMatch",
        }
    }

    fn compare(self, a: &Header, b: &Header, amount: Amount) -> Ordering {
        let open = |header: &Header| header.figures.open();
        match self {
            DocumentKey::DueDate => a.due_date.cmp(&b.due_date),
            DocumentKey::Date => a.date.cmp(&b.date),
            DocumentKey::Number => a.number.cmp(&b.number),
            DocumentKey::Largest => open(b).cmp(&open(a)),
            DocumentKey::Smallest => open(a).cmp(&open(b)),
            DocumentKey::ExactMatch => (open(b) == amount).cmp(&(open(a) == amount)),
        }
    }
}

/// A key by which the lines of a document are ordered. Every order ends in document order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKey {
    /// Document order: each item, then its tax items.
    Document,
    /// Tax items before items.
    TaxFirst,
    /// Items before tax items.
    ChargeFirst,
    /// The largest open amount first.
    Largest,
    /// The smallest open amount first.
    Smallest,
}

impl LineKey {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Document,
        Self::TaxFirst,
        Self::ChargeFirst,
        Self::Largest,
        Self::Smallest,
    ];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            LineKey::Document => "document",
            LineKey::TaxFirst => "taxFirst",
            LineKey::ChargeFirst => "chargeFirst",
            LineKey::Largest => "largest",
            LineKey::Smallest => "smallest",
        }
    }
}

impl Spread {
    /// The rule for lines that meet no other lines; `default` if none is stated.
    ///
    /// # Errors
    /// `invalidChoice` of a rule that pairs lines.
    pub(crate) fn one_sided(&self, default: Rule) -> Result<Rule> {
        match self.rule.unwrap_or(default) {
            rule @ (Rule::Proration | Rule::Fifo | Rule::Lifo) => Ok(rule),
            rule => Err(Self::refused(
                rule,
                "proration, fifo or lifo: the lines here meet no others",
            )),
        }
    }

    /// The refusal of a rule that an operation does not know.
    #[cold]
    pub(crate) fn refused(rule: Rule, needed: &str) -> Error {
        Error::new(
            Code::InvalidChoice,
            &Path::Root.field(SiteField::Rule),
            needed,
            quoted(rule.as_str()),
        )
    }

    /// Whether documents and lines come from the back.
    fn is_backwards(&self) -> bool {
        self.rule == Some(Rule::Lifo)
    }

    /// A number that is less for what settles earlier, as far as numbers can tell.
    pub(crate) fn head(&self, header: &Header) -> u128 {
        if !self.documents.is_empty() || self.is_backwards() {
            return 0;
        }
        let days =
            u64::from(header.due_date.packed()) << u32::BITS | u64::from(header.date.packed());
        // Half of the number is for the days.
        u128::from(days) << u64::BITS | first_bytes(header.number.bytes()) >> u64::BITS
    }

    /// Which of two documents settles first, given the amount there is to settle with.
    pub(crate) fn compare(&self, a: &Header, b: &Header, amount: Amount) -> Ordering {
        let keys: &[_] = if self.documents.is_empty() {
            &DocumentKey::DEFAULT
        } else {
            &self.documents
        };
        let order = keys.iter().fold(Ordering::Equal, |order, key| {
            order.then_with(|| key.compare(a, b, amount))
        });
        let order = order.then_with(|| a.id.cmp(&b.id));
        if self.is_backwards() {
            order.reverse()
        } else {
            order
        }
    }

    /// Puts what stands for lines of `document` into the order in which they settle.
    pub(crate) fn sort<T>(
        &self,
        document: &Document,
        lines: &mut [T],
        line: impl Fn(&T) -> (LineIndex, i64),
    ) {
        if !self.lines.is_empty() {
            let is_tax = |item: &T| {
                document
                    .line(line(item).0)
                    .is_some_and(|line: &Line| matches!(line.detail, Detail::Tax { .. }))
            };
            let compare = |key: LineKey, a: &T, b: &T| match key {
                LineKey::Document => line(a).0.cmp(&line(b).0),
                LineKey::TaxFirst => is_tax(b).cmp(&is_tax(a)),
                LineKey::ChargeFirst => is_tax(a).cmp(&is_tax(b)),
                LineKey::Largest => line(b).1.cmp(&line(a).1),
                LineKey::Smallest => line(a).1.cmp(&line(b).1),
            };
            sort_by(lines, |a, b| {
                self.lines.iter().fold(Ordering::Equal, |order, &key| {
                    order.then_with(|| compare(key, a, b))
                })
            });
        }
        if self.is_backwards() {
            lines.reverse();
        }
    }
}
