//! Periods, as terms write them and as they are calculated with: half-open, so that one ends where the next begins.

use super::terms::{Count, Interval, Terms, Unit};
use crate::calendar::{Anchor, Date, Every, Instant, Moment};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::{Fraction, Rounding};

/// From a moment to another. The terms say whether the end is part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first moment.
    pub from: Moment,
    /// The end.
    pub to: Moment,
}

/// The period of which a service is a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// As it is.
    Given(Period),
    /// From a day on, for that long: that of the plan, or an imagined one.
    From(Date, Every),
    /// For that long, up to before a day.
    To(Date, Every),
}

/// A period with its end made half-open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub from: Moment,
    pub to: Moment,
}

/// The days from one on, up to before another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct DaySpan {
    pub from: Date,
    pub to: Date,
}

impl DaySpan {
    /// How many days it has.
    pub(super) fn count(self) -> Fraction {
        Fraction::whole(self.from.days_until(self.to).into())
    }

    /// Both ends as moments.
    pub(super) const fn ends(self) -> (Moment, Moment) {
        (Moment::Day(self.from), Moment::Day(self.to))
    }
}

/// Refuses what does not fit.
pub(super) fn fits<T>(value: Option<T>) -> Result<T> {
    value.ok_or_else(out_of_range)
}

#[cold]
fn out_of_range() -> Error {
    Error::of(Reason::BeyondFractions {}, &Site::Command)
}

impl Reference {
    /// The period, as the terms write it.
    pub(super) fn period(self, terms: &Terms) -> Result<Period> {
        let (from, end) = match self {
            Self::Given(period) => return Ok(period),
            Self::From(from, every) => (Some(from), Anchor::new(from).boundary(every, 1)),
            Self::To(to, every) => (Anchor::new(to).boundary(every, -1), Some(to)),
        };

        let (from, to) = (fits(from)?.into(), fits(end)?.into());
        terms.written(Span { from, to })
    }

    /// The months of the rhythm that it follows, if that counts months.
    const fn months(self) -> Option<u32> {
        match self {
            Self::Given(_) => None,
            Self::From(_, every) | Self::To(_, every) => every.months(),
        }
    }
}

impl Terms {
    /// Whether a moment comes before another, in the time that these terms count.
    pub(super) fn is_before(&self, moment: Moment, other: Moment) -> bool {
        if self.counts_days() {
            moment.day() < other.day()
        } else {
            moment.is_before(other)
        }
    }

    /// Makes the end of a period half-open. A refusal points at `field`.
    pub(super) fn span(&self, period: Period, field: SiteField) -> Result<Span> {
        let Period { from, to } = period;
        let to = match to {
            Moment::Day(day) if self.interval == Interval::Closed => {
                Moment::Day(fits(day.plus_days(1))?)
            }
            _ => to,
        };

        if self.is_before(to, from) {
            // Clamped terms read a service that ends before it starts as none.
            if self.clamp && field == SiteField::Service {
                return Ok(Span { from, to: from });
            }
            return Err(reversed(period, field));
        }

        // Only now: a shift must not make a period that is written right end before it starts.
        self.with_shifted_end(Span { from, to })
    }

    /// Moves the end of a span that ends with an instant as the terms say, but never before its start.
    fn with_shifted_end(&self, span: Span) -> Result<Span> {
        let Moment::Instant(end) = span.to else {
            return Ok(span);
        };
        if self.end_shift_seconds == 0 {
            return Ok(span);
        }

        let shifted = fits(end.plus_seconds(self.end_shift_seconds.into()))?;
        let shifted = Moment::Instant(shifted);
        let is_too_early = self.is_before(shifted, span.from);
        let to = if is_too_early { span.from } else { shifted };
        Ok(Span { to, ..span })
    }

    /// A half-open span as these terms write it.
    pub(super) fn written(&self, span: Span) -> Result<Period> {
        let Span { from, to } = span;
        let to = match to {
            Moment::Day(day) if self.interval == Interval::Closed => {
                Moment::Day(fits(day.plus_days(-1))?)
            }
            to => to,
        };
        Ok(Period { from, to })
    }

