//! Finds out which items of the parts of a source come back, by the rule.

use crate::command::spread::Spread;
use crate::document::{LineIndex, Part, PartItem, Rule, negated, sum_pairs};
use crate::error::{Error, Reason, Result, SiteField};
use crate::money::Amount;
use crate::order::sort_by;
use crate::settle::operations::unapply::keeps_signs;
use crate::settle::operations::unapply::linked::{count_fault, linked, shares_of_linked, sum_of};
use crate::settle::plan::capacity::IncrementUnit;
use crate::settle::plan::located::Located;
use crate::settle::plan::spreader::Spreader;
use crate::settle::plan::targets::{ApplyPlan, Target};

/// Finds out which items of the parts of a source come back.
pub(super) struct Releaser<'a> {
    plan: &'a ApplyPlan<'a>,
    spread: &'a Spread,
    rule: Rule,
    spreader: Spreader,
}

impl<'a> Releaser<'a> {
    pub(super) fn new(plan: &'a ApplyPlan<'a>, spread: &'a Spread) -> Self {
        Self {
            plan,
            spread,
            rule: spread.rule.unwrap_or(Rule::Fifo),
            spreader: Spreader::new(IncrementUnit::of(plan.currency())),
        }
    }

    /// Releases what a target states of a part, or all of it. Returns the items with the rule that found them.
    pub(super) fn release(
        &mut self,
        target: &Target<'_>,
        part: &Part,
    ) -> Result<(Rule, Vec<PartItem>)> {
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

    // The rule can have released them in another order than a settlement has them.
    sort_by(&mut released, |a, b| a.order().cmp(&b.order()));
    Ok(released)
}
