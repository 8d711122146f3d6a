//! Numbers that are kept about documents, so that looking through many of them need not read them.
//!
//! Documents lie scattered in memory, and reading one costs more than what is asked of it. A kept column is one number
//! for each document, side by side: a hundred thousand of them are looked through in the time of a few hundred
//! documents. Columns are made when they are first asked for and follow the documents from then on; they can be
//! forgotten at any time.

use super::{Document, DocumentIndex};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The number of columns that are kept. When one more is made, the oldest is dropped.
const COLUMNS: usize = 12;

/// What tells columns apart: the name of a field, and which of the numbers of this field it is.
pub type Key = (&'static str, u8);

/// The kept columns. They follow from the documents: a copy begins without them, and their presence affects speed only.
#[derive(Default)]
pub(super) struct ColumnCache(Mutex<Followed>);

#[derive(Default)]
struct Followed {
    columns: Vec<CachedColumn>,
    /// The documents that may have changed since they were last asked for; absent: all of them.
    touched: Option<Vec<DocumentIndex>>,
}

#[derive(Debug)]
struct CachedColumn {
    key: Key,
    numbers: Arc<Vec<u128>>,
    /// The documents whose number may have changed.
    stale: Vec<DocumentIndex>,
}

impl ColumnCache {
    /// Notes that a document has changed.
    pub(super) fn touch(&mut self, index: DocumentIndex, documents: usize) {
        let Followed { columns, touched } =
            self.0.get_mut().unwrap_or_else(PoisonError::into_inner);

        // Making a column anew costs less than following more changes than it has rows.
        columns.retain(|column| column.stale.len() <= column.numbers.len());
        columns
            .iter_mut()
            .for_each(|column| column.stale.push(index));

        // As many changes as documents: hashing all of them anew costs no more, and the list must not grow forever.
        touched.take_if(|touched| touched.len() > documents);
        if let Some(touched) = touched {
            touched.push(index);
        }
    }

    /// The documents that may have changed since this was last asked; `None`: all of them may have.
    pub(super) fn take_touched(&self) -> Option<Vec<DocumentIndex>> {
        let mut followed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        followed.touched.replace(Vec::new())
    }

    /// The column of that key: what `read` makes of each document.
    pub(super) fn column(
        &self,
        key: Key,
        documents: &[Document],
        read: &dyn Fn(DocumentIndex, &Document) -> u128,
    ) -> Arc<Vec<u128>> {
        let mut followed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let columns = &mut followed.columns;
        let mut column = match columns.iter().position(|column| column.key == key) {
            Some(place) => columns.remove(place),
            None => CachedColumn {
                key,
                numbers: Arc::default(),
                stale: Vec::new(),
            },
        };

        column.follow(documents, read);
        let numbers = Arc::clone(&column.numbers);

        // The column that was asked for last is the last one, so the first has been idle for longest.
        if columns.len() >= COLUMNS {
            columns.remove(0);
        }
        columns.push(column);
        numbers
    }
}

impl CachedColumn {
    /// Reads the numbers of the documents that have changed or are new.
    fn follow(&mut self, documents: &[Document], read: &dyn Fn(DocumentIndex, &Document) -> u128) {
        // Nothing is to be done for most queries. A column that another thread still reads must not be copied for that.
        if self.stale.is_empty() && self.numbers.len() == documents.len() {
            return;
        }

        let numbers = Arc::make_mut(&mut self.numbers);
        numbers.truncate(documents.len());
        for index in self.stale.drain(..) {
            if let (Some(number), Some(document)) =
                (numbers.get_mut(index.get()), documents.get(index.get()))
            {
                *number = read(index, document);
            }
        }

        // With room for some that are made between queries, as all numbers are moved when there is none.
        let known = numbers.len();
        let new_count = documents.len().abs_diff(known);
        if numbers.spare_capacity_mut().len() < new_count {
            numbers.reserve_exact(new_count.max(known / 8));
        }
        let new_documents = documents.iter().skip(known);
        for (index, document) in DocumentIndex::all_from(known).zip(new_documents) {
            numbers.push(read(index, document));
        }
    }
}

impl Clone for ColumnCache {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for ColumnCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ColumnCache")
    }
}
