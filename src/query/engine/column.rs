//! Kept numbers of documents: a hundred thousand documents are filtered and ordered by them without reading one.

use crate::document::{Document, DocumentIndex, Kind, Kinds};
use crate::order::places_by_head;
use crate::query::cell::FieldValue;
use crate::query::condition::{Op, Selector};
use crate::query::field::FieldType;
use crate::query::scope::{RowIndex, Scope};
use std::cell::Cell as Shared;
use std::cmp::Ordering;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

/// A number for each document.
pub(in crate::query) struct SortColumn(Arc<Vec<u128>>);

/// What a number is made for.
#[derive(Clone, Copy)]
pub(in crate::query) enum KeyKind {
    /// To be ordered.
    Head,
    /// To be ordered as people count.
    NaturalHead,
    /// To be told apart.
    Hash,
}

impl KeyKind {
    #[inline]
    pub(in crate::query) fn number(self, value: &FieldValue<'_>) -> u128 {
        match self {
            KeyKind::Head => value.head(false),
            KeyKind::NaturalHead => value.head(true),
            KeyKind::Hash => value.hash(),
        }
    }

    const fn code(self) -> u8 {
        match self {
            KeyKind::Head => 0,
            KeyKind::NaturalHead => 1,
            KeyKind::Hash => 2,
        }
    }
}

/// Whether equal numbers to be ordered by are equal values of a field, and only nothing has zero.
pub(in crate::query) const fn is_exact(holds: FieldType) -> bool {
    matches!(
        holds,
        FieldType::Word(_)
            | FieldType::Date
            | FieldType::Boolean
            | FieldType::Amount
            | FieldType::Decimal
    )
}

impl SortColumn {
    /// The number of a deleted document in the column of kinds.
    const DELETED: u128 = u128::MAX;

    /// The numbers of a field, if they can be kept.
    pub(in crate::query) fn of(
        scope: &Scope<'_>,
        by: &Selector,
        key_kind: KeyKind,
    ) -> Option<Self> {
        if !by.field.is_cacheable || by.custom.is_some() {
            return None;
        }

        // Numbers are made of the documents as they are, also where the query asks about a day.
        let now = Scope::now(scope.context);
        let key = (by.field.name, key_kind.code());
        let documents = scope.context.documents;
        Some(Self(documents.column(key, &|document, _| {
            let row = now.row(RowIndex::of(document));
            row.map_or(0, |row| key_kind.number(&by.field.get(&row)))
        })))
    }

    /// The kinds of documents by their index in [`Kind::ALL`]; deleted ones have none.
    pub(in crate::query) fn of_kinds(scope: &Scope<'_>) -> Self {
        let documents = scope.context.documents;
        Self(documents.column(("", 0), &|_, document| Self::kind_of(document)))
    }

    /// Returns the number of a document in the column of kinds.
    fn kind_of(document: &Document) -> u128 {
        let header = document.header();
        if header.deleted {
            return Self::DELETED;
        }
        Self::number_of_kind(header.kind).unwrap_or(Self::DELETED)
    }

    fn number_of_kind(kind: Kind) -> Option<u128> {
        let index = Kind::ALL.iter().position(|known| *known == kind)?;
        u128::try_from(index).ok()
    }

    /// Returns the number of a document.
    #[inline]
    pub(in crate::query) fn get(&self, document: DocumentIndex) -> Option<u128> {
        self.0.get(document.get()).copied()
    }

    /// How many documents there are.
    pub(in crate::query) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether both are the same column.
    pub(in crate::query) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The numbers of one kind of documents, or of all that are not deleted.
    pub(in crate::query) fn wanted_kinds(kinds: Kinds) -> KeyRange {
        match kinds.only().and_then(Self::number_of_kind) {
            Some(number) => KeyRange::Within(number, number),
            None => KeyRange::Within(0, Self::DELETED.saturating_sub(1)),
        }
    }

