//! Exact fractions: what a share of a price is before it is rounded, once.

use super::Rounding;
use crate::error::{Code, Error, Result, quoted};
use crate::money::text;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::fmt;

/// A fraction in lowest terms. There are no operators: what does not fit 128 bits answers `None`.
///
/// Most numbers here fit 64 bits, and WebAssembly has no wider product or quotient; so those are tried first.
///
/// ```
/// use setoff::money::{Fraction, Rounding, text};
/// // A day of 28 at 3.78: 0.135, which half up is 0.14. Dividing first, as decimals do, would give 0.13.
/// let price = Fraction::of(text::parse("3.78")?);
/// let share = price.times(Fraction::new(1, 28).unwrap()).unwrap();
/// assert_eq!(share.to_string(), "27/200");
/// assert_eq!(share.over(Fraction::new(1, 100).unwrap()).unwrap().round(Rounding::HalfUp), 14);
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    numerator: i128,
    /// More than zero.
    denominator: i128,
}

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self::whole(0);
    /// The whole.
    pub const ONE: Self = Self::whole(1);

    /// The fraction in lowest terms; `None` for a denominator of zero, and for −2¹²⁷.
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 || numerator == i128::MIN || denominator == i128::MIN {
            return None;
        }
        let divisor = gcd(numerator, denominator);
        let divisor = if denominator < 0 { divisor.checked_neg()? } else { divisor };
        Some(Self { numerator: divide(numerator, divisor)?.0, denominator: divide(denominator, divisor)?.0 })
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(numerator: i128) -> Self {
        Self { numerator, denominator: 1 }
    }

    /// A decimal as it is.
    #[must_use]
    pub fn of(decimal: Decimal) -> Self {
        // Less than 2⁹⁶, and at most 10²⁸: both fit.
        let power = 10_i128.checked_pow(decimal.scale()).unwrap_or(1);
        Self::new(decimal.mantissa(), power).unwrap_or(Self::ZERO)
    }

    /// Reads a decimal, or two with a slash between them: `"0.5"`, `"15/31"`, `"7.5/107.5"`.
    ///
    /// # Errors
    /// `invalidDecimal` for another form; `outOfRange` for a denominator of zero or more digits than there are.
    pub fn parse(text: &str) -> Result<Self> {
        let (numerator, denominator) = match text.split_once('/') {
            Some((numerator, denominator)) => (numerator, Some(denominator)),
            None => (text, None),
        };
        let decimal = |part: &str| {
            let needed = "a decimal, or two with a slash between them, such as \"15/31\"";
            text::parse(part).map(Self::of).map_err(|_| Error::general(Code::InvalidDecimal, needed, quoted(text)))
        };
        let numerator = decimal(numerator)?;
        let Some(denominator) = denominator else { return Ok(numerator) };
        numerator
            .over(decimal(denominator)?)
            .ok_or_else(|| Error::general(Code::OutOfRange, "a denominator that is not zero", quoted(text)))
    }

    /// Above the line.
    #[must_use]
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// Below the line; more than zero.
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
        self.numerator == 0
    }

    /// The same with the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { numerator: self.numerator.saturating_neg(), denominator: self.denominator }
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        if self.denominator == other.denominator {
            return Self::new(self.numerator.checked_add(other.numerator)?, self.denominator);
        }
        let common = gcd(self.denominator, other.denominator);
        let (left, right) = (divide(other.denominator, common)?.0, divide(self.denominator, common)?.0);
        let numerator = multiply(self.numerator, left)?.checked_add(multiply(other.numerator, right)?)?;
        Self::new(numerator, multiply(self.denominator, left)?)
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated())
    }

    /// The product. Both ways across are reduced before, so that it fits whenever its lowest terms do.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        let (first, second) = (gcd(self.numerator, other.denominator), gcd(other.numerator, self.denominator));
        let reduced = |value: i128, divisor: i128| divide(value, divisor.max(1)).map(|(quotient, _)| quotient);
        Some(Self {
            numerator: multiply(reduced(self.numerator, first)?, reduced(other.numerator, second)?)?,
            denominator: multiply(reduced(self.denominator, second)?, reduced(other.denominator, first)?)?,
        })
    }

    /// The quotient; `None` also for a division by zero.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.denominator, other.numerator)?)
    }

    /// The nearest whole number as `rounding` says.
    #[must_use]
    pub fn round(self, rounding: Rounding) -> i128 {
        round_quotient(self.numerator, self.denominator, rounding).unwrap_or(self.numerator)
    }

    /// Rounded to `scale` decimals.
    #[must_use]
    pub fn to_scale(self, scale: u8, rounding: Rounding) -> Option<Self> {
        let power = 10_i128.checked_pow(scale.into())?;
        Self::new(self.times(Self::whole(power))?.round(rounding), power)
    }
}

