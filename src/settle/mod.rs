//! What may be done, and how much of it: one file an operation.
//!
//! An operation reads the documents and a command and answers with events; it changes nothing. Guards run in the order
//! of [`Code`](crate::Code), each over all documents before the next, and documents in their own order
//! ([`Header::order`](crate::document::Header::order)), not that of the request: so neither the outcome nor the refusal
//! depends on how a request was sorted.

mod apply;
pub mod command;
mod create;
pub mod event;
mod post;
mod request;
mod rule;
mod unapply;

pub use command::Command;
pub use create::currency;
pub use event::{Application, Event, Notice, Settlement};
pub use rule::Rule;

use crate::document::{DocumentIndex, Documents};
use crate::error::Result;
use crate::money::Currency;
use std::sync::Arc;

/// What an operation may read.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The documents as they are.
    pub documents: &'a Documents,
    /// The account of documents that name none.
    pub account_id: &'a str,
    /// The currency of documents that name none.
    pub currency: &'a Arc<Currency>,
    /// The currencies that the book defines.
    pub currencies: &'a [Arc<Currency>],
}

/// What a command will do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The document that the command is about.
    pub subject: DocumentIndex,
    /// What will change, in order.
    pub events: Vec<Event>,
    /// What the caller should know.
    pub notices: Vec<Notice>,
}

impl Plan {
    /// The plan of an operation that settles something.
    fn settle(settlement: Settlement, notices: Vec<Notice>) -> Self {
        Self { subject: settlement.source, events: vec![Event::Settled(Arc::new(settlement))], notices }
    }
}

/// What `command` will do, or why it may not.
///
/// # Errors
/// The refusals of the operation; see each.
pub fn plan(context: Context<'_>, command: &Command) -> Result<Plan> {
    match command {
        Command::Create { at, document } => create::plan(context, *at, document),
        Command::Post { kind, id, .. } => post::plan(context, *kind, id),
        Command::Apply { at, settle } => apply::plan(context, *at, settle),
        Command::Unapply { at, settle } => unapply::plan(context, *at, settle),
    }
}