    /// The length of a span in units of time.
    pub(super) fn length(&self, span: Span) -> Result<Fraction> {
        let nanos_per_unit = match self.unit {
            Unit::Day => return Ok(self.length_days(span)),
            Unit::Hour => 3_600_000_000_000,
            Unit::Minute => 60_000_000_000,
            Unit::Second => 1_000_000_000,
            Unit::Millisecond => 1_000_000,
        };

        let length = Fraction::new(fits(elapsed_nanos(span))?, nanos_per_unit);
        if self.whole_units {
            return fits(length.round(Rounding::Floor)).map(Fraction::whole);
        }
        Ok(length)
    }

    /// The length of a span in civil days, as the terms count them.
    fn length_days(&self, span: Span) -> Fraction {
        let days = span.from.day().days_until(span.to.day());
        Fraction::whole(match self.count {
            Count::Between => days.into(),
            // Cannot overflow: days of the calendar are fewer than 2³¹.
            Count::BothEnds => i128::from(days).saturating_add(1),
            // Between days, each day has begun that has passed.
            Count::Started => started_days(span).unwrap_or(days).into(),
        })
    }

    /// How many units a day has.
    pub(super) const fn units_per_day(&self) -> i128 {
        match self.unit {
            Unit::Day => 1,
            Unit::Hour => 24,
            Unit::Minute => 1_440,
            Unit::Second => 86_400,
            Unit::Millisecond => 86_400_000,
        }
    }

    /// The rhythm of months from a day on, or from the day of the grid.
    pub(super) fn month_anchor(&self, from: Date) -> Anchor {
        match self.grid_day {
            Some(day) => Anchor::on_day(from, day),
            None => Anchor::new(from),
        }
    }

    /// For how many months the price is: as many as are stated, or as the period says or shows.
    pub(super) fn months(&self, reference: Option<Reference>, stated: Option<u32>) -> Result<u32> {
        let stated = stated.or(reference.and_then(Reference::months));
        if let Some(months) = stated.filter(|&months| months > 0) {
            return Ok(months);
        }

        // Most terms count no months, and then a period need not have a whole number of them.
        match reference {
            Some(reference) if self.reads_months() => self.months_shown(reference),
            _ => Ok(1),
        }
    }

    /// The whole months of a period, from its first day or from that of the grid; refused where it has a part of one.
    fn months_shown(&self, reference: Reference) -> Result<u32> {
        let span = self.span(reference.period(self)?, SiteField::Period)?;
        let (from, to) = (span.from.day(), span.to.day());
        let (anchor, month) = (self.month_anchor(from), Every::Months(1));

        // Of a period with a part of a month, nobody could say for how many months its price is.
        let is_whole = anchor.has_boundary(month, from) && anchor.has_boundary(month, to);
        match u32::try_from(from.months_until(to)) {
            Ok(months) if months > 0 && is_whole => Ok(months),
            _ => {
                let months = Site::Command.field(SiteField::Months);
                Err(Error::of(Reason::MonthsMissing {}, &months))
            }
        }
    }
}

/// The refusal of a period that ends before it starts.
#[cold]
fn reversed(period: Period, field: SiteField) -> Error {
    let [from, to] = [period.from, period.to].map(|moment| moment.to_string().into());
    let reason = Reason::PeriodReversed { from, to };
    Error::of(reason, &Site::Command.field(field))
}

/// The time that passes in a span; `None` beyond 128 bits.
fn elapsed_nanos(span: Span) -> Option<i128> {
    let (from, to) = (span.from.instant(), span.to.instant());
    nanos_since_1970(to)?.checked_sub(nanos_since_1970(from)?)
}

fn nanos_since_1970(instant: Instant) -> Option<i128> {
    let (seconds, nanos) = instant.since_1970();
    i128::from(seconds)
        .checked_mul(1_000_000_000)?
        .checked_add(nanos.into())
}

/// The days of the local clock that have begun between two instants; `None` for days. So does Lago count them
/// (`spec/services/utils/datetime_spec.rb`).
fn started_days(span: Span) -> Option<i32> {
    let (Moment::Instant(from), Moment::Instant(to)) = (span.from, span.to) else {
        return None;
    };
    let (start, end) = (from.local_seconds(), to.local_seconds());

    // An end at midnight begins its day: from midnight of the 1st to midnight of the 7th are seven.
    let is_midnight = end.rem_euclid(86_400) == 0;
    let seconds = end
        .checked_add(i64::from(is_midnight))?
        .checked_sub(start)?;
    let days = seconds.checked_add(86_399)?.div_euclid(86_400);
    i32::try_from(days).ok()
}
