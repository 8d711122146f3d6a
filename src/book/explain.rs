//! Why every unit of a settlement goes where it goes.
//!
//! A command is run once more with its splits keeping their steps, and is taken back. So the reasons are those of the
//! split itself, and nobody pays for them who does not ask.

use super::Effect;
use crate::allocate::{LARGEST_REMAINDER, Narrator};
use crate::command::Action;
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
    /// Why of each line of the source, in document order.
    pub given: Vec<ShareReason>,
    /// Why of each line of the target, in document order.
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
    pub first: Amount,
    /// What it got of the units that rounding left over.
    pub leftover: Amount,
    /// Its place among the remainders, from 1, the largest first; none where there are no shares or no remainder.
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
        let all_traces = self
            .traces
            .ok_or_else(|| Error::fault("an attempt without steps"))?;
        let signs = match &command.action {
            Action::Apply(settle) | Action::Unapply(settle) => settle.spread.signs,
            _ => Signs::default(),
        };
        let documents = self.context.documents;
        memory::reserve(self.room_of_reasons())?;
        let mut open = self.open_before()?;
        let mut reasons = Vec::new();
        for (index, entry) in self.summary.settled.iter().enumerate() {
            let traces = all_traces.get(index).map_or(&[][..], |traces| traces);
            let movement = Movement::of(documents, entry);
            for application in entry.settlement.applications() {
                let source = entry.settlement.source;
                let trace = traces
                    .iter()
                    .find(|trace| (trace.source, trace.target) == (source, application.target));
                let explained = Explained {
                    documents,
                    source,
                    application,
                    movement,
                    signs,
                    trace: trace.filter(|_| application.rule == Rule::Proration),
                };
                reasons.push(explained.reason(&mut open)?);
            }
        }
        Ok(reasons)
    }

    /// What the reasons of each line and item may take, in bytes.
    fn room_of_reasons(&self) -> usize {
        let documents = self.context.documents;
        let lines = |index| {
            documents
                .get(index)
                .map_or(0, |document| document.lines().len())
        };
        let settlements = self.summary.settled.iter().map(|entry| &entry.settlement);
        settlements
            .flat_map(|settlement| {
                settlement.applications().map(move |application| {
                    lines(settlement.source)
                        .saturating_add(lines(application.target))
                        .saturating_add(application.items.len())
                })
            })
            .fold(0, usize::saturating_add)
            .saturating_mul(REASON)
    }

    /// What the lines that something is settled of had open before.
    fn open_before(&self) -> Result<OpenAmounts> {
        let mut open = OpenAmounts::default();
        for HistoryEntry { settlement, .. } in self.summary.settled.iter().map(AsRef::as_ref) {
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
            .ok_or_else(|| Error::fault("a line that was settled is missing"))?;
        let before = open
            .entry((document, line))
            .or_insert_with(|| figures.open().minor());
        if !self.is_pending {
            // What was open in between had other amounts to go with: wrapping, it comes to what was open in the end.
            *before = before.wrapping_add(moved.minor());
        }
        Ok(())
    }
}

/// What an operation did. The sign of an amount does not say so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Movement {
    Settled,
    TakenBack,
    /// The operation was undone: what it settled was taken back.
    UndoneSettled,
    /// The operation was undone: what it took back was settled again.
    UndoneTakenBack,
}

impl Movement {
    fn of(documents: &Documents, entry: &HistoryEntry) -> Self {
        match (documents.takes_back(&entry.settlement), entry.undoes) {
            (false, None) => Self::Settled,
            (true, None) => Self::TakenBack,
            (true, Some(_)) => Self::UndoneSettled,
            (false, Some(_)) => Self::UndoneTakenBack,
        }
    }

    /// Whether amounts come back.
    const fn is_back(self) -> bool {
        matches!(self, Self::TakenBack | Self::UndoneSettled)
    }
}

/// An application that is explained.
struct Explained<'a> {
    documents: &'a Documents,
    source: DocumentIndex,
    application: Application<'a>,
    movement: Movement,
    signs: Signs,
    /// How its amount was apportioned, where it was.
    trace: Option<&'a SpreadTrace>,
}

