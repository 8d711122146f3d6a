//! Sets the lines aside that a command names, before any rule can take what they need.

use crate::command::spread::{Signs, Spread};
use crate::document::Kind;
use crate::error::{Reason, Result, SiteField};
use crate::money::Amount;
use crate::order::sort_by;
use crate::settle::operations::apply::planner::Planner;
use crate::settle::plan::capacity::{Capacity, IncrementUnit};
use crate::settle::plan::targets::{ApplyPlan, StatedPart, Target};

impl Planner<'_, '_> {
    /// Sets the lines of the source aside that a target's items name, so that no rule can take what they need.
    pub(super) fn reserve_stated_lines(&mut self, target: &Target<'_>) -> Result<()> {
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

    // A line below zero takes no more below zero than it has.
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
