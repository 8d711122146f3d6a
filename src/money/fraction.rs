//! Exact fractions: what a share of a price is before it is rounded, once.

use super::Rounding;
use crate::error::{Error, Reason, Result, Site};
use crate::money::text;
use rust_decimal::Decimal;
use std::fmt;

/// A fraction in lowest terms, or one that is lost because it does not fit 128 bits.
///
/// What is calculated from a lost one is lost too, and every way out refuses it: [`Fraction::known`] and
/// [`Fraction::round`] answer `None`. So a formula reads like a formula, and is checked once, at its end.
///
/// Most numbers here fit 64 bits, and WebAssembly has no wider product or quotient; so those are tried first.
///
/// ```
/// use setoff::money::{Fraction, Rounding, text};
/// // A day of 28 at 3.78: 0.135, which half up is 0.14. Dividing first, as decimals do, would give 0.13.
/// let share = Fraction::of(text::parse("3.78")?).times(Fraction::new(1, 28));
/// assert_eq!(share.to_string(), "27/200");
/// assert_eq!(share.over(Fraction::new(1, 100)).round(Rounding::HalfUp), Some(14));
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    numerator: i128,
    /// More than zero, or zero if the fraction is lost.
    denominator: i128,
}

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self::whole(0);
    /// The whole.
    pub const ONE: Self = Self::whole(1);

    /// As many digits always fit: 2¹²⁷ has 39.
    pub(crate) const DIGITS: u32 = 38;

    const LOST: Self = Self {
        numerator: 0,
        denominator: 0,
    };

    /// The fraction in lowest terms; lost for a denominator of zero, and for −2¹²⁷.
    #[inline(never)]
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Self {
        if denominator == 0 || numerator == i128::MIN || denominator == i128::MIN {
            return Self::LOST;
        }

        // The sign goes above the line, so that equal fractions have equal fields.
        let divisor = gcd(numerator, denominator);
        let divisor = if denominator < 0 {
            divisor.saturating_neg()
        } else {
            divisor
        };

        Self {
            numerator: divide(numerator, divisor).0,
            denominator: divide(denominator, divisor).0,
        }
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(numerator: i128) -> Self {
        Self {
            numerator,
            denominator: 1,
        }
    }

    /// A decimal as it is.
    #[inline(never)]
    #[must_use]
    pub fn of(decimal: Decimal) -> Self {
        // Less than 2⁹⁶, and at most 10²⁸: both fit.
        Self::new(decimal.mantissa(), power_of_ten(decimal.scale()))
    }

    /// Reads a decimal, or two with a slash between them: `"0.5"`, `"15/31"`, `"7.5/107.5"`.
    ///
    /// # Errors
    /// `invalidDecimal` for another form; `outOfRange` for a denominator of zero or more digits than there are.
    pub fn parse(text: &str) -> Result<Self> {
        let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
        let numerator = text::parse(numerator).map_err(|_| no_fraction(text))?;
        let denominator = text::parse(denominator).map_err(|_| no_fraction(text))?;

        // Lost for a denominator of zero, and for more digits than 128 bits hold.
        let fraction = Self::of(numerator).over(Self::of(denominator));
        fraction.known().ok_or_else(|| {
            let text = text.into();
            Error::of(Reason::ZeroDenominator { text }, &Site::Command)
        })
    }

    /// The fraction, unless it is lost.
    #[must_use]
    pub fn known(self) -> Option<Self> {
        (self.denominator != 0).then_some(self)
    }

    /// Above the line.
    #[must_use]
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// Below the line: more than zero, or zero for a lost one.
    #[must_use]
    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// Less than zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// Neither more nor less than zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.numerator == 0 && self.denominator != 0
    }

    /// The same with the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self {
            numerator: self.numerator.saturating_neg(),
            denominator: self.denominator,
        }
    }

    /// The sum.
    #[inline(never)]
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        // Over the least common denominator. Of a lost fraction it is zero, and the sum is lost again.
        let common = gcd(self.denominator, other.denominator).max(1);
        let (left, right) = (
            divide(other.denominator, common).0,
            divide(self.denominator, common).0,
        );

        let sum = multiply(self.numerator, left)
            .zip(multiply(other.numerator, right))
            .and_then(|(left, right)| left.checked_add(right));
        sum.zip(multiply(self.denominator, left))
            .map_or(Self::LOST, |(sum, common)| Self::new(sum, common))
    }

    /// The difference.
    #[inline(never)]
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(other.negated())
    }

    /// The product. Both ways across are reduced before, so that it fits whenever its lowest terms do.
    #[inline(never)]
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        let (first, second) = (
            gcd(self.numerator, other.denominator),
            gcd(other.numerator, self.denominator),
        );

        let numerator = multiply(
            reduced(self.numerator, first),
            reduced(other.numerator, second),
        );
        let denominator = multiply(
            reduced(self.denominator, second),
            reduced(other.denominator, first),
        );

        // Where one of them is lost, both products are zero: it is lost again.
        numerator
            .zip(denominator)
            .map_or(Self::LOST, |(numerator, denominator)| Self {
                numerator,
                denominator,
            })
    }

    /// The quotient; lost for a division by zero.
    #[inline(never)]
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        self.times(Self::new(other.denominator, other.numerator))
    }

    /// The nearest whole number as `rounding` says; `None` if the fraction is lost.
    #[inline(never)]
    #[must_use]
    pub fn round(self, rounding: Rounding) -> Option<i128> {
        let (whole, rest) = divide(self.numerator, self.denominator);
        let rest = rest.checked_abs().filter(|_| self.denominator != 0)?;

        // Compares the rest with a half by what it lacks to one, because twice the rest may not fit.
        let half = rest.cmp(&self.denominator.checked_sub(rest)?);
        whole.checked_add(
            rounding
                .step(self.numerator < 0, rest != 0, whole & 1 != 0, half)
                .into(),
        )
    }

    /// Rounded to `scale` decimals.
    #[inline(never)]
    #[must_use]
    pub fn to_scale(self, scale: u8, rounding: Rounding) -> Self {
        let power = power_of_ten(scale.into());
        self.times(Self::whole(power))
            .round(rounding)
            .map_or(Self::LOST, |units| Self::new(units, power))
    }

    /// Whether it is more than the other; never so if one of them is lost.
    ///
    /// By whole parts, then by the reciprocals of what is left: no product that could be too large.
    #[inline(never)]
    #[must_use]
    pub fn exceeds(self, other: Self) -> bool {
        let (mut a, mut b) = (
            (self.numerator, self.denominator),
            (other.numerator, other.denominator),
        );
        loop {
            let split =
                |(n, d): (i128, i128)| Some((n.checked_div_euclid(d)?, n.checked_rem_euclid(d)?));
            let (Some((whole_a, rest_a)), Some((whole_b, rest_b))) = (split(a), split(b)) else {
                return false;
            };

            // Of equal whole parts, one without a rest is the lesser, or both are equal.
            if whole_a != whole_b || rest_a == 0 || rest_b == 0 {
                return (whole_a, rest_a) > (whole_b, rest_b);
            }

            // a/b > c/d if and only if d/c > b/a.
            (a, b) = ((b.1, rest_b), (a.1, rest_a));
        }
    }

    /// The lesser of the two.
    #[must_use]
    pub fn at_most(self, other: Self) -> Self {
        let lesser = if self.exceeds(other) { other } else { self };
        if self.denominator == 0 || other.denominator == 0 {
            Self::LOST
        } else {
            lesser
        }
    }

    /// The greater of the two.
    #[must_use]
    pub fn at_least(self, other: Self) -> Self {
        self.negated().at_most(other.negated()).negated()
    }

    /// From zero to `most`, on the side of zero where `most` is.
    pub(crate) fn within(self, most: Self) -> Self {
        if most.is_negative() {
            return self.negated().within(most.negated()).negated();
        }
        self.at_least(Self::ZERO).at_most(most)
    }
}

