//! Apply a credit memo or payment to invoices and debit memos (`settlement.md#apply`).
//!
//! [`execute`] resolves what a command names. [`apply_named`], [`apply_to`] and [`plan_over`] are where other
//! operations enter, with the documents that they have. All of them plan first and move nothing until the plan stands.

mod planner;
mod reserve;

use crate::calendar::Date;
use crate::command::settings::Limit;
use crate::command::spread::Spread;
use crate::command::{ApplyRequest, TargetAmount};
use crate::document::{DocumentIndex, Kind, Rule, Settlement};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::memory::capped_product;
use crate::money::Amount;
use crate::settle::context::Context;
use crate::settle::guard::effective_dates;
use crate::settle::journal::{Journal, Notice};
use crate::settle::operations::apply::planner::Planner;
use crate::settle::plan::capacity::settleable;
use crate::settle::plan::located::{Located, find, locate};
use crate::settle::plan::open_documents::OpenDocuments;
use crate::settle::plan::spreader::Workspace;
use crate::settle::plan::targets::{ApplyPlan, check_shape};
use crate::settle::plan::trace::Recorder;
use rustc_hash::FxHashSet;

/// Applies a source to all targets that a command names, or to none of them.
///
/// # Errors
/// `missingField`, those of [`ApplyPlan::resolve`], `dateTooEarly`, those of [`ApplyPlan::measure`], then the first of
/// `exceedsItem`, `exceedsUnapplied`, `exceedsBalance`, `noSourceItem`, `nothingToSettle`.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    date: Date,
    request: &ApplyRequest,
) -> Result<DocumentIndex> {
    let wanted = Wanted {
        source_key: Some(&request.source.id),
        stated: request.targets.as_deref().unwrap_or(&[]),
        all_open: &request.all_open,
        spread: &request.spread,
    };
    wanted.check_shape()?;

    let site = Site::Command.field(request.source.kind.id_site());
    let source = find(journal.context().documents, &request.source, &site)?.index;
    apply_named(journal, date, source, &wanted)
}

/// What a command wants to be settled with a source.
pub(in crate::settle) struct Wanted<'a> {
    /// What the command has for the source, if it names it.
    pub source_key: Option<&'a str>,
    /// The documents that it names.
    pub stated: &'a [TargetAmount],
    /// The kinds of which it means all that are open.
    pub all_open: &'a [Kind],
    /// How amounts are spread.
    pub spread: &'a Spread,
}

impl Wanted<'_> {
    /// Refuses a command that names no documents, or not as its rule needs them.
    ///
    /// # Errors
    /// `missingField`, `invalidChoice`.
    pub(in crate::settle) fn check_shape(&self) -> Result<()> {
        check_shape(self.stated, self.all_open, self.spread)
    }
}

/// Applies a source to the targets that a command wants. The operation has checked before that they are named as its
/// rule needs them ([`Wanted::check_shape`]).
///
/// A caller who wants all that is open need not know whether there is anything. So nothing to settle is a notice about
/// the source then, and no refusal.
///
/// # Errors
/// As [`execute`].
pub(in crate::settle) fn apply_named(
    journal: &mut Journal<'_>,
    date: Date,
    source: DocumentIndex,
    wanted: &Wanted<'_>,
) -> Result<DocumentIndex> {
    let Wanted {
        source_key,
        stated,
        all_open,
        spread,
    } = *wanted;

    let (settlement, mut notices) = journal.plan(|context, workspace| {
        let located = locate(context.documents, source)?;
        let source = Located {
            key: source_key.unwrap_or(located.key),
            ..located
        };
        let recorder = &mut workspace.spreader.recorder;
        let open = all_open_beside(context, &source, all_open, recorder);
        let mut plan = ApplyPlan::resolve(context, source, stated, open, spread)?;

        let (settlement, mut notices) =
            possible_settlement_of(context, workspace, date, &mut plan, spread)?;
        if all_open.is_empty() {
            check_not_empty(&settlement, &plan, spread)?;
        } else {
            leave_out_unnamed(&mut notices, &settlement, &plan);
        }
        Ok((settlement, notices))
    })?;

    if !settlement.is_empty() {
        return journal.conclude(settlement, notices);
    }

    notices.push(Notice::NothingApplied(Some(source)));
    notices
        .into_iter()
        .for_each(|notice| journal.notice(notice));
    Ok(source)
}

/// All open demands of some kinds that a source can settle.
fn all_open_beside<'a>(
    context: Context<'a>,
    source: &Located<'a>,
    kinds: &[Kind],
    recorder: &mut Recorder,
) -> Vec<Located<'a>> {
    let open = OpenDocuments::beside(source.document.header());
    let mut found = Vec::new();
    for &kind in kinds {
        found.extend(open.of_kind_recorded(context, kind, recorder));
    }
    found
}

/// Removes notices about documents that the command does not name and to which nothing is applied: there can be any
/// number of them.
fn leave_out_unnamed(notices: &mut Vec<Notice>, settlement: &Settlement, plan: &ApplyPlan<'_>) {
    let mut told: FxHashSet<_> = settlement.documents().collect();
    told.extend(plan.named());
    notices.retain(|notice| {
        let document = notice.document();
        document.is_none_or(|document| told.contains(&document))
    });
}

