//! What a command does, step by step, and how each step is taken back.
//!
//! Operations of several steps (reverse a memo: create its counterpart, post it, settle both) are written as those
//! steps. Each is carried out at once, so that the next one is guarded by the documents as they then are. When one is
//! refused, or the command was only previewed, the journal is dropped, which takes all of them back.

use crate::calendar::Date;
use crate::command::settings::Settings;
use crate::document::{Document, DocumentIndex, Documents, Header, HistoryEntry, Settlement};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::order::sort_by;
use crate::settle::context::Context;
use crate::settle::guard::{closed_days, effective_dates};
use crate::settle::plan::spreader::Workspace;
use crate::settle::plan::trace::{PlanStep, SpreadTrace};
use std::sync::Arc;

/// The steps of a command under way.
#[derive(Debug)]
pub struct Journal<'a> {
    documents: &'a mut Documents,
    settings: &'a mut Settings,
    workspace: &'a mut Workspace,
    version: u64,
    /// The day of the command that is carried out; a bulk has several.
    date: Date,
    steps: Vec<Inverse>,
    notices: Vec<Notice>,
    results: Vec<Result<Option<DocumentIndex>>>,
    /// The last settlement, as long as nothing had to look at what it changes.
    pending: Option<Arc<HistoryEntry>>,
    /// How the pending settlement was apportioned, if somebody asks.
    pending_traces: Box<[SpreadTrace]>,
    /// Of the settlements whose day was refused, the refusal that needs the latest day.
    refused_day: Option<Error>,
    /// The first refusal of a document that closed days would show otherwise.
    refused_change: Option<Error>,
    /// The first thing that cannot happen and did.
    fault: Option<Error>,
}

/// How far a command has come.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::settle) struct JournalMark {
    steps: usize,
    notices: usize,
    /// What was found out about the documents that somebody asks about.
    found_out: usize,
}

/// How a step is taken back.
#[derive(Debug)]
enum Inverse {
    Created,
    Changed(DocumentIndex, Box<Header>),
    Replaced(DocumentIndex, Box<Document>),
    Settled(Box<[SpreadTrace]>),
    Set(Box<Settings>),
}

/// Something that the caller should know about a result that is right.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The request left the amount of this document open, and nothing was left for it. Without a document, the request
    /// names none, and the book has none that could be settled.
    NothingApplied(Option<DocumentIndex>),
    /// Above the limit `prorationCells`, first in first out took the place of proration.
    FifoInsteadOfProration(DocumentIndex),
    /// A part of the amount had no source item to go to; the fallback spread it.
    FallbackUsed(DocumentIndex),
    /// As a draft, this credit memo had another rounding item, and so another amount.
    RoundedAnew(DocumentIndex),
    /// This document was partly settled before it came into the book, and it counts only from the day on which it is
    /// posted here: the days between its date and that one do not know it.
    CountsFromPosting(DocumentIndex),
    /// Some of what the undone operation had moved of this document had come back or been undone before.
    PartlyUndone(DocumentIndex),
    /// The item of this document that billed a plan has taxes, and the plan of the change states none. So nothing of
    /// the tax is credited, and the new charge has no tax.
    PlanWithoutTaxes(DocumentIndex),
}

impl Notice {
    /// The name as it crosses the boundary, and the document that it is about.
    #[must_use]
    pub const fn parts(&self) -> (&'static str, Option<DocumentIndex>) {
        match self {
            Notice::NothingApplied(document) => ("nothingApplied", *document),
            Notice::FifoInsteadOfProration(document) => ("fifoInsteadOfProration", Some(*document)),
            Notice::FallbackUsed(document) => ("fallbackUsed", Some(*document)),
            Notice::RoundedAnew(document) => ("roundedAnew", Some(*document)),
            Notice::CountsFromPosting(document) => ("countsFromPosting", Some(*document)),
            Notice::PartlyUndone(document) => ("partlyUndone", Some(*document)),
            Notice::PlanWithoutTaxes(document) => ("planWithoutTaxes", Some(*document)),
        }
    }

