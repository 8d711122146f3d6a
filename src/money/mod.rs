//! Money: currencies, exact amounts in minor units, and their text.
//!
//! An [`Amount`] is a whole number of its currency's minor units; which currency that is, its document knows. Text
//! enters as a [`Decimal`](rust_decimal::Decimal) by a strict grammar ([`text`]) and becomes an amount only where its
//! [`Currency`] is known. Nothing here rounds: too many decimals are refused.

mod amount;
mod currency;
pub mod text;

pub use amount::Amount;
pub use currency::{Currency, Definition};
