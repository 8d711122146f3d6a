//! All documents of a book, and the parts between them.

use super::{Document, Figures, Header, Kind, LineIndex, Part, PartItem};
use crate::money::Amount;
use crate::order::sort_by;
use rustc_hash::FxHashMap;

/// The place of a document in its book, from 0, in the order of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentIndex(pub(crate) u32);

impl DocumentIndex {
    /// The index as Rust counts.
    #[must_use]
    pub fn get(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// All documents of a book, and how much of which is applied to which.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    documents: Vec<Document>,
    // Only for look-ups, never iterated: its order means nothing.
    by_id: FxHashMap<Box<str>, DocumentIndex>,
    // By source; of each, by target.
    parts: Vec<Vec<(DocumentIndex, Part)>>,
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

    /// The document of that kind with that identifier.
    #[must_use]
    pub fn find_kind(&self, kind: Kind, id: &str) -> Option<DocumentIndex> {
        self.find(id).filter(|&index| self.header(index).is_some_and(|header| header.kind == kind))
    }

    /// All documents in the order of creation.
    pub fn iter(&self) -> impl Iterator<Item = (DocumentIndex, &Document)> {
        (0..).map(DocumentIndex).zip(&self.documents)
    }

    /// The place that the next document will have; `None` when there is none left.
    #[must_use]
    pub fn next_index(&self) -> Option<DocumentIndex> {
        u32::try_from(self.documents.len()).ok().map(DocumentIndex)
    }

    /// What is applied of `source` to `target` now.
    #[must_use]
    pub fn part(&self, source: DocumentIndex, target: DocumentIndex) -> Option<&Part> {
        let parts = self.parts.get(source.get())?;
        let place = parts.binary_search_by_key(&target, |(target, _)| *target).ok()?;
        parts.get(place).map(|(_, part)| part)
    }

    /// What is applied of `source` now, by target.
    pub fn parts_of(&self, source: DocumentIndex) -> impl Iterator<Item = (DocumentIndex, &Part)> {
        self.parts.get(source.get()).into_iter().flatten().map(|(target, part)| (*target, part))
    }

    /// Everything that is applied now: source, target, part.
    pub fn parts(&self) -> impl Iterator<Item = (DocumentIndex, DocumentIndex, &Part)> {
        (0..)
            .map(DocumentIndex)
            .zip(&self.parts)
            .flat_map(|(source, parts)| parts.iter().map(move |(target, part)| (source, *target, part)))
    }

    /// Adds a document with a new identifier.
    pub(crate) fn insert(&mut self, document: Document) {
        if let Some(index) = self.next_index() {
            self.by_id.insert(document.header().id.clone(), index);
            self.documents.push(document);
            self.parts.push(Vec::new());
        }
    }

    /// Makes a draft count.
    pub(crate) fn post(&mut self, index: DocumentIndex) {
        if let Some(document) = self.documents.get_mut(index.get()) {
            document.post();
        }
    }

    /// Moves amounts between the lines of `source` and of targets, each named once: lines, headers and parts change
    /// together.
    pub(crate) fn settle<'i>(
        &mut self,
        source: DocumentIndex,
        targets: impl Iterator<Item = (DocumentIndex, &'i [PartItem])>,
    ) {
        let Some(parts) = self.parts.get_mut(source.get()) else { return };
        let known = parts.len();
        for (target, items) in targets {
            if let Some(document) = self.documents.get_mut(source.get()) {
                items.iter().for_each(|item| document.settle(item.source, item.amount));
            }
            if let Some(document) = self.documents.get_mut(target.get()) {
                items.iter().for_each(|item| document.settle(item.target, item.amount));
            }
            let place =
                parts.get(..known).and_then(|known| known.binary_search_by_key(&target, |(target, _)| *target).ok());
            match place.and_then(|place| parts.get_mut(place)) {
                Some((_, part)) => part.merge(items),
                None => parts.push((target, Part::of(items))),
            }
        }
        // Once for all targets: one by one, each would move all those behind it.
        parts.retain(|(_, part)| !part.items().is_empty());
        sort_by(parts, |(a, _), (b, _)| a.cmp(b));
    }

    /// Adds a part without moving the figures of its documents, which a snapshot brings along. `None` unless its target
    /// comes after those that its source has.
    pub(crate) fn link(&mut self, source: DocumentIndex, target: DocumentIndex, items: &[PartItem]) -> Option<()> {
        let parts = self.parts.get_mut(source.get())?;
        if parts.last().is_some_and(|(last, _)| *last >= target) {
            return None;
        }
        parts.push((target, Part::of(items)));
        Some(())
    }

    /// Whether the figures of every line are those that the parts between the lines add up to.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        let mut applied: Vec<Vec<Amount>> =
            self.documents.iter().map(|document| vec![Amount::ZERO; document.lines().len()]).collect();
        let mut add = |document: DocumentIndex, line: LineIndex, amount| {
            let sum = applied.get_mut(document.get())?.get_mut(line.get())?;
            *sum = sum.plus(amount)?;
            Some(())
        };
        let added = self.parts().try_for_each(|(source, target, part)| {
            part.items().iter().try_for_each(|item| {
                add(source, item.source, item.amount)?;
                add(target, item.target, item.amount)
            })
        });
        let agree = |(document, sums): (&Document, &Vec<Amount>)| {
            document.figures().iter().map(Figures::applied).eq(sums.iter().copied())
        };
        added.is_some() && self.documents.iter().zip(&applied).all(agree)
    }
}
