//! A day, or an instant with the offset of the clock that shows it.

use super::Date;
use crate::error::{Error, Reason, Result, Site};
use std::fmt;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// An instant: seconds and nanoseconds since 1970-01-01T00:00:00Z, and the offset of the local clock.
///
/// There is no table of time zones. Who asks for civil days writes the instant as the clock of the place shows it,
/// `2024-03-16T00:00:00-04:00`: the day is in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    seconds: i64,
    nanos: u32,
    /// Of the local clock before UTC, in minutes.
    offset: i16,
}

/// A day, or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The start of a day.
    Day(Date),
    /// An instant.
    Instant(Instant),
}

impl Instant {
    /// The instant `seconds` seconds after (before: negative) the first second of 1970 in UTC, on a clock of UTC.
    /// `None` outside the years 1 to 9999.
    #[must_use]
    pub fn new(seconds: i64, nanos: u32) -> Option<Self> {
        let instant = Self {
            seconds,
            nanos,
            offset: 0,
        };
        (nanos < 1_000_000_000 && instant.local_day().is_some()).then_some(instant)
    }

    /// The same after `seconds`; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Option<Self> {
        let later = Self {
            seconds: self.seconds.checked_add(seconds)?,
            ..self
        };
        later.local_day().map(|_| later)
    }

    /// Seconds since 1970, and nanoseconds.
    #[must_use]
    pub const fn since_1970(self) -> (i64, u32) {
        (self.seconds, self.nanos)
    }

    /// Seconds since 1970 as the local clock counts them: without its offset, and so without daylight saving.
    #[must_use]
    pub fn local_seconds(self) -> i64 {
        i64::from(self.offset)
            .saturating_mul(60)
            .saturating_add(self.seconds)
    }

    fn local_day(self) -> Option<Date> {
        Date::from_number(i32::try_from(self.local_seconds().div_euclid(DAY)).ok()?)
    }

    fn read(text: &str) -> Option<Self> {
        let (day, time) = text.split_once('T')?;
        let date = Date::parse(day).ok()?;
        let (clock, offset) = read_offset(without_zone(time)?)?;
        let (second_of_day, nanos) = read_clock(clock)?;

        let seconds = i64::from(date.number())
            .checked_mul(DAY)?
            .checked_add(second_of_day)?
            .checked_sub(i64::from(offset).checked_mul(60)?)?;
        let instant = Self {
            seconds,
            nanos,
            offset,
        };

        // The day of its clock is within the calendar; the same instant in UTC can be a day before or behind it.
        instant.local_day().map(|_| instant)
    }
}

/// A time without the name of its zone: `10:00:00+02:00[Europe/Berlin]` is `10:00:00+02:00` (RFC 9557). The offset is
/// what counts, so a zone behind a `Z` would claim what the text does not say, and is refused.
fn without_zone(time: &str) -> Option<&str> {
    let Some(open) = time.strip_suffix(']') else {
        return Some(time);
    };
    let (time, zone) = open.split_once('[')?;
    let is_letter = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+' | b'/' | b':')
    };

    let is_named = !zone.is_empty() && zone.bytes().all(is_letter);
    (is_named && !time.ends_with('Z')).then_some(time)
}

/// Splits `10:00:00+02:00` into the clock and its offset before UTC, in minutes.
fn read_offset(time: &str) -> Option<(&str, i16)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, 0));
    }

    let (clock, offset) = time.split_at_checked(time.len().checked_sub(6)?)?;
    let [sign, h0, h1, b':', m0, m1] = *offset.as_bytes() else {
        return None;
    };
    let hours = i16::from(two(h0, h1, 23)?);
    let minutes = i16::from(two(m0, m1, 59)?);
    let offset = hours.checked_mul(60)?.checked_add(minutes)?;

    match sign {
        b'+' => Some((clock, offset)),
        // Minus zero is the offset of a clock that is not known (RFC 3339, 4.3).
        b'-' if offset > 0 => Some((clock, offset.checked_neg()?)),
        _ => None,
    }
}

