//! Keeps how amounts were apportioned over lines, and what was found out about a document that a caller asks about. For
//! all others it keeps nothing.

use crate::allocate::Apportionment;
use crate::document::{DocumentIndex, LineIndex, LineRef, Status};
use crate::money::Amount;

/// How the amount between two documents was apportioned over the lines of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpreadTrace {
    /// The credit memo or payment.
    pub source: DocumentIndex,
    /// The invoice, debit memo or refund.
    pub target: DocumentIndex,
    /// What the lines of the source give.
    pub given: SideTrace,
    /// What the lines of the target receive; absent for a refund, which has one line.
    pub received: Option<SideTrace>,
}

/// How an amount was apportioned over the lines of one document, in increments of its currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideTrace {
    /// The amount.
    pub amount: u64,
    /// The lines, in the order of the split.
    pub lines: Vec<LineIndex>,
    /// One part for each of them.
    pub split: Apportionment,
}

/// What was found out about a document while an operation was planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanStep {
    /// The command means all that is open, and the document is not.
    LeftOut(LeftOut),
    /// What the command settles was used up before its turn came.
    NeverReached,
    /// Its turn came.
    Turn(Turn),
}

/// Why a document is none of those that a command means by all that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// It is deleted.
    Deleted,
    /// It is a draft, or canceled.
    NotPosted(Status),
    /// It was reversed.
    Reversed,
    /// It is excluded from automatic application.
    Excluded,
    /// It is in another currency.
    OtherCurrency,
    /// It has nothing open.
    NothingOpen,
}

/// The turn of a document among those that a source settles, one after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The credit memo or payment.
    pub source: DocumentIndex,
    /// The invoice or debit memo.
    pub target: DocumentIndex,
    /// Whose turn it is, from 1, and how many have one.
    pub place: usize,
    /// See [`Turn::place`].
    pub count: usize,
    /// What the source had left for it: what is stated of it, or else what the others left.
    pub left: Amount,
    /// What could be settled of it.
    pub open: Amount,
    /// What was applied.
    pub applied: Amount,
    /// The lines of both documents that have something open and took no part.
    pub passed_over: Box<[LineRef]>,
}

/// Which documents somebody asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AskedDocument {
    /// One of the book.
    Known(DocumentIndex),
    /// Those that the command creates: from this place on.
    Created(DocumentIndex),
}

/// Records how amounts are apportioned, while it is on, and what is found out about a document.
#[derive(Clone, Debug, Default)]
pub(in crate::settle) struct Recorder {
    is_on: bool,
    asked: Option<AskedDocument>,
    /// What was found out about the documents that somebody asks about, in order.
    steps: Vec<(DocumentIndex, PlanStep)>,
    /// The last split that had steps.
    last: Option<Apportionment>,
    traces: Vec<SpreadTrace>,
}

impl Recorder {
    /// Starts or stops recording.
    pub(in crate::settle) fn turn(&mut self, is_on: bool, asked: Option<AskedDocument>) {
        *self = Self {
            is_on,
            asked,
            ..Self::default()
        };
    }

    /// Whether somebody asks about a document.
    pub(in crate::settle) fn asks(&self, index: DocumentIndex) -> bool {
        match self.asked {
            Some(AskedDocument::Known(asked)) => asked == index,
            Some(AskedDocument::Created(first)) => first <= index,
            None => false,
        }
    }

    /// Keeps what was found out about a document, if somebody asks.
    pub(in crate::settle) fn note(&mut self, index: DocumentIndex, step: PlanStep) {
        if self.asks(index) {
            self.steps.push((index, step));
        }
    }

    /// How much has been found out.
    pub(in crate::settle) const fn step_count(&self) -> usize {
        self.steps.len()
    }

    /// Forgets what was found out since then.
    pub(in crate::settle) fn truncate_steps(&mut self, count: usize) {
        self.steps.truncate(count);
    }

    /// All that was found out.
    pub(in crate::settle) fn take_steps(&mut self) -> Vec<(DocumentIndex, PlanStep)> {
        std::mem::take(&mut self.steps)
    }

    /// Whether splits are to keep their steps.
    pub(in crate::settle) const fn is_on(&self) -> bool {
        self.is_on
    }

    /// Keeps a split until it is known which lines it is about.
    pub(in crate::settle) fn keep(&mut self, split: Apportionment) {
        self.last = Some(split);
    }

    /// The last split, over these lines.
    pub(in crate::settle) fn side(
        &mut self,
        amount: u64,
        lines: &[LineIndex],
    ) -> Option<SideTrace> {
        let split = self.last.take()?;
        let lines = lines.to_vec();
        Some(SideTrace {
            amount,
            lines,
            split,
        })
    }

    /// Records an application.
    pub(in crate::settle) fn record(&mut self, trace: SpreadTrace) {
        self.traces.push(trace);
    }

    /// Forgets what was planned and not settled.
    pub(in crate::settle) fn forget(&mut self) {
        self.last = None;
        self.traces.clear();
    }

    /// What was recorded of the settlement that is planned.
    pub(in crate::settle) fn take(&mut self) -> Box<[SpreadTrace]> {
        std::mem::take(&mut self.traces).into_boxed_slice()
    }
}
