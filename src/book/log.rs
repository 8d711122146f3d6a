//! The log of commands: what the book was asked, by whom, and what it did, as a chain of hashes.
//!
//! The host keeps the entries, which are texts (`wire::entry` writes them). The book keeps the hash of the last one, so
//! that the next can continue the chain, and a [`Receipt`] of each: enough to answer a command that comes again, and to
//! say who settled what. The command itself is not kept here. It can be large, and the host has it.

use super::PlanFingerprint;
use super::digest::{Digest, sha256};
use crate::document::DocumentIndex;
use crate::error::{CountFigure, Error, Reason, Result, Site};
use crate::memory;
use rustc_hash::FxHashMap;
use std::fmt;

/// What the host says of a command beside the command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryOptions {
    /// Names the command. A command that comes again under the same name is not carried out again.
    pub id: Option<String>,
    /// The version that the book must have.
    pub if_version: Option<u64>,
    /// Who asks for it.
    pub actor: Option<Box<str>>,
    /// Why, in the host's words.
    pub note: Option<Box<str>>,
    /// When, by the host's clock. The engine carries it and does not read it.
    pub recorded_at: Option<Box<str>>,
}

/// The SHA-256 of an entry, or of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryHash(Digest);

impl EntryHash {
    /// What the first entry continues.
    pub const NONE: Self = Self([0; 32]);

    /// The hash of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(sha256(text.as_bytes()))
    }

    pub(crate) const fn new(digest: Digest) -> Self {
        Self(digest)
    }

    pub(super) const fn digest(&self) -> &Digest {
        &self.0
    }
}

impl fmt::Display for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What the book keeps of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The name of the command, and the hash of the command that has it.
    pub id: Option<(Box<str>, EntryHash)>,
    /// See [`EntryOptions::actor`].
    pub actor: Option<Box<str>>,
    /// See [`EntryOptions::note`].
    pub note: Option<Box<str>>,
    /// See [`EntryOptions::recorded_at`].
    pub recorded_at: Option<Box<str>>,
    /// The fingerprint of what the command did. The entry that opens the book has none.
    pub effect: Option<PlanFingerprint>,
    /// How many documents the book had after it.
    pub documents: u32,
}

/// The receipts of a book, by version, from 0.
#[derive(Clone, Debug, Default)]
pub struct CommandLog {
    receipts: Vec<Receipt>,
    /// The versions of the commands that have names.
    by_id: FxHashMap<Box<str>, u64>,
    last: Option<EntryHash>,
}

impl CommandLog {
    /// The hash of the last entry.
    #[must_use]
    pub fn last(&self) -> EntryHash {
        self.last.unwrap_or(EntryHash::NONE)
    }

    /// The receipt of the command that made the book's version `version`.
    #[must_use]
    pub fn receipt(&self, version: u64) -> Option<&Receipt> {
        self.receipts.get(usize::try_from(version).ok()?)
    }

    /// All receipts, by version.
    #[must_use]
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }

    /// The version of the command of that name.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<u64> {
        self.by_id.get(id).copied()
    }

    /// The documents that the command of a version created.
    #[must_use]
    pub fn created(&self, version: u64) -> Vec<DocumentIndex> {
        let before = match version.checked_sub(1) {
            Some(previous) => self.document_count(previous),
            None => 0,
        };
        let created = before..self.document_count(version);
        created.map(DocumentIndex).collect()
    }

    /// How many documents the book had after the command of a version.
    fn document_count(&self, version: u64) -> u32 {
        self.receipt(version).map_or(0, |receipt| receipt.documents)
    }

    /// Makes sure that one more entry can be kept.
    ///
    /// # Errors
    /// `tooLarge` where memory has no room for it.
    pub(crate) fn reserve(&mut self, options: &EntryOptions) -> Result<()> {
        let texts = [&options.actor, &options.note, &options.recorded_at];
        let texts = texts.into_iter().flatten().map(|text| text.len());

        // The name is kept twice: in the receipt, and to find it by.
        let names = options
            .id
            .as_ref()
            .map_or(0, |id| memory::capped_product(id.len(), 2));
        memory::reserve(memory::capped_sum(texts.chain([names])))?;

        let is_reserved = self.receipts.try_reserve(1).is_ok() && self.by_id.try_reserve(1).is_ok();
        if is_reserved {
            return Ok(());
        }
        Err(memory::full())
    }

    /// Adds the receipt of the next version. `None` for a name that another command has.
    pub(crate) fn push(&mut self, receipt: Receipt, hash: EntryHash) -> Option<()> {
        let version = u64::try_from(self.receipts.len()).ok()?;
        if let Some((id, _)) = &receipt.id
            && self.by_id.insert(id.clone(), version).is_some()
        {
            return None;
        }

        self.receipts.push(receipt);
        self.last = Some(hash);
        Some(())
    }

    /// Sets the hash of the last entry, where receipts were added without theirs.
    pub(super) const fn end(&mut self, last: EntryHash) {
        self.last = Some(last);
    }

    /// The version of the command that `id` names, if it is this one.
    ///
    /// # Errors
    /// `commandIdReused` at `site` if it is another one.
    pub(crate) fn repeated(
        &self,
        id: &str,
        command: EntryHash,
        site: &Site<'_>,
    ) -> Result<Option<u64>> {
        let Some(version) = self.find(id) else {
            return Ok(None);
        };

        // By the hash of the command alone: it stays the same command, whoever sends it again and whenever.
        let known = self
            .receipt(version)
            .and_then(|receipt| receipt.id.as_ref());
        if known.is_some_and(|(_, known)| *known == command) {
            return Ok(Some(version));
        }

        let reason = Reason::CommandIdReused {
            version: CountFigure(version),
            id: id.into(),
        };
        Err(Error::of(reason, site))
    }
}
