//! The boundary as data: requests in, results out, both without JavaScript.
//!
//! A request is a tree of plain values that the JavaScript package writes as bytes ([`Value`]); [`decode`] turns it
//! into commands, queries and options, field by field, and knows no unknown field. Results leave as the text of JSON,
//! written field by field too ([`view`], [`rows`]), or, where they can be large, as columns of whole numbers
//! ([`columns`]), which JavaScript reads when they are looked at. The domain's own types are never serialised: what is
//! promised outside can stay while they change.

#[cfg(feature = "book")]
pub mod about;
pub mod allocate;
#[cfg(feature = "book")]
mod canonical;
#[cfg(feature = "book")]
pub mod columns;
pub mod contract;
mod currency;
#[cfg(feature = "book")]
pub mod decode;
#[cfg(feature = "book")]
pub mod diff;
pub mod english;
#[cfg(feature = "book")]
pub mod entry;
#[cfg(feature = "book")]
pub mod export;
mod faults;
mod fields;
pub mod generate;
mod json;
#[cfg(feature = "book")]
mod line;
mod object;
#[cfg(feature = "book")]
pub mod plan;
pub mod prorate;
#[cfg(feature = "book")]
pub mod query;
mod readers;
pub mod refusal;
#[cfg(feature = "book")]
pub mod rows;
#[cfg(feature = "book")]
pub mod sums;
#[cfg(all(test, feature = "book"))]
mod typescript;
mod value;
#[cfg(feature = "book")]
pub mod view;

pub use value::{Value, read};
