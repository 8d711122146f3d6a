//! Many charges at once, in columns of whole numbers.

use super::period::{Period, Reference, fits};
use super::reads::months_unread;
use super::terms::{Basis, CellDays, Count, Degenerate, Grid, Interval, Stub, Terms, Unit};
use crate::calendar::{Date, Instant, Moment};
use crate::error::{CountFigure, Error, Reason, Result, Site, SiteField, SiteStep};
use crate::memory;
use crate::money::{Fraction, round_quotient};
use std::borrow::Cow;

/// Moments, one for all charges or one for each: days since 1970 where the terms count days, else milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServiceTimes {
    /// For all.
    One(i64),
    /// For each.
    Each(Vec<i64>),
}

/// Charges to be prorated by the same terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProrateColumns {
    /// How parts of periods are priced.
    pub terms: Terms,
    /// For how many months the prices are. Absent: as many as each period shows.
    pub months: Option<u32>,
    /// The prices, in any unit.
    pub prices: Vec<i64>,
    /// The least step between two amounts, in that unit.
    pub increment: i64,
    /// When the services begin, and when they end.
    pub service: [ServiceTimes; 2],
    /// When their periods begin, and when they end.
    pub period: [ServiceTimes; 2],
}

/// The first day of the year 1, counted from 1970, and how many days there are up to the last of the year 9999.
const FIRST_DAY: i64 = -719_162;
const DAYS: u64 = 3_652_059;

/// The columns of time, in the order of the services and of the periods.
const TIME_COLUMNS: [SiteField; 4] = [
    SiteField::ServiceFrom,
    SiteField::ServiceTo,
    SiteField::PeriodFrom,
    SiteField::PeriodTo,
];

impl ServiceTimes {
    /// One for each of `count` charges.
    fn each(&self, count: usize) -> Cow<'_, [i64]> {
        match self {
            Self::One(time) => Cow::Owned(vec![*time; count]),
            Self::Each(times) => Cow::Borrowed(times),
        }
    }
}

impl Terms {
    /// A moment as columns count it: days since 1970, or milliseconds.
    ///
    /// # Errors
    /// None for a moment of the calendar.
    pub fn column_time(&self, moment: Moment) -> Result<i64> {
        if self.unit == Unit::Day {
            return Ok(moment.day().number().into());
        }
        let (seconds, nanos) = moment.instant().since_1970();
        let millis = i64::from(nanos.wrapping_div(1_000_000));

        seconds
            .checked_mul(1000)
            .and_then(|whole| whole.checked_add(millis))
            .ok_or_else(|| Error::fault("a moment outside the calendar"))
    }
}

/// The bytes that each amount may take: itself, its times, and its bits on the way out.
const BYTES_PER_AMOUNT: usize = 48;

impl ProrateColumns {
    /// The amounts, in the unit of the prices.
    ///
    /// # Errors
    /// `invalidTerms`, also for a rounded rate; `outOfRange`; those of [`Terms::share`]; each with the row of the
    /// charge.
    pub fn prorate(&self) -> Result<Vec<i64>> {
        self.check()?;
        let count = self.prices.len();
        memory::reserve(count.saturating_mul(BYTES_PER_AMOUNT))?;

        let [service_from, service_to] = self.service.each_ref().map(|times| times.each(count));
        let [period_from, period_to] = self.period.each_ref().map(|times| times.each(count));
        let services = service_from.iter().zip(&*service_to);
        let periods = period_from.iter().zip(&*period_to);

        // Decided once for all charges, and for most terms: ten thousand charges then need no fraction.
        let is_plain = self.is_plain();
        // Each price gives way to its amount.
        let mut amounts = self.prices.clone();
        let charges = amounts.iter_mut().zip(services).zip(periods);
        for (row, ((amount, service), period)) in charges.enumerate() {
            let (service, period) = ([*service.0, *service.1], [*period.0, *period.1]);
            let price = *amount;

            if is_plain && let Some(plain) = self.plain_amount(price, service, period) {
                *amount = plain;
                continue;
            }
            // What the short way cannot do is calculated, or refused, as a single request is.
            let exact = self.amount(price, service, period);
            *amount = exact.map_err(|error| in_row(error, row))?;
        }
        Ok(amounts)
    }

    /// Refuses what no charge can be prorated by: the terms, the months, the increment, and columns of unequal length.
    fn check(&self) -> Result<()> {
        self.terms.check()?;
        // A rate is rounded to decimals of a currency, and columns are whole numbers of any unit.
        if self.terms.rate_scale.is_some() {
            let terms = Site::Command.field(SiteField::Terms);
            let site = terms.field(SiteField::RateScale);
            return Err(Error::of(Reason::RoundedRateInColumns {}, &site));
        }

        if self.months.is_some() && !self.terms.reads_months() {
            return Err(months_unread());
        }
        if self.increment <= 0 {
            let increment = self.increment.to_string().into();
            let reason = Reason::IncrementNotPositive { increment };
            let site = Site::Command.field(SiteField::Increment);
            return Err(Error::of(reason, &site));
        }

        self.check_lengths()
    }

