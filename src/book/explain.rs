//! Explains every unit of a settlement: which line gave or received it, and why.
//!
//! A command is run once more with its splits keeping their steps, and is taken back. So the reasons are those of the
//! split itself, and only a caller who asks pays for them.

use super::Effect;
use crate::allocate::{LARGEST_REMAINDER, Narrator};
use crate::command::Command;
use crate::command::spread::Signs;
use crate::document::{
    Application, Document, DocumentIndex, Documents, HistoryEntry, LineIndex, PartItem, Rule,
};
use crate::error::{Error, Result};
use crate::memory;
use crate::money::{Amount, Currency, Fraction};
use crate::settle::{SideTrace, SpreadTrace};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

/// Why an application moves what it moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationReason {
    /// The credit memo or payment.
    pub source: DocumentIndex,
    /// The invoice, debit memo or refund.
    pub target: DocumentIndex,
    /// The rule that spread the amount.
    pub rule: Rule,
    /// The amount.
    pub amount: Amount,
    /// Why each line of the source gives what it gives, in document order.
    pub given: Vec<ShareReason>,
    /// Why each line of the target receives what it receives, in document order.
    pub received: Vec<ShareReason>,
}

/// Why a line gives or receives what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareReason {
    /// The line.
    pub line: LineIndex,
    /// What it had open.
    pub open: Amount,
    /// What it gives or receives.
    pub part: Amount,
    /// Its exact share, in the currency; the part itself where the rule knows no shares.
    pub exact: Fraction,
    /// The share rounded down.
    pub first_pass: Amount,
    /// What it got of the units that rounding left over.
    pub leftover: Amount,
    /// Its rank among the remainders, from 1, the largest first; none where there are no shares or no remainder.
    pub rank: Option<usize>,
    /// All of that for people.
    pub sentence: String,
}

/// What lines have open at one time, in minor units.
type OpenAmounts = FxHashMap<(DocumentIndex, LineIndex), i64>;

/// What the reason of a line may take: as it is found, and as text.
const REASON: usize = 1024;

impl Effect<'_> {
    /// Why the command settles what it settles: each application of it, in order.
    ///
    /// # Errors
    /// A fault if the attempt does not [keep its steps](super::Book::attempt_with_steps), or if what is settled does
    /// not fit the documents.
    pub fn explain(&self, command: &Command) -> Result<Vec<ApplicationReason>> {
        let Some(all_traces) = self.traces else {
            return Err(Error::fault("an attempt without steps"));
        };
        self.reserve_reasons()?;

        let signs = match command.action.spread() {
            Some(spread) => spread.signs,
            None => Signs::default(),
        };

        // Each application takes what it settles from `open`, because the next one found only what it left.
        let mut open = self.open_before()?;
        let mut reasons = Vec::new();
        for (index, entry) in self.summary.settled.iter().enumerate() {
            let traces = all_traces.get(index).map_or(&[][..], |traces| traces);
            let movement = Movement::of(self.context.documents, entry);

            for application in entry.settlement.applications() {
                let source = entry.settlement.source;
                let explained = ExplainedApplication {
                    documents: self.context.documents,
                    source,
                    application,
                    movement,
                    signs,
                    trace: trace_of(traces, source, application),
                };
                reasons.push(explained.reason(&mut open)?);
            }
        }
        Ok(reasons)
    }

    /// Makes sure that the reasons of all lines and items can be had.
    fn reserve_reasons(&self) -> Result<()> {
        let documents = self.context.documents;
        let mut counts = Vec::new();
        for entry in &self.summary.settled {
            let source_lines = line_count(documents, entry.settlement.source)?;
            for application in entry.settlement.applications() {
                let target_lines = line_count(documents, application.target)?;
                counts.extend([source_lines, target_lines, application.items.len()]);
            }
        }
        memory::reserve_many(memory::capped_sum(counts), REASON)
    }

    /// What the lines that something is settled of had open before.
    fn open_before(&self) -> Result<OpenAmounts> {
        let mut open = OpenAmounts::default();
        for entry in &self.summary.settled {
            let settlement = &entry.settlement;
            for application in settlement.applications() {
                for item in application.items {
                    self.add_open(&mut open, (settlement.source, item.source), item.amount)?;
                    self.add_open(&mut open, (application.target, item.target), item.amount)?;
                }
            }
        }
        Ok(open)
    }

    /// Adds what has moved of a line to what it has open now.
    fn add_open(
        &self,
        open: &mut OpenAmounts,
        (document, line): (DocumentIndex, LineIndex),
        moved: Amount,
    ) -> Result<()> {
        let figures = self
            .context
            .documents
            .get(document)
            .and_then(|document| document.line_figures(line))
            .ok_or_else(missing_line)?;
        let before = open
            .entry((document, line))
            .or_insert_with(|| figures.open().minor());

        // A pending settlement has moved nothing yet: the line has open what it had before.
        if !self.is_pending {
            // Other operations of the command may have moved the line, too: only the sum of all is in range.
            *before = before.wrapping_add(moved.minor());
        }
        Ok(())
    }
}

