//! The life of a document: post, unpost, cancel, delete, void (`settlement.md` 2).

use crate::calendar::Date;
use crate::command::spread::Spread;
use crate::command::{ApplyRequest, DocumentRef, LifecycleStep};
use crate::document::{
    Application, Document, DocumentIndex, Header, Kind, Rule, Settlement, Status, negated,
};
use crate::error::{Code, Error, Path, Result, SiteField, first_refusal, quoted};
use crate::settle::guard::credit;
use crate::settle::journal::{Context, Journal, Notice};
use crate::settle::operations::{apply, unapply};
use crate::settle::plan::located::Located;
use crate::settle::plan::targets::{find, placed};

/// # Errors
/// `documentNotFound`, and those of the step.
pub(in crate::settle) fn run(
    journal: &mut Journal<'_>,
    at: Date,
    step: LifecycleStep,
    named: &DocumentRef,
) -> Result<DocumentIndex> {
    let path = Path::Root.field(named.kind.id_field());
    let index = find(journal.context().documents, named, &path)?.index;
    match step {
        LifecycleStep::Post => post(journal, at, index, &path)?,
        LifecycleStep::Unpost => unpost(journal, at, index, &path)?,
        LifecycleStep::Cancel => cancel(journal, at, index, &path)?,
        LifecycleStep::Delete => delete(journal, index, &path)?,
        LifecycleStep::Void => void(journal, at, index, &path)?,
    }
    Ok(index)
}

fn refuse<T>(
    of: &Located<'_>,
    code: Code,
    needed: &str,
    found: &str,
    path: &Path<'_>,
) -> Result<T> {
    let needed = format!("{needed} {}", of.document.header().kind.name());
    Err(Error::new(code, path, needed, found))
}

/// Refuses a document in another status than `status`.
fn check_status(of: &Located<'_>, status: Status, path: &Path<'_>) -> Result<()> {
    let found = of.document.header().status;
    if found == status {
        return Ok(());
    }
    refuse(
        of,
        Code::InvalidStatus,
        &format!("a {}", status.as_str()),
        found.as_str(),
        path,
    )
}

/// Refuses what [`run`] would refuse of a document because of the state that it is in.
///
/// # Errors
/// Those of the step, except those that depend on the day of the command or the amounts of other documents.
pub(in crate::settle) fn check(
    context: Context<'_>,
    index: DocumentIndex,
    step: LifecycleStep,
) -> Result<()> {
    let of = &placed(context.documents, index)?;
    let path = Path::Root.field(of.document.header().kind.id_field());
    match step {
        LifecycleStep::Post => check_post(context, of, &path)?,
        LifecycleStep::Unpost => check_unpost(context, of, &path)?,
        LifecycleStep::Cancel => check_cancel(context, of, &path)?,
        LifecycleStep::Delete => check_delete(context, of, &path)?,
        LifecycleStep::Void => check_void(context, of, &path)?,
    }
    Ok(())
}

/// Refuses a document of which something is settled, or from which others were made that still count.
pub(in crate::settle) fn check_unsettled(
    context: Context<'_>,
    index: DocumentIndex,
    path: &Path<'_>,
) -> Result<()> {
    check_unapplied(context, index, path)?;
    check_unmade(context, &placed(context.documents, index)?, path)
}

/// Refuses a document of which something is settled.
pub(in crate::settle) fn check_unapplied(
    context: Context<'_>,
    index: DocumentIndex,
    path: &Path<'_>,
) -> Result<()> {
    let of = &placed(context.documents, index)?;
    let header = of.document.header();
    if header.reversed {
        return refuse(of, Code::InvalidStatus, "a live", "reversed", path);
    }
    // Not by figures alone: what two operations did to a line can cancel out and be settled all the same.
    let mut of_it = context.documents.parts_of(index);
    if of_it.next().is_some() || !context.documents.parts_to(index).is_empty() {
        let used = header
            .figures
            .applied()
            .plus(header.figures.refunded())
            .unwrap_or_default();
        let found = match used.is_zero() {
            true => "amounts that cancel out".to_owned(),
            false => format!("{} settled", header.currency.write(used)),
        };
        return refuse(of, Code::AlreadySettled, "a fully unapplied", &found, path);
    }
    Ok(())
}

