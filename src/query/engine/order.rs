//! The order of rows, and the few of many that a page needs.

use crate::command::settings::NumberOrder;
use crate::document::Kinds;
use crate::order::sort_by;
use crate::query::cell::{FieldValue, Operand};
use crate::query::condition::{Selector, SortKey};
use crate::query::engine::column::{Bound, KeyKind, KeyRange, SortColumn, is_exact};
use crate::query::field::FieldType;
use crate::query::request::Query;
use crate::query::scope::{RowIndex, RowReader, Scope};
use std::cell::{Cell as Shared, OnceCell};
use std::cmp::Ordering;

/// An order in which no two rows are level.
pub(in crate::query) struct RowOrder {
    keys: Vec<OrderKey>,
    /// From the end: what a page before a cursor needs.
    is_backwards: bool,
}

/// A key of an order.
struct OrderKey {
    by: Selector,
    descending: bool,
    natural: bool,
    /// Whether numbers of its field can be kept for the rows that are ordered.
    reads_column: bool,
    /// These numbers. They are made when they are first asked for: most orders are decided by their first key, and rows
    /// that are level in it by the second.
    column: OnceCell<Option<SortColumn>>,
}

impl OrderKey {
    /// Prepares a key. Numbers of documents are in the order of the book, unless the key says otherwise.
    fn new(sort: SortKey, numbers: NumberOrder, reads_column: bool) -> Self {
        let is_natural_number = sort.by.field.is_number && numbers == NumberOrder::Natural;
        Self {
            natural: sort.natural.unwrap_or(is_natural_number),
            descending: sort.descending,
            by: sort.by,
            reads_column,
            column: OnceCell::new(),
        }
    }

    /// Returns the kind of numbers that rise with the values of the key.
    const fn key_kind(&self) -> KeyKind {
        if self.natural {
            KeyKind::NaturalHead
        } else {
            KeyKind::Head
        }
    }

    /// Returns the kept numbers of the field, if it can have any.
    fn column(&self, scope: &Scope<'_>) -> Option<&SortColumn> {
        let column = self.column.get_or_init(|| {
            if self.reads_column {
                SortColumn::of(scope, &self.by, self.key_kind())
            } else {
                None
            }
        });
        column.as_ref()
    }

    /// The numbers of two rows.
    fn numbers(&self, scope: &Scope<'_>, a: RowIndex, b: RowIndex) -> Option<(u128, u128)> {
        let column = self.column(scope)?;
        Some((column.get(a.document)?, column.get(b.document)?))
    }

    /// Compares rows by their numbers, as far as these tell rows apart; else by their values.
    fn compare(&self, scope: &Scope<'_>, a: RowIndex, b: RowIndex) -> Ordering {
        if let Some((a, b)) = self.numbers(scope, a, b) {
            let order = self.directed(a.cmp(&b));
            if order.is_ne() || self.is_decided_by(a) {
                return order;
            }
        }

        let (Some(a), Some(b)) = (scope.row(a), scope.row(b)) else {
            return Ordering::Equal;
        };
        self.compare_values(&self.by.get(&a), &self.by.get(&b))
    }

    /// The order of two values in the direction of the key.
    #[inline]
    fn compare_values(&self, a: &FieldValue<'_>, b: &FieldValue<'_>) -> Ordering {
        let order = if self.natural {
            a.compare_naturally(b)
        } else {
            a.compare(b)
        };
        self.directed(order)
    }

    /// An order of values in the direction of the key.
    const fn directed(&self, order: Ordering) -> Ordering {
        if self.descending {
            order.reverse()
        } else {
            order
        }
    }

    /// Whether values that both have this number are equal. The number of a text is its first bytes: if the last of
    /// them is zero, there are no others, as labels have no such byte.
    fn is_decided_by(&self, number: u128) -> bool {
        let holds = self.by.field.holds;
        let is_whole_text = number != 0 && number.to_be_bytes().ends_with(&[0]);
        is_exact(holds) || (holds == FieldType::Label && !self.natural && is_whole_text)
    }
}

