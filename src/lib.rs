//! **setoff** settles debts: which credit memo pays which invoice, item by item and to the cent.
//!
//! The engine owns the rules and the sums; the host owns persistence, screens, clock and network. The same code serves
//! native Rust, Node and browsers, and returns the same bytes in each.
//!
//! ```
//! use setoff::prelude::*;
//!
//! let mut book = Book::in_currency("USD")?;
//! let day: Date = "2026-03-02".parse()?;
//! book.execute(&Command::invoice("INV-1").item("seats", 100).on(day))?;
//! book.execute(&Command::credit_memo("CM-1").item("returned", 40).on(day))?;
//!
//! let command = Command::apply("CM-1").to("INV-1").on(day);
//! let plan = book.preview(&command)?;
//! book.commit(&command, &plan)?;
//! assert_eq!(book.open_amount("INV-1"), Some(decimal("60.00")?));
//! # Ok::<(), setoff::Error>(())
//! ```
//!
//! [`command::build`] says how every command is written; `examples/` has a month end, a bill run and a change of plan.
//!
//! # The house
//!
//! Data goes one way, and a layer knows only those to its left (`tests/tidy.rs` holds the walls):
//!
//! ```text
//! words, error ← memory, bytes, order, mix ← money, calendar ← allocate, prorate, generate ← document ← command ←
//! settle ← book ← query ← prelude ← wire ← rest ← bindings
//! ```
//!
//! `ARCHITECTURE.md` says what each room is for and what is deliberately absent.
#![forbid(unsafe_code)]
#![deny(
    missing_docs,
    unused_qualifications,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::fallible_impl_from,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::panic_in_result_fn,
    clippy::string_slice,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::unwrap_in_result,
    clippy::unwrap_used
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::arithmetic_side_effects
    )
)]
// What only books need stands beside what it is made of, so without them some of it is not used.
#![cfg_attr(not(feature = "book"), allow(dead_code, unused_imports, unused_macros))]

pub mod allocate;
#[cfg(feature = "book")]
pub mod book;
pub mod bytes;
pub mod calendar;
#[cfg(feature = "book")]
pub mod command;
#[cfg(feature = "book")]
pub mod document;
pub mod error;
pub mod generate;
pub mod label;
mod memory;
mod mix;
pub mod money;
mod order;
#[cfg(feature = "book")]
pub mod prelude;
pub mod prorate;
#[cfg(feature = "book")]
pub mod query;
#[cfg(feature = "rest")]
pub mod rest;
#[cfg(feature = "book")]
pub mod settle;
pub mod wire;
mod words;

// The module of `setoff/rest` has an entry of its own: it needs nothing of the others.
#[cfg(target_arch = "wasm32")]
#[cfg_attr(
    all(feature = "rest", not(feature = "book")),
    path = "bindings/rest.rs"
)]
mod bindings;

#[cfg(feature = "book")]
pub use book::Book;
pub use error::{Code, Error};
