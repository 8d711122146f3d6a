//! What the host keeps on a document or item and the engine carries untouched.

use crate::order::sort_by;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};

/// A value of a custom field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number in ±2⁵³.
    Whole(i64),
    /// Another number, as the decimal that JavaScript prints: it reads the same number of it.
    Decimal(Decimal),
    /// A text.
    Text(Box<str>),
}

/// Custom fields in the order of their names; no name twice. A database may keep the fields of an object in another
/// order than the caller wrote them, and a command that is read from there again must do the same.
pub type Custom = Vec<(Box<str>, Scalar)>;

/// Puts custom fields in the order of their names.
pub(crate) fn sort(custom: &mut Custom) {
    sort_by(custom, |(a, _), (b, _)| a.cmp(b));
}

/// Custom fields with changes: those that are stated take the place of others of their name, and one that becomes
/// `null` goes.
#[must_use]
pub fn merged(custom: &Custom, changes: &Custom) -> Custom {
    // Only for look-ups, never iterated: their order means nothing.
    let changed: FxHashMap<&str, &Scalar> = changes
        .iter()
        .map(|(name, value)| (&**name, value))
        .collect();
    let known: FxHashSet<&str> = custom.iter().map(|(name, _)| &**name).collect();

    // A field that is taken away and was never there is not an error: the result is what the caller wants.
    let mut merged = Custom::with_capacity(custom.len());
    for (name, value) in custom {
        match changed.get(&**name) {
            Some(Scalar::Null) => {}
            Some(&changed) => merged.push((name.clone(), changed.clone())),
            None => merged.push((name.clone(), value.clone())),
        }
    }

    let is_added =
        |(name, value): &&(Box<str>, Scalar)| *value != Scalar::Null && !known.contains(&**name);
    merged.extend(changes.iter().filter(is_added).cloned());
    sort(&mut merged);
    merged
}
