//! Tells whether a cursor was made in this book, by what a book never changes.
//!
//! Documents stay in the order in which they were created, deleted ones too, and the history only grows. So a book
//! that moved on still has the document that was once its last one, and the operation that was. A cursor carries the
//! version and the number of documents of that moment, and a hash over what was there. The same book has it when it is
//! restored, imported or replayed; a book with other documents, other settlements or another account does not.

use crate::Book;
use crate::bytes::{Reader, Writer};
use crate::document::DocumentIndex;
use crate::mix::Mixer;

/// A moment of a book.
#[derive(Clone, Copy, Debug)]
pub(in crate::query) struct CursorOrigin {
    /// The version that the book had.
    version: u64,
    /// How many documents it had, deleted ones too.
    document_count: u32,
    /// A hash over what it had last.
    fingerprint: u64,
}

impl CursorOrigin {
    /// The present moment of a book.
    pub(in crate::query) fn now(book: &Book) -> Self {
        let (version, document_count) = (book.version(), book.documents().number());
        Self {
            version,
            document_count,
            fingerprint: fingerprint(book, version, document_count),
        }
    }

    /// The version that the book had.
    pub(in crate::query) const fn version(self) -> u64 {
        self.version
    }

    /// Whether a book, which has reached the version, was once at this moment.
    pub(in crate::query) fn is_of(self, book: &Book) -> bool {
        self.document_count <= book.documents().number()
            && self.fingerprint == fingerprint(book, self.version, self.document_count)
    }

    pub(in crate::query) fn write(self, writer: &mut Writer<'_>) {
        writer.unsigned(self.version.into());
        writer.unsigned(self.document_count.into());
        writer.raw(&self.fingerprint.to_le_bytes());
    }

    /// What [`CursorOrigin::write`] wrote.
    pub(in crate::query) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            version: u64::try_from(reader.unsigned()?).ok()?,
            document_count: reader.index()?,
            fingerprint: u64::from_le_bytes(*reader.raw(8)?.first_chunk()?),
        })
    }
}

/// Hashes what a book had last at a version, with a number of documents. What a command can change of a document is not
/// part of it: its number, date, account and lines.
fn fingerprint(book: &Book, version: u64, document_count: u32) -> u64 {
    let (documents, settings) = (book.documents(), book.settings());
    let mut mixer = Mixer::default();
    mixer.text(&settings.account_id);
    mixer.text(settings.currency.code());

    let last_document = document_count.checked_sub(1).map(DocumentIndex);
    let last_header = last_document.and_then(|index| documents.header(index));
    mixer.optional(last_header, |mixer, header| {
        mixer.text(header.kind.as_str());
        mixer.text(&header.id);
    });

    let last_entry = documents.entries_of_versions(&(0..=version)).last();
    mixer.optional(last_entry, |mixer, entry| {
        let settlement = &entry.settlement;
        mixer.word(entry.version);
        mixer.word(settlement.at.packed().into());
        mixer.count(settlement.items().len());
        // The first says enough: a page is not to take time with all that one command settled.
        mixer.optional(settlement.application(0), |mixer, first| {
            mixer.word(settlement.source.number().into());
            mixer.word(first.target.number().into());
            mixer.word(first.amount.minor().cast_unsigned());
        });
    });

    // A log knows more: all that the command did which made the version.
    let receipt = book.log().and_then(|log| log.receipt(version));
    let effect = receipt.and_then(|receipt| receipt.effect);
    mixer.optional(effect, |mixer, effect| mixer.word(effect.number()));
    mixer.value()
}
