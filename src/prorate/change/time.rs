//! Credits that pay for time instead of money.

use super::line::{ChangeLine, LineKind};
use super::plan::PricePlan;
use super::running::RunningPlan;
use super::timeline::Timeline;
use crate::calendar::Moment;
use crate::error::{Error, Reason, Result, Site};
use crate::money::{Fraction, Rounding};
use crate::prorate::amount::DecimalAmount;
use crate::prorate::period::{Period, Span, fits};
use crate::prorate::share::Share;
use crate::prorate::terms::StubPosition;
use crate::prorate::text::{AmountText, Sentence, UnitsText};

/// The time of a plan that a credit pays for.
struct BoughtTime {
    /// What is left of the plan before.
    value: DecimalAmount,
    /// The price of a day of the plan that begins.
    daily_price: Fraction,
    /// How many days that is, exactly.
    exact_days: Fraction,
    /// The same, with begun days as whole ones.
    days: i64,
    /// How many days the period has.
    period_days: Fraction,
    /// As the terms write it; absent where the time was not said.
    service: Option<Period>,
}

impl Timeline<'_> {
    /// Makes one line of the last credit and charge: the time of the plan that begins which the credit pays for. Days
    /// that have begun are whole (Samsung, *Manage Subscription Plan*: 15 at 2 a day are 7.5, and 8 days).
    #[inline(never)]
    pub(super) fn pay_with_time(&mut self, active: RunningPlan) -> Result<RunningPlan> {
        let (Some(charge), Some(credit)) = (self.lines.pop(), self.lines.pop()) else {
            return Err(Error::fault("a credit and a charge of one change"));
        };

        // The plan is paid for with what is left of the one before, so that is its bill.
        let time = self.bought_time(&credit, &charge, &active.plan)?;
        let billed = time.value.exact();
        let line = self.time_line(&time, &credit, charge)?;
        self.lines.push(line);

        // The time ends on another day than the period, so that nobody knows which share a later change would leave.
        self.is_over = true;
        Ok(RunningPlan { billed, ..active })
    }

    /// The time that a credit pays for, from the day on which the charge begins.
    fn bought_time(
        &self,
        credit: &ChangeLine,
        charge: &ChangeLine,
        plan: &PricePlan,
    ) -> Result<BoughtTime> {
        let value = credit.amount.negated();
        self.check_buys_time(value, plan)?;

        let units_per_day = Fraction::whole(self.terms().units_per_day());
        let period_days = charge.share.length.over(units_per_day);
        let exact_days = value.exact().times(period_days).over(plan.net());
        let days = exact_days.round(Rounding::Up);
        let days = days.and_then(|days| i64::try_from(days).ok());
        let days = fits(days.filter(|days| *days >= 0))?;

        let span = match charge.service {
            Some(Period { from, .. }) => Some(days_from(from, days)?),
            None => None,
        };

        Ok(BoughtTime {
            value,
            daily_price: plan.net().over(period_days),
            exact_days,
            days,
            period_days,
            service: self.written(span)?,
        })
    }

    /// Refuses to pay for time of a plan that costs nothing, or that has another sign than the credit.
    fn check_buys_time(&self, value: DecimalAmount, plan: &PricePlan) -> Result<()> {
        let price = plan.net();
        let buys_less = !value.is_zero() && value.exact().is_negative() != price.is_negative();
        if !price.is_zero() && !buys_less {
            return Ok(());
        }

        let price = self.round(price)?.to_string().into();
        Err(Error::of(Reason::NoTimeForCredit { price }, &Site::Command))
    }

    /// The line of a time, in place of the charge that it makes needless.
    fn time_line(
        &self,
        time: &BoughtTime,
        credit: &ChangeLine,
        charge: ChangeLine,
    ) -> Result<ChangeLine> {
        let covered = Fraction::whole(time.days.into());
        let nothing = self.round(Fraction::ZERO)?;

        // No money moves, and so no tax. Both sides say what the time is worth.
        Ok(ChangeLine {
            kind: LineKind::Time,
            service: time.service,
            share: Share {
                factor: fits(covered.over(time.period_days).known())?,
                covered,
                length: time.period_days,
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
            sides: Some([credit.amount, time.value]),
            sentence: self.time_sentence(time),
            ..charge
        })
    }

    fn time_sentence(&self, time: &BoughtTime) -> String {
        let mut sentence = Sentence::default();
        let exact_days = UnitsText(time.exact_days, "day");
        let value = time.value;

        sentence.say(format_args!(
            "{value} left of the plan before pays for {exact_days}"
        ));

        let daily_price = AmountText(time.daily_price, self.request.increment);
        let days = UnitsText(Fraction::whole(time.days.into()), "day");
        sentence.say(format_args!(" at {daily_price} a day: {days}"));
        self.say_service(&mut sentence, time.service);
        sentence.say(format_args!("."));
        sentence.finish()
    }
}

/// The time of a number of days from a moment on.
fn days_from(from: Moment, days: i64) -> Result<Span> {
    let to = match from {
        Moment::Day(day) => Moment::Day(fits(day.plus_days(days))?),
        Moment::Instant(instant) => {
            let end = days
                .checked_mul(86_400)
                .and_then(|seconds| instant.plus_seconds(seconds));
            Moment::Instant(fits(end)?)
        }
    };
    Ok(Span { from, to })
}
