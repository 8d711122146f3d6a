//! Time to a factor: which share of a period a service is.

use super::terms::{
    Basis, CellDays, Count, Degenerate, Grid, Interval, Stub, StubPosition, Terms, Unit,
};
use crate::calendar::{Anchor, Date, Every, Instant, Moment, fixed_start_month, strict30};
use crate::error::{Error, Path, Reason, Result, Site};
use crate::money::{Fraction, Rounding};

/// From a moment to another; whether the end is part of it, the terms say.
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
    /// From a day on, so long: that of the plan, or an imagined one.
    From(Date, Every),
    /// Up to before a day, so long.
    To(Date, Every),
}

/// A part of the grid, and what was served of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridCell {
    /// The cell itself, half-open. Absent where its length does not follow from its days.
    pub cell: Option<(Moment, Moment)>,
    /// What was served of it, half-open.
    pub served: (Moment, Moment),
    /// That, in units.
    pub covered: Fraction,
    /// The length of the cell in units.
    pub length: Fraction,
}

/// Which share of a period a service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The factor of the price: covered ÷ length, clamped and rounded as the terms say.
    pub factor: Fraction,
    /// The units of time served, or of months where there are several cells.
    pub covered: Fraction,
    /// Those of the period.
    pub length: Fraction,
    /// The part of a period whose rule decided the factor.
    pub part: StubPosition,
}

impl Share {
    /// All of it.
    pub const WHOLE: Self = Self::stated(Fraction::ONE);

    /// A share that is stated.
    #[must_use]
    pub const fn stated(factor: Fraction) -> Self {
        Self {
            factor,
            covered: factor,
            length: Fraction::ONE,
            part: StubPosition::Any,
        }
    }
}

/// A period with its end made half-open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub from: Moment,
    pub to: Moment,
}

#[cold]
fn out_of_range() -> Error {
    Error::of(Reason::BeyondFractions {}, &Site::Command)
}

/// The refusal of months that the terms do not read.
#[cold]
pub(super) fn months_unread() -> Error {
    Error::of(Reason::MonthsUnread {}, &Path::Root.field("months"))
}

/// What does not fit is a refusal.
pub(super) fn fits<T>(value: Option<T>) -> Result<T> {
    value.ok_or_else(out_of_range)
}

impl Reference {
    /// The period, as the terms write it.
    pub(super) fn period(self, terms: &Terms) -> Result<Period> {
        let shown = |from: Option<Date>, to: Option<Date>| {
            let last = fits(to)?.plus_days(if terms.interval == Interval::Closed {
                -1
            } else {
                0
            });
            Ok(Period {
                from: fits(from)?.into(),
                to: fits(last)?.into(),
            })
        };
        match self {
            Self::Given(period) => Ok(period),
            Self::From(from, every) => shown(Some(from), Anchor::new(from).boundary(every, 1)),
            Self::To(to, every) => shown(Anchor::new(to).boundary(every, -1), Some(to)),
        }
    }

    /// The months that it says it has.
    const fn months(self) -> Option<u32> {
        match self {
            Self::Given(_) => None,
            Self::From(_, every) | Self::To(_, every) => every.months(),
        }
    }
}

impl Terms {
    /// Makes the end of a period half-open.
    pub(super) fn span(&self, period: Period, field: &str) -> Result<Span> {
        let Period { from, to } = period;
        let to = match to {
            Moment::Day(day) if self.interval == Interval::Closed => {
                Moment::Day(fits(day.plus_days(1))?)
            }
            _ => to,
        };
        if self.is_before(to, from) {
            if self.clamp && field == "service" {
                return Ok(Span { from, to: from });
            }
            let [from, to] = [from, period.to].map(|moment| moment.to_string().into());
            let reason = Reason::PeriodReversed { from, to };
            return Err(Error::of(reason, &Path::Root.field(field)));
        }
        let to = match to {
            Moment::Instant(instant) if self.end_shift_seconds != 0 => {
                let to =
                    Moment::Instant(fits(instant.plus_seconds(self.end_shift_seconds.into()))?);
                if self.is_before(to, from) { from } else { to }
            }
            _ => to,
        };
        Ok(Span { from, to })
    }

    /// The length of a span in units of time.
    fn length(&self, Span { from, to }: Span) -> Result<Fraction> {
        let nanos = |instant: Instant| {
            let (seconds, nanos) = instant.since_1970();
            i128::from(seconds)
                .checked_mul(1_000_000_000)?
                .checked_add(nanos.into())
        };
        let passed = || nanos(to.instant())?.checked_sub(nanos(from.instant())?);
        let unit = match self.unit {
            Unit::Day => {
                let days = from.day().days_until(to.day());
                return Ok(Fraction::whole(match self.count {
                    Count::Between => days.into(),
                    Count::BothEnds => i128::from(days).saturating_add(1),
                    Count::Started => started_days(from, to).unwrap_or(days).into(),
                }));
            }
            Unit::Hour => 3_600_000_000_000,
            Unit::Minute => 60_000_000_000,
            Unit::Second => 1_000_000_000,
            Unit::Millisecond => 1_000_000,
        };
        let length = Fraction::new(fits(passed())?, unit);
        Ok(if self.whole_units {
            Fraction::whole(fits(length.round(Rounding::Floor))?)
        } else {
            length
        })
    }

