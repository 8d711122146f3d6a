//! Plans what one source settles of its targets, one after another.

use crate::calendar::Date;
use crate::command::spread::Spread;
use crate::document::{LineRef, PartItem, Rule, Settlement, sum_pairs};
use crate::error::{Error, Reason, Result, SiteField};
use crate::memory::{capped_product, capped_sum};
use crate::money::Amount;
use crate::settle::journal::Notice;
use crate::settle::plan::capacity::{Capacity, IncrementUnit, settleable};
use crate::settle::plan::located::Located;
use crate::settle::plan::source_item;
use crate::settle::plan::spreader::{SpreadSide, Spreader, Workspace};
use crate::settle::plan::targets::{ApplyPlan, Target};
use crate::settle::plan::trace::{PlanStep, Turn};

/// Plans the targets of a source one after another, by what the lines of the source have left.
pub(super) struct Planner<'a, 'w> {
    pub(super) plan: &'a ApplyPlan<'a>,
    pub(super) spread: &'a Spread,
    pub(super) spreader: &'w mut Spreader,
    /// What the lines of the source have left.
    pub(super) source: &'w mut Capacity,
    /// What the lines of the target at hand have left.
    target: &'w mut Capacity,
}

impl<'a, 'w> Planner<'a, 'w> {
    pub(super) fn new(
        plan: &'a ApplyPlan<'a>,
        spread: &'a Spread,
        workspace: &'w mut Workspace,
    ) -> Self {
        let units = IncrementUnit::of(plan.currency());
        workspace.spreader.count_in(units);
        workspace.source.load(plan.source.document, spread, units);

        Self {
            plan,
            spread,
            spreader: &mut workspace.spreader,
            source: &mut workspace.source,
            target: &mut workspace.target,
        }
    }

    /// Settles every target with what is unapplied.
    pub(super) fn settle_targets(
        &mut self,
        date: Date,
        rule: Rule,
        mut unapplied: Amount,
        mut notices: Vec<Notice>,
    ) -> Result<(Settlement, Vec<Notice>)> {
        let mut settlement = room(date, self.plan);
        for (place, target) in (1..).zip(&self.plan.targets) {
            let balance = settleable(target.document.document, self.spread);
            let possible = target.amount.unwrap_or_else(|| unapplied.min(balance));

            let items = settlement.open();
            let first_item = items.len();
            let (rule, applied) =
                self.settle_target(rule, target, possible, items, &mut notices)?;

            let recorder = &self.spreader.recorder;
            if recorder.asks(target.document.index) || recorder.asks(self.plan.source.index) {
                let left = target.amount.unwrap_or(unapplied);
                self.record_turn(place, target, left, balance, applied);
            }

            // Stated amounts have been taken off before, so that no target without one can use them up.
            if target.amount.is_none() {
                unapplied = unapplied
                    .minus(applied)
                    .ok_or_else(|| Error::fault("more applied than is unapplied"))?;
            }

            if !settlement.close(target.document.index, rule, applied, first_item) {
                notices.push(Notice::NothingApplied(Some(target.document.index)));
            }
        }

        settlement.fit();
        Ok((settlement, notices))
    }

    /// Records the turn of a target, about which or about whose source somebody asks.
    #[cold]
    fn record_turn(
        &mut self,
        place: usize,
        target: &Target<'_>,
        left: Amount,
        open: Amount,
        applied: Amount,
    ) {
        let source = self.plan.source.index;
        let mut passed_over = self.passed_over(&self.plan.source);
        passed_over.extend(self.passed_over(&target.document));
        let turn = Turn {
            source,
            target: target.document.index,
            place,
            count: self.plan.targets.len(),
            left,
            open,
            applied,
            passed_over: passed_over.into(),
        };

        // Of both documents, because a caller can ask about either.
        let recorder = &mut self.spreader.recorder;
        for index in [source, target.document.index] {
            recorder.note(index, PlanStep::Turn(turn.clone()));
        }
    }

    /// The lines of a document that have something open and take no part.
    fn passed_over(&self, located: &Located<'_>) -> Vec<LineRef> {
        let taking = Capacity::of(located.document, self.spread, self.spreader.units());
        let mut passed_over = Vec::new();
        for (line, _, figures) in located.document.lines_with_figures() {
            if !figures.open().is_zero() && taking.left(line) == 0 {
                let document = located.index;
                passed_over.push(LineRef { document, line });
            }
        }
        passed_over
    }

