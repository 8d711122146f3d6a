//! Apply a credit memo or payment to invoices and debit memos (`settlement.md` 3.6, 3.17).
//!
//! [`execute`] resolves what a command names. [`apply_named`], [`apply_to`] and [`plan_over`] are where other
//! operations enter, with the documents that they have. All of them plan first and move nothing until the plan stands.

use crate::calendar::Date;
use crate::command::settings::Limit;
use crate::command::spread::{Signs, Spread};
use crate::command::{ApplyRequest, TargetAmount};
use crate::document::{DocumentIndex, Kind, PartItem, Rule, Settlement, sum_pairs};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::memory::{capped_product, capped_sum};
use crate::money::Amount;
use crate::order::sort_by;
use crate::settle::guard::effective_dates;
use crate::settle::journal::{Context, Journal, Notice};
use crate::settle::plan::capacity::{Capacity, IncrementUnit, settleable};
use crate::settle::plan::located::Located;
use crate::settle::plan::source_item;
use crate::settle::plan::spreader::{SpreadSide, Spreader, Workspace};
use crate::settle::plan::targets::{ApplyPlan, StatedPart, Target, check_shape, find, locate};
use rustc_hash::FxHashSet;

/// Applies a source to all targets that a command names, or to none of them.
///
/// # Errors
/// `missingField`, those of [`ApplyPlan::resolve`], `dateTooEarly`, those of [`ApplyPlan::measure`], then the first of
/// `exceedsItem`, `exceedsUnapplied`, `exceedsBalance`, `noSourceItem`, `nothingToSettle`.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    date: Date,
    request: &ApplyRequest,
) -> Result<DocumentIndex> {
    let wanted = Wanted {
        source_key: Some(&request.source.id),
        stated: request.targets.as_deref().unwrap_or_default(),
        all_open: &request.all_open,
        spread: &request.spread,
    };
    wanted.check_shape()?;
    let site = Site::Command.field(request.source.kind.id_site());
    let source = find(journal.context().documents, &request.source, &site)?.index;
    apply_named(journal, date, source, &wanted)
}

/// What a command wants to be settled with a source.
pub(in crate::settle) struct Wanted<'a> {
    /// What the command has for the source, if it names it.
    pub source_key: Option<&'a str>,
    /// The documents that it names.
    pub stated: &'a [TargetAmount],
    /// The kinds of which it means all that are open.
    pub all_open: &'a [Kind],
    /// How amounts are spread.
    pub spread: &'a Spread,
}

impl Wanted<'_> {
    /// Refuses a command that names no documents, or not as its rule needs them.
    ///
    /// # Errors
    /// `missingField`, `invalidChoice`.
    pub(in crate::settle) fn check_shape(&self) -> Result<()> {
        check_shape(self.stated, self.all_open, self.spread)
    }
}

/// Applies a source to the targets that a command wants. Its operation has asked with [`Wanted::check_shape`] whether
/// they are named as they must be.
///
/// Who wants all that is open does not know whether there is anything. So nothing to settle is no refusal then, but a
/// notice of the source.
///
/// # Errors
/// As [`execute`].
pub(in crate::settle) fn apply_named(
    journal: &mut Journal<'_>,
    date: Date,
    source: DocumentIndex,
    wanted: &Wanted<'_>,
) -> Result<DocumentIndex> {
    let Wanted {
        source_key,
        stated,
        all_open,
        spread,
    } = *wanted;
    let (settlement, mut notices) = journal.plan(|context, workspace| {
        let located = locate(context.documents, source)?;
        let source = Located {
            key: source_key.unwrap_or(located.key),
            ..located
        };
        let mut plan = ApplyPlan::resolve(context, source, stated, all_open, spread)?;
        let (settlement, mut notices) =
            possible_settlement_of(context, workspace, date, &mut plan, spread)?;
        if all_open.is_empty() {
            check_not_empty(&settlement, &plan, spread)?;
        } else {
            leave_out_unnamed(&mut notices, &settlement, &plan);
        }
        Ok((settlement, notices))
    })?;
    if !settlement.is_empty() {
        return journal.conclude(settlement, notices);
    }

    notices.push(Notice::NothingApplied(Some(source)));
    notices
        .into_iter()
        .for_each(|notice| journal.notice(notice));
    Ok(source)
}

