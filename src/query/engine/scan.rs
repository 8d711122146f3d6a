//! Finds the rows that a query may return. Uses the filter to look at as few documents as possible.

use crate::document::{Document, DocumentIndex, Documents, Kinds, LineIndex, Part, Settlement};
use crate::order::sort_by;
use crate::query::cell::Operand;
use crate::query::engine::column::Course;
use crate::query::engine::filter::Filter;
use crate::query::kind::RowKind;
use crate::query::request::Query;
use crate::query::scope::{RowIndex, Scope};
use std::ops::ControlFlow;

/// The documents that a condition names by their identifiers, so that no others need be looked through.
pub(in crate::query) struct NamedDocuments {
    /// The index of the condition that names them.
    pub condition: usize,
    /// What they are to the rows.
    role: Role,
    /// Each once, in the order of creation.
    documents: Vec<DocumentIndex>,
}

/// What a document is to a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The document of the row; of a part its source.
    Owner,
    /// The target of a part.
    Target,
}

impl NamedDocuments {
    /// The documents that a query names, if it does: by the condition that names the fewest.
    pub(in crate::query) fn of(scope: &Scope<'_>, query: &Query) -> Option<Self> {
        let conditions = query.filter.iter().enumerate();
        let named = conditions.flat_map(|(index, condition)| {
            let fields = naming_fields(query.of).iter();
            fields.filter_map(move |&(name, role)| {
                Some(Self {
                    condition: index,
                    role,
                    documents: find(scope, condition.texts(name)?),
                })
            })
        });
        named.min_by_key(|named| named.documents.len())
    }
}

/// The fields that name a document of a row by its identifier.
const fn naming_fields(of: RowKind) -> &'static [(&'static str, Role)] {
    match of {
        RowKind::Item | RowKind::TaxItem => &[("documentId", Role::Owner)],
        RowKind::Part | RowKind::PartItem => {
            &[("sourceId", Role::Owner), ("targetId", Role::Target)]
        }
        // The history knows deleted documents, whose identifiers others may have now.
        RowKind::Application
        | RowKind::ApplicationItem
        | RowKind::Account
        | RowKind::Ageing
        | RowKind::Statement => &[],
        RowKind::Invoice
        | RowKind::CreditMemo
        | RowKind::DebitMemo
        | RowKind::Payment
        | RowKind::Refund
        | RowKind::Document => &[("id", Role::Owner)],
    }
}

/// The documents that have these identifiers.
fn find<'q>(scope: &Scope<'_>, ids: impl Iterator<Item = &'q str>) -> Vec<DocumentIndex> {
    let documents = scope.context.documents;
    let mut found: Vec<_> = ids.filter_map(|id| documents.find(id)).collect();
    sort_by(&mut found, Ord::cmp);
    found.dedup();
    found
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
        for &document in &named.documents {
            match named.role {
                Role::Owner => documents
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
        let first = usize::try_from(self.first).unwrap_or(usize::MAX);
        let entries = self.documents().log().get(first..).unwrap_or_default();
        for (entry_index, entry) in (self.first..).zip(entries) {
            let row = RowIndex::within(entry.settlement.source, entry_index);
            each(row, &entry.settlement)?;
        }
        ControlFlow::Continue(())
    }
}

/// The rows of `count` things inside another row.
fn each_inside(row: RowIndex, count: usize, each: &mut Each<'_>) -> ControlFlow<()> {
    for (item, _) in (0..).zip(0..count) {
        each(RowIndex { item, ..row })?;
    }
    ControlFlow::Continue(())
}