/// Reads `10:00:00.25`: the seconds since midnight, and nanoseconds.
fn read_clock(clock: &str) -> Option<(i64, u32)> {
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [h0, h1, b':', m0, m1, b':', s0, s1] = *clock.as_bytes() else {
        return None;
    };

    let hours = i64::from(two(h0, h1, 23)?);
    let minutes = i64::from(two(m0, m1, 59)?);
    let seconds = i64::from(two(s0, s1, 59)?);
    let second_of_day = hours
        .checked_mul(60)?
        .checked_add(minutes)?
        .checked_mul(60)?
        .checked_add(seconds)?;

    Some((second_of_day, read_nanos(fraction)?))
}

/// The nanoseconds of one to nine decimals of a second.
fn read_nanos(fraction: &str) -> Option<u32> {
    let is_digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
    if fraction.is_empty() || !is_digits {
        return None;
    }

    let missing = u32::try_from(9_usize.checked_sub(fraction.len())?).ok()?;
    fraction
        .parse::<u32>()
        .ok()?
        .checked_mul(10_u32.checked_pow(missing)?)
}

/// A number of two digits up to `most`.
fn two(tens: u8, ones: u8, most: u8) -> Option<u8> {
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return None;
    }
    let number = (tens & 0x0f).checked_mul(10)?.checked_add(ones & 0x0f)?;
    (number <= most).then_some(number)
}

impl Moment {
    /// Reads a day, or an instant as of RFC 3339 with a capital `T` and `Z`: `2026-03-31T09:30:00Z`,
    /// `2026-03-31T09:30:00.250+02:00`; up to nine decimals, no leap second. Behind an offset the name of the zone may
    /// stand, `[Europe/Berlin]`, as Temporal writes it; nothing is made of it.
    ///
    /// # Errors
    /// `invalidDate` for another form, and for what the calendar or the clock does not have.
    pub fn parse(text: &str) -> Result<Self> {
        let no_moment = || {
            let text = text.into();
            Error::of(Reason::NoMoment { text }, &Site::Command)
        };
        if text.contains('T') {
            return Instant::read(text).map(Self::Instant).ok_or_else(no_moment);
        }

        Date::parse(text)
            .map(Self::Day)
            .map_err(|refusal| match refusal.reason() {
                // It says nothing of instants.
                Reason::NoDate { .. } => no_moment(),
                _ => refusal,
            })
    }

    /// Reads the civil day of a text: the day itself, or the day that the clock of an instant shows. An instant in UTC
    /// (`Z`) shows no day of a place, so it is refused: it may be another day where the business is.
    ///
    /// # Errors
    /// `invalidDate`, as [`Moment::parse`] and for an instant in UTC.
    pub fn parse_day(text: &str) -> Result<Date> {
        match Self::parse(text) {
            Ok(moment) if !text.ends_with('Z') => Ok(moment.day()),
            Ok(_) => {
                let text = text.into();
                Err(Error::of(Reason::NoCivilDay { text }, &Site::Command))
            }
            Err(_) => Date::parse(text),
        }
    }

    /// The calendar day, on the local clock of an instant.
    #[must_use]
    pub fn day(self) -> Date {
        match self {
            Self::Day(day) => day,
            // An instant is made only within the calendar.
            Self::Instant(instant) => instant.local_day().unwrap_or(Date::EPOCH),
        }
    }

    /// The instant; that of a day is its midnight in UTC.
    #[must_use]
    pub fn instant(self) -> Instant {
        match self {
            Self::Day(day) => Instant {
                seconds: i64::from(day.number()).saturating_mul(DAY),
                nanos: 0,
                offset: 0,
            },
            Self::Instant(instant) => instant,
        }
    }

    /// Whether it comes before the other, as instants.
    #[must_use]
    pub fn is_before(self, other: Self) -> bool {
        self.instant().since_1970() < other.instant().since_1970()
    }
}

impl From<Date> for Moment {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Instant(instant) = self else {
            return self.day().fmt(f);
        };

        // As its clock shows it, so that the text says the day that counts.
        let second_of_day = instant.local_seconds().rem_euclid(DAY);
        let (hours, minutes, seconds) = (
            second_of_day.div_euclid(3600),
            second_of_day.div_euclid(60).rem_euclid(60),
            second_of_day.rem_euclid(60),
        );

