//! What comes of all changes together: sums, rounding, and the plan that runs then.

use super::destination::CreditDestinations;
use super::line::{ChangeLine, LineKind};
use super::plan::PricePlan;
use super::request::ChangeTime;
use super::running::RunningPlan;
use super::timeline::Timeline;
use crate::calendar::Moment;
use crate::error::Result;
use crate::money::Fraction;
use crate::prorate::amount::DecimalAmount;
use crate::prorate::share::Share;
use crate::prorate::terms::Stage;
use std::rc::Rc;

/// What runs after the last change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningPlanSummary {
    /// The plan.
    pub plan: Rc<PricePlan>,
    /// Since when; absent where that was not said.
    pub since: Option<Moment>,
    /// What it was billed for, without tax.
    pub billed: DecimalAmount,
    /// How much of that has been credited.
    pub credited: DecimalAmount,
}

/// What comes of the changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePreview {
    /// The lines, in the order of the changes, each credit before its charge, as the terms show them. All other figures
    /// are the same however these are shown.
    pub lines: Vec<ChangeLine>,
    /// The sum of all credits, without tax, also of those that are shown as one line with a charge.
    pub credit: DecimalAmount,
    /// The sum of all charges, likewise.
    pub charge: DecimalAmount,
    /// The sum of all lines, without tax.
    pub net: DecimalAmount,
    /// The sum of all taxes.
    pub tax: DecimalAmount,
    /// Both together.
    pub total: DecimalAmount,
    /// Where the credits go.
    pub credits: CreditDestinations,
    /// What is left to be paid of the charges, with tax and less what is taken back of them; never below zero.
    pub due: DecimalAmount,
    /// What runs then.
    pub running: Option<RunningPlanSummary>,
}

/// The sums of lines.
#[derive(Clone, Copy)]
struct LineSums {
    credit: Fraction,
    charge: Fraction,
    net: Fraction,
    /// The same before any line was rounded.
    exact_net: Fraction,
    tax: Fraction,
}

impl LineSums {
    fn of(lines: &[ChangeLine]) -> Self {
        let mut sums = Self {
            credit: Fraction::ZERO,
            charge: Fraction::ZERO,
            net: Fraction::ZERO,
            exact_net: Fraction::ZERO,
            tax: Fraction::ZERO,
        };

        for line in lines {
            let amount = line.amount.exact();
            sums.net = sums.net.plus(amount);
            sums.exact_net = sums.exact_net.plus(line.exact);
            for tax in &line.taxes {
                sums.tax = sums.tax.plus(tax.exact());
            }

            // No line is joined or rounds the sum yet, and a line of time has no amount.
            match line.kind {
                LineKind::Credit => sums.credit = sums.credit.plus(amount),
                LineKind::Charge => sums.charge = sums.charge.plus(amount),
                LineKind::Net | LineKind::Time | LineKind::Rounding => {}
            }
        }
        sums
    }
}

impl Timeline<'_> {
    /// Sums the lines up and shows them as the terms ask for.
    pub(super) fn finish(mut self, running: Option<RunningPlan>) -> Result<ChangePreview> {
        let mut sums = LineSums::of(&self.lines);
        if self.terms().stage == Stage::Invoice {
            sums.net = self.round_sum(&sums)?;
        }

        // The line of rounding is there by now, and belongs to a document as any other.
        let (credits, due) = self.settle_credits()?;
        let running = match running {
            Some(active) => Some(self.running_summary(active)?),
            None => None,
        };

        // Shown last, so that no figure depends on it (changes-of-plan.md, "How a change of plan is shown").
        let lines = std::mem::take(&mut self.lines);
        Ok(ChangePreview {
            credits,
            due,
            credit: self.round(sums.credit)?,
            charge: self.round(sums.charge)?,
            net: self.round(sums.net)?,
            tax: self.round(sums.tax)?,
            total: self.round(sums.net.plus(sums.tax))?,
            running,
            lines: self.present(lines)?,
        })
    }

    /// Rounds the sum as a whole; a line of its own has the difference to the sum of rounded lines, if there is one.
    fn round_sum(&mut self, sums: &LineSums) -> Result<Fraction> {
        let rounded = self.round(sums.exact_net)?.exact();
        let difference = rounded.minus(sums.net);

        if !difference.is_zero() {
            let exact = sums.exact_net.minus(sums.net);
            let line = self.rounding_line(difference, exact)?;
            self.lines.push(line);
        }
        Ok(rounded)
    }

    /// Makes the line of the difference between the rounded sum and the sum of rounded lines. It is of no plan and no
    /// time, and has no taxes: these are rounded line by line.
    fn rounding_line(&self, amount: Fraction, exact: Fraction) -> Result<ChangeLine> {
        let amount = self.round(amount)?;
        Ok(ChangeLine {
            kind: LineKind::Rounding,
            change: None,
            charged_by: None,
            is_credited: false,
            service: None,
            plan: None,
            share: Share::stated(Fraction::ZERO),
            cells: Vec::new(),
            gross: amount,
            discount: self.round(Fraction::ZERO)?,
            amount,
            exact,
            taxes: Vec::new(),
            cap: None,
            cost: None,
            sides: None,
            sentence: format!("The sum is rounded as a whole: {amount}."),
        })
    }

    /// The plan that runs after the last change.
    fn running_summary(&self, active: RunningPlan) -> Result<RunningPlanSummary> {
        let since = match active.since {
            ChangeTime::At(moment) => Some(moment),
            ChangeTime::Unused(_) => None,
        };

        Ok(RunningPlanSummary {
            plan: active.plan,
            since,
            billed: self.round(active.billed)?,
            credited: self.round(active.credited)?,
        })
    }
}
