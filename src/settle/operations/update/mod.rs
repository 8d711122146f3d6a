//! Change a draft, or what any document says beside its figures (`settlement.md#changes-of-a-draft`).

mod items;
mod site;

use crate::calendar::Date;
use crate::command::{DraftChange, ItemChange, TaxChange, Update};
use crate::document::{DocumentIndex, Header, ItemRecord, Kind, Status, merged};
use crate::error::{Error, Reason, Result, Site, SiteField, first_refusal, refusal_of};
use crate::label::check_id;
use crate::settle::context::Context;
use crate::settle::guard::closed_days;
use crate::settle::guard::names::check_comment;
use crate::settle::journal::Journal;
use crate::settle::operations::create::{self, CheckedDraft};
use crate::settle::operations::lifecycle::made_from;
use crate::settle::operations::update::items::ChangedItems;
use crate::settle::operations::update::site::site_in_update;
use crate::settle::plan::draft::{Coverage, DraftPlan};
use crate::settle::plan::located::{Located, find, locate};
use std::sync::Arc;

/// Changes what any document says next to its figures, and of a draft also its dates and items.
///
/// # Errors
/// `unknownField` of `autoApply` where nothing can be settled; `documentNotFound`; `itemNotFound`; `invalidStatus`
/// where only a draft can change, or of a reversed document; `alreadySettled`; and those of [`create::check`] for the
/// draft as it is then.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    date: Date,
    update: &Update,
) -> Result<DocumentIndex> {
    let context = journal.context();
    let site = Site::Command.field(update.document.kind.id_site());
    let found = find(context.documents, &update.document, &site);
    let words = first_refusal([
        check_auto_apply(found.as_ref().ok(), update),
        check_added(found.as_ref().ok(), update),
        check_words(update),
        check_stated_services(update),
        check_reason(context, update),
        check_number(context, found.as_ref().ok(), update),
    ]);
    let document = match found {
        Ok(document) => document,
        Err(missing) => return words.and(Err(missing)),
    };

    let index = document.index;
    let header = document.document.header();
    let changed = change_header(header, update);
    if !changes_draft(update) || !changed.kind.has_items() {
        words?;
        check_status(&document, update, &site)?;
        check_comment(context, changed.notes.comment.as_deref())?;
        journal.change(index, |header| *header = changed)?;
        return Ok(index);
    }

    // What the changes name can be wrong whatever status the document has, and that is told first.
    let draft = changed_draft(context, document, changed.clone(), update);
    first_refusal([
        words,
        check_status(&document, update, &site),
        check_unnamed(context, &document, &site),
        closed_days::check_header(context.settings, Some(header), &changed, SiteField::At),
        refusal_of(&draft),
    ])?;
    create::perform(journal, date, draft?)
}

/// Whether an update changes what only a draft can change.
fn changes_draft(update: &Update) -> bool {
    update.draft != DraftChange::default()
}

/// Refuses what added items lack.
///
/// # Errors
/// `missingField`.
fn check_added(document: Option<&Located<'_>>, update: &Update) -> Result<()> {
    let refers_to = document.map(|document| document.document.header().refers_to);
    let is_made_from = refers_to.is_none_or(|from| from.is_some());
    let list = Site::Command.field(SiteField::Items);
    for (change_index, change) in update.draft.items.iter().enumerate() {
        if let ItemChange::Add(item) = change {
            let entry = list.entry(change_index);
            create::check_item_shape(item, is_made_from, &entry.field(SiteField::Add))?;
        }
    }
    Ok(())
}

/// Refuses a service that ends before it starts, where the command states both ends of it.
///
/// # Errors
/// `invalidPeriod`.
fn check_stated_services(update: &Update) -> Result<()> {
    let list = Site::Command.field(SiteField::Items);
    for (change_index, change) in update.draft.items.iter().enumerate() {
        let entry = list.entry(change_index);
        match change {
            ItemChange::Add(item) => {
                let site = entry.field(SiteField::Add);
                create::check_service(&item.record, SiteField::ServiceEnd, &site)?;
            }

            ItemChange::Change { words, .. } => {
                let stated = ItemRecord {
                    service_start: words.service_start.flatten(),
                    service_end: words.service_end.flatten(),
                    ..ItemRecord::default()
                };
                create::check_service(&stated, SiteField::ServiceEnd, &entry)?;
            }
            ItemChange::Delete(_) => {}
        }
    }
    Ok(())
}

/// Refuses words that say of this kind of documents what settled them elsewhere, and that others have.
///
/// # Errors
/// `invalidChoice`.
fn check_words(update: &Update) -> Result<()> {
    let kind = update.document.kind;
    let list = Site::Command.field(SiteField::Items);
    for (change_index, change) in update.draft.items.iter().enumerate() {
        let entry = list.entry(change_index);
        match change {
            ItemChange::Add(item) => {
                create::check_words_of_item(kind, item, &entry.field(SiteField::Add))?;
            }

            ItemChange::Change {
                taxes,
                settled_before,
                ..
            } => {
                if let Some(stated) = settled_before {
                    create::check_words_of_line(kind, stated, &entry)?;
                }
                check_words_of_taxes(kind, taxes, &entry.field(SiteField::TaxItems))?;
            }
            ItemChange::Delete(_) => {}
        }
    }
    Ok(())
}

