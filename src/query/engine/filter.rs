//! Decides which rows meet the conditions of a query.
//!
//! A condition on a field whose numbers are kept is decided by these for most documents, without reading them.

use crate::document::{DocumentIndex, Kinds};
use crate::order::sort_by;
use crate::query::cell::{FieldValue, Operand};
use crate::query::condition::{Condition, Op};
use crate::query::engine::column::{
    Bound, Course, KeyKind, KeyRange, Numbers, Selection, SortColumn, is_exact,
};
use crate::query::field::FieldType;
use crate::query::request::Query;
use crate::query::scope::{RowIndex, RowReader, Scope};
use std::ops::ControlFlow;

/// The number that orders texts tells those of fewer bytes apart from all others.
const HEAD: usize = 16;

/// The decimals that a currency can have.
const MAX_SCALE: u8 = 8;

/// The conditions of a query, prepared for many rows.
pub(in crate::query) struct Filter<'q>(Vec<PreparedCondition<'q>>);

/// A condition, prepared for many rows.
struct PreparedCondition<'q> {
    condition: &'q Condition,
    /// The values of the condition, in the form in which most fields compare with them in a step. Of a list, in their
    /// order, so that one of any length takes a few steps a row.
    values: Vec<FieldValue<'q>>,
    column: Option<ColumnFilter>,
}

/// The numbers that a document must have in a column.
struct ColumnFilter {
    column: SortColumn,
    wanted: KeyRange,
    /// Whether the numbers decide all documents: equal numbers are equal values, and only nothing has zero.
    is_exact: bool,
}

impl<'q> Filter<'q> {
    /// The conditions of a query, except the one at `decided`, which all rows meet that will be asked about.
    /// `reads_columns`: kept numbers tell about the rows.
    pub(in crate::query) fn new(
        scope: &Scope<'_>,
        query: &'q Query,
        decided: Option<usize>,
        reads_columns: bool,
    ) -> Self {
        let conditions = query.filter.iter().enumerate();
        let undecided = conditions.filter(|(index, _)| Some(*index) != decided);
        Self(
            undecided
                .map(|(_, condition)| PreparedCondition::new(scope, condition, reads_columns))
                .collect(),
        )
    }

    /// Calls `each` with the documents of these kinds that kept numbers do not rule out, and that no bound shows to be
    /// behind the page.
    pub(in crate::query) fn each_document(
        &self,
        scope: &Scope<'_>,
        kinds: Kinds,
        course: Course<'_>,
        each: &mut dyn FnMut(DocumentIndex) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let kind_column = SortColumn::of_kinds(scope);
        let wanted_kinds = SortColumn::wanted_kinds(kinds);
        let ranges = ColumnRanges::new(&self.0, kind_column.len(), course.bound);

        Selection::each(kind_column.len(), course.from_the_end, &mut |selection| {
            ranges.narrow(selection);
            kind_column.narrow(selection, &wanted_kinds);

            let mut found = selection.found().iter();
            if course.from_the_end {
                found.rev().try_for_each(|&index| each(index))
            } else {
                found.try_for_each(|&index| each(index))
            }
        })
    }

    /// Whether a row meets the conditions that [`Filter::each_document`] has not decided.
    #[inline]
    pub(in crate::query) fn is_met(&self, scope: &Scope<'_>, row: RowIndex) -> bool {
        self.0.iter().all(|prepared| {
            prepared.is_decided() || scope.row(row).is_some_and(|row| prepared.is_met(&row))
        })
    }
}

impl<'q> PreparedCondition<'q> {
    /// Prepares a condition.
    fn new(scope: &Scope<'_>, condition: &'q Condition, reads_columns: bool) -> Self {
        let scale = scope.context.settings.currency.scale();
        let holds = condition.by.field.holds;
        let values = condition.values.iter();
        let mut values: Vec<_> = values
            .map(|value| comparable(value, holds, scale))
            .collect();
        if condition.op.is_list() {
            sort_by(&mut values, FieldValue::compare);
        }

        // Rows that are named or of the past are read anyway: making a column for them would read all documents.
        let column = if reads_columns {
            ColumnFilter::new(scope, condition, &values)
        } else {
            None
        };
        Self {
            condition,
            values,
            column,
        }
    }

