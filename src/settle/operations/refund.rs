//! Refund a credit memo or payment (`settlement.md#refund`).
//!
//! [`execute`] resolves what a command names. [`refund_rest`] is where a change of plan enters, with the memo that it
//! has.

use crate::calendar::Date;
use crate::command::settings::Limit;
use crate::command::spread::Spread;
use crate::command::{NewRefund, RefundItem};
use crate::document::{
    Application, Document, DocumentIndex, Documents, Header, Kind, LineIndex, Notes, Origin,
    PartItem, Rule, Settlement,
};
use crate::error::{Error, Reason, Result, Site, SiteField, SiteStep, first_refusal};
use crate::money::{Amount, Currency};
use crate::order::sort_by;
use crate::settle::context::Context;
use crate::settle::guard::documents::check_live;
use crate::settle::guard::names::{check_comment, check_names, check_new_id, check_positive};
use crate::settle::journal::Journal;
use crate::settle::operations::days::Days;
use crate::settle::operations::payment::in_force;
use crate::settle::operations::unapply;
use crate::settle::plan::capacity::{Capacity, IncrementUnit, settleable};
use crate::settle::plan::located::{Located, find, locate};
use crate::settle::plan::spreader::Spreader;
use crate::settle::plan::stated_lines::{LineFields, StatedLines};
use crate::settle::plan::targets::check_shape;
use crate::settle::plan::trace::SpreadTrace;
use std::sync::Arc;

/// Pays out what is unapplied. Takes applications back first, as far as the command says so.
///
/// # Errors
/// `missingField`, `invalidChoice`, `documentNotFound`, `duplicateId`, `itemNotFound`, `duplicateEntry`,
/// `invalidStatus`, `dateTooEarly`, `limitExceeded`, those of [`Currency::amount`], `amountNotPositive`,
/// `sumMismatch`, `exceedsItem`, `exceedsUnapplied`, `nothingToSettle`, and those of [`unapply::execute`].
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    days: Days,
    new: &NewRefund,
) -> Result<DocumentIndex> {
    check_unapply(new)?;
    let rule = match new.items {
        Some(_) => Rule::Explicit,
        None => new.spread.one_sided(Rule::Fifo)?,
    };

    let context = journal.context();
    let reason_site = Site::Command.field(SiteField::ReasonCode);
    check_names(&new.id, new.number.as_deref(), None)?;
    context
        .settings
        .check_reason(new.notes.reason_code.as_deref(), &reason_site)?;
    check_new_id(context, Kind::Refund, &new.id, new.number.as_deref())?;
    let source_site = Site::Command.field(new.source.kind.id_site());
    let source = find(context.documents, &new.source, &source_site)?;
    let index = source.index;

    // What comes back first can be refused by an earlier code than the refund itself, so both are asked.
    let checked = first_refusal([
        check_command(context, days, &source, new),
        stated_lines(&source, new).map(drop),
    ]);
    let taken_back = take_back_first(journal, days.command, index, new, checked.is_ok());
    first_refusal([checked, taken_back])?;

    let shares = journal.plan(|context, workspace| {
        let mut sides = Sides::of(context, index, &mut workspace.spreader)?;
        RefundShares::of(&mut sides, new, rule)
    })?;
    let plan = RefundPlan {
        source: index,
        date: days.document(),
        date_field: days.document_field(),
        shares,
    };
    plan.pay_out(journal, &new.id, new.number.as_deref(), new.notes.clone())
}

/// Refuses what the command lacks to take applications back: no document is read for that.
///
/// # Errors
/// `missingField`.
fn check_unapply(new: &NewRefund) -> Result<()> {
    match &new.unapply {
        Some(stated) => check_shape(stated, &[], &new.spread),
        None if new.auto_unapply => unapply::check_rule_names_nothing(&new.spread),
        None => Ok(()),
    }
}

