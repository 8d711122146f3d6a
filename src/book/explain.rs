//! Why every unit of a settlement goes where it goes: found when asked, so that nobody else pays for it.

use super::Effect;
use crate::command::Action;
use crate::command::Command;
use crate::command::spread::Signs;
use crate::document::{
    Application, Document, DocumentIndex, Documents, HistoryEntry, LineIndex, PartItem, Rule,
};
use crate::error::{Error, Result};
use crate::money::{Amount, Currency, Fraction};
use crate::order::sort_by;
use rustc_hash::FxHashMap;

/// Why an application moves what it moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The credit memo or payment.
    pub source: DocumentIndex,
    /// The invoice, debit memo or refund.
    pub target: DocumentIndex,
    /// The rule that spread the amount.
    pub rule: Rule,
    /// The amount.
    pub amount: Amount,
    /// Why of each line of the source, in document order.
    pub given: Vec<Reason>,
    /// Why of each line of the target, in document order.
    pub received: Vec<Reason>,
}

/// Why a line gives or receives what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
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
type Open = FxHashMap<(DocumentIndex, LineIndex), i64>;

impl Effect<'_> {
    /// Why the command settles what it settles: each application of it, in order.
    ///
    /// # Errors
    /// A fault if what is settled does not fit the documents.
    pub fn explain(&self, command: &Command) -> Result<Vec<Explained>> {
        let signs = match &command.action {
            Action::Apply(settle) | Action::Unapply(settle) => settle.spread.signs,
            _ => Signs::default(),
        };
        let documents = self.context.documents;
        let mut explained = Vec::new();
        let mut open = self.open_before()?;
        for entry in &self.summary.settled {
            let direction = if documents.takes_back(&entry.settlement) {
                Direction::Back
            } else {
                Direction::Forward
            };
            let source = entry.settlement.source;
            for application in entry.settlement.applications() {
                let of = explain(documents, &mut open, source, application, direction, signs)?;
                explained.push(of);
            }
        }
        Ok(explained)
    }

    /// What the lines that something is settled of had open before.
    fn open_before(&self) -> Result<Open> {
        let mut open = Open::default();
        let mut add = |document: DocumentIndex, line: LineIndex, moved: Amount| {
            let figures = self.context.documents.get(document)?.line_figures(line)?;
            let before = open
                .entry((document, line))
                .or_insert_with(|| figures.open().minor());
            // What was open in between had other amounts to go with: wrapping, it comes to what was open in the end.
            *before = if self.is_pending {
                *before
            } else {
                before.wrapping_add(moved.minor())
            };
            Some(())
        };
        for HistoryEntry { settlement, .. } in self.summary.settled.iter().map(AsRef::as_ref) {
            for application in settlement.applications() {
                let each = application.items.iter().try_for_each(|item| {
                    add(settlement.source, item.source, item.amount)?;
                    add(application.target, item.target, item.amount)
                });
                each.ok_or_else(|| Error::fault("a line that was settled is missing"))?;
            }
        }
        Ok(open)
    }
}

/// Whether something is settled or taken back. The sign of an amount does not say so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forward,
    Back,
}

fn explain(
    documents: &Documents,
    open: &mut Open,
    source: DocumentIndex,
    application: Application<'_>,
    direction: Direction,
    signs: Signs,
) -> Result<Explained> {
    let Application {
        target,
        rule,
        amount,
        items,
    } = application;
    let mut side = |index: DocumentIndex, line: fn(&PartItem) -> LineIndex| {
        let document = documents
            .get(index)
            .ok_or_else(|| Error::fault("a document is missing"))?;
        let mut parts = vec![Amount::ZERO; document.lines().len()];
        for item in items {
            if let Some(part) = parts.get_mut(line(item).get()) {
                *part = part
                    .plus(item.amount)
                    .ok_or_else(|| Error::fault("a part out of range"))?;
            }
        }
        let lines = lines(document, index, open, &parts, direction, signs);
        let reasons = Side {
            currency: &document.header().currency,
            rule,
            amount,
            direction,
            lines: &lines,
        }
        .reasons();
        for (place, part) in (0..).map(LineIndex).zip(parts) {
            if let Some(open) = open.get_mut(&(index, place)) {
                *open = open.wrapping_sub(part.minor());
            }
        }
        reasons.ok_or_else(|| Error::fault("a share out of range"))
    };
    let given = side(source, |item| item.source)?;
    let received = side(target, |item| item.target)?;
    Ok(Explained {
        source,
        target,
        rule,
        amount,
        given,
        received,
    })
}

/// A line that takes part, what it had open, and what it gets.
#[derive(Clone, Copy)]
struct Taking {
    line: LineIndex,
    open: Amount,
    part: Amount,
}