    /// Whether kept numbers decide the condition for every document.
    fn is_decided(&self) -> bool {
        self.column.as_ref().is_some_and(|column| column.is_exact)
    }

    /// Whether a row meets the condition by its value.
    #[inline(never)]
    fn is_met(&self, row: &RowReader<'_>) -> bool {
        let value = self.condition.by.get(row);
        match self.condition.op {
            Op::Is => self.has(&value),
            Op::IsNot => !self.has(&value),
            op => self.values.iter().all(|other| op.is_met(&value, other)),
        }
    }

    /// Whether a value is equal to one of the condition.
    fn has(&self, value: &FieldValue<'_>) -> bool {
        self.values
            .binary_search_by(|known| known.compare(value))
            .is_ok()
    }
}

/// A value in the form in which the field compares with it in a step: money as whole minor units.
fn comparable(value: &Operand, holds: FieldType, scale: u8) -> FieldValue<'_> {
    let amount = match holds {
        FieldType::Amount | FieldType::Decimal => {
            value.scaled(scale).or_else(|| value.scaled(MAX_SCALE))
        }
        _ => None,
    };
    amount.unwrap_or_else(|| value.cell())
}

impl ColumnFilter {
    /// The numbers that a condition wants; `None` if numbers cannot tell.
    fn new(scope: &Scope<'_>, condition: &Condition, values: &[FieldValue<'_>]) -> Option<Self> {
        if !has_numbers(condition.op, values) {
            return None;
        }

        let (key_kind, is_exact) = numbers_of(condition, values);
        let column = SortColumn::of(scope, &condition.by, key_kind)?;
        let numbers = values.iter().map(|value| key_kind.number(value));
        Some(Self {
            column,
            wanted: wanted(condition.op, numbers, is_exact)?,
            is_exact,
        })
    }
}

