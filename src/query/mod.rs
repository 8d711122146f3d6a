//! Questions to a book: rows of one kind, filtered, ordered, a page at a time. Nothing here changes anything.
//!
//! Each kind of rows has one table of fields ([`Field`]); filters, orders, projections and views all go by it. A row is
//! found by its place ([`Row`]) and read field by field, so that what no one looks at costs nothing.

mod cell;
mod engine;
mod field;
mod fields;
mod scope;

pub use cell::{FieldValue, Operand};
pub use engine::filter::{Condition, Op, Selector};
pub use engine::order::SortKey;
pub use field::{Field, FieldType, RowKind, Visibility};
pub use fields::settled::item_and_tax;
pub use scope::{Row, RowReader, Scope};

use crate::Book;
use crate::calendar::Date;
use crate::error::Result;
use crate::memory;
use crate::settle::Context;
use engine::column::Course;
use engine::cursor::{Cursor, Fingerprint};
use engine::filter::Filter;
use engine::order::{RankedRow, RowOrder, TopRows};
use engine::scan::{self, Scan};
use std::cell::Cell as Shared;
use std::cmp::Ordering;
use std::ops::ControlFlow;

/// Which rows, in which order, and which page of them.
#[derive(Clone, Debug)]
pub struct Query {
    /// The kind of rows.
    pub of: RowKind,
    /// What all rows must meet.
    pub filter: Vec<Condition>,
    /// The order; where that leaves rows level, the default order of their kind decides.
    pub sort: Vec<SortKey>,
    /// The page.
    pub page: PageRequest,
    /// The fields of a row, in this order; those that rows show by themselves if absent.
    pub fields: Option<Vec<&'static Field>>,
    /// Whether to count the rows of all pages.
    pub total: bool,
    /// The day that is asked about; now if absent. Only kinds of rows that [have a past](RowKind::has_past).
    pub as_of: Option<Date>,
}

impl Query {
    /// The first page of all rows of a kind.
    ///
    /// ```
    /// use setoff::{Book, book::BookOptions, document::Kind, query::{Query, RowKind}};
    /// let book = Book::new(&BookOptions { currency: "USD".into(), ..BookOptions::default() })?;
    /// let answer = book.query(&Query::all(RowKind::Document(Some(Kind::Invoice))))?;
    /// assert!(answer.rows.is_empty() && answer.next.is_none());
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn all(of: RowKind) -> Self {
        let page = PageRequest {
            at: PageStart::Number(1),
            size: PageRequest::SIZE,
        };
        Self {
            of,
            filter: Vec::new(),
            sort: Vec::new(),
            page,
            fields: None,
            total: false,
            as_of: None,
        }
    }

    /// What it may take, in bytes: numbers kept of each document, and the rows up to the end of the page.
    fn room(&self, context: Context<'_>) -> usize {
        let documents = context.documents.all().count();
        let read = self.sort.len().saturating_add(self.filter.len());
        let kept = read.saturating_add(2).saturating_mul(KEPT);

        let size = usize::try_from(self.page.size).unwrap_or(usize::MAX);
        let pages = match self.page.at {
            PageStart::Number(number) => usize::try_from(number).unwrap_or(usize::MAX),
            PageStart::After(_) | PageStart::Before(_) => 1,
        };
        let rows = pages.saturating_mul(size);
        let is_large = rows > SMALL_PAGE || self.as_of.is_some();
        let all = if is_large {
            rows_at_most(context)
        } else {
            rows
        };
        let past = self.as_of.map_or(0, |_| all.saturating_mul(KEPT));

        documents
            .saturating_mul(kept)
            .saturating_add(rows.min(all).saturating_mul(RANKED))
            .saturating_add(size.min(all).saturating_mul(WRITTEN))
            .saturating_add(past)
    }
}

/// What a number that is kept of each document takes at most.
const KEPT: usize = 32;

/// What a row up to the end of the page may take to be put in its place.
const RANKED: usize = 128;

/// What a row of the page may take as text, while the text grows.
const WRITTEN: usize = 3072;

/// For pages of more rows than this, those of the book are counted.
const SMALL_PAGE: usize = 1000;

/// How many rows of any kind a book can have.
fn rows_at_most(context: Context<'_>) -> usize {
    let documents = context.documents;
    let lines = documents
        .all()
        .map(|(_, document)| document.lines().len().saturating_add(1));
    let items = documents.parts().map(|(_, _, part)| part.items().len());
    let settled = documents.log().iter().flat_map(|entry| {
        let applications = entry.settlement.applications();
        applications.map(|application| application.items.len().saturating_add(1))
    });
    lines
        .chain(items)
        .chain(settled)
        .fold(0, usize::saturating_add)
}

/// A page of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Which one.
    pub at: PageStart,
    /// Rows a page, 1 or more.
    pub size: u32,
}

impl PageRequest {
    /// Rows a page where a query does not say.
    pub const SIZE: u32 = 20;
}

/// Which page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageStart {
    /// Counted from 1.
    Number(u32),
    /// The first rows after the place that this cursor of an earlier page names.
    After(String),
    /// The last rows before that place.
    Before(String),
}