/// Refuses the same of changed tax items.
fn check_words_of_taxes(kind: Kind, changes: &[TaxChange], list: &Site<'_>) -> Result<()> {
    for (change_index, change) in changes.iter().enumerate() {
        let entry = list.entry(change_index);
        match change {
            TaxChange::Add(tax) => {
                let site = entry.field(SiteField::Add);
                create::check_words_of_line(kind, &tax.settled_before, &site)?;
            }
            TaxChange::Change(tax) => {
                create::check_words_of_line(kind, &tax.settled_before, &entry)?;
            }
            TaxChange::Delete(_) => {}
        }
    }
    Ok(())
}

/// Refuses to say whether a memo settles what it was made from where it was made from nothing.
///
/// # Errors
/// `unknownField`.
fn check_auto_apply(document: Option<&Located<'_>>, update: &Update) -> Result<()> {
    let is_read = document.is_none_or(|document| document.document.header().refers_to.is_some());
    if is_read || update.notes.auto_apply.is_none() {
        return Ok(());
    }
    let site = Site::Command.field(SiteField::AutoApply);
    Err(Error::of(Reason::AutoApplyOfStandalone {}, &site))
}

/// Refuses a reason code that the book does not list.
fn check_reason(context: Context<'_>, update: &Update) -> Result<()> {
    let reason = update.notes.reason_code.as_ref().and_then(Option::as_deref);
    let site = Site::Command.field(SiteField::ReasonCode);
    context.settings.check_reason(reason, &site)
}

/// Refuses a number that another document of the kind has.
///
/// # Errors
/// `invalidId`, `duplicateId`.
fn check_number(
    context: Context<'_>,
    document: Option<&Located<'_>>,
    update: &Update,
) -> Result<()> {
    let Some(number) = update.draft.number.as_deref() else {
        return Ok(());
    };
    let site = Site::Command.field(SiteField::Number);
    check_id(number, &site)?;

    // A draft may keep the number that it has.
    let kind = update.document.kind;
    let taken = context.documents.find_number(kind, number);
    if taken.is_none() || taken == document.map(|document| document.index) {
        return Ok(());
    }

    let reason = Reason::NumberTaken {
        kind: kind.into(),
        number: number.into(),
    };
    Err(Error::of(reason, &site))
}

/// Refuses a reversed document, and changes of a draft to a document that is none.
fn check_status(document: &Located<'_>, update: &Update, site: &Site<'_>) -> Result<()> {
    let header = document.document.header();
    let kind = header.kind.into();
    if header.reversed {
        return Err(Error::of(Reason::Reversed { kind }, site));
    }

    // Once a memo is posted, nothing asks whether it settles anything then.
    let needs_draft = changes_draft(update) || update.notes.auto_apply.is_some();
    if !needs_draft || header.status == Status::Draft {
        return Ok(());
    }
    let reason = Reason::WrongStatus {
        kind,
        needed: Status::Draft.into(),
        status: header.status.into(),
    };
    Err(Error::of(reason, site))
}

/// Refuses a draft whose lines something names by their indices: its history, or another document, canceled ones too.
fn check_unnamed(context: Context<'_>, document: &Located<'_>, site: &Site<'_>) -> Result<()> {
    if context
        .documents
        .entries_of(document.index)
        .next()
        .is_some()
    {
        let kind = document.document.header().kind.into();
        return Err(Error::of(Reason::HasHistory { kind }, site));
    }

    let made = context.documents.made_from(document.index);
    let mut made = made.map(|(_, made)| made.header());
    match made.find(|made| !made.deleted) {
        Some(made) => Err(Error::of(made_from(document, made), site)),
        None => Ok(()),
    }
}

/// The draft with its changed items, under the header that it will have.
fn changed_draft(
    context: Context<'_>,
    document: Located<'_>,
    header: Header,
    update: &Update,
) -> Result<CheckedDraft> {
    let mut items = ChangedItems::of(context, &document)?;
    let named = items.apply_all(&update.draft.items);

    let origins = items.origins();
    let from = match header.refers_to {
        Some(from) => Some(locate(context.documents, from)?),
        None => None,
    };
    let resolved = items.resolve(context, &header, from);
    let checked = resolved.and_then(|items| {
        let plan = DraftPlan {
            header,
            index: Some(document.index),
            from,
            items,
            coverage: Coverage::Stated,
            restocking_fee: None,
            posted_on: None,
        };
        create::check(context, plan)
    });
    let checked =
        checked.map_err(|error| error.moved(|inner| site_in_update(inner, update, &origins)));
    first_refusal([named, refusal_of(&checked)])?;
    checked
}

/// The header with its new words and dates.
fn change_header(header: &Header, update: &Update) -> Header {
    let mut header = header.clone();

    // What the command leaves out stays, because several programs keep values on one document
    // (`docs/internals/decisions/the-life-of-a-document.md#what-an-update-leaves-out`).
    let (notes, change) = (Arc::make_mut(&mut header.notes), &update.notes);
    if let Some(reason) = &change.reason_code {
        notes.reason_code.clone_from(reason);
    }
    if let Some(comment) = &change.comment {
        notes.comment.clone_from(comment);
    }
    if let Some(auto_apply) = change.auto_apply {
        notes.auto_apply = auto_apply;
    }
    if let Some(exclude) = change.exclude_from_auto_apply {
        notes.exclude_from_auto_apply = exclude;
    }
    if !change.custom.is_empty() {
        notes.custom = merged(&notes.custom, &change.custom);
    }

    if let Some(target_date) = update.draft.target_date {
        notes.target_date = target_date;
    }
    if let Some(number) = &update.draft.number {
        header.number = number.as_str().into();
    }
    header.date = update.draft.date.unwrap_or(header.date);
    header.due_date = update.draft.due_date.unwrap_or(header.due_date);
    header
}