/// Leaves out what notices say of documents that nobody named and to which nothing is applied: there can be any number
/// of them.
fn leave_out_unnamed(notices: &mut Vec<Notice>, settlement: &Settlement, plan: &ApplyPlan<'_>) {
    let settled: FxHashSet<_> = settlement.documents().collect();
    notices.retain(|notice| {
        let document = notice.document();
        document.is_none_or(|document| settled.contains(&document) || plan.names(document))
    });
}

/// Applies what a source has left to one target, as far as both allow.
///
/// # Errors
/// As [`execute`], at the lists of a command that names neither document.
pub(in crate::settle) fn apply_to(
    journal: &mut Journal<'_>,
    date: Date,
    source: DocumentIndex,
    target: DocumentIndex,
    spread: &Spread,
) -> Result<DocumentIndex> {
    let (settlement, notices) = journal.plan(|context, workspace| {
        let mut plan = ApplyPlan::of_documents(context, source, &[(target, None)], spread)?;
        let planned = possible_settlement_of(context, workspace, date, &mut plan, spread)?;
        check_not_empty(&planned.0, &plan, spread)?;
        Ok(planned)
    })?;
    journal.conclude(settlement, notices)
}

/// Plans how a source settles targets that another operation has, as far as all of them allow. That may be nothing.
///
/// # Errors
/// As [`execute`], at the lists of a command that names neither document.
pub(in crate::settle) fn plan_over(
    journal: &mut Journal<'_>,
    date: Date,
    source: DocumentIndex,
    targets: &[DocumentIndex],
    spread: &Spread,
) -> Result<(Settlement, Vec<Notice>)> {
    let amounts: Vec<_> = targets.iter().map(|&target| (target, None)).collect();
    journal.plan(|context, workspace| {
        let mut plan = ApplyPlan::of_documents(context, source, &amounts, spread)?;
        possible_settlement_of(context, workspace, date, &mut plan, spread)
    })
}

/// Plans how a source settles its targets, as far as there is something to settle. Lines that the command names are set
/// aside first, so that no rule can take what they need. The other targets follow one after another, in settlement
/// order.
fn possible_settlement_of(
    context: Context<'_>,
    workspace: &mut Workspace,
    date: Date,
    plan: &mut ApplyPlan<'_>,
    spread: &Spread,
) -> Result<(Settlement, Vec<Notice>)> {
    effective_dates::check_day(context, plan.documents(), date)?;
    plan.measure(context.settings)?;

    let plan = &*plan;
    let mut planner = Planner::new(plan, spread, workspace);
    for target in &plan.targets {
        planner.reserve_stated_lines(target)?;
    }
    let unapplied = check_unapplied(plan, settleable(plan.source.document, spread))?;
    check_balances(plan, spread)?;

    let (rule, notices) = rule_within_limits(context, plan, spread);
    planner.settle_targets(date, rule, unapplied, notices)
}

/// Refuses stated amounts that are more than the source has unapplied, together. Returns what they leave of it.
fn check_unapplied(plan: &ApplyPlan<'_>, unapplied: Amount) -> Result<Amount> {
    let mut unsettled = unapplied;
    for target in &plan.targets {
        let Some(amount) = target.amount else {
            continue;
        };
        unsettled = match unsettled.minus(amount) {
            Some(remaining) if remaining >= Amount::ZERO => remaining,
            _ => {
                let reason = Reason::MoreThanUnapplied {
                    most: plan.currency().figure(unsettled),
                    unapplied: plan.currency().figure(unapplied),
                    amount: plan.currency().figure(amount),
                };
                return Err(target.refuse(reason, SiteField::Amount));
            }
        };
    }
    Ok(unsettled)
}

