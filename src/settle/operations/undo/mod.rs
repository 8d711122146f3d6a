//! Undo an operation, or a part of it (`settlement.md#undo`).
//!
//! What stands of the operation between each of its sources and targets (`document/standing.rs`) decides: an operation
//! that applied something is undone as far as it stands, and one that took something back is undone as a whole. So the
//! order in which operations are undone does not matter.

mod open;
mod select;

use crate::calendar::Date;
use crate::command::UndoRequest;
use crate::document::{
    Application, DocumentIndex, Documents, HistoryEntry, Kind, Origin, PartItem, Rule, Settlement,
    Standing, Undoing, negated,
};
use crate::error::{Error, Reason, Result, Site, SiteField, TextsFigure};
use crate::money::Amount;
use crate::order::sort_by;
use crate::settle::context::Context;
use crate::settle::guard::documents::{check_account, check_live};
use crate::settle::guard::effective_dates;
use crate::settle::journal::{Journal, Notice};
use crate::settle::operations::unapply;
use crate::settle::operations::undo::open::check_open;
use crate::settle::operations::undo::select::{SelectedLines, UndoSelection};
use crate::settle::plan::located::{Located, locate};
use std::sync::Arc;

/// Undoes what a command names of an operation: all or none.
///
/// # Errors
/// The first of `documentNotFound`, `groupNotFound`, `itemNotFound`, `invalidStatus` (also of an operation that
/// refunded or wrote something off), `accountMismatch`, `periodClosed`, `dateTooEarly`; `exceedsApplied` if nothing of
/// the operation stands, or if others build on it; `exceedsUnapplied` and `exceedsBalance` if what would be applied
/// again is no longer open.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    date: Date,
    request: &UndoRequest,
) -> Result<DocumentIndex> {
    let context = journal.context();
    let plan = UndoPlan::resolve(context, request)?;
    let subject = plan.subject;
    plan.check_documents(context)?;
    plan.check_date(context, date)?;
    plan.check_bars()?;

    // What is taken back makes room for what is applied again.
    let mut settlements = plan.settlements(context.documents, date, true)?;
    settlements.extend(plan.settlements(context.documents, date, false)?);
    undo_all(journal, settlements, plan.version)?;
    for notice in plan.notices() {
        journal.notice(notice);
    }
    Ok(subject)
}

/// Carries out the settlements of an undo. A bulk can have moved amounts both ways between the same documents, so a
/// settlement that finds no room waits for those after it.
///
/// # Errors
/// The refusal of the first one that waits when none of them finds room.
fn undo_all(
    journal: &mut Journal<'_>,
    mut settlements: Vec<Settlement>,
    version: u64,
) -> Result<()> {
    while !settlements.is_empty() {
        let settlement_count = settlements.len();
        let mut waiting = Vec::new();
        let mut refusal = Ok(());
        for settlement in settlements {
            match check_open(journal.context().documents, &settlement, version) {
                Ok(()) => journal.undo(settlement, version)?,
                Err(error) => {
                    refusal = refusal.and(Err(error));
                    waiting.push(settlement);
                }
            }
        }

        // Each round carries something out, or none of them can ever find room.
        if waiting.len() == settlement_count {
            return refusal;
        }
        settlements = waiting;
    }
    Ok(())
}

/// What an undo means.
struct UndoPlan {
    /// The version that the operation made.
    version: u64,
    /// The source of the first application that is undone.
    subject: DocumentIndex,
    /// What the operation moved.
    entries: Vec<Arc<HistoryEntry>>,
    /// The pairs of documents that are meant, source by source, in the order in which the operation settled them.
    pairs: Vec<UndonePair>,
}

/// What is undone between one source and one target.
struct UndonePair {
    source: DocumentIndex,
    target: DocumentIndex,
    rule: Rule,
    undoing: Undoing,
}

impl UndonePair {
    /// What moves between the two documents.
    fn application(&self) -> Result<Option<Application<'_>>> {
        let Undoing::Moves { items, .. } = &self.undoing else {
            return Ok(None);
        };
        let amount = Amount::sum(items.iter().map(|item| item.amount));
        Ok(Some(Application {
            target: self.target,
            rule: self.rule,
            amount: amount.ok_or_else(|| Error::fault("a sum out of range"))?,
            items,
        }))
    }
}

