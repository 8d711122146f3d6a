//! What a command did or would do, described from the state before it.

use crate::calendar::Date;
use crate::document::{Document, DocumentIndex, Documents, Header, LineIndex, Status};
use crate::error::{Code, Error, Result, quoted};
use crate::money::Amount;
use crate::settle::command::Type;
use crate::settle::{Command, Event, Notice, Plan, Settlement};
use std::sync::Arc;

/// What a command did, or what it would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What kind of command it was.
    pub command: Type,
    /// Its day.
    pub at: Date,
    /// The book's version after it.
    pub version: u64,
    /// The document that it is about, as it stands after it.
    pub subject: Header,
    /// What it settles, if anything.
    pub settled: Option<Settled>,
    /// What the caller should know.
    pub notices: Vec<Notice>,
}

/// What a command settles, and what it changes by that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The applications.
    pub settlement: Arc<Settlement>,
    /// The documents: the memo, then the invoices in document order.
    pub documents: Vec<DocumentChange>,
    /// Their lines whose open amounts change, in the same order.
    pub lines: Vec<LineChange>,
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

impl Outcome {
    /// Describes `plan` from the documents as they are before it.
    pub(super) fn describe(documents: &Documents, command: &Command, version: u64, plan: &Plan) -> Result<Self> {
        let mut subject = documents.header(plan.subject).cloned();
        let mut settled = None;
        for event in &plan.events {
            match event {
                Event::Created(document) => subject = Some(document.header().clone()),
                Event::Posted(_) => {
                    if let Some(header) = &mut subject {
                        header.status = Status::Posted;
                    }
                }
                Event::Settled(settlement) => {
                    let changes = Settled::describe(documents, settlement)?;
                    if let Some(header) = &mut subject {
                        header.figures.settle(changes.total());
                    }
                    settled = Some(changes);
                }
            }
        }
        let subject = subject.ok_or_else(|| Error::fault("a document is missing"))?;
        let notices = plan.notices.clone();
        Ok(Self { command: command.command_type(), at: command.at(), version, subject, settled, notices })
    }

    /// Whether what is settled is still what was planned.
    pub(super) fn check_planned(&self, planned: Option<&Settled>, documents: &Documents) -> Result<()> {
        if self.settled.as_ref() == planned {
            return Ok(());
        }
        let now = self.settled.iter().flat_map(|settled| &settled.documents);
        let then = planned.iter().flat_map(|settled| &settled.documents);
        let moved = then.zip(now).find(|(then, now)| then != now).and_then(|(then, now)| {
            let header = documents.header(now.document).filter(|_| then.document == now.document)?;
            let write = |change: &DocumentChange| {
                let [before, after] = [change.before, change.after].map(|amount| header.currency.write(amount));
                format!("{before} before and {after} after on {} {}", header.kind.name(), quoted(&header.id))
            };
            Some((write(then), write(now)))
        });
        let (needed, found) =
            moved.unwrap_or_else(|| ("the figures of the plan".into(), "other lines or documents".into()));
        Err(Error::general(Code::PlanMoved, needed, found))
    }
}

impl Settled {
    /// The sum over all applications; negative: taken back.
    #[must_use]
    pub fn total(&self) -> Amount {
        // In range: it is what the memo's unapplied amount changes by.
        Amount::sum(self.settlement.applications.iter().map(|application| application.amount)).unwrap_or_default()
    }

    fn describe(documents: &Documents, settlement: &Arc<Settlement>) -> Result<Self> {
        let missing = || Error::fault("a document is missing");
        let memo = documents.get(settlement.source).ok_or_else(missing)?;
        let count = settlement.applications.len().saturating_add(1);
        let mut changes =
            Self { settlement: Arc::clone(settlement), documents: Vec::with_capacity(count), lines: Vec::new() };
        let all = || settlement.applications.iter().flat_map(|application| &application.items);
        changes.lines.reserve(all().count().saturating_add(memo.lines().len()));
        let mut given = vec![Amount::ZERO; memo.lines().len()];
        for item in all() {
            let sum = given.get_mut(item.source.get()).ok_or_else(missing)?;
            *sum = sum.plus(item.amount).ok_or_else(missing)?;
        }
        let given = (0..).map(LineIndex).zip(given).filter(|(_, amount)| !amount.is_zero());
        changes.add(settlement.source, memo, given)?;
        for application in &settlement.applications {
            let invoice = documents.get(application.target).ok_or_else(missing)?;
            // In order of the target line, as part items always are.
            let runs = application.items.chunk_by(|a, b| a.target == b.target);
            let received = runs.filter_map(|run| {
                let amounts = run.iter().map(|item| item.amount);
                Some((run.first()?.target, Amount::sum(amounts)?))
            });
            changes.add(application.target, invoice, received)?;
        }
        Ok(changes)
    }

    /// Adds the changes of one document, given what moves from open to applied on each of its lines, in their order.
    fn add(
        &mut self,
        index: DocumentIndex,
        document: &Document,
        moves: impl Iterator<Item = (LineIndex, Amount)>,
    ) -> Result<()> {
        let out_of_range = || Error::fault("a change out of range");
        let mut total = Amount::ZERO;
        for (line, amount) in moves {
            let before = document.line_figures(line).ok_or_else(out_of_range)?.open();
            let after = before.minus(amount).ok_or_else(out_of_range)?;
            self.lines.push(LineChange { document: index, line, before, after });
            total = total.plus(amount).ok_or_else(out_of_range)?;
        }
        let before = document.header().figures.open();
        let after = before.minus(total).ok_or_else(out_of_range)?;
        self.documents.push(DocumentChange { document: index, before, after });
        Ok(())
    }
}
