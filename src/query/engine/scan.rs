//! Which rows there are, before they are filtered: as few as the filter lets be looked at.

use crate::document::{Document, DocumentIndex, Documents, Kind, LineIndex, Part};
use crate::order::sort_by;
use crate::query::cell::Operand;
use crate::query::engine::column::{Course, SortColumn};
use crate::query::engine::filter::Filter;
use crate::query::field::RowKind;
use crate::query::scope::{Row, Scope};
use crate::query::{PageStart, Query};
use std::ops::ControlFlow;

/// The documents that a filter names by their identifiers, so that no others need be looked through.
pub(in crate::query) struct NamedDocuments {
    /// The condition that names them.
    pub condition: usize,
    /// Which documents of the rows they are.
    role: Role,
    /// Each once, in the order of creation.
    documents: Vec<DocumentIndex>,
}

/// What a document is to a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The document of the row; of a part its source.
    Own,
    /// The target of a part.
    Target,
}

/// The documents that a query names, if it does: by the condition that names the fewest.
pub(in crate::query) fn named(scope: &Scope<'_>, query: &Query) -> Option<NamedDocuments> {
    let names: &[(&str, Role)] = match query.of {
        RowKind::Document(_) => &[("id", Role::Own)],
        RowKind::Item | RowKind::TaxItem => &[("documentId", Role::Own)],
        RowKind::Part | RowKind::PartItem => &[("sourceId", Role::Own), ("targetId", Role::Target)],
        // The history knows deleted documents, whose identifiers others may have now.
        RowKind::Application | RowKind::Account => &[],
    };
    let conditions = query.filter.iter().enumerate();
    let all = conditions.flat_map(|(place, condition)| {
        names.iter().filter_map(move |&(name, role)| {
            Some(NamedDocuments {
                condition: place,
                role,
                documents: found(scope, condition.texts(name)?),
            })
        })
    });
    all.min_by_key(|named| named.documents.len())
}

/// The documents of these identifiers that there are.
fn found<'q>(scope: &Scope<'_>, ids: impl Iterator<Item = &'q str>) -> Vec<DocumentIndex> {
    let mut found: Vec<_> = ids
        .filter_map(|id| scope.context.documents.find(id))
        .collect();
    sort_by(&mut found, Ord::cmp);
    found.dedup();
    found
}

/// Whether kept numbers tell of the rows of a query: documents as they are, unless they are named.
pub(in crate::query) const fn is_kept(query: &Query, is_named: bool) -> bool {
    matches!(query.of, RowKind::Document(_)) && query.as_of.is_none() && !is_named
}

/// What is done with each row; a break ends it.
type Each<'e> = dyn FnMut(Row) -> ControlFlow<()> + 'e;

/// The rows of a query, before its filter.
pub(in crate::query) struct Scan<'s> {
    scope: &'s Scope<'s>,
    query: &'s Query,
    filter: &'s Filter<'s>,
    accounts: &'s [Row],
    /// The documents that the filter names, if it does.
    named: Option<&'s NamedDocuments>,
    /// The first line or entry of the log.
    from: u32,
}

impl<'s> Scan<'s> {
    pub(in crate::query) fn new(
        scope: &'s Scope<'s>,
        query: &'s Query,
        filter: &'s Filter<'s>,
        accounts: &'s [Row],
        named: Option<&'s NamedDocuments>,
    ) -> Self {
        Self {
            scope,
            query,
            filter,
            accounts,
            named,
            from: 0,
        }
    }

