//! A day of the proleptic Gregorian calendar.

use crate::error::DayFigure;
use std::fmt;

/// A calendar day from 0001-01-01 to 9999-12-31, ordered by time.
///
/// ```
/// use setoff::calendar::Date;
/// assert!(Date::parse("2024-02-29")? < Date::parse("2024-03-01")?);
/// assert!(Date::parse("2023-02-29").is_err());
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    // In this order, so that the derived comparison is that of time.
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day of a year, month and day; `None` if there is no such day.
    #[must_use]
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if year < 1 || year > 9999 || day < 1 || day > days_in_month(year, month) {
            return None;
        }
        Some(Self { year, month, day })
    }

    /// The day that is written as `YYYY-MM-DD`; `None` for another form and for days that do not exist.
    pub(super) fn read(text: &str) -> Option<Self> {
        let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *text.as_bytes() else {
            return None;
        };
        let year = number_of(&[y0, y1, y2, y3])?;
        let month = u8::try_from(number_of(&[m0, m1])?).ok()?;
        let day = u8::try_from(number_of(&[d0, d1])?).ok()?;
        Self::new(year, month, day)
    }

    /// Year, month and day.
    #[must_use]
    pub const fn parts(self) -> (u16, u8, u8) {
        (self.year, self.month, self.day)
    }

    /// Year, month and day side by side: a number that is less for earlier days, and cheaper than [`Date::number`].
    #[inline]
    pub(crate) const fn packed(self) -> u32 {
        let [high, low] = self.year.to_be_bytes();
        u32::from_be_bytes([high, low, self.month, self.day])
    }

    /// The first day of 1970, with the number 0.
    pub const EPOCH: Self = Self {
        year: 1970,
        month: 1,
        day: 1,
    };

    /// Days since 1970-01-01; negative before.
    ///
    /// Counted in years that begin in March, so that the leap day is the last of its year, and in cycles of 400 years,
    /// after which the calendar repeats: 146,097 days, of which 719,468 lie before 1970 from the March of year 0 on.
    #[must_use]
    pub fn number(self) -> i32 {
        let (year, month, day) = (
            i32::from(self.year),
            i32::from(self.month),
            i32::from(self.day),
        );

        let is_early = i32::from(month <= 2);
        let year = year.saturating_sub(is_early);
        // Months from March = 0; 153 days are five months that begin with a long one, as March and August.
        let month = month
            .saturating_add(is_early.saturating_mul(12))
            .saturating_sub(3);
        let day_of_year = month
            .saturating_mul(153)
            .saturating_add(2)
            .div_euclid(5)
            .saturating_add(day)
            .saturating_sub(1);

        let leap_days = year
            .div_euclid(4)
            .saturating_sub(year.div_euclid(100))
            .saturating_add(year.div_euclid(400));

        year.saturating_mul(365)
            .saturating_add(leap_days)
            .saturating_add(day_of_year)
            .saturating_sub(719_468)
    }

    /// The day with that number; `None` outside the years 1 to 9999.
    ///
    /// ```
    /// use setoff::calendar::Date;
    /// let leap_day = Date::parse("2024-02-29")?;
    /// assert_eq!(leap_day.number(), 19_782);
    /// assert_eq!(Date::from_number(19_782), Some(leap_day));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        let days = number.checked_add(719_468)?;
        let (cycle, day_of_cycle) = (days.div_euclid(146_097), days.rem_euclid(146_097));

        // 1460 days after each leap day less one, and so on: the leap days before this one.
        let leap_days = day_of_cycle
            .div_euclid(1460)
            .saturating_sub(day_of_cycle.div_euclid(36_524))
            .saturating_add(day_of_cycle.div_euclid(146_096));
        let year = day_of_cycle.saturating_sub(leap_days).div_euclid(365);
        let before = year
            .saturating_mul(365)
            .saturating_add(year.div_euclid(4))
            .saturating_sub(year.div_euclid(100));
        let day_of_year = day_of_cycle.saturating_sub(before);

        // The inverse of what `number` counts: months from March, of which five have 153 days.
        let month = day_of_year
            .saturating_mul(5)
            .saturating_add(2)
            .div_euclid(153);
        let day = day_of_year
            .saturating_sub(month.saturating_mul(153).saturating_add(2).div_euclid(5))
            .saturating_add(1);

        // January and February belong to the next year of the calendar.
        let is_late = i32::from(month >= 10);
        let year = cycle
            .checked_mul(400)?
            .checked_add(year)?
            .checked_add(is_late)?;
        let month = month
            .saturating_add(3)
            .saturating_sub(is_late.saturating_mul(12));

        Self::new(
            u16::try_from(year).ok()?,
            u8::try_from(month).ok()?,
            u8::try_from(day).ok()?,
        )
    }

    /// The text of the day, as `2026-03-31`.
    pub(crate) fn digits(self) -> [u8; 10] {
        let [[a, b], [c, d]] = [self.year / 100, self.year].map(last_two_digits);
        let [[e, f], [g, h]] = [self.month.into(), self.day.into()].map(last_two_digits);
        [a, b, c, d, b'-', e, f, b'-', g, h]
    }

    /// The day `days` days later; `None` outside the calendar.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Option<Self> {
        Self::from_number(i32::try_from(i64::from(self.number()).checked_add(days)?).ok()?)
    }

    /// The days until `later`; negative if that is earlier.
    #[must_use]
    pub fn days_until(self, later: Self) -> i32 {
        later.number().saturating_sub(self.number())
    }

    /// The months until that of `later`, whatever the days.
    #[must_use]
    pub fn months_until(self, later: Self) -> i32 {
        later.month_number().saturating_sub(self.month_number())
    }

    /// The months since year 0, which has none of this calendar.
    fn month_number(self) -> i32 {
        i32::from(self.year)
            .saturating_mul(12)
            .saturating_add(self.month.into())
    }

    /// The day `months` months later, or the last of that month if it is shorter; `None` outside the calendar.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Option<Self> {
        // From 0 for January, so that December stays in its year.
        let months = self.month_number().checked_add(months)?.checked_sub(1)?;
        let (year, month) = (
            u16::try_from(months.div_euclid(12)).ok()?,
            u8::try_from(months.rem_euclid(12)).ok()?,
        );

        let first = Self::new(year, month.checked_add(1)?, 1)?;
        Some(first.with_day(self.day))
    }

    /// The day `day` of the same month, or its last if it is shorter; its first for 0.
    #[must_use]
    pub fn with_day(self, day: u8) -> Self {
        Self {
            day: day.clamp(1, self.days_in_month()),
            ..self
        }
    }

    /// How many days the month has.
    #[must_use]
    pub const fn days_in_month(self) -> u8 {
        days_in_month(self.year, self.month)
    }

    /// The day of the week, from 1 for Monday to 7 for Sunday.
    #[must_use]
    pub fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        u8::try_from(self.number().saturating_add(3).rem_euclid(7))
            .map_or(1, |day| day.saturating_add(1))
    }
}

