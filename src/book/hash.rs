//! The state hash: what a book comes to, in 64 digits.
//!
//! ```text
//! state    = SHA-256(group 0, group 1, … group 255)
//! group    = SHA-256(the hashes of its documents, ascending)
//! document = SHA-256(the document, as in a snapshot, but with identifiers of other documents in the place of their
//!            numbers; then what is applied of it: a count, and of each part its target and items, by target; then what
//!            was settled of it before it came into the book, if anything was)
//! ```
//!
//! A document is in the group that the first byte of SHA-256(its identifier) names. So the hash knows neither history
//! nor the order of creation, and what is undone is as if it had never been. The hash of a document is kept until the
//! document changes; after a change, one document is written and one group is gone through, not the book.

use super::Book;
use super::digest::{Digest, sha256};
use super::snapshot::{write_document, write_items, write_settled_before};
use crate::bytes::Writer;
use crate::document::{Document, DocumentIndex, Documents};
use crate::order::sort_by;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// As many as the first byte of a digest tells apart.
const GROUPS: usize = 256;

/// The kept hashes. They follow from the documents: a copy begins without, and no one sees whether there are any.
#[derive(Default)]
pub(super) struct Hashes(Mutex<KeptHashes>);

#[derive(Default)]
struct KeptHashes {
    /// By the indices of the documents.
    documents: Vec<Hashed>,
    /// By number; empty as long as nothing was hashed.
    groups: Vec<Group>,
}

#[derive(Clone, Copy)]
struct Hashed {
    digest: Digest,
    group: usize,
}

#[derive(Clone, Default)]
struct Group {
    members: Vec<DocumentIndex>,
    /// Absent: a member has come, gone or changed.
    digest: Option<Digest>,
}

impl Book {
    /// The state hash, as 64 hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut kept = self.hashes.0.lock().unwrap_or_else(PoisonError::into_inner);
        let digest = kept.state(&self.documents);
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl KeptHashes {
    /// Returns the state hash. Hashes only what changed since the last time, if that is known.
    fn state(&mut self, documents: &Documents) -> Digest {
        match documents.take_touched() {
            // A document that is gone leaves its group before others are followed, which may have its index by now.
            Some(touched) if !self.groups.is_empty() => {
                self.forget_from(documents.all().count());
                touched
                    .into_iter()
                    .for_each(|index| self.follow(documents, index));
            }
            _ => {
                self.documents.clear();
                self.groups = vec![Group::default(); GROUPS];
            }
        }

        let known = self.documents.len();
        documents
            .all()
            .skip(known)
            .for_each(|(index, document)| self.add(documents, index, document));
        self.digest()
    }

    /// Forgets the documents beyond the first `count`: a command that was taken back had created them.
    fn forget_from(&mut self, count: usize) {
        for index in (count..self.documents.len()).rev() {
            self.leave(index);
        }
        self.documents.truncate(count);
    }

    /// Hashes a document anew that may have changed, or is another by now.
    fn follow(&mut self, documents: &Documents, index: DocumentIndex) {
        let Some(document) = documents.get(index) else {
            return;
        };
        // A new document has no hash yet: it is added after all others were followed.
        if index.get() >= self.documents.len() {
            return;
        }

        self.leave(index.get());
        let hashed = self.join(documents, index, document);
        if let Some(known) = self.documents.get_mut(index.get()) {
            *known = hashed;
        }
    }

    /// Hashes a new document.
    fn add(&mut self, documents: &Documents, index: DocumentIndex, document: &Document) {
        let hashed = self.join(documents, index, document);
        self.documents.push(hashed);
    }

    /// Puts a document into its group, unless it is deleted.
    fn join(&mut self, documents: &Documents, index: DocumentIndex, document: &Document) -> Hashed {
        let header = document.header();
        let [first, ..] = sha256(header.id.as_bytes());
        let hashed = Hashed {
            digest: digest(documents, index, document),
            group: first.into(),
        };

        // A deleted document is in no group, as if it had never been. It keeps its hash, because hashes are by index.
        if header.deleted {
            return hashed;
        }
        if let Some(group) = self.groups.get_mut(hashed.group) {
            group.members.push(index);
            group.digest = None;
        }
        hashed
    }

    /// Takes the document at an index out of its group.
    fn leave(&mut self, index: usize) {
        let group = self.documents.get(index).map(|hashed| hashed.group);
        if let Some(group) = group.and_then(|number| self.groups.get_mut(number)) {
            group.members.retain(|member| member.get() != index);
            group.digest = None;
        }
    }

    /// Hashes the hashes of all groups, of which only those that changed are formed anew.
    fn digest(&mut self) -> Digest {
        let mut state = Sha256::new();
        for group in &mut self.groups {
            let (members, known) = (&group.members, &self.documents);
            let digest = group
                .digest
                .get_or_insert_with(|| digest_of_group(members, known));
            state.update(*digest);
        }
        state.finalize().into()
    }
}

/// The hash over the hashes of the documents of a group, in an order that no document decides.
fn digest_of_group(members: &[DocumentIndex], known: &[Hashed]) -> Digest {
    let mut digests: Vec<_> = members
        .iter()
        .filter_map(|member| known.get(member.get()))
        .collect();
    sort_by(&mut digests, |a, b| a.digest.cmp(&b.digest));

    let mut hasher = Sha256::new();
    for document in digests {
        hasher.update(document.digest);
    }
    hasher.finalize().into()
}

/// Returns the identifier of a document, or an empty text, which none has, for a document that is missing.
fn id_of(documents: &Documents, index: DocumentIndex) -> &str {
    documents.header(index).map_or("", |header| &header.id)
}

/// The hash of a document and what is applied of it.
fn digest(documents: &Documents, index: DocumentIndex, document: &Document) -> Digest {
    let mut parts: Vec<_> = documents
        .parts_of(index)
        .map(|(target, part)| (id_of(documents, target), part))
        .collect();
    sort_by(&mut parts, |a, b| a.0.cmp(b.0));

    // By name: the same documents made in another order are the same state.
    let mut writer = Writer::default();
    write_document(&mut writer, document, &|writer, index| {
        writer.text(id_of(documents, index));
    });

    writer.count(parts.len());
    for (target, part) in parts {
        writer.text(target);
        write_items(&mut writer, part.items());
    }

    // Documents of before this field keep their hashes: a document without such entries is hashed as it always was.
    let before = document.settled_before();
    if !before.is_empty() {
        write_settled_before(&mut writer, before);
    }
    sha256(&writer.into_bytes())
}

impl Clone for Hashes {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Hashes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hashes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::BookOptions;

    #[test]
    fn an_empty_book_is_256_empty_groups() {
        let options = BookOptions {
            currency: "USD".into(),
            ..BookOptions::default()
        };
        let groups = [Sha256::digest([]); GROUPS].concat();
        let expected = format!("{:x}", Sha256::digest(groups));
        assert_eq!(Book::new(&options).unwrap().hash(), expected);
    }
}