    /// The first document that is wanted among the one at `index` and those right behind it.
    pub(in crate::query) fn near(&self, index: u32, wanted: &KeyRange) -> Option<DocumentIndex> {
        const NEAR: u32 = 16;
        let mut near = (index..index.saturating_add(NEAR)).map(DocumentIndex);
        near.find(|&index| self.get(index).is_some_and(|number| wanted.has(number)))
    }

    /// Leaves those documents whose number is wanted.
    pub(in crate::query) fn narrow(&self, selection: &mut Selection, wanted: &KeyRange) {
        match wanted {
            KeyRange::Within(least, most) => match most.checked_sub(*least) {
                Some(0) => self.keep(selection, |number| number == *least),
                // One comparison for both ends.
                Some(width) => self.keep(selection, |number| number.wrapping_sub(*least) <= width),
                None => self.keep(selection, |_| false),
            },
            KeyRange::Among(numbers) => self.keep(selection, |number| numbers.has(number)),
            KeyRange::NotAmong(numbers) => self.keep(selection, |number| !numbers.has(number)),
        }
    }

    /// Keeps the documents whose number `is_wanted`.
    ///
    /// Each is written down, and the next one over it unless it is wanted: a processor guesses wrongly which of many
    /// rows a filter lets pass, and that would cost more than all the rest.
    fn keep(&self, selection: &mut Selection, is_wanted: impl Fn(u128) -> bool) {
        let Selection { found, all_from } = selection;
        let mut kept = 0_usize;

        // The first column goes through neighbours, whose indices need not be read.
        if let Some(from) = all_from.take() {
            let numbers = self.0.get(from.get()..).unwrap_or_default();
            for (index, number) in (from.0..).zip(numbers.iter().take(found.len())) {
                if let Some(next) = found.get_mut(kept) {
                    *next = DocumentIndex(index);
                }
                kept = kept.wrapping_add(usize::from(is_wanted(*number)));
            }
        } else {
            for from in 0..found.len() {
                let Some(&index) = found.get(from) else {
                    break;
                };
                if let Some(next) = found.get_mut(kept) {
                    *next = index;
                }
                kept = kept.wrapping_add(usize::from(self.get(index).is_some_and(&is_wanted)));
            }
        }

        found.truncate(kept);
    }
}

/// Documents that are looked through together.
pub(in crate::query) struct Selection {
    found: Vec<DocumentIndex>,
    /// The first of them, as long as none has been left out and the others follow one by one.
    all_from: Option<DocumentIndex>,
}

impl Selection {
    /// Documents at a time: few enough that all that is done with them is done in the caches.
    const STRETCH: usize = 4096;

    /// `wanted` of `count` documents, or a few more, from all over.
    pub(in crate::query) fn sample(count: usize, wanted: usize) -> Self {
        let step = count.checked_div(wanted).unwrap_or_default().max(1);
        Self {
            found: (0..).map(DocumentIndex).take(count).step_by(step).collect(),
            all_from: None,
        }
    }

    /// All of `count` documents, stretch by stretch in the same memory; the last stretch first if `from_the_end`.
    pub(in crate::query) fn each(
        count: usize,
        from_the_end: bool,
        each: &mut dyn FnMut(&mut Self) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut selection = Self {
            found: Vec::with_capacity(count.min(Self::STRETCH)),
            all_from: None,
        };

        let stretches = count.div_ceil(Self::STRETCH);
        for passed in 0..stretches {
            let stretch = if from_the_end {
                stretches.saturating_sub(passed).saturating_sub(1)
            } else {
                passed
            };

            selection.fill(stretch.saturating_mul(Self::STRETCH), count);
            each(&mut selection)?;
        }
        ControlFlow::Continue(())
    }

    /// Takes the stretch that starts at `from`.
    fn fill(&mut self, from: usize, count: usize) {
        let length = count.saturating_sub(from).min(Self::STRETCH);
        self.found.resize(length, DocumentIndex(0));
        self.all_from = u32::try_from(from).ok().map(DocumentIndex);
    }

