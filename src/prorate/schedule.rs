//! The periods of a subscription, from its start to its end, with the parts of periods at either end.

use super::amount::{DecimalAmount, check_increment};
use super::share::{Period, Share, fits};
use super::terms::{
    Basis, FirstBoundary, Interval, Reached, Stub, StubPeriod, StubPosition, Terms,
};
use crate::calendar::{Anchor, Date, Every};
use crate::error::{CountFigure, Error, Path, Reason, Result, Site};
use crate::money::Fraction;
use rust_decimal::Decimal;

/// The most segments of one schedule: 270 years of days.
const MOST: usize = 100_000;

/// What a schedule is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduleRequest {
    /// How parts of periods are priced, and whether they are billed at all.
    pub terms: Terms,
    /// The first day.
    pub start: Date,
    /// The end, as the terms write it. Absent: none.
    pub end: Option<Date>,
    /// Up to which day what begins is billed, in advance. Absent: to the end.
    pub until: Option<Date>,
    /// How long a period is.
    pub every: Every,
    /// The day of the month on which periods of months begin, 1 to 31. Absent: that of the start.
    pub billing_day: Option<u8>,
    /// The day of the week on which periods of days begin, 1 for Monday to 7. Absent: that of the start.
    pub weekday: Option<u8>,
    /// The price of a whole period and the least step of amounts. Absent: no amounts.
    pub price: Option<(Decimal, Decimal)>,
}

/// What a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// Before the first boundary.
    Leading,
    /// A whole period.
    Whole,
    /// After the last boundary.
    Trailing,
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

/// The segments, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Where the first whole period begins.
    pub first_boundary: Date,
    /// Where the last period ends that is whole; absent if none can be.
    pub last_boundary: Option<Date>,
    /// Up to before which day it goes.
    pub effective_end: Date,
    /// The segments.
    pub segments: Vec<ScheduleSegment>,
    /// The sum of their factors.
    pub factor: Fraction,
    /// The sum of their amounts.
    pub amount: Option<DecimalAmount>,
}

impl SegmentKind {
    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Leading => "leading",
            Self::Whole => "whole",
            Self::Trailing => "trailing",
        }
    }
}

/// The rhythm from the first boundary on.
#[derive(Clone, Copy)]
struct Rhythm {
    anchor: Anchor,
    every: Every,
}

impl Rhythm {
    fn boundary(self, number: i32) -> Result<Date> {
        fits(self.anchor.boundary(self.every, number))
    }

    /// The number of the boundary that is on or before `date`.
    fn at(self, date: Date) -> Result<i32> {
        fits(self.anchor.number_at(self.every, date))
    }
}

impl ScheduleRequest {
    /// Makes the schedule.
    ///
    /// # Errors
    /// `invalidTerms`; `invalidPeriod` for an end or `until` before the start; `missingField` without both;
    /// `outOfRange`, `tooLarge` for more than 100,000 segments, and those of [`Terms::share`].
    pub fn make(&self) -> Result<Schedule> {
        let terms = &self.terms;
        terms.check()?;
        if let Some((_, increment)) = self.price {
            check_increment(increment)?;
        }
        let end = self.half_open_end()?;
        let grid = self.grid()?;
        let first = grid.boundary(0)?;
        let effective_end = match (self.until, end) {
            (None, None) => {
                let until = Path::Root.field("until");
                return Err(Error::of(Reason::EndMissing {}, &until));
            }
            (None, Some(end)) => end,
            (Some(until), Some(end)) if until >= end => end,
            (Some(until), _) if until < first => first,
            (Some(until), end) => {
                let next = grid.boundary(grid.at(until)?.saturating_add(1))?;
                end.map_or(next, |end| end.min(next))
            }
        };
        let last = if effective_end >= first {
            Some(grid.at(effective_end)?)
        } else {
            None
        };
        let segments = self.segments(grid, first, end, effective_end, last)?;
        let mut factor = Fraction::ZERO;
        let mut amount = Fraction::ZERO;
        for segment in &segments {
            factor = factor.plus(segment.share.factor);
            amount = amount.plus(segment.amount.map_or(Fraction::ZERO, DecimalAmount::exact));
        }
        let amount = self
            .price
            .map(|(_, increment)| DecimalAmount::round(amount, increment, terms))
            .transpose()?;
        let last_boundary = last.map(|last| grid.boundary(last)).transpose()?;
        Ok(Schedule {
            first_boundary: first,
            last_boundary,
            effective_end,
            segments,
            factor,
            amount,
        })
    }

