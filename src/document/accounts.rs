//! The documents of each account, so that a command or list about one account takes time with the account and not with
//! the book.

use super::DocumentIndex;
use crate::memory::capped_product;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The documents of each account, deleted ones too, in the order of creation.
#[derive(Clone, Debug, Default)]
pub(super) struct AccountIndex {
    // Only for look-ups, never iterated: its order means nothing.
    documents: FxHashMap<Arc<str>, Vec<DocumentIndex>>,
    /// The most documents that an account ever had.
    largest: usize,
}

impl AccountIndex {
    /// The documents of an account.
    pub(super) fn of(&self, account_id: &str) -> &[DocumentIndex] {
        self.documents
            .get(account_id)
            .map_or(&[], |documents| documents)
    }

    /// Adds a document to an account.
    pub(super) fn add(&mut self, account_id: &Arc<str>, index: DocumentIndex) {
        if !self.documents.contains_key(account_id) {
            self.documents.insert(Arc::clone(account_id), Vec::new());
        }
        let Some(documents) = self.documents.get_mut(account_id) else {
            return;
        };

        // New documents come last; one that is given to another account may have its place before others.
        if let Err(place) = documents.binary_search(&index) {
            documents.insert(place, index);
        }
        self.largest = self.largest.max(documents.len());
    }

    /// Takes a document away from an account.
    pub(super) fn remove(&mut self, account_id: &str, index: DocumentIndex) {
        let Some(documents) = self.documents.get_mut(account_id) else {
            return;
        };
        if let Ok(place) = documents.binary_search(&index) {
            documents.remove(place);
        }

        // A command that is taken back may have made the first document of its account: no trace of it stays.
        if documents.is_empty() {
            self.documents.remove(account_id);
        }
    }

    /// What the lists of documents may take when the next command adds to one of them: a full one moves to another of
    /// twice its size.
    pub(super) fn growth(&self) -> usize {
        capped_product(self.largest, capped_product(size_of::<DocumentIndex>(), 3))
    }

    /// The accounts by name, as far as room for more of them is concerned.
    pub(super) const fn names(&self) -> &FxHashMap<Arc<str>, Vec<DocumentIndex>> {
        &self.documents
    }
}
