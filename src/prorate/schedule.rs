//! The periods of a subscription, from its start to its end, with the parts of periods at either end.

use super::amount::{DecimalAmount, check_increment};
use super::billing_period::billing_day_of_days;
use super::period::fits;
use super::segments::{Rhythm, ScheduleDays, ScheduleSegment, SegmentList};
use super::terms::{FirstBoundary, Interval, Terms};
use crate::calendar::{Anchor, Date, Every};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::Fraction;
use rust_decimal::Decimal;

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

impl ScheduleRequest {
    /// Makes the schedule.
    ///
    /// # Errors
    /// `invalidTerms`; `invalidPeriod` for an end or `until` before the start; `missingField` without both;
    /// `outOfRange`, `tooLarge` for more than 100,000 segments, and those of [`Terms::share`].
    pub fn make(&self) -> Result<Schedule> {
        self.terms.check()?;
        if let Some((_, increment)) = self.price {
            check_increment(increment)?;
        }

        let end = self.half_open_end()?;
        let rhythm = self.rhythm()?;
        let days = self.days(rhythm, end)?;

        let segments = SegmentList {
            terms: &self.terms,
            rhythm,
            billing_day: self.billing_day,
            price: self.price,
            segments: Vec::new(),
        };
        let segments = segments.fill(&days)?;

        let factors = segments.iter().map(|segment| segment.share.factor);
        Ok(Schedule {
            first_boundary: days.first_boundary,
            last_boundary: match days.last_number {
                Some(last) => Some(rhythm.boundary(last)?),
                None => None,
            },
            effective_end: days.effective_end,
            factor: factors.fold(Fraction::ZERO, Fraction::plus),
            amount: self.sum(&segments)?,
            segments,
        })
    }

    /// The end as the first day that is not served.
    fn half_open_end(&self) -> Result<Option<Date>> {
        let end = match self.end {
            Some(end) if self.terms.interval == Interval::Closed => Some(fits(end.plus_days(1))?),
            end => end,
        };

        // The refusal shows the day that was stated, not the one after it.
        if let (Some(end), Some(stated)) = (end, self.end)
            && end < self.start
        {
            return Err(self.before_start(SiteField::End, stated));
        }
        if let Some(until) = self.until
            && until < self.start
        {
            return Err(self.before_start(SiteField::Until, until));
        }

        Ok(end)
    }

    #[cold]
    fn before_start(&self, field: SiteField, date: Date) -> Error {
        let (start, date) = (self.start.into(), date.into());
        let reason = Reason::EndsBeforeStart { start, date };
        Error::of(reason, &Site::Command.field(field))
    }

    /// The rhythm of the periods, and where the first whole one begins.
    fn rhythm(&self) -> Result<Rhythm> {
        let every = self.every;
        let anchor = match (every, self.billing_day, self.weekday) {
            (Every::Months(0) | Every::Days(0), ..) => {
                let site = Site::Command.field(SiteField::Every);
                return Err(Error::of(Reason::PeriodWithoutLength {}, &site));
            }
            (Every::Months(_), _, Some(_)) => {
                let site = Site::Command.field(SiteField::Weekday);
                return Err(Error::of(Reason::WeekdayOfMonths {}, &site));
            }
            (Every::Days(_), Some(_), _) => return Err(billing_day_of_days()),
            (Every::Months(_), Some(day), None) => self.anchor_on_day(day)?,
            (Every::Days(_), None, Some(weekday)) => self.anchor_on_weekday(weekday)?,
            (_, None, None) => Anchor::new(self.start),
        };

        Ok(Rhythm { anchor, every })
    }

    /// The anchor at the first billing day on or after the start, found month by month, or by whole periods from the
    /// month of the start.
    fn anchor_on_day(&self, day: u8) -> Result<Anchor> {
        let step = match self.terms.first_boundary {
            FirstBoundary::Period => self.every,
            FirstBoundary::Month => Every::Months(1),
        };
        let first = Anchor::on_day(self.start, day).boundary_from(step, self.start);
        Ok(Anchor::on_day(fits(first)?, day))
    }

    /// The anchor at the first such weekday on or after the start.
    fn anchor_on_weekday(&self, weekday: u8) -> Result<Anchor> {
        let days_ahead = i64::from(weekday)
            .saturating_sub(self.start.weekday().into())
            .rem_euclid(7);
        fits(self.start.plus_days(days_ahead)).map(Anchor::new)
    }

    /// The days that the schedule goes through.
    fn days(&self, rhythm: Rhythm, end: Option<Date>) -> Result<ScheduleDays> {
        let first_boundary = rhythm.boundary(0)?;
        let effective_end = self.effective_end(rhythm, first_boundary, end)?;

        let last_number = if effective_end >= first_boundary {
            Some(rhythm.number_at(effective_end)?)
        } else {
            None
        };

        Ok(ScheduleDays {
            start: self.start,
            first_boundary,
            end,
            effective_end,
            last_number,
        })
    }

    /// Up to before which day the schedule goes: to the end, or to the end of the period in which `until` lies.
    fn effective_end(&self, rhythm: Rhythm, first: Date, end: Option<Date>) -> Result<Date> {
        match (self.until, end) {
            (None, None) => {
                let until = Site::Command.field(SiteField::Until);
                Err(Error::of(Reason::EndMissing {}, &until))
            }
            (None, Some(end)) => Ok(end),
            (Some(until), Some(end)) if until >= end => Ok(end),
            // The part before the first boundary has begun, so it is billed to its end.
            (Some(until), _) if until < first => Ok(first),
            // So is the period in which `until` lies.
            (Some(until), end) => {
                let next = fits(rhythm.number_at(until)?.checked_add(1))?;
                let next = rhythm.boundary(next)?;
                Ok(end.map_or(next, |end| end.min(next)))
            }
        }
    }

    /// The sum of the amounts, if there are any.
    fn sum(&self, segments: &[ScheduleSegment]) -> Result<Option<DecimalAmount>> {
        let Some((_, increment)) = self.price else {
            return Ok(None);
        };

        let sum = segments
            .iter()
            .filter_map(|segment| segment.amount)
            .map(DecimalAmount::exact)
            .fold(Fraction::ZERO, Fraction::plus);
        DecimalAmount::round(sum, increment, &self.terms).map(Some)
    }
}
