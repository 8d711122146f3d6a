//! The text of decimal numbers: a strict grammar in, one canonical form out.
//!
//! ```text
//! number = ["-"] whole ["." digit+]      whole = "0" | digit19 digit*
//! ```
//!
//! No plus sign, no exponent, no separators, no leading zeros, no minus zero, nothing around it: what is written
//! differently elsewhere was computed or formatted by something that should be looked at.

use crate::error::{CountFigure, Error, Reason, Result, Site};
use rust_decimal::Decimal;

/// The decimals that a [`Decimal`] can carry.
const SCALE_MAX: u32 = 28;

/// The most digits that always fit 64 bits. Nearly all numbers have fewer.
const NARROW: usize = 18;

/// Reads a number by the grammar above, exactly. At most 28 digits behind the point and 96 bits in all.
///
/// # Errors
/// `invalidDecimal` outside the grammar, or with more digits than a [`Decimal`] holds.
///
/// ```
/// use setoff::money::text;
/// assert_eq!(text::write_decimal(text::parse("-12.30")?), "-12.30");
/// assert!(text::parse("1e2").is_err() && text::parse("+1").is_err() && text::parse("007").is_err());
/// # Ok::<(), setoff::Error>(())
/// ```
pub fn parse(text: &str) -> Result<Decimal> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };

    let has_leading_zero = whole.len() > 1 && whole.starts_with('0');
    if !is_digits(whole) || !fraction.is_none_or(is_digits) || has_leading_zero {
        return Err(no_decimal(text));
    }

    let fraction = fraction.unwrap_or("");
    let Some(scale) = scale_of(fraction) else {
        return Err(too_many_digits(text));
    };
    let Some(mantissa) = mantissa_of(whole, fraction) else {
        return Err(too_many_digits(text));
    };

    if is_negative && mantissa == 0 {
        return Err(no_decimal(text));
    }
    // Cannot overflow: the digits of a text are more than zero.
    let mantissa = if is_negative {
        mantissa.saturating_neg()
    } else {
        mantissa
    };
    Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| too_many_digits(text))
}

