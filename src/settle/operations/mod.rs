//! One file for each operation, and the table that leads from a command to its operation.

pub(super) mod abilities;
pub(super) mod apply;
pub(super) mod apply_credits;
pub(super) mod bulk;
pub(super) mod change_plan;
pub(super) mod collect;
pub(super) mod counterpart;
pub(super) mod create;
mod days;
pub(super) mod lifecycle;
pub(super) mod payment;
pub(super) mod refund;
pub(super) mod unapply;
pub(super) mod undo;
pub(super) mod update;

use crate::calendar::Date;
use crate::command::settings::ClosedPeriods;
use crate::command::{Action, Command};
use crate::document::DocumentIndex;
use crate::error::Result;
use crate::settle::journal::Journal;
use crate::settle::operations::days::Days;
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
    journal.begin(command.at);

    // Tried again on later days only where it is refused for its day, to find the first day that suits all of it.
    let (start, days) = (journal.mark(), Days::of(command));
    carry_out(journal, command, days).map_err(|refusal| {
        days.last_refusal(refusal, |later| {
            journal.back_to(start);
            carry_out(journal, command, later)
        })
    })
}

/// Carries `command` out on `days`.
fn carry_out(
    journal: &mut Journal<'_>,
    command: &Command,
    days: Days,
) -> Result<Option<DocumentIndex>> {
    let done = dispatch(journal, command, days);
    // What the journal kept was carried out all the same, so an operation may have met another refusal after it. The
    // caller gets the one that comes first in the table of codes.
    match (done, journal.take_refusal()) {
        (done, None) => done,
        (Ok(_), Some(kept)) => Err(kept),
        (Err(refusal), Some(kept)) => Err(kept.or_earlier(refusal)),
    }
}

/// Leads from a command to its operation.
fn dispatch(
    journal: &mut Journal<'_>,
    command: &Command,
    days: Days,
) -> Result<Option<DocumentIndex>> {
    let date = days.command;
    match &command.action {
        Action::Create(new) => create::execute(journal, date, new),
        Action::CreatePayment(new) => payment::create(journal, date, new),
        Action::Pay(new, document) => payment::pay(journal, date, new, document),
        Action::Update(update) => update::execute(journal, date, update),
        Action::Step(step, named, reason) => {
            lifecycle::execute(journal, date, *step, named, reason)
        }
        Action::Apply(settle) => apply::execute(journal, date, settle),
        Action::ApplyCredits(request) => {
            return apply_credits::execute(journal, date, request).map(|()| None);
        }
        Action::Unapply(settle) => unapply::execute(journal, date, settle),
        Action::Refund(new) => refund::execute(journal, days, new),
        Action::WriteOff(counterpart) => counterpart::write_off(journal, days, counterpart),
        Action::Reverse(counterpart) => counterpart::reverse(journal, days, counterpart),
        Action::Collect(collect) => collect::execute(journal, date, collect),
        Action::ChangePlan(request) => change_plan::execute(journal, date, request),
        Action::Transfer {
            payment_id,
            account_id,
        } => payment::transfer(journal, payment_id, account_id),
        Action::Undo(request) => undo::execute(journal, date, request),
        Action::ClosePeriods {
            through,
            closed_periods,
        } => {
            close_periods(journal, *through, *closed_periods);
            return Ok(None);
        }
        Action::Bulk { commands, atomic } => {
            return bulk::execute(journal, commands, *atomic).map(|()| None);
        }
    }
    .map(Some)
}

/// Closes the periods up to a day, or opens all. Opening guards nothing: a host that opens a period has its reason.
fn close_periods(
    journal: &mut Journal<'_>,
    through: Option<Date>,
    closed_periods: Option<ClosedPeriods>,
) {
    journal.set(|settings| {
        settings.closed_through = through;
        settings.closed_periods = closed_periods.unwrap_or(settings.closed_periods);
    });
}
