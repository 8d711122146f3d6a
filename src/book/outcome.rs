//! What a command did or would do.

use crate::calendar::Date;
use crate::document::{Column, DocumentIndex, Documents, Entry, Header, LineIndex, Settlement};
use crate::error::{Code, Error, Result, quoted};
use crate::money::Amount;
use crate::order::sort_by;
use crate::settle::{Command, Context, Done, Notice};
use std::sync::Arc;

/// What a command did, or what it would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The name of the command.
    pub command: &'static str,
    /// Its day.
    pub at: Date,
    /// The book's version after it.
    pub version: u64,
    /// The document that it is about, as it stands after it.
    pub subject: Option<Subject>,
    /// The documents that it created, beside or as its subject.
    pub created: Vec<Subject>,
    /// What it settled.
    pub settled: Vec<Arc<Entry>>,
    /// The documents whose open amounts it changed: of each operation the source, then its targets.
    pub documents: Vec<DocumentChange>,
    /// Their lines whose open amounts it changed, in the same order.
    pub lines: Vec<LineChange>,
    /// What the caller should know.
    pub notices: Vec<Notice>,
    /// Of a bulk command: what each of its commands came to.
    pub results: Vec<Result<Option<Subject>>>,
}

/// A document as it stands after a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its place in the book.
    pub index: DocumentIndex,
    /// What it says.
    pub header: Header,
    /// What is available to credit of it.
    pub available_to_credit: Amount,
}

/// The open amount of a document before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentChange {
    /// The document.
    pub document: DocumentIndex,
    /// Before the command.
    pub before: Amount,
    /// After it.
    pub after: Amount,
}

/// The open amount of a line before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineChange {
    /// The document.
    pub document: DocumentIndex,
    /// The item or tax item.
    pub line: LineIndex,
    /// Before the command.
    pub before: Amount,
    /// After it.
    pub after: Amount,
}

impl Subject {
    /// The document at `index` as it stands.
    ///
    /// # Errors
    /// A fault if there is none.
    pub fn new(context: Context<'_>, index: DocumentIndex) -> Result<Self> {
        let header = context.documents.header(index).ok_or_else(|| Error::fault("a document is missing"))?.clone();
        let available_to_credit = crate::settle::available_to_credit(context, index);
        Ok(Self { index, header, available_to_credit })
    }
}

impl Outcome {
    /// Describes what a command has done from the documents as they are after it, or (pending) before it.
    pub(super) fn describe(
        context: Context<'_>,
        command: &Command,
        version: u64,
        subject: Option<DocumentIndex>,
        done: Done,
    ) -> Result<Self> {
        let Done { created, settled, is_pending, notices, results } = done;
        let pending = settled.last().filter(|_| is_pending).map_or(Amount::ZERO, |entry| entry.settlement.total());
        let subject_of = |index| {
            let mut subject = Subject::new(context, index)?;
            // A pending settlement is that of an apply or unapply, whose subject is the source.
            subject.header.figures.settle(Column::Applied, pending);
            Ok(subject)
        };
        let results = results.into_iter().map(|result| match result {
            Ok(subject) => subject.map(subject_of).transpose().map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        });
        let mut outcome = Self {
            command: command.name(),
            at: command.at,
            version,
            subject: subject.map(subject_of).transpose()?,
            created: created.into_iter().map(subject_of).collect::<Result<_>>()?,
            settled,
            documents: Vec::new(),
            lines: Vec::new(),
            notices,
            results: results.collect::<Result<_>>()?,
        };
        outcome.describe_changes(context.documents, is_pending)?;
        Ok(outcome)
    }

    /// The sum over all that was settled; negative: taken back.
    #[must_use]
    pub fn total(&self) -> Option<Amount> {
        Amount::sum(self.settled.iter().map(|entry| entry.settlement.total()))
    }

