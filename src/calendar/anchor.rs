//! Periods that follow one another from an anchor.

use super::Date;

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// A number of months.
    Months(u32),
    /// A number of days.
    Days(u32),
}

impl Every {
    /// The months; `None` for days.
    #[must_use]
    pub const fn months(self) -> Option<u32> {
        match self {
            Self::Months(months) => Some(months),
            Self::Days(_) => None,
        }
    }
}

/// The day from which all boundaries of a rhythm follow: the one with the number k is the anchor and k periods, never
/// the boundary before and one period, so that a 31 that February cut to 28 is a 31 again in March.
///
/// ```
/// use setoff::calendar::{Anchor, Date, Every};
/// let anchor = Anchor::new(Date::parse("2024-01-31")?);
/// let boundary = |number| anchor.boundary(Every::Months(1), number).unwrap().to_string();
/// assert_eq!([boundary(1), boundary(2), boundary(-2)], ["2024-02-29", "2024-03-31", "2023-11-30"]);
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    date: Date,
    day: u8,
}

impl Anchor {
    /// The rhythm of that day.
    #[must_use]
    pub const fn new(date: Date) -> Self {
        let (_, _, day) = date.parts();
        Self { date, day }
    }

    /// The rhythm of the day `day` (1 to 31) of the months from that of `date` on: where a month is shorter, its last.
    #[must_use]
    pub fn on_day(date: Date, day: u8) -> Self {
        Self {
            date: date.with_day(day),
            day,
        }
    }

    /// The boundary with that number; the anchor is 0. `None` outside the calendar.
    #[must_use]
    pub fn boundary(self, every: Every, number: i32) -> Option<Date> {
        match every {
            Every::Months(months) => {
                let months = i64::from(months).checked_mul(number.into())?;
                self.date
                    .plus_months(i32::try_from(months).ok()?)
                    .map(|date| date.with_day(self.day))
            }
            Every::Days(days) => self
                .date
                .plus_days(i64::from(days).checked_mul(number.into())?),
        }
    }

    /// The number of the last boundary that is not after `date`. `None` for periods of no length, and outside the
    /// calendar.
    #[must_use]
    pub fn number_at(self, every: Every, date: Date) -> Option<i32> {
        let number = match every {
            Every::Months(months) => self
                .date
                .months_until(date)
                .checked_div_euclid(i32::try_from(months).ok()?)?,
            Every::Days(days) => self
                .date
                .days_until(date)
                .checked_div_euclid(i32::try_from(days).ok()?)?,
        };

        // In the month of `date` the boundary may still be to come.
        if self.boundary(every, number)? > date {
            number.checked_sub(1)
        } else {
            Some(number)
        }
    }

    /// The number of the first boundary that is not before `date`.
    #[must_use]
    pub fn number_from(self, every: Every, date: Date) -> Option<i32> {
        let number = self.number_at(every, date)?;
        if self.boundary(every, number)? < date {
            number.checked_add(1)
        } else {
            Some(number)
        }
    }

    /// The first boundary that is not before `date`.
    #[must_use]
    pub fn boundary_from(self, every: Every, date: Date) -> Option<Date> {
        self.boundary(every, self.number_from(every, date)?)
    }

    /// Whether a boundary is on `date`.
    #[must_use]
    pub fn has_boundary(self, every: Every, date: Date) -> bool {
        let boundary = self
            .number_at(every, date)
            .and_then(|number| self.boundary(every, number));
        boundary == Some(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_of_a_day_is_found() {
        // Every day of five years against every anchor day: the period found begins on or before it and ends after it.
        let first = Date::parse("2023-01-01").unwrap();
        for day in [1, 15, 28, 29, 30, 31] {
            for every in [
                Every::Months(1),
                Every::Months(3),
                Every::Months(12),
                Every::Days(7),
                Every::Days(30),
            ] {
                let anchor = Anchor::on_day(Date::parse("2024-01-01").unwrap(), day);
                for date in (0..1827).map(|days| first.plus_days(days).unwrap()) {
                    let number = anchor.number_at(every, date).unwrap();
                    let (from, to) = (
                        anchor.boundary(every, number),
                        anchor.boundary(every, number + 1),
                    );
                    assert!(
                        from.unwrap() <= date && date < to.unwrap(),
                        "{date} {day} {every:?}"
                    );
                    let next = anchor.number_from(every, date).unwrap();
                    let is_boundary = from == Some(date);
                    assert_eq!(next, if is_boundary { number } else { number + 1 });
                    assert_eq!(anchor.has_boundary(every, date), is_boundary);
                    let first = if is_boundary { from } else { to };
                    assert_eq!(anchor.boundary_from(every, date), first);
                }
            }
        }
        assert_eq!(Anchor::new(first).number_at(Every::Days(0), first), None);
    }
}