/// Pays out all that a source has unapplied, as an operation of several steps does.
///
/// # Errors
/// As [`execute`].
pub(in crate::settle) fn refund_rest(
    journal: &mut Journal<'_>,
    date: Date,
    source: DocumentIndex,
    id: &str,
) -> Result<DocumentIndex> {
    let context = journal.context();
    check_names(id, None, None)?;
    check_new_id(context, Kind::Refund, id, None)?;
    let located = locate(context.documents, source)?;
    check_refundable(context, &located, date, SiteField::At)?;
    check_size(context, &located, None)?;

    let unapplied = settleable(located.document, &Spread::default());
    check_amount(&located, unapplied, unapplied)?;
    let shares = journal.plan(|context, workspace| {
        let mut sides = Sides::of(context, source, &mut workspace.spreader)?;
        RefundShares::by_rule(&mut sides, Rule::Fifo, unapplied, &Spread::default())
    })?;
    let plan = RefundPlan {
        source,
        date,
        date_field: SiteField::At,
        shares,
    };
    plan.pay_out(journal, id, None, Notes::default())
}

/// Refuses what is wrong with the source or the command, no matter what comes back first.
fn check_command(
    context: Context<'_>,
    days: Days,
    source: &Located<'_>,
    new: &NewRefund,
) -> Result<()> {
    let header = source.document.header();
    check_refundable(context, source, days.document(), days.document_field())?;
    check_comment(context, new.notes.comment.as_deref())?;
    check_size(context, source, new.items.as_deref())?;

    match stated_amount(new, &header.currency)? {
        Some(amount) => {
            let site = Site::Command.field(SiteField::Amount);
            check_positive(amount, &header.currency, &site)
        }
        None => Ok(()),
    }
}

/// Refuses a source that is not in force, a date in a closed period, or a date before the source.
fn check_refundable(
    context: Context<'_>,
    source: &Located<'_>,
    date: Date,
    date_field: SiteField,
) -> Result<()> {
    let header = source.document.header();
    check_live(source, &Site::Command.field(header.kind.id_site()))?;
    let date_site = Site::Command.field(date_field);
    context.settings.check_settling(date, &date_site)?;

    if date >= header.date {
        return Ok(());
    }
    let reason = Reason::BeforeDocument {
        earliest: header.date.into(),
        kind: header.kind.into(),
        date: date.into(),
    };
    Err(Error::of(reason, &date_site))
}

/// Refuses more lines than the book lets a refund have: those of the source, or those that the command states, so that
/// a large memo can be paid out in pieces (`settlement.md#refund`).
fn check_size(
    context: Context<'_>,
    source: &Located<'_>,
    stated: Option<&[RefundItem]>,
) -> Result<()> {
    let limits = &context.settings.limits;

    let Some(stated) = stated else {
        let site = Site::Command.field(source.document.header().kind.id_site());
        let line_count = source.document.lines().len();
        return limits.check(Limit::RefundItems, line_count, &site);
    };

    let site = Site::Command.field(SiteField::Items);
    limits.check(Limit::StatedItems, stated.len(), &site)?;
    limits.check(Limit::RefundItems, stated.len(), &site)
}

/// Refuses more than is unapplied, and nothing.
fn check_amount(source: &Located<'_>, amount: Amount, unapplied: Amount) -> Result<()> {
    let header = source.document.header();
    if amount > unapplied {
        let reason = Reason::MoreThanRefundable {
            most: header.currency.figure(unapplied),
            amount: header.currency.figure(amount),
        };
        return Err(Error::of(reason, &Site::Command.field(SiteField::Amount)));
    }

    if !amount.is_positive() {
        let site = Site::Command.field(header.kind.id_site());
        return Err(Error::of(Reason::NothingToRefund {}, &site));
    }
    Ok(())
}

/// The amount that a command states.
fn stated_amount(new: &NewRefund, currency: &Currency) -> Result<Option<Amount>> {
    let amount = new.amount.map(|decimal| currency.amount(decimal));
    let site = Site::Command.field(SiteField::Amount);
    amount.transpose().map_err(|error| error.at(&site))
}

/// The lines that a command names, if it names any.
fn stated_lines<'a>(source: &Located<'_>, new: &'a NewRefund) -> Result<Option<StatedLines<'a>>> {
    const FIELDS: LineFields = LineFields {
        item: SiteField::CreditMemoItemId,
        tax_item: SiteField::CreditTaxItemId,
    };
    let Some(items) = &new.items else {
        return Ok(None);
    };
    StatedLines::read(source, items, FIELDS, new.amount).map(Some)
}

