//! Take applications of a credit memo or payment back (`settlement.md` 3.7).
//!
//! [`execute`] resolves what a command names. [`unapply_named`] and [`unapply_amounts`] are where a refund enters, with
//! the source that it has.

use crate::calendar::Date;
use crate::command::spread::Spread;
use crate::command::{ApplyRequest, TargetAmount};
use crate::document::{
    Application, DocumentIndex, LineIndex, Part, PartItem, Rule, Settlement, negated, sum_pairs,
};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::{Amount, Currency};
use crate::order::sort_by;
use crate::settle::guard::effective_dates;
use crate::settle::journal::{Context, Journal, Notice};
use crate::settle::plan::capacity::IncrementUnit;
use crate::settle::plan::located::Located;
use crate::settle::plan::source_item;
use crate::settle::plan::spreader::Spreader;
use crate::settle::plan::targets::{ApplyPlan, Target, check_shape, find, locate};

/// Takes back all that a command names, or none of it; all that is applied, where it names nothing.
///
/// # Errors
/// `missingField`, those of [`ApplyPlan::resolve`], `dateTooEarly`, those of [`ApplyPlan::measure`], `exceedsApplied`,
/// `noSourceItem`, `nothingToSettle`.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    date: Date,
    request: &ApplyRequest,
) -> Result<DocumentIndex> {
    let (context, spread) = (journal.context(), &request.spread);
    let site = Site::Command.field(request.source.kind.id_site());
    let (settlement, notices) = match &request.targets {
        Some(stated) => {
            check_shape(stated, &[], spread)?;
            let source = find(context.documents, &request.source, &site)?;
            let plan = ApplyPlan::resolve(context, source, stated, &[], spread)?;
            release_stated(context, date, plan, spread)?
        }
        None => {
            check_rule_names_nothing(spread)?;
            let source = find(context.documents, &request.source, &site)?;
            let plan = ApplyPlan::all_applied(context, source, spread)?;
            release_all(context, date, &plan, spread)?
        }
    };
    journal.conclude(settlement, notices)
}

/// Takes back what a command names of a source that its operation has found already. That operation has asked with
/// [`check_shape`] whether the targets are named as they must be.
///
/// # Errors
/// As [`execute`].
pub(in crate::settle) fn unapply_named(
    journal: &mut Journal<'_>,
    date: Date,
    source: DocumentIndex,
    stated: &[TargetAmount],
    spread: &Spread,
) -> Result<DocumentIndex> {
    let context = journal.context();
    let source = locate(context.documents, source)?;
    let plan = ApplyPlan::resolve(context, source, stated, &[], spread)?;
    let (settlement, notices) = release_stated(context, date, plan, spread)?;
    journal.conclude(settlement, notices)
}

/// Takes amounts back from documents that an operation has chosen.
///
/// # Errors
/// As [`execute`], at the lists of a command that names none of the documents.
pub(in crate::settle) fn unapply_amounts(
    journal: &mut Journal<'_>,
    date: Date,
    source: DocumentIndex,
    amounts: &[(DocumentIndex, Option<Amount>)],
    spread: &Spread,
) -> Result<DocumentIndex> {
    let context = journal.context();
    let plan = ApplyPlan::of_documents(context, source, amounts, spread)?;
    let (settlement, notices) = release_stated(context, date, plan, spread)?;
    journal.conclude(settlement, notices)
}

/// Refuses a command that names no documents, where its rule needs their items.
///
/// # Errors
/// `missingField`.
pub(in crate::settle) fn check_rule_names_nothing(spread: &Spread) -> Result<()> {
    if spread.rule != Some(Rule::Explicit) {
        return Ok(());
    }
    let site = Site::Command.field(SiteField::Invoices);
    Err(Error::of(Reason::NoTargetsWithItems {}, &site))
}

/// Plans to take back what is stated.
fn release_stated(
    context: Context<'_>,
    date: Date,
    mut plan: ApplyPlan<'_>,
    spread: &Spread,
) -> Result<(Settlement, Vec<Notice>)> {
    check_date(context, plan.source.index, date)?;
    effective_dates::check_day(context, plan.documents(), date)?;
    plan.measure(context.settings)?;
    settlement_of(context, date, &plan, spread)
}

/// Plans to take back all that is applied.
fn release_all(
    context: Context<'_>,
    date: Date,
    plan: &ApplyPlan<'_>,
    spread: &Spread,
) -> Result<(Settlement, Vec<Notice>)> {
    check_date(context, plan.source.index, date)?;
    effective_dates::check_day(context, plan.documents(), date)?;
    plan.check_part_items(context)?;
    settlement_of(context, date, plan, spread)
}

