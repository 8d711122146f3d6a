//! One file for each operation, and the table that leads from a command to its operation.

pub(super) mod abilities;
pub(super) mod apply;
pub(super) mod bulk;
pub(super) mod change_plan;
pub(super) mod collect;
pub(super) mod counterpart;
pub(super) mod create;
pub(super) mod lifecycle;
pub(super) mod payment;
pub(super) mod refund;
pub(super) mod unapply;
pub(super) mod undo;
pub(super) mod update;

use crate::command::{Action, Command};
use crate::document::DocumentIndex;
use crate::error::Result;
use crate::settle::journal::Journal;
use crate::settle::room;

/// Carries `command` out in `journal` and returns the document that it is about, if it is about one. When it is
/// refused, the journal has to be taken back.
///
/// # Errors
/// The refusals of the operation; see each.
pub(crate) fn perform(
    journal: &mut Journal<'_>,
    command: &Command,
) -> Result<Option<DocumentIndex>> {
    room::reserve(journal.context(), command)?;
    let at = command.at;
    match &command.action {
        Action::Create(new) => create::run(journal, at, new),
        Action::CreatePayment(new) => payment::create(journal, at, new),
        Action::Pay(new, document) => payment::pay(journal, at, new, document),
        Action::Update(update) => update::run(journal, at, update),
        Action::Step(step, named) => lifecycle::run(journal, at, *step, named),
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
