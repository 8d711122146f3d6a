//! What a Rust program that keeps a book uses all the time.
//!
//! ```
//! use setoff::prelude::*;
//!
//! let mut book = Book::in_currency("USD")?;
//! let day: Date = "2026-03-02".parse()?;
//! book.execute(&Command::invoice("INV-1").item("seats", decimal("99.50")?).on(day))?;
//! assert_eq!(book.open_amount("INV-1"), Some(decimal("99.50")?));
//! # Ok::<(), setoff::Error>(())
//! ```

#[doc(no_inline)]
pub use crate::book::{Book, BookOptions, Outcome, Plan};
#[doc(no_inline)]
pub use crate::calendar::{Date, Every, Moment};
#[doc(no_inline)]
pub use crate::command::spread::Spread;
#[doc(no_inline)]
pub use crate::command::{
    Command, DocumentRef, TargetAmount, credit_memo, debit_memo, invoice, payment, refund,
};
#[doc(no_inline)]
pub use crate::document::{Kind, NewItem, Rule, SettledBy, Status};
#[doc(no_inline)]
pub use crate::error::{Code, Error};
#[doc(no_inline)]
pub use crate::money::text::{parse as decimal, write_decimal};
#[doc(no_inline)]
pub use crate::money::{Amount, Currency};
#[doc(no_inline)]
pub use crate::prorate::change::{ChangeRequest, PlanUpdate, PricePlan};
#[doc(no_inline)]
pub use crate::query::{Query, RowKind};
#[doc(no_inline)]
pub use rust_decimal::Decimal;
