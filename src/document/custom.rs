//! What the host keeps on a document or item and the engine carries untouched.

use rust_decimal::Decimal;

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

/// Custom fields in the order in which they were given; no name twice.
pub type Custom = Vec<(Box<str>, Scalar)>;
