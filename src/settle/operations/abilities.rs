//! Says which commands the present state of a document allows.

use crate::command::{LifecycleStep, TYPES, Verb};
use crate::document::{DocumentIndex, Kind};
use crate::error::Site;
use crate::settle::context::Context;
use crate::settle::guard::documents::check_live;
use crate::settle::operations::{counterpart, lifecycle};
use crate::settle::plan::located::{Located, locate};

/// Whether the state of a document allows a command with that verb, such as [`Verb::Apply`]. The guards are those of
/// the operation. The command can still be refused because of its day, its amounts, a limit of the book or the state of
/// another document.
///
/// ```
/// use setoff::{Book, command::{Action, Command, Verb}, settle::can};
/// use setoff::{calendar::Date, document::{Kind, NewDocument, NewItem}, money::text};
/// let mut book = Book::in_currency("USD")?;
/// let document = NewDocument::posted(Kind::Invoice, "INV-1", vec![NewItem::charge("1", text::parse("5")?)]);
/// book.execute(&Command { at: Date::parse("2026-03-02")?, action: Action::Create(document) })?;
/// let invoice = book.documents().find("INV-1").unwrap();
/// assert!(can(book.context(), invoice, Verb::Unpost) && !can(book.context(), invoice, Verb::Cancel));
/// # Ok::<(), setoff::Error>(())
/// ```
#[must_use]
pub fn can(context: Context<'_>, index: DocumentIndex, verb: Verb) -> bool {
    let Ok(document) = locate(context.documents, index) else {
        return false;
    };
    let header = document.document.header();
    let has_command = TYPES
        .iter()
        .any(|(_, known, kind)| *known == verb && *kind == Some(header.kind));
    has_command && !header.deleted && state_allows(context, &document, verb)
}

/// Whether the state of a document, and of those that it is settled with, allows a command about it.
fn state_allows(context: Context<'_>, document: &Located<'_>, verb: Verb) -> bool {
    let (header, index) = (document.document.header(), document.index);

    // Whether a partner has anything open is not asked: it would read the account for each row of a list.
    let is_live = check_live(document, &Site::Command).is_ok();
    match verb {
        Verb::Post => can_step(context, index, LifecycleStep::Post),
        Verb::Unpost => can_step(context, index, LifecycleStep::Unpost),
        Verb::Cancel => can_step(context, index, LifecycleStep::Cancel),
        Verb::Delete => can_step(context, index, LifecycleStep::Delete),
        Verb::Void => can_step(context, index, LifecycleStep::Void),
        Verb::Apply | Verb::Refund | Verb::Pay | Verb::Collect => {
            is_live && header.figures.open().is_positive()
        }
        Verb::Unapply => is_live && has_applied(context, index),
        Verb::WriteOff => is_live && can_write_off(document),
        Verb::Reverse => {
            is_live && is_unsettled(context, index) && counterpart::check_sign(document).is_ok()
        }
        Verb::Transfer => is_live && is_unsettled(context, index),
        // Words can change in every status, and what needs a draft is refused by its field. A reversed document is
        // closed for good.
        Verb::Update => !header.reversed,
        // About no document, or about several.
        Verb::Create
        | Verb::ApplyCredits
        | Verb::ChangePlan
        | Verb::Undo
        | Verb::ClosePeriods
        | Verb::Bulk => false,
    }
}

fn can_step(context: Context<'_>, index: DocumentIndex, step: LifecycleStep) -> bool {
    lifecycle::check(context, index, step).is_ok()
}

fn is_unsettled(context: Context<'_>, index: DocumentIndex) -> bool {
    lifecycle::check_unsettled(context, index, &Site::Command).is_ok()
}

/// Whether a document in force has something that may be written off. Of a credit memo, this can be the rest.
fn can_write_off(document: &Located<'_>) -> bool {
    let figures = document.document.figures();
    figures.iter().any(|line| !line.open().is_zero())
        && counterpart::check_sign(document).is_ok()
        && counterpart::check_revenue(document).is_ok()
}

/// Whether anything is applied of a document or to it now: amounts can cancel out and be applied all the same.
#[must_use]
pub fn has_applied(context: Context<'_>, index: DocumentIndex) -> bool {
    let documents = context.documents;
    let Some(document) = documents.get(index) else {
        return false;
    };

    // What was applied elsewhere is in the figures, and no application of the book.
    let is_all_here = document.settled_before().is_empty();
    let has_amount = is_all_here && !document.header().figures.applied().is_zero();
    has_amount
        || documents
            .parts_of(index)
            .any(|(target, _)| !is_refund(context, target))
        || !documents.parts_to(index).is_empty()
}

fn is_refund(context: Context<'_>, index: DocumentIndex) -> bool {
    let header = context.documents.header(index);
    header.is_some_and(|header| header.kind == Kind::Refund)
}
