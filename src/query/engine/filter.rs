//! What rows must meet.

use crate::bytes::Writer;
use crate::document::DocumentIndex;
use crate::error::{Error, Path, Reason, Result};
use crate::order::sort_by;
use crate::query::Query;
use crate::query::cell::{FieldValue, Operand};
use crate::query::engine::column::{
    Bound, Course, KeyKind, KeyRange, Numbers, Selection, SortColumn, is_exact,
};
use crate::query::field::{Field, FieldType};
use crate::query::scope::{Row, RowReader, Scope};
use std::cmp::Ordering;
use std::ops::ControlFlow;

/// The number that orders texts tells those of fewer bytes apart from all others.
const HEAD: usize = 16;

/// The decimals that a currency can have.
const MAX_SCALE: u8 = 8;

/// A field, or one of the custom fields.
#[derive(Clone, Debug)]
pub struct Selector {
    /// The field.
    pub field: &'static Field,
    /// The name of the custom field, if the field holds those.
    pub custom: Option<Box<str>>,
}

impl Selector {
    /// What a row holds there.
    #[inline]
    pub(in crate::query) fn get<'s>(&self, at: &RowReader<'s>) -> FieldValue<'s> {
        let cell = self.field.get(at);
        match (&self.custom, cell) {
            (None, cell) => cell,
            (Some(name), FieldValue::Custom(custom)) => FieldValue::of_custom(custom, name),
            (Some(_), _) => FieldValue::Null,
        }
    }

    /// Whether both are the same.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.field.name == other.field.name && self.custom == other.custom
    }

    pub(in crate::query) fn write(&self, writer: &mut Writer) {
        writer.text(self.field.name);
        writer.optional(self.custom.as_deref(), Writer::text);
    }
}

/// One thing that rows must meet.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The field.
    pub by: Selector,
    /// How it is compared.
    pub op: Op,
    /// With what. [`Op::Is`]: any number of values, of which one has to be met. [`Op::IsNot`]: any number, none of
    /// which may be. All others: one; of several, each has to hold.
    pub values: Vec<Operand>,
}

/// How a field is compared. Nothing (`null`) is nothing, and neither less nor more than anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Equal by value to one of them.
    Is,
    /// Not equal.
    IsNot,
    /// Less.
    Less,
    /// Less or equal.
    AtMost,
    /// More.
    More,
    /// More or equal.
    AtLeast,
    /// A text that begins so.
    StartsWith,
    /// A text in which it occurs, whatever the case of ASCII letters.
    Contains,
}

impl Op {
    /// All of them with the name that they have outside.
    pub const ALL: [(&'static str, Self); 8] = [
        ("eq", Op::Is),
        ("ne", Op::IsNot),
        ("lt", Op::Less),
        ("lte", Op::AtMost),
        ("gt", Op::More),
        ("gte", Op::AtLeast),
        ("startsWith", Op::StartsWith),
        ("contains", Op::Contains),
    ];
}

impl Op {
    /// Whether it is compared with any number of values.
    const fn is_list(self) -> bool {
        matches!(self, Op::Is | Op::IsNot)
    }

    /// Whether a cell that compares so is in the range.
    const fn holds(self, order: Ordering) -> bool {
        match self {
            Op::Less => order.is_lt(),
            Op::AtMost => order.is_le(),
            Op::More => order.is_gt(),
            _ => order.is_ge(),
        }
    }
}

impl Condition {
    pub(in crate::query) fn write(&self, writer: &mut Writer) {
        self.by.write(writer);
        writer.count(
            Op::ALL
                .iter()
                .position(|(_, op)| *op == self.op)
                .unwrap_or_default(),
        );
        writer.count(self.values.len());
        self.values.iter().for_each(|value| value.write(writer));
    }

    /// Refuses a comparison with nothing: all rows would meet it.
    ///
    /// # Errors
    /// `missingField`.
    pub(in crate::query) fn check(&self) -> Result<()> {
        if self.op.is_list() || !self.values.is_empty() {
            return Ok(());
        }
        let filter = Path::Root.field("where");
        let path = filter.field(self.by.field.name);
        Err(Error::of(Reason::NothingToCompare {}, &path))
    }

    /// The texts of which a field must hold one.
    pub(in crate::query) fn texts(&self, name: &str) -> Option<impl Iterator<Item = &str>> {
        (self.op == Op::Is && self.by.field.name == name).then(|| {
            self.values.iter().filter_map(|value| match value {
                Operand::Text(text) => Some(&**text),
                _ => None,
            })
        })
    }
}

/// The conditions of a query, ready to be asked of many rows.
pub(in crate::query) struct Filter<'q>(Vec<Prepared<'q>>);

