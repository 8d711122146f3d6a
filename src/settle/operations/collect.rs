//! Settle a demand with the credit memos and payments of its account (`settlement.md#collect`).

use crate::calendar::Date;
use crate::command::CollectRequest;
use crate::command::settings::Limit;
use crate::command::spread::{DocumentKey, Spread};
use crate::document::{DocumentIndex, Header, Kind, Rule};
use crate::error::{Error, Reason, Result, Site, SiteField, SiteStep};
use crate::memory::capped_sum;
use crate::order::sort_by;
use crate::settle::context::Context;
use crate::settle::guard::documents::check_live;
use crate::settle::guard::effective_dates;
use crate::settle::journal::Journal;
use crate::settle::operations::apply;
use crate::settle::plan::located::{find, locate};
use crate::settle::plan::open_documents::OpenDocuments;
use crate::settle::plan::trace::{PlanStep, Recorder};
use crate::settle::room;

/// Applies credit memos, then payments, until nothing is left of the balance or of them: those of the same account and
/// currency, without those that are excluded from automatic application. The oldest comes first, and of equal age the
/// largest.
///
/// # Errors
/// `invalidChoice`, `documentNotFound`, `invalidStatus`, `periodClosed`, `dateTooEarly`, `limitExceeded`,
/// `nothingToSettle`; those of [`apply::apply_to`] for the first source that is refused.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    date: Date,
    request: &CollectRequest,
) -> Result<DocumentIndex> {
    // A collection chooses its sources itself, so nobody can state lines of them.
    if request.spread.rule == Some(Rule::Explicit) {
        let rule = Rule::Explicit.as_str().into();
        let site = Site::Command.field(SiteField::Rule);
        return Err(Error::of(Reason::RuleNeedsItems { rule }, &site));
    }

    let site = Site::Command.field(request.document.kind.id_site());
    let context = journal.context();
    let target = find(context.documents, &request.document, &site)?;
    check_live(&target, &site)?;
    effective_dates::check_day(context, [target.index], date)?;
    let line_count = target.document.lines().len();
    let limits = &context.settings.limits;
    limits.check(Limit::CollectItems, line_count, &site)?;

    let collection = Collection {
        date,
        target: target.index,
        spread: &request.spread,
        site,
    };
    // Credit memos first, as published (`settlement.md#collect`).
    let kinds = match request.kinds.as_slice() {
        [] => &[Kind::CreditMemo, Kind::Payment],
        kinds => kinds,
    };
    let mut used_count = 0_usize;
    for &kind in kinds {
        let used = collection.collect_from(journal, kind)?;
        used_count = capped_sum([used_count, used]);
    }

    if used_count == 0 {
        return Err(Error::of(Reason::NothingToCollect {}, &site));
    }
    Ok(collection.target)
}

/// A demand that is settled with several sources.
struct Collection<'a> {
    date: Date,
    target: DocumentIndex,
    spread: &'a Spread,
    /// The field that names the demand.
    site: Site<'a>,
}

impl Collection<'_> {
    /// Applies the sources of one kind until the demand is settled, and returns how many were used.
    fn collect_from(&self, journal: &mut Journal<'_>, kind: Kind) -> Result<usize> {
        let limit = match kind {
            Kind::Payment => Limit::CollectPayments,
            _ => Limit::CollectCreditMemos,
        };
        let sources = journal.plan(|context, workspace| {
            self.sources(context, kind, &mut workspace.spreader.recorder)
        })?;

        let mut used_count = 0;
        for (count, source) in (1..).zip(sources) {
            let context = journal.context();
            let target = locate(context.documents, self.target)?;
            if !target.document.header().figures.open().is_positive() {
                journal.note_step(source, PlanStep::NeverReached);
                continue;
            }

            used_count = count;
            let limits = &context.settings.limits;
            limits.check(limit, used_count, &self.site)?;
            room::reserve_application(context, source, self.target, self.spread.matrix)?;
            apply::apply_to(journal, self.date, source, self.target, self.spread)
                .map_err(|error| error.moved(|inner| self.site_of(inner)))?;
        }
        Ok(used_count)
    }

    /// The sources of a kind that can settle the demand, in their order.
    fn sources(
        &self,
        context: Context<'_>,
        kind: Kind,
        recorder: &mut Recorder,
    ) -> Result<Vec<DocumentIndex>> {
        let target = locate(context.documents, self.target)?.document.header();
        let open = OpenDocuments::beside(target);
        let mut sources: Vec<(DocumentIndex, &Header)> = open
            .of_kind_recorded(context, kind, recorder)
            .iter()
            .map(|source| (source.index, source.document.header()))
            .collect();

        let mut order = self.spread.clone();
        if order.documents.is_empty() {
            order.documents = vec![DocumentKey::Date, DocumentKey::Largest];
        }
        let (open, numbers) = (target.figures.open(), context.settings.number_order);
        sort_by(&mut sources, |(_, a), (_, b)| {
            order.compare(a, b, open, numbers)
        });
        Ok(sources.into_iter().map(|(index, _)| index).collect())
    }

    /// Where the command has what is wrong with one of its applications. It names neither sources nor lists of targets,
    /// so what is wrong with those is wrong with its document.
    fn site_of(&self, inner: &[SiteStep]) -> Vec<SiteStep> {
        match inner {
            [] | [SiteStep::Field(SiteField::At | SiteField::Rule)] => inner.to_vec(),
            _ => self.site.steps(),
        }
    }
}
