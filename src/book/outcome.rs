//! What a command did or would do.

use crate::calendar::Date;
use crate::command::Command;
use crate::document::{
    Document, DocumentIndex, Figures, Header, HistoryEntry, LineIndex, MoveDirection, PartItem,
    SettledAs, Settlement,
};
use crate::error::{Error, Result};
use crate::money::Amount;
use crate::settle::Context;
use crate::settle::Notice;
use crate::settle::PlanStep;
use crate::settle::SpreadTrace;
use std::sync::Arc;

/// What a command did or would do, and the balances that it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// All but the balances.
    pub summary: Summary,
    /// The documents whose open amounts it changed: of each operation the source, then its targets.
    pub documents: Vec<DocumentChange>,
    /// Their lines whose open amounts it changed, in the same order.
    pub lines: Vec<LineChange>,
}

/// What a command did or would do, without the balances that it changes: those follow from it and the documents.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
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
    pub settled: Vec<Arc<HistoryEntry>>,
    /// What the caller should know.
    pub notices: Vec<Notice>,
    /// Of a bulk command: what each of its commands came to.
    pub results: Vec<Result<Option<Subject>>>,
}

/// What a command does, seen while it can still be kept or taken back: the documents that it speaks of are at hand.
#[derive(Clone, Copy, Debug)]
pub struct Effect<'a> {
    /// The documents: as they are after it or, if it is pending, before.
    pub context: Context<'a>,
    /// All except the balances.
    pub summary: &'a Summary,
    /// The drafts that got other lines, as they were before.
    pub replaced: &'a [(DocumentIndex, Document)],
    /// The documents of which it changed something beside their figures, without those that it created.
    pub(super) changed: &'a [DocumentIndex],
    /// Whether it changed the settings.
    pub(super) has_set: bool,
    /// How each settlement was apportioned; absent unless the attempt keeps the steps.
    pub(super) traces: Option<&'a [Box<[SpreadTrace]>]>,
    /// What was found out about the document that somebody asks about.
    pub(super) steps: &'a [(DocumentIndex, PlanStep)],
    /// There is one settlement and nothing else, and it has not moved anything yet.
    pub(super) is_pending: bool,
}

/// A document as it stands after a command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subject {
    /// Its place in the book.
    pub index: DocumentIndex,
    /// What it says.
    pub header: Header,
    /// What is available to credit of it.
    pub available_to_credit: Amount,
    /// The day of its last change.
    pub updated_on: Option<Date>,
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
        let Some(header) = context.documents.header(index) else {
            return Err(Error::fault("a document is missing"));
        };
        Ok(Self {
            index,
            header: header.clone(),
            available_to_credit: crate::settle::available_to_credit(context, index)?,
            updated_on: context.documents.updated_on(index, header),
        })
    }

    /// Moves what a settlement will move of the document that it is about.
    fn settle(&mut self, entry: &HistoryEntry) -> Result<()> {
        let settlement = &entry.settlement;
        let mut applications = settlement.applications();
        let amount = if settlement.source == self.index {
            settlement.total()?
        } else {
            match applications.find(|application| application.target == self.index) {
                Some(application) => application.amount,
                None => return Ok(()),
            }
        };

        // As applied, because a refund is never left pending.
        self.updated_on = entry.entered_on;
        let figures = &mut self.header.figures;
        figures.settle(SettledAs::Applied, MoveDirection::Forth, amount.minor())
    }
}

impl Summary {
    /// The summary of a command that settled this, without the documents as they stand after it.
    pub(super) fn new(
        command: &Command,
        version: u64,
        settled: Vec<Arc<HistoryEntry>>,
        notices: Vec<Notice>,
    ) -> Self {
        Self {
            command: command.name(),
            at: command.at,
            version,
            subject: None,
            created: Vec::new(),
            settled,
            notices,
            results: Vec::new(),
        }
    }

    /// The same with the documents that it is about, as they stand after it.
    pub(super) fn with_subjects(
        self,
        context: Context<'_>,
        is_pending: bool,
        subject: Option<DocumentIndex>,
        created: Vec<DocumentIndex>,
        results: Vec<Result<Option<DocumentIndex>>>,
    ) -> Result<Self> {
        // Only an apply or unapply is left pending: nothing is refunded.
        let pending = self.settled.last().filter(|_| is_pending);
        let after = AfterCommand {
            context,
            pending: pending.map(|entry| &**entry),
        };

        let subject = after.optional_subject(subject)?;
        let created = created.into_iter().map(|index| after.subject(index));
        let created = created.collect::<Result<_>>()?;

        // What one command of a bulk was refused for is its result. Only a fault refuses the whole.
        let results = results.into_iter().map(|result| match result {
            Ok(subject) => after.optional_subject(subject).map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        });
        let results = results.collect::<Result<_>>()?;

        Ok(Self {
            subject,
            created,
            results,
            ..self
        })
    }