impl UndoPlan {
    /// Finds what a command names, and what stands of it.
    fn resolve(context: Context<'_>, request: &UndoRequest) -> Result<Self> {
        let documents = context.documents;
        let selection = UndoSelection::resolve(documents, request)?;

        // Source by source: the history of a source is read once for all its targets.
        let mut pairs = Vec::with_capacity(selection.applications.len());
        for of_source in selection.applications.chunk_by(|a, b| a.source == b.source) {
            let Some(first) = of_source.first() else {
                continue;
            };
            let targets: Vec<_> = of_source.iter().map(|of| of.target).collect();
            let standing = documents.standing(first.source, &targets)?;

            for (application, standing) in of_source.iter().zip(standing) {
                let undoing = undoing(&standing, selection.version, selection.lines.as_ref())?;
                pairs.push(UndonePair {
                    source: application.source,
                    target: application.target,
                    rule: application.rule,
                    undoing,
                });
            }
        }

        let first = pairs.first();
        let first = first.ok_or_else(|| Error::fault("an undo of nothing"))?;
        Ok(Self {
            version: selection.version,
            subject: first.source,
            entries: selection.entries,
            pairs,
        })
    }

    /// The pairs of documents between which something moves.
    fn moving(&self) -> impl Iterator<Item = &UndonePair> {
        let pairs = self.pairs.iter();
        pairs.filter(|pair| matches!(pair.undoing, Undoing::Moves { .. }))
    }

    /// Refuses documents that can no longer be touched, and what made a document that would stay.
    fn check_documents(&self, context: Context<'_>) -> Result<()> {
        let site = Site::Command.field(SiteField::ApplicationGroupId);
        for pair in self.moving() {
            for index in [pair.source, pair.target] {
                let document = locate(context.documents, index)?;
                check_live(&document, &site)?;
                self.check_made(context.documents, &document, &site)?;
            }
        }

        for pair in &self.pairs {
            if matches!(pair.undoing, Undoing::OnlyWhole) {
                let site = Site::Command.field(SiteField::Items);
                return Err(Error::of(Reason::UndoOfUnapplyInPart {}, &site));
            }
        }

        // A payment that was transferred since belongs to another account than what it had settled.
        for pair in self.moving() {
            let source = locate(context.documents, pair.source)?.document.header();
            let target = locate(context.documents, pair.target)?.document.header();
            check_account(target, &source.account_id, &site)?;
        }
        Ok(())
    }

    /// Refuses what the operation itself made, and what would stay after the undo, so that the balance of the account
    /// would change: a refund, and the counterpart of a write-off. What is settled with that counterpart later, as with
    /// any memo, can be undone.
    fn check_made(
        &self,
        documents: &Documents,
        document: &Located<'_>,
        site: &Site<'_>,
    ) -> Result<()> {
        let header = document.document.header();
        if header.kind == Kind::Refund {
            let refund = (*header.id).into();
            return Err(Error::of(Reason::UndoOfRefund { refund }, site));
        }

        let first = documents.entries_of(document.index).next();
        let was_made_here = first.is_some_and(|first| first.version == self.version);
        if header.origin == Origin::WriteOff && was_made_here {
            let reason = Reason::UndoOfWriteOff {
                kind: header.kind.into(),
                document: (*header.id).into(),
            };
            return Err(Error::of(reason, site));
        }
        Ok(())
    }

    /// Refuses a day of a closed period; one before what was settled of a source last, or before what is undone; and
    /// one on which one of the documents was a draft.
    fn check_date(&self, context: Context<'_>, date: Date) -> Result<()> {
        let site = Site::Command.field(SiteField::At);
        context.settings.check_settling(date, &site)?;
        for pair in &self.pairs {
            unapply::check_date(context, pair.source, date)?;
        }

        let days = self.entries.iter().map(|entry| entry.settlement.at);
        if let Some(earliest) = days.max().filter(|&earliest| date < earliest) {
            let reason = Reason::BeforeUndone {
                earliest: earliest.into(),
                date: date.into(),
            };
            return Err(Error::of(reason, &site));
        }

        let documents = self
            .pairs
            .iter()
            .flat_map(|pair| [pair.source, pair.target]);
        effective_dates::check_posted_again(context.documents, documents, date, SiteField::At)
    }

