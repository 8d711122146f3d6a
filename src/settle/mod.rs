//! Decides what may be done, and how much of it. Each operation has a file.
//!
//! An operation reads the documents and a command and writes its steps into a [`Journal`]. Guards run in the order of
//! [`Code`](crate::Code), each over all documents before the next. Documents are read in the order in which they
//! settle, not in the order of the request. So neither the outcome nor the refusal depends on how a request was sorted.

mod context;
mod guard;
mod journal;
mod operations;
mod plan;
pub(crate) mod room;

pub use context::Context;
pub use guard::credit::{available_to_credit, line_available_to_credit, lines_available_to_credit};
pub use guard::names::currency;
pub use journal::{CommandResult, Journal, Notice};
pub use operations::abilities::{can, has_applied};
pub(crate) use operations::perform;
pub(crate) use plan::spreader::Workspace;
pub(crate) use plan::trace::AskedDocument;
pub use plan::trace::{LeftOut, PlanStep, SideTrace, SpreadTrace, Turn};
