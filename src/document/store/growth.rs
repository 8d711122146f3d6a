//! How much memory the lists of a book can need when a command adds to them.

use super::Documents;
use crate::document::Kind;
use crate::memory::{capped_product, capped_sum};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// More documents and settlements than a command adds, unless it is made of others.
const ADDED: usize = 16;

impl Documents {
    /// What the lists of the book may take when the next command adds to them: one that is full moves to another of
    /// twice its size.
    pub(crate) fn growth(&self) -> usize {
        let numbers = Kind::ALL.iter();
        let numbers = numbers.filter_map(|kind| self.by_number.get(kind.index()));
        let numbers = numbers.map(map_growth);
        capped_sum(numbers.chain([
            list_growth(&self.documents),
            list_growth(&self.related),
            list_growth(&self.log),
            map_growth(&self.by_id),
            map_growth(self.by_account.names()),
            self.by_account.growth(),
        ]))
    }
}

/// What a list may take when it grows: while it moves, the list of twice its size is there, too.
const fn list_growth<T>(list: &Vec<T>) -> usize {
    growth(list.len(), list.capacity(), size_of::<T>())
}

/// The same of the names of documents.
fn map_growth<T>(names: &FxHashMap<Arc<str>, T>) -> usize {
    growth(names.len(), names.capacity(), size_of::<(Arc<str>, T)>())
}

const fn growth(length: usize, capacity: usize, entry_size: usize) -> usize {
    // Capacity is never less than the length.
    if capacity.abs_diff(length) < ADDED {
        capped_product(capacity, capped_product(entry_size, 3))
    } else {
        0
    }
}
