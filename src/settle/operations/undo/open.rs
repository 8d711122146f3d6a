//! Refuses to apply again what is no longer open, and names what has settled it since.

use crate::document::{
    DocumentIndex, Documents, Figures, HistoryEntry, Kind, LineIndex, MoveDirection, SettledAs,
    Settlement,
};
use crate::error::{Error, Reason, Result, Site, SiteField, TextsFigure};
use crate::money::Amount;
use crate::order::sort_by;
use crate::settle::operations::undo::groups;
use crate::settle::plan::located::{Located, locate};

/// Refuses a settlement that its lines or documents have no room for. `version` is the operation that is undone.
///
/// # Errors
/// `exceedsUnapplied` of the source, `exceedsBalance` of a target.
pub(super) fn check_open(
    documents: &Documents,
    settlement: &Settlement,
    version: u64,
) -> Result<()> {
    let source = locate(documents, settlement.source)?;

    // A refund is never settled together with a demand, so the first target tells for all.
    let first_target = settlement.application(0).map(|first| first.target);
    let first_target = first_target.and_then(|target| documents.header(target));
    let column = match first_target.map(|target| target.kind) {
        Some(Kind::Refund) => SettledAs::Refunded,
        _ => SettledAs::Applied,
    };
    let side = Side {
        documents,
        document: source,
        column,
        version,
    };
    let given = settlement.given(source.document.lines().len())?;
    side.check(given, settlement.total()?.minor())?;

    for application in settlement.applications() {
        let side = Side {
            documents,
            document: locate(documents, application.target)?,
            column: SettledAs::Applied,
            version,
        };
        side.check(application.received(), application.amount.minor())?;
    }
    Ok(())
}

/// A document that is to be settled again, in whole or in part.
struct Side<'a> {
    documents: &'a Documents,
    document: Located<'a>,
    column: SettledAs,
    /// The operation that is undone.
    version: u64,
}

impl Side<'_> {
    /// Refuses more of a line, or of the document as a whole, than it has open.
    fn check(&self, lines: impl Iterator<Item = (LineIndex, i64)>, total: i64) -> Result<()> {
        let document = self.document.document;
        for (line, minor) in lines {
            let figures = document.line_figures(line);
            let figures = figures.ok_or_else(|| Error::fault("a line is missing"))?;
            if !self.has_room(figures, minor) {
                return Err(self.refuse(Some(line), figures.open(), minor)?);
            }
        }

        // Lines below zero can have room while the document has none.
        let figures = &document.header().figures;
        if !self.has_room(figures, total) {
            return Err(self.refuse(None, figures.open(), total)?);
        }
        Ok(())
    }

    /// Whether something with these figures has room for an amount. They say so themselves when it is settled.
    fn has_room(&self, figures: &Figures, minor: i64) -> bool {
        let mut figures = *figures;
        figures
            .settle(self.column, MoveDirection::Forth, minor)
            .is_ok()
    }

    /// The refusal, with the operations that have settled the line since and the other documents of these.
    #[cold]
    fn refuse(&self, line: Option<LineIndex>, open: Amount, minor: i64) -> Result<Error> {
        let header = self.document.document.header();
        let needed = Amount::new(minor).ok_or_else(|| Error::fault("an amount out of range"))?;
        let (later, others) = self.settled_since(line)?;

        let kind = header.kind.into();
        let document = (*header.id).into();
        let [needed, open] = [needed, open].map(|amount| header.currency.figure(amount));
        let reason = if header.kind.is_source() {
            Reason::UsedSince {
                kind,
                document,
                needed,
                open,
                later,
                others,
            }
        } else {
            Reason::SettledSince {
                kind,
                document,
                needed,
                open,
                later,
                others,
            }
        };
        let site = Site::Command.field(SiteField::ApplicationGroupId);
        Ok(Error::of(reason, &site))
    }

    /// The operations that still stand at a line: those of the one that is undone and after it, or else all.
    fn settled_since(&self, line: Option<LineIndex>) -> Result<(TextsFigure, TextsFigure)> {
        let is_source = self.document.document.header().kind.is_source();
        let mut standing = Vec::new();
        for other in self.others() {
            let (source, target) = match is_source {
                true => (self.document.index, other),
                false => (other, self.document.index),
            };
            for between in self.documents.standing(source, &[target])? {
                for version in between.versions_at(is_source, line) {
                    standing.push((version, other));
                }
            }
        }

        // Operations before the one that is undone were there when that one applied its amount. They are named only if
        // no later one is in the way.
        if standing.iter().any(|(version, _)| *version >= self.version) {
            standing.retain(|(version, _)| *version >= self.version);
        }

        let versions: Vec<_> = standing.iter().map(|(version, _)| *version).collect();
        let mut others: Vec<_> = standing.iter().map(|(_, other)| *other).collect();
        sort_by(&mut others, Ord::cmp);
        others.dedup();

        let ids = others.into_iter().filter_map(|other| {
            let header = self.documents.header(other)?;
            Some((*header.id).into())
        });
        Ok((groups(&versions), TextsFigure(ids.collect())))
    }

    /// The documents that it was ever settled with.
    fn others(&self) -> Vec<DocumentIndex> {
        let index = self.document.index;
        let entries = self.documents.entries_of(index);
        let settlements = entries.map(|entry: &std::sync::Arc<HistoryEntry>| &entry.settlement);

        let mut others: Vec<_> = settlements
            .flat_map(|settlement| settlement.documents())
            .filter(|other| *other != index)
            .collect();
        sort_by(&mut others, Ord::cmp);
        others.dedup();
        others
    }
}