    /// The end as the first day that is not served.
    fn half_open_end(&self) -> Result<Option<Date>> {
        let Self { start, until, .. } = self;
        let end = match self.end {
            Some(end) if self.terms.interval == Interval::Closed => Some(fits(end.plus_days(1))?),
            end => end,
        };
        let dates = [("end", end, self.end), ("until", *until, *until)];
        for (field, date, stated) in dates {
            if let Some((_, stated)) = date.zip(stated).filter(|(date, _)| date < start) {
                let (start, date) = ((*start).into(), stated.into());
                let reason = Reason::EndsBeforeStart { start, date };
                return Err(Error::of(reason, &Path::Root.field(field)));
            }
        }
        Ok(end)
    }

    fn grid(&self) -> Result<Rhythm> {
        let Self { start, every, .. } = *self;
        let anchor = match (every, self.billing_day, self.weekday) {
            (Every::Months(0) | Every::Days(0), ..) => {
                let every = Path::Root.field("every");
                return Err(Error::of(Reason::PeriodWithoutLength {}, &every));
            }
            (Every::Months(_), Some(day), None) => {
                let anchor = Anchor::on_day(start, day);
                // Both look for the first boundary on or after the start: the one month by month, the other by whole
                // periods from the month of the start.
                let step = match self.terms.first_boundary {
                    FirstBoundary::Period => every,
                    FirstBoundary::Month => Every::Months(1),
                };
                let number = fits(anchor.number_from(step, start))?;
                Anchor::on_day(fits(anchor.boundary(step, number))?, day)
            }
            (Every::Days(_), None, Some(weekday)) => {
                let ahead = i64::from(weekday)
                    .saturating_sub(start.weekday().into())
                    .rem_euclid(7);
                Anchor::new(fits(start.plus_days(ahead))?)
            }
            (_, None, None) => Anchor::new(start),
            (Every::Months(_), _, Some(_)) => {
                let weekday = Path::Root.field("weekday");
                return Err(Error::of(Reason::WeekdayOfMonths {}, &weekday));
            }
            (Every::Days(_), Some(_), _) => {
                let path = Path::Root.field("billingDay");
                return Err(Error::of(Reason::BillingDayOfDays {}, &path));
            }
        };
        Ok(Rhythm { anchor, every })
    }

    fn segments(
        &self,
        grid: Rhythm,
        first: Date,
        end: Option<Date>,
        effective_end: Date,
        last: Option<i32>,
    ) -> Result<Vec<ScheduleSegment>> {
        let (
            Self {
                start,
                every,
                terms,
                ..
            },
            mut segments,
        ) = (self, Vec::new());
        let is_shifted = terms.stub_period == StubPeriod::Shifted;
        let shifted = |date: Date, number: i32| fits(Anchor::new(date).boundary(*every, number));
        if end == Some(*start) {
            return Ok(segments);
        }
        let leading_end = end.map_or(first, |end| end.min(first));
        if *start < leading_end {
            let period = match is_shifted {
                true => (shifted(leading_end, -1)?, leading_end),
                false => (grid.boundary(-1)?, first),
            };
            self.stub(
                terms.leading,
                SegmentKind::Leading,
                (*start, leading_end),
                period,
                &mut segments,
            )?;
        }
        let Some(last) = last.filter(|_| end.is_none_or(|end| end > first)) else {
            return Ok(segments);
        };
        if usize::try_from(last).is_ok_and(|periods| periods > MOST) {
            let (most, periods) = (MOST.into(), CountFigure(last.unsigned_abs().into()));
            let reason = Reason::TooManyPeriods { most, periods };
            return Err(Error::of(reason, &Site::Command));
        }
        for number in 0..last {
            let period = (
                grid.boundary(number)?,
                grid.boundary(number.saturating_add(1))?,
            );
            self.push_whole(SegmentKind::Whole, period, period, &mut segments)?;
        }
        let from = grid.boundary(last)?;
        if from < effective_end {
            let to = if is_shifted {
                shifted(from, 1)?
            } else {
                grid.boundary(last.saturating_add(1))?
            };
            self.stub(
                terms.trailing,
                SegmentKind::Trailing,
                (from, effective_end),
                (from, to),
                &mut segments,
            )?;
        }
        Ok(segments)
    }