/// The number that a few digits write.
pub(super) fn number_of(digits: &[u8]) -> Option<u16> {
    let mut number = 0_u16;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number
            .checked_mul(10)?
            .checked_add(u16::from(digit & 0x0f))?;
    }
    Some(number)
}

/// The last two digits of a number, as letters.
fn last_two_digits(number: u16) -> [u8; 2] {
    [number / 10, number].map(|number| {
        let digit = u8::try_from(number % 10);
        digit.map_or(b'0', |digit| b'0'.saturating_add(digit))
    })
}

/// The days of a month; 0 for a month that does not exist.
pub(super) const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 0,
    }
}

impl From<Date> for DayFigure {
    fn from(date: Date) -> Self {
        Self(date.number())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn leap_years_follow_the_rule() {
        for (text, exists) in [
            ("2024-02-29", true),
            ("2023-02-29", false),
            ("1900-02-29", false),
            ("2000-02-29", true),
            ("2026-04-31", false),
            ("2026-12-31", true),
            ("2026-13-01", false),
            ("2026-00-01", false),
            ("2026-01-00", false),
            ("0000-01-01", false),
            ("0001-01-01", true),
            ("9999-12-31", true),
        ] {
            assert_eq!(Date::parse(text).is_ok(), exists, "{text}");
        }
    }

    #[test]
    fn the_numbers_of_days_follow_one_another() {
        let mut day = Date::parse("0001-01-01").unwrap();
        let mut number = day.number();
        assert_eq!(
            (number, day.weekday()),
            (-719_162, 1),
            "a Monday, 719,162 days before 1970"
        );
        // Day by day through all years, by the lengths of the months alone.
        loop {
            assert_eq!(
                (day.number(), Date::from_number(number)),
                (number, Some(day))
            );
            number += 1;
            day = match (day.day < day.days_in_month(), day.month) {
                (true, _) => Date {
                    day: day.day + 1,
                    ..day
                },
                (false, 12) if day.year == 9999 => break,
                (false, 12) => Date::new(day.year + 1, 1, 1).unwrap(),
                (false, month) => Date {
                    month: month + 1,
                    day: 1,
                    ..day
                },
            };
        }
        assert_eq!(
            (Date::from_number(number), Date::from_number(-719_163)),
            (None, None)
        );
        assert_eq!(
            (Date::from_number(i32::MAX), Date::from_number(i32::MIN)),
            (None, None)
        );
        assert_eq!(Date::EPOCH.weekday(), 4);
    }

    #[test]
    fn months_clamp() {
        let day = |text| Date::parse(text).unwrap();
        assert_eq!(day("2024-01-31").plus_months(1), Some(day("2024-02-29")));
        assert_eq!(day("2024-01-31").plus_months(-11), Some(day("2023-02-28")));
        assert_eq!(day("0001-01-31").plus_months(-1), None);
        assert_eq!(day("9999-12-01").plus_months(1), None);
        assert_eq!(day("2024-02-10").with_day(31), day("2024-02-29"));
        assert_eq!(day("2023-11-30").months_until(day("2024-02-01")), 3);
    }

    #[test]
    fn only_one_form_is_read() {
        for text in [
            "",
            "2026-1-1",
            "2026/01/01",
            "20260101",
            "2026-01-01T00:00",
            " 2026-01-01",
            "２026-01-1",
            "+026-01-01",
        ] {
            assert_eq!(
                Date::parse(text).unwrap_err().code(),
                Code::InvalidDate,
                "{text:?}"
            );
        }
        assert_eq!(Date::parse("0099-03-04").unwrap().to_string(), "0099-03-04");
    }
}
