//! What becomes of credits (`proration.md` 3, 16): they settle, stay, go back, or pay for time.

use super::work::{RunningPlan, Timeline};
use super::{ChangeLine, CreditDestinations, LineKind};
use crate::calendar::Moment;
use crate::error::Result;
use crate::money::{Fraction, Rounding};
use crate::prorate::amount::{AmountText, DecimalAmount, UnitsText};
use crate::prorate::share::{Period, Share, Span, fits};
use crate::prorate::terms::{Destination, StubPosition};
use std::fmt::{self, Write};

impl ChangeLine {
    /// With its taxes.
    fn total(&self) -> Fraction {
        let taxes = self.taxes.iter().map(|tax| tax.exact());
        taxes.fold(self.amount.exact(), Fraction::plus)
    }

    /// Whether it gives back what was billed before the changes.
    #[must_use]
    pub fn credits_bill(&self) -> bool {
        self.kind == LineKind::Credit && self.of.is_none() && self.total().is_negative()
    }

    /// Whether anything is to be written on a document.
    #[must_use]
    pub fn has_amount(&self) -> bool {
        self.amount.steps() != 0 || self.taxes.iter().any(|tax| tax.steps() != 0)
    }
}

impl Timeline<'_> {
    /// Says of each line on which document it belongs, and, with tax, where the credits go and what is left to be paid
    /// of the charges.
    ///
    /// What was billed before is credited by a credit memo. All else is an invoice: charges, and what takes back a
    /// charge of the same changes. No invoice is below zero: one that would be is credited, too. That pays nothing of
    /// the bill, for it is no credit of that.
    #[inline(never)]
    pub(super) fn settle_credits(&mut self) -> Result<(CreditDestinations, DecimalAmount)> {
        let is_charge = |line: &ChangeLine| !line.credits_bill() && line.kind != LineKind::Rounding;
        let has_charges = self
            .lines
            .iter()
            .any(|line| is_charge(line) && line.has_amount());
        let has_credits = self.lines.iter().any(ChangeLine::credits_bill);
        let (mut credited, mut charged) = (Fraction::ZERO, Fraction::ZERO);
        for line in &mut self.lines {
            // The rounding of credits alone is no charge.
            let is_of_credits = line.kind == LineKind::Rounding && has_credits && !has_charges;
            line.is_credited = is_of_credits || line.credits_bill();
            if line.is_credited {
                credited = credited.minus(line.total());
            } else {
                charged = charged.plus(line.total());
            }
        }
        let mut taken_back = Fraction::ZERO;
        if charged.is_negative() {
            taken_back = std::mem::replace(&mut charged, Fraction::ZERO).negated();
            self.lines
                .iter_mut()
                .for_each(|line| line.is_credited = true);
        }

        let open = Fraction::of(self.request.open).at_least(Fraction::ZERO);
        let [mut billed, mut charges, mut refund] = [Fraction::ZERO; 3];
        let destination = self.terms().destination;
        let settles = destination != Destination::Account;
        if settles {
            billed = credited.at_most(open);
        }
        let mut rest = credited.plus(taken_back).minus(billed);
        if settles {
            charges = rest.at_most(charged);
            rest = rest.minus(charges);
        }
        if destination == Destination::Refund {
            refund = std::mem::replace(&mut rest, Fraction::ZERO);
        }
        let due = self.round(charged.minus(charges))?;
        let [billed, charges, refund, account] =
            [billed, charges, refund, rest].map(|amount| self.round(amount));
        let credits = CreditDestinations {
            billed: billed?,
            charges: charges?,
            refund: refund?,
            account: account?,
        };
        Ok((credits, due))
    }

    /// Makes one line of a credit and a charge: the time of the plan that begins which the credit pays for. Days that
    /// have begun are whole (Samsung, *Manage Subscription Plan*: 15 at 2 a day are 7.5, and 8 days).
    #[inline(never)]
    pub(super) fn extend(&mut self, active: RunningPlan) -> Result<RunningPlan> {
        let (Some(charge), Some(credit)) = (self.lines.pop(), self.lines.pop()) else {
            return Ok(active);
        };
        let value = credit.amount.negated();
        let price = active.plan.net();
        let days = charge
            .share
            .length
            .over(Fraction::whole(self.terms().units_a_day()));
        let exact = value.exact().times(days).over(price);
        let count = exact
            .round(Rounding::Up)
            .and_then(|days| i64::try_from(days).ok());
        let count = fits(count.filter(|days| *days >= 0))?;
        let service = match charge.service {
            Some(Period {
                from: Moment::Day(day),
                ..
            }) => Some(Span {
                from: day.into(),
                to: fits(day.plus_days(count))?.into(),
            }),
            Some(Period {
                from: Moment::Instant(instant),
                ..
            }) => {
                let end = count
                    .checked_mul(86_400)
                    .and_then(|seconds| instant.plus_seconds(seconds));
                Some(Span {
                    from: Moment::Instant(instant),
                    to: Moment::Instant(fits(end)?),
                })
            }
            None => None,
        };
        let service = self.shown(service)?;
        let covered = Fraction::whole(count.into());
        let mut sentence = String::new();
        // Writing to a text cannot fail.
        let mut say = |text: fmt::Arguments<'_>| _ = sentence.write_fmt(text);
        say(format_args!(
            "{value} left of the plan before pays for {}",
            UnitsText(exact, "day")
        ));
        say(format_args!(
            " at {} a day: {}",
            AmountText(price.over(days), self.request.increment),
            UnitsText(covered, "day")
        ));
        if let Some(Period { from, to }) = service {
            say(format_args!(", from {from} to {}{to}", self.before()));
        }
        say(format_args!("."));
        let nothing = self.round(Fraction::ZERO)?;
        self.lines.push(ChangeLine {
            kind: LineKind::Time,
            service,
            share: Share {
                factor: fits(covered.over(days).known())?,
                covered,
                length: days,
                part: StubPosition::Any,
            },
            cells: Vec::new(),
            gross: nothing,
            discount: nothing,
            amount: nothing,
            exact: Fraction::ZERO,
            taxes: charge.taxes.iter().map(|_| nothing).collect(),
            cap: None,
            cost: None,
            sides: Some([credit.amount, value]),
            sentence,
            ..charge
        });
        self.is_over = true;
        Ok(RunningPlan {
            billed: value.exact(),
            ..active
        })
    }
}
