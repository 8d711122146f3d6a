//! What the native tests share.

#![allow(
    dead_code,
    reason = "every test file is a program of its own and uses a part of this"
)]

pub mod case;
pub mod covers;
pub mod host;
pub mod invariants;
pub mod naive;
pub mod oracles;
pub mod outcome;
pub mod property;
pub mod reasons;
pub mod scenario;
pub mod wire;

use setoff::calendar::Date;
use setoff::error::Figure;

/// The first day that will do, as the refusal of a day names it.
pub fn first_day(error: &setoff::Error) -> Option<String> {
    if error.code().as_str() != "dateTooEarly" {
        return None;
    }
    let mut first = None;
    error.reason().figures(&mut |name, figure| {
        if let (Figure::Day(day), "earliest" | "posted") = (figure, name) {
            first = Date::from_number(day.0).map(|day| day.to_string());
        }
    });
    first
}