/// Refuses a stated amount that is more than its target has open.
fn check_balances(plan: &ApplyPlan<'_>, spread: &Spread) -> Result<()> {
    for target in &plan.targets {
        let balance = settleable(target.document.document, spread);
        if let Some(amount) = target.amount.filter(|&amount| amount > balance) {
            let header = target.document.document.header();
            let reason = Reason::MoreThanBalance {
                kind: header.kind.into(),
                document: target.document.key.into(),
                most: plan.currency().figure(balance),
                amount: plan.currency().figure(amount),
            };
            return Err(target.refuse(reason, SiteField::Amount));
        }
    }
    Ok(())
}

/// The rule of the command, or first in first out where proration would meet more pairs of lines than the book allows.
fn rule_within_limits(
    context: Context<'_>,
    plan: &ApplyPlan<'_>,
    spread: &Spread,
) -> (Rule, Vec<Notice>) {
    let rule = spread.rule.unwrap_or(Rule::Proration);
    let source_lines = plan.source.document.lines().len();
    let cell_count = capped_product(plan.line_count(), source_lines);
    let limits = &context.settings.limits;
    if rule != Rule::Proration || limits.allows(Limit::ProrationCells, cell_count) {
        return (rule, Vec::new());
    }

    let by_rule = plan.targets.iter().filter(|target| target.items.is_none());
    let notices = by_rule
        .map(|target| Notice::FifoInsteadOfProration(target.document.index))
        .collect();
    (Rule::Fifo, notices)
}

/// Plans the targets of a source one after another, by what the lines of the source have left.
struct Planner<'a, 'w> {
    plan: &'a ApplyPlan<'a>,
    spread: &'a Spread,
    spreader: &'w mut Spreader,
    source: &'w mut Capacity,
    target: &'w mut Capacity,
}