/// A row, and a number by which most of them can be told apart.
#[derive(Clone, Copy)]
pub(in crate::query) struct RankedRow {
    head: u128,
    pub row: RowIndex,
}

impl RankedRow {
    /// A row that is not compared.
    pub(in crate::query) const fn unordered(row: RowIndex) -> Self {
        Self { head: 0, row }
    }
}

impl RowOrder {
    /// The order of a query; `reads_columns`: kept numbers tell about its rows.
    pub(in crate::query) fn new(query: &Query, numbers: NumberOrder, reads_columns: bool) -> Self {
        let keys = order_of(query).into_iter();
        Self {
            keys: keys
                .map(|sort| OrderKey::new(sort, numbers, reads_columns))
                .collect(),
            is_backwards: query.page.is_backwards(),
        }
    }

    /// The number of a value of the first key, in the direction of the order.
    pub(in crate::query) fn head(&self, first: &FieldValue<'_>) -> u128 {
        match self.first_column_key() {
            Some(key) => key.key_kind().number(first) ^ self.mask(key),
            None => 0,
        }
    }

    /// The first key, if numbers tell of it. Custom fields hold values of different sorts.
    fn first_column_key(&self) -> Option<&OrderKey> {
        self.keys.first().filter(|key| key.by.custom.is_none())
    }

    /// Turns the numbers of the first key round, where the order is the other way.
    const fn mask(&self, first: &OrderKey) -> u128 {
        if first.descending == self.is_backwards {
            0
        } else {
            u128::MAX
        }
    }

    /// A bound that leaves documents out that are behind a limit.
    pub(in crate::query) fn bound<'q>(
        &'q self,
        scope: &Scope<'_>,
        limit: &'q Shared<u128>,
    ) -> Option<Bound<'q>> {
        let first = self.keys.first()?;
        Some(Bound {
            column: first.column(scope)?,
            mask: self.mask(first),
            limit,
        })
    }

    /// Whether documents that were made later mostly come earlier in the order, as do numbers that rise when the last
    /// ones are asked for: looked through from the end, they soon fill the page, and few others have to be compared.
    ///
    /// A sample decides. It changes how long a page takes, and nothing else.
    pub(in crate::query) fn is_better_from_the_end(
        &self,
        scope: &Scope<'_>,
        kinds: Option<Kinds>,
    ) -> bool {
        const SAMPLE: u32 = 32;
        let (Some(kinds), Some(count)) = (kinds, scope.context.documents.next_index()) else {
            return false;
        };
        if !self.keys.first().is_some_and(|key| key.reads_column) {
            return false;
        }

        // Pairs of documents, one of the first half of the book and one of the second, vote on which comes earlier.
        let (column, wanted) = (SortColumn::of_kinds(scope), SortColumn::wanted_kinds(kinds));
        let half = count.0 / 2;
        let step = usize::try_from(half / SAMPLE).unwrap_or_default().max(1);
        let mut votes = 0_i32;
        for index in (0..half).step_by(step) {
            let pair = [index, index.saturating_add(half)];
            votes = match self.compare_near(scope, pair, &column, &wanted) {
                Ordering::Less => votes.saturating_sub(1),
                Ordering::Equal => votes,
                Ordering::Greater => votes.saturating_add(1),
            };
        }
        votes > 0
    }

    /// Compares the first wanted documents near two indices.
    fn compare_near(
        &self,
        scope: &Scope<'_>,
        indices: [u32; 2],
        kinds: &SortColumn,
        wanted: &KeyRange,
    ) -> Ordering {
        match indices.map(|index| kinds.near(index, wanted)) {
            [Some(first), Some(second)] => {
                self.compare_rows(scope, RowIndex::of(first), RowIndex::of(second))
            }
            _ => Ordering::Equal,
        }
    }

    /// A row with its number.
    #[inline]
    pub(in crate::query) fn rank(&self, scope: &Scope<'_>, row: RowIndex) -> RankedRow {
        let Some(key) = self.first_column_key() else {
            return RankedRow::unordered(row);
        };

        let kept = key
            .column(scope)
            .and_then(|column| column.get(row.document));
        let number = match kept {
            Some(number) => number,
            None => scope
                .row(row)
                .map_or(0, |row| key.key_kind().number(&key.by.get(&row))),
        };

        RankedRow {
            head: number ^ self.mask(key),
            row,
        }
    }

    /// Compares two rows by their numbers, and by all keys where these agree.
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

    /// Compares two rows key by key.
    #[inline(never)]
    fn compare_rows(&self, scope: &Scope<'_>, a: RowIndex, b: RowIndex) -> Ordering {
        self.first_of(self.keys.iter().map(|key| key.compare(scope, a, b)))
    }

    /// The order of the first key that has one, in the direction of the whole.
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
        ranked: &RankedRow,
        head: u128,
        position: &[Operand],
    ) -> Ordering {
        let by_head = ranked.head.cmp(&head);
        if by_head.is_ne() {
            return by_head;
        }

        // The row of the cursor may be gone, so there are only its values to compare with, and no kept numbers.
        let Some(row) = scope.row(ranked.row) else {
            return Ordering::Equal;
        };
        let keys = self.keys.iter().zip(position);
        self.first_of(keys.map(|(key, value)| key.compare_values(&key.by.get(&row), &value.cell())))
    }

    /// The place of a row in the order: its value in each key.
    pub(in crate::query) fn position(&self, row: &RowReader<'_>) -> Vec<Operand> {
        self.keys
            .iter()
            .map(|key| key.by.get(row).to_operand())
            .collect()
    }

    pub(in crate::query) const fn len(&self) -> usize {
        self.keys.len()
    }
}

