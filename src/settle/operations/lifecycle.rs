//! The life of a document: post, unpost, cancel, delete, void (`settlement.md#states`).
//!
//! Each step has one function for its guards, which [`check`] runs without doing anything, and one that takes the step.

use crate::calendar::Date;
use crate::command::spread::Spread;
use crate::command::{DocumentRef, LifecycleStep, VoidReason};
use crate::document::{
    Application, Document, DocumentIndex, Header, Kind, Rule, Settlement, Status, negated,
};
use crate::error::{Error, Reason, Result, Site, SiteField, SiteStep, first_refusal};
use crate::money::Amount;
use crate::settle::context::Context;
use crate::settle::guard::closed_days;
use crate::settle::guard::credit;
use crate::settle::guard::names::check_comment;
use crate::settle::journal::{Journal, Notice};
use crate::settle::operations::{apply, unapply};
use crate::settle::plan::located::{Located, find, locate};
use std::sync::Arc;

/// Takes a document one step on or back. A void keeps why it was.
///
/// # Errors
/// `unknownReasonCode`, `documentNotFound`, those of the step, and `limitExceeded` of the comment.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    date: Date,
    step: LifecycleStep,
    named: &DocumentRef,
    reason: &VoidReason,
) -> Result<DocumentIndex> {
    let reason_site = Site::Command.field(SiteField::ReasonCode);
    let settings = journal.context().settings;
    settings.check_reason(reason.code.as_deref(), &reason_site)?;

    let site = Site::Command.field(named.kind.id_site());
    let index = find(journal.context().documents, named, &site)?.index;
    match step {
        LifecycleStep::Post => post(journal, date, index, &site)?,
        LifecycleStep::Unpost => unpost(journal, date, index)?,
        LifecycleStep::Cancel => cancel(journal, date, index)?,
        LifecycleStep::Delete => delete(journal, index)?,
        // A comment that is too long is refused after what is wrong with the steps of the void, by its code.
        LifecycleStep::Void => {
            let voided = void(journal, date, index);
            let comment = check_comment(journal.context(), reason.comment.as_deref());
            first_refusal([voided, comment])?;
            tell_reason(journal, index, reason)?;
        }
    }
    Ok(index)
}

/// Keeps why a document was voided, next to why it was made.
fn tell_reason(journal: &mut Journal<'_>, index: DocumentIndex, reason: &VoidReason) -> Result<()> {
    if *reason == VoidReason::default() {
        return Ok(());
    }
    journal.change(index, |header| {
        let notes = Arc::make_mut(&mut header.notes);
        notes.cancel_reason_code.clone_from(&reason.code);
        notes.cancel_comment.clone_from(&reason.comment);
    })
}

/// Refuses a document in another status than `needed`.
fn check_status(document: &Located<'_>, needed: Status, site: &Site<'_>) -> Result<()> {
    let header = document.document.header();
    if header.status == needed {
        return Ok(());
    }
    let reason = Reason::WrongStatus {
        kind: header.kind.into(),
        needed: needed.into(),
        status: header.status.into(),
    };
    Err(Error::of(reason, site))
}

/// Refuses what [`execute`] would refuse of a document because of the state that it is in.
///
/// # Errors
/// Those of the step, except those that depend on the day of the command or the amounts of other documents.
pub(in crate::settle) fn check(
    context: Context<'_>,
    index: DocumentIndex,
    step: LifecycleStep,
) -> Result<()> {
    let document = &locate(context.documents, index)?;
    let site = Site::Command.field(document.document.header().kind.id_site());
    match step {
        LifecycleStep::Post => check_post(context, document, &site),
        LifecycleStep::Unpost => check_unpost(context, document, &site),
        LifecycleStep::Cancel => check_cancel(context, document, &site),
        LifecycleStep::Delete => check_delete(context, document, &site),
        LifecycleStep::Void => check_void(context, document, &site),
    }
}

/// Refuses a document that is settled, in part or in full, or from which others were made that still count.
pub(in crate::settle) fn check_unsettled(
    context: Context<'_>,
    index: DocumentIndex,
    site: &Site<'_>,
) -> Result<()> {
    check_unapplied(context, index, site)?;
    check_unmade(context, &locate(context.documents, index)?, site)
}

