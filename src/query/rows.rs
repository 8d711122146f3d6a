//! Which rows there are, before they are filtered: as few as the filter lets be looked at.

use super::cell::Value;
use super::column::{Column, Course, Wanted};
use super::field::Of;
use super::filter::Filter;
use super::scope::{Row, Scope};
use super::{Condition, Place, Query};
use crate::document::{Document, DocumentIndex, Documents, Kind, LineIndex};
use crate::order::sort_by;
use std::ops::ControlFlow;

/// The condition that names the documents of all rows (of parts their sources), if there is one, and these documents.
///
/// They are found by their identifiers, so that a list of these takes time with its own length alone.
pub(super) fn named(scope: &Scope<'_>, query: &Query) -> Option<(usize, Vec<DocumentIndex>)> {
    let name = match query.of {
        Of::Document(_) => "id",
        Of::Item | Of::TaxItem => "documentId",
        Of::Part | Of::PartItem => "sourceId",
        // The history knows deleted documents, whose identifiers others may have now.
        Of::Application | Of::Account => return None,
    };
    let find = |condition: &Condition| {
        let ids = condition.texts(name)?;
        let mut found: Vec<_> = ids
            .filter_map(|id| scope.context.documents.find(id))
            .collect();
        sort_by(&mut found, Ord::cmp);
        // Who is named twice is one row all the same.
        found.dedup();
        Some(found)
    };
    query
        .filter
        .iter()
        .enumerate()
        .find_map(|(place, condition)| Some((place, find(condition)?)))
}

/// Whether kept numbers tell of the rows of a query: documents as they are, unless they are named.
pub(super) const fn is_kept(query: &Query, is_named: bool) -> bool {
    matches!(query.of, Of::Document(_)) && query.as_of.is_none() && !is_named
}

/// What is done with each row; a break ends it.
type Each<'e> = dyn FnMut(Row) -> ControlFlow<()> + 'e;

/// The rows of a query, before its filter.
pub(super) struct Scan<'s> {
    scope: &'s Scope<'s>,
    query: &'s Query,
    filter: &'s Filter<'s>,
    accounts: &'s [Row],
    /// The documents that the filter names, if it does: of the rows, or the sources of parts.
    named: Option<&'s [DocumentIndex]>,
    /// The first line or entry of the log.
    from: u32,
}

impl<'s> Scan<'s> {
    pub(super) fn new(
        scope: &'s Scope<'s>,
        query: &'s Query,
        filter: &'s Filter<'s>,
        accounts: &'s [Row],
        named: Option<&'s [DocumentIndex]>,
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
    pub(super) fn is_in_order(&self) -> bool {
        let is_ordered = match self.query.of {
            Of::Item | Of::TaxItem => self.named.is_some_and(|named| named.len() <= 1),
            Of::Application => true,
            Of::Document(_) | Of::Part | Of::PartItem | Of::Account => false,
        };
        let is_backwards = matches!(self.query.page.at, Place::Before(_));
        is_ordered && self.query.sort.is_empty() && !is_backwards
    }

    /// Leaves rows out that come before a place of the order; answers how many of them there may be.
    pub(super) fn skip_to(&mut self, position: &[Value]) -> usize {
        let place = match (self.query.of, position) {
            (Of::Item | Of::TaxItem, [.., Value::Whole(line)]) => *line,
            (Of::Application, [Value::Whole(entry), ..]) => entry.saturating_sub(1),
            _ => return 0,
        };
        if !self.is_in_order() {
            return 0;
        }
        self.from = u32::try_from(place).unwrap_or_default();
        usize::try_from(self.from).unwrap_or(usize::MAX)
    }

    /// The rows that meet the filter; some that a bound says are behind the page may be left out.
    pub(super) fn for_each(&self, course: Course<'_>, each: &mut Each<'_>) {
        let of = self.query.of;
        // That it ended early does not matter.
        let _ = match of {
            Of::Document(kind) if is_kept(self.query, self.named.is_some()) => {
                self.each_kept(kind, course, each)
            }
            _ => {
                let each: &mut Each<'_> = &mut |row| match self.filter.meets(self.scope, row) {
                    true => each(row),
                    false => ControlFlow::Continue(()),
                };
                match of {
                    Of::Document(kind) => self.each_document(&mut |index, document| match kind
                        .is_none_or(|kind| kind == document.header().kind)
                    {
                        true => each(Row::of(index)),
                        false => ControlFlow::Continue(()),
                    }),
                    Of::Item | Of::TaxItem => self.each_document(&mut |index, document| {
                        self.each_line(index, document, of == Of::TaxItem, each)
                    }),
                    Of::Part => self.each_part(&mut |row, _| each(row)),
                    Of::PartItem => self.each_part(&mut |row, items| {
                        (0..items).try_for_each(|item| each(Row { item, ..row }))
                    }),
                    Of::Application => self.each_application(each),
                    Of::Account => self.accounts.iter().try_for_each(|&row| each(row)),
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
        // Deleted documents have the largest number.
        let is_wanted = match kind.and_then(Column::of_kind) {
            Some(number) => Wanted::Within(number, number),
            None => Wanted::Within(0, u128::MAX.saturating_sub(1)),
        };
        self.filter.each_kept(
            &Column::of_kinds(self.scope),
            &is_wanted,
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
        let mut of = |source: DocumentIndex| {
            self.documents()
                .parts_of(source)
                .try_for_each(|(target, part)| {
                    let items = u32::try_from(part.items().len()).unwrap_or(u32::MAX);
                    each(
                        Row {
                            place: target.number(),
                            ..Row::of(source)
                        },
                        items,
                    )
                })
        };
        match self.named {
            Some(named) => named.iter().try_for_each(|&source| of(source)),
            None => self
                .documents()
                .iter()
                .try_for_each(|(source, _)| of(source)),
        }
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
