//! Commands as Rust writes them: sentences that end with their day.
//!
//! ```
//! use setoff::prelude::*;
//!
//! let mut book = Book::in_currency("USD")?;
//! let day: Date = "2026-03-31".parse()?;
//! book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
//! book.execute(&Command::credit_memo("CM-1").item("returned", 40).on(day))?;
//!
//! let command = Command::apply("CM-1").to(invoice("INV-1").amount(25)).by(Rule::Fifo).on(day);
//! assert_eq!(book.preview(&command)?.outcome.summary.settled.len(), 1);
//! book.execute(&command)?;
//! assert_eq!(book.open_amount("INV-1"), Some(decimal("65.00")?));
//! # Ok::<(), setoff::Error>(())
//! ```
//!
//! Each sentence begins with a function of [`Command`], goes on with what it needs and may have, and ends with
//! `on(day)`. What a document cannot be without is asked for by types: a refund, for instance, has no `on` before it is
//! `named`. All else is checked when the command is carried out, as a request from JavaScript is.

mod documents;
mod lifecycle;
mod money;
mod plans;
mod settling;

pub use lifecycle::{Bulk, ClosePeriods, Step, Void};
pub use money::{Pay, Reverse, Transfer, WriteOff};
pub use settling::Unapply;

use super::Command;
use crate::calendar::Date;
use crate::document::{Custom, Scalar};

/// Something that a command makes and that has no identifier yet.
///
/// ```
/// use setoff::prelude::*;
///
/// let day = "2026-03-31".parse()?;
/// let command = Command::refund("CM-1").named("R-1").amount(20).on(day);
/// assert_eq!(command.name(), "refundCreditMemo");
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Unnamed<T>(T);

impl<T: Made> Unnamed<T> {
    /// Gives it its identifier, unique in the book.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-31".parse()?;
    /// let command = Command::reverse(invoice("INV-1")).named("CM-1").on(day);
    /// assert_eq!(command.name(), "reverseInvoice");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn named(mut self, id: impl Into<String>) -> T {
        *self.0.made_mut() = id.into();
        self.0
    }
}

mod sealed {
    /// What has the identifier of the document that it makes.
    pub trait Made {
        /// The identifier.
        fn made_mut(&mut self) -> &mut String;
    }
}
use sealed::Made;

/// Declares what can be said of a document that a command makes, besides its figures.
macro_rules! made_document {
    ($($type:ty $(: $inner:tt)?;)*) => {$(
        impl $type {
            /// The printed number. Otherwise it is the identifier.
            ///
            /// ```
            /// use setoff::prelude::*;
            ///
            /// let new = Command::invoice("1").number("INV-2026-1");
            /// assert_eq!(new.number.as_deref(), Some("INV-2026-1"));
            /// ```
            #[must_use]
            pub fn number(mut self, number: impl Into<String>) -> Self {
                self $(.$inner)? .number = Some(number.into());
                self
            }

            /// The date of the document. Otherwise it is the day of the command.
            ///
            /// ```
            /// use setoff::prelude::*;
            ///
            /// let date = "2026-03-01".parse()?;
            /// assert_eq!(Command::invoice("INV-1").dated(date).date, Some(date));
            /// # Ok::<(), setoff::Error>(())
            /// ```
            #[must_use]
            pub fn dated(mut self, date: Date) -> Self {
                self $(.$inner)? .date = Some(date);
                self
            }

            /// A comment for people.
            ///
            /// ```
            /// use setoff::prelude::*;
            ///
            /// let new = Command::invoice("INV-1").comment("as agreed");
            /// assert_eq!(new.notes.comment.as_deref(), Some("as agreed"));
            /// ```
            #[must_use]
            pub fn comment(mut self, comment: impl Into<Box<str>>) -> Self {
                self $(.$inner)? .notes.comment = Some(comment.into());
                self
            }

            /// A field of the host's. Of two of one name, the later counts.
            ///
            /// ```
            /// use setoff::document::Scalar;
            /// use setoff::prelude::*;
            ///
            /// let new = Command::invoice("INV-1").custom("region", Scalar::Text("EU".into()));
            /// assert_eq!(new.notes.custom.len(), 1);
            /// ```
            #[must_use]
            pub fn custom(mut self, name: impl Into<Box<str>>, value: Scalar) -> Self {
                super::set_custom(&mut self $(.$inner)? .notes.custom, name.into(), value);
                self
            }
        }
    )*};
}

/// Declares that a reason code can be said.
macro_rules! with_reason {
    ($($type:ty $(: $inner:tt)?;)*) => {$(
        impl $type {
            /// Why it is made: one of the book's reason codes, if it lists any.
            ///
            /// ```
            /// use setoff::prelude::*;
            ///
            /// let new = Command::credit_memo("CM-1").reason_code("returned");
            /// assert_eq!(new.notes.reason_code.as_deref(), Some("returned"));
            /// ```
            #[must_use]
            pub fn reason_code(mut self, code: impl Into<Box<str>>) -> Self {
                self $(.$inner)? .notes.reason_code = Some(code.into());
                self
            }
        }
    )*};
}

/// Declares how amounts are spread over documents and lines.
macro_rules! spread_amounts {
    ($($type:ty $(: $inner:tt)?;)*) => {$(
        impl $type {
            /// By which rule amounts are spread over lines. Otherwise it is the operation's own.
            ///
            /// ```
            /// use setoff::prelude::*;
            ///
            /// let day = "2026-03-31".parse()?;
            /// let command = Command::apply("CM-1").to("INV-1").by(Rule::SourceItem).on(day);
            /// assert_eq!(command.name(), "applyCreditMemo");
            /// # Ok::<(), setoff::Error>(())
            /// ```
            #[must_use]
            pub fn by(mut self, rule: Rule) -> Self {
                self $(.$inner)? .spread.rule = Some(rule);
                self
            }

            /// How amounts are spread, with orders, signs, shape and fallback.
            ///
            /// ```
            /// use setoff::command::spread::DocumentKey;
            /// use setoff::prelude::*;
            ///
            /// let mut spread = Spread::default();
            /// spread.rule = Some(Rule::SourceItem);
            /// spread.fallback = Some(Rule::Fifo);
            /// spread.documents = vec![DocumentKey::Largest];
            ///
            /// let day = "2026-03-31".parse()?;
            /// let command = Command::apply("CM-1").to("INV-1").spread(spread).on(day);
            /// assert_eq!(command.name(), "applyCreditMemo");
            /// # Ok::<(), setoff::Error>(())
            /// ```
            #[must_use]
            pub fn spread(mut self, spread: Spread) -> Self {
                self $(.$inner)? .spread = spread;
                self
            }
        }
    )*};
}

use {made_document, spread_amounts, with_reason};

/// Sets a custom field, in the place of one of its name, and keeps the order of names.
fn set_custom(custom: &mut Custom, name: Box<str>, value: Scalar) {
    custom.retain(|(known, _)| *known != name);
    let index = custom.partition_point(|(known, _)| *known < name);
    custom.insert(index, (name, value));
}

/// A command on its day.
const fn on(at: Date, action: super::Action) -> Command {
    Command { at, action }
}