/// A condition, ready to be asked.
struct Prepared<'q> {
    condition: &'q Condition,
    /// What cells are compared with, as most of them compare in a step. In their order if one of them has to be met or
    /// none, so that a list of any length takes a few steps a row.
    values: Vec<FieldValue<'q>>,
    quick: Option<ColumnFilter>,
}

/// What the kept numbers of a field have to be: that decides most documents without reading them.
struct ColumnFilter {
    column: SortColumn,
    wanted: KeyRange,
    /// Whether the numbers decide all of them: equal numbers are equal cells, and only nothing has zero.
    is_exact: bool,
}

impl<'q> Filter<'q> {
    /// The conditions but the one at `but`, which all rows that come along meet. `is_kept`: rows are documents as kept
    /// numbers tell of them.
    pub(in crate::query) fn new(
        scope: &Scope<'_>,
        query: &'q Query,
        but: Option<usize>,
        is_kept: bool,
    ) -> Self {
        let scale = scope.context.settings.currency.scale();
        let prepare = |(_, condition): (usize, &'q Condition)| {
            let scaled = |value: &'q Operand| match condition.by.field.holds {
                FieldType::Decimal => value.scaled(scale).or_else(|| value.scaled(MAX_SCALE)),
                _ => None,
            };
            let cell = |value: &'q Operand| scaled(value).unwrap_or_else(|| value.cell());
            let mut values: Vec<_> = condition.values.iter().map(cell).collect();
            if condition.op.is_list() {
                sort_by(&mut values, FieldValue::compare);
            }
            let quick = if is_kept {
                ColumnFilter::new(scope, condition, &values)
            } else {
                None
            };
            Prepared {
                condition,
                values,
                quick,
            }
        };
        let conditions = query
            .filter
            .iter()
            .enumerate()
            .filter(|(place, _)| Some(*place) != but);
        Self(conditions.map(prepare).collect())
    }

    /// What kept numbers have to be, once for each range of a column. What leaves the fewest of a sample of documents
    /// is asked first. Also returns whether few are left.
    fn quick(&self, count: usize) -> (Vec<(&SortColumn, KeyRange)>, bool) {
        const SAMPLE: usize = 100;
        const FEW: usize = 12;
        let mut all: Vec<(&SortColumn, KeyRange)> = Vec::new();
        for ColumnFilter { column, wanted, .. } in
            self.0.iter().filter_map(|prepared| prepared.quick.as_ref())
        {
            let same = all.iter_mut().find_map(|(known, own)| {
                if known.is(column) {
                    own.and(wanted)
                } else {
                    None
                }
            });
            if same.is_none() {
                all.push((column, wanted.clone()));
            }
        }
        let left = |column: &SortColumn, wanted: &KeyRange| {
            let mut sample = Selection::sample(count, SAMPLE);
            column.narrow(&mut sample, wanted);
            sample.found().len()
        };
        let mut all: Vec<_> = all
            .into_iter()
            .map(|(column, own)| (left(column, &own), (column, own)))
            .collect();
        sort_by(&mut all, |(a, _), (b, _)| a.cmp(b));
        let leaves_few = all.first().is_some_and(|(left, _)| *left <= FEW);
        (
            all.into_iter().map(|(_, quick)| quick).collect(),
            leaves_few,
        )
    }

    /// The documents of wanted kinds that kept numbers do not rule out, nor that a bound says are behind the page.
    pub(in crate::query) fn each_kept(
        &self,
        kinds: &SortColumn,
        is_wanted: &KeyRange,
        Course {
            bound,
            from_the_end,
        }: Course<'_>,
        each: &mut dyn FnMut(DocumentIndex) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (mut quick, leaves_few) = self.quick(kinds.len());
        // Where the page is ordered by a column that is filtered too, both are one range, and the first to be asked.
        let is_both = |bound: Bound<'_>| {
            quick.iter().position(|(column, wanted)| {
                bound.column.is(column) && matches!(wanted, KeyRange::Within(..))
            })
        };
        let both = bound.and_then(is_both);
        if let Some(first) = both.and_then(|place| quick.get_mut(..=place)) {
            first.rotate_right(1);
        }
        Selection::each(kinds.len(), from_the_end, &mut |places| {
            let mut range = bound.and_then(|bound| Some((bound.column, bound.wanted()?)));
            if let Some((column, range)) = range.take_if(|_| both.is_none() && !leaves_few) {
                column.narrow(places, &range);
            }
            for (column, wanted) in &quick {
                match range.take() {
                    Some((_, mut range)) if both.is_some() => {
                        _ = range.and(wanted);
                        column.narrow(places, &range);
                    }
                    // Behind a filter that leaves few, the rest of the page is soon ruled out.
                    range => {
                        column.narrow(places, wanted);
                        range
                            .iter()
                            .for_each(|(column, range)| column.narrow(places, range));
                    }
                }
            }
            kinds.narrow(places, is_wanted);
            let mut found = places.found().iter();
            if from_the_end {
                found.rev().try_for_each(|&place| each(place))
            } else {
                found.try_for_each(|&place| each(place))
            }
        })
    }

    /// Whether a row meets what [`Filter::each_kept`] has not decided.
    #[inline]
    pub(in crate::query) fn meets(&self, scope: &Scope<'_>, row: Row) -> bool {
        self.0.iter().all(|prepared| {
            let is_decided = prepared.quick.as_ref().is_some_and(|quick| quick.is_exact);
            is_decided || scope.at(row).is_some_and(|at| prepared.meets(&at))
        })
    }
}

