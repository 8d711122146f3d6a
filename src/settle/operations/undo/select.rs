//! Finds what an undo names: a group, an application, or lines of one.

use crate::command::{UndoItem, UndoLine, UndoRequest};
use crate::document::{DocumentIndex, Documents, HistoryEntry, Kind, LineIndex, PartItem, Rule};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::order::sort_by;
use crate::settle::plan::located::locate;
use crate::settle::plan::targets::Lookup;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// What an undo names of an application group.
pub(super) struct UndoSelection {
    /// The version that the operation made.
    pub version: u64,
    /// All that the operation moved.
    pub entries: Vec<Arc<HistoryEntry>>,
    /// The applications that are meant, each pair of documents once: source by source, in the order in which they were
    /// settled.
    pub applications: Vec<SelectedApplication>,
    /// The lines that are meant; absent: all.
    pub lines: Option<SelectedLines>,
}

/// What a group moved between one source and one target.
pub(super) struct SelectedApplication {
    pub source: DocumentIndex,
    pub target: DocumentIndex,
    pub rule: Rule,
}

/// Lines of one application: those that gave, those that received, or both.
pub(super) struct SelectedLines(Vec<(Option<LineIndex>, Option<LineIndex>)>);

impl SelectedLines {
    /// Whether a pair of lines is meant.
    pub(super) fn has(&self, item: &PartItem) -> bool {
        let mut lines = self.0.iter();
        lines.any(|&(source, target)| is_between(item, source, target))
    }
}

fn is_between(item: &PartItem, source: Option<LineIndex>, target: Option<LineIndex>) -> bool {
    source.is_none_or(|line| line == item.source) && target.is_none_or(|line| line == item.target)
}

impl UndoSelection {
    /// Finds what a command names.
    ///
    /// # Errors
    /// `documentNotFound`, `groupNotFound`, `itemNotFound`.
    pub(super) fn resolve(documents: &Documents, request: &UndoRequest) -> Result<Self> {
        let source = find(documents, request.source.as_deref(), SiteField::SourceId)?;
        let target = find(documents, request.target.as_deref(), SiteField::TargetId)?;

        let version = HistoryEntry::version_of(&request.group_id);
        let entries = version.map_or(&[][..], |version| documents.entries_of_version(version));
        let Some(version) = version.filter(|_| !entries.is_empty()) else {
            let group = request.group_id.as_str().into();
            let site = Site::Command.field(SiteField::ApplicationGroupId);
            return Err(Error::of(Reason::NoSuchGroup { group }, &site));
        };
        let applications = applications_of(entries, source, target);
        if applications.is_empty() {
            return Err(refuse_application(request, entries, source));
        }

        let lines = match (&request.items, source, target) {
            (Some(items), Some(source), Some(target)) => {
                let application = ApplicationLines::of(documents, entries, source, target)?;
                Some(application.find(request, items)?)
            }
            _ => None,
        };
        Ok(Self {
            version,
            entries: entries.to_vec(),
            applications,
            lines,
        })
    }
}

/// Finds the document that a field of the command names: the one with that identifier, or else the only one with that
/// number.
fn find(
    documents: &Documents,
    key: Option<&str>,
    field: SiteField,
) -> Result<Option<DocumentIndex>> {
    let Some(key) = key else { return Ok(None) };
    let is_source = field == SiteField::SourceId;
    let kinds = Kind::ALL.iter().copied();
    let mut kinds = kinds.filter(|kind| kind.is_source() == is_source);
    let by_id = kinds
        .clone()
        .find_map(|kind| documents.find_kind(kind, key));
    if by_id.is_some() {
        return Ok(by_id);
    }

    let mut by_number = kinds
        .by_ref()
        .filter_map(|kind| documents.find_number(kind, key));
    let reason = match (by_number.next(), by_number.next()) {
        (Some(index), None) => return Ok(Some(index)),
        (None, _) => Reason::NoDocument { id: key.into() },
        (Some(_), Some(_)) => Reason::NumberOfSeveral { number: key.into() },
    };
    Err(Error::of(reason, &Site::Command.field(field)))
}