/// Refuses a document that is settled, in part or in full.
///
/// # Errors
/// `invalidStatus` of a reversed document, `alreadySettled`; both at `site`.
pub(in crate::settle) fn check_unapplied(
    context: Context<'_>,
    index: DocumentIndex,
    site: &Site<'_>,
) -> Result<()> {
    let document = locate(context.documents, index)?;
    let header = document.document.header();
    let kind = header.kind.into();
    if header.reversed {
        return Err(Error::of(Reason::Reversed { kind }, site));
    }

    check_not_settled_before(&document, site)?;

    // Figures alone do not tell: what two operations did to a line can cancel out and be settled all the same.
    let has_parts_of = context.documents.parts_of(index).next().is_some();
    if !has_parts_of && context.documents.parts_to(index).is_empty() {
        return Ok(());
    }
    let settled = header.figures.applied().plus(header.figures.refunded());
    let settled = settled.ok_or_else(|| Error::fault("more settled than there is"))?;
    let reason = if settled.is_zero() {
        Reason::SettledToZero { kind }
    } else {
        let settled = header.currency.figure(settled);
        Reason::Settled { kind, settled }
    };
    Err(Error::of(reason, site))
}

/// Refuses a document in force that was partly settled before it came into the book: the book does not have that
/// settlement, so it cannot take it back. A draft counts nowhere yet.
///
/// # Errors
/// `alreadySettled` at `site`.
fn check_not_settled_before(document: &Located<'_>, site: &Site<'_>) -> Result<()> {
    let header = document.document.header();
    let entries = document.document.settled_before();
    if header.status != Status::Posted || entries.is_empty() {
        return Ok(());
    }

    let settled = Amount::sum(entries.iter().map(|entry| entry.amount));
    let settled = settled.ok_or_else(|| Error::fault("more settled than there is"))?;
    let reason = Reason::SettledElsewhere {
        kind: header.kind.into(),
        settled: header.currency.figure(settled),
    };
    Err(Error::of(reason, site))
}

/// Refuses a document of any kind from which others were made that still count: without it, what they credit, charge or
/// pay out would have no reason.
fn check_unmade(context: Context<'_>, document: &Located<'_>, site: &Site<'_>) -> Result<()> {
    let made = context.documents.made_from(document.index);
    let mut made = made.map(|(_, made)| made.header());
    match made.find(|made| made.status != Status::Canceled && !made.deleted) {
        Some(made) => Err(Error::of(made_from(document, made), site)),
        None => Ok(()),
    }
}

/// Why a document from which another one was made cannot change.
pub(in crate::settle) fn made_from(document: &Located<'_>, made: &Header) -> Reason {
    Reason::MadeFrom {
        kind: document.document.header().kind.into(),
        made_kind: made.kind.into(),
        made: (&*made.id).into(),
    }
}

/// Refuses what is no draft, and a memo below zero that posting would not make more.
fn check_post(context: Context<'_>, document: &Located<'_>, site: &Site<'_>) -> Result<()> {
    check_status(document, Status::Draft, site)?;
    if !document.document.header().is_memo_below_zero() {
        return Ok(());
    }

    // Posting gives it the rounding item that it needs by now, and that may bring it above zero.
    match rounded_anew(context, document.index, site)? {
        Some(rounded) => check_sign(rounded.header(), site),
        None => check_sign(document.document.header(), site),
    }
}

/// Posts a draft. A credit memo is checked once more against what is available to credit, because other drafts may have
/// been posted since. With `autoApply`, it settles the document that it was made from, as far as both allow.
///
/// # Errors
/// `invalidStatus`, `dateTooEarly`, `amountNotPositive` of a memo below zero, `exceedsAvailableToCredit`.
pub(in crate::settle) fn post(
    journal: &mut Journal<'_>,
    date: Date,
    index: DocumentIndex,
    site: &Site<'_>,
) -> Result<()> {
    let context = journal.context();
    let document = locate(context.documents, index)?;
    check_status(&document, Status::Draft, site)?;
    check_posting_day(context, document.document.header(), date)?;
    check_day(context, &document, date)?;
    let rounded = round_anew(journal, index, site);

    // What is available is asked of the memo as it is with its rounding item.
    let context = journal.context();
    let document = locate(context.documents, index)?;
    let memo_checked = first_refusal([
        rounded,
        check_sign(document.document.header(), site),
        credit::check(context, document.document, Some(index), site),
    ]);
    let target = auto_apply_target(context, document.document.header());

    journal.change(index, |header| header.set_status(date, Status::Posted))?;
    note_late_posting(journal, date, index)?;
    let Some(target) = target else {
        return memo_checked;
    };

    // What is wrong with the day of the application stands before what is wrong with the memo.
    let spread = Spread {
        rule: Some(Rule::SourceItem),
        fallback: Some(Rule::Proration),
        ..Spread::default()
    };
    let applied = apply::apply_to(journal, date, index, target, &spread)
        .map(drop)
        .map_err(|error| error.moved(|inner| site_in_post(inner, site)));
    first_refusal([memo_checked, applied])
}

