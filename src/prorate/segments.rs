//! The segments of a schedule: whole periods, and the parts of periods at either end.

use super::amount::DecimalAmount;
use super::period::{DaySpan, Period, Span, fits};
use super::share::Share;
use super::terms::{Basis, Reached, Stub, StubPeriod, StubPosition, Terms};
use crate::calendar::{Anchor, Date, Every};
use crate::error::{CountFigure, Error, Reason, Result, Site};
use crate::money::Fraction;
use crate::words::closed_set;
use rust_decimal::Decimal;

/// The most whole periods of one schedule: 270 years of days.
const PERIODS_MAX: usize = 100_000;

closed_set! {
    /// What a segment is.
    SegmentKind {
        /// Before the first boundary.
        Leading = "leading",
        /// A whole period.
        Whole = "whole",
        /// After the last boundary.
        Trailing = "trailing",
    }
}

/// A period or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduleSegment {
    /// What it is.
    pub kind: SegmentKind,
    /// What is served, as the terms write it.
    pub service: Period,
    /// The period that it belongs to.
    pub period: Period,
    /// Which share of that it is.
    pub share: Share,
    /// What it costs.
    pub amount: Option<DecimalAmount>,
}

/// The rhythm from the first boundary on.
#[derive(Clone, Copy)]
pub(super) struct Rhythm {
    pub anchor: Anchor,
    pub every: Every,
}

impl Rhythm {
    pub(super) fn boundary(self, number: i32) -> Result<Date> {
        fits(self.anchor.boundary(self.every, number))
    }

    /// The number of the boundary that is on or before `date`.
    pub(super) fn number_at(self, date: Date) -> Result<i32> {
        fits(self.anchor.number_at(self.every, date))
    }

    /// The period with a number.
    fn period(self, number: i32) -> Result<DaySpan> {
        Ok(DaySpan {
            from: self.boundary(number)?,
            to: self.boundary(fits(number.checked_add(1))?)?,
        })
    }

    /// The day a number of periods after `date`, without memory of the anchor.
    fn shifted(self, date: Date, periods: i32) -> Result<Date> {
        fits(Anchor::new(date).boundary(self.every, periods))
    }

    fn months_per_period(self) -> u32 {
        self.every.months().unwrap_or(1)
    }
}

/// The days that a schedule goes through.
pub(super) struct ScheduleDays {
    pub start: Date,
    /// Where the first whole period begins.
    pub first_boundary: Date,
    /// The first day that is not served, if the subscription ends.
    pub end: Option<Date>,
    /// Up to before which day the schedule goes.
    pub effective_end: Date,
    /// The number of the last boundary up to there; absent if that is before the first.
    pub last_number: Option<i32>,
}

/// The segments as far as they are made.
pub(super) struct SegmentList<'a> {
    pub terms: &'a Terms,
    pub rhythm: Rhythm,
    /// The day of the month on which periods begin, if that is stated.
    pub billing_day: Option<u8>,
    /// The price of a whole period and the least step of amounts.
    pub price: Option<(Decimal, Decimal)>,
    pub segments: Vec<ScheduleSegment>,
}

