//! Days, instants, and the periods that follow from an anchor. No clock and no time zones: the host says which day it
//! is, and writes an instant with the offset of the place whose days count.

mod anchor;
mod count;
mod date;
mod meant;
mod moment;
mod read;

pub use anchor::{Anchor, Every};
pub use count::{fixed_start_month, strict30};
pub use date::Date;
pub use moment::{Instant, Moment};