    /// The documents that are left, after at least one column has narrowed them.
    pub(in crate::query) fn found(&self) -> &[DocumentIndex] {
        &self.found
    }
}

/// A limit in the order of a column: documents behind it are behind the page.
#[derive(Clone, Copy)]
pub(in crate::query) struct Bound<'q> {
    /// The column that is the first key of the order.
    pub column: &'q SortColumn,
    /// All bits for an order from the last to the first.
    pub mask: u128,
    /// The limit as it is now: it only falls.
    pub limit: &'q Shared<u128>,
}

impl Bound<'_> {
    /// The numbers of documents that may be on the page, once that is known.
    pub(in crate::query) fn wanted(&self) -> Option<KeyRange> {
        let limit = self.limit.get();
        if limit == u128::MAX {
            return None;
        }

        // The limit is in the direction of the order, the numbers of a column are not.
        Some(if self.mask == 0 {
            KeyRange::Within(0, limit)
        } else {
            KeyRange::Within(!limit, u128::MAX)
        })
    }
}

/// How documents are looked through for a page.
#[derive(Clone, Copy)]
pub(in crate::query) struct Course<'q> {
    /// The end of the page, where rows behind it need not be counted.
    pub bound: Option<Bound<'q>>,
    /// Whether the documents that were made last come first.
    pub from_the_end: bool,
}

/// The numbers that are wanted.
#[derive(Clone)]
pub(in crate::query) enum KeyRange {
    /// From one number to another.
    Within(u128, u128),
    /// One of these.
    Among(Numbers),
    /// None of these.
    NotAmong(Numbers),
}

/// Numbers to look others up in. A list of any length takes a few steps a row, with any numbers in it. (A table by
/// hashes would be slower by far for a list that is made to defeat it.)
#[derive(Clone)]
pub(in crate::query) struct Numbers(Rc<[u128]>);

impl Numbers {
    /// Up to this number of them, they are compared one by one.
    const FEW: usize = 8;

    pub(in crate::query) fn new(numbers: impl Iterator<Item = u128>) -> Self {
        let numbers: Vec<_> = numbers.collect();
        let sorted = places_by_head(&numbers, &|_, _| Ordering::Equal);
        let sorted = sorted.into_iter();
        Self(
            sorted
                .filter_map(|index| numbers.get(index).copied())
                .collect(),
        )
    }

    #[inline]
    fn has(&self, number: u128) -> bool {
        if self.0.len() <= Self::FEW {
            self.0.contains(&number)
        } else {
            self.0.binary_search(&number).is_ok()
        }
    }
}

impl KeyRange {
    /// The range of a comparison with `limit`. Where numbers are exact, nothing (zero) is neither less nor more;
    /// elsewhere equal numbers may stand for different values.
    pub(in crate::query) fn of_comparison(op: Op, limit: u128, is_exact: bool) -> Self {
        let least = u128::from(is_exact);
        match op {
            Op::Less if is_exact => KeyRange::Within(least, limit.saturating_sub(1)),
            Op::Less | Op::AtMost => KeyRange::Within(least, limit),
            Op::More if is_exact => KeyRange::Within(limit.saturating_add(1), u128::MAX),
            _ => KeyRange::Within(limit.max(least), u128::MAX),
        }
    }

    fn has(&self, number: u128) -> bool {
        match self {
            KeyRange::Within(least, most) => (*least..=*most).contains(&number),
            KeyRange::Among(numbers) => numbers.has(number),
            KeyRange::NotAmong(numbers) => !numbers.has(number),
        }
    }

    /// Narrows this range to what another one has too; `false` if they are not both ranges.
    pub(in crate::query) fn narrow(&mut self, other: &Self) -> bool {
        let (KeyRange::Within(least, most), KeyRange::Within(other_least, other_most)) =
            (self, other)
        else {
            return false;
        };
        *least = (*least).max(*other_least);
        *most = (*most).min(*other_most);
        true
    }
}
