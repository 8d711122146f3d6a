//! Whether an answer has all that was expected of it.

use serde_json::Value;

/// Whether every field of `expected` is in `found`, with lists of the same length; `found` may say more.
pub fn covers(expected: &Value, found: &Value, path: &str) -> Result<(), String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            expected.iter().try_for_each(|(name, value)| {
                let path = format!("{path}.{name}");
                covers(
                    value,
                    found
                        .get(name)
                        .ok_or_else(|| format!("`{path}` is missing"))?,
                    &path,
                )
            })
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            let mut pairs = expected.iter().zip(found).enumerate();
            pairs.try_for_each(|(index, (expected, found))| {
                covers(expected, found, &format!("{path}[{index}]"))
            })
        }
        _ if expected == found => Ok(()),
        _ => Err(format!("`{path}`: needed {expected}, found {found}")),
    }
}

/// Whether something in `found`, at any depth, covers `wanted`.
pub fn has(wanted: &Value, found: &Value) -> bool {
    if covers(wanted, found, "").is_ok() {
        return true;
    }
    match found {
        Value::Object(fields) => fields.values().any(|value| has(wanted, value)),
        Value::Array(values) => values.iter().any(|value| has(wanted, value)),
        _ => false,
    }
}