impl Prepared<'_> {
    #[inline(never)]
    fn meets(&self, at: &RowReader<'_>) -> bool {
        let cell = self.condition.by.get(at);
        match self.condition.op {
            Op::Is => self.has(&cell),
            Op::IsNot => !self.has(&cell),
            op => self.values.iter().all(|value| compares(op, &cell, value)),
        }
    }

    /// Whether one of the values is equal to a cell.
    fn has(&self, cell: &FieldValue<'_>) -> bool {
        self.values
            .binary_search_by(|value| value.compare(cell))
            .is_ok()
    }
}

impl ColumnFilter {
    fn new(scope: &Scope<'_>, condition: &Condition, values: &[FieldValue<'_>]) -> Option<Self> {
        let holds = condition.by.field.holds;
        let is_range = !condition.op.is_list();
        // A number with more decimals than any currency has no place among amounts.
        let has_no_number = |value: &FieldValue<'_>| {
            matches!(value, FieldValue::Decimal(_)) || (is_range && value.is_null())
        };
        if matches!(condition.op, Op::StartsWith | Op::Contains) || values.iter().any(has_no_number)
        {
            return None;
        }
        let is_short = |value: &FieldValue<'_>| match value {
            FieldValue::Text(text) => text.len() < HEAD && !text.contains('\0'),
            _ => false,
        };
        let (make, is_exact) = match holds {
            holds if is_exact(holds) => (KeyKind::Head, true),
            FieldType::Label if !is_range && values.iter().all(is_short) => (KeyKind::Head, true),
            FieldType::Label | FieldType::Text if !is_range => (KeyKind::Hash, false),
            _ => (KeyKind::Head, false),
        };
        let column = SortColumn::of(scope, &condition.by, make)?;
        let mut numbers = values.iter().map(|value| make.number(value));
        let wanted = match condition.op {
            Op::Is if values.len() == 1 => numbers.next().map(|only| KeyRange::Within(only, only)),
            Op::Is => Some(KeyRange::Among(Numbers::new(numbers))),
            Op::IsNot if is_exact => Some(KeyRange::NotAmong(Numbers::new(numbers))),
            Op::IsNot => None,
            // An empty text has zero, as nothing does.
            op if values.len() == 1 => numbers
                .next()
                .map(|limit| KeyRange::range(op, limit, is_exact)),
            _ => None,
        };
        Some(Self {
            column,
            wanted: wanted?,
            is_exact,
        })
    }
}

fn compares(op: Op, cell: &FieldValue<'_>, with: &FieldValue<'_>) -> bool {
    if cell.is_null() || with.is_null() {
        return false;
    }
    match (op, cell, with) {
        (Op::StartsWith, FieldValue::Text(text), FieldValue::Text(start)) => {
            text.starts_with(start)
        }
        (Op::Contains, FieldValue::Text(text), FieldValue::Text(part)) => {
            contains(text.as_bytes(), part.as_bytes())
        }
        (Op::StartsWith | Op::Contains, ..) => false,
        _ => op.holds(cell.compare(with)),
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    part.is_empty()
        || text
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part))
}