/// Whether the values of a condition have places among the numbers of a column.
fn has_numbers(op: Op, values: &[FieldValue<'_>]) -> bool {
    match op {
        Op::StartsWith | Op::Contains => false,
        _ => values.iter().all(|value| match value {
            // A number with more decimals than any currency has no place among amounts.
            FieldValue::Decimal(_) => false,
            FieldValue::Null => op.is_list(),
            _ => true,
        }),
    }
}

/// The kind of numbers by which a condition is decided, and whether they decide it for every document.
fn numbers_of(condition: &Condition, values: &[FieldValue<'_>]) -> (KeyKind, bool) {
    let (holds, is_list) = (condition.by.field.holds, condition.op.is_list());
    match holds {
        holds if is_exact(holds) => (KeyKind::Head, true),
        // Texts that are longer than a head, or have a zero at its end, share it with others. A hash is shared rarely.
        FieldType::Label if is_list && values.iter().all(is_short) => (KeyKind::Head, true),
        FieldType::Label | FieldType::Text if is_list => (KeyKind::Hash, false),
        _ => (KeyKind::Head, false),
    }
}

/// Whether no other text has the same head.
fn is_short(value: &FieldValue<'_>) -> bool {
    matches!(value, FieldValue::Text(text) if text.len() < HEAD && !text.contains('\0'))
}

/// The numbers that a comparison wants.
fn wanted(
    op: Op,
    mut numbers: impl ExactSizeIterator<Item = u128>,
    is_exact: bool,
) -> Option<KeyRange> {
    let is_one = numbers.len() == 1;
    match op {
        Op::Is if is_one => numbers
            .next()
            .map(|number| KeyRange::Within(number, number)),
        Op::Is => Some(KeyRange::Among(Numbers::new(numbers))),
        // A document whose number is shared may still have another value, so numbers alone cannot leave it out.
        Op::IsNot if is_exact => Some(KeyRange::NotAmong(Numbers::new(numbers))),
        Op::IsNot => None,
        op if is_one => numbers
            .next()
            .map(|limit| KeyRange::of_comparison(op, limit, is_exact)),
        _ => None,
    }
}

/// The ranges by which documents are narrowed, in the order in which this takes the least time.
struct ColumnRanges<'f> {
    /// One range for each column. The one that leaves the fewest documents comes first.
    filters: Vec<(&'f SortColumn, KeyRange)>,
    /// Whether the first of them leaves few documents.
    leaves_few: bool,
    bound: Option<Bound<'f>>,
    /// Whether the first filter is one of the bound's own column.
    filters_bound: bool,
}

impl<'f> ColumnRanges<'f> {
    fn new(
        conditions: &'f [PreparedCondition<'_>],
        document_count: usize,
        bound: Option<Bound<'f>>,
    ) -> Self {
        let (mut filters, leaves_few) = by_selectivity(joined(conditions), document_count);

        // Where the page is ordered by a column that is filtered too, both are one range, and the first to be asked.
        let shared = bound.and_then(|bound| {
            filters.iter().position(|(column, wanted)| {
                bound.column.is(column) && matches!(wanted, KeyRange::Within(..))
            })
        });
        if let Some(first) = shared.and_then(|index| filters.get_mut(..=index)) {
            first.rotate_right(1);
        }
        Self {
            filters,
            leaves_few,
            bound,
            filters_bound: shared.is_some(),
        }
    }

    /// Leaves those documents that every range has.
    fn narrow(&self, selection: &mut Selection) {
        let bound = self
            .bound
            .and_then(|bound| Some((bound.column, bound.wanted()?)));
        match bound {
            None => self.narrow_by(&self.filters, selection),
            Some((_, range)) if self.filters_bound => self.narrow_with_first(range, selection),
            // Behind a filter that leaves few, the rest of the page is soon ruled out.
            Some((column, range)) if self.leaves_few => {
                let (first, others) = self.filters.split_at_checked(1).unwrap_or_default();
                self.narrow_by(first, selection);
                column.narrow(selection, &range);
                self.narrow_by(others, selection);
            }
            Some((column, range)) => {
                column.narrow(selection, &range);
                self.narrow_by(&self.filters, selection);
            }
        }
    }

    /// The same where the first filter and the bound are of one column.
    fn narrow_with_first(&self, mut range: KeyRange, selection: &mut Selection) {
        if let Some(((column, wanted), others)) = self.filters.split_first() {
            range.narrow(wanted);
            column.narrow(selection, &range);
            self.narrow_by(others, selection);
        }
    }

    fn narrow_by(&self, filters: &[(&SortColumn, KeyRange)], selection: &mut Selection) {
        for (column, wanted) in filters {
            column.narrow(selection, wanted);
        }
    }
}

/// The ranges of all conditions, once for each range of a column.
fn joined<'f>(conditions: &'f [PreparedCondition<'_>]) -> Vec<(&'f SortColumn, KeyRange)> {
    let mut ranges: Vec<(&SortColumn, KeyRange)> = Vec::new();
    let filters = conditions
        .iter()
        .filter_map(|prepared| prepared.column.as_ref());
    for ColumnFilter { column, wanted, .. } in filters {
        let is_joined = ranges
            .iter_mut()
            .any(|(known, range)| known.is(column) && range.narrow(wanted));
        if !is_joined {
            ranges.push((column, wanted.clone()));
        }
    }
    ranges
}

/// The ranges with the one first that leaves the fewest documents of a sample, and whether that leaves few.
fn by_selectivity(
    ranges: Vec<(&SortColumn, KeyRange)>,
    document_count: usize,
) -> (Vec<(&SortColumn, KeyRange)>, bool) {
    const SAMPLE: usize = 100;
    const FEW: usize = 12;

    let mut counted = Vec::with_capacity(ranges.len());
    for (column, wanted) in ranges {
        let mut sample = Selection::sample(document_count, SAMPLE);
        column.narrow(&mut sample, &wanted);
        counted.push((sample.found().len(), (column, wanted)));
    }
    sort_by(&mut counted, |(a, _), (b, _)| a.cmp(b));

    let leaves_few = counted.first().is_some_and(|(left, _)| *left <= FEW);
    let ranges = counted.into_iter().map(|(_, range)| range);
    (ranges.collect(), leaves_few)
}