/// Refuses to take something back on a day of a closed period, or before it was applied (`settlement.md` 0, rule 22).
///
/// # Errors
/// `periodClosed`, `dateTooEarly`.
pub(in crate::settle) fn check_date(
    context: Context<'_>,
    source: DocumentIndex,
    date: Date,
) -> Result<()> {
    let site = Site::Command.field(SiteField::At);
    context.settings.check_settling(date, &site)?;
    let documents = context.documents;
    if documents.last_settled(source) <= Some(date) {
        return Ok(());
    }

    let settled = documents
        .entries_of(source)
        .map(|entry| &entry.settlement)
        .filter(|settlement| settlement.source == source && !documents.takes_back(settlement));
    let last = settled.map(|settlement| settlement.at).max();
    let Some(last) = last.filter(|&last| date < last) else {
        return Ok(());
    };
    let reason = Reason::BeforeLastSettled {
        earliest: last.into(),
        date: date.into(),
    };
    Err(Error::of(reason, &Site::Command.field(SiteField::At)))
}

/// Plans what comes back of every target. First applied is first released, unless the command says otherwise.
fn settlement_of(
    context: Context<'_>,
    date: Date,
    plan: &ApplyPlan<'_>,
    spread: &Spread,
) -> Result<(Settlement, Vec<Notice>)> {
    let nothing = Part::default();
    let mut applied = Vec::with_capacity(plan.targets.len());
    for target in &plan.targets {
        let part = context
            .documents
            .part(plan.source.index, target.document.index);
        let part = part.unwrap_or(&nothing);
        check_applied(target, part, plan.currency())?;
        applied.push((target, part));
    }

    let mut releaser = Releaser::new(plan, spread);
    let mut settlement = Settlement::new(date, plan.source.index);
    let mut notices = Vec::new();
    for (target, part) in applied {
        if part.items().is_empty() {
            notices.push(Notice::NothingApplied(Some(target.document.index)));
            continue;
        }
        let (rule, items) = releaser.release(target, part)?;
        let amount = match target.amount {
            Some(amount) => amount,
            None => part.amount()?,
        };
        settlement.add(Application {
            target: target.document.index,
            rule,
            amount: amount.negated(),
            items: &items,
        });
    }

    if settlement.is_empty() {
        let site = Site::Command.field(plan.source_field());
        return Err(Error::of(Reason::NothingApplied {}, &site));
    }
    Ok((settlement, notices))
}

/// Refuses more than is applied: of the part, and of each pair of lines that is named.
fn check_applied(target: &Target<'_>, part: &Part, currency: &Currency) -> Result<()> {
    for stated in target.items.iter().flatten() {
        let amount = stated.item.amount;
        let applied = part.amount_between(&stated.item);
        if !(applied.min(Amount::ZERO)..=applied.max(Amount::ZERO)).contains(&amount) {
            let reason = Reason::MoreThanAppliedBetween {
                applied: currency.figure(applied),
                amount: currency.figure(amount),
            };
            return Err(target.refuse_item(stated, reason));
        }
    }

    let applied = part.amount()?;
    if let Some(amount) = target.amount.filter(|&amount| amount > applied) {
        let reason = Reason::MoreThanApplied {
            most: currency.figure(applied),
            amount: currency.figure(amount),
        };
        return Err(target.refuse(reason, SiteField::Amount));
    }

    let stated: Vec<_> = target.part_items().map(PartItem::negated).collect();
    if !keeps_signs(part, &stated) {
        return Err(target.refuse(Reason::MoreThanAppliedOfLine {}, SiteField::Items));
    }
    Ok(())
}

/// Whether an amount between zero and what a part has of it comes back of every line. Where all items of a part have
/// one sign, that follows from them. Where a negative line was set off against others, it does not, and what stays
/// applied could no longer be taken back.
pub(in crate::settle) fn keeps_signs(part: &Part, back: &[PartItem]) -> bool {
    if part.items().iter().all(|item| item.amount.is_positive()) {
        return true;
    }
    keeps_signs_of(part, back, |item| item.source) && keeps_signs_of(part, back, |item| item.target)
}

/// Whether that is so of the lines of one side.
fn keeps_signs_of(part: &Part, back: &[PartItem], line: fn(&PartItem) -> LineIndex) -> bool {
    let applied = part.items().iter();
    let applied = applied.map(|item| (line(item), item.amount, Amount::ZERO));
    let back = back.iter();
    let back = back.map(|item| (line(item), Amount::ZERO, item.amount.negated()));
    let mut all: Vec<_> = applied.chain(back).collect();
    sort_by(&mut all, |a, b| a.0.cmp(&b.0));

    for of_line in all.chunk_by(|a, b| a.0 == b.0) {
        let applied = Amount::sum(of_line.iter().map(|(_, applied, _)| *applied));
        let back = Amount::sum(of_line.iter().map(|(.., back)| *back));
        let (Some(applied), Some(back)) = (applied, back) else {
            return false;
        };
        if !(applied.min(Amount::ZERO)..=applied.max(Amount::ZERO)).contains(&back) {
            return false;
        }
    }
    true
}

