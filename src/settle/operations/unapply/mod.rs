//! Take applications of a credit memo or payment back (`settlement.md#unapply`).
//!
//! [`execute`] resolves what a command names. [`unapply_named`] and [`unapply_amounts`] are where a refund enters, with
//! the source that it has.

mod linked;
mod releaser;
mod signs;

pub(in crate::settle) use signs::keeps_signs;

use crate::calendar::Date;
use crate::command::spread::Spread;
use crate::command::{ApplyRequest, TargetAmount};
use crate::document::{Application, DocumentIndex, Part, PartItem, Rule, Settlement};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::{Amount, Currency};
use crate::settle::context::Context;
use crate::settle::guard::effective_dates;
use crate::settle::journal::{Journal, Notice};
use crate::settle::operations::unapply::releaser::Releaser;
use crate::settle::plan::located::{find, locate};
use crate::settle::plan::targets::{ApplyPlan, Target, check_shape};

/// Takes back all that a command names, or none of it; all that is applied, where it names nothing.
///
/// # Errors
/// `missingField`, those of [`ApplyPlan::resolve`], `dateTooEarly`, those of [`ApplyPlan::measure`], `exceedsApplied`,
/// `noSourceItem`, `nothingToSettle`.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    date: Date,
    request: &ApplyRequest,
) -> Result<DocumentIndex> {
    let (context, spread) = (journal.context(), &request.spread);
    let site = Site::Command.field(request.source.kind.id_site());

    let (settlement, notices) = match &request.targets {
        Some(stated) => {
            check_shape(stated, &[], spread)?;
            let source = find(context.documents, &request.source, &site)?;
            let plan = ApplyPlan::resolve(context, source, stated, Vec::new(), spread)?;
            release_stated(context, date, plan, spread)?
        }
        None => {
            check_rule_names_nothing(spread)?;
            let source = find(context.documents, &request.source, &site)?;
            let plan = ApplyPlan::all_applied(context, source, spread)?;
            release_all(context, date, &plan, spread)?
        }
    };

    journal.conclude(settlement, notices)
}

/// Takes back what a command names of a source that its operation has found already. That operation has asked with
/// [`check_shape`] whether the targets are named as they must be.
///
/// # Errors
/// As [`execute`].
pub(in crate::settle) fn unapply_named(
    journal: &mut Journal<'_>,
    date: Date,
    source: DocumentIndex,
    stated: &[TargetAmount],
    spread: &Spread,
) -> Result<DocumentIndex> {
    let context = journal.context();
    let source = locate(context.documents, source)?;
    let plan = ApplyPlan::resolve(context, source, stated, Vec::new(), spread)?;
    let (settlement, notices) = release_stated(context, date, plan, spread)?;
    journal.conclude(settlement, notices)
}

/// Takes amounts back from documents that an operation has chosen.
///
/// # Errors
/// As [`execute`], at the lists of a command that names none of the documents.
pub(in crate::settle) fn unapply_amounts(
    journal: &mut Journal<'_>,
    date: Date,
    source: DocumentIndex,
    amounts: &[(DocumentIndex, Option<Amount>)],
    spread: &Spread,
) -> Result<DocumentIndex> {
    let context = journal.context();
    let plan = ApplyPlan::of_documents(context, source, amounts, spread)?;
    let (settlement, notices) = release_stated(context, date, plan, spread)?;
    journal.conclude(settlement, notices)
}

/// Refuses a command that names no documents, where its rule needs their items.
///
/// # Errors
/// `missingField`.
pub(in crate::settle) fn check_rule_names_nothing(spread: &Spread) -> Result<()> {
    if spread.rule != Some(Rule::Explicit) {
        return Ok(());
    }
    let site = Site::Command.field(SiteField::Invoices);
    Err(Error::of(Reason::NoTargetsWithItems {}, &site))
}

/// Plans to take back what is stated.
fn release_stated(
    context: Context<'_>,
    date: Date,
    mut plan: ApplyPlan<'_>,
    spread: &Spread,
) -> Result<(Settlement, Vec<Notice>)> {
    check_date(context, plan.source.index, date)?;
    effective_dates::check_day(context, plan.documents(), date)?;
    plan.measure(context.settings)?;
    settlement_of(context, date, &plan, spread)
}

