//! A day of the proleptic Gregorian calendar.

use crate::error::{Code, Error, Result, quoted};
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

    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// `invalidDate` for another form and for days that do not exist.
    pub fn parse(text: &str) -> Result<Self> {
        Self::read(text).ok_or_else(|| Error::general(Code::InvalidDate, "a calendar day as YYYY-MM-DD", quoted(text)))
    }

    fn read(text: &str) -> Option<Self> {
        let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *text.as_bytes() else { return None };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0_u16, |sum, digit| {
                digit.is_ascii_digit().then(|| sum.checked_mul(10)?.checked_add(u16::from(digit & 0x0f))).flatten()
            })
        };
        let (month, day) = (number(&[m0, m1])?, number(&[d0, d1])?);
        Self::new(number(&[y0, y1, y2, y3])?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// Year, month and day.
    #[must_use]
    pub const fn parts(self) -> (u16, u8, u8) {
        (self.year, self.month, self.day)
    }
}

/// The days of a month; 0 for a month that does not exist.
const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn only_one_form_is_read() {
        for text in
            ["", "2026-1-1", "2026/01/01", "20260101", "2026-01-01T00:00", " 2026-01-01", "２026-01-1", "+026-01-01"]
        {
            assert_eq!(Date::parse(text).unwrap_err().code(), Code::InvalidDate, "{text:?}");
        }
        assert_eq!(Date::parse("0099-03-04").unwrap().to_string(), "0099-03-04");
    }
}