/// Refuses a document of any kind from which others were made that still count: without it, what they credit, charge or
/// pay out would have no reason.
fn check_unmade(context: Context<'_>, of: &Located<'_>, path: &Path<'_>) -> Result<()> {
    let counts = |header: &Header| header.status != Status::Canceled && !header.deleted;
    let made = context
        .documents
        .made_from(of.index)
        .map(|(_, made)| made.header())
        .find(|made| counts(made));
    let Some(made) = made else {
        return Ok(());
    };
    let found = format!("{} {}", made.kind.name(), quoted(&made.id));
    refuse(
        of,
        Code::AlreadySettled,
        "no document made from this",
        &found,
        path,
    )
}

/// Refuses what is no draft, and a memo that posting would not make more than below zero.
fn check_post(context: Context<'_>, of: &Located<'_>, path: &Path<'_>) -> Result<()> {
    check_status(of, Status::Draft, path)?;
    if !of.document.header().is_memo_below_zero() {
        return Ok(());
    }
    match rounded_anew(context, of.index, path)? {
        Some(rounded) => check_sign(rounded.header(), path),
        None => check_sign(of.document.header(), path),
    }
}

/// Draft to posted. A credit memo is checked once more against what is available to credit: other drafts may have been
/// posted since. With `autoApply`, it settles the document that it was made from, as far as both allow.
///
/// # Errors
/// `invalidStatus`, `dateTooEarly`, `amountNotPositive` of a memo below zero, `exceedsAvailableToCredit`.
pub(in crate::settle) fn post(
    journal: &mut Journal<'_>,
    at: Date,
    index: DocumentIndex,
    path: &Path<'_>,
) -> Result<()> {
    let context = journal.context();
    let of = placed(context.documents, index)?;
    check_status(&of, Status::Draft, path)?;
    check_day(context, &of, at)?;
    round_anew(journal, index, path)?;
    let context = journal.context();
    let of = placed(context.documents, index)?;
    let header = of.document.header();
    let own = first_refusal([
        check_sign(header, path),
        credit::check(context, of.document, Some(index), path),
    ]);
    let target = header
        .refers_to
        .filter(|_| header.notes.auto_apply && header.kind == Kind::CreditMemo);
    let target = target
        .and_then(|target| context.documents.header(target))
        .filter(|target| {
            target.kind.is_demand()
                && target.status == Status::Posted
                && target.figures.open().is_positive()
        });
    let settle = target
        .filter(|_| header.figures.open().is_positive())
        .map(|target| ApplyRequest {
            source: DocumentRef {
                kind: header.kind,
                id: header.id.to_string(),
            },
            targets: Some(vec![crate::command::TargetAmount {
                document: DocumentRef {
                    kind: target.kind,
                    id: target.id.to_string(),
                },
                place: 0,
                amount: None,
                items: None,
            }]),
            spread: Spread {
                rule: Some(Rule::SourceItem),
                fallback: Some(Rule::Proration),
                ..Spread::default()
            },
        });
    journal.change(index, |header| header.set_status(at, Status::Posted))?;
    let Some(settle) = settle else {
        return own;
    };
    // What is wrong with the day of the application stands before what is wrong with the memo.
    let applied = match apply::run(journal, at, &settle) {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Code::DateTooEarly => Err(error),
        // The target is in no list of the request.
        Err(error) => Err(error.at(path)),
    };
    first_refusal([own, applied])
}

/// Refuses a credit or debit memo below zero: in force it would do the reverse of what it says. Lines of it can be
/// negative, and so can invoices.
///
/// # Errors
/// `amountNotPositive` at `path`.
pub(in crate::settle) fn check_sign(header: &Header, path: &Path<'_>) -> Result<()> {
    if !header.is_memo_below_zero() {
        return Ok(());
    }
    let needed = format!("{} of zero or more", header.kind.one());
    let found = header.currency.write(header.figures.amount());
    Err(Error::new(Code::AmountNotPositive, path, needed, found))
}

/// Gives a draft of a credit memo the rounding item that it needs by now: memos may have been posted and taken back
/// since it was made. The caller is told, as its amount is then another. One that was settled before keeps its lines,
/// of which the history speaks.
fn round_anew(journal: &mut Journal<'_>, index: DocumentIndex, path: &Path<'_>) -> Result<()> {
    if let Some(rounded) = rounded_anew(journal.context(), index, path)? {
        journal.replace(index, rounded);
        journal.notice(Notice::RoundedAnew(index));
    }
    Ok(())
}

