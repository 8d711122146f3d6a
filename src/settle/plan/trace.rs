//! Keeps how amounts were apportioned over lines, for a caller who asks why. For all others it keeps nothing.

use crate::allocate::Apportionment;
use crate::document::{DocumentIndex, LineIndex};

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

/// Records how amounts are apportioned, while it is on.
#[derive(Clone, Debug, Default)]
pub(in crate::settle) struct Recorder {
    is_on: bool,
    /// The last split that had steps.
    last: Option<Apportionment>,
    traces: Vec<SpreadTrace>,
}

impl Recorder {
    /// Starts or stops recording.
    pub(in crate::settle) fn turn(&mut self, is_on: bool) {
        *self = Self {
            is_on,
            ..Self::default()
        };
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