/// The refusal of a text that is neither a decimal nor two with a slash between them.
#[cold]
fn no_fraction(text: &str) -> Error {
    let text = text.into();
    Error::of(Reason::NoFraction { text }, &Site::Command)
}

/// A number without a factor that both sides of a fraction have; that of two zeros is 0.
fn reduced(value: i128, factor: i128) -> i128 {
    divide(value, factor.max(1)).0
}

const fn power_of_ten(scale: u32) -> i128 {
    10_i128.saturating_pow(scale)
}

/// The whole number nearest to a quotient within 64 bits, as `rounding` says; `None` if the denominator is not
/// positive. For many at once: it is several times faster than a fraction.
#[inline]
#[must_use]
pub fn round_quotient(numerator: i64, denominator: i64, rounding: Rounding) -> Option<i64> {
    let divisor = u64::try_from(denominator)
        .ok()
        .filter(|&divisor| divisor > 0)?;
    let is_negative = numerator < 0;

    // Something is added before the division, instead of a look at its rest: that is as good as random, and a branch on
    // it costs more than the division. It is (divisor − less) ÷ 2 to the power of `shift`, on the sides of zero that
    // grow at all. Nothing here can overflow: both numbers are at most 2⁶³.
    let (less, shift, positive, negative) = match rounding {
        Rounding::HalfUp | Rounding::HalfEven => (0, 1, u64::MAX, u64::MAX),
        Rounding::HalfDown => (1, 1, u64::MAX, u64::MAX),
        Rounding::Up => (1, 0, u64::MAX, u64::MAX),
        Rounding::Down => (1, 0, 0, 0),
        Rounding::Floor => (1, 0, 0, u64::MAX),
        Rounding::Ceiling => (1, 0, u64::MAX, 0),
    };

    let added =
        (divisor.wrapping_sub(less) >> shift) & if is_negative { negative } else { positive };
    let sum = numerator.unsigned_abs().wrapping_add(added);
    let mut quotient = sum.checked_div(divisor)?;
    // A half of an even divisor was rounded up: to the even neighbour, that is one too many where it is odd.
    if rounding == Rounding::HalfEven && divisor & 1 == 0 && quotient.wrapping_mul(divisor) == sum {
        quotient &= !1;
    }

    let quotient = quotient.cast_signed();
    Some(if is_negative {
        quotient.wrapping_neg()
    } else {
        quotient
    })
}