/// Returns the number of lines of a document.
fn line_count(documents: &Documents, index: DocumentIndex) -> Result<usize> {
    let document = documents.get(index).ok_or_else(missing_document)?;
    Ok(document.lines().len())
}

/// Returns how the amount of an application was apportioned, if it was.
fn trace_of<'a>(
    traces: &'a [SpreadTrace],
    source: DocumentIndex,
    application: Application<'_>,
) -> Option<&'a SpreadTrace> {
    // By source item, the amount that found no partner can be apportioned, too: its steps explain only a part.
    if application.rule != Rule::Proration {
        return None;
    }
    traces
        .iter()
        .find(|trace| trace.source == source && trace.target == application.target)
}

fn missing_document() -> Error {
    Error::fault("a document is missing")
}

fn missing_line() -> Error {
    Error::fault("a line that was settled is missing")
}

/// What an operation did. The sign of an amount does not say so.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Movement {
    Settled,
    TakenBack,
    /// The operation was undone: what it settled was taken back.
    UndoneSettled,
    /// The operation was undone: what it took back was settled again.
    UndoneTakenBack,
}

impl Movement {
    /// Tells what an operation did. That it undoes another says nothing about the direction.
    pub(super) fn of(documents: &Documents, entry: &HistoryEntry) -> Self {
        match (documents.takes_back(&entry.settlement), entry.undoes) {
            (false, None) => Self::Settled,
            (true, None) => Self::TakenBack,
            (true, Some(_)) => Self::UndoneSettled,
            (false, Some(_)) => Self::UndoneTakenBack,
        }
    }

    /// Whether amounts come back.
    pub(super) const fn is_back(self) -> bool {
        matches!(self, Self::TakenBack | Self::UndoneSettled)
    }
}

/// An application that is explained.
struct ExplainedApplication<'a> {
    documents: &'a Documents,
    source: DocumentIndex,
    application: Application<'a>,
    movement: Movement,
    signs: Signs,
    /// How its amount was apportioned, where it was.
    trace: Option<&'a SpreadTrace>,
}