/// Refuses a day of a closed period on which a document would come into force, or something would be settled: a balance
/// that was reported stays as it was.
fn check_posting_day(context: Context<'_>, header: &Header, date: Date) -> Result<()> {
    closed_days::check_posting(context.settings, header, date)?;
    match auto_apply_target(context, header) {
        Some(_) => check_settling_day(context, date),
        None => Ok(()),
    }
}

/// Tells the caller that a document which was moved in with a past counts later than from its own date. Balances of the
/// days between would surprise a host that meant to take over an account as it was.
fn note_late_posting(journal: &mut Journal<'_>, date: Date, index: DocumentIndex) -> Result<()> {
    let document = locate(journal.context().documents, index)?.document;
    if !document.settled_before().is_empty() && document.header().date < date {
        journal.notice(Notice::CountsFromPosting(index));
    }
    Ok(())
}

/// The document that a credit memo settles as soon as it is posted, if it is to settle one.
fn auto_apply_target(context: Context<'_>, memo: &Header) -> Option<DocumentIndex> {
    if memo.kind != Kind::CreditMemo || !memo.notes.auto_apply || !memo.figures.open().is_positive()
    {
        return None;
    }
    let target = locate(context.documents, memo.refers_to?).ok()?;
    is_open_demand(&target).then_some(target.index)
}

/// Whether a document is one that a memo can settle as soon as it is posted.
pub(super) fn is_open_demand(document: &Located<'_>) -> bool {
    let header = document.document.header();
    let is_open = header.status == Status::Posted && header.figures.open().is_positive();
    header.kind.is_demand() && is_open
}

/// Where a command that posts a memo has what is wrong with its application: it states a day, and no targets.
fn site_in_post(inner: &[SiteStep], site: &Site<'_>) -> Vec<SiteStep> {
    match inner {
        [SiteStep::Field(SiteField::At)] => inner.to_vec(),
        _ => site.steps(),
    }
}

/// Refuses a credit or debit memo below zero: in force it would do the reverse of what it says. Lines of it can be
/// negative, and so can invoices.
///
/// # Errors
/// `amountNotPositive` at `site`.
pub(in crate::settle) fn check_sign(header: &Header, site: &Site<'_>) -> Result<()> {
    if !header.is_memo_below_zero() {
        return Ok(());
    }
    let reason = Reason::MemoBelowZero {
        kind: header.kind.into(),
        amount: header.currency.figure(header.figures.amount()),
    };
    Err(Error::of(reason, site))
}

/// Gives a draft of a credit memo the rounding item that it needs by now: memos may have been posted and taken back
/// since it was made. The caller is told, as its amount is then another. One that was settled before keeps its lines,
/// of which the history speaks.
fn round_anew(journal: &mut Journal<'_>, index: DocumentIndex, site: &Site<'_>) -> Result<()> {
    if let Some(rounded) = rounded_anew(journal.context(), index, site)? {
        journal.replace(index, rounded)?;
        journal.notice(Notice::RoundedAnew(index));
    }
    Ok(())
}

/// A draft with the rounding item that it needs by now, if that is another than it has.
fn rounded_anew(
    context: Context<'_>,
    index: DocumentIndex,
    site: &Site<'_>,
) -> Result<Option<Document>> {
    let document = locate(context.documents, index)?;
    if credit::rounded_source(context, document.document.header()).is_none()
        || is_spoken_of(context, index)
    {
        return Ok(None);
    }

    let rounded = credit::rounded(context, document.document.clone(), Some(index), site)?;
    Ok(Some(rounded).filter(|rounded| rounded != document.document))
}

/// Whether the history, what was settled before, or another document, canceled ones too, names lines of a document by
/// their places.
fn is_spoken_of(context: Context<'_>, index: DocumentIndex) -> bool {
    let document = context.documents.get(index);
    let has_past = document.is_some_and(|document| !document.settled_before().is_empty());
    let mut made = context.documents.made_from(index);
    has_past
        || context.documents.entries_of(index).next().is_some()
        || made.any(|(_, made)| !made.header().deleted)
}