impl Explained<'_> {
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

    /// Why of each line of one document. Takes from `open` what is settled.
    fn side(
        &self,
        open: &mut OpenAmounts,
        index: DocumentIndex,
        line: fn(&PartItem) -> LineIndex,
        trace: Option<&SideTrace>,
    ) -> Result<Vec<ShareReason>> {
        let document = self
            .documents
            .get(index)
            .ok_or_else(|| Error::fault("a document is missing"))?;
        let parts = self.parts(document, line)?;
        let lines = self.lines(document, index, open, &parts);
        let side = ExplainedSide {
            currency: &document.header().currency,
            rule: self.application.rule,
            movement: self.movement,
            lines: &lines,
        };
        let reasons = match trace {
            Some(trace) => side.shares(trace),
            None => lines.iter().map(|line| side.plain(*line)).collect(),
        };
        for (line, part) in (0..).map(LineIndex).zip(parts) {
            if let Some(open) = open.get_mut(&(index, line)) {
                *open = open.wrapping_sub(part.minor());
            }
        }
        reasons.ok_or_else(|| Error::fault("a share out of range"))
    }

    /// What each line of a document gives or receives.
    fn parts(&self, document: &Document, line: fn(&PartItem) -> LineIndex) -> Result<Vec<Amount>> {
        let mut parts = vec![Amount::ZERO; document.lines().len()];
        for item in self.application.items {
            let part = parts
                .get_mut(line(item).get())
                .ok_or_else(|| Error::fault("a line that was settled is missing"))?;
            *part = part
                .plus(item.amount)
                .ok_or_else(|| Error::fault("a part out of range"))?;
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
    ) -> Vec<TakingLine> {
        let lines = document
            .lines_with_figures()
            .zip(parts)
            .map(|((line, _, figures), &part)| {
                let open = open.get(&(index, line)).map_or_else(
                    || figures.open(),
                    |open| Amount::new(*open).unwrap_or_default(),
                );
                TakingLine { line, open, part }
            });
        lines.filter(|line| self.takes_part(line)).collect()
    }

    fn takes_part(&self, line: &TakingLine) -> bool {
        if !line.part.is_zero() {
            return true;
        }
        let has_open = !self.movement.is_back() && !line.open.is_zero();
        has_open && (self.signs == Signs::Aware || line.open.is_positive())
    }
}

/// A line that takes part, what it had open, and what it gets.
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
    /// By proportion: words the steps of the split.
    fn shares(&self, trace: &SideTrace) -> Option<Vec<ShareReason>> {
        let steps = &trace.split.steps;
        let increment = self.increment()?;
        let narrator = Narrator::new(&LARGEST_REMAINDER, steps, "line", increment)?;
        // The order of the split is that of the document, unless the request has another.
        let mut by_line: FxHashMap<LineIndex, usize> = FxHashMap::default();
        by_line.extend(trace.lines.iter().copied().zip(0..));

        let mut reasons = Vec::with_capacity(self.lines.len());
        for line in self.lines {
            // A line that the request names elsewhere has nothing left for this split.
            let Some(&index) = by_line.get(&line.line) else {
                reasons.push(self.plain(*line)?);
                continue;
            };
            let portion = steps.portions.get(index)?;
            let [amount, weight, total] = [
                i128::from(trace.amount),
                portion.weight.into(),
                portion.denominator,
            ]
            .map(|count| self.amount(count).map(|amount| self.currency.write(amount)));
            let formula = [&*amount?, " × ", &weight?, " ÷ ", &total?].concat();
            let first = self.amount(portion.first.into())?;
            let share = Fraction::new(portion.numerator, portion.denominator);
            reasons.push(ShareReason {
                line: line.line,
                open: line.open,
                part: line.part,
                exact: share.times(Fraction::of(increment)),
                first,
                leftover: line.part.minus(first)?,
                rank: match portion.rank {
                    Some(rank) if !portion.is_exact() => Some(rank.checked_add(1)?),
                    _ => None,
                },
                sentence: narrator.sentence(
                    index,
                    trace.split.parts.get(index).copied()?,
                    Some(&formula),
                )?,
            });
        }
        Some(reasons)
    }

    /// The increment of the currency.
    fn increment(&self) -> Option<Decimal> {
        let increment = self.currency.increment().into();
        Decimal::try_from_i128_with_scale(increment, self.currency.scale().into()).ok()
    }

    /// The amount of a number of increments.
    fn amount(&self, count: i128) -> Option<Amount> {
        Amount::try_from(count.checked_mul(self.currency.increment().into())?).ok()
    }

    /// By a rule that knows no shares.
    fn plain(&self, line: TakingLine) -> Option<ShareReason> {
        let scale = 10_i128.checked_pow(self.currency.scale().into())?;
        Some(ShareReason {
            line: line.line,
            open: line.open,
            part: line.part,
            exact: Fraction::new(line.part.minor().into(), scale),
            first: line.part,
            leftover: Amount::ZERO,
            rank: None,
            sentence: self.plain_sentence(line),
        })
    }

    fn plain_sentence(&self, line: TakingLine) -> String {
        let text = match (self.movement, self.rule) {
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