/// Plans to take back all that is applied.
fn release_all(
    context: Context<'_>,
    date: Date,
    plan: &ApplyPlan<'_>,
    spread: &Spread,
) -> Result<(Settlement, Vec<Notice>)> {
    check_date(context, plan.source.index, date)?;
    effective_dates::check_day(context, plan.documents(), date)?;
    plan.check_part_items(context)?;
    settlement_of(context, date, plan, spread)
}

/// Refuses to take something back on a day of a closed period, or before it was applied (`settlement.md#unapply`).
///
/// # Errors
/// `periodClosed`, `dateTooEarly`.
pub(in crate::settle) fn check_date(
    context: Context<'_>,
    source: DocumentIndex,
    date: Date,
) -> Result<()> {
    let site = Site::Command.field(SiteField::At);
    context.settings.check_settling(date, &site)?;
    let documents = context.documents;
    if documents.last_settled(source) <= Some(date) {
        return Ok(());
    }

    let settled = documents
        .entries_of(source)
        .map(|entry| &entry.settlement)
        .filter(|settlement| settlement.source == source && !documents.takes_back(settlement));
    let last = settled.map(|settlement| settlement.at).max();
    let Some(last) = last.filter(|&last| date < last) else {
        return Ok(());
    };

    let reason = Reason::BeforeLastSettled {
        earliest: last.into(),
        date: date.into(),
    };
    Err(Error::of(reason, &Site::Command.field(SiteField::At)))
}

/// Plans what comes back of every target. First applied is first released, unless the command says otherwise.
fn settlement_of(
    context: Context<'_>,
    date: Date,
    plan: &ApplyPlan<'_>,
    spread: &Spread,
) -> Result<(Settlement, Vec<Notice>)> {
    // All targets are checked before the first is released, so that the refusal does not depend on their order.
    let nothing = Part::default();
    let mut applied = Vec::with_capacity(plan.targets.len());
    for target in &plan.targets {
        let part = context
            .documents
            .part(plan.source.index, target.document.index);
        let part = part.unwrap_or(&nothing);
        check_applied(target, part, plan.currency())?;
        applied.push((target, part));
    }

    let mut releaser = Releaser::new(plan, spread);
    let mut settlement = Settlement::new(date, plan.source.index);
    let mut notices = Vec::new();
    for (target, part) in applied {
        if part.items().is_empty() {
            notices.push(Notice::NothingApplied(Some(target.document.index)));
            continue;
        }

        let (rule, items) = releaser.release(target, part)?;
        let amount = match target.amount {
            Some(amount) => amount,
            None => part.amount()?,
        };
        settlement.add(Application {
            target: target.document.index,
            rule,
            amount: amount.negated(),
            items: &items,
        });
    }

    if settlement.is_empty() {
        let site = Site::Command.field(plan.source_field());
        return Err(Error::of(Reason::NothingApplied {}, &site));
    }
    Ok((settlement, notices))
}

/// Refuses more than is applied: of the part, and of each pair of lines that is named.
fn check_applied(target: &Target<'_>, part: &Part, currency: &Currency) -> Result<()> {
    for stated in target.items.iter().flatten() {
        let amount = stated.item.amount;
        let applied = part.amount_between(&stated.item);
        if !applied.covers(amount) {
            let reason = Reason::MoreThanAppliedBetween {
                applied: currency.figure(applied),
                amount: currency.figure(amount),
            };
            return Err(target.refuse_item(stated, reason));
        }
    }

    let applied = part.amount()?;
    if let Some(amount) = target.amount.filter(|&amount| amount > applied) {
        let reason = Reason::MoreThanApplied {
            most: currency.figure(applied),
            amount: currency.figure(amount),
        };
        return Err(target.refuse(reason, SiteField::Amount));
    }

    let stated: Vec<_> = target.part_items().map(PartItem::negated).collect();
    if !keeps_signs(part, &stated) {
        return Err(target.refuse(Reason::MoreThanAppliedOfLine {}, SiteField::Items));
    }
    Ok(())
}
