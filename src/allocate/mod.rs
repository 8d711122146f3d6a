//! Splitting: pure integers inside, decimals at the edge; no document, no currency.
//!
//! A rule first splits an amount over each side of a settlement, the two *margins* ([`proportional`] or [`in_order`]);
//! [`fill`] then pairs the margins off. Both sides sum to the amount by construction, so no cent can be lost, and no
//! share can exceed its cap.
//!
//! Everything here counts in units that the caller chose (minor units, or rounding increments) and is never negative;
//! signs are the caller's.

mod apportion;
mod columns;
mod decimals;
mod matrix;
mod method;
mod sentence;
mod share;
mod signed;
mod split;

pub use apportion::{Apportionment, PortionTrace, Steps, apportion};
pub(crate) use apportion::{LARGEST_REMAINDER, apportion_fractions};
pub use columns::Columns;
pub use decimals::{Request, Split, Why};
pub(crate) use matrix::fill_named;
pub use matrix::{Cell, Filler, Likeness, fill, fill_with};
pub use method::{AllZero, FirstPass, Leftover, Method, PRESETS};
pub(crate) use sentence::Narrator;
pub use share::{Because, Input, Refusal, Shares};
pub use signed::proportional_signed;
pub use split::{Splitter, Total, in_order, proportional};
