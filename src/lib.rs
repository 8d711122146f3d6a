//! **setoff** settles debts: which credit memo pays which invoice, item by item and to the cent.
//!
//! The engine owns the rules and the sums; the host owns persistence, screens, clock and network. The same code serves
//! native Rust, Node and browsers, and returns the same bytes in each.
//!
//! ```
//! use setoff::book::{Book, BookOptions};
//! use setoff::calendar::Date;
//! use setoff::document::{Kind, NewDocument, NewItem};
//! use setoff::money::text;
//! use setoff::command::{DocumentRef, ApplyRequest, TargetAmount};
//! use setoff::command::{Action, Command, spread::Spread};
//!
//! let mut book = Book::new(&BookOptions { currency: "USD".into(), ..BookOptions::default() })?;
//! let at = Date::parse("2026-03-02")?;
//! for (kind, id, amount) in [(Kind::Invoice, "INV-1", "100.00"), (Kind::CreditMemo, "CM-1", "40.00")] {
//!     let items = vec![NewItem::charge("item", text::parse(amount)?)];
//!     book.execute(&Command { at, action: Action::Create(NewDocument::posted(kind, id, items)) })?;
//! }
//! let named = |kind, id: &str| DocumentRef { kind, id: id.into() };
//! let invoice = TargetAmount { document: named(Kind::Invoice, "INV-1"), place: 0, amount: None, items: None };
//! let source = named(Kind::CreditMemo, "CM-1");
//! let settle = ApplyRequest { source, targets: Some(vec![invoice]), all_open: Vec::new(), spread: Spread::default() };
//! let outcome = book.execute(&Command { at, action: Action::Apply(settle) })?;
//! assert_eq!(outcome.summary.subject.unwrap().header.figures.open().minor(), 0);
//! # Ok::<(), setoff::Error>(())
//! ```
//!
//! # The house
//!
//! Data goes one way, and a layer knows only those to its left (`tests/tidy.rs` holds the walls):
//!
//! ```text
//! words, error ← memory, bytes, order, mix ← money, calendar ← allocate, prorate, generate ← document ← command ←
//! settle ← book ← query ← wire ← rest ← bindings
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
