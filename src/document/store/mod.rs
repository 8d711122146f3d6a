//! All documents of a book, the parts between them, and the history of both: what they are, and how they are found.

mod change;
mod consistency;
mod growth;
mod settle;

use super::accounts::AccountIndex;
use super::days::{DayCache, DaySum};
use super::kept::{ColumnCache, Key};
use super::{
    Application, Document, Header, HeaderChange, HistoryEntry, Kind, LineIndex, Part, Settlement,
};
use crate::calendar::Date;
use crate::error::{Error, Result};
use crate::order::sort_by;
use rustc_hash::FxHashMap;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

/// The place of a document in its book, from 0, in the order of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentIndex(pub(crate) u32);

impl DocumentIndex {
    /// The index as Rust counts.
    #[must_use]
    pub fn get(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// The indices from `first` on, as far as there are any.
    pub(super) fn all_from(first: usize) -> impl Iterator<Item = Self> {
        (first..).map_while(|index| u32::try_from(index).ok().map(Self))
    }

    /// Where a command creates the documents from `first` on, each of them gets a number that no earlier document has:
    /// its position among those created, which does not depend on what else is in the book.
    pub(crate) fn since(self, first: Option<Self>) -> Self {
        match first.and_then(|first| self.0.checked_sub(first.0)) {
            Some(place) => Self(place | Self::CREATED),
            None => self,
        }
    }

    /// The bit of documents that a command creates. No memory holds enough documents to reach it.
    pub(crate) const CREATED: u32 = 1 << 31;

    /// The index as it is stored.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// All documents of a book, how much of which is applied to which, and every settlement that made it so.
///
/// Each change has its inverse, so that a command of several steps can be taken back when a later step is refused.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    documents: Vec<Document>,
    // Only for look-ups, never iterated: its order means nothing. Deleted documents are not in it.
    by_id: FxHashMap<Arc<str>, DocumentIndex>,
    // The same of numbers, kind by kind. A number that is the identifier is found by that.
    by_number: [FxHashMap<Arc<str>, DocumentIndex>; Kind::ALL.len()],
    by_account: AccountIndex,
    /// How many documents are deleted.
    deleted_count: usize,
    // What has to do with each document.
    related: Vec<RelatedDocuments>,
    log: Vec<Arc<HistoryEntry>>,
    kept: ColumnCache,
    days: DayCache,
    /// A settlement could not be taken back: the figures can no longer be trusted.
    is_broken: bool,
}

/// What has to do with one document.
#[derive(Clone, Debug, Default)]
struct RelatedDocuments {
    /// How much of it is applied to which target, by target.
    parts: Vec<(DocumentIndex, Part)>,
    /// The documents that were made from it or from a line of it, ascending.
    made: Vec<DocumentIndex>,
    /// The entries of the log where it is source or target, oldest first.
    entries: Vec<EntryPlace>,
}

/// An entry of the log among those of one document.
#[derive(Clone, Copy, Debug)]
struct EntryPlace {
    /// Its place in the log.
    place: u32,
    /// The latest day of this entry and of those before it: kept, because every settlement asks for it.
    latest: Date,
}

impl Documents {
    /// The document at `index`.
    #[must_use]
    pub fn get(&self, index: DocumentIndex) -> Option<&Document> {
        self.documents.get(index.get())
    }

    /// The header at `index`.
    #[must_use]
    pub fn header(&self, index: DocumentIndex) -> Option<&Header> {
        self.get(index).map(Document::header)
    }

    /// The document with that identifier.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<DocumentIndex> {
        self.by_id.get(id).copied()
    }

    /// The document of that kind with that number.
    #[must_use]
    pub fn find_number(&self, kind: Kind, number: &str) -> Option<DocumentIndex> {
        let numbers = self.by_number.get(kind.index())?;
        if let Some(index) = numbers.get(number) {
            return Some(*index);
        }

        // Most documents have their identifier as number, and only their identifier is looked up.
        let index = self.find_kind(kind, number)?;
        let header = self.header(index)?;
        (header.number == header.id).then_some(index)
    }

