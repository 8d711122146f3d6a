//! Splitting: pure integers inside, decimals at the edge; no document, no currency.
//!
//! A rule first splits an amount over each side of a settlement, the two *margins* ([`proportional`] or [`in_order`]);
//! [`fill`] then pairs the margins off. Both sides sum to the amount by construction, so no cent can be lost, and no
//! portion can exceed its cap.
//!
//! Everything here counts in units that the caller chose (minor units, or rounding increments) and is never negative;
//! signs are the caller's.

mod apportion;
mod caps;
mod columns;
mod decimals;
mod matrix;
mod method;
mod refusal;
mod sentence;
mod share;
mod signed;
mod split;

pub use apportion::{Apportionment, PortionTrace, Steps, apportion};
pub(crate) use apportion::{LARGEST_REMAINDER, apportion_fractions};
pub use columns::SplitColumns;
pub use decimals::{AllocateRequest, PortionReason, Split};
pub(crate) use matrix::fill_named;
pub use matrix::{Filler, Likeness, MatrixCell, fill, fill_with};
pub use method::{AllZero, FirstPass, Leftover, Method, PRESETS};
pub use refusal::SplitRefusal;
pub(crate) use sentence::Narrator;
pub use share::{SplitInput, UnallocatedReason, WholeSplit};
pub use signed::proportional_signed;
pub use split::{Splitter, Total, in_order, proportional};
