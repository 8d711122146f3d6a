//! Days and moments from text and from numbers, by the standard traits.

use super::{Date, Moment, meant};
use crate::error::{Error, Result, Site};
use std::str::FromStr;

impl Date {
    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// `invalidDate` for another form and for days that do not exist.
    pub fn parse(text: &str) -> Result<Self> {
        Self::read(text).ok_or_else(|| Error::of(meant::refusal(text), &Site::Command))
    }
}

impl FromStr for Date {
    type Err = Error;

    /// Reads `YYYY-MM-DD`, as [`Date::parse`] does.
    ///
    /// ```
    /// use setoff::calendar::Date;
    ///
    /// let day: Date = "2024-02-29".parse()?;
    /// assert_eq!(day.to_string(), "2024-02-29");
    /// assert!("2023-02-29".parse::<Date>().is_err());
    /// # Ok::<(), setoff::Error>(())
    /// ```
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl TryFrom<(u16, u8, u8)> for Date {
    type Error = Error;

    /// The day of a year, month and day.
    ///
    /// ```
    /// use setoff::calendar::Date;
    ///
    /// assert_eq!(Date::try_from((2024, 2, 29))?, "2024-02-29".parse()?);
    /// assert!(Date::try_from((2023, 2, 29)).is_err());
    /// # Ok::<(), setoff::Error>(())
    /// ```
    fn try_from((year, month, day): (u16, u8, u8)) -> Result<Self> {
        Self::new(year, month, day).ok_or_else(|| {
            let text = format!("{year:04}-{month:02}-{day:02}");
            Error::of(meant::refusal(&text), &Site::Command)
        })
    }
}

impl FromStr for Moment {
    type Err = Error;

    /// Reads a day or an instant, as [`Moment::parse`] does.
    ///
    /// ```
    /// use setoff::calendar::Moment;
    ///
    /// let noon: Moment = "2026-06-16T12:00:00+02:00".parse()?;
    /// assert_eq!(noon.day().to_string(), "2026-06-16");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}