    /// How many units a day has.
    pub(super) const fn units_a_day(&self) -> i128 {
        match self.unit {
            Unit::Day => 1,
            Unit::Hour => 24,
            Unit::Minute => 1_440,
            Unit::Second => 86_400,
            Unit::Millisecond => 86_400_000,
        }
    }

    /// Whether it matters for how many months a price is.
    #[must_use]
    pub fn reads_months(&self) -> bool {
        let has_months = self.grid == Grid::Month
            || matches!(self.cell_days, CellDays::Fixed(_) | CellDays::Strict30)
            || [self.leading, self.trailing]
                .iter()
                .any(|rule| matches!(rule, Stub::WholeMonths(_)));
        has_months && self.basis == Basis::Prorate
    }

    /// For how many months the price is.
    pub(super) fn months(&self, reference: Option<Reference>, months: Option<u32>) -> Result<u32> {
        let counts = self.reads_months();
        if let Some(months) = months
            .or(reference.and_then(Reference::months))
            .filter(|&months| months > 0)
        {
            return Ok(months);
        }
        let Some(reference) = reference.filter(|_| counts) else {
            return Ok(1);
        };
        let span = self.span(reference.period(self)?, "period")?;
        let (from, to) = (span.from.day(), span.to.day());
        // Whole months from its first day, or from the grid's.
        let anchor = self
            .grid_day
            .map_or_else(|| Anchor::new(from), |day| Anchor::on_day(from, day));
        let month = Every::Months(1);
        let is_boundary = |date: Date| {
            anchor
                .number_at(month, date)
                .and_then(|n| anchor.boundary(month, n))
                == Some(date)
        };
        let whole = from.months_until(to);
        match u32::try_from(whole) {
            Ok(months) if months > 0 && is_boundary(from) && is_boundary(to) => Ok(months),
            _ => {
                let months = Path::Root.field("months");
                Err(Error::of(Reason::MonthsMissing {}, &months))
            }
        }
    }

    /// Which share of its period a service is, and, if asked for, of which cells it consists. Of a part of a period at
    /// one of its ends the rules [`leading`](Self::leading) and [`trailing`](Self::trailing) say what is billed.
    ///
    /// # Errors
    /// `invalidPeriod` for a period that ends before it begins, and where the terms refuse time without length;
    /// `missingField` without a period where one is needed; `outOfRange`.
    pub fn share(
        &self,
        service: Period,
        period: Option<Period>,
        months: u32,
        cells: Option<&mut Vec<GridCell>>,
    ) -> Result<Share> {
        let stated = match self.basis {
            Basis::Prorate => None,
            Basis::Full => Some(Fraction::ONE),
            Basis::Nothing => Some(Fraction::ZERO),
        };
        if let Some(factor) = stated {
            return Ok(Share::stated(factor));
        }
        let service = self.span(service, "service")?;
        let period = period
            .map(|period| self.span(period, "period"))
            .transpose()?;
        if self.degenerate != Degenerate::Zero
            && let Some(share) = self.degenerate(service, period)?
        {
            return Ok(share);
        }
        let part = period.map_or(StubPosition::Any, |period| self.part(service, period));
        let rule = self.rule_for(part);
        let billed = match (rule, period) {
            (Stub::Months, Some(period)) => self.month_end(service, period)?,
            _ => service,
        };
        let (covered, length) = match self.grid {
            Grid::Period => self.one_cell(billed, period, months, cells)?,
            Grid::Month => (
                self.months_of_grid(billed, period, cells)?,
                Fraction::whole(months.into()),
            ),
        };
        let mut share = self.finish(covered, length)?;
        if rule != Stub::Prorate {
            let days = self
                .length(service)?
                .over(Fraction::whole(self.units_a_day()));
            (share.factor, share.part) = (rule.factor(share.factor, days, months), part);
        }
        Ok(share)
    }

    /// Clamps and rounds the factor as the terms say. Nothing is a part of time without length.
    pub(super) fn finish(&self, covered: Fraction, length: Fraction) -> Result<Share> {
        let mut factor = if length.is_zero() {
            Fraction::ZERO
        } else {
            covered.over(length)
        };
        if self.clamp {
            factor = factor.at_least(Fraction::ZERO).at_most(Fraction::ONE);
        }
        if let Some(scale) = self.factor_scale {
            factor = factor.to_scale(scale, self.factor_rounding);
        }
        fits(factor.known())?;
        Ok(Share {
            factor,
            covered,
            length,
            part: StubPosition::Any,
        })
    }

