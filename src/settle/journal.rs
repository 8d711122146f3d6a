//! What a command does, step by step, and how each step is taken back.
//!
//! Operations of several steps (reverse a memo: create its counterpart, post it, settle both) are written as those
//! steps. Each is carried out at once, so that the next one is guarded by the documents as they then are; when one is
//! refused, or the command was only previewed, the journal takes all of them back.

use super::Settings;
use crate::document::{Document, DocumentIndex, Documents, Entry, Header, Settlement};
use crate::error::{Code, Error, Result};
use std::sync::Arc;

/// The steps of a command under way.
#[derive(Debug)]
pub struct Journal<'a> {
    documents: &'a mut Documents,
    settings: &'a mut Settings,
    version: u64,
    steps: Vec<Step>,
    notices: Vec<Notice>,
    results: Vec<Result<Option<DocumentIndex>>>,
}

/// How a step is taken back.
#[derive(Debug)]
enum Step {
    Created,
    Changed(DocumentIndex, Box<Header>),
    Replaced(DocumentIndex, Box<Document>),
    Settled,
    Set(Box<Settings>),
}

/// What an operation may read.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The documents as they are.
    pub documents: &'a Documents,
    /// The settings of the book.
    pub settings: &'a Settings,
}

/// Something that the caller should know about a result that is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The request left the amount of this document open, and nothing was left for it.
    NothingApplied(DocumentIndex),
    /// Above the limit `prorationCells`, first in first out took the place of proration.
    FifoInsteadOfProration(DocumentIndex),
    /// A part of the amount had no source item to go to; the fallback spread it.
    FallbackUsed(DocumentIndex),
}

impl Notice {
    /// The name as it crosses the boundary, and the document that it is about.
    #[must_use]
    pub const fn parts(&self) -> (&'static str, DocumentIndex) {
        match self {
            Notice::NothingApplied(document) => ("nothingApplied", *document),
            Notice::FifoInsteadOfProration(document) => ("fifoInsteadOfProration", *document),
            Notice::FallbackUsed(document) => ("fallbackUsed", *document),
        }
    }
}

/// What a command has done so far.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// The documents that it created.
    pub created: Vec<DocumentIndex>,
    /// What it settled.
    pub settled: Vec<Arc<Entry>>,
    /// What the caller should know.
    pub notices: Vec<Notice>,
    /// Of a bulk command: what each of its commands came to.
    pub results: Vec<Result<Option<DocumentIndex>>>,
}

impl<'a> Journal<'a> {
    /// The journal of the command that makes the book's version `version`.
    pub(crate) const fn new(documents: &'a mut Documents, settings: &'a mut Settings, version: u64) -> Self {
        Self { documents, settings, version, steps: Vec::new(), notices: Vec::new(), results: Vec::new() }
    }

    /// The documents and settings as they are.
    pub(crate) const fn context(&self) -> Context<'_> {
        Context { documents: self.documents, settings: self.settings }
    }

    /// Adds a document.
    pub(super) fn create(&mut self, document: Document) -> Result<DocumentIndex> {
        let index = self.documents.next_index();
        let index = index.ok_or_else(|| Error::general(Code::TooLarge, "fewer than 2³² documents", "more"))?;
        self.documents.insert(document);
        self.steps.push(Step::Created);
        Ok(index)
    }

    /// Changes what a header says beside the figures.
    pub(super) fn change(&mut self, index: DocumentIndex, change: impl FnOnce(&mut Header)) -> Result<()> {
        let mut header = self.documents.header(index).ok_or_else(|| Error::fault("a document is missing"))?.clone();
        change(&mut header);
        if let Some(before) = self.documents.swap_header(index, header) {
            self.steps.push(Step::Changed(index, Box::new(before)));
        }
        Ok(())
    }

    /// Puts a draft in the place of another.
    pub(super) fn replace(&mut self, index: DocumentIndex, document: Document) {
        if let Some(before) = self.documents.swap(index, document) {
            self.steps.push(Step::Replaced(index, Box::new(before)));
        }
    }

    /// Moves amounts.
    pub(super) fn settle(&mut self, settlement: Settlement) {
        self.documents.settle(Arc::new(Entry { version: self.version, settlement }));
        self.steps.push(Step::Settled);
    }

    /// Changes the settings.
    pub(super) fn set(&mut self, change: impl FnOnce(&mut Settings)) {
        self.steps.push(Step::Set(Box::new(self.settings.clone())));
        change(self.settings);
    }

    /// Tells the caller something.
    pub(super) fn notice(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// Tells what a command of a bulk command came to.
    pub(super) fn result(&mut self, result: Result<Option<DocumentIndex>>) {
        self.results.push(result);
    }

    /// How far the command has come.
    pub(super) fn mark(&self) -> (usize, usize) {
        (self.steps.len(), self.notices.len())
    }

    /// Takes back everything since `mark`.
    pub(super) fn back_to(&mut self, (steps, notices): (usize, usize)) {
        self.notices.truncate(notices);
        while self.steps.len() > steps {
            self.step_back();
        }
    }

    /// What the command has done so far.
    pub(crate) fn done(&self) -> Done {
        let count = |is: fn(&Step) -> bool| self.steps.iter().filter(|step| is(step)).count();
        let created = count(|step| matches!(step, Step::Created));
        let settled = count(|step| matches!(step, Step::Settled));
        let log = self.documents.log();
        Done {
            created: self.documents.last(created),
            settled: log.get(log.len().saturating_sub(settled)..).unwrap_or_default().to_vec(),
            notices: self.notices.clone(),
            results: self.results.clone(),
        }
    }

    /// Takes everything back. Answers with the documents that were created, as they were before anything settled them.
    pub(crate) fn take_back(mut self) -> Vec<Document> {
        let mut documents = Vec::new();
        while !self.steps.is_empty() {
            documents.extend(self.step_back());
        }
        documents.reverse();
        documents
    }

    fn step_back(&mut self) -> Option<Document> {
        match self.steps.pop()? {
            Step::Created => return self.documents.remove_last(),
            Step::Changed(index, header) => drop(self.documents.swap_header(index, *header)),
            Step::Replaced(index, document) => drop(self.documents.swap(index, *document)),
            Step::Settled => self.documents.unsettle_last(),
            Step::Set(settings) => *self.settings = *settings,
        }
        None
    }
}