    /// What moved, line by line.
    fn describe_changes(&mut self, documents: &Documents, is_pending: bool) -> Result<()> {
        let fault = || Error::fault("a change out of range");
        // What is open now is what it was before as long as nothing has moved, else what it is after.
        let change = |open: Amount, moved: Amount| {
            let other = if is_pending { open.minus(moved) } else { open.plus(moved) }.ok_or_else(fault)?;
            Ok::<_, Error>(if is_pending { (open, other) } else { (other, open) })
        };
        let Self { settled, documents: changed, lines, .. } = self;
        let items = settled.iter().flat_map(|entry| &entry.settlement.applications);
        lines.reserve(items.fold(0, |sum: usize, application| sum.saturating_add(application.items.len())));
        each_document(settled, &mut |index, moved| {
            let document = documents.get(index).ok_or_else(fault)?;
            let mut total = Amount::ZERO;
            for of_line in moved.chunk_by(|a, b| a.0 == b.0) {
                let Some(&(line, _)) = of_line.first() else { continue };
                let amount = Amount::sum(of_line.iter().map(|(_, amount)| *amount)).ok_or_else(fault)?;
                total = total.plus(amount).ok_or_else(fault)?;
                if !amount.is_zero() {
                    let (before, after) = change(document.line_figures(line).ok_or_else(fault)?.open(), amount)?;
                    lines.push(LineChange { document: index, line, before, after });
                }
            }
            let (before, after) = change(document.header().figures.open(), total)?;
            changed.push(DocumentChange { document: index, before, after });
            Ok(())
        })
    }

    /// Whether what is settled and created is still what was planned.
    pub(super) fn check_planned(&self, planned: &Self, documents: &Documents) -> Result<()> {
        let settlements =
            |outcome: &Self| outcome.settled.iter().map(|entry| entry.settlement.clone()).collect::<Vec<_>>();
        let same = self.documents == planned.documents
            && self.lines == planned.lines
            && settlements(self) == settlements(planned)
            && self.created == planned.created;
        if same { Ok(()) } else { Err(Self::moved(documents, &planned.documents, &self.documents)) }
    }

    /// The refusal of a plan whose figures are no longer those of `now`.
    #[must_use]
    pub fn moved(documents: &Documents, then: &[DocumentChange], now: &[DocumentChange]) -> Error {
        let moved = then.iter().zip(now).find(|(then, now)| then != now).and_then(|(then, now)| {
            let header = documents.header(now.document).filter(|_| then.document == now.document)?;
            let write = |change: &DocumentChange| {
                let [before, after] = [change.before, change.after].map(|amount| header.currency.write(amount));
                format!("{before} before and {after} after on {} {}", header.kind.name(), quoted(&header.id))
            };
            Some((write(then), write(now)))
        });
        let (needed, found) =
            moved.unwrap_or_else(|| ("the figures of the plan".into(), "other lines or documents".into()));
        Error::general(Code::PlanMoved, needed, found)
    }
}

/// What moved from open to applied or refunded on a line.
type Moved = (LineIndex, Amount);

/// What moved on the lines of each document, in their order: document by document in the order in which they came up.
fn each_document(settled: &[Arc<Entry>], each: &mut dyn FnMut(DocumentIndex, &[Moved]) -> Result<()>) -> Result<()> {
    let mut moved = Vec::new();
    // Of one operation all targets differ: only where several operations meet is there something to gather.
    if let [entry] = settled {
        let settlement = &entry.settlement;
        given(settlement, &mut moved);
        if !moved.is_empty() {
            each(settlement.source, &moved)?;
        }
        return settlement.applications.iter().try_for_each(|application| {
            moved.clear();
            moved.extend(application.items.iter().map(|item| (item.target, item.amount)));
            each(application.target, &moved)
        });
    }
    let mut all: Vec<(DocumentIndex, Vec<Moved>)> = Vec::new();
    let mut of = |document: DocumentIndex, more: &mut dyn Iterator<Item = Moved>| match all
        .iter_mut()
        .find(|(known, _)| *known == document)
    {
        Some((_, moved)) => moved.extend(more),
        None => all.push((document, more.collect())),
    };
    for Entry { settlement, .. } in settled.iter().map(|entry| &**entry) {
        given(settlement, &mut moved);
        of(settlement.source, &mut moved.drain(..));
        for application in &settlement.applications {
            of(application.target, &mut application.items.iter().map(|item| (item.target, item.amount)));
        }
    }
    all.into_iter().filter(|(_, moved)| !moved.is_empty()).try_for_each(|(document, mut moved)| {
        sort_by(&mut moved, |a, b| a.0.cmp(&b.0));
        each(document, &moved)
    })
}

/// What a settlement took from the lines of its source, in their order.
fn given(settlement: &Settlement, moved: &mut Vec<Moved>) {
    let items = || settlement.applications.iter().flat_map(|application| &application.items);
    let last = items().map(|item| item.source.get()).max();
    let mut given = vec![Amount::ZERO; last.map_or(0, |last| last.saturating_add(1))];
    for item in items() {
        if let Some(sum) = given.get_mut(item.source.get()) {
            *sum = sum.plus(item.amount).unwrap_or_default();
        }
    }
    moved.clear();
    moved.extend((0..).map(LineIndex).zip(given).filter(|(_, amount)| !amount.is_zero()));
}
