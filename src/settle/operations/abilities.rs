//! What can be done with a document as it is.

use crate::command::{LifecycleStep, TYPES, Verb};
use crate::document::{DocumentIndex, Kind};
use crate::error::Path;
use crate::money::Amount;
use crate::settle::journal::Context;
use crate::settle::operations::{counterpart, lifecycle};
use crate::settle::plan::targets::{check_live, placed};

/// Whether a document is in a state in which a command with that verb, such as [`Verb::Apply`], can be about it: the
/// same guards as those of the operation. A command can be refused all the same, for its day, its amounts, a limit of
/// the book or the state of another document.
///
/// ```
/// use setoff::{Book, book::BookOptions, command::{Action, Command, Verb}, settle::can};
/// use setoff::{calendar::Date, document::{Kind, NewDocument, NewItem}, money::text};
/// let mut book = Book::new(&BookOptions { currency: "USD".into(), ..BookOptions::default() })?;
/// let document = NewDocument::posted(Kind::Invoice, "INV-1", vec![NewItem::charge("1", text::parse("5")?)]);
/// book.execute(&Command { at: Date::parse("2026-03-02")?, action: Action::Create(document) })?;
/// let invoice = book.documents().find("INV-1").unwrap();
/// assert!(can(book.context(), invoice, Verb::Unpost) && !can(book.context(), invoice, Verb::Cancel));
/// # Ok::<(), setoff::Error>(())
/// ```
#[must_use]
pub fn can(context: Context<'_>, index: DocumentIndex, verb: Verb) -> bool {
    let Ok(of) = placed(context.documents, index) else {
        return false;
    };
    let header = of.document.header();
    let has_command = TYPES
        .iter()
        .any(|(_, known, kind)| *known == verb && *kind == Some(header.kind));
    let is_live = || check_live(&of, &Path::Root).is_ok();
    let is_unsettled = || lifecycle::check_unsettled(context, index, &Path::Root).is_ok();
    let is_unapplied = || lifecycle::check_unapplied(context, index, &Path::Root).is_ok();
    let has_counterpart = || counterpart::check_sign(&of).is_ok();
    let has_open = || header.figures.open().is_positive();
    let step = |step| lifecycle::check(context, index, step).is_ok();
    has_command
        && !header.deleted
        && match verb {
            Verb::Post => step(LifecycleStep::Post),
            Verb::Unpost => step(LifecycleStep::Unpost),
            Verb::Cancel => step(LifecycleStep::Cancel),
            Verb::Delete => step(LifecycleStep::Delete),
            Verb::Void => step(LifecycleStep::Void),
            Verb::Apply | Verb::Refund | Verb::Pay | Verb::Collect => is_live() && has_open(),
            Verb::Unapply => is_live() && has_applied(context, index),
            Verb::WriteOff => {
                let has_open = of
                    .document
                    .figures()
                    .iter()
                    .any(|line| !line.open().is_zero());
                let counts = counterpart::check_revenue(&of, &Path::Root).is_ok();
                is_live()
                    && counts
                    && has_open
                    && has_counterpart()
                    && (header.kind != Kind::CreditMemo || is_unapplied())
            }
            Verb::Reverse => is_live() && is_unsettled() && has_counterpart(),
            Verb::Transfer => is_live() && is_unsettled(),
            Verb::Update => true,
            Verb::Create | Verb::ChangePlan | Verb::Undo | Verb::ClosePeriods | Verb::Bulk => false,
        }
}

/// Whether anything is applied of a document or to it now: amounts can cancel out and be applied all the same.
#[must_use]
pub fn has_applied(context: Context<'_>, index: DocumentIndex) -> bool {
    let documents = context.documents;
    let is_refund = |target| {
        documents
            .header(target)
            .is_some_and(|header| header.kind == Kind::Refund)
    };
    let applied = documents
        .header(index)
        .map_or(Amount::ZERO, |header| header.figures.applied());
    !applied.is_zero()
        || documents
            .parts_of(index)
            .any(|(target, _)| !is_refund(target))
        || !documents.parts_to(index).is_empty()
}
