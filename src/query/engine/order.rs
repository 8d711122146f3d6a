//! The order of rows, and the few of many that a page needs.

use crate::bytes::Writer;
use crate::order::sort_by;
use crate::query::cell::{FieldValue, Operand};
use crate::query::engine::column::{Bound, KeyKind, SortColumn, is_exact};
use crate::query::engine::filter::Selector;
use crate::query::field::{FieldType, RowKind};
use crate::query::scope::{Row, RowReader, Scope};
use crate::query::{PageStart, Query};
use std::cell::{Cell as Shared, OnceCell};
use std::cmp::Ordering;

/// A field by which rows are ordered.
#[derive(Clone, Debug)]
pub struct SortKey {
    /// The field. Nothing comes before anything.
    pub by: Selector,
    /// From the last to the first.
    pub descending: bool,
    /// Digits in texts count by the number that they write.
    pub natural: bool,
}

impl SortKey {
    const fn make(&self) -> KeyKind {
        if self.natural {
            KeyKind::NaturalHead
        } else {
            KeyKind::Head
        }
    }

    #[inline]
    fn compare(&self, a: &FieldValue<'_>, b: &FieldValue<'_>) -> Ordering {
        self.directed(if self.natural {
            a.compare_naturally(b)
        } else {
            a.compare(b)
        })
    }

    /// An order of cells in the direction of the key.
    const fn directed(&self, order: Ordering) -> Ordering {
        if self.descending {
            order.reverse()
        } else {
            order
        }
    }

    pub(in crate::query) fn write(&self, writer: &mut Writer) {
        self.by.write(writer);
        writer.byte(u8::from(self.descending));
        writer.byte(u8::from(self.natural));
    }
}

/// An order in which no two rows are level.
pub(in crate::query) struct RowOrder {
    keys: Vec<OrderKey>,
    /// From the end: what a page before a cursor needs.
    is_backwards: bool,
}

/// A key of an order.
struct OrderKey {
    sort: SortKey,
    /// Whether numbers of its field can be kept for the rows that are ordered.
    is_kept: bool,
    /// These numbers. They are made when they are first asked for: most orders are decided by their first key, and
    /// those who are level in it by the second.
    column: OnceCell<Option<SortColumn>>,
}

impl OrderKey {
    fn column(&self, scope: &Scope<'_>) -> Option<&SortColumn> {
        let make = || SortColumn::of(scope, &self.sort.by, self.sort.make());
        self.column
            .get_or_init(|| self.is_kept.then(make).flatten())
            .as_ref()
    }

    /// By their numbers, as far as these tell rows apart; else by what the rows hold.
    fn compare(&self, scope: &Scope<'_>, a: Row, b: Row) -> Ordering {
        let column = self.column(scope);
        let numbers =
            column.and_then(|column| Some((column.get(a.document)?, column.get(b.document)?)));
        if let Some((a, b)) = numbers {
            let order = self.sort.directed(a.cmp(&b));
            if order.is_ne() || self.is_decided_by(a) {
                return order;
            }
        }

        let (Some(a), Some(b)) = (scope.at(a), scope.at(b)) else {
            return Ordering::Equal;
        };
        self.sort
            .compare(&self.sort.by.get(&a), &self.sort.by.get(&b))
    }

    /// Whether cells that both have this number are equal. The number of a text is its first bytes: if the last of them
    /// is zero, there are no others, as labels have no such byte.
    fn is_decided_by(&self, number: u128) -> bool {
        let holds = self.sort.by.field.holds;
        let is_whole_text = number != 0 && number.to_be_bytes().ends_with(&[0]);
        is_exact(holds) || (holds == FieldType::Label && !self.sort.natural && is_whole_text)
    }
}

/// A row, and a number by which most of them can be told apart.
#[derive(Clone, Copy)]
pub(in crate::query) struct RankedRow {
    head: u128,
    pub row: Row,
}

impl RankedRow {
    /// A row that is not compared.
    pub(in crate::query) const fn unordered(row: Row) -> Self {
        Self { head: 0, row }
    }
}