impl ExplainedApplication<'_> {
    /// Explains both sides. Takes from `open` what is settled.
    fn reason(&self, open: &mut OpenAmounts) -> Result<ApplicationReason> {
        let Application {
            target,
            rule,
            amount,
            ..
        } = self.application;
        let given = self.trace.map(|trace| &trace.given);
        let received = self.trace.and_then(|trace| trace.received.as_ref());

        Ok(ApplicationReason {
            source: self.source,
            target,
            rule,
            amount,
            given: self.side(open, self.source, |item| item.source, given)?,
            received: self.side(open, target, |item| item.target, received)?,
        })
    }

    /// Why each line of one document gives or receives what it does. Takes from `open` what is settled.
    fn side(
        &self,
        open: &mut OpenAmounts,
        index: DocumentIndex,
        line_of: fn(&PartItem) -> LineIndex,
        trace: Option<&SideTrace>,
    ) -> Result<Vec<ShareReason>> {
        let document = self.documents.get(index).ok_or_else(missing_document)?;
        let parts = self.parts(document, line_of)?;
        let lines = self.lines(document, index, open, &parts)?;

        for (line, part) in (0..).map(LineIndex).zip(parts) {
            if let Some(open) = open.get_mut(&(index, line)) {
                // As `add_open`: another operation of the command may move the line back.
                *open = open.wrapping_sub(part.minor());
            }
        }

        let side = ExplainedSide {
            currency: &document.header().currency,
            rule: self.application.rule,
            movement: self.movement,
            lines: &lines,
        };
        let reasons = match trace {
            Some(trace) => side.split_reasons(trace),
            None => side.unsplit_reasons(),
        };
        reasons.ok_or_else(|| Error::fault("a share out of range"))
    }

    /// What each line of a document gives or receives.
    fn parts(
        &self,
        document: &Document,
        line_of: fn(&PartItem) -> LineIndex,
    ) -> Result<Vec<Amount>> {
        let mut parts = vec![Amount::ZERO; document.lines().len()];
        for item in self.application.items {
            let line = line_of(item).get();
            let part = parts.get_mut(line).ok_or_else(missing_line)?;
            let sum = part.plus(item.amount);
            *part = sum.ok_or_else(|| Error::fault("a part out of range"))?;
        }
        Ok(parts)
    }

    /// The lines that take part: those that had something to give or room (to take back: that give something back).
    fn lines(
        &self,
        document: &Document,
        index: DocumentIndex,
        open: &OpenAmounts,
        parts: &[Amount],
    ) -> Result<Vec<TakingLine>> {
        let mut lines = Vec::new();
        for ((line, _, figures), &part) in document.lines_with_figures().zip(parts) {
            // A line that no operation of the command moves has open what it had before.
            let open = match open.get(&(index, line)) {
                Some(&minor) => Amount::new(minor),
                None => Some(figures.open()),
            };
            let open = open.ok_or_else(|| Error::fault("an open amount out of range"))?;
            let line = TakingLine { line, open, part };
            if self.takes_part(&line) {
                lines.push(line);
            }
        }
        Ok(lines)
    }

    /// Whether a line is among those that the rule chose from.
    fn takes_part(&self, line: &TakingLine) -> bool {
        if !line.part.is_zero() {
            return true;
        }

        // What is open says nothing about what can come back: a line that gives nothing back has no part in it.
        if self.movement.is_back() || line.open.is_zero() {
            return false;
        }
        self.signs == Signs::Aware || line.open.is_positive()
    }
}

/// A line that takes part, what it had open, and what it gives or receives.
#[derive(Clone, Copy)]
struct TakingLine {
    line: LineIndex,
    open: Amount,
    part: Amount,
}

/// One side of an application.
struct ExplainedSide<'a> {
    currency: &'a Currency,
    rule: Rule,
    movement: Movement,
    lines: &'a [TakingLine],
}

