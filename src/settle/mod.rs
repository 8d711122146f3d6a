//! What may be done, and how much of it: one file an operation.
//!
//! An operation reads the documents and a command and writes its steps into a [`Journal`]. Guards run in the order of
//! [`Code`](crate::Code), each over all documents before the next, and documents in the order in which they settle, not
//! that of the request: so neither the outcome nor the refusal depends on how a request was sorted.

mod apply;
mod bulk;
mod can;
mod change_plan;
mod collect;
pub mod command;
mod counterpart;
mod create;
mod credit;
mod effective;
mod journal;
mod payment;
mod refund;
mod request;
mod rest;
mod rule;
mod settings;
mod source_item;
mod spread;
mod steps;
mod tax;
mod unapply;
mod undo;
mod update;

pub use crate::document::Rule;
pub use can::{can, has_applied};
pub use command::{Action, Command};
pub use create::currency;
pub use credit::{available_to_credit, line_available_to_credit, lines_available_to_credit};
pub use journal::{Context, Done, Journal, Notice};
pub(crate) use rule::Workspace;
pub use settings::{
    InclusiveRounding, Limit, Limits, Mirror, OverCrediting, Settings, TaxRounding,
};
pub use spread::{DocumentKey, LineKey, Matrix, Signs, Spread};

use crate::document::DocumentIndex;
use crate::error::Result;

/// Carries `command` out in `journal` and returns the document that it is about, if it is about one. When it is
/// refused, the journal has to be taken back.
///
/// # Errors
/// The refusals of the operation; see each.
pub(crate) fn perform(
    journal: &mut Journal<'_>,
    command: &Command,
) -> Result<Option<DocumentIndex>> {
    let at = command.at;
    match &command.action {
        Action::Create(new) => create::run(journal, at, new),
        Action::CreatePayment(new) => payment::create(journal, at, new),
        Action::Pay(new, document) => payment::pay(journal, at, new, document),
        Action::Update(update) => update::run(journal, at, update),
        Action::Step(step, named) => steps::run(journal, at, *step, named),
        Action::Apply(settle) => apply::run(journal, at, settle),
        Action::Unapply(settle) => unapply::run(journal, at, settle),
        Action::Refund(new) => refund::run(journal, at, new),
        Action::WriteOff(counterpart) => counterpart::write_off(journal, at, counterpart),
        Action::Reverse(counterpart) => counterpart::reverse(journal, at, counterpart),
        Action::Collect(collect) => collect::run(journal, at, collect),
        Action::ChangePlan(request) => change_plan::run(journal, at, request),
        Action::Transfer {
            payment_id,
            account_id,
        } => payment::transfer(journal, payment_id, account_id),
        Action::Undo { group_id } => return undo::run(journal, at, group_id).map(Some),
        Action::ClosePeriods { through } => {
            journal.set(|settings| settings.closed_through = *through);
            return Ok(None);
        }
        Action::Bulk { commands, atomic } => {
            return bulk::run(journal, commands, *atomic).map(|()| None);
        }
    }
    .map(Some)
}