fn is_digits(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number of decimals; `None` for more than a [`Decimal`] can carry.
fn scale_of(fraction: &str) -> Option<u32> {
    let scale = u32::try_from(fraction.len()).ok()?;
    (scale <= SCALE_MAX).then_some(scale)
}

/// The number that the digits before and behind the point make together; `None` beyond 128 bits.
fn mantissa_of(whole: &str, fraction: &str) -> Option<i128> {
    let digits = whole.bytes().chain(fraction.bytes());
    if whole.len().saturating_add(fraction.len()) <= NARROW {
        let narrow = digits.fold(0_i64, |sum, digit| {
            sum.wrapping_mul(10).wrapping_add(i64::from(digit & 0x0f))
        });
        return Some(narrow.into());
    }

    let mut digits = digits;
    digits.try_fold(0_i128, |sum, digit| {
        sum.checked_mul(10)?.checked_add(i128::from(digit & 0x0f))
    })
}

#[cold]
fn no_decimal(written: &str) -> Error {
    let text = written.into();
    let reason = match meant(written).map(Into::into) {
        Some(meant) => Reason::MisspeltDecimal { text, meant },
        None => Reason::NoDecimal { text },
    };
    Error::of(reason, &Site::Command)
}

/// The number that a text means which is written as people or other programs write numbers: `.50`, `12,50`, `1,234.50`,
/// `+1`, `007`. `None` if it means none, or could mean two: `1,234`.
#[cold]
fn meant(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let unsigned = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let (whole, fraction) = match unsigned.rsplit_once(['.', ',']) {
        Some((whole, fraction)) => (whole, fraction),
        None => (unsigned, ""),
    };

    // `1,234` is a thousand and more in one country, and hardly more than one in another.
    let is_grouped = whole.contains(['.', ',']);
    let could_be_group = unsigned.contains(',') && !is_grouped && fraction.len() == 3;
    if could_be_group || (is_grouped && !is_grouped_otherwise(unsigned, whole, fraction)) {
        return None;
    }

    let whole = whole.replace(['.', ','], "");
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let number = match fraction {
        "" => whole.to_owned(),
        _ => format!("{whole}.{fraction}"),
    };

    let is_zero = number.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if trimmed.starts_with('-') && !is_zero {
        "-"
    } else {
        ""
    };
    let number = format!("{sign}{number}");

    // A text that is right already, such as one with too many digits, has nothing else that it could mean.
    let has_digits = unsigned.contains(|digit: char| digit.is_ascii_digit());
    (has_digits && number != text && parse(&number).is_ok()).then_some(number)
}

/// Whether the digits before the last separator are in groups of three, set apart by another separator.
fn is_grouped_otherwise(unsigned: &str, whole: &str, fraction: &str) -> bool {
    let last = unsigned
        .strip_suffix(fraction)
        .and_then(|before| before.chars().last());
    let other = if last == Some('.') { ',' } else { '.' };

    let mut groups = whole.split(other);
    let first = groups.next().unwrap_or_default();
    let is_first = (1..=3).contains(&first.len()) && is_digits(first);
    is_first && groups.all(|group| group.len() == 3 && is_digits(group))
}

#[cold]
fn too_many_digits(text: &str) -> Error {
    let (most, text) = (CountFigure(28), text.into());
    Error::of(Reason::TooManyDigits { most, text }, &Site::Command)
}

/// The text of `units` × 10⁻ˢᶜᵃˡᵉ, with exactly `scale` decimals.
///
/// ```
/// use setoff::money::text::write;
/// assert_eq!(write(-5, 2), "-0.05");
/// assert_eq!(write(1000, 0), "1000");
/// ```
#[must_use]
pub fn write(units: i128, scale: u32) -> String {
    let mut text = Vec::new();
    push(&mut text, units, scale);
    // Digits, a sign and a point.
    String::from_utf8(text).unwrap_or_default()
}

/// Adds the same to a text.
pub(crate) fn push(text: &mut Vec<u8>, units: i128, scale: u32) {
    /// A `u128` has at most 39 digits; a decimal has at most 28 behind the point and one before it.
    const MOST: usize = 39;
    let mut digits = [b'0'; MOST];
    let mut free = digits.iter_mut().rev();
    let mut put = |digit: u32| {
        if let Some(letter) = free.next() {
            *letter = b'0'.saturating_add(u8::try_from(digit).unwrap_or_default());
        }
    };

    // Division is slow where numbers are wide: nine digits at a time, and of those one by one.
    let mut remaining = units.unsigned_abs();
    while u32::try_from(remaining).is_err() {
        let (more, mut nine) = split_nine(remaining);
        for _ in 0..9 {
            put(nine % 10);
            nine /= 10;
        }
        remaining = more;
    }
    let mut remaining = u32::try_from(remaining).unwrap_or_default();
    while remaining > 0 {
        put(remaining % 10);
        remaining /= 10;
    }

    let first_digit = free.len();
    let point = MOST.saturating_sub(usize::try_from(scale).unwrap_or(MOST));
    // At least one digit before the point.
    let (whole, fraction) = digits.split_at_checked(point).unwrap_or_default();

    if units < 0 {
        text.push(b'-');
    }
    text.extend_from_slice(
        whole
            .get(first_digit.min(point.saturating_sub(1))..)
            .unwrap_or_default(),
    );
    if scale > 0 {
        text.push(b'.');
        text.extend_from_slice(fraction);
    }
}

/// A number without its last nine digits, and these.
fn split_nine(number: u128) -> (u128, u32) {
    let (more, nine) = match u64::try_from(number) {
        Ok(number) => ((number / 1_000_000_000).into(), number % 1_000_000_000),
        Err(_) => (
            number / 1_000_000_000,
            u64::try_from(number % 1_000_000_000).unwrap_or_default(),
        ),
    };
    (more, u32::try_from(nine).unwrap_or_default())
}

/// The rate that a number of per cent means: `0.19` for 19.
#[must_use]
pub fn write_per_cent(number: Decimal) -> String {
    // By its digits, because the division of decimals is long code.
    let hundredths = write(number.mantissa(), number.scale().saturating_add(2));
    let rate = hundredths.trim_end_matches('0').trim_end_matches('.');
    rate.to_owned()
}

/// The text of a decimal as it was given, trailing zeros included.
#[must_use]
pub fn write_decimal(decimal: Decimal) -> String {
    write(decimal.mantissa(), decimal.scale())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn a_number_of_per_cent_is_a_rate() {
        for (number, rate) in [
            ("19", "0.19"),
            ("16.5", "0.165"),
            ("1", "0.01"),
            ("1.00", "0.01"),
            ("100", "1"),
            ("150", "1.5"),
        ] {
            assert_eq!(write_per_cent(parse(number).unwrap()), rate, "{number}");
        }
    }

    #[test]
    fn the_grammar_is_strict() {
        for good in [
            "0",
            "0.00",
            "1",
            "10",
            "-1",
            "-0.01",
            "123456789012345678901234567.8",
            "0.0000000000000000000000000001",
        ] {
            assert_eq!(write_decimal(parse(good).unwrap()), good);
        }
        let bad = [
            "", " ", "-", ".", "1.", ".5", "-.5", "+1", "01", "00", "-01", "1e2", "1E2", "1_000",
            "1,000", "1 ", " 1", "--1", "1-", "1.2.3", "0x10", "NaN", "Infinity", "-0", "-0.00",
            "١", "1\u{0}", "½", "1.5\n",
        ];
        for text in bad {
            assert_eq!(
                parse(text).unwrap_err().code(),
                Code::InvalidDecimal,
                "{text:?}"
            );
        }
    }

    #[test]
    fn more_digits_than_there_are_is_refused() {
        let edge = "79228162514264337593543950335"; // 2⁹⁶ − 1, the largest mantissa of a Decimal
        assert_eq!(write_decimal(parse(edge).unwrap()), edge);
        for text in [
            "79228162514264337593543950336",
            "0.00000000000000000000000000001",
            &"9".repeat(100),
        ] {
            assert_eq!(
                parse(text).unwrap_err().code(),
                Code::InvalidDecimal,
                "{text:?}"
            );
        }
    }

    #[test]
    fn write_pads_and_signs() {
        assert_eq!(write(0, 8), "0.00000000");
        assert_eq!(write(7, 3), "0.007");
        assert_eq!(write(i128::from(i64::MAX), 2), "92233720368547758.07");
        assert_eq!(write(i128::from(u32::MAX), 0), "4294967295");
        assert_eq!(write(1_000_000_000_000_000_000, 0), "1000000000000000000");
        assert_eq!(
            write(i128::MIN, 3),
            "-170141183460469231731687303715884105.728"
        );
        assert_eq!(write(1, 28), "0.0000000000000000000000000001");
        assert_eq!(write(-100, 2), "-1.00");
    }
}