    fn documents(&self) -> &'s Documents {
        self.scope.context.documents
    }

    /// Whether the rows come in the order of the query.
    pub(in crate::query) fn is_in_order(&self) -> bool {
        let is_ordered = match self.query.of {
            RowKind::Item | RowKind::TaxItem => {
                self.named.is_some_and(|named| named.documents.len() <= 1)
            }
            RowKind::Application => true,
            RowKind::Document(_) | RowKind::Part | RowKind::PartItem | RowKind::Account => false,
        };
        let is_backwards = matches!(self.query.page.at, PageStart::Before(_));
        is_ordered && self.query.sort.is_empty() && !is_backwards
    }

    /// Leaves rows out that come before a place of the order, and returns how many of them there may be.
    pub(in crate::query) fn skip_to(&mut self, position: &[Operand]) -> usize {
        let place = match (self.query.of, position) {
            (RowKind::Item | RowKind::TaxItem, [number, id, Operand::Whole(line)])
                if self.is_of(number, id) =>
            {
                *line
            }
            (RowKind::Application, [Operand::Whole(entry), ..]) => entry.saturating_sub(1),
            _ => return 0,
        };
        if !self.is_in_order() {
            return 0;
        }
        self.from = u32::try_from(place).unwrap_or_default();
        usize::try_from(self.from).unwrap_or(usize::MAX)
    }

    /// Whether rows in order are those of the document of this number and identifier. A cursor may be of another one
    /// that was deleted since, whose lines say nothing about these.
    fn is_of(&self, number: &Operand, id: &Operand) -> bool {
        let named = self.named.and_then(|named| named.documents.first());
        let header = named.and_then(|&index| self.documents().header(index));
        let is =
            |value: &Operand, text: &str| matches!(value, Operand::Text(own) if **own == *text);
        header.is_some_and(|header| is(number, &header.number) && is(id, &header.id))
    }

    /// The rows that meet the filter; some that a bound says are behind the page may be left out.
    pub(in crate::query) fn for_each(&self, course: Course<'_>, each: &mut Each<'_>) {
        let of = self.query.of;
        // That it ended early does not matter.
        let _ = match of {
            RowKind::Document(kind) if is_kept(self.query, self.named.is_some()) => {
                self.each_kept(kind, course, each)
            }
            _ => {
                let each: &mut Each<'_> = &mut |row| match self.filter.meets(self.scope, row) {
                    true => each(row),
                    false => ControlFlow::Continue(()),
                };
                match of {
                    RowKind::Document(kind) => {
                        self.each_document(&mut |index, document| match kind
                            .is_none_or(|kind| kind == document.header().kind)
                        {
                            true => each(Row::of(index)),
                            false => ControlFlow::Continue(()),
                        })
                    }
                    RowKind::Item | RowKind::TaxItem => {
                        self.each_document(&mut |index, document| {
                            self.each_line(index, document, of == RowKind::TaxItem, each)
                        })
                    }
                    RowKind::Part => self.each_part(&mut |row, _| each(row)),
                    RowKind::PartItem => self.each_part(&mut |row, items| {
                        (0..items).try_for_each(|item| each(Row { item, ..row }))
                    }),
                    RowKind::Application => self.each_application(each),
                    RowKind::Account => self.accounts.iter().try_for_each(|&row| each(row)),
                }
            }
        };
    }

    /// The documents of a kind that meet the filter; few of them are read.
    fn each_kept(
        &self,
        kind: Option<Kind>,
        course: Course<'_>,
        each: &mut Each<'_>,
    ) -> ControlFlow<()> {
        self.filter.each_kept(
            &SortColumn::of_kinds(self.scope),
            &SortColumn::wanted_kinds(kind),
            course,
            &mut |place| {
                let row = Row::of(place);
                if self.filter.meets(self.scope, row) {
                    each(row)
                } else {
                    ControlFlow::Continue(())
                }
            },
        )
    }

    fn each_document(
        &self,
        each: &mut dyn FnMut(DocumentIndex, &'s Document) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let day = self.query.as_of;
        let mut each = |index, document: &'s Document| {
            // What is dated later was not there yet.
            if day.is_some_and(|day| document.header().date > day) {
                return ControlFlow::Continue(());
            }
            each(index, document)
        };
        match self.named {
            None => self
                .documents()
                .iter()
                .try_for_each(|(index, document)| each(index, document)),
            Some(named) => named
                .documents
                .iter()
                .filter_map(|&index| Some((index, self.documents().get(index)?)))
                .try_for_each(|(index, document)| each(index, document)),
        }
    }

    fn each_line(
        &self,
        index: DocumentIndex,
        document: &Document,
        taxes: bool,
        each: &mut Each<'_>,
    ) -> ControlFlow<()> {
        let lines = document
            .lines()
            .get(LineIndex(self.from).get()..)
            .unwrap_or_default();
        for (place, line) in (self.from..).zip(lines) {
            let wanted = if taxes {
                line.detail.is_tax()
            } else {
                line.detail.record().is_some()
            };
            if wanted {
                each(Row {
                    place,
                    ..Row::of(index)
                })?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The rows of parts, with the number of items of each.
    fn each_part(&self, each: &mut dyn FnMut(Row, u32) -> ControlFlow<()>) -> ControlFlow<()> {
        let documents = self.documents();
        let mut each = |source: DocumentIndex, target: DocumentIndex, part: &Part| {
            let items = u32::try_from(part.items().len()).unwrap_or(u32::MAX);
            let place = target.number();
            each(
                Row {
                    place,
                    ..Row::of(source)
                },
                items,
            )
        };
        let Some(named) = self.named else {
            return documents
                .parts()
                .try_for_each(|(source, target, part)| each(source, target, part));
        };
        named
            .documents
            .iter()
            .try_for_each(|&one| match named.role {
                Role::Own => documents
                    .parts_of(one)
                    .try_for_each(|(target, part)| each(one, target, part)),
                Role::Target => documents
                    .parts_to(one)
                    .into_iter()
                    .try_for_each(|(source, part)| each(source, one, part)),
            })
    }

    fn each_application(&self, each: &mut Each<'_>) -> ControlFlow<()> {
        let log = self.documents().log();
        let entries = log.get(LineIndex(self.from).get()..).unwrap_or_default();
        (self.from..).zip(entries).try_for_each(|(place, entry)| {
            let document = entry.settlement.source;
            let applications =
                u32::try_from(entry.settlement.applications().len()).unwrap_or(u32::MAX);
            (0..applications).try_for_each(|item| {
                each(Row {
                    document,
                    place,
                    item,
                })
            })
        })
    }
}
