//! The boundary as data: requests in, results out, both without JavaScript.
//!
//! A request is a tree of plain values that the JavaScript package writes as bytes ([`Value`]); [`decode`] turns it
//! into commands, queries and options, field by field, and knows no unknown field. Results leave as the text of JSON,
//! written field by field too ([`view`], [`rows`]), or, where they can be large, as columns of whole numbers
//! ([`columns`]), which JavaScript reads when they are looked at. The domain's own types are never serialised: what is
//! promised outside can stay while they change.

pub mod allocate;
mod canonical;
pub mod columns;
pub mod contract;
pub mod decode;
pub mod english;
pub mod entry;
mod faults;
mod fields;
pub mod generate;
mod json;
mod object;
pub mod plan;
pub mod prorate;
pub mod query;
mod readers;
pub mod rows;
#[cfg(test)]
mod typescript;
mod value;
pub mod view;

pub use value::{Value, read};
