//! What a command did or would do.

use crate::calendar::Date;
use crate::document::{Column, DocumentIndex, Documents, Entry, Header, LineIndex};
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
        let moves = moves(&self.settled);
        // What is open now is what it was before as long as nothing has moved, else what it is after.
        let change = |open: Amount, moved: Amount| {
            let other = if is_pending { open.minus(moved) } else { open.plus(moved) }.ok_or_else(fault)?;
            Ok::<_, Error>(if is_pending { (open, other) } else { (other, open) })
        };
        self.lines.reserve(moves.len());
        for of_document in moves.chunk_by(|a, b| a.rank == b.rank) {
            let Some(first) = of_document.first() else { continue };
            let index = first.document;
            let document = documents.get(index).ok_or_else(fault)?;
            let mut total = Amount::ZERO;
            for of_line in of_document.chunk_by(|a, b| a.line == b.line) {
                let Some(line) = of_line.first().map(|moved| moved.line) else { continue };
                let amount = Amount::sum(of_line.iter().map(|moved| moved.amount)).ok_or_else(fault)?;
                total = total.plus(amount).ok_or_else(fault)?;
                if !amount.is_zero() {
                    let (before, after) = change(document.line_figures(line).ok_or_else(fault)?.open(), amount)?;
                    self.lines.push(LineChange { document: index, line, before, after });
                }
            }
            let (before, after) = change(document.header().figures.open(), total)?;
            self.documents.push(DocumentChange { document: index, before, after });
        }
        Ok(())
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

/// What moved from open to applied or refunded on one line.
struct Move {
    /// The order in which documents came up.
    rank: u32,
    document: DocumentIndex,
    line: LineIndex,
    amount: Amount,
}

/// What moved on the lines of all documents: by document in the order in which they came up, then by line.
fn moves(settled: &[Arc<Entry>]) -> Vec<Move> {
    let count =
        settled.iter().flat_map(|entry| &entry.settlement.applications).map(|application| application.items.len());
    let mut moves: Vec<Move> = Vec::with_capacity(count.fold(0, usize::saturating_add).saturating_mul(2));
    let mut ranks: Vec<DocumentIndex> = Vec::new();
    let mut rank_of = |document: DocumentIndex| {
        // Of one operation all targets differ: only where several operations meet is there something to find.
        let known = if settled.len() > 1 { ranks.iter().position(|&known| known == document) } else { None };
        let place = known.unwrap_or_else(|| {
            ranks.push(document);
            ranks.len().saturating_sub(1)
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    };
    for entry in settled {
        let settlement = &entry.settlement;
        let (source, rank) = (settlement.source, rank_of(settlement.source));
        let items = || settlement.applications.iter().flat_map(|application| &application.items);
        let last = items().map(|item| item.source.get()).max();
        let mut given = vec![Amount::ZERO; last.map_or(0, |last| last.saturating_add(1))];
        for item in items() {
            if let Some(sum) = given.get_mut(item.source.get()) {
                *sum = sum.plus(item.amount).unwrap_or_default();
            }
        }
        let given = (0..).map(LineIndex).zip(given).filter(|(_, amount)| !amount.is_zero());
        moves.extend(given.map(|(line, amount)| Move { rank, document: source, line, amount }));
        for application in &settlement.applications {
            let (document, rank) = (application.target, rank_of(application.target));
            // In order of the target line, as part items always are.
            for run in application.items.chunk_by(|a, b| a.target == b.target) {
                let amount = Amount::sum(run.iter().map(|item| item.amount)).unwrap_or_default();
                moves.extend(run.first().map(|item| Move { rank, document, line: item.target, amount }));
            }
        }
    }
    sort_by(&mut moves, |a, b| (a.rank, a.line).cmp(&(b.rank, b.line)));
    moves
}