/// The whole number nearest to a quotient, as `rounding` says; `None` if the denominator is not positive.
#[must_use]
pub fn round_quotient(numerator: i128, denominator: i128, rounding: Rounding) -> Option<i128> {
    if denominator <= 0 {
        return None;
    }
    let (whole, rest) = divide(numerator, denominator)?;
    let rest = rest.checked_abs()?;
    let half = rest.cmp(&denominator.checked_sub(rest)?);
    whole.checked_add(rounding.step(numerator < 0, rest != 0, whole & 1 != 0, half).into())
}

/// The same within 64 bits, which is several times faster.
#[inline]
#[must_use]
pub fn round_narrow_quotient(numerator: i64, denominator: i64, rounding: Rounding) -> Option<i64> {
    if denominator <= 0 {
        return None;
    }
    let (whole, rest) = (numerator.checked_div(denominator)?, numerator.checked_rem(denominator)?);
    let rest = rest.checked_abs()?;
    let half = rest.cmp(&denominator.checked_sub(rest)?);
    whole.checked_add(rounding.step(numerator < 0, rest != 0, whole & 1 != 0, half).into())
}

fn multiply(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(narrow_a), Ok(narrow_b)) => match narrow_a.checked_mul(narrow_b) {
            Some(product) => Some(product.into()),
            None => a.checked_mul(b),
        },
        _ => a.checked_mul(b),
    }
}

/// The quotient and the remainder, toward zero.
fn divide(a: i128, b: i128) -> Option<(i128, i128)> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) if b > 0 => Some((a.checked_div(b)?.into(), a.checked_rem(b)?.into())),
        _ => Some((a.checked_div(b)?, a.checked_rem(b)?)),
    }
}

/// The greatest common divisor, never negative.
fn gcd(mut a: i128, mut b: i128) -> i128 {
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

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    /// By whole parts, then by the reciprocals of what is left: no product that could be too large.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = ((self.numerator, self.denominator), (other.numerator, other.denominator));
        let split = |(n, d): (i128, i128)| (n.checked_div_euclid(d), n.checked_rem_euclid(d).unwrap_or_default());
        let mut is_turned = false;
        loop {
            let ((whole_a, rest_a), (whole_b, rest_b)) = (split(a), split(b));
            let order = match whole_a.cmp(&whole_b) {
                Ordering::Equal if rest_a == 0 || rest_b == 0 => rest_a.cmp(&rest_b),
                Ordering::Equal => {
                    (a, b) = ((a.1, rest_a), (b.1, rest_b));
                    is_turned = !is_turned;
                    continue;
                }
                order => order,
            };
            return if is_turned { order.reverse() } else { order };
        }
    }
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

    fn fraction(numerator: i128, denominator: i128) -> Fraction {
        Fraction::new(numerator, denominator).unwrap()
    }

    #[test]
    fn lowest_terms_and_signs() {
        assert_eq!(fraction(6, -4), fraction(-3, 2));
        assert_eq!(fraction(0, -7), Fraction::ZERO);
        assert_eq!(Fraction::new(1, 0), None);
        assert_eq!(fraction(-3, 2).to_string(), "-3/2");
        assert_eq!(Fraction::parse("7.5/107.5").unwrap(), fraction(3, 43));
        assert_eq!(Fraction::parse("0.125").unwrap(), fraction(1, 8));
        for bad in ["", "1/", "/2", "1/2/3", "a", "1 / 2", "1e2/3"] {
            assert_eq!(Fraction::parse(bad).unwrap_err().code(), Code::InvalidDecimal, "{bad}");
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
        assert_eq!(expected.map(|(rounding, _)| rounding), Rounding::ALL);
        for (rounding, [a, b, c]) in expected {
            let round = |numerator| fraction(numerator, 2).round(rounding);
            assert_eq!((round(5), round(-5), round(7)), (a, b, c), "{rounding:?}");
        }
    }

    #[test]
    fn beyond_128_bits_is_no_answer() {
        let large = Fraction::whole(i128::MAX);
        assert_eq!(large.times(Fraction::whole(2)), None);
        assert_eq!(large.plus(Fraction::ONE), None);
        assert_eq!(large.times(fraction(1, i128::MAX)), Some(Fraction::ONE), "reduced before");
        assert_eq!(large.negated().negated(), large);
    }

    #[test]
    fn order_needs_no_product() {
        let close = [fraction(i128::MAX - 1, i128::MAX), fraction(i128::MAX - 2, i128::MAX - 1)];
        assert!(close[0] > close[1] && close[0] < Fraction::ONE);
        assert!(
            fraction(-1, 2) < fraction(-1, 3) && fraction(2, 3) > fraction(5, 8) && fraction(7, 3) < fraction(5, 2)
        );
        assert_eq!(fraction(10, 4).cmp(&fraction(5, 2)), Ordering::Equal);
    }
}
