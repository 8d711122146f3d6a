//! Amounts and currencies from numbers and text, by the standard traits.

use super::{Amount, Currency};
use crate::error::{Error, Reason, Result, Site};
use std::fmt;
use std::str::FromStr;

/// A number of minor units beyond ±(2⁶³ − 1).
///
/// ```
/// use setoff::money::{Amount, AmountOutOfRange};
///
/// assert_eq!(Amount::try_from(i64::MIN), Err(AmountOutOfRange));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmountOutOfRange;

impl fmt::Display for AmountOutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount beyond what 64 bits hold")
    }
}

impl std::error::Error for AmountOutOfRange {}

impl TryFrom<i64> for Amount {
    type Error = AmountOutOfRange;

    /// The amount of a number of minor units; −2⁶³ has no mirror.
    ///
    /// ```
    /// use setoff::money::Amount;
    ///
    /// assert_eq!(Amount::try_from(1230_i64)?.minor(), 1230);
    /// # Ok::<(), setoff::money::AmountOutOfRange>(())
    /// ```
    fn try_from(minor: i64) -> std::result::Result<Self, AmountOutOfRange> {
        Self::new(minor).ok_or(AmountOutOfRange)
    }
}

impl FromStr for Currency {
    type Err = Error;

    /// The currency of ISO 4217 with that code.
    ///
    /// ```
    /// use setoff::money::Currency;
    ///
    /// let yen: Currency = "JPY".parse()?;
    /// assert_eq!((yen.scale(), yen.to_string()), (0, "JPY".into()));
    /// assert!("yen".parse::<Currency>().is_err());
    /// # Ok::<(), setoff::Error>(())
    /// ```
    fn from_str(code: &str) -> Result<Self> {
        Self::iso(code).ok_or_else(|| {
            let code = code.into();
            Error::of(Reason::NotIsoCurrency { code }, &Site::Command)
        })
    }
}

impl fmt::Display for Currency {
    /// Writes its code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}