    /// The document of that kind with that identifier.
    #[must_use]
    pub fn find_kind(&self, kind: Kind, id: &str) -> Option<DocumentIndex> {
        self.find(id)
            .filter(|&index| self.header(index).is_some_and(|header| header.kind == kind))
    }

    /// The document of that kind that a key names: the one with that identifier, or else the one with that number.
    #[must_use]
    pub fn find_key(&self, kind: Kind, key: &str) -> Option<DocumentIndex> {
        let by_id = self.find_kind(kind, key);
        by_id.or_else(|| self.find_number(kind, key))
    }

    /// The documents with items that a key names: the one with that identifier, or else those with that number, at most
    /// one of each kind.
    pub fn find_keys_of_items(&self, key: &str) -> impl Iterator<Item = DocumentIndex> {
        let by_id = self.find(key);
        let kinds = Kind::ALL.iter().filter(|kind| kind.has_items());
        let by_number = kinds.filter_map(move |&kind| self.find_number(kind, key));
        by_id
            .into_iter()
            .chain(by_number.filter(move |_| by_id.is_none()))
    }

    /// All documents in the order of creation, deleted ones too.
    pub fn all(&self) -> impl Iterator<Item = (DocumentIndex, &Document)> {
        (0..).map(DocumentIndex).zip(&self.documents)
    }

    /// The documents in the order of creation.
    pub fn iter(&self) -> impl Iterator<Item = (DocumentIndex, &Document)> {
        self.all()
            .filter(|(_, document)| !document.header().deleted)
    }

    /// The documents of an account in the order of creation, deleted ones too.
    #[must_use]
    pub fn of_account(&self, account_id: &str) -> &[DocumentIndex] {
        self.by_account.of(account_id)
    }

    /// Whether any document is deleted. Its identifier may be that of another one now.
    #[must_use]
    pub const fn has_deleted(&self) -> bool {
        self.deleted_count > 0
    }

