//! Whole cents, and the same amounts as texts of dollars.
//!
//! A cent is the smallest unit of the currency: a yen of JPY, a thousandth of KWD.

use crate::money::Currency;
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use serde_json::{Map, Value, json};

/// How many decimals an amount of a book is written with.
pub(super) fn scale_of(amount: &str) -> usize {
    amount
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len())
}

/// How many decimals amounts of a currency have.
pub(super) fn scale_of_currency(code: &str) -> Answer<usize> {
    let currency = Currency::iso(code);
    let currency =
        currency.ok_or_else(|| Problem::rule("The currency of the customer is not known."))?;
    Ok(usize::from(currency.scale()))
}

/// The text of an amount of whole cents, such as `-12.30` for −1230.
pub(super) fn text(cents: i64, scale: usize) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let digits = format!(
        "{:0>width$}",
        cents.unsigned_abs(),
        width = scale.saturating_add(1)
    );
    let whole = digits.len().saturating_sub(scale);
    match digits.split_at_checked(whole) {
        Some((whole, decimals)) if !decimals.is_empty() => format!("{sign}{whole}.{decimals}"),
        _ => format!("{sign}{digits}"),
    }
}

/// The cents of an amount of a book.
fn cents(amount: &str) -> Value {
    let digits: String = amount.chars().filter(|letter| *letter != '.').collect();
    digits
        .parse::<i64>()
        .map_or(Value::Null, |cents| json!(cents))
}

/// Adds an amount in cents under `name`, and in dollars under the other name.
pub(super) fn put(object: &mut Map<String, Value>, [name, dollars]: [&str; 2], amount: &str) {
    object.insert(name.into(), cents(amount));
    object.insert(dollars.into(), json!(amount));
}

/// The cents that a body states under a name; `None` where it states none.
///
/// # Errors
/// A refusal of what is no whole number, such as dollars where cents are expected.
pub(super) fn stated(body: &Map<String, Value>, name: &str) -> Answer<Option<i64>> {
    let Some(value) = body.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };

    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => String::new(),
    };

    match text.parse::<i64>() {
        Ok(cents) => Ok(Some(cents)),
        Err(_) => Err(Problem::invalid(name, "it is no whole number of cents.").into()),
    }
}

/// The cents that a body must state.
///
/// # Errors
/// A refusal where they are not there.
pub(super) fn required(body: &Map<String, Value>, name: &str) -> Answer<i64> {
    let stated = stated(body, name)?;
    stated.ok_or_else(|| Problem::missing(name).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_become_texts_and_come_back() {
        for (minor, scale, written) in [
            (1230, 2, "12.30"),
            (-1230, 2, "-12.30"),
            (5, 2, "0.05"),
            (0, 2, "0.00"),
            (700, 0, "700"),
            (1, 3, "0.001"),
        ] {
            assert_eq!(text(minor, scale), written);
            assert_eq!(cents(written), json!(minor));
            assert_eq!(scale_of(written), scale);
        }
    }

    #[test]
    fn dollars_are_no_cents() {
        let body = |value: Value| {
            let mut body = Map::new();
            body.insert("amount_cents".into(), value);
            stated(&body, "amount_cents").ok()
        };
        assert_eq!(body(json!(1230)), Some(Some(1230)));
        assert_eq!(body(Value::Null), Some(None));
        for wrong in [json!(12.3), json!("12.30"), json!(true), json!([])] {
            assert_eq!(body(wrong), None);
        }
    }
}
