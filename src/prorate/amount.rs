//! Amounts as decimals: whole numbers of an increment, for which no currency has to be known.

use super::period::fits;
use super::terms::Terms;
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::{Fraction, text};
use rust_decimal::Decimal;
use std::fmt;

/// Money: a whole number of increments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecimalAmount {
    increments: i64,
    increment: Decimal,
}

impl DecimalAmount {
    /// The amount nearest to `exact`, as the terms round.
    ///
    /// # Errors
    /// `outOfRange` for more digits than 128 bits hold, and for 2⁶³ increments or more.
    pub fn round(exact: Fraction, increment: Decimal, terms: &Terms) -> Result<Self> {
        let increments = exact.over(Fraction::of(increment)).round(terms.rounding);
        Self::new(fits(increments)?, increment)
            .ok_or_else(|| Error::of(Reason::TooManyIncrements {}, &Site::Command))
    }

    /// The amount, if it is a whole number of increments.
    pub(super) fn exactly(amount: Fraction, increment: Decimal) -> Option<Self> {
        let increments = amount.over(Fraction::of(increment));
        if increments.denominator() != 1 {
            return None;
        }
        Self::new(increments.numerator(), increment)
    }

    /// An amount of a number of increments; `None` where it, its mirror or its text does not fit.
    fn new(increments: i128, increment: Decimal) -> Option<Self> {
        let increments = i64::try_from(increments).ok()?;
        increments.checked_neg()?;

        // The product of two numbers of 64 bits fits 128: nearly all increments need no look.
        if i64::try_from(increment.mantissa()).is_err() {
            i128::from(increments).checked_mul(increment.mantissa())?;
        }

        Some(Self {
            increments,
            increment,
        })
    }

    /// The amount exactly.
    #[must_use]
    pub fn exact(self) -> Fraction {
        Fraction::whole(self.increments.into()).times(Fraction::of(self.increment))
    }

    /// In increments.
    #[must_use]
    pub const fn increments(self) -> i64 {
        self.increments
    }

    /// Neither more nor less than zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.increments == 0
    }

    /// The same with the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self {
            // Cannot overflow: every amount has a mirror.
            increments: self.increments.saturating_neg(),
            increment: self.increment,
        }
    }
}

impl fmt::Display for DecimalAmount {
    /// The text, with the decimals of the increment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Cannot overflow: an amount whose text does not fit is never made.
        let units = i128::from(self.increments).saturating_mul(self.increment.mantissa());
        f.write_str(&text::write(units, self.increment.scale()))
    }
}

/// Refuses an increment that is not above zero.
pub(super) fn check_increment(increment: Decimal) -> Result<()> {
    if increment.mantissa() > 0 {
        return Ok(());
    }

    let increment = text::write_decimal(increment).into();
    let reason = Reason::IncrementNotPositive { increment };
    let site = Site::Command.field(SiteField::Increment);
    Err(Error::of(reason, &site))
}
