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
        let changes = Changes::new(context.documents, &settled, is_pending)?;
        Ok(Self {
            command: command.name(),
            at: command.at,
            version,
            subject: subject.map(subject_of).transpose()?,
            created: created.into_iter().map(subject_of).collect::<Result<_>>()?,
            settled,
            documents: changes.documents,
            lines: changes.lines,
            notices,
            results: results.collect::<Result<_>>()?,
        })
    }

    /// The sum over all that was settled; negative: taken back.
    #[must_use]
    pub fn total(&self) -> Option<Amount> {
        Amount::sum(self.settled.iter().map(|entry| entry.settlement.total()))
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

/// What a command changes, as it is found out.
struct Changes<'a> {
    of: &'a Documents,
    is_pending: bool,
    documents: Vec<DocumentChange>,
    lines: Vec<LineChange>,
}

impl<'a> Changes<'a> {
    /// The changes that settlements made, or (pending) will make: document by document in the order in which they came
    /// up, and line by line.
    fn new(of: &'a Documents, settled: &[Arc<Entry>], is_pending: bool) -> Result<Self> {
        let settlements = || settled.iter().map(|entry| &entry.settlement);
        let documents = settlements().flat_map(Settlement::documents).count();
        let items = settlements().map(|own| own.items().len()).fold(0, usize::saturating_add);
        let mut changes =
            Self { of, is_pending, documents: Vec::with_capacity(documents), lines: Vec::with_capacity(items) };
        // Of one operation all targets differ: only where several operations meet is there something to gather.
        if let [entry] = settled {
            let settlement = &entry.settlement;
            changes.add(settlement.source, changes.given(settlement))?;
            for application in settlement.applications() {
                changes.add(application.target, application.received())?;
            }
            return Ok(changes);
        }
        let mut all: Vec<(DocumentIndex, Vec<Moved>)> = Vec::new();
        let mut gather = |document: DocumentIndex, more: &mut dyn Iterator<Item = Moved>| match all
            .iter_mut()
            .find(|(known, _)| *known == document)
        {
            Some((_, moved)) => moved.extend(more),
            None => all.push((document, more.collect())),
        };
        for settlement in settlements() {
            gather(settlement.source, &mut changes.given(settlement));
            for application in settlement.applications() {
                gather(application.target, &mut application.received());
            }
        }
        for (document, mut moved) in all {
            sort_by(&mut moved, |a, b| a.0.cmp(&b.0));
            let sum = |run: &[Moved]| {
                let amount = Amount::sum(run.iter().map(|(_, amount)| *amount)).ok_or_else(fault)?;
                Ok((run.first().ok_or_else(fault)?.0, amount))
            };
            let sums = moved.chunk_by(|a, b| a.0 == b.0).map(sum).collect::<Result<Vec<_>>>()?;
            changes.add(document, sums.into_iter())?;
        }
        Ok(changes)
    }

    fn given(&self, settlement: &Settlement) -> impl Iterator<Item = Moved> + use<> {
        settlement.given(self.of.get(settlement.source).map_or(0, |document| document.lines().len()))
    }

    /// Adds what moved on the lines of a document, each named once and in their order, if any are.
    fn add(&mut self, index: DocumentIndex, moved: impl Iterator<Item = Moved>) -> Result<()> {
        let document = self.of.get(index).ok_or_else(fault)?;
        let mut is_moved = false;
        // It is in range in the end; wrapping, it comes there whatever lies between.
        let mut total = 0_i64;
        for (line, amount) in moved {
            is_moved = true;
            total = total.wrapping_add(amount.minor());
            if !amount.is_zero() {
                let open = document.line_figures(line).ok_or_else(fault)?.open();
                let (before, after) = self.change(open, amount).ok_or_else(fault)?;
                self.lines.push(LineChange { document: index, line, before, after });
            }
        }
        if is_moved {
            let open = document.header().figures.open();
            let total = Amount::new(total).and_then(|total| self.change(open, total));
            let (before, after) = total.ok_or_else(fault)?;
            self.documents.push(DocumentChange { document: index, before, after });
        }
        Ok(())
    }

    /// What is open now is what it was before as long as nothing has moved, else what it is after.
    #[inline]
    fn change(&self, open: Amount, moved: Amount) -> Option<(Amount, Amount)> {
        if self.is_pending { Some((open, open.minus(moved)?)) } else { Some((open.plus(moved)?, open)) }
    }
}

#[cold]
fn fault() -> Error {
    Error::fault("a change out of range")
}