    /// Settles one target as its items say, or by the rule. Adds the items behind `items`, and returns the rule that
    /// was used and the amount that is applied.
    fn settle_target(
        &mut self,
        rule: Rule,
        target: &Target<'_>,
        amount: Amount,
        items: &mut Vec<PartItem>,
        notices: &mut Vec<Notice>,
    ) -> Result<(Rule, Amount)> {
        if target.items.is_some() {
            items.extend(target.part_items());
            return Ok((Rule::Explicit, amount));
        }
        if !amount.is_positive() {
            return Ok((rule, Amount::ZERO));
        }

        let units = self.spreader.units();
        let document = target.document.document;
        self.target.load(document, self.spread, units);
        if rule == Rule::SourceItem {
            let applied = self.settle_by_source_item(target, amount, items, notices)?;
            return Ok((rule, applied));
        }

        let mut source = SpreadSide {
            of: self.plan.source,
            capacity: self.source,
        };
        let target = SpreadSide {
            of: target.document,
            capacity: self.target,
        };
        let count = units.whole(amount);
        let matrix = self.spread.matrix;
        self.spreader
            .spread(rule, count, &mut source, &target, matrix, items)?;
        Ok((rule, amount))
    }

    /// Pairs each line with the line that it credits. What finds no partner goes by the fallback; without one, a stated
    /// amount is refused and any other is applied in part.
    fn settle_by_source_item(
        &mut self,
        target: &Target<'_>,
        amount: Amount,
        items: &mut Vec<PartItem>,
        notices: &mut Vec<Notice>,
    ) -> Result<Amount> {
        let units = self.spreader.units();
        let count = units.whole(amount);

        // Apart from the items of other targets: what closes lines looks at those of this one alone.
        let mut paired = Vec::new();
        let unpaired = self.pair_by_source_item(count, target, &mut paired)?;
        items.append(&mut paired);
        if unpaired == 0 {
            return Ok(amount);
        }
        if self.spread.fallback.is_some() {
            notices.push(Notice::FallbackUsed(target.document.index));
            return Ok(amount);
        }

        let paired_count = count.checked_sub(unpaired);
        let paired_count =
            paired_count.ok_or_else(|| Error::fault("more unpaired than there is"))?;
        let applied = units.amount(paired_count.cast_signed())?;
        if target.amount.is_some() {
            let currency = self.plan.currency();
            let reason = Reason::MoreThanSourceItems {
                most: currency.figure(applied),
                amount: currency.figure(amount),
            };
            return Err(target.refuse(reason, SiteField::Amount));
        }
        Ok(applied)
    }

    /// Pairs lines, and spreads what finds no partner by the fallback. Returns how much found no partner. Where nothing
    /// goes by the fallback, a side that has nothing left has its lines closed, as by every other rule.
    fn pair_by_source_item(
        &mut self,
        count: u64,
        target: &Target<'_>,
        items: &mut Vec<PartItem>,
    ) -> Result<u64> {
        let spreader = &mut *self.spreader;
        let mut source = SpreadSide {
            of: self.plan.source,
            capacity: self.source,
        };
        let mut target = SpreadSide {
            of: target.document,
            capacity: self.target,
        };
        let has_fallback = self.spread.fallback.is_some();
        let unpaired = source_item::pair(
            spreader,
            count,
            &mut source,
            &mut target,
            has_fallback,
            items,
        )?;

        let Some(fallback) = self.spread.fallback.filter(|_| unpaired > 0) else {
            if !items.is_empty() {
                source_item::close(spreader, &mut source, &mut target, items)?;
            }
            return Ok(unpaired);
        };

        // The lines of both are in the order of the command's own rule, which is not the order of the fallback.
        let is_backwards = fallback == Rule::Lifo;
        if is_backwards {
            source.capacity.reverse();
            target.capacity.reverse();
        }
        let matrix = self.spread.matrix;
        spreader.spread(fallback, unpaired, &mut source, &target, matrix, items)?;
        if is_backwards {
            source.capacity.reverse();
        }

        // The fallback can meet a pair of lines that the rule has met.
        sum_pairs(items)?;
        Ok(unpaired)
    }
}

/// A settlement with room for what a plan can settle: each target has an item for each line, and some of them one more
/// for each line of the source after the first.
fn room(date: Date, plan: &ApplyPlan<'_>) -> Settlement {
    let mut settlement = Settlement::new(date, plan.source.index);
    let (target_count, line_count) = (plan.targets.len(), plan.line_count());
    let further_lines = plan.source.document.lines().iter().skip(1).len();
    let more = capped_product(further_lines, target_count).min(line_count);
    settlement.reserve(target_count, capped_sum([line_count, more]));
    settlement
}
