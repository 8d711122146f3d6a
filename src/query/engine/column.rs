//! Kept numbers of documents: what lets a hundred thousand of them be filtered and ordered without reading them.

use crate::document::{Document, DocumentIndex, Header, Kind};
use crate::order::places_by_head;
use crate::query::cell::FieldValue;
use crate::query::engine::filter::{Op, Selector};
use crate::query::field::FieldType;
use crate::query::scope::{Row, Scope};
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
    pub(in crate::query) fn number(self, cell: &FieldValue<'_>) -> u128 {
        match self {
            KeyKind::Head => cell.head(false),
            KeyKind::NaturalHead => cell.head(true),
            KeyKind::Hash => cell.hash(),
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

/// Whether equal numbers to be ordered by are equal cells of a field, and only nothing has zero.
pub(in crate::query) const fn is_exact(holds: FieldType) -> bool {
    matches!(
        holds,
        FieldType::Word(_) | FieldType::Date | FieldType::Boolean | FieldType::Decimal
    )
}

impl SortColumn {
    /// The numbers of a field, if it is one of those that can be kept.
    pub(in crate::query) fn of(scope: &Scope<'_>, by: &Selector, make: KeyKind) -> Option<Self> {
        // Numbers are made of the documents as they are, whatever else is asked.
        let now = Scope::now(scope.context);
        let read = |document| {
            now.at(Row::of(document))
                .map_or(0, |at| make.number(&by.field.get(&at)))
        };
        (by.field.own && by.custom.is_none()).then(|| {
            let key = (by.field.name, make.code());
            Self(
                scope
                    .context
                    .documents
                    .column(key, &|document, _| read(document)),
            )
        })
    }

    /// The kinds of documents by their place in [`Kind::ALL`]; deleted ones have none.
    pub(in crate::query) fn of_kinds(scope: &Scope<'_>) -> Self {
        let number = |header: &Header| {
            if header.deleted {
                None
            } else {
                Self::of_kind(header.kind)
            }
        };
        let read = |_, document: &Document| number(document.header()).unwrap_or(u128::MAX);
        Self(scope.context.documents.column(("", 0), &read))
    }

    /// The number of a kind.
    pub(in crate::query) fn of_kind(kind: Kind) -> Option<u128> {
        Kind::ALL
            .iter()
            .position(|known| *known == kind)
            .and_then(|place| u128::try_from(place).ok())
    }

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

    /// The numbers of a kind of documents, or of all that are not deleted.
    pub(in crate::query) fn wanted_kinds(kind: Option<Kind>) -> KeyRange {
        match kind.and_then(Self::of_kind) {
            Some(number) => KeyRange::Within(number, number),
            // Deleted documents have the largest number.
            None => KeyRange::Within(0, u128::MAX.saturating_sub(1)),
        }
    }

    /// The first document that is wanted among those at `place` and right behind it.
    pub(in crate::query) fn near(&self, place: u32, wanted: &KeyRange) -> Option<DocumentIndex> {
        const NEAR: u32 = 16;
        (place..place.saturating_add(NEAR))
            .map(DocumentIndex)
            .find(|&index| self.get(index).is_some_and(|number| wanted.has(number)))
    }

    /// Leaves those documents whose number is wanted.
    pub(in crate::query) fn narrow(&self, places: &mut Selection, wanted: &KeyRange) {
        match wanted {
            KeyRange::Within(least, most) => match most.checked_sub(*least) {
                Some(0) => self.leave(places, |number| number == *least),
                // One comparison for both ends.
                Some(width) => self.leave(places, |number| number.wrapping_sub(*least) <= width),
                None => self.leave(places, |_| false),
            },
            KeyRange::Among(numbers) => self.leave(places, |number| numbers.has(number)),
            KeyRange::NotAmong(numbers) => self.leave(places, |number| !numbers.has(number)),
        }
    }

    /// Each is written down, and the next one over it unless it is wanted: a processor guesses wrongly which of many
    /// rows a filter lets pass, and that would cost more than all the rest.
    fn leave(&self, places: &mut Selection, wanted: impl Fn(u128) -> bool) {
        let mut count = 0_usize;
        if let Some(from) = places.all_from.take() {
            let numbers = self.0.get(from.get()..).unwrap_or_default();
            for (place, number) in (from.0..).zip(numbers.iter().take(places.found.len())) {
                if let Some(next) = places.found.get_mut(count) {
                    *next = DocumentIndex(place);
                }
                count = count.wrapping_add(usize::from(wanted(*number)));
            }
        } else {
            for from in 0..places.found.len() {
                let Some(&place) = places.found.get(from) else {
                    break;
                };
                if let Some(next) = places.found.get_mut(count) {
                    *next = place;
                }
                count = count.wrapping_add(usize::from(self.get(place).is_some_and(&wanted)));
            }
        }
        places.found.truncate(count);
    }
}

/// Documents that are looked through together.
pub(in crate::query) struct Selection {
    found: Vec<DocumentIndex>,
    /// As long as none has been left out: the first of them, which the others follow one by one.
    all_from: Option<DocumentIndex>,
}

impl Selection {
    /// How many documents are tested at a time: few enough to stay in the caches of the processor.
    const STRETCH: usize = 4096;

    /// A sample of `count` documents, spread over all of them: as many as `wanted`, or a few more.
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
        let mut places = Self {
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
            let from = stretch.saturating_mul(Self::STRETCH);
            places.found.resize(
                count.saturating_sub(from).min(Self::STRETCH),
                DocumentIndex(0),
            );
            places.all_from = u32::try_from(from).ok().map(DocumentIndex);
            each(&mut places)?;
        }
        ControlFlow::Continue(())
    }

    /// The documents that are left, after at least one column has narrowed them.
    pub(in crate::query) fn found(&self) -> &[DocumentIndex] {
        &self.found
    }
}

/// What lies behind a limit in the order of a column is behind the page.
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
        let range = if self.mask == 0 {
            KeyRange::Within(0, limit)
        } else {
            KeyRange::Within(!limit, u128::MAX)
        };
        (limit < u128::MAX).then_some(range)
    }
}

