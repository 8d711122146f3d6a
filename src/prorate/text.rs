//! Numbers within sentences for people.

use super::amount::DecimalAmount;
use crate::money::{Fraction, Rounding, text};
use rust_decimal::Decimal;
use std::fmt::{self, Write};

/// A sentence that is being written.
#[derive(Default)]
pub(super) struct Sentence(String);

impl Sentence {
    /// Adds a phrase.
    pub(super) fn say(&mut self, phrase: fmt::Arguments<'_>) {
        // Writing to a text cannot fail.
        _ = self.0.write_fmt(phrase);
    }

    /// The sentence as far as it is written.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// A number of units of time: `1 day`, `31 days`.
pub(super) struct UnitsText(pub Fraction, pub &'static str);

impl fmt::Display for UnitsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count, unit) = *self;
        let plural = if count == Fraction::ONE { "" } else { "s" };
        write!(f, "{} {unit}{plural}", FractionText(count))
    }
}

/// An amount with the decimals of its increment, unless it is no whole number of increments.
pub(super) struct AmountText(pub Fraction, pub Decimal);

impl fmt::Display for AmountText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(amount, increment) = *self;
        match DecimalAmount::exactly(amount, increment) {
            Some(whole) => whole.fmt(f),
            None => FractionText(amount).fmt(f),
        }
    }
}

/// A number that is exact if it has at most nine decimals, else cut after six, with an ellipsis.
pub(super) struct FractionText(pub Fraction);

impl fmt::Display for FractionText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (scale, power) in (0_u32..).zip(POWERS_OF_TEN) {
            let units = self.0.times(Fraction::whole(power));
            if units.denominator() == 1 {
                return f.write_str(&text::write(units.numerator(), scale));
            }
        }

        // Cut, not rounded, because the ellipsis says that more digits follow.
        let millionths = self.0.times(Fraction::whole(1_000_000));
        match millionths.round(Rounding::Down) {
            Some(units) => write!(f, "{}…", text::write(units, 6)),
            None => self.0.fmt(f),
        }
    }
}

const POWERS_OF_TEN: [i128; 10] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
    1_000_000_000,
];