        write!(f, "{}T{hours:02}:{minutes:02}:{seconds:02}", self.day())?;
        if instant.nanos > 0 {
            let digits = format!("{:09}", instant.nanos);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }

        match instant.offset {
            0 => f.write_str("Z"),
            offset => {
                let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.unsigned_abs());
                write!(
                    f,
                    "{sign}{:02}:{:02}",
                    minutes.div_euclid(60),
                    minutes.rem_euclid(60)
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn an_instant_is_read_and_written() {
        for text in [
            "2024-02-29",
            "1970-01-01T00:00:00Z",
            "2024-03-16T00:00:00-04:00",
            "2012-07-17T00:17:03.25+05:30",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
        ] {
            assert_eq!(Moment::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "2024-03-16T01:30:00+02:00[Europe/Berlin]",
            "2024-03-16T01:30:00+02:00[+02:00]",
            "2024-03-16T01:30:00+02:00[Etc/GMT-2]",
        ] {
            assert_eq!(
                Moment::parse(text).unwrap().to_string(),
                "2024-03-16T01:30:00+02:00"
            );
        }
        let instant = Moment::parse("2024-03-16T01:30:00+02:00").unwrap();
        assert_eq!(
            instant.instant().since_1970(),
            (1_710_545_400, 0),
            "2024-03-15T23:30:00Z"
        );
        assert_eq!(instant.day().to_string(), "2024-03-16");
        assert!(Moment::parse("2024-03-15").unwrap().is_before(instant));
        assert!(instant.is_before(Moment::parse("2024-03-16").unwrap()));
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "T",
            "2024-03-16T00:00Z",
            "2024-03-16 00:00:00Z",
            "2024-03-16t00:00:00z",
            "2024-03-16T24:00:00Z",
            "2024-03-16T00:60:00Z",
            "2024-03-16T23:59:60Z",
            "2024-03-16T00:00:00",
            "2024-03-16T00:00:00.Z",
            "2024-03-16T00:00:00.1234567890Z",
            "2024-03-16T00:00:00+0200",
            "2024-03-16T00:00:00-00:00",
            "2024-03-16T00:00:00+24:00",
            "2024-02-30T00:00:00Z",
            "2024-03-16T0０:00:00Z",
            "2024-03-16T00:00:00Z[Europe/Berlin]",
            "2024-03-16T00:00:00[Europe/Berlin]",
            "2024-03-16T00:00:00+02:00[]",
            "2024-03-16T00:00:00+02:00[Europe/Berlin",
            "2024-03-16T00:00:00+02:00[Europe/Berlin][u-ca=hebrew]",
            "2024-03-16T00:00:00+02:00[!Europe/Berlin]",
            "2024-03-16[Europe/Berlin]T00:00:00+02:00",
            "2024-03-16[Europe/Berlin]",
        ] {
            assert_eq!(
                Moment::parse(text).unwrap_err().code(),
                Code::InvalidDate,
                "{text:?}"
            );
        }
    }
    #[test]
    fn a_day_is_the_one_that_the_clock_shows() {
        for text in [
            "2026-03-31",
            // 22:30 of the day before, in UTC.
            "2026-03-31T00:30:00+02:00[Europe/Berlin]",
            "2026-03-31T23:30:00-05:00",
            "2026-03-31T00:00:00+00:00[UTC]",
        ] {
            assert_eq!(Moment::parse_day(text).unwrap().to_string(), "2026-03-31");
        }
        let reason = |text: &str| Moment::parse_day(text).unwrap_err().reason().name();
        assert_eq!(reason("2026-03-30T22:30:00Z"), "NoCivilDay");
        assert_eq!(reason("2026-03-30T24:30:00+02:00"), "NoDate");
        assert_eq!(reason("2026-02-30"), "NoSuchDay");
        let moment = |text: &str| Moment::parse(text).unwrap_err().reason().name();
        assert_eq!(moment("31.03.2026"), "MisspeltDate");
        assert_eq!(moment("never"), "NoMoment");
    }
}