impl RowOrder {
    pub(in crate::query) fn new(query: &Query, is_kept: bool) -> Self {
        let mut keys = query.sort.clone();
        for &(name, descending) in query.of.default_order() {
            let Some(field) = query.of.field(name, query.as_of.is_some()) else {
                continue;
            };
            let by = Selector {
                field,
                custom: None,
            };
            if !keys.iter().any(|key| key.by.is(&by)) {
                keys.push(SortKey {
                    by,
                    descending,
                    natural: false,
                });
            }
        }
        let keys = keys.into_iter().map(|sort| OrderKey {
            sort,
            is_kept,
            column: OnceCell::new(),
        });
        Self {
            keys: keys.collect(),
            is_backwards: matches!(query.page.at, PageStart::Before(_)),
        }
    }

    /// The number of a first cell, in the direction of the order.
    pub(in crate::query) fn head(&self, first: &FieldValue<'_>) -> u128 {
        self.directed(|key| key.make().number(first))
    }

    fn directed(&self, number: impl FnOnce(&SortKey) -> u128) -> u128 {
        match self.keys.first().map(|key| &key.sort) {
            // Custom fields hold cells of different sorts.
            Some(key) if key.by.custom.is_none() => number(key) ^ self.mask(key),
            _ => 0,
        }
    }

    /// What turns the numbers of the first key round, where it must.
    const fn mask(&self, first: &SortKey) -> u128 {
        if first.descending == self.is_backwards {
            0
        } else {
            u128::MAX
        }
    }

    /// What leaves documents out that are behind a limit.
    pub(in crate::query) fn bound<'q>(
        &'q self,
        scope: &Scope<'_>,
        limit: &'q Shared<u128>,
    ) -> Option<Bound<'q>> {
        let first = self.keys.first()?;
        Some(Bound {
            column: first.column(scope)?,
            mask: self.mask(&first.sort),
            limit,
        })
    }

    /// Whether documents that were made later mostly come earlier in the order, as do numbers that rise when the last
    /// ones are asked for: looked through from the end, they soon fill the page, and few others have to be compared.
    ///
    /// A sample decides. It changes how long a page takes, and nothing else.
    pub(in crate::query) fn is_better_from_the_end(&self, scope: &Scope<'_>, of: RowKind) -> bool {
        const SAMPLE: u32 = 32;
        let RowKind::Document(kind) = of else {
            return false;
        };
        let count = scope.context.documents.next_index();
        let half = count
            .filter(|_| self.is_kept())
            .map_or(0, |count| count.0 / 2);
        let step = usize::try_from(half / SAMPLE).unwrap_or_default().max(1);
        let (kinds, wanted) = (SortColumn::of_kinds(scope), SortColumn::wanted_kinds(kind));
        let mut votes = 0_i32;
        for place in (0..half).step_by(step) {
            let [first, second] = [place, place.saturating_add(half)]
                .map(|place| kinds.near(place, &wanted).map(Row::of));
            let (Some(first), Some(second)) = (first, second) else {
                continue;
            };
            votes = match self.compare_rows(scope, first, second) {
                Ordering::Less => votes.saturating_sub(1),
                Ordering::Equal => votes,
                Ordering::Greater => votes.saturating_add(1),
            };
        }
        votes > 0
    }

    fn is_kept(&self) -> bool {
        self.keys.first().is_some_and(|key| key.is_kept)
    }

    #[inline]
    pub(in crate::query) fn candidate(&self, scope: &Scope<'_>, row: Row) -> RankedRow {
        let column = self.keys.first().and_then(|key| key.column(scope));
        let kept = column.and_then(|column| column.get(row.document));
        let read = |key: &SortKey| {
            scope
                .at(row)
                .map_or(0, |at| key.make().number(&key.by.get(&at)))
        };
        RankedRow {
            head: self.directed(|key| kept.unwrap_or_else(|| read(key))),
            row,
        }
    }

    #[inline]
    pub(in crate::query) fn compare(
        &self,
        scope: &Scope<'_>,
        a: &RankedRow,
        b: &RankedRow,
    ) -> Ordering {
        a.head
            .cmp(&b.head)
            .then_with(|| self.compare_rows(scope, a.row, b.row))
    }

    #[inline(never)]
    fn compare_rows(&self, scope: &Scope<'_>, a: Row, b: Row) -> Ordering {
        self.first_of(self.keys.iter().map(|key| key.compare(scope, a, b)))
    }

    /// What keys say one after another, in the direction of the order.
    fn first_of(&self, mut orders: impl Iterator<Item = Ordering>) -> Ordering {
        let order = orders
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal);
        if self.is_backwards {
            order.reverse()
        } else {
            order
        }
    }

    /// Whether a row comes before or after a place between rows.
    pub(in crate::query) fn compare_position(
        &self,
        scope: &Scope<'_>,
        candidate: &RankedRow,
        head: u128,
        position: &[Operand],
    ) -> Ordering {
        candidate.head.cmp(&head).then_with(|| {
            let Some(at) = scope.at(candidate.row) else {
                return Ordering::Equal;
            };
            let keys = self.keys.iter().map(|key| &key.sort).zip(position);
            self.first_of(keys.map(|(key, value)| key.compare(&key.by.get(&at), &value.cell())))
        })
    }

    /// Where a row is in the order.
    pub(in crate::query) fn position(&self, at: &RowReader<'_>) -> Vec<Operand> {
        self.keys
            .iter()
            .map(|key| key.sort.by.get(at).to_value())
            .collect()
    }

    pub(in crate::query) const fn is_backwards(&self) -> bool {
        self.is_backwards
    }

    pub(in crate::query) const fn len(&self) -> usize {
        self.keys.len()
    }
}