    /// The document that it is about.
    #[must_use]
    pub const fn document(&self) -> Option<DocumentIndex> {
        self.parts().1
    }
}

/// What a command has done so far.
#[derive(Clone, Debug, Default)]
pub struct CommandResult {
    /// The documents that it created.
    pub created: Vec<DocumentIndex>,
    /// The drafts that got other lines, as they were before.
    pub replaced: Vec<(DocumentIndex, Document)>,
    /// The documents of which it changed something beside their figures, without those that it created.
    pub changed: Vec<DocumentIndex>,
    /// Whether it changed the settings.
    pub has_set: bool,
    /// What it settled.
    pub settled: Vec<Arc<HistoryEntry>>,
    /// How each of those was apportioned; absent unless somebody asks.
    pub traces: Option<Vec<Box<[SpreadTrace]>>>,
    /// What was found out about the documents that somebody asks about.
    pub steps: Vec<(DocumentIndex, PlanStep)>,
    /// There is one settlement and nothing else, and it has not moved anything yet.
    pub is_pending: bool,
    /// What the caller should know.
    pub notices: Vec<Notice>,
    /// Of a bulk command: what each of its commands came to.
    pub results: Vec<Result<Option<DocumentIndex>>>,
}

impl<'a> Journal<'a> {
    /// The journal of the command of `date` that makes the book's version `version`.
    pub(crate) fn new(
        documents: &'a mut Documents,
        settings: &'a mut Settings,
        workspace: &'a mut Workspace,
        version: u64,
        date: Date,
    ) -> Self {
        Self {
            documents,
            settings,
            workspace,
            version,
            date,
            steps: Vec::new(),
            notices: Vec::new(),
            results: Vec::new(),
            pending: None,
            pending_traces: Box::default(),
            refused_day: None,
            refused_change: None,
            fault: None,
        }
    }