/// Finds out which items of the parts of a source come back.
struct Releaser<'a> {
    plan: &'a ApplyPlan<'a>,
    spread: &'a Spread,
    rule: Rule,
    spreader: Spreader,
}

impl<'a> Releaser<'a> {
    fn new(plan: &'a ApplyPlan<'a>, spread: &'a Spread) -> Self {
        Self {
            plan,
            spread,
            rule: spread.rule.unwrap_or(Rule::Fifo),
            spreader: Spreader::new(IncrementUnit::of(plan.currency())),
        }
    }

    /// Releases what a target states of a part, or all of it. Returns the items with the rule that found them.
    fn release(&mut self, target: &Target<'_>, part: &Part) -> Result<(Rule, Vec<PartItem>)> {
        if target.items.is_some() {
            let items = target.part_items().map(PartItem::negated).collect();
            return Ok((Rule::Explicit, items));
        }
        let items = match target.amount {
            Some(amount) => self.release_by_rule(target, part, amount)?,
            None => negated(part.items()),
        };
        Ok((self.rule, items))
    }

    /// Spreads an amount over the items of a part by the rule.
    fn release_by_rule(
        &mut self,
        target: &Target<'_>,
        part: &Part,
        amount: Amount,
    ) -> Result<Vec<PartItem>> {
        let units = self.spreader.units();
        let count = units.whole(amount);
        let has_negative = part.items().iter().any(|item| !item.amount.is_positive());
        if has_negative && self.rule != Rule::SourceItem {
            return self.release_signed(self.rule, count, part, target.document);
        }

        let mut items = part.items().to_vec();
        self.spread
            .sort(target.document.document, &mut items, |item| {
                (item.target, item.amount.minor())
            });
        let caps: Vec<_> = items.iter().map(|item| units.count(item.amount)).collect();
        let shares = if self.rule == Rule::SourceItem {
            self.shares_by_source_item(target, amount, &items, &caps)?
        } else {
            self.spreader.shares(self.rule, count, caps)?
        };
        let released = released_items(&items, &shares, units)?;
        if keeps_signs(part, &released) {
            return Ok(released);
        }

        // A line that gave to one of its own and carried what was set off elsewhere has less than its items say.
        let rule = self.spread.fallback.unwrap_or(Rule::Proration);
        self.release_signed(rule, count, part, target.document)
    }

    /// Spreads an amount over the items between lines one of which credits the other, and the rest by the fallback.
    fn shares_by_source_item(
        &mut self,
        target: &Target<'_>,
        amount: Amount,
        items: &[PartItem],
        caps: &[i64],
    ) -> Result<Vec<i64>> {
        let units = self.spreader.units();
        let count = units.whole(amount);
        let linked = linked(items, caps, [self.plan.source, target.document]);
        let possible = sum_of(&linked)?.max(0);
        if self.spread.fallback.is_none() && count > possible.unsigned_abs() {
            let currency = self.plan.currency();
            let reason = Reason::MoreThanAppliedBySource {
                most: currency.figure(units.amount(possible)?),
                amount: currency.figure(amount),
            };
            return Err(target.refuse(reason, SiteField::Amount));
        }
        shares_of_linked(
            &mut self.spreader,
            self.spread.fallback,
            count,
            caps,
            linked,
        )
    }

    /// Releases an amount where a negative line was set off against others, so that no item can come back by itself:
    /// the rule says how much of every line of both sides comes back, and what stays applied of them is paired anew.
    fn release_signed(
        &mut self,
        rule: Rule,
        count: u64,
        part: &Part,
        target: Located<'_>,
    ) -> Result<Vec<PartItem>> {
        let units = self.spreader.units();
        let source = self.plan.source;
        let (rows, given) = self.remaining_of(rule, count, part, source, |item| item.source)?;
        let (columns, needed) = self.remaining_of(rule, count, part, target, |item| item.target)?;

        let mut items = negated(part.items());
        for (row, column, count) in self.spreader.pair(given, needed)? {
            let (Some(&source), Some(&target)) = (rows.get(row), columns.get(column)) else {
                return Err(Error::broken("a pair of lines that are not there"));
            };
            items.push(PartItem {
                source,
                target,
                amount: units.amount(count)?,
            });
        }
        sum_pairs(&mut items)?;
        Ok(items)
    }