/// The rows of a page among those that come along, in little more memory than the rows up to its end take.
pub(in crate::query) struct TopRows<'q> {
    scope: &'q Scope<'q>,
    order: &'q RowOrder,
    /// The rows before the page.
    skip: usize,
    /// The rows of the page.
    want: usize,
    is_in_order: bool,
    kept: Vec<RankedRow>,
    /// The last row that can be on the page, once there are enough: what comes behind it is not kept.
    last: Option<RankedRow>,
    /// What has a larger number than that row.
    limit: &'q Shared<u128>,
}

impl<'q> TopRows<'q> {
    /// `want` rows behind the first `skip`; `is_in_order`: they come along in the order.
    ///
    /// `limit` begins as the largest number that there is.
    pub(in crate::query) const fn new(
        scope: &'q Scope<'q>,
        order: &'q RowOrder,
        skip: usize,
        want: usize,
        is_in_order: bool,
        limit: &'q Shared<u128>,
    ) -> Self {
        Self {
            scope,
            order,
            skip,
            want,
            is_in_order,
            kept: Vec::new(),
            last: None,
            limit,
        }
    }

    /// Whether rows that come along in the order are enough.
    pub(in crate::query) const fn is_full(&self) -> bool {
        self.kept.len() >= self.want
    }

    #[inline]
    pub(in crate::query) fn add(&mut self, candidate: RankedRow) {
        if self.is_in_order {
            if self.skip > 0 {
                self.skip = self.skip.saturating_sub(1);
            } else if !self.is_full() {
                self.kept.push(candidate);
            }
        } else if self.may_be_on_page(&candidate) {
            self.kept.push(candidate);
            // Rarely, so that each row is looked at a few times alone.
            if self.kept.len() >= self.end().saturating_mul(2).saturating_add(500) {
                self.leave_out();
            }
        }
    }

    /// The rows up to the end of the page.
    const fn end(&self) -> usize {
        self.skip.saturating_add(self.want)
    }

    #[inline]
    fn may_be_on_page(&self, candidate: &RankedRow) -> bool {
        self.last
            .is_none_or(|last| self.order.compare(self.scope, candidate, &last).is_lt())
    }

    /// Leaves out what is behind the page by now.
    fn leave_out(&mut self) {
        let compare = |a: &RankedRow, b: &RankedRow| self.order.compare(self.scope, a, b);
        let end = self.end();
        first(&mut self.kept, end, &compare);
        self.kept.truncate(end);
        self.last = self.kept.iter().copied().max_by(compare);
        self.limit
            .set(self.last.map_or(u128::MAX, |last| last.head));
    }

    /// `size` rows of the page, and whether there are more behind them.
    pub(in crate::query) fn page(mut self, size: usize) -> (Vec<Row>, bool) {
        let count = self.kept.len();
        let start = self.skip.min(count);
        let end = start.saturating_add(size).min(count);
        if !self.is_in_order {
            bring_into_place(&mut self.kept, start, end, &|a, b| {
                self.order.compare(self.scope, a, b)
            });
        }
        let page = self.kept.get(start..end).unwrap_or_default();
        (
            page.iter().map(|candidate| candidate.row).collect(),
            end < count,
        )
    }
}