/// How documents are looked through for a page.
#[derive(Clone, Copy)]
pub(in crate::query) struct Course<'q> {
    /// What lies behind the page, where that need not be counted.
    pub bound: Option<Bound<'q>>,
    /// Whether those that were made last come first.
    pub from_the_end: bool,
}

/// What a number has to be.
#[derive(Clone)]
pub(in crate::query) enum KeyRange {
    /// From one number to another.
    Within(u128, u128),
    /// One of these.
    Among(Numbers),
    /// None of these.
    NotAmong(Numbers),
}

/// Numbers to look others up in. A list of any length takes a few steps a row, whatever is in it. (A table by hashes
/// would be slower by far for a list that is made to defeat it.)
#[derive(Clone)]
pub(in crate::query) struct Numbers(Rc<[u128]>);

impl Numbers {
    /// So few are compared one by one.
    const FEW: usize = 8;

    pub(in crate::query) fn new(numbers: impl Iterator<Item = u128>) -> Self {
        let numbers: Vec<_> = numbers.collect();
        let places = places_by_head(&numbers, &|_, _| Ordering::Equal);
        Self(
            places
                .into_iter()
                .filter_map(|place| numbers.get(place).copied())
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
    /// elsewhere equal numbers may stand for different cells.
    pub(in crate::query) fn range(op: Op, limit: u128, is_exact: bool) -> Self {
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

    /// Makes one range of two; `None` if they are not ranges.
    pub(in crate::query) fn and(&mut self, other: &Self) -> Option<()> {
        let (KeyRange::Within(least, most), KeyRange::Within(other_least, other_most)) =
            (self, other)
        else {
            return None;
        };
        *least = (*least).max(*other_least);
        *most = (*most).min(*other_most);
        Some(())
    }
}