/// The keys of a query, and behind them those of the default order, which leave no two rows level.
fn order_of(query: &Query) -> Vec<SortKey> {
    let mut keys = query.sort.clone();
    for &(name, descending) in query.of.default_order() {
        let Some(field) = query.of.field(name, query.as_of.is_some()) else {
            continue;
        };
        let by = Selector {
            field,
            custom: None,
        };

        // A field that the query orders by already leaves no rows level for a second time.
        if !keys.iter().any(|key| key.by.is(&by)) {
            keys.push(SortKey {
                by,
                descending,
                natural: None,
            });
        }
    }
    keys
}

/// The rows of a page among all that come, in little more memory than the rows up to its end take.
pub(in crate::query) struct TopRows<'q> {
    scope: &'q Scope<'q>,
    order: &'q RowOrder,
    /// The rows before the page.
    skip: usize,
    /// The rows of the page.
    want: usize,
    is_in_order: bool,
    kept: Vec<RankedRow>,
    /// The last row that can be on the page, once there are enough: rows behind it are not kept.
    last: Option<RankedRow>,
    /// The number of that row: rows with a larger one are behind it.
    limit: &'q Shared<u128>,
}

impl<'q> TopRows<'q> {
    /// `want` rows behind the first `skip`; `is_in_order`: they come in the order.
    ///
    /// `limit` starts as the largest number that there is.
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

    /// Whether rows that come in the order are enough.
    pub(in crate::query) const fn is_full(&self) -> bool {
        self.kept.len() >= self.want
    }

    /// Takes a row, if it can be on the page.
    #[inline]
    pub(in crate::query) fn add(&mut self, ranked: RankedRow) {
        if self.is_in_order {
            self.append(ranked);
            return;
        }
        if !self.may_be_on_page(&ranked) {
            return;
        }

        self.kept.push(ranked);
        // Rarely, so that each row is looked at a few times alone.
        if self.kept.len() >= self.end().saturating_mul(2).saturating_add(500) {
            self.leave_out();
        }
    }

    /// Adds a row that comes behind all others.
    fn append(&mut self, ranked: RankedRow) {
        if self.skip > 0 {
            self.skip = self.skip.saturating_sub(1);
        } else if !self.is_full() {
            self.kept.push(ranked);
        }
    }

    /// The rows up to the end of the page.
    const fn end(&self) -> usize {
        self.skip.saturating_add(self.want)
    }

