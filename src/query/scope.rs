//! Rows, and what their fields are read from.
//!
//! A row is an index ([`RowIndex`]). Its fields are read one by one on demand ([`RowReader`]), so that a field nobody
//! looks at costs nothing.

use crate::book::Subject;
use crate::calendar::Date;
use crate::document::{
    Application, Document, DocumentIndex, Documents, Header, HistoryEntry, Line, LineIndex,
    LineRef, Part, PartItem, Status,
};
use crate::error::Result;
use crate::money::Amount;
use crate::query::accounts::{AccountSums, sum_accounts};
use crate::query::cell::FieldValue;
use crate::query::past::{AsOf, PastFigures, SettledFigures};
use crate::settle::{Context, line_available_to_credit, lines_available_to_credit};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::hash_map::Entry;

/// What the fields of rows are read from.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    pub(in crate::query) context: Context<'a>,
    pub(in crate::query) as_of: AsOf,
    accounts: Vec<AccountSums>,
    /// What is available to credit of the lines of a document, kept for its other lines. Only for look-ups, never
    /// iterated: its order means nothing.
    available: RefCell<FxHashMap<DocumentIndex, Vec<Amount>>>,
}

/// Where a row is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowIndex {
    /// The document; of a part or application its source, of an account its first document.
    pub(in crate::query) document: DocumentIndex,
    /// Of an item its line, of a part its target, of an application its entry in the log, of an account its sums.
    pub(in crate::query) inner: u32,
    /// Of a part item or application its position in the part or entry.
    pub(in crate::query) item: u32,
}

impl RowIndex {
    /// The row of a document.
    pub(in crate::query) const fn of(document: DocumentIndex) -> Self {
        Self::within(document, 0)
    }

    /// A row of something within a document.
    pub(in crate::query) const fn within(document: DocumentIndex, inner: u32) -> Self {
        Self {
            document,
            inner,
            item: 0,
        }
    }
}

/// A row that is being read.
#[derive(Clone, Copy, Debug)]
pub struct RowReader<'s> {
    pub(in crate::query) scope: &'s Scope<'s>,
    pub(in crate::query) index: RowIndex,
    pub(in crate::query) header: &'s Header,
    /// What is available to credit of the document, where that is known already.
    pub(in crate::query) available: Option<Amount>,
}

impl<'a> Scope<'a> {
    /// The documents as they are.
    #[must_use]
    pub fn now(context: Context<'a>) -> Self {
        Self {
            context,
            as_of: AsOf::Now,
            accounts: Vec::new(),
            available: RefCell::default(),
        }
    }

    /// The documents as the history says that they were on `day`.
    ///
    /// # Errors
    /// `outOfRange` where a figure of that day is.
    pub(in crate::query) fn on(context: Context<'a>, day: Date) -> Result<Self> {
        let past = PastFigures::new(context.documents, day)?;
        Ok(Self {
            as_of: AsOf::Day(past),
            ..Self::now(context)
        })
    }

    /// The same with the balances of all accounts.
    pub(in crate::query) fn with_accounts(mut self) -> Self {
        self.accounts = sum_accounts(self.context.documents, &self.as_of);
        self
    }

    /// The rows of accounts.
    pub(in crate::query) fn account_rows(&self) -> impl Iterator<Item = RowIndex> {
        (0..)
            .zip(&self.accounts)
            .map(|(account, sums)| RowIndex::within(sums.document, account))
    }

    /// The amount of a line that is available to credit, if there is that line.
    pub(in crate::query) fn available_to_credit(
        &self,
        document: DocumentIndex,
        line: LineIndex,
    ) -> Option<Amount> {
        let has_credits = self.context.documents.made_from(document).next().is_some();
        match self.available.try_borrow_mut() {
            Ok(mut available) if has_credits => {
                let lines = match available.entry(document) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(unknown) => {
                        unknown.insert(lines_available_to_credit(self.context, document).ok()?)
                    }
                };
                lines.get(line.get()).copied()
            }
            _ => line_available_to_credit(self.context, document, line).ok(),
        }
    }

    /// The row, being read.
    #[must_use]
    pub fn row(&self, index: RowIndex) -> Option<RowReader<'_>> {
        let header = self.context.documents.header(index.document)?;
        Some(RowReader {
            scope: self,
            index,
            header,
            available: None,
        })
    }
}