/// Posted to draft.
///
/// # Errors
/// `invalidStatus`, `alreadySettled`, `periodClosed` if the book keeps what is posted in closed periods,
/// `dateTooEarly`; `exceedsAvailableToCredit` of a negative credit memo without which others would credit too much.
fn unpost(journal: &mut Journal<'_>, date: Date, index: DocumentIndex) -> Result<()> {
    let context = journal.context();
    check_step(context, date, index, LifecycleStep::Unpost)?;
    let document = locate(context.documents, index)?.document;
    let site = Site::Command.field(document.header().kind.id_site());
    credit::check_without(context, document, index, &site)?;
    journal.change(index, |header| header.set_status(date, Status::Draft))
}

/// Refuses a step because of the state that the document is in, and then a day before its last change.
fn check_step(
    context: Context<'_>,
    date: Date,
    index: DocumentIndex,
    step: LifecycleStep,
) -> Result<()> {
    check(context, index, step)?;

    // Closed days come before days that are too early, as in the table of codes.
    let document = locate(context.documents, index)?;
    if takes_back(context, &document, step) {
        check_settling_day(context, date)?;
    }
    closed_days::check_withdrawal(context.settings, document.document.header(), date)?;
    check_day(context, &document, date)
}

/// Whether a step takes something back that is applied or refunded.
fn takes_back(context: Context<'_>, document: &Located<'_>, step: LifecycleStep) -> bool {
    match step {
        LifecycleStep::Cancel => document.document.header().kind == Kind::Refund,
        LifecycleStep::Void => !sources_of(context, document).is_empty(),
        LifecycleStep::Post | LifecycleStep::Unpost | LifecycleStep::Delete => false,
    }
}

/// Refuses a day of a closed period on which something would be settled.
fn check_settling_day(context: Context<'_>, date: Date) -> Result<()> {
    let site = Site::Command.field(SiteField::At);
    context.settings.check_settling(date, &site)
}

fn check_unpost(context: Context<'_>, document: &Located<'_>, site: &Site<'_>) -> Result<()> {
    check_status(document, Status::Posted, site)?;
    check_unsettled(context, document.index, site)?;
    check_period(context, document, site)
}

/// Refuses a day before the last change of a document, because its status follows its history.
fn check_day(context: Context<'_>, document: &Located<'_>, date: Date) -> Result<()> {
    let statuses = &document.document.header().notes.statuses;
    let last_status = statuses.last().map(|(day, _)| *day);
    let last_change = last_status.max(context.documents.last_settled(document.index));

    let Some(earliest) = last_change.filter(|&earliest| date < earliest) else {
        return Ok(());
    };
    let reason = Reason::BeforeLastChange {
        earliest: earliest.into(),
        date: date.into(),
    };
    Err(Error::of(reason, &Site::Command.field(SiteField::At)))
}

/// Refuses a document in a closed period, if the book keeps what is posted there.
fn check_period(context: Context<'_>, document: &Located<'_>, site: &Site<'_>) -> Result<()> {
    if context.settings.keep_closed_posted {
        context
            .settings
            .check_open(document.document.header().date, site)?;
    }
    Ok(())
}

/// Draft to canceled; a payment that nothing is settled of, and a refund, which gives back what it paid out.
///
/// # Errors
/// `invalidStatus`, `alreadySettled`, `periodClosed`, `dateTooEarly`.
fn cancel(journal: &mut Journal<'_>, date: Date, index: DocumentIndex) -> Result<()> {
    let context = journal.context();
    check_step(context, date, index, LifecycleStep::Cancel)?;

    // Money that was not paid out after all is unapplied again.
    if locate(context.documents, index)?.document.header().kind == Kind::Refund {
        for source in sources_to(context, index) {
            take_back(journal, date, source, Some(index))?;
        }
    }
    journal.change(index, |header| header.set_status(date, Status::Canceled))
}

/// The sources of what is applied to a document.
fn sources_to(context: Context<'_>, target: DocumentIndex) -> Vec<DocumentIndex> {
    let parts = context.documents.parts_to(target);
    parts.into_iter().map(|(source, _)| source).collect()
}

fn check_cancel(context: Context<'_>, document: &Located<'_>, site: &Site<'_>) -> Result<()> {
    match document.document.header().kind {
        Kind::Refund => check_status(document, Status::Posted, site),
        Kind::Payment => {
            check_status(document, Status::Posted, site)?;
            check_unsettled(context, document.index, site)
        }
        _ => {
            check_status(document, Status::Draft, site)?;
            check_unmade(context, document, site)
        }
    }
}

