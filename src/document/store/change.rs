//! Puts documents into a book and changes what they say, and the inverse of each of these steps.
//!
//! The names by which a document is found, what it was made from, and its account follow.

use super::{DocumentIndex, Documents, Header, RelatedDocuments, made_of};
use crate::document::Document;
use std::sync::Arc;

impl Documents {
    /// Adds a document with a new identifier, at `index`, which is the next.
    pub(crate) fn insert(&mut self, index: DocumentIndex, document: Document) {
        self.kept.touch(index, self.documents.len());
        self.relate(index, &document);

        // A snapshot brings deleted documents along, whose names can be those of others by now.
        let header = document.header();
        if header.deleted {
            self.deleted_count = self.deleted_count.wrapping_add(1);
        } else {
            self.name(header, index);
        }
        self.by_account.add(&header.account_id, index);

        self.documents.push(document);
        self.related.push(RelatedDocuments::default());
    }

    /// Notes by which names a document is found.
    fn name(&mut self, header: &Header, index: DocumentIndex) {
        self.by_id.insert(header.id.clone(), index);
        if header.number != header.id
            && let Some(numbers) = self.by_number.get_mut(header.kind.index())
        {
            numbers.insert(header.number.clone(), index);
        }
    }

    /// Frees the names of a document.
    fn unname(&mut self, header: &Header) {
        self.by_id.remove(&header.id);
        if header.number != header.id
            && let Some(numbers) = self.by_number.get_mut(header.kind.index())
        {
            numbers.remove(&header.number);
        }
    }

    /// Notes what a document was made from.
    fn relate(&mut self, index: DocumentIndex, document: &Document) {
        for from in made_of(document) {
            if let Some(RelatedDocuments { made, .. }) = self.related.get_mut(from.get())
                && let Err(place) = made.binary_search(&index)
            {
                made.insert(place, index);
            }
        }
    }

    /// Notes of all documents what they were made from, in any order of adding. `None` if one names a line
    /// that is not there, or itself.
    pub(crate) fn relate_all(&mut self) -> Option<()> {
        let documents = std::mem::take(&mut self.documents);
        let mut has_all = true;
        for (index, document) in DocumentIndex::all_from(0).zip(&documents) {
            has_all &= has_what_it_was_made_of(index, document, &documents);
            self.relate(index, document);
        }
        self.documents = documents;
        has_all.then_some(())
    }

    /// Takes the last document away again: the inverse of [`Documents::insert`].
    pub(crate) fn remove_last(&mut self) -> Option<Document> {
        let document = self.documents.pop()?;
        let index = self.next_index()?;
        self.related.pop();
        self.days.forget(index);
        self.unname(document.header());
        self.by_account.remove(&document.header().account_id, index);

        // It was added last, so it is the last of those that were made from another one.
        for from in made_of(&document) {
            if let Some(related) = self.related.get_mut(from.get())
                && related.made.last() == Some(&index)
            {
                related.made.pop();
            }
        }
        Some(document)
    }

    /// Puts `header` in the place of the present one, which it returns. Its figures are those of the lines.
    pub(crate) fn swap_header(
        &mut self,
        index: DocumentIndex,
        mut header: Header,
    ) -> Option<Header> {
        self.kept.touch(index, self.documents.len());

        // A header was copied before the command moved amounts: its figures can be old.
        let present = self.documents.get_mut(index.get())?.header_mut();
        (header.figures, header.tax) = (present.figures, present.tax);
        let before = std::mem::replace(present, header);

        let header = self.documents.get(index.get())?.header();
        if before.account_id != header.account_id {
            self.by_account.remove(&before.account_id, index);
            self.by_account.add(&header.account_id, index);
        }
        self.mark_deleted(&before, index)?;
        Some(before)
    }

    /// Frees the names of a document that is deleted now, and takes them back for one that is not any more.
    fn mark_deleted(&mut self, before: &Header, index: DocumentIndex) -> Option<()> {
        let is_deleted = self.header(index)?.deleted;
        if before.deleted {
            self.name(before, index);
            self.deleted_count = self.deleted_count.wrapping_sub(1);
        }
        if is_deleted {
            self.unname(before);
            self.deleted_count = self.deleted_count.wrapping_add(1);
        }
        Some(())
    }

    /// Puts a draft in the place of the present one, which it returns.
    pub(crate) fn swap(&mut self, index: DocumentIndex, document: Document) -> Option<Document> {
        // What the one before was made from stays noted: who looks there looks at the lines too.
        self.relate(index, &document);
        self.kept.touch(index, self.documents.len());
        self.days.forget(index);

        let account_id = Arc::clone(&document.header().account_id);
        let present = self.documents.get_mut(index.get())?;
        let before = std::mem::replace(present, document);
        if before.header().account_id != account_id {
            self.by_account.remove(&before.header().account_id, index);
            self.by_account.add(&account_id, index);
        }
        self.rename(index, before.header())?;
        Some(before)
    }

    /// Makes the names by which a document is found follow its number.
    fn rename(&mut self, index: DocumentIndex, before: &Header) -> Option<()> {
        let present = self.header(index)?;
        if present.number != before.number {
            let present = present.clone();
            self.unname(before);
            self.name(&present, index);
        }
        Some(())
    }
}

/// Whether all that a document was made from is there, and not the document itself.
fn has_what_it_was_made_of(
    index: DocumentIndex,
    document: &Document,
    documents: &[Document],
) -> bool {
    if made_of(document).any(|from| from == index || documents.get(from.get()).is_none()) {
        return false;
    }
    // What is deleted can have been made from a draft that has other lines since.
    if document.header().deleted {
        return true;
    }

    let mut sources = document.lines().iter().filter_map(|line| line.source);
    sources.all(|source| {
        let from = documents.get(source.document.get());
        from.is_some_and(|from| from.line(source.line).is_some())
    })
}