/// Brings the items that belong at `start..end` in the order there, sorted. The others stay in any order on their side.
///
/// This is selection by halves, with a pivot of three and no randomness. Should a list be made to defeat it, it is
/// sorted.
fn bring_into_place<T: Copy>(
    items: &mut [T],
    start: usize,
    end: usize,
    compare: &dyn Fn(&T, &T) -> Ordering,
) {
    first(items, start, compare);
    let Some(after) = items.get_mut(start..) else {
        return;
    };
    let count = end.saturating_sub(start);
    first(after, count, compare);
    if let Some(wanted) = after.get_mut(..count) {
        sort_by(wanted, compare);
    }
}

/// Brings the first `count` items of the order to the front.
fn first<T: Copy>(items: &mut [T], count: usize, compare: &dyn Fn(&T, &T) -> Ordering) {
    let (mut items, mut count) = (items, count);
    // Each round halves the list if all goes well.
    let mut rounds = items
        .len()
        .checked_ilog2()
        .unwrap_or_default()
        .saturating_mul(2);
    while count > 0 && count < items.len() {
        if rounds == 0 || items.len() <= 8 {
            return sort_by(items, compare);
        }
        rounds = rounds.saturating_sub(1);
        let less = partition(items, compare);
        // The pivot is at `less`.
        if count <= less {
            items = items.get_mut(..less).unwrap_or_default();
        } else {
            let after = less.saturating_add(1);
            count = count.saturating_sub(after);
            items = items.get_mut(after..).unwrap_or_default();
        }
    }
}

/// Moves smaller items in front of one of the items and the others behind it. Returns its new place.
fn partition<T: Copy>(items: &mut [T], compare: &dyn Fn(&T, &T) -> Ordering) -> usize {
    let last = items.len().saturating_sub(1);
    let at = |place: usize| items.get(place).copied();
    let (Some(a), Some(b), Some(c)) = (at(0), at(last / 2), at(last)) else {
        return 0;
    };
    let is_less = |a: &T, b: &T| compare(a, b).is_lt();
    let (pivot, place) = match (is_less(&a, &b), is_less(&b, &c), is_less(&a, &c)) {
        (true, true, _) | (false, false, _) => (b, last / 2),
        (true, false, true) | (false, true, false) => (c, last),
        (true, false, false) | (false, true, true) => (a, 0),
    };
    items.swap(place, last);
    let mut less = 0_usize;
    for place in 0..last {
        if items.get(place).is_some_and(|item| is_less(item, &pivot)) {
            items.swap(less, place);
            less = less.saturating_add(1);
        }
    }
    items.swap(less, last);
    less
}

#[cfg(test)]
mod tests {
    use super::bring_into_place;

    /// Numbers from a linear congruential generator.
    fn numbers(count: usize, modulo: u32) -> Vec<u32> {
        let mut state = 7_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % modulo
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn the_wanted_items_are_those_of_the_sorted_list() {
        for count in [0, 1, 2, 7, 8, 9, 50, 333] {
            let ascending: Vec<u32> = (0..count).map(|n| u32::try_from(n).unwrap()).collect();
            let descending = ascending.iter().rev().copied().collect();
            let organ = ascending
                .iter()
                .copied()
                .chain(ascending.iter().rev().copied())
                .collect();
            for list in [
                numbers(count, 1000),
                numbers(count, 3),
                ascending,
                descending,
                organ,
                vec![5; count],
            ] {
                let mut sorted = list.clone();
                sorted.sort_unstable();
                for (start, end) in [
                    (0, 0),
                    (0, 1),
                    (0, 20),
                    (3, 9),
                    (40, 60),
                    (count / 2, count),
                    (count, count + 5),
                ] {
                    let (start, end) = (start.min(list.len()), end.min(list.len()));
                    let mut items = list.clone();
                    bring_into_place(&mut items, start, end, &|a, b| a.cmp(b));
                    assert_eq!(
                        items[start..end],
                        sorted[start..end],
                        "{list:?} {start}..{end}"
                    );
                }
            }
        }
    }

    #[test]
    fn no_list_makes_it_slow() {
        // Falling and rising lists, and many of one number, are where selection by halves is slow without care.
        let count = 20_000;
        for list in [
            vec![1; count],
            (0..20_000).rev().collect(),
            numbers(count, 2),
        ] {
            let compared = std::cell::Cell::new(0_u32);
            let mut items: Vec<u32> = list;
            bring_into_place(&mut items, 10_000, 10_020, &|a, b| {
                compared.set(compared.get() + 1);
                a.cmp(b)
            });
            assert!(compared.get() < 20_000 * 80, "{}", compared.get());
        }
    }
}