/// Canceled to gone: only the history still knows it.
///
/// # Errors
/// `invalidStatus`, `alreadySettled`, `periodClosed`.
fn delete(journal: &mut Journal<'_>, index: DocumentIndex) -> Result<()> {
    check(journal.context(), index, LifecycleStep::Delete)?;
    journal.change(index, |header| header.deleted = true)
}

fn check_delete(context: Context<'_>, document: &Located<'_>, site: &Site<'_>) -> Result<()> {
    check_status(document, Status::Canceled, site)?;
    check_unmade(context, document, site)?;
    closed_days::check_deletion(context.settings, document.document.header(), site)
}

/// Takes back whatever is applied of it or to it, unposts and cancels it, as far as each is still to be done. What was
/// refunded stays: the refund has to be canceled first.
///
/// # Errors
/// As [`unpost`].
fn void(journal: &mut Journal<'_>, date: Date, index: DocumentIndex) -> Result<()> {
    let context = journal.context();
    check_step(context, date, index, LifecycleStep::Void)?;
    let document = locate(context.documents, index)?;
    let header = document.document.header();
    let (kind, status) = (header.kind, header.status);

    // The day is asked of all sources before anything of one comes back, so it is refused whatever their order is.
    let sources = sources_of(context, &document);
    for source in &sources {
        unapply::check_date(context, *source, date)?;
    }

    // Of a source, all that is applied of it comes back; of another document, what is applied to it.
    let target = match kind.is_source() {
        true => None,
        false => Some(index),
    };
    for source in sources {
        take_back(journal, date, source, target)?;
    }

    if kind.has_items() && status == Status::Posted {
        unpost(journal, date, index)?;
    }
    cancel(journal, date, index)
}

/// The sources of what is applied of a document or to it: itself, or those that settle it.
fn sources_of(context: Context<'_>, document: &Located<'_>) -> Vec<DocumentIndex> {
    if !document.document.header().kind.is_source() {
        return sources_to(context, document.index);
    }
    match context.documents.parts_of(document.index).next() {
        Some(_) => vec![document.index],
        None => Vec::new(),
    }
}

fn check_void(context: Context<'_>, document: &Located<'_>, site: &Site<'_>) -> Result<()> {
    let header = document.document.header();
    let kind = header.kind.into();
    if header.status == Status::Canceled {
        return Err(Error::of(Reason::Canceled { kind }, site));
    }
    if header.reversed {
        return Err(Error::of(Reason::Reversed { kind }, site));
    }
    check_unreversed(context, document, site)?;
    check_not_settled_before(document, site)?;

    // A refund has left the account. It is canceled by itself, so that nobody takes money back by a void.
    let refunded = header.figures.refunded();
    if header.kind.is_source() && !refunded.is_zero() {
        let refunded = header.currency.figure(refunded);
        return Err(Error::of(Reason::Refunded { kind, refunded }, site));
    }

    check_unmade(context, document, site)?;
    if header.kind.has_items() && header.status == Status::Posted {
        check_period(context, document, site)?;
    }
    Ok(())
}

/// Refuses a document that is settled with one that was reversed: what a reversal settled stays settled.
fn check_unreversed(context: Context<'_>, document: &Located<'_>, site: &Site<'_>) -> Result<()> {
    let documents = context.documents;
    let targets = documents.parts_of(document.index).map(|(target, _)| target);
    let sources = documents.parts_to(document.index);
    let sources = sources.iter().map(|(source, _)| *source);

    let mut partners = targets
        .chain(sources)
        .filter_map(|index| documents.header(index));
    if !partners.any(|partner| partner.reversed) {
        return Ok(());
    }

    let kind = document.document.header().kind.into();
    Err(Error::of(Reason::SettledWithReversed { kind }, site))
}

/// Takes back what is applied of a source: to one target, or to all.
fn take_back(
    journal: &mut Journal<'_>,
    date: Date,
    source: DocumentIndex,
    target: Option<DocumentIndex>,
) -> Result<()> {
    let documents = journal.context().documents;
    let mut settlement = Settlement::new(date, source);
    for (part_target, part) in documents.parts_of(source) {
        if target.is_some_and(|target| target != part_target) {
            continue;
        }
        settlement.add(Application {
            target: part_target,
            // All of it comes back, so no rule chooses anything: it is recorded as unapplying is by default.
            rule: Rule::Fifo,
            amount: part.amount()?.negated(),
            items: &negated(part.items()),
        });
    }

    if settlement.is_empty() {
        return Ok(());
    }
    journal.settle(settlement)
}