/// Takes back what the command names, or as much as is needed, so that it can be paid out. How much is needed is not
/// known where the command itself is refused.
fn take_back_first(
    journal: &mut Journal<'_>,
    date: Date,
    source: DocumentIndex,
    new: &NewRefund,
    is_accepted: bool,
) -> Result<()> {
    if let Some(stated) = &new.unapply {
        return unapply::unapply_named(journal, date, source, stated, &new.spread).map(drop);
    }
    if !new.auto_unapply || !is_accepted {
        return Ok(());
    }

    let context = journal.context();
    let located = locate(context.documents, source)?;
    let amount = stated_amount(new, &located.document.header().currency)?;
    let amounts = missing_amounts(context, &located, amount, &new.spread)?;
    if amounts.is_empty() {
        return Ok(());
    }
    unapply::unapply_amounts(journal, date, source, &amounts, &new.spread)
        .map(drop)
        .map_err(|error| error.moved(|inner| site_in_refund(inner, new.source.kind)))
}

/// Where a refund has what is wrong with taking applications back: it lists none of their targets.
fn site_in_refund(inner: &[SiteStep], source: Kind) -> Vec<SiteStep> {
    match inner {
        [
            SiteStep::Field(SiteField::Invoices | SiteField::DebitMemos),
            ..,
        ] => {
            vec![SiteStep::Field(source.id_site())]
        }
        _ => inner.to_vec(),
    }
}

/// What has to be unapplied for a refund of `amount` (absent: of everything): from the documents that would be settled
/// last first.
fn missing_amounts(
    context: Context<'_>,
    source: &Located<'_>,
    amount: Option<Amount>,
    spread: &Spread,
) -> Result<Vec<(DocumentIndex, Option<Amount>)>> {
    let header = source.document.header();
    let mut parts = Vec::new();
    for (target, part) in context.documents.parts_of(source.index) {
        let target = locate(context.documents, target)?;
        if target.document.header().kind.is_demand() {
            parts.push((target, part.amount()?));
        }
    }
    // What was applied before the source came into the book does not come back.
    let applied = Amount::sum(parts.iter().map(|(_, amount)| *amount));
    let applied = applied.ok_or_else(|| Error::fault("more applied than there is"))?;

    let mut missing = match amount {
        Some(amount) => amount
            .minus(header.figures.open().max(Amount::ZERO))
            .ok_or_else(|| Error::fault("an amount out of range"))?,
        None => applied,
    };

    // In reverse: what would be settled last comes back first, so that the oldest demands stay settled.
    let numbers = context.settings.number_order;
    sort_by(&mut parts, |(a, _), (b, _)| {
        let (a, b) = (a.document.header(), b.document.header());
        spread.compare(b, a, applied, numbers)
    });

    let mut amounts = Vec::new();
    for (target, applied) in parts {
        let back = missing.min(applied);
        if back.is_positive() {
            missing = missing
                .minus(back)
                .ok_or_else(|| Error::fault("an amount out of range"))?;
            amounts.push((target.index, Some(back)));
        }
    }
    Ok(amounts)
}

/// The source of a refund, and the refund that will be made.
struct Sides<'a> {
    source: Located<'a>,
    target: DocumentIndex,
    spreader: &'a mut Spreader,
}

impl<'a> Sides<'a> {
    fn of(context: Context<'a>, source: DocumentIndex, spreader: &'a mut Spreader) -> Result<Self> {
        let target = context.documents.next_index();
        let target =
            target.ok_or_else(|| Error::of(Reason::TooManyDocuments {}, &Site::Command))?;
        Ok(Self {
            source: locate(context.documents, source)?,
            target,
            spreader,
        })
    }
}

/// What is refunded of each line of the source.
struct RefundShares {
    rule: Rule,
    amount: Amount,
    items: Vec<PartItem>,
}

impl RefundShares {
    /// What a command states, or as the rule spreads it.
    fn of(sides: &mut Sides<'_>, new: &NewRefund, rule: Rule) -> Result<Self> {
        let source = sides.source;
        let unapplied = settleable(source.document, &new.spread);
        if let Some(stated) = stated_lines(&source, new)? {
            stated.check_open(&source)?;
            check_amount(&source, stated.sum, unapplied)?;
            let amount = stated.sum;
            return Ok(Self::new(rule, amount, stated.into_lines()));
        }

        let stated = stated_amount(new, &source.document.header().currency)?;
        let amount = stated.unwrap_or(unapplied);
        check_amount(&source, amount, unapplied)?;
        Self::by_rule(sides, rule, amount, &new.spread)
    }

