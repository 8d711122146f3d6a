//! All documents of a book, the parts between them, and the history of both.

use super::accounts::AccountIndex;
use super::days::{DayCache, DaySum};
use super::kept::{ColumnCache, Key};
use super::{
    Application, Document, Header, HeaderChange, HistoryEntry, Kind, LineIndex, Lines,
    MoveDirection, Part, PartItem, SettledAs, Settlement,
};
use crate::calendar::Date;
use crate::error::{Error, Result};
use crate::memory::{capped_product, capped_sum};
use crate::money::Amount;
use crate::order::sort_by;
use rustc_hash::FxHashMap;
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

/// More documents and settlements than a command adds, unless it is made of others.
const ADDED: usize = 16;

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
        let place = parts
            .binary_search_by_key(&target, |(target, _)| *target)
            .ok()?;
        parts.get(place).map(|(_, part)| part)
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
        made.filter(move |(_, document)| made_of(document).any(|of| of == index))
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

    /// Makes the days that are kept follow a settlement.
    fn follow_days(&mut self, settlement: &Settlement, direction: MoveDirection) {
        if self.days.is_empty() {
            return;
        }
        let mut days = std::mem::take(&mut self.days);
        days.follow(self, settlement, direction);
        self.days = days;
    }

    /// The entries of one version, in order.
    pub fn entries_of_version(&self, version: u64) -> &[Arc<HistoryEntry>] {
        // Versions rise along the log.
        let first = self.log.partition_point(|entry| entry.version < version);
        let end = self.log.partition_point(|entry| entry.version <= version);
        self.log.get(first..end).unwrap_or_default()
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

    fn related(&self, index: DocumentIndex) -> Option<&RelatedDocuments> {
        self.related.get(index.get())
    }

    /// Adds a document with a new identifier, at `index`, which is the next.
    pub(crate) fn insert(&mut self, index: DocumentIndex, document: Document) {
        self.kept.touch(index, self.documents.len());
        self.relate(index, &document);
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

    /// Takes the last document away again.
    pub(crate) fn remove_last(&mut self) -> Option<Document> {
        let document = self.documents.pop()?;
        let index = self.next_index()?;
        self.related.pop();
        self.days.forget(index);
        self.unname(document.header());
        self.by_account.remove(&document.header().account_id, index);
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

    /// Moves amounts between the lines of a source and of targets, each named once: lines, headers and parts change
    /// together.
    ///
    /// # Errors
    /// A fault if they do not fit. Nothing has moved then.
    pub(crate) fn settle(&mut self, entry: Arc<HistoryEntry>) -> Result<()> {
        self.next_entry()?;
        self.shift(&entry.settlement, MoveDirection::Forth)?;
        self.remember(entry)
    }

    /// Whether a settlement could not be taken back. No command may rely on the figures then.
    pub(crate) const fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Takes the last settlement back.
    pub(crate) fn unsettle_last(&mut self) {
        let Some(entry) = self.log.pop() else { return };
        for index in entry.settlement.documents() {
            if let Some(related) = self.related.get_mut(index.get()) {
                related.entries.pop();
            }
        }
        self.follow_days(&entry.settlement, MoveDirection::Back);
        // Taking a command back cannot return an error, so the next command is refused instead.
        let is_back = self.shift(&entry.settlement, MoveDirection::Back).is_ok();
        debug_assert!(is_back, "a settlement is taken back from where it went");
        self.is_broken |= !is_back;
    }

    /// The place of the next entry in the history.
    fn next_entry(&self) -> Result<u32> {
        u32::try_from(self.log.len()).map_err(|_| Error::fault("the history is full"))
    }

    /// Adds an entry whose amounts the documents and parts have already: a snapshot brings both along.
    ///
    /// # Errors
    /// A fault if the history has 2³² entries.
    pub(crate) fn remember(&mut self, entry: Arc<HistoryEntry>) -> Result<()> {
        let place = self.next_entry()?;
        let at = entry.settlement.at;
        for index in entry.settlement.documents() {
            if let Some(RelatedDocuments { entries, .. }) = self.related.get_mut(index.get()) {
                let latest = entries.last().map_or(at, |last| at.max(last.latest));
                entries.push(EntryPlace { place, latest });
            }
        }
        self.follow_days(&entry.settlement, MoveDirection::Forth);
        self.log.push(entry);
        Ok(())
    }

    /// Moves amounts between a source and its targets, all or nothing.
    fn shift(&mut self, settlement: &Settlement, direction: MoveDirection) -> Result<()> {
        for index in settlement.documents() {
            if self.related(index).is_none() {
                return Err(Error::fault("a document that is settled is missing"));
            }
            self.kept.touch(index, self.documents.len());
        }

        for (count, application) in settlement.applications().enumerate() {
            if let Err(fault) = self.shift_target(&application, direction) {
                self.shift_targets_back(settlement, count, direction)?;
                return Err(fault);
            }
        }
        if let Err(fault) = self.shift_source(settlement, direction) {
            self.shift_targets_back(settlement, usize::MAX, direction)?;
            return Err(fault);
        }

        let parts = self.shift_parts(settlement, direction);
        // Sums of pairs are within those of their lines, which have been found in range.
        self.is_broken |= parts.is_err();
        parts
    }

    /// Moves what one target receives.
    fn shift_target(
        &mut self,
        application: &Application<'_>,
        direction: MoveDirection,
    ) -> Result<()> {
        let Some(target) = self.documents.get_mut(application.target.get()) else {
            return Err(Error::fault("a target is missing"));
        };
        let total = application.amount.minor();
        target.settle(SettledAs::Applied, direction, application.received(), total)
    }

    /// Takes back what the first `count` targets have received.
    fn shift_targets_back(
        &mut self,
        settlement: &Settlement,
        count: usize,
        direction: MoveDirection,
    ) -> Result<()> {
        for application in settlement.applications().take(count) {
            self.shift_target(&application, direction.reversed())?;
        }
        Ok(())
    }

    /// Moves what the source gives.
    fn shift_source(&mut self, settlement: &Settlement, direction: MoveDirection) -> Result<()> {
        // A refund is settled by itself, so one target tells what all are.
        let first_target = settlement.application(0);
        let first_target = first_target.and_then(|application| self.header(application.target));
        let column = match first_target.map(|target| target.kind) {
            Some(Kind::Refund) => SettledAs::Refunded,
            _ => SettledAs::Applied,
        };

        let Some(source) = self.documents.get_mut(settlement.source.get()) else {
            return Err(Error::fault("a source is missing"));
        };
        let given = settlement.given(source.lines().len())?;
        source.settle(column, direction, given, settlement.total()?.minor())
    }

    /// Moves what is settled between the lines of the source and of its targets.
    fn shift_parts(&mut self, settlement: &Settlement, direction: MoveDirection) -> Result<()> {
        let Some(related) = self.related.get_mut(settlement.source.get()) else {
            return Err(Error::fault("a source is missing"));
        };
        let parts = &mut related.parts;
        let known = parts.len();
        for Application { target, items, .. } in settlement.applications() {
            let place = parts.get(..known).and_then(|known| {
                known
                    .binary_search_by_key(&target, |(target, _)| *target)
                    .ok()
            });
            match place.and_then(|place| parts.get_mut(place)) {
                Some((_, part)) => part.merge(items, direction)?,
                None => parts.push((target, Part::of(items, direction)?)),
            }
        }
        // Once for all targets: one by one, each would move all those behind it.
        parts.retain(|(_, part)| !part.items().is_empty());
        sort_by(parts, |(a, _), (b, _)| a.cmp(b));
        Ok(())
    }

    /// Adds a part without moving the figures of its documents, which a snapshot brings along. `None` unless its target
    /// comes after those that its source has.
    pub(crate) fn connect(
        &mut self,
        source: DocumentIndex,
        target: DocumentIndex,
        items: &[PartItem],
    ) -> Option<()> {
        let parts = &mut self.related.get_mut(source.get())?.parts;
        if parts.last().is_some_and(|(last, _)| *last >= target) {
            return None;
        }
        parts.push((target, Part::of(items, MoveDirection::Forth).ok()?));
        Some(())
    }

    /// Whether the figures of every line are those that the parts between the lines add up to, with what was settled
    /// before.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        let Some(settled) = self.settled_by_parts() else {
            return false;
        };
        let mut documents = self.documents.iter().zip(&settled);
        documents.all(|(document, settled)| has_settled(document, settled))
    }

    /// What the parts add up to on each line of each document; `None` if one is of a line that is not there, or a sum
    /// is out of range.
    fn settled_by_parts(&self) -> Option<Vec<Lines<[Amount; 2]>>> {
        let mut settled = Vec::with_capacity(self.documents.len());
        for document in &self.documents {
            let mut lines = Lines::filled([Amount::ZERO; 2], document.lines().len());
            for entry in document.settled_before() {
                add_settled(&mut lines, entry.line, entry.by.settled_as(), entry.amount)?;
            }
            settled.push(lines);
        }
        for (source, target, part) in self.parts() {
            let column = match self.header(target)?.kind {
                Kind::Refund => SettledAs::Refunded,
                _ => SettledAs::Applied,
            };
            for item in part.items() {
                let given = settled.get_mut(source.get())?;
                add_settled(given, item.source, column, item.amount)?;
                let received = settled.get_mut(target.get())?;
                add_settled(received, item.target, SettledAs::Applied, item.amount)?;
            }
        }
        Some(settled)
    }

    /// Whether the parts are what all settlements of the history add up to, and what undoes another finds it there.
    pub(crate) fn has_its_history(&self) -> bool {
        let mut sources = (0..).map(DocumentIndex).zip(&self.related);
        let mut moved = Vec::new();
        let parts_follow = sources.all(|(source, related)| {
            moved.clear();
            for entry in self.entries_of(source) {
                if entry.settlement.source == source {
                    moved.extend(entry.settlement.applications());
                }
            }
            sort_by(&mut moved, |a, b| a.target.cmp(&b.target));
            let mut parts = related.parts.iter();
            moved
                .chunk_by(|a, b| a.target == b.target)
                .all(|applications| {
                    let target = applications.first().map(|first| first.target);
                    match sum_of(applications) {
                        None => false,
                        Some(items) if items.is_empty() => true,
                        Some(items) => parts
                            .next()
                            .is_some_and(|(of, part)| Some(*of) == target && part.items() == items),
                    }
                })
                && parts.next().is_none()
        });
        parts_follow
            && self.log.iter().all(|entry| self.has_undone(entry))
            && self.has_taken_what_stood()
    }

    /// Whether the history is as long as the changes of the documents say.
    pub(crate) fn has_its_changes(&self) -> bool {
        let Ok(entry_count) = self.next_entry() else {
            return false;
        };
        self.documents.iter().all(|document| {
            let change = document.header().changed;
            change.is_none_or(|change| change.entry_count <= entry_count)
        })
    }

    /// Whether the settlement that an entry undoes is there, if it undoes one.
    fn has_undone(&self, entry: &HistoryEntry) -> bool {
        let Some(version) = entry.undoes else {
            return true;
        };
        let first = self.log.partition_point(|of| of.version < version);
        let mut group = self.log.iter().skip(first);
        group
            .by_ref()
            .take_while(|of| of.version == version)
            .any(|of| of.settlement.source == entry.settlement.source)
    }
}