/// The product; of numbers that fit 64 bits the faster one.
pub(crate) fn multiply(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(narrow_a), Ok(narrow_b)) => match narrow_a.checked_mul(narrow_b) {
            Some(product) => Some(product.into()),
            None => a.checked_mul(b),
        },
        _ => a.checked_mul(b),
    }
}

/// The quotient and the remainder, toward zero; both zero for a division by zero.
pub(crate) fn divide(a: i128, b: i128) -> (i128, i128) {
    let quotient = match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) if b > 0 => (
            a.checked_div(b).map(i128::from),
            a.checked_rem(b).map(i128::from),
        ),
        _ => (a.checked_div(b), a.checked_rem(b)),
    };

    (
        quotient.0.unwrap_or_default(),
        quotient.1.unwrap_or_default(),
    )
}

/// The greatest common divisor, never negative; 0 only of two zeros.
pub(crate) fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        if let (Ok(narrow_a), Ok(narrow_b)) = (u64::try_from(a), u64::try_from(b)) {
            return narrow_gcd(narrow_a, narrow_b).into();
        }
        (a, b) = (b, a.checked_rem(b).unwrap_or_default());
    }
    a.saturating_abs()
}

const fn narrow_gcd(mut a: u64, mut b: u64) -> u64 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            denominator => write!(f, "{}/{denominator}", self.numerator),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    use std::iter::zip;

    fn fraction(numerator: i128, denominator: i128) -> Fraction {
        Fraction::new(numerator, denominator)
    }

    #[test]
    fn lowest_terms_and_signs() {
        assert_eq!(fraction(6, -4), fraction(-3, 2));
        assert_eq!(fraction(0, -7), Fraction::ZERO);
        assert_eq!(fraction(-3, 2).to_string(), "-3/2");
        assert_eq!(fraction(1, 6).plus(fraction(1, 10)), fraction(4, 15));
        assert_eq!(fraction(1, 6).minus(fraction(2, 3)), fraction(-1, 2));
        assert_eq!(fraction(-2, 3).over(fraction(-4, 9)), fraction(3, 2));
        assert_eq!(Fraction::parse("7.5/107.5").unwrap(), fraction(3, 43));
        assert_eq!(Fraction::parse("0.125").unwrap(), fraction(1, 8));
        for bad in ["", "1/", "/2", "1/2/3", "a", "1 / 2", "1e2/3"] {
            assert_eq!(
                Fraction::parse(bad).unwrap_err().code(),
                Code::InvalidDecimal,
                "{bad}"
            );
        }
        assert_eq!(Fraction::parse("1/0").unwrap_err().code(), Code::OutOfRange);
    }

    #[test]
    fn a_tie_goes_where_the_rule_says() {
        // 2.5, −2.5 and 3.5 by each rule: that is the definition of the rules.
        let expected = [
            (Rounding::HalfUp, [3, -3, 4]),
            (Rounding::HalfEven, [2, -2, 4]),
            (Rounding::HalfDown, [2, -2, 3]),
            (Rounding::Up, [3, -3, 4]),
            (Rounding::Down, [2, -2, 3]),
            (Rounding::Floor, [2, -3, 3]),
            (Rounding::Ceiling, [3, -2, 4]),
        ];
        assert_eq!(&expected.map(|(rounding, _)| rounding), Rounding::ALL);
        for (rounding, wanted) in expected {
            for (numerator, wanted) in zip([5, -5, 7], wanted) {
                assert_eq!(
                    fraction(numerator, 2).round(rounding),
                    Some(wanted),
                    "{rounding:?}"
                );
                let narrow = i64::try_from(numerator).unwrap();
                assert_eq!(
                    round_quotient(narrow, 2, rounding).map(i128::from),
                    Some(wanted)
                );
                assert_eq!(
                    round_quotient(narrow * 2, 1, rounding),
                    Some(narrow * 2),
                    "whole already"
                );
            }
        }
        assert_eq!(round_quotient(1, 0, Rounding::Up), None);
    }

    #[test]
    fn narrow_quotients_round_as_fractions_do() {
        let small = (-40..=40_i64)
            .flat_map(|numerator| (1..=12_i64).map(move |denominator| (numerator, denominator)));
        let wide = [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX];
        let wide = wide
            .into_iter()
            .flat_map(|n| [1, 2, 3, i64::MAX - 1, i64::MAX].map(|d| (n, d)));
        for (numerator, denominator) in small.chain(wide) {
            for &rounding in Rounding::ALL {
                let exact = fraction(numerator.into(), denominator.into()).round(rounding);
                let narrow = round_quotient(numerator, denominator, rounding).map(i128::from);
                assert_eq!(narrow, exact, "{numerator}/{denominator} {rounding:?}");
            }
        }
        assert_eq!(round_quotient(1, -1, Rounding::Up), None);
    }

    #[test]
    fn what_does_not_fit_is_lost_and_stays_so() {
        let large = Fraction::whole(i128::MAX);
        assert_eq!(
            large.times(fraction(1, i128::MAX)),
            Fraction::ONE,
            "reduced before"
        );
        assert_eq!(large.negated().negated(), large);
        for lost in [
            fraction(1, 0),
            large.times(Fraction::whole(2)),
            large.plus(Fraction::ONE),
            large.over(Fraction::ZERO),
        ] {
            let one = Fraction::ONE;
            let more = [
                lost.plus(one),
                one.plus(lost),
                one.minus(lost),
                lost.times(one),
                one.times(lost),
                Fraction::ZERO.times(lost),
                lost.over(one),
                one.over(lost),
                lost.negated(),
                lost.at_most(one),
                one.at_least(lost),
                lost.to_scale(2, Rounding::Up),
            ];
            for lost in more.into_iter().chain([lost]) {
                assert_eq!(
                    (lost.known(), lost.round(Rounding::Up), lost.is_zero()),
                    (None, None, false)
                );
                assert!(!lost.exceeds(Fraction::ZERO) && !Fraction::ONE.exceeds(lost));
            }
        }
    }

    #[test]
    fn order_needs_no_product() {
        let close = [
            fraction(i128::MAX - 1, i128::MAX),
            fraction(i128::MAX - 2, i128::MAX - 1),
        ];
        let ascending = [
            fraction(-1, 2),
            fraction(-1, 3),
            fraction(5, 8),
            fraction(2, 3),
            close[1],
            close[0],
            fraction(7, 3),
        ];
        for (place, a) in ascending.iter().enumerate() {
            for (other, b) in ascending.iter().enumerate() {
                assert_eq!(a.exceeds(*b), place > other, "{a} {b}");
                assert_eq!(
                    (a.at_most(*b), a.at_least(*b)),
                    (ascending[place.min(other)], ascending[place.max(other)])
                );
            }
        }
    }

    /// −2⁶³ fits 64 bits and its opposite does not; what is lost stays lost.
    #[test]
    fn the_edges_of_the_narrow_way_are_exact() {
        let least = i128::from(i64::MIN);
        assert_eq!(fraction(least, -1), Fraction::whole(-least));
        assert_eq!(
            Fraction::whole(least).times(Fraction::whole(least)),
            Fraction::whole(least * least)
        );
        for other in [
            Fraction::ZERO,
            Fraction::ONE,
            fraction(-2, 3),
            Fraction::LOST,
        ] {
            assert_eq!(Fraction::LOST.times(other), Fraction::LOST);
            assert_eq!(other.times(Fraction::LOST), Fraction::LOST);
        }
    }
}
