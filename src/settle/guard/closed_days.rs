//! What was reported of closed days: no operation changes it.
//!
//! Which balance, statement or ageing a document adds to on a day follows from its account, its dates, its amounts and
//! the days of its statuses. With [`ClosedPeriods::Balances`], the journal asks this guard before it writes a document,
//! so an operation cannot forget to. Operations ask it earlier where another refusal would come before its turn. What
//! is settled is guarded by its day alone ([`Settings::check_settling`]).
//!
//! A document can change freely as long as no closed day saw it in force: a draft of January that is posted in February
//! counts from February on. The reasons are in `docs/internals/decisions/dates.md#closed-periods`.

use crate::calendar::Date;
use crate::command::settings::{ClosedPeriods, Settings};
use crate::document::{Document, Header, Kind, Status};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::{Amount, Currency};

/// Refuses to delete a document that a closed day saw in force, whatever the book closes: a deletion has no day that
/// the caller could move to an open one, and it would take the document out of every report of the past.
///
/// # Errors
/// `periodClosed` at `site`.
pub(in crate::settle) fn check_deletion(
    settings: &Settings,
    header: &Header,
    site: &Site<'_>,
) -> Result<()> {
    let Some(closed_through) = settings.closed_through else {
        return Ok(());
    };

    match in_force_by(header, closed_through) {
        Some(in_force_from) => {
            let reason = counts_on_closed_day(header, in_force_from, closed_through);
            Err(Error::of(reason, site))
        }
        None => Ok(()),
    }
}

/// Refuses a day on which a draft would come into force in a closed period: a memo in every book, and an invoice where
/// the book keeps balances. Zuora forbids closed days for memos alone (`settlement.md#memos-of-a-document`).
///
/// # Errors
/// `periodClosed` at `at`.
pub(in crate::settle) fn check_posting(
    settings: &Settings,
    header: &Header,
    date: Date,
) -> Result<()> {
    let is_memo = matches!(header.kind, Kind::CreditMemo | Kind::DebitMemo);
    if !is_memo && !keeps_balances(settings) {
        return Ok(());
    }
    let in_force_from = date.max(header.date);
    settings.check_open(in_force_from, &Site::Command.field(SiteField::At))
}

/// Refuses a closed day for a step by which a document in force would no longer be so.
///
/// # Errors
/// `periodClosed` at `at`.
pub(in crate::settle) fn check_withdrawal(
    settings: &Settings,
    header: &Header,
    date: Date,
) -> Result<()> {
    let Some(closed_through) = settings.closed_through else {
        return Ok(());
    };
    // What was never in force changes no balance by its withdrawal, whatever day that is.
    if !keeps_balances(settings) || in_force_by(header, closed_through).is_none() {
        return Ok(());
    }
    settings.check_open(date, &Site::Command.field(SiteField::At))
}

/// Refuses a header in the place of another, or a new one, if a closed day would show it otherwise. `date_field` is the
/// field of the command that the day of a new status is from.
///
/// # Errors
/// `periodClosed`: at `date_field` if another day would do, at the identifier of the document if none would.
pub(in crate::settle) fn check_header(
    settings: &Settings,
    before: Option<&Header>,
    after: &Header,
    date_field: SiteField,
) -> Result<()> {
    let Some(closed_through) = settings.closed_through else {
        return Ok(());
    };
    if !keeps_balances(settings) {
        return Ok(());
    }

    let reported = before.and_then(|before| Reported::of(before, closed_through));
    let changed = Reported::of(after, closed_through);
    if reported == changed {
        return Ok(());
    }

    // A new status has a day, and a later one may do. It counts from the date of the document if that is later.
    let statuses = before.map_or(&[][..], |before| statuses_by(before, closed_through));
    let new_statuses = statuses_by(after, closed_through);
    if let Some((status_day, _)) = new_statuses.last()
        && statuses != new_statuses
    {
        let date_site = Site::Command.field(date_field);
        settings.check_open(after.date.max(*status_day), &date_site)?;
    }

    let counted = reported.or(changed);
    let in_force_from = counted.map_or(closed_through, |reported| reported.in_force_from);
    let reason = counts_on_closed_day(after, in_force_from, closed_through);
    Err(Error::of(
        reason,
        &Site::Command.field(after.kind.id_site()),
    ))
}

/// Refuses other lines of a draft that was in force on a closed day, before it was unposted.
///
/// # Errors
/// `periodClosed` at the identifier of the document.
pub(in crate::settle) fn check_lines(
    settings: &Settings,
    before: &Document,
    after: &Document,
) -> Result<()> {
    check_header(
        settings,
        Some(before.header()),
        after.header(),
        SiteField::At,
    )?;
    let has_same_amounts =
        before.figures() == after.figures() && before.settled_before() == after.settled_before();
    if has_same_amounts || !keeps_balances(settings) {
        return Ok(());
    }

    let header = before.header();
    check_deletion(
        settings,
        header,
        &Site::Command.field(header.kind.id_site()),
    )
}

/// Whether no balance of a closed day may change.
fn keeps_balances(settings: &Settings) -> bool {
    settings.closed_periods == ClosedPeriods::Balances
}

/// The first day on which a document was in force, if that is closed. Whether it was withdrawn later does not matter:
/// statements show that day.
fn in_force_by(header: &Header, closed_through: Date) -> Option<Date> {
    let mut statuses = header.notes.statuses.iter();
    let was_posted = statuses.any(|(_, status)| *status == Status::Posted);
    let in_force_from = header.in_force_from();
    if !was_posted || in_force_from > closed_through {
        return None;
    }
    Some(in_force_from)
}

/// The statuses that a document got on closed days. Their days rise, because no step is dated before the last one.
fn statuses_by(header: &Header, closed_through: Date) -> &[(Date, Status)] {
    let statuses = &header.notes.statuses;
    let closed_count = statuses.partition_point(|(day, _)| *day <= closed_through);
    statuses.get(..closed_count).unwrap_or(statuses)
}

/// What reports of closed days take from a header: figures, days and names, and no other words.
#[derive(PartialEq)]
struct Reported<'a> {
    /// A statement names the document by it, and that of an unposted draft could change.
    number: &'a str,
    in_force_from: Date,
    statuses: &'a [(Date, Status)],
    account_id: &'a str,
    currency: &'a Currency,
    date: Date,
    /// Ageing counts from it.
    due_date: Date,
    amount: Amount,
}

impl<'a> Reported<'a> {
    /// What closed days show of a document; `None` if none of them saw it in force.
    fn of(header: &'a Header, closed_through: Date) -> Option<Self> {
        Some(Self {
            number: &header.number,
            in_force_from: in_force_by(header, closed_through)?,
            statuses: statuses_by(header, closed_through),
            account_id: &header.account_id,
            currency: &header.currency,
            date: header.date,
            due_date: header.due_date,
            amount: header.figures.amount(),
        })
    }
}

fn counts_on_closed_day(header: &Header, in_force_from: Date, closed_through: Date) -> Reason {
    Reason::CountsOnClosedDay {
        kind: header.kind.into(),
        in_force_from: in_force_from.into(),
        closed_through: closed_through.into(),
    }
}