    /// Refuses an operation that others build on, and one of which nothing is left.
    fn check_bars(&self) -> Result<()> {
        let site = Site::Command.field(SiteField::ApplicationGroupId);
        for pair in &self.pairs {
            let reason = match &pair.undoing {
                Undoing::PairedAnew(later) => Reason::PairedAnew {
                    later: groups(later),
                },
                Undoing::BuiltOn(later) => Reason::BuiltOn {
                    later: groups(later),
                },
                Undoing::SetOff => {
                    let site = Site::Command.field(SiteField::Items);
                    return Err(Error::of(Reason::MoreThanAppliedOfLine {}, &site));
                }
                _ => continue,
            };
            return Err(Error::of(reason, &site));
        }
        if self.moving().next().is_some() {
            return Ok(());
        }

        Err(Error::of(self.nothing_left(), &site))
    }

    /// Why nothing of the operation is left to undo.
    fn nothing_left(&self) -> Reason {
        let [mut undone, mut gone, mut taken_back] = [Vec::new(), Vec::new(), Vec::new()];
        for pair in &self.pairs {
            match &pair.undoing {
                Undoing::Undone(versions) => undone.extend_from_slice(versions),
                Undoing::AppliedNoMore(versions) => gone.extend_from_slice(versions),
                Undoing::TakenBack(versions) => taken_back.extend_from_slice(versions),
                _ => {}
            }
        }

        if !gone.is_empty() {
            let later = groups(&gone);
            return Reason::AppliedNoMore { later };
        }
        if taken_back.is_empty() {
            let later = groups(&undone);
            return Reason::UndoneAlready { later };
        }

        // An undo takes back, too: where some pairs were undone and others unapplied, both are named.
        taken_back.extend(undone);
        let later = groups(&taken_back);
        Reason::TakenBackSince { later }
    }

    /// What is taken back, or what is applied again: a settlement for each source, the last first, because a later one
    /// may have settled what an earlier one left.
    fn settlements(
        &self,
        documents: &Documents,
        date: Date,
        takes_back: bool,
    ) -> Result<Vec<Settlement>> {
        let mut settlements = Vec::new();
        for of_source in self.pairs.chunk_by(|a, b| a.source == b.source).rev() {
            let Some(first) = of_source.first() else {
                continue;
            };

            let mut settlement = Settlement::new(date, first.source);
            for pair in of_source {
                if let Some(application) = pair.application()?
                    && documents.comes_back(&application) == takes_back
                {
                    settlement.add(application);
                }
            }

            if !settlement.is_empty() {
                settlements.push(settlement);
            }
        }
        Ok(settlements)
    }

    /// Tells of each target of which not all is undone, because it had been undone or had come back before.
    fn notices(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        for pair in &self.pairs {
            let is_whole = matches!(&pair.undoing, Undoing::Moves { is_rest: false, .. });
            let notice = Notice::PartlyUndone(pair.target);
            if !is_whole && !notices.contains(&notice) {
                notices.push(notice);
            }
        }
        notices
    }
}

/// What an undo moves between two documents: all that stands of the operation, or what stands of it between some lines.
fn undoing(standing: &Standing, version: u64, lines: Option<&SelectedLines>) -> Result<Undoing> {
    let Some(lines) = lines else {
        return standing.undoing(version, None);
    };
    let undoing = standing.undoing(version, Some(&|item| lines.has(item)))?;
    match &undoing {
        Undoing::Moves { items, .. } if !leaves_possible(standing, version, items)? => {
            Ok(Undoing::SetOff)
        }
        _ => Ok(undoing),
    }
}

/// Whether some lines of an operation can come back without the others: where lines below zero were set off against
/// others, what stays of it may be less than nothing.
fn leaves_possible(standing: &Standing, version: u64, back: &[PartItem]) -> Result<bool> {
    Ok(standing.part_of(version)?.has_margins(&negated(back)))
}

/// The application groups of versions, each once, in their order.
fn groups(versions: &[u64]) -> TextsFigure {
    let mut versions = versions.to_vec();
    sort_by(&mut versions, Ord::cmp);
    versions.dedup();
    let groups = versions.into_iter().map(HistoryEntry::group_id);
    TextsFigure(groups.map(Into::into).collect())
}