impl<'s> RowReader<'s> {
    /// A document as it stood after a command.
    #[must_use]
    pub const fn after(scope: &'s Scope<'s>, subject: &'s Subject) -> Self {
        Self {
            scope,
            index: RowIndex::of(subject.index),
            header: &subject.header,
            available: Some(subject.available_to_credit),
        }
    }

    /// Whether the row is read as it was on a day.
    #[must_use]
    pub const fn is_past(&self) -> bool {
        self.day().is_some()
    }

    pub(in crate::query) fn documents(&self) -> &'s Documents {
        self.scope.context.documents
    }

    pub(in crate::query) fn document(&self) -> Option<&'s Document> {
        self.documents().get(self.index.document)
    }

    pub(in crate::query) fn amount(&self, amount: Amount) -> FieldValue<'s> {
        FieldValue::Amount(amount, self.header.currency.scale())
    }

    /// The day that is asked about, if it is not now.
    pub(in crate::query) const fn day(&self) -> Option<Date> {
        self.scope.as_of.day()
    }

    /// The status of the document.
    pub(in crate::query) fn status(&self) -> Status {
        self.scope.as_of.status(self.header)
    }

    /// The settled figures of the document.
    pub(in crate::query) fn total(&self) -> SettledFigures {
        self.scope.as_of.total(self.index.document, self.header)
    }

    /// The line of an item or tax item.
    pub(in crate::query) fn line(&self) -> Option<&'s Line> {
        self.document()?.line(self.line_index())
    }

    pub(in crate::query) const fn line_index(&self) -> LineIndex {
        LineIndex(self.index.inner)
    }

    pub(in crate::query) const fn line_ref(&self) -> LineRef {
        LineRef {
            document: self.index.document,
            line: self.line_index(),
        }
    }

    /// The settled figures of the line.
    pub(in crate::query) fn line_total(&self) -> Option<SettledFigures> {
        self.scope.as_of.line(self.documents(), self.line_ref())
    }

    /// The target of a part.
    pub(in crate::query) const fn part_target(&self) -> DocumentIndex {
        DocumentIndex(self.index.inner)
    }

    /// The header of the target of a part, and the part.
    pub(in crate::query) fn part(&self) -> Option<(&'s Header, &'s Part)> {
        let target = self.part_target();
        Some((
            self.documents().header(target)?,
            self.documents().part(self.index.document, target)?,
        ))
    }

    pub(in crate::query) fn part_item(&self) -> Option<&'s PartItem> {
        let (_, part) = self.part()?;
        part.items().get(usize::try_from(self.index.item).ok()?)
    }

    /// The entry of the history that an application is of.
    pub(in crate::query) fn entry(&self) -> Option<&'s HistoryEntry> {
        let entry = usize::try_from(self.index.inner).ok()?;
        self.documents().log().get(entry).map(|entry| &**entry)
    }

    pub(in crate::query) fn application(&self) -> Option<Application<'s>> {
        let application = usize::try_from(self.index.item).ok()?;
        self.entry()?.settlement.application(application)
    }

    pub(in crate::query) fn account(&self) -> Option<&'s AccountSums> {
        let account = usize::try_from(self.index.inner).ok()?;
        self.scope.accounts.get(account)
    }

    /// The line that a [`FieldValue::Line`] names.
    #[must_use]
    pub fn line_at(&self, line: LineRef) -> Option<(&'s Document, LineIndex)> {
        Some((self.documents().get(line.document)?, line.line))
    }

    /// The rows that a [`FieldValue::TaxItems`] names.
    #[must_use]
    pub fn tax_items(&self, item: LineRef) -> Vec<RowReader<'s>> {
        let Some(document) = self.documents().get(item.document) else {
            return Vec::new();
        };
        let lines = document.tax_items(item.line);
        lines
            .map(|line| RowReader {
                index: RowIndex::within(item.document, line.0),
                ..*self
            })
            .collect()
    }
}
