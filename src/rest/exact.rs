//! Numbers of JSON as the exact decimals that they write. No number passes through binary floating point.

use rust_decimal::Decimal;
use serde_json::{Number, Value};

/// The most digits that a number may be written in: more than any amount has.
const DIGITS: usize = 60;

/// The decimal that a number or a text of JSON writes, such as `10.76`, `"10.76"`, `0E-9` or `1e2`, in the plain form
/// of the engine and without zeros at its end.
pub(super) fn decimal(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => plain(&number.to_string()),
        Value::String(text) => plain(text),
        _ => None,
    }
}

/// The same of a text.
pub(super) fn plain(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (digits, 0),
    };

    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits: String = [whole, fraction].concat();

    let is_number =
        !all_digits.is_empty() && all_digits.bytes().all(|digit| digit.is_ascii_digit());
    if !is_number || all_digits.len() > DIGITS {
        return None;
    }

    // Where the point stands among all digits.
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    if all_digits.bytes().all(|digit| digit == b'0') {
        return Some("0".into());
    }

    // An exponent could ask for any number of zeros.
    if usize::try_from(point.unsigned_abs()).ok()? > DIGITS {
        return None;
    }
    Some(written(sign, &all_digits, point))
}

/// Digits with a point after the first `point` of them; zeros fill up what is not there.
fn written(sign: &str, digits: &str, point: i32) -> String {
    let zeros_ahead = usize::try_from(point.checked_neg().unwrap_or_default()).unwrap_or_default();
    let whole_digits = usize::try_from(point).unwrap_or_default();

    // Zeros fill up what is between the point and the digits, on either side.
    let padded = format!("{}{digits}", "0".repeat(zeros_ahead));
    let filled = format!("{padded:0<whole_digits$}");

    let (whole, fraction) = filled.split_at(whole_digits.min(filled.len()));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };

    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

/// A number of JSON that writes exactly what a decimal of the engine says.
pub(super) fn number(text: &str) -> Value {
    text.parse::<Number>()
        .map_or_else(|_| Value::from(text), Value::Number)
}

/// The sum of two decimals of the engine, as far as it can be written.
pub(super) fn sum(one: &str, other: &str) -> Option<String> {
    let sum = value(one)?.checked_add(value(other)?)?;
    Some(sum.to_string())
}

/// One decimal of the engine less another, as far as it can be written.
pub(super) fn difference(one: &str, other: &str) -> Option<String> {
    let difference = value(one)?.checked_sub(value(other)?)?;
    Some(difference.to_string())
}

/// A decimal by its value, to be compared.
pub(super) fn value(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_decimals_that_they_write() {
        let cases = [
            ("10.76", "10.76"),
            ("10.760000000", "10.76"),
            ("0E-9", "0"),
            ("-0.0", "0"),
            ("1e2", "100"),
            ("1.5E+3", "1500"),
            ("12.5e-3", "0.0125"),
            ("007", "7"),
            ("-0.05", "-0.05"),
            ("0.30000000000000004", "0.30000000000000004"),
            ("100", "100"),
        ];
        for (written, plainly) in cases {
            assert_eq!(plain(written).as_deref(), Some(plainly), "{written}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "-",
            ".",
            "1e",
            "1e999999999",
            "1e99",
            "NaN",
            "0x1",
            "1,5",
            "1 ",
        ] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_of_json_keep_their_text() {
        let read: Value = serde_json::from_str("[10.760000000, \"3.10\", 0.1]").unwrap();
        let decimals: Vec<_> = read
            .as_array()
            .unwrap()
            .iter()
            .filter_map(decimal)
            .collect();
        assert_eq!(decimals, ["10.76", "3.1", "0.1"]);
        assert_eq!(number("11.00").to_string(), "11.00");
    }
}