impl ExplainedSide<'_> {
    /// Words the steps of a split by proportion.
    fn split_reasons(&self, trace: &SideTrace) -> Option<Vec<ShareReason>> {
        let steps = &trace.split.steps;
        let increment = self.increment()?;
        let narrator = Narrator::new(&LARGEST_REMAINDER, steps, "line", increment)?;

        // The order of the split is that of the document, unless the request has another.
        let mut by_line: FxHashMap<LineIndex, usize> = FxHashMap::default();
        by_line.extend(trace.lines.iter().copied().zip(0..));

        let mut reasons = Vec::with_capacity(self.lines.len());
        for &line in self.lines {
            reasons.push(match by_line.get(&line.line) {
                Some(&index) => self.split_reason(line, trace, index, &narrator)?,
                // A line that the request names elsewhere has nothing left for this split.
                None => self.unsplit_reason(line)?,
            });
        }
        Some(reasons)
    }

    /// Why a line got the portion at `index` of a split.
    fn split_reason(
        &self,
        line: TakingLine,
        trace: &SideTrace,
        index: usize,
        narrator: &Narrator<'_>,
    ) -> Option<ShareReason> {
        let portion = trace.split.steps.portions.get(index)?;
        let part = *trace.split.parts.get(index)?;
        let share = Fraction::new(portion.numerator, portion.denominator);
        let first_pass = self.amount(portion.first_pass.into())?;

        let amount = self.written(trace.amount.into())?;
        let weight = self.written(portion.weight.into())?;
        let total = self.written(portion.denominator)?;
        let formula = [&*amount, " × ", &weight, " ÷ ", &total].concat();

        // An exact share has no remainder, so no rank among the remainders either.
        let rank = match portion.rank {
            Some(rank) if !portion.is_exact() => Some(rank.checked_add(1)?),
            _ => None,
        };

        Some(ShareReason {
            line: line.line,
            open: line.open,
            part: line.part,
            exact: share.times(Fraction::of(self.increment()?)),
            first_pass,
            leftover: line.part.minus(first_pass)?,
            rank,
            sentence: narrator.sentence(index, part, Some(&formula))?,
        })
    }

    /// Returns the increment of the currency.
    fn increment(&self) -> Option<Decimal> {
        let increment = self.currency.increment().into();
        Decimal::try_from_i128_with_scale(increment, self.currency.scale().into()).ok()
    }

    /// Returns the amount of a number of increments. A split counts these and not minor units.
    fn amount(&self, count: i128) -> Option<Amount> {
        Amount::try_from(count.checked_mul(self.currency.increment().into())?).ok()
    }

    /// Writes the amount of a number of increments.
    fn written(&self, count: i128) -> Option<String> {
        self.amount(count).map(|amount| self.currency.write(amount))
    }

    /// Explains each line by its rule alone, which knows no shares.
    fn unsplit_reasons(&self) -> Option<Vec<ShareReason>> {
        let lines = self.lines.iter();
        lines.map(|line| self.unsplit_reason(*line)).collect()
    }

    /// Explains a line that no split has a portion for.
    fn unsplit_reason(&self, line: TakingLine) -> Option<ShareReason> {
        let scale = 10_i128.checked_pow(self.currency.scale().into())?;
        Some(ShareReason {
            line: line.line,
            open: line.open,
            part: line.part,
            exact: Fraction::new(line.part.minor().into(), scale),
            first_pass: line.part,
            leftover: Amount::ZERO,
            rank: None,
            sentence: self.unsplit_sentence(line),
        })
    }

    /// Says why a line gives or receives what it does, where there was no split.
    fn unsplit_sentence(&self, line: TakingLine) -> String {
        let text = match (self.movement, self.rule) {
            // An undo follows the operation that it undoes, not the rule that this operation had.
            (Movement::UndoneSettled, _) => "Taken back exactly as it was settled.",
            (Movement::UndoneTakenBack, _) => "Settled again exactly as it was taken back.",

            (_, Rule::Explicit) => "The request states this amount.",
            (_, Rule::SourceItem) => {
                "It is matched with the line that it credits, or that credits it."
            }
            (_, Rule::Mirror) => "It is matched with the same line of the counterpart.",

            (Movement::TakenBack, Rule::Proration) => {
                "Its share is in proportion to what was applied here."
            }
            (Movement::Settled, Rule::Proration) => {
                "It is the only line, so it takes the whole amount."
            }

            (Movement::TakenBack, Rule::Fifo | Rule::Lifo) => {
                let back = self.currency.write(line.part.negated());
                return [&*back, " comes back, in the order of lines."].concat();
            }
            (Movement::Settled, Rule::Fifo | Rule::Lifo) => {
                let [part, open] = [line.part, line.open].map(|amount| self.currency.write(amount));
                return [
                    &*part,
                    " of the ",
                    &open,
                    " that it has open, in the order of lines.",
                ]
                .concat();
            }
        };
        text.to_owned()
    }
}
