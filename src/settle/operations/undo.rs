//! Take back exactly what one operation applied (`settlement.md#undo`).

use crate::calendar::Date;
use crate::document::{
    Application, DocumentIndex, Documents, HistoryEntry, Kind, Origin, Part, PartItem, Settlement,
    negated,
};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::Amount;
use crate::settle::guard::documents::check_live;
use crate::settle::guard::effective_dates;
use crate::settle::journal::{Context, Journal};
use crate::settle::operations::unapply;
use crate::settle::plan::located::{Located, locate};
use std::sync::Arc;

/// Takes back every application of a group, the last first; all or none.
///
/// Once something that an operation applied came back in another way, nobody can say which operation it was of. So it
/// cannot be undone then, nor a second time.
///
/// # Errors
/// The first of `groupNotFound`, `invalidStatus` (also of an operation that refunded, wrote off or took something
/// back), `dateTooEarly`, `exceedsApplied` if it is no longer applied as it was.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    date: Date,
    group_id: &str,
) -> Result<DocumentIndex> {
    let site = Site::Command.field(SiteField::ApplicationGroupId);
    let context = journal.context();
    let entries = entries_of_group(context.documents, group_id);
    let Some(first) = entries.first() else {
        let group = group_id.into();
        return Err(Error::of(Reason::NoSuchGroup { group }, &site));
    };
    let subject = first.settlement.source;
    for entry in &entries {
        check_statuses(context, entry, &site)?;
    }
    for entry in &entries {
        check_date(context, &entry.settlement, date)?;
    }

    // The later ones of a group may have settled what the earlier ones left.
    for entry in entries.iter().rev() {
        let context = journal.context();
        check_nothing_came_back(context.documents, entry, &site)?;
        check_still_applied(context.documents, &entry.settlement, &site)?;
        journal.undo(inverse(&entry.settlement, date), entry.version)?;
    }
    Ok(subject)
}

/// What an application group settled, in order; nothing if there is no such group.
fn entries_of_group(documents: &Documents, group_id: &str) -> Vec<Arc<HistoryEntry>> {
    let version = HistoryEntry::version_of(group_id);
    version.map_or_else(Vec::new, |version| {
        documents.entries_of_version(version).to_vec()
    })
}

/// Refuses what can no longer be touched, and what did not apply anything.
fn check_statuses(context: Context<'_>, entry: &HistoryEntry, site: &Site<'_>) -> Result<()> {
    let settlement = &entry.settlement;
    for index in settlement.documents() {
        let document = locate(context.documents, index)?;
        check_live(&document, site)?;
        let header = document.document.header();
        if header.kind == Kind::Refund {
            return Err(Error::of(Reason::UndoOfRefund {}, site));
        }
        if was_written_off_with(context.documents, entry, &document) {
            let reason = Reason::UndoOfWriteOff {
                kind: header.kind.into(),
                document: (*header.id).into(),
            };
            return Err(Error::of(reason, site));
        }
    }
    if context.documents.takes_back(settlement) {
        return Err(Error::of(Reason::UndoOfUnapply {}, site));
    }
    Ok(())
}

/// Whether a document is the counterpart of the write-off that is to be undone. An undo would take back what it settled
/// and leave the counterpart itself, so that the balance of the account would change. What is settled with the
/// counterpart later, as with any memo, can be undone.
fn was_written_off_with(
    documents: &Documents,
    entry: &HistoryEntry,
    document: &Located<'_>,
) -> bool {
    let mut entries = documents.entries_of(document.index);
    document.document.header().origin == Origin::WriteOff
        && entries
            .next()
            .is_some_and(|first| first.version == entry.version)
}

/// Refuses a day before what was settled of the source last, or on which one of the documents was a draft.
fn check_date(context: Context<'_>, settlement: &Settlement, date: Date) -> Result<()> {
    unapply::check_date(context, settlement.source, date)?;
    effective_dates::check_posted_again(
        context.documents,
        settlement.documents(),
        date,
        SiteField::At,
    )
}

/// Refuses an operation of which something may have come back since: undone, or unapplied between the same documents.
fn check_nothing_came_back(
    documents: &Documents,
    entry: &HistoryEntry,
    site: &Site<'_>,
) -> Result<()> {
    let source = entry.settlement.source;
    let later = documents
        .entries_of(source)
        .rev()
        .take_while(|later| later.version > entry.version)
        .filter(|later| may_take_back(documents, later, entry))
        .last();
    let Some(later) = later else {
        return Ok(());
    };
    let undoes = later.undoes;
    let later = HistoryEntry::group_id(later.version).into();
    let reason = if undoes == Some(entry.version) {
        Reason::UndoneAlready { later }
    } else {
        Reason::TakenBackSince { later }
    };
    Err(Error::of(reason, site))
}

/// Whether a later settlement may have taken back something of an earlier one. What undid another operation did not.
fn may_take_back(documents: &Documents, later: &HistoryEntry, entry: &HistoryEntry) -> bool {
    let (of_later, of_entry) = (&later.settlement, &entry.settlement);
    of_later.source == of_entry.source
        && later.undoes.is_none_or(|undone| undone == entry.version)
        && of_later
            .applications()
            .any(|back| has_target(of_entry, back.target))
        && documents.takes_back(of_later)
}

/// Whether a settlement has an application to a target.
fn has_target(settlement: &Settlement, target: DocumentIndex) -> bool {
    let mut applications = settlement.applications();
    applications.any(|application| application.target == target)
}

/// Refuses to undo a settlement unless all of it is still applied, line by line.
fn check_still_applied(
    documents: &Documents,
    settlement: &Settlement,
    site: &Site<'_>,
) -> Result<()> {
    let nothing = Part::default();
    for application in settlement.applications() {
        let part = documents.part(settlement.source, application.target);
        let part = part.unwrap_or(&nothing);
        // A total that is large enough proves nothing: another operation may have applied it to other lines.
        for item in application.items {
            let applied = part.amount_between(item);
            if !(applied.min(Amount::ZERO)..=applied.max(Amount::ZERO)).contains(&item.amount) {
                return refuse_item(documents, settlement.source, item, applied, site);
            }
        }
        // Where negative lines were set off against others, each pair can be there while a line as a whole is not.
        if !unapply::keeps_signs(part, &negated(application.items)) {
            return Err(Error::of(Reason::MoreThanAppliedOfLine {}, site));
        }
    }
    Ok(())
}

#[cold]
fn refuse_item(
    documents: &Documents,
    source: DocumentIndex,
    item: &PartItem,
    applied: Amount,
    site: &Site<'_>,
) -> Result<()> {
    let currency = &locate(documents, source)?.document.header().currency;
    let reason = Reason::NoLongerApplied {
        needed: currency.figure(item.amount),
        applied: currency.figure(applied),
    };
    Err(Error::of(reason, site))
}

/// The settlement that takes another one back.
fn inverse(settlement: &Settlement, date: Date) -> Settlement {
    let mut inverse = Settlement::new(date, settlement.source);
    for application in settlement.applications() {
        inverse.add(Application {
            amount: application.amount.negated(),
            items: &negated(application.items),
            ..application
        });
    }
    inverse
}
