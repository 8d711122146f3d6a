//! Rows, and what their fields are read from.
//!
//! A row is an index ([`RowIndex`]). Its fields are read one by one on demand ([`RowReader`]), so a field that is not
//! asked for costs nothing.

use crate::book::{CommandLog, Receipt, Subject};
use crate::calendar::Date;
use crate::document::{
    Application, Document, DocumentIndex, Documents, Header, HistoryEntry, Line, LineIndex,
    LineRef, Part, PartItem, SettledBefore, Status,
};
use crate::error::Result;
use crate::money::Amount;
use crate::query::accounts::{AccountSums, sum_accounts};
use crate::query::ageing::{AgeingSums, sum_by_age};
use crate::query::cell::FieldValue;
use crate::query::of_accounts::DocumentsOfAccounts;
use crate::query::past::{AsOf, PastFigures, SettledFigures};
use crate::query::statement::{StatementEntry, statements};
use crate::settle::{Context, line_available_to_credit, lines_available_to_credit};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::hash_map::Entry;

/// What the fields of rows are read from.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    pub(in crate::query) context: Context<'a>,
    /// The log of the book, if it keeps one: who asked for what.
    log: Option<&'a CommandLog>,
    pub(in crate::query) as_of: AsOf,
    derived: DerivedRows,
    /// What is available to credit of the lines of a document, kept for its other lines. Only for look-ups, never
    /// iterated: its order means nothing.
    available: RefCell<FxHashMap<DocumentIndex, Vec<Amount>>>,
}

/// Rows that the book does not keep. The query makes them.
#[derive(Clone, Debug)]
enum DerivedRows {
    None,
    Accounts(Vec<AccountSums>),
    Ageing(Vec<AgeingSums>, Box<[u32]>),
    Statements(Vec<StatementEntry>),
}

/// Where a row is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowIndex {
    /// The document; of a part or application its source, of an account one that names it.
    pub(in crate::query) document: DocumentIndex,
    /// The line of an item, the target of a part, the entry of an application in the log, or the index of a row that
    /// the query makes.
    pub(in crate::query) inner: u32,
    /// The position of a part item, an application or one of its items in the part or entry.
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
    /// The document as it stands after a command, where the row is read from an outcome.
    pub(in crate::query) after: Option<&'s Subject>,
}

impl<'a> Scope<'a> {
    /// The documents as they are.
    #[must_use]
    pub fn now(context: Context<'a>) -> Self {
        Self {
            context,
            log: None,
            as_of: AsOf::Now,
            derived: DerivedRows::None,
            available: RefCell::default(),
        }
    }

    /// The documents of some accounts, or of all, as the history says that they were on `day`.
    ///
    /// # Errors
    /// `outOfRange` where a figure of that day is.
    pub(in crate::query) fn on(
        context: Context<'a>,
        account_ids: Option<&[&str]>,
        day: Date,
    ) -> Result<Self> {
        let documents = DocumentsOfAccounts::of(context.documents, account_ids);
        let past = PastFigures::new(&documents, day)?;
        Ok(Self {
            as_of: AsOf::Day(past),
            ..Self::now(context)
        })
    }

    /// The same with the log of the book.
    pub(in crate::query) fn with_log(self, log: Option<&'a CommandLog>) -> Self {
        Self { log, ..self }
    }

    /// The same with the balances of accounts.
    pub(in crate::query) fn with_accounts(mut self, account_ids: Option<&[&str]>) -> Self {
        let documents = DocumentsOfAccounts::of(self.context.documents, account_ids);
        let accounts = sum_accounts(&documents, &self.as_of);
        self.derived = DerivedRows::Accounts(accounts);
        self
    }

    /// The same with what accounts owe by age.
    pub(in crate::query) fn with_ageing(
        mut self,
        account_ids: Option<&[&str]>,
        day: Date,
        days: &[u32],
    ) -> Self {
        let documents = DocumentsOfAccounts::of(self.context.documents, account_ids);
        let accounts = sum_by_age(&documents, &self.as_of, day, days);
        self.derived = DerivedRows::Ageing(accounts, days.into());
        self
    }

    /// The same with the statements of accounts.
    pub(in crate::query) fn with_statements(
        mut self,
        account_ids: Option<&[&str]>,
        from: Date,
        to: Date,
    ) -> Self {
        let documents = DocumentsOfAccounts::of(self.context.documents, account_ids);
        let entries = statements(&documents, from, to);
        self.derived = DerivedRows::Statements(entries);
        self
    }

    /// The last days of the buckets of accounts by age.
    #[must_use]
    pub fn bucket_days(&self) -> &[u32] {
        match &self.derived {
            DerivedRows::Ageing(_, days) => days,
            _ => &[],
        }
    }