/// A draft with the rounding item that it needs by now, if that is another than it has.
fn rounded_anew(
    context: Context<'_>,
    index: DocumentIndex,
    path: &Path<'_>,
) -> Result<Option<Document>> {
    let of = placed(context.documents, index)?;
    if credit::rounded_source(context, of.document.header()).is_none()
        || is_spoken_of(context, index)
    {
        return Ok(None);
    }
    let rounded = credit::rounded(context, of.document.clone(), Some(index), path)?;
    Ok(Some(rounded).filter(|rounded| rounded != of.document))
}

/// Whether the history or another document, canceled ones too, names lines of a document by their places.
fn is_spoken_of(context: Context<'_>, index: DocumentIndex) -> bool {
    let mut made = context.documents.made_from(index);
    context.documents.entries_of(index).next().is_some()
        || made.any(|(_, made)| !made.header().deleted)
}

/// Posted to draft.
///
/// # Errors
/// `invalidStatus`, `alreadySettled`, `periodClosed` if the book keeps what is posted in closed periods,
/// `dateTooEarly`; `exceedsAvailableToCredit` of a negative credit memo without which others would credit too much.
fn unpost(
    journal: &mut Journal<'_>,
    at: Date,
    index: DocumentIndex,
    path: &Path<'_>,
) -> Result<()> {
    let context = journal.context();
    let of = placed(context.documents, index)?;
    check_unpost(context, &of, path)?;
    check_day(context, &of, at)?;
    credit::check_without(context, of.document, index, path)?;
    journal.change(index, |header| header.set_status(at, Status::Draft))
}

fn check_unpost(context: Context<'_>, of: &Located<'_>, path: &Path<'_>) -> Result<()> {
    check_status(of, Status::Posted, path)?;
    check_unsettled(context, of.index, path)?;
    check_period(context, of, path)
}

/// Refuses a day before the last one on which something became of a document: its status follows its history.
fn check_day(context: Context<'_>, of: &Located<'_>, at: Date) -> Result<()> {
    let changed = of
        .document
        .header()
        .notes
        .statuses
        .last()
        .map(|(on, _)| *on);
    match changed.max(context.documents.last_settled(of.index)) {
        Some(least) if at < least => {
            let needed = format!("{least}, the day of its last change, or later");
            Err(Error::new(
                Code::DateTooEarly,
                &Path::Root.field(SiteField::At),
                needed,
                at.to_string(),
            ))
        }
        _ => Ok(()),
    }
}

/// Refuses a document in a closed period, if the book keeps what is posted there.
fn check_period(context: Context<'_>, of: &Located<'_>, path: &Path<'_>) -> Result<()> {
    if context.settings.keep_closed_posted {
        context
            .settings
            .check_open(of.document.header().date, path)?;
    }
    Ok(())
}

/// Draft to canceled; a payment that nothing is settled of, and a refund, which gives back what it paid out.
///
/// # Errors
/// `invalidStatus`, `alreadySettled`, `dateTooEarly`.
fn cancel(
    journal: &mut Journal<'_>,
    at: Date,
    index: DocumentIndex,
    path: &Path<'_>,
) -> Result<()> {
    let context = journal.context();
    let of = placed(context.documents, index)?;
    check_cancel(context, &of, path)?;
    check_day(context, &of, at)?;
    if of.document.header().kind == Kind::Refund {
        let sources: Vec<_> = context
            .documents
            .parts_to(index)
            .iter()
            .map(|(source, _)| *source)
            .collect();
        sources
            .into_iter()
            .try_for_each(|source| take_back(journal, at, source, |target| target == index))?;
    }
    journal.change(index, |header| header.set_status(at, Status::Canceled))
}

fn check_cancel(context: Context<'_>, of: &Located<'_>, path: &Path<'_>) -> Result<()> {
    match of.document.header().kind {
        Kind::Refund => check_status(of, Status::Posted, path),
        Kind::Payment => {
            check_status(of, Status::Posted, path)?;
            check_unsettled(context, of.index, path)
        }
        _ => {
            check_status(of, Status::Draft, path)?;
            check_unmade(context, of, path)
        }
    }
}