/// The answer to a query.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// What the rows are read from.
    pub scope: Scope<'a>,
    /// The rows of the page.
    pub rows: Vec<Row>,
    /// The fields of a row, and whether it has those too that are not set.
    pub fields: Vec<&'static Field>,
    /// Whether the fields were asked for by name: rows then have all of them.
    pub is_projected: bool,
    /// The rows of all pages, where they were to be counted.
    pub total: Option<usize>,
    /// The number of the page, if it was asked for by number.
    pub number: Option<u32>,
    /// Rows a page.
    pub size: u32,
    /// The cursor of the page after this one, if there are rows.
    pub next: Option<String>,
    /// The cursor of the page before this one, if there are rows.
    pub previous: Option<String>,
}

impl Book {
    /// The rows of a page.
    ///
    /// Time grows with the rows that there are, hardly with those before the page: only the rows of the page are put in
    /// order. Lists in the order of the book (the items of one document, the history) are read up to the end of the
    /// page.
    ///
    /// # Errors
    /// `missingField` for a comparison with nothing; `invalidCursor` for the cursor of another query, or of a book that
    /// was further on; `outOfRange` for sums that are.
    pub fn query(&self, query: &Query) -> Result<Page<'_>> {
        query.filter.iter().try_for_each(Condition::check)?;

        let context = self.context();
        memory::reserve(query.room(context))?;
        let mut scope = match query.as_of {
            Some(day) => Scope::on(context, day)?,
            None => Scope::now(context),
        };
        let accounts = if query.of == RowKind::Account {
            scope.sum_accounts()
        } else {
            Vec::new()
        };
        let named = scan::named(&scope, query);
        let is_kept = scan::is_kept(query, named.is_some());
        let order = RowOrder::new(query, is_kept);
        let fingerprint = Fingerprint::of(query);
        let cursor = Cursor::of(&fingerprint, &order, self.version())?;
        let filter = Filter::new(
            &scope,
            query,
            named.as_ref().map(|named| named.condition),
            is_kept,
        );

        let size = usize::try_from(query.page.size).unwrap_or(usize::MAX);
        let before = match query.page.at {
            PageStart::Number(number) => usize::try_from(number.saturating_sub(1))
                .unwrap_or(usize::MAX)
                .saturating_mul(size),
            PageStart::After(_) | PageStart::Before(_) => 0,
        };
        let mut scan = Scan::new(&scope, query, &filter, &accounts, named.as_ref());
        // What comes in order can stop at the end of the page.
        let is_in_order = scan.is_in_order();
        let stops = is_in_order && !query.total;
        let skipped = match &cursor {
            Some(cursor) if stops => scan.skip_to(cursor.position()),
            _ => 0,
        };
        // One more than the page has tells whether there are more.
        let limit = Shared::new(u128::MAX);
        let mut best = TopRows::new(
            &scope,
            &order,
            before,
            size.saturating_add(1),
            is_in_order,
            &limit,
        );
        let course = Course {
            // What is behind the page is not looked at, unless it is counted.
            bound: order.bound(&scope, &limit).filter(|_| !query.total),
            from_the_end: order.is_better_from_the_end(&scope, query.of),
        };
        let (mut total, mut passed) = (0_usize, skipped);
        scan.for_each(course, &mut |row| {
            total = total.saturating_add(1);
            // What is in order needs no number to be compared by, unless there is a cursor.
            let needs_head = cursor.is_some() || !is_in_order;
            let candidate = if needs_head {
                order.candidate(&scope, row)
            } else {
                RankedRow::unordered(row)
            };
            let is_passed = cursor.as_ref().is_some_and(|cursor| {
                order.compare_position(&scope, &candidate, cursor.head(), cursor.position())
                    != Ordering::Greater
            });
            if is_passed {
                passed = passed.saturating_add(1);
            } else {
                best.add(candidate);
            }
            if stops && best.is_full() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        let (mut rows, has_more) = best.page(size);
        let has_passed = passed > 0 || before > 0;
        let (has_next, has_previous) = if order.is_backwards() {
            (has_passed, has_more)
        } else {
            (has_more, has_passed)
        };
        if order.is_backwards() {
            rows.reverse();
        }
        let total = query.total.then_some(total);
        let write = |row: Option<&Row>, has: bool| {
            let at = row.filter(|_| has).and_then(|&row| scope.at(row))?;
            Some(Cursor::write(
                &fingerprint,
                self.version(),
                &order.position(&at),
            ))
        };
        let (next, previous) = (
            write(rows.last(), has_next),
            write(rows.first(), has_previous),
        );
        let past = query.as_of.is_some();
        let shown = || query.of.shown(past).collect();
        Ok(Page {
            fields: query.fields.clone().unwrap_or_else(shown),
            is_projected: query.fields.is_some(),
            total,
            number: if let PageStart::Number(number) = query.page.at {
                Some(number)
            } else {
                None
            },
            size: query.page.size,
            next,
            previous,
            rows,
            scope,
        })
    }
}
