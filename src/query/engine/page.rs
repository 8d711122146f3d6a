//! The rows of one page: scanned, filtered, and the best of them put in order.

use crate::Book;
use crate::error::Result;
use crate::query::cell::Operand;
use crate::query::engine::column::Course;
use crate::query::engine::cursor::{Cursor, Fingerprint};
use crate::query::engine::filter::Filter;
use crate::query::engine::order::{RankedRow, RowOrder, TopRows};
use crate::query::engine::origin::CursorOrigin;
use crate::query::engine::scan::{NamedDocuments, Scan, reads_columns};
use crate::query::request::PageRequest;
use crate::query::scope::{RowIndex, Scope};
use crate::query::sums::{CurrencySums, RowSums};
use std::cell::Cell as Shared;
use std::ops::ControlFlow;

/// The rows of a page, and whether there are others around them.
pub(in crate::query) struct FoundPage {
    pub rows: Vec<RowIndex>,
    /// How many rows were looked at: all that meet the filter, if they were to be counted.
    pub total: usize,
    /// The sums over these rows, if any were to be made.
    pub sums: Vec<CurrencySums>,
    has_next: bool,
    has_previous: bool,
    order: RowOrder,
}

impl FoundPage {
    /// The page of the rows that were collected: a page before a cursor was read from its end.
    fn new(collected: CollectedRows, page: &PageRequest, order: RowOrder) -> Self {
        let CollectedRows {
            mut rows,
            total,
            sums,
            has_more,
            has_passed,
        } = collected;

        let (has_next, has_previous) = if page.is_backwards() {
            rows.reverse();
            (has_passed, has_more)
        } else {
            (has_more, has_passed)
        };

        Self {
            rows,
            total,
            sums,
            has_next,
            has_previous,
            order,
        }
    }

    /// The cursors of the next and of the previous page, where there are rows on them.
    pub(in crate::query) fn cursors(
        &self,
        scope: &Scope<'_>,
        fingerprint: &Fingerprint<'_>,
        book: &Book,
    ) -> [Option<String>; 2] {
        let next = self.rows.last().filter(|_| self.has_next);
        let previous = self.rows.first().filter(|_| self.has_previous);
        [next, previous].map(|row| {
            let position = self.position(scope, *row?)?;
            Some(Cursor::write(
                fingerprint,
                CursorOrigin::now(book),
                &position,
            ))
        })
    }

    /// Returns the values by which a row is ordered.
    fn position(&self, scope: &Scope<'_>, row: RowIndex) -> Option<Vec<Operand>> {
        scope.row(row).map(|row| self.order.position(&row))
    }
}

/// Finds the rows of a page.
///
/// # Errors
/// `invalidCursor` for the cursor of another query, of a later version of the book, or of another book.
pub(in crate::query) fn find(
    scope: &Scope<'_>,
    fingerprint: &Fingerprint<'_>,
    book: &Book,
) -> Result<FoundPage> {
    let query = fingerprint.query();
    let named = NamedDocuments::of(scope, query);
    let reads_columns = reads_columns(query, named.is_some());

    let order = RowOrder::new(query, scope.context.settings.number_order, reads_columns);
    let cursor = Cursor::of(fingerprint, &order, book)?;
    let decided = named.as_ref().and_then(NamedDocuments::decided);
    let filter = Filter::new(scope, query, decided, reads_columns);

    let mut scan = Scan::new(scope, query, &filter, named.as_ref());
    let is_in_order = scan.is_in_order();

    // Rows that come in order can stop at the end of the page, and start at its cursor.
    let stops = is_in_order && !query.reads_all();
    let skipped = match &cursor {
        Some(cursor) if stops => scan.skip_to(cursor.position()),
        _ => 0,
    };

    let limit = Shared::new(u128::MAX);
    let course = Course {
        // A row behind the page is not looked at, unless it is counted.
        bound: order.bound(scope, &limit).filter(|_| !query.reads_all()),
        from_the_end: order.is_better_from_the_end(scope, query.of.documents()),
    };

    // One row more than the page has tells whether there are more.
    let page = &query.page;
    let wanted = page.row_count().saturating_add(1);
    let before = page.rows_before();
    let mut collector = Collector {
        scope,
        order: &order,
        cursor: cursor.as_ref(),
        is_in_order,
        stops,
        top: TopRows::new(scope, &order, before, wanted, is_in_order, &limit),
        total: 0,
        sums: RowSums::new(&query.sum),
        passed: skipped,
    };
    scan.for_each(course, &mut |row| collector.add(row));

    let collected = collector.finish(page)?;
    Ok(FoundPage::new(collected, page, order))
}

/// What a scan has brought, in the direction in which the page was read.
struct CollectedRows {
    rows: Vec<RowIndex>,
    total: usize,
    sums: Vec<CurrencySums>,
    /// There are rows behind the page.
    has_more: bool,
    /// There are rows in front of the page.
    has_passed: bool,
}

/// Takes the rows that meet the filter, and keeps those of the page.
struct Collector<'q> {
    scope: &'q Scope<'q>,
    order: &'q RowOrder,
    cursor: Option<&'q Cursor>,
    /// Rows come in the order of the query.
    is_in_order: bool,
    /// No row counts once the page is full.
    stops: bool,
    top: TopRows<'q>,
    /// How many rows came.
    total: usize,
    sums: RowSums<'q>,
    /// How many of them are before the cursor.
    passed: usize,
}

impl Collector<'_> {
    /// Takes a row that meets the filter. Breaks when no later row can be on the page.
    #[inline]
    fn add(&mut self, row: RowIndex) -> ControlFlow<()> {
        self.total = self.total.saturating_add(1);
        if self.sums.is_wanted()
            && let Some(row) = self.scope.row(row)
        {
            self.sums.add(&row);
        }

        let ranked = self.rank(row);
        if self.is_passed(&ranked) {
            self.passed = self.passed.saturating_add(1);
        } else {
            self.top.add(ranked);
        }

        if self.stops && self.top.is_full() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// The rows of the page, once all have come.
    ///
    /// # Errors
    /// A sum that is out of range.
    fn finish(self, page: &PageRequest) -> Result<CollectedRows> {
        let sums = self.sums.finish()?;
        let (rows, has_more) = self.top.page(page.row_count());
        Ok(CollectedRows {
            rows,
            total: self.total,
            sums,
            has_more,
            has_passed: self.passed > 0 || page.rows_before() > 0,
        })
    }

    /// Returns a row with the number by which it is compared.
    #[inline]
    fn rank(&self, row: RowIndex) -> RankedRow {
        // A row in order needs no number to be compared by, unless there is a cursor.
        if self.cursor.is_none() && self.is_in_order {
            RankedRow::unordered(row)
        } else {
            self.order.rank(self.scope, row)
        }
    }

    /// Whether a row is not behind the cursor.
    #[inline]
    fn is_passed(&self, ranked: &RankedRow) -> bool {
        let Some(cursor) = self.cursor else {
            return false;
        };
        let (head, position) = (cursor.head(), cursor.position());
        let order = self
            .order
            .compare_position(self.scope, ranked, head, position);
        order.is_le()
    }
}