    /// How many documents there are, deleted ones too.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.documents.len()
    }

    /// The same as a number: there are fewer than 2³².
    #[must_use]
    pub fn number(&self) -> u32 {
        self.next_index().map_or(u32::MAX, DocumentIndex::number)
    }

    /// The places in the history of the settlements of which `index` is source or target, oldest first.
    pub fn entry_places_of(&self, index: DocumentIndex) -> impl Iterator<Item = u32> {
        let related = self.related(index).into_iter();
        related.flat_map(|related| related.entries.iter().map(|entry| entry.place))
    }

    /// The same, of the places within `places`.
    pub(crate) fn entry_places_within(
        &self,
        index: DocumentIndex,
        places: &Range<u32>,
    ) -> impl Iterator<Item = u32> + use<'_> {
        let entries = self
            .related(index)
            .map_or(&[][..], |related| &related.entries);

        let (start, end) = (places.start, places.end);
        let first = entries.partition_point(|entry| entry.place < start);
        let entries = entries.iter().skip(first).map(|entry| entry.place);
        entries.take_while(move |place| *place < end)
    }

    /// The place that the next document will have; `None` when there is none left.
    #[must_use]
    pub fn next_index(&self) -> Option<DocumentIndex> {
        u32::try_from(self.documents.len()).ok().map(DocumentIndex)
    }

    /// The indices of the last `count` documents.
    ///
    /// # Errors
    /// A fault if there are fewer.
    pub(crate) fn last(&self, count: usize) -> Result<Vec<DocumentIndex>> {
        let Some(first) = self.documents.len().checked_sub(count) else {
            return Err(Error::fault("more documents created than there are"));
        };
        Ok(DocumentIndex::all_from(first).take(count).collect())
    }

    /// What is applied of `source` to `target` now.
    #[must_use]
    pub fn part(&self, source: DocumentIndex, target: DocumentIndex) -> Option<&Part> {
        let parts = &self.related(source)?.parts;
        let index = parts
            .binary_search_by_key(&target, |(target, _)| *target)
            .ok()?;
        parts.get(index).map(|(_, part)| part)
    }

    /// What is applied of `source` now, by target.
    pub fn parts_of(&self, source: DocumentIndex) -> impl Iterator<Item = (DocumentIndex, &Part)> {
        self.related(source)
            .into_iter()
            .flat_map(|related| &related.parts)
            .map(|(target, part)| (*target, part))
    }

    /// Everything that is applied now: source, target, part.
    pub fn parts(&self) -> impl Iterator<Item = (DocumentIndex, DocumentIndex, &Part)> {
        let all = (0..).map(DocumentIndex).zip(&self.related);
        all.flat_map(|(source, related)| {
            related
                .parts
                .iter()
                .map(move |(target, part)| (source, *target, part))
        })
    }

    /// What is applied to `target` now, by source.
    #[must_use]
    pub fn parts_to(&self, target: DocumentIndex) -> Vec<(DocumentIndex, &Part)> {
        // Parts are kept with their source. The history of the target has all sources that can have one to it.
        let mut sources: Vec<_> = self
            .entries_of(target)
            .map(|entry| entry.settlement.source)
            .collect();
        sort_by(&mut sources, Ord::cmp);
        sources.dedup();

        sources
            .into_iter()
            .filter_map(|source| Some((source, self.part(source, target)?)))
            .collect()
    }

    /// The documents that were made from `index` or from a line of it.
    pub fn made_from(
        &self,
        index: DocumentIndex,
    ) -> impl Iterator<Item = (DocumentIndex, &Document)> {
        let made = self
            .related(index)
            .into_iter()
            .flat_map(|related| &related.made);
        let made = made.filter_map(|&made| Some((made, self.get(made)?)));
        // A draft that was changed may have been made from it once.
        made.filter(move |(_, document)| made_of(document).any(|source| source == index))
    }

    /// Every settlement, oldest first.
    #[must_use]
    pub fn log(&self) -> &[Arc<HistoryEntry>] {
        &self.log
    }

    /// The settlements of which `index` is source or target, oldest first.
    pub fn entries_of(
        &self,
        index: DocumentIndex,
    ) -> impl DoubleEndedIterator<Item = &Arc<HistoryEntry>> {
        let places = self
            .related(index)
            .into_iter()
            .flat_map(|related| &related.entries);
        places.filter_map(|entry| self.log.get(usize::try_from(entry.place).ok()?))
    }

    /// The last day on which a document was settled, or that was taken back.
    pub(crate) fn last_settled(&self, index: DocumentIndex) -> Option<Date> {
        self.related(index)?
            .entries
            .last()
            .map(|entry| entry.latest)
    }

    /// The day of the command that changed a document last: what it says, its status, or what is settled of it. An undo
    /// is a change as well. `None` where an old snapshot does not know.
    pub(crate) fn updated_on(&self, index: DocumentIndex, header: &Header) -> Option<Date> {
        let entry = self
            .related(index)
            .and_then(|related| related.entries.last());
        match (header.changed, entry) {
            // By the order of commands and not by their days, which need not rise.
            (Some(change), Some(entry)) if entry.place < change.entry_count => Some(change.on),
            (_, Some(entry)) => self.log.get(usize::try_from(entry.place).ok()?)?.entered_on,
            (change, None) => change.map(|change| change.on),
        }
    }

    /// A change of what a document says, on the day of a command.
    ///
    /// # Errors
    /// A fault if the history is full.
    pub(crate) fn change_on(&self, on: Date) -> Result<HeaderChange> {
        let entry_count = self.next_entry()?;
        Ok(HeaderChange { on, entry_count })
    }

    /// Keeps what moved of a document on each day, from now on until it is forgotten.
    ///
    /// # Errors
    /// `tooLarge` where memory has no room for that.
    pub(crate) fn keep_days(&mut self, index: DocumentIndex) -> Result<()> {
        if self.days.has(index) {
            return Ok(());
        }

        // The days are summed from the documents, so they are taken out of them meanwhile.
        let mut days = std::mem::take(&mut self.days);
        let kept = days.keep(self, index);
        self.days = days;
        kept
    }

    /// What moved of a line, or of a document as a whole, on each day, by date; `None` if that is not kept.
    pub(crate) fn days_of(
        &self,
        index: DocumentIndex,
        line: Option<LineIndex>,
    ) -> Option<&[DaySum]> {
        self.days.of(index, line)
    }

    /// The entries of one version, in order.
    pub fn entries_of_version(&self, version: u64) -> &[Arc<HistoryEntry>] {
        self.entries_of_versions(&(version..=version))
    }

    /// The entries of some versions, in order.
    pub(crate) fn entries_of_versions(
        &self,
        versions: &RangeInclusive<u64>,
    ) -> &[Arc<HistoryEntry>] {
        let [first, end] = self.bounds_of_versions(versions);
        self.log.get(first..end).unwrap_or_default()
    }

    /// The places in the history of the entries of some versions.
    pub(crate) fn places_of_versions(&self, versions: &RangeInclusive<u64>) -> Range<u32> {
        let bounds = self.bounds_of_versions(versions);
        let [first, end] = bounds.map(|place| u32::try_from(place).unwrap_or(u32::MAX));
        first..end
    }

    /// The indices at which the entries of some versions begin and end: versions rise along the history.
    fn bounds_of_versions(&self, versions: &RangeInclusive<u64>) -> [usize; 2] {
        let (first, last) = (*versions.start(), *versions.end());
        [
            self.log.partition_point(|entry| entry.version < first),
            self.log.partition_point(|entry| entry.version <= last),
        ]
    }

    /// Whether a settlement took something back instead of applying or refunding it. Its sign does not say so: what is
    /// applied to a line below zero is below zero too.
    #[must_use]
    pub fn takes_back(&self, settlement: &Settlement) -> bool {
        let mut applications = settlement.applications();
        applications.any(|application| self.comes_back(&application))
    }

    /// Whether an application takes something back.
    pub(crate) fn comes_back(&self, application: &Application<'_>) -> bool {
        let target = self.get(application.target);
        application.received().any(|(line, moved)| {
            let figures = target.and_then(|target| target.line_figures(line));
            figures.is_some_and(|figures| figures.is_reduced_by(moved))
        })
    }

    /// The day from which an application counts: its own, or the day from which both documents are in force, if that is
    /// later.
    #[must_use]
    pub fn counts_from(&self, at: Date, source: DocumentIndex, target: DocumentIndex) -> Date {
        let in_force = [source, target].map(|index| self.header(index).map(Header::in_force_from));
        in_force.into_iter().flatten().fold(at, Date::max)
    }

    /// A number for each document, deleted ones too, that `read` makes of it: kept under `key`, and read anew only of
    /// what has changed. It must follow from the document and what is settled with it, and from nothing else that can
    /// change.
    pub fn column(
        &self,
        key: Key,
        read: &dyn Fn(DocumentIndex, &Document) -> u128,
    ) -> Arc<Vec<u128>> {
        self.kept.column(key, &self.documents, read)
    }

    /// The documents that may have changed, or are others, since this was last asked; `None`: all of them may have.
    pub(crate) fn take_touched(&self) -> Option<Vec<DocumentIndex>> {
        let mut touched = self.kept.take_touched()?;
        sort_by(&mut touched, Ord::cmp);
        touched.dedup();
        Some(touched)
    }

    fn related(&self, index: DocumentIndex) -> Option<&RelatedDocuments> {
        self.related.get(index.get())
    }
}

/// The documents that a document was made from.
fn made_of(document: &Document) -> impl Iterator<Item = DocumentIndex> {
    let sources = document
        .lines()
        .iter()
        .filter_map(|line| line.source)
        .map(|source| source.document);
    sources.chain(document.header().refers_to)
}
