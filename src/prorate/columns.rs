//! Many charges at once, in columns of whole numbers.

use super::share::{Period, Reference, fits, months_unread};
use super::terms::{Basis, CellDays, Count, Degenerate, Grid, Interval, Stub, Terms, Unit};
use crate::calendar::{Date, Instant, Moment};
use crate::error::{CountFigure, Error, Path, Reason, Result};
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
    /// How.
    pub terms: Terms,
    /// For how many months the prices are. Absent: as many as each period shows.
    pub months: Option<u32>,
    /// The prices, in any unit.
    pub prices: Vec<i64>,
    /// The least step between two amounts, in that unit.
    pub increment: i64,
    /// When the services begin, and when they end.
    pub service: [ServiceTimes; 2],
    /// When their periods do.
    pub period: [ServiceTimes; 2],
}

/// The first day of the year 1, counted from 1970, and how many there are up to the last of the year 9999.
const FIRST_DAY: i64 = -719_162;
const DAYS: u64 = 3_652_059;

/// The names of the columns of time.
const NAMES: [&str; 4] = ["serviceFrom", "serviceTo", "periodFrom", "periodTo"];

impl ServiceTimes {
    /// One for each of `count` charges.
    fn each(&self, count: usize) -> Cow<'_, [i64]> {
        match self {
            Self::One(time) => Cow::Owned(vec![*time; count]),
            Self::Each(times) => Cow::Borrowed(times),
        }
    }
}

/// What each amount may take: itself, its times, and its bits on the way out.
const PLACE: usize = 48;

impl ProrateColumns {
    /// The amounts, in the unit of the prices.
    ///
    /// # Errors
    /// `invalidTerms`, also for a rounded rate; `outOfRange`; those of [`Terms::share`]; each with the place of the
    /// charge.
    pub fn prorate(&self) -> Result<Vec<i64>> {
        self.check()?;
        let count = self.prices.len();
        memory::reserve(count.saturating_mul(PLACE))?;
        let [[service_from, service_to], [period_from, period_to]] = [&self.service, &self.period]
            .map(|times| times.each_ref().map(|times| times.each(count)));
        let times = service_from
            .iter()
            .zip(&*service_to)
            .zip(period_from.iter().zip(&*period_to));
        let is_plain = self.is_plain();
        // Each price gives way to its amount.
        let mut amounts = self.prices.clone();
        for (place, (amount, ((&from, &to), (&begin, &end)))) in
            amounts.iter_mut().zip(times).enumerate()
        {
            let (service, period) = ([from, to], [begin, end]);
            *amount = match is_plain
                .then(|| self.plain(*amount, service, period))
                .flatten()
            {
                Some(amount) => amount,
                None => self
                    .any(*amount, service, period)
                    .map_err(|error| at(error, place))?,
            };
        }
        Ok(amounts)
    }

    fn check(&self) -> Result<()> {
        self.terms.check()?;
        if self.terms.rate_scale.is_some() {
            let terms = Path::Root.field("terms");
            let path = terms.field("rateScale");
            return Err(Error::of(Reason::RoundedRateInColumns {}, &path));
        }
        if self.months.is_some() && !self.terms.reads_months() {
            return Err(months_unread());
        }
        if self.increment <= 0 {
            let increment = self.increment.to_string().into();
            let reason = Reason::IncrementNotPositive { increment };
            return Err(Error::of(reason, &Path::Root.field("increment")));
        }
        for (name, times) in NAMES.iter().zip(self.service.iter().chain(&self.period)) {
            if let ServiceTimes::Each(times) = times
                && times.len() != self.prices.len()
            {
                let [expected, count] = [self.prices.len(), times.len()].map(CountFigure::from);
                let reason = Reason::ColumnLength { expected, count };
                return Err(Error::of(reason, &Path::Root.field(name)));
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
        let is_shifted = unit != Unit::Day && self.terms.end_shift_seconds != 0;
        (count, grid, cell_days) == (Count::Between, Grid::Period, CellDays::Actual)
            && (basis, degenerate) == (Basis::Prorate, Degenerate::Zero)
            && (leading, trailing) == (Stub::Prorate, Stub::Prorate)
            && is_exact
            && !is_shifted
    }

    /// The amount of plain terms; `None` for what only [`ProrateColumns::any`] can do or refuse.
    #[inline]
    fn plain(&self, price: i64, service: [i64; 2], period: [i64; 2]) -> Option<i64> {
        if !service
            .iter()
            .chain(&period)
            .all(|&time| self.is_known(time))
        {
            return None;
        }
        let is_closed = self.terms.unit == Unit::Day && self.terms.interval == Interval::Closed;
        let length = |[from, to]: [i64; 2]| to.checked_sub(from)?.checked_add(i64::from(is_closed));
        let (covered, length) = (length(service)?, length(period)?);
        if covered < 0 || length <= 0 {
            return None;
        }
        let (product, divisor) = (product(price, covered)?, product(length, self.increment)?);
        self::product(
            round_quotient(product, divisor, self.terms.rounding)?,
            self.increment,
        )
    }

    /// Whether a time is one of the calendar.
    #[inline]
    fn is_known(&self, time: i64) -> bool {
        let day = if self.terms.unit == Unit::Day {
            1
        } else {
            86_400_000
        };
        let since = time.wrapping_sub(FIRST_DAY.saturating_mul(day));
        since.cast_unsigned() < DAYS.saturating_mul(day.cast_unsigned())
    }

    /// The amount of any terms.
    #[inline(never)]
    fn any(&self, price: i64, service: [i64; 2], period: [i64; 2]) -> Result<i64> {
        let [service, period] = [self.span(service)?, self.span(period)?];
        let months = self
            .terms
            .months(Some(Reference::Given(period)), self.months)?;
        let share = self.terms.share(service, Some(period), months, None)?;
        let exact = Fraction::whole(price.into()).times(share.factor);
        let steps = exact
            .over(Fraction::whole(self.increment.into()))
            .round(self.terms.rounding);
        fits(steps.and_then(|steps| i64::try_from(steps).ok()?.checked_mul(self.increment)))
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

/// A product that surely fits: to know it of the others takes a product of 128 bits, which WebAssembly has not.
#[inline]
const fn product(a: i64, b: i64) -> Option<i64> {
    let free = a
        .unsigned_abs()
        .leading_zeros()
        .saturating_add(b.unsigned_abs().leading_zeros());
    if free > 64 {
        Some(a.wrapping_mul(b))
    } else {
        None
    }
}

/// The refusal of one charge: its field, with its place.
fn at(error: Error, place: usize) -> Error {
    let path = error.path().to_owned();
    let field = match path.as_str() {
        "service" => "serviceTo",
        "period" => "periodTo",
        "" => "prices",
        other => return error.at(&Path::Root.field(other)),
    };
    error.at(&Path::Root.field(field).index(place))
}