    /// Adds a part of a period as its rule says.
    fn stub(
        &self,
        rule: Stub,
        kind: SegmentKind,
        mut service: (Date, Date),
        period: (Date, Date),
        segments: &mut Vec<ScheduleSegment>,
    ) -> Result<()> {
        let days = Fraction::whole(service.0.days_until(service.1).into());
        if rule == Stub::Months {
            let months = Anchor::on_day(service.0, self.billing_day.unwrap_or(service.0.parts().2));
            let month = Every::Months(1);
            let to = fits(
                months
                    .number_from(month, service.1)
                    .and_then(|number| months.boundary(month, number)),
            )?;
            service.1 = to.min(period.1);
        }
        let mut share = self.share(service, period)?;
        share.factor = rule.factor(share.factor, days, self.every.months().unwrap_or(1));
        if share.factor.is_zero() && !matches!(rule, Stub::Prorate | Stub::Months) {
            return Ok(());
        }
        // What is billed in full at the end is served up to it.
        let is_full = matches!(
            rule,
            Stub::Full | Stub::FromDays(_, Reached::Full) | Stub::FromShare(_, Reached::Full)
        );
        if is_full && kind == SegmentKind::Trailing {
            service = period;
        }
        if is_full || service == period {
            self.push_whole(kind, service, period, segments)
        } else {
            self.push(kind, service, period, share, segments)
        }
    }

    /// Which share of a period a service is, before any rule for parts of periods.
    fn share(&self, service: (Date, Date), period: (Date, Date)) -> Result<Share> {
        let months = self.every.months().unwrap_or(1);
        self.terms.with_rule_for(StubPosition::Any).share(
            self.shown(service)?,
            Some(self.shown(period)?),
            months,
            None,
        )
    }

    /// A half-open period as the terms write it.
    fn shown(&self, (from, to): (Date, Date)) -> Result<Period> {
        let last = fits(to.plus_days(if self.terms.interval == Interval::Closed {
            -1
        } else {
            0
        }))?;
        Ok(Period {
            from: from.into(),
            to: last.into(),
        })
    }

    /// Adds what is billed in full, unless nothing ever is.
    fn push_whole(
        &self,
        kind: SegmentKind,
        service: (Date, Date),
        period: (Date, Date),
        segments: &mut Vec<ScheduleSegment>,
    ) -> Result<()> {
        let share = if self.terms.basis == Basis::Nothing {
            Share::stated(Fraction::ZERO)
        } else {
            Share::WHOLE
        };
        self.push(kind, service, period, share, segments)
    }

    fn push(
        &self,
        kind: SegmentKind,
        service: (Date, Date),
        period: (Date, Date),
        share: Share,
        segments: &mut Vec<ScheduleSegment>,
    ) -> Result<()> {
        let amount = match self.price {
            Some((price, increment)) => {
                let exact = self.terms.part_of(Fraction::of(price), &share)?;
                Some(DecimalAmount::round(exact, increment, &self.terms)?)
            }
            None => None,
        };
        let (service, period) = (self.shown(service)?, self.shown(period)?);
        segments.push(ScheduleSegment {
            kind,
            service,
            period,
            share,
            amount,
        });
        Ok(())
    }
}