/// The lines that take part: those that had something to give or room (to take back: that give something back).
fn lines(
    document: &Document,
    index: DocumentIndex,
    open: &Open,
    parts: &[Amount],
    direction: Direction,
    signs: Signs,
) -> Vec<Taking> {
    let lines = document
        .lines_with_figures()
        .zip(parts)
        .map(|((line, _, figures), &part)| {
            let open = open.get(&(index, line)).map_or_else(
                || figures.open(),
                |open| Amount::new(*open).unwrap_or_default(),
            );
            Taking { line, open, part }
        });
    let back = direction == Direction::Back;
    let takes = |line: &Taking| {
        let has = !line.part.is_zero() || (!back && !line.open.is_zero());
        has && (signs == Signs::Aware || line.open.is_positive() || !line.part.is_zero())
    };
    lines.filter(takes).collect()
}

/// One side of an application.
struct Side<'a> {
    currency: &'a Currency,
    rule: Rule,
    amount: Amount,
    direction: Direction,
    lines: &'a [Taking],
}

impl Side<'_> {
    fn reasons(&self) -> Option<Vec<Reason>> {
        let weights = Amount::sum(self.lines.iter().map(|line| line.open));
        match weights.filter(|sum| {
            self.rule == Rule::Proration && self.amount.is_positive() && sum.is_positive()
        }) {
            Some(sum) => self.shares(sum),
            None => self.lines.iter().map(|line| self.plain(*line)).collect(),
        }
    }

    /// By proportion: the exact share, rounded down, and the units that were left over.
    fn shares(&self, sum: Amount) -> Option<Vec<Reason>> {
        let step = i128::from(self.currency.increment());
        let [amount, sum] = [self.amount, sum].map(|amount| i128::from(amount.minor()));
        let exact = |line: &Taking| {
            let product = amount.checked_mul(line.open.minor().into())?;
            let divisor = sum.checked_mul(step)?;
            Some((
                product.checked_div_euclid(divisor)?,
                product.checked_rem_euclid(divisor)?,
                product,
            ))
        };
        let shares = self.lines.iter().map(exact).collect::<Option<Vec<_>>>()?;
        let mut ranks: Vec<_> = (0..shares.len())
            .zip(&shares)
            .filter(|(_, (_, rest, _))| *rest != 0)
            .collect();
        sort_by(&mut ranks, |(_, (_, a, _)), (_, (_, b, _))| b.cmp(a));
        let floors = shares
            .iter()
            .try_fold(0_i128, |sum, (first, ..)| sum.checked_add(*first))?;
        let left = amount.checked_div(step)?.checked_sub(floors)?;
        let scale = 10_i128.checked_pow(self.currency.scale().into())?;
        let reason =
            |(place, (line, (first, _, product))): (usize, (&Taking, &(i128, i128, i128)))| {
                let first = Amount::try_from(first.checked_mul(step)?).ok()?;
                let leftover = line.part.minus(first)?;
                let rank = ranks
                    .iter()
                    .position(|(ranked, _)| *ranked == place)
                    .and_then(|rank| rank.checked_add(1));
                let write = |amount| self.currency.write(amount);
                let mut sentence = format!(
                    "{} × {} ÷ {}",
                    write(self.amount),
                    write(line.open),
                    write(Amount::try_from(sum).ok()?)
                );
                match rank {
                    None => sentence.push_str(&format!(" is {} exactly.", write(first))),
                    Some(rank) => {
                        let got = if leftover.is_zero() { "none" } else { "one" };
                        sentence.push_str(&format!(
                            ", rounded down, is {}; of the {left} units left over ",
                            write(first)
                        ));
                        sentence
                            .push_str(&format!("it gets {got}: its remainder is number {rank}."));
                    }
                }
                Some(Reason {
                    line: line.line,
                    open: line.open,
                    part: line.part,
                    exact: Fraction::new(*product, sum.checked_mul(scale)?),
                    first,
                    leftover,
                    rank,
                    sentence,
                })
            };
        self.lines
            .iter()
            .zip(&shares)
            .enumerate()
            .map(reason)
            .collect()
    }

    /// By a rule that knows no shares.
    fn plain(&self, line: Taking) -> Option<Reason> {
        let write = |amount| self.currency.write(amount);
        let sentence = match self.rule {
            Rule::Explicit => "As the request states.".to_owned(),
            Rule::SourceItem => "It meets the line that it credits, or that credits it.".to_owned(),
            Rule::Mirror => "It meets the same line of the counterpart.".to_owned(),
            Rule::Proration if self.direction == Direction::Back => {
                "In proportion to what was applied here.".to_owned()
            }
            Rule::Fifo | Rule::Lifo if self.direction == Direction::Back => {
                format!(
                    "{} comes back, in the order of lines.",
                    write(line.part.negated())
                )
            }
            Rule::Proration | Rule::Fifo | Rule::Lifo => {
                format!(
                    "{} of the {} that it has open, in the order of lines.",
                    write(line.part),
                    write(line.open)
                )
            }
        };
        let scale = 10_i128.checked_pow(self.currency.scale().into())?;
        Some(Reason {
            line: line.line,
            open: line.open,
            part: line.part,
            exact: Fraction::new(line.part.minor().into(), scale),
            first: line.part,
            leftover: Amount::ZERO,
            rank: None,
            sentence,
        })
    }
}