    /// What stays applied of the lines of one side of a part, once the rule has released an increment count of them.
    fn remaining_of(
        &mut self,
        rule: Rule,
        count: u64,
        part: &Part,
        document: Located<'_>,
        line: fn(&PartItem) -> LineIndex,
    ) -> Result<(Vec<LineIndex>, Vec<i64>)> {
        let mut counts = counts_by_line(part, self.spreader.units(), line)?;
        self.spread
            .sort(document.document, &mut counts, |&line_and_count| {
                line_and_count
            });
        let applied = counts.iter().map(|(_, count)| *count).collect();
        let back = self.spreader.shares(rule, count, applied)?;
        for ((_, count), back) in counts.iter_mut().zip(back) {
            *count = count.checked_sub(back).ok_or_else(count_fault)?;
        }
        sort_by(&mut counts, |a, b| a.0.cmp(&b.0));
        Ok(counts.into_iter().unzip())
    }
}

/// The increments that a part has of each line of one side.
fn counts_by_line(
    part: &Part,
    units: IncrementUnit,
    line: fn(&PartItem) -> LineIndex,
) -> Result<Vec<(LineIndex, i64)>> {
    let mut items: Vec<_> = part.items().iter().collect();
    sort_by(&mut items, |a, b| line(a).cmp(&line(b)));
    let mut counts: Vec<(LineIndex, i64)> = Vec::with_capacity(items.len());
    for item in items {
        let count = units.count(item.amount);
        match counts.last_mut() {
            Some((last, sum)) if *last == line(item) => {
                *sum = sum.checked_add(count).ok_or_else(count_fault)?;
            }
            _ => counts.push((line(item), count)),
        }
    }
    Ok(counts)
}

/// The items of a part with what comes back of each, without those of which nothing does.
fn released_items(
    items: &[PartItem],
    shares: &[i64],
    units: IncrementUnit,
) -> Result<Vec<PartItem>> {
    let mut released = Vec::with_capacity(items.len());
    for (item, &share) in items.iter().zip(shares) {
        if share != 0 {
            let amount = units.amount(share)?.negated();
            released.push(PartItem { amount, ..*item });
        }
    }
    sort_by(&mut released, |a, b| a.order().cmp(&b.order()));
    Ok(released)
}

/// What is applied between lines one of which credits the other, item by item; nothing of the other items.
fn linked(items: &[PartItem], caps: &[i64], [source, target]: [Located<'_>; 2]) -> Vec<i64> {
    let mut linked = Vec::with_capacity(items.len());
    for (item, cap) in items.iter().zip(caps) {
        let targets = source_item::targets(&source, &target, item.source);
        linked.push(if targets.contains(&item.target) {
            *cap
        } else {
            0
        });
    }
    linked
}

/// Spreads `count` over what is applied between such lines in proportion, and what is more over the others by the
/// fallback. All that is applied comes back whole, also what closed lines that cancel out.
fn shares_of_linked(
    spreader: &mut Spreader,
    fallback: Option<Rule>,
    count: u64,
    caps: &[i64],
    linked: Vec<i64>,
) -> Result<Vec<i64>> {
    if i128::from(count) == i128::from(sum_of(caps)?) {
        return Ok(caps.to_vec());
    }
    let unlinked_count = i128::from(count).checked_sub(sum_of(&linked)?.into());
    let unlinked_count = unlinked_count.and_then(|count| u64::try_from(count).ok());
    let (Some(fallback), Some(unlinked_count @ 1..)) = (fallback, unlinked_count) else {
        return spreader.shares(Rule::Proration, count, linked);
    };

    let mut unlinked = Vec::with_capacity(caps.len());
    for (cap, share) in caps.iter().zip(&linked) {
        unlinked.push(cap.checked_sub(*share).ok_or_else(count_fault)?);
    }
    // The items are in the order of the command's own rule, which is not the order of the fallback.
    let is_backwards = fallback == Rule::Lifo;
    if is_backwards {
        unlinked.reverse();
    }
    let mut more = spreader.shares(fallback, unlinked_count, unlinked)?;
    if is_backwards {
        more.reverse();
    }
    let mut shares = linked;
    for (share, more) in shares.iter_mut().zip(more) {
        *share = share.checked_add(more).ok_or_else(count_fault)?;
    }
    Ok(shares)
}

fn sum_of(counts: &[i64]) -> Result<i64> {
    let mut sum = 0_i64;
    for count in counts {
        sum = sum.checked_add(*count).ok_or_else(count_fault)?;
    }
    Ok(sum)
}

#[cold]
fn count_fault() -> Error {
    Error::broken("more increments applied than there are")
}
