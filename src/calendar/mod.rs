//! Calendar days. No clock and no time zone: the host says which day it is.

mod date;

pub use date::Date;