/// The applications of a group between the documents that are named.
fn applications_of(
    entries: &[Arc<HistoryEntry>],
    source: Option<DocumentIndex>,
    target: Option<DocumentIndex>,
) -> Vec<SelectedApplication> {
    // A bulk can settle one source several times: all of it belongs where the source came first. The maps are only for
    // look-ups, never iterated: their order means nothing.
    let mut ranks: FxHashMap<DocumentIndex, usize> = FxHashMap::default();
    let mut known = FxHashSet::default();
    let mut applications = Vec::new();
    for entry in entries {
        let of_source = entry.settlement.source;
        let rank = ranks.len();
        ranks.entry(of_source).or_insert(rank);
        if source.is_some_and(|source| source != of_source) {
            continue;
        }
        for application in entry.settlement.applications() {
            let of_target = application.target;
            let is_meant = target.is_none_or(|target| target == of_target);
            if is_meant && known.insert((of_source, of_target)) {
                applications.push(SelectedApplication {
                    source: of_source,
                    target: of_target,
                    rule: application.rule,
                });
            }
        }
    }

    sort_by(&mut applications, |a, b| {
        ranks.get(&a.source).cmp(&ranks.get(&b.source))
    });
    applications
}

/// The refusal of documents between which a group moved nothing: of the source, or else of the target.
#[cold]
fn refuse_application(
    request: &UndoRequest,
    entries: &[Arc<HistoryEntry>],
    source: Option<DocumentIndex>,
) -> Error {
    let is_of_source = |entry: &Arc<HistoryEntry>| Some(entry.settlement.source) == source;
    let (field, key) = match (&request.source, &request.target) {
        (Some(source), _) if !entries.iter().any(is_of_source) => (SiteField::SourceId, source),
        (_, Some(target)) => (SiteField::TargetId, target),
        (Some(source), None) => (SiteField::SourceId, source),
        (None, None) => (SiteField::ApplicationGroupId, &request.group_id),
    };

    let reason = Reason::NoSuchApplication {
        group: request.group_id.as_str().into(),
        document: key.as_str().into(),
    };
    Error::of(reason, &Site::Command.field(field))
}

/// The lines between which a group moved something, and those of both documents by identifier.
struct ApplicationLines<'a> {
    source: Lookup<'a>,
    target: Lookup<'a>,
    items: Vec<PartItem>,
}

impl<'a> ApplicationLines<'a> {
    fn of(
        documents: &'a Documents,
        entries: &[Arc<HistoryEntry>],
        source: DocumentIndex,
        target: DocumentIndex,
    ) -> Result<Self> {
        let of_source = entries.iter().filter(|of| of.settlement.source == source);
        let applications = of_source.flat_map(|entry| entry.settlement.applications());
        let of_target = applications.filter(|application| application.target == target);

        Ok(Self {
            source: Lookup::of(locate(documents, source)?),
            target: Lookup::of(locate(documents, target)?),
            items: of_target.flat_map(|of| of.items).copied().collect(),
        })
    }

    /// Finds the lines that a command names. Each must be one that the group moved something of.
    fn find(&self, request: &UndoRequest, items: &[UndoItem]) -> Result<SelectedLines> {
        let list = Site::Command.field(SiteField::Items);
        let mut lines = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let entry = list.entry(index);
            let source_fields = [SiteField::SourceItemId, SiteField::SourceTaxItemId];
            let target_fields = [SiteField::TargetItemId, SiteField::TargetTaxItemId];
            let source = find_line(&self.source, item.source.as_ref(), source_fields, &entry)?;
            let target = find_line(&self.target, item.target.as_ref(), target_fields, &entry)?;

            let mut moved = self.items.iter();
            if !moved.any(|moved| is_between(moved, source, target)) {
                let named = item.target.as_ref().or(item.source.as_ref());
                let reason = Reason::NotOfOperation {
                    group: request.group_id.as_str().into(),
                    line: named.map_or("", |named| &named.id).into(),
                };
                return Err(Error::of(reason, &entry));
            }
            lines.push((source, target));
        }
        Ok(SelectedLines(lines))
    }
}

/// Finds a line that a command names as an item or as a tax item.
fn find_line(
    lookup: &Lookup<'_>,
    name: Option<&UndoLine>,
    [item, tax_item]: [SiteField; 2],
    entry: &Site<'_>,
) -> Result<Option<LineIndex>> {
    let Some(UndoLine { tax, id }) = name else {
        return Ok(None);
    };
    let site = entry.field(if *tax { tax_item } else { item });
    lookup.find_of_kind(id, *tax, &site).map(Some)
}
