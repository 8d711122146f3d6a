//! The documents of the accounts that a query is about.

use crate::document::{Document, DocumentIndex, Documents, HistoryEntry};
use crate::order::sort_by;

/// The documents of the accounts that a query asks about; those of all accounts if it names none.
#[derive(Clone, Debug)]
pub(in crate::query) struct DocumentsOfAccounts<'d> {
    documents: &'d Documents,
    named: Option<Vec<DocumentIndex>>,
}

impl<'d> DocumentsOfAccounts<'d> {
    /// The documents of these accounts, or of all.
    pub(in crate::query) fn of(documents: &'d Documents, account_ids: Option<&[&str]>) -> Self {
        let named = account_ids.map(|account_ids| {
            let of_accounts = account_ids.iter().flat_map(|id| documents.of_account(id));
            let mut named: Vec<_> = of_accounts.copied().collect();
            sort_by(&mut named, Ord::cmp);
            named.dedup();
            named
        });
        Self { documents, named }
    }

    /// All documents of the book.
    pub(in crate::query) const fn all(&self) -> &'d Documents {
        self.documents
    }

    /// The documents in the order of creation.
    pub(in crate::query) fn iter(&self) -> impl Iterator<Item = (DocumentIndex, &'d Document)> {
        let documents = self.documents;
        let named = self.named.iter().flatten();
        let named = named.filter_map(move |&index| Some((index, documents.get(index)?)));
        let named = named.filter(|(_, document)| !document.header().deleted);

        let all = self.named.is_none().then(|| documents.iter());
        named.chain(all.into_iter().flatten())
    }

    /// The settlements of the documents, oldest first.
    pub(in crate::query) fn settlements(&self) -> Vec<&'d HistoryEntry> {
        let log = self.documents.log();
        let Some(named) = &self.named else {
            return log.iter().map(|entry| &**entry).collect();
        };

        // Source and target of an entry both list it.
        let mut places: Vec<_> = named
            .iter()
            .flat_map(|&index| self.documents.entry_places_of(index))
            .collect();
        sort_by(&mut places, Ord::cmp);
        places.dedup();

        let places = places.into_iter();
        places
            .filter_map(|place| log.get(usize::try_from(place).ok()?))
            .map(|entry| &**entry)
            .collect()
    }
}
