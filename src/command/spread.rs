//! How a request wants amounts spread: rule, orders, signs, shape. All of it data.

use crate::command::settings::NumberOrder;
use crate::document::{Document, Header, LineIndex, Rule};
use crate::error::{Error, Reason, Result, Site, SiteField, WordsFigure};
use crate::money::Amount;
use crate::order::sort_by;
use crate::words::closed_set;
use std::cmp::Ordering;

/// How amounts are spread over documents and lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
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

closed_set! {
    /// What becomes of lines that are not positive.
    #[derive(Default)]
    Signs {
        /// They count with their sign: what settles a document in full closes every line of it.
        #[default]
        Aware = "aware",
        /// They are passed over, as Zuora does (`settlement.md#lines-below-zero`).
        SkipNonPositive = "skipNonPositive",
    }
}

closed_set! {
    /// Which lines of the source meet which lines of the target. Both give every line the same balance.
    #[derive(Default)]
    Matrix {
        /// As few pairs as can be, like with like first.
        #[default]
        Sparse = "sparse",
        /// A share of every source line on every target line.
        Dense = "dense",
    }
}

closed_set! {
    /// A key by which documents are ordered. Every order ends in the identifier.
    DocumentKey {
        /// The earliest due date first.
        DueDate = "dueDate",
        /// The earliest date first.
        Date = "date",
        /// By number, in the order of the book.
        Number = "number",
        /// The largest open amount first.
        Largest = "largest",
        /// The smallest open amount first.
        Smallest = "smallest",
        /// Those whose open amount is exactly what there is to settle with.
        ExactMatch = "exactMatch",
    }
}

impl DocumentKey {
    /// The order of requests that state none.
    pub const DEFAULT: [Self; 3] = [Self::DueDate, Self::Date, Self::Number];

    /// Which of two documents comes first by this key alone.
    fn compare(self, a: &Header, b: &Header, amount: Amount, numbers: NumberOrder) -> Ordering {
        let open = |header: &Header| header.figures.open();
        match self {
            DocumentKey::DueDate => a.due_date.cmp(&b.due_date),
            DocumentKey::Date => a.date.cmp(&b.date),
            DocumentKey::Number => numbers.compare(&a.number, &b.number),
            DocumentKey::Largest => open(b).cmp(&open(a)),
            DocumentKey::Smallest => open(a).cmp(&open(b)),
            DocumentKey::ExactMatch => (open(b) == amount).cmp(&(open(a) == amount)),
        }
    }
}

closed_set! {
    /// A key by which the lines of a document are ordered. Every order ends in document order.
    LineKey {
        /// Document order: each item, then its tax items.
        Document = "document",
        /// Tax items before items.
        TaxFirst = "taxFirst",
        /// Items before tax items.
        ChargeFirst = "chargeFirst",
        /// The largest open amount first.
        Largest = "largest",
        /// The smallest open amount first.
        Smallest = "smallest",
    }
}

impl LineKey {
    /// Which of two lines comes first by this key alone, given what each has open.
    fn compare(
        self,
        document: &Document,
        (line_a, open_a): (LineIndex, i64),
        (line_b, open_b): (LineIndex, i64),
    ) -> Ordering {
        match self {
            LineKey::Document => line_a.cmp(&line_b),
            LineKey::TaxFirst => is_tax(document, line_b).cmp(&is_tax(document, line_a)),
            LineKey::ChargeFirst => is_tax(document, line_a).cmp(&is_tax(document, line_b)),
            LineKey::Largest => open_b.cmp(&open_a),
            LineKey::Smallest => open_a.cmp(&open_b),
        }
    }
}

/// Whether a line is a tax item.
fn is_tax(document: &Document, line: LineIndex) -> bool {
    let line = document.line(line);
    line.is_some_and(|line| line.detail.is_tax())
}

impl Spread {
    /// The rule for lines that meet no other lines; `default` if none is stated.
    ///
    /// # Errors
    /// `invalidChoice` of a rule that pairs lines.
    pub(crate) fn one_sided(&self, default: Rule) -> Result<Rule> {
        const ALLOWED: [Rule; 3] = [Rule::Proration, Rule::Fifo, Rule::Lifo];
        let rule = self.rule.unwrap_or(default);
        if ALLOWED.contains(&rule) {
            return Ok(rule);
        }

        let reason = Reason::RulePairsLines {
            allowed: WordsFigure(ALLOWED.map(Rule::as_str).into()),
            rule: rule.into(),
        };
        Err(Error::of(reason, &Site::Command.field(SiteField::Rule)))
    }

    /// Whether documents and lines come from the back.
    fn is_backwards(&self) -> bool {
        self.rule == Some(Rule::Lifo)
    }

    /// A number that is less for what settles earlier, as far as numbers can tell.
    pub(crate) fn head(&self, header: &Header, numbers: NumberOrder) -> u128 {
        // Only the default order has a number: all are level in any other, and compared one by one.
        if !self.documents.is_empty() || self.is_backwards() {
            return 0;
        }

        // Half of the number is for the days, and the other half for what fits of the document's number.
        let days =
            u64::from(header.due_date.packed()) << u32::BITS | u64::from(header.date.packed());
        u128::from(days) << u64::BITS | numbers.head(&header.number) >> u64::BITS
    }

    /// Which of two documents settles first, given the amount there is to settle with and the order of numbers.
    pub(crate) fn compare(
        &self,
        a: &Header,
        b: &Header,
        amount: Amount,
        numbers: NumberOrder,
    ) -> Ordering {
        let keys: &[_] = if self.documents.is_empty() {
            &DocumentKey::DEFAULT
        } else {
            &self.documents
        };
        let by_keys = keys.iter().fold(Ordering::Equal, |order, key| {
            order.then_with(|| key.compare(a, b, amount, numbers))
        });

        // No two documents are level, so the order in which a request lists them changes nothing.
        let order = by_keys.then_with(|| a.id.cmp(&b.id));
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
        // They come in document order, in which lines stay that are level in every key.
        if !self.lines.is_empty() {
            sort_by(lines, |a, b| self.compare_lines(document, line(a), line(b)));
        }
        if self.is_backwards() {
            lines.reverse();
        }
    }

    /// Which of two lines settles first, given what each has open.
    fn compare_lines(
        &self,
        document: &Document,
        a: (LineIndex, i64),
        b: (LineIndex, i64),
    ) -> Ordering {
        self.lines.iter().fold(Ordering::Equal, |order, key| {
            order.then_with(|| key.compare(document, a, b))
        })
    }
}
