//! A query as plain data: which rows, in which order, and which page of them.

use crate::calendar::Date;
use crate::query::condition::{Condition, SortKey};
use crate::query::field::Field;
use crate::query::kind::RowKind;

/// Which rows, in which order, and which page of them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Query {
    /// The kind of rows.
    pub of: RowKind,
    /// What all rows must meet.
    pub filter: Vec<Condition>,
    /// The order; where that leaves rows level, the default order of their kind decides.
    pub sort: Vec<SortKey>,
    /// The page.
    pub page: PageRequest,
    /// The fields of a row, in this order; if absent, the fields that rows show by themselves.
    pub fields: Option<Vec<&'static Field>>,
    /// Whether to count the rows of all pages.
    pub total: bool,
    /// The fields to sum over the rows of all pages, currency by currency: those that [can be](Field::is_summable).
    pub sum: Vec<&'static Field>,
    /// The day that is asked about; now if absent. Only kinds of rows that [have a past](RowKind::has_past).
    pub as_of: Option<Date>,
    /// What [`RowKind::Ageing`] and [`RowKind::Statement`] need to know.
    pub report: Option<Report>,
}

/// What rows are made for, where a book does not keep them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Report {
    /// What accounts owe on a day, by age.
    Ageing {
        /// The day.
        day: Date,
        /// The days after which an overdue amount goes to the next bucket, ascending.
        days: Box<[u32]>,
    },
    /// What moved the balances of accounts.
    Statement {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
}

impl Report {
    /// The days after which an overdue amount goes to the next bucket, where a query does not say.
    pub const DAYS: [u32; 3] = [30, 60, 90];

    /// The kind of its rows.
    pub(in crate::query) const fn rows(&self) -> RowKind {
        match self {
            Self::Ageing { .. } => RowKind::Ageing,
            Self::Statement { .. } => RowKind::Statement,
        }
    }
}

impl Query {
    /// The first page of all rows of a kind.
    ///
    /// ```
    /// use setoff::{Book, query::{Query, RowKind}};
    /// let book = Book::in_currency("USD")?;
    /// let page = book.query(&Query::all(RowKind::Invoice))?;
    /// assert!(page.rows.is_empty() && page.next.is_none());
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn all(of: RowKind) -> Self {
        let page = PageRequest {
            start: PageStart::Number(1),
            size: PageRequest::SIZE,
        };
        Self {
            of,
            filter: Vec::new(),
            sort: Vec::new(),
            page,
            fields: None,
            total: false,
            sum: Vec::new(),
            as_of: None,
            report: None,
        }
    }

    /// Whether all rows that meet the filter count, also those behind the page.
    pub(in crate::query) const fn reads_all(&self) -> bool {
        self.total || !self.sum.is_empty()
    }

    /// The day whose figures are read; now if absent.
    pub(in crate::query) const fn day(&self) -> Option<Date> {
        match self.report {
            Some(Report::Ageing { day, .. }) => Some(day),
            _ => self.as_of,
        }
    }

    /// The accounts that the filter names, if it does.
    pub(in crate::query) fn account_ids(&self) -> Option<Vec<&str>> {
        let mut conditions = self.filter.iter();
        let texts = conditions.find_map(|condition| condition.texts("accountId"))?;
        Some(texts.collect())
    }

    /// The fields of a row.
    pub(in crate::query) fn shown(&self) -> Vec<&'static Field> {
        match &self.fields {
            Some(fields) => fields.clone(),
            None => self.of.shown(self.as_of.is_some()).collect(),
        }
    }
}

/// A page of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Which one.
    pub start: PageStart,
    /// Rows a page, 1 or more.
    pub size: u32,
}

impl PageRequest {
    /// Rows a page where a query does not say.
    pub const SIZE: u32 = 20;

    /// The rows of a page.
    pub(in crate::query) fn row_count(&self) -> usize {
        usize::try_from(self.size).unwrap_or(usize::MAX)
    }

    /// The rows on the pages before this one; none where a cursor says where it starts.
    pub(in crate::query) fn rows_before(&self) -> usize {
        let pages = self.number().map_or(0, |number| number.saturating_sub(1));
        let pages = usize::try_from(pages).unwrap_or(usize::MAX);
        pages.saturating_mul(self.row_count())
    }

    /// The number of the page, if it was asked for by number.
    pub(in crate::query) const fn number(&self) -> Option<u32> {
        match self.start {
            PageStart::Number(number) => Some(number),
            PageStart::After(_) | PageStart::Before(_) => None,
        }
    }

    /// Whether the page is filled from its end.
    pub(in crate::query) const fn is_backwards(&self) -> bool {
        matches!(self.start, PageStart::Before(_))
    }
}

/// Where a page starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageStart {
    /// A number, counted from 1.
    Number(u32),
    /// The first rows after the place that this cursor of an earlier page names.
    After(String),
    /// The last rows before that place.
    Before(String),
}