    /// The sum over all that was settled; negative: taken back.
    #[must_use]
    pub fn total(&self) -> Option<Amount> {
        let totals = self.settled.iter();
        let totals = totals.map(|entry| entry.settlement.total().ok());
        Amount::sum(totals.collect::<Option<Vec<_>>>()?)
    }

    /// Whether it created a document.
    #[must_use]
    pub fn creates(&self, index: DocumentIndex) -> bool {
        self.created.iter().any(|created| created.index == index)
    }

    /// The first of the documents that it created; all behind it were created, too.
    #[must_use]
    pub fn first_created(&self) -> Option<DocumentIndex> {
        self.created.first().map(|first| first.index)
    }
}

/// The documents after a command, of which one settlement may still be pending.
struct AfterCommand<'a> {
    context: Context<'a>,
    pending: Option<&'a HistoryEntry>,
}

impl AfterCommand<'_> {
    /// A document as it stands after the command.
    fn subject(&self, index: DocumentIndex) -> Result<Subject> {
        let mut subject = Subject::new(self.context, index)?;
        if let Some(entry) = self.pending {
            subject.settle(entry)?;
        }
        Ok(subject)
    }

    fn optional_subject(&self, index: Option<DocumentIndex>) -> Result<Option<Subject>> {
        index.map(|index| self.subject(index)).transpose()
    }
}

impl Effect<'_> {
    /// All that [`Effect::changes`] shows.
    ///
    /// # Errors
    /// As [`Effect::changes`].
    pub fn balances(&self) -> Result<(Vec<DocumentChange>, Vec<LineChange>)> {
        let (mut documents, mut lines) = (Vec::new(), Vec::new());
        self.changes(&mut |change, moved| {
            documents.push(change);
            lines.extend(moved.changes());
        })?;
        Ok((documents, lines))
    }

    /// Shows `see` every document whose open amount is changed, with what moved on its lines, in the order in which the
    /// documents come up.
    ///
    /// # Errors
    /// A fault if what is settled does not fit the documents.
    pub fn changes<'s>(
        &'s self,
        see: &mut dyn FnMut(DocumentChange, LineMovements<'_>),
    ) -> Result<()> {
        let mut changes = Changes {
            effect: self,
            moved: Vec::with_capacity(LINES),
            see,
        };

        // Of one operation all targets differ: only where several operations meet is there something to gather.
        if let [entry] = &self.summary.settled[..] {
            for (document, items) in self.sides(&entry.settlement) {
                changes.add(document, &[items])?;
            }
            return Ok(());
        }
        for (document, items) in self.gathered() {
            changes.add(document, &items)?;
        }
        Ok(())
    }

    /// The documents of a settlement, each with what moved on it: the source, if anything did there, then the targets.
    fn sides<'s>(
        &'s self,
        settlement: &'s Settlement,
    ) -> impl Iterator<Item = (DocumentIndex, SideItems<'s>)> {
        let given = (SettlementSide::Source, settlement.items());
        let source = self.gives(settlement).then_some((settlement.source, given));

        let targets = settlement.applications().map(|application| {
            let received = (SettlementSide::Target, application.items);
            (application.target, received)
        });
        source.into_iter().chain(targets)
    }

    /// The documents of all settlements, each with all that moved on it.
    fn gathered(&self) -> Vec<(DocumentIndex, Vec<SideItems<'_>>)> {
        let mut all: Vec<(DocumentIndex, Vec<SideItems<'_>>)> = Vec::new();
        for entry in &self.summary.settled {
            for (document, items) in self.sides(&entry.settlement) {
                match all.iter_mut().find(|(known, _)| *known == document) {
                    Some((_, gathered)) => gathered.push(items),
                    None => all.push((document, vec![items])),
                }
            }
        }
        all
    }

    /// Whether anything moves on the lines of the source: what goes to one target may come back from another.
    fn gives(&self, settlement: &Settlement) -> bool {
        // Nearly all do. Then nobody needs to add up its lines.
        if settlement.total().is_ok_and(|total| !total.is_zero()) {
            return true;
        }

        let source = self.context.documents.get(settlement.source);
        let line_count = source.map_or(0, |source| source.lines().len());
        let given = settlement.given(line_count);
        given.is_ok_and(|mut given| given.next().is_some())
    }
}

