//! Finds the rows that a query may return. Uses the filter to look at as few documents as possible.

use crate::document::{Document, DocumentIndex, Documents, Kinds, LineIndex, Part, Settlement};
use crate::order::sort_by;
use crate::query::cell::Operand;
use crate::query::condition::Condition;
use crate::query::engine::column::Course;
use crate::query::engine::filter::Filter;
use crate::query::engine::history::wanted_versions;
use crate::query::kind::RowKind;
use crate::query::request::Query;
use crate::query::scope::{RowIndex, Scope};
use std::ops::{ControlFlow, Range};

/// The documents that a condition names by their identifiers, so that no others need be looked through.
pub(in crate::query) struct NamedDocuments {
    /// The index of the condition that names them.
    condition: usize,
    /// What they are to the rows.
    role: Role,
    /// Each once, in the order of creation.
    documents: Vec<DocumentIndex>,
    is_of_history: bool,
}

/// What a document is to a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The document of the row; of a part or application its source.
    Owner,
    /// The target of a part or application.
    Target,
    /// As the owner, named by its account.
    Account,
}

impl NamedDocuments {
    /// The documents that a query names, if it does: by the condition that names the fewest.
    pub(in crate::query) fn of(scope: &Scope<'_>, query: &Query) -> Option<Self> {
        // Any of them may be taken: the rows of the others are filtered out later.
        let mut fewest: Option<Self> = None;
        for (condition_index, condition) in query.filter.iter().enumerate() {
            for &(name, role) in naming_fields(query.of) {
                let Some(documents) = documents_named(scope, query.of, condition, name, role)
                else {
                    continue;
                };

                let is_fewer = fewest
                    .as_ref()
                    .is_none_or(|fewest| documents.len() < fewest.documents.len());
                if is_fewer {
                    fewest = Some(Self {
                        condition: condition_index,
                        role,
                        documents,
                        is_of_history: query.of.is_of_history(),
                    });
                }
            }
        }
        fewest
    }

    /// The condition, if every row that comes along meets it. An entry of the history comes along also where the
    /// document is on the other side.
    pub(in crate::query) const fn decided(&self) -> Option<usize> {
        if self.is_of_history {
            None
        } else {
            Some(self.condition)
        }
    }

    /// The places in the history, within `places`, where one of the documents is what the condition says, in order.
    fn entries(&self, documents: &Documents, places: &Range<u32>) -> Vec<u32> {
        let named = self.documents.iter();
        let mut entries: Vec<_> = named
            .flat_map(|&document| documents.entry_places_within(document, places))
            .collect();
        sort_by(&mut entries, Ord::cmp);
        entries.dedup();
        entries
    }
}

/// The fields that name a document of a row by its identifier.
const fn naming_fields(of: RowKind) -> &'static [(&'static str, Role)] {
    match of {
        RowKind::Item | RowKind::TaxItem => {
            &[("documentId", Role::Owner), ("accountId", Role::Account)]
        }
        RowKind::Part | RowKind::PartItem | RowKind::Application | RowKind::ApplicationItem => &[
            ("sourceId", Role::Owner),
            ("targetId", Role::Target),
            ("accountId", Role::Account),
        ],
        // They are made of the documents of the accounts that a filter names.
        RowKind::Account | RowKind::Ageing | RowKind::Statement => &[],
        RowKind::Invoice
        | RowKind::CreditMemo
        | RowKind::DebitMemo
        | RowKind::Payment
        | RowKind::Refund
        | RowKind::Document => &[("id", Role::Owner), ("accountId", Role::Account)],
    }
}

/// The documents that a condition names by a field, if it does.
fn documents_named(
    scope: &Scope<'_>,
    of: RowKind,
    condition: &Condition,
    field: &str,
    role: Role,
) -> Option<Vec<DocumentIndex>> {
    let texts = condition.texts(field)?;
    match role {
        Role::Account => of_accounts(scope, texts, of),
        Role::Owner | Role::Target => find(scope, texts, of),
    }
}

/// The documents that have these identifiers; `None` if others may have had them too.
fn find<'q>(
    scope: &Scope<'_>,
    ids: impl Iterator<Item = &'q str>,
    of: RowKind,
) -> Option<Vec<DocumentIndex>> {
    let documents = scope.context.documents;
    // The history knows deleted documents, whose identifiers others may have now.
    if of.is_of_history() && documents.has_deleted() {
        return None;
    }
    Some(sorted(ids.filter_map(|id| documents.find(id))))
}

