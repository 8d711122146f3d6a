//! Questions to a book: rows of one kind, filtered, ordered, a page at a time. Nothing here changes anything.
//!
//! Each kind of rows has one table of fields ([`Field`]); filters, orders, projections and views all go by it. A row is
//! an index ([`RowIndex`]) and read field by field, so that a field nobody looks at costs nothing.

mod accounts;
mod ageing;
mod cell;
mod condition;
mod diff;
mod engine;
mod field;
mod fields;
mod kind;
mod of_accounts;
mod past;
mod request;
mod room;
mod scope;
mod statement;
mod sums;

pub use cell::{FieldValue, Operand};
pub use condition::{Condition, Op, Selector, SortKey};
pub use diff::{BookDiff, DiffKind, DocumentDiff, KindDiff, LineDiff};
pub use field::{Field, FieldType, Visibility};
pub use fields::settled::item_and_tax;
pub use kind::RowKind;
pub use request::{PageRequest, PageStart, Query, Report};
pub use scope::{RowIndex, RowReader, Scope};
pub use sums::{CurrencySums, Sum};

use crate::Book;
use crate::error::Result;
use crate::memory;
use engine::cursor::Fingerprint;
use engine::page;

/// The answer to a query.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// What the rows are read from.
    pub scope: Scope<'a>,
    /// The rows of the page.
    pub rows: Vec<RowIndex>,
    /// The fields of a row.
    pub fields: Vec<&'static Field>,
    /// Whether the fields were asked for by name: rows then have all of them, set or not.
    pub is_projected: bool,
    /// The rows of all pages, where they were to be counted.
    pub total: Option<usize>,
    /// The fields that were summed over the rows of all pages, and their sums by currency.
    pub sums: (Vec<&'static Field>, Vec<CurrencySums>),
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
    /// `missingField` for a comparison with nothing; `invalidCursor` for the cursor of another query, of another book,
    /// or of this one when it was further on; `outOfRange` for sums that are.
    pub fn query(&self, query: &Query) -> Result<Page<'_>> {
        query.filter.iter().try_for_each(Condition::check)?;

        let scope = self.scope(query)?;
        let fingerprint = Fingerprint::of(query);
        let found = page::find(&scope, &fingerprint, self)?;

        let [next, previous] = found.cursors(&scope, &fingerprint, self);
        Ok(Page {
            rows: found.rows,
            fields: query.shown(),
            is_projected: query.fields.is_some(),
            total: query.total.then_some(found.total),
            sums: (query.sum.clone(), found.sums),
            number: query.page.number(),
            size: query.page.size,
            next,
            previous,
            scope,
        })
    }

    /// The rows of a page for a caller who reads all pages of a query. A page can take time with all the rows that
    /// there are, so the pages grow with the rows, and all pages together take time with the rows alone.
    #[must_use]
    pub fn page_size_for_all(&self, query: &Query) -> u32 {
        room::page_size_for_all(query, self.documents())
    }

    /// What the rows of a report are read from: all of them, of all accounts.
    ///
    /// # Errors
    /// As [`Book::query`].
    pub fn report(&self, report: &Report) -> Result<Scope<'_>> {
        self.scope(&Query {
            report: Some(report.clone()),
            ..Query::all(report.rows())
        })
    }

    /// What the rows of a query are read from, with room for them.
    fn scope(&self, query: &Query) -> Result<Scope<'_>> {
        let context = self.context();
        memory::reserve(room::room(query, context))?;

        let account_ids = query.account_ids();
        let accounts = account_ids.as_deref();
        let scope = match query.day() {
            Some(day) => Scope::on(context, accounts, day)?,
            None => Scope::now(context).with_log(self.log()),
        };
        Ok(match &query.report {
            Some(Report::Ageing { day, days }) => scope.with_ageing(accounts, *day, days),
            Some(Report::Statement { from, to }) => scope.with_statements(accounts, *from, *to),
            None if query.of == RowKind::Account => scope.with_accounts(accounts),
            None => scope,
        })
    }
}