/// Adds to what is applied or refunded of a line; `None` if there is no such line, or out of range.
fn add_settled(
    settled: &mut Lines<[Amount; 2]>,
    line: LineIndex,
    column: SettledAs,
    amount: Amount,
) -> Option<()> {
    let [applied, refunded] = settled.at_mut(line).ok()?;
    let sum = match column {
        SettledAs::Applied => applied,
        SettledAs::Refunded => refunded,
    };
    *sum = sum.plus(amount)?;
    Some(())
}

/// Whether that is what the figures of a document say, line by line.
fn has_settled(document: &Document, settled: &Lines<[Amount; 2]>) -> bool {
    let figures = document.figures().iter();
    let of_lines = figures.map(|figures| [figures.applied(), figures.refunded()]);
    of_lines.eq(settled.as_slice().iter().copied())
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

/// What applications between the same documents come to, line by line; `None` if a sum is out of range.
fn sum_of(applications: &[Application<'_>]) -> Option<Vec<PartItem>> {
    let mut items: Vec<_> = applications
        .iter()
        .flat_map(|of| of.items)
        .copied()
        .collect();
    sort_by(&mut items, |a, b| a.order().cmp(&b.order()));
    let pairs = items.chunk_by(|a, b| a.order() == b.order());
    let sums = pairs.filter_map(|pair| {
        let first = *pair.first()?;
        let amount = Amount::sum(pair.iter().map(|item| item.amount));
        Some(amount.map(|amount| PartItem { amount, ..first }))
    });
    let sums = sums.collect::<Option<Vec<_>>>()?;
    Some(
        sums.into_iter()
            .filter(|item| !item.amount.is_zero())
            .collect(),
    )
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

/// The documents that a document was made from.
fn made_of(document: &Document) -> impl Iterator<Item = DocumentIndex> {
    let sources = document
        .lines()
        .iter()
        .filter_map(|line| line.source)
        .map(|place| place.document);
    sources.chain(document.header().refers_to)
}