/// The documents of accounts; `None` if it is faster to look at all documents.
///
/// Kept numbers decide a document in far less time than it takes to read one.
fn of_accounts<'q>(
    scope: &Scope<'_>,
    account_ids: impl Iterator<Item = &'q str>,
    of: RowKind,
) -> Option<Vec<DocumentIndex>> {
    const FASTER: usize = 16;
    let documents = scope.context.documents;
    let account_ids: Vec<_> = account_ids.collect();

    let counts = account_ids.iter().map(|id| documents.of_account(id).len());
    let count = counts.fold(0, usize::saturating_add);
    let factor = if of.documents().is_some() { FASTER } else { 1 };
    if count.saturating_mul(factor) > documents.count() {
        return None;
    }

    // The history has rows of deleted documents, and no other list has.
    let accounts = account_ids.into_iter();
    let all = accounts.flat_map(|id| documents.of_account(id).iter().copied());
    let is_there = |index: &DocumentIndex| {
        of.is_of_history()
            || documents
                .header(*index)
                .is_some_and(|header| !header.deleted)
    };
    Some(sorted(all.filter(is_there)))
}

/// Documents in the order of creation, each once.
fn sorted(documents: impl Iterator<Item = DocumentIndex>) -> Vec<DocumentIndex> {
    let mut documents: Vec<_> = documents.collect();
    sort_by(&mut documents, Ord::cmp);
    documents.dedup();
    documents
}

/// Whether kept numbers tell about the rows of a query: documents as they are, unless they are named.
pub(in crate::query) const fn reads_columns(query: &Query, is_named: bool) -> bool {
    query.of.documents().is_some() && query.as_of.is_none() && !is_named
}

/// What is done with each row; a break ends it.
type Each<'e> = dyn FnMut(RowIndex) -> ControlFlow<()> + 'e;

/// The rows of a query.
pub(in crate::query) struct Scan<'s> {
    scope: &'s Scope<'s>,
    query: &'s Query,
    filter: &'s Filter<'s>,
    /// The documents that the filter names, if it does.
    named: Option<&'s NamedDocuments>,
    /// The first line or entry of the log.
    first: u32,
}

impl<'s> Scan<'s> {
    pub(in crate::query) const fn new(
        scope: &'s Scope<'s>,
        query: &'s Query,
        filter: &'s Filter<'s>,
        named: Option<&'s NamedDocuments>,
    ) -> Self {
        Self {
            scope,
            query,
            filter,
            named,
            first: 0,
        }
    }

