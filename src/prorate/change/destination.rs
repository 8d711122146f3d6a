//! What becomes of credits (`proration.md` 3, 16): they settle, stay, go back, or pay for time.

use super::work::{Active, Work};
use super::{Credits, Line, LineKind};
use crate::calendar::Moment;
use crate::error::Result;
use crate::money::{Fraction, Rounding};
use crate::prorate::amount::{Amount, Money, Units};
use crate::prorate::share::{Period, Share, Span, fits};
use crate::prorate::terms::{Destination, Part};
use std::fmt::{self, Write};

impl Work<'_> {
    /// Where the credits of what was billed before go, and what is left to be paid of the charges; both with tax.
    #[inline(never)]
    pub(super) fn credits(&self) -> Result<(Credits, Amount)> {
        let (mut credited, mut charged) = (Fraction::ZERO, Fraction::ZERO);
        for line in &self.lines {
            let total = line
                .taxes
                .iter()
                .fold(line.amount.exact(), |sum, tax| sum.plus(tax.exact()));
            if total.is_negative() && line.of.is_none() {
                credited = credited.minus(total);
            } else {
                charged = charged.plus(total);
            }
        }
        let destination = self.terms().destination;
        let [mut billed, mut charges, mut refund] = [Fraction::ZERO; 3];
        if destination != Destination::Account {
            billed = credited.at_most(Fraction::of(self.request.open).at_least(Fraction::ZERO));
            match destination {
                Destination::Refund => refund = credited.minus(billed),
                _ => {
                    charges = credited
                        .minus(billed)
                        .at_most(charged.at_least(Fraction::ZERO))
                }
            }
        }
        let account = credited.minus(billed).minus(charges).minus(refund);
        let due = self.round(charged.minus(charges))?;
        let [billed, charges, refund, account] =
            [billed, charges, refund, account].map(|amount| self.round(amount));
        Ok((
            Credits {
                billed: billed?,
                charges: charges?,
                refund: refund?,
                account: account?,
            },
            due,
        ))
    }

    /// Makes one line of a credit and a charge: the time of the plan that begins which the credit pays for. Days that
    /// have begun are whole (Samsung, *Manage Subscription Plan*: 15 at 2 a day are 7.5, and 8 days).
    #[inline(never)]
    pub(super) fn extend(&mut self, active: Active) -> Result<Active> {
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
            Units(exact, "day")
        ));
        say(format_args!(
            " at {} a day: {}",
            Money(price.over(days), self.request.increment),
            Units(covered, "day")
        ));
        if let Some(Period { from, to }) = service {
            say(format_args!(", from {from} to {}{to}", self.before()));
        }
        say(format_args!("."));
        let nothing = self.round(Fraction::ZERO)?;
        self.lines.push(Line {
            kind: LineKind::Time,
            service,
            share: Share {
                factor: fits(covered.over(days).known())?,
                covered,
                length: days,
                part: Part::Any,
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
        Ok(Active {
            billed: value.exact(),
            ..active
        })
    }
}