impl SegmentList<'_> {
    /// Makes all segments.
    pub(super) fn fill(mut self, days: &ScheduleDays) -> Result<Vec<ScheduleSegment>> {
        if days.end == Some(days.start) {
            return Ok(self.segments);
        }
        self.push_leading(days)?;

        // A subscription that ends by the first boundary is one part of a period, which is there by now.
        let ends_before_first = days.end.is_some_and(|end| end <= days.first_boundary);
        let Some(last) = days.last_number.filter(|_| !ends_before_first) else {
            return Ok(self.segments);
        };

        // Two dates of a request can be millions of periods apart: that is refused before the first is made.
        check_period_count(last)?;
        for number in 0..last {
            let period = self.rhythm.period(number)?;
            self.push_whole(SegmentKind::Whole, period, period)?;
        }

        self.push_trailing(last, days.effective_end)?;
        Ok(self.segments)
    }

    /// Adds the part of a period before the first boundary, if there is one.
    fn push_leading(&mut self, days: &ScheduleDays) -> Result<()> {
        let first = days.first_boundary;
        let to = days.end.map_or(first, |end| end.min(first));
        if to <= days.start {
            return Ok(());
        }

        let service = DaySpan {
            from: days.start,
            to,
        };
        // Kill Bill counts a period back from the boundary, and forgets the billing day (a-part-of-a-period.md, "A
        // boundary").
        let period = match self.terms.stub_period {
            StubPeriod::Shifted => DaySpan {
                from: self.rhythm.shifted(to, -1)?,
                to,
            },
            StubPeriod::Anchored => self.rhythm.period(-1)?,
        };

        self.push_stub(self.terms.leading, SegmentKind::Leading, service, period)
    }

    /// Adds the part of a period after the last boundary, if there is one.
    fn push_trailing(&mut self, last: i32, end: Date) -> Result<()> {
        let from = self.rhythm.boundary(last)?;
        if end <= from {
            return Ok(());
        }

        let service = DaySpan { from, to: end };
        let period = match self.terms.stub_period {
            StubPeriod::Shifted => DaySpan {
                from,
                to: self.rhythm.shifted(from, 1)?,
            },
            StubPeriod::Anchored => self.rhythm.period(last)?,
        };

        self.push_stub(self.terms.trailing, SegmentKind::Trailing, service, period)
    }

    /// Adds a part of a period as its rule says.
    fn push_stub(
        &mut self,
        rule: Stub,
        kind: SegmentKind,
        mut service: DaySpan,
        period: DaySpan,
    ) -> Result<()> {
        // Thresholds look at the days that are served, also where begun months are billed.
        let served_days = service.count();
        if rule == Stub::Months {
            service.to = self.month_end(service)?.min(period.to);
        }

        let mut share = self.share(service, period)?;
        let months = self.rhythm.months_per_period();
        share.factor = rule.factor(share.factor, served_days, months);
        // What a rule does not bill is no segment. A share that is zero by itself is one.
        if share.factor.is_zero() && !matches!(rule, Stub::Prorate | Stub::Months) {
            return Ok(());
        }

        let is_full = is_billed_in_full(rule);
        // What is billed in full at the end is served up to it.
        if is_full && kind == SegmentKind::Trailing {
            service = period;
        }
        if is_full || service == period {
            self.push_whole(kind, service, period)
        } else {
            self.push(kind, service, period, share)
        }
    }

    /// The end of the month in which a service ends.
    fn month_end(&self, service: DaySpan) -> Result<Date> {
        let day = self.billing_day.unwrap_or(service.from.parts().2);
        let anchor = Anchor::on_day(service.from, day);
        fits(anchor.boundary_from(Every::Months(1), service.to))
    }

    /// Which share of a period a service is, before any rule for parts of periods.
    fn share(&self, service: DaySpan, period: DaySpan) -> Result<Share> {
        let terms = self.terms.with_rule_for(StubPosition::Any);
        let (service, period) = (self.written(service)?, self.written(period)?);
        terms.share(service, Some(period), self.rhythm.months_per_period(), None)
    }

    /// A half-open period as the terms write it.
    fn written(&self, days: DaySpan) -> Result<Period> {
        let (from, to) = (days.from.into(), days.to.into());
        self.terms.written(Span { from, to })
    }

    /// Adds what is billed in full, unless the terms never bill anything.
    fn push_whole(&mut self, kind: SegmentKind, service: DaySpan, period: DaySpan) -> Result<()> {
        let share = if self.terms.basis == Basis::Nothing {
            Share::stated(Fraction::ZERO)
        } else {
            Share::WHOLE
        };
        self.push(kind, service, period, share)
    }

    /// Adds a segment, with its amount if there is a price.
    fn push(
        &mut self,
        kind: SegmentKind,
        service: DaySpan,
        period: DaySpan,
        share: Share,
    ) -> Result<()> {
        let amount = match self.price {
            Some((price, increment)) => {
                let exact = self.terms.price_of_part(Fraction::of(price), &share);
                Some(DecimalAmount::round(exact, increment, self.terms)?)
            }
            None => None,
        };

        self.segments.push(ScheduleSegment {
            kind,
            service: self.written(service)?,
            period: self.written(period)?,
            share,
            amount,
        });
        Ok(())
    }
}

/// Whether a part that the rule bills is billed as a whole period.
const fn is_billed_in_full(rule: Stub) -> bool {
    matches!(
        rule,
        Stub::Full | Stub::FromDays(_, Reached::Full) | Stub::FromShare(_, Reached::Full)
    )
}

/// Refuses more whole periods than one schedule has.
fn check_period_count(periods: i32) -> Result<()> {
    if usize::try_from(periods).is_ok_and(|periods| periods > PERIODS_MAX) {
        let (most, periods) = (PERIODS_MAX.into(), periods.unsigned_abs());
        let periods = CountFigure(periods.into());
        let reason = Reason::TooManyPeriods { most, periods };
        return Err(Error::of(reason, &Site::Command));
    }
    Ok(())
}