    fn documents(&self) -> &'s Documents {
        self.scope.context.documents
    }

    /// Whether the rows come in the order of the query.
    pub(in crate::query) fn is_in_order(&self) -> bool {
        if !self.query.sort.is_empty() || self.query.page.is_backwards() {
            return false;
        }

        match self.query.of {
            // Lines are ordered by the numbers of their documents, which need not rise as these were made.
            RowKind::Item | RowKind::TaxItem => {
                self.named.is_some_and(|named| named.documents.len() <= 1)
            }
            RowKind::Application | RowKind::ApplicationItem => true,
            _ => false,
        }
    }

    /// Leaves out rows that come before a place of the order; returns how many of them there may be.
    pub(in crate::query) fn skip_to(&mut self, position: &[Operand]) -> usize {
        if !self.is_in_order() {
            return 0;
        }

        // The values of the default order: positions are counted from 1, and what is left out has been on a page.
        let first = match (self.query.of, position) {
            (RowKind::Item | RowKind::TaxItem, [number, id, Operand::Whole(line)])
                if self.is_of(number, id) =>
            {
                *line
            }
            (RowKind::Application | RowKind::ApplicationItem, [Operand::Whole(entry), ..]) => {
                entry.saturating_sub(1)
            }
            _ => return 0,
        };

        self.first = u32::try_from(first).unwrap_or_default();
        usize::try_from(self.first).unwrap_or(usize::MAX)
    }

    /// Whether rows in order are those of the document of this number and identifier. A cursor may be of another one
    /// that was deleted since, whose lines say nothing about these.
    fn is_of(&self, number: &Operand, id: &Operand) -> bool {
        let named = self.named.and_then(|named| named.documents.first());
        let header = named.and_then(|&index| self.documents().header(index));
        header.is_some_and(|header| number.is_text(&header.number) && id.is_text(&header.id))
    }

    /// Calls `each` with the rows that meet the filter, except some that a bound shows to be behind the page.
    pub(in crate::query) fn for_each(&self, course: Course<'_>, each: &mut Each<'_>) {
        // It does not matter whether a break ended it.
        let _ = match self.query.of.documents() {
            Some(kinds) if reads_columns(self.query, self.named.is_some()) => {
                self.each_by_columns(kinds, course, each)
            }
            documents => self.each_possible(documents, &mut |row| {
                if self.filter.is_met(self.scope, row) {
                    each(row)
                } else {
                    ControlFlow::Continue(())
                }
            }),
        };
    }

    /// The documents of these kinds that meet the filter; few of them are read.
    fn each_by_columns(
        &self,
        kinds: Kinds,
        course: Course<'_>,
        each: &mut Each<'_>,
    ) -> ControlFlow<()> {
        self.filter
            .each_document(self.scope, kinds, course, &mut |document| {
                let row = RowIndex::of(document);
                if self.filter.is_met(self.scope, row) {
                    each(row)
                } else {
                    ControlFlow::Continue(())
                }
            })
    }

    /// The rows before they are filtered; `documents`: the kinds of documents that they are, if they are documents.
    fn each_possible(&self, documents: Option<Kinds>, each: &mut Each<'_>) -> ControlFlow<()> {
        if let Some(kinds) = documents {
            return self.each_of_kinds(kinds, each);
        }

        match self.query.of {
            RowKind::Item | RowKind::TaxItem => {
                self.each_document(&mut |index, document| self.each_line(index, document, each))
            }
            RowKind::Part => self.each_part(&mut |row, _| each(row)),
            RowKind::PartItem => {
                self.each_part(&mut |row, part| each_inside(row, part.items().len(), each))
            }
            RowKind::Application => self.each_entry(&mut |row, settlement| {
                let count = settlement.applications().len();
                each_inside(row, count, each)
            }),
            RowKind::ApplicationItem => self.each_entry(&mut |row, settlement| {
                each_inside(row, settlement.items().len(), each)
            }),
            _ => self.scope.derived_rows().try_for_each(each),
        }
    }

    /// The documents of these kinds.
    fn each_of_kinds(&self, kinds: Kinds, each: &mut Each<'_>) -> ControlFlow<()> {
        self.each_document(&mut |index, document| {
            if kinds.has(document.header().kind) {
                each(RowIndex::of(index))
            } else {
                ControlFlow::Continue(())
            }
        })
    }

    /// The documents that can have rows.
    fn each_document(
        &self,
        each: &mut dyn FnMut(DocumentIndex, &'s Document) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        // A document that is dated later was not there yet.
        let mut each = |(index, document): (DocumentIndex, &'s Document)| {
            if self.scope.as_of.has(document.header()) {
                each(index, document)
            } else {
                ControlFlow::Continue(())
            }
        };

        let documents = self.documents();
        match self.named {
            None => documents.iter().try_for_each(&mut each),
            Some(named) => {
                let named = named.documents.iter();
                let mut named = named.filter_map(|&index| Some((index, documents.get(index)?)));
                named.try_for_each(&mut each)
            }
        }
    }

    /// The items or tax items of a document.
    fn each_line(
        &self,
        index: DocumentIndex,
        document: &Document,
        each: &mut Each<'_>,
    ) -> ControlFlow<()> {
        let wants_taxes = self.query.of == RowKind::TaxItem;
        let first = LineIndex(self.first);
        let lines = document.lines().get(first.get()..).unwrap_or_default();

        for (line_index, line) in (first.0..).zip(lines) {
            // The whole of a payment or refund is a line, and neither an item nor a tax item.
            let is_wanted = if wants_taxes {
                line.detail.is_tax()
            } else {
                line.detail.record().is_some()
            };
            if is_wanted {
                each(RowIndex::within(index, line_index))?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The rows of parts, and the parts.
    fn each_part(
        &self,
        each: &mut dyn FnMut(RowIndex, &Part) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let documents = self.documents();
        let mut each = |source: DocumentIndex, target: DocumentIndex, part: &Part| {
            each(RowIndex::within(source, target.number()), part)
        };

        let Some(named) = self.named else {
            let mut parts = documents.parts();
            return parts.try_for_each(|(source, target, part)| each(source, target, part));
        };

        // An account owns the sources: of parts between two accounts there are none.
        for &document in &named.documents {
            match named.role {
                Role::Owner | Role::Account => documents
                    .parts_of(document)
                    .try_for_each(|(target, part)| each(document, target, part))?,
                Role::Target => documents
                    .parts_to(document)
                    .into_iter()
                    .try_for_each(|(source, part)| each(source, document, part))?,
            }
        }
        ControlFlow::Continue(())
    }

    /// The rows of entries of the history, and what they settled.
    fn each_entry(
        &self,
        each: &mut dyn FnMut(RowIndex, &Settlement) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let documents = self.documents();
        let mut places = documents.places_of_versions(&wanted_versions(self.query));
        places.start = places.start.max(self.first);

        let named = self.named.map(|named| named.entries(documents, &places));
        match named {
            Some(named) => self.each_entry_at(named.into_iter(), each),
            None => self.each_entry_at(places, each),
        }
    }

    /// The same of the entries at some places.
    fn each_entry_at(
        &self,
        mut places: impl Iterator<Item = u32>,
        each: &mut dyn FnMut(RowIndex, &Settlement) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let log = self.documents().log();
        places.try_for_each(|place| {
            let index = usize::try_from(place).unwrap_or(usize::MAX);
            let Some(entry) = log.get(index) else {
                return ControlFlow::Continue(());
            };
            let row = RowIndex::within(entry.settlement.source, place);
            each(row, &entry.settlement)
        })
    }
}

/// The rows of `count` things inside another row.
fn each_inside(row: RowIndex, count: usize, each: &mut Each<'_>) -> ControlFlow<()> {
    for (item, _) in (0..).zip(0..count) {
        each(RowIndex { item, ..row })?;
    }
    ControlFlow::Continue(())
}