    /// The rows that the query makes.
    pub(crate) fn derived_rows(&self) -> impl Iterator<Item = RowIndex> {
        // At most one of the three is not empty, so the index of a row is its index in that list.
        let (accounts, ageing, entries) = match &self.derived {
            DerivedRows::None => (&[][..], &[][..], &[][..]),
            DerivedRows::Accounts(accounts) => (&accounts[..], &[][..], &[][..]),
            DerivedRows::Ageing(ageing, _) => (&[][..], &ageing[..], &[][..]),
            DerivedRows::Statements(entries) => (&[][..], &[][..], &entries[..]),
        };

        let documents = accounts.iter().map(|sums| sums.document);
        let documents = documents
            .chain(ageing.iter().map(|sums| sums.document))
            .chain(entries.iter().map(|entry| entry.account));
        (0..)
            .zip(documents)
            .map(|(index, document)| RowIndex::within(document, index))
    }

    /// The amount of a line that is available to credit, if there is that line.
    pub(in crate::query) fn available_to_credit(
        &self,
        document: DocumentIndex,
        line: LineIndex,
    ) -> Option<Amount> {
        let documents = self.context.documents;
        let credited = documents.get(document)?;

        // What credits leave of a line, and what discounts leave of a tax, is found for all lines at once: line by
        // line, a document of many lines would take time with their square.
        let has_past = !credited.settled_before().is_empty();
        let is_credited = has_past || documents.made_from(document).next().is_some();
        let is_tax = credited.line(line)?.detail.is_tax();
        if !is_credited && !is_tax {
            return line_available_to_credit(self.context, document, line).ok();
        }
        let Ok(mut available) = self.available.try_borrow_mut() else {
            return line_available_to_credit(self.context, document, line).ok();
        };

        let lines = match available.entry(document) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                unknown.insert(lines_available_to_credit(self.context, document).ok()?)
            }
        };
        lines.get(line.get()).copied()
    }

    /// The row, being read.
    #[must_use]
    pub fn row(&self, index: RowIndex) -> Option<RowReader<'_>> {
        let header = self.context.documents.header(index.document)?;
        Some(RowReader {
            scope: self,
            index,
            header,
            after: None,
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
            after: Some(subject),
        }
    }

    /// The header of its document; of an account, that of a document that names it.
    #[must_use]
    pub const fn header(&self) -> &'s Header {
        self.header
    }

    /// What the row is read from.
    #[must_use]
    pub const fn scope(&self) -> &'s Scope<'s> {
        self.scope
    }

    /// The decimals of its currency.
    #[must_use]
    pub fn scale(&self) -> u32 {
        self.header.currency.scale().into()
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

    /// The day of the query, if it is about the past.
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

    /// The entry of the history to which an application belongs.
    pub(in crate::query) fn entry(&self) -> Option<&'s HistoryEntry> {
        let entry = usize::try_from(self.index.inner).ok()?;
        self.documents().log().get(entry).map(|entry| &**entry)
    }

    /// The receipt of the command that made an application, in a book with a log.
    pub(in crate::query) fn receipt(&self) -> Option<&'s Receipt> {
        self.scope.log?.receipt(self.entry()?.version)
    }

    pub(in crate::query) fn application(&self) -> Option<Application<'s>> {
        let application = usize::try_from(self.index.item).ok()?;
        self.entry()?.settlement.application(application)
    }

    /// The item of an application, and the application.
    pub(in crate::query) fn application_item(&self) -> Option<(Application<'s>, &'s PartItem)> {
        let item = usize::try_from(self.index.item).ok()?;
        self.entry()?.settlement.application_of_item(item)
    }

    pub(in crate::query) fn account(&self) -> Option<&'s AccountSums> {
        match &self.scope.derived {
            DerivedRows::Accounts(accounts) => accounts.get(self.derived_index()?),
            _ => None,
        }
    }

    pub(in crate::query) fn ageing(&self) -> Option<&'s AgeingSums> {
        match &self.scope.derived {
            DerivedRows::Ageing(accounts, _) => accounts.get(self.derived_index()?),
            _ => None,
        }
    }

    pub(in crate::query) fn statement_entry(&self) -> Option<&'s StatementEntry> {
        match &self.scope.derived {
            DerivedRows::Statements(entries) => entries.get(self.derived_index()?),
            _ => None,
        }
    }

    fn derived_index(&self) -> Option<usize> {
        usize::try_from(self.index.inner).ok()
    }

    /// An amount of minor units. No book has enough documents for a sum that 96 bits do not hold.
    pub(in crate::query) fn sum(&self, minor: i128) -> Option<FieldValue<'s>> {
        if let Ok(amount) = Amount::try_from(minor) {
            return Some(self.amount(amount));
        }
        let scale = self.header.currency.scale().into();
        let decimal = Decimal::try_from_i128_with_scale(minor, scale).ok()?;
        Some(FieldValue::Decimal(decimal))
    }

    /// The line that a [`FieldValue::Line`] names.
    #[must_use]
    pub fn line_at(&self, line: LineRef) -> Option<(&'s Document, LineIndex)> {
        Some((self.documents().get(line.document)?, line.line))
    }

    /// The entries that a [`FieldValue::SettledBefore`] names.
    pub fn settled_before(
        &self,
        line: LineRef,
    ) -> impl Iterator<Item = &'s SettledBefore> + use<'s> {
        let day = self.day();
        let document = self.documents().get(line.document);
        let known = document.map_or(&[][..], Document::settled_before).iter();
        known
            .filter(move |entry| entry.line == line.line && day.is_none_or(|day| entry.date <= day))
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
