//! What may be done, and how much of it: one file an operation.
//!
//! An operation reads the documents and a command and writes its steps into a [`Journal`]. Guards run in the order of
//! [`Code`](crate::Code), each over all documents before the next, and documents in the order in which they settle, not
//! that of the request: so neither the outcome nor the refusal depends on how a request was sorted.

mod guard;
mod journal;
mod operations;
mod plan;
pub(crate) mod room;

pub use guard::credit::{available_to_credit, line_available_to_credit, lines_available_to_credit};
pub use guard::names::currency;
pub use journal::{CommandResult, Context, Journal, Notice};
pub use operations::abilities::{can, has_applied};
pub(crate) use operations::perform;
pub(crate) use plan::spreader::Workspace;
pub use plan::trace::{SideTrace, SpreadTrace};