    /// The documents and settings as they are.
    pub(in crate::settle) fn context(&mut self) -> Context<'_> {
        self.settle_pending();
        Context {
            documents: self.documents,
            settings: self.settings,
        }
    }

    /// Plans what the documents allow, in the memory for that.
    pub(in crate::settle) fn plan<T>(
        &mut self,
        plan: impl FnOnce(Context<'_>, &mut Workspace) -> Result<T>,
    ) -> Result<T> {
        self.settle_pending();

        // What an earlier plan recorded and nobody settled is not about this one.
        self.workspace.spreader.recorder.forget();
        let planned = plan(
            Context {
                documents: self.documents,
                settings: self.settings,
            },
            self.workspace,
        );
        self.workspace.trim();
        planned
    }

    /// The documents and settings as they are, without the pending settlement.
    pub(crate) const fn before_pending(&self) -> Context<'_> {
        Context {
            documents: self.documents,
            settings: self.settings,
        }
    }

    /// Begins a command of that day.
    pub(in crate::settle) const fn begin(&mut self, date: Date) {
        self.date = date;
    }

    /// Carries out what is pending. Should it not fit the documents, against all guards, the command is refused when it
    /// is done: until then it may go on, because all of it will be taken back.
    fn settle_pending(&mut self) {
        let Some(entry) = self.pending.take() else {
            return;
        };
        match self.documents.settle(entry) {
            Ok(()) => {
                let traces = std::mem::take(&mut self.pending_traces);
                self.steps.push(Inverse::Settled(traces));
            }
            Err(fault) => self.note(fault),
        }
    }

    /// Notes that something happened which cannot: the command is refused when it is done.
    fn note(&mut self, fault: Error) {
        debug_assert!(false, "{fault}");
        self.fault.get_or_insert(fault);
    }

    /// Adds a document. `date_field` is the field of the command that its day is from.
    pub(in crate::settle) fn create(
        &mut self,
        document: Document,
        date_field: SiteField,
    ) -> Result<DocumentIndex> {
        self.settle_pending();

        let header = document.header();
        self.keep_refusal(closed_days::check_header(
            self.settings,
            None,
            header,
            date_field,
        ));
        let index = self.documents.next_index();
        let index = index.ok_or_else(|| Error::of(Reason::TooManyDocuments {}, &Site::Command))?;
        let change = self.documents.change_on(self.date)?;
        self.documents
            .insert(index, document.stamped(Some(self.date), change));
        self.steps.push(Inverse::Created);
        Ok(index)
    }

    /// Changes what a header says beside the figures.
    pub(in crate::settle) fn change(
        &mut self,
        index: DocumentIndex,
        change: impl FnOnce(&mut Header),
    ) -> Result<()> {
        self.settle_pending();
        let present = self.documents.header(index);
        let present = present.ok_or_else(|| Error::fault("a document is missing"))?;
        let mut header = present.clone();
        change(&mut header);
        let checked =
            closed_days::check_header(self.settings, Some(present), &header, SiteField::At);
        self.keep_refusal(checked);

        header.changed = Some(self.documents.change_on(self.date)?);
        let before = self
            .documents
            .swap_header(index, header)
            .ok_or_else(|| Error::fault("a changed document is missing"))?;
        self.steps.push(Inverse::Changed(index, Box::new(before)));
        Ok(())
    }

    /// Puts a draft in the place of another.
    ///
    /// # Errors
    /// A fault if there is none.
    pub(in crate::settle) fn replace(
        &mut self,
        index: DocumentIndex,
        document: Document,
    ) -> Result<()> {
        self.settle_pending();
        let present = self.documents.get(index);
        let present =
            present.ok_or_else(|| Error::fault("a draft that gets other lines is missing"))?;
        let created_on = present.header().created_on;
        let checked = closed_days::check_lines(self.settings, present, &document);
        self.keep_refusal(checked);

        // The document is another one, but it was created when the draft in its place was.
        let change = self.documents.change_on(self.date)?;
        let before = self
            .documents
            .swap(index, document.stamped(created_on, change))
            .ok_or_else(|| Error::fault("a draft cannot be changed"))?;
        self.steps.push(Inverse::Replaced(index, Box::new(before)));
        Ok(())
    }

    /// Tells the caller something.
    pub(in crate::settle) fn notice(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// Keeps what was found out about a document, if somebody asks about it.
    pub(in crate::settle) fn note_step(&mut self, index: DocumentIndex, step: PlanStep) {
        self.workspace.spreader.recorder.note(index, step);
    }

    /// Moves amounts: as late as can be, for most commands end here, and a preview never needs to.
    ///
    /// A day that makes one of its documents impossible is kept for [`Journal::take_refusal`], and the command goes
    /// on: what it moves today does not depend on its day, and its other settlements may need a later one.
    ///
    /// # Errors
    /// `periodClosed` of a day on which nothing can be settled.
    pub(in crate::settle) fn settle(&mut self, settlement: Settlement) -> Result<()> {
        self.settle_later(settlement, SiteField::At, None)
    }

    /// Moves amounts from the day in `date_field` of the command on.
    ///
    /// # Errors
    /// As [`Journal::settle`].
    pub(in crate::settle) fn settle_dated(
        &mut self,
        settlement: Settlement,
        date_field: SiteField,
    ) -> Result<()> {
        self.settle_later(settlement, date_field, None)
    }

    /// Moves back what the operation of version `undoes` moved.
    ///
    /// # Errors
    /// As [`Journal::settle`].
    pub(in crate::settle) fn undo(&mut self, settlement: Settlement, undoes: u64) -> Result<()> {
        self.settle_later(settlement, SiteField::At, Some(undoes))
    }

    /// Keeps a settlement as the pending one, once the one before it is carried out.
    fn settle_later(
        &mut self,
        settlement: Settlement,
        date_field: SiteField,
        undoes: Option<u64>,
    ) -> Result<()> {
        self.settle_pending();

        // A closed day is refused at once, because its code comes before that of a day that is too early.
        let site = Site::Command.field(date_field);
        self.settings.check_settling(settlement.at, &site)?;
        match effective_dates::check(self.documents, &settlement) {
            Err(refusal) if refusal.first_day().is_some() => self.refuse_day(refusal.at(&site)),
            checked => checked?,
        }

        self.pending = Some(Arc::new(HistoryEntry {
            version: self.version,
            settlement,
            undoes,
            entered_on: Some(self.date),
        }));
        self.pending_traces = self.workspace.spreader.recorder.take();
        Ok(())
    }

    /// Keeps the refusal of a day, if it needs a later day than the others.
    #[cold]
    fn refuse_day(&mut self, refusal: Error) {
        self.refused_day = Some(match self.refused_day.take() {
            Some(known) => known.or_later(refusal),
            None => refusal,
        });
    }

    /// Keeps the refusal of a change that closed days would show. The command goes on, because what is wrong with its
    /// other steps may come first in the table of codes.
    fn keep_refusal(&mut self, checked: Result<()>) {
        if let Err(refusal) = checked {
            self.refused_change.get_or_insert(refusal);
        }
    }

    /// The first refusal of what the command did all the same: a change that closed days would show, or settlements
    /// whose days are too early. Its operation is done, and whoever carries it out has to ask.
    pub(in crate::settle) fn take_refusal(&mut self) -> Option<Error> {
        match (self.refused_change.take(), self.refused_day.take()) {
            (Some(change), Some(day)) => Some(change.or_earlier(day)),
            (change, day) => change.or(day),
        }
    }

    /// Moves amounts and tells the caller of them. Returns the source.
    ///
    /// # Errors
    /// As [`Journal::settle`].
    pub(in crate::settle) fn conclude(
        &mut self,
        settlement: Settlement,
        notices: Vec<Notice>,
    ) -> Result<DocumentIndex> {
        let source = settlement.source;
        self.notices.extend(notices);
        self.settle(settlement)?;
        Ok(source)
    }

    /// Changes the settings.
    pub(in crate::settle) fn set(&mut self, change: impl FnOnce(&mut Settings)) {
        self.steps
            .push(Inverse::Set(Box::new(self.settings.clone())));
        change(self.settings);
    }

    /// Tells what a command of a bulk command came to.
    pub(in crate::settle) fn result(&mut self, result: Result<Option<DocumentIndex>>) {
        self.results.push(result);
    }

    /// How far the command has come.
    pub(in crate::settle) fn mark(&mut self) -> JournalMark {
        self.settle_pending();
        JournalMark {
            steps: self.steps.len(),
            notices: self.notices.len(),
            found_out: self.workspace.spreader.recorder.step_count(),
        }
    }

    /// Takes back everything since `mark`.
    pub(in crate::settle) fn back_to(&mut self, mark: JournalMark) {
        let JournalMark {
            steps,
            notices,
            found_out,
        } = mark;
        self.notices.truncate(notices);
        self.workspace.spreader.recorder.truncate_steps(found_out);

        // A mark is set when nothing is pending, so what is pending now came after it.
        self.pending = None;
        self.pending_traces = Box::default();
        self.workspace.spreader.recorder.forget();

        while self.steps.len() > steps {
            self.step_back();
        }
    }

    /// What the command has done. Only where one settlement is all of it, that is left pending.
    ///
    /// # Errors
    /// A fault if a step did not fit the documents.
    pub(crate) fn done(&mut self) -> Result<CommandResult> {
        if !self.steps.is_empty() {
            self.settle_pending();
        }
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }

        let steps = self.steps.iter();
        let created = steps.filter(|step| matches!(step, Inverse::Created));
        let created = self.documents.last(created.count())?;
        let replaced = self.replaced();
        let settled = self.settled()?;
        let traces = self.traces();
        Ok(CommandResult {
            changed: self.changed(created.first().copied()),
            has_set: self
                .steps
                .iter()
                .any(|step| matches!(step, Inverse::Set(_))),
            created,
            replaced,
            settled,
            traces,
            steps: self.workspace.spreader.recorder.take_steps(),
            is_pending: self.pending.is_some(),
            notices: std::mem::take(&mut self.notices),
            results: std::mem::take(&mut self.results),
        })
    }

    /// What the command settled, in order. The pending settlement is the last.
    fn settled(&self) -> Result<Vec<Arc<HistoryEntry>>> {
        let steps = self.steps.iter();
        let carried_out = steps.filter(|step| matches!(step, Inverse::Settled(_)));

        // Nothing but this command writes to the history meanwhile, so its last entries are those of the command.
        let log = self.documents.log().iter();
        let first = log.len().checked_sub(carried_out.count());
        let first = first.ok_or_else(|| Error::fault("a settlement is missing"))?;
        Ok(log.skip(first).chain(&self.pending).cloned().collect())
    }

    /// The drafts that got other lines, as they were before the command.
    fn replaced(&self) -> Vec<(DocumentIndex, Document)> {
        let mut replaced: Vec<(DocumentIndex, Document)> = Vec::new();
        for step in &self.steps {
            if let Inverse::Replaced(index, before) = step
                && replaced.iter().all(|(known, _)| known != index)
            {
                replaced.push((*index, (**before).clone()));
            }
        }
        replaced
    }

    /// The documents whose headers it changed, in the order of the book, without those from the first created one on.
    fn changed(&self, first_created: Option<DocumentIndex>) -> Vec<DocumentIndex> {
        let mut changed = Vec::new();
        for step in &self.steps {
            if let Inverse::Changed(index, _) = step
                && first_created.is_none_or(|first| *index < first)
            {
                changed.push(*index);
            }
        }

        sort_by(&mut changed, Ord::cmp);
        changed.dedup();
        changed
    }

    /// Keeps everything that the command has done.
    ///
    /// # Errors
    /// A fault if the pending settlement does not fit the documents. The command is taken back then.
    pub(crate) fn keep(mut self) -> Result<()> {
        self.settle_pending();
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        self.steps.clear();
        Ok(())
    }

    /// How each settlement was apportioned; `None` unless somebody asks, as most commands are not to pay for it.
    fn traces(&mut self) -> Option<Vec<Box<[SpreadTrace]>>> {
        if !self.workspace.spreader.recorder.is_on() {
            return None;
        }

        let mut traces = Vec::new();
        for step in &mut self.steps {
            if let Inverse::Settled(settled) = step {
                traces.push(std::mem::take(settled));
            }
        }

        // The pending settlement is told as the last one, and it is no step yet.
        traces.push(std::mem::take(&mut self.pending_traces));
        Some(traces)
    }

    /// Takes the last step back. What a later step built on is gone by then, because they go in reverse.
    fn step_back(&mut self) {
        match self.steps.pop() {
            Some(Inverse::Created) => drop(self.documents.remove_last()),
            Some(Inverse::Changed(index, header)) => {
                drop(self.documents.swap_header(index, *header))
            }
            Some(Inverse::Replaced(index, document)) => drop(self.documents.swap(index, *document)),
            Some(Inverse::Settled(_)) => self.documents.unsettle_last(),
            Some(Inverse::Set(settings)) => *self.settings = *settings,
            None => {}
        }
    }
}

/// What is not kept is taken back, also where a refusal leaves the journal half-way.
impl Drop for Journal<'_> {
    fn drop(&mut self) {
        self.back_to(JournalMark::default());
    }
}