/// Applies what a source has left to one target, as far as both allow.
///
/// # Errors
/// As [`execute`], at the lists of a command that names neither document.
pub(in crate::settle) fn apply_to(
    journal: &mut Journal<'_>,
    date: Date,
    source: DocumentIndex,
    target: DocumentIndex,
    spread: &Spread,
) -> Result<DocumentIndex> {
    let (settlement, notices) = journal.plan(|context, workspace| {
        let mut plan = ApplyPlan::of_documents(context, source, &[(target, None)], spread)?;
        let planned = possible_settlement_of(context, workspace, date, &mut plan, spread)?;
        check_not_empty(&planned.0, &plan, spread)?;
        Ok(planned)
    })?;
    journal.conclude(settlement, notices)
}

/// Plans how a source settles targets that another operation has, as far as all of them allow. That may be nothing.
///
/// # Errors
/// As [`execute`], at the lists of a command that names neither document.
pub(in crate::settle) fn plan_over(
    journal: &mut Journal<'_>,
    date: Date,
    source: DocumentIndex,
    targets: &[DocumentIndex],
    spread: &Spread,
) -> Result<(Settlement, Vec<Notice>)> {
    let amounts: Vec<_> = targets.iter().map(|&target| (target, None)).collect();
    journal.plan(|context, workspace| {
        let mut plan = ApplyPlan::of_documents(context, source, &amounts, spread)?;
        possible_settlement_of(context, workspace, date, &mut plan, spread)
    })
}

/// Plans how a source settles its targets, as far as there is something to settle. Lines that the command names are
/// reserved first, so that no rule can take what they need. The other targets follow one after another, in settlement
/// order.
fn possible_settlement_of(
    context: Context<'_>,
    workspace: &mut Workspace,
    date: Date,
    plan: &mut ApplyPlan<'_>,
    spread: &Spread,
) -> Result<(Settlement, Vec<Notice>)> {
    effective_dates::check_day(context, plan.documents(), date)?;
    plan.measure(context.settings)?;

    let plan = &*plan;
    let mut planner = Planner::new(plan, spread, workspace);
    for target in &plan.targets {
        planner.reserve_stated_lines(target)?;
    }
    let unapplied = check_unapplied(plan, settleable(plan.source.document, spread))?;
    check_balances(plan, spread)?;

    let (rule, notices) = rule_within_limits(context, plan, spread);
    planner.settle_targets(date, rule, unapplied, notices)
}

/// Refuses stated amounts that are more than the source has unapplied, together. Returns what they leave of it.
fn check_unapplied(plan: &ApplyPlan<'_>, unapplied: Amount) -> Result<Amount> {
    let mut unsettled = unapplied;
    for target in &plan.targets {
        let Some(amount) = target.amount else {
            continue;
        };

        unsettled = match unsettled.minus(amount) {
            Some(remaining) if remaining >= Amount::ZERO => remaining,
            _ => {
                let reason = Reason::MoreThanUnapplied {
                    most: plan.currency().figure(unsettled),
                    unapplied: plan.currency().figure(unapplied),
                    amount: plan.currency().figure(amount),
                };
                return Err(target.refuse(reason, SiteField::Amount));
            }
        };
    }
    Ok(unsettled)
}

/// Refuses a stated amount that is more than its target has open.
fn check_balances(plan: &ApplyPlan<'_>, spread: &Spread) -> Result<()> {
    for target in &plan.targets {
        let balance = settleable(target.document.document, spread);

        if let Some(amount) = target.amount.filter(|&amount| amount > balance) {
            let header = target.document.document.header();
            let reason = Reason::MoreThanBalance {
                kind: header.kind.into(),
                document: target.document.key.into(),
                most: plan.currency().figure(balance),
                amount: plan.currency().figure(amount),
            };
            return Err(target.refuse(reason, SiteField::Amount));
        }
    }
    Ok(())
}

/// The rule of the command, or first in first out where proration would meet more pairs of lines than the book allows.
fn rule_within_limits(
    context: Context<'_>,
    plan: &ApplyPlan<'_>,
    spread: &Spread,
) -> (Rule, Vec<Notice>) {
    let rule = spread.rule.unwrap_or(Rule::Proration);
    let source_lines = plan.source.document.lines().len();
    let cell_count = capped_product(plan.line_count(), source_lines);
    let limits = &context.settings.limits;
    if rule != Rule::Proration || limits.allows(Limit::ProrationCells, cell_count) {
        return (rule, Vec::new());
    }

    let by_rule = plan.targets.iter().filter(|target| target.items.is_none());
    let notices = by_rule
        .map(|target| Notice::FifoInsteadOfProration(target.document.index))
        .collect();
    (Rule::Fifo, notices)
}

/// Refuses a plan that settles nothing, because everything was left out or is settled already. The history has no
/// operations that did nothing.
///
/// # Errors
/// `nothingToSettle`.
fn check_not_empty(settlement: &Settlement, plan: &ApplyPlan<'_>, spread: &Spread) -> Result<()> {
    if settlement.is_empty() {
        return Err(nothing_to_settle(plan, spread));
    }
    Ok(())
}

#[cold]
fn nothing_to_settle(plan: &ApplyPlan<'_>, spread: &Spread) -> Error {
    let reason = if spread.rule == Some(Rule::SourceItem) && spread.fallback.is_none() {
        Reason::NoLinesPair {}
    } else {
        Reason::NothingToApply {}
    };
    let first = plan.targets.first();
    let list = first.map_or(SiteField::Invoices, |target| target.kind().list_site());
    Error::of(reason, &Site::Command.field(list))
}