    /// Spreads an amount over the lines of the source. Tells a caller who asks why between which documents it moves.
    fn by_rule(sides: &mut Sides<'_>, rule: Rule, amount: Amount, spread: &Spread) -> Result<Self> {
        let Sides {
            source,
            target,
            spreader,
        } = sides;
        let units = IncrementUnit::of(&source.document.header().currency);
        spreader.count_in(units);
        let (lines, open) = Capacity::of(source.document, spread, units).into_parts();
        let count = units.whole(amount);
        let shares = spreader.shares(rule, count, open)?;

        if let Some(given) = spreader.recorder.side(count, &lines) {
            spreader.recorder.record(SpreadTrace {
                source: source.index,
                target: *target,
                given,
                received: None,
            });
        }

        let mut amounts = Vec::with_capacity(lines.len());
        for (line, share) in lines.into_iter().zip(shares) {
            if share != 0 {
                amounts.push((line, units.amount(share)?));
            }
        }
        Ok(Self::new(rule, amount, amounts))
    }

    fn new(rule: Rule, amount: Amount, amounts: Vec<(LineIndex, Amount)>) -> Self {
        let mut items = Vec::with_capacity(amounts.len());
        for (source, amount) in amounts {
            items.push(PartItem {
                source,
                // A refund has one line.
                target: LineIndex(0),
                amount,
            });
        }

        // A rule can have the lines in another order than a settlement.
        sort_by(&mut items, |a, b| a.order().cmp(&b.order()));
        Self {
            rule,
            amount,
            items,
        }
    }
}

/// A refund that passed its guards.
struct RefundPlan {
    source: DocumentIndex,
    date: Date,
    /// The field of the command that the date is from.
    date_field: SiteField,
    shares: RefundShares,
}

impl RefundPlan {
    /// Creates the refund and settles it with its source.
    fn pay_out(
        &self,
        journal: &mut Journal<'_>,
        id: &str,
        number: Option<&str>,
        notes: Notes,
    ) -> Result<DocumentIndex> {
        let documents = journal.context().documents;
        let source = locate(documents, self.source)?.document.header();
        let currency = Arc::clone(&source.currency);
        let account_id = Arc::clone(&source.account_id);
        let draft = Header::draft(Kind::Refund, id, account_id, currency, self.date);
        let refund = Header {
            refers_to: Some(self.source),
            origin: Origin::Document,
            ..in_force(draft, number, notes)
        };

        let day = effective_day(documents, self.source, self.date);
        let refund = Document::whole(refund, self.shares.amount);
        let refund = refund.ok_or_else(|| Error::fault("a refund out of range"))?;

        let target = journal.create(refund, self.date_field)?;
        let refunded = Application {
            target,
            rule: self.shares.rule,
            amount: self.shares.amount,
            items: &self.shares.items,
        };
        let settlement = Settlement::new(day, self.source).with(refunded);
        journal.settle_dated(settlement, self.date_field)?;
        Ok(target)
    }
}

/// The day from which a refund counts: its date, or if that is later, the last day on which something of the source was
/// applied or taken back, or on which the source was posted again (`settlement.md#refund`). Other refunds do not
/// move it.
fn effective_day(documents: &Documents, source: DocumentIndex, date: Date) -> Date {
    let posted_again = documents.header(source).and_then(Header::posted_again_on);
    let date = posted_again.into_iter().fold(date, Date::max);
    // Most refunds are the last that happens to their source, and its history is not read for them.
    if documents.last_settled(source) <= Some(date) {
        return date;
    }

    let entries = documents.entries_of(source).map(|entry| &entry.settlement);
    let applied = entries.filter(|settlement| !is_refund(documents, settlement));
    applied
        .map(|settlement| settlement.at)
        .fold(date, Date::max)
}

/// Whether a settlement refunded something.
fn is_refund(documents: &Documents, settlement: &Settlement) -> bool {
    let target = settlement.application(0).map(|first| first.target);
    let target = target.and_then(|target| documents.header(target));
    target.is_some_and(|target| target.kind == Kind::Refund)
}
