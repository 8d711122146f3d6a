//! Money: currencies, exact amounts in minor units, and their text.
//!
//! An [`Amount`] is a whole number of its currency's minor units; which currency that is, its document knows. Text
//! enters as a [`Decimal`](rust_decimal::Decimal) by a strict grammar ([`text`]) and becomes an amount only where its
//! [`Currency`] is known. Too many decimals are refused there, never rounded.
//!
//! A share of a price is an exact [`Fraction`] until it is rounded, once, as a [`Rounding`] says.

mod amount;
mod currency;
mod fraction;
mod read;
mod rounding;
pub mod text;

pub use amount::Amount;
pub use currency::{Currency, CurrencyDefinition};
pub use fraction::{Fraction, round_quotient};
pub(crate) use fraction::{divide, gcd, multiply};
pub use read::AmountOutOfRange;
pub use rounding::Rounding;