    /// Whether a row comes before the last one that can be on the page.
    #[inline]
    fn may_be_on_page(&self, ranked: &RankedRow) -> bool {
        self.last
            .is_none_or(|last| self.order.compare(self.scope, ranked, &last).is_lt())
    }

    /// Leaves out the rows that are behind the page by now.
    fn leave_out(&mut self) {
        let (order, scope, end) = (self.order, self.scope, self.end());
        bring_to_front(&mut self.kept, end, &|a, b| order.compare(scope, a, b));
        self.kept.truncate(end);

        let kept = self.kept.iter().copied();
        self.last = kept.max_by(|a, b| order.compare(scope, a, b));
        self.limit
            .set(self.last.map_or(u128::MAX, |last| last.head));
    }

    /// `size` rows of the page, and whether there are more behind them.
    pub(in crate::query) fn page(mut self, size: usize) -> (Vec<RowIndex>, bool) {
        let count = self.kept.len();
        let start = self.skip.min(count);
        let end = start.saturating_add(size).min(count);
        if !self.is_in_order {
            let (order, scope) = (self.order, self.scope);
            bring_into_place(&mut self.kept, start, end, &|a, b| {
                order.compare(scope, a, b)
            });
        }

        let page = self.kept.get(start..end).unwrap_or_default();
        (page.iter().map(|ranked| ranked.row).collect(), end < count)
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
    // First the rows before the page, then those of the page among all others: only these are sorted.
    bring_to_front(items, start, compare);
    let Some(after) = items.get_mut(start..) else {
        return;
    };
    let count = end.saturating_sub(start);
    bring_to_front(after, count, compare);

    if let Some(wanted) = after.get_mut(..count) {
        sort_by(wanted, compare);
    }
}

/// Brings the first `count` items of the order to the front.
fn bring_to_front<T: Copy>(items: &mut [T], count: usize, compare: &dyn Fn(&T, &T) -> Ordering) {
    let (mut items, mut count) = (items, count);

    // Each round halves the list if all goes well. Twice that number, and the list was made to defeat it.
    let halvings = items.len().checked_ilog2().unwrap_or_default();
    let mut rounds = halvings.saturating_mul(2);

    while count > 0 && count < items.len() {
        if rounds == 0 || items.len() <= 8 {
            return sort_by(items, compare);
        }
        rounds = rounds.saturating_sub(1);

        let pivot = partition(items, compare);
        if count <= pivot {
            items = items.get_mut(..pivot).unwrap_or_default();
        } else {
            let after = pivot.saturating_add(1);
            count = count.saturating_sub(after);
            items = items.get_mut(after..).unwrap_or_default();
        }
    }
}

/// Puts the items that come before one of them in front of it and the others behind; returns the index of that item.
fn partition<T: Copy>(items: &mut [T], compare: &dyn Fn(&T, &T) -> Ordering) -> usize {
    let last = items.len().saturating_sub(1);
    let Some(pivot_index) = median_index(items, [0, last / 2, last], compare) else {
        return 0;
    };
    items.swap(pivot_index, last);
    let Some(&pivot) = items.get(last) else {
        return 0;
    };

    // The pivot waits at the end, until it is known how many items come before it.
    let mut less = 0_usize;
    for index in 0..last {
        if items
            .get(index)
            .is_some_and(|item| compare(item, &pivot).is_lt())
        {
            items.swap(less, index);
            less = less.saturating_add(1);
        }
    }
    items.swap(less, last);
    less
}

/// The index of the middle one of three items.
fn median_index<T: Copy>(
    items: &[T],
    indices: [usize; 3],
    compare: &dyn Fn(&T, &T) -> Ordering,
) -> Option<usize> {
    let [first, middle, last] = indices;
    let [Some(a), Some(b), Some(c)] = indices.map(|index| items.get(index)) else {
        return None;
    };

    // Whether the first is before the middle, the middle before the last, and the first before the last.
    let is_rising = [(a, b), (b, c), (a, c)].map(|(x, y)| compare(x, y).is_lt());
    Some(match is_rising {
        [true, true, _] | [false, false, _] => middle,
        [true, false, true] | [false, true, false] => last,
        [true, false, false] | [false, true, true] => first,
    })
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