    fn degenerate(&self, service: Span, period: Option<Span>) -> Result<Option<Share>> {
        let served = self.length(service)?;
        let length = period.map(|period| self.length(period)).transpose()?;
        let is_degenerate = served.is_zero()
            || length.is_some_and(|length| length.is_zero() || !length.exceeds(served));
        if !is_degenerate {
            return Ok(None);
        }
        if self.degenerate == Degenerate::Refuse {
            // A service of all its period is nothing to refuse.
            if length == Some(served) && !served.is_zero() {
                return Ok(None);
            }
            let service = Path::Root.field("service");
            return Err(Error::of(Reason::ServiceDegenerate {}, &service));
        }
        let length = length.unwrap_or(served);
        Ok(Some(Share {
            factor: Fraction::ONE,
            covered: served,
            length,
            part: StubPosition::Any,
        }))
    }

    fn one_cell(
        &self,
        service: Span,
        period: Option<Span>,
        months: u32,
        cells: Option<&mut Vec<GridCell>>,
    ) -> Result<(Fraction, Fraction)> {
        let (from, to) = (service.from.day(), service.to.day());
        let days = |days: u16| Fraction::whole(i128::from(days).saturating_mul(self.units_a_day()));
        let months = Fraction::whole(months.into());
        let (covered, length) = match self.cell_days {
            CellDays::Actual => {
                let period = period.ok_or_else(|| {
                    Error::of(Reason::PeriodMissing {}, &Path::Root.field("period"))
                })?;
                (self.length(service)?, self.length(period)?)
            }
            CellDays::Fixed(fixed) => (self.length(service)?, days(fixed).times(months)),
            CellDays::Nominal(nominal) => (self.length(service)?, days(nominal)),
            CellDays::Strict30 => (
                Fraction::whole(fits(strict30(from, to))?.into()),
                Fraction::whole(30).times(months),
            ),
            CellDays::FixedStartMonth(fixed) => (
                Fraction::whole(fits(fixed_start_month(from, to, fixed))?.into()),
                days(fixed),
            ),
        };
        if let Some(cells) = cells {
            let cell = period
                .filter(|_| self.cell_days == CellDays::Actual)
                .map(|cell| (cell.from, cell.to));
            cells.push(GridCell {
                cell,
                served: (service.from, service.to),
                covered,
                length,
            });
        }
        Ok((covered, length))
    }

    /// The months of the grid that a service covers.
    fn months_of_grid(
        &self,
        service: Span,
        period: Option<Span>,
        mut cells: Option<&mut Vec<GridCell>>,
    ) -> Result<Fraction> {
        let (from, to) = (service.from.day(), service.to.day());
        let day = self
            .grid_day
            .unwrap_or_else(|| period.map_or(from, |period| period.from.day()).parts().2);
        let anchor = Anchor::on_day(from, day);
        let month = Every::Months(1);
        let mut number = fits(anchor.number_at(month, from))?;
        let mut start = fits(anchor.boundary(month, number))?;
        let mut months = Fraction::ZERO;
        while start < to {
            number = number.saturating_add(1);
            let end = fits(anchor.boundary(month, number))?;
            let (served_from, served_to) = (start.max(from), end.min(to));
            let is_whole = (served_from, served_to) == (start, end);
            let served = Fraction::whole(served_from.days_until(served_to).into());
            let (covered, length) = match self.cell_days {
                CellDays::Strict30 => (
                    Fraction::whole(fits(strict30(served_from, served_to))?.into()),
                    Fraction::whole(30),
                ),
                CellDays::Fixed(fixed) => (served, Fraction::whole(fixed.into())),
                _ => (served, Fraction::whole(start.days_until(end).into())),
            };
            let (covered, length) = if is_whole && self.whole_cell_is_one {
                (length, length)
            } else {
                (covered, length)
            };
            months = months.plus(covered.over(length));
            if let Some(cells) = cells.as_deref_mut() {
                let (cell, served) = (
                    (start.into(), end.into()),
                    (served_from.into(), served_to.into()),
                );
                cells.push(GridCell {
                    cell: Some(cell),
                    served,
                    covered,
                    length,
                });
            }
            start = end;
        }
        Ok(months)
    }
}

/// The days of the local clock that have begun between two instants; `None` for days.
fn started_days(from: Moment, to: Moment) -> Option<i32> {
    let (Moment::Instant(from), Moment::Instant(to)) = (from, to) else {
        return None;
    };
    let (start, end) = (from.local_seconds(), to.local_seconds());
    let is_midnight = end.rem_euclid(86_400) == 0;
    let seconds = end
        .checked_add(i64::from(is_midnight))?
        .checked_sub(start)?;
    let days = seconds.checked_add(86_399)?.div_euclid(86_400);
    i32::try_from(days).ok()
}