impl<'a, 'w> Planner<'a, 'w> {
    fn new(plan: &'a ApplyPlan<'a>, spread: &'a Spread, workspace: &'w mut Workspace) -> Self {
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
    fn settle_targets(
        &mut self,
        date: Date,
        rule: Rule,
        mut unapplied: Amount,
        mut notices: Vec<Notice>,
    ) -> Result<(Settlement, Vec<Notice>)> {
        let mut settlement = room(date, self.plan);
        for target in &self.plan.targets {
            let balance = settleable(target.document.document, self.spread);
            let possible = target.amount.unwrap_or_else(|| unapplied.min(balance));
            let items = settlement.open();
            let first_item = items.len();
            let (rule, applied) =
                self.settle_target(rule, target, possible, items, &mut notices)?;
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
        sum_pairs(items)?;
        Ok(unpaired)
    }

    /// Sets the lines of the source aside that a target's items name, so that no rule can take what they need.
    fn reserve_stated_lines(&mut self, target: &Target<'_>) -> Result<()> {
        let Some(items) = &target.items else {
            return Ok(());
        };
        let signed = Spread {
            signs: Signs::Aware,
            ..self.spread.clone()
        };
        let units = self.spreader.units();
        let mut needed = Capacity::of(target.document.document, &signed, units);

        // What negative lines give back, the others can use. So they come first, and each line of the source is asked
        // once all that is stated of it is known.
        let (negative, positive): (Vec<_>, Vec<_>) = items
            .iter()
            .partition(|stated| !stated.item.amount.is_positive());
        let gives_back = !negative.is_empty();
        for stated in negative.into_iter().chain(positive) {
            let count = units.count(stated.item.amount);
            if !gives_back {
                self.reserve_line(target, stated, count)?;
            }
            take_of_target(target, stated, count, &mut needed, self.plan)?;
        }
        if gives_back {
            self.reserve_sums(target, items)?;
        }
        Ok(())
    }

    /// Sets an increment count of one line of the source aside.
    fn reserve_line(
        &mut self,
        target: &Target<'_>,
        stated: &StatedPart<'_>,
        count: i64,
    ) -> Result<()> {
        let open = self.source.left(stated.item.source);
        if open < count {
            let kind = self.plan.source_kind();
            return more_than_line_has_open(target, stated, kind, open, self.plan);
        }
        self.source.take(stated.item.source, count)?;
        Ok(())
    }

    /// Sets aside what the items of a target state of each line of the source together.
    fn reserve_sums(&mut self, target: &Target<'_>, items: &[StatedPart<'_>]) -> Result<()> {
        let units = self.spreader.units();
        let mut by_line: Vec<_> = items.iter().collect();
        sort_by(&mut by_line, |a, b| {
            (a.item.source, a.item.amount.is_positive())
                .cmp(&(b.item.source, b.item.amount.is_positive()))
        });
        for of_line in by_line.chunk_by(|a, b| a.item.source == b.item.source) {
            let Some(last) = of_line.last() else {
                continue;
            };
            let line = last.item.source;
            let open = self.source.left(line);
            let Some(sum) = Amount::sum(of_line.iter().map(|stated| stated.item.amount)) else {
                return Err(target.refuse(Reason::ItemsOutOfRange {}, SiteField::Amount));
            };
            let sum = units.count(sum);
            if !(open.min(0)..=open.max(0)).contains(&sum) {
                let currency = self.plan.currency();
                let reason = Reason::SumBeyondLine {
                    open: currency.figure(units.amount(open)?),
                    kind: self.plan.source_kind().into(),
                    sum: currency.figure(units.amount(sum)?),
                };
                return Err(target.refuse_item(last, reason));
            }
            self.source.take(line, sum)?;
        }
        Ok(())
    }
}

/// Takes an increment count of a line of the target, as far as it has that open.
fn take_of_target(
    target: &Target<'_>,
    stated: &StatedPart<'_>,
    count: i64,
    needed: &mut Capacity,
    plan: &ApplyPlan<'_>,
) -> Result<()> {
    let line = stated.item.target;
    let open = needed.left(line);
    let is_too_much = if count < 0 {
        open > count
    } else {
        open < count
    };
    if is_too_much {
        return more_than_line_has_open(target, stated, target.kind(), open, plan);
    }
    needed.take(line, count)?;
    Ok(())
}

/// Refuses an item that is more than its line of the document of `kind` has open.
#[cold]
fn more_than_line_has_open(
    target: &Target<'_>,
    stated: &StatedPart<'_>,
    kind: Kind,
    open: i64,
    plan: &ApplyPlan<'_>,
) -> Result<()> {
    let currency = plan.currency();
    let reason = Reason::MoreThanLineOpen {
        most: currency.figure(IncrementUnit::of(currency).amount(open)?),
        kind: kind.into(),
        amount: currency.figure(stated.item.amount),
    };
    Err(target.refuse_item(stated, reason))
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

/// Refuses a plan by which nothing can be settled: everything was left out or is settled already. An operation that did
/// nothing is not recorded.
///
/// # Errors
/// `nothingToSettle`.
fn check_not_empty(settlement: &Settlement, plan: &ApplyPlan<'_>, spread: &Spread) -> Result<()> {
    if settlement.is_empty() {
        return Err(nothing_to_settle(plan, spread));
    }
    Ok(())
}

#[cold]
fn nothing_to_settle(plan: &ApplyPlan<'_>, spread: &Spread) -> Error {
    let reason = if spread.rule == Some(Rule::SourceItem) && spread.fallback.is_none() {
        Reason::NoLinesPair {}
    } else {
        Reason::NothingToApply {}
    };
    let first = plan.targets.first();
    let list = first.map_or(SiteField::Invoices, |target| target.kind().list_site());
    Error::of(reason, &Site::Command.field(list))
}