impl Outcome {
    /// An outcome of its summary and its balances.
    pub(super) fn new(
        summary: Summary,
        (documents, lines): (Vec<DocumentChange>, Vec<LineChange>),
    ) -> Self {
        Self {
            summary,
            documents,
            lines,
        }
    }
}

/// Room for this many lines is made at once: most documents have fewer.
const LINES: usize = 64;

/// Which of the two documents of a part item is meant.
#[derive(Clone, Copy)]
enum SettlementSide {
    Source,
    Target,
}

/// What moved on a side.
type SideItems<'a> = (SettlementSide, &'a [PartItem]);

/// What moved on the lines of a document, from open to applied or refunded; negative: back.
#[derive(Clone, Copy, Debug)]
pub struct LineMovements<'a> {
    document: DocumentIndex,
    figures: &'a [Figures],
    moved: &'a [i64],
    is_pending: bool,
}

impl<'a> LineMovements<'a> {
    /// The changes of the lines that moved, in their order.
    #[inline]
    pub fn changes(self) -> impl Iterator<Item = LineChange> + use<'a> {
        // Counted up to their number, the three are walked with one index.
        let lines = (0..u32::try_from(self.moved.len()).unwrap_or(u32::MAX)).map(LineIndex);
        let lines = lines
            .zip(self.figures)
            .zip(self.moved)
            .filter(|(_, moved)| **moved != 0);

        lines.map(move |((line, figures), &moved)| {
            let (before, after) = change(self.is_pending, figures.open(), moved);
            LineChange {
                document: self.document,
                line,
                before,
                after,
            }
        })
    }
}

/// What is open now is what it was before as long as nothing has moved (pending), else what it is after. Both are in
/// range: figures are, whatever moves; of the document as a whole [`Changes::add`] makes sure.
#[inline]
fn change(is_pending: bool, open: Amount, moved: i64) -> (Amount, Amount) {
    let other = if is_pending {
        open.minor().wrapping_sub(moved)
    } else {
        open.minor().wrapping_add(moved)
    };
    let other = Amount::new(other).unwrap_or_default();
    if is_pending {
        (open, other)
    } else {
        (other, open)
    }
}

/// What a command changes, as it is found out document by document.
struct Changes<'a> {
    effect: &'a Effect<'a>,
    /// What moved on the lines of a document.
    moved: Vec<i64>,
    see: &'a mut dyn FnMut(DocumentChange, LineMovements<'_>),
}

impl Changes<'_> {
    /// Shows what moved on the lines of a document.
    fn add(&mut self, index: DocumentIndex, items: &[SideItems<'_>]) -> Result<()> {
        let Effect {
            context,
            is_pending,
            ..
        } = *self.effect;
        let document = context.documents.get(index).ok_or_else(fault)?;
        let (open, figures) = (document.header().figures.open(), document.figures());

        self.moved.clear();
        self.moved.extend(figures.iter().map(|_| 0));
        let total = sum_lines(items, &mut self.moved).ok_or_else(fault)?;

        // Where the other of the two is out of range, `change` has made a zero of it, and the difference does not fit.
        let (before, after) = change(is_pending, open, total);
        if before.minus(after).map(Amount::minor) != Some(total) {
            return Err(fault());
        }

        let change = DocumentChange {
            document: index,
            before,
            after,
        };
        let moved = LineMovements {
            document: index,
            figures,
            moved: &self.moved,
            is_pending,
        };
        (self.see)(change, moved);
        Ok(())
    }
}

/// Adds up what moved line by line. Returns the sum of all. `None` if a line is not there.
fn sum_lines(items: &[SideItems<'_>], moved: &mut [i64]) -> Option<i64> {
    // The sums are in range in the end. On the way to it they need not be, and wrapping sums arrive there all the same.
    let mut total = 0_i64;
    for &(side, items) in items {
        for item in items {
            let line = match side {
                SettlementSide::Source => item.source,
                SettlementSide::Target => item.target,
            };

            let sum = moved.get_mut(line.get())?;
            *sum = sum.wrapping_add(item.amount.minor());
            total = total.wrapping_add(item.amount.minor());
        }
    }
    Some(total)
}

#[cold]
fn fault() -> Error {
    Error::fault("a change out of range")
}