/// Canceled to gone: only the history still knows it.
///
/// # Errors
/// `invalidStatus`, `alreadySettled`.
fn delete(journal: &mut Journal<'_>, index: DocumentIndex, path: &Path<'_>) -> Result<()> {
    let context = journal.context();
    check_delete(context, &placed(context.documents, index)?, path)?;
    journal.change(index, |header| header.deleted = true)
}

fn check_delete(context: Context<'_>, of: &Located<'_>, path: &Path<'_>) -> Result<()> {
    check_status(of, Status::Canceled, path)?;
    check_unmade(context, of, path)
}

/// Takes back whatever is applied of it or to it, unposts and cancels it, as far as each is still to be done. What was
/// refunded stays: the refund has to be canceled first.
///
/// # Errors
/// As [`unpost`].
fn void(journal: &mut Journal<'_>, at: Date, index: DocumentIndex, path: &Path<'_>) -> Result<()> {
    let context = journal.context();
    let of = placed(context.documents, index)?;
    let (kind, status) = (of.document.header().kind, of.document.header().status);
    check_void(context, &of, path)?;
    check_day(context, &of, at)?;
    let sources = sources_of(context, &of);
    sources
        .iter()
        .try_for_each(|source| unapply::check_date(context, *source, at))?;

    for source in sources {
        take_back(journal, at, source, |target| {
            kind.is_source() || target == index
        })?;
    }
    if kind.has_items() && status == Status::Posted {
        unpost(journal, at, index, path)?;
    }
    cancel(journal, at, index, path)
}

/// The sources of what is applied of a document or to it: itself, or those that settle it.
fn sources_of(context: Context<'_>, of: &Located<'_>) -> Vec<DocumentIndex> {
    let documents = context.documents;
    if of.document.header().kind.is_source() {
        let mut parts = documents.parts_of(of.index);
        return parts.next().map(|_| of.index).into_iter().collect();
    }
    let parts = documents.parts_to(of.index);
    parts.into_iter().map(|(source, _)| source).collect()
}

fn check_void(context: Context<'_>, of: &Located<'_>, path: &Path<'_>) -> Result<()> {
    let header = of.document.header();
    if header.reversed || header.status == Status::Canceled {
        let found = if header.status == Status::Canceled {
            header.status.as_str()
        } else {
            "reversed"
        };
        return refuse(of, Code::InvalidStatus, "a live", found, path);
    }
    check_unreversed(context, of, path)?;
    if !header.figures.refunded().is_zero() && header.kind.is_source() {
        let refunded = header.currency.write(header.figures.refunded());
        return refuse(
            of,
            Code::AlreadySettled,
            "an unrefunded",
            &format!("{refunded} refunded"),
            path,
        );
    }
    check_unmade(context, of, path)?;
    if header.kind.has_items() && header.status == Status::Posted {
        check_period(context, of, path)?;
    }
    Ok(())
}

/// Refuses a document that is settled with one that was reversed: what a reversal settled stays settled.
fn check_unreversed(context: Context<'_>, of: &Located<'_>, path: &Path<'_>) -> Result<()> {
    let documents = context.documents;
    let is_reversed = |index| {
        documents
            .header(index)
            .is_some_and(|header| header.reversed)
    };
    let reverses = documents
        .parts_of(of.index)
        .any(|(target, _)| is_reversed(target))
        || documents
            .parts_to(of.index)
            .iter()
            .any(|(source, _)| is_reversed(*source));
    if !reverses {
        return Ok(());
    }
    Err(Error::new(
        Code::InvalidStatus,
        path,
        of.document.header().kind.one(),
        "settled with a reversed document",
    ))
}

/// Takes back what is applied of a source to those targets that `wants` says.
fn take_back(
    journal: &mut Journal<'_>,
    at: Date,
    source: DocumentIndex,
    wants: impl Fn(DocumentIndex) -> bool,
) -> Result<()> {
    let mut settlement = Settlement::new(at, source);
    for (target, part) in journal
        .context()
        .documents
        .parts_of(source)
        .filter(|(target, _)| wants(*target))
    {
        let items = negated(part.items());
        settlement.add(Application {
            target,
            rule: Rule::Fifo,
            amount: part.amount().negated(),
            items: &items,
        });
    }
    if settlement.is_empty() {
        return Ok(());
    }
    journal.settle(settlement)
}