    /// Refuses a column of another length than that of the prices.
    fn check_lengths(&self) -> Result<()> {
        let columns = self.service.iter().chain(&self.period);
        for (field, times) in TIME_COLUMNS.into_iter().zip(columns) {
            if let ServiceTimes::Each(times) = times
                && times.len() != self.prices.len()
            {
                let [expected, count] = [self.prices.len(), times.len()].map(CountFigure::from);
                let reason = Reason::ColumnLength { expected, count };
                return Err(Error::of(reason, &Site::Command.field(field)));
            }
        }
        Ok(())
    }

    /// Whether an amount is price × time ÷ time, rounded once: then it needs neither calendar nor fractions.
    fn is_plain(&self) -> bool {
        let Terms {
            unit,
            count,
            grid,
            cell_days,
            basis,
            degenerate,
            leading,
            trailing,
            ..
        } = self.terms;

        let is_exact =
            self.terms.factor_scale.is_none() && !self.terms.whole_units && !self.terms.clamp;
        // Only instants are shifted, and columns of days have none.
        let is_shifted = unit != Unit::Day && self.terms.end_shift_seconds != 0;

        (count, grid, cell_days) == (Count::Between, Grid::Period, CellDays::Actual)
            && (basis, degenerate) == (Basis::Prorate, Degenerate::Zero)
            && (leading, trailing) == (Stub::Prorate, Stub::Prorate)
            && is_exact
            && !is_shifted
    }

    /// The amount of plain terms; `None` for what only [`ProrateColumns::amount`] can do or refuse.
    #[inline]
    fn plain_amount(&self, price: i64, service: [i64; 2], period: [i64; 2]) -> Option<i64> {
        let times = service.iter().chain(&period);
        if !times.into_iter().all(|&time| self.is_in_calendar(time)) {
            return None;
        }

        let (covered, length) = (self.plain_length(service)?, self.plain_length(period)?);
        if covered < 0 || length <= 0 {
            return None;
        }

        let (product, divisor) = (product(price, covered)?, product(length, self.increment)?);
        let increments = round_quotient(product, divisor, self.terms.rounding)?;
        self::product(increments, self.increment)
    }

    /// The units of time from one to another.
    #[inline]
    fn plain_length(&self, [from, to]: [i64; 2]) -> Option<i64> {
        let is_closed = self.terms.unit == Unit::Day && self.terms.interval == Interval::Closed;
        to.checked_sub(from)?.checked_add(i64::from(is_closed))
    }

    /// Whether a time is one of the calendar.
    #[inline]
    fn is_in_calendar(&self, time: i64) -> bool {
        let day = if self.terms.unit == Unit::Day {
            1
        } else {
            86_400_000
        };
        let elapsed = time.wrapping_sub(FIRST_DAY.saturating_mul(day));
        elapsed.cast_unsigned() < DAYS.saturating_mul(day.cast_unsigned())
    }

    /// The amount of any terms.
    #[inline(never)]
    fn amount(&self, price: i64, service: [i64; 2], period: [i64; 2]) -> Result<i64> {
        let [service, period] = [self.span(service)?, self.span(period)?];
        let months = self
            .terms
            .months(Some(Reference::Given(period)), self.months)?;
        let share = self.terms.share(service, Some(period), months, None)?;

        let exact = Fraction::whole(price.into()).times(share.factor);
        let increments = exact
            .over(Fraction::whole(self.increment.into()))
            .round(self.terms.rounding);
        let increments = i64::try_from(fits(increments)?).ok();
        increments
            .and_then(|increments| increments.checked_mul(self.increment))
            .ok_or_else(|| Error::of(Reason::TooManyIncrements {}, &Site::Command))
    }

    fn span(&self, [from, to]: [i64; 2]) -> Result<Period> {
        Ok(Period {
            from: self.moment(from)?,
            to: self.moment(to)?,
        })
    }

    fn moment(&self, time: i64) -> Result<Moment> {
        if self.terms.unit == Unit::Day {
            return fits(i32::try_from(time).ok().and_then(Date::from_number)).map(Moment::Day);
        }

        let nanos = u32::try_from(time.rem_euclid(1000))
            .ok()
            .and_then(|millis| millis.checked_mul(1_000_000));
        fits(nanos.and_then(|nanos| Instant::new(time.div_euclid(1000), nanos)))
            .map(Moment::Instant)
    }
}

/// A product of factors so short that it surely fits. To know it of longer ones takes a product of 128 bits, which
/// WebAssembly does not have.
#[inline]
const fn product(a: i64, b: i64) -> Option<i64> {
    let free_bits = a
        .unsigned_abs()
        .leading_zeros()
        .saturating_add(b.unsigned_abs().leading_zeros());
    if free_bits > 64 {
        Some(a.wrapping_mul(b))
    } else {
        None
    }
}

/// The refusal of one charge, at its row of the column that the field of one request became.
#[cold]
fn in_row(error: Error, row: usize) -> Error {
    let column = match error.site() {
        [] => SiteField::Prices,
        [SiteStep::Field(SiteField::Service)] => SiteField::ServiceTo,
        [SiteStep::Field(SiteField::Period)] => SiteField::PeriodTo,
        _ => return error,
    };
    error.at(&Site::Command.field(column).entry(row))
}
